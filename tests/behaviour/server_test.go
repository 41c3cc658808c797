package behaviour_test

// The server's side of connections: refusals, timeouts, limits, closing, what
// a listener may do wrong, and what else than TCP it serves.

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	nethttp "net/http"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	http "nodehttp/generated/http"
	"nodehttp/tests/leak"
)

const (
	badRequest   = "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"
	tooLarge     = "HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\n\r\n"
	tooSlow      = "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n"
	getRequest   = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
	getAndClose  = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
	plainKeepTCP = "HTTP/1.1 200 OK\r\nDate: NOW\r\nConnection: keep-alive\r\nKeep-Alive: timeout=5\r\n"
)

// duration returns a pointer to d, for options that have a default.
func duration(d time.Duration) *time.Duration { return &d }

// Nil in the place of a listener or callback is none.
func TestNilIsNoListener(t *testing.T) {
	leak.Check(t)
	s := http.CreateServer(nil)
	s.OnRequest(func(req *http.IncomingMessage, res *http.ServerResponse) {
		res.SetTimeout(time.Hour, nil)
		res.WriteChunk([]byte("x"), nil)
		res.End(nil)
	})
	if err := s.Listen(0, nil); err != nil {
		t.Fatal(err)
	}
	s.SetTimeout(time.Hour, nil)
	req := http.Get(url(s, "/"), nil)
	res, err := req.Await(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if body, err := io.ReadAll(res); string(body) != "x" || err != nil {
		t.Errorf("%q, %v", body, err)
	}
	closed := make(chan struct{})
	s.OnClose(func() { close(closed) })
	s.Close(nil)
	s.CloseAllConnections()
	wait(t, closed, "'close'")
}

func TestMalformedRequests(t *testing.T) {
	for name, c := range map[string]struct{ request, answer string }{
		"not HTTP":              {"hello\r\n\r\n", badRequest},
		"bare LF":               {"GET / HTTP/1.1\nHost: a\n\n", badRequest},
		"space before colon":    {"GET / HTTP/1.1\r\nHost : a\r\n\r\n", badRequest},
		"length and chunks":     {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n", badRequest},
		"two lengths":           {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\n", badRequest},
		"chunked is not last":   {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, x\r\n\r\n", badRequest},
		"NUL in a value":        {"GET / HTTP/1.1\r\nHost: a\r\nA: \x00\r\n\r\n", badRequest},
		"large head":            {"GET / HTTP/1.1\r\nHost: a\r\nA: " + strings.Repeat("x", 17000), tooLarge},
		"negative length":       {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", badRequest},
		"HTTP/2 preface":        {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", badRequest},
		"a TLS client's hello":  {"\x16\x03\x01\x02\x00\x01\x00\x01", badRequest},
		"a line folded":         {"GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n", badRequest},
		"an end in the request": {"GET / HT", badRequest},
	} {
		t.Run(name, func(t *testing.T) {
			s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
				t.Errorf("a listener got %s %s", req.Method(), req.URL())
				res.End()
			})
			w := dial(t, s)
			w.send(c.request)
			if name == "an end in the request" {
				w.Conn.(*net.TCPConn).CloseWrite()
			}
			if got := w.rest(); got != c.answer {
				t.Errorf("got %q", got)
			}
		})
	}
}

func TestClientErrorListenerAnswers(t *testing.T) {
	s := start(t, nil)
	errs := make(chan error, 1)
	closed := make(chan bool, 1)
	s.OnClientError(func(err error, socket *http.Socket) {
		errs <- err
		socket.OnClose(func(hadError bool) { closed <- hadError })
		socket.EndString("HTTP/1.1 418 Nope\r\n\r\n")
	})
	w := dial(t, s)
	w.send("bad\r\n\r\n")
	w.expect("HTTP/1.1 418 Nope\r\n\r\n")
	w.Close()
	if err := wait(t, errs, "the error"); !strings.HasPrefix(code(err), "HPE_") {
		t.Errorf("got %v", err)
	}
	if wait(t, closed, "the socket to close") {
		t.Error("it closed with an error")
	}
}

// Bad bytes in a body end the body; the request that is being answered gets 400.
func TestMalformedBody(t *testing.T) {
	failed := make(chan error, 1)
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		_, err := io.ReadAll(req)
		failed <- err
	})
	w := dial(t, s)
	w.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nzz\r\n")
	if err := wait(t, failed, "the error"); err == nil {
		t.Error("no error")
	}
	if got := w.rest(); got != badRequest {
		t.Errorf("got %q", got)
	}
}

func TestExpectations(t *testing.T) {
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) { res.EndString(body(t, req)) })
	w := dial(t, s)
	w.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n")
	w.expect("HTTP/1.1 100 Continue\r\n\r\n")
	w.send("ok")
	w.expect(plainKeepTCP + "Content-Length: 2\r\n\r\nok")
	w.send("GET / HTTP/1.1\r\nHost: a\r\nExpect: more\r\n\r\n")
	w.expect("HTTP/1.1 417 Expectation Failed\r\nDate: NOW\r\nConnection: keep-alive\r\nKeep-Alive: timeout=5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
	s.OnCheckExpectation(func(req *http.IncomingMessage, res *http.ServerResponse) { res.EndString(req.Header("expect")) })
	s.OnCheckContinue(func(req *http.IncomingMessage, res *http.ServerResponse) {
		res.WriteHead(403, http.Headers{{"Content-Length", "0"}})
		res.End()
	})
	w.send("GET / HTTP/1.1\r\nHost: a\r\nExpect: more\r\n\r\n")
	w.expect(plainKeepTCP + "Content-Length: 4\r\n\r\nmore")
	w.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n")
	w.expect("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nDate: NOW\r\nConnection: keep-alive\r\nKeep-Alive: timeout=5\r\n\r\n")
}

func TestKeepAliveTimeout(t *testing.T) {
	s := startOptions(t, http.ServerOptions{KeepAliveTimeout: duration(40 * time.Millisecond)},
		func(req *http.IncomingMessage, res *http.ServerResponse) { res.EndString("x") })
	w := dial(t, s)
	asked := time.Now()
	w.send(getRequest)
	w.expect("HTTP/1.1 200 OK\r\nDate: NOW\r\nConnection: keep-alive\r\nKeep-Alive: timeout=0\r\nContent-Length: 1\r\n\r\nx")
	if got := w.rest(); got != "" {
		t.Errorf("got %q", got)
	}
	if d := time.Since(asked); d < 40*time.Millisecond || d >= 5*time.Second { // which is the default
		t.Errorf("closed after %v", d)
	}
}

func TestHeadersTimeout(t *testing.T) {
	for name, begin := range map[string]string{"nothing": "", "a part": "GET / HTTP/1.1\r\nHo"} {
		t.Run(name, func(t *testing.T) {
			s := startOptions(t, http.ServerOptions{HeadersTimeout: duration(40 * time.Millisecond)}, nil)
			w := dial(t, s)
			w.send(begin)
			if got := w.rest(); got != tooSlow {
				t.Errorf("got %q", got)
			}
		})
	}
}

// The clock must not have stood still while there was no connection.
func TestHeadersTimeoutCountsFromTheConnection(t *testing.T) {
	const limit = 300 * time.Millisecond
	s := startOptions(t, http.ServerOptions{HeadersTimeout: duration(limit)}, nil)
	<-time.After(2 * limit) // the time that passes is what is tested
	begun := time.Now()
	w := dial(t, s)
	if got := w.rest(); got != tooSlow {
		t.Errorf("got %q", got)
	}
	if d := time.Since(begun); d < limit {
		t.Errorf("refused after %v", d)
	}
}

// Who reads the body of a request that takes too long is told so: by an error of the
// connection whose cause is that, and a timeout.
func TestRequestTimeout(t *testing.T) {
	for name, read := range map[string]func(func()){
		"nobody reads":       nil,
		"the listener reads": func(read func()) { read() },
		"a goroutine reads":  func(read func()) { go read() },
	} {
		t.Run(name, func(t *testing.T) {
			failed := make(chan error, 1)
			s := startOptions(t, http.ServerOptions{RequestTimeout: duration(40 * time.Millisecond)},
				func(req *http.IncomingMessage, res *http.ServerResponse) {
					if read != nil {
						read(func() {
							_, err := io.ReadAll(req)
							failed <- err
						})
					}
				})
			w := dial(t, s)
			w.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc")
			if got := w.rest(); got != tooSlow {
				t.Errorf("got %q", got)
			}
			if read == nil {
				return
			}
			err := wait(t, failed, "the read to fail")
			for _, want := range []error{http.ErrConnReset, http.ErrHTTPRequestTimeout, os.ErrDeadlineExceeded} {
				if !errors.Is(err, want) {
					t.Errorf("%v is not %v", err, want)
				}
			}
		})
	}
}

// A request that has arrived may take as long to answer as it likes.
func TestRequestTimeoutEndsWithTheBody(t *testing.T) {
	const limit = 40 * time.Millisecond
	arrived := make(chan bool, 1)
	s := startOptions(t, http.ServerOptions{RequestTimeout: duration(limit)},
		func(req *http.IncomingMessage, res *http.ServerResponse) {
			_, err := io.ReadFull(req, make([]byte, 3))
			if arrived <- err == nil; err == nil {
				<-time.After(5 * limit)
				res.EndString("x")
			}
		})
	for inTime := false; !inTime; { // a busy machine may keep it from arriving
		w := dial(t, s)
		w.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc")
		got := w.cut()
		select {
		case inTime = <-arrived:
		default: // not even its head
		}
		if want := "HTTP/1.1 200 OK\r\nDate: NOW\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx"; inTime && got != want {
			t.Errorf("got %q", got)
		}
	}
}

// What a listener has set holds neither until the next request nor for it.
func TestTimeoutOfAnExchange(t *testing.T) {
	const limit = 50 * time.Millisecond
	for name, set := range map[string]func(*http.IncomingMessage, *http.ServerResponse){
		"of the response": func(_ *http.IncomingMessage, res *http.ServerResponse) { res.SetTimeout(limit) },
		"of the request":  func(req *http.IncomingMessage, _ *http.ServerResponse) { req.SetTimeout(limit) },
		"of the socket":   func(req *http.IncomingMessage, _ *http.ServerResponse) { req.Socket().SetTimeout(limit) },
	} {
		t.Run(name, func(t *testing.T) {
			late := make(chan *http.ServerResponse, 1)
			s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
				if req.URL() == "/0" {
					set(req, res)
					res.EndString("/0")
				} else {
					late <- res
				}
			})
			w := dial(t, s)
			w.send(requests(1))
			w.expectBodies(1)
			<-time.After(5 * limit)
			w.send(getRequest)
			res := wait(t, late, "the next request")
			<-time.After(5 * limit)
			res.EndString("late")
			if _, b := w.response(); b != "late" {
				t.Errorf("got %q", b)
			}
		})
	}
}

