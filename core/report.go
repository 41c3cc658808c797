package core

// Reports: errors that no listener has received yet. They keep a program alive until a
// late listener or else the hook of uncaught errors has received them.

import (
	"sync/atomic"
	"time"
)

// Grace is how long an event waits for a late listener: an error, or a response.
const Grace = 500 * time.Millisecond

// Report is an error on its way to the hook; nil is one that has been delivered. Its
// methods may be called from any goroutine.
type Report struct {
	ref   Ref // so that Wait does not return before somebody has heard
	heard atomic.Bool
	timer *time.Timer
}

// NewReport delivers err to the hook after a grace, unless Heard is called before. The
// hook has received the panic of a callback already: then it returns nil.
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

// Heard says that the error has been delivered, or is about to be by something that
// counts for Wait.
func (r *Report) Heard() {
	if r != nil && r.heard.CompareAndSwap(false, true) {
		r.timer.Stop()
		r.ref.Drop()
	}
}
