package scene

// Readers of defaults that no getter shows: each makes a live object do
// something in which the value can be seen. A reader is named after the options
// struct's object and the option: ServerNoDelay reads noDelay of
// http.createServer.

import (
	"context"
	"errors"
	"io"
	"maps"
	"net"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"nodehttp/core"
	"nodehttp/generated/profile"
	"nodehttp/runtime"
	"nodehttp/runtime/socket"
)

// accepted returns a connection that s has accepted and prepared.
func accepted(t testing.TB, s *runtime.Server) *net.TCPConn {
	t.Helper()
	l, err := (&net.ListenConfig{KeepAlive: -1}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	c, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	end, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	sock := s.Inject(end)
	t.Cleanup(func() { sock.Destroy() })
	return end.(*net.TCPConn)
}

// option reads an integer option of a socket.
func option(t testing.TB, c *net.TCPConn, level, name int) int {
	t.Helper()
	raw, err := c.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	var value int
	var failed error
	if err := raw.Control(func(fd uintptr) { value, failed = syscall.GetsockoptInt(int(fd), level, name) }); err != nil {
		t.Fatal(err)
	}
	if failed != nil {
		t.Fatal(failed)
	}
	return value
}

// ServerNoDelay reads noDelay from a connection that s has accepted.
func ServerNoDelay(t testing.TB, _ *profile.Profile, s *runtime.Server) bool {
	return option(t, accepted(t, s), syscall.IPPROTO_TCP, syscall.TCP_NODELAY) != 0
}

// ServerKeepAlive reads keepAlive from a connection that s has accepted.
func ServerKeepAlive(t testing.TB, _ *profile.Profile, s *runtime.Server) bool {
	return option(t, accepted(t, s), syscall.SOL_SOCKET, syscall.SO_KEEPALIVE) != 0
}

// ServerKeepAliveInitialDelay reads the delay before the first probe, 0 if it is
// the system's own.
func ServerKeepAliveInitialDelay(t testing.TB, p *profile.Profile, _ *runtime.Server) time.Duration {
	c := accepted(t, runtime.NewServer(p, runtime.ServerOptions{KeepAlive: true}))
	delay := keepAliveIdle(t, c)
	untouched := net.Dialer{KeepAlive: -1}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	other, err := untouched.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	if delay == keepAliveIdle(t, other.(*net.TCPConn)) {
		return 0
	}
	return delay
}

func keepAliveIdle(t testing.TB, c *net.TCPConn) time.Duration {
	t.Helper()
	return time.Duration(option(t, c, syscall.IPPROTO_TCP, keepIdle)) * time.Second
}

// ServerInsecureHTTPParser sends s what only a lenient parser takes.
func ServerInsecureHTTPParser(t testing.TB, _ *profile.Profile, s *runtime.Server) bool {
	return strings.HasPrefix(reply(t, s, "GET / HTTP/1.1\r\nHost: x\r\nA: \x01\r\nConnection: close\r\n\r\n"), "HTTP/1.1 200 ")
}

// ServerMaxHeaderSize finds the longest head that s takes.
func ServerMaxHeaderSize(t testing.TB, _ *profile.Profile, s *runtime.Server) int {
	const start, end = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nA: ", "\r\n\r\n"
	low, high := len(start+end), 1<<20
	for high-low > 1 {
		n := (low + high) / 2
		if strings.HasPrefix(reply(t, s, start+strings.Repeat("a", n-len(start+end))+end), "HTTP/1.1 200 ") {
			low = n
		} else {
			high = n
		}
	}
	return low
}

// reply sends bytes to s and returns all that it answers.
func reply(t testing.TB, s *runtime.Server, bytes string) string {
	t.Helper()
	if !s.Listening() {
		s.OnRequest(func(_ *runtime.IncomingMessage, res *runtime.ServerResponse) { res.Outgoing().End() })
		Serve(t, s)
	}
	c, err := net.Dial("tcp", s.Address().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(patience))
	go io.WriteString(c, bytes) // may fail once the server has had enough
	answer, _ := io.ReadAll(c)  // the server may reset what it has had enough of
	return string(answer)
}

// RequestPort is the port that a request connects to.
func RequestPort(t testing.TB, p *profile.Profile) int {
	port := make(chan int, 1)
	agent := runtime.NewAgent(p, runtime.AgentOptions{CreateConnection: func(_ context.Context, o socket.ConnectOptions) (net.Conn, error) {
		port <- o.Port
		return nil, net.ErrClosed
	}})
	defer agent.Destroy()
	r := runtime.NewGet(p, "", runtime.RequestOptions{Agent: agent})
	r.Outgoing().OnError(func(error) {})
	return wait(t, port, "the port")
}

// RequestSetHost reports whether a request has a Host header.
func RequestSetHost(t testing.TB, p *profile.Profile) bool {
	heard := make(chan bool, 1)
	s := runtime.NewServer(p, runtime.ServerOptions{}, func(req *runtime.IncomingMessage, res *runtime.ServerResponse) {
		heard <- req.Header("host") != ""
		res.Outgoing().End()
	})
	Serve(t, s)
	r := runtime.NewGet(p, "http://"+s.Address().String(), runtime.RequestOptions{NoAgent: true})
	r.Outgoing().OnError(func(error) {})
	return wait(t, heard, "the request")
}

// RequestInsecureHTTPParser answers a request with what only a lenient parser
// takes.
func RequestInsecureHTTPParser(t testing.TB, p *profile.Profile) bool {
	return answered(t, p, "HTTP/1.1 200 OK\r\nA: \x01\r\nContent-Length: 0\r\n\r\n")
}

// RequestMaxHeaderSize finds the longest head of a response that a request takes.
func RequestMaxHeaderSize(t testing.TB, p *profile.Profile) int {
	const start, end = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nA: ", "\r\n\r\n"
	low, high := len(start+end), 1<<20
	for high-low > 1 {
		n := (low + high) / 2
		if answered(t, p, start+strings.Repeat("a", n-len(start+end))+end) {
			low = n
		} else {
			high = n
		}
	}
	return low
}

// answered reports whether a request takes bytes as a response.
func answered(t testing.TB, p *profile.Profile, bytes string) bool {
	t.Helper()
	taken := make(chan bool, 2)
	r := Request(t, p, runtime.RequestOptions{}, "", bytes, "")
	r.OnResponse(func(res *runtime.IncomingMessage) { res.Resume(); taken <- true })
	r.Outgoing().OnError(func(error) { taken <- false })
	r.Outgoing().End()
	return wait(t, taken, "a response or an error")
}

// exchange makes a request through a and returns its socket, when the agent has
// got it back.
func exchange(t testing.TB, p *profile.Profile, a *runtime.Agent, port int) *socket.Socket {
	t.Helper()
	sockets, over := make(chan *socket.Socket, 1), make(chan struct{})
	r := runtime.NewGet(p, URL(port, "/"), runtime.RequestOptions{Agent: a}, func(res *runtime.IncomingMessage) { res.Resume() })
	r.OnSocket(func(s *socket.Socket) { sockets <- s })
	r.Outgoing().OnClose(func() { close(over) })
	s := wait(t, sockets, "a socket")
	wait(t, over, "the request to close")
	settled(t, a, s)
	return s
}

// settled waits until a has decided what becomes of a socket whose request is
// over: it keeps or closes it.
func settled(t testing.TB, a *runtime.Agent, s *socket.Socket) {
	t.Helper()
	limit := time.NewTimer(patience)
	defer limit.Stop()
	again := time.NewTicker(time.Millisecond)
	defer again.Stop()
	for {
		kept := slices.ContainsFunc(slices.Collect(maps.Values(a.FreeSockets())), func(pool []*socket.Socket) bool {
			return slices.Contains(pool, s)
		})
		if kept || s.Destroyed() {
			return
		}
		select {
		case <-again.C:
		case <-limit.C:
			t.Fatal("the agent neither keeps nor closes a socket")
		}
	}
}

// served starts a server that answers every request and returns its port.
func served(t testing.TB, p *profile.Profile) int {
	t.Helper()
	s := runtime.NewServer(p, runtime.ServerOptions{}, func(_ *runtime.IncomingMessage, res *runtime.ServerResponse) { res.Outgoing().End() })
	Serve(t, s)
	return s.Address().(*net.TCPAddr).Port
}

// AgentKeepAlive reports whether a keeps a socket that has served its request.
func AgentKeepAlive(t testing.TB, p *profile.Profile, a *runtime.Agent) bool {
	t.Cleanup(a.Destroy)
	port := served(t, p)
	first := exchange(t, p, a, port)
	return exchange(t, p, a, port) == first
}

// AgentKeepAliveMsecs reads the delay before the first probe of a kept socket.
func AgentKeepAliveMsecs(t testing.TB, p *profile.Profile, _ *runtime.Agent) time.Duration {
	var dialled *net.TCPConn
	a := runtime.NewAgent(p, runtime.AgentOptions{KeepAlive: true, CreateConnection: func(_ context.Context, o socket.ConnectOptions) (net.Conn, error) {
		c, err := net.Dial("tcp", net.JoinHostPort(o.Host, strconv.Itoa(o.Port)))
		if err == nil {
			dialled = c.(*net.TCPConn)
		}
		return c, err
	}})
	t.Cleanup(a.Destroy)
	exchange(t, p, a, served(t, p))
	return keepAliveIdle(t, dialled)
}

// AgentScheduling reports which of two kept sockets is used first: "lifo" for
// the one used last.
func AgentScheduling(t testing.TB, p *profile.Profile, _ *runtime.Agent) string {
	a := runtime.NewAgent(p, runtime.AgentOptions{KeepAlive: true})
	t.Cleanup(a.Destroy)
	port := served(t, p)
	held := make(chan struct{})
	older := make(chan *socket.Socket, 1)
	r := runtime.NewRequest(p, URL(port, "/"), runtime.RequestOptions{Agent: a}, func(res *runtime.IncomingMessage) {
		<-held
		res.Resume()
	})
	over := make(chan struct{})
	r.OnSocket(func(s *socket.Socket) { older <- s })
	r.Outgoing().OnClose(func() { close(over) })
	r.Outgoing().End()
	late := wait(t, older, "a socket")
	exchange(t, p, a, port) // is free before the other
	close(held)
	wait(t, over, "the request to close")
	settled(t, a, late)
	if exchange(t, p, a, port) == late {
		return "lifo"
	}
	return "fifo"
}

// AgentTimeout reads the timeout of a socket that a has made.
func AgentTimeout(t testing.TB, p *profile.Profile, a *runtime.Agent) time.Duration {
	sockets := make(chan *socket.Socket, 1)
	r := Request(t, p, runtime.RequestOptions{Agent: a}, "", "", "")
	r.Outgoing().OnError(func(error) {})
	r.OnSocket(func(s *socket.Socket) { sockets <- s })
	return wait(t, sockets, "a socket").Timeout()
}

// RequestHost is the host that a request connects to.
func RequestHost(t testing.TB, p *profile.Profile) string { return idle(t, p).Host() }

// RequestMethod is the method of a request.
func RequestMethod(t testing.TB, p *profile.Profile) string { return idle(t, p).Method() }

// RequestPath is the target of a request.
func RequestPath(t testing.TB, p *profile.Profile) string { return idle(t, p).Path() }

// RequestProtocol is the protocol of a request.
func RequestProtocol(t testing.TB, p *profile.Profile) string { return idle(t, p).Protocol() }

// idle returns a request without options, whose connection does not come about.
func idle(t testing.TB, p *profile.Profile) *runtime.ClientRequest {
	t.Helper()
	return Request(t, p, runtime.RequestOptions{}, "pending", "", "")
}

// received sends bytes to s and calls look in the listener of the request that they are.
func received[T any](t testing.TB, s *runtime.Server, bytes string, look func(*runtime.IncomingMessage, *runtime.ServerResponse) T) T {
	t.Helper()
	found := make(chan T, 1)
	l := s.OnRequest(func(req *runtime.IncomingMessage, res *runtime.ServerResponse) { found <- look(req, res) })
	defer l.Remove()
	reply(t, s, bytes)
	return wait(t, found, "a request")
}

// lastRequest is a request whose connection ends with its answer.
const lastRequest = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"

// ServerJoinDuplicateHeaders sends s a field twice of which the first one counts alone.
func ServerJoinDuplicateHeaders(t testing.TB, _ *profile.Profile, s *runtime.Server) bool {
	const bytes = "GET / HTTP/1.1\r\nHost: x\r\nAge: 1\r\nAge: 2\r\nConnection: close\r\n\r\n"
	return received(t, s, bytes, func(req *runtime.IncomingMessage, _ *runtime.ServerResponse) bool {
		return req.Header("age") == "1, 2" && req.Headers().Get("age") == "1, 2"
	})
}

// ServerHighWaterMark reads the mark of a response.
func ServerHighWaterMark(t testing.TB, _ *profile.Profile, s *runtime.Server) int {
	return received(t, s, lastRequest, func(_ *runtime.IncomingMessage, res *runtime.ServerResponse) int {
		return res.Outgoing().WritableHighWaterMark()
	})
}

// ServerHTTPValidation finds out what s takes that is not strictly HTTP.
func ServerHTTPValidation(t testing.TB, _ *profile.Profile, s *runtime.Server) string {
	const end = "Connection: close\r\n\r\n"
	return validation(func(head string) bool {
		return strings.HasPrefix(reply(t, s, "GET / HTTP/1.1\r\nHost: x\r\n"+head+end), "HTTP/1.1 200 ")
	})
}

// validation finds the strictness of what takes a part of a head or does not.
func validation(takes func(head string) bool) string {
	switch {
	case takes("A: b\n"):
		return string(runtime.ValidationInsecure)
	case takes("A: \x01\r\n"):
		return string(runtime.ValidationRelaxed)
	}
	return string(runtime.ValidationStrict)
}

// ServerRequireHostHeader sends s a request without Host.
func ServerRequireHostHeader(t testing.TB, _ *profile.Profile, s *runtime.Server) bool {
	return strings.HasPrefix(reply(t, s, "GET / HTTP/1.1\r\nConnection: close\r\n\r\n"), "HTTP/1.1 400 ")
}

// ServerRejectNonStandardBodyWrites writes to the answer to HEAD.
func ServerRejectNonStandardBodyWrites(t testing.TB, _ *profile.Profile, s *runtime.Server) bool {
	const bytes = "HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
	return received(t, s, bytes, func(_ *runtime.IncomingMessage, res *runtime.ServerResponse) bool {
		_, err := res.Outgoing().Write([]byte("x"))
		res.Outgoing().End()
		return errors.Is(err, core.ErrHTTPBodyNotAllowed)
	})
}

// ServerOptimizeEmptyRequests reports whether a request without a body is over when it is
// announced.
func ServerOptimizeEmptyRequests(t testing.TB, _ *profile.Profile, s *runtime.Server) bool {
	return received(t, s, lastRequest, func(req *runtime.IncomingMessage, _ *runtime.ServerResponse) bool { return req.Destroyed() })
}

// RequestJoinDuplicateHeaders answers a request with a field twice of which the first one
// counts alone.
func RequestJoinDuplicateHeaders(t testing.TB, p *profile.Profile) bool {
	joined := make(chan bool, 1)
	r := Request(t, p, runtime.RequestOptions{}, "", "HTTP/1.1 200 OK\r\nAge: 1\r\nAge: 2\r\nContent-Length: 0\r\n\r\n", "")
	r.OnResponse(func(res *runtime.IncomingMessage) { joined <- res.Header("age") == "1, 2"; res.Resume() })
	r.Outgoing().OnError(func(error) {})
	r.Outgoing().End()
	return wait(t, joined, "the response")
}

// RequestHTTPValidation finds out what a request takes that is not strictly HTTP.
func RequestHTTPValidation(t testing.TB, p *profile.Profile) string {
	return validation(func(head string) bool {
		return answered(t, p, "HTTP/1.1 200 OK\r\n"+head+"Content-Length: 0\r\n\r\n")
	})
}

// RequestSetDefaultHeaders reports whether a request has a Connection header.
func RequestSetDefaultHeaders(t testing.TB, p *profile.Profile) bool {
	heard := make(chan bool, 1)
	s := runtime.NewServer(p, runtime.ServerOptions{}, func(req *runtime.IncomingMessage, res *runtime.ServerResponse) {
		heard <- req.Header("connection") != ""
		res.Outgoing().End()
	})
	Serve(t, s)
	r := runtime.NewGet(p, "http://"+s.Address().String(), runtime.RequestOptions{NoAgent: true})
	r.Outgoing().OnError(func(error) {})
	return wait(t, heard, "the request")
}

// AgentDefaultPort is the port that a request through an agent connects to.
func AgentDefaultPort(t testing.TB, p *profile.Profile, _ *runtime.Agent) int {
	return RequestPort(t, p)
}

// AgentProtocol is the protocol of a request through a.
func AgentProtocol(t testing.TB, p *profile.Profile, a *runtime.Agent) string {
	r := Request(t, p, runtime.RequestOptions{Agent: a}, "", "", "")
	r.Outgoing().OnError(func(err error) {
		if errors.Is(err, core.ErrInvalidProtocol) {
			t.Error(err)
		}
	})
	return r.Protocol()
}
