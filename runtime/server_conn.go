package runtime

// The life of a server's connection: requests come in, responses go out in
// the same order, whoever finishes first.

import (
	"os"
	"sync"
	"sync/atomic"
	"time"

	"nodehttp/core"
	"nodehttp/runtime/http1"
	"nodehttp/runtime/socket"
)

// maxPipelined is how many requests of a connection may wait for answers; then it is
// not read until one has been given. Nor is it read while the answers that wait for
// their turn have reached the high-water mark, or its peer does not take those that
// have been given.
const maxPipelined = 64

// serverConn is the server's end of a connection.
type serverConn struct {
	conn
	server  *Server
	timeout time.Duration // the server's when the connection was made

	// Instants of the coarse clock, 0 when not so: since when a head has been
	// arriving in pieces, and a request with a body.
	headSince, bodySince atomic.Int64
	requestSince         int64 // what headSince was when the head was complete; of who is inside the strand

	pipelineFull       atomic.Bool // length is maxPipelined or backlog high; changed with mu held
	clientErrorEmitted bool        // 'clientError' has happened; of who is inside the strand

	hijacked chan struct{} // closed when Hijack has ended; set before offer is taken

	requestTimedOut atomic.Bool // timeoutRequest has been called

	mu            sync.Mutex // guards what follows
	queueLength   int        // how many responses stand in line
	first         *ServerResponse
	last          *ServerResponse
	receiving     *ServerResponse // to the request whose body is being received
	requests      int
	backlog       int            // bytes of answers that wait for their turn
	state         serverState    // see server_states.go
	destroyed     bool           // the socket is, and so is a response that comes into line
	errorResponse *errorResponse // sent when the line is empty; then the connection ends

	removed chan struct{} // closed by forget; nil unless Shutdown waits; guarded by the server's mu
}

// errorResponse is the answer to bytes that are not HTTP, and the error that they are.
type errorResponse struct {
	answer string
	err    error
}

// exchange is a request and its response, made together.
type exchange struct {
	req IncomingMessage
	res ServerResponse
}

// takeHead implements role.
func (c *serverConn) takeHead(n int) *IncomingMessage {
	x := new(exchange)
	msg := &x.req
	c.parseHead(n, &msg.head)
	c.requestSince = c.headSince.Load()
	clearInstant(&c.headSince)
	s := c.server
	upgrade := !msg.head.Connect && msg.head.Upgrade && (s.profile.UpgradeUnheardCloses || s.events.upgrade.Heard())
	if msg.head.Connect || upgrade {
		msg.head.HasBody = false
	}
	msg.init(&c.conn, s.rules)
	switch {
	case !upgrade && !msg.head.Connect:
		if !c.enqueue(msg, &x.res) {
			c.httpDone.Store(true) // what follows is not looked at
			return nil
		}
		return msg
	case !c.beginUpgrade():
		c.httpDone.Store(true)
	case upgrade:
		c.pendingUpgrade = func() { c.upgrade(msg, &s.events.upgrade) }
	default:
		c.pendingUpgrade = func() { c.upgrade(msg, &s.events.connect) }
	}
	return nil
}

// beginUpgrade notes that the next one to have the socket is the program. It reports false if
// no request is announced any more.
func (c *serverConn) beginUpgrade() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.state.announces() {
		return false
	}
	c.step(serverEventUpgrade)
	return true
}

// upgrade gives the socket to the listeners of 'upgrade' or 'connect', and
// destroys it if there are none.
func (c *serverConn) upgrade(msg *IncomingMessage, event *core.Event[func(*IncomingMessage, *socket.Socket, []byte)]) {
	rest := c.handOver()
	c.mu.Lock()
	c.step(serverEventDetach)
	c.restoreTimeout()
	c.mu.Unlock()
	c.server.remove(c, c.server.strand.Post)
	if !event.Emit(func(f func(*IncomingMessage, *socket.Socket, []byte)) { f(msg, c.sock, rest) }) {
		c.sock.Destroy(nil)
	}
}

