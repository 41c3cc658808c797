package runtime

// Events of a ClientRequest, and the ways in which it ends.

import (
	"time"

	"nodehttp/core"
	"nodehttp/runtime/socket"
)

// OnResponse adds a listener for the response, which comes once. After the
// fact it is called all the same, unless the response has been discarded because
// nobody asked for it within half a second: then it is never called.
func (r *ClientRequest) OnResponse(f func(res *IncomingMessage)) *core.Subscription {
	l, late := r.onResponse.Once(f)
	if late {
		core.TellLate(l, r.out.strand, func() { r.emitLateResponse(f) })
	}
	return l
}

// emitLateResponse gives the response to a listener that came after it.
func (r *ClientRequest) emitLateResponse(f func(*IncomingMessage)) {
	c, res := r.keepResponse()
	if res == nil {
		return
	}
	c.emittingResponse.Store(true)
	defer c.emittingResponse.Store(false)
	f(res)
}

// keepResponse stops the timer that would discard the response, and returns the response, nil if
// it has been discarded. It runs inside the strand.
func (r *ClientRequest) keepResponse() (*clientConn, *IncomingMessage) {
	r.out.mu.Lock()
	defer r.out.mu.Unlock()
	if r.states.answer == requestDiscarded {
		return nil, nil
	}
	if r.early != nil && r.early.discard != nil {
		r.early.discard.Stop()
		r.early.discard = nil // should it be too late to stop it
	}
	return r.conn.Load(), r.res
}

// discardResponse discards a response for which no listener has come in time.
func (r *ClientRequest) discardResponse(res *IncomingMessage) {
	r.out.mu.Lock()
	due := r.early.discard != nil
	if due {
		requestAnswerSteps.Step(&r.states.answer, requestEventDiscard)
	}
	r.out.mu.Unlock()
	if due {
		res.body.Dump(nil)
	}
}

// OnSocket adds a listener for the connection, possibly not established yet.
// After the fact it is called all the same.
func (r *ClientRequest) OnSocket(f func(socket *socket.Socket)) *core.Subscription {
	l, late := r.listeners().socket.Once(f)
	if late {
		core.TellLate(l, r.out.strand, func() { r.emitSocket(f) })
	}
	return l
}

// emitSocket calls a listener of 'socket', unless the request has been destroyed and detachHidden
// has taken the connection. It runs inside the strand.
func (r *ClientRequest) emitSocket(f func(*socket.Socket)) {
	r.out.mu.Lock()
	c := r.conn.Load()
	if c != nil {
		requestLifeSteps.Step(&r.states.life, requestEventShow)
	}
	r.out.mu.Unlock()
	if c != nil {
		f(c.sock)
	}
}

// detachHidden separates a request that is being destroyed from a connection that is not
// established and that 'socket' has not shown: then it ends like a request without a
// connection. The caller holds the message's mu.
func (r *ClientRequest) detachHidden() *clientConn {
	c := r.conn.Load()
	if c == nil || r.states.life == requestShown || !r.rules.profile.AbortIsSilent || c.sock.Conn() != nil {
		return nil
	}
	r.conn.Store(nil)
	c.forget(r)
	return c
}

// OnUpgrade adds a listener for a response that switches protocols. The socket
// is its own from then on; head is what was received after the response. After
// the fact it is called all the same, unless the socket has been destroyed because
// nobody asked for it in time.
func (r *ClientRequest) OnUpgrade(f func(res *IncomingMessage, socket *socket.Socket, head []byte)) *core.Subscription {
	return r.onHandover(false, func(e *requestEvents) *core.Subscription { return e.upgrade.On(f) })
}

// OnConnect adds a listener for the answer to CONNECT; see OnUpgrade.
func (r *ClientRequest) OnConnect(f func(res *IncomingMessage, socket *socket.Socket, head []byte)) *core.Subscription {
	return r.onHandover(true, func(e *requestEvents) *core.Subscription { return e.connect.On(f) })
}

