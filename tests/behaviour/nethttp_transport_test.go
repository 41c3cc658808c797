package behaviour_test

// Clients of net/http over our agent: what they see must be what they see over
// net/http's own transport, and no connection may be lost.

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	nethttp "net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/http/httptrace"
	"net/textproto"
	neturl "net/url"
	goruntime "runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	http "nodehttp/generated/http"
	adapt "nodehttp/generated/http/nethttp"
	"nodehttp/tests/leak"
)

// transport is a transport over an agent of its own.
func transport(t testing.TB, o http.AgentOptions) (nethttp.RoundTripper, *http.Agent) {
	agent := http.NewAgent(o)
	t.Cleanup(agent.Destroy)
	return adapt.NewTransport(agent), agent
}

// keeping is a client over an agent that keeps connections.
func keeping(t testing.TB) (*nethttp.Client, *http.Agent) {
	rt, agent := transport(t, http.AgentOptions{KeepAlive: true})
	return &nethttp.Client{Transport: rt}, agent
}

// free counts the connections that an agent keeps, when it uses no other.
func free(t testing.TB, agent *http.Agent) (n int) {
	t.Helper()
	limit := time.After(patience)
	for len(agent.Sockets()) > 0 {
		select {
		case <-limit:
			t.Fatalf("%v still in use", agent.Sockets())
		case <-time.After(time.Millisecond):
		}
	}
	for _, sockets := range agent.FreeSockets() {
		n += len(sockets)
	}
	return n
}

