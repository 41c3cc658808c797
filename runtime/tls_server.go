package runtime

// The server of https: a connection that it accepts makes its handshake before it is one
// of the server's. What follows is that of a Server.

import (
	"context"
	"crypto/tls"
	"io"
	"net"
	"sync/atomic"
	"time"

	"nodehttp/core"
	"nodehttp/generated/profile"
	"nodehttp/runtime/socket"
)

// secureServer is what a server of https has beside a Server.
type secureServer struct {
	config  atomic.Pointer[tls.Config]
	timeout atomic.Int64 // nanoseconds for a handshake

	// shake has a connection that was accepted make its handshake: Server.shake. Only programs
	// that make a server of https link it.
	shake func(c net.Conn, own bool)

	shaking map[net.Conn]struct{} // whose handshakes are under way; guarded by the server's mu
}

// SecureServerOptions are the options of NewSecureServer.
type SecureServerOptions struct {
	ServerOptions
	TLSOptions
}

// NewSecureServer makes a server of https that does not listen yet. It returns
// core.ErrInvalidArgValue, or another error, if the TLS options have a mistake.
func NewSecureServer(p *profile.Profile, o SecureServerOptions, listener ...func(*IncomingMessage, *ServerResponse)) (*Server, error) {
	s := NewServer(p, o.ServerOptions, listener...)
	s.secure = &secureServer{shaking: make(map[net.Conn]struct{})}
	s.secure.shake = s.shake
	if err := s.SetSecureContext(o); err != nil {
		return nil, err
	}
	return s, nil
}

// SetSecureContext has the connections that are accepted from now on use other TLS
// options; those of http are not looked at. It returns what is wrong with them, and then changes nothing. Sessions of
// connections before are not resumed.
func (s *Server) SetSecureContext(o SecureServerOptions) error {
	if s.secure == nil {
		return core.ErrInvalidArgValue.With("The server is one of http")
	}
	config, err := o.server()
	if err != nil {
		return err
	}
	timeout := o.HandshakeTimeout
	if timeout <= 0 {
		timeout = handshakeTimeout
	}
	s.secure.timeout.Store(int64(timeout))
	s.secure.config.Store(config)
	return nil
}

// OnSecureConnection adds a listener for connections that have made their handshake.
func (s *Server) OnSecureConnection(f func(socket *socket.Socket)) *core.Subscription {
	return s.events.secureConnection.On(f)
}

// OnceSecureConnection is OnSecureConnection for the next one alone.
func (s *Server) OnceSecureConnection(f func(socket *socket.Socket)) *core.Subscription {
	return s.events.secureConnection.Once(f)
}

// OnTLSClientError adds a listener for connections whose handshake has failed. Their
// sockets are destroyed already.
func (s *Server) OnTLSClientError(f func(err error, socket *socket.Socket)) *core.Subscription {
	return s.events.tlsClientError.On(f)
}

// OnceTLSClientError is OnTLSClientError for the next one alone.
func (s *Server) OnceTLSClientError(f func(err error, socket *socket.Socket)) *core.Subscription {
	return s.events.tlsClientError.Once(f)
}

// shake has a connection that was accepted make its handshake, and serves it. own says
// that nobody else has it.
func (s *Server) shake(c net.Conn, own bool) {
	s.tune(c)
	s.mu.Lock()
	s.secure.shaking[c] = struct{}{}
	s.mu.Unlock()
	go s.handshake(c, own)
}

// handshake makes the server's end of a TLS connection over c, and serves it.
func (s *Server) handshake(c net.Conn, own bool) {
	var t net.Conn
	var err error
	returned := false
	defer func() {
		if !returned { // a function of the program's, as GetCertificate, has not
			core.Panicked(recover(), func(p *core.PanicError) { err = p })
		}
		if err == nil {
			s.adopt(t, own, c)
			return
		}
		if e, ok := err.(*core.Error); ok && e.Code == "ERR_SSL_HTTP_REQUEST" {
			answerPlain(c)
		}
		s.mu.Lock()
		delete(s.secure.shaking, c)
		s.mu.Unlock()
		s.refuseTLS(c, err)
		s.checkClosed(s.strand.Post)
	}()
	c.SetDeadline(time.Now().Add(time.Duration(s.secure.timeout.Load())))
	t, err = socket.Handshake(context.Background(), c, own, s.secure.config.Load(), false)
	returned = true
	c.SetDeadline(time.Time{})
}

// refuseTLS closes a connection whose handshake has failed, and tells it.
func (s *Server) refuseTLS(c net.Conn, err error) {
	sock := socket.New(c)
	sock.Destroy()
	sock.Wire().Strand().Run(func() {
		tell := func(f func(error, *socket.Socket)) { f(err, sock) }
		s.events.clientError.Emit(tell)
		s.events.tlsClientError.Emit(tell)
	})
}

// answerPlain answers a client that has sent an HTTP request, and waits until the client
// has ended too, or for a short time: a close before that could reset the connection, and
// the client would lose the answer. The connection still counts as one in its handshake,
// so whatever closes those ends this. The errors are those of the client: nobody is told.
func answerPlain(c net.Conn) {
	c.SetDeadline(time.Now().Add(socket.LingerTime))
	if _, err := io.WriteString(c, plainAnswer); err != nil {
		return
	}
	if half, ok := c.(interface{ CloseWrite() error }); !ok || half.CloseWrite() != nil {
		return
	}
	io.CopyN(io.Discard, c, socket.LingerBytes)
}

// plainAnswer is for who speaks HTTP to a port of https.
const plainAnswer = "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n" +
	"This port speaks HTTPS, and the request came without TLS.\n"

// busy reports whether handshakes are under way. The caller holds the server's mu.
func (s *secureServer) busy() bool { return s != nil && len(s.shaking) > 0 }

// stopHandshakes ends the connections that have not made their handshake. One that has is
// not among them when mu is released: its descriptor may not be closed by others.
func (s *Server) stopHandshakes() {
	if s.secure == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.secure.shaking {
		c.Close()
	}
}
