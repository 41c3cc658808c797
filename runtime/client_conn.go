package runtime

// The client's connection: it connects, serves one request after the other, and goes
// back to its agent between them. client_states.go has its states.

import (
	"cmp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"nodehttp/core"
	"nodehttp/runtime/http1"
	"nodehttp/runtime/socket"
)

// clientConn is a connection that requests are sent on, one at a time.
type clientConn struct {
	conn
	agent *Agent // nil: it serves one request
	pool  *pool

	// guarded by agent.mu
	inPool core.Link[clientConn] // in pool.busy or pool.free
	inIdle core.Link[clientConn] // in agent.idle
	turns  int                   // requests passed on while other origins waited

	removed   atomic.Bool // Unpooled was called
	destroyed atomic.Bool // Destroyed was called

	// emittingResponse is set while listeners of 'response' run. One may read the response to
	// its end and then wait for another request, which must not go on this connection.
	emittingResponse atomic.Bool

	// releasing is held while the connection goes back to the agent. A Read that has come to
	// the end of a response waits for it, so that the connection is back when the Read
	// returns. No other lock is held when it is taken. pendingRelease is the response whose
	// end gives the connection back.
	releasing      sync.Mutex
	pendingRelease atomic.Pointer[IncomingMessage]

	probed bool // TCP keep-alive has been turned on; used while the connection is given back

	informed int // informational responses since the last final one; strand only

	next *ClientRequest // the request that Agent.pass gives the connection to

	answer answer     // the final response, from its head on until the exchange is over; strand only
	ending completion // of the exchange that is over, until its end has been emitted

	surplus        atomic.Bool                   // bytes came behind a response: nobody asked for them
	accountedBytes atomic.Int64                  // bytes of the socket that belong to earlier exchanges
	limits         atomic.Pointer[ClientRequest] // whose limits the parser is to have for the next message

	mu sync.Mutex // guards what follows

	// Written with mu held. A decision that depends on one of them alone reads it without mu.
	state  atomic.Uint32                   // see client_states.go
	unsent atomic.Bool                     // writing has failed, and what the peer has sent before is being read
	req    atomic.Pointer[ClientRequest]   // the request being served; nil in all states but busy and last
	res    atomic.Pointer[IncomingMessage] // its response, once that has been consumed

	peerEnded bool             // the peer has ended
	last      *IncomingMessage // the response that has taken the socket
	served    int              // requests so far
	expires   core.Instant     // when the server will close the idle connection; 0 if it does not say
}

// newClientConn makes a connection that is not established yet, for r.
func newClientConn(r *ClientRequest, agent *Agent, p *pool) *clientConn {
	return newClientConnOn(nil, r, agent, p)
}

// newClientConnOn is newClientConn for a connection that replaces another one and takes
// over its strand. The caller is inside the strand, unless that is nil.
func newClientConnOn(strand *core.Strand, r *ClientRequest, agent *Agent, p *pool) *clientConn {
	c := &clientConn{agent: agent, pool: p}
	c.state.Store(uint32(clientFresh))
	c.init(socket.Connecting(c, socketOptions(r.rules.profile, r.rules.profile.HighWaterMark), strand), c, http1.Response, http1.Options{})
	c.sock.Wire().Begin()
	return c
}

// connectAlone gives a request without an agent its connection.
func connectAlone(r *ClientRequest) {
	c := newClientConn(r, nil, nil)
	c.assign(r, fresh)
	go c.connectAndRun(r.create(), r)
}

// connectAndRun connects for r and then reads. It is the connection's goroutine.
func (c *clientConn) connectAndRun(create socket.Connector, r *ClientRequest) {
	o := r.to()
	if create != nil {
		r.describe(&o)
	}
	if c.sock.Wire().Connect(r.base(), create, o) {
		c.run()
	}
}

// An arrival says where a request comes from that is given a connection.
type arrival uint8

const (
	fresh    arrival = iota // it is being made: no event has fired
	dequeued                // it has waited for a connection; its own strand is held
	retried                 // its connection has ended, and this one has the strand
)

