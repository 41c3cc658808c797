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

// OnClose adds a listener for the end of the exchange, whether it went as planned or not.
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
	before := m.note(f)
	if before&f != 0 {
		return nil, false
	}
	if before&incomingHeard == 0 {
		return nil, true // who adds the first listener finds f
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.events.seal(f)
	return m.events, true
}

// abort emits 'aborted' unless the exchange is over or the end of the body has been reached. It
// reports whether the message is aborted now. It runs inside the strand.
//
// In older versions there may be 'end', too: for a response that was cut off, and for a request
// whose response has not been sent. A request that has arrived completely can be read to its
// end although its client has closed the connection.
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

// emitError emits 'error' with what Destroy was given or else err, unless both are nil or
// 'close' has happened. It runs inside the strand.
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

// emitsClose reports whether 'close' is emitted. In old versions it is not if the exchange went
// as planned.
func (m *IncomingMessage) emitsClose() bool {
	return m.rules.profile.CloseTellsEnd || m.has(incomingAborted|incomingErrored)
}

// closeEarly is emitClose of a message that may not have been read to its end. If it has been,
// 'end' may be queued for the strand, and 'close' comes behind that.
func (m *IncomingMessage) closeEarly() {
	if m.body.EndPending() {
		m.closeAfterEnd()
	} else {
		m.emitClose()
	}
}

// emitClose emits 'close', once. It runs inside the strand.
func (m *IncomingMessage) emitClose() {
	if events, now := m.happen(incomingClosed); events != nil && now && m.emitsClose() {
		events.close.Emit(core.Call)
	}
}

// endUnannounced ends a request without a body before 'request' is emitted: its end and 'close'
// have happened for whoever listens.
func (m *IncomingMessage) endUnannounced() {
	m.body.Settle()
	m.note(incomingClosed | incomingDestroyed)
}

// closeAfterEnd emits 'close' when the body has been consumed. It runs inside the strand.
func (m *IncomingMessage) closeAfterEnd() { m.OnEnd(m.emitClose) }

// responseSent discards the rest of a request whose response has been sent, and then closes the
// request. It runs inside the strand.
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

// discardRest discards what is left of the body, unless that is being consumed: then the
// connection waits for the consumer, which gets all of it, however slowly. consumption says how
// the body has been consumed so far.
//
// If nobody has begun to consume it, the rest is kept for core.Grace, in case a reader comes
// late. If somebody has read a part, it is kept for readerGrace: the reader may be at work on
// that part.
func (m *IncomingMessage) discardRest(consumption core.Consumption) {
	switch {
	case m.body.Settle(), consumption == core.Pushed:
		return
	case m.rules.profile.FlowsAtOnce && m.body.Paused(): // by the program
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

// readerGrace is how long the rest of a request whose response has been sent is kept for a
// reader that has read a part of it.
const readerGrace = 3 * time.Second

// whenUnread calls f when nobody has read the body for patience and the connection has to wait
// for that.
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

// errRestDiscarded is the error of a Read that comes too late for the rest of a request.
var errRestDiscarded = core.ErrStreamDestroyed.With("The rest of the request has been discarded, since the response was sent and nobody read on")

// destroyRest destroys a request, but not its connection, unless all of it has arrived: then
// the connection does not wait for it.
func (m *IncomingMessage) destroyRest() {
	if !m.Complete() {
		m.destroyAlone(errRestDiscarded)
	}
}

// destroyAlone destroys a request, but not its connection. The rest of it is discarded, and its
// response can still be sent.
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

// emitTimeout emits 'timeout' and reports whether anybody listens.
func (m *IncomingMessage) emitTimeout() bool {
	return m.heard() && m.listeners().timeout.Emit(core.Call)
}

// heard reports whether a listener has ever been added, other than those of the body.
func (m *IncomingMessage) heard() bool {
	return m.has(incomingHeard)
}

// closeQuietly closes a message that nobody listens to. It reports false for another one.
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

// endQuietly ends the message with the exchange, if nobody listens and nothing of the body is
// left. Where a request closes at its end, that has closed it.
func (m *IncomingMessage) endQuietly() bool {
	return m.body.Settle() && (m.rules.profile.RequestClosesAtEnd || m.closeQuietly())
}
