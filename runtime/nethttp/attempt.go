package nethttp

// An attempt: one request on its way, and the response that it gets.

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/textproto"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"nodehttp/core"
	"nodehttp/runtime"
	"nodehttp/runtime/http1"
	"nodehttp/runtime/socket"
)

// attempt sends a request once.
type attempt struct {
	req   *http.Request
	ctx   context.Context
	trace *httptrace.ClientTrace // nil if nobody traces
	out   *runtime.ClientRequest

	proceed  chan struct{} // holds one token when the server asks for the body
	answered chan struct{} // closed when the response, or an error, has come
	sent     chan struct{} // closed when nothing more is sent and the body is closed
	withheld atomic.Bool   // the body was not sent, since an answer came before it was asked for

	closing sync.Once // closes the body
	begin   sync.Once // tells of the first byte
	ending  sync.Once // closes over

	sock      atomic.Pointer[socket.Socket] // of a request of https
	tunnel    atomic.Pointer[tunnel]
	refused   atomic.Pointer[error] // what the trace ends the request with
	over      chan struct{}         // closed when the exchange has ended; nil if nobody waits for it
	cancelled atomic.Bool           // by the request's Cancel
}

func newAttempt(req *http.Request) *attempt {
	return &attempt{
		req: req, ctx: req.Context(), trace: httptrace.ContextClientTrace(req.Context()),
		proceed: make(chan struct{}, 1), answered: make(chan struct{}), sent: make(chan struct{}),
	}
}

// connects reports whether the request is a CONNECT with a body: the body is sent as
// it is once the server has agreed.
func (a *attempt) connects() bool { return a.req.Method == http.MethodConnect && bodyOf(a.req) != nil }

// closeBody closes the request's body, once.
func (a *attempt) closeBody() {
	a.closing.Do(func() {
		if a.req.Body != nil {
			a.req.Body.Close()
		}
	})
}

// end notes the end of the exchange, or of what is the request's of it.
func (a *attempt) end() {
	if a.over != nil {
		a.ending.Do(func() { close(a.over) })
	}
}

// errCancelled is what a request fails with whose Cancel has been closed.
var errCancelled = core.ErrAborted.With("The request was cancelled")

// heed destroys the request when its Cancel is closed.
func (a *attempt) heed(cancel <-chan struct{}) {
	a.over = make(chan struct{})
	go func() {
		select {
		case <-a.over:
		case <-cancel:
			a.cancelled.Store(true)
			a.out.Destroy(errCancelled)
		}
	}()
}

// listen adds the listeners.
func (a *attempt) listen() {
	taken := func(_ *runtime.IncomingMessage, sock *socket.Socket, head []byte) {
		a.tunnel.Store(newTunnel(sock, head))
	}
	a.out.OnUpgrade(taken)
	a.out.OnConnect(taken)
	a.out.OnceContinue(func() { a.proceed <- struct{}{} }) // a server may say it any number of times
	a.out.OnInformation(func(info runtime.Information) {
		a.received()
		a.informed(info)
	})
	if a.req.URL.Scheme == "https" {
		a.out.OnSocket(func(s *socket.Socket) { a.sock.Store(s) })
	}
	if a.trace == nil {
		return
	}
	// The request may have been written before the connection is told of. The
	// listeners do not overlap.
	connected, wrote := false, false
	finish := func() {
		if f := a.trace.WroteRequest; f != nil && connected && wrote {
			f(httptrace.WroteRequestInfo{})
		}
	}
	a.out.OnSocket(func(s *socket.Socket) {
		s.OnConnect(func() {
			if f := a.trace.GotConn; f != nil {
				f(httptrace.GotConnInfo{Conn: s, Reused: a.out.ReusedSocket(), WasIdle: a.out.ReusedSocket()})
			}
			connected = true
			finish()
		})
	})
	a.out.Outgoing().OnFinish(func() {
		wrote = true
		finish()
	})
	a.out.OnResponse(func(*runtime.IncomingMessage) { a.received() })
}

// received notes the first head that comes.
func (a *attempt) received() {
	a.begin.Do(func() {
		if a.trace != nil && a.trace.GotFirstResponseByte != nil {
			a.trace.GotFirstResponseByte()
		}
	})
}

// informed reports an informational response to the trace.
func (a *attempt) informed(info runtime.Information) {
	if a.trace == nil {
		return
	}
	if f := a.trace.Got100Continue; f != nil && info.StatusCode == http.StatusContinue {
		f()
	}
	if f := a.trace.Got1xxResponse; f != nil {
		if err := f(info.StatusCode, textproto.MIMEHeader(headerOf(info.RawHeaders))); err != nil {
			a.refused.Store(&err) // the response may be there already
			a.out.Destroy(err)
		}
	}
}