// assign gives the connection to a request, which begins to write. A request that is being
// made has emitted nothing yet: its listeners run on the connection's strand from the
// beginning. The listeners of a request that was queued run on its own strand, which the
// caller is inside: assign forwards it to the connection's, so that the connection emits
// nothing while one of them runs. If the connection has ended, or has received bytes that
// belong to no request, assign destroys it, leaves r as it is, and returns false.
func (c *clientConn) assign(r *ClientRequest, how arrival) bool {
	m := &r.out
	m.mu.Lock() // until r can be moved: the connection may end as soon as r has it
	c.mu.Lock()
	if !c.stateNow().assignable() || c.destroyed.Load() || c.sock.BytesRead() != c.accountedBytes.Load() {
		c.step(clientEventEnd)
		c.mu.Unlock()
		m.mu.Unlock()
		c.sock.Destroy(nil)
		return false
	}
	c.step(clientEventAssign)
	c.req.Store(r)
	c.res.Store(nil)
	c.expires = 0
	reused := c.served > 0
	c.served++
	c.mu.Unlock()
	c.limits.Store(r)
	r.conn.Store(c)
	first := r.states.life == requestWaiting
	requestLifeSteps.Step(&r.states.life, requestEventAssign)
	events := r.heard()
	if r.events != nil {
		events.socket.Seal()
	}
	r.states.facts &^= requestReused
	if reused {
		r.states.facts |= requestReused
		if c.agent.options.RetryReused && idempotent(r.method) {
			m.ensureRare().copy = new(replayBuffer)
		}
	}
	var tune []func(*socket.Socket)
	if r.early != nil {
		tune = r.early.tune
	}
	gone, err := m.flags&outgoingDestroyed != 0, m.failure()
	strand := c.sock.Wire().Strand()
	if how == fresh {
		m.strand = strand
	}
	forwards := how == dequeued && !r.own.ForwardIdle(strand)
	told := first && events.socket.Heard()
	if !forwards && !gone && !told && len(tune) == 0 {
		var t transfer
		m.begin(&t, c.sock)
		m.mu.Unlock()
		t.run()
		return true
	}
	m.mu.Unlock()
	if forwards {
		r.own.Forward(strand)
	}
	if gone {
		c.sock.Destroy(err)
		return true
	}
	for _, f := range tune {
		c.sock.Wire().WhenConnected(f)
	}
	if told {
		m.strand.Post(func() {
			r.emitSocket(func(s *socket.Socket) { events.socket.Emit(func(f func(*socket.Socket)) { f(s) }) })
		})
	}
	m.mu.Lock()
	if r.conn.Load() != c { // it has been moved already
		m.mu.Unlock()
		return true
	}
	var t transfer
	m.begin(&t, c.sock)
	m.mu.Unlock()
	t.run()
	return true
}

// idempotent reports whether a request may be sent twice (RFC 9110, section 9.2.2).
func idempotent(method string) bool {
	switch method {
	case "GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE":
		return true
	}
	return false
}

// usable reports whether an idle connection may be given a request.
func (c *clientConn) usable(now core.Instant) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return !c.stateNow().ending() && (c.expires == 0 || now < c.expires)
}

// intact reports whether a connection that has served a request may be given another one.
// If the peer has ended or has sent something that nobody asked for, or if the read deadline
// has passed, it destroys the connection. It asks the system each time, however short the
// connection was idle: what has arrived by now would be taken for the response.
func (c *clientConn) intact() bool {
	if !c.sock.Wire().Disturbed() && !c.sock.Wire().Overdue() {
		return true // what has been read meanwhile, assign sees
	}
	c.retire()
	c.sock.Destroy(nil)
	return false
}

// retire lets the connection have no further request. It returns false if it has one.
func (c *clientConn) retire() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stateNow().serves() {
		return false
	}
	c.step(clientEventEnd)
	return true
}