func TestServerTimeoutDestroys(t *testing.T) {
	for name, listener := range map[string]func(req *http.IncomingMessage, res *http.ServerResponse){
		"unanswered": func(req *http.IncomingMessage, res *http.ServerResponse) {},
		"blocked":    func(req *http.IncomingMessage, res *http.ServerResponse) { io.ReadAll(req) },
	} {
		t.Run(name, func(t *testing.T) {
			s := start(t, listener)
			s.SetTimeout(40 * time.Millisecond)
			w := dial(t, s)
			io.WriteString(w.Conn, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n")
			if got := w.cut(); got != "" { // and reset, if it has been silent before
				t.Errorf("got %q", got)
			}
		})
	}
}

func TestTimeoutListeners(t *testing.T) {
	var events trace
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		req.OnTimeout(events.on("request"))
		res.SetTimeout(30*time.Millisecond, events.on("response"))
		req.Socket().OnTimeout(events.on("socket"))
	})
	s.SetTimeout(0, func(socket *http.Socket) { events.add("server"); socket.Destroy() })
	w := dial(t, s)
	w.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n")
	if got := w.rest(); got != "" {
		t.Errorf("got %q", got)
	}
	events.expect(t, "request", "response", "server", "socket")
}

// A silence is emitted once, and the next one again.
func TestATimeoutIsToldOncePerSilence(t *testing.T) {
	told := make(chan struct{}, 100)
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		res.SetTimeout(20*time.Millisecond, func() { told <- struct{}{} })
	})
	w := dial(t, s)
	w.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n")
	wait(t, told, "'timeout'")
	select {
	case <-told:
		t.Error("a silence was told twice")
	case <-time.After(200 * time.Millisecond):
	}
	w.send("a")
	wait(t, told, "'timeout' again")
}