// send sends the body. It is a goroutine of its own.
func (a *attempt) send() {
	defer close(a.sent)
	defer a.closeBody()
	if http1.HasToken("100-continue", a.req.Header["Expect"]...) && !a.asked() {
		a.withheld.Store(true)
		return
	}
	out := a.out.Outgoing()
	if a.req.ContentLength <= 0 {
		out.FlushHeaders() // the body may keep them waiting
	}
	piece := make([]byte, largePiece)
	for {
		n, err := a.req.Body.Read(piece)
		if n > 0 {
			if _, failed := out.Write(piece[:n]); failed != nil {
				a.refuse(failed)
				return
			}
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			a.out.Destroy(err)
			return
		}
	}
	if a.req.ContentLength <= 0 {
		out.AddTrailers(fieldsOf(a.req.Trailer, http1.ValidTrailer)) // those announced have been checked
	}
	out.End() // destroys the request if the body is too short
}

// refuse destroys the request if it must not be sent because of err. Await reports
// that the connection has ended.
func (a *attempt) refuse(err error) {
	if err != nil && !errors.Is(err, core.ErrStreamDestroyed) {
		a.out.Destroy(err)
	}
}

// asked waits for the server to ask for the body. It reports false if it gives
// its answer without; one that says nothing is taken to want it.
func (a *attempt) asked() bool {
	late := time.NewTimer(expectPatience)
	defer late.Stop()
	select {
	case <-a.proceed:
		return true
	case <-late.C:
		return true
	case <-a.answered:
		select {
		case <-a.proceed:
			return true
		default:
			return false
		}
	}
}

// again returns the request to be sent once more after err, nil if that is not
// safe or would not help.
func (a *attempt) again(err error) *http.Request {
	if a.out == nil || !a.out.FailedUnanswered() || a.ctx.Err() != nil || !lost(err) || !replayable(a.req) {
		return nil
	}
	if bodyOf(a.req) == nil {
		return a.req
	}
	body, err := a.req.GetBody()
	if err != nil {
		return nil
	}
	again := *a.req
	again.Body = body
	return &again
}

// lost reports whether err is that of a connection that the server has closed.
func lost(err error) bool {
	var e *core.Error
	return errors.As(err, &e) && (e.Code == core.ErrConnReset.Code || e.Code == "EPIPE")
}

// replayable reports whether a request may be sent twice.
func replayable(req *http.Request) bool {
	if bodyOf(req) != nil && req.GetBody == nil {
		return false
	}
	switch req.Method {
	case "", http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodTrace:
		return true
	}
	_, key := req.Header["Idempotency-Key"]
	_, other := req.Header["X-Idempotency-Key"]
	return key || other
}

// response translates a response.
func (a *attempt) response(in *runtime.IncomingMessage) *http.Response {
	h := headerOf(in.RawHeaders())
	r := &http.Response{
		Status:     strings.TrimSpace(strconv.Itoa(in.StatusCode()) + " " + in.StatusMessage()),
		StatusCode: in.StatusCode(),
		Proto:      "HTTP/" + in.HTTPVersion(),
		ProtoMajor: in.HTTPVersionMajor(),
		ProtoMinor: in.HTTPVersionMinor(),
		Header:     h,
		Close:      http1.HasToken("close", h["Connection"]...),
	}
	if sock := a.sock.Load(); sock != nil {
		r.TLS = sock.ConnectionState()
	}
	if r.Close {
		delete(h, "Connection") // as net/http has it
	}
	framing(h, &r.TransferEncoding, &r.Trailer, &r.ContentLength)
	switch t := a.tunnel.Load(); {
	case t != nil && a.req.Method == http.MethodConnect && r.StatusCode/100 != 2:
		r.Body = newRefusal(t, in)
		a.end()
		a.closeBody()
	case t != nil:
		if r.StatusCode < 200 {
			r.ContentLength = 0 // or ReverseProxy would say that the connection is to be closed
		}
		r.Body = t
		a.end()
		if a.connects() {
			go func() {
				defer a.closeBody()
				io.Copy(t.Socket, a.req.Body)
			}()
		}
	case a.req.Method == http.MethodHead, !bodyAllowed(in.StatusCode()), r.ContentLength == 0:
		if a.req.Method != http.MethodHead {
			r.ContentLength = 0
		}
		r.Body = http.NoBody
		in.Read(make([]byte, 1)) // finds the end, which gives the connection back
		a.end()
		a.settle()
	default:
		r.Body = &responseBody{attempt: a, in: in, response: r}
	}
	return r
}

// sendPatience is how long a request may take to be sent after its response has
// been read, and the rest of a body that is closed to come, for the connection to
// be kept.
const sendPatience = 50 * time.Millisecond

// settle gives the connection up, when the response has been read, unless the
// request has been sent.
func (a *attempt) settle() {
	select {
	case <-a.sent:
		if a.withheld.Load() {
			a.out.Destroy()
		}
		return
	default:
	}
	go func() {
		late := time.NewTimer(sendPatience)
		defer late.Stop()
		select {
		case <-a.sent:
			if !a.withheld.Load() {
				return
			}
		case <-late.C:
		}
		a.out.Destroy()
		a.closeBody()
	}()
}