// current returns the request being served.
func (c *clientConn) current() *ClientRequest { return c.req.Load() }

// takeHead implements role.
func (c *clientConn) takeHead(n int) *IncomingMessage {
	r := c.current()
	msg := new(IncomingMessage)
	c.parseHead(n, &msg.head)
	h := &msg.head
	var state outgoingState
	answered := false
	if r != nil {
		state, answered = r.catchUp()
	}
	if h.Status >= 200 {
		c.limits.Store(nil)
		c.informed = 0
		c.answer = answer{r, msg, state}
	}
	switch {
	case r == nil || answered: // nobody asked for it
		c.httpDone.Store(true)
		c.sock.Destroy(nil)
		return nil
	case h.Status < 200 && h.Status != 101:
		if c.informed++; c.informed > maxInformation {
			c.httpDone.Store(true)
			c.sock.Destroy(errInformation)
			return nil
		}
		if h.Status == 100 {
			r.emitContinue()
		}
		r.informed(Information{
			HTTPVersion: httpVersion(h), HTTPVersionMajor: int(h.Major), HTTPVersionMinor: int(h.Minor),
			StatusCode: int(h.Status), StatusMessage: h.Reason(), Headers: r.rules.view(h), RawHeaders: rawHeaders(h),
		})
		return nil
	case r.method == "CONNECT", h.Upgrade && h.Status == 101,
		r.rules.profile.UpgradeAnyStatus && r.rules.upgrades(h):
		h.HasBody = false
		msg.init(&c.conn, r.rules)
		c.hand(r, msg)
		return nil
	case r.method == "HEAD":
		c.parser.ExpectNoBody()
		h.HasBody = false
	}
	msg.init(&c.conn, r.rules)
	return msg
}

// maxInformation is how many informational responses a server may send before the final one.
// Each counts as activity, so no timeout would end a request whose server never stops.
const maxInformation = 1000

// errInformation is the error of a request whose server sends more.
var errInformation = &core.Error{
	Code: http1.CodeHeaderOverflow, Kind: "Error",
	Message: "Parse Error: Header overflow (more than " + strconv.Itoa(maxInformation) + " informational responses)",
}

// hand gives the socket to the listeners of 'upgrade' or 'connect'.
func (c *clientConn) hand(r *ClientRequest, msg *IncomingMessage) {
	rest := c.handOver()
	c.leave()
	c.mu.Lock()
	c.step(clientEventDetach)
	c.req.Store(nil)
	c.last = msg
	c.mu.Unlock()
	r.emitHandover(&handover{connect: r.method == "CONNECT", res: msg, socket: c.sock, head: rest})
}

// announce implements role.
func (c *clientConn) announce(msg *IncomingMessage) {
	if r := c.current(); r != nil {
		r.answered(msg)
		c.emitUnsent()
	}
}

// partialHead implements role: the next request must not get what arrives before it is sent.
func (c *clientConn) partialHead() {
	if c.retire() {
		c.httpDone.Store(true)
		c.sock.Destroy(nil)
	}
}

// received implements role.
func (c *clientConn) received(*IncomingMessage) {
	c.accountedBytes.Store(c.sock.BytesRead())
	if len(c.sock.Wire().Inbox().Bytes()) > 0 {
		c.surplus.Store(true)
	}
}

// ready implements role. It gives the parser the limits of the request, which may change until
// the response has come.
func (c *clientConn) ready() bool {
	if r := c.limits.Load(); r != nil {
		c.parser.Limit(http1.Options{
			MaxHeaderSize: r.maxHeaderSize,
			MaxHeaders:    r.MaxHeadersCount(),
			Insecure:      r.insecure,
			NewCodes:      r.rules.profile.Llhttp9,
			Relaxed:       r.relaxed,
		})
	}
	return true
}

