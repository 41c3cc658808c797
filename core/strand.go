package core

// The strand: mutual exclusion for listeners that never makes a caller wait and never
// calls back inside a call. A goroutine with an event to deliver posts it; the
// goroutine that is inside the strand runs it, or a new one if the strand is free. A
// goroutine of the library that has no call of the user on its stack enters the strand
// instead and runs the listeners itself.

import (
	"sync"
	"sync/atomic"
)

// Strand runs functions one at a time, in the order in which they arrived. The zero
// value is free. Goroutines that wait in Enter are let in when no function is left:
// what they bring (the next bytes of a connection) happened after the events of those
// functions (such as one that a late listener missed).
//
// No method but Enter, Run and Leave runs a function that was posted, or a listener,
// on the goroutine of its caller. These three are for goroutines of the library.
//
// Invariant: between a successful step from free to taken and the step back
// exactly one goroutine is inside, and only that goroutine runs functions of
// this strand.
type Strand struct {
	// state is free, taken, followed, or crowded: taken while something waits. It leaves
	// crowded only under mu, so a goroutine that finds it free owns it, and one that finds
	// it taken may leave in a single step. Once it is forwarding it stays so.
	state atomic.Uint32

	forward *Strand // set before state is forwarding, and not changed any more

	mu   sync.Mutex           // guards the content of line
	line atomic.Pointer[line] // nil until something has had to wait; set with mu held

	// OnPanic, if set before first use, receives the panic of a function, after the
	// hook of uncaught errors.
	OnPanic func(*PanicError)
}

// line is what waits for a strand. It is kept apart because most strands, those of
// messages, never have one. Wait does not return before each of the tasks has run: the
// function that is inside may be the last thing that counts.
type line struct {
	follower Task // what Follow has been given; only the goroutine that is inside uses it

	queue   FIFO[Task]          // to run behind the follower, in this order
	last    FIFO[Task]          // to run when queue is empty
	waiting FIFO[chan struct{}] // goroutines in Enter; closed when it is their turn

	crowding chan struct{} // what Crowding has returned, until it is closed
	watched  atomic.Bool   // there is such a channel
}

// crowd closes crowding: the strand is crowded, or has another line.
func (l *line) crowd() {
	if l.crowding != nil {
		close(l.crowding)
		l.crowding = nil
		l.watched.Store(false)
	}
}

func (l *line) empty() bool { return l.queue.Len() == 0 && l.last.Len() == 0 && l.waiting.Len() == 0 }

const (
	free uint32 = iota
	taken
	followed // taken, and nothing waits but the follower
	crowded
	forwarding
)

// Enter waits until the strand is free and takes it. The caller must Leave. The
// goroutine that is inside must not call it, and it must not be called on a strand
// that forwards.
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
	s.line.Load().waiting.Push(in)
	s.mu.Unlock()
	<-in
}

// TryEnter takes the strand if it is free, and reports whether it was.
func (s *Strand) TryEnter() bool { return s.state.CompareAndSwap(free, taken) }

// Crowded reports whether something waits for the goroutine that is inside.
func (s *Strand) Crowded() bool {
	state := s.state.Load()
	return state == followed || state == crowded || state == forwarding && s.forward.Crowded()
}

// Crowding returns a channel that is closed when the strand is Crowded: at once, or as soon
// as it becomes so. It is also closed when the strand forwards; then Crowded tells.
func (s *Strand) Crowding() <-chan struct{} {
	if !s.lock() {
		return s.forward.Crowding()
	}
	defer s.mu.Unlock()
	l := s.waiting()
	if l.crowding == nil {
		l.crowding = make(chan struct{})
		l.watched.Store(true) // before state is looked at, so that either this or Follow sees the other
	}
	in := l.crowding
	if state := s.state.Load(); state == followed || state == crowded {
		l.crowd()
	}
	return in
}

// Busy reports whether a goroutine is inside, or, of a strand that forwards, may be.
func (s *Strand) Busy() bool { return s.state.Load() != free }

