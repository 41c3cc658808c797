package behaviour_test

// Handlers of net/http, answered by net/http's own server and by ours: what a
// client sees must be the same.

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	nethttp "net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	http "nodehttp/generated/http"
	adapt "nodehttp/generated/http/nethttp"
	"nodehttp/tests/leak"
)

// stacks of servers that have a handler answer, each by the address it gets.
var handlerStacks = map[string]func(t testing.TB, h nethttp.Handler) (address string){
	"net/http": func(t testing.TB, h nethttp.Handler) string {
		s := httptest.NewServer(h)
		t.Cleanup(s.Close)
		return s.Listener.Addr().String()
	},
	"ours": func(t testing.TB, h nethttp.Handler) string {
		s := start(t, nil)
		adapt.Mount(s, h)
		return s.Address().String()
	},
	"ours below net/http": func(t testing.TB, h nethttp.Handler) string {
		s := http.CreateServer()
		adapt.Mount(s, h)
		outer := httptest.NewServer(adapt.NewHandler(s))
		t.Cleanup(outer.Close)
		return outer.Listener.Addr().String()
	},
}

// connect opens a connection to an address.
func connect(t testing.TB, address string) *wire {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	return onWire(t, c)
}

// seen is what a client sees of the responses to one request: informational
// ones, the final one, its fields but those of the connection, its body and
// trailers.
func (w *wire) seen(method string) string {
	w.t.Helper()
	var b strings.Builder
	for {
		res, err := nethttp.ReadResponse(w.r, &nethttp.Request{Method: method})
		if err != nil {
			return b.String() + "cut off"
		}
		fmt.Fprintf(&b, "%d", res.StatusCode)
		delete(res.Header, "Date")
		delete(res.Header, "Keep-Alive")
		if res.Header.Get("Connection") == "keep-alive" {
			delete(res.Header, "Connection")
		}
		fields(&b, res.Header)
		if len(res.TransferEncoding) > 0 {
			fmt.Fprintf(&b, " %s", res.TransferEncoding)
		}
		if res.StatusCode < 200 && res.StatusCode != 101 {
			b.WriteString("; ")
			continue
		}
		body, err := io.ReadAll(res.Body)
		fmt.Fprintf(&b, " %q", body)
		if err != nil {
			b.WriteString(" cut off")
		}
		fields(&b, res.Trailer)
		return b.String()
	}
}

func fields(b *strings.Builder, h nethttp.Header) {
	for _, name := range slices.Sorted(maps.Keys(h)) {
		fmt.Fprintf(b, " %s=%q", name, h[name])
	}
}

// asked tells what a handler sees of its request.
func asked(w nethttp.ResponseWriter, r *nethttp.Request) {
	w.Header().Set("Content-Type", "text/plain")
	body, err := io.ReadAll(r.Body)
	fmt.Fprintf(w, "%s %s %s host=%s length=%d %v close=%v tls=%v uri=%s path=%s query=%s body=%q %v\n", r.Method, r.URL, r.Proto,
		r.Host, r.ContentLength, r.TransferEncoding, r.Close, r.TLS, r.RequestURI, r.URL.Path, r.URL.RawQuery, body, err)
	var b strings.Builder
	fields(&b, r.Header)
	b.WriteString(";")
	fields(&b, r.Trailer)
	io.WriteString(w, b.String())
	if host, _, err := net.SplitHostPort(r.RemoteAddr); err != nil || host != "127.0.0.1" {
		io.WriteString(w, "remote "+r.RemoteAddr)
	}
}

