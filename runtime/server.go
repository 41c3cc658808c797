package runtime

// Server: what it is, its settings and its events. Listening, the life of a
// connection and closing have files of their own.

import (
	"cmp"
	"net"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"nodehttp/core"
	"nodehttp/generated/profile"
	"nodehttp/runtime/http1"
	"nodehttp/runtime/socket"
)

// ServerOptions are the options of NewServer. A zero value, or nil where the
// field is a pointer, means the profile's default.
type ServerOptions struct {
	RequestTimeout              *time.Duration // to receive a whole request; 0 is no limit
	HeadersTimeout              *time.Duration // to receive a head; 0 is no limit
	KeepAliveTimeout            *time.Duration // between requests; 0 is no limit
	ConnectionsCheckingInterval time.Duration  // how often the two first are checked, at least
	InsecureHTTPParser          bool
	MaxHeaderSize               int // bytes
	NoDelay                     *bool
	KeepAlive                   bool // TCP keep-alive
	KeepAliveInitialDelay       time.Duration
	UniqueHeaders               []string
	JoinDuplicateHeaders        bool
	HighWaterMark               int // of messages and sockets, in bytes
	HTTPValidation              Validation
	RequireHostHeader           *bool // a request of HTTP/1.1 without Host is answered with 400
	RejectNonStandardBodyWrites bool  // a body that a response cannot have is an error
	OptimizeEmptyRequests       bool  // a request without a body is over before it is announced

	// ShouldUpgrade decides whether a request that asks for an upgrade is one. Without it,
	// it is if somebody listens to 'upgrade'. It runs inside the strand.
	ShouldUpgrade func(req *IncomingMessage) bool
}

// Server accepts connections and announces the requests that arrive on them.
// All methods may be called from any goroutine. Listeners of different
// connections may run at the same time.
type Server struct {
	profile *profile.Profile
	options ServerOptions
	rules   *tables
	secure  *secureServer // nil: of http
	strand  core.Strand   // where events of the server itself run
	ref     core.Ref

	err error // what is wrong with the options: the server does not listen because of it

	headersTimeout, requestTimeout, keepAliveTimeout, timeout atomic.Int64 // nanoseconds
	keepAliveBuffer                                           atomic.Int64 // nanoseconds, added to keepAliveTimeout
	maxHeadersCount, maxRequests                              atomic.Int64
	keepAliveField                                            atomic.Pointer[string] // "Keep-Alive: …" as it stands on the wire
	noDelay, keepAlive, requireHost                           bool
	keepAliveDelay                                            time.Duration
	maxHeaderSize, highWaterMark                              int

	closing atomic.Bool // changed with mu held

	mu             sync.Mutex // guards what follows
	listener       net.Listener
	stopSignal     func() bool // ends the watch of ListenOptions.Signal; nil if there is none
	closed         bool
	failed         *serverFailure // the last one, until the server works again
	unref          bool
	conns          map[*serverConn]struct{}
	closeCallbacks []func(error) // Close's callbacks

	events serverEvents
}

// serverFailure is an error that has been emitted as 'error', for late listeners.
type serverFailure struct {
	err    error
	heard  bool         // a late listener was called; guarded by the server's mu
	report *core.Report // nil unless nobody listened; guarded by the server's mu
}

type serverEvents struct {
	request, checkContinue, checkExpectation core.Event[func(*IncomingMessage, *ServerResponse)]
	upgrade, connect                         core.Event[func(*IncomingMessage, *socket.Socket, []byte)]
	dropRequest                              core.Event[func(*IncomingMessage, *socket.Socket)]
	clientError, tlsClientError              core.Event[func(error, *socket.Socket)]
	connection, timeout, secureConnection    core.Event[func(*socket.Socket)]
	listening, close                         core.Latch[func()]      // reopened when that is so no more
	err                                      core.Latch[func(error)] // reopened when the server works again
}

// NewServer makes a server that does not listen yet. Each listener is added
// to 'request'.
func NewServer(p *profile.Profile, o ServerOptions, listener ...func(*IncomingMessage, *ServerResponse)) *Server {
	d := &p.Server
	s := &Server{profile: p, options: o, rules: tablesOf(p), conns: make(map[*serverConn]struct{})}
	s.headersTimeout.Store(int64(duration(o.HeadersTimeout, d.HeadersTimeout)))
	s.requestTimeout.Store(int64(duration(o.RequestTimeout, d.RequestTimeout)))
	s.timeout.Store(d.Timeout * int64(time.Millisecond))
	s.maxHeadersCount.Store(int64(d.MaxHeadersCount))
	s.maxRequests.Store(int64(d.MaxRequestsPerSocket))
	s.SetKeepAliveTimeout(duration(o.KeepAliveTimeout, d.KeepAliveTimeout))
	s.noDelay = d.NoDelay
	if o.NoDelay != nil {
		s.noDelay = *o.NoDelay
	}
	s.keepAlive = d.KeepAlive || o.KeepAlive
	s.keepAliveDelay = cmp.Or(o.KeepAliveInitialDelay, time.Duration(d.KeepAliveInitialDelay)*time.Millisecond)
	s.maxHeaderSize = cmp.Or(o.MaxHeaderSize, d.MaxHeaderSize)
	s.highWaterMark = cmp.Or(o.HighWaterMark, p.HighWaterMark)
	s.keepAliveBuffer.Store(d.KeepAliveTimeoutBuffer * int64(time.Millisecond))
	s.requireHost = d.RequireHostHeader
	if o.RequireHostHeader != nil {
		s.requireHost = *o.RequireHostHeader
	}
	if o.JoinDuplicateHeaders {
		s.rules = s.rules.joinsDuplicates()
	}
	s.err = o.HTTPValidation.check(o.InsecureHTTPParser)
	for _, f := range listener {
		s.OnRequest(f)
	}
	return s
}

