package core

import (
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"nodehttp/tests/leak"
)

// settle waits until nothing runs on a strand that does not forward.
func settle(s *Strand) {
	s.Enter()
	s.Leave()
}

// Nothing that is posted runs on the goroutine of who posts it, nor before that goes on.
func TestStrandDoesNotRunWithinTheCall(t *testing.T) {
	leak.Check(t)
	var s, to Strand
	var held sync.Mutex // by the caller, and wanted by all that is posted
	ran := 0            // guarded by held
	note := func() {
		held.Lock()
		defer held.Unlock()
		ran++
	}
	held.Lock()
	s.Post(note)
	s.PostLast(note)
	s.PostTask(function(note))
	s.PostQuietly(loud{note})
	s.Do(func() {}) // queued
	held.Unlock()
	settle(&s)
	s.Enter()
	s.Post(note)
	held.Lock()
	s.Yield()
	held.Unlock()
	settle(&s)
	s.Do(func() {
		s.Post(note)
		held.Lock()
	})
	held.Unlock()
	settle(&s)
	s.Enter()
	s.Post(note)
	held.Lock()
	s.Forward(&to)
	s.Post(note)
	held.Unlock()
	settle(&to)
	if ran != 8 {
		t.Errorf("ran %d times", ran)
	}
}

// loud is a task that calls a listener.
type loud struct{ f func() }

func (l loud) Run()             { l.f() }
func (l loud) RunQuietly() bool { return false }

// What calls no listener runs within the call if the strand is free, and with nobody
// else inside.
func TestStrandDo(t *testing.T) {
	var s Strand
	ran := 0
	inside := func() {
		if ran++; s.TryEnter() {
			t.Error("the strand is free meanwhile")
		}
	}
	s.Do(inside)
	if ran != 1 || !s.TryEnter() {
		t.Fatal("it does not run at once, or holds the strand")
	}
	s.Do(inside)
	s.PostQuietly(loud{inside})
	if ran != 1 {
		t.Error("it runs while another is inside")
	}
	s.Leave()
	if ran != 3 {
		t.Errorf("ran %d times", ran)
	}
}

// A goroutine of the library's own runs at once what it brings, and what has been posted
// meanwhile.
func TestStrandRun(t *testing.T) {
	var s Strand
	var got []string
	note := func(what string) func() { return func() { got = append(got, what) } }
	s.Run(func() {
		s.Post(note("second"))
		s.Run(note("third"))
		got = append(got, "first")
	})
	if want := []string{"first", "second", "third"}; !slices.Equal(got, want) {
		t.Errorf("order %v, want %v", got, want)
	}
}

// Wait does not return before what was posted has run.
func TestWaitForWhatIsPosted(t *testing.T) {
	for range 100 {
		var s Strand
		var ran atomic.Int32
		s.Post(func() {
			runtime.Gosched()
			s.Post(func() { ran.Add(1) })
			ran.Add(1)
		})
		if Wait(); ran.Load() != 2 {
			t.Fatalf("%d have run", ran.Load())
		}
	}
}

// Wait does not return before what stands in line has run, whoever is inside and
// wherever it is sent.
func TestWaitForWhatStandsInLine(t *testing.T) {
	for _, test := range []struct {
		name  string
		leave func(s *Strand)
	}{
		{"Leave", func(s *Strand) { s.Leave() }},
		{"Yield", func(s *Strand) { s.Yield() }},
		{"Forward", func(s *Strand) { s.Forward(new(Strand)) }},
		{"Goexit", func(s *Strand) { go s.Guard(runtime.Goexit) }},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				catch(t)
				var s Strand
				var ran atomic.Int32
				s.TryEnter()
				for range 3 {
					s.Post(func() { ran.Add(1) })
					s.PostTask(loud{func() { ran.Add(1) }})
					s.PostLast(func() { ran.Add(1) })
					s.Do(func() { ran.Add(1) })
				}
				waited := make(chan int32)
				go func() { Wait(); waited <- ran.Load() }()
				synctest.Wait()
				select {
				case <-waited:
					t.Fatal("Wait has not waited")
				default:
				}
				test.leave(&s)
				if n := <-waited; n != 12 {
					t.Errorf("%d have run", n)
				}
				if n := refs.count.Load(); n != 0 {
					t.Errorf("the count is %d", n)
				}
			})
		})
	}
}

