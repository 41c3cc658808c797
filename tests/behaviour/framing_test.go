package behaviour_test

// What a program says about where the body of its own message ends: what a peer
// could misread is refused before a byte leaves.

import (
	"bufio"
	"context"
	"errors"
	"io"
	"maps"
	"net"
	nethttp "net/http"
	"testing"

	http "nodehttp/generated/http"
	adapt "nodehttp/generated/http/nethttp"
	"nodehttp/tests/leak"
)

type response = http.ServerResponse

// firstError returns the first error.
func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func str(_ int, err error) error { return err }

// misleading are headers with which the peer would not know where the body ends,
// whichever side sends them.
var misleading = map[string]http.Headers{
	"length in hex":          {{"Content-Length", "0x2"}},
	"length with a sign":     {{"Content-Length", "+2"}},
	"length with a space":    {{"Content-Length", " 2"}},
	"length below zero":      {{"Content-Length", "-1"}},
	"length beyond 63 bits":  {{"Content-Length", "9223372036854775808"}},
	"length with underscore": {{"Content-Length", "1_0"}},
	"empty length":           {{"Content-Length", ""}},
	"list of lengths":        {{"Content-Length", "2, 2"}},
	"two lengths":            {{"Content-Length", "1"}, {"Content-Length", "2"}},
	"equal lengths":          {{"Content-Length", "2"}, {"X", "y"}, {"content-length", "2"}},
	"chunked not last":       {{"Transfer-Encoding", "chunked, gzip"}},
	"chunked twice":          {{"Transfer-Encoding", "chunked, chunked"}},
	"chunked with parameter": {{"Transfer-Encoding", "chunked;q=1"}},
	"empty coding":           {{"Transfer-Encoding", ""}},
	"no coding":              {{"Transfer-Encoding", "chunk ed"}},
	"two fields":             {{"Transfer-Encoding", "gzip"}, {"transfer-encoding", "chunked"}},
}

func TestMisleadingResponse(t *testing.T) {
	for name, headers := range misleading {
		for _, how := range []string{"EndString", "Write", "WriteHead", "FlushHeaders"} {
			t.Run(name+"/"+how, func(t *testing.T) {
				refused := make(chan error, 1)
				s := start(t, func(req *http.IncomingMessage, res *response) {
					if how == "WriteHead" {
						refused <- res.WriteHead(200, headers)
					} else {
						for _, h := range headers {
							res.AppendHeader(h[0], h[1])
						}
					}
					switch how {
					case "EndString":
						refused <- res.EndString("ab")
					case "Write":
						refused <- str(res.WriteString("ab"))
					case "FlushHeaders":
						refused <- res.FlushHeaders()
					}
					for _, h := range headers { // nothing has left, so it can be mended
						res.RemoveHeader(h[0])
					}
					res.SetSendDate(false)
					if err := res.EndString("mended"); err != nil {
						t.Error(err)
					}
				})
				w := dial(t, s)
				w.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
				if err := wait(t, refused, "the error"); !errors.Is(err, http.ErrHTTPInvalidHeaderValue) {
					t.Fatal(err)
				}
				if res, text := w.response(); res.StatusCode != 200 || text != "mended" {
					t.Errorf("got %d %q", res.StatusCode, text)
				}
			})
		}
	}
}

func TestMisleadingRequest(t *testing.T) {
	s := start(t, func(req *http.IncomingMessage, res *response) {
		t.Error("a request has left")
		res.End()
	})
	all := maps.Clone(misleading)
	all["a coding that does not end"] = http.Headers{{"Transfer-Encoding", "gzip"}} // a response may have it
	for name, headers := range all {
		t.Run(name, func(t *testing.T) {
			o := http.RequestOptions{Method: "POST", Headers: headers, NoAgent: true}
			req := http.RequestURLWith(url(s, "/"), o)
			req.EndString("ab")
			if _, err := req.Await(context.Background()); !errors.Is(err, http.ErrHTTPInvalidHeaderValue) {
				t.Error("among the options:", err)
			}
			o.Headers = nil
			req = http.RequestURLWith(url(s, "/"), o)
			req.OnError(func(error) {}) // of Destroy
			for _, h := range headers {
				req.AppendHeader(h[0], h[1])
			}
			if err := req.EndString("ab"); !errors.Is(err, http.ErrHTTPInvalidHeaderValue) {
				t.Error("set later:", err)
			}
			req.Destroy()
		})
	}
}

