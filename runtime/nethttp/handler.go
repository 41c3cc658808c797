package nethttp

// NewHandler: our server answers requests that net/http has received. Each travels
// over a connection in memory, in the bytes that a client would have sent, so
// that there is one parser, one serializer and one life of an exchange.

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"nodehttp/runtime"
	"nodehttp/runtime/http1"
	"nodehttp/runtime/socket"
)

// NewHandler returns an http.Handler that has s answer, which need not listen.
// A response that s does not complete panics with http.ErrAbortHandler, as the
// connection of a client would be cut.
func NewHandler(s *runtime.Server) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		e := &exchange{w: w, r: r}
		e.proceed, e.over = make(chan struct{}), make(chan struct{})
		e.wrote, e.read = make(chan struct{}), make(chan struct{})
		e.run(s)
	})
}

// exchange is one request that travels through our server.
type exchange struct {
	w      http.ResponseWriter
	r      *http.Request
	client *pipe // our end of the connection in memory
	sock   *socket.Socket

	heedless func() bool // has the end of the request's context mean nothing any more

	once    sync.Once
	proceed chan struct{} // closed when the body may be sent
	over    chan struct{} // closed when the response has ended
	wrote   chan struct{} // closed when nobody reads the request's body any more
	read    chan struct{} // closed when the end of the request's body has been read
	taken   atomic.Int64  // how much of it has been read
}

// pipe is an end of a connection in memory. Each half of the connection can end
// without the other.
type pipe struct {
	net.Conn // is read
	out      net.Conn
}

// newPipe returns the two ends of a connection in memory.
func newPipe() (a, b *pipe) {
	in, back := net.Pipe()
	out, forth := net.Pipe()
	return &pipe{in, out}, &pipe{forth, back}
}

// Write implements net.Conn.
func (p *pipe) Write(b []byte) (int, error) { return p.out.Write(b) }

// CloseWrite ends the sending half: the other end reads io.EOF.
func (p *pipe) CloseWrite() error { return p.out.Close() }

// Close implements net.Conn.
func (p *pipe) Close() error { return errors.Join(p.out.Close(), p.Conn.Close()) }

// SetDeadline implements net.Conn.
func (p *pipe) SetDeadline(t time.Time) error {
	return errors.Join(p.out.SetWriteDeadline(t), p.Conn.SetReadDeadline(t))
}

// SetWriteDeadline implements net.Conn.
func (p *pipe) SetWriteDeadline(t time.Time) error { return p.out.SetWriteDeadline(t) }

// memory is the server's end of the connection in memory, with the addresses of
// the one that the request came on.
type memory struct {
	*pipe
	local, remote net.Addr
}

// memoryOverTLS is a memory for a request that came over TLS.
type memoryOverTLS struct {
	memory
	state tls.ConnectionState
}

// ConnectionState is tls.Conn's.
func (m memoryOverTLS) ConnectionState() tls.ConnectionState { return m.state }

// LocalAddr implements net.Conn.
func (m memory) LocalAddr() net.Addr { return m.local }

// RemoteAddr implements net.Conn.
func (m memory) RemoteAddr() net.Addr { return m.remote }

func (e *exchange) run(s *runtime.Server) {
	head, bad := e.head()
	switch {
	case bad != "":
		http.Error(e.w, bad, http.StatusBadRequest)
		return
	case e.takesConnection() && e.r.ProtoMajor > 1:
		e.noCounterpart()
		return
	}
	client, server := newPipe()
	m := memory{pipe: server}
	m.local, _ = e.r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	if host, port, err := net.SplitHostPort(e.r.RemoteAddr); err == nil {
		n, _ := strconv.Atoi(port)
		m.remote = &net.TCPAddr{IP: net.ParseIP(host), Port: n}
	}
	var c net.Conn = m
	if e.r.TLS != nil {
		c = memoryOverTLS{m, *e.r.TLS}
	}
	e.client, e.sock = client, s.Inject(c)
	e.heedless = context.AfterFunc(e.r.Context(), func() { e.sock.Destroy() })
	defer e.heedless()
	defer e.end()
	http.NewResponseController(e.w).EnableFullDuplex() // as our server always is; not every writer needs to be told
	go e.send(head)
	e.respond()
}

// takesConnection reports whether the request asks for the connection.
func (e *exchange) takesConnection() bool {
	return e.r.Method == http.MethodConnect || http1.HasToken("upgrade", e.r.Header["Connection"]...)
}

