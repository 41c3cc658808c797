package runtime

// The client's end of a connection: it is established, serves one request
// after the other, and returns to its agent between them.

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

	// telling is set while listeners are given a response. One may read it to the
	// end, and then wait for another request: that must not go on this connection.
	telling atomic.Bool

	// releasing is held while the connection is given back, so that who has read
	// the end of a response finds that done whoever does it. No other lock is held
	// when it is taken. pendingRelease is the response whose end gives the connection
	// back; it is taken with releasing held.
	releasing      sync.Mutex
	pendingRelease atomic.Pointer[IncomingMessage]

	probed bool // TCP keep-alive has been turned on; of who releases it

	informed int // informational responses since the last final one; of who is inside the strand

	next *ClientRequest // what Agent.pass gives the connection to, until it has

	answer answer     // the final response, from its head on until the exchange is over; strand only
	ending settlement // of the exchange that is over, until its end has been emitted

	surplus        atomic.Bool                   // bytes came behind a response: nobody asked for them
	accountedBytes atomic.Int64                  // bytes of the socket that belong to earlier exchanges
	limits         atomic.Pointer[ClientRequest] // whose limits the parser is to have for the next message

	mu sync.Mutex // guards what follows

	// Written with mu held, so that decisions on several of them are made one after
	// another; read without it where one of them is all that is asked.
	state  atomic.Uint32                   // see client_states.go
	unsent atomic.Bool                     // writing has failed, and what the peer has sent before is being read
	req    atomic.Pointer[ClientRequest]   // the request being served; nil in all states but busy and last
	res    atomic.Pointer[IncomingMessage] // its response, once that has been consumed

	peerEnded bool             // the peer has ended
	last      *IncomingMessage // the response that has ended the HTTP: the socket is its user's
	served    int              // requests so far
	expires   core.Instant     // when the server will close it, while it rests; 0 if it does not say
}

// newClientConn makes a connection that is not established yet, for r.
func newClientConn(r *ClientRequest, agent *Agent, p *pool) *clientConn {
	return newClientConnOn(nil, r, agent, p)
}

// newClientConnOn is newClientConn for a connection that takes another one's
// place, and its strand with it. It must be called inside that then.
func newClientConnOn(strand *core.Strand, r *ClientRequest, agent *Agent, p *pool) *clientConn {
	c := &clientConn{agent: agent, pool: p}
	c.state.Store(uint32(clientFresh))
	c.init(socket.Connecting(c, socketOptions(r.rules.profile), strand), c, http1.Response, http1.Options{})
	c.sock.Wire().Begin()
	return c
}

// connectAlone gives a request without an agent its connection.
func connectAlone(r *ClientRequest) {
	c := newClientConn(r, nil, nil)
	c.assign(r, fresh)
	go c.live(r.create(), r)
}

// live connects for r and then reads. It is the connection's goroutine.
func (c *clientConn) live(create socket.Connector, r *ClientRequest) {
	o := r.to()
	if create != nil {
		r.describe(&o)
	}
	if c.sock.Wire().Connect(r.base(), create, o) {
		c.run()
	}
}

// An arrival is how a request comes to a connection.
type arrival uint8

const (
	fresh    arrival = iota // it is being made: no event has fired
	dequeued                // it has waited for a connection; its own strand is held
	retried                 // its connection has ended, and this one has the strand
)

// assign gives the connection to a request, which begins to write. A request
// that is being made has fired no event yet: its listeners can run on the
// connection's strand from the beginning. Those of one that has waited run on its
// own strand, which the caller is inside: assign leads it into the connection's, so
// that the connection tells nothing while one of them runs. It reports false, and
// changes nothing of r, if the connection has ended, or has received what belongs to
// no request, and is to be destroyed.
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
		m.strand.Post(func() { r.show(func(s *socket.Socket) { events.socket.Emit(func(f func(*socket.Socket)) { f(s) }) }) })
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

// idempotent reports whether a request has the same effect sent twice as once.
func idempotent(method string) bool {
	switch method {
	case "GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE":
		return true
	}
	return false
}

// usable reports whether a kept connection may serve a request.
func (c *clientConn) usable(now core.Instant) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return !c.stateNow().ending() && (c.expires == 0 || now < c.expires)
}

