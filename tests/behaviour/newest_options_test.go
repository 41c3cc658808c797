package behaviour_test

import (
	"errors"
	"maps"
	"net"
	"strings"
	"testing"
	"time"

	http "nodehttp/generated/http"
)

// A request of HTTP/1.1 needs a Host header, unless the server does without.
func TestRequireHostHeader(t *testing.T) {
	for _, c := range []struct {
		require *bool
		request string
		want    string
	}{
		{nil, "GET / HTTP/1.1\r\nConnection: close\r\n\r\n", "HTTP/1.1 400 "},
		{nil, "GET / HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n", "HTTP/1.1 200 "},
		{nil, "GET / HTTP/1.0\r\n\r\n", "HTTP/1.1 200 "},
		{new(false), "GET / HTTP/1.1\r\nConnection: close\r\n\r\n", "HTTP/1.1 200 "},
	} {
		s := startOptions(t, http.ServerOptions{RequireHostHeader: c.require}, func(_ *http.IncomingMessage, res *http.ServerResponse) { res.End() })
		if got := talkTo(t, s, c.request); !strings.HasPrefix(got, c.want) {
			t.Errorf("%q: %q", c.request, got)
		}
	}
}

// talkTo sends s bytes and returns all that comes until the connection ends.
func talkTo(t *testing.T, s *http.Server, bytes string) string {
	t.Helper()
	w := dial(t, s)
	w.send(bytes)
	return w.rest()
}

// A header that repeats and of which the first value alone counts is joined if that is asked for.
func TestJoinDuplicateHeaders(t *testing.T) {
	heads := make(chan [2]string, 1)
	s := startOptions(t, http.ServerOptions{JoinDuplicateHeaders: true}, func(req *http.IncomingMessage, res *http.ServerResponse) {
		heads <- [2]string{req.Headers().Get("user-agent"), req.Headers().Get("accept")}
		res.SetHeaderValues("Age", []string{"1", "2"})
		res.End()
	})
	ages := make(chan string, 1)
	req := http.GetURLWith(url(s, "/"), http.RequestOptions{
		JoinDuplicateHeaders: true,
		Headers:              http.Headers{{"User-Agent", "a"}, {"User-Agent", "b"}, {"Accept", "c"}, {"Accept", "d"}},
	}, func(res *http.IncomingMessage) {
		ages <- res.Header("age")
		res.Resume()
	})
	req.OnError(func(err error) { t.Error(err) })
	if got := wait(t, heads, "the request"); got != [2]string{"a, b", "c, d"} {
		t.Errorf("%q", got)
	}
	if got := wait(t, ages, "the response"); got != "1, 2" {
		t.Errorf("%q", got)
	}
}

