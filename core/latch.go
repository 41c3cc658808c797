package core

// Latches: events whose having happened lasts, and that reach listeners who come too late.

import (
	"sync/atomic"
	"unsafe"
)

// Latch is an event after which something stays so: it has ended, it has failed, it
// listens. A listener that is added before is told when the owner emits the event; one
// that is added later is told on its own. None is missed, and none is told twice. The zero
// value has not happened; it must not be copied. Its methods may be called from any
// goroutine, but for Emit, which is called inside the strand. A latch that nobody listens
// to is one pointer.
//
// What has happened the owner knows: it calls the listeners with that, in Emit and, if a
// listener is late, in what it gives to TellLate.
//
// Invariant: the list of listeners ends with nil until the event has happened, and with
// the sealed end from then on. A new listener and Seal replace what stands there in one
// step, so that each listener stands either before the seal or is late. A late listener
// takes part in no Emit until it has been told on its own.
type Latch[F any] struct{ head atomic.Pointer[entry[F]] }

// sealedEnd stands behind the last entry of a list that is sealed, whatever the type of
// its listeners. Nothing of it is ever looked at but its address.
var sealedEnd entry[func()]

func end[F any]() *entry[F] { return (*entry[F])(unsafe.Pointer(&sealedEnd)) }

// On adds f. If the event has happened, late is true, and TellLate is due.
func (l *Latch[F]) On(f F) (sub *Subscription, late bool) { return l.add(f, 0) }

// Once is On; f is removed when it is told for the first time.
func (l *Latch[F]) Once(f F) (sub *Subscription, late bool) { return l.add(f, isOnce) }

// TellLate has call tell a late listener what has happened, on the strand, unless it
// is removed before. It is no method, since programs get a Subscription.
func TellLate(l *Subscription, s *Strand, call func()) {
	s.Post(func() {
		l.state.And(^isLate)
		if l.take() {
			call()
		}
	})
}

// OnLatched adds a listener that is told nothing but that an event has happened.
func OnLatched(l *Latch[func()], s *Strand, f func()) *Subscription {
	sub, late := l.On(f)
	if late {
		TellLate(sub, s, f)
	}
	return sub
}

// OnceLatched is OnLatched for one time alone.
func OnceLatched(l *Latch[func()], s *Strand, f func()) *Subscription {
	sub, late := l.Once(f)
	if late {
		TellLate(sub, s, f)
	}
	return sub
}

func (l *Latch[F]) add(f F, state uint32) (sub *Subscription, late bool) {
	n := &entry[F]{f: f}
	if state != 0 {
		n.state.Store(state)
	}
	sealed := end[F]()
	for p := &l.head; ; {
		at := p.Load()
		switch at {
		case nil:
			if p.CompareAndSwap(nil, n) {
				return &n.Subscription, false
			}
			continue
		case sealed:
			n.state.Store(state | isLate)
			n.next.Store(sealed)
			if !p.CompareAndSwap(sealed, n) {
				n.state.Store(state)
				n.next.Store(nil)
				continue
			}
			return &n.Subscription, true
		}
		if next := at.next.Load(); next != nil && next != sealed && at.state.Load()&isGone != 0 {
			p.CompareAndSwap(at, next)
			continue
		}
		n.serial = at.serial + 1
		p = &at.next
	}
}

// Seal says that the event has happened: listeners that are added from now on are late.
// An Emit is due for the others.
func (l *Latch[F]) Seal() { l.finish(nil, end[F]()) }

// Reopen says that what has happened is so no more. Listeners that stay are told the next
// time.
func (l *Latch[F]) Reopen() { l.finish(end[F](), nil) }

// finish replaces the end of the list.
func (l *Latch[F]) finish(old, with *entry[F]) {
	for p := &l.head; ; {
		switch at := p.Load(); at {
		case with:
			return
		case old:
			if p.CompareAndSwap(old, with) {
				return
			}
		default:
			p = &at.next
		}
	}
}

// Emit calls tell with each listener that is not late, as Event.Emit does, and reports
// whether there was one.
func (l *Latch[F]) Emit(tell func(f F)) bool {
	sealed := end[F]()
	n := l.head.Load()
	if n == nil || n == sealed {
		return false
	}
	last := n
	for next := last.next.Load(); next != nil && next != sealed; next = last.next.Load() {
		last = next
	}
	return n.emit(last, tell)
}

// Fire is Seal and Emit.
func (l *Latch[F]) Fire(tell func(f F)) bool {
	l.Seal()
	return l.Emit(tell)
}

// Heard reports whether there is a listener that is not late. Before Seal one may come
// meanwhile.
func (l *Latch[F]) Heard() bool {
	sealed := end[F]()
	for n := l.head.Load(); n != nil && n != sealed; n = n.next.Load() {
		if n.state.Load()&(isGone|isLate) == 0 {
			return true
		}
	}
	return false
}
