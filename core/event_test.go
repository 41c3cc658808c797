package core

import (
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"nodehttp/tests/leak"
)

func emit(e *Event[func()]) bool { return e.Emit(func(f func()) { f() }) }

// While a, b and c are called in turn, b does something to the list.
func TestEventChangesDuringEmit(t *testing.T) {
	type list struct {
		*Event[func()]
		a, b, c *Subscription
		add     func(name string) *Subscription
		once    func(name string) *Subscription
	}
	for _, test := range []struct {
		name   string
		during func(l *list)
		first  string
		second string
	}{
		{"nothing", func(*list) {}, "abc", "abc"},
		{"remove an earlier one", func(l *list) { l.a.Remove() }, "abc", "bc"},
		{"remove itself", func(l *list) { l.b.Remove() }, "abc", "ac"},
		{"remove the next", func(l *list) { l.c.Remove() }, "ab", "ab"},
		{"remove itself and the next", func(l *list) { l.b.Remove(); l.c.Remove() }, "ab", "a"},
		{"remove the next and itself", func(l *list) { l.c.Remove(); l.b.Remove() }, "ab", "a"},
		{"remove all", func(l *list) { l.a.Remove(); l.b.Remove(); l.c.Remove() }, "ab", ""},
		{"remove twice", func(l *list) { l.c.Remove(); l.c.Remove() }, "ab", "ab"},
		{"add", func(l *list) { l.add("d") }, "abc", "abcd"},
		{"add one that is called once", func(l *list) { l.once("d") }, "abc", "abcd"},
		{"remove the next and add", func(l *list) { l.c.Remove(); l.add("d") }, "ab", "abd"},
		{"remove the rest and add", func(l *list) { l.b.Remove(); l.c.Remove(); l.add("d") }, "ab", "ad"},
		{"add and remove the next", func(l *list) { l.add("d"); l.c.Remove() }, "ab", "abd"},
		{"add and remove that", func(l *list) { l.add("d").Remove() }, "abc", "abc"},
		{"remove nothing", func(l *list) { (*Subscription)(nil).Remove() }, "abc", "abc"},
		{"emit", func(l *list) { l.Emit(func(f func()) { f() }) }, "ababcc", "abc"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var e Event[func()]
			var got strings.Builder
			l := &list{Event: &e}
			l.add = func(name string) *Subscription { return e.On(func() { got.WriteString(name) }) }
			l.once = func(name string) *Subscription { return e.Once(func() { got.WriteString(name) }) }
			during := test.during
			l.a = l.add("a")
			l.b = e.On(func() {
				got.WriteString("b")
				f := during
				during = func(*list) {}
				f(l)
			})
			l.c = l.add("c")
			if !emit(&e) {
				t.Error("Emit found nobody")
			}
			if got.String() != test.first {
				t.Errorf("first time %q, want %q", got.String(), test.first)
			}
			got.Reset()
			if heard := emit(&e); heard != (test.second != "") {
				t.Errorf("the second Emit says %v", heard)
			}
			if got.String() != test.second {
				t.Errorf("second time %q, want %q", got.String(), test.second)
			}
		})
	}
}

func TestEventOnce(t *testing.T) {
	var e Event[func()]
	calls := 0
	e.Once(func() {
		calls++
		if e.Heard() {
			t.Error("it is still listed while it is called")
		}
		emit(&e)
	})
	if !e.Heard() {
		t.Error("nobody is listed")
	}
	if !emit(&e) || emit(&e) || calls != 1 {
		t.Errorf("called %d times", calls)
	}
	l := e.Once(func() { t.Error("called after Remove") })
	l.Remove()
	if e.Heard() || emit(&e) {
		t.Error("a removed listener is listed")
	}
}