var handlerCases = []struct {
	name, request string
	handler       nethttp.HandlerFunc
}{
	{"the request", "GET /a%20b?x=1&y=2 HTTP/1.1\r\nHost: h:1\r\nx-one: 1\r\nX-One: 2\r\nCookie: a=b\r\n\r\n", asked},
	{"HTTP/1.0", "GET / HTTP/1.0\r\nHost: h\r\n\r\n", asked},
	{"absolute target", "GET http://other/p?q HTTP/1.1\r\nHost: h\r\n\r\n", asked},
	{"two slashes", "GET //a//b HTTP/1.1\r\nHost: h\r\n\r\n", asked},
	{"body with a length", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello", asked},
	{"body of no length", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n", asked},
	{"chunked body with trailers", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nTrailer: A, b\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\nA: 1\r\nB: 2\r\n\r\n", asked},
	{"announced trailers before the end", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nTrailer: A\r\n\r\n1\r\na\r\n0\r\nA: 1\r\n\r\n",
		func(w nethttp.ResponseWriter, r *nethttp.Request) {
			values, announced := r.Trailer["A"]
			fmt.Fprint(w, announced, values)
			io.Copy(io.Discard, r.Body)
			fmt.Fprint(w, r.Trailer["A"])
		}},
	{"Connection: close", "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", asked},
	{"a form", "POST /?a=1 HTTP/1.1\r\nHost: h\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 7\r\n\r\nb=2&a=3",
		func(w nethttp.ResponseWriter, r *nethttp.Request) {
			err := r.ParseForm()
			fmt.Fprint(w, r.Form, r.PostForm, r.FormValue("a"), err)
		}},
	{"a multipart form", "POST / HTTP/1.1\r\nHost: h\r\nContent-Type: multipart/form-data; boundary=B\r\nContent-Length: 80\r\n\r\n" +
		"--B\r\nContent-Disposition: form-data; name=\"f\"; filename=\"n\"\r\n\r\ncontents\r\n--B--\r\n",
		func(w nethttp.ResponseWriter, r *nethttp.Request) {
			f, h, err := r.FormFile("f")
			if err != nil {
				fmt.Fprint(w, err)
				return
			}
			contents, err := io.ReadAll(f)
			fmt.Fprint(w, h.Filename, string(contents), err)
		}},
	{"too large a body", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello",
		func(w nethttp.ResponseWriter, r *nethttp.Request) {
			_, err := io.ReadAll(nethttp.MaxBytesReader(w, r.Body, 3))
			w.Header().Set("Connection", "close")
			fmt.Fprint(w, err)
		}},
	{"the body after Close", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello",
		func(w nethttp.ResponseWriter, r *nethttp.Request) {
			r.Body.Close()
			_, err := r.Body.Read(make([]byte, 1))
			fmt.Fprint(w, err)
		}},
	{"nothing", "GET / HTTP/1.1\r\nHost: h\r\n\r\n", func(nethttp.ResponseWriter, *nethttp.Request) {}},
	{"a status", "GET / HTTP/1.1\r\nHost: h\r\n\r\n", func(w nethttp.ResponseWriter, _ *nethttp.Request) { w.WriteHeader(204) }},
	{"not modified", "GET / HTTP/1.1\r\nHost: h\r\n\r\n", func(w nethttp.ResponseWriter, _ *nethttp.Request) {
		w.Header().Set("Etag", `"x"`)
		w.WriteHeader(304)
	}},
	{"a body where none may be", "GET / HTTP/1.1\r\nHost: h\r\n\r\n", func(w nethttp.ResponseWriter, _ *nethttp.Request) {
		w.WriteHeader(304)
		if n, err := io.WriteString(w, "x"); n != 0 || err != nethttp.ErrBodyNotAllowed {
			panic(err)
		}
	}},
	{"the first status counts", "GET / HTTP/1.1\r\nHost: h\r\n\r\n", func(w nethttp.ResponseWriter, _ *nethttp.Request) {
		w.Header().Set("A", "1")
		w.WriteHeader(202)
		w.Header().Set("A", "2")
	}},
	{"content types", "GET / HTTP/1.1\r\nHost: h\r\n\r\n", func(w nethttp.ResponseWriter, _ *nethttp.Request) {
		io.WriteString(w, "<html>")
	}},
	{"no content type", "GET / HTTP/1.1\r\nHost: h\r\n\r\n", func(w nethttp.ResponseWriter, _ *nethttp.Request) {
		w.Header()["Content-Type"] = nil
		io.WriteString(w, "<html>")
	}},
	{"no content type of what is encoded", "GET / HTTP/1.1\r\nHost: h\r\n\r\n", func(w nethttp.ResponseWriter, _ *nethttp.Request) {
		w.Header().Set("Content-Encoding", "x")
		io.WriteString(w, "<html>")
	}},
	{"pieces", "GET / HTTP/1.1\r\nHost: h\r\n\r\n", func(w nethttp.ResponseWriter, _ *nethttp.Request) {
		for i := range 3 {
			fmt.Fprintf(w, "%d", i)
		}
	}},
	{"a long body", "GET / HTTP/1.1\r\nHost: h\r\n\r\n", func(w nethttp.ResponseWriter, _ *nethttp.Request) {
		for range 3 {
			io.WriteString(w, strings.Repeat("x", 1500))
		}
	}},
	{"a body of a length", "GET / HTTP/1.1\r\nHost: h\r\n\r\n", func(w nethttp.ResponseWriter, _ *nethttp.Request) {
		w.Header().Set("Content-Length", "9000")
		for range 3 {
			io.WriteString(w, strings.Repeat("x", 3000))
		}
	}},
	{"too long a body", "GET / HTTP/1.1\r\nHost: h\r\n\r\n", func(w nethttp.ResponseWriter, _ *nethttp.Request) {
		w.Header().Set("Content-Length", "3")
		io.WriteString(w, "abc")
		if _, err := io.WriteString(w, "d"); err != nethttp.ErrContentLength {
			panic(err)
		}
	}},
	{"too short a body", "GET / HTTP/1.1\r\nHost: h\r\n\r\n", func(w nethttp.ResponseWriter, _ *nethttp.Request) {
		w.Header().Set("Content-Length", "5")
		io.WriteString(w, "abc")
	}},
	{"HEAD", "HEAD / HTTP/1.1\r\nHost: h\r\n\r\n", func(w nethttp.ResponseWriter, _ *nethttp.Request) { io.WriteString(w, "abc") }},
	{"HEAD of nothing", "HEAD / HTTP/1.1\r\nHost: h\r\n\r\n", func(nethttp.ResponseWriter, *nethttp.Request) {}},
	{"HEAD with a length", "HEAD / HTTP/1.1\r\nHost: h\r\n\r\n", func(w nethttp.ResponseWriter, _ *nethttp.Request) {
		w.Header().Set("Content-Length", "12345")
	}},
	{"chunks for HTTP/1.0", "GET / HTTP/1.0\r\nHost: h\r\n\r\n", func(w nethttp.ResponseWriter, _ *nethttp.Request) {
		io.WriteString(w, "a")
		w.(nethttp.Flusher).Flush()
		io.WriteString(w, "b")
	}},
	{"bad fields", "GET / HTTP/1.1\r\nHost: h\r\n\r\n", func(w nethttp.ResponseWriter, _ *nethttp.Request) {
		w.Header()["X y"] = []string{"left out"}
		w.Header()["Split"] = []string{"a\r\nEvil: b", " c "}
		io.WriteString(w, "x")
	}},
	{"announced trailers", "GET / HTTP/1.1\r\nHost: h\r\n\r\n", func(w nethttp.ResponseWriter, _ *nethttp.Request) {
		w.Header().Set("Trailer", "A, B")
		w.Header().Add("Trailer", "C")
		io.WriteString(w, "x")
		w.Header().Set("A", "1")
		w.Header().Set("C", "3")
	}},
	{"late trailers", "GET / HTTP/1.1\r\nHost: h\r\n\r\n", func(w nethttp.ResponseWriter, _ *nethttp.Request) {
		io.WriteString(w, "x")
		w.(nethttp.Flusher).Flush()
		w.Header().Set(nethttp.TrailerPrefix+"A", "1")
	}},
	{"trailers without chunks", "GET / HTTP/1.1\r\nHost: h\r\n\r\n", func(w nethttp.ResponseWriter, _ *nethttp.Request) {
		w.Header().Set("Content-Length", "1")
		io.WriteString(w, "x")
		w.Header().Set(nethttp.TrailerPrefix+"A", "1")
	}},
	{"early hints", "GET / HTTP/1.1\r\nHost: h\r\n\r\n", func(w nethttp.ResponseWriter, _ *nethttp.Request) {
		w.Header().Set("Link", "</a.css>; rel=preload")
		w.WriteHeader(103)
		w.Header().Add("Link", "</b.css>; rel=preload")
		w.WriteHeader(103)
		w.Header().Del("Link")
		io.WriteString(w, "x")
	}},
	{"continue before reading", "POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\nhello", asked},
	{"no continue without reading", "POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n",
		func(w nethttp.ResponseWriter, _ *nethttp.Request) { w.WriteHeader(403) }},
	{"ReadFrom", "GET / HTTP/1.1\r\nHost: h\r\n\r\n", func(w nethttp.ResponseWriter, _ *nethttp.Request) {
		n, err := w.(io.ReaderFrom).ReadFrom(io.LimitReader(ones{}, 100_000))
		if n != 100_000 || err != nil {
			panic(err)
		}
	}},
	{"ReadFrom of little", "GET / HTTP/1.1\r\nHost: h\r\n\r\n", func(w nethttp.ResponseWriter, _ *nethttp.Request) {
		w.(io.ReaderFrom).ReadFrom(io.LimitReader(ones{}, 10))
	}},
	{"ReadFrom of a length", "GET / HTTP/1.1\r\nHost: h\r\n\r\n", func(w nethttp.ResponseWriter, _ *nethttp.Request) {
		w.Header().Set("Content-Length", "70000")
		n, err := w.(io.ReaderFrom).ReadFrom(io.LimitReader(ones{}, 70_000))
		if n != 70_000 || err != nil {
			panic(err)
		}
	}},
	{"ServeContent", "GET /f.txt HTTP/1.1\r\nHost: h\r\n\r\n", serveContent},
	{"ServeContent of a range", "GET /f.txt HTTP/1.1\r\nHost: h\r\nRange: bytes=2-4\r\n\r\n", serveContent},
	{"ServeContent of no range", "GET /f.txt HTTP/1.1\r\nHost: h\r\nRange: bytes=90-99\r\n\r\n", serveContent},
	{"ServeContent of what is known", "GET /f.txt HTTP/1.1\r\nHost: h\r\nIf-Modified-Since: Sat, 01 Jan 2022 00:00:00 GMT\r\n\r\n", serveContent},
	{"ServeContent to HEAD", "HEAD /f.txt HTTP/1.1\r\nHost: h\r\n\r\n", serveContent},
	{"a mux", "GET /items/7 HTTP/1.1\r\nHost: h\r\n\r\n", mux},
	{"a mux that redirects", "GET /tree HTTP/1.1\r\nHost: h\r\n\r\n", mux},
	{"a mux that has nothing", "GET /nothing HTTP/1.1\r\nHost: h\r\n\r\n", mux},
	{"a mux that knows another method", "DELETE /items/7 HTTP/1.1\r\nHost: h\r\n\r\n", mux},
	{"a stripped prefix", "GET /api/x%2Fy?z HTTP/1.1\r\nHost: h\r\n\r\n", nethttp.StripPrefix("/api", nethttp.HandlerFunc(
		func(w nethttp.ResponseWriter, r *nethttp.Request) { fmt.Fprint(w, r.URL.Path, " ", r.URL.RawPath) })).ServeHTTP},
	{"TimeoutHandler in time", "GET / HTTP/1.1\r\nHost: h\r\n\r\n", nethttp.TimeoutHandler(nethttp.HandlerFunc(asked), patience, "late").ServeHTTP},
	{"TimeoutHandler too late", "GET / HTTP/1.1\r\nHost: h\r\n\r\n", nethttp.TimeoutHandler(nethttp.HandlerFunc(
		func(w nethttp.ResponseWriter, r *nethttp.Request) {
			<-r.Context().Done()
			for err := error(nil); err == nil; { // until the timeout has been answered: who returns before is in time
				_, err = w.Write(nil)
				runtime.Gosched()
			}
		}), time.Millisecond, "late").ServeHTTP},
	{"MaxBytesHandler", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nab", nethttp.MaxBytesHandler(nethttp.HandlerFunc(asked), 10).ServeHTTP},
	{"abort", "GET / HTTP/1.1\r\nHost: h\r\n\r\n", func(nethttp.ResponseWriter, *nethttp.Request) { panic(nethttp.ErrAbortHandler) }},
	{"abort in the middle", "GET / HTTP/1.1\r\nHost: h\r\n\r\n", func(w nethttp.ResponseWriter, _ *nethttp.Request) {
		io.WriteString(w, "half")
		w.(nethttp.Flusher).Flush()
		panic(nethttp.ErrAbortHandler)
	}},
	{"full duplex", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nab", func(w nethttp.ResponseWriter, r *nethttp.Request) {
		if err := nethttp.NewResponseController(w).EnableFullDuplex(); err != nil {
			panic(err)
		}
		io.WriteString(w, "1")
		w.(nethttp.Flusher).Flush()
		io.Copy(w, r.Body)
	}},
	{"the server", "GET / HTTP/1.1\r\nHost: h\r\n\r\n", func(w nethttp.ResponseWriter, r *nethttp.Request) {
		s, ok := r.Context().Value(nethttp.ServerContextKey).(*nethttp.Server)
		fmt.Fprint(w, ok, s.Handler != nil, s == r.Context().Value(nethttp.ServerContextKey))
	}},
	{"OPTIONS of no path", "OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n", func(w nethttp.ResponseWriter, _ *nethttp.Request) {
		io.WriteString(w, "the handler is asked")
	}},
	{"OPTIONS of a path", "OPTIONS /a HTTP/1.1\r\nHost: h\r\n\r\n", asked},
	{"no length", "GET / HTTP/1.1\r\nHost: h\r\n\r\n", func(w nethttp.ResponseWriter, _ *nethttp.Request) {
		w.Header()["Content-Length"] = nil
		io.WriteString(w, "x")
	}},
	{"HEAD of chunks", "HEAD / HTTP/1.1\r\nHost: h\r\n\r\n", func(w nethttp.ResponseWriter, _ *nethttp.Request) {
		w.Header().Set("Transfer-Encoding", "chunked")
	}},
	{"no status, late", "GET / HTTP/1.1\r\nHost: h\r\n\r\n", func(w nethttp.ResponseWriter, _ *nethttp.Request) {
		io.WriteString(w, "x")
		w.WriteHeader(0)
	}},
	{"no status", "GET / HTTP/1.1\r\nHost: h\r\n\r\n", func(w nethttp.ResponseWriter, _ *nethttp.Request) {
		defer func() { fmt.Fprint(w, recover()) }()
		w.WriteHeader(0)
	}},
	{"a client that stays", "GET / HTTP/1.1\r\nHost: h\r\n\r\n", func(w nethttp.ResponseWriter, _ *nethttp.Request) {
		select {
		case <-w.(closeNotifier).CloseNotify():
			io.WriteString(w, "it has left")
		default:
		}
	}},
	{"own date", "GET / HTTP/1.1\r\nHost: h\r\n\r\n", func(w nethttp.ResponseWriter, _ *nethttp.Request) {
		w.Header()["Date"] = nil
		io.WriteString(w, "x")
	}},
	{"the connection taken", "GET / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: mine\r\n\r\nmore", hijack},
	{"the connection taken from a body", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nmore", hijack},
	{"CONNECT", "CONNECT far:1 HTTP/1.1\r\nHost: far:1\r\n\r\n", func(w nethttp.ResponseWriter, r *nethttp.Request) {
		hijackAs(w, "HTTP/1.1 200 "+r.Host+r.RequestURI+r.URL.Host+"\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
	}},
}

// A connection that the client wants to end ends, whatever the handler says of it.
func TestHandlerKeepsNothingAlive(t *testing.T) {
	for name, stack := range handlerStacks {
		t.Run(name, func(t *testing.T) {
			leak.Check(t)
			address := stack(t, nethttp.HandlerFunc(func(w nethttp.ResponseWriter, r *nethttp.Request) {
				w.Header().Set("Connection", "keep-alive")
				io.WriteString(w, "x")
			}))
			for _, request := range []string{
				"GET / HTTP/1.0\r\n\r\n",
				"GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n",
			} {
				w := connect(t, address)
				w.send(request)
				res, err := nethttp.ReadResponse(w.r, nil)
				if err != nil {
					t.Fatal(err)
				}
				if got := res.Header.Get("Connection"); got == "keep-alive" {
					t.Errorf("%q to %q", got, request)
				}
				if got, err := io.ReadAll(res.Body); string(got) != "x" || err != nil {
					t.Errorf("got %q, %v", got, err)
				}
				if rest := w.rest(); rest != "" {
					t.Errorf("got %q behind the response", rest)
				}
			}
		})
	}
}

// cutOff are the cases whose connection ends before the response does.
var cutOff = []string{"too short a body", "abort", "abort in the middle"}

// closeNotifier is http.CloseNotifier, which handlers have used before there were contexts.
type closeNotifier interface{ CloseNotify() <-chan bool }

// ones is a reader without an end.
type ones struct{}

func (ones) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = '1'
	}
	return len(p), nil
}

func serveContent(w nethttp.ResponseWriter, r *nethttp.Request) {
	nethttp.ServeContent(w, r, "f.txt", time.Date(2021, 1, 1, 0, 0, 0, 0, time.UTC), strings.NewReader("0123456789"))
}

var mux = func() nethttp.HandlerFunc {
	m := nethttp.NewServeMux()
	m.HandleFunc("GET /items/{id}", func(w nethttp.ResponseWriter, r *nethttp.Request) {
		fmt.Fprint(w, r.PathValue("id"), r.Pattern)
	})
	m.HandleFunc("/tree/", asked)
	return m.ServeHTTP
}()

// hijack takes the connection and answers on it by itself.
func hijack(w nethttp.ResponseWriter, _ *nethttp.Request) {
	hijackAs(w, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 4\r\n\r\nmine")
}

func hijackAs(w nethttp.ResponseWriter, answer string) {
	c, rw, err := nethttp.NewResponseController(w).Hijack()
	if err != nil {
		panic(err)
	}
	defer c.Close()
	if _, err := w.Write([]byte("x")); err != nethttp.ErrHijacked {
		panic(err)
	}
	if _, _, err := w.(nethttp.Hijacker).Hijack(); err != nethttp.ErrHijacked {
		panic(err)
	}
	rw.WriteString(answer)
	rw.Flush()
}

// What a client sees is the same from net/http's server, from ours, and from
// ours behind net/http's.
func TestHandlersAnswerAlike(t *testing.T) {
	for _, c := range handlerCases {
		t.Run(c.name, func(t *testing.T) {
			method, _, _ := strings.Cut(c.request, " ")
			see := func(name string) string {
				var seen string
				t.Run(name, func(t *testing.T) {
					leak.Check(t)
					errs := uncaught(t)
					w := connect(t, handlerStacks[name](t, c.handler))
					w.send(c.request)
					seen = w.seen(method)
					w.Close()
					select {
					case err := <-errs:
						t.Error(err)
					default:
					}
				})
				return seen
			}
			want := see("net/http")
			if cut := strings.Contains(want, "cut off"); cut != slices.Contains(cutOff, c.name) {
				t.Errorf("got %s", want)
			}
			for _, name := range []string{"ours", "ours below net/http"} {
				if got := see(name); got != want {
					t.Errorf("%s\ngot  %s\nwant %s", name, got, want)
				}
			}
		})
	}
}

// What is not HTTP to net/http alone is refused.
func TestHandlerOfMalformedTarget(t *testing.T) {
	s := start(t, nil)
	adapt.Mount(s, nil)
	w := dial(t, s)
	w.send("GET /%zz HTTP/1.1\r\nHost: h\r\n\r\n")
	if res, body := w.response(); res.StatusCode != 400 || !res.Close || !strings.Contains(body, "invalid URL escape") {
		t.Errorf("%s %q", res.Status, body)
	}
}

// A listener that wants some requests for itself hands on the others, from
// another goroutine if it likes. There the connection cannot be taken.
func TestHandlerOfSomeRequests(t *testing.T) {
	h := nethttp.HandlerFunc(func(w nethttp.ResponseWriter, _ *nethttp.Request) {
		_, _, err := nethttp.NewResponseController(w).Hijack()
		fmt.Fprint(w, err)
	})
	returned := make(chan struct{})
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		if req.URL() == "/own" {
			res.EndString("own")
			close(returned) // the listener before has
			return
		}
		go func() {
			<-returned
			adapt.Serve(h, req, res)
		}()
	})
	w := dial(t, s)
	w.send("GET /other HTTP/1.1\r\nHost: h\r\n\r\nGET /own HTTP/1.1\r\nHost: h\r\n\r\n")
	if _, body := w.response(); !strings.Contains(body, "has returned") {
		t.Errorf("got %q", body)
	}
	if _, body := w.response(); body != "own" {
		t.Errorf("got %q", body)
	}
}

// A response that is cut off while those before it wait does not take them along.
func TestHandlerAbortsInLine(t *testing.T) {
	for name, abort := range map[string]nethttp.HandlerFunc{
		"at once": func(nethttp.ResponseWriter, *nethttp.Request) { panic(nethttp.ErrAbortHandler) },
		"in the middle": func(w nethttp.ResponseWriter, _ *nethttp.Request) {
			io.WriteString(w, "half")
			w.(nethttp.Flusher).Flush()
			panic(nethttp.ErrAbortHandler)
		},
		"too short": func(w nethttp.ResponseWriter, _ *nethttp.Request) {
			w.Header().Set("Content-Length", "5")
			io.WriteString(w, "abc")
		},
	} {
		t.Run(name, func(t *testing.T) {
			var first *http.ServerResponse
			s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
				if req.URL() == "/first" {
					first = res
					return
				}
				defer func() {
					go first.EndString(strings.Repeat("x", 100_000))
				}()
				adapt.Serve(abort, req, res)
			})
			w := dial(t, s)
			w.send("GET /first HTTP/1.1\r\nHost: h\r\n\r\nGET /second HTTP/1.1\r\nHost: h\r\n\r\n")
			if _, got := w.response(); len(got) != 100_000 {
				t.Errorf("got %d bytes", len(got))
			}
			if got := w.seen("GET"); !strings.HasSuffix(got, "cut off") {
				t.Errorf("the second is %q", got)
			}
		})
	}
}

