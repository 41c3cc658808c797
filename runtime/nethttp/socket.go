package nethttp

// A handler answers a request whose socket is no longer HTTP: CONNECT, and
// upgrades where the server has an event for them.

import (
	"bufio"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"

	"nodehttp/runtime"
	"nodehttp/runtime/socket"
)

// serveSocket is serve on a plain socket. head holds the bytes that followed the
// request.
func serveSocket(server *http.Server, h http.Handler, in *runtime.IncomingMessage, sock *socket.Socket, head []byte) {
	w := &socketWriter{sock: sock, rest: head, header: http.Header{}}
	w.ctx.sock, w.ctx.handler, w.ctx.server = sock, h, server
	defer w.returned()
	r, err := newRequest(in)
	if err != nil {
		refuse(w, err)
		return
	}
	w.head = r.Method == http.MethodHead
	r = r.WithContext(&w.ctx)
	r.Body = http.NoBody
	h.ServeHTTP(w, r)
	if w.status == 0 && !w.isHijacked() {
		w.WriteHeader(http.StatusOK)
	}
}

// socketWriter is an http.ResponseWriter whose response ends with its
// connection.
type socketWriter struct {
	sock   *socket.Socket
	rest   []byte
	ctx    requestContext
	header http.Header
	head   bool // the request is a HEAD
	status int  // 0 before WriteHeader

	mu       sync.Mutex // guards hijacked
	hijacked bool
}

// Header implements http.ResponseWriter.
func (w *socketWriter) Header() http.Header { return w.header }

// WriteHeader implements http.ResponseWriter. It sends the head at once.
func (w *socketWriter) WriteHeader(status int) {
	if w.status != 0 || w.isHijacked() {
		return
	}
	checkStatus(status)
	final := status >= 200
	if final || status == http.StatusSwitchingProtocols {
		w.status = status
	}
	text := "HTTP/1.1 " + strconv.Itoa(status) + " " + http.StatusText(status) + "\r\n"
	for _, f := range fieldsOf(w.header, func(name string) bool {
		return !isTrailer(name) && name != "Transfer-Encoding" && name != "Trailer" && (!final || name != "Connection")
	}) {
		text += f[0] + ": " + f[1] + "\r\n"
	}
	if final {
		text += "Connection: close\r\n"
	}
	w.sock.WriteString(text + "\r\n") // fails if the client has gone, which Write tells
}

// Write implements http.ResponseWriter.
func (w *socketWriter) Write(p []byte) (int, error) {
	if w.isHijacked() {
		return 0, http.ErrHijacked
	}
	if w.status == 0 {
		w.WriteHeader(http.StatusOK)
	}
	switch {
	case !bodyAllowed(w.status):
		return 0, http.ErrBodyNotAllowed
	case w.head:
		return len(p), nil
	}
	return w.sock.Write(p)
}

// WriteString implements io.StringWriter.
func (w *socketWriter) WriteString(s string) (int, error) { return w.Write([]byte(s)) }

// Flush implements http.Flusher: nothing is kept.
func (w *socketWriter) Flush() {
	if w.status == 0 && !w.isHijacked() {
		w.WriteHeader(http.StatusOK)
	}
}

// SetReadDeadline implements what http.ResponseController looks for.
func (w *socketWriter) SetReadDeadline(t time.Time) error { return w.sock.SetReadDeadline(t) }

// SetWriteDeadline implements what http.ResponseController looks for.
func (w *socketWriter) SetWriteDeadline(t time.Time) error { return w.sock.SetWriteDeadline(t) }

// EnableFullDuplex implements what http.ResponseController looks for.
func (w *socketWriter) EnableFullDuplex() error { return nil }

// CloseNotify implements http.CloseNotifier.
func (w *socketWriter) CloseNotify() <-chan bool {
	if w.isHijacked() {
		panic(lateNotify)
	}
	return w.ctx.closeNotify()
}

func (w *socketWriter) isHijacked() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.hijacked
}

// Hijack implements http.Hijacker.
func (w *socketWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.hijacked {
		return nil, nil, http.ErrHijacked
	}
	w.hijacked = true
	w.sock.SetDeadline(time.Time{})
	return w.sock, buffered(w.sock, w.rest), nil
}

// returned is deferred: unless the socket was hijacked it ends with the
// response.
func (w *socketWriter) returned() {
	v := recover()
	w.ctx.end()
	hijacked := w.isHijacked()
	if v != nil {
		panicked(v, func(err error) {
			if !hijacked {
				cut(w.sock, err)
			}
		})
	}
	if !hijacked {
		w.sock.Close()
	}
}
