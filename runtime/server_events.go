package runtime

// Events of a server. Those that belong to a connection run inside its strand.

import "nodehttp/core"

// OnRequest adds a listener for requests.
func (s *Server) OnRequest(f func(*IncomingMessage, *ServerResponse)) *core.Listener {
	return s.events.request.On(f)
}

// OnceRequest is OnRequest for the next one alone.
func (s *Server) OnceRequest(f func(*IncomingMessage, *ServerResponse)) *core.Listener {
	return s.events.request.Once(f)
}

// OnCheckContinue adds a listener for requests that expect 100-continue, in
// place of 'request'.
func (s *Server) OnCheckContinue(f func(*IncomingMessage, *ServerResponse)) *core.Listener {
	return s.events.checkContinue.On(f)
}

// OnceCheckContinue is OnCheckContinue for the next one alone.
func (s *Server) OnceCheckContinue(f func(*IncomingMessage, *ServerResponse)) *core.Listener {
	return s.events.checkContinue.Once(f)
}

// OnCheckExpectation adds a listener for requests that expect something else.
func (s *Server) OnCheckExpectation(f func(*IncomingMessage, *ServerResponse)) *core.Listener {
	return s.events.checkExpectation.On(f)
}

// OnceCheckExpectation is OnCheckExpectation for the next one alone.
func (s *Server) OnceCheckExpectation(f func(*IncomingMessage, *ServerResponse)) *core.Listener {
	return s.events.checkExpectation.Once(f)
}

// OnUpgrade adds a listener for requests to upgrade. The socket is its own
// from then on; head is what was received after the request.
func (s *Server) OnUpgrade(f func(req *IncomingMessage, socket *Socket, head []byte)) *core.Listener {
	return s.events.upgrade.On(f)
}

// OnceUpgrade is OnUpgrade for the next one alone.
func (s *Server) OnceUpgrade(f func(req *IncomingMessage, socket *Socket, head []byte)) *core.Listener {
	return s.events.upgrade.Once(f)
}

// OnConnect adds a listener for CONNECT requests; see OnUpgrade.
func (s *Server) OnConnect(f func(req *IncomingMessage, socket *Socket, head []byte)) *core.Listener {
	return s.events.connect.On(f)
}

// OnceConnect is OnConnect for the next one alone.
func (s *Server) OnceConnect(f func(req *IncomingMessage, socket *Socket, head []byte)) *core.Listener {
	return s.events.connect.Once(f)
}

// OnDropRequest adds a listener for requests beyond MaxRequestsPerSocket.
func (s *Server) OnDropRequest(f func(req *IncomingMessage, socket *Socket)) *core.Listener {
	return s.events.dropRequest.On(f)
}

// OnceDropRequest is OnDropRequest for the next one alone.
func (s *Server) OnceDropRequest(f func(req *IncomingMessage, socket *Socket)) *core.Listener {
	return s.events.dropRequest.Once(f)
}

// OnClientError adds a listener for errors of connections. The listener must
// answer or destroy the socket; without one the server does.
func (s *Server) OnClientError(f func(err error, socket *Socket)) *core.Listener {
	return s.events.clientError.On(f)
}

// OnceClientError is OnClientError for the next one alone.
func (s *Server) OnceClientError(f func(err error, socket *Socket)) *core.Listener {
	return s.events.clientError.Once(f)
}

// OnConnection adds a listener for accepted connections.
func (s *Server) OnConnection(f func(socket *Socket)) *core.Listener {
	return s.events.connection.On(f)
}

// OnceConnection is OnConnection for the next one alone.
func (s *Server) OnceConnection(f func(socket *Socket)) *core.Listener {
	return s.events.connection.Once(f)
}

// OnTimeout adds a listener for connections that timed out; the listener must
// deal with them, without one the server destroys them.
func (s *Server) OnTimeout(f func(socket *Socket)) *core.Listener { return s.events.timeout.On(f) }

// OnceTimeout is OnTimeout for the next one alone.
func (s *Server) OnceTimeout(f func(socket *Socket)) *core.Listener { return s.events.timeout.Once(f) }

// OnListening adds a listener for the start of listening. If the server
// listens, it is called at once.
func (s *Server) OnListening(f func()) *core.Listener {
	return s.on(func() bool { return s.listener != nil }, f, func() *core.Listener { return s.events.listening.On(f) })
}

// OnceListening is OnListening for the next time alone.
func (s *Server) OnceListening(f func()) *core.Listener {
	return s.on(func() bool { return s.listener != nil }, f, func() *core.Listener { return s.events.listening.Once(f) })
}

// OnClose adds a listener for the moment when the server is closed and its
// last connection has ended. If that is so, it is called at once.
func (s *Server) OnClose(f func()) *core.Listener {
	return s.on(func() bool { return s.closed }, f, func() *core.Listener { return s.events.close.On(f) })
}

// OnceClose is OnClose for the next time alone.
func (s *Server) OnceClose(f func()) *core.Listener {
	return s.on(func() bool { return s.closed }, f, func() *core.Listener { return s.events.close.Once(f) })
}

// OnError adds a listener for errors of the server itself: it could not
// listen, or not accept. If that has happened, it is called at once.
func (s *Server) OnError(f func(err error)) *core.Listener {
	return s.on(func() bool { return s.err != nil }, func() { s.tell(f) }, func() *core.Listener { return s.events.err.On(f) })
}

// OnceError is OnError for the next one alone.
func (s *Server) OnceError(f func(err error)) *core.Listener {
	return s.on(func() bool { return s.err != nil }, func() { s.tell(f) }, func() *core.Listener { return s.events.err.Once(f) })
}

// tell gives the error that has happened to a late listener.
func (s *Server) tell(f func(err error)) {
	s.errTold.Store(true)
	s.mu.Lock()
	err := s.err
	s.mu.Unlock()
	f(err)
}

// on adds a listener, unless the event has happened: then replay runs.
func (s *Server) on(happened func() bool, replay func(), add func() *core.Listener) *core.Listener {
	s.mu.Lock()
	if happened() {
		s.mu.Unlock()
		s.strand.Post(replay)
		return nil
	}
	defer s.mu.Unlock()
	return add()
}
