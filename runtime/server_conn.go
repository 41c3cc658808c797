package runtime

// The server's end of a connection: it announces requests as they arrive, and takes
// part in everything that ends the connection. The queue of its responses is in
// server_queue.go, its timeouts are in server_timeout.go.

import (
	"sync"
	"sync/atomic"
	"time"

	"nodehttp/core"
	"nodehttp/runtime/http1"
	"nodehttp/runtime/socket"
)

// serverConn is the server's end of a connection.
type serverConn struct {
	conn
	server  *Server
	timeout time.Duration // the server's when the connection was made

	// Instants of the coarse clock: when the first piece of the head arrived that is still
	// incomplete, and when the request began whose body is still incomplete. 0 if there is
	// none.
	headSince, bodySince atomic.Int64

	requestTimedOut atomic.Bool   // timeoutRequest has been called
	pipelineFull    atomic.Bool   // too many responses are queued, or too much of them; changed with mu held
	hijacked        chan struct{} // closed when Hijack has returned; set before a response's listener is listenerHijacked

	// Strand only.
	requestSince       int64 // the headSince of the request that is being announced
	clientErrorEmitted bool  // 'clientError' has happened

	mu            sync.Mutex // guards what follows
	state         serverState
	requests      int             // how many have been announced
	receiving     *ServerResponse // to the request whose body is being received
	first, last   *ServerResponse // the queue, linked by next; nil if it is empty
	queueLength   int
	backlog       int            // how many bytes of responses that wait are kept
	errorResponse *errorResponse // sent when the queue is empty; then the connection ends
	destroyed     bool           // the socket is; a response that is queued from now on is, too

	removed chan struct{} // closed when the server has removed the connection; nil unless Shutdown waits; guarded by the server's mu
}

// errorResponse is the response to bytes that are not HTTP, and the error that says why.
type errorResponse struct {
	text string
	err  error
}

// exchange is a request and its response, which are one allocation.
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
	if msg.head.Connect {
		msg.head.HasBody = false
	}
	msg.init(&c.conn, s.rules)
	upgrade := !msg.head.Connect && msg.head.Upgrade && c.isUpgrade(msg)
	switch {
	case !upgrade && !msg.head.Connect:
		if !c.enqueue(msg, &x.res) {
			c.httpDone.Store(true) // nothing that follows is parsed
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

// isUpgrade decides whether a request that asks for an upgrade is one. What follows the head of
// an upgrade is the listener's. The caller is inside the strand and holds readMu.
func (c *serverConn) isUpgrade(msg *IncomingMessage) bool {
	s := c.server
	yes := s.profile.UpgradeUnheardCloses || s.events.upgrade.Heard()
	if s.options.ShouldUpgrade != nil {
		yes = c.askProgram(msg)
	}
	if yes && msg.head.HasBody {
		msg.head.HasBody = false
		msg.body.End()
	}
	return yes
}

// askProgram calls ShouldUpgrade, without readMu.
func (c *serverConn) askProgram(msg *IncomingMessage) bool {
	c.readMu.Unlock()
	defer c.relock()
	return c.server.options.ShouldUpgrade(msg)
}

// beginUpgrade notes that the socket will be handed to the program. It reports false if no
// request is announced any more.
func (c *serverConn) beginUpgrade() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.state.announces() {
		return false
	}
	c.step(serverEventUpgrade)
	return true
}

// upgrade hands the socket to the listeners of event, 'upgrade' or 'connect', and destroys
// it if there are none.
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

// announce implements role.
func (c *serverConn) announce(msg *IncomingMessage) {
	c.emitRequest(msg)
	if c.server.profile.FlowsAtOnce {
		msg.body.Flow()
	}
}

// emitRequest emits 'request', or the event that Expect asks for, or refuses the request.
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
	case c.refuseHostless(msg, res), c.dropExcess(msg, res):
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

// refuseHostless responds with 400 to a request of HTTP/1.1 without a Host field, which RFC 9112,
// section 3.2, demands. It reports whether that is so.
func (c *serverConn) refuseHostless(msg *IncomingMessage, res *ServerResponse) bool {
	if !c.server.requireHost || msg.head.Minor == 0 || msg.head.HostCount > 0 {
		return false
	}
	res.WriteHead(400, Headers{{"Connection", "close"}})
	res.out.End()
	return true
}

// dropExcess emits 'dropRequest' and responds with 503 if the connection has had more
// requests than it may. It reports whether that is so.
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
		over := c.state == draining && c.first == nil // the response was sent before the request had arrived
		if over {
			c.step(serverEventRetire)
		}
		c.mu.Unlock()
		if over {
			c.endWith("", nil)
		}
	}
}