// responseBody is the body of a response.
type responseBody struct {
	attempt  *attempt
	in       *runtime.IncomingMessage
	response *http.Response

	closed atomic.Bool

	reading sync.Mutex // held by who reads from in; guards what follows
	read    int64      // how many bytes have been read
	err     error      // that was read, io.EOF included
}

// Read reads from the body. It returns io.EOF at its end, when the Trailer is
// complete, the cause of the request's context if that has ended, and an error
// with code ECONNRESET that wraps io.ErrUnexpectedEOF if the connection ended
// before the body did. The last bytes of a body whose length is known come with
// io.EOF.
func (b *responseBody) Read(p []byte) (int, error) {
	b.reading.Lock()
	defer b.reading.Unlock()
	if b.closed.Load() {
		return 0, http.ErrBodyReadAfterClose
	}
	if b.err != nil {
		return 0, b.err
	}
	n, err := b.in.Read(p)
	b.read += int64(n)
	if err == nil && n > 0 && b.read == b.response.ContentLength {
		_, err = b.in.Read(make([]byte, 1)) // it is there: who has read all need not come again
	}
	if err == nil {
		return n, nil
	}
	b.err = b.end(err)
	return n, b.err
}

// end notes that reading has ended with err, and returns what Read does. The caller
// holds reading.
func (b *responseBody) end(err error) error {
	b.attempt.end()
	switch {
	case err == io.EOF:
		addTrailers(&b.response.Trailer, b.in.RawTrailers())
		b.attempt.settle()
	case b.attempt.ctx.Err() != nil:
		err = context.Cause(b.attempt.ctx)
	case b.attempt.cancelled.Load():
		err = errCancelled
	case b.closed.Load():
		err = http.ErrBodyReadAfterClose
	case errors.Is(err, core.ErrConnReset):
		cut := core.ErrConnReset.With("aborted")
		cut.Err = io.ErrUnexpectedEOF
		err = cut
	}
	return err
}

// restLimit is how much may be left of a body that is closed, for the connection to
// be kept.
const restLimit = 64 << 10

// Close destroys the connection, unless the body has been read to its end or a short
// rest of it comes soon.
func (b *responseBody) Close() error {
	if b.closed.Swap(true) {
		return nil
	}
	if !b.reading.TryLock() { // the Read that waits is to fail
		b.attempt.end()
		b.attempt.out.Destroy()
		return nil
	}
	if b.err != nil || b.response.ContentLength-b.read > restLimit {
		defer b.reading.Unlock()
		if b.err == nil {
			b.attempt.end()
			b.attempt.out.Destroy()
		}
		return nil
	}
	go func() {
		defer b.reading.Unlock()
		late := time.AfterFunc(sendPatience, func() { b.attempt.out.Destroy() })
		defer late.Stop()
		_, err := io.CopyN(io.Discard, b.in, restLimit+1)
		if b.err = b.end(err); err != io.EOF {
			b.attempt.out.Destroy()
		}
	}()
	return nil
}

// tunnel is a connection that is no longer HTTP as the body of the response that
// said so.
type tunnel struct {
	*socket.Socket
	from io.Reader
}

func newTunnel(sock *socket.Socket, head []byte) *tunnel {
	return &tunnel{sock, io.MultiReader(strings.NewReader(string(head)), sock)}
}

// Read reads from the connection, what has been received already first.
func (t *tunnel) Read(p []byte) (int, error) { return t.from.Read(p) }

// refusal is the body of a response that refuses a CONNECT. For Node the connection is
// no longer HTTP after any response to CONNECT.
type refusal struct {
	body io.ReadCloser
	sock *socket.Socket
}

// newRefusal returns the body of the response in, which t is what follows of.
func newRefusal(t *tunnel, in *runtime.IncomingMessage) io.ReadCloser {
	var head strings.Builder
	head.WriteString("HTTP/1.1 403 \r\n")
	for _, f := range in.RawHeaders() {
		switch http.CanonicalHeaderKey(f[0]) {
		case "Content-Length", "Transfer-Encoding":
			head.WriteString(f[0] + ": " + f[1] + "\r\n")
		}
	}
	head.WriteString("\r\n")
	framed, err := http.ReadResponse(bufio.NewReader(io.MultiReader(strings.NewReader(head.String()), t)), nil)
	if err != nil {
		t.Destroy()
		return http.NoBody
	}
	return &refusal{framed.Body, t.Socket}
}

// Read reads from the body. At its end the connection ends.
func (r *refusal) Read(p []byte) (int, error) {
	n, err := r.body.Read(p)
	if err != nil {
		r.sock.Destroy()
	}
	return n, err
}

// Close ends the connection.
func (r *refusal) Close() error {
	r.sock.Destroy()
	return nil
}