func TestMaxRequestsPerSocket(t *testing.T) {
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) { res.EndString("x") })
	s.SetMaxRequestsPerSocket(2)
	dropped := make(chan string, 3)
	s.OnDropRequest(func(req *http.IncomingMessage, socket *http.Socket) { dropped <- req.URL() })
	w := dial(t, s)
	w.send(requests(3))
	w.expect("HTTP/1.1 200 OK\r\nDate: NOW\r\nConnection: keep-alive\r\nKeep-Alive: timeout=5, max=2\r\nContent-Length: 1\r\n\r\nx")
	w.expect("HTTP/1.1 200 OK\r\nDate: NOW\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx")
	const refusal = "HTTP/1.1 503 Service Unavailable\r\nDate: NOW\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
	w.expect(refusal)
	w.send("GET /late HTTP/1.1\r\nHost: a\r\n\r\n") // the connection is open still
	w.expect(refusal)
	wait(t, dropped, "'dropRequest'")
	if url := wait(t, dropped, "another 'dropRequest'"); url != "/late" {
		t.Errorf("%s was dropped", url)
	}
	w.send("GET /last HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
	w.expect(refusal)
	if got := w.rest(); got != "" {
		t.Errorf("got %q", got)
	}
}

func TestCloseEndsIdleConnections(t *testing.T) {
	release := make(chan struct{})
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		if req.URL() == "/slow" {
			go func() { <-release; res.EndString("slow") }()
			return
		}
		res.EndString("x")
	})
	idle, busy := dial(t, s), dial(t, s)
	idle.send(getRequest)
	idle.response()
	arrived := make(chan struct{})
	s.OnceRequest(func(*http.IncomingMessage, *http.ServerResponse) { close(arrived) })
	busy.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n")
	wait(t, arrived, "the request")
	var events trace
	s.OnClose(events.on("close"))
	s.Close(func(err error) { events.add("callback %v", err) })
	if s.Listening() || s.Address() != nil {
		t.Error("still listening")
	}
	if got := idle.rest(); got != "" {
		t.Errorf("got %q", got)
	}
	if n := len(events.all()); n != 0 {
		t.Error("closed while a connection is busy")
	}
	close(release)
	if _, b := busy.response(); b != "slow" {
		t.Errorf("got %q", b)
	}
	busy.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n") // it is served on
	if _, b := busy.response(); b != "x" {
		t.Errorf("got %q", b)
	}
	if got := busy.rest(); got != "" {
		t.Errorf("got %q", got)
	}
	events.expect(t, "close", "callback <nil>")
	s.Close(func(err error) { events.add("%s", code(err)) })
	events.until(t, "ERR_SERVER_NOT_RUNNING")
	s.OnClose(events.on("late close"))
	events.until(t, "late close")
}