// Leave runs what was posted meanwhile and frees the strand, or passes it to a
// goroutine that waits in Enter.
func (s *Strand) Leave() {
	for !s.state.CompareAndSwap(taken, free) {
		t := s.next()
		if t == nil {
			return
		}
		s.guardQueued(t)
	}
}

// Yield is Leave for a goroutine that must not run listeners because a call of the
// user is on its stack: a new goroutine runs what was posted meanwhile.
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

// next takes the next function from the line for the goroutine that is inside. It is
// nil if the strand no longer belongs to that goroutine: it has been passed to one
// that waits in Enter, or forwards.
func (s *Strand) next() Task {
	if s.state.CompareAndSwap(followed, taken) {
		return s.line.Load().takeFollower()
	}
	if !s.lock() {
		return nil
	}
	l := s.line.Load()
	t := l.takeFollower()
	if t == nil {
		t, _ = l.queue.Pop()
	}
	if t == nil {
		t, _ = l.last.Pop()
	}
	var in chan struct{}
	if t == nil {
		in, _ = l.waiting.Pop()
	}
	if l.empty() {
		s.state.Store(taken)
	}
	if in != nil {
		close(in)
	}
	s.mu.Unlock()
	return t
}

func (l *line) takeFollower() (t Task) {
	t, l.follower = l.follower, nil
	return t
}

// waiting returns the line, made at first use. The caller holds mu.
func (s *Strand) waiting() *line {
	l := s.line.Load()
	if l == nil {
		l = new(line)
		s.line.Store(l)
	}
	return l
}

// spawn makes a new goroutine run t and then leave the strand, which the caller has
// taken and gives up. Wait does not return before it has.
func (s *Strand) spawn(t Task) {
	hold()
	go func() {
		defer drop()
		s.GuardTask(t)
		s.Leave()
	}()
}

// Task is something to run on a strand, for callers that do not want to allocate a
// function.
type Task interface{ Run() }

type function func()

func (f function) Run() { f() }

// A QuietTask is a Task that needs no goroutine of its own if it calls no function of
// the user.
type QuietTask interface {
	Task
	// RunQuietly does what Run does, unless that would call a listener or another
	// function of the user: then it returns false, and Run is called. It runs inside
	// the strand.
	RunQuietly() (done bool)
}

// Post makes the goroutine that is inside run f, or a new one if the strand is free.
// It returns without waiting.
func (s *Strand) Post(f func()) { s.post(function(f), false) }

// PostTask is Post of a Task.
func (s *Strand) PostTask(t Task) { s.post(t, false) }

// Follow is PostTask for the goroutine that is inside: t runs when what runs now has
// returned, behind what waits already. Where nothing does that takes no lock.
func (s *Strand) Follow(t Task) {
	l := s.line.Load()
	if l == nil || s.state.Load() != taken {
		s.join(t, false)
		return
	}
	hold() // before the strand can be seen to have it
	l.follower = t
	if !s.state.CompareAndSwap(taken, followed) {
		l.follower = nil
		s.join(t, false)
		drop() // join holds, too
		return
	}
	if l.watched.Load() {
		s.mu.Lock()
		l.crowd()
		s.mu.Unlock()
	}
}

// PostLast is Post for what must come after everything that is posted before it runs:
// the end of a connection, after the events of its messages.
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

// Do is PostQuietly of a function that calls no function of the user.
func (s *Strand) Do(f func()) { s.PostQuietly(quiet(f)) }

type quiet func()

func (f quiet) Run()                    { f() }
func (f quiet) RunQuietly() (done bool) { f(); return true }

// Run is Post for a goroutine of the library: it runs f itself if the strand is free,
// and what is posted meanwhile.
func (s *Strand) Run(f func()) {
	t := function(f)
	if s.state.CompareAndSwap(free, taken) || s.join(t, false) {
		s.GuardTask(t)
		s.Leave()
	}
}