// intact reports whether a connection that has served a request may be given
// another one, and ends it if its peer has ended or has sent something that
// nobody asked for, or if the deadline of reading it has passed. It always looks,
// however short the silence has been: what has arrived by now would be taken for the
// answer.
func (c *clientConn) intact() bool {
	if !c.sock.Wire().Disturbed() && !c.sock.Wire().Overdue() {
		return true // what has been read meanwhile, assign sees
	}
	c.retire()
	c.sock.Destroy(nil)
	return false
}

// retire lets no further request have the connection. It reports false if one
// has it.
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
			r.proceeds()
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

// maxInformation is how many informational responses a server may send before the
// final one: each is a sign of life, so that no timeout ends a request whose server
// goes on for ever.
const maxInformation = 1000

// errInformation is what a request fails with whose server sends more.
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
	r.handed(&handover{connect: r.method == "CONNECT", res: msg, socket: c.sock, head: rest})
}

// announce implements role.
func (c *clientConn) announce(msg *IncomingMessage) {
	if r := c.current(); r != nil {
		r.answered(msg)
		c.tellUnsent()
	}
}

// partialHead implements role: nobody has asked for what arrives between requests,
// and the next request must not get it.
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

// ready implements role. Until the response has come the parser gets the limits
// of the request, which may still change.
func (c *clientConn) ready() bool {
	if r := c.limits.Load(); r != nil {
		c.parser.Limit(http1.Options{
			MaxHeaderSize: r.maxHeaderSize,
			MaxHeaders:    r.MaxHeadersCount(),
			Insecure:      r.insecure,
		})
	}
	return true
}

// consumed implements role: the response has been read to its end.
func (c *clientConn) consumed(msg *IncomingMessage, by core.Consumer) {
	r := c.current()
	if r == nil {
		return
	}
	alone := by == core.ByRead && c.agent != nil && c.agent.options.KeepSocketAlive == nil && !c.telling.Load() &&
		!r.closeHeard() && !msg.heard()
	// Who has read the end may make the next request at once, before the strand
	// has come to what settle has brought there. If somebody listens, the next
	// request has to wait for that: it would hang if one of the listeners blocks.
	if c.completeExchange(r, msg, by == core.ByListeners) && alone {
		c.release(msg)
	}
}

// release gives the connection back to its agent, once msg allows it; it does so
// once.
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

// forget lets the end of the connection be none of r's.
func (c *clientConn) forget(r *ClientRequest) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.step(clientEventClose)
	c.req.CompareAndSwap(r, nil)
}

// claim reports whether r may end the connection, which then serves no other: it
// may not if the exchange of r has ended.
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

// messageDestroyed implements role: the connection stays if the exchange of msg has ended, since
// then it may serve others.
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

// sent is told that all of the request of r has been given to the system.
func (c *clientConn) sent(r *ClientRequest) {
	if c.res.Load() != nil { // else consumed finds the request sent
		c.completeExchange(r, nil, false)
	}
}

