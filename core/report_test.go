package core

import (
	"io"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// Wait returns when the hook has been told of an error that nobody has heard, and not before.
func TestWaitForTheHook(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var told atomic.Int32 // the hook may be called several times at once
		OnUncaughtError(func(err error) {
			time.Sleep(time.Second) // a slow hook
			told.Add(1)
		})
		defer OnUncaughtError(nil)
		before := time.Now()
		for range 3 {
			NewReport(io.EOF, time.Second)
		}
		Wait()
		if spent := time.Since(before); told.Load() != 3 || spent != 2*time.Second {
			t.Errorf("Wait returned after %v and %d calls of the hook", spent, told.Load())
		}
	})
}

// Who hears of an error within the grace lets Wait return at once, and the hook is not told.
func TestHeardWithinTheGrace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		caught := catch(t)
		before := time.Now()
		r := NewReport(io.EOF, time.Second)
		time.AfterFunc(time.Second/2, func() { r.Heard(); r.Heard() })
		Wait()
		if spent := time.Since(before); spent != time.Second/2 {
			t.Errorf("Wait returned after %v", spent)
		}
		time.Sleep(time.Second)
		if len(*caught) != 0 {
			t.Errorf("the hook was told of %v", *caught)
		}
	})
}

// The hook has heard of a panic when it happened.
func TestNoReportOfAPanic(t *testing.T) {
	NewReport(NewPanicError("told already"), time.Hour).Heard()
	Wait()
}
