package core

// Readable: the receiving half of a stream, as a message body and an upgraded
// socket have it. It can be consumed in two ways: pushed, to 'data' listeners,
// or pulled, by Read, which listeners of 'readable' are told not to have to wait.
// What arrives while nobody wants it is kept up to the high-water mark; then the
// source is asked to stop.

import (
	"io"
	"iter"
	"math"
	"slices"
	"sync"
)

// Source is where a Readable's bytes come from.
type Source interface {
	// Pull reads bytes of this stream straight into p, waiting for them. It
	// says false if another goroutine is reading the source at the moment;
	// that goroutine calls Wake when it has stopped. n may be 0 when the stream
	// has ended or failed meanwhile, which Pull records by Ended or Fail. An error
	// is what this Read alone returns: the stream goes on.
	//
	// Once nobody else can read the source, Pull asks Holds: bytes may have been kept
	// since the Read looked, and come before what the source has next.
	Pull(p []byte) (n int, ok bool, err error)

	// Wanted says that the consumer may be ready for more after Push said no,
	// Wants no, or wants it in another way than before. It must not block.
	Wanted()

	// Consumed says, once, that the end has been reached by the consumer, and by whom.
	Consumed(by Consumer)
	// BeforeEnd says that listeners of 'end' are about to be told, inside the strand.
	BeforeEnd()
}

// Consumer is who has reached the end of a stream.
type Consumer uint8

const (
	ByListeners Consumer = iota // listeners, to whom 'end' has been delivered; inside the strand
	ByNobody                    // nobody, or a Read beside which there were listeners, and 'end' is on its way to them
	ByRead                      // a Read, which returns when Consumed has, and nobody has ever listened
)

// Readable is meant to be a field of its owner, which must call Init. Push,
// End and the listeners run inside the strand; everything else may be called
// from any goroutine.
type Readable struct {
	strand *Strand
	source Source

	mu       sync.Mutex // guards what follows
	mode     readMode   // see readable_states.go
	end      readEnd
	fate     readFate
	supply   readSupply
	facts    readFacts
	mark     uint32        // high-water mark in bytes
	changes  uint32        // counts calls of changed
	buffered []byte        // arrived, not consumed; consumed from the front
	err      error         // why there will be no more, if not the end
	wake     chan struct{} // closed at the next change; nil unless a Read waits
	events   *readEvents   // nil until the first listener
}

type readEvents struct {
	data     Event[func(chunk []byte)]
	readable Event[func()]
	end      Event[func()]

	// The listeners that a stream usually has. They need no objects of their own.
	firstData entry[func(chunk []byte)]
	firstEnd  entry[func()]
}

// addData adds a listener of 'data'. The caller holds the stream's mu, as for onceEnd.
func (e *readEvents) addData(f func(chunk []byte), state uint32) *Subscription {
	if e.firstData.f != nil {
		return e.data.add(f, state)
	}
	e.firstData.f = f
	return e.data.append(&e.firstData, state)
}

// onceEnd adds a one-time listener of 'end'.
func (e *readEvents) onceEnd(f func()) *Subscription {
	if e.firstEnd.f != nil {
		return e.end.Once(f)
	}
	e.firstEnd.f = f
	return e.end.append(&e.firstEnd, isOnce)
}

// Init prepares r. mark is the high-water mark in bytes.
func (r *Readable) Init(strand *Strand, source Source, mark int) {
	r.strand, r.source = strand, source
	r.mark = uint32(min(mark, math.MaxInt32))
	r.mode, r.end, r.fate, r.supply = untouched, open, live, delivered
}

// InitEmpty prepares r as a stream without a byte.
func (r *Readable) InitEmpty(strand *Strand, source Source) {
	r.Init(strand, source, 0)
	r.end = ended
}

// Tap says, before anything is received, that a protocol takes the bytes. Until
// Untap the stream neither flows nor can it be read, Pause and Resume do nothing,
// and listeners of 'data' are told what Overhear says.
func (r *Readable) Tap() {
	r.mu.Lock()
	r.facts |= tapped
	r.mu.Unlock()
}

