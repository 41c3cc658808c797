package core

import (
	"errors"
	"log/slog"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestWaitWithoutReference(t *testing.T) { Wait() }

func TestWaitForTheLastReference(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var a, b Ref
		a.Hold()
		a.Hold() // counts once
		b.Hold()
		waited := make(chan int, 3)
		for i := range cap(waited) {
			go func() { Wait(); waited <- i }()
		}
		a.Drop()
		a.Drop()
		synctest.Wait()
		if len(waited) != 0 {
			t.Error("Wait returned while a reference was held")
		}
		b.Drop()
		synctest.Wait()
		if len(waited) != cap(waited) {
			t.Errorf("%d of %d Waits returned", len(waited), cap(waited))
		}
		Wait()
	})
}

// Whoever wins, the count is right at the end, and Wait does not return while
// one reference stays.
func TestWaitDuringStorm(t *testing.T) {
	var kept Ref
	kept.Hold()
	returned := make(chan struct{})
	go func() { Wait(); close(returned) }()

	var shared [4]Ref
	var storm sync.WaitGroup
	for range 8 {
		storm.Go(func() {
			var own Ref
			for range 2000 {
				own.Hold()
				r := &shared[rand.IntN(len(shared))]
				if rand.IntN(2) == 0 {
					r.Hold()
				} else {
					r.Drop()
				}
				own.Drop()
			}
		})
	}
	storm.Wait()
	select {
	case <-returned:
		t.Error("Wait returned while a reference was held")
	default:
	}
	for i := range shared {
		shared[i].Drop()
	}
	kept.Drop()
	<-returned
	if n := refs.count.Load(); n != 0 {
		t.Errorf("the count is %d", n)
	}
}

// Many come and go at once: every Wait returns in the end.
func TestWaitsDuringStorm(t *testing.T) {
	var storm sync.WaitGroup
	for range 4 {
		storm.Go(func() {
			for range 2000 {
				var r Ref
				r.Hold()
				r.Drop()
				Wait()
			}
		})
	}
	storm.Wait()
}

func TestRefAllocations(t *testing.T) {
	var r Ref
	if n := testing.AllocsPerRun(100, func() { r.Hold(); r.Drop() }); n != 0 {
		t.Errorf("Hold and Drop allocate %v times", n)
	}
}

// Wait returns the first error that only the log has heard of, once; a hook hears for
// the program.
func TestWaitReturnsWhatNobodyHeard(t *testing.T) {
	before := slog.Default()
	slog.SetDefault(slog.New(slog.DiscardHandler))
	t.Cleanup(func() { slog.SetDefault(before) })
	Wait() // forgets what other tests have left

	first, second := errors.New("first"), errors.New("second")
	NewReport(first, 0)
	if err := Wait(); err != first {
		t.Errorf("got %v", err)
	}
	Uncaught(first)
	Uncaught(second)
	if err := Wait(); err != first {
		t.Errorf("got %v", err)
	}
	NewReport(second, time.Hour).Heard()
	if err := Wait(); err != nil {
		t.Errorf("of one that was heard: %v", err)
	}
	catch(t)
	Uncaught(first)
	if err := Wait(); err != nil {
		t.Errorf("of one that the hook heard: %v", err)
	}
}