// OnContinue adds a listener for "100 Continue": the body may be sent. If there
// was one already it is called for that, too.
func (r *ClientRequest) OnContinue(f func()) *core.Subscription {
	return core.OnLatched(&r.listeners().proceed, r.out.strand, f)
}

// OnceContinue is OnContinue for one time alone.
func (r *ClientRequest) OnceContinue(f func()) *core.Subscription {
	return core.OnceLatched(&r.listeners().proceed, r.out.strand, f)
}

// OnInformation adds a listener for informational responses. Those that came
// before anybody listened are told all the same.
func (r *ClientRequest) OnInformation(f func(info Information)) *core.Subscription {
	return r.onInformation(f, (*core.Event[func(Information)]).On)
}

// OnceInformation is OnInformation for the next one alone.
func (r *ClientRequest) OnceInformation(f func(info Information)) *core.Subscription {
	return r.onInformation(f, (*core.Event[func(Information)]).Once)
}

func (r *ClientRequest) onInformation(f func(Information), add func(*core.Event[func(Information)], func(Information)) *core.Subscription) *core.Subscription {
	r.out.mu.Lock()
	l := add(&r.lists().information, f)
	var missed []Information
	if e := r.early; e != nil {
		missed, e.missed = e.missed, nil
	}
	r.out.mu.Unlock()
	for _, info := range missed {
		r.out.strand.Post(func() { r.informed(info) })
	}
	return l
}

// OnAbort adds a listener for Abort. After the fact it is called all the same.
func (r *ClientRequest) OnAbort(f func()) *core.Subscription {
	return core.OnceLatched(&r.listeners().abort, r.out.strand, f)
}

// lists returns the lists of listeners, made at first use. The caller holds the message's mu.
func (r *ClientRequest) lists() *requestEvents {
	if r.events == nil {
		r.events = new(requestEvents)
		if r.conn.Load() != nil {
			r.events.socket.Seal()
		}
		if r.states.facts&requestProceeds != 0 {
			r.events.proceed.Seal()
		}
		if r.states.abort == requestAborted {
			r.events.abort.Seal()
		}
	}
	return r.events
}

// listeners is lists for a caller that does not hold the message's mu.
func (r *ClientRequest) listeners() *requestEvents {
	r.out.mu.Lock()
	defer r.out.mu.Unlock()
	return r.lists()
}

// heard returns the listeners there are. The caller holds the message's mu, and
// adds none.
func (r *ClientRequest) heard() *requestEvents {
	if r.events == nil {
		return &unheard
	}
	return r.events
}

// unheard are the events of a request without listeners.
var unheard requestEvents

// note notes facts and returns the listeners.
func (r *ClientRequest) note(f requestFacts) *requestEvents {
	r.out.mu.Lock()
	defer r.out.mu.Unlock()
	r.states.facts |= f
	if f&requestProceeds != 0 && r.events != nil {
		r.events.proceed.Seal()
	}
	return r.heard()
}

// catchUp is that of the message. It also returns the state of the message, and whether the
// response has come.
func (r *ClientRequest) catchUp() (state outgoingState, answered bool) {
	m := &r.out
	m.mu.Lock()
	state, answered = m.state, r.res != nil
	done := state.phase == phaseFinished
	sent := done || m.allSent()
	m.mu.Unlock()
	if sent {
		m.tellSent(done, &r.outEvents)
	}
	return state, answered
}

// hasResponse reports whether the response has come.
func (r *ClientRequest) hasResponse() bool {
	r.out.mu.Lock()
	defer r.out.mu.Unlock()
	return r.res != nil
}