// A body that a response cannot have is an error if the server wants to know of it.
func TestRejectNonStandardBodyWrites(t *testing.T) {
	for _, c := range []struct {
		method string
		status int
	}{{"HEAD", 200}, {"GET", 204}, {"GET", 304}} {
		errs := make(chan error, 3)
		s := startOptions(t, http.ServerOptions{RejectNonStandardBodyWrites: true}, func(_ *http.IncomingMessage, res *http.ServerResponse) {
			res.SetStatusCode(c.status)
			_, err := res.WriteString("body")
			errs <- err
			errs <- res.EndString("body")
			errs <- res.End()
		})
		answer := talkTo(t, s, c.method+" / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
		for _, want := range []error{http.ErrHTTPBodyNotAllowed, http.ErrHTTPBodyNotAllowed, nil} {
			if err := wait(t, errs, "an error"); !errors.Is(err, want) {
				t.Errorf("%s %d: %v, not %v", c.method, c.status, err, want)
			}
		}
		if strings.Contains(answer, "body") || !strings.HasSuffix(answer, "\r\n\r\n") {
			t.Errorf("%q", answer)
		}
	}
}

// A request without a body is over before its listener is called, if that is asked for, and
// is answered like any other.
func TestOptimizeEmptyRequests(t *testing.T) {
	type outcome struct {
		over bool
		body string
	}
	ended := make(chan outcome, 3)
	s := startOptions(t, http.ServerOptions{OptimizeEmptyRequests: true}, func(req *http.IncomingMessage, res *http.ServerResponse) {
		o := outcome{over: req.Destroyed()}
		req.OnData(func(chunk []byte) { o.body += string(chunk) })
		req.OnEnd(func() {
			ended <- o
			res.EndString("answer")
		})
	})
	w := dial(t, s)
	w.send("GET /1 HTTP/1.1\r\nHost: a\r\n\r\nPOST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhiGET /3 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
	count := map[outcome]int{}
	for range 3 {
		count[wait(t, ended, "the end of a request")]++
	}
	if want := map[outcome]int{{true, ""}: 2, {false, "hi"}: 1}; !maps.Equal(count, want) {
		t.Errorf("%v", count)
	}
	if got := w.rest(); strings.Count(got, "HTTP/1.1 200 OK") != 3 {
		t.Errorf("%q", got)
	}
}

// ShouldUpgrade decides which request is an upgrade; the others are requests like any.
func TestShouldUpgrade(t *testing.T) {
	s := startOptions(t, http.ServerOptions{ShouldUpgrade: func(req *http.IncomingMessage) bool {
		return req.Header("upgrade") == "websocket"
	}}, func(req *http.IncomingMessage, res *http.ServerResponse) {
		body := ""
		req.OnData(func(chunk []byte) { body += string(chunk) })
		req.OnEnd(func() { res.EndString("plain " + body) })
	})
	s.OnUpgrade(func(req *http.IncomingMessage, socket *http.Socket, head []byte) {
		socket.EndString("upgraded " + req.URL() + " " + string(head))
	})
	w := dial(t, s)
	w.send("POST /1 HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: 2\r\n\r\nhi" +
		"GET /2 HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nmore")
	if got := w.rest(); !strings.Contains(got, "plain hi") || !strings.HasSuffix(got, "upgraded /2 more") {
		t.Errorf("%q", got)
	}
}

// A request that ShouldUpgrade takes for an upgrade ends its connection if nobody listens.
func TestShouldUpgradeUnheard(t *testing.T) {
	s := startOptions(t, http.ServerOptions{ShouldUpgrade: func(*http.IncomingMessage) bool { return true }}, func(_ *http.IncomingMessage, res *http.ServerResponse) { res.End() })
	if got := talkTo(t, s, "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: a\r\n\r\n"); got != "" {
		t.Errorf("%q", got)
	}
}

// HTTPValidation says which control characters a value may have, received or sent.
func TestHTTPValidation(t *testing.T) {
	for validation, want := range map[http.Validation][3]bool{
		"":                      {false, false, false},
		http.ValidationStrict:   {false, false, false},
		http.ValidationRelaxed:  {true, false, false},
		http.ValidationInsecure: {true, true, true},
	} {
		for i, field := range []string{"X: a\x01b\r\n", "X: a\x00b\r\n", "X: b\n"} {
			sent := make(chan error, 1)
			s := startOptions(t, http.ServerOptions{HTTPValidation: validation}, func(_ *http.IncomingMessage, res *http.ServerResponse) {
				sent <- res.SetHeader("Y", "p\x01q")
				res.End()
			})
			answer := talkTo(t, s, "GET / HTTP/1.1\r\nHost: a\r\n"+field+"Connection: close\r\n\r\n")
			if got := strings.HasPrefix(answer, "HTTP/1.1 200 "); got != want[i] {
				t.Errorf("%q takes %q: %v", validation, field, got)
			}
			if want[i] {
				if err := wait(t, sent, "a header"); err != nil || !strings.Contains(answer, "Y: p\x01q\r\n") {
					t.Errorf("%q: %v, %q", validation, err, answer)
				}
			}
		}
	}
	for _, o := range []http.ServerOptions{{HTTPValidation: "lax"}, {HTTPValidation: http.ValidationStrict, InsecureHTTPParser: true}} {
		if err := http.CreateServerWith(o).Listen(0); !errors.Is(err, http.ErrInvalidArgValue) {
			t.Errorf("%q: %v", o.HTTPValidation, err)
		}
	}
	failed := make(chan error, 1)
	http.RequestWith(http.RequestOptions{HTTPValidation: "lax"}).OnError(func(err error) { failed <- err })
	if err := wait(t, failed, "the error"); !errors.Is(err, http.ErrInvalidArgValue) {
		t.Error(err)
	}
}

// The high-water mark of a server is that of its messages.
func TestServerHighWaterMark(t *testing.T) {
	marks := make(chan int, 1)
	s := startOptions(t, http.ServerOptions{HighWaterMark: 1000}, func(_ *http.IncomingMessage, res *http.ServerResponse) {
		marks <- res.WritableHighWaterMark()
		res.Cork()
		if res.WriteChunk(make([]byte, 1000)) {
			t.Error("1000 bytes do not reach the mark")
		}
		res.End()
	})
	talkTo(t, s, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
	if got := wait(t, marks, "a response"); got != 1000 {
		t.Error(got)
	}
}

// A connection waits for its next request longer than its client is told.
func TestKeepAliveTimeoutBuffer(t *testing.T) {
	s := startOptions(t, http.ServerOptions{KeepAliveTimeout: new(time.Second)}, func(_ *http.IncomingMessage, res *http.ServerResponse) { res.End() })
	s.SetKeepAliveTimeoutBuffer(time.Second)
	begun := time.Now()
	got := talkTo(t, s, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
	if d := time.Since(begun); d < 1900*time.Millisecond || !strings.Contains(got, "Keep-Alive: timeout=1\r\n") {
		t.Errorf("%v, %q", d, got)
	}
}

// SetHeaders sets all headers or none; a name that repeats has all its values.
func TestSetHeaders(t *testing.T) {
	errs := make(chan error, 2)
	s := start(t, func(_ *http.IncomingMessage, res *http.ServerResponse) {
		res.SetHeader("A", "old")
		res.SetHeader("Z", "stays")
		errs <- res.SetHeaders(http.Headers{{"A", "1"}, {"b c", "2"}})
		errs <- res.SetHeaders(http.Headers{{"Set-Cookie", "x=1"}, {"a", "new"}, {"set-cookie", "y=2"}})
		res.End()
	})
	got := talkTo(t, s, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
	if err := wait(t, errs, "an error"); !errors.Is(err, http.ErrInvalidHTTPToken) {
		t.Error(err)
	}
	if err := wait(t, errs, "no error"); err != nil {
		t.Error(err)
	}
	if !strings.Contains(got, "\r\na: new\r\nZ: stays\r\nSet-Cookie: x=1\r\nSet-Cookie: y=2\r\n") {
		t.Errorf("%q", got)
	}
}

// A request without default headers has those of its own alone.
func TestSetDefaultHeaders(t *testing.T) {
	heads := make(chan http.Headers, 1)
	s := startOptions(t, http.ServerOptions{RequireHostHeader: new(false)}, func(req *http.IncomingMessage, res *http.ServerResponse) {
		heads <- req.RawHeaders()
		res.End()
	})
	for _, host := range []*bool{nil, new(true)} {
		req := http.GetURLWith(url(s, "/"), http.RequestOptions{SetDefaultHeaders: new(false), SetHost: host, NoAgent: true, Headers: http.Headers{{"a", "b"}}},
			func(res *http.IncomingMessage) { res.Resume() })
		closed := make(chan struct{})
		req.OnError(func(err error) { t.Error(err) })
		req.OnClose(func() { close(closed) })
		got := wait(t, heads, "the request")
		wait(t, closed, "the end")
		if want := map[bool]int{true: 1, false: 2}[host == nil]; len(got) != want {
			t.Errorf("%q", got)
		}
	}
}

// An agent has a port and a protocol of its own for the requests that name none.
func TestAgentDefaults(t *testing.T) {
	heads := make(chan string, 1)
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		heads <- req.Header("host")
		res.End()
	})
	agent := http.NewAgent(http.AgentOptions{DefaultPort: s.Address().(*net.TCPAddr).Port, Protocol: "fake:"})
	defer agent.Destroy()
	closed := make(chan struct{})
	req := http.GetWith(http.RequestOptions{Agent: agent, Host: "127.0.0.1", Protocol: "fake:"}, func(res *http.IncomingMessage) { res.Resume() })
	req.OnError(func(err error) { t.Error(err) })
	req.OnClose(func() { close(closed) })
	wait(t, closed, "the end")
	if got := wait(t, heads, "the request"); got != "127.0.0.1" {
		t.Errorf("Host is %q", got)
	}
	failed := make(chan error, 1)
	http.GetWith(http.RequestOptions{Agent: agent, Host: "127.0.0.1"}).OnError(func(err error) { failed <- err })
	if err := wait(t, failed, "the error"); !errors.Is(err, http.ErrInvalidProtocol) {
		t.Error(err)
	}
}

// Closed and Errored tell how a message came to its end.
func TestClosedAndErrored(t *testing.T) {
	mine := errors.New("mine")
	states := make(chan [3]any, 1)
	s := start(t, func(_ *http.IncomingMessage, res *http.ServerResponse) {
		before := res.Closed() || res.Errored() != nil
		res.OnClose(func() { states <- [3]any{before, res.Closed(), res.Errored()} })
		res.Destroy(mine)
	})
	talkTo(t, s, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
	if got := wait(t, states, "the end"); got != [3]any{false, true, mine} {
		t.Error(got)
	}
}
