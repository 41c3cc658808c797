package behaviour_test

// Requests as the client makes them: what they send, in what order their
// events come, and how they end.

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	nethttp "net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	http "nodehttp/generated/http"
	"nodehttp/tests/leak"
)

// peer is a server that a test plays itself: it accepts connections and gives
// them to serve, each on a goroutine of its own.
func peer(t testing.TB, serve func(w *wire)) (url string) {
	t.Helper()
	leak.Check(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				c.SetDeadline(time.Now().Add(4 * patience))
				serve(&wire{c, t, bufio.NewReader(c)})
			}()
		}
	}()
	return "http://" + l.Addr().String()
}

// refused is a URL at which nothing listens, and nothing can before the end of the test:
// a connection goes out from its port.
func refused(t testing.TB) (url string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	c, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	end, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close(); end.Close() })
	return "http://" + c.LocalAddr().String()
}

// head reads the head of a request.
func (w *wire) head() string {
	var head strings.Builder
	for !strings.HasSuffix(head.String(), "\r\n\r\n") {
		line, err := w.r.ReadString('\n')
		if err != nil {
			return head.String()
		}
		head.WriteString(line)
	}
	return head.String()
}

// alone are the options of a request with a connection of its own.
func alone(o http.RequestOptions) http.RequestOptions {
	o.NoAgent = true
	return o
}

// follow notes the events of a request and its response.
func follow(r *http.ClientRequest, events *trace) {
	r.OnSocket(func(*http.Socket) { events.add("req socket") })
	r.OnFinish(events.on("req finish"))
	r.OnAbort(events.on("req abort"))
	r.OnTimeout(events.on("req timeout"))
	r.OnError(func(err error) { events.add("req error %s", code(err)) })
	r.OnClose(events.on("req close"))
	r.OnResponse(func(res *http.IncomingMessage) {
		events.add("req response")
		res.OnAborted(events.on("res aborted"))
		res.OnError(func(err error) { events.add("res error %s", code(err)) })
		res.OnClose(events.on("res close"))
		res.OnEnd(events.on("res end"))
		res.OnData(func(chunk []byte) { events.add("res data %s", chunk) })
	})
}

func TestEventsOfARequest(t *testing.T) {
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) { res.EndString("x") })
	var events trace
	req := http.RequestURLWith(url(s, "/"), alone(http.RequestOptions{}))
	follow(req, &events)
	req.End()
	events.expect(t, "req socket", "req finish", "req response", "res data x", "res end", "res close", "req close")
}

// Node asks the agent before the response closes; here a listener of that must not delay
// the request that gets the connection next.
func TestEventsOfARequestThatKeepsItsSocket(t *testing.T) {
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) { res.EndString("x") })
	var events trace
	agent := http.NewAgent(http.AgentOptions{KeepAlive: true, KeepSocketAlive: func(*http.Socket) bool {
		events.add("agent keeps")
		return true
	}})
	defer agent.Destroy()
	req := http.RequestURLWith(url(s, "/"), http.RequestOptions{Agent: agent})
	follow(req, &events)
	req.End()
	events.expect(t, "req socket", "req finish", "req response", "res data x", "res end", "req close", "res close", "agent keeps")
}

func TestEventsOfARefusedConnection(t *testing.T) {
	leak.Check(t)
	var events trace
	followed := make(chan struct{}) // who listens late hears all, but not in this order
	req := http.RequestURLWith(refused(t), alone(http.RequestOptions{
		Lookup: func(_ context.Context, host string) ([]string, error) {
			<-followed
			return []string{host}, nil
		},
	}))
	follow(req, &events)
	close(followed)
	req.End()
	events.expect(t, "req socket", "req error ECONNREFUSED", "req close")
}

// A request that is ended when its connection has failed already is never
// finished.
func TestEndAfterARefusedConnection(t *testing.T) {
	var events trace
	req := http.RequestURLWith(refused(t), alone(http.RequestOptions{}))
	follow(req, &events)
	req.OnSocket(func(s *http.Socket) {
		s.Destroy(errors.New("mine")) // if it has not been refused yet
		req.End()                     // before the request hears of it
	})
	events.until(t, "req close")
	if got := events.all(); slices.Contains(got, "req finish") || req.WritableFinished() {
		t.Errorf("got %q, finished: %t", got, req.WritableFinished())
	}
}