// completeExchange ends the exchange of r once its request has been sent and its
// response consumed. That is consumed, or the one that has been before if that is nil.
// It reports false if the connection does not serve r any more, or has ended: then its
// end ends the exchange. The response closes as soon as it is consumed, except
// that where the connection is kept, and in old versions, the request closes
// before it. inside says that the caller is inside the strand.
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
	// The request's strand is the connection's: nothing of the next exchange
	// overtakes these.
	strand := c.sock.Wire().Strand()
	if sent {
		if keepable {
			c.pendingRelease.Store(msg)
		}
		c.ending = settlement{r, msg, keepable, inside}
		if inside {
			strand.Follow((*settleTask)(c))
		} else {
			strand.PostQuietly((*settleTask)(c))
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

// beforeEnd implements role: the listeners of 'end' find a connection gone that is about
// to be kept for others.
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

// persists reports whether both ends have said that the connection outlives the
// exchange of a request in this state.
func (c *clientConn) persists(state outgoingState, msg *IncomingMessage) bool {
	return state.keepAlive == persists && msg.head.KeepAlive && c.agent != nil
}

// settlement is what is to be told at the end of an exchange. There is one at a
// time: until it has been told, the strand lets no other response in.
type settlement struct {
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

// settleTask is a connection as the task that tells the settlement.
type settleTask clientConn

// RunQuietly implements core.QuietTask.
func (t *settleTask) RunQuietly() bool {
	c, end := (*clientConn)(t), t.ending
	if end.keep && c.agent.options.KeepSocketAlive != nil || !end.req.closeQuietly() || !end.res.closeQuietly() {
		return false
	}
	t.Run()
	return true
}

func (t *settleTask) Run() {
	c, end := (*clientConn)(t), t.ending
	t.ending, t.answer = settlement{}, answer{}
	if end.keep {
		end.res.released.Store(true)
		func() {
			defer end.res.emitClose() // also if one of the user's functions does not return
			end.req.settled()
		}()
		// Behind the listeners: one that blocks holds nobody up but this connection,
		// and one that panics, or ends its goroutine, ends the connection.
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
	defer end.req.settled()
	if end.req.rules.profile.ResponseClosesFirst {
		end.res.emitClose()
	}
}

// iterationLeft implements role, as Node does: the request is aborted.
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

// WriteFailed implements socket.Handler: a server that refuses an upload answers, and then
// resets the connection. What it has sent before is there to be read, by a consumer who
// takes their time, too, and behind it the reset, which ends the connection.
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
		c.sock.Wire().Strand().Post(c.tellUnsent)
		if !c.sock.Wire().Direct() {
			c.missEnd(err)
		}
	}
	return true
}

// missEnd destroys the socket when nothing comes for a while, though its connection is
// being read: what is not the system's own may fail to write and yet not end.
func (c *clientConn) missEnd(err error) {
	active := c.sock.Wire().Active()
	time.AfterFunc(socket.LingerTime, func() {
		switch {
		case c.sock.Destroyed():
			return
		case c.sock.Wire().Active() != active:
		case c.readMu.TryLock(): // its consumer takes their time
			c.readMu.Unlock()
		default:
			c.sock.Destroy(err)
			return
		}
		c.missEnd(err)
	})
}

// tellUnsent fires 'error' of a request that cannot be sent any more while its response
// is being read. One without a response learns it at the end. It runs inside the strand.
func (c *clientConn) tellUnsent() {
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

// Closed implements socket.Handler: the request that is being served learns it.
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
		c.leave, // behind gone, so that a request which is refused finds room
		r.out.catchUp,
		func() { c.closedUnder(r, err, ended) })
}

// closedUnder is closed for the request that was being served. ended says that the
// peer has ended.
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

// closedWhole is closed for a request whose response has come whole. What has not
// been read of it passes unread if it is unwanted.
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

// readTimedOut implements role: nothing is kept that could be waited for.
func (c *clientConn) readTimedOut() bool { return false }

// readTimeoutError implements role.
func (c *clientConn) readTimeoutError() error { return core.ErrReadTimeout }

// isPeerClose reports whether a socket's error says that its peer has ended.
func isPeerClose(err error) bool {
	e, ok := err.(*core.Error)
	return ok && (e.Syscall == "read" || e.Syscall == "write") && (e.Code == "ECONNRESET" || e.Code == "EPIPE")
}

// leave takes the connection out of its agent.
func (c *clientConn) leave() {
	if c.agent != nil {
		c.agent.remove(c)
	}
}

// Destroyed implements socket.Handler: the context of the request that is being served
// ends at once, since closed may have to wait for a listener that waits for that.
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

// TimedOut implements socket.Handler: a request is told, a pooled connection ends.
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

// Silence implements socket.Handler: a request does not end for its silence, but
// who listens for it may want it to.
func (c *clientConn) Silence() socket.SilenceOutcome {
	if r := c.current(); r != nil {
		res := r.response()
		if r.heedsTimeout() || res != nil && res.timeoutHeard() {
			return socket.SilenceTold
		}
	}
	return socket.SilenceIgnored
}

// Sweep implements socket.Handler: a pooled connection that the server is about
// to close is not used any more.
func (c *clientConn) Sweep(now core.Instant) (pause time.Duration) {
	if !c.usable(now) && c.retire() {
		c.sock.Destroy(nil)
	}
	return 0
}

// keepAliveHint is the time that a Keep-Alive field gives a connection, less a
// margin for what is under way. It reports false if it gives none.
func keepAliveHint(value string) (time.Duration, bool) {
	for part := range strings.SplitSeq(value, ",") {
		name, seconds, ok := strings.Cut(strings.Trim(part, " \t"), "=")
		if !ok || !http1.EqualFold(name, "timeout") {
			continue
		}
		if n, err := strconv.ParseUint(seconds, 10, 31); err == nil {
			given := time.Duration(n) * time.Second
			return max(given-time.Second, given/2), true
		}
	}
	return 0, false
}