// noCounterpart refuses what would take the connection where it cannot be had.
func (e *exchange) noCounterpart() {
	http.Error(e.w, "nethttp: the connection cannot be taken over from "+e.r.Proto+" here", http.StatusNotImplemented)
}

// head returns the head of the request as a client would have sent it, or why
// there is none.
func (e *exchange) head() (head []byte, bad string) {
	r := e.r
	target := r.URL.RequestURI()
	if u, err := url.ParseRequestURI(r.RequestURI); err == nil && u.String() == r.URL.String() {
		target = r.RequestURI // as it was received, which net/http's own handlers have not changed
	}
	if r.Method == http.MethodConnect {
		target = r.Host
	}
	method := r.Method
	if method == "" {
		method = http.MethodGet
	}
	if !http1.ValidToken(method) || !http1.ValidTarget(target) || runtime.ValidateHeaderValue("Host", r.Host) != nil {
		return nil, "nethttp: malformed request line"
	}
	b := append(http1.AppendRequestLine(nil, method, target), "Host: "+r.Host+"\r\n"...)
	if r.ProtoMajor == 1 && r.ProtoMinor == 0 {
		line := strings.Replace(string(b), " HTTP/1.1\r\n", " HTTP/1.0\r\n", 1)
		b = []byte(line)
	}
	for _, f := range fieldsOf(r.Header, func(name string) bool {
		switch http.CanonicalHeaderKey(name) {
		case "Host", "Content-Length", "Transfer-Encoding", "Trailer":
			return false
		}
		return true
	}) {
		b = http1.AppendField(b, f[0], f[1])
	}
	switch {
	case e.empty():
		if length := r.Header.Get("Content-Length"); length == "0" {
			b = http1.AppendField(b, "Content-Length", length)
		}
	case r.ContentLength > 0:
		b = http1.AppendField(b, "Content-Length", strconv.FormatInt(r.ContentLength, 10))
	default:
		b = http1.AppendField(b, "Transfer-Encoding", "chunked")
		for _, f := range fieldsOf(valued(r.Trailer), func(string) bool { return true }) {
			b = http1.AppendField(b, "Trailer", f[0])
		}
	}
	return append(b, http1.CRLF...), ""
}

// valued gives each name of a trailer section one value, so that it is listed once.
func valued(trailer http.Header) http.Header {
	h := make(http.Header, len(trailer))
	for name := range trailer {
		h.Set(name, "")
	}
	return h
}

// empty reports whether the request has no body.
func (e *exchange) empty() bool {
	return e.r.Body == nil || e.r.Body == http.NoBody || e.r.ContentLength == 0
}

// send sends the request. It is a goroutine of its own.
func (e *exchange) send(head []byte) {
	defer close(e.wrote)
	if _, err := e.client.Write(head); err != nil || e.empty() {
		return
	}
	if http1.HasToken("100-continue", e.r.Header["Expect"]...) {
		select {
		case <-e.proceed: // reading the body tells the client to send it
		case <-e.over:
			return
		}
	}
	var to io.Writer = e.client
	if e.r.ContentLength < 0 {
		to = httputil.NewChunkedWriter(e.client)
	}
	piece := make([]byte, largePiece)
	for {
		n, err := e.r.Body.Read(piece)
		e.taken.Add(int64(n))
		if err == io.EOF {
			close(e.read)
		}
		if n > 0 {
			if _, failed := to.Write(piece[:n]); failed != nil {
				return
			}
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			e.sock.Destroy()
			return
		}
	}
	if e.r.ContentLength < 0 {
		trailers := fieldsOf(e.r.Trailer, func(string) bool { return true })
		e.client.Write(http1.AppendLastChunk(nil, trailers)) // fails if the server has ended, which respond finds out
	}
}

// largePiece is how much of a body is moved at once.
const largePiece = 32 << 10

// respond hands on what the server answers.
func (e *exchange) respond() {
	from := bufio.NewReader(e.client)
	for {
		res, err := http.ReadResponse(from, e.r)
		if err != nil {
			panic(http.ErrAbortHandler)
		}
		switch {
		case res.StatusCode == http.StatusSwitchingProtocols,
			e.r.Method == http.MethodConnect && res.StatusCode/100 == 2:
			e.handOver(res, from)
			return
		case res.StatusCode == http.StatusContinue:
			e.once.Do(func() { close(e.proceed) })
		case res.StatusCode < 200:
			e.inform(res)
		default:
			e.copyResponse(res)
			return
		}
	}
}