// A panic of a handler is reported, and its connection ends.
func TestHandlerThatPanics(t *testing.T) {
	errs := uncaught(t)
	s := start(t, nil)
	var body io.ReadCloser
	var ctx context.Context
	adapt.Mount(s, nethttp.HandlerFunc(func(_ nethttp.ResponseWriter, r *nethttp.Request) {
		body, ctx = r.Body, r.Context()
		panic("oops")
	}))
	w := dial(t, s)
	w.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello")
	if got := w.rest(); got != "" {
		t.Errorf("got %q", got)
	}
	if err := wait(t, errs, "the report"); !strings.Contains(err.Error(), "oops") {
		t.Error(err)
	}
	if _, err := body.Read(make([]byte, 1)); err != nethttp.ErrBodyReadAfterClose || ctx.Err() != context.Canceled {
		t.Error(err, ctx.Err())
	}
}

// The deadlines that a handler sets hold, and only while it runs.
func TestHandlerDeadlines(t *testing.T) {
	s := start(t, nil)
	failed := make(chan error, 1)
	adapt.Mount(s, nethttp.HandlerFunc(func(w nethttp.ResponseWriter, r *nethttp.Request) {
		control := nethttp.NewResponseController(w)
		if r.Method == "GET" {
			if err := errors.Join(control.SetReadDeadline(time.Now().Add(-time.Hour)),
				control.SetWriteDeadline(time.Now().Add(time.Hour))); err != nil {
				t.Error(err)
			}
			io.WriteString(w, "x")
			return
		}
		control.SetReadDeadline(time.Now().Add(10 * time.Millisecond))
		_, err := io.ReadAll(r.Body)
		failed <- err
		nethttp.Error(w, "too slow", nethttp.StatusRequestTimeout)
	}))
	w := dial(t, s)
	for range 2 {
		w.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
		if res, body := w.response(); res.StatusCode != 200 || body != "x" {
			t.Errorf("%s %q", res.Status, body)
		}
	}
	w.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhe")
	var timeout net.Error
	if err := wait(t, failed, "the deadline"); !errors.Is(err, os.ErrDeadlineExceeded) || !errors.As(err, &timeout) || !timeout.Timeout() {
		t.Error(err)
	}
	if got := w.rest(); !strings.HasPrefix(got, "HTTP/1.1 408") || !strings.HasSuffix(got, "too slow\n") ||
		!strings.Contains(got, "\r\nConnection: close\r\n") {
		t.Errorf("got %q", got)
	}
}