// requests are what clients ask for.
var clientCases = map[string]struct {
	request func(url string) (*nethttp.Request, error)
	answer  nethttp.HandlerFunc
}{
	"GET": {getting("/a%20b?c=d"), echoed},
	"no method": {func(url string) (*nethttp.Request, error) {
		r, err := nethttp.NewRequest("", url, nil)
		r.Method = ""
		return r, err
	}, echoed},
	"fields": {func(url string) (*nethttp.Request, error) {
		r, err := nethttp.NewRequest("GET", url, nil)
		r.Header["X-B"] = []string{"1", "2"}
		r.Header.Set("User-Agent", "mine")
		r.Host = "other.host:7"
		return r, err
	}, echoed},
	"a zone": {func(url string) (*nethttp.Request, error) {
		r, err := nethttp.NewRequest("GET", url, nil)
		r.Host = "[fe80::1%en0]:7"
		return r, err
	}, echoed},
	"a user": {func(url string) (*nethttp.Request, error) {
		return nethttp.NewRequest("GET", strings.Replace(url, "//", "//u:p@", 1), nil)
	}, echoed},
	"Close": {func(url string) (*nethttp.Request, error) {
		r, err := nethttp.NewRequest("GET", url, nil)
		r.Close = true
		return r, err
	}, echoed},
	"POST":               {posting(func() io.Reader { return strings.NewReader("hello") }), echoed},
	"POST of nothing":    {posting(func() io.Reader { return nil }), echoed},
	"POST of no length":  {posting(func() io.Reader { return io.MultiReader(strings.NewReader("a"), strings.NewReader("b")) }), echoed},
	"POST of much":       {posting(func() io.Reader { return bytes.NewReader(make([]byte, 1<<20)) }), counted},
	"POST of much alone": {posting(func() io.Reader { return io.LimitReader(ones{}, 1<<20) }), counted},
	"trailers of a request": {func(url string) (*nethttp.Request, error) {
		r, err := nethttp.NewRequest("POST", url, nil)
		r.Trailer = nethttp.Header{"A": nil, "B": {"2"}}
		r.Body = io.NopCloser(io.MultiReader(strings.NewReader("x"), atEnd(func() { r.Trailer.Set("A", "1") })))
		return r, err
	}, echoed},
	"expect": {func(url string) (*nethttp.Request, error) {
		r, err := nethttp.NewRequest("POST", url, strings.NewReader("hello"))
		r.Header.Set("Expect", "100-continue")
		return r, err
	}, echoed},
	"HEAD": {func(url string) (*nethttp.Request, error) { return nethttp.NewRequest("HEAD", url, nil) }, func(w nethttp.ResponseWriter, _ *nethttp.Request) {
		w.Header().Set("Content-Length", "7")
	}},
	"204":           {getting("/"), func(w nethttp.ResponseWriter, _ *nethttp.Request) { w.WriteHeader(204) }},
	"304":           {getting("/"), func(w nethttp.ResponseWriter, _ *nethttp.Request) { w.WriteHeader(304) }},
	"an empty body": {getting("/"), func(w nethttp.ResponseWriter, _ *nethttp.Request) { w.Header().Set("Content-Length", "0") }},
	"a body without a length": {getting("/"), func(w nethttp.ResponseWriter, _ *nethttp.Request) {
		w.(nethttp.Flusher).Flush()
		io.WriteString(w, "x")
	}},
	"a body that the end ends": {getting("/"), func(w nethttp.ResponseWriter, _ *nethttp.Request) {
		w.Header().Set("Transfer-Encoding", "identity")
		io.WriteString(w, "x")
	}},
	"trailers": {getting("/"), func(w nethttp.ResponseWriter, _ *nethttp.Request) {
		w.Header().Set("Trailer", "A")
		io.WriteString(w, "x")
		w.Header().Set("A", "1")
		w.Header().Set(nethttp.TrailerPrefix+"B", "2")
	}},
	"early hints": {getting("/"), func(w nethttp.ResponseWriter, _ *nethttp.Request) {
		w.WriteHeader(103)
		io.WriteString(w, "x")
	}},
	"other informational responses": {getting("/"), func(w nethttp.ResponseWriter, _ *nethttp.Request) {
		w.Header().Set("Upload-Offset", "1")
		w.WriteHeader(104)
		w.Header().Set("Upload-Offset", "2")
		w.WriteHeader(199)
		w.WriteHeader(102)
		io.WriteString(w, "x")
	}},
	"a method in lower case":       {methodOf("get", nil), asWritten},
	"a method of one's own":        {methodOf("pAtCh", strings.NewReader("x")), asWritten},
	"a method that is nearly HEAD": {methodOf("head", nil), asWritten},
	"a cut body": {getting("/"), func(w nethttp.ResponseWriter, _ *nethttp.Request) {
		w.Header().Set("Content-Length", "9")
		io.WriteString(w, "x")
	}},
	"a cut chunk": {getting("/"), func(w nethttp.ResponseWriter, _ *nethttp.Request) {
		w.(nethttp.Flusher).Flush()
		io.WriteString(w, "x")
		w.(nethttp.Flusher).Flush()
		panic(nethttp.ErrAbortHandler)
	}},
	"a redirect": {posting(func() io.Reader { return strings.NewReader("hello") }), func(w nethttp.ResponseWriter, r *nethttp.Request) {
		if r.URL.Path == "/" {
			nethttp.Redirect(w, r, "/there", nethttp.StatusTemporaryRedirect)
			return
		}
		echoed(w, r)
	}},
	"a redirect of POST to GET": {posting(func() io.Reader { return strings.NewReader("hello") }), func(w nethttp.ResponseWriter, r *nethttp.Request) {
		if r.URL.Path == "/" {
			nethttp.Redirect(w, r, "/there", nethttp.StatusSeeOther)
			return
		}
		echoed(w, r)
	}},
	"cookies": {getting("/"), func(w nethttp.ResponseWriter, r *nethttp.Request) {
		if r.URL.Path == "/" {
			nethttp.SetCookie(w, &nethttp.Cookie{Name: "a", Value: "b"})
			nethttp.SetCookie(w, &nethttp.Cookie{Name: "c", Value: "d"})
			nethttp.Redirect(w, r, "/there", nethttp.StatusFound)
			return
		}
		echoed(w, r)
	}},
	"another protocol": {func(string) (*nethttp.Request, error) { return nethttp.NewRequest("GET", "gopher://h/", nil) }, echoed},
	"a bad method": {func(url string) (*nethttp.Request, error) {
		r, err := nethttp.NewRequest("GET", url, nil)
		r.Method = "A B"
		return r, err
	}, echoed},
	"a bad name": {func(url string) (*nethttp.Request, error) {
		r, err := nethttp.NewRequest("GET", url, nil)
		r.Header["A b"] = []string{"x"}
		return r, err
	}, echoed},
	"a bad value": {func(url string) (*nethttp.Request, error) {
		r, err := nethttp.NewRequest("GET", url, nil)
		r.Header["A"] = []string{"x\ny"}
		return r, err
	}, echoed},
	"a bad trailer": {func(url string) (*nethttp.Request, error) {
		r, err := nethttp.NewRequest("POST", url, strings.NewReader("x"))
		r.Trailer = nethttp.Header{"A": {"x\ny"}}
		return r, err
	}, echoed},
	"a bad trailer's name": {func(url string) (*nethttp.Request, error) {
		r, err := nethttp.NewRequest("POST", url, strings.NewReader("x"))
		r.Trailer = nethttp.Header{"A b": {"x"}}
		return r, err
	}, echoed},
	"a body that fails": {posting(func() io.Reader { return io.MultiReader(strings.NewReader("a"), failing{}) }), echoed},
	"a body too short": {func(url string) (*nethttp.Request, error) {
		r, err := nethttp.NewRequest("POST", url, io.LimitReader(ones{}, 4))
		r.ContentLength = 5
		return r, err
	}, echoed},
}

func methodOf(method string, body io.Reader) func(url string) (*nethttp.Request, error) {
	return func(url string) (*nethttp.Request, error) {
		r, err := nethttp.NewRequest("GET", url, body)
		r.Method = method
		return r, err
	}
}

// asWritten tells the method that came.
func asWritten(w nethttp.ResponseWriter, r *nethttp.Request) { io.WriteString(w, r.Method) }

func getting(path string) func(url string) (*nethttp.Request, error) {
	return func(url string) (*nethttp.Request, error) { return nethttp.NewRequest("GET", url+path, nil) }
}

