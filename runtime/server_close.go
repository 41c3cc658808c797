package runtime

// Closing a server: it stops listening, idle connections end, and 'close' is emitted when none
// is left.

import (
	"context"
	"net"
	"time"

	"nodehttp/core"
)

// Close stops listening and, if the profile says so, ends the connections that
// wait for their next request. The others are served on: they end as they would
// without Close, by keepAliveTimeout, for one, or by CloseIdleConnections. 'close' is
// emitted when all have. The callback is called then, or with
// core.ErrServerNotRunning if the server does not listen.
func (s *Server) Close(callback ...func(err error)) *Server {
	s.mu.Lock()
	l := s.listener
	s.mu.Unlock()
	if l == nil || !s.closeListener(l, callback, s.profile.FreshIsIdle) {
		for _, f := range callback {
			s.strand.Post(func() { f(core.ErrServerNotRunning) })
		}
	}
	return s
}

// closeListener is Close for a server that listens at l. It reports false if
// the server does not. fresh says that connections which have not sent anything are idle.
func (s *Server) closeListener(l net.Listener, callbacks []func(error), fresh bool) bool {
	s.mu.Lock()
	if s.listener != l {
		s.mu.Unlock()
		return false
	}
	s.listener = nil
	s.events.listening.Reopen()
	s.closing.Store(true)
	s.closeCallbacks = append(s.closeCallbacks, callbacks...)
	stop := s.stopSignal
	s.stopSignal = nil
	s.mu.Unlock()
	if stop != nil {
		stop()
	}
	l.Close()
	if s.profile.CloseEndsIdle {
		for _, c := range s.connections() {
			if c.retire(fresh) {
				c.endWith("", nil)
			}
		}
	}
	s.checkClosed(s.strand.Post)
	return true
}

// Shutdown stops listening, ends the connections that are idle, lets the others finish the
// exchanges that are under way, and returns when none is left. The last response of a connection
// says "Connection: close", unless its head has been sent; requests that a client has pipelined
// behind it are not announced. Connections whose socket was handed over by 'upgrade' or
// 'connect' do not belong to the server any more.
//
// If ctx is done first, it returns ctx.Err(), and the connections that remain end as before;
// CloseAllConnections ends them at once. It may be called several times, before Listen, too, and
// by several goroutines. A listener of the server must not wait for it: it waits for that
// listener.
func (s *Server) Shutdown(ctx context.Context) error {
	s.mu.Lock()
	l := s.listener
	if l == nil && !s.closing.Load() { // there is no 'close' of what has not listened
		s.closing.Store(true)
		s.closed = true
	}
	s.mu.Unlock()
	if l != nil {
		s.closeListener(l, nil, false)
	}
	s.mu.Lock()
	conns, ends := make([]*serverConn, 0, len(s.conns)), make([]chan struct{}, 0, len(s.conns))
	for c := range s.conns {
		if c.removed == nil {
			c.removed = make(chan struct{})
		}
		conns, ends = append(conns, c), append(ends, c.removed)
	}
	s.mu.Unlock()
	s.stopHandshakes()
	drain := func(patience time.Duration) {
		for _, c := range conns {
			c.drain(patience)
		}
	}
	drain(newConnectionGrace)
	late := time.AfterFunc(newConnectionGrace, func() { drain(0) })
	defer late.Stop()
	for _, end := range ends {
		select {
		case <-end:
			continue
		default:
		}
		select {
		case <-end:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// newConnectionGrace is the age from which Shutdown takes a connection for idle on which nothing
// has arrived: the request of a younger one may be under way.
const newConnectionGrace = time.Second

// drain ends the connection as soon as nothing is under way on it. One on which nothing has
// arrived counts as idle after patience.
func (c *serverConn) drain(patience time.Duration) {
	c.mu.Lock()
	last := c.last
	arriving := c.headSince.Load() != 0 ||
		c.requests == 0 && core.Now()-c.sock.Wire().Active() < core.Instant(patience)
	switch {
	case !c.state.announces():
	case last != nil:
		c.closeBehindQueue()
		c.mu.Unlock()
		last.out.mu.Lock()
		last.out.stepKeepAlive(keepAliveEventRefuse) // its head says so, unless it is fixed
		last.out.mu.Unlock()
		return
	case c.receiving != nil, arriving:
		c.step(serverEventDrain)
	default:
		c.step(serverEventRetire)
		c.mu.Unlock()
		c.endWith("", nil)
		return
	}
	c.mu.Unlock()
}

// closeBehindQueue lets the connection end when the responses in the queue have been sent; no
// other request is announced. The caller holds mu.
func (c *serverConn) closeBehindQueue() {
	c.step(serverEventClose)
	if c.errorResponse == nil {
		c.errorResponse = new(errorResponse)
	}
}

// CloseAllConnections destroys all connections.
func (s *Server) CloseAllConnections() {
	s.stopHandshakes()
	for _, c := range s.connections() {
		c.sock.Destroy(nil)
	}
}

// CloseIdleConnections ends the connections that wait for their next request: no request is
// arriving on them, and no response is under way. A connection that waits for its first request
// is one of them from v26.4 on.
func (s *Server) CloseIdleConnections() {
	for _, c := range s.connections() {
		if !c.sock.Wire().Unsent() && c.retire(s.profile.FreshIsIdle) {
			c.sock.Destroy(nil)
		}
	}
}

func (s *Server) connections() []*serverConn {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]*serverConn, 0, len(s.conns))
	for c := range s.conns {
		all = append(all, c)
	}
	return all
}

// retire reports whether the connection waits for its next request. If so, none that arrives is
// announced any more, and the caller ends the connection. Its last response may be still in the
// socket's queue. fresh says that a connection which waits for its first request counts, too.
func (c *serverConn) retire(fresh bool) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.idle(fresh) {
		c.step(serverEventRetire)
	}
	return c.state == retired
}

// idle reports whether the connection waits for its next request, or, with fresh, for its first.
// The caller holds mu.
func (c *serverConn) idle(fresh bool) bool {
	return c.state <= closing && (c.requests > 0 || fresh) && c.first == nil && c.receiving == nil && c.headSince.Load() == 0
}

// remove removes a connection that has closed or whose socket has been handed over. post is as
// in checkClosed.
func (s *Server) remove(c *serverConn, post func(func())) {
	s.mu.Lock()
	delete(s.conns, c)
	if c.removed != nil {
		close(c.removed)
		c.removed = nil
	}
	s.mu.Unlock()
	s.checkClosed(post)
}

// checkClosed emits 'close' once the server is closed and the last connection has ended. post is
// the way to the server's strand: Run on a connection's goroutine, so that the server's 'close'
// comes before that of its last socket, as in Node, and Post otherwise.
func (s *Server) checkClosed(post func(func())) {
	s.mu.Lock()
	if !s.closing.Load() || len(s.conns) > 0 || s.secure.busy() || s.closed {
		s.mu.Unlock()
		return
	}
	s.closed = true
	callbacks := s.closeCallbacks
	s.closeCallbacks = nil
	s.mu.Unlock()
	defer s.ref.Drop()
	post(func() {
		s.mu.Lock()
		if s.closed {
			s.events.close.Seal()
		}
		s.mu.Unlock()
		parts := []func(){func() { s.events.close.Emit(core.Call) }}
		for _, f := range callbacks {
			parts = append(parts, func() { f(nil) })
		}
		s.strand.Each(parts...)
	})
}