// join takes the strand if it has become free and returns true, or else queues t, as
// the last if last says so.
func (s *Strand) join(t Task, last bool) bool {
	if !s.lock() {
		s.forward.post(t, last)
		return false
	}
	if s.occupy() {
		s.mu.Unlock()
		return true
	}
	if l := s.line.Load(); last {
		l.last.Push(t)
	} else {
		l.queue.Push(t)
	}
	hold()
	s.mu.Unlock()
	return false
}

// lock takes mu, unless the strand forwards: then it reports false.
func (s *Strand) lock() bool {
	if s.state.Load() == forwarding {
		return false
	}
	s.mu.Lock()
	if s.state.Load() == forwarding { // since
		s.mu.Unlock()
		return false
	}
	return true
}

// occupy takes the strand if it has become free and returns true, or else makes it
// crowded, with a line to which the caller adds something. The caller holds mu.
func (s *Strand) occupy() (inside bool) {
	for {
		if s.state.CompareAndSwap(free, taken) {
			return true
		}
		l := s.waiting()
		if s.state.Load() == crowded {
			return false
		}
		if s.state.CompareAndSwap(taken, crowded) || s.state.CompareAndSwap(followed, crowded) {
			l.crowd()
			return false
		}
	}
}

// Forward sends what is queued, and everything that is posted from now on, to another
// strand, in the order of its arrival. The goroutine that is inside must call it,
// once, as the last thing it does there. The strand must never have been entered by
// Enter, and to must not forward back to it.
func (s *Strand) Forward(to *Strand) {
	s.mu.Lock()
	s.forward = to
	var queue []Task
	if l := s.line.Load(); l != nil {
		if t := l.takeFollower(); t != nil {
			queue = append(queue, t)
		}
		queue = append(append(queue, l.queue.Items()...), l.last.Items()...)
		l.crowd()
		s.line.Store(nil)
	}
	inside := to.receive(queue)
	s.state.Store(forwarding) // for ever, and only now, so that later Posts come behind the queue
	s.mu.Unlock()
	if inside {
		to.Yield()
	}
}

// ForwardIdle is Forward for a strand on which nothing is queued; else it reports false,
// and does nothing. It runs nothing, so that the caller may hold locks.
func (s *Strand) ForwardIdle(to *Strand) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.forward = to
	if !s.state.CompareAndSwap(taken, forwarding) {
		return false
	}
	if l := s.line.Load(); l != nil {
		l.crowd()
		s.line.Store(nil)
	}
	return true
}

// receive queues tasks that were queued elsewhere, and reports whether the caller is
// inside now: then it must Yield to have them run.
func (s *Strand) receive(queue []Task) (inside bool) {
	if len(queue) == 0 {
		return false
	}
	if !s.lock() {
		return s.forward.receive(queue)
	}
	defer s.mu.Unlock()
	inside = s.occupy()
	l := s.waiting()
	s.state.Store(crowded)
	l.crowd()
	for _, t := range queue {
		l.queue.Push(t)
	}
	return inside
}

// Guard runs f on the goroutine that is inside, and survives its panic. The goroutine
// does not survive a call of runtime.Goexit; then Guard leaves the strand for it.
// Guards must not be nested.
func (s *Strand) Guard(f func()) { s.GuardTask(function(f)) }

// GuardTask is Guard of a task.
func (s *Strand) GuardTask(t Task) {
	returned := false
	defer func() {
		if !returned {
			s.Leave()
		}
	}()
	s.survive(t)
	returned = true
}

// survive runs t, and returns unless t, or the hook that receives its panic, ends the
// goroutine.
func (s *Strand) survive(t Task) {
	returned := false
	defer func() {
		if v := recover(); v != nil || !returned {
			s.panicked(v)
		}
	}()
	t.Run()
	returned = true
}

// guardQueued is GuardTask of a task that was queued.
func (s *Strand) guardQueued(t Task) {
	defer drop()
	s.GuardTask(t)
}

// Each runs parts of what Guard or Post runs one after the other, also those after one
// that panics or ends the goroutine.
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
