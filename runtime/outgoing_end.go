package runtime

// The end of an outgoing message, as planned or not, and its events.

import (
	"errors"

	"nodehttp/core"
)

type outgoingEvents struct {
	prefinish, finish, close core.Latch[func()]
	err                      core.Latch[func(error)] // may be emitted again
	drain, timeout           core.Event[func()]
}

// seal seals the latches of events that have happened, but for 'finish'. The caller holds the
// message's mu.
func (e *outgoingEvents) seal(happened outgoingFlags) {
	if happened&outgoingPrefinished != 0 {
		e.prefinish.Seal()
	}
	if happened&outgoingClosed != 0 {
		e.close.Seal()
	}
	if happened&outgoingErrored != 0 {
		e.err.Seal()
	}
}

// End finishes the message; everything that is to be sent has been written.
// The callback is added as a listener of 'finish'. It returns
// core.ErrStreamWriteAfterEnd when the message has been ended already,
// core.ErrStreamDestroyed when its connection has closed, and
// core.ErrHTTPContentLengthMismatch when not as many bytes were written as
// Content-Length promises: the connection is then closed, since its other
// side cannot tell where the message ends. For a head that may not be sent it
// returns the error that says what is wrong; the message is then as it was before.
func (m *OutgoingMessage) End(callback ...func()) error { return m.EndChunk(nil, callback...) }

// EndString is EndChunk for a string.
func (m *OutgoingMessage) EndString(s string, callback ...func()) error {
	return m.EndChunk(core.BytesOf(s), callback...)
}

// EndEncoded is EndChunk for a string in an encoding.
func (m *OutgoingMessage) EndEncoded(s string, encoding core.Encoding, callback ...func()) error {
	return m.EndChunk(encoding.Append(nil, s), callback...)
}

// EndChunk sends chunk as the last piece of the body and finishes the
// message, with head and body in one piece if nothing was sent before. It
// does not wait. Errors are those of End.
func (m *OutgoingMessage) EndChunk(chunk []byte, callback ...func()) error {
	return m.noteReturned(m.end(chunk, callback))
}

// end is EndChunk.
func (m *OutgoingMessage) end(chunk []byte, callback []func()) error {
	m.mu.Lock()
	switch {
	case m.state.phase.ended():
		m.mu.Unlock()
		return core.ErrStreamWriteAfterEnd
	case m.flags&outgoingDestroyed != 0:
		err := m.destroyedError()
		m.mu.Unlock()
		return err
	}
	err := m.checkHead()
	if err == nil {
		err = m.checkBody(len(chunk), int64(len(chunk)))
	}
	if err != nil {
		m.mu.Unlock()
		return err
	}
	for _, f := range callback {
		core.OnceLatched(&m.lists().finish, m.strand, f)
	}
	m.stepPhase(phaseEventEnd)
	events := m.events.Load()
	heard := events != nil && events.prefinish.Heard()
	if !heard {
		m.note(outgoingPrefinished)
		heard = events != nil && events.prefinish.Heard() // a listener may have been added meanwhile
	}
	var t transfer
	err = m.send(&t, chunk, true, false, nil)
	m.mu.Unlock()
	t.run()
	if heard {
		m.strand.Post(m.emitPrefinish)
	}
	if err != nil && errors.Is(err, core.ErrHTTPContentLengthMismatch) { // any other error is one of the connection, whose end emits it
		m.kind.Destroy(err)
	}
	return err
}

// noteReturned returns err, which a call is about to return. It notes whether the user learns
// from it that the message cannot be sent.
func (m *OutgoingMessage) noteReturned(err error) error {
	if err != nil && (errors.Is(err, core.ErrStreamDestroyed) || err != core.ErrStreamWriteAfterEnd && m.has(outgoingDestroyed)) {
		m.mu.Lock()
		m.flags |= outgoingErrorKnown
		reports := m.takeReports()
		m.mu.Unlock()
		for _, r := range reports {
			r.Heard()
		}
	}
	return err
}

// emitPrefinish emits 'prefinish', once to each listener. It runs inside the strand.
func (m *OutgoingMessage) emitPrefinish() {
	if events, _ := m.happen(outgoingPrefinished); events != nil {
		events.prefinish.Emit(core.Call)
	}
}

// OnDrain adds a listener for the moment when everything that was written has been given to
// the system, after WriteChunk returned false. If that has happened already and nobody
// listened, the listener is called all the same.
func (m *OutgoingMessage) OnDrain(f func()) *core.Subscription {
	m.mu.Lock()
	l := m.lists().drain.On(f)
	due := m.takeMissedDrain()
	m.mu.Unlock()
	if due {
		m.strand.Post(f)
	}
	return l
}