func TestEventsOfAResponseCutShort(t *testing.T) {
	u := peer(t, func(w *wire) {
		w.head()
		w.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx")
		w.head() // until the client has gone
	})
	var events trace
	req := http.RequestURLWith(u, alone(http.RequestOptions{}))
	socket := make(chan *http.Socket, 1)
	req.OnSocket(func(s *http.Socket) { socket <- s })
	follow(req, &events)
	req.End()
	events.until(t, "res data x")
	wait(t, socket, "the socket").Destroy()
	events.expect(t, "req socket", "req finish", "req response", "res data x",
		"res aborted", "req close", "res error ECONNRESET", "res close")
}

func TestEventsOfAResponseCutShortByTheServer(t *testing.T) {
	u := peer(t, func(w *wire) {
		w.head()
		w.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx")
		w.Close()
	})
	var events trace
	req := http.RequestURLWith(u, alone(http.RequestOptions{}))
	follow(req, &events)
	req.End()
	events.expect(t, "req socket", "req finish", "req response", "res data x",
		"res aborted", "req close", "res error ECONNRESET", "res close")
}

func TestEventsOfAHangUp(t *testing.T) {
	u := peer(t, func(w *wire) { w.head(); w.Close() })
	var events trace
	req := http.RequestURLWith(u, alone(http.RequestOptions{}))
	follow(req, &events)
	req.End()
	events.expect(t, "req socket", "req finish", "req error ECONNRESET", "req close")
	if _, err := req.Await(t.Context()); err == nil || err.Error() != "socket hang up [ECONNRESET]" {
		t.Errorf("got %v", err)
	}
}

func TestEventsOfDestroyBeforeASocket(t *testing.T) {
	for name, destroy := range map[string]struct {
		f    func(*http.ClientRequest)
		want []string
	}{
		"destroy": {func(r *http.ClientRequest) { r.Destroy() }, []string{"req error ECONNRESET", "req close"}},
		"destroy with an error": {func(r *http.ClientRequest) { r.Destroy(errors.New("mine")) },
			[]string{"req error mine", "req close"}},
		"abort": {func(r *http.ClientRequest) { r.Abort() }, []string{"req abort", "req close"}},
	} {
		t.Run(name, func(t *testing.T) {
			u := peer(t, func(w *wire) { w.head(); w.head() })
			agent := http.NewAgent(http.AgentOptions{MaxSockets: 1})
			first := http.GetURLWith(u, http.RequestOptions{Agent: agent})
			first.OnError(func(error) {})
			var events trace
			req := http.RequestURLWith(u, http.RequestOptions{Agent: agent})
			follow(req, &events)
			destroy.f(req)
			events.expect(t, destroy.want...)
			if n := len(agent.Requests()); n != 0 {
				t.Errorf("%d requests wait", n)
			}
			if !req.Destroyed() {
				t.Error("not destroyed")
			}
			first.Destroy()
			agent.Destroy()
		})
	}
}

func TestEventsOfDestroyBeforeTheResponse(t *testing.T) {
	for name, destroy := range map[string]struct {
		f    func(*http.ClientRequest)
		want []string
	}{
		"destroy": {func(r *http.ClientRequest) { r.Destroy() },
			[]string{"req socket", "req finish", "req error ECONNRESET", "req close"}},
		"destroy with an error": {func(r *http.ClientRequest) { r.Destroy(errors.New("mine")) },
			[]string{"req socket", "req finish", "req error mine", "req close"}},
		"abort": {func(r *http.ClientRequest) { r.Abort() },
			[]string{"req socket", "req finish", "req abort", "req error ECONNRESET", "req close"}},
	} {
		t.Run(name, func(t *testing.T) {
			arrived := make(chan struct{})
			u := peer(t, func(w *wire) { w.head(); close(arrived); w.head() })
			var events trace
			req := http.RequestURLWith(u, alone(http.RequestOptions{}))
			follow(req, &events)
			req.End()
			wait(t, arrived, "the request")
			events.until(t, "req finish")
			destroy.f(req)
			events.expect(t, destroy.want...)
		})
	}
}

func TestEventsOfDestroyAfterTheResponse(t *testing.T) {
	for name, destroy := range map[string]struct {
		f    func(*http.ClientRequest)
		want []string
	}{
		"destroy": {func(r *http.ClientRequest) { r.Destroy() },
			[]string{"res aborted", "req close", "res error ECONNRESET", "res close"}},
		"destroy with an error": {func(r *http.ClientRequest) { r.Destroy(errors.New("mine")) },
			[]string{"req error mine", "res aborted", "req close", "res error ECONNRESET", "res close"}},
		"abort": {func(r *http.ClientRequest) { r.Abort() },
			[]string{"req abort", "res aborted", "req close", "res error ECONNRESET", "res close"}},
	} {
		t.Run(name, func(t *testing.T) {
			u := peer(t, func(w *wire) {
				w.head()
				w.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx")
				w.head()
			})
			var events trace
			req := http.RequestURLWith(u, alone(http.RequestOptions{}))
			follow(req, &events)
			req.End()
			events.until(t, "res data x")
			destroy.f(req)
			events.until(t, "res close")
			if got, want := fmt.Sprint(events.all()[4:]), fmt.Sprint(destroy.want); got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
		})
	}
}