// A write deadline may be moved while the handler writes, and after it has passed, when
// Write tells. One that is set when the handler has returned is not for the next request.
func TestHandlerMovesItsWriteDeadline(t *testing.T) {
	earlier := make(chan *nethttp.ResponseController, 1)
	errs := make(chan error, 2)
	handler := func(w nethttp.ResponseWriter, r *nethttp.Request) {
		control := nethttp.NewResponseController(w)
		select {
		case control := <-earlier:
			if control.SetWriteDeadline(longAgo) == nil {
				t.Error("the deadline of a handler that has returned was set")
			}
		default:
		}
		defer func() { earlier <- control }()
		if r.URL.Path == "/passed" {
			errs <- control.SetWriteDeadline(longAgo)
			_, err := w.Write(large)
			for err == nil {
				_, err = w.Write(large)
			}
			var timeout net.Error
			if !errors.Is(err, os.ErrDeadlineExceeded) || !errors.As(err, &timeout) || !timeout.Timeout() {
				t.Error(err)
			}
			errs <- control.SetWriteDeadline(time.Now().Add(time.Hour))
			return
		}
		moved := make(chan struct{})
		go func() {
			defer close(moved)
			for range 100 {
				if err := control.SetWriteDeadline(time.Now().Add(time.Hour)); err != nil {
					t.Error(err)
				}
			}
		}()
		for range 100 {
			io.WriteString(w, "0123456789")
			control.Flush()
		}
		<-moved
	}
	s := start(t, nil)
	adapt.Mount(s, nethttp.HandlerFunc(handler))
	w := dial(t, s)
	for range 2 {
		w.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
		if res, body := w.response(); res.StatusCode != 200 || len(body) != 1000 {
			t.Errorf("%s, %d bytes", res.Status, len(body))
		}
	}
	w.send("GET /passed HTTP/1.1\r\nHost: h\r\n\r\n")
	for range 2 {
		if err := wait(t, errs, "the deadline"); err != nil {
			t.Error(err)
		}
	}
	w.cut()
}

