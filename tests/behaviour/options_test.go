package behaviour_test

// What a request makes of its URL and options, as Node 19 does.

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	http "nodehttp/generated/http"
	"nodehttp/tests/leak"
)

// sink is a server that hands out the requests that it answers, each with what
// follows it at once.
func sink(t testing.TB) (port int, requests <-chan string) {
	seen := make(chan string, 16)
	u := peer(t, func(w *wire) {
		head := w.head()
		if head == "" {
			return
		}
		text := head + w.framed(head)
		w.SetReadDeadline(time.Now().Add(20 * time.Millisecond))
		more, _ := io.ReadAll(w.r)
		seen <- text + string(more)
		w.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
	})
	_, text, _ := strings.Cut(strings.TrimPrefix(u, "http://"), ":")
	fmt.Sscan(text, &port)
	return port, seen
}

// framed reads the body that head announces, unless that waits to be asked for.
func (w *wire) framed(head string) string {
	var b strings.Builder
	switch _, length, _ := strings.Cut(head, "Content-Length: "); {
	case strings.Contains(head, "Expect: "):
	case length != "":
		var n int64
		fmt.Sscan(length, &n)
		io.CopyN(&b, w.r, n)
	case strings.Contains(head, "Transfer-Encoding: chunked"):
		for !strings.HasSuffix("\r\n"+b.String(), "\r\n0\r\n\r\n") {
			if _, err := io.CopyN(&b, w.r, 1); err != nil {
				break
			}
		}
	}
	return b.String()
}

// finish ends a request's exchange.
func finish(t testing.TB, req *http.ClientRequest) {
	t.Helper()
	closed := make(chan struct{})
	req.OnError(func(err error) { t.Error(err) })
	req.OnResponse(func(res *http.IncomingMessage) { res.Resume() })
	req.OnClose(func() { close(closed) })
	wait(t, closed, "'close'")
}

func TestURLs(t *testing.T) {
	port, requests := sink(t)
	for raw, want := range map[string]string{
		"http://127.0.0.1:%d/a/../b/./c?q=a b&é=\"<>`'#frag": "GET /b/c?q=a%20b&%C3%A9=%22%3C%3E`%27 ",
		"http://127.0.0.1:%d/a b/é{}|^\"<>`\\x[]":            "GET /a%20b/%C3%A9%7B%7D|^%22%3C%3E%60/x[] ",
		"http://127.0.0.1:%d?x=1":                            "GET /?x=1 ",
		"http://127.0.0.1:%d":                                "GET / ",
		"http://127.0.0.1:%d?":                               "GET /? ",
		"  HTTP://127.0.0.1:%d/A%%2fb \n":                    "GET /A%2fb ",
		"http://127.0.0.1:%d/x\ty":                           "GET /xy ",
		"http://127.0.0.1:%d/../../x/..":                     "GET / ",
		"http://127.0.0.1:%d/a/%%2e%%2E/b/":                  "GET /b/ ",
		"http://127.0.0.1:%d/a/.":                            "GET /a/ ",
		"http://127.0.0.1:%d//b":                             "GET //b ",
		"http://us%%40er:p%%3Aw@127.0.0.1:%d/":               "Authorization: Basic dXNAZXI6cDp3\r\n",
		"http://us%%40er@127.0.0.1:%d/":                      "Authorization: Basic dXNAZXI6\r\n",
	} {
		raw = fmt.Sprintf(raw, port)
		finish(t, http.GetURLWith(raw, alone(http.RequestOptions{})))
		if got := wait(t, requests, "the request"); !strings.Contains(got, want) {
			t.Errorf("%q: %q is not in %q", raw, want, got)
		}
	}
	for _, raw := range []string{"/a", "127.0.0.1", "http:///a", "http://a:b/", "http://a:65536/", "http://é.example/", "http://a b/", "http://%zz/", "http://u%zz@a/"} {
		if _, err := http.Get(raw).Await(t.Context()); code(err) != "ERR_INVALID_URL" {
			t.Errorf("%q: %v", raw, err)
		}
	}
}