// What happens once reaches a listener that comes late.
func TestLateListeners(t *testing.T) {
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) { res.EndString("x") })
	req := http.GetURLWith(url(s, "/"), alone(http.RequestOptions{}))
	res, err := req.Await(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	body(t, res)
	closed := make(chan struct{})
	req.OnClose(func() { close(closed) })
	wait(t, closed, "'close'")
	var events trace
	req.OnSocket(func(s *http.Socket) { events.add("socket %t", s != nil) })
	req.OnFinish(events.on("finish"))
	req.OnResponse(func(late *http.IncomingMessage) { events.add("response %t", late == res) })
	res.OnEnd(events.on("end"))
	req.OnClose(events.on("close"))
	events.expect(t, "socket true", "finish", "response true", "end", "close")

	failed := http.GetURLWith(url(s, "/"), alone(http.RequestOptions{Path: "/ /"}))
	failed.OnClose(events.on("failed close"))
	events.until(t, "failed close")
	failed.OnError(func(err error) { events.add("late %s", code(err)) })
	events.until(t, "late ERR_UNESCAPED_CHARACTERS")
}

// A listener that comes late may block in Read: it runs on the goroutine that
// adds it, while the connection's own has to go on.
func TestLateListenerReads(t *testing.T) {
	more := make(chan struct{})
	arrived := make(chan struct{})
	u := peer(t, func(w *wire) {
		w.head()
		w.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello")
		<-more
		w.send("world")
		w.head()
	})
	req := http.GetURLWith(u, alone(http.RequestOptions{}))
	req.OnSocket(func(s *http.Socket) {})
	req.OnResponse(func(*http.IncomingMessage) { close(arrived) })
	wait(t, arrived, "the response")
	got := make(chan string, 1)
	go req.OnResponse(func(res *http.IncomingMessage) {
		b := make([]byte, 5)
		io.ReadFull(res, b)
		close(more)
		got <- string(b) + body(t, res)
	})
	if b := wait(t, got, "the body"); b != "helloworld" {
		t.Errorf("got %q", b)
	}
}

func TestResponseThatNobodyAsksFor(t *testing.T) {
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		res.End()
		res.EndChunk(make([]byte, 1<<20))
	})
	agent := http.NewAgent(http.AgentOptions{KeepAlive: true, MaxSockets: 1})
	defer agent.Destroy()
	for range 2 {
		closed := make(chan struct{})
		http.GetURLWith(url(s, "/"), http.RequestOptions{Agent: agent}).OnClose(func() { close(closed) })
		wait(t, closed, "'close'")
	}
}

func TestAwaitIsBoundedByItsContext(t *testing.T) {
	u := peer(t, func(w *wire) { w.head(); w.head() })
	ctx, cancel := context.WithCancelCause(t.Context())
	mine := errors.New("mine")
	req := http.GetURLWith(u, alone(http.RequestOptions{}))
	req.OnSocket(func(*http.Socket) { cancel(mine) })
	if _, err := req.Await(ctx); code(err) != "ABORT_ERR" || !errors.Is(err, mine) {
		t.Errorf("got %v", err)
	}
	if !req.Destroyed() {
		t.Error("not destroyed")
	}
}

