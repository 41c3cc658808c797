package core

// Reports: errors that nobody has listened for yet. They keep a program alive until
// somebody has heard of them, a late listener or else the hook of uncaught errors.

import (
	"sync/atomic"
	"time"
)

// Grace is how long what has happened waits for somebody who asks for it: an error for
// a listener, a response for who takes it.
const Grace = 500 * time.Millisecond

// Report is an error on its way to the hook. Nil is one that has been heard. Its
// methods may be called from any goroutine.
type Report struct {
	ref   Ref // so that Wait does not return before somebody has heard
	heard atomic.Bool
	timer *time.Timer
}

// NewReport has the hook told of err after a grace, unless Heard is called before.
// That a callback has panicked the hook knows already: then it returns nil.
func NewReport(err error, grace time.Duration) *Report {
	if _, panicked := err.(*PanicError); panicked {
		return nil
	}
	r := new(Report)
	r.ref.Hold()
	r.timer = time.AfterFunc(grace, func() {
		if r.heard.CompareAndSwap(false, true) {
			defer r.ref.Drop() // even if the hook panics
			Uncaught(err)
		}
	})
	return r
}

// Heard says that somebody has been told of the error, or is about to be by who
// counts for Wait.
func (r *Report) Heard() {
	if r != nil && r.heard.CompareAndSwap(false, true) {
		r.timer.Stop()
		r.ref.Drop()
	}
}
