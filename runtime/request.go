package runtime

// ClientRequest: how a request is made, its options, and Await. request_events.go has its
// events and how it ends, request_states.go its states.

import (
	"cmp"
	"context"
	"os"
	"slices"
	"sync/atomic"
	"time"

	"nodehttp/core"
	"nodehttp/generated/profile"
	"nodehttp/runtime/http1"
	"nodehttp/runtime/socket"
)

// ClientRequest is a request being sent. All methods may be called from any
// goroutine. Events that happen once reach listeners that come late.
//
// What few requests need is kept apart, so that one fits into 512 bytes; see
// outgoingRare.
type ClientRequest struct {
	out   OutgoingMessage
	own   core.Strand // where listeners run until there is a connection
	rules *tables
	agent *Agent   // nil: a connection of its own
	bound *binding // nil if the user has given no context

	maxHeaders atomic.Int64

	// What is left of the options once the request has been prepared.
	method, path, host string
	port               int
	extras             *extras // nil if the options have none of them
	maxHeaderSize      int
	insecure, relaxed  bool // the parser
	hasTimeout         bool
	hasExpect          bool // the head is sent at once

	conn atomic.Pointer[clientConn] // once it is assigned; written with out.mu held

	// guarded by out.mu
	states requestStates // see request_states.go
	res    *IncomingMessage
	early  *early         // nil while there is nothing in it
	events *requestEvents // nil until somebody listens to one of them

	// guarded by agent.mu
	pool   *pool
	queued core.Link[ClientRequest] // in pool.queue

	// In place, since nearly every request has listeners.
	onResponse core.Latch[func(*IncomingMessage)]
	outEvents  outgoingEvents // out.events
}

// binding is the context that the program has given to a request.
type binding struct {
	ctx  context.Context
	stop func() bool // ends what destroys the request with ctx; guarded by out.mu
}

// extras are the options that few requests have.
type extras struct {
	to            socket.ConnectOptions
	create        socket.Connector
	protocol      string
	uniqueHeaders []string
}

// early is what has to wait: for the connection, or for a listener.
type early struct {
	tune    []func(*socket.Socket) // to be done when the connection is established
	missed  []Information          // informational responses that nobody has heard of yet
	waiting *handover              // a socket that nobody has asked for yet
	discard *time.Timer            // lets a response or that socket pass that nobody asks for
}

// requestEvents are the events of a request but for 'response' and those of every
// outgoing message.
type requestEvents struct {
	upgrade, connect handoverEvent
	information      core.Event[func(Information)]
	socket           core.Latch[func(*socket.Socket)]
	abort            core.Latch[func()]
	proceed          core.Latch[func()] // may be emitted again
	arrived          core.Event[func()] // for Await: a response has come
	expired          core.Event[func()] // for Await: the connection was silent for the request's own timeout
}

// Information is an informational response (1xx, but not 101).
type Information struct {
	HTTPVersion      string
	HTTPVersionMajor int
	HTTPVersionMinor int
	StatusCode       int
	StatusMessage    string
	Headers          HeaderView
	RawHeaders       Headers
}

// NewRequest makes a request to a URL (none if it is "") as modified by the
// options, and looks for a connection. Each callback is added as a one-time
// listener of 'response'. What cannot be sent makes 'error' happen; nothing is
// sent then.
func NewRequest(p *profile.Profile, url string, o RequestOptions, callback ...func(*IncomingMessage)) *ClientRequest {
	return newRequest(p, url, &o, callback)
}

func newRequest(p *profile.Profile, url string, o *RequestOptions, callback []func(*IncomingMessage)) *ClientRequest {
	r := &ClientRequest{rules: tablesOf(p), states: newRequestStates()}
	r.maxHeaders.Store(int64(p.Request.MaxHeadersCount))
	r.out.init(r, &r.own, p)
	r.out.events.Store(&r.outEvents)
	for _, f := range callback {
		r.OnResponse(f)
	}
	if err := r.prepare(url, o); err != nil {
		r.fail(err)
		return r
	}
	if ctx := o.Signal; ctx != nil && ctx.Err() != nil {
		r.fail(aborted(ctx))
		return r
	}
	if r.agent != nil {
		r.agent.add(r, fresh)
	} else {
		connectAlone(r)
	}
	r.bindTo(o.Signal)
	if r.hasExpect {
		r.out.FlushHeaders()
	}
	return r
}