// CloseNotify reports that a client has left, also while the handler waits.
func TestHandlerOfCutBody(t *testing.T) {
	s := start(t, nil)
	failed := make(chan error, 1)
	adapt.Mount(s, nethttp.HandlerFunc(func(_ nethttp.ResponseWriter, r *nethttp.Request) {
		_, err := io.ReadAll(r.Body)
		failed <- err
	}))
	w := dial(t, s)
	w.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhe")
	w.Close()
	if err := wait(t, failed, "the end"); code(err) != "ECONNRESET" || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Error(err)
	}
}

// A client that leaves is told of by CloseNotify, also while the handler waits.
func TestHandlerIsNotified(t *testing.T) {
	for name, serve := range handlerStacks {
		t.Run(name, func(t *testing.T) {
			leak.Check(t)
			here, left := make(chan struct{}), make(chan bool, 1)
			address := serve(t, nethttp.HandlerFunc(func(w nethttp.ResponseWriter, r *nethttp.Request) {
				c := w.(closeNotifier).CloseNotify()
				close(here)
				left <- <-c
			}))
			w := connect(t, address)
			w.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
			wait(t, here, "the handler")
			w.Close()
			if !wait(t, left, "the notice") {
				t.Error("the notice is false")
			}
		})
	}
}

// What a handler leaves of a body is received up to a limit; then the connection
// ends, and the client gets the answer nevertheless.
func TestHandlerLeavesABody(t *testing.T) {
	for name, serve := range handlerStacks {
		for framing, piece := range map[string]string{
			"Transfer-Encoding: chunked": "1000\r\n" + strings.Repeat("x", 0x1000) + "\r\n",
			"Content-Length: 9000000000": strings.Repeat("x", 0x1000),
		} {
			for _, flushes := range []bool{false, true} {
				t.Run(fmt.Sprint(name, " ", framing, " ", flushes), func(t *testing.T) {
					leak.Check(t)
					w := connect(t, serve(t, nethttp.HandlerFunc(func(w nethttp.ResponseWriter, r *nethttp.Request) {
						io.ReadFull(r.Body, make([]byte, 10))
						if flushes {
							nethttp.NewResponseController(w).EnableFullDuplex() // or net/http waits for more of the body
							w.(nethttp.Flusher).Flush()
						}
						io.WriteString(w, "enough")
					})))
					w.send("POST / HTTP/1.1\r\nHost: h\r\n", framing, "\r\n\r\n")
					sent := make(chan int)
					go func() {
						n := 0
						for {
							m, err := io.WriteString(w.Conn, piece)
							if n += m; err != nil {
								sent <- n
								return
							}
						}
					}()
					if res, got := w.response(); res.StatusCode != 200 || got != "enough" {
						t.Errorf("%s %q", res.Status, got)
					}
					if n := wait(t, sent, "the end of the connection"); n > 100<<20 {
						t.Errorf("%d bytes were taken", n)
					}
				})
			}
		}
	}
}