// Untap makes the stream an ordinary one: what is received from now on is the
// consumer's. flow says that it flows at once if somebody listens for 'data'; else it
// begins to as any other stream does.
func (r *Readable) Untap(flow bool) {
	r.mu.Lock()
	r.facts &^= tapped
	var due readDues
	if flow && r.events != nil && r.events.data.Heard() {
		due = r.start()
	}
	r.mu.Unlock()
	r.do(due)
}

// Overhear returns a function that tells those who listen for 'data' now of a copy of
// chunk, which a protocol takes, or nil if nobody does. That function must be called
// inside the strand.
func (r *Readable) Overhear(chunk []byte) func() {
	r.mu.Lock()
	events := r.events
	r.mu.Unlock()
	if events == nil {
		return nil
	}
	emit := events.data.Emission()
	if emit == nil {
		return nil
	}
	chunk = slices.Clone(chunk)
	return func() { emit(func(f func([]byte)) { f(chunk) }) }
}

// SetLate says whether the deadline of Read has passed: then those that wait, and those
// that come, return ErrReadTimeout.
func (r *Readable) SetLate(yes bool) {
	r.mu.Lock()
	if r.facts &^= late; yes {
		r.facts |= late
	}
	r.changed()
	r.mu.Unlock()
}

// Push delivers chunk or keeps a copy of it, and reports whether the consumer
// wants more; if not, the source stops until Wanted. It must be called inside
// the strand.
func (r *Readable) Push(chunk []byte) (more bool) {
	r.mu.Lock()
	if r.fate != live {
		r.facts |= lost
		r.mu.Unlock()
		return true
	}
	if r.mode.flows() && len(r.buffered) == 0 {
		events := r.events
		r.mu.Unlock()
		heard := events.emit(chunk)
		r.mu.Lock()
		r.emitted(heard)
		if more = r.mode.flows() || r.fate == destroyed; !more {
			r.facts |= wantedOwed
		}
		r.mu.Unlock()
		return more
	}
	r.buffered = append(r.buffered, chunk...)
	if more = !r.full(); !more {
		r.facts |= wantedOwed
	}
	r.changed()
	due := r.readableDue()
	r.mu.Unlock()
	r.do(due)
	return more
}

// emit gives chunk to the listeners of 'data', and reports whether there is one.
func (e *readEvents) emit(chunk []byte) bool {
	return e != nil && e.data.Emit(func(f func([]byte)) { f(chunk) })
}

// emitted notes whether somebody has got a chunk. The caller holds mu.
func (r *Readable) emitted(heard bool) {
	if !heard {
		r.facts |= lost
	}
}

// Keep stores a copy of chunk for the next Read. It is how Pull gives what
// does not fit into p. It may be called outside the strand.
func (r *Readable) Keep(chunk []byte) {
	r.mu.Lock()
	if r.fate == live {
		r.buffered = append(r.buffered, chunk...)
	} else if len(chunk) > 0 {
		r.facts |= lost
	}
	due := r.flowDue()
	r.mu.Unlock()
	r.do(due)
}

// End says that the source has no more, and brings 'end' to the strand if
// everything has been consumed. It must be called inside the strand.
func (r *Readable) End() {
	r.mu.Lock()
	endSteps.Step(&r.end, eventEnd)
	r.changed()
	var due readDues
	switch {
	case r.events == nil || !r.mode.flows():
		due = r.flowUnheard()
	case len(r.buffered) > 0 || r.strand.Crowded():
		due = dueFlow // behind what the listeners of the last chunk have brought about
	default:
		due = r.flowedDue()
	}
	r.mu.Unlock()
	r.do(due)
}

// Ended is End for Pull, outside the strand: 'end' follows when a Read finds
// out, or, if the stream has begun to flow meanwhile, inside the strand.
func (r *Readable) Ended() {
	r.mu.Lock()
	endSteps.Step(&r.end, eventEnd)
	r.changed()
	due := r.flowDue()
	r.mu.Unlock()
	r.do(due)
}