func posting(body func() io.Reader) func(url string) (*nethttp.Request, error) {
	return func(url string) (*nethttp.Request, error) { return nethttp.NewRequest("POST", url, body()) }
}

var errBody = errors.New("the body fails")

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errBody }

// atEnd is an empty reader that calls a function at its end.
type atEnd func()

func (f atEnd) Read([]byte) (int, error) {
	f()
	return 0, io.EOF
}

// echoed tells what came, without what net/http's transport adds by itself.
func echoed(w nethttp.ResponseWriter, r *nethttp.Request) {
	for _, name := range []string{"Accept-Encoding", "Connection"} {
		r.Header.Del(name)
	}
	if strings.HasPrefix(r.UserAgent(), "Go-http-client") {
		r.Header.Del("User-Agent")
	}
	r.Host = strings.Replace(r.Host, r.Context().Value(nethttp.LocalAddrContextKey).(net.Addr).String(), "HERE", 1)
	if i := strings.Index(r.Header.Get("Referer"), "127"); i >= 0 {
		r.Header.Set("Referer", "HERE")
	}
	asked(w, r)
}

func counted(w nethttp.ResponseWriter, r *nethttp.Request) {
	n, err := io.Copy(io.Discard, r.Body)
	fmt.Fprint(w, n, err, r.ContentLength)
}

// What a client sees, and what its server does, is the same over net/http's
// transport and over ours; and no connection or goroutine is left.
func TestClientsSeeTheSame(t *testing.T) {
	for name, c := range clientCases {
		t.Run(name, func(t *testing.T) {
			see := func(name string, client *nethttp.Client) (seen string) {
				t.Run(name, func(t *testing.T) {
					leak.Check(t)
					defer client.CloseIdleConnections()
					s := httptest.NewServer(c.answer)
					defer s.Close()
					client.Jar, _ = cookiejar.New(nil)
					r, err := c.request(s.URL)
					if err != nil {
						t.Fatal(err)
					}
					seen = look(client.Do(r))
				})
				return seen
			}
			want := see("net/http", &nethttp.Client{Transport: &nethttp.Transport{DisableCompression: true}})
			rt, _ := transport(t, http.AgentOptions{KeepAlive: true})
			if got := see("ours", &nethttp.Client{Transport: rt}); got != want {
				t.Errorf("\ngot  %s\nwant %s", got, want)
			}
		})
	}
}

// look is what a client sees of a response.
func look(res *nethttp.Response, err error) string {
	if err != nil {
		return fmt.Sprint("fails ", errors.Is(err, errBody))
	}
	defer res.Body.Close()
	for _, name := range []string{"Date", "Keep-Alive"} {
		res.Header.Del(name)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s %d %v close=%v uncompressed=%v", res.Status, res.Proto, res.ContentLength, res.TransferEncoding, res.Close, res.Uncompressed)
	fields(&b, res.Header)
	fmt.Fprintf(&b, " announced %q", slices.Sorted(maps.Keys(res.Trailer)))
	body, err := io.ReadAll(res.Body)
	fmt.Fprintf(&b, " %q %v", body, errors.Is(err, io.ErrUnexpectedEOF))
	fields(&b, res.Trailer)
	fmt.Fprintf(&b, " %s %s", res.Request.Method, res.Request.URL.Path)
	return b.String()
}

// asking sends a request with a body, or none, and returns what came of it.
func asking(ctx context.Context, client *nethttp.Client, method, url string, body io.Reader) (*nethttp.Response, error) {
	r, err := nethttp.NewRequestWithContext(ctx, method, url, body)
	if err != nil {
		return nil, err
	}
	return client.Do(r)
}

// A connection is kept when the body has been read to its end, destroyed when
// it is closed before, and let go of by CloseIdleConnections.
func TestTransportKeepsConnections(t *testing.T) {
	s := start(t, func(_ *http.IncomingMessage, res *http.ServerResponse) { res.EndChunk(make([]byte, 1<<20)) })
	client, agent := keeping(t)
	var reused []bool
	ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{
		GotConn: func(info httptrace.GotConnInfo) { reused = append(reused, info.Reused) },
	})
	for i, read := range []bool{true, true, false, true} {
		res, err := asking(ctx, client, "GET", url(s, "/"), nil)
		if err != nil {
			t.Fatal(err)
		}
		if read {
			io.Copy(io.Discard, res.Body)
		}
		res.Body.Close()
		if _, err := res.Body.Read(make([]byte, 1)); err != nethttp.ErrBodyReadAfterClose {
			t.Error(err)
		}
		if want := map[bool]int{true: 1}[read]; free(t, agent) != want {
			t.Errorf("%d: %d kept, not %d", i, free(t, agent), want)
		}
	}
	if want := []bool{false, true, true, false}; !slices.Equal(reused, want) {
		t.Errorf("reused %v, not %v", reused, want)
	}
	client.CloseIdleConnections()
	if n := free(t, agent); n != 0 {
		t.Errorf("%d kept", n)
	}
}

