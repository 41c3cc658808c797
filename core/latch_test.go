package core

import (
	"slices"
	"sync"
	"sync/atomic"
	"testing"
)

// latchWith returns a latch, and what adds a listener that notes its name.
func latchWith(s *Strand) (l *Latch[func(int)], add func(name string) *Subscription, told *[]string) {
	l, told = new(Latch[func(int)]), new([]string)
	add = func(name string) *Subscription {
		f := func(v int) { *told = append(*told, name); check(v) }
		sub, late := l.On(f)
		if late {
			TellLate(sub, s, func() { f(7) })
		}
		return sub
	}
	return l, add, told
}

func check(v int) {
	if v != 7 {
		panic("a listener is told something else")
	}
}

// within runs f inside the strand and returns when everything that was posted has run.
func within(s *Strand, f func()) {
	s.Enter()
	s.Guard(f)
	s.Leave()
}

// A listener is told once, whether it comes before the event or after it.
func TestLatchTellsLateListeners(t *testing.T) {
	var s Strand
	l, add, told := latchWith(&s)
	tell := func(f func(int)) { f(7) }
	within(&s, func() {
		add("a")
		add("removed").Remove()
		add("b")
		if !l.Heard() || len(*told) != 0 {
			t.Error("told before it has happened")
		}
		l.Seal()
		add("late")
		add("late and removed").Remove()
		if !l.Emit(tell) {
			t.Error("nobody was told")
		}
		if want := []string{"a", "b"}; !slices.Equal(*told, want) {
			t.Errorf("told %v before the strand is left", *told)
		}
	})
	if want := []string{"a", "b", "late"}; !slices.Equal(*told, want) {
		t.Errorf("told %v, want %v", *told, want)
	}
	if _, late := l.On(func(int) {}); !late {
		t.Error("not late")
	}
}

// An event that happens unheard is heard by those who come late.
func TestLatchThatNobodyHears(t *testing.T) {
	var s Strand
	l, add, told := latchWith(&s)
	within(&s, func() {
		if l.Heard() || l.Fire(func(func(int)) { t.Error("somebody is told") }) || l.Heard() {
			t.Error("somebody hears")
		}
		add("a")
		add("b")
	})
	if want := []string{"a", "b"}; !slices.Equal(*told, want) {
		t.Errorf("told %v, want %v", *told, want)
	}
}

// What is emitted again reaches those who stay, and those who were late once they have
// been told.
func TestLatchEmittedAgain(t *testing.T) {
	var s Strand
	var l Latch[func()]
	var told []string
	within(&s, func() {
		OnLatched(&l, &s, func() { told = append(told, "on") })
		OnceLatched(&l, &s, func() { told = append(told, "once") })
		l.Fire(Call)
		OnLatched(&l, &s, func() { told = append(told, "late") })
		OnceLatched(&l, &s, func() { told = append(told, "late once") })
		l.Fire(Call)
	})
	within(&s, func() {
		if !l.Heard() {
			t.Error("nobody hears any more")
		}
		l.Fire(Call)
	})
	if want := []string{"on", "once", "on", "late", "late once", "on", "late"}; !slices.Equal(told, want) {
		t.Errorf("told %v, want %v", told, want)
	}
}

// After Reopen a listener waits for the next time.
func TestLatchReopened(t *testing.T) {
	var s Strand
	var l Latch[func()]
	told := 0
	note := func() { told++ }
	l.Reopen()
	within(&s, func() {
		l.Seal()
		OnLatched(&l, &s, note)
		l.Reopen()
	})
	if told != 1 {
		t.Errorf("late: told %d times", told)
	}
	if _, late := l.On(note); late {
		t.Error("late though it is open")
	}
	within(&s, func() { l.Fire(Call) })
	if told != 3 {
		t.Errorf("told %d times in all", told)
	}
}

// However listeners, removals and the event race, each listener that stays is told once
// and one that was removed before anything is not told.
func TestLatchRaces(t *testing.T) {
	for range 200 {
		var s Strand
		var l Latch[func()]
		const adders, each = 4, 20
		var told [adders * each]atomic.Int32
		var all, added sync.WaitGroup
		all.Add(adders * each)
		start := make(chan struct{})
		for i := range adders {
			added.Go(func() {
				<-start
				for k := range each {
					OnLatched(&l, &s, func() {})
					OnLatched(&l, &s, func() {}).Remove()
					OnLatched(&l, &s, func() { told[i*each+k].Add(1); all.Done() })
				}
			})
		}
		added.Go(func() {
			<-start
			s.Post(func() { l.Fire(Call) })
		})
		close(start)
		added.Wait()
		all.Wait()
		for i := range told {
			if n := told[i].Load(); n != 1 {
				t.Fatalf("listener %d was told %d times", i, n)
			}
		}
	}
}

// An event that nobody hears costs no memory, and one that somebody does costs its
// listener.
func TestLatchAllocates(t *testing.T) {
	var s Strand
	f := func() {}
	latches := make([]Latch[func()], 1000)
	next := func() *Latch[func()] {
		l := &latches[0]
		latches = latches[1:]
		return l
	}
	if n := testing.AllocsPerRun(100, func() { next().Fire(Call) }); n != 0 {
		t.Errorf("%v allocations of a latch that nobody hears", n)
	}
	if n := testing.AllocsPerRun(100, func() {
		l := next()
		OnceLatched(l, &s, f)
		l.Fire(Call)
	}); n > 1 {
		t.Errorf("%v allocations of a latch with a listener", n)
	}
}
