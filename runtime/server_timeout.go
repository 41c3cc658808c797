package runtime

// The timeouts of a server's connection: of a head, of a request, between requests, and of
// silence.

import (
	"os"
	"sync/atomic"
	"time"

	"nodehttp/core"
	"nodehttp/runtime/socket"
)

// partialHead implements role.
func (c *serverConn) partialHead() {
	if c.headSince.Load() == 0 {
		c.headSince.Store(max(int64(core.Now()), 1))
	}
}

// clearInstant sets an instant to 0. Mostly it is 0 already, and a load costs less than a
// store.
func clearInstant(at *atomic.Int64) {
	if at.Load() != 0 {
		at.Store(0)
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
	case served && !busy && body == 0 && expired(active, s.idleTimeout()) && !c.sock.Wire().Unsent():
		c.sock.Wire().MaybeTimeout(active)
	case c.sock.Wire().Parked(): // the keep-alive timeout, or that for the first head, is all it waits for
		limit := forHead
		if served {
			limit = s.idleTimeout()
		}
		if pause = socket.LongestPause; limit > 0 {
			pause = min(pause, time.Duration(active)+limit+core.Lag()-time.Duration(now))
		}
	}
	return pause
}

// shorter returns the shorter of two limits; 0 is no limit.
func shorter(a, b time.Duration) time.Duration {
	if a == 0 || b != 0 && b < a {
		return b
	}
	return a
}

// timeoutRequest ends a request that takes too long to arrive. A listener that waits in Read
// for its body has the strand until Interrupt lets the Read return.
func (c *serverConn) timeoutRequest() {
	c.sock.Wire().Strand().Run(func() {
		if !c.httpDone.Load() {
			c.malformed(errRequestTimeout)
		}
	})
	c.sock.Wire().Interrupt()
}

// errRequestTimeout is the error of a request that takes too long to arrive. It is a timeout
// in the sense of net.Error.
var errRequestTimeout = core.ErrHTTPRequestTimeout.Because(os.ErrDeadlineExceeded)

// readTimeoutError implements role.
func (c *serverConn) readTimeoutError() error {
	if c.requestTimedOut.Load() {
		return errRequestTimeout
	}
	return core.ErrReadTimeout
}

// readTimedOut implements role. The responses to requests that have been received are sent,
// and the connection ends with the last of them.
func (c *serverConn) readTimedOut() bool {
	c.mu.Lock()
	last := c.last
	c.mu.Unlock()
	if last != nil {
		last.out.mu.Lock()
		last.out.stepKeepAlive(keepAliveEventRefuse) // its head says so, unless it is fixed
		last.out.mu.Unlock()
	} else if !c.sock.Wire().Unsent() {
		return false
	}
	c.httpDone.Store(true)
	c.endBehindQueue("", nil)
	return true
}

// suspendTimeout leaves the connection to the keep-alive timeout, now that r has been sent,
// unless there is another request or the body of one is still to come.
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

// restoreTimeout undoes suspendTimeout when a request comes. The caller holds mu.
func (c *serverConn) restoreTimeout() {
	if c.requests == 0 || c.server.KeepAliveTimeout() == 0 {
		return
	}
	if c.sock.Timeout() != c.timeout {
		c.sock.SetTimeout(c.timeout)
	}
}

// underWay returns the request whose body is being received, and the first response of the
// queue, which may belong to another request. Each is nil if there is none.
func (c *serverConn) underWay() (req *IncomingMessage, res *ServerResponse) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.receiving != nil {
		req = c.receiving.req
	}
	return req, c.first
}

// TimedOut implements socket.Handler. It emits 'timeout' on the request that is arriving, on
// the response and on the server; if nobody listens, the socket is destroyed.
func (c *serverConn) TimedOut() {
	req, res := c.underWay()
	heard := req != nil && req.emitTimeout()
	if res != nil {
		heard = res.out.emitTimeout() || heard
	}
	heard = c.server.events.timeout.Emit(func(f func(*socket.Socket)) { f(c.sock) }) || heard
	if !heard {
		c.sock.Wire().Expire()
	}
}

// Silence implements socket.Handler.
func (c *serverConn) Silence() socket.SilenceOutcome {
	req, res := c.underWay()
	if c.server.events.timeout.Heard() || req != nil && req.timeoutHeard() || res != nil && res.out.timeoutHeard() {
		return socket.SilenceTold
	}
	return socket.SilenceEnds
}
