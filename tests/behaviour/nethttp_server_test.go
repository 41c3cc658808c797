package behaviour_test

// Our server behind net/http's: what the one cannot give the other.

import (
	"context"
	"errors"
	"io"
	nethttp "net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	http "nodehttp/generated/http"
	adapt "nodehttp/generated/http/nethttp"
	"nodehttp/tests/leak"
)

// below is our server as a handler.
func below(listener func(*http.IncomingMessage, *http.ServerResponse)) (nethttp.Handler, *http.Server) {
	s := http.CreateServer(listener)
	return adapt.NewHandler(s), s
}

// Over HTTP/2 a server answers as ever; what HTTP/2 does not have is left out,
// and what it cannot do is refused in words.
func TestServerOverHTTP2(t *testing.T) {
	leak.Check(t)
	h, s := below(func(req *http.IncomingMessage, res *http.ServerResponse) {
		res.WriteEarlyHints(http.Headers{{"Link", "</a.css>; rel=preload"}})
		res.SetHeader("Trailer", "Sum")
		res.SetHeader("X-Remote", req.Socket().RemoteAddress())
		res.WriteHeadMessage(201, "As It Happens")
		n, err := io.Copy(res, req)
		if err != nil {
			t.Error(err)
		}
		res.AddTrailers(http.Headers{{"Sum", strings.Repeat("|", int(n))}})
		res.End()
	})
	s.OnUpgrade(func(*http.IncomingMessage, *http.Socket, []byte) { t.Error("there is nothing to upgrade") })
	outer := httptest.NewUnstartedServer(h)
	outer.EnableHTTP2 = true
	outer.StartTLS()
	defer outer.Close()
	client := outer.Client()
	res, err := client.Post(outer.URL, "text/plain", io.MultiReader(strings.NewReader("hello")))
	if err != nil {
		t.Fatal(err)
	}
	if got := body(t, res.Body); got != "hello" || res.ProtoMajor != 2 || res.Status != "201 Created" ||
		res.Trailer.Get("Sum") != "|||||" || res.Header.Get("X-Remote") != "127.0.0.1" || res.Header.Get("Connection") != "" {
		t.Errorf("%s %s %q %v %v", res.Proto, res.Status, got, res.Header, res.Trailer)
	}
	req, err := nethttp.NewRequest("CONNECT", outer.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	if res, err = client.Do(req); err != nil {
		t.Fatal(err)
	}
	if got := body(t, res.Body); res.StatusCode != 501 || !strings.Contains(got, "HTTP/2") {
		t.Errorf("%s %q", res.Status, got)
	}
}

// What takes the connection is refused by a writer that has none to give, and a
// server that gives no answer aborts.
func TestServerWithoutConnection(t *testing.T) {
	leak.Check(t)
	h, s := below(func(_ *http.IncomingMessage, res *http.ServerResponse) { res.Destroy() })
	s.OnUpgrade(func(_ *http.IncomingMessage, socket *http.Socket, _ []byte) {
		socket.WriteString("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: mine\r\n\r\n")
	})
	w := httptest.NewRecorder()
	r := httptest.NewRequest("GET", "/", nil)
	r.Header.Set("Connection", "Upgrade")
	r.Header.Set("Upgrade", "mine")
	h.ServeHTTP(w, r)
	if w.Code != 501 {
		t.Error(w.Code)
	}
	defer func() {
		if v := recover(); v != nethttp.ErrAbortHandler {
			t.Error(v)
		}
	}()
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
}

// What middleware has done to a request holds, and what would be two requests
// to our parser is none.
func TestServerBehindMiddleware(t *testing.T) {
	leak.Check(t)
	h, _ := below(func(req *http.IncomingMessage, res *http.ServerResponse) {
		res.EndString(req.Method() + " " + req.URL() + " " + req.Header("x-mine"))
	})
	for path, want := range map[string]string{
		"/api/x%2Fy?z":          "GET /x%2Fy?z left alone",
		"http://host/api//a":    "GET //a left alone",
		"/api/?a=b%20c&d;e=%zz": "GET /?a=b%20c&d;e=%zz left alone",
	} {
		w := httptest.NewRecorder()
		r := httptest.NewRequest("GET", path, nil)
		r.Header["X-Mine"] = []string{"left\r\n\r\nalone"}
		r.Header["content-length"] = []string{"7"} // which the request says itself
		nethttp.StripPrefix("/api", h).ServeHTTP(w, r)
		if got := strings.Join(strings.Fields(w.Body.String()), " "); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	for _, change := range []func(r *nethttp.Request){
		func(r *nethttp.Request) { r.Method = "GET / HTTP/1.1\r\n\r\nGET" },
		func(r *nethttp.Request) { r.URL.RawQuery = "a HTTP/1.1\r\n\r\n" },
		func(r *nethttp.Request) { r.Host = "a\r\nb: c" },
	} {
		w := httptest.NewRecorder()
		r := httptest.NewRequest("GET", "/", nil)
		change(r)
		h.ServeHTTP(w, r)
		if w.Code != 400 {
			t.Errorf("%d %s", w.Code, w.Body)
		}
	}
}

// A listener that does not wait for a body leaves no goroutine that reads it.
func TestServerThatIgnoresABody(t *testing.T) {
	h, _ := below(func(_ *http.IncomingMessage, res *http.ServerResponse) { res.EndString("enough") })
	leak.Check(t)
	outer := httptest.NewServer(h)
	defer outer.Close()
	w := connect(t, outer.Listener.Addr().String())
	w.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\n\r\nsome")
	if res, got := w.response(); res.StatusCode != 200 || got != "enough" {
		t.Errorf("%s %q", res.Status, got)
	}
	w.Close()
}

// What comes late of a body that was not read is no request: the connection has ended.
func TestServerTakesNoBodyForARequest(t *testing.T) {
	leak.Check(t)
	h, _ := below(func(req *http.IncomingMessage, res *http.ServerResponse) {
		if req.URL() != "/" {
			t.Error("asked for", req.URL())
		}
		if req.Header("x-chunks") != "" {
			res.WriteString("eno")
			res.EndString("ugh")
			return
		}
		res.EndString("enough")
	})
	outer := httptest.NewServer(h)
	defer outer.Close()
	for _, head := range []string{
		"Content-Length: 100000\r\n\r\nsome", "Content-Length: 10000000\r\n\r\nsome", "Transfer-Encoding: chunked\r\n\r\n100\r\nsome",
		"X-Chunks: 1\r\nContent-Length: 100000\r\n\r\nsome", "X-Chunks: 1\r\nTransfer-Encoding: chunked\r\n\r\n100\r\nsome",
	} {
		w := connect(t, outer.Listener.Addr().String())
		w.send("POST / HTTP/1.1\r\nHost: h\r\n", head)
		if res, got := w.response(); got != "enough" || !res.Close {
			t.Errorf("%s: %q, close %v", head, got, res.Close)
		}
		io.WriteString(w.Conn, "GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n")
		if got := w.cut(); got != "" {
			t.Errorf("%s: got %q", head, got)
		}
	}
	for _, whole := range []string{
		"Content-Length: 4\r\n\r\nsome", "Transfer-Encoding: chunked\r\n\r\n4\r\nsome\r\n0\r\n\r\n",
		"Content-Length: 10000\r\n\r\n" + strings.Repeat("x", 10_000),
	} {
		kept := 0
		for range 10 { // a busy machine may not receive what is there in time
			w := connect(t, outer.Listener.Addr().String())
			w.send("POST / HTTP/1.1\r\nHost: h\r\n", whole)
			if res, got := w.response(); got != "enough" {
				t.Errorf("got %q", got)
			} else if !res.Close {
				kept++
			}
		}
		if kept == 0 {
			t.Errorf("no connection is kept behind %.40q", whole)
		}
	}
}

// A server that ends the connection behind a response ends the client's.
func TestServerThatCloses(t *testing.T) {
	leak.Check(t)
	h, _ := below(func(_ *http.IncomingMessage, res *http.ServerResponse) {
		res.SetHeader("Connection", "close")
		res.EndString("x")
	})
	outer := httptest.NewServer(h)
	defer outer.Close()
	for _, version := range []string{"HTTP/1.1\r\n", "HTTP/1.0\r\nConnection: keep-alive\r\n"} {
		w := connect(t, outer.Listener.Addr().String())
		w.send("GET / ", version, "Host: h\r\n\r\n")
		if res, got := w.response(); got != "x" || !res.Close {
			t.Errorf("%q, close %v", got, res.Close)
		}
		if got := w.cut(); got != "" {
			t.Errorf("got %q", got)
		}
	}
}

// Await returns what comes first: the response, in whatever way, or why there
// is none.
func TestAwait(t *testing.T) {
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		if req.URL() == "/never" {
			return
		}
		res.EndString("x")
	})
	take := func(status string) func(*http.IncomingMessage, *http.Socket, []byte) {
		return func(_ *http.IncomingMessage, socket *http.Socket, _ []byte) {
			socket.EndString("HTTP/1.1 " + status + "\r\nConnection: Upgrade\r\nUpgrade: mine\r\n\r\nrest")
		}
	}
	s.OnUpgrade(take("101 Switching Protocols"))
	s.OnConnect(take("200 Connected"))
	send := func(path, method string) *http.ClientRequest {
		o := http.RequestOptions{NoAgent: true, Method: method}
		if method == "CONNECT" {
			o.Path = "far:1"
		}
		if method == "UPGRADE" {
			o.Method, o.Headers = "GET", http.Headers{{"Connection", "Upgrade"}, {"Upgrade", "mine"}}
		}
		r := http.RequestURLWith(url(s, path), o)
		r.OnError(func(error) {})
		r.End()
		return r
	}
	never, cancel := context.WithCancelCause(t.Context())
	mine := errors.New("mine")
	cancel(mine)
	t.Run("answered", func(t *testing.T) {
		r := send("/", "GET")
		for range 2 { // the second time it is there already
			res, err := r.Await(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if res.StatusCode() != 200 {
				t.Error(res.StatusCode())
			}
		}
		res, _ := r.Await(t.Context())
		if got := body(t, res); got != "x" {
			t.Errorf("got %q", got)
		}
	})
	t.Run("destroyed", func(t *testing.T) {
		r := send("/never", "GET")
		r.Destroy()
		for range 2 {
			if _, err := r.Await(t.Context()); code(err) != "ECONNRESET" {
				t.Error(err)
			}
		}
		r = send("/never", "GET")
		r.Destroy(mine)
		if _, err := r.Await(t.Context()); err != mine {
			t.Error(err)
		}
	})
	t.Run("cancelled", func(t *testing.T) {
		r := send("/never", "GET")
		if _, err := r.Await(never); code(err) != "ABORT_ERR" || !errors.Is(err, mine) || !r.Destroyed() {
			t.Error(err, r.Destroyed())
		}
	})
	for method, status := range map[string]int{"UPGRADE": 101, "CONNECT": 200} {
		for _, early := range []bool{true, false} {
			t.Run(method, func(t *testing.T) {
				r := send("/", method)
				socket := make(chan *http.Socket, 1)
				listen := func() {
					taken := func(_ *http.IncomingMessage, s *http.Socket, head []byte) {
						if !slices.Equal(head, []byte("rest")) && len(head) > 0 {
							t.Errorf("head %q", head)
						}
						socket <- s
					}
					r.OnUpgrade(taken)
					r.OnConnect(taken)
				}
				if early {
					listen()
				}
				for range 2 {
					res, err := r.Await(t.Context())
					if err != nil {
						t.Fatal(err)
					}
					if res.StatusCode() != status {
						t.Error(res.StatusCode())
					}
				}
				if !early {
					listen()
				}
				wait(t, socket, "the socket").Destroy()
			})
		}
	}
}
