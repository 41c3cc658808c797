package runtime

// Closing a server: no new connections, idle ones end, 'close' comes with the
// last of them.

import (
	"net"

	"nodehttp/core"
)

// Close stops listening and, if the profile says so, closes the connections
// that are idle; the others end with the answer that they wait for. 'close' is
// emitted when all have. The callback is called then, or with
// core.ErrServerNotRunning at once if the server does not listen.
func (s *Server) Close(callback ...func(err error)) *Server {
	s.mu.Lock()
	l := s.listener
	s.mu.Unlock()
	if l == nil || !s.closeListener(l, callback) {
		for _, f := range callback {
			s.strand.Post(func() { f(core.ErrServerNotRunning) })
		}
	}
	return s
}

// closeListener is Close for a server that listens at l. It reports false if
// the server does not.
func (s *Server) closeListener(l net.Listener, callbacks []func(error)) bool {
	s.mu.Lock()
	if s.listener != l {
		s.mu.Unlock()
		return false
	}
	s.listener = nil
	s.told &^= toldListening
	s.closing.Store(true)
	s.whenIdle = append(s.whenIdle, callbacks...)
	unheed := s.unheed
	s.unheed = nil
	s.mu.Unlock()
	if unheed != nil {
		unheed()
	}
	l.Close()
	if s.profile.CloseEndsIdle {
		for _, c := range s.connections() {
			if c.idle() {
				c.end(nil)
			}
		}
	}
	s.checkClosed()
	return true
}

// CloseAllConnections destroys all connections.
func (s *Server) CloseAllConnections() {
	for _, c := range s.connections() {
		c.sock.destroy(nil)
	}
}

// CloseIdleConnections destroys the connections that neither send a request
// nor wait for an answer or the rest of one.
func (s *Server) CloseIdleConnections() {
	for _, c := range s.connections() {
		if c.idle() && !c.sock.unsent() {
			c.sock.destroy(nil)
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

// idle reports whether no request is under way on the connection. Its answers
// may be on their way yet.
func (c *serverConn) idle() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.first == nil && c.headSince.Load() == 0 && c.bodySince.Load() == 0
}

// forget drops a connection that has ended or is no longer HTTP.
func (s *Server) forget(c *serverConn) {
	s.mu.Lock()
	delete(s.conns, c)
	s.mu.Unlock()
	s.checkClosed()
}

// checkClosed emits 'close' once the server is closed and the last connection
// has ended.
func (s *Server) checkClosed() {
	s.mu.Lock()
	if !s.closing.Load() || len(s.conns) > 0 || s.closed {
		s.mu.Unlock()
		return
	}
	s.closed = true
	callbacks := s.whenIdle
	s.whenIdle = nil
	s.mu.Unlock()
	s.strand.Post(func() {
		s.mu.Lock()
		if s.closed {
			s.told |= toldClose
		}
		s.mu.Unlock()
		parts := []func(){func() { s.events.close.Emit(fire) }}
		for _, f := range callbacks {
			parts = append(parts, func() { f(nil) })
		}
		s.strand.Each(parts...)
	})
	s.ref.Drop()
}
