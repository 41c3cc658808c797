package runtime

// The client's end of a connection: it is established, serves one request
// after the other, and returns to its agent between them.

import (
	"context"
	"errors"
	"net"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"nodehttp/core"
	"nodehttp/runtime/http1"
)

// clientConn is a connection that requests are sent on, one at a time.
type clientConn struct {
	conn
	agent *Agent // nil: it serves one request
	pool  *pool
	place int // in pool.busy; guarded by agent.mu

	removed atomic.Bool // EmitAgentRemove was called

	probed bool // TCP keep-alive has been turned on; of who releases it

	excess atomic.Bool // bytes came behind a response: nobody asked for them

	mu      sync.Mutex // guards what follows
	gone    bool       // closed has been called
	req     *ClientRequest
	res     *IncomingMessage // the response, once it has been consumed
	expires core.Instant     // when the server will close it; 0 if it does not say
}

// newClientConn makes a connection that is not established yet, for r.
func newClientConn(r *ClientRequest, agent *Agent, p *pool) *clientConn {
	c := &clientConn{agent: agent, pool: p}
	sock := newConnecting(c, r.profile.HighWaterMark)
	c.init(sock, c, http1.Response, http1.Options{
		MaxHeaderSize: r.options.MaxHeaderSize,
		MaxHeaders:    r.MaxHeadersCount(),
		Insecure:      r.options.InsecureHTTPParser,
	})
	return c
}

// connectAlone gives a request without an agent its connection.
func connectAlone(r *ClientRequest) {
	c := newClientConn(r, nil, nil)
	c.assign(r, true, false)
	go c.establish(r.options.CreateConnection, r.options.connect())
}

// establish connects and then reads. It is the connection's goroutine.
func (c *clientConn) establish(create func(ConnectOptions) (net.Conn, error), o ConnectOptions) {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	c.sock.whenDestroyed(stop)
	own := create == nil
	if own {
		create = func(o ConnectOptions) (net.Conn, error) { return dial(ctx, o) }
	}
	nc, err := create(o)
	if err != nil {
		c.sock.destroy(connectError(err, o))
		return
	}
	if nc == nil {
		c.sock.destroy(core.ErrSocketClosed)
		return
	}
	if c.sock.connected(nc, own) {
		c.run()
	}
}

// connectError names what failed: finding the host, or reaching it.
func connectError(err error, o ConnectOptions) *core.Error {
	if dns := (*net.DNSError)(nil); errors.As(err, &dns) {
		return core.FromSystem(err, "getaddrinfo", o.Host)
	}
	return core.FromSystem(err, "connect", target(o))
}

// target is how an error names where a connection should have gone.
func target(o ConnectOptions) string {
	if o.SocketPath != "" {
		return o.SocketPath
	}
	return o.Host + ":" + strconv.Itoa(o.Port)
}

// assign gives the connection to a request, which begins to write. A request
// that is being made has fired no event yet: its listeners can run on the
// connection's strand from the beginning. It reports false, and does nothing,
// if the connection has ended.
func (c *clientConn) assign(r *ClientRequest, made, reused bool) bool {
	c.mu.Lock()
	if c.gone {
		c.mu.Unlock()
		return false
	}
	c.req, c.res = r, nil
	c.mu.Unlock()
	m := &r.out
	m.mu.Lock()
	r.conn = c
	r.state |= requestAssigned
	if reused {
		r.state |= requestReused
	}
	events, tune := r.events, r.tune
	gone := m.flags&outgoingGone != 0
	if made {
		m.strand = c.sock.strand
	}
	m.mu.Unlock()
	switch {
	case made:
	case r.own.TryEnter():
		r.own.Forward(c.sock.strand)
	default:
		r.own.Post(func() { r.own.Forward(c.sock.strand) })
	}
	if reused {
		c.sock.Ref()
	}
	if gone {
		c.sock.destroy(nil)
		return true
	}
	for _, f := range tune {
		c.sock.whenConnected(f)
	}
	if events != nil && events.socket.Heard() {
		m.strand.Post(func() { events.socket.Emit(func(f func(*Socket)) { f(c.sock) }) })
	}
	m.takeTurn(c.sock)
	return true
}