// enqueue puts the response to msg in line. It reports false if no request is announced
// any more.
func (c *serverConn) enqueue(msg *IncomingMessage, res *ServerResponse) bool {
	head := &msg.head
	msg.res = res
	res.req, res.conn, res.status = msg, c, 200
	m := &res.out
	m.init(res, c.sock.Wire().Strand(), c.server.profile)
	m.flags |= closesAtOnce
	if !c.server.profile.Response.SendDate {
		m.flags &^= sendDate
	}
	if head.Method() == "HEAD" {
		m.flags |= noBody
	}
	if head.KeepAlive {
		m.stepKeepAlive(keepAliveEventAsk)
	}
	if head.Minor == 0 {
		m.flags |= toHTTP10
	}
	if head.Minor >= 1 || http1.HasWord("chunked", msg.Header("te")) {
		m.flags |= chunkedDefault
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.state.announces() {
		return false
	}
	if c.state == draining {
		m.stepKeepAlive(keepAliveEventRefuse)
		c.closeBehindQueue()
	}
	if c.destroyed {
		m.flags |= outgoingDestroyed
	}
	if c.last == nil {
		c.restoreTimeout()
	}
	c.requests++
	if c.queueLength++; c.queueLength >= maxPipelined {
		c.pipelineFull.Store(true)
	}
	limit := int(c.server.maxRequests.Load())
	res.maxReached = limit > 0 && c.requests >= limit
	if c.last == nil {
		c.first = res
		m.sock = c.sock
		m.stepPlace(placeEventBegin)
	} else {
		c.last.next = res
	}
	c.last = res
	if head.HasBody {
		c.receiving = res
	}
	return true
}

// suspendTimeout lets the keep-alive timeout alone hold, since all of r has been sent, unless
// another request has come or the body of one is still to come.
func (c *serverConn) suspendTimeout(r *ServerResponse) {
	if c.sock.Timeout() == 0 || c.server.KeepAliveTimeout() == 0 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.receiving == nil && (c.first == nil || c.first == r && r.next == nil) {
		c.sock.SetTimeout(0)
	}
}

// restoreTimeout lets the connection's timeout hold again, for a request that is not the first of
// the connection and comes when the others have been answered. The caller holds mu.
func (c *serverConn) restoreTimeout() {
	if c.requests == 0 || c.server.KeepAliveTimeout() == 0 {
		return
	}
	if c.sock.Timeout() != c.timeout {
		c.sock.SetTimeout(c.timeout)
	}
}

// announce implements role.
func (c *serverConn) announce(msg *IncomingMessage) {
	c.emitRequest(msg)
	if c.server.profile.FlowsAtOnce {
		msg.body.Flow()
	}
}

// emitRequest gives a request to its listeners, or refuses it.
func (c *serverConn) emitRequest(msg *IncomingMessage) {
	s := c.server
	res := msg.res
	defer res.listenerDone()
	if msg.head.HasBody {
		if c.requestSince == 0 {
			c.requestSince = max(int64(core.Now()), 1)
		}
		c.bodySince.Store(c.requestSince)
	} else if len(c.sock.Wire().Inbox().Bytes()) > 0 {
		c.sock.Wire().Writer().Cork()
	}
	event := &s.events.request
	switch {
	case c.dropExcess(msg, res):
		return
	case msg.head.Expect100:
		if s.events.checkContinue.Heard() {
			event = &s.events.checkContinue
		} else {
			res.WriteContinue()
		}
	case msg.head.ExpectOther && s.profile.ExpectationAnswers:
		if event = &s.events.checkExpectation; !event.Heard() {
			res.WriteHead(417)
			res.out.End()
			return
		}
	}
	event.Emit(func(f func(*IncomingMessage, *ServerResponse)) { f(msg, res) })
}

// dropExcess refuses a request beyond the limit of the connection.
func (c *serverConn) dropExcess(msg *IncomingMessage, res *ServerResponse) bool {
	limit := int(c.server.maxRequests.Load())
	if limit == 0 {
		return false
	}
	c.mu.Lock()
	over := c.requests > limit
	c.mu.Unlock()
	if !over {
		return false
	}
	c.server.events.dropRequest.Emit(func(f func(*IncomingMessage, *socket.Socket)) { f(msg, c.sock) })
	res.WriteHead(503)
	res.out.End()
	return true
}

// received implements role.
func (c *serverConn) received(msg *IncomingMessage) {
	clearInstant(&c.bodySince)
	if msg.head.HasBody {
		c.mu.Lock()
		c.receiving = nil
		over := c.state == draining && c.first == nil // it was answered before
		if over {
			c.step(serverEventRetire)
		}
		c.mu.Unlock()
		if over {
			c.endWith("", nil)
		}
	}
}

// clearInstant sets an instant to 0. It is mostly so already, and a load costs
// less than a store.
func clearInstant(at *atomic.Int64) {
	if at.Load() != 0 {
		at.Store(0)
	}
}

// consumed implements role: a request closes behind its end, answered or not,
// where the profile says so.
func (c *serverConn) consumed(msg *IncomingMessage, _ bool) {
	if !c.server.profile.RequestClosesAtEnd || msg.closeQuietly() {
		return
	}
	strand := c.sock.Wire().Strand()
	strand.Post(func() { strand.Post(msg.emitClose) }) // behind the 'close' of an answer that has left
}

// beforeEnd implements role.
func (c *serverConn) beforeEnd(*IncomingMessage) {}

// ready implements role.
func (c *serverConn) ready() bool {
	if c.pendingUpgrade == nil {
		return !c.pipelineFull.Load() && !c.sock.Wire().Writer().Congested()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.queueLength == 0
}

// partialHead implements role.
func (c *serverConn) partialHead() {
	if c.headSince.Load() == 0 {
		c.headSince.Store(max(int64(core.Now()), 1))
	}
}

// updatePipelineFull finds out whether the line is too long, or too much waits in it. The
// caller holds mu.
func (c *serverConn) updatePipelineFull() {
	c.pipelineFull.Store(c.queueLength >= maxPipelined || c.backlog >= socket.DefaultHighWaterMark)
}

// advancePipeline lets the response after r write: r has written everything.
func (c *serverConn) advancePipeline(r *ServerResponse, last bool) {
	c.mu.Lock()
	c.first = r.next
	if c.first == nil {
		c.last = nil
	}
	if c.queueLength--; c.queueLength == maxPipelined-1 {
		c.updatePipelineFull()
	}
	next, farewell := c.first, c.errorResponse
	c.mu.Unlock()
	switch {
	case last:
		c.endWith("", nil)
		return
	case next != nil:
		if cause, destroyed := next.beginWriting(); destroyed {
			c.endWith("", cause)
			return
		}
	case farewell != nil:
		c.endWith(farewell.answer, farewell.err)
		return
	}
	c.Wanted()
}

// endWith sends what is left to say and ends the connection, with an error if cause is
// one.
func (c *serverConn) endWith(answer string, cause error) {
	c.httpDone.Store(true)
	c.sock.Wire().Writer().EndWith(answer, cause)
	c.Wanted()
}

// iterationLeft implements role: the request is destroyed alone where the profile says so.
func (c *serverConn) iterationLeft(msg *IncomingMessage) {
	if c.server.profile.LeftRequestAlone {
		msg.destroyAlone(core.ErrAborted)
	} else {
		msg.Destroy()
	}
}

// messageDestroyed implements role.
func (c *serverConn) messageDestroyed(_ *IncomingMessage, err error) { c.sock.Destroy(err) }

// malformed implements role: 'clientError', or else the answer that the error
// deserves, after those to the requests before.
func (c *serverConn) malformed(err *core.Error) {
	c.httpDone.Store(true)
	if c.emitClientError(err) {
		if c.server.profile.ClientErrorCloses {
			c.sock.Destroy(err)
		}
		return
	}
	if !c.server.profile.ClientErrorAnswers {
		c.sock.Destroy(err)
		return
	}
	answer := "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"
	switch err.Code {
	case http1.CodeHeaderOverflow, http1.CodeChunkExtensionsOverflow:
		if !c.server.profile.OverflowAnswers {
			break
		}
		answer = "HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\n\r\n"
	case core.ErrHTTPRequestTimeout.Code:
		answer = "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n"
	}
	c.mu.Lock()
	res, open := c.last, c.receiving
	c.mu.Unlock()
	switch {
	case res == nil && open != nil: // it is answered already
		c.endWith("", err)
	case res == nil:
		c.endWith(answer, err)
	case res == open:
		// The bad bytes are in the body of the last request: the answer takes the
		// place of that to it, unless there is one.
		switch {
		case res.out.WritableEnded():
			c.endBehindQueue("", err)
		case c.unqueueLast(res):
			c.endBehindQueue(answer, err)
		case res.out.HeadersSent():
			c.sock.Destroy(err)
		default:
			c.endWith(answer, err)
		}
	default:
		c.endBehindQueue(answer, err)
	}
}

// endBehindQueue ends the connection with an answer and an error, behind the answers that stand
// in line.
func (c *serverConn) endBehindQueue(answer string, err error) {
	c.mu.Lock()
	c.errorResponse = &errorResponse{answer, err}
	empty := c.first == nil
	c.mu.Unlock()
	if empty {
		c.endWith(answer, err)
	}
}

// unqueueLast takes the last response out of the line, unless it is its turn.
func (c *serverConn) unqueueLast(last *ServerResponse) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	for res := c.first; res != nil; res = res.next {
		if res.next == last {
			res.next, c.last = nil, res
			c.queueLength--
			return true
		}
	}
	return false
}

// inputEnded implements role.
func (c *serverConn) inputEnded(cut bool) {
	if cut {
		e := c.parser.Err()
		err := &core.Error{Code: e.Code, Kind: "Error", Message: e.Error()}
		c.malformed(err)
		if !c.server.events.clientError.Heard() {
			c.sock.Destroy(err)
		}
		return
	}
	c.httpDone.Store(true)
	c.sock.Wire().Writer().EndWith("", nil)
}

// readTimedOut implements role: the requests that have been received are answered, the last of
// them with the end of the connection.
func (c *serverConn) readTimedOut() bool {
	c.mu.Lock()
	last := c.last
	c.mu.Unlock()
	if last != nil {
		last.out.mu.Lock()
		last.out.stepKeepAlive(keepAliveEventRefuse) // so that its head says it, if that has not been sent
		last.out.mu.Unlock()
	} else if !c.sock.Wire().Unsent() {
		return false
	}
	c.httpDone.Store(true)
	c.endBehindQueue("", nil)
	return true
}

// Destroyed implements socket.Handler: who waits for a turn to write is told at
// once, since it may be a listener that closed has to wait for.
func (c *serverConn) Destroyed() {
	c.Wanted()
	var line []*ServerResponse
	c.mu.Lock()
	c.destroyed = true
	for res := c.first; res != nil; res = res.next {
		line = append(line, res)
	}
	c.mu.Unlock()
	err := c.sock.Wire().Failure()
	for _, res := range line {
		res.out.mu.Lock()
		res.out.markDestroyed(err)
		res.out.mu.Unlock()
	}
}

// emitClientError fires 'clientError', once, and reports whether anybody listens. It runs
// inside the strand.
func (c *serverConn) emitClientError(err error) bool {
	if c.clientErrorEmitted {
		return false
	}
	c.clientErrorEmitted = true
	return c.server.events.clientError.Emit(func(f func(error, *socket.Socket)) { f(err, c.sock) })
}

// Closed implements socket.Handler: 'clientError' tells why, if that is an error,
// and who waits for an answer learns that there will be none.
func (c *serverConn) Closed(err error, tell func()) {
	defer c.server.remove(c, c.server.strand.Run)
	c.httpDone.Store(true)
	c.Wanted()
	c.sock.Wire().Strand().Each(
		func() {
			if _, panicked := err.(*core.PanicError); err != nil && !panicked {
				c.emitClientError(err)
			}
		},
		tell,
		func() { c.abortExchanges(err) })
}

// abortExchanges ends the exchanges of a connection that is gone, because of err if that is
// not nil. It runs inside the strand.
func (c *serverConn) abortExchanges(err error) {
	var parts []func()
	c.mu.Lock()
	for res := c.first; res != nil; res = res.next {
		parts = append(parts, func() { res.abortExchange(err) })
	}
	if open := c.receiving; open != nil {
		parts = append(parts, func() { open.abortExchange(err) })
	}
	c.first, c.last = nil, nil
	c.mu.Unlock()
	c.sock.Wire().Strand().Each(parts...)
}

// abortExchange ends an exchange whose connection is gone, because of err if that is not
// nil. It runs inside the strand.
func (r *ServerResponse) abortExchange(err error) {
	req := r.req
	byUser, now := req.has(incomingDestroyed|incomingClosed), !req.has(incomingAborted|incomingClosed)
	strand := r.out.strand
	strand.Each(r.out.catchUp, func() { r.out.abandon(err) })
	if byUser || !req.rules.profile.CutMessageErrors {
		strand.Each(func() { req.abort() }, func() { req.emitError(nil) }, req.closeEarly, r.out.emitClose)
		return
	}
	strand.Each(func() { now = req.abort() && now }, r.out.emitClose, func() {
		strand.Post(func() { // behind the socket's 'close'
			defer req.closeEarly()
			if now {
				req.emitError(errAborted)
			}
		})
	})
}

// WriteFailed implements socket.Handler: nobody would get an answer.
func (c *serverConn) WriteFailed(*core.Error) bool { return false }

// Unpooled implements socket.Handler: no server has a pool.
func (c *serverConn) Unpooled() {}

// Drained implements socket.Handler.
func (c *serverConn) Drained() {
	c.mu.Lock()
	res := c.first
	c.mu.Unlock()
	if res != nil {
		res.out.emitDrain()
	}
}

// underWay returns the request that is still being received, and the response whose turn
// it is to write, which may answer another one; nil if there is none.
func (c *serverConn) underWay() (req *IncomingMessage, res *ServerResponse) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.receiving != nil {
		req = c.receiving.req
	}
	return req, c.first
}