// A short rest of a body is received, and the connection serves on.
func TestHandlerLeavesLittle(t *testing.T) {
	for name, serve := range handlerStacks {
		t.Run(name, func(t *testing.T) {
			leak.Check(t)
			w := connect(t, serve(t, nethttp.HandlerFunc(func(w nethttp.ResponseWriter, r *nethttp.Request) {
				io.ReadFull(r.Body, make([]byte, 10))
				io.WriteString(w, "enough")
			})))
			for range 3 {
				w.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 50000\r\n\r\n", strings.Repeat("x", 50_000))
				if res, got := w.response(); res.StatusCode != 200 || got != "enough" || res.Close {
					t.Errorf("%s %q %v", res.Status, got, res.Close)
				}
			}
		})
	}
}

// The response says whether the connection outlives a body in chunks that is left unread.
func TestHandlerLeavesChunks(t *testing.T) {
	for name, serve := range handlerStacks {
		for size, closes := range map[int]bool{50_000: false, 1_000_000: true} {
			t.Run(fmt.Sprint(name, " ", size), func(t *testing.T) {
				leak.Check(t)
				w := connect(t, serve(t, nethttp.HandlerFunc(func(w nethttp.ResponseWriter, r *nethttp.Request) {
					io.CopyN(io.Discard, r.Body, 100)
					nethttp.Error(w, "enough", nethttp.StatusRequestEntityTooLarge)
				})))
				sent := make(chan struct{})
				go func() {
					defer close(sent)
					fmt.Fprintf(w.Conn, "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n", size, strings.Repeat("x", size))
				}()
				if res, got := w.response(); res.StatusCode != 413 || got != "enough\n" || res.Close != closes {
					t.Errorf("%s %q, close %v", res.Status, got, res.Close)
				}
				if closes {
					w.Conn.Close()
				}
				wait(t, sent, "the request to be sent")
			})
		}
	}
}

