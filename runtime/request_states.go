package runtime

import "nodehttp/core"

// The states of a request. There are four, each with a table of its own, since they are
// independent: a request that is aborted may have been answered, or have told its silence.
// The lock of the message guards them. What is left are requestFacts.

// requestLife is how far a request has come.
//
//	waiting   it has no connection yet
//	assigned  it has been given one, which nobody knows of
//	shown     'socket' has been told, or its time has come and nobody listened
//	over      the exchange has ended, or the request came to nothing
//
// The table:
//
//	          assign    show   end
//	waiting   assigned  -      over
//	assigned  .         shown  over
//	shown     .         .      over
//	over      .         .      .
//
// A request is assigned once more if it is moved to another connection. One that is
// destroyed while a connection is made for it is over first, and assigned then.
type requestLife uint8

const (
	requestWaiting requestLife = 1 + iota
	requestAssigned
	requestShown
	requestOver
)

func (l requestLife) String() string {
	return [...]string{"none", "waiting", "assigned", "shown", "over"}[l]
}

type requestLifeEvent uint8

const (
	requestEventAssign requestLifeEvent = iota // it is given a connection
	requestEventShow                           // the connection is shown to listeners of 'socket'
	requestEventEnd                            // the exchange ends
)

func (e requestLifeEvent) String() string { return [...]string{"assign", "show", "end"}[e] }

var requestLifeSteps = core.Transitions[requestLife, requestLifeEvent]{
	requestWaiting:  {requestEventAssign: requestAssigned, requestEventEnd: requestOver},
	requestAssigned: {requestEventAssign: requestAssigned, requestEventShow: requestShown, requestEventEnd: requestOver},
	requestShown:    {requestEventAssign: requestShown, requestEventShow: requestShown, requestEventEnd: requestOver},
	requestOver:     {requestEventAssign: requestOver, requestEventShow: requestOver, requestEventEnd: requestOver},
}

// requestAnswer is what has become of the response.
//
//	unanswered  none has come
//	answered    'response' has happened
//	upgraded    the response has taken the socket: 'upgrade' or 'connect' has happened, or
//	            waits for a listener
//	discarded   nobody has asked in time for the response, or for its socket
//
// The table:
//
//	            answer    upgrade   discard
//	unanswered  answered  upgraded  -
//	answered    -         -         discarded
//	upgraded    -         .         discarded
//
// Nothing follows discarded. An upgrade happens again when it is brought to a late listener.
type requestAnswer uint8

const (
	requestUnanswered requestAnswer = 1 + iota
	requestAnswered
	requestUpgraded
	requestDiscarded
)

func (a requestAnswer) String() string {
	return [...]string{"none", "unanswered", "answered", "upgraded", "discarded"}[a]
}

type requestAnswerEvent uint8

const (
	requestEventAnswer  requestAnswerEvent = iota // 'response' happens
	requestEventUpgrade                           // 'upgrade' or 'connect' happens
	requestEventDiscard                           // the time for a listener has passed
)

func (e requestAnswerEvent) String() string { return [...]string{"answer", "upgrade", "discard"}[e] }

var requestAnswerSteps = core.Transitions[requestAnswer, requestAnswerEvent]{
	requestUnanswered: {requestEventAnswer: requestAnswered, requestEventUpgrade: requestUpgraded},
	requestAnswered:   {requestEventDiscard: requestDiscarded},
	requestUpgraded:   {requestEventUpgrade: requestUpgraded, requestEventDiscard: requestDiscarded},
}

// requestSilence is whether silence of the connection is to be told by 'timeout'.
//
//	unheeded  the request has no timeout
//	heeded    it is to be told
//	told      it has been
//	again     it has been, and is to be told once more
//
// The table:
//
//	          heed    fire  again
//	unheeded  heeded  -     -
//	heeded    .       told  -
//	told      -       -     again
//	again     -       told  .
type requestSilence uint8

const (
	silenceUnheeded requestSilence = 1 + iota
	silenceHeeded
	silenceTold
	silenceAgain
)

func (s requestSilence) String() string {
	return [...]string{"none", "unheeded", "heeded", "told", "again"}[s]
}

// due reports whether silence is to be told.
func (s requestSilence) due() bool { return s == silenceHeeded || s == silenceAgain }

// hasBeenTold reports whether silence has been told.
func (s requestSilence) hasBeenTold() bool { return s >= silenceTold }

type requestSilenceEvent uint8

const (
	requestEventHeed  requestSilenceEvent = iota // a timeout is set
	requestEventFire                             // 'timeout' happens
	requestEventAgain                            // a timeout is set, or waited for, after it has happened
)

func (e requestSilenceEvent) String() string { return [...]string{"heed", "fire", "again"}[e] }

var requestSilenceSteps = core.Transitions[requestSilence, requestSilenceEvent]{
	silenceUnheeded: {requestEventHeed: silenceHeeded},
	silenceHeeded:   {requestEventHeed: silenceHeeded, requestEventFire: silenceTold},
	silenceTold:     {requestEventAgain: silenceAgain},
	silenceAgain:    {requestEventFire: silenceTold, requestEventAgain: silenceAgain},
}

// requestAbort is how far Abort has come.
//
//	unaborted  it was not called
//	aborting   it was, and 'abort' is on its way to the strand
//	aborted    'abort' has happened
//
// The table:
//
//	           call      emit
//	unaborted  aborting  -
//	aborting   .         aborted
//	aborted    .         -
type requestAbort uint8

const (
	requestUnaborted requestAbort = 1 + iota
	requestAborting
	requestAborted
)

func (a requestAbort) String() string {
	return [...]string{"none", "unaborted", "aborting", "aborted"}[a]
}

type requestAbortEvent uint8

const (
	requestEventCall requestAbortEvent = iota // Abort
	requestEventEmit                          // 'abort' happens
)

func (e requestAbortEvent) String() string { return [...]string{"call", "emit"}[e] }

var requestAbortSteps = core.Transitions[requestAbort, requestAbortEvent]{
	requestUnaborted: {requestEventCall: requestAborting},
	requestAborting:  {requestEventCall: requestAborting, requestEventEmit: requestAborted},
	requestAborted:   {requestEventCall: requestAborted},
}

// requestFacts are independent of the states and of each other.
type requestFacts uint8

const (
	requestReused   requestFacts = 1 << iota // the connection has served others before
	requestProceeds                          // 'continue' has happened
	requestAwaited                           // Await hands the response to who reads it later
)

// requestStates are the states and facts of a request.
type requestStates struct {
	life    requestLife
	answer  requestAnswer
	silence requestSilence
	abort   requestAbort
	facts   requestFacts
}

// newRequestStates are those of a request that is being made.
func newRequestStates() requestStates {
	return requestStates{requestWaiting, requestUnanswered, silenceUnheeded, requestUnaborted, 0}
}
