package socket

// Events of a socket.

import "nodehttp/core"

// listeners returns the lists, made at first use. The caller holds mu.
func (s *Socket) listeners() *socketEvents {
	if s.events == nil {
		s.events = new(socketEvents)
	}
	return s.events
}

// on adds a listener with add, unless the event has happened: then it is
// called with what happened.
func (s *Socket) on(happened func() bool, now func(), add func(*socketEvents) *core.Subscription) *core.Subscription {
	s.mu.Lock()
	if happened != nil && happened() {
		s.mu.Unlock()
		s.strand.Post(now)
		return nil
	}
	defer s.mu.Unlock()
	return add(s.listeners())
}

// OnConnect adds a listener for the moment when the connection is established.
// After the fact it is called all the same.
func (s *Socket) OnConnect(f func()) *core.Subscription {
	return s.on(
		func() bool { return s.conn != nil },
		f,
		func(e *socketEvents) *core.Subscription { return e.connect.Once(f) })
}

// OnClose adds a listener for the end of the socket; hadError says whether
// it was destroyed with an error. After the fact it is called all the same.
func (s *Socket) OnClose(f func(hadError bool)) *core.Subscription {
	return s.on(
		func() bool { return s.flags&socketClosed != 0 },
		func() { f(s.err != nil) },
		func(e *socketEvents) *core.Subscription { return e.close.Once(f) })
}

// OnError adds a listener for the error that destroys the socket. After the
// fact it is called all the same.
func (s *Socket) OnError(f func(err error)) *core.Subscription {
	l := s.on(
		func() bool { return s.flags&socketErrored != 0 && s.err != nil },
		func() { f(s.err) },
		func(e *socketEvents) *core.Subscription { return e.err.On(f) })
	if l == nil {
		s.known()
	}
	return l
}

// OnDrain adds a listener for the moment when everything written has left,
// after WriteChunk returned false.
func (s *Socket) OnDrain(f func()) *core.Subscription {
	return s.on(nil, nil, func(e *socketEvents) *core.Subscription { return e.drain.On(f) })
}

// OnceDrain is OnDrain for the next time alone.
func (s *Socket) OnceDrain(f func()) *core.Subscription {
	return s.on(nil, nil, func(e *socketEvents) *core.Subscription { return e.drain.Once(f) })
}

// OnTimeout adds a listener for silence as long as SetTimeout says.
func (s *Socket) OnTimeout(f func()) *core.Subscription {
	return s.on(nil, nil, func(e *socketEvents) *core.Subscription { return e.timeout.On(f) })
}

// OnceTimeout is OnTimeout for the next time alone.
func (s *Socket) OnceTimeout(f func()) *core.Subscription {
	return s.on(nil, nil, func(e *socketEvents) *core.Subscription { return e.timeout.Once(f) })
}

// OnData adds a listener for received bytes and lets the stream flow. A chunk
// is valid until the listener returns.
//
// While a connection reads the socket, the listener hears what that receives: the
// bytes of each packet that arrives from now on, behind the events that they bring about,
// and before them where the profile has streams flow at once. The stream that the socket
// becomes when the connection hands it over is the listener's, too; it begins to flow
// with the next OnData or with Resume, and at once where the profile says so.
func (s *Socket) OnData(f func(chunk []byte)) *core.Subscription {
	defer s.dataHeard.Store(true) // behind: who finds it set finds the listener
	return s.body.OnData(f)
}

// OnceData is OnData for the next chunk alone.
func (s *Socket) OnceData(f func(chunk []byte)) *core.Subscription {
	defer s.dataHeard.Store(true)
	return s.body.OnceData(f)
}

// OnEnd adds a listener for the peer's end of the stream.
func (s *Socket) OnEnd(f func()) *core.Subscription { return s.body.OnEnd(f) }
