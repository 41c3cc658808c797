package socket

// The life of a socket and who reads it, as tables.

import "nodehttp/core"

// life is where a socket stands in its life.
//
//	connecting   it has no connection yet. What is written is queued.
//	open         it has a connection.
//	closing      Close was called: what was accepted before is sent, or waits for the connection.
//	lingering    it is destroyed, and its connection is read into nothing until the peer
//	             ends too, so that what was sent last is not lost by a reset.
//	closed       it is destroyed, and its connection is closed, or about to be by who destroys it.
//
// The table:
//
//	            connect  close    linger     destroy  disconnect
//	connecting  open     closing  -          closed   -
//	open        -        closing  lingering  closed   -
//	closing     .        -        lingering  closed   -
//	lingering   -        .        -          closed   closed
//	closed      -        .        -          -        -
//
// Close may find a socket that is being destroyed. Who brings a socket from lingering to
// closed closes the connection. The instants lingerAt and closedAt, which the sweep and the
// writer look at without the lock, say since when; closedAt is what lets only one Close
// through.
type life uint8

const (
	connecting life = 1 + iota
	open
	closing
	lingering
	closed
)

func (l life) String() string {
	return [...]string{"none", "connecting", "open", "closing", "lingering", "closed"}[l]
}

func (l life) destroyed() bool { return l >= lingering }
func (l life) ending() bool    { return l >= closing }

type lifeEvent uint8

const (
	eventConnect    lifeEvent = iota // there is a connection
	eventClose                       // Close
	eventLinger                      // everything is sent, and the peer has not ended
	eventDestroy                     // destroyed, for whatever reason
	eventDisconnect                  // a peer has had its chance to end
)

func (e lifeEvent) String() string {
	return [...]string{"connect", "close", "linger", "destroy", "disconnect"}[e]
}

var lifeSteps = core.Transitions[life, lifeEvent]{
	connecting: {eventConnect: open, eventClose: closing, eventDestroy: closed},
	open:       {eventClose: closing, eventLinger: lingering, eventDestroy: closed},
	closing:    {eventConnect: closing, eventLinger: lingering, eventDestroy: closed},
	lingering:  {eventClose: lingering, eventDestroy: closed, eventDisconnect: closed},
	closed:     {eventClose: closed},
}

// step brings the socket to the state that follows event. The caller holds mu.
func (s *Socket) step(event lifeEvent) { lifeSteps.Step(&s.life, event) }

// lifeNow returns where the socket stands in its life.
func (s *Socket) lifeNow() life {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.life
}

// reader is who reads a plain stream. While the socket has a handler, that reads it.
//
//	unread     nobody
//	streamed   a goroutine of the socket: for listeners, to notice the peer's end, or to drain
//	pulled     a Read, to which the read deadline applies
//
// The table:
//
//	          claim     pull    release
//	unread    streamed  pulled  -
//	streamed  -         -       unread
//	pulled    -         -       unread
type reader uint8

const (
	unread reader = 1 + iota
	streamed
	pulled
)

func (r reader) String() string { return [...]string{"none", "unread", "streamed", "pulled"}[r] }

type readerEvent uint8

const (
	eventClaim   readerEvent = iota // a goroutine of the socket begins to read
	eventPull                       // a Read begins to
	eventRelease                    // who reads has stopped
)

func (e readerEvent) String() string { return [...]string{"claim", "pull", "release"}[e] }

var readerSteps = core.Transitions[reader, readerEvent]{
	unread:   {eventClaim: streamed, eventPull: pulled},
	streamed: {eventRelease: unread},
	pulled:   {eventRelease: unread},
}