// NewRequestContext is NewRequest for a request that ctx bounds from the start, in place
// of a Signal among the options.
func NewRequestContext(ctx context.Context, p *profile.Profile, url string, o RequestOptions, callback ...func(*IncomingMessage)) *ClientRequest {
	o.Signal = ctx
	return NewRequest(p, url, o, callback...)
}

// NewGetContext is NewGet as NewRequestContext is NewRequest.
func NewGetContext(ctx context.Context, p *profile.Profile, url string, o RequestOptions, callback ...func(*IncomingMessage)) *ClientRequest {
	o.Signal = ctx
	return NewGet(p, url, o, callback...)
}

// bindTo destroys the request when ctx, if there is one, is done.
func (r *ClientRequest) bindTo(ctx context.Context) {
	if ctx == nil {
		return
	}
	stop := context.AfterFunc(ctx, func() { r.Destroy(aborted(ctx)) })
	r.out.mu.Lock()
	r.bound.stop = stop
	over := r.states.life == requestOver // then nobody else calls stop
	r.out.mu.Unlock()
	if over {
		stop()
	}
}

// aborted is the error of a request whose context is done.
func aborted(ctx context.Context) error { return core.ErrAborted.Because(context.Cause(ctx)) }

// NewGet is NewRequest, and ends the request.
func NewGet(p *profile.Profile, url string, o RequestOptions, callback ...func(*IncomingMessage)) *ClientRequest {
	r := newRequest(p, url, &o, callback)
	if err := r.out.end(nil, nil); err != nil && !r.out.connectionLost() {
		r.Destroy(err) // 'error' tells what is wrong with the head
	}
	return r
}

// prepare resolves the options and applies them. It returns what is wrong with them.
func (r *ClientRequest) prepare(url string, o *RequestOptions) error {
	p := r.rules.profile
	err := o.resolve(p, url)
	r.method, r.path, r.host, r.port = o.Method, o.Path, o.Host, o.Port
	r.maxHeaderSize = o.MaxHeaderSize
	r.insecure = o.InsecureHTTPParser || o.HTTPValidation == ValidationInsecure
	r.relaxed = o.HTTPValidation == ValidationRelaxed
	secure := err == nil && o.expectsHTTPS()
	if r.extras = securely; !secure {
		r.extras = o.extras(p)
	}
	if err != nil {
		return err
	}
	if o.Signal != nil {
		r.bound = &binding{ctx: o.Signal}
	}
	r.agent = agentOf(p, o)
	if r.agent != nil && r.agent.err != nil {
		return r.agent.err
	}
	m := &r.out
	if r.hasTimeout = o.Timeout != 0; r.hasTimeout {
		m.ensureRare().timeout = o.Timeout
	}
	if r.hasTimeout || r.agent != nil && r.agent.options.Timeout != 0 {
		requestSilenceSteps.Step(&r.states.silence, requestEventHeed)
	}
	m.flags &^= sendDate
	if o.JoinDuplicateHeaders {
		r.rules = r.rules.joinsDuplicates()
	}
	if o.HTTPValidation.relaxes() {
		m.flags |= relaxedValues
	}
	if o.SetDefaultHeaders != nil && !*o.SetDefaultHeaders {
		m.flags |= removedConn | removedLength | removedTE
		o.SetHost = cmp.Or(o.SetHost, o.SetDefaultHeaders)
	}
	if !mayBeEmpty(p, o.Method) {
		m.flags |= chunkedDefault
	}
	if r.agent != nil && !o.NoAgent && !o.TLS.alone() && r.agent.asksToKeep() {
		m.stepKeepAlive(keepAliveEventAsk)
	}
	if err = r.setFields(o); err == nil && secure {
		r.extras, err = r.secureExtras(o)
	}
	return err
}

