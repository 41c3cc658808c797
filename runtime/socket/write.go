package socket

// Writing to a socket, in the three forms that a stream has.

import (
	"errors"

	"nodehttp/core"
)

// Write sends p, waiting while more than the high-water mark is queued. It
// returns when p may be reused; that the peer has it is not said. After the write
// deadline it returns core.ErrWriteTimeout, with how much of p is sent nevertheless.
func (s *Socket) Write(p []byte) (int, error) {
	s.w.mu.Lock()
	n, err := s.w.stream(p)
	s.w.UnlockNotify()
	return n, s.returned(err)
}

// WriteString is Write for a string.
func (s *Socket) WriteString(p string) (int, error) { return s.Write(core.BytesOf(p)) }

// WriteChunk accepts chunk without waiting. It returns false when the
// high-water mark is reached: 'drain' says when to go on. The callback is
// called when chunk has been given to the system, or has been lost.
func (s *Socket) WriteChunk(chunk []byte, callback ...func(err error)) bool {
	s.w.mu.Lock()
	if err := s.writable(); err != nil {
		s.w.mu.Unlock()
		s.report(err, callback)
		return false
	}
	s.touch()
	full := s.w.Fills(len(chunk))
	s.mu.Lock()
	if s.flags &^= socketDrainMissed; full {
		s.flags |= socketDrainOwed
	}
	s.mu.Unlock()
	s.w.Write(chunk, nil, false)
	s.queueCallbacks(callback)
	s.w.UnlockNotify()
	return !full
}

// End sends what is queued and then ends the sending half; the socket is
// destroyed when the peer has ended too. The callback is called when
// everything has been given to the system.
func (s *Socket) End(callback ...func()) error { return s.EndChunk(nil, callback...) }

// EndString is EndChunk for a string.
func (s *Socket) EndString(p string, callback ...func()) error {
	return s.EndChunk(core.BytesOf(p), callback...)
}

// EndChunk sends chunk as the last one.
func (s *Socket) EndChunk(chunk []byte, callback ...func()) error {
	s.w.mu.Lock()
	if err := s.writable(); err != nil {
		s.w.mu.Unlock()
		return s.returned(err)
	}
	s.touch()
	if len(chunk) > 0 {
		s.w.Write(chunk, nil, false)
	}
	for _, f := range callback {
		s.queueCallbacks([]func(error){func(error) { f() }})
	}
	then := ThenShutdown
	if s.body.Consumed() { // else what the peer has sent before it ended is still to be read
		then = ThenClose
	}
	s.w.End(then)
	s.w.UnlockNotify()
	return nil
}

// CloseWrite ends the sending half.
func (s *Socket) CloseWrite() error { return s.End() }

// plain reports whether no connection reads the socket: it is a plain stream.
func (s *Socket) plain() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.handler == nil
}

// ended reports whether the sending half has ended.
func (s *Socket) ended() bool {
	s.w.mu.Lock()
	defer s.w.mu.Unlock()
	return s.w.ended
}

// endedByPeer notes that nothing more will be received: the socket is destroyed
// when the sending half has ended too.
func (s *Socket) endedByPeer() {
	s.mu.Lock()
	s.flags |= socketEnded
	s.mu.Unlock()
	s.w.mu.Lock()
	if s.w.ended {
		s.w.End(ThenClose)
	}
	s.w.UnlockNotify()
}

// postEnd brings 'end' of a socket that somebody else reads to the strand.
func (s *Socket) postEnd() {
	s.mu.Lock()
	s.flags |= socketEnded
	s.mu.Unlock()
	s.body.Ended()
	s.body.Dump(nil)
}

// writable says why nothing can be written. The caller holds w.mu.
func (s *Socket) writable() error {
	switch {
	case s.w.err != nil, !s.w.ended:
		return s.w.err
	case s.closedAt.Load() != 0:
		return core.ErrStreamDestroyed
	}
	return core.ErrStreamWriteAfterEnd
}

// queueCallbacks has each f called inside the strand when what has been
// accepted is written. The caller holds w.mu.
func (s *Socket) queueCallbacks(callbacks []func(error)) {
	for _, f := range callbacks {
		s.w.After(FlushFunc(func(err error) { s.strand.Post(func() { f(err) }) }))
	}
}

// report gives an error to the callbacks of a write that did not happen.
func (s *Socket) report(err error, callbacks []func(error)) {
	for _, f := range callbacks {
		s.strand.Post(func() { f(err) })
	}
}

// drained is called by the writer, without its mu, when its queue is empty again. If WriteChunk
// has returned false and nobody listens yet, the next listener is called at once.
func (s *Socket) drained() {
	s.mu.Lock()
	h, events := s.handler, s.events
	heard := events != nil && events.drain.Heard()
	if s.flags&socketDrainOwed != 0 && !heard {
		s.flags |= socketDrainMissed
	}
	s.flags &^= socketDrainOwed
	s.mu.Unlock()
	if h != nil {
		h.Drained()
	}
	if heard {
		s.strand.Post(func() { events.drain.Emit(core.Call) })
	}
}

// uncongested is called by the writer when it is crowded no more.
func (s *Socket) uncongested() {
	s.mu.Lock()
	h := s.handler
	s.mu.Unlock()
	if h != nil {
		h.Wanted()
	}
}

// writeFailed is called by the writer, maybe several times.
func (s *Socket) writeFailed(err error) {
	s.mu.Lock()
	h, destroyed := s.handler, s.life.destroyed()
	s.mu.Unlock()
	e := core.FromSystem(err, "write", "")
	if !destroyed && (h == nil || !h.WriteFailed(e)) {
		s.destroy(e)
	}
}

// sendFailure returns why writing has failed, nil if it has not.
func (s *Socket) sendFailure() error {
	s.w.mu.Lock()
	defer s.w.mu.Unlock()
	return s.w.err
}

// wasReset reports whether the end of the socket's bytes is a reset. The system says
// that once, and may have said it to who was writing.
func (s *Socket) wasReset() bool {
	s.w.mu.Lock()
	busy, err := s.w.busy, s.w.err
	s.w.mu.Unlock()
	if err == nil {
		return busy && s.asks(hungUp)
	}
	return errors.Is(err, core.ErrConnReset)
}

// shutdown is called by the writer when all is written after end. cause is what
// thenClose destroys the socket with.
func (s *Socket) shutdown(then CloseMode, cause error) {
	c, ok := s.established().(interface{ CloseWrite() error })
	if ok {
		ok = c.CloseWrite() == nil
	}
	switch {
	case !ok: // without a half-close, ending is closing
		s.destroy(cause)
	case then == ThenShutdown:
		s.watch()
	case then == ThenClose:
		s.linger(cause)
	}
}
