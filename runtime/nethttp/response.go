package nethttp

// The http.ResponseWriter over our response.

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"nodehttp/core"
	"nodehttp/runtime"
	"nodehttp/runtime/http1"
	"nodehttp/runtime/socket"
)

// bufferSize is how much of a body is kept until it is sent, so that a shorter
// one leaves together with its head and has a Content-Length.
const bufferSize = 2048

// responseWriter answers one request. As net/http has it, its methods are
// called by one goroutine at a time; mu guards what reading the body does.
type responseWriter struct {
	in      *runtime.IncomingMessage
	out     *runtime.ServerResponse
	request *http.Request // what the handler has; nil if it has none
	body    *requestBody  // nil if the request has none
	ctx     requestContext
	header  http.Header // the handler's own

	head   bool // the request is a HEAD
	chunks bool // the client takes chunks

	status  int         // 0 before WriteHeader
	fixed   http.Header // what header was at WriteHeader
	length  int64       // Content-Length, -1 if there is none
	written int64
	sent    bool // the head has been given to out
	chunked bool // trailers can follow
	buffer  []byte
	err     error // why nothing can be written any more

	mu       sync.Mutex // guards what follows
	awaited  bool       // the client waits for 100 Continue
	hijacked bool
	timed    bool // a deadline was set
	ended    bool // the handler has returned
}

// Header implements http.ResponseWriter.
func (w *responseWriter) Header() http.Header { return w.header }

// goOn sends 100 Continue, if the client waits for it and no answer has begun.
func (w *responseWriter) goOn() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.awaited && !w.ended && !w.hijacked {
		w.awaited = false
		w.out.WriteContinue() // fails if the client has gone, which Read tells
	}
}

// WriteHeader implements http.ResponseWriter. Informational responses other
// than 101 are sent at once, with the header fields that are set, as often as
// it is called. It panics for a status outside 100 to 999.
func (w *responseWriter) WriteHeader(status int) {
	if w.status != 0 || w.isHijacked() {
		return
	}
	checkStatus(status)
	switch {
	case status == http.StatusContinue:
		w.goOn()
		return
	case status < 200 && status != http.StatusSwitchingProtocols:
		fields := fieldsOf(w.header, func(name string) bool {
			return name != "Content-Length" && name != "Transfer-Encoding" && !isTrailer(name)
		})
		w.out.WriteInformation(status, fields) // fails if the client has gone, which Write tells
		return
	}
	w.status, w.length = status, -1
	w.fixed = w.header.Clone()
	if value := w.fixed.Get("Content-Length"); value != "" {
		n, err := strconv.ParseUint(strings.TrimSpace(value), 10, 63)
		if err != nil || status < 200 || status == http.StatusNoContent || w.fixed.Get("Transfer-Encoding") != "" {
			delete(w.fixed, "Content-Length")
		} else {
			w.length = int64(n)
			w.fixed.Set("Content-Length", strconv.FormatInt(w.length, 10)) // once
		}
	}
}

func checkStatus(status int) {
	if status < 100 || status > 999 {
		panic("invalid WriteHeader code " + strconv.Itoa(status)) // net/http's words
	}
}

func (w *responseWriter) isHijacked() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.hijacked
}

// bodyAllowed reports whether a response with a status may have a body.
func bodyAllowed(status int) bool {
	return status >= 200 && status != http.StatusNoContent && status != http.StatusNotModified
}

// Write implements http.ResponseWriter. It returns http.ErrHijacked,
// http.ErrBodyNotAllowed and http.ErrContentLength as net/http does, and the
// connection's error when that is closed.
func (w *responseWriter) Write(p []byte) (int, error) {
	if err := w.admit(len(p)); err != nil {
		return 0, err
	}
	if w.head || len(w.buffer)+len(p) <= bufferSize {
		w.keep(p)
		return len(p), w.err
	}
	w.send(p)
	if w.err != nil {
		return 0, w.err
	}
	return len(p), nil
}

// WriteString implements io.StringWriter.
func (w *responseWriter) WriteString(s string) (int, error) { return w.Write([]byte(s)) }