// Await honours the timeout of the request itself, however that was set, and tells it
// as Go tells timeouts.
func TestAwaitIsBoundedByTheTimeout(t *testing.T) {
	const silence = 30 * time.Millisecond
	mine := errors.New("mine")
	for name, c := range map[string]struct {
		options http.RequestOptions
		prepare func(t *testing.T, req *http.ClientRequest)
		want    error
	}{
		"an option":  {options: http.RequestOptions{Timeout: silence}},
		"SetTimeout": {prepare: func(_ *testing.T, req *http.ClientRequest) { req.SetTimeout(silence) }},
		"SetTimeout, later": {prepare: func(_ *testing.T, req *http.ClientRequest) {
			time.AfterFunc(silence, func() { req.SetTimeout(silence) })
		}},
		"beside the agent's":  {options: http.RequestOptions{Timeout: silence, Agent: http.NewAgent(http.AgentOptions{Timeout: time.Hour})}},
		"heard by a listener": {options: http.RequestOptions{Timeout: silence}, prepare: func(_ *testing.T, req *http.ClientRequest) { req.OnTimeout(func() {}) }},
		"a listener with an error of its own": {
			options: http.RequestOptions{Timeout: silence},
			prepare: func(_ *testing.T, req *http.ClientRequest) { req.OnTimeout(func() { req.Destroy(mine) }) },
			want:    mine,
		},
		"passed before": {
			options: http.RequestOptions{Timeout: silence},
			prepare: func(t *testing.T, req *http.ClientRequest) {
				passed := make(chan struct{})
				req.OnceTimeout(func() { close(passed) })
				wait(t, passed, "'timeout'")
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			leak.Check(t)
			u := peer(t, func(w *wire) { w.head(); w.head() })
			o := c.options
			if o.Agent == nil {
				o = alone(o)
			}
			req := http.GetURLWith(u, o)
			if c.prepare != nil {
				c.prepare(t, req)
			}
			_, err := req.Await(t.Context())
			var timeout net.Error
			switch {
			case c.want != nil:
				if err != c.want {
					t.Errorf("got %v", err)
				}
			case code(err) != "ETIMEDOUT", !errors.Is(err, os.ErrDeadlineExceeded), !errors.As(err, &timeout), !timeout.Timeout():
				t.Errorf("got %v", err)
			}
			if !req.Destroyed() {
				t.Error("not destroyed")
			}
		})
	}
}

// Neither an agent's timeout, which Node tells requests, too, nor a timeout that is
// taken back ends an Await.
func TestAwaitOutlastsOtherTimeouts(t *testing.T) {
	const silence = 20 * time.Millisecond
	s := start(t, func(_ *http.IncomingMessage, res *http.ServerResponse) {
		time.AfterFunc(8*silence, func() { res.EndString("late") })
	})
	agent := http.NewAgent(http.AgentOptions{Timeout: silence})
	defer agent.Destroy()
	taken := http.GetURLWith(url(s, "/"), alone(http.RequestOptions{Timeout: silence}))
	taken.SetTimeout(0)
	passed := http.GetURLWith(url(s, "/"), http.RequestOptions{Agent: agent})
	told := make(chan struct{})
	passed.OnceTimeout(func() { close(told) })
	wait(t, told, "'timeout'")
	for name, req := range map[string]*http.ClientRequest{
		"the agent's": http.GetURLWith(url(s, "/"), http.RequestOptions{Agent: agent}), "taken back": taken,
		"the agent's, passed before": passed,
	} {
		res, err := req.Await(t.Context())
		if err != nil {
			t.Fatal(name, err)
		}
		if body, err := io.ReadAll(res); string(body) != "late" || err != nil {
			t.Errorf("%s: %q %v", name, body, err)
		}
	}
}

func TestSignal(t *testing.T) {
	u := peer(t, func(w *wire) { w.head(); w.head() })
	ctx, cancel := context.WithCancel(t.Context())
	var events trace
	req := http.RequestURLWith(u, alone(http.RequestOptions{Signal: ctx}))
	follow(req, &events)
	req.End()
	events.until(t, "req finish")
	cancel()
	events.expect(t, "req socket", "req finish", "req error ABORT_ERR", "req close")

	var dead trace
	req = http.GetURLWith(u, alone(http.RequestOptions{Signal: ctx}))
	req.OnError(func(err error) { dead.add("%s", code(err)) })
	dead.until(t, "ABORT_ERR")
}

// lasting is a context that does not end and counts the goroutines that wait for its
// end.
type lasting struct {
	context.Context
	waiting atomic.Int32
}

func (c *lasting) Done() <-chan struct{} { return make(chan struct{}) }

func (c *lasting) AfterFunc(func()) (stop func() bool) {
	c.waiting.Add(1)
	return sync.OnceValue(func() bool { c.waiting.Add(-1); return true })
}