// EndUnread brings 'end' to the strand though the stream does not flow, if it
// has ended and nothing is kept, for who listens without reading.
func (r *Readable) EndUnread() {
	r.mu.Lock()
	var due readDues
	if r.fireEnd() {
		due = dueEnd
	}
	r.mu.Unlock()
	r.do(due)
}

// Heeded reports whether anybody has begun to consume the stream or has listened.
func (r *Readable) Heeded() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.mode.begun() || r.events != nil
}

// DidRead reports whether anybody has begun to consume the stream.
func (r *Readable) DidRead() bool { return r.modeNow().begun() }

// flowDue says that flow is due if the stream flows: it may have begun to while its
// source was being pulled. The caller holds mu.
func (r *Readable) flowDue() readDues {
	if r.mode.flows() {
		return dueFlow
	}
	return 0
}

// Fail ends the stream with an error, which Read returns after what is kept.
func (r *Readable) Fail(err error) {
	r.mu.Lock()
	if r.err == nil && !r.end.sourceEnded() {
		r.err = err
	}
	r.changed()
	r.mu.Unlock()
}

// Break is Fail, also for a stream that has ended, unless its consumer has reached the
// end: 'end' will not be told. It reports whether that is so. quiet says that nothing is
// pushed any more if the stream does not flow: what is kept is for Read alone. spare
// says that Read may still come to the end of a stream that has ended.
func (r *Readable) Break(err error, quiet, spare bool) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.end.reached() {
		return false
	}
	endSteps.Step(&r.end, eventBreak)
	r.facts &^= endsAnyway
	if r.err == nil && !(spare && r.end.sourceEnded()) {
		r.err = err
	}
	if quiet {
		r.facts |= readOnly
	}
	r.changed()
	return true
}

// Cut is Fail for a stream whose listeners are told 'end' nevertheless, when
// they have been given what is kept and Cut's caller has left the strand; also
// if it was destroyed.
func (r *Readable) Cut(err error) {
	r.mu.Lock()
	if r.err == nil && !r.end.sourceEnded() {
		r.err = err
	}
	if r.fate == destroyed {
		modeSteps.Step(&r.mode, eventFlowOn)
	}
	fateSteps.Step(&r.fate, eventCut)
	endSteps.Step(&r.end, eventEnd)
	r.facts |= endsAnyway
	r.changed()
	due := r.flowDue() | r.readableDue()
	r.mu.Unlock()
	r.do(due)
}

// Destroy forgets what is kept and delivers nothing from now on; Read returns err.
func (r *Readable) Destroy(err error) {
	r.mu.Lock()
	due := r.destroy(err)
	r.mu.Unlock()
	r.do(due)
}

// destroy is Destroy. The caller holds mu.
func (r *Readable) destroy(err error) readDues {
	fateSteps.Step(&r.fate, eventDestroy)
	if r.err == nil && !r.end.reached() {
		r.err = err
	}
	r.buffered = nil
	r.facts &^= wantedOwed
	r.changed()
	return dueWanted
}

// Abandon is Destroy for a stream that has not ended, so that no 'end' follows what
// nobody has seen, and Dump for one that has.
func (r *Readable) Abandon(err error) {
	r.mu.Lock()
	var due readDues
	if r.end.sourceEnded() {
		due = r.dump(err)
	} else {
		due = r.destroy(err)
	}
	r.mu.Unlock()
	r.do(due)
}

// Destroyed reports whether nothing is delivered any more.
func (r *Readable) Destroyed() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.fate == destroyed
}