// consumed implements role. Where the profile says so, a request closes when it has been
// read to its end, whether there is a response or not.
func (c *serverConn) consumed(msg *IncomingMessage, _ core.Consumer) {
	if !c.server.profile.RequestClosesAtEnd || msg.closeQuietly() {
		return
	}
	strand := c.sock.Wire().Strand()
	strand.Post(func() { strand.Post(msg.emitClose) }) // behind the 'close' of a response that has been sent
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

// endWith sends text and then ends the connection, with an error if cause is one.
func (c *serverConn) endWith(text string, cause error) {
	c.httpDone.Store(true)
	c.sock.Wire().Writer().EndWith(text, cause)
	c.Wanted()
}

// iterationLeft implements role. Where the profile says so, the connection outlives the
// request.
func (c *serverConn) iterationLeft(msg *IncomingMessage) {
	if c.server.profile.LeftRequestAlone {
		msg.destroyAlone(core.ErrAborted)
	} else {
		msg.Destroy()
	}
}

// messageDestroyed implements role.
func (c *serverConn) messageDestroyed(_ *IncomingMessage, err error) { c.sock.Destroy(err) }

// malformed implements role. It emits 'clientError'; if nobody listens, the connection sends
// an error response behind those to the requests before, and ends.
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
	text := "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"
	switch err.Code {
	case http1.CodeHeaderOverflow, http1.CodeChunkExtensionsOverflow:
		if !c.server.profile.OverflowAnswers {
			break
		}
		text = "HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\n\r\n"
	case core.ErrHTTPRequestTimeout.Code:
		text = "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n"
	}
	c.mu.Lock()
	last, receiving := c.last, c.receiving
	c.mu.Unlock()
	switch {
	case last == nil && receiving != nil: // the response has been sent already
		c.endWith("", err)
	case last == nil:
		c.endWith(text, err)
	case last == receiving:
		// The bad bytes are in the body of the last request. The error response takes the
		// place of its response, unless that has begun.
		switch {
		case last.out.WritableEnded():
			c.endBehindQueue("", err)
		case c.unqueueLast(last):
			c.endBehindQueue(text, err)
		case last.out.HeadersSent():
			c.sock.Destroy(err)
		default:
			c.endWith(text, err)
		}
	default:
		c.endBehindQueue(text, err)
	}
}

// inputEnded implements role.
func (c *serverConn) inputEnded(truncated bool) {
	if truncated {
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

// Destroyed implements socket.Handler. Writes of queued responses return at once: a
// listener may be in one of them, and Closed waits for the listener.
func (c *serverConn) Destroyed() {
	c.Wanted()
	c.mu.Lock()
	c.destroyed = true
	queue := c.queue()
	c.mu.Unlock()
	err := c.sock.Wire().Failure()
	for _, res := range queue {
		res.out.mu.Lock()
		res.out.markDestroyed(err)
		res.out.mu.Unlock()
	}
}

// emitClientError emits 'clientError', once, and reports whether anybody listens. It runs
// inside the strand.
func (c *serverConn) emitClientError(err error) bool {
	if c.clientErrorEmitted {
		return false
	}
	c.clientErrorEmitted = true
	return c.server.events.clientError.Emit(func(f func(error, *socket.Socket)) { f(err, c.sock) })
}

// Closed implements socket.Handler. An error is emitted as 'clientError', and the exchanges
// that are under way are aborted.
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

// abortExchanges aborts the exchanges of a connection that has closed, with an error if err
// is one. It runs inside the strand.
func (c *serverConn) abortExchanges(err error) {
	c.mu.Lock()
	aborted := c.queue()
	if c.receiving != nil {
		aborted = append(aborted, c.receiving)
	}
	c.first, c.last = nil, nil
	c.mu.Unlock()
	var parts []func()
	for _, res := range aborted {
		parts = append(parts, func() { res.abortExchange(err) })
	}
	c.sock.Wire().Strand().Each(parts...)
}

// WriteFailed implements socket.Handler. There is nothing to wait for: the socket is
// destroyed.
func (c *serverConn) WriteFailed(*core.Error) bool { return false }

// Unpooled implements socket.Handler: no server has a pool.
func (c *serverConn) Unpooled() {}

// Drained implements socket.Handler.
func (c *serverConn) Drained() {
	c.mu.Lock()
	res := c.first
	c.mu.Unlock()
	if res != nil {
		res.out.drained()
	}
}