// current returns the request being served.
func (c *clientConn) current() *ClientRequest {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.req
}

// answer is a response, made together with room for its fields.
type answer struct {
	msg    IncomingMessage
	fields [fewFields]http1.Field
}

// head implements role.
func (c *clientConn) head(n int) *IncomingMessage {
	r := c.current()
	x := new(answer)
	msg := &x.msg
	msg.head.Fields = x.fields[:0]
	c.takeHead(n, &msg.head)
	h := &msg.head
	if r != nil {
		r.out.catchUp()
	}
	switch {
	case r == nil: // nobody asked for it
		c.over.Store(true)
		c.sock.destroy(nil)
		return nil
	case h.Status < 200 && h.Status != 101:
		if h.Status == 100 {
			r.proceeds()
		}
		r.informed(Information{
			HTTPVersion: httpVersion(h), HTTPVersionMajor: int(h.Major), HTTPVersionMinor: int(h.Minor),
			StatusCode: h.Status, StatusMessage: h.Reason, Headers: r.rules.view(h), RawHeaders: rawHeaders(h),
		})
		return nil
	case r.options.Method == "CONNECT", h.Upgrade && h.Status == 101,
		r.profile.UpgradeAnyStatus && r.rules.upgrades(h):
		h.HasBody = false
		msg.init(&c.conn, r.rules)
		c.hand(r, msg)
		return nil
	case r.options.Method == "HEAD":
		c.parser.ExpectNoBody()
		h.HasBody = false
	}
	msg.init(&c.conn, r.rules)
	return msg
}

// hand gives the socket to the listeners of 'upgrade' or 'connect'.
func (c *clientConn) hand(r *ClientRequest, msg *IncomingMessage) {
	rest := c.handOver()
	c.leave()
	c.mu.Lock()
	c.req = nil
	c.mu.Unlock()
	r.handed(&handover{connect: r.options.Method == "CONNECT", res: msg, socket: c.sock, head: rest})
}

// announce implements role.
func (c *clientConn) announce(msg *IncomingMessage) {
	if r := c.current(); r != nil {
		r.answered(msg)
	}
}

// partial implements role: nobody has asked for what arrives between requests,
// and the next request must not get it.
func (c *clientConn) partial() {
	if c.current() == nil {
		c.over.Store(true)
		c.sock.destroy(nil)
	}
}

// received implements role.
func (c *clientConn) received(*IncomingMessage) {
	if len(c.sock.in.bytes()) > 0 {
		c.excess.Store(true)
	}
}

// ready implements role.
func (c *clientConn) ready() bool { return true }

// consumed implements role: the response has been read to its end.
func (c *clientConn) consumed(msg *IncomingMessage) {
	c.mu.Lock()
	r := c.req
	if r != nil {
		c.res = msg
	}
	c.mu.Unlock()
	if r != nil {
		c.settle(r)
	}
}

// settle ends the exchange of r once its request has been sent and its
// response consumed. The response closes as soon as it is consumed, except
// that where the connection is kept the request closes before it.
func (c *clientConn) settle(r *ClientRequest) {
	flags := r.out.flagsNow()
	sent := flags&outgoingDone != 0
	c.mu.Lock()
	msg := c.res
	if c.req != r || msg == nil {
		c.mu.Unlock()
		return
	}
	if sent {
		c.req, c.res = nil, nil
	}
	c.mu.Unlock()
	keep := sent && flags&persistent != 0 && msg.head.KeepAlive && c.agent != nil && !c.removed.Load() && !c.over.Load() && !c.excess.Load()
	// The request's strand is the connection's: nothing of the next exchange
	// overtakes these.
	r.out.strand.Post(func() {
		if !keep {
			msg.close()
		}
		if !sent {
			return
		}
		r.settled()
		if keep {
			c.agent.release(c, msg)
			msg.close()
		} else {
			c.over.Store(true)
			c.sock.destroy(nil)
		}
	})
}

// failed implements role.
func (c *clientConn) failed(err *core.Error) { c.sock.destroy(err) }

// ended implements role.
func (c *clientConn) ended(bool) {
	c.over.Store(true)
	c.sock.destroy(nil)
}