// admit says why n bytes of body may not be written, and counts them.
func (w *responseWriter) admit(n int) error {
	if w.isHijacked() {
		return http.ErrHijacked
	}
	if w.status == 0 {
		w.WriteHeader(http.StatusOK)
	}
	switch {
	case n == 0:
		return w.err
	case !bodyAllowed(w.status):
		return http.ErrBodyNotAllowed
	case w.length >= 0 && w.written+int64(n) > w.length:
		return http.ErrContentLength
	}
	w.written += int64(n)
	return w.err
}

// keep puts p into the buffer, or what of it counts if no body will be sent.
func (w *responseWriter) keep(p []byte) {
	if w.buffer == nil {
		w.buffer = make([]byte, 0, bufferSize)
	}
	w.buffer = append(w.buffer, p[:min(len(p), cap(w.buffer)-len(w.buffer))]...)
}

// send sends the head, if that is due, what is in the buffer, and p.
func (w *responseWriter) send(p []byte) {
	w.sendHead(p, false)
	if len(w.buffer) > 0 && !w.head {
		w.write(w.buffer)
		w.buffer = w.buffer[:0]
	}
	if len(p) > 0 {
		w.write(p)
	}
}

func (w *responseWriter) write(p []byte) {
	if w.err == nil {
		_, w.err = w.out.Outgoing().Write(p)
	}
}

// sendHead gives the head to the response. p is what follows the buffer; final
// says that nothing does, and that all trailers are known.
func (w *responseWriter) sendHead(p []byte, final bool) {
	if w.sent {
		return
	}
	w.sent = true
	h, out := w.fixed, w.out.Outgoing()
	first := w.buffer
	if len(first) == 0 {
		first = p
	}
	_, typed := h["Content-Type"]
	if !typed && len(first) > 0 && h.Get("Content-Encoding") == "" && h.Get("Transfer-Encoding") == "" {
		h.Set("Content-Type", http.DetectContentType(first))
	}
	w.frame(final)
	w.mu.Lock()
	abandoned := w.awaited // nobody has asked for the body: what comes next is not certain
	w.awaited = false
	w.mu.Unlock()
	if w.body != nil && (w.body.failed.Load() || final && (w.body.excessive() || !abandoned && w.leavesChunks())) {
		abandoned = true
	}
	if r := w.request; r != nil && r.Close && w.status >= 200 && !http1.HasToken("close", h["Connection"]...) {
		delete(h, "Connection") // what the handler says of a connection that the client wants to end
	}
	if _, ok := h["Connection"]; abandoned && !ok {
		h.Set("Connection", "close")
	}
	if date, ok := h["Date"]; ok && len(date) == 0 {
		w.out.SetSendDate(false)
	}
	w.out.SetStatusCode(w.status)
	fields := fieldsOf(h, func(name string) bool { return !isTrailer(name) })
	for i, f := range fields {
		if i > 0 && fields[i-1][0] == f[0] {
			out.AppendHeader(f[0], f[1])
		} else {
			out.SetHeader(f[0], f[1]) // fails if the listener has sent a head itself
		}
	}
}

// leavesChunks reports whether the handler, which has returned, leaves a body in chunks
// that is too long to receive, or too slow. Only receiving it tells its length.
func (w *responseWriter) leavesChunks() bool {
	if w.body.request.ContentLength >= 0 || w.body.ended.Load() || w.in.Complete() {
		return false
	}
	w.SetReadDeadline(time.Now().Add(patience)) // if it fails, so does reading
	defer w.SetReadDeadline(time.Time{})
	return !w.body.drain()
}