func TestStrandKeepsOrder(t *testing.T) {
	var s Strand
	var got []string
	note := func(what string) func() { return func() { got = append(got, what) } }
	s.Post(func() {
		s.Post(note("second"))
		s.Post(func() {
			got = append(got, "third")
			s.Post(note("fifth"))
		})
		s.Post(note("fourth"))
		got = append(got, "first")
	})
	settle(&s)
	if want := []string{"first", "second", "third", "fourth", "fifth"}; !slices.Equal(got, want) {
		t.Errorf("order %v, want %v", got, want)
	}
}

// Functions go before goroutines that wait, and these in their order.
func TestStrandEnterWaitsItsTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var s Strand
		var got []string
		s.Enter()
		s.Post(func() { got = append(got, "posted before") })
		entered := make(chan struct{})
		go func() {
			s.Enter()
			got = append(got, "entered")
			close(entered)
			s.Leave()
		}()
		synctest.Wait()
		s.Post(func() { got = append(got, "posted after") })
		if len(got) != 0 || s.TryEnter() {
			t.Errorf("%v ran while another was inside", got)
		}
		s.Leave()
		<-entered
		synctest.Wait()
		if !s.TryEnter() {
			t.Error("TryEnter found a free strand taken")
		}
		s.Leave()
		if want := []string{"posted before", "posted after", "entered"}; !slices.Equal(got, want) {
			t.Errorf("order %v, want %v", got, want)
		}
	})
}

// Crowding tells of the step from taken to crowded, and of one that was made before.
func TestStrandCrowding(t *testing.T) {
	is := func(crowding <-chan struct{}) bool {
		select {
		case <-crowding:
			return true
		default:
			return false
		}
	}
	expect := func(s *Strand, crowding <-chan struct{}, want bool) {
		t.Helper()
		if is(crowding) != want || s.Crowded() != want {
			t.Errorf("Crowding tells %t, Crowded %t, want %t", is(crowding), s.Crowded(), want)
		}
	}
	for name, crowd := range map[string]func(s *Strand){
		"Post":  func(s *Strand) { s.Post(func() {}) },
		"Do":    func(s *Strand) { s.Do(func() {}) },
		"Enter": func(s *Strand) { go func() { s.Enter(); s.Leave() }(); synctest.Wait() },
		"Forward": func(s *Strand) {
			var from Strand
			from.Enter()
			from.Post(func() {})
			from.Forward(s)
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var s, from Strand
				from.Enter()
				through := from.Crowding()
				from.Forward(&s)
				if !is(through) {
					t.Error("Crowding of a strand does not end when that forwards")
				}
				through = from.Crowding()
				before := s.Crowding()
				expect(&s, before, false)
				s.Enter()
				expect(&s, before, false)
				crowd(&s)
				expect(&s, before, true)
				expect(&s, s.Crowding(), true)
				expect(&from, through, true)
				s.Leave()
				synctest.Wait()
				expect(&s, s.Crowding(), false)
				expect(&from, from.Crowding(), false)
			})
		})
	}
}

// inside fails the test if two are inside at a time.
type inside struct{ count atomic.Int32 }

func (i *inside) visit(t *testing.T) {
	if i.count.Add(1) != 1 {
		t.Error("two functions of one strand overlap")
	}
	runtime.Gosched()
	i.count.Add(-1)
}

func TestStrandStress(t *testing.T) {
	leak.Check(t)
	const posters, each = 8, 2000
	var s Strand
	var in inside
	var last [posters]int // guarded by s
	var done sync.WaitGroup
	done.Add(posters * each)
	for p := range posters {
		go func() {
			for i := 1; i <= each; i++ {
				step := func() {
					in.visit(t)
					if last[p] != i-1 {
						t.Errorf("poster %d: %d came after %d", p, i, last[p])
					}
					last[p] = i
					done.Done()
				}
				switch i % 5 {
				case 0:
					s.Enter()
					step()
					s.Leave()
				case 1:
					s.Post(step)
				case 2:
					s.Post(func() { s.Post(func() {}); step() })
				case 3:
					s.Do(step)
				case 4:
					s.Run(step)
				}
			}
		}()
	}
	done.Wait()
	s.Enter() // free in the end
	s.Leave()
}