// consumed implements role.
func (c *clientConn) consumed(msg *IncomingMessage, by core.Consumer) {
	r := c.current()
	if r == nil {
		return
	}
	alone := by == core.ByRead && c.agent != nil && c.agent.options.KeepSocketAlive == nil && !c.emittingResponse.Load() &&
		!r.closeHeard() && !msg.heard()
	// A program that has read the end may make the next request at once, before the
	// completionTask has run. If it has listeners for what that emits, the next request has to
	// wait: on this connection it would hang if one of the listeners blocks.
	if c.completeExchange(r, msg, by == core.ByListeners) && alone {
		c.release(msg)
	}
}

// release gives the connection back to its agent behind msg, unless that has been done.
func (c *clientConn) release(msg *IncomingMessage) {
	c.releasing.Lock()
	defer c.releasing.Unlock()
	c.giveBack(msg)
}

// giveBack is release if no Read waits for it.
func (c *clientConn) giveBack(msg *IncomingMessage) {
	if c.pendingRelease.CompareAndSwap(msg, nil) {
		msg.released.Store(true)
		c.agent.release(c, msg)
	}
}

// forget separates r from the connection, which is not established: its end does not end r.
func (c *clientConn) forget(r *ClientRequest) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.step(clientEventClose)
	c.req.CompareAndSwap(r, nil)
}

// claim reports whether r may destroy the connection, and lets that have no further request
// then. It may not if the exchange of r is over: the connection may have another request.
func (c *clientConn) claim(r *ClientRequest) bool {
	r.out.mu.Lock()
	upgraded := r.states.answer == requestUpgraded
	r.out.mu.Unlock()
	c.mu.Lock()
	defer c.mu.Unlock()
	serves := c.req.Load() == r
	if serves {
		c.step(clientEventEnd)
	}
	return serves || upgraded
}

// messageDestroyed implements role. If the exchange of msg is over the connection stays: it may
// have another request.
func (c *clientConn) messageDestroyed(msg *IncomingMessage, err error) {
	c.mu.Lock()
	r, last := c.req.Load(), c.last == msg
	c.mu.Unlock()
	switch {
	case last: // for ever
		c.sock.Destroy(err)
	case r != nil && r.response() == msg && c.claim(r):
		c.sock.Destroy(err)
	}
}

// sent is called when all of r has been given to the system.
func (c *clientConn) sent(r *ClientRequest) {
	if c.res.Load() != nil { // else consumed finds the request sent
		c.completeExchange(r, nil, false)
	}
}

// completeExchange ends the exchange of r if r has been sent and its response consumed. The
// response is consumed, or, if that is nil, the one for which it was called before. It returns
// false if the connection does not serve r any more, or has closed: then Closed ends the
// exchange. 'close' of the response is emitted as soon as it is consumed; if the connection is
// kept, and in old versions, 'close' of the request comes first. inside says that the caller
// is inside the strand.
func (c *clientConn) completeExchange(r *ClientRequest, consumed *IncomingMessage, inside bool) bool {
	r.out.mu.Lock() // so that of a request sent meanwhile either this or sent knows
	c.mu.Lock()
	msg := cmp.Or(consumed, c.res.Load())
	if c.req.Load() != r || msg == nil || consumed != nil && c.stateNow() == clientLast {
		c.mu.Unlock()
		r.out.mu.Unlock()
		return false
	}
	state := r.out.state
	sent := state.phase == phaseFinished
	keepable := c.keepable(state, msg)
	if sent {
		c.step(clientEventComplete)
		c.req.Store(nil)
		c.res.Store(nil)
	} else {
		c.res.Store(msg)
	}
	c.mu.Unlock()
	r.out.mu.Unlock()
	// The request's strand is the connection's: no event of the next exchange comes before
	// these.
	strand := c.sock.Wire().Strand()
	if sent {
		if keepable {
			c.pendingRelease.Store(msg)
		}
		c.ending = completion{r, msg, keepable, inside}
		if inside {
			strand.Follow((*completionTask)(c))
		} else {
			strand.PostQuietly((*completionTask)(c))
		}
		return true
	}
	strand.Post(func() {
		if r.rules.profile.ResponseClosesFirst {
			msg.emitClose()
		}
		if !keepable { // nobody waits for the rest of the request
			c.httpDone.Store(true)
			c.sock.Destroy(nil)
		}
	})
	return true
}

