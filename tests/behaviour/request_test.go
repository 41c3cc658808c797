package behaviour_test

// Members of a request that act on its socket, and states that it goes through.

import (
	"context"
	"errors"
	"fmt"
	"net"
	"runtime"
	"slices"
	"syscall"
	"testing"
	"time"

	http "nodehttp/generated/http"
)

// socketOption reads an option of a TCP connection.
func socketOption(t testing.TB, c net.Conn, level, name int) (value int) {
	t.Helper()
	raw, err := c.(*net.TCPConn).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	if err := raw.Control(func(fd uintptr) { value, err = syscall.GetsockoptInt(int(fd), level, name) }); err != nil {
		t.Fatal(err)
	}
	return value
}

// What is said of a socket holds, whether there is one already or not.
func TestSocketOptionsOfARequest(t *testing.T) {
	u := peer(t, func(w *wire) { w.head(); w.head() })
	for _, late := range []bool{false, true} {
		t.Run(fmt.Sprint("late: ", late), func(t *testing.T) {
			conns, going := make(chan net.Conn, 1), make(chan struct{})
			req := http.RequestURLWith(u, http.RequestOptions{CreateConnection: func(_ context.Context, o http.ConnectOptions) (net.Conn, error) {
				c, err := (&net.Dialer{KeepAlive: -1}).Dial("tcp", net.JoinHostPort(o.Host, fmt.Sprint(o.Port)))
				conns <- c
				<-going
				return c, err
			}})
			req.OnError(func(error) {})
			connected, silent := make(chan struct{}), make(chan struct{})
			req.OnceTimeout(func() { close(silent) })
			req.OnSocket(func(s *http.Socket) { s.OnConnect(func() { close(connected) }) })
			set := func() {
				req.SetNoDelay(false)
				req.SetSocketKeepAlive(true, 7*time.Second)
				req.SetTimeout(20 * time.Millisecond)
			}
			c := wait(t, conns, "the connection")
			if !late {
				set()
			}
			close(going)
			wait(t, connected, "'connect'")
			if late {
				set()
			}
			if socketOption(t, c, syscall.IPPROTO_TCP, syscall.TCP_NODELAY) != 0 || socketOption(t, c, syscall.SOL_SOCKET, syscall.SO_KEEPALIVE) == 0 {
				t.Error("the options are not set")
			}
			wait(t, silent, "'timeout'")
			req.Destroy()
		})
	}
}