// frame sets the fields that say how the body ends, and whether trailers can
// follow it. final is sendHead's.
func (w *responseWriter) frame(final bool) {
	h := w.fixed
	_, announced := h["Trailer"]
	trailers := announced || final && len(w.trailers()) > 0
	coding := h.Get("Transfer-Encoding")
	delete(h, "Transfer-Encoding")
	w.chunked = w.chunks && !w.head && w.length < 0 && bodyAllowed(w.status) && !strings.EqualFold(coding, "identity")
	switch {
	case w.chunked && (coding != "" || trailers):
		h.Set("Transfer-Encoding", "chunked")
		return
	case strings.EqualFold(coding, "identity"):
		w.out.Outgoing().RemoveHeader("Transfer-Encoding") // the end of the connection ends the body
	case final && w.length < 0 && bodyAllowed(w.status) && (!w.head || w.written > 0):
		if _, unwanted := h["Content-Length"]; unwanted && w.chunked { // which the handler says by a nil value
			h.Set("Transfer-Encoding", "chunked")
			return
		}
		h.Set("Content-Length", strconv.FormatInt(w.written, 10))
	}
	if !w.chunked {
		delete(h, "Trailer")
	}
}

// isTrailer reports whether a field of a handler's header is for after the body.
func isTrailer(name string) bool { return strings.HasPrefix(name, http.TrailerPrefix) }

// trailers returns those that the handler has announced and set, and those that
// it has named by http.TrailerPrefix.
func (w *responseWriter) trailers() runtime.Headers {
	all := http.Header{}
	for name, values := range w.header {
		if isTrailer(name) {
			all[strings.TrimPrefix(name, http.TrailerPrefix)] = values
		}
	}
	for _, list := range w.fixed["Trailer"] {
		for name := range strings.SplitSeq(list, ",") {
			name = http.CanonicalHeaderKey(strings.TrimSpace(name))
			if values, ok := w.header[name]; ok {
				all[name] = values
			}
		}
	}
	return fieldsOf(all, http1.ValidTrailer)
}

