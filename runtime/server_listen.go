package runtime

// Listening: how a server gets its connections.

import (
	"cmp"
	"context"
	"errors"
	"net"
	"sync"
	"syscall"
	"time"

	"nodehttp/core"
	"nodehttp/runtime/http1"
	"nodehttp/runtime/socket"
)

// Listen listens at a port of every address; 0 is any free one. When it returns nil the server
// listens. It returns core.ErrSocketBadPort, core.ErrServerAlreadyListen or what the system says,
// and emits that as 'error', too. The callback is added as a one-time listener of 'listening'.
// Connections are accepted once that has been emitted.
func (s *Server) Listen(port int, callback ...func()) error {
	return s.ListenWith(socket.ListenOptions{Port: port}, callback...)
}

// ListenHost listens at a port of one address. See Listen.
func (s *Server) ListenHost(port int, hostname string, callback ...func()) error {
	return s.ListenWith(socket.ListenOptions{Port: port, Host: hostname}, callback...)
}

// ListenBacklog listens at a port of one address. See Listen and
// ListenWith.
func (s *Server) ListenBacklog(port int, hostname string, backlog int, callback ...func()) error {
	return s.ListenWith(socket.ListenOptions{Port: port, Host: hostname, Backlog: backlog}, callback...)
}

// ListenPath listens at a Unix socket. See Listen.
func (s *Server) ListenPath(path string, callback ...func()) error {
	return s.ListenWith(socket.ListenOptions{Path: path}, callback...)
}

// ListenFD listens at a socket that is bound already. See Listen.
func (s *Server) ListenFD(fd int, callback ...func()) error {
	return s.ListenWith(socket.ListenOptions{FD: &fd}, callback...)
}

// ListenWith listens where the options say. See Listen.
func (s *Server) ListenWith(o socket.ListenOptions, callback ...func()) error {
	if o.FD == nil && o.Path == "" && (o.Port < 0 || o.Port > 65535) {
		return s.cannotListen(core.ErrSocketBadPort.With("options.port should be >= 0 and < 65536. Received %d.", o.Port))
	}
	switch {
	case s.err != nil:
		return s.cannotListen(s.err)
	case s.Listening():
		return s.cannotListen(core.ErrServerAlreadyListen)
	}
	l, err := socket.Listen(&o, s.profile.ListensIPv6)
	if err != nil {
		return s.cannotListen(err)
	}
	if err = s.listen(l, o.Signal, callback); err != nil {
		l.Close()
	}
	return err
}

// cannotListen emits 'error' with why the server does not listen, and returns that.
func (s *Server) cannotListen(err error) error {
	s.fail(err, true)
	return err
}

// ListenHandle accepts the connections of l, which the server closes, unless it
// listens already. See Listen.
func (s *Server) ListenHandle(l net.Listener, callback ...func()) error {
	return s.listen(l, nil, callback)
}

// listen accepts the connections of l until the server is closed or signal, if
// there is one, is done. It fails if the server listens already.
func (s *Server) listen(l net.Listener, signal context.Context, callback []func()) error {
	if s.err != nil {
		return s.cannotListen(s.err)
	}
	s.mu.Lock()
	if s.listener != nil {
		s.mu.Unlock()
		return s.cannotListen(core.ErrServerAlreadyListen)
	}
	s.listener = l
	s.closing.Store(false)
	s.closed, s.failed = false, nil
	s.events.listening.Reopen()
	s.events.close.Reopen()
	s.events.err.Reopen()
	if !s.unref {
		s.ref.Hold()
	}
	s.mu.Unlock()
	for _, f := range callback {
		s.OnceListening(f)
	}
	begun := make(chan struct{})
	begin := sync.OnceFunc(func() { close(begun) })
	if s.strand.Busy() { // a listener has it, which may wait for a response of this server
		begin()
	}
	silent := signal != nil && signal.Err() != nil && s.profile.AbortedListensSilently
	s.strand.Post(func() {
		defer begin()
		if silent {
			return
		}
		s.mu.Lock()
		if s.listener == l {
			s.events.listening.Seal()
		}
		s.mu.Unlock()
		s.events.listening.Emit(core.Call)
	})
	go func() {
		select { // 'listening' comes before 'connection'
		case <-begun:
		case <-time.After(listeningGrace):
		}
		s.accept(l)
	}()
	if signal != nil {
		s.watchSignal(signal, l)
	}
	return nil
}

// listeningGrace is how long connections wait for the listeners of 'listening' to return. One of
// those may itself wait for a response of the server.
const listeningGrace = 100 * time.Millisecond

// watchSignal closes the server when signal is done, while the server listens at l.
func (s *Server) watchSignal(signal context.Context, l net.Listener) {
	stop := context.AfterFunc(signal, func() { s.closeListener(l, nil, s.profile.FreshIsIdle) })
	s.mu.Lock()
	listens := s.listener == l
	if listens {
		s.stopSignal = stop
	}
	s.mu.Unlock()
	if !listens {
		stop()
	}
}

