package core

// Typed events: a list of listeners that can be walked while it changes.

import (
	"slices"
	"sync/atomic"
)

// Subscription is the handle of one registered listener.
type Subscription struct {
	state  atomic.Uint32 // isOnce, isGone and isLate
	serial uint32        // one more than that of the listener before it
}

const (
	isOnce uint32 = 1 << iota
	isGone
	isLate // of a latch that has happened; it is about to be told
)

// Remove takes the listener off its event. A delivery that is under way on
// another goroutine may still reach it; afterwards it is not called again.
// Removing twice is allowed, as is removing a nil handle.
func (l *Subscription) Remove() {
	if l != nil {
		l.state.Or(isGone)
	}
}

// Given returns the functions of a list that are not nil: who gives nil for an
// optional callback gives none.
func Given[F interface{ ~func() | ~func(error) }](list []F) []F {
	for _, f := range list {
		if f == nil {
			return slices.DeleteFunc(slices.Clone(list), func(f F) bool { return f == nil })
		}
	}
	return list
}

// RequireListener panics unless a listener is given. An optional callback that is nil is
// none; a listener is all that the call is about, and what calls it would panic on
// another goroutine, far from the mistake.
func RequireListener(given bool) {
	if !given {
		panic("http: nil listener")
	}
}

// take reports whether l is to be called now: of one that was added by Once, it does so
// once.
func (l *Subscription) take() bool {
	switch state := l.state.Load(); {
	case state&(isGone|isLate) != 0:
		return false
	case state&isOnce != 0:
		return l.state.Or(isGone)&isGone == 0
	}
	return true
}

// Event is a list of listeners of type F, in the order in which they were added. The
// zero value has none; it must not be copied. Its methods may be called from any
// goroutine; the caller of Emit makes sure that listeners do not overlap. An event
// without a listener is one pointer.
//
// Invariant: the list is changed without a lock by two steps alone. The last
// entry's next changes from nil to a new entry; and an entry that is gone, and
// not the last, is passed over by the pointer that led to it, but keeps its own
// next. So a walk that stands anywhere comes to the end of the list, where entries
// are added, and serial numbers grow along it.
type Event[F any] struct{ head atomic.Pointer[entry[F]] }

type entry[F any] struct {
	Subscription
	f    F
	next atomic.Pointer[entry[F]]
}

// On adds f; it is called at every emission that starts from now on.
func (e *Event[F]) On(f F) *Subscription { return e.add(f, 0) }

// Once adds f; it is removed when it is called for the first time.
func (e *Event[F]) Once(f F) *Subscription { return e.add(f, isOnce) }

func (e *Event[F]) add(f F, state uint32) *Subscription { return e.append(&entry[F]{f: f}, state) }

// append is add of an entry that has its listener.
func (e *Event[F]) append(n *entry[F], state uint32) *Subscription {
	if state != 0 { // to look costs less than to store
		n.state.Store(state)
	}
	for p := &e.head; ; {
		at := p.Load()
		if at == nil {
			if p.CompareAndSwap(nil, n) {
				return &n.Subscription
			}
			continue
		}
		if next := at.next.Load(); next != nil && at.state.Load()&isGone != 0 {
			p.CompareAndSwap(at, next)
			continue
		}
		n.serial = at.serial + 1
		p = &at.next
	}
}

// Emit calls call with each listener that was there when Emit began and has not been
// removed since, in order, and reports whether there was one. A listener may add and
// remove listeners, itself included, and may emit. If one panics or ends the
// goroutine, the listeners after it are called first; of several panics the first goes
// on, and the hook receives each.
//
// Node also calls those that are removed during the emission; here Remove means that
// the listener may drop what it needs.
func (e *Event[F]) Emit(call func(f F)) bool {
	n := e.head.Load()
	if n == nil {
		return false
	}
	return n.emit(n.last(), call)
}

// Emission is Emit for later: the function that it returns calls the listeners that
// are there now. It is nil if there are none.
func (e *Event[F]) Emission() func(call func(f F)) {
	n := e.head.Load()
	if n == nil || !e.Heard() {
		return nil
	}
	last := n.last()
	return func(call func(f F)) { n.emit(last, call) }
}

// last returns the end of the list that contains n.
func (n *entry[F]) last() *entry[F] {
	for {
		next := n.next.Load()
		if next == nil {
			return n
		}
		n = next
	}
}

// emit is Emit from n to last.
func (n *entry[F]) emit(last *entry[F], call func(f F)) (any bool) {
	for ; n != nil && int32(n.serial-last.serial) <= 0; n = n.next.Load() { // last may have been passed over
		switch {
		case n == last:
			if !n.take() {
				return any
			}
			call(n.f)
			return true
		case n.take():
			any = true
			n.callBefore(last, call)
		}
	}
	return any
}

// callBefore calls n, which has others after it. The hook receives a panic of each;
// the first goes on when all have been called.
func (n *entry[F]) callBefore(last *entry[F], call func(f F)) {
	returned := false
	defer func() {
		if returned {
			return
		}
		v := recover() // nil: n ends the goroutine
		defer func() {
			if v != nil {
				panic(v)
			}
		}()
		defer n.next.Load().emitRest(last, call) // whatever the hook does
		if v != nil {
			Panicked(v, func(err *PanicError) { v = toldPanic{err} })
		}
	}()
	call(n.f)
	returned = true
}

// emitRest is emit after a listener that has not returned: a panic goes no further.
func (n *entry[F]) emitRest(last *entry[F], call func(f F)) {
	defer func() {
		if v := recover(); v != nil {
			Panicked(v, func(*PanicError) {})
		}
	}()
	n.emit(last, call)
}

// Heard reports whether the event has a listener.
func (e *Event[F]) Heard() bool {
	for n := e.head.Load(); n != nil; n = n.next.Load() {
		if n.state.Load()&isGone == 0 {
			return true
		}
	}
	return false
}

// Call calls f: it is what Emit does with listeners that have no argument.
func Call(f func()) { f() }