func TestStrandSurvivesPanic(t *testing.T) {
	caught := catch(t)
	failure := errors.New("broken listener")
	var s Strand
	var heard []*PanicError
	s.OnPanic = func(e *PanicError) { heard = append(heard, e) }
	ran := false
	s.Post(func() {
		s.Post(func() { ran = true })
		panic(failure)
	})
	settle(&s)
	if !ran {
		t.Error("what was queued did not run after the panic")
	}
	s.Post(func() { panic(nil) })
	settle(&s)
	if len(heard) != 2 || len(*caught) != 2 {
		t.Fatalf("OnPanic heard of %d panics and the hook of %d, want 2", len(heard), len(*caught))
	}
	if !errors.Is(heard[0], failure) {
		t.Errorf("heard of %v", heard[0])
	}
}

// Every part is run, in order, whatever those before it do, and each of their panics
// is heard of.
func TestStrandEach(t *testing.T) {
	catch(t)
	var s Strand
	var heard []*PanicError
	s.OnPanic = func(e *PanicError) { heard = append(heard, e) }
	var got []string
	note := func(what string) { got = append(got, what) }
	done := make(chan struct{})
	go func() { // which a part ends
		defer close(done)
		s.Run(func() {
			s.Post(func() { note("behind") })
			s.Each(
				func() { note("first") },
				func() { note("second"); panic("second") },
				func() { note("third"); runtime.Goexit() },
				func() { note("fourth"); panic("fourth") },
				func() { note("last") })
		})
	}()
	<-done
	if want := []string{"first", "second", "third", "fourth", "last", "behind"}; !slices.Equal(got, want) {
		t.Errorf("ran %v, want %v", got, want)
	}
	if len(heard) != 3 || heard[0].Value != "second" || heard[1].Value != "fourth" {
		t.Errorf("heard of %v", heard)
	}
	if !s.TryEnter() {
		t.Error("the strand is held for ever")
	}
}

// A test that calls t.FailNow in a listener ends its goroutine, but must not
// hold the strand for ever.
func TestStrandSurvivesGoexit(t *testing.T) {
	for _, queued := range []bool{false, true} {
		t.Run(fmt.Sprintf("queued %v", queued), func(t *testing.T) {
			leak.Check(t)
			caught := catch(t)
			var s Strand
			told := false
			s.OnPanic = func(*PanicError) { told = true }
			var after atomic.Bool
			ended := make(chan struct{})
			go func() {
				defer close(ended)
				if queued {
					s.Enter()
					s.Post(runtime.Goexit)
					s.Post(func() { after.Store(true) })
					s.Leave()
				} else {
					s.Run(func() {
						s.Post(func() { after.Store(true) })
						runtime.Goexit()
					})
				}
				t.Error("the goroutine lives")
			}()
			<-ended
			if !after.Load() || !told || len(*caught) != 1 {
				t.Errorf("queued ran: %v, OnPanic: %v, hook: %v", after.Load(), told, *caught)
			}
			s.Enter()
			s.Leave()
		})
	}
}

func TestStrandForward(t *testing.T) {
	var from, to Strand
	var got []int
	note := func(i int) func() { return func() { got = append(got, i) } }
	to.Enter()
	from.Run(func() {
		from.Post(note(1))
		from.Post(note(2))
		from.Forward(&to)
		from.Post(note(3))
	})
	from.Post(note(4))
	if len(got) != 0 {
		t.Errorf("%v ran while another was inside the target", got)
	}
	to.Leave()
	from.Post(note(5))
	settle(&to)
	if want := []int{1, 2, 3, 4, 5}; !slices.Equal(got, want) {
		t.Errorf("order %v, want %v", got, want)
	}
}

