package runtime

// Listening: how a server gets its connections.

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"net"
	"net/netip"
	"os"
	"strconv"
	"sync"
	"syscall"
	"time"

	"nodehttp/core"
	"nodehttp/runtime/http1"
)

// ListenOptions says where to listen: at FD, a socket that is bound already,
// at Path, a Unix socket, or else at Host and Port. Without Host it is every
// address, IPv6, if the profile has it so, and IPv4; port 0 is any free one.
type ListenOptions struct {
	Port                     int
	Host                     string
	Path                     string
	FD                       *int            // the server closes it, if it is a socket of streams
	Backlog                  int             // connections that may wait to be accepted; 0 is defaultBacklog
	ReadableAll, WritableAll bool            // of the file at Path, by everybody
	IPv6Only                 bool            // no IPv4 on addresses of IPv6
	Signal                   context.Context // whose end closes the server
}

// defaultBacklog is how many connections wait to be accepted if nothing else
// is asked for.
const defaultBacklog = 511

// Listen listens at a port of every address; 0 is any free one. When it
// returns the server listens, or 'error' follows. The callback is added as a
// one-time listener of 'listening'. Connections are accepted as soon as that is being
// told.
func (s *Server) Listen(port int, callback ...func()) *Server {
	return s.ListenWith(ListenOptions{Port: port}, callback...)
}

// ListenHost listens at a port of one address. See Listen.
func (s *Server) ListenHost(port int, hostname string, callback ...func()) *Server {
	return s.ListenWith(ListenOptions{Port: port, Host: hostname}, callback...)
}

// ListenBacklog listens at a port of one address. See Listen and
// ListenWith.
func (s *Server) ListenBacklog(port int, hostname string, backlog int, callback ...func()) *Server {
	return s.ListenWith(ListenOptions{Port: port, Host: hostname, Backlog: backlog}, callback...)
}

// ListenPath listens at a Unix socket. See Listen.
func (s *Server) ListenPath(path string, callback ...func()) *Server {
	return s.ListenWith(ListenOptions{Path: path}, callback...)
}

// ListenFD listens at a socket that is bound already. See Listen.
func (s *Server) ListenFD(fd int, callback ...func()) *Server {
	return s.ListenWith(ListenOptions{FD: &fd}, callback...)
}

// ListenWith listens where the options say. See Listen.
func (s *Server) ListenWith(o ListenOptions, callback ...func()) *Server {
	if o.FD == nil && o.Path == "" && (o.Port < 0 || o.Port > 65535) {
		s.fail(core.ErrSocketBadPort.With("options.port should be >= 0 and < 65536. Received %d.", o.Port))
		return s
	}
	if s.Listening() {
		s.fail(core.ErrServerAlreadyListen)
		return s
	}
	l, err := s.open(&o)
	if err != nil {
		s.fail(err)
		return s
	}
	if !s.listen(l, o.Signal, callback) {
		l.Close()
	}
	return s
}

// open opens the listener that the options ask for.
func (s *Server) open(o *ListenOptions) (l net.Listener, err error) {
	// Without Go's own probes, which each connection would have to take back.
	config := net.ListenConfig{KeepAlive: -1}
	six := s.profile.ListensIPv6
	switch {
	case o.FD != nil:
		l, err = inherit(*o.FD)
	case o.Path != "":
		if l, err = config.Listen(context.Background(), "unix", o.Path); errors.Is(err, fs.ErrNotExist) {
			err = syscall.EACCES // as Node says it everywhere, since one system does
		}
	default:
		if err = checkHost(o.Host); err != nil {
			break
		}
		where := net.JoinHostPort(o.Host, strconv.Itoa(o.Port))
		network := "tcp"
		switch address, _ := netip.ParseAddr(o.Host); {
		case o.Host == "" && !s.profile.ListensIPv6, address.Is4():
			network = "tcp4" // Go takes 0.0.0.0 for any address otherwise
		case o.IPv6Only && (o.Host == "" || address.Is6()):
			network = "tcp6"
		}
		l, err = config.Listen(context.Background(), network, where)
		if err != nil && network == "tcp" && o.Host == "" && !errors.Is(err, syscall.EADDRINUSE) {
			six = false
			l, err = config.Listen(context.Background(), "tcp4", where)
		}
	}
	if err == nil {
		if err = adjust(l, o); err != nil {
			l.Close()
		}
	}
	if err != nil {
		return nil, listenError(err, o, six)
	}
	return l, nil
}

// adjust gives an open listener what Go's net package has no option for.
func adjust(l net.Listener, o *ListenOptions) error {
	backlog := o.Backlog
	if backlog <= 0 {
		backlog = defaultBacklog
	}
	if err := queue(l.(syscall.Conn), backlog); err != nil {
		return err
	}
	var mode fs.FileMode
	if o.ReadableAll {
		mode |= 0o444
	}
	if o.WritableAll {
		mode |= 0o222
	}
	if mode == 0 || o.Path == "" || o.FD != nil {
		return nil
	}
	info, err := os.Stat(o.Path)
	if err != nil {
		return err
	}
	return os.Chmod(o.Path, info.Mode()|mode)
}

