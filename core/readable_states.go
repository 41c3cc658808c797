package core

// The states of a Readable. Four things about it change independently of each other, so
// each has a table of its own. A product of them would have hundreds of states.
//
// # mode: the consumer's way to consume
//
//	untouched    nobody has begun to consume
//	held         Pause was called before anybody has begun
//	reading      somebody pulls, by Read or as told by 'readable'
//	flowing      bytes go to listeners of 'data', or to nobody
//	paused       somebody has begun, and Pause was called last
//	pausedDump   Pause was called of a stream that is dumped, which flows on
//
// The table:
//
//	            didRead  pause   pauseDump   resume     start    flowOn
//	untouched   reading  held    held        .          flowing  flowing
//	held        paused   .       .           untouched  -        pausedDump
//	reading     .        paused  paused      .          flowing  flowing
//	flowing     .        paused  pausedDump  .          .        .
//	paused      .        .       .           reading    -        pausedDump
//	pausedDump  .        paused  .           flowing    -        .
//
// # end: how far the end has come
//
//	open          the source may have more
//	broken        it may, but 'end' will not be told: see Break
//	ended         the source has no more; the consumer has not come so far
//	brokenEnded   the same, and 'end' will be told only if Ignore asks for it
//	endPending    the consumer has come to the end; 'end' is on its way to the strand
//	endEmitting   its listeners are being told
//	endEmitted    they have been, or there are none
//
// The table:
//
//	             end          breakOff     reach       reachUnheard  emit         emitted
//	open         ended        broken       -           -             -            -
//	broken       brokenEnded  .            -           -             -            -
//	ended        .            brokenEnded  endPending  endEmitted    -            -
//	brokenEnded  .            .            endPending  endEmitted    -            -
//	endPending   .            -            -           -             endEmitting  -
//	endEmitting  .            -            -           -             -            endEmitted
//	endEmitted   .            -            -           -             .            .
//
// # fate: what becomes of the bytes
//
//	live        they are delivered, or kept
//	dumped      they are not, but 'end' is delivered in its time
//	destroyed   neither they nor 'end' are
//
// The table:
//
//	           dump    destroy    cut
//	live       dumped  destroyed  .
//	dumped     .       destroyed  .
//	destroyed  .       .          dumped
//
// # supply: who fetches what a Read waits for
//
//	delivered    the source delivers up to the high-water mark
//	fetched      readers fetch what they need, and the source delivers nothing unless the stream flows
//	ahead        the source delivers up to the mark, also while a reader could fetch
//	aheadRead    the same, and a Read has come, or has waited, since
//
// The table:
//
//	           read       fetch    listen     readAhead
//	delivered  .          fetched  .          ahead
//	fetched    .          .        delivered  ahead
//	ahead      aheadRead  -        .          .
//	aheadRead  .          .        .          ahead
//
// What remains are facts, readFacts, each independent of the states and of the others.

// readMode is how the consumer consumes.
type readMode uint8

const (
	untouched readMode = 1 + iota
	held
	reading
	flowing
	paused
	pausedDump
)

func (m readMode) String() string {
	return [...]string{"none", "untouched", "held", "reading", "flowing", "paused", "pausedDump"}[m]
}

func (m readMode) flows() bool  { return m == flowing || m == pausedDump }
func (m readMode) paused() bool { return m == held || m >= paused }
func (m readMode) begun() bool  { return m >= reading }

type modeEvent uint8

const (
	eventDidRead   modeEvent = iota // a Read, or a listener of 'readable'
	eventPause                      // Pause
	eventPauseDump                  // Pause, of a stream that is dumped
	eventResume                     // Resume, or Dump
	eventStart                      // the stream begins to flow
	eventFlowOn                     // Cut has a destroyed stream flow to its end, whatever Pause says
)

func (e modeEvent) String() string {
	return [...]string{"didRead", "pause", "pauseDump", "resume", "start", "flowOn"}[e]
}

var modeSteps = Transitions[readMode, modeEvent]{
	untouched:  {eventDidRead: reading, eventPause: held, eventPauseDump: held, eventResume: untouched, eventStart: flowing, eventFlowOn: flowing},
	held:       {eventDidRead: paused, eventPause: held, eventPauseDump: held, eventResume: untouched, eventFlowOn: pausedDump},
	reading:    {eventDidRead: reading, eventPause: paused, eventPauseDump: paused, eventResume: reading, eventStart: flowing, eventFlowOn: flowing},
	flowing:    {eventDidRead: flowing, eventPause: paused, eventPauseDump: pausedDump, eventResume: flowing, eventStart: flowing, eventFlowOn: flowing},
	paused:     {eventDidRead: paused, eventPause: paused, eventPauseDump: paused, eventResume: reading, eventFlowOn: pausedDump},
	pausedDump: {eventDidRead: pausedDump, eventPause: paused, eventPauseDump: pausedDump, eventResume: flowing, eventFlowOn: pausedDump},
}