func TestCloseAllConnections(t *testing.T) {
	arrived := make(chan *http.IncomingMessage, 1)
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) { arrived <- req })
	w := dial(t, s)
	w.send(getRequest)
	req := wait(t, arrived, "the request")
	s.CloseAllConnections()
	if got := w.rest(); got != "" {
		t.Errorf("got %q", got)
	}
	<-req.Context().Done()
}

func TestListenAgainAfterClose(t *testing.T) {
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) { res.EndString("x") })
	for range 3 {
		w := dial(t, s)
		w.send(getAndClose)
		w.rest()
		closed := make(chan struct{})
		s.Close(func(error) { close(closed) })
		wait(t, closed, "'close'")
		if err := s.ListenWith(http.ListenOptions{Host: "127.0.0.1"}); err != nil {
			t.Fatal(err)
		}
	}
}

func TestListenFails(t *testing.T) {
	s := start(t, nil)
	errs := make(chan error, 4)
	s.OnError(func(err error) { errs <- err })
	if err := s.ListenWith(http.ListenOptions{Host: "127.0.0.1"}); code(err) != "ERR_SERVER_ALREADY_LISTEN" {
		t.Errorf("returned %v", err)
	}
	if err := wait(t, errs, "an error"); code(err) != "ERR_SERVER_ALREADY_LISTEN" {
		t.Errorf("got %v", err)
	}
	hook := uncaught(t)
	other := http.CreateServer()
	if err := other.ListenWith(http.ListenOptions{Host: "127.0.0.1", Port: s.Address().(*net.TCPAddr).Port}); code(err) != "EADDRINUSE" {
		t.Errorf("returned %v", err)
	}
	other.OnError(func(err error) { errs <- err })
	if err := wait(t, errs, "an error"); code(err) != "EADDRINUSE" {
		t.Errorf("got %v", err)
	}
	bad := http.CreateServer()
	if err := bad.Listen(70000); code(err) != "ERR_SOCKET_BAD_PORT" {
		t.Errorf("returned %v", err)
	}
	bad.OnError(func(err error) { errs <- err })
	if err := wait(t, errs, "an error"); code(err) != "ERR_SOCKET_BAD_PORT" {
		t.Errorf("got %v", err)
	}
	select {
	case err := <-hook:
		t.Errorf("uncaught %v", err)
	case <-time.After(time.Second):
	}
}

func TestWait(t *testing.T) {
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) { res.EndString("x") })
	waited := make(chan struct{})
	go func() { http.Wait(); close(waited) }()
	agent := http.NewAgent(http.AgentOptions{KeepAlive: true})
	defer agent.Destroy()
	res, err := http.GetURLWith(url(s, "/"), http.RequestOptions{Agent: agent}).Await(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	body(t, res)
	select {
	case <-waited:
		t.Error("Wait returned while a server listens")
	default:
	}
	s.Unref()
	s.Ref()
	s.Close()
	wait(t, waited, "Wait")
}