// securely are the extras of a request of https that has not been prepared.
var securely = &extras{protocol: "https:"}

// secureExtras returns the extras of a request of https.
func (r *ClientRequest) secureExtras(o *RequestOptions) (*extras, error) {
	if r.agent == nil || r.agent.secure == nil { // the program connects itself
		return o.extras(r.rules.profile), nil
	}
	theirs := *o // so that the options of a request of http stay on the stack
	return r.agent.secure.extras(r, &theirs)
}

// setFields sets the headers of the options and those that follow from them.
func (r *ClientRequest) setFields(o *RequestOptions) error {
	m := &r.out
	for _, h := range o.Headers {
		if err := m.validate(h[0], h[1]); err != nil {
			return err
		}
		m.fields = append(m.fields, field{h[0], h[1]})
		r.hasExpect = r.hasExpect || http1.EqualFold(h[0], "expect")
	}
	if !m.isSet("host") && (o.SetHost == nil || *o.SetHost) {
		host := r.hostField(o)
		if o.Method == "CONNECT" && o.Path != r.rules.profile.Request.Path && r.rules.profile.ConnectHostIsTarget {
			host = o.Path // as RFC 9110, section 9.3.6, wants it
		}
		if err := m.validate("Host", host); err != nil {
			return err
		}
		m.fields = append(m.fields, field{"Host", host})
	}
	if !m.isSet("authorization") && o.Auth != "" {
		m.fields = append(m.fields, field{"Authorization", basicAuth(o.Auth)})
	}
	return m.checkFraming()
}

// mayBeEmpty reports whether a request that is given no body has none, instead of
// an empty one.
func mayBeEmpty(p *profile.Profile, method string) bool {
	switch method {
	case "GET", "HEAD", "CONNECT":
		return true
	case "DELETE", "OPTIONS":
		return p.DeleteMayBeEmpty
	case "TRACE":
		return p.TraceMayBeEmpty
	}
	return false
}

// A hostField is what a Host field has for an origin.
type hostField struct {
	host        string
	port        int
	defaultPort int
	value       string
}

// hostField returns the value of the Host field. An agent keeps the last one: the
// next request is often to the same origin.
func (r *ClientRequest) hostField(o *RequestOptions) string {
	if r.agent == nil {
		return o.hostField()
	}
	if h := r.agent.host.Load(); h != nil && h.host == o.Host && h.port == o.Port && h.defaultPort == o.DefaultPort {
		return h.value
	}
	value := o.hostField()
	r.agent.host.Store(&hostField{o.Host, o.Port, o.DefaultPort, value})
	return value
}

// Outgoing returns the request as an OutgoingMessage.
func (r *ClientRequest) Outgoing() *OutgoingMessage { return &r.out }

// Method returns the request method.
func (r *ClientRequest) Method() string { return r.method }

// Path returns the request target.
func (r *ClientRequest) Path() string { return r.path }

// Host returns the host that the request goes to.
func (r *ClientRequest) Host() string { return r.host }

// Protocol returns "http:" or "https:".
func (r *ClientRequest) Protocol() string {
	if r.extras == nil {
		return r.rules.profile.Request.Protocol
	}
	return r.extras.protocol
}

// to returns where the request goes.
func (r *ClientRequest) to() socket.ConnectOptions {
	if r.extras == nil {
		return socket.ConnectOptions{Host: r.host, Port: r.port}
	}
	return r.extras.to
}

// describe fills in what a Connector is told of the request.
func (r *ClientRequest) describe(o *socket.ConnectOptions) {
	r.out.mu.Lock()
	defer r.out.mu.Unlock()
	o.Method, o.Path = r.method, r.path
	for _, f := range r.out.fields {
		o.Headers = append(o.Headers, [2]string{f.name, f.value})
	}
	if r.out.rare != nil {
		o.Timeout = r.out.rare.timeout
	}
}

// create returns the option CreateConnection of the request, nil if it has none.
func (r *ClientRequest) create() socket.Connector {
	if r.extras == nil {
		return nil
	}
	return r.extras.create
}