// answered emits 'response'. It runs inside the strand.
func (r *ClientRequest) answered(res *IncomingMessage) {
	r.out.mu.Lock()
	c, events := r.conn.Load(), r.heard()
	if c == nil { // the request has just been given up
		r.out.mu.Unlock()
		return
	}
	r.res = res
	requestAnswerSteps.Step(&r.states.answer, requestEventAnswer)
	r.out.mu.Unlock()
	c.emittingResponse.Store(true)
	heard := r.onResponse.Fire(func(f func(*IncomingMessage)) { f(res) })
	c.emittingResponse.Store(false)
	if events.arrived.Emit(core.Call) || heard {
		if r.rules.profile.FlowsAtOnce && !r.hasFact(requestAwaited) {
			res.body.Flow()
		}
		return
	}
	r.out.mu.Lock()
	r.tooEarly().discard = time.AfterFunc(core.Grace, func() { r.discardResponse(res) })
	r.out.mu.Unlock()
}

// maxMissed is how many informational responses are kept for late listeners.
const maxMissed = 16

// informed emits 'information'. It runs inside the strand.
func (r *ClientRequest) informed(info Information) {
	if event := r.informationEvent(info); event != nil {
		event.Emit(func(f func(Information)) { f(info) })
	}
}

// informationEvent returns the event 'information' if it has listeners. Else it keeps info for
// those that come later.
func (r *ClientRequest) informationEvent(info Information) *core.Event[func(Information)] {
	r.out.mu.Lock()
	defer r.out.mu.Unlock()
	if event := &r.heard().information; event.Heard() {
		return event
	}
	if e := r.tooEarly(); len(e.missed) < maxMissed {
		e.missed = append(e.missed, info)
	}
	return nil
}

// emitContinue emits 'continue'. It runs inside the strand.
func (r *ClientRequest) emitContinue() {
	events := r.note(requestProceeds)
	events.proceed.Emit(core.Call)
	if r.agent != nil {
		r.agent.events.proceed.Emit(core.Call)
	}
}

// A handover is a socket that is no longer HTTP, on its way to a listener.
type handover struct {
	connect bool // for 'connect', else for 'upgrade'
	res     *IncomingMessage
	socket  *socket.Socket
	head    []byte
}

// handoverEvent is 'upgrade' or 'connect'.
type handoverEvent = core.Event[func(*IncomingMessage, *socket.Socket, []byte)]

// event returns the event that brings h to the user.
func (h *handover) event(e *requestEvents) *handoverEvent {
	if h.connect {
		return &e.connect
	}
	return &e.upgrade
}

// emitHandover emits 'upgrade' or 'connect'. Without a listener it waits for one, and then
// destroys the socket. It runs inside the strand.
func (r *ClientRequest) emitHandover(h *handover) {
	r.out.mu.Lock()
	r.res = h.res
	requestAnswerSteps.Step(&r.states.answer, requestEventUpgrade)
	event := h.event(r.heard())
	r.out.mu.Unlock()
	if r.hand(h, event) || r.agent != nil && !h.connect && r.hand(h, &r.agent.events.upgrade) {
		return
	}
	r.out.mu.Lock()
	events, early := r.heard(), r.tooEarly()
	if h.event(events).Heard() { // since it was looked for
		r.out.mu.Unlock()
		r.emitHandover(h)
		return
	}
	early.waiting = h
	early.discard = time.AfterFunc(core.Grace, func() {
		if r.takeWaiting(h.connect) != nil {
			r.out.mu.Lock()
			requestAnswerSteps.Step(&r.states.answer, requestEventDiscard)
			r.out.mu.Unlock()
			h.socket.Destroy(nil)
			r.out.strand.Post(r.close)
		}
	})
	r.out.mu.Unlock()
	if r.rules.profile.AgentPerOrigin && r.agent != nil {
		r.agent.wait(r)
	}
	events.arrived.Emit(core.Call)
}

// hand calls the listeners of event with h, and then closes r, even if one panics. It returns
// false if there are none. It runs inside the strand.
func (r *ClientRequest) hand(h *handover, event *handoverEvent) bool {
	if !event.Heard() {
		return false
	}
	r.out.strand.Post(r.close) // by who leaves the strand: a listener may end the goroutine
	event.Emit(func(f func(*IncomingMessage, *socket.Socket, []byte)) { f(h.res, h.socket, h.head) })
	return true
}