// fieldsOf lists the header fields that are wanted, in the order of their
// names, without those that may not stand on the wire.
func fieldsOf(h http.Header, wanted func(name string) bool) runtime.Headers {
	names := make([]string, 0, len(h))
	for name := range h {
		if wanted(name) && runtime.ValidateHeaderName(name) == nil {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	fields := make(runtime.Headers, 0, len(names))
	for _, name := range names {
		for _, value := range h[name] {
			value = strings.Trim(newlines.Replace(value), " \t")
			if runtime.ValidateHeaderValue(name, value) == nil {
				fields = append(fields, [2]string{name, value})
			}
		}
	}
	return fields
}

// newlines makes spaces of what would end a header field, as net/http does.
var newlines = strings.NewReplacer("\r", " ", "\n", " ")

// ReadFrom implements io.ReaderFrom.
func (w *responseWriter) ReadFrom(src io.Reader) (int64, error) {
	var total int64
	var piece [bufferSize]byte
	for !w.sent || w.head { // it may be short
		n, err := src.Read(piece[:])
		if n > 0 {
			if _, failed := w.Write(piece[:n]); failed != nil {
				return total, failed
			}
			total += int64(n)
		}
		if err == io.EOF {
			return total, nil
		}
		if err != nil {
			return total, err
		}
	}
	if err := w.FlushError(); err != nil {
		return total, err
	}
	rest := src
	if w.length >= 0 {
		rest = io.LimitReader(src, w.length-w.written)
	}
	n, err := w.out.Outgoing().ReadFrom(rest)
	w.written += n
	if err == nil && w.written == w.length {
		if more, _ := io.ReadFull(src, piece[:1]); more > 0 {
			err = http.ErrContentLength
		}
	}
	return total + n, err
}

// Flush implements http.Flusher.
func (w *responseWriter) Flush() { w.FlushError() }

// FlushError sends the head and what has been written.
func (w *responseWriter) FlushError() error {
	if err := w.admit(0); err != nil {
		return err
	}
	w.send(nil)
	if w.err == nil {
		w.err = w.out.Outgoing().FlushHeaders()
	}
	return w.err
}

// SetReadDeadline implements what http.ResponseController looks for. Reading
// the body fails with os.ErrDeadlineExceeded after t; then the connection ends
// with the response. The deadline does not outlive the handler. Any goroutine may set
// it, and may be late: when the handler has returned that is an error.
func (w *responseWriter) SetReadDeadline(t time.Time) error {
	return w.setDeadline(func(sock *socket.Socket) error { return sock.SetReadDeadline(t) })
}

// SetWriteDeadline is SetReadDeadline for writing. A Write that does not wait
// for the client leaves its error to the next one. When one has failed, so do the
// others, whatever the deadline is then.
func (w *responseWriter) SetWriteDeadline(t time.Time) error {
	return w.setDeadline(func(sock *socket.Socket) error {
		if err := sock.SetWriteDeadline(t); !errors.Is(err, core.ErrStreamDestroyed) {
			return err
		}
		return nil // Write tells
	})
}

// setDeadline sets a deadline, unless the connection serves other requests by now.
func (w *responseWriter) setDeadline(set func(*socket.Socket) error) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.ended && !w.hijacked {
		return errors.New("nethttp: deadline set after the handler has returned")
	}
	w.timed = true
	return set(w.in.Socket())
}

// EnableFullDuplex implements what http.ResponseController looks for: the body
// can always be read while the response is written.
func (w *responseWriter) EnableFullDuplex() error { return nil }

// CloseNotify implements http.CloseNotifier.
func (w *responseWriter) CloseNotify() <-chan bool {
	if w.isHijacked() {
		panic(lateNotify)
	}
	return w.ctx.closeNotify()
}

const lateNotify = "nethttp: CloseNotify called after Hijack"

// Hijack implements http.Hijacker. It returns http.ErrHijacked the second time
// and an error when the handler, or the listener that called Serve, has
// returned. Another goroutine than the handler's may call it if the handler does nothing
// but wait for that. The connection is a *socket.Socket.
func (w *responseWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	if w.isHijacked() {
		return nil, nil, http.ErrHijacked
	}
	if w.status != 0 {
		if err := w.FlushError(); err != nil {
			return nil, nil, err
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.ended {
		return nil, nil, errors.New("nethttp: Hijack after the handler has returned")
	}
	sock, rest, err := w.out.Hijack()
	if err != nil {
		return nil, nil, err
	}
	w.hijacked = true
	sock.SetDeadline(time.Time{})
	return sock, buffered(sock, rest), nil
}

// buffered returns a reader, which has rest already, and a writer of sock.
func buffered(sock *socket.Socket, rest []byte) *bufio.ReadWriter {
	r := bufio.NewReaderSize(io.MultiReader(bytes.NewReader(rest), sock), max(len(rest), 4096))
	r.Peek(len(rest)) // cannot fail
	return bufio.NewReadWriter(r, bufio.NewWriter(sock))
}

// finish ends the response when the handler has returned.
func (w *responseWriter) finish() {
	if w.isHijacked() {
		return
	}
	if w.status == 0 {
		w.WriteHeader(http.StatusOK)
	}
	if w.length > w.written && !w.head && bodyAllowed(w.status) {
		w.FlushError()
		w.cut(nil) // the client sees that some is missing
		return
	}
	w.sendHead(nil, true)
	if w.chunked {
		w.out.Outgoing().AddTrailers(w.trailers()) // they have been checked
	}
	if w.head {
		w.buffer = nil
	}
	if w.body != nil {
		w.body.discard(w.out.Outgoing())
	}
	w.out.Outgoing().EndChunk(w.buffer) // fails if the client has gone
}

// returned is deferred: it ends what a handler may use while it runs.
func (w *responseWriter) returned() {
	v := recover()
	w.mu.Lock()
	w.ended = true
	hijacked, timed := w.hijacked, w.timed
	w.mu.Unlock()
	if w.body != nil {
		w.body.Close()
	}
	w.ctx.end()
	if r := w.request; r != nil && r.MultipartForm != nil {
		r.MultipartForm.RemoveAll()
	}
	if timed && !hijacked {
		w.in.Socket().SetDeadline(time.Time{})
	}
	if v != nil {
		panicked(v, w.cut)
	}
}

// cut ends the response where it is, and the connection with it, unless the handler
// has taken that. Those before it are sent first.
func (w *responseWriter) cut(err error) {
	switch {
	case w.isHijacked():
	case w.out.Outgoing().Socket() == nil: // it is not its turn
		w.out.Destroy(err)
	default:
		cut(w.in.Socket(), err)
	}
}