// endless is a body that has no end until it is closed.
type endless struct {
	*io.PipeReader
	w      *io.PipeWriter
	closed chan struct{}
}

func newEndless() *endless {
	r, w := io.Pipe()
	return &endless{r, w, make(chan struct{})}
}

func (e *endless) Close() error {
	close(e.closed)
	return e.PipeReader.Close()
}

// Wherever a request is when its context ends, it fails with the context's
// cause, and nothing is left of it.
func TestTransportIsCancelled(t *testing.T) {
	mine := errors.New("mine")
	for _, deadline := range []bool{false, true} {
		for _, stage := range []string{"before", "queued", "connecting", "waiting", "sending", "reading"} {
			t.Run(fmt.Sprint(stage, deadline), func(t *testing.T) {
				arrived := make(chan struct{}, 1)
				s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
					if stage == "reading" {
						res.WriteString("part")
					}
					arrived <- struct{}{}
				})
				options := http.AgentOptions{KeepAlive: true, MaxSockets: 1}
				hang := make(chan struct{})
				if stage == "connecting" {
					options.CreateConnection = func(context.Context, http.ConnectOptions) (net.Conn, error) {
						arrived <- struct{}{}
						<-hang
						return nil, net.ErrClosed
					}
				}
				rt, agent := transport(t, options)
				client := &nethttp.Client{Transport: rt}
				defer close(hang)
				ctx, cancel := context.WithCancelCause(t.Context())
				if deadline {
					var stop func()
					ctx, stop = context.WithTimeout(ctx, time.Hour)
					defer stop()
				}
				defer cancel(nil)
				var body io.Reader
				var sent *endless
				method := "GET"
				switch stage {
				case "before":
					cancel(mine)
				case "queued":
					first := http.RequestURLWith(url(s, "/"), http.RequestOptions{Agent: agent})
					first.OnError(func(error) {})
					defer first.Destroy()
					first.End()
					wait(t, arrived, "the first request")
				case "sending":
					method, sent = "POST", newEndless()
					body = sent
				}
				go func() {
					switch stage {
					case "queued":
						for len(agent.Requests()) == 0 {
							time.Sleep(time.Millisecond)
						}
						cancel(mine)
					case "connecting", "waiting", "sending":
						<-arrived
						cancel(mine)
					}
				}()
				res, err := asking(ctx, client, method, url(s, "/"), body)
				if stage == "reading" {
					if err != nil {
						t.Fatal(err)
					}
					if _, err := io.ReadFull(res.Body, make([]byte, 4)); err != nil {
						t.Fatal(err)
					}
					cancel(mine)
					_, err = res.Body.Read(make([]byte, 1))
					if again, _ := res.Body.Read(make([]byte, 1)); again != 0 {
						t.Error("it can be read on")
					}
					res.Body.Close()
					if !errors.Is(err, mine) {
						t.Error(err)
					}
				} else if !errors.Is(err, mine) {
					t.Error(err)
				}
				if sent != nil {
					wait(t, sent.closed, "the body to be closed")
				}
				if stage != "queued" && free(t, agent) != 0 {
					t.Error("a connection is kept")
				}
			})
		}
	}
}

// Time that runs out is a timeout, whoever set it.
func TestTransportTimesOut(t *testing.T) {
	s := start(t, func(*http.IncomingMessage, *http.ServerResponse) {})
	client, _ := keeping(t)
	ctx, stop := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer stop()
	_, err := asking(ctx, client, "GET", url(s, "/"), nil)
	var failed *neturl.Error
	if !errors.As(err, &failed) || !failed.Timeout() || !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
	client.Timeout = 10 * time.Millisecond
	_, err = asking(t.Context(), client, "GET", url(s, "/"), nil)
	if !errors.As(err, &failed) || !failed.Timeout() {
		t.Error(err)
	}
}

// If a server cannot be reached, the error is what the system says.
func TestTransportCannotConnect(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	client, _ := keeping(t)
	_, err = asking(t.Context(), client, "GET", "http://"+l.Addr().String(), nil)
	var failed *net.OpError
	if !errors.Is(err, syscall.ECONNREFUSED) || !errors.As(err, &failed) || code(err) != "ECONNREFUSED" {
		t.Error(err)
	}
}

// stale is a server that answers one request on each connection and closes it
// at the second, whose body it has read, without an answer.
func stale(t *testing.T) (address string, requests *atomic.Int32) {
	leak.Check(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	requests = new(atomic.Int32)
	var all sync.WaitGroup
	t.Cleanup(all.Wait)
	t.Cleanup(func() { l.Close() })
	all.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			all.Go(func() {
				defer c.Close()
				in := bufio.NewReader(c)
				for i := range 2 {
					r, err := nethttp.ReadRequest(in)
					if err != nil {
						return
					}
					io.Copy(io.Discard, r.Body)
					requests.Add(1)
					if i == 0 {
						io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
					}
				}
			})
		}
	})
	return l.Addr().String(), requests
}