// OnceDrain is OnDrain for one time alone.
func (m *OutgoingMessage) OnceDrain(f func()) *core.Subscription {
	m.mu.Lock()
	if m.takeMissedDrain() {
		m.mu.Unlock()
		m.strand.Post(f)
		return nil
	}
	defer m.mu.Unlock()
	return m.lists().drain.Once(f)
}

// takeMissedDrain reports, once, that 'drain' has happened and nobody listened. The caller
// holds mu.
func (m *OutgoingMessage) takeMissedDrain() bool {
	due := m.flags&outgoingDrainMissed != 0
	m.flags &^= outgoingDrainMissed
	return due
}

// OnPrefinish adds a listener for the call of End. After the fact it is
// called all the same.
func (m *OutgoingMessage) OnPrefinish(f func()) *core.Subscription {
	return core.OnceLatched(&m.listeners().prefinish, m.strand, f)
}

// OnFinish adds a listener for the moment when all of the message has been
// given to the system. After the fact it is called all the same.
func (m *OutgoingMessage) OnFinish(f func()) *core.Subscription {
	return core.OnceLatched(&m.listeners().finish, m.strand, f)
}

// OnClose adds a listener for the end of the exchange, as planned or not.
// After the fact it is called all the same.
func (m *OutgoingMessage) OnClose(f func()) *core.Subscription {
	l, late := m.listeners().close.Once(f)
	if late && m.emitsClose() {
		core.TellLate(l, m.strand, f)
	}
	return l
}

// OnError adds a listener for errors. After the fact it is called all the same.
func (m *OutgoingMessage) OnError(f func(err error)) *core.Subscription {
	l, late := m.listeners().err.On(f)
	if late {
		m.emitErrorLate(l, f)
	}
	return l
}

// OnceError is OnError for the next one alone.
func (m *OutgoingMessage) OnceError(f func(err error)) *core.Subscription {
	l, late := m.listeners().err.Once(f)
	if late {
		m.emitErrorLate(l, f)
	}
	return l
}

// emitErrorLate gives a late listener of 'error' the error that has happened.
func (m *OutgoingMessage) emitErrorLate(l *core.Subscription, f func(error)) {
	m.mu.Lock()
	m.flags |= outgoingErrorKnown
	err, reports := m.failure(), m.takeReports()
	m.mu.Unlock()
	core.TellLate(l, m.strand, func() { f(err) })
	for _, r := range reports {
		r.Heard()
	}
}

// OnTimeout adds a listener for silence as long as SetTimeout says.
func (m *OutgoingMessage) OnTimeout(f func()) *core.Subscription {
	return m.listeners().timeout.On(f)
}

// OnceTimeout is OnTimeout for the next time alone.
func (m *OutgoingMessage) OnceTimeout(f func()) *core.Subscription {
	return m.listeners().timeout.Once(f)
}

// lists returns the lists of listeners, made at first use. The caller holds mu.
func (m *OutgoingMessage) lists() *outgoingEvents {
	events := m.events.Load()
	if events == nil {
		events = new(outgoingEvents)
		events.seal(m.flags)
		if m.state.phase == phaseFinished {
			events.finish.Seal()
		}
		m.events.Store(events)
	}
	return events
}