// A listener that does not return keeps the event from none of those behind it, and the
// hook hears of each panic.
func TestEventBehindAListenerThatDoesNotReturn(t *testing.T) {
	for _, test := range []struct {
		listeners string // what each does: p panics, g ends the goroutine, - returns
		hook      string // what the hook hears of
		strand    string // what the strand hears of, as its own panic
		ends      bool   // the goroutine is ended
	}{
		{"-", "", "", false},
		{"p", "p0", "p0", false},
		{"g", "g", "g", true},
		{"-p-", "p1", "p1", false},
		{"ppp", "p0 p1 p2", "p0", false},
		{"p-p-", "p0 p2", "p0", false},
		{"-pp", "p1 p2", "p1", false},
		{"gpp", "p1 p2 g", "g", true},
		{"pgp", "p0 p2", "p0", true},
		{"ppg", "p0 p1", "p0", true},
		{"-g-g-", "g", "g", true},
	} {
		t.Run(test.listeners, func(t *testing.T) {
			var heard, strand []string
			name := func(err *PanicError) string {
				if err.Value == errGoexit {
					return "g"
				}
				return err.Value.(string)
			}
			OnUncaughtError(func(err error) { heard = append(heard, name(err.(*PanicError))) })
			defer OnUncaughtError(nil)
			var e Event[func()]
			var called []int
			for i, what := range test.listeners {
				e.On(func() {
					called = append(called, i)
					switch what {
					case 'p':
						panic("p" + strconv.Itoa(i))
					case 'g':
						runtime.Goexit()
					}
				})
			}
			var s Strand
			s.OnPanic = func(err *PanicError) { strand = append(strand, name(err)) }
			returned := false
			done := make(chan struct{})
			go func() {
				defer close(done)
				s.Run(func() { emit(&e) })
				returned = true
			}()
			<-done
			if len(called) != len(test.listeners) || !slices.IsSorted(called) {
				t.Errorf("called %v", called)
			}
			if got := strings.Join(heard, " "); got != test.hook {
				t.Errorf("the hook has heard of %q, want %q", got, test.hook)
			}
			if got := strings.Join(strand, " "); got != test.strand {
				t.Errorf("the strand has heard of %q, want %q", got, test.strand)
			}
			if returned == test.ends {
				t.Errorf("the goroutine has returned: %t", returned)
			}
			if !s.TryEnter() {
				t.Error("the strand is held for ever")
			}
		})
	}
}

func TestEventArguments(t *testing.T) {
	var e Event[func(int) int]
	e.On(func(i int) int { return i + 1 })
	e.On(func(i int) int { return i + 2 })
	var got []int
	e.Emit(func(f func(int) int) { got = append(got, f(10)) })
	if !slices.Equal(got, []int{11, 12}) {
		t.Errorf("got %v", got)
	}
}

// Emitted by many at a time, with others coming and going around them, the
// listeners that stay are each called by every Emit, and those for once, once.
func TestEventStress(t *testing.T) {
	leak.Check(t)
	const emitters, rounds = 4, 3000
	var e Event[func()]
	var first, middle, last, once, added atomic.Int64
	e.On(func() { first.Add(1) })
	gone := e.On(func() {})
	e.On(func() { middle.Add(1) })
	gone.Remove()
	stop := make(chan struct{})
	var churn, emitting sync.WaitGroup
	for range 2 {
		churn.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				a, b := e.On(func() {}), e.On(func() {})
				e.Once(func() { once.Add(1) })
				added.Add(1)
				a.Remove()
				b.Remove()
			}
		})
	}
	e.On(func() { last.Add(1) })
	for range emitters {
		emitting.Go(func() {
			for range rounds {
				emit(&e)
			}
		})
	}
	emitting.Wait()
	close(stop)
	churn.Wait()
	emit(&e)
	const want = emitters*rounds + 1
	if first.Load() != want || middle.Load() != want || last.Load() != want {
		t.Errorf("called %d, %d and %d times, want %d", first.Load(), middle.Load(), last.Load(), want)
	}
	if once.Load() != added.Load() {
		t.Errorf("%d listeners for once were called %d times", added.Load(), once.Load())
	}
}

// One latch, attached to and fired at the same time: nobody is missed, nobody
// is called twice.
func TestEventLatchRace(t *testing.T) {
	leak.Check(t)
	for range 500 {
		var mu sync.Mutex
		var e Event[func()]
		happened := false
		var calls atomic.Int32
		var all sync.WaitGroup
		for range 3 {
			all.Go(func() {
				f := func() { calls.Add(1) }
				mu.Lock()
				if happened {
					mu.Unlock()
					f()
					return
				}
				e.Once(f)
				mu.Unlock()
			})
		}
		all.Go(func() {
			mu.Lock()
			happened = true
			mu.Unlock()
			emit(&e)
		})
		all.Wait()
		if calls.Load() != 3 {
			t.Fatalf("3 listeners were called %d times", calls.Load())
		}
	}
}

func TestEventAllocations(t *testing.T) {
	var e Event[func([]byte)]
	chunk := []byte("chunk")
	run := func() { e.Emit(func(f func([]byte)) { f(chunk) }) }
	for _, listeners := range []int{0, 1, 3} {
		e = Event[func([]byte)]{}
		for range listeners {
			e.On(func([]byte) {})
		}
		if n := testing.AllocsPerRun(100, run); n != 0 {
			t.Errorf("Emit to %d listeners allocates %v times", listeners, n)
		}
	}
	f := func([]byte) {}
	if n := testing.AllocsPerRun(100, func() { e.On(f).Remove() }); n != 1 {
		t.Errorf("On and Remove allocate %v times, want 1", n)
	}
}

func BenchmarkEmit(b *testing.B) {
	for _, listeners := range []int{0, 1, 3} {
		b.Run(string(rune('0'+listeners)), func(b *testing.B) {
			var e Event[func([]byte)]
			for range listeners {
				e.On(func([]byte) {})
			}
			chunk := []byte("chunk")
			for b.Loop() {
				e.Emit(func(f func([]byte)) { f(chunk) })
			}
		})
	}
}