// A request that is over has nothing left in its context, even if it was over
// before it had been made.
func TestSignalForgetsTheRequest(t *testing.T) {
	s := start(t, remote)
	kept := func(reuse func(*http.Socket, *http.ClientRequest)) *http.Agent {
		agent := http.NewAgent(http.AgentOptions{KeepAlive: true, ReuseSocket: reuse})
		t.Cleanup(agent.Destroy)
		ask(t, agent, url(s, "/"))
		return agent
	}
	for name, o := range map[string]http.RequestOptions{
		"answered":      {Agent: kept(nil)},
		"no connection": {CreateConnection: func(context.Context, http.ConnectOptions) (net.Conn, error) { return nil, errMine }},
		"destroyed while it is made": {Agent: kept(func(_ *http.Socket, r *http.ClientRequest) {
			closed := make(chan struct{})
			r.OnClose(func() { close(closed) })
			r.Destroy()
			wait(t, closed, "'close'")
		})},
	} {
		t.Run(name, func(t *testing.T) {
			for range 200 {
				ctx := &lasting{Context: t.Context()}
				o.Signal = ctx
				req := http.GetURLWith(url(s, "/"), o)
				req.OnResponse(func(res *http.IncomingMessage) { res.Resume() })
				req.OnError(func(error) {})
				closed := make(chan struct{})
				req.OnClose(func() { close(closed) })
				wait(t, closed, "'close'")
				if n := ctx.waiting.Load(); n != 0 {
					t.Fatalf("%d left", n)
				}
			}
		})
	}
}

// A response that is there is returned, whether the context has ended or not.
func TestAwaitOfAResponseThatIsThere(t *testing.T) {
	s := start(t, remote)
	dead, cancel := context.WithCancel(t.Context())
	cancel()
	for range 100 {
		req := http.GetURLWith(url(s, "/"), alone(http.RequestOptions{}))
		if _, err := req.Await(t.Context()); err != nil {
			t.Fatal(err)
		}
		res, err := req.Await(dead)
		if err != nil {
			t.Fatal(err)
		}
		body(t, res)
	}
}

func TestTimeoutOfARequest(t *testing.T) {
	u := peer(t, func(w *wire) { w.head(); w.head() })
	for name, set := range map[string]func() *http.ClientRequest{
		"option": func() *http.ClientRequest {
			return http.GetURLWith(u, alone(http.RequestOptions{Timeout: 30 * time.Millisecond}))
		},
		"SetTimeout": func() *http.ClientRequest {
			req := http.GetURLWith(u, alone(http.RequestOptions{}))
			req.SetTimeout(30 * time.Millisecond)
			return req
		},
	} {
		var events trace
		req := set()
		req.OnTimeout(func() { events.add("timeout"); req.Destroy() })
		req.OnError(func(err error) { events.add("%s", code(err)) })
		events.until(t, "ECONNRESET")
		if got := events.all(); got[0] != "timeout" {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestLookup(t *testing.T) {
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) { res.EndString(req.Header("Host")) })
	port := s.Address().(*net.TCPAddr).Port
	asked := make(chan string, 1)
	found := func(ctx context.Context, host string) ([]string, error) {
		asked <- host
		return []string{"127.0.0.1"}, nil
	}
	req := http.GetWith(alone(http.RequestOptions{Host: "some.host", Port: port, Lookup: found}))
	res, err := req.Await(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if b := body(t, res); b != fmt.Sprintf("some.host:%d", port) || wait(t, asked, "the lookup") != "some.host" {
		t.Errorf("got %q", b)
	}
	missing := func(ctx context.Context, host string) ([]string, error) {
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	}
	_, err = http.GetWith(alone(http.RequestOptions{Host: "some.host", Lookup: missing})).Await(t.Context())
	if code(err) != "ENOTFOUND" || err.Error() != "getaddrinfo ENOTFOUND some.host" {
		t.Errorf("got %v", err)
	}
}

// A large first write happens before the connection is there.
func TestWriteBeforeTheConnection(t *testing.T) {
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		n, _ := io.Copy(io.Discard, req)
		res.EndString(fmt.Sprint(n))
	})
	for range 20 {
		req := http.RequestURLWith(url(s, "/"), alone(http.RequestOptions{Method: "POST"}))
		done := make(chan error, 1)
		go func() {
			_, err := req.Write(make([]byte, 60<<10))
			if err == nil {
				_, err = req.Write(make([]byte, 4<<10))
			}
			done <- errors.Join(err, req.End())
		}()
		if err := wait(t, done, "the write"); err != nil {
			t.Fatal(err)
		}
		res, err := req.Await(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if b := body(t, res); b != "65536" {
			t.Errorf("got %s", b)
		}
	}
}

func TestInvalidRequestsSendNothing(t *testing.T) {
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		t.Errorf("got %s %s", req.Method(), req.URL())
		res.End()
	})
	for want, o := range map[string]http.RequestOptions{
		"ERR_UNESCAPED_CHARACTERS": {Path: "/a b"},
		"ERR_INVALID_HTTP_TOKEN":   {Method: "G T"},
		"ERR_INVALID_CHAR":         {Headers: http.Headers{{"a", "b\r\nc: d"}}},
		"ERR_INVALID_PROTOCOL":     {Protocol: "https:"},
	} {
		req := http.RequestURLWith(url(s, "/"), o)
		if _, err := req.Await(t.Context()); code(err) != want {
			t.Errorf("got %v, want %s", err, want)
		}
		if _, err := req.Write([]byte("x")); err == nil {
			t.Error("a failed request takes bytes")
		}
	}
	for _, u := range []string{"x", "http://", "http://a:99999/", "://"} {
		if _, err := http.Get(u).Await(t.Context()); code(err) != "ERR_INVALID_URL" {
			t.Errorf("%q: got %v", u, err)
		}
	}
}