// What a server sends behind its answer to CONNECT is the tunnel's.
func TestConnectWithBytesBehindTheAnswer(t *testing.T) {
	u := peer(t, func(w *wire) { w.head(); w.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello"); w.head() })
	type tunnel struct {
		status int
		socket *http.Socket
		head   string
	}
	tunnels := make(chan tunnel, 1)
	req := http.RequestURLWith(u, alone(http.RequestOptions{Method: "CONNECT", Path: "a:1"}))
	req.OnConnect(func(res *http.IncomingMessage, socket *http.Socket, head []byte) {
		tunnels <- tunnel{res.StatusCode(), socket, string(head)}
	})
	req.OnResponse(func(*http.IncomingMessage) { t.Error("'response'") })
	req.End()
	got := wait(t, tunnels, "'connect'")
	rest := make([]byte, 5-len(got.head))
	for n := 0; n < len(rest); {
		m, err := got.socket.Read(rest[n:])
		if n += m; err != nil {
			t.Fatal(err)
		}
	}
	if all := got.head + string(rest); all != "hello" || got.status != 200 {
		t.Errorf("%d %q", got.status, all)
	}
	got.socket.Destroy()
}

// A request with another length than it promises is not sent whole, and ends.
func TestContentLengthMismatchOfARequest(t *testing.T) {
	const mismatch = "ERR_HTTP_CONTENT_LENGTH_MISMATCH"
	for name, send := range map[string]func(*http.ClientRequest) error{
		"too short": func(r *http.ClientRequest) error { return r.EndString("abc") },
		"too long":  func(r *http.ClientRequest) error { return r.EndString("abcdef") },
		"in pieces": func(r *http.ClientRequest) error {
			r.WriteString("abc")
			_, err := r.WriteString("def")
			r.Destroy(err)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			u := peer(t, func(w *wire) { w.head(); w.head() })
			req := http.RequestURLWith(u, alone(http.RequestOptions{Method: "POST", Headers: http.Headers{{"Content-Length", "5"}}}))
			var events trace
			req.OnError(func(err error) { events.add("%s", code(err)) })
			req.OnClose(events.on("close"))
			if err := send(req); code(err) != mismatch {
				t.Errorf("got %v", err)
			}
			events.expect(t, mismatch, "close")
		})
	}
}

func TestRawHeaderNames(t *testing.T) {
	req := http.RequestWith((http.RequestOptions{Headers: http.Headers{{"X-One", "1"}, {"ACCEPT", "a"}}, CreateConnection: func(context.Context, http.ConnectOptions) (net.Conn, error) { return nil, net.ErrClosed }}))
	req.OnError(func(error) {})
	defer req.Destroy()
	req.SetHeader("x-TWO", "2")
	req.SetHeader("accept", "b")
	req.AppendHeader("X-ONE", "3")
	if got, want := req.GetRawHeaderNames(), []string{"X-One", "accept", "Host", "x-TWO"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := req.GetHeaderNames(), []string{"x-one", "accept", "host", "x-two"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := fmt.Sprint(req.GetHeaders()["x-one"], req.GetHeader("X-one")); got != "[1 3]1, 3" {
		t.Errorf("got %s", got)
	}
	req.RemoveHeader("HOST")
	if req.HasHeader("host") {
		t.Error("a removed header is there")
	}
}

// Where a connection goes, and where from.
func TestWhereToConnect(t *testing.T) {
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		res.EndString(fmt.Sprint(req.Socket().RemoteAddress(), ":", req.Socket().RemotePort(), " ", req.Header("host")))
	})
	moveAway(t)
	const path = "s"
	unix := http.CreateServer(func(req *http.IncomingMessage, res *http.ServerResponse) { res.EndString("unix " + req.Header("host")) })
	if err := unix.ListenPath(path); err != nil {
		t.Fatal(err)
	}
	stopAtEnd(t, unix)
	port := s.Address().(*net.TCPAddr).Port
	l, err := net.Listen("tcp", "127.0.0.77:0") // an address that nobody else binds to
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	local := l.Addr().(*net.TCPAddr).Port
	for name, c := range map[string]struct {
		o    http.RequestOptions
		want string
	}{
		"local address and port": {http.RequestOptions{Host: "127.0.0.1", Port: port, LocalAddress: "127.0.0.77", LocalPort: local}, fmt.Sprintf("127.0.0.77:%d 127.0.0.1:%d", local, port)},
		"hostname wins":          {http.RequestOptions{Host: "nowhere.invalid", Hostname: "127.0.0.1", Port: port, LocalAddress: "127.0.0.78"}, "127.0.0.78"},
		"Unix socket":            {http.RequestOptions{SocketPath: path}, "unix localhost"},
	} {
		t.Run(name, func(t *testing.T) {
			res, err := http.GetWith(alone(c.o)).Await(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if b := body(t, res); len(b) < len(c.want) || b[:len(c.want)] != c.want {
				t.Errorf("got %q, want %q", b, c.want)
			}
		})
	}
	// An address is not looked up, so that the family does not matter.
	for family, want := range map[int]string{6: "", 5: "ERR_INVALID_ARG_VALUE"} {
		res, err := http.GetWith(alone(http.RequestOptions{Host: "127.0.0.1", Port: port, Family: family})).Await(t.Context())
		if code(err) != want {
			t.Errorf("family %d: %v", family, err)
		}
		if err == nil {
			body(t, res)
		}
	}
}

// The states of a request, from its making to its end.
func TestStatesOfARequest(t *testing.T) {
	answer := make(chan struct{})
	u := peer(t, func(w *wire) { w.head(); <-answer; w.send(okAnswer); w.head() })
	req := http.RequestURLWith(u, alone(http.RequestOptions{}))
	states := func() string {
		return fmt.Sprint(req.WritableEnded(), req.Finished(), req.WritableFinished(), req.HeadersSent(), req.Aborted())
	}
	if got := states(); got != "false false false false false" {
		t.Errorf("made: %s", got)
	}
	finished := make(chan struct{})
	req.OnFinish(func() { close(finished) })
	req.End()
	if !req.WritableEnded() || !req.Finished() || !req.HeadersSent() {
		t.Errorf("ended: %s", states())
	}
	wait(t, finished, "'finish'")
	if got := states(); got != "true true true true false" || req.Destroyed() {
		t.Errorf("finished: %s", got)
	}
	close(answer)
	finish(t, req)
	req.Destroy() // too late to be told
	req.Abort()
	if !req.WritableFinished() || !req.Destroyed() {
		t.Errorf("closed: %s, destroyed: %t", states(), req.Destroyed())
	}
}

// The timeout of an agent is emitted by its requests.
func TestTimeoutOfAnAgent(t *testing.T) {
	u := peer(t, func(w *wire) { w.head(); w.head() })
	agent := http.NewAgent(http.AgentOptions{Timeout: 30 * time.Millisecond})
	var events trace
	req := http.GetURLWith(u, http.RequestOptions{Agent: agent})
	req.OnTimeout(func() { events.add("timeout"); req.Destroy() })
	req.OnError(func(err error) { events.add("%s", code(err)) })
	req.OnClose(events.on("close"))
	events.expect(t, "timeout", "ECONNRESET", "close")
}

// A response that the program has not asked for in time is gone. Await says so instead
// of returning what is left of it.
func TestDiscardedResponse(t *testing.T) {
	for _, answer := range []string{
		okAnswer,
		"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: test\r\n\r\n",
	} {
		t.Run(answer[9:12], func(t *testing.T) {
			u := peer(t, func(w *wire) {
				w.head()
				w.send(answer)
				w.head()
			})
			req := http.Get(u)
			closed := make(chan struct{})
			req.OnClose(func() { close(closed) })
			wait(t, closed, "'close'") // behind its being discarded
			if res, err := req.Await(t.Context()); res != nil || code(err) != "ERR_STREAM_DESTROYED" {
				t.Errorf("Await returned %v, %v", res, err)
			}
			told := make(chan struct{})
			req.OnResponse(func(*http.IncomingMessage) { t.Error("'response'") })
			req.OnClose(func() { close(told) }) // at once, and behind it
			wait(t, told, "'close' again")
		})
	}
}

// The error that a request is destroyed with is emitted although its response has
// arrived completely, as long as that has not been read.
func TestDestroyBehindAnUnreadResponse(t *testing.T) {
	for _, keep := range []bool{false, true} {
		t.Run(fmt.Sprint("keep: ", keep), func(t *testing.T) {
			u := peer(t, func(w *wire) {
				w.head()
				w.send(okAnswer)
				if head := w.head(); head != "" {
					t.Errorf("the connection was used again: %q", head)
				}
			})
			agent := http.NewAgent(http.AgentOptions{KeepAlive: keep})
			defer agent.Destroy()
			req := http.GetURLWith(u, http.RequestOptions{Agent: agent})
			var events trace
			req.OnError(func(err error) { events.add("req %v", err) })
			req.OnClose(events.on("req close"))
			res, err := req.Await(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			res.OnEnd(events.on("res end"))
			for !res.Complete() {
				runtime.Gosched()
			}
			closed := make(chan struct{})
			res.OnClose(func() { events.add("res close"); close(closed) })
			req.Destroy(errors.New("mine"))
			wait(t, closed, "the end of the response")
			want := []string{"req mine", "res end", "res close", "req close"}
			if keep { // the request closes first
				want[2], want[3] = want[3], want[2]
			}
			events.until(t, "req close")
			if got := events.all(); !slices.Equal(got, want) {
				t.Errorf("got  %q\nwant %q", got, want)
			}
		})
	}
}