// Ignore lets the rest of the stream pass unseen, unless somebody has begun to consume
// it; 'end' is delivered in its time. If all of it has come, Read still returns what
// is kept, though 'end' has been told and nothing is pushed any more.
func (r *Readable) Ignore() {
	r.mu.Lock()
	var due readDues
	switch {
	case r.mode.begun():
	case r.end.sourceEnded() && r.fate != destroyed && r.err == nil:
		r.facts |= readOnly
		if !r.end.reached() { // also if it is broken: who ignores a stream asks for its end
			r.reach(r.events != nil)
			due = r.endSoonDue()
		}
	default:
		due = r.dump(nil)
	}
	r.mu.Unlock()
	r.do(due)
}

// endSoonDue says that 'end', which has been reached, is due behind what is on its way
// to the strand, as start and flow bring it. The caller holds mu.
func (r *Readable) endSoonDue() readDues {
	if r.events == nil {
		return dueConsumed
	}
	return dueEndSoon
}

// Settle reports whether the end has been reached and need not be told to anybody.
func (r *Readable) Settle() (over bool) {
	r.mu.Lock()
	over = r.end.reached()
	var due readDues
	if r.events == nil && r.fireEnd() {
		over, due = true, dueConsumed
	}
	r.mu.Unlock()
	r.do(due)
	return over
}

// Consumption is how a stream is being consumed.
type Consumption uint8

const (
	Untouched Consumption = iota // nobody has begun to, or listens
	Watched                      // nobody has begun to, but somebody listens for the end
	Pulled                       // by Read, for which 'readable' says when
	Pushed                       // it flows, or has been paused since it did
)

// Consumption reports how the stream is being consumed.
func (r *Readable) Consumption() Consumption {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case r.mode == reading:
		return Pulled
	case r.mode.begun():
		return Pushed
	case r.events != nil:
		return Watched
	}
	return Untouched
}

// ReadAhead has the source deliver up to the high-water mark from now on, also while
// a reader could fetch what it needs: what comes behind a short rest that is not read
// does not have to wait for it.
func (r *Readable) ReadAhead() {
	r.mu.Lock()
	supplySteps.Step(&r.supply, eventReadAhead)
	r.changed() // so that a Read which waits counts for ReadOn
	r.mu.Unlock()
	r.source.Wanted()
}

// ReadOn reports whether a Read has come, or has waited, since ReadAhead.
func (r *Readable) ReadOn() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.supply == aheadRead
}

// Dump lets the rest of the stream pass unseen, whoever has begun to consume
// it; 'end' is delivered in its time. A Read returns why if that has lost it what
// was kept, and ErrStreamFlowing if it has lost what came later.
func (r *Readable) Dump(why error) {
	r.mu.Lock()
	due := r.dump(why)
	r.mu.Unlock()
	r.do(due)
}

// dump is Dump. The caller holds mu.
func (r *Readable) dump(why error) readDues {
	modeSteps.Step(&r.mode, eventResume)
	fateSteps.Step(&r.fate, eventDump)
	if len(r.buffered) > 0 {
		r.buffered = nil
		r.facts |= lost
		if r.err == nil {
			r.err = why
			r.facts |= endsAnyway
		}
	}
	switch {
	case r.fireEnd():
		return r.endSoonDue()
	case r.mode.flows():
		return dueWanted
	}
	return r.start()
}

// Wake lets a waiting Read look again whether it can pull.
func (r *Readable) Wake() {
	r.mu.Lock()
	r.changed()
	r.mu.Unlock()
}

// changed wakes every waiting Read. The caller holds mu.
func (r *Readable) changed() {
	r.changes++
	if r.wake != nil {
		close(r.wake)
		r.wake = nil
	}
}

// owed reports, once, that the source waits for Wanted. The caller holds mu.
func (r *Readable) owed() bool {
	if r.facts&wantedOwed == 0 {
		return false
	}
	r.facts &^= wantedOwed
	return true
}

// flow hands what is kept to the listeners, then fires 'end' if it is time.
// It runs inside the strand.
func (r *Readable) flow() {
	r.mu.Lock()
	for r.mode.flows() && len(r.buffered) > 0 {
		chunk, events := r.buffered, r.events
		r.buffered = nil
		r.mu.Unlock()
		heard := events.emit(chunk)
		r.mu.Lock()
		r.emitted(heard)
	}
	due := r.flowedDue()
	r.mu.Unlock()
	r.do(due)
}