func TestStrandForwardTwice(t *testing.T) {
	var a, b, c Strand
	var got []int
	note := func(i int) func() { return func() { got = append(got, i) } }
	b.Run(func() { b.Forward(&c) })
	c.Enter()
	a.Run(func() {
		a.Post(note(1))
		a.Forward(&b)
	})
	a.Post(note(2))
	c.Leave()
	a.Post(note(3))
	settle(&c)
	if want := []int{1, 2, 3}; !slices.Equal(got, want) {
		t.Errorf("order %v, want %v", got, want)
	}
}

// What is posted before, during and after Forward runs once, in the order of
// each poster, and never while the target runs something of its own.
func TestStrandForwardStress(t *testing.T) {
	leak.Check(t)
	for range 200 {
		const posters, each = 4, 40
		var from, to Strand
		var in inside
		var last [posters]int // guarded by whichever strand runs
		var done sync.WaitGroup
		done.Add(2*posters*each + 1)
		start := make(chan struct{})
		for p := range posters {
			go func() {
				<-start
				for i := 1; i <= each; i++ {
					from.Post(func() {
						if last[p] != i-1 {
							t.Errorf("poster %d: %d came after %d", p, i, last[p])
						}
						last[p] = i
						done.Done()
					})
				}
			}()
			go func() {
				<-start
				for range each {
					to.Post(func() { in.visit(t); done.Done() })
				}
			}()
		}
		go func() {
			<-start
			from.Post(func() { from.Forward(&to) })
			from.Post(func() { in.visit(t); done.Done() }) // inside to by now
		}()
		close(start)
		done.Wait()
		if t.Failed() {
			return
		}
	}
}

func TestStrandAllocations(t *testing.T) {
	var s Strand
	f := func() {}
	if n := testing.AllocsPerRun(100, func() { s.Enter(); s.Leave() }); n != 0 {
		t.Errorf("Enter and Leave allocate %v times", n)
	}
	if n := testing.AllocsPerRun(100, func() { s.Run(f) }); n != 0 {
		t.Errorf("Run allocates %v times", n)
	}
	if n := testing.AllocsPerRun(100, func() { s.Do(f) }); n != 0 {
		t.Errorf("Do allocates %v times", n)
	}
}

func BenchmarkStrandEnterLeave(b *testing.B) {
	var s Strand
	for b.Loop() {
		s.Enter()
		s.Leave()
	}
}

func BenchmarkStrandPost(b *testing.B) {
	var s Strand
	f := func() {}
	for b.Loop() {
		s.Post(f)
	}
}

func BenchmarkStrandPostContended(b *testing.B) {
	var s Strand
	f := func() {}
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			s.Post(f)
		}
	})
}

// What Follow is given runs in the order in which it and what is posted have come, and
// counts for Crowded and Crowding.
func TestStrandFollow(t *testing.T) {
	var s, to Strand
	var got []int
	note := func(i int) Task { return function(func() { got = append(got, i) }) }
	for range 2 { // without a line at first
		got = nil
		s.Enter()
		s.Follow(note(1))
		if !s.Crowded() {
			t.Error("not crowded")
		}
		s.Follow(note(2))
		s.PostLast(func() { note(5).Run() })
		s.Post(func() {
			note(3).Run()
			s.Follow(note(4))
		})
		s.Leave()
		if want := []int{1, 2, 3, 4, 5}; !slices.Equal(got, want) {
			t.Errorf("%v", got)
		}
	}

	s.Enter()
	crowding := s.Crowding()
	select {
	case <-crowding:
		t.Error("crowding though nothing waits")
	default:
	}
	got = nil
	s.Follow(note(1))
	<-crowding
	s.Post(func() { note(2).Run() })
	to.Enter()
	s.Forward(&to)
	to.Leave()
	if want := []int{1, 2}; !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
}

// A goroutine that waits in Enter is let in behind what Follow was given.
func TestStrandFollowBeforeEnter(t *testing.T) {
	var s Strand
	s.Enter()
	s.Post(func() {}) // so that there is a line
	s.Leave()
	for range 1000 {
		ran, in := false, make(chan bool)
		s.Enter()
		go func() {
			s.Enter()
			in <- ran
			s.Leave()
		}()
		s.Follow(function(func() { ran = true }))
		s.Leave()
		if !<-in {
			t.Fatal("let in before")
		}
	}
}
