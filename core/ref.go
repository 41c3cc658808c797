package core

// What keeps a program alive: the count of referenced servers, sockets and
// requests, as Node's event loop keeps it.

import (
	"sync"
	"sync/atomic"
)

// Invariant: a goroutine that brings count to zero then takes mu, and one that is
// about to wait looks at count with mu held, so that no waiter misses it.
var refs struct {
	count atomic.Int64

	mu      sync.Mutex    // guards what follows, and held of every Ref
	idle    chan struct{} // closed when count reaches zero; nil unless someone waits
	unheard error         // the first that nothing of the program has heard of since Wait has returned one
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
	switch {
	case r.held == held:
	case held:
		r.held = true
		refs.count.Add(1)
	default:
		r.held = false
		if refs.count.Add(-1) == 0 {
			wakeWaiters()
		}
	}
}

// hold makes a call that is about to happen count for Wait, until drop.
func hold() { refs.count.Add(1) }

// drop takes one hold back.
func drop() {
	if refs.count.Add(-1) == 0 {
		refs.mu.Lock()
		defer refs.mu.Unlock()
		wakeWaiters()
	}
}

// wakeWaiters makes waiting calls look at count again. The caller holds refs.mu.
func wakeWaiters() {
	if refs.idle != nil {
		close(refs.idle)
		refs.idle = nil
	}
}

// noteUnheard has Wait return err, if it is the first.
func noteUnheard(err error) {
	refs.mu.Lock()
	defer refs.mu.Unlock()
	if refs.unheard == nil {
		refs.unheard = err
	}
}

// Wait returns when nothing is referenced any more: no listening server, no connection
// of one, no request in progress, no listener that is about to be called because of a
// call, and no error that has reached neither a listener nor the hook of
// OnUncaughtError. Sockets that wait in an agent's pool are not referenced. It returns
// at once if there is nothing to wait for.
//
// It returns the first error that reached neither a listener nor a hook of the program
// and is in the log only. Each error is returned once.
func Wait() error {
	refs.mu.Lock()
	defer refs.mu.Unlock()
	for refs.count.Load() > 0 {
		if refs.idle == nil {
			refs.idle = make(chan struct{})
		}
		idle := refs.idle
		refs.mu.Unlock()
		<-idle
		refs.mu.Lock() // someone may have taken a reference meanwhile
	}
	err := refs.unheard
	refs.unheard = nil
	return err
}
