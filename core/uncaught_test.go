package core

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"runtime"
	"strings"
	"testing"
)

// catch collects what is reported as uncaught during the test. It is for
// reports that come one after the other.
func catch(t *testing.T) *[]error {
	t.Helper()
	caught := new([]error)
	OnUncaughtError(func(err error) { *caught = append(*caught, err) })
	t.Cleanup(func() { OnUncaughtError(nil) })
	return caught
}

func TestUncaughtIsLogged(t *testing.T) {
	var log bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, nil)))
	t.Cleanup(func() { slog.SetDefault(before) })

	Uncaught(errors.New("nobody listens"))
	if !strings.Contains(log.String(), "nobody listens") {
		t.Errorf("the error is not in the log: %s", &log)
	}
	log.Reset()
	var s Strand
	s.Run(func() { panic("in the listener") })
	if text := log.String(); !strings.Contains(text, "in the listener") || !strings.Contains(text, "TestUncaughtIsLogged") {
		t.Errorf("the panic or its stack is not in the log: %s", text)
	}
}

// A hook that fails itself keeps nothing from going on.
func TestUncaughtHookThatFails(t *testing.T) {
	var log bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, nil)))
	t.Cleanup(func() { slog.SetDefault(before); OnUncaughtError(nil) })
	for name, fail := range map[string]func(){
		"panics": func() { panic("in the hook") }, "ends the goroutine": runtime.Goexit,
	} {
		t.Run(name, func(t *testing.T) {
			OnUncaughtError(func(error) { fail() })
			var s Strand
			told, ran := 0, 0
			s.OnPanic = func(*PanicError) { told++ }
			done := make(chan struct{})
			go func() {
				defer close(done)
				s.Run(func() {
					s.Post(func() { ran++ })
					var e Event[func()]
					e.On(func() { panic("in the listener") })
					e.On(func() { ran++ })
					emit(&e)
				})
			}()
			<-done
			if told != 1 || ran != 2 {
				t.Errorf("OnPanic was called %d times, and %d of 2 ran", told, ran)
			}
			if !s.TryEnter() {
				t.Error("the strand is held for ever")
			}
		})
	}
	for _, want := range []string{"in the listener", "in the hook"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("no word of the panic %s", want)
		}
	}
}

func TestUncaughtHook(t *testing.T) {
	caught := catch(t)
	Uncaught(io.EOF)
	if len(*caught) != 1 || (*caught)[0] != io.EOF {
		t.Errorf("the hook heard of %v", *caught)
	}
}

// What is told of a callback that did not return holds for every kind of callback.
func TestPanicErrorText(t *testing.T) {
	caught := catch(t)
	for v, want := range map[any]string{"text": "panic in a callback: text", nil: "runtime.Goexit in a callback"} {
		var err error
		Panicked(v, func(p *PanicError) { err = p })
		if err.Error() != want || (*caught)[len(*caught)-1] != err {
			t.Errorf("got %q, want %q", err, want)
		}
	}
}

func TestPanicErrorUnwraps(t *testing.T) {
	if !errors.Is(NewPanicError(io.EOF), io.EOF) {
		t.Error("the error that was panicked with is not found")
	}
	if err := NewPanicError("text"); errors.Unwrap(err) != nil || !strings.Contains(err.Error(), "text") {
		t.Errorf("%v unwraps to %v", err, errors.Unwrap(err))
	}
}