func TestInformationalResponses(t *testing.T) {
	u := peer(t, func(w *wire) {
		w.head()
		w.send("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n" +
			"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
		w.head()
	})
	var events trace
	req := http.RequestURLWith(u, alone(http.RequestOptions{}))
	req.OnContinue(events.on("continue"))
	req.OnInformation(func(info http.InformationEvent) { events.add("%d %v", info.StatusCode, info.RawHeaders) })
	req.OnResponse(func(res *http.IncomingMessage) { events.add("%d", res.StatusCode()); res.Resume() })
	req.OnClose(events.on("close"))
	req.End()
	events.expect(t, "continue", "100 []", "103 [[Link </a>]]", "102 []", "200", "close")
}

// What comes after a response is no part of its exchange, also while its body has not
// been read.
func TestResponsesBehindAResponse(t *testing.T) {
	const ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
	for _, behind := range []string{"HTTP/1.1 103 Early Hints\r\n\r\n", strings.Replace(ok, "ok", "no", 1)} {
		u := peer(t, func(w *wire) {
			w.head()
			w.send(ok + behind)
			w.head()
		})
		closed := make(chan struct{})
		var res *http.IncomingMessage
		req := http.RequestURLWith(u, alone(http.RequestOptions{}))
		req.OnInformation(func(info http.InformationEvent) { t.Errorf("%q: told of a %d", behind, info.StatusCode) })
		req.OnError(func(err error) { t.Errorf("%q: %v", behind, err) })
		req.OnResponse(func(m *http.IncomingMessage) { res = m })
		req.OnSocket(func(sock *http.Socket) { sock.OnClose(func(bool) { close(closed) }) })
		req.End()
		wait(t, closed, "the socket to close")
		if got := body(t, res); got != "ok" {
			t.Errorf("%q: got %q", behind, got)
		}
	}
}

func TestExpectContinue(t *testing.T) {
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		res.EndString(body(t, req))
	})
	req := http.RequestURLWith(url(s, "/"), alone(http.RequestOptions{
		Method: "POST", Headers: http.Headers{{"Expect", "100-continue"}},
	}))
	req.OnContinue(func() { req.EndString("body") })
	res, err := req.Await(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if b := body(t, res); b != "body" {
		t.Errorf("got %q", b)
	}
}

func TestTrailersOfAResponse(t *testing.T) {
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		res.SetHeader("Trailer", "X-Sum")
		res.WriteString("x")
		res.AddTrailers(http.Headers{{"X-Sum", "1"}, {"x-sum", "2"}})
		res.End()
	})
	res, err := http.GetURLWith(url(s, "/"), alone(http.RequestOptions{})).Await(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	body(t, res)
	if got := fmt.Sprint(res.RawTrailers(), res.Trailers().Get("X-SUM"), res.TrailersDistinct()); got != "[[X-Sum 1] [x-sum 2]]1, 2map[x-sum:[1 2]]" {
		t.Errorf("got %s", got)
	}
	if !res.Complete() {
		t.Error("not complete")
	}
}

func TestUpgradeBothEnds(t *testing.T) {
	s := start(t, nil)
	s.OnUpgrade(func(req *http.IncomingMessage, socket *http.Socket, head []byte) {
		socket.WriteString("HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: upgrade\r\n\r\nfirst " + string(head))
		go func() {
			io.Copy(socket, socket)
			socket.Close()
		}()
	})
	req := http.RequestURLWith(url(s, "/"), alone(http.RequestOptions{
		Headers: http.Headers{{"Upgrade", "echo"}, {"Connection", "upgrade"}},
	}))
	type upgrade struct {
		res    *http.IncomingMessage
		socket *http.Socket
		head   []byte
	}
	got := make(chan upgrade, 1)
	req.OnUpgrade(func(res *http.IncomingMessage, socket *http.Socket, head []byte) { got <- upgrade{res, socket, head} })
	req.End()
	u := wait(t, got, "'upgrade'")
	if u.res.StatusCode() != 101 || u.res.Header("Upgrade") != "echo" {
		t.Errorf("got %d", u.res.StatusCode())
	}
	sent := strings.Repeat("0123456789", 1<<17)
	go func() {
		io.WriteString(u.socket, sent)
		u.socket.CloseWrite()
	}()
	all, err := io.ReadAll(io.MultiReader(bytes.NewReader(u.head), u.socket))
	if err != nil || string(all) != "first "+sent {
		t.Errorf("%d bytes, %v", len(all), err)
	}
	u.socket.Close()
}

