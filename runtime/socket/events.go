package socket

// Events of a socket.

import "nodehttp/core"

// lists returns the lists of listeners, made at first use. The caller holds mu.
func (s *Socket) lists() *socketEvents {
	if s.events == nil {
		s.events = new(socketEvents)
		s.seal()
	}
	return s.events
}

// listeners is lists for a caller that does not hold mu.
func (s *Socket) listeners() *socketEvents {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.lists()
}

// seal has the latches know what has happened. The caller holds mu, and calls seal when it
// has changed that.
func (s *Socket) seal() {
	e := s.events
	if e == nil {
		return
	}
	if s.conn != nil {
		e.connect.Seal()
	}
	if s.flags&socketErrored != 0 && s.err != nil {
		e.err.Seal()
	}
	if s.flags&socketClosed != 0 {
		e.close.Seal()
	}
}

// OnConnect adds a listener for the moment when the connection is established.
// After the fact it is called all the same.
func (s *Socket) OnConnect(f func()) *core.Subscription {
	return core.OnceLatched(&s.listeners().connect, s.strand, f)
}

// OnClose adds a listener for the end of the socket; hadError says whether
// it was destroyed with an error. After the fact it is called all the same.
func (s *Socket) OnClose(f func(hadError bool)) *core.Subscription {
	l, late := s.listeners().close.Once(f)
	if late {
		core.TellLate(l, s.strand, func() { f(s.failure() != nil) })
	}
	return l
}

// OnError adds a listener for the error that destroys the socket. After the
// fact it is called all the same.
func (s *Socket) OnError(f func(err error)) *core.Subscription {
	l, late := s.listeners().err.On(f)
	if late {
		core.TellLate(l, s.strand, func() { f(s.failure()) })
		s.known()
	}
	return l
}

// OnDrain adds a listener for the moment when everything written has left,
// after WriteChunk returned false. If that has happened already and nobody
// listened, the listener is called all the same.
func (s *Socket) OnDrain(f func()) *core.Subscription {
	events := s.listeners()
	s.mu.Lock()
	l := events.drain.On(f)
	due := s.takeMissedDrain()
	s.mu.Unlock()
	if due {
		s.strand.Post(f)
	}
	return l
}

// OnceDrain is OnDrain for one time alone.
func (s *Socket) OnceDrain(f func()) *core.Subscription {
	events := s.listeners()
	s.mu.Lock()
	if s.takeMissedDrain() {
		s.mu.Unlock()
		s.strand.Post(f)
		return nil
	}
	defer s.mu.Unlock()
	return events.drain.Once(f)
}

// takeMissedDrain reports, once, that 'drain' has happened and nobody listened. The caller
// holds mu.
func (s *Socket) takeMissedDrain() bool {
	due := s.flags&socketDrainMissed != 0
	s.flags &^= socketDrainMissed
	return due
}

// OnTimeout adds a listener for silence as long as SetTimeout says.
func (s *Socket) OnTimeout(f func()) *core.Subscription {
	return s.listeners().timeout.On(f)
}

// OnceTimeout is OnTimeout for the next time alone.
func (s *Socket) OnceTimeout(f func()) *core.Subscription {
	return s.listeners().timeout.Once(f)
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
