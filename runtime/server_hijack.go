package runtime

// Hijacking: who was given a request takes the socket instead of answering, as
// handlers of net/http do. Node has 'upgrade' and 'connect' for that.

import (
	"nodehttp/core"
	"nodehttp/runtime/socket"
)

// Where a response stands between its listener and Hijack: offered <-> lent, and from
// there to returned; from offered to taken.
//
// Invariant: the step to returned or taken is made once, by the connection's goroutine
// when the listener has returned or by Hijack. Until it is made that goroutine is below the
// listener and does not use the connection. It is inside the strand but while lent: then
// who makes the step from there enters the strand again, for the listener or for what
// comes behind it.
const (
	listenerInside   uint32 = iota // the listener runs
	listenerOutside                // it runs outside the strand, since it waits for Hijack
	listenerReturned               // it has returned: the connection is read on
	listenerHijacked               // Hijack was called before
)

// Hijack ends the HTTP on the connection and returns the socket, a plain stream
// from now on, with the bytes that were received behind what was consumed of
// the request. Informational responses and a head that WriteHead has fixed are
// sent before. It waits until the responses before this one have been sent,
// and for a Read of the body that is under way. Of the response nothing can be
// sent any more.
//
// It may be called once, by the listener that the request was announced to, or by
// another goroutine for whose return that listener does nothing but wait: while the
// responses before this one need other listeners, these run. It returns
// core.ErrSocketClosed if that listener returns before those responses have been sent, core.ErrStreamWriteAfterEnd after End, and core.ErrStreamDestroyed when
// the connection is gone.
func (r *ServerResponse) Hijack() (*socket.Socket, []byte, error) {
	m, c := &r.out, r.conn
	m.mu.Lock()
	for m.queued() && r.listenerRuns() {
		if !m.awaitUncrowded(patience) && m.queued() && r.listener.CompareAndSwap(listenerInside, listenerOutside) {
			r.leaveStrand()
		}
	}
	switch {
	case m.state.phase.ended():
		m.mu.Unlock()
		return nil, nil, core.ErrStreamWriteAfterEnd
	case m.flags&outgoingDestroyed != 0:
		err := m.destroyedError()
		m.mu.Unlock()
		return nil, nil, err
	}
	done := make(chan struct{})
	c.hijacked = done
	if !r.listener.CompareAndSwap(listenerInside, listenerHijacked) {
		m.mu.Unlock()
		return nil, nil, core.ErrSocketClosed.With("The listener of the request has returned")
	}
	defer close(done)
	m.flags |= outgoingDestroyed
	var t transfer
	if len(m.pending) > 0 {
		m.push(&t)
	}
	m.sock = nil
	m.stepPlace(placeEventRelease)
	m.mu.Unlock()
	t.run()
	return c.sock, c.takeSocket(r.req), nil
}

// leaveStrand lets other listeners run until the response, which is queued, is first or destroyed.
// The caller holds the message's mu, but not meanwhile.
func (r *ServerResponse) leaveStrand() {
	m := &r.out
	room := m.roomMade()
	m.mu.Unlock()
	defer m.mu.Lock()
	m.strand.Yield()
	<-room
	m.strand.Enter()
	if !r.listener.CompareAndSwap(listenerOutside, listenerInside) { // the listener has returned, and entered itself
		m.strand.Yield()
	}
}

// takeSocket makes the socket a plain stream while msg, the last request of it,
// is being announced, and returns the bytes that were read already.
func (c *serverConn) takeSocket(msg *IncomingMessage) []byte {
	if msg.head.HasBody { // else the goroutine below the listener has readMu
		c.readMu.Lock()
		defer c.readMu.Unlock()
	}
	if c.msg != nil {
		c.msg = nil
		msg.body.Fail(core.ErrSocketClosed)
	}
	c.mu.Lock()
	c.step(serverEventDetach)
	c.first, c.last, c.receiving = nil, nil, nil
	c.mu.Unlock()
	rest := c.handOver()
	c.server.remove(c, c.server.strand.Post)
	return rest
}

// listenerDone notes that the listener of r has returned, and waits for a Hijack
// that has begun before.
func (r *ServerResponse) listenerDone() {
	for {
		switch {
		case r.listener.CompareAndSwap(listenerInside, listenerReturned):
			return
		case r.listener.CompareAndSwap(listenerOutside, listenerReturned):
			r.out.strand.Enter()
			return
		case r.listener.Load() == listenerHijacked:
			<-r.conn.hijacked
			return
		}
	}
}
