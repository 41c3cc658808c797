package core

// The strand: mutual exclusion for listeners that never makes a caller wait and
// never calls back within a call. Whoever has an event to deliver posts it; it is
// run by the goroutine that is inside the strand, else by a new one. A goroutine of
// the library's own, below which no call of the user's stands, enters the strand
// instead and runs the listeners itself.

import (
	"sync"
	"sync/atomic"
)

// Strand runs functions one at a time, in the order in which they arrived. The zero
// value is free. Goroutines that wait in Enter are let in when no function is left:
// what they bring (the next bytes of a connection) happened after what those tell
// (an event that a late listener missed).
//
// No method but Enter, Run and Leave runs a function that was posted, or a listener,
// on the goroutine of its caller. These three are for goroutines of the library.
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
// messages, of which there are many, never have one. Wait does not return before each
// of the tasks has run: what is inside at the moment may be the last that counts.
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

// Busy reports whether somebody is inside, or, of a strand that forwards, may be.
func (s *Strand) Busy() bool { return s.state.Load() != free }

// Leave runs what was brought meanwhile and gives the strand up, or passes it
// to a goroutine that waits in Enter.
func (s *Strand) Leave() {
	for !s.state.CompareAndSwap(taken, free) {
		t := s.next()
		if t == nil {
			return
		}
		s.guardQueued(t)
	}
}

// Yield is Leave for a goroutine that may not run listeners, since a call of the
// user's stands below: a new one runs what was brought meanwhile.
func (s *Strand) Yield() {
	for !s.state.CompareAndSwap(taken, free) {
		t := s.next()
		if t == nil {
			return
		}
		if q, ok := t.(QuietTask); !ok || !q.RunQuietly() {
			s.spawn(t)
			drop() // spawn holds, too
			return
		}
		drop()
	}
}

// next takes what the goroutine that is inside has to run next out of the line. It
// is nil if the strand is no longer that goroutine's: it has been passed to one that
// waits in Enter, or forwards.
func (s *Strand) next() Task {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.forward != nil {
		return nil
	}
	t, ok := s.line.queue.Pop()
	if !ok {
		t, ok = s.line.last.Pop()
	}
	var in chan struct{}
	if !ok {
		in, _ = s.line.waiting.Pop()
	}
	if s.line.empty() {
		s.state.Store(taken)
	}
	if in != nil {
		close(in)
		return nil
	}
	return t
}

// spawn has a new goroutine run t and then leave the strand, which the caller has
// taken and gives up. Wait does not return before it has.
func (s *Strand) spawn(t Task) {
	hold()
	go func() {
		defer drop()
		s.guard(t)
		s.Leave()
	}()
}

// Task is something to be run on a strand, for who would rather not make a
// function of it.
type Task interface{ Run() }

type function func()

func (f function) Run() { f() }

// A QuietTask is a Task that can do without a goroutine of its own where nobody is
// to be told anything.
type QuietTask interface {
	Task
	// RunQuietly does what Run does, unless that would call a listener or another
	// function of the user's: then it says false, and Run is called. It runs inside
	// the strand.
	RunQuietly() (done bool)
}

// Post has f run on the strand by whoever is inside, or by a new goroutine if the
// strand is free. It returns without waiting.
func (s *Strand) Post(f func()) { s.post(function(f), false) }

// PostTask is Post of a Task.
func (s *Strand) PostTask(t Task) { s.post(t, false) }

// PostLast is Post for what comes behind everything that is posted before it
// runs: the end of a connection, behind what its messages have to tell.
func (s *Strand) PostLast(f func()) { s.post(function(f), true) }

func (s *Strand) post(t Task, last bool) {
	if s.state.CompareAndSwap(free, taken) || s.join(t, last) {
		s.spawn(t)
	}
}

// PostQuietly is PostTask of a task that is run quietly if the strand is free.
func (s *Strand) PostQuietly(t QuietTask) {
	switch {
	case !s.state.CompareAndSwap(free, taken) && !s.join(t, false):
	case t.RunQuietly():
		s.Yield()
	default:
		s.spawn(t)
	}
}

// Do is PostQuietly of a function that calls no function of the user's.
func (s *Strand) Do(f func()) { s.PostQuietly(quiet(f)) }

type quiet func()

func (f quiet) Run()                    { f() }
func (f quiet) RunQuietly() (done bool) { f(); return true }

// Run is Post for a goroutine of the library's own: it runs f itself if the strand is
// free, and what is brought meanwhile.
func (s *Strand) Run(f func()) {
	t := function(f)
	if s.state.CompareAndSwap(free, taken) || s.join(t, false) {
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
		to.post(t, last)
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
	hold()
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
		to.Yield()
	}
}

// receive queues tasks that were queued elsewhere, and reports whether
// that has put the caller inside: then Yield has them run.
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
		if !returned {
			s.Leave()
		}
	}()
	s.survive(f)
	returned = true
}

// survive runs f, and returns unless f, or the hook that hears of its panic, ends the
// goroutine.
func (s *Strand) survive(f func()) {
	returned := false
	defer func() {
		if v := recover(); v != nil || !returned {
			s.panicked(v)
		}
	}()
	f()
	returned = true
}

func (s *Strand) guard(t Task) { s.Guard(t.Run) }

// guardQueued is guard of a task that has stood in line.
func (s *Strand) guardQueued(t Task) {
	defer drop()
	s.guard(t)
}

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
	Panicked(v, func(err *PanicError) {
		if s.OnPanic != nil {
			s.OnPanic(err)
		}
	})
}