// keepable reports whether the connection may be kept behind the exchange of a request
// in this state.
func (c *clientConn) keepable(state outgoingState, msg *IncomingMessage) bool {
	return c.persists(state, msg) && !c.stateNow().ending() && !c.removed.Load() && !c.httpDone.Load() && !c.surplus.Load()
}

// beforeEnd implements role. If the connection is about to be kept for others, the listeners of
// 'end' find that the response has none any more.
func (c *clientConn) beforeEnd(msg *IncomingMessage) {
	r := c.current()
	if r == nil {
		return
	}
	res, state := c.answer.res, c.answer.sent
	if c.answer.req != r || state.phase != phaseFinished { // it may have been sent since
		r.out.mu.Lock()
		res, state = r.res, r.out.state
		r.out.mu.Unlock()
	}
	if res == msg && state.phase == phaseFinished && c.keepable(state, msg) {
		msg.released.Store(true)
	}
}

// persists reports whether request and response say that the connection persists, given the
// state of the request.
func (c *clientConn) persists(state outgoingState, msg *IncomingMessage) bool {
	return state.keepAlive == persists && msg.head.KeepAlive && c.agent != nil
}

// completion is an exchange whose end is to be emitted. There is one at a time, since the
// strand runs completionTask before it delivers the next response.
type completion struct {
	req   *ClientRequest
	res   *IncomingMessage
	keep  bool // the connection may serve another request
	alone bool // no Read waits for the connection to be given back
}

// answer is a final response that has arrived.
type answer struct {
	req  *ClientRequest
	res  *IncomingMessage
	sent outgoingState // of the request, when the head of the response arrived
}

// completionTask is a connection as the task that emits the end of its exchange.
type completionTask clientConn

// RunQuietly implements core.QuietTask.
func (t *completionTask) RunQuietly() bool {
	c, end := (*clientConn)(t), t.ending
	if end.keep && c.agent.options.KeepSocketAlive != nil || !end.req.closeQuietly() || !end.res.closeQuietly() {
		return false
	}
	t.Run()
	return true
}

func (t *completionTask) Run() {
	c, end := (*clientConn)(t), t.ending
	t.ending, t.answer = completion{}, answer{}
	if end.keep {
		end.res.released.Store(true)
		func() {
			defer end.res.emitClose() // even if a listener panics
			end.req.emitCompletion()
		}()
		// After the listeners: if one blocks, only this connection is held up; if one
		// panics or ends its goroutine, that destroys the connection.
		if end.alone {
			c.giveBack(end.res)
		} else {
			c.release(end.res)
		}
		return
	}
	defer end.res.emitClose()
	c.httpDone.Store(true)
	defer c.sock.Destroy(nil)
	defer end.req.emitCompletion()
	if end.req.rules.profile.ResponseClosesFirst {
		end.res.emitClose()
	}
}

// iterationLeft implements role: as in Node, it aborts the request.
func (c *clientConn) iterationLeft(msg *IncomingMessage) {
	if r := c.current(); r != nil && r.response() == msg {
		r.Abort()
	}
}

// malformed implements role.
func (c *clientConn) malformed(err *core.Error) { c.sock.Destroy(err) }

// inputEnded implements role.
func (c *clientConn) inputEnded(bool) {
	c.mu.Lock()
	c.peerEnded = true
	c.step(clientEventEnd)
	c.mu.Unlock()
	c.httpDone.Store(true)
	c.sock.Destroy(c.sock.Wire().SendFailure())
}