// Agent returns the agent that finds the connection, nil if there is none.
func (r *ClientRequest) Agent() *Agent { return r.agent }

// ReusedSocket reports whether the connection has served a request before.
func (r *ClientRequest) ReusedSocket() bool { return r.hasFact(requestReused) }

// Aborted reports whether Abort was called.
func (r *ClientRequest) Aborted() bool {
	r.out.mu.Lock()
	defer r.out.mu.Unlock()
	return r.states.abort >= requestAborting
}

func (r *ClientRequest) hasFact(f requestFacts) bool {
	r.out.mu.Lock()
	defer r.out.mu.Unlock()
	return r.states.facts&f != 0
}

// MaxHeadersCount returns how many header fields of the response are kept; 0
// is all.
func (r *ClientRequest) MaxHeadersCount() int { return int(r.maxHeaders.Load()) }

// SetMaxHeadersCount sets how many header fields of the response are kept.
func (r *ClientRequest) SetMaxHeadersCount(n int) { r.maxHeaders.Store(int64(n)) }

// SetNoDelay calls the socket's SetNoDelay once it is connected.
func (r *ClientRequest) SetNoDelay(noDelay ...bool) {
	r.whenConnected(func(s *socket.Socket) { s.SetNoDelay(noDelay...) })
}

// SetSocketKeepAlive calls the socket's SetKeepAlive once it is connected.
func (r *ClientRequest) SetSocketKeepAlive(enable bool, initialDelay ...time.Duration) {
	r.whenConnected(func(s *socket.Socket) { s.SetKeepAlive(enable, initialDelay...) })
}

func (r *ClientRequest) whenConnected(f func(*socket.Socket)) {
	r.out.mu.Lock()
	c := r.conn.Load()
	if c == nil || r.out.keepsCopy() { // another connection may take its place
		e := r.tooEarly()
		e.tune = append(e.tune, f)
	}
	r.out.mu.Unlock()
	if c != nil {
		c.sock.Wire().WhenConnected(f)
	}
}

// tooEarly returns early, made at first use. The caller holds out.mu.
func (r *ClientRequest) tooEarly() *early {
	if r.early == nil {
		r.early = new(early)
	}
	return r.early
}

// checkStart implements outgoingKind: prepare has checked what startLine writes.
func (r *ClientRequest) checkStart() error { return nil }

// startLine implements outgoingKind.
func (r *ClientRequest) startLine(dst []byte) []byte {
	return http1.AppendRequestLine(dst, r.method, r.path)
}

// persistence implements outgoingKind.
func (r *ClientRequest) persistence(dst []byte, h headState) []byte {
	switch {
	case r.out.flags&removedConn != 0:
		r.out.decideUnnamed(r.rules.profile)
	case h.connection:
	case r.out.state.keepAlive == persists:
		dst = append(dst, "Connection: keep-alive\r\n"...)
	default:
		r.out.stepKeepAlive(keepAliveEventClose)
		dst = append(dst, "Connection: close\r\n"...)
	}
	return dst
}

// unique implements outgoingKind.
func (r *ClientRequest) unique(name string) bool {
	return r.rules.profile.CookiesJoined && http1.EqualFold(name, "cookie") ||
		r.extras != nil && slices.ContainsFunc(r.extras.uniqueHeaders, isNamed(name))
}

// setBacklog implements outgoingKind.
func (r *ClientRequest) setBacklog(int) {}

// mayCloseDelimit implements outgoingKind: a server takes bytes that no field
// announces for the next request, so they are announced.
func (r *ClientRequest) mayCloseDelimit() bool { return false }

// serialized implements outgoingKind.
func (r *ClientRequest) serialized(bool) {}

// emitsClose implements outgoingKind.
func (r *ClientRequest) emitsClose() bool { return true }

// context implements outgoingKind.
func (r *ClientRequest) context() context.Context {
	r.out.mu.Lock()
	defer r.out.mu.Unlock()
	rare := r.out.ensureRare()
	if rare.ctx == nil {
		rare.ctx, rare.cancel = context.WithCancelCause(r.base())
		if gone := r.out.flags&outgoingDestroyed != 0; gone || r.states.life == requestOver {
			r.endContext(!gone)
		}
	}
	return rare.ctx
}