// onArrived adds Await's listener for a response: it is called after those of 'response', or
// when a response has taken the socket and no listener of 'upgrade' or 'connect' is there. If
// that has happened already it is called at once.
func (r *ClientRequest) onArrived(f func()) *core.Subscription {
	r.out.mu.Lock()
	if r.states.answer == requestUnanswered {
		defer r.out.mu.Unlock()
		return r.lists().arrived.Once(f)
	}
	answered := r.states.answer == requestAnswered
	r.out.mu.Unlock()
	r.out.strand.Do(func() {
		if answered {
			r.keepResponse()
		}
		f()
	})
	return nil
}

// arrived returns the response, nil if none has come or it has been discarded.
func (r *ClientRequest) arrived() *IncomingMessage {
	r.out.mu.Lock()
	defer r.out.mu.Unlock()
	if r.states.answer == requestUnanswered || r.states.answer == requestDiscarded {
		return nil
	}
	return r.res
}

// takeWaiting takes the socket that waits for a listener of 'connect' or 'upgrade'.
func (r *ClientRequest) takeWaiting(connect bool) *handover {
	r.out.mu.Lock()
	defer r.out.mu.Unlock()
	early := r.early
	if early == nil || early.waiting == nil || early.waiting.connect != connect {
		return nil
	}
	h := early.waiting
	early.waiting = nil
	early.discard.Stop()
	return h
}

// onHandover adds a listener with add, and gives it the socket that waits.
func (r *ClientRequest) onHandover(connect bool, add func(*requestEvents) *core.Subscription) *core.Subscription {
	r.out.mu.Lock()
	l := add(r.lists())
	r.out.mu.Unlock()
	if h := r.takeWaiting(connect); h != nil {
		r.out.strand.Post(func() { r.emitHandover(h) })
	}
	return l
}

// close ends an exchange without an error. It runs inside the strand.
func (r *ClientRequest) close() { r.end(nil) }

// end ends an exchange, with an error if there is one. It runs inside the strand.
func (r *ClientRequest) end(err error) {
	defer r.out.emitClose()
	r.over(err)
}

// Abort destroys the request and has 'abort' emitted, the first time.
func (r *ClientRequest) Abort() {
	r.out.mu.Lock()
	first := r.states.abort == requestUnaborted
	requestAbortSteps.Step(&r.states.abort, requestEventCall)
	r.out.mu.Unlock()
	if !first {
		return
	}
	defer r.Destroy()
	r.out.strand.Post(func() {
		r.out.mu.Lock()
		requestAbortSteps.Step(&r.states.abort, requestEventEmit)
		events := r.heard()
		if r.events != nil {
			events.abort.Seal()
		}
		r.out.mu.Unlock()
		events.abort.Emit(core.Call)
	})
}

// Destroy ends the request and its connection. 'error' is emitted with the given
// error, or with core.ErrConnReset if there is none and the response has not begun,
// and then 'close'. Once the response has been read to its end and the request has
// been sent nothing is done: the connection may serve others.
func (r *ClientRequest) Destroy(err ...error) {
	r.out.mu.Lock()
	c, res := r.conn.Load(), r.res
	gone := r.out.flags&outgoingDestroyed != 0 || r.states.life == requestOver ||
		r.rules.profile.ConsumedDestroyed && r.served()
	r.out.flags |= outgoingDestroyed
	r.out.failWith(core.First(err))
	r.endContext(false)
	var concealed *clientConn
	if !gone {
		concealed = r.detachHidden()
	}
	r.out.mu.Unlock()
	switch {
	case gone:
	case concealed != nil:
		concealed.sock.Destroy(nil)
		r.failAlone(core.First(err))
	case c != nil:
		// First, so that the end of the response does not end the exchange.
		ends := c.claim(r)
		if res != nil && !(ends && res.Complete()) { // closed does the rest
			res.body.Abandon(abortedBy(core.First(err)))
		}
		if ends {
			c.sock.Destroy(core.First(err))
		}
	default:
		if r.agent != nil {
			r.agent.withdraw(r)
		}
		r.failAlone(core.First(err))
	}
}