func TestConnectBothEnds(t *testing.T) {
	s := start(t, nil)
	s.OnConnect(func(req *http.IncomingMessage, socket *http.Socket, head []byte) {
		if req.URL() != "some.host:443" {
			t.Errorf("got %s", req.URL())
		}
		socket.WriteString("HTTP/1.1 200 Connection established\r\n\r\n")
		socket.OnData(func(chunk []byte) { socket.WriteChunk(chunk) })
		socket.OnEnd(func() { socket.End() })
	})
	req := http.RequestURLWith(url(s, "/"), alone(http.RequestOptions{Method: "CONNECT", Path: "some.host:443"}))
	var events trace
	req.OnConnect(func(res *http.IncomingMessage, socket *http.Socket, head []byte) {
		events.add("connect %d %s", res.StatusCode(), head)
		socket.WriteString("ping")
		socket.OnData(func(chunk []byte) { events.add("%s", chunk); socket.End() })
		socket.OnEnd(events.on("end"))
		socket.OnClose(func(hadError bool) { events.add("close %t", hadError) })
	})
	req.End()
	events.expect(t, "connect 200 ", "ping", "end", "close false")
}

func TestConnectThatNobodyListensFor(t *testing.T) {
	s := start(t, nil)
	w := dial(t, s)
	w.send("CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n")
	if got := w.rest(); got != "" {
		t.Errorf("got %q", got)
	}
}

// A socket that was upgraded and ended, and that the program does not read, is closed
// when the peer closes.
func TestEndedSocketGoesWithItsPeer(t *testing.T) {
	s := start(t, nil)
	closed := make(chan struct{})
	s.OnUpgrade(func(req *http.IncomingMessage, socket *http.Socket, head []byte) {
		socket.OnClose(func(bool) { close(closed) })
		socket.EndString("HTTP/1.1 403 Forbidden\r\n\r\n")
	})
	w := dial(t, s)
	w.send("GET / HTTP/1.1\r\nHost: a\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n")
	w.expect("HTTP/1.1 403 Forbidden\r\n\r\n")
	w.Close()
	wait(t, closed, "'close'")
}

// A tunnel may be closed in one direction and go on in the other.
func TestHalfClosedTunnel(t *testing.T) {
	s := start(t, nil)
	ended := make(chan *http.Socket, 1)
	s.OnConnect(func(req *http.IncomingMessage, socket *http.Socket, head []byte) {
		socket.WriteString("HTTP/1.1 200 OK\r\n\r\n")
		socket.OnEnd(func() { ended <- socket })
		socket.Resume()
	})
	w := dial(t, s)
	w.send("CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n")
	w.expect("HTTP/1.1 200 OK\r\n\r\n")
	w.Conn.(*net.TCPConn).CloseWrite()
	wait(t, ended, "'end'").EndString("still here")
	if got := w.rest(); got != "still here" {
		t.Errorf("got %q", got)
	}
}