// The files of a form do not outlive the handler.
func TestHandlerOfForms(t *testing.T) {
	for name, serve := range handlerStacks {
		t.Run(name, func(t *testing.T) {
			leak.Check(t)
			files := make(chan string, 1)
			w := connect(t, serve(t, nethttp.HandlerFunc(func(w nethttp.ResponseWriter, r *nethttp.Request) {
				if err := r.ParseMultipartForm(0); err != nil {
					t.Error(err)
					return
				}
				f, err := r.MultipartForm.File["f"][0].Open()
				if err != nil {
					t.Error(err)
					return
				}
				defer f.Close()
				file, ok := f.(*os.File)
				if !ok {
					t.Errorf("the part is a %T", f)
					return
				}
				files <- file.Name()
			})))
			form := "--B\r\nContent-Disposition: form-data; name=\"f\"; filename=\"n\"\r\n\r\n" + strings.Repeat("x", 1<<20) + "\r\n--B--\r\n"
			w.send("POST / HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Type: multipart/form-data; boundary=B\r\n",
				fmt.Sprintf("Content-Length: %d\r\n\r\n", len(form)), form)
			w.rest()
			file := wait(t, files, "the handler")
			for limit := time.Now().Add(patience); ; time.Sleep(time.Millisecond) {
				if _, err := os.Stat(file); errors.Is(err, os.ErrNotExist) {
					break
				}
				if time.Now().After(limit) {
					t.Fatalf("%s is there still", file)
				}
			}
		})
	}
}