// What fails because the server has closed a kept connection is sent again, if
// that is safe.
func TestTransportTriesAgain(t *testing.T) {
	for name, c := range map[string]struct {
		method, key string
		body        func() io.Reader
		again       bool
	}{
		"GET":               {"GET", "", func() io.Reader { return nil }, true},
		"GET with a body":   {"GET", "", func() io.Reader { return strings.NewReader("x") }, true},
		"POST":              {"POST", "", func() io.Reader { return strings.NewReader("x") }, false},
		"POST with a key":   {"POST", "k", func() io.Reader { return strings.NewReader("x") }, true},
		"POST of a stream":  {"POST", "k", func() io.Reader { return io.LimitReader(ones{}, 3) }, false},
		"DELETE of nothing": {"DELETE", "", func() io.Reader { return nil }, false},
	} {
		t.Run(name, func(t *testing.T) {
			address, requests := stale(t)
			client, agent := keeping(t)
			defer client.CloseIdleConnections()
			for i := range 2 {
				r, err := nethttp.NewRequest(c.method, "http://"+address, c.body())
				if err != nil {
					t.Fatal(err)
				}
				if c.key != "" {
					r.Header.Set("Idempotency-Key", c.key)
				}
				res, err := client.Do(r)
				if err == nil {
					res.Body.Close()
				}
				if ok := i == 0 || c.again; ok != (err == nil) {
					t.Errorf("%d: %v", i, err)
				} else if err != nil && code(err) != "ECONNRESET" && code(err) != "EPIPE" {
					t.Error(err)
				}
				free(t, agent) // the connection is back
			}
			if want := map[bool]int32{true: 3, false: 2}[c.again]; requests.Load() != want {
				t.Errorf("%d requests, not %d", requests.Load(), want)
			}
		})
	}
}

// What has been answered in part is not sent again.
func TestTransportTriesNothingAnsweredAgain(t *testing.T) {
	for _, part := range []string{"H", "HTTP/1.1 200 OK\r\nX: ", "HTTP/1.1 102 Processing\r\n\r\n"} {
		t.Run(part, func(t *testing.T) {
			u, _ := fickle(t, func(w *wire) { w.send(part) })
			client, _ := keeping(t)
			if res, err := client.Get(u); err != nil {
				t.Fatal(err)
			} else {
				body(t, res.Body)
			}
			if _, err := client.Get(u); code(err) != "ECONNRESET" {
				t.Errorf("got %v", err)
			}
		})
	}
}

