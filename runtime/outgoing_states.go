package runtime

import "nodehttp/core"

// The states of an OutgoingMessage. Four things about it change independently of each
// other, so each has a table of its own. The message's mu guards all of them.
//
// # phase: how much of the message there is
//
//	open       its head can still be changed
//	headFixed  its head is serialized
//	ended      End was called
//	accepted   the socket has all of it, in its queue at least
//	finished   all of it has been given to the system
//
// The table:
//
//	           fixHead    end    accept    finish    move
//	open       headFixed  ended  -         -         .
//	headFixed  -          ended  -         -         .
//	ended      .          -      accepted  -         .
//	accepted   -          -      -         finished  ended
//	finished   -          -      -         .         ended
//
// The head that End fixes itself comes behind the end. A request that is moved to another connection is sent again.
//
// # place: where the message stands in the queue of its connection
//
//	waiting    others are before it, or it has no connection yet: what is written is kept
//	writing    it is the first: what is written goes to the socket
//	flushed    the socket has all of it, and the next message is the first
//	released   it has no socket any more, which serves others or is the program's
//
// The table:
//
//	          begin    accept   release   move
//	waiting   writing  -        released  .
//	writing   -        flushed  released  waiting
//	flushed   -        -        released  waiting
//	released  -        -        .         -
//
// A response that was destroyed while it waited never becomes the first: the connection
// ends there.
//
// # framing: how the peer finds the end of the body
//
//	undecided       the head is not fixed
//	bodiless        there is no body, whatever is written: HEAD, 204, 304
//	byLength        length bytes follow
//	chunked         the body goes in chunks
//	closeDelimited  the end of the connection ends it
//
// The table:
//
//	           omitBody  promise   chunk    delimit
//	undecided  bodiless  byLength  chunked  closeDelimited
//
// The head decides, and does not change any more.
//
// # keepAlive: what becomes of the connection behind the message
//
//	unasked   nobody has asked for it to persist
//	persists  it persists, as far as this message is concerned
//	closes    it ends
//
// The table:
//
//	          ask       refuse   close
//	unasked   persists  .        closes
//	persists  .         unasked  closes
//	closes    .         .        .
//
// The fields of the head that is sent decide between persists and closes.
//
// What remains are facts, outgoingFlags, each independent of the states and of the others.
type outgoingState struct {
	phase     phase
	place     place
	framing   framing
	keepAlive keepAlive
}

// The message comes to the state that follows an event. The caller holds mu.
func (m *OutgoingMessage) stepPhase(e phaseEvent)         { phaseSteps.Step(&m.state.phase, e) }
func (m *OutgoingMessage) stepPlace(e placeEvent)         { placeSteps.Step(&m.state.place, e) }
func (m *OutgoingMessage) stepFraming(e framingEvent)     { framingSteps.Step(&m.state.framing, e) }
func (m *OutgoingMessage) stepKeepAlive(e keepAliveEvent) { keepAliveSteps.Step(&m.state.keepAlive, e) }

// phase is how much of a message there is.
type phase uint8

const (
	phaseOpen phase = 1 + iota
	phaseHeadFixed
	phaseEnded
	phaseAccepted
	phaseFinished
)

func (p phase) String() string {
	return [...]string{"none", "open", "headFixed", "ended", "accepted", "finished"}[p]
}

func (p phase) ended() bool { return p >= phaseEnded }

type phaseEvent uint8

const (
	phaseEventFixHead phaseEvent = iota // the head is serialized
	phaseEventEnd                       // End
	phaseEventAccept                    // the socket has taken the end
	phaseEventFinish                    // the system has, too
	phaseEventMove                      // another connection is to take the message
)

func (e phaseEvent) String() string {
	return [...]string{"fixHead", "end", "accept", "finish", "move"}[e]
}

var phaseSteps = core.Transitions[phase, phaseEvent]{
	phaseOpen:      {phaseEventFixHead: phaseHeadFixed, phaseEventEnd: phaseEnded, phaseEventMove: phaseOpen},
	phaseHeadFixed: {phaseEventEnd: phaseEnded, phaseEventMove: phaseHeadFixed},
	phaseEnded:     {phaseEventFixHead: phaseEnded, phaseEventAccept: phaseAccepted, phaseEventMove: phaseEnded},
	phaseAccepted:  {phaseEventFinish: phaseFinished, phaseEventMove: phaseEnded},
	phaseFinished:  {phaseEventFinish: phaseFinished, phaseEventMove: phaseEnded},
}

// place is where a message stands in the queue of its connection.
type place uint8

const (
	placeWaiting place = 1 + iota
	placeWriting
	placeFlushed
	placeReleased
)

func (p place) String() string {
	return [...]string{"none", "waiting", "writing", "flushed", "released"}[p]
}

type placeEvent uint8

const (
	placeEventBegin   placeEvent = iota // it is the first
	placeEventAccept                    // the socket has taken the end
	placeEventRelease                   // the socket is taken away
	placeEventMove                      // another connection is to take the message
)

func (e placeEvent) String() string {
	return [...]string{"begin", "accept", "release", "move"}[e]
}

var placeSteps = core.Transitions[place, placeEvent]{
	placeWaiting:  {placeEventBegin: placeWriting, placeEventRelease: placeReleased, placeEventMove: placeWaiting},
	placeWriting:  {placeEventAccept: placeFlushed, placeEventRelease: placeReleased, placeEventMove: placeWaiting},
	placeFlushed:  {placeEventRelease: placeReleased, placeEventMove: placeWaiting},
	placeReleased: {placeEventRelease: placeReleased},
}

// framing is how the peer finds the end of the body.
type framing uint8

const (
	framingUndecided framing = 1 + iota
	bodiless
	byLength
	chunked
	closeDelimited
)

func (f framing) String() string {
	return [...]string{"none", "undecided", "bodiless", "byLength", "chunked", "closeDelimited"}[f]
}

type framingEvent uint8

const (
	framingEventOmitBody framingEvent = iota
	framingEventPromise
	framingEventChunk
	framingEventDelimit
)

func (e framingEvent) String() string {
	return [...]string{"omitBody", "promise", "chunk", "delimit"}[e]
}

var framingSteps = core.Transitions[framing, framingEvent]{
	framingUndecided: {framingEventOmitBody: bodiless, framingEventPromise: byLength, framingEventChunk: chunked, framingEventDelimit: closeDelimited},
}

// keepAlive is what becomes of the connection behind a message.
type keepAlive uint8

const (
	unasked keepAlive = 1 + iota
	persists
	closes
)

func (k keepAlive) String() string { return [...]string{"none", "unasked", "persists", "closes"}[k] }

type keepAliveEvent uint8

const (
	keepAliveEventAsk    keepAliveEvent = iota // the peer, the agent or the program asks for it
	keepAliveEventRefuse                       // something speaks against it
	keepAliveEventClose                        // the head says that the connection ends
)

func (e keepAliveEvent) String() string { return [...]string{"ask", "refuse", "close"}[e] }

var keepAliveSteps = core.Transitions[keepAlive, keepAliveEvent]{
	unasked:  {keepAliveEventAsk: persists, keepAliveEventRefuse: unasked, keepAliveEventClose: closes},
	persists: {keepAliveEventAsk: persists, keepAliveEventRefuse: unasked, keepAliveEventClose: closes},
	closes:   {keepAliveEventAsk: closes, keepAliveEventRefuse: closes, keepAliveEventClose: closes},
}