// Get ends its request itself, so that what End would return goes to 'error'.
func TestGetThatMayNotLeave(t *testing.T) {
	s := start(t, func(req *http.IncomingMessage, res *response) {
		t.Error("a request has left")
		res.End()
	})
	req := http.GetURLWith(url(s, "/"), http.RequestOptions{Headers: http.Headers{{"Trailer", "Sum"}}, NoAgent: true})
	if _, err := req.Await(context.Background()); !errors.Is(err, http.ErrHTTPTrailerInvalid) {
		t.Error(err)
	}
}

func TestFramingInTrailers(t *testing.T) {
	s := start(t, func(req *http.IncomingMessage, res *response) {
		res.SetHeader("Transfer-Encoding", "chunked")
		for _, name := range []string{"Content-Length", "content-length", "Transfer-Encoding"} {
			err := res.AddTrailers(http.Headers{{"X-Lost", "1"}, {name, "7"}})
			if !errors.Is(err, http.ErrHTTPTrailerInvalid) {
				t.Error(name, err)
			}
		}
		if err := res.AddTrailers(http.Headers{{"X-Sum", "1"}}); err != nil {
			t.Error(err)
		}
		res.SetSendDate(false)
		res.EndString("x")
	})
	w := dial(t, s)
	w.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
	w.expect("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n1\r\nx\r\n0\r\nX-Sum: 1\r\n\r\n")
}