// A server may ask for the body more often than once.
func TestTransportIsAskedTwice(t *testing.T) {
	u := peer(t, func(w *wire) {
		for w.head() != "" {
			io.WriteString(w.Conn, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n"+okAnswer)
		}
	})
	client, _ := keeping(t)
	for _, waits := range []bool{false, true} {
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		r, err := nethttp.NewRequestWithContext(ctx, "POST", u, strings.NewReader("x"))
		if err != nil {
			t.Fatal(err)
		}
		if waits {
			r.Header.Set("Expect", "100-continue")
		}
		res, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		if got := body(t, res.Body); got != "ok" {
			t.Errorf("got %q", got)
		}
	}
}

// Closing the connections that no request uses closes no other one.
func TestIdleConnectionsAreClosedWhileOthersWork(t *testing.T) {
	s := start(t, remote)
	client, agent := keeping(t)
	done := make(chan struct{})
	var closer, workers sync.WaitGroup
	closer.Go(func() {
		for {
			select {
			case <-done:
				return
			default:
				client.CloseIdleConnections()
				goruntime.Gosched()
			}
		}
	})
	for range 8 {
		workers.Go(func() {
			for range 400 {
				res, err := client.Post(url(s, "/"), "", nil)
				if err != nil {
					t.Error(err)
					return
				}
				body(t, res.Body)
			}
		})
	}
	workers.Wait()
	close(done)
	closer.Wait()
	client.CloseIdleConnections()
	if n := free(t, agent); n != 0 {
		t.Errorf("%d kept", n)
	}
}

// A server that refuses does not get the body that waits for its word, and the
// connection, on which it might be missed, is not kept.
func TestTransportKeepsTheBodyBack(t *testing.T) {
	s := start(t, nil)
	s.OnCheckContinue(func(_ *http.IncomingMessage, res *http.ServerResponse) {
		res.SetStatusCode(403)
		res.EndString("no")
	})
	client, agent := keeping(t)
	sent := newEndless()
	r, err := nethttp.NewRequest("POST", url(s, "/"), sent)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Expect", "100-continue")
	res, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	if got := body(t, res.Body); res.StatusCode != 403 || got != "no" {
		t.Errorf("%s %q", res.Status, got)
	}
	wait(t, sent.closed, "the body to be closed")
	if n := free(t, agent); n != 0 {
		t.Errorf("%d kept", n)
	}
}

// An answer that comes before the request is sent is not held up by it; when it
// has been read, the request is given up.
func TestTransportOfEarlyAnswer(t *testing.T) {
	for _, answer := range []string{"early", ""} {
		s := start(t, func(_ *http.IncomingMessage, res *http.ServerResponse) { res.EndString(answer) })
		client, agent := keeping(t)
		sent := newEndless()
		res, err := asking(t.Context(), client, "POST", url(s, "/"), sent)
		if err != nil {
			t.Fatal(err)
		}
		if got := body(t, res.Body); got != answer {
			t.Errorf("got %q", got)
		}
		wait(t, sent.closed, "the body to be closed")
		if n := free(t, agent); n != 0 {
			t.Errorf("%d kept", n)
		}
	}
}

// A trace sees what happens, and may end it.
func TestTransportIsTraced(t *testing.T) {
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		if req.Header("expect") == "" {
			res.WriteEarlyHints(http.Headers{{"Link", "</a.css>; rel=preload"}})
		}
		res.EndString("x")
	})
	client, agent := keeping(t)
	var seen trace
	hooks := &httptrace.ClientTrace{
		GetConn: func(address string) { seen.add("GetConn %v", address == s.Address().String()) },
		GotConn: func(info httptrace.GotConnInfo) {
			seen.add("GotConn %v %v", info.Reused, info.Conn.RemoteAddr() != nil)
		},
		WroteRequest:         func(info httptrace.WroteRequestInfo) { seen.add("WroteRequest %v", info.Err) },
		GotFirstResponseByte: seen.on("GotFirstResponseByte"),
		Got100Continue:       seen.on("Got100Continue"),
		Got1xxResponse: func(code int, h textproto.MIMEHeader) error {
			seen.add("Got1xxResponse %d %s", code, h.Get("Link"))
			return nil
		},
	}
	ctx := httptrace.WithClientTrace(t.Context(), hooks)
	send := func(r *nethttp.Request, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		res, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		body(t, res.Body)
		seen.add("end")
	}
	send(nethttp.NewRequestWithContext(ctx, "GET", url(s, "/"), nil))
	seen.expect(t, "GetConn true", "GotConn false true", "WroteRequest <nil>", "GotFirstResponseByte",
		"Got1xxResponse 103 </a.css>; rel=preload", "end")
	free(t, agent) // the connection is back
	seen = trace{}
	r, err := nethttp.NewRequestWithContext(ctx, "POST", url(s, "/"), strings.NewReader("x"))
	r.Header.Set("Expect", "100-continue")
	send(r, err)
	got := seen.all()
	for _, want := range []string{"GetConn true", "GotConn true true", "GotFirstResponseByte", "Got100Continue", "Got1xxResponse 100 ", "end"} {
		if !slices.Contains(got, want) {
			t.Errorf("%q lacks %q", got, want)
		}
	}
	enough := errors.New("enough")
	hooks.Got1xxResponse = func(int, textproto.MIMEHeader) error { return enough }
	if _, err := asking(ctx, client, "GET", url(s, "/"), nil); !errors.Is(err, enough) {
		t.Error(err)
	}
}