// flowUnheard is flow of a stream that nobody listens to, or that does not flow. The
// caller holds mu.
func (r *Readable) flowUnheard() readDues {
	if r.mode.flows() && len(r.buffered) > 0 {
		r.buffered = nil
		r.emitted(false)
	}
	return r.flowedDue()
}

// flowedDue says what is due when the listeners have been given what is kept, or the
// stream does not flow. The caller holds mu.
func (r *Readable) flowedDue() (due readDues) {
	if !r.mode.flows() {
		return r.readableDue()
	}
	if r.owed() {
		due = dueWanted
	}
	switch {
	case !r.fireEnd():
	case r.events == nil:
		due |= dueConsumed
	default:
		due |= dueEndNext
	}
	return due
}

// readDues are what a change of a Readable makes due: a set. What changes the stream
// holds mu and returns them; its caller does them when it has released mu, since all of
// them run functions of others.
type readDues uint16

// In the order in which they are done.
const (
	dueFlow          readDues = 1 << iota // flow, inside the strand
	dueFlowQuietly                        // the same, at once if nobody listens
	dueReadable                           // 'readable'
	dueWanted                             // the source waits for Wanted, or may
	dueTellEnd                            // 'end', of which the source learns on its own
	dueEnd                                // 'end', and then Consumed
	dueEndNext                            // the same, from inside the strand
	dueEndSoon                            // the same, behind what is on its way to the strand
	dueConsumed                           // Consumed, by listeners or beside some
	dueConsumedAlone                      // Consumed, by a Read that nobody listens beside
)

// do does what is due. The caller does not hold mu.
func (r *Readable) do(due readDues) {
	if due != 0 {
		r.doAll(due)
	}
}

func (r *Readable) doAll(due readDues) {
	if due&dueFlow != 0 {
		r.strand.PostTask((*flowTask)(r))
	}
	if due&dueFlowQuietly != 0 {
		r.strand.PostQuietly((*flowTask)(r))
	}
	if due&dueReadable != 0 {
		r.strand.PostTask((*readableTask)(r))
	}
	if due&dueWanted != 0 {
		r.source.Wanted()
	}
	if due&dueTellEnd != 0 {
		r.strand.PostTask((*tellTask)(r))
	}
	if due&dueEnd != 0 {
		r.strand.PostTask((*endTask)(r))
	}
	if due&dueEndNext != 0 {
		r.strand.Follow((*endTask)(r))
	}
	if due&dueEndSoon != 0 {
		r.strand.Post(func() { r.strand.Post(r.emitEnd) })
	}
	if due&dueConsumed != 0 {
		r.source.Consumed(ByNobody)
	}
	if due&dueConsumedAlone != 0 {
		r.source.Consumed(ByRead)
	}
}

// flowTask and the like are a Readable as the tasks of its strand.
type (
	flowTask     Readable
	endTask      Readable
	tellTask     Readable
	readableTask Readable
)

func (r *flowTask) Run() { (*Readable)(r).flow() }

// RunQuietly implements QuietTask: what flows into nothing.
func (t *flowTask) RunQuietly() bool {
	r := (*Readable)(t)
	r.mu.Lock()
	var due readDues
	quiet := r.events == nil
	if quiet {
		due = r.flowUnheard()
	}
	r.mu.Unlock()
	r.do(due)
	return quiet
}

func (r *endTask) Run()  { (*Readable)(r).emitEnd() }
func (r *tellTask) Run() { (*Readable)(r).tellEnd() }

func (r *readableTask) Run() { (*Readable)(r).tellReadable() }

// readable reports whether a Read would not wait and has not told the end. The
// caller holds mu.
func (r *Readable) readable() bool {
	return !r.mode.flows() && r.fate != destroyed && r.facts&readOnly == 0 && (len(r.buffered) > 0 || r.end.unreached())
}