// failAlone ends a request that is destroyed without a connection. One that is aborted
// has no error.
func (r *ClientRequest) failAlone(err error) {
	r.out.abandon(err)
	if err == nil && !r.Aborted() {
		err = core.ErrConnReset // behind the errors that are on their way
	}
	r.out.strand.Post(func() { r.end(err) })
}

// fail ends a request that has no connection.
func (r *ClientRequest) fail(err error) {
	r.out.abandon(err)
	r.out.strand.Post(func() { r.end(err) })
}

// movable reports whether r can be sent again on another connection, since c has closed
// without a byte of a response. Then what it has written is pending again.
func (r *ClientRequest) movable(c *clientConn) bool {
	m := &r.out
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.keepsCopy() || !r.unanswered(c) || r.states.life == requestOver || m.flags&outgoingDestroyed != 0 {
		return false
	}
	m.pending = append(m.rare.copy.b, m.pending...)
	m.rare.copy, m.sock = nil, nil
	m.stepPhase(phaseEventMove)
	m.stepPlace(placeEventMove)
	m.flags |= outgoingMoved
	return true
}

// unanswered reports whether nothing has come on c since r had it. The caller holds
// the message's mu.
func (r *ClientRequest) unanswered(c *clientConn) bool {
	return r.res == nil && c.sock.BytesRead() == c.accountedBytes.Load()
}

// FailedUnanswered reports whether r went on a connection that had served another
// request, and not a byte of an answer came on it: it may have been closed by then.
func (r *ClientRequest) FailedUnanswered() bool {
	r.out.mu.Lock()
	defer r.out.mu.Unlock()
	return r.states.facts&requestReused != 0 && r.unanswered(r.conn.Load())
}

// closeHeard reports whether there are listeners of what may be emitted when the response has
// been consumed.
func (r *ClientRequest) closeHeard() bool {
	e := &r.outEvents
	return e.close.Heard() || e.finish.Heard() || e.drain.Heard() || e.timeout.Heard()
}

// emitCompletion ends a request whose exchange went as planned, and emits 'close'. It runs
// inside the strand.
func (r *ClientRequest) emitCompletion() {
	m := &r.out
	m.mu.Lock()
	over, closed := r.states.life == requestOver, m.flags&outgoingClosed != 0
	requestLifeSteps.Step(&r.states.life, requestEventEnd)
	m.note(outgoingClosed)
	m.sock = nil
	m.stepPlace(placeEventRelease)
	stop, events := r.unbind(), m.events.Load()
	r.endContext(true)
	m.mu.Unlock()
	if !over && stop != nil {
		stop()
	}
	if !closed && events != nil {
		events.close.Emit(core.Call)
	}
}

// unbind returns the function that stops the program's context from destroying the request, nil
// if there is none. The caller holds the message's mu.
func (r *ClientRequest) unbind() func() bool {
	if r.bound == nil {
		return nil
	}
	return r.bound.stop
}

// closeQuietly closes the request if it has no listener of 'close'.
func (r *ClientRequest) closeQuietly() bool {
	m := &r.out
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.flags&outgoingClosed == 0 && r.outEvents.close.Heard() {
		return false
	}
	m.note(outgoingClosed)
	if r.outEvents.close.Heard() { // one has come meanwhile
		m.strand.Post(func() { r.outEvents.close.Emit(core.Call) })
	}
	return true
}

// over ends the exchange, once, and emits 'error' unless err is nil. It runs inside the
// strand.
func (r *ClientRequest) over(err error) {
	r.out.mu.Lock()
	if r.states.life == requestOver {
		r.out.mu.Unlock()
		return
	}
	requestLifeSteps.Step(&r.states.life, requestEventEnd)
	r.out.failWith(err)
	stop := r.unbind()
	r.endContext(err == nil)
	r.out.mu.Unlock()
	if stop != nil {
		stop()
	}
	if err == nil || r.out.errorEmitted(err) || r.out.emitError(err) {
		return
	}
	r.out.reportUnheard(err)
}
