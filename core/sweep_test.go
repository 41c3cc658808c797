package core

import (
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"nodehttp/tests/leak"
)

// member counts how often it is looked at.
type member struct {
	looks atomic.Int32
	do    func(now Instant)
	pause time.Duration
}

func (m *member) Sweep(now Instant) time.Duration {
	m.looks.Add(1)
	if m.do != nil {
		m.do(now)
	}
	return m.pause
}

// pass lets time pass in a bubble, and what it wakes happen.
func pass(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}

func TestSweepLooksRegularly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := sweeper{newPulse: newTickerPulse}
		var a, b member
		s.join(&a)
		s.join(&a) // no second time
		pass(coarsest / 2)
		s.join(&b)
		pass(10 * coarsest)
		if a.looks.Load() != 10 || b.looks.Load() != 10 {
			t.Errorf("looked %d and %d times, want 10", a.looks.Load(), b.looks.Load())
		}
		s.leave(&a)
		pass(10 * coarsest)
		if a.looks.Load() != 10 || b.looks.Load() != 20 {
			t.Errorf("looked %d and %d times, want 10 and 20", a.looks.Load(), b.looks.Load())
		}
		s.leave(&b)
		s.leave(&b)
		pass(10 * coarsest)
		if b.looks.Load() != 20 {
			t.Error("looked at after the end")
		}
	}) // a goroutine that is left makes synctest panic
}

func TestSweepPauses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := sweeper{newPulse: newTickerPulse}
		m := member{pause: 5 * coarsest}
		s.look(&m) // it has not joined
		s.join(&m)
		pass(coarsest * 21 / 2)
		if looks := m.looks.Load(); looks != 2 { // at the first beat and at the sixth
			t.Errorf("looked %d times, want 2", looks)
		}
		s.join(&m)
		pass(coarsest)
		s.look(&m)
		pass(coarsest)
		if looks := m.looks.Load(); looks != 4 {
			t.Errorf("looked %d times, want 4", looks)
		}
		s.leave(&m)
		s.look(&m)
		pass(10 * coarsest)
		if looks := m.looks.Load(); looks != 4 {
			t.Errorf("looked at after the end")
		}
	})
}

// TestSweepLookDuringLook asks for a look while one is under way.
func TestSweepLookDuringLook(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := sweeper{newPulse: newTickerPulse}
		m := member{pause: 5 * coarsest}
		m.do = func(Instant) {
			if m.looks.Load() == 1 {
				s.look(&m)
			}
		}
		s.join(&m)
		pass(coarsest * 13 / 2)
		if looks := m.looks.Load(); looks != 2 { // at the first beat and at the second
			t.Errorf("looked %d times, want 2", looks)
		}
		s.leave(&m)
	})
}

func TestSweepHastens(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := sweeper{newPulse: newTickerPulse}
		s.hasten(time.Millisecond) // nobody is there
		var m member
		s.join(&m)
		pass(coarsest)
		for _, test := range []struct{ timeout, every time.Duration }{
			{time.Hour, coarsest},
			{400 * time.Millisecond, 50 * time.Millisecond},
			{800 * time.Millisecond, 50 * time.Millisecond}, // it does not become coarser
			{0, finest},
			{-1, finest},
		} {
			s.hasten(test.timeout)
			s.hasten(test.timeout)
			synctest.Wait()
			before := m.looks.Load()
			pass(20 * test.every)
			if looks := m.looks.Load() - before; looks != 20 {
				t.Errorf("hastened for %v: looked %d times in %v, want 20", test.timeout, looks, 20*test.every)
			}
			if lag := s.lag(); lag != test.every {
				t.Errorf("hastened for %v: the lag is %v, want %v", test.timeout, lag, test.every)
			}
		}
		s.leave(&m)
		s.join(&m)
		if lag := s.lag(); lag != coarsest {
			t.Errorf("a new sweep begins with %v", lag)
		}
		s.leave(&m)
	})
}

func TestSweepChangesDuringLook(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := sweeper{newPulse: newTickerPulse}
		var later member
		var m member
		m.do = func(Instant) {
			s.join(&later)
			s.hasten(finest * 8)
			s.leave(&m)
		}
		s.join(&m)
		pass(coarsest)
		pass(10 * finest)
		if m.looks.Load() != 1 || later.looks.Load() != 10 {
			t.Errorf("looked %d and %d times, want 1 and 10", m.looks.Load(), later.looks.Load())
		}
		s.leave(&later)
		last := new(member)
		last.do = func(Instant) { s.leave(last) }
		s.join(last)
		pass(10 * coarsest)
		if last.looks.Load() != 1 {
			t.Errorf("looked %d times, want 1", last.looks.Load())
		}
	})
}

func TestSweepSlowMember(t *testing.T) {
	for range 20 { // when it goes on, chance decides what it notices first
		sweepSlowMember(t)
	}
}