// WriteFailed implements socket.Handler. A server that refuses an upload responds and then
// resets the connection. The response can still be read, and behind it comes the reset, which
// ends the connection.
func (c *clientConn) WriteFailed(err *core.Error) bool {
	c.mu.Lock()
	if !c.stateNow().serves() || c.httpDone.Load() || !isPeerClose(err) {
		c.mu.Unlock()
		return false
	}
	c.step(clientEventEnd)
	first := !c.unsent.Swap(true)
	c.mu.Unlock()
	if first {
		c.sock.Wire().Strand().Post(c.emitUnsent)
		if !c.sock.Wire().Direct() {
			c.watchForEnd(err)
		}
	}
	return true
}

// watchForEnd destroys the socket if nothing arrives for a while though it is being read: a
// net.Conn of the program may fail to write and still not report an end when it is read.
func (c *clientConn) watchForEnd(err error) {
	active := c.sock.Wire().Active()
	time.AfterFunc(socket.LingerTime, func() {
		switch {
		case c.sock.Destroyed():
			return
		case c.sock.Wire().Active() != active:
		case c.readMu.TryLock(): // the program has not read on
			c.readMu.Unlock()
		default:
			c.sock.Destroy(err)
			return
		}
		c.watchForEnd(err)
	})
}

// emitUnsent emits 'error' on a request whose writing has failed while its response is being
// read. Without a response, Closed does it. It runs inside the strand.
func (c *clientConn) emitUnsent() {
	if !c.unsent.Load() {
		return
	}
	r := c.current()
	if r == nil || !r.hasResponse() {
		return
	}
	if err := c.sock.Wire().SendFailure(); !r.out.errorEmitted(err) && !r.out.emitError(err) {
		r.out.reportUnheard(err)
	}
}

// Closed implements socket.Handler: it ends the request that is being served, or moves it to
// another connection.
func (c *clientConn) Closed(err error, tell func()) {
	defer tell()
	c.httpDone.Store(true)
	c.Wanted()
	c.mu.Lock()
	c.step(clientEventClose)
	r := c.req.Swap(nil)
	ended := c.peerEnded
	c.mu.Unlock()
	if r != nil && (ended || c.wasReset || isPeerClose(err)) && r.movable(c) && c.agent.move(r, c) {
		return
	}
	if r == nil {
		c.leave()
		return
	}
	c.sock.Wire().Strand().Each(
		c.leave, // first, so that listeners which make another request find room
		r.out.catchUp,
		func() { c.closedUnder(r, err, ended) })
}

// closedUnder is Closed for the request that was being served. ended says that the peer has
// ended.
func (c *clientConn) closedUnder(r *ClientRequest, err error, ended bool) {
	r.out.mu.Lock()
	msg := r.res
	unwanted := r.out.flags&outgoingDestroyed != 0 && (r.rules.profile.ResponseClosesFirst || r.states.abort >= requestAborting)
	r.out.mu.Unlock()
	r.out.abandon(err)
	if msg != nil && msg.Complete() && !msg.body.Destroyed() {
		c.closedWhole(r, msg, err, unwanted)
		return
	}
	over := func() { r.over(err) }
	each := c.sock.Wire().Strand().Each
	aborted := false
	abort := func() { aborted = msg.abort() }
	errored := func(err error) func() {
		return func() {
			if aborted { // else it has been read to its end meanwhile
				msg.emitError(err)
			}
		}
	}
	switch {
	case msg == nil && err == nil:
		err = core.ErrConnReset
		if !ended && !r.rules.profile.HangUpBeforeClose {
			each(r.out.emitClose, over)
			return
		}
		fallthrough
	case msg == nil:
		each(over, r.out.emitClose)
	case r.rules.profile.ResponseClosesFirst && msg.has(incomingDestroyed|incomingClosed): // by the user, who knows
		each(abort, over, errored(nil), msg.closeEarly, r.out.emitClose)
	case r.rules.profile.CutResponseEnds:
		each(over, r.out.emitClose, func() { msg.body.Cut(abortedBy(err)) }, abort, msg.closeAfterEnd)
	default:
		each(over, abort, r.out.emitClose, errored(errAborted), msg.closeEarly)
	}
}