// closed implements socketUser: the request that is being served learns it.
func (c *clientConn) closed(err error) {
	c.over.Store(true)
	c.wanted()
	c.mu.Lock()
	r := c.req
	c.req, c.gone = nil, true
	c.mu.Unlock()
	c.leave() // behind gone, so that a request which is refused finds room
	if r == nil {
		return
	}
	r.out.catchUp()
	r.out.abandon(err)
	r.out.mu.Lock()
	msg := r.res
	r.out.mu.Unlock()
	if msg != nil && msg.Complete() {
		if !msg.body.Consumed() {
			r.over(err)
			r.out.closed()
			msg.closeAfterEnd()
			return
		}
		msg.OnEnd(func() { // 'end' may be on its way
			msg.close()
			r.over(err)
			r.out.closed()
		})
		return
	}
	if msg == nil {
		if err == nil {
			err = core.ErrConnReset
		}
		r.over(err)
		r.out.closed()
		return
	}
	if msg.Destroyed() { // by the user, who knows
		msg.abort()
		r.over(err)
		msg.errored(nil)
		msg.close()
		r.out.closed()
		return
	}
	if r.profile.CutResponseEnds {
		r.over(err)
		r.out.closed()
		msg.body.Cut(errAborted)
		msg.abort()
		msg.closeAfterEnd()
		return
	}
	r.over(err)
	msg.abort()
	r.out.closed()
	msg.errored(errAborted)
	msg.close()
}

// leave takes the connection out of its agent.
func (c *clientConn) leave() {
	if c.agent != nil {
		c.agent.remove(c)
	}
}

// drained implements socketUser.
func (c *clientConn) drained() {
	if r := c.current(); r != nil {
		r.out.drained()
	}
}

// timedOut implements socketUser: a request is told, a pooled connection ends.
func (c *clientConn) timedOut(bool) {
	r := c.current()
	if r == nil {
		c.sock.destroy(nil)
		return
	}
	r.out.timedOut()
}

// heeded implements socketUser: a request is never ended for its silence.
func (c *clientConn) heeded() bool { return true }

// sweep implements socketUser: a pooled connection that the server is about
// to close is not used any more.
func (c *clientConn) sweep(now core.Instant) {
	c.mu.Lock()
	expired := c.req == nil && c.expires != 0 && now >= c.expires
	c.mu.Unlock()
	if expired {
		c.sock.destroy(nil)
	}
}

// keepAliveHint is the time that a Keep-Alive field gives a connection, less a
// margin for what is under way; 0 if it gives none.
func keepAliveHint(value string) time.Duration {
	for part := range strings.SplitSeq(value, ",") {
		name, seconds, ok := strings.Cut(strings.TrimSpace(part), "=")
		if !ok || !same(name, "timeout") {
			continue
		}
		if n, err := strconv.ParseUint(seconds, 10, 31); err == nil && n > 0 {
			return max(time.Duration(n)*time.Second-time.Second, time.Second/2)
		}
	}
	return 0
}

// dial connects to where o says.
func dial(ctx context.Context, o ConnectOptions) (net.Conn, error) {
	var d net.Dialer
	if o.SocketPath != "" {
		return d.DialContext(ctx, "unix", o.SocketPath)
	}
	network := "tcp"
	if o.Family != 0 {
		network += strconv.Itoa(o.Family)
	}
	if o.LocalAddress != "" || o.LocalPort != 0 {
		local, err := net.ResolveTCPAddr(network, net.JoinHostPort(o.LocalAddress, strconv.Itoa(o.LocalPort)))
		if err != nil {
			return nil, err
		}
		d.LocalAddr = local
	}
	hosts := []string{o.Host}
	if o.Lookup != nil {
		var err error
		if hosts, err = o.Lookup(ctx, o.Host); err != nil {
			return nil, err
		}
	}
	err := error(&net.DNSError{Err: "no address", Name: o.Host, IsNotFound: true})
	for _, host := range hosts {
		var c net.Conn
		if c, err = d.DialContext(ctx, network, net.JoinHostPort(host, strconv.Itoa(o.Port))); err == nil {
			return c, nil
		}
	}
	return nil, err
}