func sweepSlowMember(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := sweeper{newPulse: newTickerPulse}
		let := make(chan struct{})
		slow := &member{do: func(Instant) { <-let }}
		var other member
		s.join(slow)
		pass(coarsest)
		// It is being looked at: nobody who comes or goes waits for it.
		s.join(&other)
		s.hasten(8 * finest)
		s.leave(slow)
		s.leave(&other)
		s.join(&other) // a second sweep, beside the one that is held up
		pass(5 * coarsest)
		if other.looks.Load() != 5 {
			t.Errorf("looked %d times, want 5", other.looks.Load())
		}
		close(let)
		pass(5 * coarsest)
		if slow.looks.Load() != 1 || other.looks.Load() != 10 {
			t.Errorf("looked %d and %d times, want 1 and 10", slow.looks.Load(), other.looks.Load())
		}
		s.leave(&other)
	})
}

func TestSweepClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := sweeper{newPulse: newTickerPulse}
		var m member
		check := func(lag time.Duration) {
			t.Helper()
			late := time.Duration(Instant(time.Since(epoch)) - s.clock())
			if late < 0 || late > lag {
				t.Errorf("the clock is late by %v, allowed is %v", late, lag)
			}
		}
		check(0)
		pass(time.Hour)
		check(0)
		s.join(&m)
		check(0) // not the time of the last sweep
		for range 50 {
			pass(7 * time.Millisecond)
			check(coarsest)
		}
		s.leave(&m)
		pass(time.Hour)
		check(0)
		s.join(&m)
		check(0)
		s.leave(&m)
	})
}

// A sweep that comes late says so, since what was noted before it was noted with a
// clock that stood still.
func TestSweepThatIsLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := make(beats)
		s := sweeper{newPulse: func(time.Duration) pulse { return p }}
		var lags []time.Duration
		m := member{do: func(Instant) { lags = append(lags, s.lag()) }}
		s.join(&m)
		s.hasten(0)
		for _, d := range []time.Duration{finest, 300 * time.Millisecond, finest} {
			<-time.After(d)
			p <- struct{}{}
			synctest.Wait()
		}
		if want := []time.Duration{finest, 300 * time.Millisecond, finest}; !slices.Equal(lags, want) {
			t.Errorf("the lags are %v, want %v", lags, want)
		}
		s.leave(&m)
	})
}

// beats is a pulse that beats when the test says so.
type beats chan struct{}

func (b beats) wait() bool        { _, ok := <-b; return ok }
func (b beats) set(time.Duration) {}
func (b beats) stop()             { close(b) }

func TestDateAcrossSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const layout = "Mon, 02 Jan 2006 15:04:05 GMT"
		s := sweeper{newPulse: newTickerPulse}
		check := func(lag time.Duration) {
			t.Helper()
			now := time.Now().UTC()
			got := s.dateText()
			if got != now.Format(layout) && got != now.Add(-lag).Format(layout) {
				t.Errorf("at %v the date is %q", now, got)
			}
		}
		check(0)
		pass(999 * time.Millisecond)
		check(0)
		var m member
		s.join(&m)
		check(0)
		for range 300 {
			pass(11 * time.Millisecond)
			check(coarsest)
		}
		s.leave(&m)
		pass(25 * time.Hour)
		check(0)
	})
}

// Coming and going from everywhere leaves no goroutine, and who stays is looked at.
func TestSweepChurn(t *testing.T) {
	leak.Check(t)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 500 {
				var m member
				Join(&m)
				Hasten(time.Millisecond)
				Now()
				Date()
				Leave(&m)
			}
		})
	}
	all.Wait()
	looked := make(chan struct{}, 1)
	m := &member{do: func(Instant) {
		select {
		case looked <- struct{}{}:
		default:
		}
	}}
	Join(m)
	Hasten(time.Millisecond)
	<-looked
	Leave(m)
}

func TestClockAllocations(t *testing.T) {
	var m member
	Join(&m)
	defer Leave(&m)
	if n := testing.AllocsPerRun(100, func() { Now(); Date(); Lag(); Hasten(time.Hour) }); n != 0 {
		t.Errorf("Now, Date, Lag and Hasten allocate %v times", n)
	}
}

func BenchmarkNow(b *testing.B) {
	var m member
	Join(&m)
	defer Leave(&m)
	for b.Loop() {
		Now()
	}
}

func BenchmarkJoinLeave(b *testing.B) {
	var stays, m member
	Join(&stays)
	defer Leave(&stays)
	for b.Loop() {
		Join(&m)
		Leave(&m)
	}
}

func BenchmarkJoinLeaveAlone(b *testing.B) {
	var m member
	for b.Loop() {
		Join(&m)
		Leave(&m)
	}
}