// ListenHandle accepts the connections of l, which the server closes, unless it
// listens already. See Listen.
func (s *Server) ListenHandle(l net.Listener, callback ...func()) *Server {
	s.listen(l, nil, callback)
	return s
}

// listen accepts the connections of l until the server is closed or signal, if
// there is one, is done. It reports false if the server listens already.
func (s *Server) listen(l net.Listener, signal context.Context, callback []func()) bool {
	s.mu.Lock()
	if s.listener != nil {
		s.mu.Unlock()
		s.fail(core.ErrServerAlreadyListen)
		return false
	}
	s.listener = l
	s.closing.Store(false)
	s.closed, s.told, s.failed = false, 0, nil
	if !s.unref {
		s.ref.Hold()
	}
	s.mu.Unlock()
	for _, f := range callback {
		s.events.listening.Once(f)
	}
	begun := make(chan struct{})
	begin := sync.OnceFunc(func() { close(begun) })
	if s.strand.Busy() { // with a listener, which may wait for an answer of this server
		begin()
	}
	s.strand.Post(func() {
		s.mu.Lock()
		if s.listener == l {
			s.told |= toldListening
		}
		s.mu.Unlock()
		begin()
		s.events.listening.Emit(core.Call)
	})
	go func() {
		<-begun // 'listening' comes before 'connection', but its listeners need not have returned
		s.accept(l)
	}()
	if signal != nil {
		s.heed(signal, l)
	}
	return true
}

// heed has signal close the server while it listens at l.
func (s *Server) heed(signal context.Context, l net.Listener) {
	stop := context.AfterFunc(signal, func() { s.closeListener(l, nil) })
	s.mu.Lock()
	listens := s.listener == l
	if listens {
		s.unheed = stop
	}
	s.mu.Unlock()
	if !listens {
		stop()
	}
}

// fail emits 'error'.
func (s *Server) fail(err error) {
	s.strand.Post(func() {
		failed := &serverFailure{err: err}
		s.mu.Lock()
		s.failed = failed
		s.mu.Unlock()
		if s.events.err.Emit(func(f func(error)) { f(err) }) {
			return
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		if !failed.heard {
			failed.report = core.NewReport(err, core.Grace)
		}
	})
}

// accept takes connections until the listener is closed. When the system is
// short of something, it tries again later, and tells nobody if that is only
// descriptors; after an error that will last the server closes.
func (s *Server) accept(l net.Listener) {
	const longest = time.Second
	delay := 5 * time.Millisecond
	told := false // of an error that may pass
	own := false
	switch l.(type) {
	case *net.TCPListener, *net.UnixListener:
		own = true
	}
	for {
		c, err := l.Accept()
		if err == nil {
			delay = 5 * time.Millisecond
			if told {
				told = false
				s.strand.Post(s.recovered)
			}
			s.take(c, own)
			continue
		}
		if errors.Is(err, net.ErrClosed) || s.closing.Load() {
			return
		}
		if !errors.Is(err, syscall.EMFILE) && !errors.Is(err, syscall.ENFILE) {
			s.fail(core.FromSystem(err, "accept", ""))
			told = true
			if !passes(err) {
				s.closeListener(l, nil)
				return
			}
		}
		<-time.After(delay)
		delay = min(2*delay, longest)
	}
}

// recovered forgets an error that is over. It runs inside the strand, behind who
// is told of it.
func (s *Server) recovered() {
	s.mu.Lock()
	s.failed = nil
	s.mu.Unlock()
}

// passes reports whether accepting may work again after err.
func passes(err error) bool {
	var t interface{ Temporary() bool }
	return errors.As(err, &t) && t.Temporary() || errors.Is(err, syscall.ENOBUFS) || errors.Is(err, syscall.ENOMEM)
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
	if c.timeout > 0 {
		sock.setTimeout(c.timeout)
	}
	s.hasten()
	go c.serve()
	return sock
}

// newServerConn makes the server's end of a connection.
func newServerConn(s *Server, nc net.Conn, own bool) *serverConn {
	c := &serverConn{server: s, timeout: s.Timeout()}
	if t, ok := nc.(*net.TCPConn); ok {
		if !s.noDelay {
			t.SetNoDelay(false)
		}
		keep := net.KeepAliveConfig{Enable: s.keepAlive, Idle: cmp.Or(s.keepAliveDelay, -1), Interval: -1, Count: -1}
		t.SetKeepAliveConfig(keep)
	}
	sock := newSocket(nc, own, c, s.profile.HighWaterMark)
	sock.quietReset = !s.profile.ResetErrors
	sock.flowsFirst = s.profile.FlowsAtOnce
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
		c.sock.strand.Run(func() {
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