// readableDue says that 'readable' is due if somebody listens and there is something to
// read. The caller holds mu.
func (r *Readable) readableDue() readDues {
	if r.events == nil || r.facts&readablePending != 0 || !r.readable() || !r.events.readable.Heard() {
		return 0
	}
	r.facts |= readablePending
	return dueReadable
}

// tellReadable tells the listeners of 'readable' unless what there was has been
// read meanwhile. It runs inside the strand.
func (r *Readable) tellReadable() {
	r.mu.Lock()
	r.facts &^= readablePending
	holds, events := r.readable(), r.events
	r.mu.Unlock()
	if holds {
		events.readable.Emit(func(f func()) { f() })
	}
}

// emitEnd delivers 'end' to who has consumed the stream by listening. It runs
// inside the strand.
func (r *Readable) emitEnd() {
	defer r.source.Consumed(ByListeners) // whatever the listeners do
	r.tellEnd()
}

// endReadDue says that 'end' is due for who has consumed the stream by Read, if it is
// time. The caller holds mu.
func (r *Readable) endReadDue() (due readDues) {
	if !r.endDue() {
		return 0
	}
	heard := r.events != nil && r.events.end.Heard()
	r.reach(heard)
	if heard {
		due = dueTellEnd
	}
	if r.events == nil {
		return due | dueConsumedAlone
	}
	return due | dueConsumed
}

// tellEnd tells the listeners of 'end'. It runs inside the strand.
func (r *Readable) tellEnd() {
	r.mu.Lock()
	endSteps.Step(&r.end, eventEmit)
	events := r.events
	r.mu.Unlock()
	if events == nil {
		return
	}
	r.source.BeforeEnd()
	defer func() {
		r.mu.Lock()
		endSteps.Step(&r.end, eventEmitted)
		r.mu.Unlock()
	}()
	events.end.Emit(func(f func()) { f() })
}

// endDue reports whether the consumer has come to the end, and 'end' is to happen. The
// caller holds mu.
func (r *Readable) endDue() bool {
	return r.end == ended && r.fate != destroyed && len(r.buffered) == 0 && (r.err == nil || r.facts&endsAnyway != 0)
}

// fireEnd reports, once, that 'end' is to happen: for nobody if there is no listener
// of any kind. The caller holds mu.
func (r *Readable) fireEnd() bool {
	if !r.endDue() {
		return false
	}
	r.reach(r.events != nil)
	return true
}

// reach notes that the consumer has come to the end. heard says that somebody is to be
// told. The caller holds mu.
func (r *Readable) reach(heard bool) {
	if heard {
		endSteps.Step(&r.end, eventReach)
	} else {
		endSteps.Step(&r.end, eventReachUnheard)
	}
}

// listeners returns the lists, made at first use. The caller holds mu.
func (r *Readable) listeners() *readEvents {
	if r.events == nil {
		r.events = new(readEvents)
	}
	return r.events
}

// OnData adds a listener for chunks of the body and lets the stream flow,
// unless it was paused. A chunk is valid until the listener returns.
func (r *Readable) OnData(f func(chunk []byte)) *Subscription {
	return r.onData(f, 0)
}

// OnceData is OnData for the first chunk alone.
func (r *Readable) OnceData(f func(chunk []byte)) *Subscription {
	return r.onData(f, isOnce)
}

func (r *Readable) onData(f func([]byte), state uint32) *Subscription {
	r.mu.Lock()
	l := r.listeners().addData(f, state)
	var due readDues
	if !r.mode.paused() && !r.mode.flows() && r.facts&tapped == 0 {
		due = r.start()
	}
	r.mu.Unlock()
	r.do(due)
	return l
}

// OnReadable adds a listener for bytes, or the end, that the next Read does not
// have to wait for. It is called when some have arrived, and again behind each Read
// that leaves some, the end included; not while the stream flows, and not for a
// failure. Nothing is read for who only listens.
func (r *Readable) OnReadable(f func()) *Subscription {
	return r.onReadable((*Event[func()]).On, f)
}