// A handler learns of TLS beneath.
func TestHandlerOverTLS(t *testing.T) {
	told := nethttp.HandlerFunc(func(w nethttp.ResponseWriter, r *nethttp.Request) {
		fmt.Fprint(w, r.TLS != nil && r.TLS.HandshakeComplete && r.TLS.ServerName == "example.com")
	})
	standard := httptest.NewTLSServer(told)
	defer standard.Close()
	roots := x509.NewCertPool()
	roots.AddCert(standard.Certificate())
	for name, serve := range map[string]func(t *testing.T) (address string){
		"net/http": func(t *testing.T) string { return standard.Listener.Addr().String() },
		"ours below net/http": func(t *testing.T) string {
			s := http.CreateServer()
			adapt.Mount(s, told)
			outer := httptest.NewTLSServer(adapt.NewHandler(s))
			t.Cleanup(outer.Close)
			return outer.Listener.Addr().String()
		},
		"ours": func(t *testing.T) string {
			s := http.CreateServer()
			adapt.Mount(s, told)
			l, err := tls.Listen("tcp", "127.0.0.1:0", standard.TLS)
			if err != nil {
				t.Fatal(err)
			}
			if err := s.ListenHandle(l); err != nil {
				t.Fatal(err)
			}
			stopAtEnd(t, s)
			return l.Addr().String()
		},
	} {
		t.Run(name, func(t *testing.T) {
			leak.Check(t)
			c, err := tls.Dial("tcp", serve(t), &tls.Config{RootCAs: roots, ServerName: "example.com"})
			if err != nil {
				t.Fatal(err)
			}
			w := onWire(t, c)
			w.send("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
			if _, got := w.response(); got != "true" {
				t.Errorf("got %q", got)
			}
			w.Close()
		})
	}
}
