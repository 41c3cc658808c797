package runtime

// Hijacking: a listener of 'request' takes the socket instead of responding, as handlers of
// net/http may. In Node the events 'upgrade' and 'connect' are for that.

import (
	"nodehttp/core"
	"nodehttp/runtime/socket"
)

// The states of the listener of 'request', as Hijack and the connection's goroutine, which
// called it, change them with one atomic step each:
//
//	inside    it runs inside the strand
//	outside   it waits in Hijack, and the strand is left to other listeners
//	returned  it has returned, and the connection is read on
//	hijacked  Hijack has the socket
//
//	inside <-> outside, inside -> returned, outside -> returned, inside -> hijacked
//
// Invariant: until the listener has returned or Hijack has the socket, the connection's
// goroutine does not use the connection. Whoever makes the step from outside has entered the
// strand again, for the listener or for what comes behind it.
const (
	listenerInside uint32 = iota
	listenerOutside
	listenerReturned
	listenerHijacked
)

// Hijack ends HTTP on the connection. It returns the socket, which is a plain stream from now
// on, and the bytes that were received behind what was consumed of the request. Informational
// responses and a head that WriteHead has fixed are sent before; nothing else of the response
// can be sent any more. Hijack waits until the responses before this one have been sent, and
// until a Read of the body that is under way has returned.
//
// It may be called once: by the listener of 'request', or by another goroutine while that
// listener does nothing but wait for it. Other listeners may run meanwhile, since the
// responses before this one may need them. It returns core.ErrSocketClosed if the listener
// returns before those responses have been sent, core.ErrStreamWriteAfterEnd after End, and
// core.ErrStreamDestroyed when the connection has closed.
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

// leaveStrand lets other listeners run until the response is the first of the queue, or
// destroyed. The caller holds the message's mu, which leaveStrand gives up meanwhile.
func (r *ServerResponse) leaveStrand() {
	m := &r.out
	room := m.roomMade()
	m.mu.Unlock()
	defer m.mu.Lock()
	m.strand.Yield()
	<-room
	m.strand.Enter()
	if !r.listener.CompareAndSwap(listenerOutside, listenerInside) { // the listener has returned, and its goroutine is in the strand
		m.strand.Yield()
	}
}

// takeSocket makes the socket a plain stream while its last request, msg, is being announced.
// It returns the bytes that were read already.
func (c *serverConn) takeSocket(msg *IncomingMessage) []byte {
	if msg.head.HasBody { // else the connection's goroutine, which runs the listener, holds readMu
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

// listenerDone notes that the listener of 'request' has returned. It waits for a Hijack that
// has begun before.
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