// base is the context that the request's derive from: the one that the program has given, or
// the background.
func (r *ClientRequest) base() context.Context {
	if r.bound == nil {
		return context.Background()
	}
	return r.bound.ctx
}

// endContext cancels the context, if somebody has asked for it. Its cause is the error of the
// request, or else socket.ErrLeft; it has none if the request is over as planned. The caller
// holds out.mu.
func (r *ClientRequest) endContext(planned bool) {
	rare := r.out.rare
	if rare == nil || rare.cancel == nil {
		return
	}
	var cause error
	if !planned {
		cause = cmp.Or[error](rare.err, socket.ErrLeft)
	}
	rare.cancel(cause)
}

// response returns the response, once its head has come.
func (r *ClientRequest) response() *IncomingMessage {
	r.out.mu.Lock()
	defer r.out.mu.Unlock()
	return r.res
}

// writeFailed implements outgoingKind: Closed follows.
func (r *ClientRequest) writeFailed() {}

// finished implements outgoingKind.
func (r *ClientRequest) finished(_ bool, tell func()) {
	if tell != nil {
		r.out.strand.Post(tell)
	}
	if c := r.conn.Load(); c != nil { // else the request was destroyed before it had one
		c.sent(r)
	}
}

// socket implements outgoingKind.
func (r *ClientRequest) socket() *socket.Socket {
	if c := r.conn.Load(); c != nil {
		return c.sock
	}
	return nil
}

// countsAsDestroyed implements outgoingKind.
func (r *ClientRequest) countsAsDestroyed() bool {
	return r.states.abort >= requestAborting || r.rules.profile.ConsumedDestroyed && r.served()
}

// closeEmitted implements outgoingKind.
func (r *ClientRequest) closeEmitted() bool { return r.out.flags&outgoingClosed != 0 }

// highWaterMark implements outgoingKind.
func (r *ClientRequest) highWaterMark() int { return r.rules.profile.HighWaterMark }

// served reports whether the exchange is over, or the connection is about to serve
// others. The caller holds the message's mu.
func (r *ClientRequest) served() bool {
	return r.out.flags&outgoingClosed != 0 || r.res != nil && r.res.released.Load()
}

// addTimeoutListeners implements outgoingKind. 'timeout' is emitted once, and again when the
// program has set another timeout, if the profile says so.
func (r *ClientRequest) addTimeoutListeners(callbacks []func()) {
	for _, f := range callbacks {
		r.out.OnceTimeout(f)
	}
	r.out.mu.Lock()
	switch {
	case !r.states.silence.hasBeenTold():
		requestSilenceSteps.Step(&r.states.silence, requestEventHeed)
	case !r.rules.profile.RequestTimesOutOnce:
		requestSilenceSteps.Step(&r.states.silence, requestEventAgain)
	}
	r.out.mu.Unlock()
}

// timedOut emits 'timeout' if that is due. It runs inside the strand.
func (r *ClientRequest) timedOut() {
	r.out.mu.Lock()
	due, awaits := r.states.silence.due(), r.awaitsTimeout()
	if due {
		requestSilenceSteps.Step(&r.states.silence, requestEventFire)
	}
	r.out.mu.Unlock()
	if due {
		r.out.emitTimeout()
		if awaits {
			r.events.expired.Emit(core.Call)
		}
	}
}

// heedsTimeout reports whether timedOut would call a listener.
func (r *ClientRequest) heedsTimeout() bool {
	r.out.mu.Lock()
	times, awaits := r.states.silence.due(), r.awaitsTimeout()
	r.out.mu.Unlock()
	return times && (awaits || r.out.timeoutHeard())
}

// awaitsTimeout reports whether Await waits, and the request has a timeout of its own.
// The caller holds the message's mu.
func (r *ClientRequest) awaitsTimeout() bool {
	return r.ownTimeout() > 0 && r.heard().expired.Heard()
}