// A response that switches protocols, and one to CONNECT, has the connection
// for a body.
func TestTransportOfUpgrades(t *testing.T) {
	s := start(t, nil)
	join := func(status string) func(*http.IncomingMessage, *http.Socket, []byte) {
		return func(_ *http.IncomingMessage, socket *http.Socket, _ []byte) {
			socket.WriteString("HTTP/1.1 " + status + "\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\nhello ")
			go func() {
				io.Copy(socket, socket)
				socket.Close()
			}()
		}
	}
	s.OnUpgrade(join("101 Switching Protocols"))
	s.OnConnect(join("200 Connected"))
	for method, status := range map[string]int{"GET": 101, "CONNECT": 200} {
		client, agent := keeping(t)
		ctx, stop := context.WithCancel(t.Context())
		r, err := nethttp.NewRequestWithContext(ctx, method, url(s, ""), nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Connection", "Upgrade")
		r.Header.Set("Upgrade", "echo")
		res, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		if res.StatusCode != status || res.Header.Get("Upgrade") != "echo" {
			t.Error(res.Status, res.Header)
		}
		stop() // what follows is no longer the request's
		c := res.Body.(io.ReadWriteCloser)
		for i := range 3 {
			if _, err := fmt.Fprintf(c, "%d", i); err != nil {
				t.Error(err)
			}
		}
		got := make([]byte, len("hello 012"))
		if _, err := io.ReadFull(c, got); err != nil || string(got) != "hello 012" {
			t.Errorf("got %q %v", got, err)
		}
		c.Close()
		if n := free(t, agent); n != 0 {
			t.Errorf("%d kept", n)
		}
	}
}

// Any number of goroutines share a client.
func TestTransportIsShared(t *testing.T) {
	s := start(t, nil)
	adapt.Mount(s, nethttp.HandlerFunc(counted))
	rt, agent := transport(t, http.AgentOptions{KeepAlive: true, MaxSockets: 4})
	client := &nethttp.Client{Transport: rt}
	var all sync.WaitGroup
	for i := range 16 {
		all.Go(func() {
			for j := range 10 {
				n := i * j * 1000
				res, err := asking(t.Context(), client, "POST", url(s, "/"), io.LimitReader(ones{}, int64(n)))
				if err != nil {
					t.Error(err)
					return
				}
				if got := body(t, res.Body); got != fmt.Sprintf("%d <nil> -1", n) {
					t.Errorf("got %q", got)
				}
			}
		})
	}
	all.Wait()
	if n := free(t, agent); n == 0 || n > 4 {
		t.Errorf("%d kept", n)
	}
}

// The body of a request that may not be sent is closed when RoundTrip returns.
func TestTransportClosesBodies(t *testing.T) {
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	closed := make(chan struct{})
	close(closed)
	for name, spoil := range map[string]func(r *nethttp.Request) *nethttp.Request{
		"method":  func(r *nethttp.Request) *nethttp.Request { r.Method = "A B"; return r },
		"name":    func(r *nethttp.Request) *nethttp.Request { r.Header["A b"] = []string{"x"}; return r },
		"value":   func(r *nethttp.Request) *nethttp.Request { r.Header["A"] = []string{"x\ny"}; return r },
		"trailer": func(r *nethttp.Request) *nethttp.Request { r.Trailer = nethttp.Header{"A": {"x\ny"}}; return r },
		"host":    func(r *nethttp.Request) *nethttp.Request { r.URL.Host = ""; return r },
		"port":    func(r *nethttp.Request) *nethttp.Request { r.URL.Host = "h:99999"; return r },
		"URL":     func(r *nethttp.Request) *nethttp.Request { r.URL = nil; return r },
		"header":  func(r *nethttp.Request) *nethttp.Request { r.Header = nil; return r },
		"context": func(r *nethttp.Request) *nethttp.Request { return r.WithContext(gone) },
		"Cancel": func(r *nethttp.Request) *nethttp.Request {
			r.Cancel = closed //lint:ignore SA1019 others set it
			return r
		},
	} {
		t.Run(name, func(t *testing.T) {
			rt, _ := transport(t, http.AgentOptions{})
			sent := newEndless()
			r, err := nethttp.NewRequest("POST", "http://127.0.0.1:1/", sent)
			if err != nil {
				t.Fatal(err)
			}
			if res, err := rt.RoundTrip(spoil(r)); err == nil || res != nil {
				t.Errorf("%v %v", res, err)
			}
			select {
			case <-sent.closed:
			default:
				t.Error("the body is open")
			}
		})
	}
}

// Cancel ends a request as its context does, wherever it is.
func TestTransportHeedsCancel(t *testing.T) {
	for _, stage := range []string{"waiting", "reading", "read"} {
		t.Run(stage, func(t *testing.T) {
			arrived := make(chan struct{}, 1)
			s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
				switch stage {
				case "reading":
					res.WriteString("part")
				case "read":
					res.EndString("part")
				}
				arrived <- struct{}{}
			})
			client, agent := keeping(t)
			r, err := nethttp.NewRequest("GET", url(s, "/"), nil)
			if err != nil {
				t.Fatal(err)
			}
			cancel := make(chan struct{})
			r.Cancel = cancel //lint:ignore SA1019 others set it
			if stage == "waiting" {
				go func() {
					<-arrived
					close(cancel)
				}()
				if _, err := client.Do(r); !errors.Is(err, http.ErrAborted) {
					t.Error(err)
				}
				return
			}
			res, err := client.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			if _, err := io.ReadFull(res.Body, make([]byte, 4)); err != nil {
				t.Fatal(err)
			}
			if stage == "read" { // and over
				close(cancel)
				if n := free(t, agent); n != 1 {
					t.Errorf("%d kept", n)
				}
				return
			}
			close(cancel)
			if _, err := res.Body.Read(make([]byte, 1)); !errors.Is(err, http.ErrAborted) {
				t.Error(err)
			}
		})
	}
}

// Closing a body early keeps the connection if the end of the body is there or comes
// soon.
func TestTransportKeepsWhatIsNearlyRead(t *testing.T) {
	const value = `{"a": 1}`
	for name, c := range map[string]struct {
		answer func(res *http.ServerResponse)
		kept   int
	}{
		"all of a length":      {func(res *http.ServerResponse) { res.EndString(value) }, 1},
		"all of the chunks":    {func(res *http.ServerResponse) { res.WriteString(value); res.End() }, 1},
		"a rest of a length":   {func(res *http.ServerResponse) { res.EndString(value + strings.Repeat(" ", 60_000)) }, 1},
		"a rest of the chunks": {func(res *http.ServerResponse) { res.WriteString(value); res.EndString(strings.Repeat(" ", 60_000)) }, 1},
		"much of a length":     {func(res *http.ServerResponse) { res.EndString(value + strings.Repeat(" ", 1_000_000)) }, 0},
		"much of the chunks":   {func(res *http.ServerResponse) { res.WriteString(value); res.EndString(strings.Repeat(" ", 1_000_000)) }, 0},
		"no end":               {func(res *http.ServerResponse) { res.WriteString(value) }, 0},
	} {
		t.Run(name, func(t *testing.T) {
			left := make(chan struct{})
			s := start(t, func(_ *http.IncomingMessage, res *http.ServerResponse) {
				if c.kept == 0 {
					res.OnClose(func() { close(left) })
				}
				c.answer(res)
			})
			client, agent := keeping(t)
			res, err := client.Get(url(s, "/"))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := io.ReadFull(res.Body, make([]byte, len(value))); err != nil {
				t.Fatal(err)
			}
			res.Body.Close()
			if _, err := res.Body.Read(make([]byte, 1)); err != nethttp.ErrBodyReadAfterClose {
				t.Error(err)
			}
			if n := free(t, agent); n != c.kept {
				t.Errorf("%d kept, not %d", n, c.kept)
			}
			if c.kept == 0 {
				wait(t, left, "the server to see that the client has left")
			}
		})
	}
}

