package core

// Uncaught errors: an 'error' event without a listener, and a panic in a callback.
// Node ends the process; here one hook receives both.

import (
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync/atomic"
)

var uncaught atomic.Pointer[func(error)]

// OnUncaughtError sets the hook that is called with every 'error' event that
// has no listener and with every panic of a callback (as a *PanicError). nil
// restores the default, which logs with log/slog and has Wait return the first. The hook may be called from
// any goroutine, several at a time.
func OnUncaughtError(f func(err error)) {
	if f == nil {
		uncaught.Store(nil)
		return
	}
	uncaught.Store(&f)
}

// Uncaught reports err to the hook, and survives its panic.
func Uncaught(err error) {
	f := uncaught.Load()
	if f == nil {
		logUncaught(err)
		return
	}
	defer func() {
		if v := recover(); v != nil {
			logUncaught(err)
			logUncaught(NewPanicError(v))
		}
	}()
	(*f)(err)
}

// logUncaught is for what nothing of the program has heard of.
func logUncaught(err error) {
	noteUnheard(err)
	if p, ok := err.(*PanicError); ok {
		slog.Error("nodehttp: a callback did not return", "error", p, "stack", string(p.Stack))
		return
	}
	slog.Error("nodehttp: unhandled 'error' event", "error", err)
}

// Panicked reports a panic to the hook, once, and then calls then with it, even if the
// hook ends the goroutine. v is the value that recover returned, nil for a call of
// runtime.Goexit. It must be called on the goroutine that panicked, while its stack
// still stands.
func Panicked(v any, then func(*PanicError)) {
	if told, ok := v.(toldPanic); ok {
		then(told.err)
		return
	}
	if v == nil {
		v = errGoexit
	}
	err := NewPanicError(v)
	defer then(err)
	Uncaught(err)
}

// toldPanic is the value of a panic that goes on after the hook has received it.
type toldPanic struct{ err *PanicError }

var errGoexit = errors.New("runtime.Goexit was called")

// PanicError is the panic of a callback: a listener, or a function among the options.
type PanicError struct {
	Value any    // what was given to panic
	Stack []byte // the stack of the goroutine that panicked
}

// Error describes the panic without its stack.
func (e *PanicError) Error() string {
	if e.Value == errGoexit {
		return "runtime.Goexit in a callback"
	}
	return fmt.Sprintf("panic in a callback: %v", e.Value)
}

// Unwrap returns the value of the panic if it is an error.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}

// NewPanicError wraps a recovered value. It must be called on the goroutine
// that panicked, while its stack still stands.
func NewPanicError(value any) *PanicError {
	return &PanicError{Value: value, Stack: debug.Stack()}
}