// TimedOut implements socket.Handler: without a listener on a request that is
// arriving, the response or the server the socket is destroyed.
func (c *serverConn) TimedOut() {
	req, res := c.underWay()
	told := req != nil && req.emitTimeout()
	if res != nil {
		told = res.out.emitTimeout() || told
	}
	told = c.server.events.timeout.Emit(func(f func(*socket.Socket)) { f(c.sock) }) || told
	if !told {
		c.sock.Wire().Expire()
	}
}

// Sweep implements socket.Handler.
func (c *serverConn) Sweep(now core.Instant) (pause time.Duration) {
	c.sock.Wire().WatchPeer()
	s := c.server
	c.mu.Lock()
	busy, served := c.first != nil, c.requests > 0
	c.mu.Unlock()
	expired := func(since core.Instant, limit time.Duration) bool {
		return since != 0 && limit > 0 && now-since >= core.Instant(limit+core.Lag())
	}
	head, body := core.Instant(c.headSince.Load()), core.Instant(c.bodySince.Load())
	active := c.sock.Wire().Active()
	forHead := shorter(s.HeadersTimeout(), s.RequestTimeout())
	switch {
	case c.httpDone.Load():
	case c.unwatched.Load() && c.sock.Wire().PeerLeft():
		go c.sock.Destroy(nil)
	case expired(head, forHead), expired(body, s.RequestTimeout()), !served && head == 0 && expired(active, forHead):
		if !c.requestTimedOut.Swap(true) {
			go c.timeoutRequest()
		}
	case served && !busy && body == 0 && expired(active, s.KeepAliveTimeout()) && !c.sock.Wire().Unsent():
		c.sock.Wire().MaybeTimeout(active)
	case c.sock.Wire().Parked(): // nothing happens to it but that it has waited for too long
		limit := forHead
		if served {
			limit = s.KeepAliveTimeout()
		}
		if pause = socket.LongestPause; limit > 0 {
			pause = min(pause, time.Duration(active)+limit+core.Lag()-time.Duration(now))
		}
	}
	return pause
}