// OnceReadable is OnReadable for the next time alone.
func (r *Readable) OnceReadable(f func()) *Subscription {
	return r.onReadable((*Event[func()]).Once, f)
}

func (r *Readable) onReadable(add func(*Event[func()], func()) *Subscription, f func()) *Subscription {
	r.mu.Lock()
	l := add(&r.listeners().readable, f)
	modeSteps.Step(&r.mode, eventDidRead)
	r.mu.Unlock()
	r.fetched()
	return l
}

// fetched has the source deliver again what a reader has fetched so far, if somebody
// listens for 'readable'.
func (r *Readable) fetched() {
	r.mu.Lock()
	r.changed() // other Reads may pull now
	var due readDues
	if r.events != nil && r.events.readable.Heard() {
		if r.supply == fetched {
			due = dueWanted
		}
		supplySteps.Step(&r.supply, eventListen)
		due |= r.readableDue()
	}
	r.mu.Unlock()
	r.do(due)
}

// OnEnd adds a listener for the end of the stream, which happens once all of
// it has been consumed. After the fact f is called all the same.
func (r *Readable) OnEnd(f func()) *Subscription {
	r.mu.Lock()
	events := r.listeners() // late or not: see Heeded
	if r.end >= endEmitting {
		r.mu.Unlock()
		r.strand.Post(f)
		return nil
	}
	l := events.onceEnd(f)
	r.mu.Unlock()
	return l
}

// Pause stops 'data'. What arrives is kept up to the high-water mark.
func (r *Readable) Pause() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.facts&tapped != 0 {
		return
	}
	event := eventPause
	if r.fate == dumped {
		event = eventPauseDump
	}
	modeSteps.Step(&r.mode, event)
}

// Resume lets the stream flow, to the 'data' listeners if there are any, else
// into nothing.
func (r *Readable) Resume() {
	r.mu.Lock()
	modeSteps.Step(&r.mode, eventResume)
	var due readDues
	if !r.mode.flows() && r.facts&tapped == 0 {
		due = r.start()
	}
	r.mu.Unlock()
	r.do(due)
}

// Flow lets the stream flow as Resume does, unless somebody has begun to
// consume it or has paused it.
func (r *Readable) Flow() {
	r.mu.Lock()
	var due readDues
	if r.mode == untouched {
		due = r.start()
	}
	r.mu.Unlock()
	r.do(due)
}

// start begins to flow. The caller holds mu.
func (r *Readable) start() (due readDues) {
	if r.facts&readOnly != 0 {
		return 0
	}
	modeSteps.Step(&r.mode, eventStart)
	r.changed() // a Read that waits has lost the stream
	if len(r.buffered) > 0 || r.end.unreached() {
		due = dueFlowQuietly
	}
	if !r.end.sourceEnded() {
		due |= dueWanted
	}
	return due
}

// Paused reports whether Pause was called last.
func (r *Readable) Paused() bool { return r.modeNow().paused() }

// Flowing reports whether bytes go to listeners.
func (r *Readable) Flowing() bool { return r.modeNow().flows() }

// Consumed reports whether the end was reached by the consumer.
func (r *Readable) Consumed() bool { return r.endNow().reached() }

// EndPending reports whether the end has been reached by the consumer, and its listeners
// are still to be told.
func (r *Readable) EndPending() bool { return r.endNow() == endPending }

// EndPassed reports whether the listeners of 'end' have been told, if there were any.
func (r *Readable) EndPassed() bool { return r.endNow() == endEmitted }

// EndEmitted reports whether the listeners of 'end' are being told, or have been.
func (r *Readable) EndEmitted() bool { return r.endNow() >= endEmitting }

// Wants reports whether the source should deliver now: somebody listens, or
// there is room to keep. A stream that is being pulled does not want: its
// reader fetches what it needs.
func (r *Readable) Wants() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case r.mode.flows(), r.fate != live, r.end.sourceEnded(), r.err != nil:
		return true
	case r.supply == fetched:
		return false
	}
	return !r.full()
}