// A Read that waits fails when the body is closed.
func TestTransportClosesWhileReading(t *testing.T) {
	s := start(t, func(_ *http.IncomingMessage, res *http.ServerResponse) { res.WriteString("x") })
	client, agent := keeping(t)
	res, err := client.Get(url(s, "/"))
	if err != nil {
		t.Fatal(err)
	}
	failed := make(chan error)
	go func() {
		_, err := io.Copy(io.Discard, res.Body)
		failed <- err
	}()
	time.Sleep(10 * time.Millisecond) // most often it waits by then
	res.Body.Close()
	if err := wait(t, failed, "Read"); err != nethttp.ErrBodyReadAfterClose {
		t.Error(err)
	}
	if n := free(t, agent); n != 0 {
		t.Errorf("%d kept", n)
	}
}

// What frames a request, and its host, stand in it once, however a header writes them.
func TestTransportFramesOnce(t *testing.T) {
	heads := make(chan string, 1)
	u := peer(t, func(w *wire) {
		var head, line string
		for line != "\r\n" {
			var err error
			if line, err = w.r.ReadString('\n'); err != nil {
				return
			}
			head += line
		}
		heads <- head
		w.send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
	})
	rt, _ := transport(t, http.AgentOptions{})
	for _, method := range []string{"GET", "POST"} {
		for _, body := range []string{"", "abc"} {
			req, err := nethttp.NewRequest(method, u, strings.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			for _, name := range []string{"host", "content-length", "transfer-encoding", "trailer"} {
				req.Header[name] = []string{"5"}
			}
			req.Header["x-case"] = []string{"1"}
			res, err := rt.RoundTrip(req)
			if err != nil {
				t.Fatal(err)
			}
			res.Body.Close()
			want := method + " / HTTP/1.1\r\nHost: " + req.URL.Host + "\r\nx-case: 1\r\n"
			if body != "" {
				want += "Content-Length: 3\r\n"
			}
			want += "Connection: close\r\n"
			if body == "" && method == "POST" {
				want += "Content-Length: 0\r\n"
			}
			if got := wait(t, heads, "the request"); got != want+"\r\n" {
				t.Errorf("got %q, want %q", got, want)
			}
		}
	}
}

// The body of a CONNECT goes to the server behind the tunnel, as it is.
func TestTransportSendsThroughTunnels(t *testing.T) {
	refusals := map[string]string{
		"length:1": "Content-Length: 2\r\n\r\nno",
		"chunks:1": "Transfer-Encoding: chunked\r\n\r\n2\r\nno\r\n0\r\n\r\n",
	}
	s := start(t, nil)
	s.OnConnect(func(req *http.IncomingMessage, socket *http.Socket, _ []byte) {
		if answer, ok := refusals[req.URL()]; ok {
			socket.WriteString("HTTP/1.1 403 Forbidden\r\n" + answer) // and the connection stays
			go func() {
				io.Copy(io.Discard, socket)
				socket.Close()
			}()
			return
		}
		if req.Header("transfer-encoding") != "" || req.Header("content-length") != "" {
			t.Errorf("the request has a body: %v", req.RawHeaders())
		}
		socket.WriteString("HTTP/1.1 200 OK\r\n\r\n")
		go func() {
			io.Copy(socket, socket)
			socket.Close()
		}()
	})
	client, _ := keeping(t)
	for _, target := range []string{"far:1", "length:1", "chunks:1"} {
		from, to := io.Pipe()
		r, err := nethttp.NewRequest("CONNECT", url(s, ""), from)
		if err != nil {
			t.Fatal(err)
		}
		r.URL.Opaque = target
		res, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		if refusals[target] != "" {
			if got := body(t, res.Body); got != "no" || res.StatusCode != 403 {
				t.Errorf("%s %q", res.Status, got)
			}
			if _, err := to.Write([]byte("x")); err != io.ErrClosedPipe {
				t.Error(err)
			}
			continue
		}
		for i := range 3 {
			piece := fmt.Sprint("piece ", i)
			io.WriteString(to, piece)
			got := make([]byte, len(piece))
			if _, err := io.ReadFull(res.Body, got); err != nil || string(got) != piece {
				t.Errorf("got %q %v", got, err)
			}
		}
		to.Close()
		res.Body.Close()
	}
}