func duration(option *time.Duration, milliseconds int64) time.Duration {
	if option != nil {
		return *option
	}
	return time.Duration(milliseconds) * time.Millisecond
}

// HeadersTimeout returns how long a client may take to send a head; 0 is no limit.
func (s *Server) HeadersTimeout() time.Duration { return time.Duration(s.headersTimeout.Load()) }

// SetHeadersTimeout sets how long a client may take to send a head.
func (s *Server) SetHeadersTimeout(d time.Duration) { s.headersTimeout.Store(int64(d)) }

// RequestTimeout returns how long a client may take to send a request; 0 is no limit.
func (s *Server) RequestTimeout() time.Duration { return time.Duration(s.requestTimeout.Load()) }

// SetRequestTimeout sets how long a client may take to send a request.
func (s *Server) SetRequestTimeout(d time.Duration) { s.requestTimeout.Store(int64(d)) }

// KeepAliveTimeout returns how long a connection may wait for its next
// request; 0 is no limit.
func (s *Server) KeepAliveTimeout() time.Duration { return time.Duration(s.keepAliveTimeout.Load()) }

// SetKeepAliveTimeout sets how long a connection may wait for its next request.
func (s *Server) SetKeepAliveTimeout(d time.Duration) {
	s.keepAliveTimeout.Store(int64(d))
	s.formatKeepAlive()
}

// KeepAliveTimeoutBuffer returns how much longer than KeepAliveTimeout a connection may
// wait for its next request.
func (s *Server) KeepAliveTimeoutBuffer() time.Duration {
	return time.Duration(s.keepAliveBuffer.Load())
}

// SetKeepAliveTimeoutBuffer sets how much longer than KeepAliveTimeout, which the client is
// told, a connection may wait for its next request.
func (s *Server) SetKeepAliveTimeoutBuffer(d time.Duration) { s.keepAliveBuffer.Store(int64(d)) }

// idleTimeout returns how long a connection may really wait for its next request; 0 is no
// limit.
func (s *Server) idleTimeout() time.Duration {
	d := s.KeepAliveTimeout()
	if d > 0 {
		d += max(s.KeepAliveTimeoutBuffer(), 0)
	}
	return d
}

// Timeout returns the silence after which a connection times out; 0 is none.
func (s *Server) Timeout() time.Duration { return time.Duration(s.timeout.Load()) }

// SetTimeout sets the silence after which connections accepted from now on
// time out; 0 is none. Each callback is added as a listener of 'timeout'.
func (s *Server) SetTimeout(d time.Duration, callback ...func(*socket.Socket)) *Server {
	s.timeout.Store(int64(d))
	for _, f := range callback {
		s.OnTimeout(f)
	}
	return s
}

// MaxHeadersCount returns how many header fields of a request are kept; 0 is all.
func (s *Server) MaxHeadersCount() int { return int(s.maxHeadersCount.Load()) }

// SetMaxHeadersCount sets how many header fields are kept, for connections
// accepted from now on.
func (s *Server) SetMaxHeadersCount(n int) { s.maxHeadersCount.Store(int64(n)) }

// MaxRequestsPerSocket returns how many requests a connection may carry; 0 is
// no limit.
func (s *Server) MaxRequestsPerSocket() int { return int(s.maxRequests.Load()) }

// SetMaxRequestsPerSocket sets how many requests a connection may carry.
func (s *Server) SetMaxRequestsPerSocket(n int) {
	s.maxRequests.Store(int64(n))
	s.formatKeepAlive()
}

func (s *Server) formatKeepAlive() {
	field := ""
	if d := s.KeepAliveTimeout(); d > 0 && s.profile.KeepAliveField {
		field = "Keep-Alive: timeout=" + strconv.FormatInt(int64(d/time.Second), 10)
		if n := s.MaxRequestsPerSocket(); n > 0 {
			field += ", max=" + strconv.Itoa(n)
		}
		field += http1.CRLF
	}
	s.keepAliveField.Store(&field)
}

// appendKeepAlive appends the Keep-Alive field.
func (s *Server) appendKeepAlive(dst []byte) []byte { return append(dst, *s.keepAliveField.Load()...) }

// Listening reports whether the server listens.
func (s *Server) Listening() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.listener != nil
}

// Address returns where the server listens, nil if it does not.
func (s *Server) Address() net.Addr {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.listener == nil {
		return nil
	}
	return s.listener.Addr()
}

// Ref makes a listening server count for Wait, as it does from the beginning.
func (s *Server) Ref() *Server {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.unref = false; s.listener != nil {
		s.ref.Hold()
	}
	return s
}

// Unref makes the server not count for Wait.
func (s *Server) Unref() *Server {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.unref = true
	s.ref.Drop()
	return s
}