// fail emits 'error'. returned says that a call returns the error, too.
func (s *Server) fail(err error, returned bool) {
	s.strand.Post(func() {
		failed := &serverFailure{err: err}
		s.mu.Lock()
		s.failed = failed
		s.events.err.Seal()
		s.mu.Unlock()
		if s.events.err.Emit(func(f func(error)) { f(err) }) || returned {
			return
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		if !failed.heard {
			failed.report = core.NewReport(err, core.Grace)
		}
	})
}

// accept accepts connections until the listener is closed. After an error that may pass it tries
// again later; if the system is only short of descriptors, it emits no 'error'. After another
// error it closes the server.
func (s *Server) accept(l net.Listener) {
	const longest = time.Second
	delay := 5 * time.Millisecond
	failed := false // with an error that may pass
	own := false
	switch l.(type) {
	case *net.TCPListener, *net.UnixListener:
		own = true
	}
	for {
		c, err := l.Accept()
		if err == nil {
			delay = 5 * time.Millisecond
			if failed {
				failed = false
				s.strand.Post(s.recovered)
			}
			if s.secure != nil {
				s.secure.shake(c, own)
			} else {
				s.adopt(c, own, nil)
			}
			continue
		}
		if errors.Is(err, net.ErrClosed) || s.closing.Load() {
			return
		}
		if !errors.Is(err, syscall.EMFILE) && !errors.Is(err, syscall.ENFILE) {
			s.fail(core.FromSystem(err, "accept", ""), false)
			failed = true
			if !temporary(err) {
				s.closeListener(l, nil, s.profile.FreshIsIdle)
				return
			}
		}
		<-time.After(delay)
		delay = min(2*delay, longest)
	}
}

// recovered forgets an error that is over. It runs inside the strand, behind its listeners.
func (s *Server) recovered() {
	s.mu.Lock()
	s.failed = nil
	s.events.err.Reopen()
	s.mu.Unlock()
}

// temporary reports whether accepting may work again after err.
func temporary(err error) bool {
	var t interface{ Temporary() bool }
	return errors.As(err, &t) && t.Temporary() || errors.Is(err, syscall.ENOBUFS) || errors.Is(err, syscall.ENOMEM)
}

// Inject serves an established connection as if it had been accepted. A server of https
// takes it as it is: its handshake is over.
func (s *Server) Inject(nc net.Conn) *socket.Socket { return s.adopt(nc, false, nil) }

// adopt serves a connection. own says that nobody else has it. shaken, if it is not nil, is
// what was accepted and has made its handshake: the connection is served although the server
// may have been closed since.
func (s *Server) adopt(nc net.Conn, own bool, shaken net.Conn) *socket.Socket {
	c := newServerConn(s, nc, own)
	sock := c.sock
	sock.Wire().Begin()
	s.mu.Lock()
	late := s.closing.Load() && shaken == nil
	if shaken != nil {
		delete(s.secure.shaking, shaken) // from now on it is the connection's to close
	}
	s.conns[c] = struct{}{}
	s.mu.Unlock()
	if late {
		sock.Destroy(nil)
		return sock
	}
	if c.timeout > 0 {
		sock.SetTimeout(c.timeout)
	}
	s.hastenSweep()
	go c.serve()
	return sock
}

// newServerConn makes the server's end of a connection.
func newServerConn(s *Server, nc net.Conn, own bool) *serverConn {
	c := &serverConn{server: s, state: serving, timeout: s.Timeout()}
	s.tune(nc)
	sock := socket.Accept(nc, own, c, socketOptions(s.profile, s.highWaterMark))
	c.init(sock, c, http1.Request, http1.Options{
		MaxHeaderSize: s.maxHeaderSize,
		MaxHeaders:    s.MaxHeadersCount(),
		Insecure:      s.options.InsecureHTTPParser || s.options.HTTPValidation == ValidationInsecure,
		NewCodes:      s.profile.Llhttp9,
		Relaxed:       s.options.HTTPValidation == ValidationRelaxed,
	})
	return c
}

// tune gives a connection that was accepted what the options of the server ask for.
func (s *Server) tune(nc net.Conn) {
	if t, ok := nc.(*net.TCPConn); ok {
		if !s.noDelay {
			t.SetNoDelay(false)
		}
		keep := net.KeepAliveConfig{Enable: s.keepAlive, Idle: cmp.Or(s.keepAliveDelay, -1), Interval: -1, Count: -1}
		t.SetKeepAliveConfig(keep)
	}
}

// serve is the connection's goroutine.
func (c *serverConn) serve() {
	if s := c.server; s.events.connection.Heard() || s.secure != nil && s.events.secureConnection.Heard() {
		c.sock.Wire().Strand().Run(func() {
			tell := func(f func(*socket.Socket)) { f(c.sock) }
			s.events.connection.Emit(tell)
			if s.secure != nil {
				s.events.secureConnection.Emit(tell)
			}
		})
	}
	c.run()
}

// hastenSweep makes the sweep frequent enough for the server's timeouts, and at least as frequent
// as the options ask.
func (s *Server) hastenSweep() {
	if d := s.options.ConnectionsCheckingInterval; d > 0 {
		core.HastenTo(d)
	}
	for _, d := range []time.Duration{s.HeadersTimeout(), s.RequestTimeout(), s.KeepAliveTimeout()} {
		if d > 0 {
			core.Hasten(d)
		}
	}
}