func TestUnixSocket(t *testing.T) {
	leak.Check(t)
	moveAway(t)
	const path = "s"
	s := http.CreateServer(func(req *http.IncomingMessage, res *http.ServerResponse) { res.EndString(body(t, req)) })
	listening := make(chan struct{})
	if err := s.ListenPath(path, func() { close(listening) }); err != nil {
		t.Fatal(err)
	}
	stopAtEnd(t, s)
	wait(t, listening, "'listening'")
	req := http.RequestWith(alone(http.RequestOptions{SocketPath: path, Method: "POST"}))
	req.EndString("over a Unix socket")
	res, err := req.Await(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if b := body(t, res); b != "over a Unix socket" {
		t.Errorf("got %q", b)
	}
}

// pipes is a listener whose connections are pipes in memory.
type pipes struct {
	conns  chan net.Conn
	closed chan struct{}
}

func newPipes() *pipes { return &pipes{make(chan net.Conn), make(chan struct{})} }

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error   { close(p.closed); return nil }
func (p *pipes) Addr() net.Addr { return &net.UnixAddr{Name: "memory", Net: "pipe"} }

func (p *pipes) dial() net.Conn {
	ours, theirs := net.Pipe()
	p.conns <- theirs
	return ours
}

func TestPipesInMemory(t *testing.T) {
	leak.Check(t)
	l := newPipes()
	s := http.CreateServer(func(req *http.IncomingMessage, res *http.ServerResponse) {
		go func() { io.Copy(res, req); res.End() }()
	})
	if err := s.ListenHandle(l); err != nil {
		t.Fatal(err)
	}
	stopAtEnd(t, s)
	agent := http.NewAgent(http.AgentOptions{
		KeepAlive:        true,
		CreateConnection: func(context.Context, http.ConnectOptions) (net.Conn, error) { return l.dial(), nil },
	})
	defer agent.Destroy()
	exchangeBodies(t, agent, "http://memory/")
}

// exchangeBodies has an echo of some size twice over one connection.
func exchangeBodies(t *testing.T, agent *http.Agent, u string) {
	t.Helper()
	sent := bytes.Repeat([]byte("0123456789abcdef"), 1<<16)
	for i := range 2 {
		req := http.RequestURLWith(u, http.RequestOptions{Agent: agent, Method: "POST"})
		go func() {
			if _, err := io.Copy(req, bytes.NewReader(sent)); err != nil {
				t.Error(err)
			}
			req.End()
		}()
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		res, err := req.Await(ctx)
		cancel()
		if err != nil {
			t.Fatal(err, "\n", stacks())
		}
		if b := body(t, res); b != string(sent) {
			t.Errorf("got %d bytes", len(b))
		}
		closed := make(chan struct{})
		req.OnClose(func() { close(closed) })
		wait(t, closed, "'close'")
		if req.ReusedSocket() != (i > 0) {
			t.Errorf("exchange %d: reused %t", i, req.ReusedSocket())
		}
	}
}

func TestTLS(t *testing.T) {
	leak.Check(t)
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := http.CreateServer(func(req *http.IncomingMessage, res *http.ServerResponse) {
		go func() { io.Copy(res, req); res.End() }()
	})
	if err := s.ListenHandle(tls.NewListener(l, &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{cert}, PrivateKey: key}}})); err != nil {
		t.Fatal(err)
	}
	stopAtEnd(t, s)
	parsed, err := x509.ParseCertificate(cert)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(parsed)
	agent := http.NewAgent(http.AgentOptions{
		KeepAlive: true,
		CreateConnection: func(_ context.Context, o http.ConnectOptions) (net.Conn, error) {
			return tls.Dial("tcp", fmt.Sprintf("%s:%d", o.Host, o.Port), &tls.Config{RootCAs: roots})
		},
	})
	defer agent.Destroy()
	exchangeBodies(t, agent, url(s, "/"))
}

// A panic costs its connection, not the program.
func TestPanicInAListener(t *testing.T) {
	hook := uncaught(t)
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		switch req.URL() {
		case "/request":
			panic("request")
		case "/data":
			req.OnData(func([]byte) { panic("data") })
		case "/finish":
			res.OnFinish(func() { panic("finish") })
			res.End()
		default:
			res.EndString("alive")
		}
	})
	for _, name := range []string{"request", "data", "finish"} {
		w := dial(t, s)
		w.send(fmt.Sprintf("POST /%s HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc", name))
		io.Copy(io.Discard, w.r)
		if err := wait(t, hook, "the hook"); err.Error() != "panic in a callback: "+name {
			t.Errorf("got %v", err)
		}
	}
	w := dial(t, s)
	w.send(getAndClose)
	if _, b := w.response(); b != "alive" {
		t.Errorf("got %q", b)
	}
}

// Nor does a listener that ends its goroutine, as t.FailNow does, keep its
// connection or the server.
func TestGoexitInAListener(t *testing.T) {
	hook := uncaught(t)
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		switch req.URL() {
		case "/request":
			runtime.Goexit()
		case "/data":
			req.OnData(func([]byte) { runtime.Goexit() })
		case "/close":
			req.OnClose(runtime.Goexit)
			req.Destroy()
		}
	})
	for _, name := range []string{"request", "data", "close"} {
		for _, body := range []string{"", "abc"} {
			if name == "data" && body == "" {
				continue
			}
			w := dial(t, s)
			w.send(fmt.Sprintf("POST /%s HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n%s", name, len(body), body))
			io.Copy(io.Discard, w.r)
			if err := wait(t, hook, "the hook"); !strings.Contains(err.Error(), "Goexit") {
				t.Errorf("got %v", err)
			}
		}
	}
}

// A panic at the end of a connection keeps neither the others of its line nor
// the server from ending.
func TestPanicAtTheEnd(t *testing.T) {
	hook := uncaught(t)
	var events trace
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		req.OnAborted(func() { panic(req.URL()) })
		req.Socket().OnClose(func(bool) { events.add("socket close") })
		events.add("%s", req.URL())
	})
	w := dial(t, s)
	w.send(requests(2))
	events.until(t, "/1")
	w.Close()
	for range 2 {
		wait(t, hook, "the hook")
	}
	events.until(t, "socket close")
}