// inform sends an informational response.
func (e *exchange) inform(res *http.Response) {
	h := e.w.Header()
	before := h.Clone()
	for name, values := range res.Header {
		h[name] = values
	}
	e.w.WriteHeader(res.StatusCode)
	clear(h)
	for name, values := range before {
		h[name] = values
	}
}

// copyResponse sends a final response.
func (e *exchange) copyResponse(res *http.Response) {
	defer res.Body.Close()
	h := e.w.Header()
	h["Content-Type"], h["Date"] = nil, nil // what the server leaves out is left out
	for name, values := range res.Header {
		h[name] = values
	}
	delete(h, "Keep-Alive")
	delete(h, "Connection")
	if ends := res.Close || !e.received(res); ends && e.r.ProtoMajor == 1 && !e.r.Close {
		h.Set("Connection", "close")
	}
	for name := range res.Trailer {
		h.Add("Trailer", name)
	}
	e.w.WriteHeader(res.StatusCode)
	control := http.NewResponseController(e.w)
	if res.ContentLength < 0 {
		control.Flush() // the body may take a while; not every writer can
	}
	piece := make([]byte, largePiece)
	for {
		n, err := res.Body.Read(piece)
		if n > 0 {
			if _, failed := e.w.Write(piece[:n]); failed != nil {
				return // the client has left
			}
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			control.Flush()
			panic(http.ErrAbortHandler)
		}
		control.Flush()
	}
	for name, values := range res.Trailer {
		h[http.TrailerPrefix+name] = values
	}
}

// received reports whether the end of the request's body has been read, or is as
// soon as may be waited for. Otherwise the client's connection must end with the
// response: a server of net/http in full duplex takes what is left of the body for
// the next request.
func (e *exchange) received(res *http.Response) bool {
	if e.empty() {
		return true
	}
	soon := patience
	whole := res.ContentLength >= 0 || e.r.Method == http.MethodHead || !bodyAllowed(res.StatusCode)
	if !whole || e.r.ContentLength-e.taken.Load() > unreadLimit {
		soon = 0
	}
	late := time.NewTimer(soon)
	defer late.Stop()
	select {
	case <-e.read:
		return true
	case <-late.C:
	}
	select {
	case <-e.read: // both were so
		return true
	default:
		return false
	}
}

// handOver joins the client's connection with the server's, which is no longer
// HTTP.
func (e *exchange) handOver(res *http.Response, from *bufio.Reader) {
	conn, buffers, err := http.NewResponseController(e.w).Hijack()
	if err != nil {
		e.noCounterpart()
		return
	}
	defer conn.Close()
	buffers.WriteString("HTTP/1.1 " + res.Status + "\r\n")
	res.Header.Write(buffers)
	buffers.WriteString("\r\n")
	if buffers.Flush() != nil {
		return
	}
	e.heedless() // it ends with the client's half
	closed := make(chan struct{})
	e.sock.OnClose(func(bool) { close(closed) })
	done := make(chan struct{})
	go func() {
		defer close(done)
		if _, err := io.Copy(e.client, buffers); err == nil {
			e.client.CloseWrite()
		} else {
			e.client.Close()
		}
	}()
	half, ok := conn.(interface{ CloseWrite() error })
	if _, err := io.Copy(conn, from); err != nil || !ok || half.CloseWrite() != nil {
		conn.Close() // ends the other direction, too
		<-done
	}
	<-closed     // who has taken it may have some to read still
	conn.Close() // nobody reads what the client sends now
	<-done
}

// patience is how long a response waits for the rest of a body that is being sent, and
// how long a client may go on sending after it has been answered.
const patience = 50 * time.Millisecond

// end ends the exchange and makes sure that no goroutine reads the request's body any
// more, neither send nor net/http, which would wait for the rest of it. The response of
// a body that has not been read to its end has ended the connection.
func (e *exchange) end() {
	e.sock.Destroy()
	e.client.Close()
	close(e.over)
	late := time.NewTimer(patience)
	defer late.Stop()
	select {
	case <-e.wrote:
	case <-late.C:
	}
	select {
	case <-e.read:
	default:
		if !e.empty() && http.NewResponseController(e.w).SetReadDeadline(time.Unix(1, 0)) != nil {
			e.r.Body.Close()
		}
	}
	<-e.wrote
}
