package runtime

// Events of an IncomingMessage, and the ways in which it ends.

import (
	"time"

	"nodehttp/core"
)

// OnData adds a listener for pieces of the body and lets it flow. A chunk is
// valid until the listener returns.
func (m *IncomingMessage) OnData(f func(chunk []byte)) *core.Subscription {
	return m.body.OnData(m.decoding(f))
}

// OnceData is OnData for the next chunk alone.
func (m *IncomingMessage) OnceData(f func(chunk []byte)) *core.Subscription {
	return m.body.OnceData(m.decoding(f))
}

// OnReadable adds a listener for bytes of the body, or its end, that the next Read
// does not have to wait for; see core.Readable.
func (m *IncomingMessage) OnReadable(f func()) *core.Subscription { return m.body.OnReadable(f) }

// OnceReadable is OnReadable for the next time alone.
func (m *IncomingMessage) OnceReadable(f func()) *core.Subscription { return m.body.OnceReadable(f) }

// OnEnd adds a listener for the end of the body, once it has been consumed.
func (m *IncomingMessage) OnEnd(f func()) *core.Subscription { return m.body.OnEnd(f) }

// OnAborted adds a listener for the connection's early end.
func (m *IncomingMessage) OnAborted(f func()) *core.Subscription {
	return core.OnceLatched(&m.listeners().aborted, m.conn.sock.Wire().Strand(), f)
}

// OnClose adds a listener for the moment when the message is done with.
func (m *IncomingMessage) OnClose(f func()) *core.Subscription {
	l, late := m.listeners().close.Once(f)
	if late && m.emitsClose() {
		core.TellLate(l, m.conn.sock.Wire().Strand(), f)
	}
	return l
}

// OnError adds a listener for what ended the message early.
func (m *IncomingMessage) OnError(f func(err error)) *core.Subscription {
	l, late := m.listeners().err.On(f)
	if late {
		m.mu.Lock()
		err := m.failWith(nil)
		m.mu.Unlock()
		core.TellLate(l, m.conn.sock.Wire().Strand(), func() { f(err) })
	}
	return l
}

// OnTimeout adds a listener for silence as long as SetTimeout says.
func (m *IncomingMessage) OnTimeout(f func()) *core.Subscription {
	return m.listeners().timeout.On(f)
}

// OnceTimeout is OnTimeout for the next time alone.
func (m *IncomingMessage) OnceTimeout(f func()) *core.Subscription {
	return m.listeners().timeout.Once(f)
}

// listeners returns the lists of listeners, made at first use.
func (m *IncomingMessage) listeners() *incomingEvents {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.events == nil {
		m.events = new(incomingEvents)
		m.events.seal(m.note(incomingHeard))
	}
	return m.events
}

// happen notes that events have happened, once, and returns the listeners.
func (m *IncomingMessage) happen(f incomingFlags) (*incomingEvents, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.note(f)&f != 0 {
		return nil, false
	}
	if m.events != nil {
		m.events.seal(f)
	}
	return m.events, true
}

// abort fires 'aborted' unless the exchange is over or the end of the body has been
// reached, and reports whether the message is aborted now. It runs inside the strand.
//
// In older versions 'end' may be beside it: that of a response that was cut off, and
// that of a request which waits for its answer. A request that has come whole can be read
// to its end though its client has left.
func (m *IncomingMessage) abort() bool {
	if m.has(incomingClosed) {
		return m.Aborted()
	}
	p, err := m.rules.profile, abortedBy(m.conn.sock.Wire().Failure())
	switch {
	case m.res == nil && p.CutResponseEnds:
		m.body.Fail(err)
	case m.body.Break(err, p.CutMessageErrors, m.res != nil): // before the listeners, which may panic
	case m.res == nil || p.RequestClosesAtEnd:
		return false
	}
	if events, now := m.happen(incomingAborted); events != nil && now {
		events.aborted.Emit(core.Call)
	}
	return true
}

// emitError fires 'error', if anybody listens, with what Destroy was given or
// else err, unless that is nil or 'close' has happened. It runs inside the strand.
func (m *IncomingMessage) emitError(err error) {
	m.mu.Lock()
	err = m.failWith(err)
	m.mu.Unlock()
	if err == nil || m.has(incomingClosed) || !m.rules.profile.CutMessageErrors {
		return
	}
	if events, now := m.happen(incomingErrored); events != nil && now {
		events.err.Emit(func(f func(error)) { f(err) })
	}
}

// emitsClose reports whether 'close' is told: in old versions it is not of a
// message whose exchange is complete.
func (m *IncomingMessage) emitsClose() bool {
	return m.rules.profile.CloseTellsEnd || m.has(incomingAborted|incomingErrored)
}