func TestMembersOfARequest(t *testing.T) {
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		res.EndString(fmt.Sprint(req.Method(), " ", req.URL(), " ", req.RawHeaders()))
	})
	agent := http.NewAgent(http.AgentOptions{})
	req := http.RequestURLWith(url(s, "/p?q=1"), http.RequestOptions{
		Agent: agent, Method: "put", Auth: "me:secret", Headers: http.Headers{{"X-One", "1"}, {"x-one", "2"}},
	})
	req.SetHeader("Accept", "text/plain")
	req.SetNoDelay()
	req.SetSocketKeepAlive(true, time.Second)
	req.SetMaxHeadersCount(7)
	got := fmt.Sprint(req.Method(), req.Path(), req.Protocol(), req.Host(), req.MaxHeadersCount(), req.Aborted(),
		req.ReusedSocket(), req.HeadersSent(), req.HasHeader("aCCept"), req.GetHeader("X-One"), req.GetHeaderNames())
	if want := "PUT/p?q=1http:127.0.0.17false false false true1, 2[x-one host authorization accept]"; strings.ReplaceAll(got, " ", "") != strings.ReplaceAll(want, " ", "") {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if err := req.EndString("body"); err != nil {
		t.Fatal(err)
	}
	if err := req.SetHeader("A", "1"); code(err) != "ERR_HTTP_HEADERS_SENT" {
		t.Errorf("got %v", err)
	}
	if _, err := req.WriteString("x"); code(err) != "ERR_STREAM_WRITE_AFTER_END" {
		t.Errorf("got %v", err)
	}
	if !req.WritableEnded() || !req.Finished() || req.WritableObjectMode() || req.Pipe() == nil {
		t.Error("wrong state after End")
	}
	res, err := req.Await(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	port := s.Address().(*net.TCPAddr).Port
	want := fmt.Sprintf("PUT /p?q=1 [[X-One 1] [x-one 2] [Host 127.0.0.1:%d] [Authorization Basic bWU6c2VjcmV0] [Accept text/plain] [Connection close] [Content-Length 4]]", port)
	if b := body(t, res); b != want {
		t.Errorf("got  %s\nwant %s", b, want)
	}
}

// A server may send many informational responses before the final one, to each request
// of a connection, but not for ever.
func TestEndlessInformation(t *testing.T) {
	leak.Check(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	const most = 1000
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				r := bufio.NewReader(c)
				for {
					req, err := nethttp.ReadRequest(r)
					if err != nil {
						return
					}
					n := most
					if req.URL.Path == "/endless" {
						n = 1 << 30
					}
					for n > 0 {
						k := min(n, 100)
						if _, err := io.WriteString(c, strings.Repeat("HTTP/1.1 102 Processing\r\n\r\n", k)); err != nil {
							return
						}
						n -= k
					}
					io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")
				}
			}()
		}
	}()
	agent := http.NewAgent(http.AgentOptions{KeepAlive: true})
	defer agent.Destroy()
	for i, path := range []string{"/", "/", "/endless", "/"} {
		told := 0
		req := http.GetURLWith("http://"+l.Addr().String()+path, http.RequestOptions{Agent: agent})
		req.OnInformation(func(http.InformationEvent) { told++ })
		res, err := req.Await(context.Background())
		if path == "/endless" {
			if e := (*http.Error)(nil); !errors.As(err, &e) || e.Code != "HPE_HEADER_OVERFLOW" {
				t.Errorf("request %d: %v", i, err)
			}
		} else if err != nil {
			t.Errorf("request %d: %v", i, err)
		} else if body, err := io.ReadAll(res); string(body) != "hi" || err != nil {
			t.Errorf("request %d: %q, %v", i, body, err)
		}
		if told > most {
			t.Errorf("request %d: %d were told", i, told)
		}
	}
}

// erringConn gives its text out, the last n bytes of it beside an error, as io.Reader may.
type erringConn struct {
	net.Conn // one end of a pipe: what is written goes nowhere
	mu       sync.Mutex
	text     string
	n        int
	err      error
}

func (c *erringConn) Read(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.text == "" {
		return 0, c.err
	}
	n := copy(p, c.text[:max(len(c.text)-c.n, min(len(c.text), c.n))])
	c.text = c.text[n:]
	if c.text == "" {
		return n, c.err
	}
	return n, nil
}

func (c *erringConn) Write(p []byte) (int, error) { return len(p), nil }

// Bytes that a connection of the program's own returns beside an error are not lost, however
// the body is read.
func TestBytesBesideAnErrorOfAConnection(t *testing.T) {
	const head, body = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n", "0123456789"
	for _, chunked := range []bool{false, true} {
		text := head + body
		if chunked {
			text = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\na\r\n" + body + "\r\n0\r\n\r\n"
		}
		for _, err := range []error{io.EOF, io.ErrClosedPipe, errors.New("mine")} {
			for n := 1; n <= len(text); n++ {
				near, far := net.Pipe()
				connect := func(context.Context, http.ConnectOptions) (net.Conn, error) {
					return &erringConn{Conn: near, text: text, n: n, err: err}, nil
				}
				res, failed := http.GetURLWith("http://a.b/", http.RequestOptions{CreateConnection: connect}).Await(t.Context())
				if failed != nil {
					t.Fatalf("%d bytes beside %v: %v", n, err, failed)
				}
				if got, failed := io.ReadAll(res); string(got) != body || failed != nil {
					t.Errorf("%d bytes beside %v: got %q, %v", n, err, got, failed)
				}
				near.Close()
				far.Close()
			}
		}
	}
}
