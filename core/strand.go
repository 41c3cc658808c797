package core

// The strand: mutual exclusion for listeners that never makes a caller wait.
// Whoever has an event to deliver enters it; if it is free the listener runs
// at once on that goroutine, else the one who is inside runs it before leaving.

import (
	"sync"
	"sync/atomic"
)

// Strand runs functions one at a time, in the order in which they arrived, on
// the goroutines of those who bring them. The zero value is free. Goroutines
// that wait in Enter are let in when no function is left: what they bring (the
// next bytes of a connection) happened after what those tell (an event that a
// late listener missed).
//
// Invariant: between a successful step from free to taken and the step back
// exactly one goroutine is inside, and only that goroutine runs functions of
// this strand.
type Strand struct {
	// state is free, taken, or crowded: taken while something waits.
	// It leaves crowded only under mu, so that who finds it free owns it and
	// who finds it taken may leave by a single step.
	state atomic.Uint32

	mu      sync.Mutex // guards what follows
	line    *line      // nil until something has had to wait
	forward *Strand

	// OnPanic, if set before first use, hears of a function that panicked,
	// after the hook of uncaught errors has.
	OnPanic func(*PanicError)
}

// line is what waits for a strand. It is kept apart since most strands of
// messages, of which there are many, never have one.
type line struct {
	queue   FIFO[Task]          // to run, in this order
	last    FIFO[Task]          // to run when queue is empty
	waiting FIFO[chan struct{}] // goroutines in Enter; closed when it is their turn
}

func (l *line) empty() bool { return l.queue.Len() == 0 && l.last.Len() == 0 && l.waiting.Len() == 0 }

const (
	free uint32 = iota
	taken
	crowded
)

// Enter waits until the strand is free and takes it. The caller must Leave.
// It must not be called by who is inside, nor on a strand that forwards.
func (s *Strand) Enter() {
	if s.state.CompareAndSwap(free, taken) {
		return
	}
	s.mu.Lock()
	if s.occupy() {
		s.mu.Unlock()
		return
	}
	in := make(chan struct{})
	s.line.waiting.Push(in)
	s.mu.Unlock()
	<-in
}

// TryEnter takes the strand if it is free, and reports whether it was.
func (s *Strand) TryEnter() bool { return s.state.CompareAndSwap(free, taken) }

// Crowded reports whether something waits for who is inside, or, of a strand that
// forwards, may.
func (s *Strand) Crowded() bool { return s.state.Load() == crowded }

// Leave runs what was brought meanwhile and gives the strand up, or passes it
// to a goroutine that waits in Enter.
func (s *Strand) Leave() {
	for !s.state.CompareAndSwap(taken, free) {
		s.mu.Lock()
		if s.forward != nil {
			s.mu.Unlock()
			return
		}
		var in chan struct{}
		t, ok := s.line.queue.Pop()
		if !ok {
			t, ok = s.line.last.Pop()
		}
		if !ok {
			in, _ = s.line.waiting.Pop()
		}
		if s.line.empty() {
			s.state.Store(taken)
		}
		s.mu.Unlock()
		if in != nil {
			close(in)
			return
		}
		s.guard(t)
	}
}

// Task is something to be run on a strand, for who would rather not make a
// function of it.
type Task interface{ Run() }

type function func()

func (f function) Run() { f() }

// Post runs f on the strand: at once if it is free, else f is run by who is
// inside and Post returns without waiting.
func (s *Strand) Post(f func()) { s.PostTask(function(f)) }

// PostTask is Post of a Task.
func (s *Strand) PostTask(t Task) {
	if s.state.CompareAndSwap(free, taken) || s.join(t, false) {
		s.guard(t)
		s.Leave()
	}
}

// PostLast is Post for what comes behind everything that is posted before it
// runs: the end of a connection, behind what its messages have to tell.
func (s *Strand) PostLast(f func()) { s.postLast(function(f)) }

func (s *Strand) postLast(t Task) {
	if s.state.CompareAndSwap(free, taken) || s.join(t, true) {
		s.guard(t)
		s.Leave()
	}
}

// join takes the strand if it has become free (and says true) or else queues t,
// as the last if that is said.
func (s *Strand) join(t Task, last bool) bool {
	s.mu.Lock()
	if to := s.forward; to != nil {
		s.mu.Unlock()
		if last {
			to.postLast(t)
		} else {
			to.PostTask(t)
		}
		return false
	}
	defer s.mu.Unlock()
	switch {
	case s.occupy():
		return true
	case last:
		s.line.last.Push(t)
	default:
		s.line.queue.Push(t)
	}
	return false
}

// occupy takes the strand if it has become free (and says true) or else makes
// it crowded, with a line for the caller to put something in. The caller holds mu.
func (s *Strand) occupy() (inside bool) {
	for {
		if s.state.CompareAndSwap(free, taken) {
			return true
		}
		if s.line == nil {
			s.line = new(line)
		}
		if s.state.Load() == crowded || s.state.CompareAndSwap(taken, crowded) {
			return false
		}
	}
}

// Forward sends what is queued and everything that is posted from now on to
// another strand, in the order of its arrival. It must be called by who is
// inside, once, as the last thing done there; the strand must never have been
// entered by Enter, and to must not forward back to it.
func (s *Strand) Forward(to *Strand) {
	s.mu.Lock()
	s.forward = to
	var queue []Task
	if s.line != nil {
		queue = append(s.line.queue.Items(), s.line.last.Items()...)
		s.line = nil
	}
	s.state.Store(crowded)      // for ever: every later Post takes the slow way and finds forward
	inside := to.receive(queue) // before mu is released, so that later Posts come behind
	s.mu.Unlock()
	if inside {
		to.Leave()
	}
}

// receive queues tasks that were queued elsewhere, and reports whether
// that has put the caller inside: then Leave runs them.
func (s *Strand) receive(queue []Task) (inside bool) {
	if len(queue) == 0 {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.forward != nil {
		return s.forward.receive(queue)
	}
	if inside = s.occupy(); inside && s.line == nil {
		s.line = new(line)
	}
	s.state.Store(crowded)
	for _, t := range queue {
		s.line.queue.Push(t)
	}
	return inside
}

// Guard runs f, of the goroutine that is inside, and survives its panic. The
// goroutine does not survive a call of runtime.Goexit; then the strand is left
// on its behalf. Guards must not be nested.
func (s *Strand) Guard(f func()) {
	returned := false
	defer func() {
		if v := recover(); v != nil {
			s.panicked(v)
		} else if !returned {
			s.panicked(nil)
			s.Leave()
		}
	}()
	f()
	returned = true
}

func (s *Strand) guard(t Task) { s.Guard(t.Run) }

// Each runs parts of what Guard or Post runs one after the other, those behind one
// that panics or ends the goroutine, too.
func (s *Strand) Each(parts ...func()) {
	if len(parts) > 0 {
		defer s.Each(parts[1:]...)
		defer s.recover()
		parts[0]()
	}
}

// recover reports a panic to the hook and to OnPanic.
func (s *Strand) recover() {
	if v := recover(); v != nil {
		s.panicked(v)
	}
}

func (s *Strand) panicked(v any) {
	err := Panicked(v)
	if s.OnPanic != nil {
		s.OnPanic(err)
	}
}