func TestEventsOfAServersExchange(t *testing.T) {
	for name, c := range map[string]struct {
		request string
		want    []string
	}{
		"GET": {getRequest, []string{"res prefinish", "res finish", "res close", "req end", "req close"}},
		"POST": {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc",
			[]string{"req data abc", "req end", "res prefinish", "res finish", "res close", "req close"}},
	} {
		t.Run(name, func(t *testing.T) {
			var events trace
			s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
				req.OnClose(events.on("req close"))
				req.OnAborted(events.on("req aborted"))
				req.OnError(func(err error) { events.add("req error") })
				res.OnPrefinish(events.on("res prefinish"))
				res.OnFinish(events.on("res finish"))
				res.OnClose(events.on("res close"))
				if name == "GET" {
					req.OnEnd(events.on("req end"))
					res.End()
					return
				}
				req.OnData(func(chunk []byte) { events.add("req data %s", chunk) })
				req.OnEnd(func() { events.add("req end"); res.End() })
			})
			dial(t, s).send(c.request)
			events.expect(t, c.want...)
		})
	}
}

func TestEventsOfAClientThatGoesAway(t *testing.T) {
	var events trace
	arrived := make(chan struct{})
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		req.OnClose(events.on("req close"))
		req.OnAborted(events.on("req aborted"))
		req.OnError(func(err error) { events.add("req error %s", code(err)) })
		res.OnFinish(events.on("res finish"))
		res.OnClose(events.on("res close"))
		close(arrived)
	})
	w := dial(t, s)
	w.send(getRequest)
	wait(t, arrived, "the request")
	w.Close()
	events.expect(t, "req aborted", "res close", "req error ECONNRESET", "req close")
}

// An answer that was ended, and is not taken, closes without having finished.
func TestEndedResponseWhoseClientGoesAway(t *testing.T) {
	var events trace
	ended := make(chan struct{})
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		res.OnFinish(events.on("finish"))
		res.OnClose(events.on("close"))
		req.OnClose(events.on("req close"))
		res.EndChunk(make([]byte, 64<<20))
		close(ended)
	})
	w := dial(t, s)
	w.send(getRequest)
	wait(t, ended, "the end")
	w.reset()
	events.until(t, "req close")
	if got := fmt.Sprint(events.all()); got != "[close req close]" {
		t.Errorf("got %s", got)
	}
}

// A client that goes away while the body of an answered request arrives.
func TestAnsweredRequestWhoseClientGoesAway(t *testing.T) {
	closed := make(chan struct{})
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		req.OnClose(func() { close(closed) })
		req.OnData(func([]byte) {})
		res.End()
	})
	w := dial(t, s)
	w.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc")
	w.response()
	w.Close()
	wait(t, closed, "'close'")
}

// An early answer arrives although the client goes on sending.
func TestEarlyAnswerToALargeRequest(t *testing.T) {
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		res.SetHeader("Connection", "close")
		res.SetStatusCode(413)
		res.EndString("too large")
	})
	for range 10 {
		w := dial(t, s)
		w.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 8388608\r\n\r\n")
		go io.CopyN(w.Conn, zeroes{}, 4<<20)
		if res, b := w.response(); res.StatusCode != 413 || b != "too large" {
			t.Errorf("got %d %q", res.StatusCode, b)
		}
		w.Close()
	}
}

type zeroes struct{}

func (zeroes) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// A reader that takes nothing holds its writer up, and costs little memory.
func TestSlowReader(t *testing.T) {
	type state struct {
		n   int64
		err error
	}
	var written atomic.Int64
	done := make(chan state, 1)
	responses := make(chan *http.ServerResponse, 1)
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		responses <- res
		go func() {
			var err error
			for err == nil {
				var n int
				n, err = res.Write(make([]byte, 64<<10))
				written.Add(int64(n))
			}
			done <- state{written.Load(), err}
		}()
	})
	w := dial(t, s)
	w.send(getRequest)
	res := wait(t, responses, "the response")
	stalled := false
	for before := int64(-1); !stalled; {
		<-time.After(50 * time.Millisecond)
		now := written.Load()
		stalled, before = now == before, now
	}
	if n := res.WritableLength(); n > 256<<10 {
		t.Errorf("%d bytes are queued", n)
	}
	res.Destroy()
	if st := wait(t, done, "Write to fail"); code(st.err) != "ERR_STREAM_DESTROYED" {
		t.Errorf("got %v", st.err)
	}
}

// A body that the program does not read is taken from the client only up to a mark.
func TestSlowConsumer(t *testing.T) {
	requests := make(chan *http.IncomingMessage, 1)
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) { requests <- req })
	w := dial(t, s)
	const size = 64 << 20
	w.send(fmt.Sprintf("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n", size))
	go io.CopyN(w.Conn, zeroes{}, size)
	req := wait(t, requests, "the request")
	stalled := false
	for before := int64(-1); !stalled; {
		<-time.After(50 * time.Millisecond)
		now := req.Socket().BytesRead()
		stalled, before = now == before, now
	}
	if n := req.Socket().BytesRead(); n > 256<<10 {
		t.Errorf("%d bytes were read", n)
	}
	n, err := io.Copy(io.Discard, req)
	if n != size || err != nil {
		t.Errorf("got %d, %v", n, err)
	}
}