// shorter returns the shorter of two limits, of which 0 is none.
func shorter(a, b time.Duration) time.Duration {
	if a == 0 || b != 0 && b < a {
		return b
	}
	return a
}

// timeoutRequest fails a request that takes too long. Who waits for the body in Read,
// which may be the listener inside the strand, waits in vain.
func (c *serverConn) timeoutRequest() {
	c.sock.Wire().Strand().Run(func() {
		if !c.httpDone.Load() {
			c.malformed(errRequestTimeout)
		}
	})
	c.sock.Wire().Interrupt()
}

// errRequestTimeout is why a request fails that takes too long. It is a timeout, as net.Error
// has it.
var errRequestTimeout = core.ErrHTTPRequestTimeout.Because(os.ErrDeadlineExceeded)

// readTimeoutError implements role.
func (c *serverConn) readTimeoutError() error {
	if c.requestTimedOut.Load() {
		return errRequestTimeout
	}
	return core.ErrReadTimeout
}

// Silence implements socket.Handler.
func (c *serverConn) Silence() socket.SilenceOutcome {
	req, res := c.underWay()
	if c.server.events.timeout.Heard() || req != nil && req.timeoutHeard() || res != nil && res.out.timeoutHeard() {
		return socket.SilenceTold
	}
	return socket.SilenceEnds
}