// What an option says wins over the URL.
func TestOptionsWinOverTheURL(t *testing.T) {
	port, requests := sink(t)
	finish(t, http.GetURLWith("http://me:secret@nowhere.invalid:1/there?x", alone(http.RequestOptions{
		Host: "127.0.0.1", Port: port, Path: "/here", Auth: "you:é", Method: "PUT",
	})))
	if got, want := wait(t, requests, "the request"), fmt.Sprintf("PUT /here HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAuthorization: Basic eW91OsOp\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", port); got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestHeadsOnTheWire(t *testing.T) {
	port, requests := sink(t)
	no := false
	for name, c := range map[string]struct {
		o    http.RequestOptions
		send func(*http.ClientRequest)
		want string // behind the start line, with H for the Host field
	}{
		"end":                 {send: func(r *http.ClientRequest) { r.End() }, want: "H\r\nConnection: close\r\n\r\n"},
		"POST, end":           {o: http.RequestOptions{Method: "POST"}, send: func(r *http.ClientRequest) { r.End() }, want: "H\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"},
		"POST, end(x)":        {o: http.RequestOptions{Method: "POST"}, send: func(r *http.ClientRequest) { r.EndString("x") }, want: "H\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx"},
		"POST, write and end": {o: http.RequestOptions{Method: "POST"}, send: func(r *http.ClientRequest) { r.WriteString("x"); r.EndString("y") }, want: "H\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n1\r\ny\r\n0\r\n\r\n"},
		"POST, flush and end": {o: http.RequestOptions{Method: "POST"}, send: func(r *http.ClientRequest) { r.FlushHeaders(); r.End() }, want: "H\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
		"an unknown method":   {o: http.RequestOptions{Method: "foo"}, send: func(r *http.ClientRequest) { r.End() }, want: "H\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"},
		"DELETE":              {o: http.RequestOptions{Method: "DELETE"}, send: func(r *http.ClientRequest) { r.End() }, want: "H\r\nConnection: close\r\n\r\n"},
		"OPTIONS":             {o: http.RequestOptions{Method: "OPTIONS"}, send: func(r *http.ClientRequest) { r.End() }, want: "H\r\nConnection: close\r\n\r\n"},
		"no Host":             {o: http.RequestOptions{SetHost: &no}, send: func(r *http.ClientRequest) { r.End() }, want: "Connection: close\r\n\r\n"},
		"default port":        {o: http.RequestOptions{DefaultPort: port}, send: func(r *http.ClientRequest) { r.End() }, want: "Host: 127.0.0.1\r\nConnection: close\r\n\r\n"},
		"a Host of one's own": {o: http.RequestOptions{Headers: http.Headers{{"hOST", "a"}}}, send: func(r *http.ClientRequest) { r.End() }, want: "hOST: a\r\nConnection: close\r\n\r\n"},
		"Connection set":      {o: http.RequestOptions{Headers: http.Headers{{"Connection", "keep-alive"}}}, send: func(r *http.ClientRequest) { r.End() }, want: "Connection: keep-alive\r\nH\r\n\r\n"},
		"Expect":              {o: http.RequestOptions{Method: "POST", Headers: http.Headers{{"Expect", "100-continue"}}}, send: func(*http.ClientRequest) {}, want: "Expect: 100-continue\r\nH\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"},
		"lists": {send: func(r *http.ClientRequest) {
			r.SetHeaderValues("Cookie", []string{"a=1", "b=2"})
			r.SetHeaderValues("X", []string{"1", "2"})
			r.End()
		}, want: "H\r\nCookie: a=1; b=2\r\nX: 1\r\nX: 2\r\nConnection: close\r\n\r\n"},
		"a list": {o: http.RequestOptions{UniqueHeaders: []string{"x-a"}, Headers: http.Headers{{"Cookie", "a=1"}, {"X-A", "1"}, {"x-a", "2"}, {"X-B", "1"}, {"Cookie", "b=2"}, {"cookie", "c=3"}}},
			send: func(r *http.ClientRequest) { r.End() },
			want: "Cookie: a=1\r\nX-A: 1\r\nx-a: 2\r\nX-B: 1\r\nCookie: b=2\r\ncookie: c=3\r\nH\r\nConnection: close\r\n\r\n"},
		"over a list": {o: http.RequestOptions{Headers: http.Headers{{"A", "1"}, {"B", "1"}, {"a", "2"}, {"B", "2"}, {"C", "1"}, {"D", "1"}, {"B", "3"}}},
			send: func(r *http.ClientRequest) {
				r.SetHeaderValues("A", []string{"3", "4"})
				r.AppendHeader("b", "4")
				r.SetHeader("c", "2")
				r.RemoveHeader("D")
				r.SetHeader("D", "2")
				r.End()
			},
			want: "A: 3\r\nA: 4\r\nB: 1\r\nB: 2\r\nc: 2\r\nB: 3\r\nB: 4\r\nH\r\nD: 2\r\nConnection: close\r\n\r\n"},
		"unique": {o: http.RequestOptions{UniqueHeaders: []string{"x-a"}, Headers: http.Headers{{"x-a", "1"}, {"Cookie", "a=1"}}},
			send: func(r *http.ClientRequest) {
				r.AppendHeader("X-A", "2")
				r.AppendHeader("Cookie", "b=2")
				r.SetHeaderValues("X-B", []string{"1", "2"})
				r.End()
			},
			want: "x-a: 1; 2\r\nCookie: a=1; b=2\r\nH\r\nX-B: 1\r\nX-B: 2\r\nConnection: close\r\n\r\n"},
	} {
		t.Run(name, func(t *testing.T) {
			c.o.Host, c.o.Port = "127.0.0.1", port
			req := http.RequestWith(alone(c.o))
			c.send(req)
			got := wait(t, requests, "the request")
			_, got, _ = strings.Cut(got, "\r\n")
			if want := strings.Replace(c.want, "H\r\n", fmt.Sprintf("Host: 127.0.0.1:%d\r\n", port), 1); got != want {
				t.Errorf("got  %q\nwant %q", got, want)
			}
			req.Destroy()
			req.OnError(func(error) {})
		})
	}
}

// An agent opens the connections of its requests in its own way alone.
func TestCreateConnectionOfWhom(t *testing.T) {
	s := start(t, remote)
	var asked atomic.Int32
	create := func(context.Context, http.ConnectOptions) (net.Conn, error) {
		asked.Add(1)
		return net.Dial("tcp", s.Address().String())
	}
	for name, c := range map[string]struct {
		o    http.RequestOptions
		want int32
	}{
		"no agent":          {http.RequestOptions{CreateConnection: create}, 1},
		"an agent":          {http.RequestOptions{CreateConnection: create, Agent: http.NewAgent(http.AgentOptions{})}, 0},
		"an agent with one": {http.RequestOptions{Agent: http.NewAgent(http.AgentOptions{CreateConnection: create})}, 1},
		"a new agent":       {http.RequestOptions{CreateConnection: create, NoAgent: true}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			asked.Store(0)
			finish(t, http.GetURLWith(url(s, "/"), c.o))
			if n := asked.Load(); n != c.want {
				t.Errorf("asked %d times", n)
			}
		})
	}
}

// A request whose signal has ended already gets no connection.
func TestSignalThatHasEnded(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	mine := errors.New("mine")
	cancel(mine)
	var events trace
	req := http.GetWith(alone(http.RequestOptions{Signal: ctx, Lookup: func(context.Context, string) ([]string, error) {
		t.Error("it looks for its host")
		return nil, mine
	}}))
	follow(req, &events)
	events.expect(t, "req error ABORT_ERR", "req close")
	if _, err := req.Await(t.Context()); !errors.Is(err, mine) {
		t.Errorf("got %v", err)
	}
}

// On a kept connection each response is read with the limits of its own request.
func TestLimitsOfEachRequest(t *testing.T) {
	many := "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n" + strings.Repeat("A: b\r\n", 20) + "B: \x01\r\n\r\n"
	u := peer(t, func(w *wire) {
		for w.head() != "" {
			w.send(many)
		}
	})
	agent := http.NewAgent(http.AgentOptions{KeepAlive: true, MaxSockets: 1})
	defer agent.Destroy()
	get := func(o http.RequestOptions, headers int) (int, error) {
		o.Agent = agent
		req := http.RequestURLWith(u, o)
		if headers > 0 {
			req.SetMaxHeadersCount(headers)
		}
		req.End()
		res, err := req.Await(t.Context())
		if err != nil {
			return 0, err
		}
		body(t, res)
		return len(res.RawHeaders()), nil
	}
	for range 2 {
		if n, err := get(http.RequestOptions{InsecureHTTPParser: true}, 0); n != 22 || err != nil {
			t.Errorf("%d headers, %v", n, err)
		}
		if n, err := get(http.RequestOptions{InsecureHTTPParser: true}, 7); n != 7 || err != nil {
			t.Errorf("%d headers, %v", n, err)
		}
		if _, err := get(http.RequestOptions{InsecureHTTPParser: true, MaxHeaderSize: 60}, 0); code(err) != "HPE_HEADER_OVERFLOW" {
			t.Errorf("got %v", err)
		}
		get(http.RequestOptions{InsecureHTTPParser: true}, 0)
		if _, err := get(http.RequestOptions{}, 0); code(err) != "HPE_INVALID_HEADER_TOKEN" {
			t.Errorf("got %v", err)
		}
	}
}

// Of several addresses the first that answers is taken, though those before it
// refuse or never answer.
func TestAddresses(t *testing.T) {
	s := start(t, remote)
	port := s.Address().(*net.TCPAddr).Port
	found := func(hosts ...string) http.RequestOptions {
		return alone(http.RequestOptions{Host: "some.host", Port: port, Lookup: func(context.Context, string) ([]string, error) { return hosts, nil }})
	}
	finish(t, http.GetWith(found("127.0.0.2", "127.0.0.3", "127.0.0.1", "127.0.0.4")))
	if _, err := http.GetWith(found("127.0.0.2", "127.0.0.3")).Await(t.Context()); code(err) != "ECONNREFUSED" {
		t.Errorf("all refuse: %v", err)
	}
	if _, err := http.GetWith(found()).Await(t.Context()); code(err) != "ENOTFOUND" {
		t.Errorf("no address: %v", err)
	}
	o := found("127.0.0.1")
	o.LocalAddress = "127.0.0.9"
	finish(t, http.GetWith(o))
}

// A request that waits for a host name, or for a connection, may be destroyed, and the
// time that it waits counts for 'timeout'.
func TestGivingUpWhileConnecting(t *testing.T) {
	leak.Check(t)
	for name, end := range map[string]struct {
		f    func(r *http.ClientRequest, cancel func())
		want string
	}{
		"destroy": {func(r *http.ClientRequest, _ func()) { r.Destroy() }, "req error ECONNRESET"},
		"abort":   {func(r *http.ClientRequest, _ func()) { r.Abort() }, "req abort, req error ECONNRESET"},
		"signal":  {func(_ *http.ClientRequest, cancel func()) { cancel() }, "req error ABORT_ERR"},
	} {
		t.Run(name, func(t *testing.T) {
			asked := make(chan struct{})
			ctx, cancel := context.WithCancel(t.Context())
			var events trace
			req := http.GetWith(alone(http.RequestOptions{Signal: ctx, Timeout: 30 * time.Millisecond, Lookup: func(ctx context.Context, _ string) ([]string, error) {
				close(asked)
				<-ctx.Done()
				return nil, ctx.Err()
			}}))
			follow(req, &events)
			wait(t, asked, "the lookup")
			events.until(t, "req timeout")
			go end.f(req, cancel)
			events.until(t, "req close")
			cancel()
			got := strings.Join(events.all(), ", ")
			if !strings.HasPrefix(got, "req socket, req timeout, ") || !strings.HasSuffix(got, ", "+end.want+", req close") {
				t.Errorf("got %s", got)
			}
		})
	}
}