// readEnd is how far the end has come.
type readEnd uint8

const (
	open readEnd = 1 + iota
	broken
	ended
	brokenEnded
	endPending
	endEmitting
	endEmitted
)

func (e readEnd) String() string {
	return [...]string{"none", "open", "broken", "ended", "brokenEnded", "endPending", "endEmitting", "endEmitted"}[e]
}

func (e readEnd) sourceEnded() bool { return e >= ended }
func (e readEnd) reached() bool     { return e >= endPending }
func (e readEnd) unreached() bool   { return e.sourceEnded() && !e.reached() }

type endEvent uint8

const (
	eventEnd          endEvent = iota // the source has no more
	eventBreak                        // Break
	eventReach                        // the consumer comes to the end: somebody is to be told
	eventReachUnheard                 // the consumer comes to the end, and nobody listens
	eventEmit                         // the listeners are told now
	eventEmitted                      // they have been
)

func (e endEvent) String() string {
	return [...]string{"end", "breakOff", "reach", "reachUnheard", "emit", "emitted"}[e]
}

var endSteps = Transitions[readEnd, endEvent]{
	open:        {eventEnd: ended, eventBreak: broken},
	broken:      {eventEnd: brokenEnded, eventBreak: broken},
	ended:       {eventEnd: ended, eventBreak: brokenEnded, eventReach: endPending, eventReachUnheard: endEmitted},
	brokenEnded: {eventEnd: brokenEnded, eventBreak: brokenEnded, eventReach: endPending, eventReachUnheard: endEmitted},
	endPending:  {eventEnd: endPending, eventEmit: endEmitting},
	endEmitting: {eventEnd: endEmitting, eventEmitted: endEmitted},
	endEmitted:  {eventEnd: endEmitted, eventEmit: endEmitted, eventEmitted: endEmitted},
}

// readFate is what becomes of the bytes.
type readFate uint8

const (
	live readFate = 1 + iota
	dumped
	destroyed
)

func (f readFate) String() string { return [...]string{"none", "live", "dumped", "destroyed"}[f] }

type fateEvent uint8

const (
	eventDump    fateEvent = iota // Dump, or Ignore
	eventDestroy                  // Destroy
	eventCut                      // Cut
)

func (e fateEvent) String() string { return [...]string{"dump", "destroy", "cut"}[e] }

var fateSteps = Transitions[readFate, fateEvent]{
	live:      {eventDump: dumped, eventDestroy: destroyed, eventCut: live},
	dumped:    {eventDump: dumped, eventDestroy: destroyed, eventCut: dumped},
	destroyed: {eventDump: destroyed, eventDestroy: destroyed, eventCut: dumped},
}

// readSupply is who fetches what a Read waits for.
type readSupply uint8

const (
	delivered readSupply = 1 + iota
	fetched
	ahead
	aheadRead
)

func (s readSupply) String() string {
	return [...]string{"none", "delivered", "fetched", "ahead", "aheadRead"}[s]
}

type supplyEvent uint8

const (
	eventRead      supplyEvent = iota // a Read
	eventFetch                        // a Read finds nothing and fetches, or waits for who does
	eventListen                       // a listener of 'readable' waits for what comes
	eventReadAhead                    // ReadAhead
)

func (e supplyEvent) String() string {
	return [...]string{"read", "fetch", "listen", "readAhead"}[e]
}

var supplySteps = Transitions[readSupply, supplyEvent]{
	delivered: {eventRead: delivered, eventFetch: fetched, eventListen: delivered, eventReadAhead: ahead},
	fetched:   {eventRead: fetched, eventFetch: fetched, eventListen: delivered, eventReadAhead: ahead},
	ahead:     {eventRead: aheadRead, eventListen: ahead, eventReadAhead: ahead},
	aheadRead: {eventRead: aheadRead, eventFetch: aheadRead, eventListen: aheadRead, eventReadAhead: ahead},
}

// readFacts are independent of the states and of each other.
type readFacts uint8

const (
	wantedOwed      readFacts = 1 << iota // Push said no, and Wanted is to follow
	endsAnyway                            // the error is no reason not to tell 'end'
	readablePending                       // 'readable' is on its way to the strand
	lost                                  // some of the bytes went to nobody
	readOnly                              // it does not begin to flow any more: what is buffered is for Read alone
	late                                  // the deadline of Read has passed
	tapped                                // a protocol takes the bytes: listeners of 'data' only hear them
)