// closeEarly is close of a message that may not have been read to its end: if it has
// been, 'end' may be on its way to the strand, and 'close' comes behind that.
func (m *IncomingMessage) closeEarly() {
	if m.body.EndPending() {
		m.closeAfterEnd()
	} else {
		m.emitClose()
	}
}

// emitClose fires 'close', once. It runs inside the strand.
func (m *IncomingMessage) emitClose() {
	if events, now := m.happen(incomingClosed); events != nil && now && m.emitsClose() {
		events.close.Emit(core.Call)
	}
}

// closeAfterEnd fires 'close' when the body has been consumed. It runs inside
// the strand.
func (m *IncomingMessage) closeAfterEnd() { m.OnEnd(m.emitClose) }

// responseSent lets what is left of a request pass when its answer has left; then
// it closes. It runs inside the strand.
func (m *IncomingMessage) responseSent() {
	consumption := m.body.Consumption()
	switch {
	case m.rules.profile.RequestClosesAtEnd: // by itself
	case m.body.EndEmitted():
		m.emitClose()
		return
	default:
		m.closeAfterEnd()
	}
	m.discardRest(consumption)
}

// discardRest lets what is left of the body pass, unless it is being consumed: then the
// connection waits for its consumer, who gets all of it, however slowly. It is told
// how the body has been consumed so far.
//
// Where nobody has begun or listens the rest waits for a while for a reader who comes
// late. Who has begun to read and left before the answer is missed for longer: they
// may be at work on what they have read.
func (m *IncomingMessage) discardRest(consumption core.Consumption) {
	switch {
	case m.body.Settle(), consumption == core.Pushed:
		return
	case m.rules.profile.FlowsAtOnce && m.body.Paused(): // it would flow else
		return
	case consumption == core.Pulled:
		m.body.EndUnread()
		m.body.ReadAhead()
		m.whenUnread(readerGrace, m.destroyRest)
	case consumption == core.Untouched && !m.Complete():
		m.body.ReadAhead()
		m.whenUnread(core.Grace, m.body.Ignore)
	default:
		m.body.Ignore()
	}
}

// readerGrace is how long the rest of a request that has been answered waits for who
// has read a part of it.
const readerGrace = 3 * time.Second

// whenUnread calls f when the rest of the body has been left alone for a while, and
// what comes behind it has to wait for that.
func (m *IncomingMessage) whenUnread(patience time.Duration, f func()) {
	time.AfterFunc(patience, func() {
		switch {
		case m.has(incomingClosed), m.body.ReadOn(), m.body.Consumption() == core.Pushed:
		case m.Complete(), m.body.Full():
			f()
		default:
			m.whenUnread(patience, f)
		}
	})
}

// errRestDiscarded is what a reader gets who comes too late for the rest of a request.
var errRestDiscarded = core.ErrStreamDestroyed.With("The rest of the request has been given up, since it was answered and nobody read on")

// destroyRest destroys a request that nobody reads on, unless all of it has arrived:
// then it keeps nobody waiting.
func (m *IncomingMessage) destroyRest() {
	if !m.Complete() {
		m.destroyAlone(errRestDiscarded)
	}
}

// destroyAlone destroys a request without its connection: the rest of it passes unseen,
// and it can still be answered.
func (m *IncomingMessage) destroyAlone(err error) {
	m.mu.Lock()
	m.note(incomingDestroyed)
	m.failWith(err)
	m.mu.Unlock()
	m.body.Destroy(err)
	strand := m.conn.sock.Wire().Strand()
	strand.Post(func() {
		aborted := false
		strand.Each(func() { aborted = m.abort() }, func() {
			if aborted { // else it has been read to its end meanwhile
				m.emitError(nil)
			}
		}, m.closeEarly)
	})
}

// timeoutHeard reports whether anybody listens for 'timeout'.
func (m *IncomingMessage) timeoutHeard() bool {
	return m.heard() && m.listeners().timeout.Heard()
}

// emitTimeout fires 'timeout' and reports whether anybody listens.
func (m *IncomingMessage) emitTimeout() bool {
	return m.heard() && m.listeners().timeout.Emit(core.Call)
}

// heard reports whether anybody has ever listened to the message, but for its body.
func (m *IncomingMessage) heard() bool {
	return m.has(incomingHeard)
}

// closeQuietly closes a message that nobody has to be told of.
func (m *IncomingMessage) closeQuietly() bool {
	for {
		flags := m.flags.Load()
		switch {
		case incomingFlags(flags)&incomingHeard != 0:
			return false
		case m.flags.CompareAndSwap(flags, flags|uint32(incomingClosed)):
			return true
		}
	}
}

// endQuietly ends the message with the exchange, if nobody has to be told and
// nothing of the body is left. Where a request closes at its end, that has closed it.
func (m *IncomingMessage) endQuietly() bool {
	return m.body.Settle() && (m.rules.profile.RequestClosesAtEnd || m.closeQuietly())
}