// Holds reports whether bytes are kept that the consumer has not been given.
func (r *Readable) Holds() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.buffered) > 0
}

// Full reports whether as much is kept as the high-water mark allows.
func (r *Readable) Full() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.full()
}

// full is Full. The caller holds mu.
func (r *Readable) full() bool { return len(r.buffered) >= int(r.mark) }

func (r *Readable) modeNow() readMode {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.mode
}

func (r *Readable) endNow() readEnd {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.end
}

// Read waits for bytes and reads them into p. It returns io.EOF at the end,
// ErrReadTimeout while its deadline has passed, and ErrStreamFlowing while the stream
// goes to 'data' listeners or to a protocol, or if it has ended and some of it went to
// nobody. Of goroutines that read at the same time each gets other bytes.
func (r *Readable) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	for {
		n, changes, err := r.readBuffered(p)
		if n > 0 || err != nil {
			return n, err
		}
		n, ok, err := r.source.Pull(p)
		switch {
		case n > 0:
			r.fetched()
			return n, nil
		case err != nil:
			return 0, err
		case !ok:
			r.await(changes)
		}
	}
}

// readBuffered gives a Read what is buffered, or why there will be nothing. If it gives
// neither the Read has to fetch: changes is what it was before that, so that no Wake is
// missed that comes once Pull has said no.
func (r *Readable) readBuffered(p []byte) (n int, changes uint32, err error) {
	var due readDues
	r.mu.Lock()
	over := r.end.sourceEnded() || r.fate == destroyed
	if over || r.facts&tapped == 0 { // else a protocol reads
		modeSteps.Step(&r.mode, eventDidRead)
		supplySteps.Step(&r.supply, eventRead)
	}
	switch {
	case !over && r.facts&tapped != 0, r.mode.flows() && (len(r.buffered) > 0 || !over && r.err == nil):
		err = ErrStreamFlowing
	case r.facts&late != 0 && r.fate != destroyed:
		err = ErrReadTimeout
	case len(r.buffered) > 0:
		n = copy(p, r.buffered)
		if r.buffered = r.buffered[n:]; len(r.buffered) == 0 {
			r.buffered = nil
		}
		due = r.readableDue()
		if !r.full() && r.owed() {
			due |= dueWanted
		}
	case r.err != nil || r.end.sourceEnded():
		if err = r.err; err == nil {
			err = io.EOF
			if r.facts&lost != 0 {
				err = errLost
			}
		}
		due = r.endReadDue()
	default:
		supplySteps.Step(&r.supply, eventFetch)
		changes = r.changes
	}
	r.mu.Unlock()
	r.do(due)
	return n, changes, err
}

// errLost is what Read returns in place of io.EOF if it has not been given everything,
// and no listener has.
var errLost = ErrStreamFlowing.With("Some of the stream has flowed into nothing: it cannot be read")

// await returns when something has changed since the count of changes was before.
func (r *Readable) await(before uint32) {
	r.mu.Lock()
	if r.changes != before {
		r.mu.Unlock()
		return
	}
	if r.wake == nil {
		r.wake = make(chan struct{})
	}
	wake := r.wake
	r.mu.Unlock()
	<-wake
}

const chunkSize = 32 << 10

// Chunks ranges over the rest of the stream. A chunk is valid until the next
// one. A failure is the last pair. leave is called when the loop is left, in whatever
// way, before the end or a failure.
func (r *Readable) Chunks(leave func()) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		left := true
		defer func() {
			if left {
				leave()
			}
		}()
		buffer := make([]byte, chunkSize)
		for {
			n, err := r.Read(buffer)
			if n > 0 && !yield(buffer[:n], nil) {
				return
			}
			if err == nil {
				continue
			}
			left = false
			if err != io.EOF {
				yield(nil, err)
			}
			return
		}
	}
}