// listeners is lists for a caller that does not hold mu.
func (m *OutgoingMessage) listeners() *outgoingEvents {
	if events := m.events.Load(); events != nil {
		return events
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.lists()
}

// note sets flags of events that happen. The caller holds mu.
func (m *OutgoingMessage) note(f outgoingFlags) {
	m.flags |= f
	if events := m.events.Load(); events != nil {
		events.seal(f)
	}
}

// happen notes that an event has happened, once, and returns the listeners.
func (m *OutgoingMessage) happen(f outgoingFlags) (events *outgoingEvents, now bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	now = m.flags&f == 0
	m.note(f)
	return m.events.Load(), now
}

// sentMessage is a message as the Flusher of its own end.
type sentMessage OutgoingMessage

// Flushed implements socket.Flusher.
func (m *sentMessage) Flushed(err error) { (*OutgoingMessage)(m).flushed(err) }

// flushed is called by the writer when all of the message has been given to the system, or
// will never be.
func (m *OutgoingMessage) flushed(err error) {
	if err != nil {
		m.kind.writeFailed()
		return
	}
	m.mu.Lock()
	if m.flags&outgoingMoved != 0 && !m.allSent() {
		m.mu.Unlock()
		return // the call is from the connection before
	}
	unheard, emit := m.noteFinish()
	m.mu.Unlock()
	m.kind.finished(unheard, emit)
}

// noteFinish notes that all of the message has been given to the system, and returns what
// outgoingKind.finished is to be given. The caller holds mu.
func (m *OutgoingMessage) noteFinish() (unheard bool, emit func()) {
	now := m.state.phase != phaseFinished
	m.stepPhase(phaseEventFinish)
	events := m.events.Load()
	if events == nil {
		if m.flags&closesAtOnce != 0 {
			m.flags |= outgoingClosed // nobody listens
		}
		return true, nil
	}
	events.finish.Seal()
	if now && events.finish.Heard() {
		emit = func() { m.emitFinish(events) }
	}
	return false, emit
}

// emitFinish emits 'finish', unless 'close' has happened. It runs inside the strand.
func (m *OutgoingMessage) emitFinish(events *outgoingEvents) {
	if m.has(outgoingClosed) {
		return
	}
	m.emitPrefinish() // End may not have done so yet
	events.finish.Emit(core.Call)
}

// catchUp emits 'finish' if all of the message has been given to the system and the writer
// has not said so yet: the response to a request may be faster. It runs inside the strand.
func (m *OutgoingMessage) catchUp() {
	m.mu.Lock()
	events, done := m.events.Load(), m.state.phase == phaseFinished
	sent := done || m.allSent()
	m.mu.Unlock()
	if sent {
		m.tellSent(done, events)
	}
}

// tellSent is catchUp of a message that has been sent. done says that its writer has
// said so.
func (m *OutgoingMessage) tellSent(done bool, events *outgoingEvents) {
	if !done {
		m.flushed(nil)
	}
	if events != nil && (events.prefinish.Heard() || events.finish.Heard()) {
		m.emitFinish(events)
	}
}

// allSent reports whether its socket has given all of the message to the system.
// The caller holds mu.
func (m *OutgoingMessage) allSent() bool {
	if m.state.phase < phaseAccepted || m.sock == nil {
		return false
	}
	return m.sock.Wire().Writer().Unsent() == 0
}

// drained emits 'drain' if WriteChunk has returned false: the socket, which the message writes
// to, has given all to the system. If nobody listens yet, the next listener is called at once:
// the system may be faster than the caller of WriteChunk. While something is pending, 'drain'
// is owed until that has left, too.
func (m *OutgoingMessage) drained() {
	m.mu.Lock()
	if m.flags&outgoingDrainOwed == 0 || m.state.phase.ended() || m.pendingLen() > 0 {
		m.mu.Unlock()
		return
	}
	m.flags &^= outgoingDrainOwed
	events := m.events.Load()
	heard := events != nil && events.drain.Heard()
	if !heard {
		m.flags |= outgoingDrainMissed
	}
	m.mu.Unlock()
	if heard {
		m.strand.Post(func() { events.drain.Emit(core.Call) })
	}
}

// emitError emits 'error' and reports whether anybody listens. It runs inside
// the strand.
func (m *OutgoingMessage) emitError(err error) bool {
	m.mu.Lock()
	m.failWith(err)
	m.mu.Unlock()
	events, _ := m.happen(outgoingErrored)
	return events != nil && events.err.Emit(func(f func(error)) { f(err) })
}

// errorEmitted reports whether err has been emitted as 'error'.
func (m *OutgoingMessage) errorEmitted(err error) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.flags&outgoingErrored != 0 && errors.Is(err, m.failure())
}

// reportUnheard gives an error that no listener has heard to the hook of uncaught errors, after
// a grace for a late listener, and unless a call has returned it.
func (m *OutgoingMessage) reportUnheard(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.flags&outgoingErrorKnown == 0 {
		m.ensureRare().reports = append(m.rare.reports, core.NewReport(err, core.Grace))
	}
}

// emitClose emits 'close', once. It runs inside the strand.
func (m *OutgoingMessage) emitClose() {
	if events, now := m.happen(outgoingClosed); now && events != nil && m.emitsClose() {
		events.close.Emit(core.Call)
	}
}

// emitsClose reports whether 'close' is emitted.
func (m *OutgoingMessage) emitsClose() bool {
	return m.kind.emitsClose() || m.stateNow().phase != phaseFinished
}

// markDestroyed notes that nothing can be sent any more, because of err if that is not nil,
// and ends the waits. The caller holds mu.
func (m *OutgoingMessage) markDestroyed(err error) {
	m.flags |= outgoingDestroyed
	m.failWith(err)
	m.makeRoom()
}

// abandon is markDestroyed, and calls the callbacks of what was not sent.
func (m *OutgoingMessage) abandon(err error) {
	m.mu.Lock()
	m.markDestroyed(err)
	m.pending = nil
	m.takeOverflow()
	callbacks, destroyed := m.takeCallbacks(), m.destroyedError()
	m.mu.Unlock()
	for _, f := range callbacks {
		m.strand.Post(func() { f(destroyed) })
	}
}

// timeoutHeard reports whether anybody listens for 'timeout'.
func (m *OutgoingMessage) timeoutHeard() bool {
	events := m.events.Load()
	return events != nil && events.timeout.Heard()
}

// emitTimeout emits 'timeout' and reports whether anybody listens.
func (m *OutgoingMessage) emitTimeout() bool {
	events := m.events.Load()
	return events != nil && events.timeout.Emit(core.Call)
}
