package runtime

// Listening: how a server gets its connections.

import (
	"context"
	"errors"
	"net"
	"strconv"
	"time"

	"nodehttp/core"
	"nodehttp/runtime/http1"
)

// ListenOptions says where to listen: at Path, a Unix socket, or else at Host
// and Port. Without Host it is every address, IPv6, if the profile has it so,
// and IPv4; port 0 is any
// free one.
type ListenOptions struct {
	Port int
	Host string
	Path string
}

// Listen listens at a port of every address; 0 is any free one. When it
// returns the server listens, or 'error' has been emitted. The callback is
// added as a one-time listener of 'listening'.
func (s *Server) Listen(port int, callback ...func()) *Server {
	return s.ListenOptions(ListenOptions{Port: port}, callback...)
}

// ListenPath listens at a Unix socket. See Listen.
func (s *Server) ListenPath(path string, callback ...func()) *Server {
	return s.ListenOptions(ListenOptions{Path: path}, callback...)
}

// ListenOptions listens where the options say. See Listen.
func (s *Server) ListenOptions(o ListenOptions, callback ...func()) *Server {
	if o.Path == "" && (o.Port < 0 || o.Port > 65535) {
		s.fail(core.ErrSocketBadPort.With("options.port should be >= 0 and < 65536. Received %d.", o.Port))
		return s
	}
	network, address := "tcp", net.JoinHostPort(o.Host, strconv.Itoa(o.Port))
	switch {
	case o.Path != "":
		network, address = "unix", o.Path
	case o.Host == "" && !s.profile.ListensIPv6:
		network = "tcp4"
	}
	if s.Listening() {
		s.fail(core.ErrServerAlreadyListen)
		return s
	}
	// Without Go's own probes, which each connection would have to take back.
	l, err := (&net.ListenConfig{KeepAlive: -1}).Listen(context.Background(), network, address)
	if err != nil {
		s.fail(core.FromSystem(err, "listen", address))
		return s
	}
	return s.ListenHandle(l, callback...)
}

// ListenHandle accepts the connections of l, which the server closes. See
// Listen.
func (s *Server) ListenHandle(l net.Listener, callback ...func()) *Server {
	s.mu.Lock()
	if s.listener != nil {
		s.mu.Unlock()
		s.fail(core.ErrServerAlreadyListen)
		return s
	}
	s.listener = l
	s.closing.Store(false)
	s.closed, s.err = false, nil
	if !s.unref {
		s.ref.Hold()
	}
	s.mu.Unlock()
	for _, f := range callback {
		s.events.listening.Once(f)
	}
	s.strand.Post(func() { s.events.listening.Emit(fire) })
	go s.accept(l)
	return s
}

// fail emits 'error'.
func (s *Server) fail(err error) {
	s.mu.Lock()
	s.err = err
	s.mu.Unlock()
	s.strand.Post(func() {
		if s.events.err.Emit(func(f func(error)) { f(err) }) {
			return
		}
		time.AfterFunc(discardAfter, func() {
			if !s.events.err.Heard() && !s.errTold.Load() {
				core.Uncaught(err)
			}
		})
	})
}

// accept takes connections until the listener is closed. When the system has
// no descriptor to spare, it tries again later.
func (s *Server) accept(l net.Listener) {
	const longest = time.Second
	delay := 5 * time.Millisecond
	own := false
	switch l.(type) {
	case *net.TCPListener, *net.UnixListener:
		own = true
	}
	for {
		c, err := l.Accept()
		if err == nil {
			delay = 5 * time.Millisecond
			s.take(c, own)
			continue
		}
		if errors.Is(err, net.ErrClosed) || s.closing.Load() {
			return
		}
		s.fail(core.FromSystem(err, "accept", ""))
		<-time.After(delay)
		delay = min(2*delay, longest)
	}
}

// Inject serves an established connection as if it had been accepted.
func (s *Server) Inject(nc net.Conn) *Socket { return s.take(nc, false) }

// take serves a connection. own says that nobody else has it.
func (s *Server) take(nc net.Conn, own bool) *Socket {
	c := newServerConn(s, nc, own)
	sock := c.sock
	s.mu.Lock()
	late := s.closing.Load()
	s.conns[c] = struct{}{}
	s.mu.Unlock()
	if late {
		sock.destroy(nil)
		return sock
	}
	if d := s.Timeout(); d > 0 {
		sock.setTimeout(d)
	}
	s.hasten()
	go c.serve()
	return sock
}

// newServerConn makes the server's end of a connection.
func newServerConn(s *Server, nc net.Conn, own bool) *serverConn {
	c := &serverConn{server: s}
	if t, ok := nc.(*net.TCPConn); ok {
		if !s.noDelay {
			t.SetNoDelay(false)
		}
		keep := net.KeepAliveConfig{Enable: s.keepAlive, Idle: orDefault(s.keepAliveDelay, -1), Interval: -1, Count: -1}
		t.SetKeepAliveConfig(keep)
	}
	sock := newSocket(nc, own, c, s.profile.HighWaterMark)
	c.init(sock, c, http1.Request, http1.Options{
		MaxHeaderSize: s.maxHeaderSize,
		MaxHeaders:    s.MaxHeadersCount(),
		Insecure:      s.options.InsecureHTTPParser,
	})
	return c
}

// serve is the connection's goroutine.
func (c *serverConn) serve() {
	if c.server.events.connection.Heard() {
		c.sock.strand.Post(func() {
			c.server.events.connection.Emit(func(f func(*Socket)) { f(c.sock) })
		})
	}
	c.run()
}

// hasten makes the sweep fine enough for the server's timeouts, and at least
// as frequent as the options ask.
func (s *Server) hasten() {
	if d := s.options.ConnectionsCheckingInterval; d > 0 {
		core.HastenTo(d)
	}
	for _, d := range []time.Duration{s.HeadersTimeout(), s.RequestTimeout(), s.KeepAliveTimeout()} {
		if d > 0 {
			core.Hasten(d)
		}
	}
}
