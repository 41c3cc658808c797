package runtime

import "nodehttp/core"

// serverState is which requests of a server's connection are announced.
//
//	serving    all
//	draining   the one that is arriving, or comes next; Shutdown was called
//	closing    no more: the connection ends behind the responses in the queue
//	upgrading  no more: CONNECT or a request to upgrade gets the socket behind them
//	detached   no more: the socket is the program's
//	retired    no more: the connection was idle, and is being ended
//
// The table:
//
//	           drain     close    upgrade    detach    retire
//	serving    draining  closing  upgrading  detached  retired
//	draining   .         closing  upgrading  detached  retired
//	closing    -         -        -          detached  retired
//	upgrading  -         -        -          detached  -
//	detached   -         -        -          -         -
//	retired    -         -        -          -         .
//
// Where a response stands in the queue is its place (outgoing_states.go).
type serverState uint8

const (
	serving serverState = 1 + iota
	draining
	closing
	upgrading
	detached
	retired
)

func (s serverState) String() string {
	return [...]string{"none", "serving", "draining", "closing", "upgrading", "detached", "retired"}[s]
}

// announces reports whether a request that has arrived is announced.
func (s serverState) announces() bool { return s <= draining }

type serverEvent uint8

const (
	serverEventDrain   serverEvent = iota // Shutdown finds a request arriving, or none yet
	serverEventClose                      // the last request has been announced
	serverEventUpgrade                    // a request asks for the socket
	serverEventDetach                     // the socket is handed over
	serverEventRetire                     // the connection is found idle
)

func (e serverEvent) String() string {
	return [...]string{"drain", "close", "upgrade", "detach", "retire"}[e]
}

var serverSteps = core.Transitions[serverState, serverEvent]{
	serving:   {serverEventDrain: draining, serverEventClose: closing, serverEventUpgrade: upgrading, serverEventDetach: detached, serverEventRetire: retired},
	draining:  {serverEventDrain: draining, serverEventClose: closing, serverEventUpgrade: upgrading, serverEventDetach: detached, serverEventRetire: retired},
	closing:   {serverEventDetach: detached, serverEventRetire: retired},
	upgrading: {serverEventDetach: detached},
	detached:  {},
	retired:   {serverEventRetire: retired},
}

// step brings the connection to the state that follows event. The caller holds mu.
func (c *serverConn) step(event serverEvent) { serverSteps.Step(&c.state, event) }
