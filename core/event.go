package core

// Typed events: a list of listeners that can be walked while it changes.

import (
	"sync"
	"sync/atomic"
)

// Listener is the handle of one registered listener.
type Listener struct {
	of interface{ remove(*Listener) }
}

// Remove takes the listener off its event. A delivery that is under way on
// another goroutine may still reach it; afterwards it is not called again.
// Removing twice is allowed, as is removing a nil handle.
func (l *Listener) Remove() {
	if l != nil && l.of != nil {
		l.of.remove(l)
	}
}

// Event is a list of listeners of type F, in the order in which they were
// added. The zero value has none; it must not be copied. Its methods may be called from any
// goroutine; who calls the listeners sees to it that they do not overlap.
type Event[F any] struct {
	// mu guards the linking of entries; walking follows the atomic pointers
	// without it. An entry that is taken out keeps its next, so that a walk
	// that stands on it goes on.
	mu   sync.Mutex
	head atomic.Pointer[entry[F]]
	last atomic.Uint64 // serial number of the newest entry; it may not be linked yet
}

type entry[F any] struct {
	Listener
	serial uint64 // a walk ends at the newest serial at its start
	once   bool
	gone   atomic.Bool
	f      F
	next   atomic.Pointer[entry[F]]
}

// On adds f; it is called at every emission that starts from now on.
func (e *Event[F]) On(f F) *Listener { return e.add(f, false) }

// Once adds f; it is removed when it is called for the first time.
func (e *Event[F]) Once(f F) *Listener { return e.add(f, true) }

func (e *Event[F]) add(f F, once bool) *Listener {
	n := &entry[F]{f: f, once: once}
	n.of = e
	e.mu.Lock()
	n.serial = e.last.Add(1)
	p := &e.head
	for at := p.Load(); at != nil; at = p.Load() {
		if at.gone.Load() {
			p.Store(at.next.Load()) // a once that has been called
		} else {
			p = &at.next
		}
	}
	p.Store(n)
	e.mu.Unlock()
	return &n.Listener
}

func (e *Event[F]) remove(l *Listener) {
	e.mu.Lock()
	for p := &e.head; p.Load() != nil; p = &p.Load().next {
		if n := p.Load(); &n.Listener == l {
			n.gone.Store(true)
			p.Store(n.next.Load())
			break
		}
	}
	e.mu.Unlock()
}

// Emit calls call with each listener that was there when Emit began and has
// not been removed since, in order, and reports whether there was one. A
// listener may add and remove listeners, itself included, and may emit.
//
// Node calls even those that are removed during the emission; here Remove
// means that the listener may forget what it needs.
func (e *Event[F]) Emit(call func(f F)) bool {
	if e.head.Load() == nil {
		return false
	}
	last := e.last.Load() // before head: what has this serial or a smaller one is linked or gone
	n := e.head.Load()
	any := false
	for ; n != nil && n.serial <= last; n = n.next.Load() {
		if n.once {
			if n.gone.Swap(true) { // the next add unlinks it
				continue
			}
		} else if n.gone.Load() {
			continue
		}
		any = true
		call(n.f)
	}
	return any
}

// Heard reports whether the event has a listener.
func (e *Event[F]) Heard() bool {
	for n := e.head.Load(); n != nil; n = n.next.Load() {
		if !n.gone.Load() {
			return true
		}
	}
	return false
}