// closedWhole is Closed for a request whose response has arrived whole. If it is unwanted,
// what has not been read of it is discarded.
func (c *clientConn) closedWhole(r *ClientRequest, msg *IncomingMessage, err error, unwanted bool) {
	over := func() { r.over(err) }
	first := func() {}
	if r.rules.profile.ResponseClosesFirst {
		first = msg.emitClose
	}
	each := c.sock.Wire().Strand().Each
	switch {
	case msg.body.Consumed():
		msg.OnEnd(func() { each(over, first, r.out.emitClose, msg.emitClose) }) // 'end' may be on its way
	case unwanted:
		if c.persists(r.out.stateNow(), msg) {
			first = func() {}
		}
		each(over, func() {
			msg.OnEnd(func() { each(first, r.out.emitClose, msg.emitClose) })
			msg.body.Dump(abortedBy(err))
		})
	case r.rules.profile.CutResponseEnds:
		each(over, r.out.emitClose, func() { msg.abort() }, msg.closeAfterEnd)
	default:
		each(over, r.out.emitClose, msg.closeAfterEnd)
	}
}

// readTimedOut implements role: an idle connection is destroyed.
func (c *clientConn) readTimedOut() bool { return false }

// readTimeoutError implements role.
func (c *clientConn) readTimeoutError() error { return core.ErrReadTimeout }

// isPeerClose reports whether a socket's error says that its peer has ended.
func isPeerClose(err error) bool {
	e, ok := err.(*core.Error)
	return ok && (e.Syscall == "read" || e.Syscall == "write") && (e.Code == "ECONNRESET" || e.Code == "EPIPE")
}

// leave removes the connection from its agent.
func (c *clientConn) leave() {
	if c.agent != nil {
		c.agent.remove(c)
	}
}

// Destroyed implements socket.Handler. It cancels the context of the request at once: Closed
// may have to wait for a listener that waits for the context.
func (c *clientConn) Destroyed() {
	c.destroyed.Store(true)
	c.Wanted()
	if r := c.current(); r != nil {
		r.out.mu.Lock()
		if !r.out.keepsCopy() { // else it may be moved
			r.endContext(false)
		}
		r.out.mu.Unlock()
	}
}

// Unpooled implements socket.Handler.
func (c *clientConn) Unpooled() {
	if c.agent != nil && !c.removed.Swap(true) {
		c.agent.remove(c)
	}
}

// Drained implements socket.Handler.
func (c *clientConn) Drained() {
	if r := c.current(); r != nil {
		r.out.drained()
	}
}

// TimedOut implements socket.Handler: it emits 'timeout' on the request, or destroys an idle
// connection.
func (c *clientConn) TimedOut() {
	if c.retire() {
		c.sock.Destroy(nil)
	} else if r := c.current(); r != nil {
		r.timedOut()
		if res := r.response(); res != nil {
			res.emitTimeout()
		}
	}
}

// Silence implements socket.Handler: a request is not destroyed for silence, but listeners of
// 'timeout' may want to.
func (c *clientConn) Silence() socket.SilenceOutcome {
	if r := c.current(); r != nil {
		res := r.response()
		if r.heedsTimeout() || res != nil && res.timeoutHeard() {
			return socket.SilenceTold
		}
	}
	return socket.SilenceIgnored
}

// Sweep implements socket.Handler: it destroys an idle connection that the server is about to
// close.
func (c *clientConn) Sweep(now core.Instant) (pause time.Duration) {
	if !c.usable(now) && c.retire() {
		c.sock.Destroy(nil)
	}
	return 0
}

// keepAliveHint returns the timeout of a Keep-Alive field. It returns false if there is none.
func keepAliveHint(value string) (time.Duration, bool) {
	for part := range strings.SplitSeq(value, ",") {
		name, seconds, ok := strings.Cut(strings.Trim(part, " \t"), "=")
		if !ok || !http1.EqualFold(name, "timeout") {
			continue
		}
		if n, err := strconv.ParseUint(seconds, 10, 31); err == nil {
			return time.Duration(n) * time.Second, true
		}
	}
	return 0, false
}
