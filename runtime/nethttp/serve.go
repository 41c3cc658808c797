package nethttp

// Serving: an http.Handler answers a request that our server received.

import (
	"net/http"

	"nodehttp/core"
	"nodehttp/generated/profile"
	"nodehttp/runtime"
	"nodehttp/runtime/http1"
	"nodehttp/runtime/socket"
)

// Mount makes h answer all requests of s, on the goroutine of their connection. It
// listens for 'request'; for 'checkContinue', so that 100 Continue is sent when h
// first reads the body; for 'connect'; and for 'upgrade' in the versions whose servers
// close a connection if nobody listens for that. On 'connect' and 'upgrade' h may
// hijack the connection, or its response ends it.
func Mount(p *profile.Profile, s *runtime.Server, h http.Handler) {
	server := &http.Server{Handler: h}
	request := func(in *runtime.IncomingMessage, out *runtime.ServerResponse) { serve(server, h, in, out) }
	socket := func(in *runtime.IncomingMessage, sock *socket.Socket, head []byte) {
		serveSocket(server, h, in, sock, head)
	}
	s.OnRequest(request)
	s.OnCheckContinue(request)
	s.OnConnect(socket)
	if p.UpgradeUnheardCloses {
		s.OnUpgrade(socket)
	}
}

// Serve has h answer a request, and returns when h has and the response is
// ended. Called by a listener of 'request', it may block: only the request's
// own connection waits. It may also be called elsewhere; then the response
// cannot be hijacked.
//
// The http.ResponseWriter is an http.Flusher, http.Hijacker, http.CloseNotifier and
// io.ReaderFrom, and http.ResponseController finds deadlines and EnableFullDuplex,
// which our server always is. What the server adds to a response by itself (Date,
// Connection, Keep-Alive) it adds here too; a header field that may not stand
// on the wire is left out. A panic with http.ErrAbortHandler ends the connection
// silently, any other does what it does in a listener.
func Serve(h http.Handler, in *runtime.IncomingMessage, out *runtime.ServerResponse) {
	serve(nil, h, in, out)
}

// serve is Serve. server is what the context of the request has, nil if it is to
// have one of its own.
func serve(server *http.Server, h http.Handler, in *runtime.IncomingMessage, out *runtime.ServerResponse) {
	w := &responseWriter{in: in, out: out, header: http.Header{}}
	w.ctx.sock, w.ctx.handler, w.ctx.server = in.Socket(), h, server
	defer w.returned()
	r, err := newRequest(in)
	if err != nil {
		refuse(w, err)
		return
	}
	w.head = r.Method == http.MethodHead
	w.chunks = r.ProtoAtLeast(1, 1)
	w.awaited = w.chunks && http1.HasToken("100-continue", r.Header["Expect"]...)
	r = r.WithContext(&w.ctx)
	r.Body = http.NoBody
	if r.ContentLength != 0 {
		w.body = &requestBody{in: in, request: r, goOn: w.goOn}
		r.Body = w.body
	}
	w.request = r
	if r.Method == http.MethodOptions && r.RequestURI == "*" {
		h = http.HandlerFunc(options)
	}
	h.ServeHTTP(w, r)
	w.finish()
}

// options answers the OPTIONS of the server as a whole, which handlers are not
// made for.
func options(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Content-Length", "0") }

// refuse answers a request whose target is not one for net/http.
func refuse(w http.ResponseWriter, err error) {
	w.Header().Set("Connection", "close")
	http.Error(w, "400 Bad Request: "+err.Error(), http.StatusBadRequest)
	if w, ok := w.(*responseWriter); ok {
		w.finish()
	}
}

// panicked ends the response of a handler that has panicked with v by cut, and
// reports that, unless it is how the handler aborts the response.
func panicked(v any, cut func(err error)) {
	if v == http.ErrAbortHandler {
		cut(nil)
		return
	}
	core.Panicked(v, func(p *core.PanicError) { cut(p) })
}

// cut ends a connection. Without an error what has been written is still sent.
func cut(sock *socket.Socket, err error) {
	if err != nil {
		sock.Destroy(err)
		return
	}
	sock.Close()
}