// Listeners of one connection never overlap, whoever brings the events.
func TestListenersDoNotOverlap(t *testing.T) {
	var inside atomic.Int32
	guarded := func(f func()) func() {
		return func() {
			if inside.Add(1) != 1 {
				t.Error("two listeners of one connection at once")
			}
			f()
			inside.Add(-1)
		}
	}
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		guarded(func() {
			none := func() {}
			req.OnData(func([]byte) { guarded(none)() })
			req.OnEnd(guarded(none))
			req.OnClose(guarded(none))
			res.OnFinish(guarded(none))
			res.OnClose(guarded(none))
			res.OnPrefinish(guarded(none))
			for range 4 {
				go req.Socket().OnConnect(guarded(none))
			}
			go res.WriteChunk([]byte("a"), func(error) { guarded(none)() })
			go func() {
				res.WriteChunk([]byte("b"), func(error) { guarded(none)() })
				res.End()
			}()
		})()
	})
	w := dial(t, s)
	for range 50 {
		for range 8 {
			w.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc")
		}
		for range 8 {
			w.response()
		}
	}
}

// Every method may be called from any goroutine, in any order.
func TestEverythingFromManyGoroutines(t *testing.T) {
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		none := func() {}
		for _, f := range []func(){
			func() { res.SetHeader("A", "1"); res.AppendHeader("A", "2"); res.RemoveHeader("A") },
			func() { res.GetHeaders(); res.GetHeaderNames(); res.HasHeader("a"); res.HeadersSent() },
			func() { res.SetStatusCode(201); res.StatusMessage(); res.WriteHead(202) },
			func() { res.WriteString("x"); res.WriteChunk([]byte("y")); res.FlushHeaders() },
			func() { res.Cork(); res.WriteString("z"); res.Uncork(); res.WritableLength() },
			func() { res.OnFinish(none); res.OnClose(none); res.OnDrain(none).Remove(); res.OnError(func(error) {}) },
			func() { req.OnData(func([]byte) {}); req.Pause(); req.Resume(); req.OnEnd(none) },
			func() { req.Headers(); req.RawTrailers(); req.Complete(); req.Aborted(); req.Context() },
			func() { req.Socket().SetTimeout(time.Hour); req.Socket().BytesWritten(); req.Socket().SetNoDelay() },
			func() { res.WriteContinue(); res.WriteEarlyHints(http.Headers{{"Link", "a"}}) },
			func() { res.End(none); res.EndString("x"); res.WritableFinished() },
			func() {
				if req.URL() == "/destroy" {
					res.Destroy()
					req.Destroy()
				}
			},
		} {
			go f()
		}
	})
	for i := range 60 {
		path := "/"
		if i%3 == 0 {
			path = "/destroy"
		}
		req := http.RequestURLWith(url(s, path), alone(http.RequestOptions{Method: "POST"}))
		req.OnError(func(error) {})
		req.OnResponse(func(res *http.IncomingMessage) { res.OnError(func(error) {}); res.Resume() })
		closed := make(chan struct{})
		req.OnClose(func() { close(closed) })
		for _, f := range []func(){
			func() { req.SetHeader("A", "1"); req.RemoveHeader("B") },
			func() { req.WriteString("x"); req.FlushHeaders() },
			func() { req.SetTimeout(time.Hour); req.Socket(); req.ReusedSocket() },
			func() { req.OnDrain(func() {}); req.OnSocket(func(*http.Socket) {}) },
			func() { req.EndString("end") },
			func() {
				if i%5 == 0 {
					req.Destroy()
				}
			},
		} {
			go f()
		}
		wait(t, closed, "'close'")
	}
}

