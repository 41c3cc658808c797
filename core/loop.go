package core

// What keeps a program alive: the count of referenced servers, sockets and
// requests, as Node's event loop keeps it.

import "sync"

var refs struct {
	mu    sync.Mutex // guards count and idle
	count int
	idle  chan struct{} // closed when count reaches zero; nil unless someone waits
}

// Ref is one reference that keeps Wait waiting while it is held. The zero
// value is not held. Hold and Drop may be called from any goroutine and any
// number of times: only a change counts.
type Ref struct{ held bool }

// Hold takes the reference.
func (r *Ref) Hold() { r.set(true) }

// Drop gives the reference up.
func (r *Ref) Drop() { r.set(false) }

func (r *Ref) set(held bool) {
	refs.mu.Lock()
	defer refs.mu.Unlock()
	if r.held == held {
		return
	}
	r.held = held
	if held {
		refs.count++
		return
	}
	release()
}

// hold makes what is about to be called count for Wait, until drop.
func hold() {
	refs.mu.Lock()
	defer refs.mu.Unlock()
	refs.count++
}

// drop takes one hold back.
func drop() {
	refs.mu.Lock()
	defer refs.mu.Unlock()
	release()
}

// release counts one reference less. The caller holds refs.mu.
func release() {
	refs.count--
	if refs.count == 0 && refs.idle != nil {
		close(refs.idle)
		refs.idle = nil
	}
}

// Wait returns when nothing is referenced any more: no listening server, no
// connection of one, no request under way, no listener that is about to be called for
// what a call has brought about, and no error that nobody has heard yet: neither a
// listener nor the hook of OnUncaughtError. Sockets that wait in an agent's pool are not
// referenced. It returns at once when there is nothing to wait for.
func Wait() {
	refs.mu.Lock()
	for refs.count > 0 {
		if refs.idle == nil {
			refs.idle = make(chan struct{})
		}
		idle := refs.idle
		refs.mu.Unlock()
		<-idle
		refs.mu.Lock() // someone may have taken a reference meanwhile
	}
	refs.mu.Unlock()
}