// A client of HTTP/1.0 is sent what it can read: no Transfer-Encoding, and no
// informational responses.
func TestAnswerToHTTP10(t *testing.T) {
	const unframed = "HTTP/1.1 200 OK\r\nDate: NOW\r\nConnection: close\r\n\r\n"
	chunked := http.Headers{{"Transfer-Encoding", "Chunked"}}
	for name, c := range map[string]struct {
		method  string
		headers http.Headers
		want    string
	}{
		"chunked":            {"GET", chunked, unframed + "body"},
		"chunked and length": {"GET", append(http.Headers{{"Content-Length", "4"}}, chunked...), unframed + "body"},
		"nothing":            {"GET", nil, unframed + "body"},
		"HEAD":               {"HEAD", chunked, unframed},
	} {
		t.Run(name, func(t *testing.T) {
			s := start(t, func(_ *http.IncomingMessage, res *response) {
				err := firstError(res.WriteContinue(), res.WriteProcessing(), res.WriteEarlyHints(http.Headers{{"Link", "</a>; rel=preload"}}),
					res.WriteHead(200, c.headers), str(res.WriteString("bo")), res.EndString("dy"))
				if err != nil {
					t.Error(err)
				}
			})
			w := dial(t, s)
			w.send(c.method + " / HTTP/1.0\r\nConnection: keep-alive\r\nTE: chunked\r\n\r\n")
			if got := w.rest(); got != c.want {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
	t.Run("another coding", func(t *testing.T) {
		s := start(t, func(_ *http.IncomingMessage, res *response) {
			for _, coding := range []string{"gzip", "gzip, chunked"} {
				if err := res.WriteHead(200, http.Headers{{"Transfer-Encoding", coding}}); !errors.Is(err, http.ErrHTTPInvalidHeaderValue) {
					t.Errorf("%s: %v", coding, err)
				}
			}
			res.EndString("body")
		})
		w := dial(t, s)
		w.send("GET / HTTP/1.0\r\n\r\n")
		if got := w.rest(); got != unframed+"body" {
			t.Errorf("got %q", got)
		}
	})
}

// An informational response has no body, and does not say that it had.
func TestFramingInInformationalResponses(t *testing.T) {
	s := start(t, func(_ *http.IncomingMessage, res *response) {
		for _, h := range [][2]string{{"content-length", "0"}, {"Transfer-Encoding", "chunked"}} {
			for _, hints := range []http.Headers{{{"Link", "</a>; rel=preload"}, h}, {h}} {
				if err := res.WriteEarlyHints(hints); !errors.Is(err, http.ErrHTTPInvalidHeaderValue) {
					t.Errorf("%q: %v", hints, err)
				}
			}
		}
		res.EndString("body")
	})
	w := dial(t, s)
	w.send(getAndClose)
	if got := w.rest(); got != "HTTP/1.1 200 OK\r\nDate: NOW\r\nConnection: close\r\nContent-Length: 4\r\n\r\nbody" {
		t.Errorf("got %q", got)
	}
}

// A Go string is a list of bytes, and so is a value.
func TestHeaderValuesAreBytes(t *testing.T) {
	s := start(t, func(req *http.IncomingMessage, res *response) {
		res.SetSendDate(false)
		if err := res.SetHeader("X-A", "caf\xe9 日"); err != nil {
			t.Error(err)
		}
		res.EndString("x")
	})
	w := dial(t, s)
	w.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
	w.expect("HTTP/1.1 200 OK\r\nX-A: caf\xe9 日\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx")
}

// A handler of net/http may set what net/http sends as it is.
func TestHandlerWithTwoLengths(t *testing.T) {
	s := start(t, nil)
	adapt.Mount(s, nethttp.HandlerFunc(func(w nethttp.ResponseWriter, r *nethttp.Request) {
		w.Header()["Content-Length"] = []string{" 2", "3"}
		io.WriteString(w, "ab")
	}))
	w := dial(t, s)
	w.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
	if res, text := w.response(); text != "ab" || len(res.Header["Content-Length"]) != 1 {
		t.Errorf("got %q with %q", text, res.Header)
	}
}

// Trailers say nothing about the message, its connection or the next message, in either
// role. A program finds them as they came, and cannot forward those that must not be
// sent.
func TestTrailersWithoutEffect(t *testing.T) {
	trailers := http.Headers{
		{"Connection", "close"}, {"Keep-Alive", "timeout=0"}, {"Proxy-Connection", "close"}, {"Upgrade", "x"}, {"HTTP2-Settings", "x"},
		{"TE", "gzip"}, {"Trailer", "x"}, {"Host", "b"}, {"Max-Forwards", "0"}, {"Expect", "100-continue"},
		{"Cache-Control", "no-store"}, {"Pragma", "no-cache"}, {"Range", "bytes=0-0"}, {"If-None-Match", "*"},
		{"Authorization", "Basic YTpi"}, {"Proxy-Authorization", "Basic YTpi"}, {"WWW-Authenticate", "Basic"}, {"Proxy-Authenticate", "Basic"},
		{"Cookie", "a=b"}, {"Set-Cookie", "a=b"}, {"Content-Encoding", "gzip"}, {"Content-Range", "bytes 0-0/1"}, {"Content-Type", "x/y"},
	}
	section := "5\r\nhello\r\n0\r\n"
	for _, h := range trailers {
		section += h[0] + ": " + h[1] + "\r\n"
	}
	section += "X-Sum: 7\r\n\r\n"
	check := func(m *http.IncomingMessage) {
		body, err := io.ReadAll(m)
		raw := m.RawTrailers()
		if err != nil || string(body) != "hello" || len(raw) != len(trailers)+1 {
			t.Errorf("%q, %v, %q", body, err, raw)
		}
		for i, h := range trailers {
			if raw[i] != h || m.Header(h[0]) == h[1] {
				t.Errorf("%q: told %q, in the header %q", h, raw[i], m.Header(h[0]))
			}
		}
	}
	t.Run("request", func(t *testing.T) {
		s := start(t, func(req *http.IncomingMessage, res *response) {
			if req.Method() == "POST" {
				check(req)
			}
			for _, h := range trailers {
				if err := res.AddTrailers(http.Headers{{"X-Lost", "1"}, h}); !errors.Is(err, http.ErrHTTPTrailerInvalid) {
					t.Error(h, err)
				}
			}
			res.EndString("x")
		})
		w := dial(t, s)
		for range 2 {
			w.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + section + "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
			for range 2 {
				if res, body := w.response(); res.StatusCode != 200 || res.Close || body != "x" {
					t.Error(res, body)
				}
			}
		}
	})
	t.Run("response", func(t *testing.T) {
		leak.Check(t)
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		go func() {
			c, err := l.Accept()
			if err != nil {
				return
			}
			defer c.Close()
			r := bufio.NewReader(c)
			for {
				if _, err := nethttp.ReadRequest(r); err != nil {
					return
				}
				io.WriteString(c, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"+section)
			}
		}()
		agent := http.NewAgent(http.AgentOptions{KeepAlive: true})
		defer agent.Destroy()
		for i := range 3 {
			req := http.GetURLWith("http://"+l.Addr().String(), http.RequestOptions{Agent: agent})
			res, err := req.Await(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			check(res)
			if req.ReusedSocket() != (i > 0) {
				t.Errorf("request %d: reused %t", i, req.ReusedSocket())
			}
		}
	})
}
