package runtime

import "nodehttp/core"

// clientState is which requests a client's connection serves. It is written with mu held,
// and read without it where it is all that is asked.
//
//	fresh     none yet; it is given one when it is made
//	busy      one, and may serve others after it
//	last      one, and none after it
//	idle      none; it is being given back, waits in the pool, or is about to be given one
//	retired   no more: the socket has been destroyed, or is about to be
//	detached  no more: the socket is the program's
//
// The table:
//
//	         assign  complete  end      detach    close
//	fresh    busy    -         retired  -         retired
//	busy     -       idle      last     detached  retired
//	last     -       retired   .        detached  retired
//	idle     busy    -         retired  -         retired
//	retired  -       -         .        -         .
//
// Nothing follows detached.
//
// Independent of it is whether the peer has ended, whether writing has failed, and what
// keeps a connection from the pool behind an exchange: bytes that nobody has asked for, and
// that the agent has been told to forget the socket.
type clientState uint8

const (
	clientFresh clientState = 1 + iota
	clientBusy
	clientLast
	clientIdle
	clientRetired
	clientDetached
)

func (s clientState) String() string {
	return [...]string{"none", "fresh", "busy", "last", "idle", "retired", "detached"}[s]
}

// serves reports whether the connection has a request.
func (s clientState) serves() bool { return s == clientBusy || s == clientLast }

// assignable reports whether the connection may be given a request.
func (s clientState) assignable() bool { return s == clientFresh || s == clientIdle }

// ending reports whether the connection is given no further request.
func (s clientState) ending() bool { return s == clientLast || s == clientRetired }

type clientEvent uint8

const (
	clientEventAssign   clientEvent = iota // it is given a request
	clientEventComplete                    // the request has been sent, and the response consumed
	clientEventEnd                         // it is to serve no further request
	clientEventDetach                      // the response has taken the socket
	clientEventClose                       // the socket has closed, or the request gives up a connection that is not established
)

func (e clientEvent) String() string {
	return [...]string{"assign", "complete", "end", "detach", "close"}[e]
}

var clientSteps = core.Transitions[clientState, clientEvent]{
	clientFresh:   {clientEventAssign: clientBusy, clientEventEnd: clientRetired, clientEventClose: clientRetired},
	clientBusy:    {clientEventComplete: clientIdle, clientEventEnd: clientLast, clientEventDetach: clientDetached, clientEventClose: clientRetired},
	clientLast:    {clientEventComplete: clientRetired, clientEventEnd: clientLast, clientEventDetach: clientDetached, clientEventClose: clientRetired},
	clientIdle:    {clientEventAssign: clientBusy, clientEventEnd: clientRetired, clientEventClose: clientRetired},
	clientRetired: {clientEventEnd: clientRetired, clientEventClose: clientRetired},
}

// step brings the connection to the state that follows event. The caller holds mu.
func (c *clientConn) step(event clientEvent) {
	s := c.stateNow()
	clientSteps.Step(&s, event)
	c.state.Store(uint32(s))
}

// stateNow returns the state of the connection.
func (c *clientConn) stateNow() clientState { return clientState(c.state.Load()) }
