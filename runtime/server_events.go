package runtime

// Events of a server. Those that belong to a connection run inside its strand.

import (
	"nodehttp/core"
	"nodehttp/runtime/socket"
)

// OnRequest adds a listener for requests.
func (s *Server) OnRequest(f func(*IncomingMessage, *ServerResponse)) *core.Subscription {
	return s.events.request.On(f)
}

// OnceRequest is OnRequest for the next one alone.
func (s *Server) OnceRequest(f func(*IncomingMessage, *ServerResponse)) *core.Subscription {
	return s.events.request.Once(f)
}

// OnCheckContinue adds a listener for requests that expect 100-continue, in
// place of 'request'.
func (s *Server) OnCheckContinue(f func(*IncomingMessage, *ServerResponse)) *core.Subscription {
	return s.events.checkContinue.On(f)
}

// OnceCheckContinue is OnCheckContinue for the next one alone.
func (s *Server) OnceCheckContinue(f func(*IncomingMessage, *ServerResponse)) *core.Subscription {
	return s.events.checkContinue.Once(f)
}

// OnCheckExpectation adds a listener for requests that expect something else.
func (s *Server) OnCheckExpectation(f func(*IncomingMessage, *ServerResponse)) *core.Subscription {
	return s.events.checkExpectation.On(f)
}

// OnceCheckExpectation is OnCheckExpectation for the next one alone.
func (s *Server) OnceCheckExpectation(f func(*IncomingMessage, *ServerResponse)) *core.Subscription {
	return s.events.checkExpectation.Once(f)
}

// OnUpgrade adds a listener for requests to upgrade. The socket belongs to the listener from
// then on; head is what was received behind the request.
func (s *Server) OnUpgrade(f func(req *IncomingMessage, socket *socket.Socket, head []byte)) *core.Subscription {
	return s.events.upgrade.On(f)
}

// OnceUpgrade is OnUpgrade for the next one alone.
func (s *Server) OnceUpgrade(f func(req *IncomingMessage, socket *socket.Socket, head []byte)) *core.Subscription {
	return s.events.upgrade.Once(f)
}

// OnConnect adds a listener for CONNECT requests; see OnUpgrade.
func (s *Server) OnConnect(f func(req *IncomingMessage, socket *socket.Socket, head []byte)) *core.Subscription {
	return s.events.connect.On(f)
}

// OnceConnect is OnConnect for the next one alone.
func (s *Server) OnceConnect(f func(req *IncomingMessage, socket *socket.Socket, head []byte)) *core.Subscription {
	return s.events.connect.Once(f)
}

// OnDropRequest adds a listener for requests beyond MaxRequestsPerSocket.
func (s *Server) OnDropRequest(f func(req *IncomingMessage, socket *socket.Socket)) *core.Subscription {
	return s.events.dropRequest.On(f)
}

// OnceDropRequest is OnDropRequest for the next one alone.
func (s *Server) OnceDropRequest(f func(req *IncomingMessage, socket *socket.Socket)) *core.Subscription {
	return s.events.dropRequest.Once(f)
}

// OnClientError adds a listener for errors of connections. The listener must
// respond on the socket or destroy it; without a listener the server does.
func (s *Server) OnClientError(f func(err error, socket *socket.Socket)) *core.Subscription {
	return s.events.clientError.On(f)
}

// OnceClientError is OnClientError for the next one alone.
func (s *Server) OnceClientError(f func(err error, socket *socket.Socket)) *core.Subscription {
	return s.events.clientError.Once(f)
}

// OnConnection adds a listener for accepted connections.
func (s *Server) OnConnection(f func(socket *socket.Socket)) *core.Subscription {
	return s.events.connection.On(f)
}

// OnceConnection is OnConnection for the next one alone.
func (s *Server) OnceConnection(f func(socket *socket.Socket)) *core.Subscription {
	return s.events.connection.Once(f)
}

// OnTimeout adds a listener for connections that timed out. The listener must end them;
// without a listener the server destroys them.
func (s *Server) OnTimeout(f func(socket *socket.Socket)) *core.Subscription {
	return s.events.timeout.On(f)
}

// OnceTimeout is OnTimeout for the next one alone.
func (s *Server) OnceTimeout(f func(socket *socket.Socket)) *core.Subscription {
	return s.events.timeout.Once(f)
}

// OnListening adds a listener for the start of listening. If the server
// listens already, it is called all the same.
func (s *Server) OnListening(f func()) *core.Subscription {
	return core.OnLatched(&s.events.listening, &s.strand, f)
}

// OnceListening is OnListening for one time alone.
func (s *Server) OnceListening(f func()) *core.Subscription {
	return core.OnceLatched(&s.events.listening, &s.strand, f)
}

// OnClose adds a listener for the moment when the server is closed and its
// last connection has ended. If that has happened, it is called all the same.
func (s *Server) OnClose(f func()) *core.Subscription {
	return core.OnLatched(&s.events.close, &s.strand, f)
}

// OnceClose is OnClose for one time alone.
func (s *Server) OnceClose(f func()) *core.Subscription {
	return core.OnceLatched(&s.events.close, &s.strand, f)
}

// OnError adds a listener for errors of the server itself: it could not
// listen, or not accept. If that has happened, it is called with the last one.
func (s *Server) OnError(f func(err error)) *core.Subscription {
	l, late := s.events.err.On(f)
	if late {
		s.tell(l, f)
	}
	return l
}

// OnceError is OnError for one time alone.
func (s *Server) OnceError(f func(err error)) *core.Subscription {
	l, late := s.events.err.Once(f)
	if late {
		s.tell(l, f)
	}
	return l
}

// failure returns the last error, nil if the server works.
func (s *Server) failure() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failed == nil {
		return nil
	}
	return s.failed.err
}

// tell gives the last error to a late listener, unless the server works again.
func (s *Server) tell(l *core.Subscription, f func(err error)) {
	var report *core.Report
	s.mu.Lock()
	if s.failed != nil {
		report, s.failed.heard = s.failed.report, true
	}
	s.mu.Unlock()
	core.TellLate(l, &s.strand, func() {
		if err := s.failure(); err != nil {
			f(err)
		}
	})
	report.Heard()
}