// ownTimeout returns the timeout that the request itself was given, by its option or by
// SetTimeout: 0 if none was, though its agent may have one. The caller holds the
// message's mu.
func (r *ClientRequest) ownTimeout() time.Duration {
	if r.out.rare == nil {
		return 0
	}
	return r.out.rare.timeout
}

// restartTimeout starts the request's own timeout again if it has passed, since a caller of
// Await begins to wait.
func (r *ClientRequest) restartTimeout() {
	r.out.mu.Lock()
	defer r.out.mu.Unlock()
	if own, c := r.ownTimeout(), r.conn.Load(); own > 0 && r.states.silence.hasBeenTold() && r.res == nil && c != nil {
		requestSilenceSteps.Step(&r.states.silence, requestEventAgain)
		c.sock.SetTimeout(own)
	}
}

// errSilent is the error with which Await destroys a request whose connection is silent.
var errSilent = &core.Error{
	Code: "ETIMEDOUT", Kind: "Error", Message: "The connection was silent for the timeout of the request", Err: os.ErrDeadlineExceeded,
}

// onExpired adds Await's listener for the request's own timeout, and restarts that.
func (r *ClientRequest) onExpired(f func()) *core.Subscription {
	r.out.mu.Lock()
	l := r.lists().expired.Once(f)
	r.out.mu.Unlock()
	r.restartTimeout()
	return l
}

// errDiscarded is what Await returns if the response has been discarded.
var errDiscarded = core.ErrStreamDestroyed.With("The response has been discarded, since nobody asked for it in time")

// Await waits for the response and returns it; its body is the caller's to
// read, and when that has returned io.EOF, the next request can have its
// connection. A response that has come before is returned at once, unless it
// has been discarded because nobody asked for it within half a second: then an
// error with the code of core.ErrStreamDestroyed is. So is one to CONNECT, or one
// that switches protocols: the socket still goes to a listener of 'connect' or
// 'upgrade', which may be added within half a second from then on.
//
// It does not end the request: until that is ended, by somebody else or before,
// most servers do not answer. It returns the error that ended the request before
// a response came, core.ErrConnReset if it was destroyed without one,
// core.ErrAborted, which wraps ctx's cause, when ctx is done first, and an error with
// code ETIMEDOUT, which is os.ErrDeadlineExceeded, when the connection was silent for
// the request's own timeout: in both cases it destroys the request. A response that is
// there then is returned nevertheless.
// ctx bounds no more than this wait: what ends the body with a context is the
// option Signal. It must not be called from a listener of the same connection,
// and, since it returns behind the listeners of what it waits for, not by who holds a lock
// that they take.
func (r *ClientRequest) Await(ctx context.Context) (*IncomingMessage, error) {
	type outcome struct {
		res *IncomingMessage
		err error
	}
	first := make(chan outcome, 1)
	tell := func(err error) {
		res := r.arrived()
		if res != nil {
			err = nil // it came before
		}
		select {
		case first <- outcome{res, err}:
		default: // another event came first
		}
	}
	r.note(requestAwaited)
	r.onArrived(func() { tell(errDiscarded) }) // stays: or the response would be discarded
	r.out.OnError(tell)                        // stays: later ones are told by Read
	onClose := r.out.OnClose(func() {
		r.out.mu.Lock()
		err := r.out.failure() // 'error' may be on its way to the listener
		r.out.mu.Unlock()
		tell(cmp.Or[error](err, core.ErrConnReset))
	})
	defer onClose.Remove()
	expired := make(chan struct{}, 1)
	defer r.onExpired(func() { // behind the listeners of 'timeout', who may have an error of their own
		if !r.out.Destroyed() {
			expired <- struct{}{}
		}
	}).Remove()
	var err error
	select {
	case o := <-first:
		return o.res, o.err
	case <-expired:
		err = errSilent
	case <-ctx.Done():
		err = aborted(ctx)
	}
	tell(err) // unless the response is there
	o := <-first
	if o.res == nil {
		r.Destroy(o.err)
	}
	return o.res, o.err
}