// A connection need not come from a listener: the program may bring its own.
func TestConnectionsThatTheProgramBrings(t *testing.T) {
	leak.Check(t)
	s := http.CreateServer(func(req *http.IncomingMessage, res *http.ServerResponse) { res.EndString(req.URL()) })
	told := make(chan *http.Socket, 1)
	s.OnConnection(func(socket *http.Socket) { told <- socket })
	ours, theirs := net.Pipe()
	defer ours.Close()
	socket := s.EmitConnection(theirs)
	if got := wait(t, told, "'connection'"); got != socket {
		t.Error("another socket is told")
	}
	go io.WriteString(ours, "GET /here HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
	ours.SetDeadline(time.Now().Add(patience))
	answer, err := io.ReadAll(ours)
	if _, text, _ := strings.Cut(string(answer), "\r\n\r\n"); text != "/here" {
		t.Errorf("got %q, %v", answer, err)
	}
}

// A server that has been closed is not revived by a connection that it is given.
func TestConnectionsForAClosedServer(t *testing.T) {
	leak.Check(t)
	s := start(t, func(*http.IncomingMessage, *http.ServerResponse) { t.Error("served") })
	s.OnConnection(func(*http.Socket) { t.Error("told") })
	closed := make(chan bool, 1)
	s.OnClose(func() { closed <- true })
	s.Close()
	wait(t, closed, "'close'")
	ours, theirs := net.Pipe()
	defer ours.Close()
	if socket := s.EmitConnection(theirs); !socket.Destroyed() {
		t.Error("the socket is open")
	}
	ours.SetDeadline(time.Now().Add(patience))
	if n, err := ours.Read(make([]byte, 1)); err != io.EOF {
		t.Errorf("read %d, %v", n, err)
	}
}

// Close and CloseIdleConnections at any moment: a request that is announced is answered,
// and a client whose connection ends finds that out between two answers.
func TestClosingCutsNothingAtWork(t *testing.T) {
	for name, end := range map[string]func(s *http.Server){
		"Close":                func(s *http.Server) { s.Close() },
		"CloseIdleConnections": func(s *http.Server) { s.CloseIdleConnections() },
	} {
		t.Run(name, func(t *testing.T) {
			for range 20 {
				var announced, answered atomic.Int64
				s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
					announced.Add(1)
					if n := announced.Load(); n%3 == 0 {
						go res.EndString("ok")
					} else {
						res.EndString("ok")
					}
				})
				var clients sync.WaitGroup
				for i := range 16 {
					w := dial(t, s)
					clients.Go(func() {
						defer w.Close()
						for k := range 60 {
							if _, err := io.WriteString(w, "GET / HTTP/1.1\r\nHost: a\r\n\r\n"); err != nil {
								return
							}
							res, err := nethttp.ReadResponse(w.r, nil)
							if err != nil {
								return // the connection has ended while it was idle
							}
							if body, err := io.ReadAll(res.Body); string(body) != "ok" || err != nil {
								t.Errorf("got %q, %v", body, err)
							}
							answered.Add(1)
							if k%(i+1) == 0 {
								time.Sleep(time.Duration(i*k) * time.Microsecond)
							}
						}
					})
				}
				for answered.Load() < 100 {
					runtime.Gosched()
				}
				end(s)
				clients.Wait()
				if a, b := announced.Load(), answered.Load(); a != b {
					t.Fatalf("%d requests were announced, %d answered", a, b)
				}
			}
		})
	}
}

// A Socket of ours is a net.Conn like another: a server that is given one ends it in all
// its ways, and neither fails.
func TestOwnSocketsAsConnections(t *testing.T) {
	get := "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
	for name, c := range map[string]struct {
		send string
		then func(s *http.Server, w *wire)
		rest string
	}{
		"Close":                 {get, func(s *http.Server, _ *wire) { s.Close() }, ""},
		"CloseAllConnections":   {get, func(s *http.Server, _ *wire) { s.CloseAllConnections() }, ""},
		"CloseIdleConnections":  {get, func(s *http.Server, _ *wire) { s.CloseIdleConnections() }, ""},
		"keepAliveTimeout":      {get, func(s *http.Server, _ *wire) { s.SetKeepAliveTimeout(20 * time.Millisecond) }, ""},
		"a client that says so": {"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", nil, ""},
		"a client that leaves":  {get, func(_ *http.Server, w *wire) { w.Conn.(*net.TCPConn).CloseWrite() }, ""},
		"malformed bytes": {get, func(_ *http.Server, w *wire) { w.send("FOO\r\n\r\n") },
			"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"},
		"headersTimeout": {get, func(s *http.Server, w *wire) { s.SetHeadersTimeout(20 * time.Millisecond); w.send("GET") },
			"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n"},
	} {
		t.Run(name, func(t *testing.T) {
			inner := startOptions(t, http.ServerOptions{ConnectionsCheckingInterval: 10 * time.Millisecond}, func(_ *http.IncomingMessage, res *http.ServerResponse) {
				res.EndString("inner")
			})
			closed := make(chan bool, 1)
			outer := start(t, nil)
			outer.OnConnect(func(_ *http.IncomingMessage, socket *http.Socket, _ []byte) {
				socket.OnError(func(err error) { t.Error("'error':", err) })
				socket.OnClose(func(hadError bool) { closed <- hadError })
				socket.WriteString("HTTP/1.1 200 OK\r\n\r\n")
				inner.EmitConnection(socket)
			})
			w := dial(t, outer)
			w.send("CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n")
			w.expect("HTTP/1.1 200 OK\r\n\r\n")
			w.send(c.send)
			if _, body := w.response(); body != "inner" {
				t.Errorf("got %q", body)
			}
			if c.then != nil {
				c.then(inner, w)
			}
			if rest := w.rest(); rest != c.rest {
				t.Errorf("got %q at the end", rest)
			}
			w.Close()
			if wait(t, closed, "'close'") {
				t.Error("'close' says that there was an error")
			}
		})
	}
}
