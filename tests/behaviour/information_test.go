package behaviour_test

// Informational responses: any status can be sent, and passed on.

import (
	"errors"
	"io"
	nethttp "net/http"
	"net/http/httputil"
	neturl "net/url"
	"testing"

	http "nodehttp/generated/http"
	adapt "nodehttp/generated/http/nethttp"
)

// WriteInformation sends any 1xx with the fields as they are written, in the order of
// the calls and before the head, and is refused once the head is fixed, as Node 26 does.
func TestWriteInformation(t *testing.T) {
	taken := make(chan int, 2)
	s := start(t, func(_ *http.IncomingMessage, res *http.ServerResponse) {
		for _, err := range []error{
			res.WriteInformation(100, nil),
			res.WriteInformation(104, http.Headers{{"x-B", "1"}, {"X-A", "2"}, {"x-B", "3"}}, func() { taken <- 104 }),
			res.WriteInformation(102, nil),
			res.WriteInformation(199, http.Headers{{"Link", "no link"}}, func() { taken <- 199 }),
		} {
			if err != nil {
				t.Error(err)
			}
		}
		for status, want := range map[int]error{
			99: http.ErrOutOfRange, 200: http.ErrOutOfRange, -1: http.ErrOutOfRange, 101: http.ErrHTTPInvalidStatusCode,
		} {
			if err := res.WriteInformation(status, nil); !errors.Is(err, want) {
				t.Errorf("%d: %v", status, err)
			}
		}
		for _, fields := range []http.Headers{{{"content-length", "0"}}, {{"A", "1"}, {"Transfer-Encoding", "chunked"}}} {
			if err := res.WriteInformation(103, fields); !errors.Is(err, http.ErrHTTPInvalidHeaderValue) {
				t.Errorf("%v: %v", fields, err)
			}
		}
		res.SetSendDate(false)
		res.WriteHead(200, http.Headers{{"Content-Length", "1"}})
		if err := res.WriteInformation(103, nil); !errors.Is(err, http.ErrHTTPHeadersSent) {
			t.Error("behind WriteHead:", err)
		}
		res.EndString("x")
		if err := res.WriteInformation(103, nil); !errors.Is(err, http.ErrHTTPHeadersSent) {
			t.Error("behind End:", err)
		}
	})
	const final = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx"
	w := dial(t, s)
	w.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
	w.expect("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 104 unknown\r\nx-B: 1\r\nX-A: 2\r\nx-B: 3\r\n\r\n" +
		"HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 199 unknown\r\nLink: no link\r\n\r\n" + final)
	w.rest()
	for _, want := range []int{104, 199} {
		if got := wait(t, taken, "the callback"); got != want {
			t.Errorf("the callback of %d came for that of %d", got, want)
		}
	}
	old := dial(t, s)
	old.send("GET / HTTP/1.0\r\n\r\n")
	if got := old.rest(); got != final {
		t.Errorf("a client of HTTP/1.0 got %q", got)
	}
	wait(t, taken, "the callback")
	wait(t, taken, "the callback")
}

// Of pipelined requests the informational responses of the second wait for the answer
// to the first.
func TestInformationInLine(t *testing.T) {
	first := make(chan *http.ServerResponse, 1)
	informed := make(chan struct{})
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		res.SetSendDate(false)
		if req.URL() == "/1" {
			first <- res
			return
		}
		res.WriteInformation(104, http.Headers{{"N", "2"}})
		res.EndString("2")
		close(informed)
	})
	w := dial(t, s)
	w.send("GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n")
	res := wait(t, first, "the first request")
	wait(t, informed, "the second request")
	res.WriteInformation(102, nil)
	res.EndString("1")
	const head = "HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nKeep-Alive: timeout=5\r\nContent-Length: 1\r\n\r\n"
	w.expect("HTTP/1.1 102 Processing\r\n\r\n" + head + "1HTTP/1.1 104 unknown\r\nN: 2\r\n\r\n" + head + "2")
}

// net/http's ReverseProxy, mounted on our server and with our transport, passes on
// whatever informational responses come.
func TestReverseProxyInforms(t *testing.T) {
	upstream := start(t, func(_ *http.IncomingMessage, res *http.ServerResponse) {
		res.SetSendDate(false)
		res.WriteInformation(104, http.Headers{{"Upload-Offset", "1"}})
		res.WriteInformation(102, nil)
		res.WriteInformation(103, http.Headers{{"Link", "</a.css>; rel=preload"}})
		res.WriteInformation(199, http.Headers{{"N", "1"}, {"N", "2"}})
		res.EndString("x")
	})
	target, err := neturl.Parse(url(upstream, ""))
	if err != nil {
		t.Fatal(err)
	}
	rt, _ := transport(t, http.AgentOptions{})
	front := start(t, nil)
	adapt.Mount(front, &httputil.ReverseProxy{
		Rewrite:   func(r *httputil.ProxyRequest) { r.SetURL(target) },
		Transport: rt,
		ModifyResponse: func(res *nethttp.Response) error {
			res.Header = nethttp.Header{"Date": nil, "Content-Type": {"text/plain"}}
			return nil
		},
	})
	w := dial(t, front)
	io.WriteString(w, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
	w.expect("HTTP/1.1 104 unknown\r\nUpload-Offset: 1\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n" +
		"HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\nHTTP/1.1 199 unknown\r\nN: 1\r\nN: 2\r\n\r\n" +
		"HTTP/1.1 200 OK\r\n")
	w.rest()
}
