package behaviour_test

// What a response looks like on the wire, byte for byte as Node writes it, and
// the codes of what cannot be sent. testdata/responses.json was written by
// testdata/responses.js, whose cases have their counterparts here.

import (
	"encoding/json"
	"io"
	"os"
	"testing"

	http "nodehttp/generated/http"
)

type recordedResponse struct {
	Name    string
	Request string
	Wire    string
	Closed  bool
	Code    string
}

type response = http.ServerResponse

// first returns the first error.
func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func str(_ int, err error) error { return err }

var responses = map[string]func(res *response) error{
	"end with nothing": func(res *response) error { return res.End() },
	"end with a body":  func(res *response) error { return res.EndString("hello") },
	"write and end": func(res *response) error {
		return firstError(str(res.WriteString("ab")), str(res.WriteString("cde")), res.End())
	},
	"write and end with a body":     func(res *response) error { return firstError(str(res.WriteString("ab")), res.EndString("c")) },
	"writeHead and end":             func(res *response) error { return firstError(res.WriteHead(200), res.End()) },
	"writeHead and end with a body": func(res *response) error { return firstError(res.WriteHead(200), res.EndString("hello")) },
	"writeHead with a length": func(res *response) error {
		return firstError(res.WriteHead(201, http.Headers{{"Content-Length", "5"}}), res.EndString("hello"))
	},
	"writeHead with a reason": func(res *response) error {
		return firstError(res.WriteHeadMessage(404, "Nope", http.Headers{{"X-A", "1"}}), res.EndString("x"))
	},
	"flushHeaders and end": func(res *response) error { return firstError(res.FlushHeaders(), res.EndString("x")) },
	"statusCode and statusMessage": func(res *response) error {
		res.SetStatusCode(418)
		res.SetStatusMessage("Short")
		return res.End()
	},
	"a status without a standard message": func(res *response) error { res.SetStatusCode(299); return res.End() },
	"order and case of headers": func(res *response) error {
		return firstError(res.SetHeader("X-One", "1"), res.SetHeader("x-TWO", "2"), res.SetHeader("X-one", "3"), res.End())
	},
	"a header with several values": func(res *response) error {
		return firstError(res.SetHeaderValues("Set-Cookie", []string{"a=1", "b=2"}), res.End())
	},
	"appendHeader": func(res *response) error {
		return firstError(res.SetHeader("A", "1"), res.SetHeader("B", "2"), res.AppendHeader("a", "3"),
			res.AppendHeaderValues("C", []string{"4", "5"}), res.End())
	},
	"removeHeader": func(res *response) error {
		return firstError(res.SetHeader("A", "1"), res.SetHeader("B", "2"), res.RemoveHeader("a"), res.End())
	},
	"remove Date":           func(res *response) error { return firstError(res.RemoveHeader("Date"), res.End()) },
	"sendDate off":          func(res *response) error { res.SetSendDate(false); return res.End() },
	"remove Connection":     func(res *response) error { return firstError(res.RemoveHeader("Connection"), res.EndString("x")) },
	"remove Content-Length": func(res *response) error { return firstError(res.RemoveHeader("Content-Length"), res.EndString("x")) },
	"remove Transfer-Encoding": func(res *response) error {
		return firstError(res.RemoveHeader("Transfer-Encoding"), str(res.WriteString("x")), res.End())
	},
	"remove Content-Length and Transfer-Encoding": func(res *response) error {
		return firstError(res.RemoveHeader("Content-Length"), res.RemoveHeader("Transfer-Encoding"), res.EndString("x"))
	},
	"a Date of one's own": func(res *response) error { return firstError(res.SetHeader("date", "today"), res.End()) },
	"Connection: close":   func(res *response) error { return firstError(res.SetHeader("Connection", "close"), res.EndString("x")) },
	"Connection: keep-alive": func(res *response) error {
		return firstError(res.SetHeader("Connection", "keep-alive"), res.EndString("x"))
	},
	"Keep-Alive of one's own": func(res *response) error {
		return firstError(res.SetHeader("Keep-Alive", "timeout=9"), res.EndString("x"))
	},
	"Transfer-Encoding: chunked": func(res *response) error {
		return firstError(res.SetHeader("Transfer-Encoding", "chunked"), res.EndString("x"))
	},
	"writeHead over setHeader": func(res *response) error {
		return firstError(res.SetHeader("A", "1"), res.SetHeader("B", "2"),
			res.WriteHead(200, http.Headers{{"b", "3"}, {"C", "4"}}), res.End())
	},
	"writeHead with a list": func(res *response) error {
		return firstError(res.WriteHead(200, http.Headers{{"A", "1"}, {"B", "2"}, {"a", "3"}}), res.End())
	},
	"HEAD with a body":    func(res *response) error { return res.EndString("hello") },
	"HEAD with a length":  func(res *response) error { return firstError(res.SetHeader("Content-Length", "5"), res.End()) },
	"HEAD with writes":    func(res *response) error { return firstError(str(res.WriteString("hello")), res.End()) },
	"HEAD with writeHead": func(res *response) error { return firstError(res.WriteHead(200), res.End()) },
	"204":                 func(res *response) error { res.SetStatusCode(204); return res.EndString("dropped") },
	"204 with writeHead":  func(res *response) error { return firstError(res.WriteHead(204), res.End()) },
	"204 in chunks": func(res *response) error {
		return firstError(res.WriteHead(204, http.Headers{{"Transfer-Encoding", "chunked"}}), res.End())
	},
	"304": func(res *response) error { res.SetStatusCode(304); return res.End() },
	"304 with a length": func(res *response) error {
		return firstError(res.WriteHead(304, http.Headers{{"Content-Length", "9"}}), res.End())
	},
	"HTTP/1.0":             func(res *response) error { return res.EndString("hello") },
	"HTTP/1.0 with writes": func(res *response) error { return firstError(str(res.WriteString("he")), res.EndString("llo")) },
	"HTTP/1.0 keep-alive":  func(res *response) error { return res.EndString("hello") },
	"HTTP/1.0 keep-alive with a length": func(res *response) error {
		return firstError(res.SetHeader("Content-Length", "5"), res.EndString("hello"))
	},
	"HTTP/1.0 keep-alive 204":    func(res *response) error { return firstError(res.WriteHead(204), res.End()) },
	"HTTP/1.0 TE: chunked":       func(res *response) error { return firstError(str(res.WriteString("he")), res.EndString("llo")) },
	"the request closes":         func(res *response) error { return res.EndString("hello") },
	"the request closes, writes": func(res *response) error { return firstError(str(res.WriteString("hello")), res.End()) },
	"trailers": func(res *response) error {
		return firstError(res.SetHeader("Trailer", "X-Sum"), str(res.WriteString("x")),
			res.AddTrailers(http.Headers{{"X-Sum", "7"}}), res.End())
	},
	"trailers behind a last chunk": func(res *response) error {
		return firstError(res.SetHeader("Trailer", "X-Sum"), res.AddTrailers(http.Headers{{"X-Sum", "7"}}), res.EndString("x"))
	},
	"trailers without chunks": func(res *response) error {
		return firstError(res.AddTrailers(http.Headers{{"X-Sum", "7"}}), res.EndString("x"))
	},
	"Trailer with a length": func(res *response) error {
		return firstError(res.SetHeader("Trailer", "X"), res.SetHeader("Content-Length", "1"), res.EndString("x"))
	},
	"writeContinue":   func(res *response) error { return firstError(res.WriteContinue(), res.EndString("x")) },
	"writeProcessing": func(res *response) error { return firstError(res.WriteProcessing(), res.EndString("x")) },
	"writeEarlyHints": func(res *response) error {
		return firstError(res.WriteEarlyHints(http.Headers{{"Link", "</a.css>; rel=preload"}}), res.EndString("x"))
	},
	"cork": func(res *response) error {
		res.Cork()
		err := firstError(str(res.WriteString("ab")), str(res.WriteString("cd")))
		res.Uncork()
		return firstError(err, res.End())
	},
	"setHeader after the head":    func(res *response) error { return firstError(res.WriteHead(200), res.SetHeader("A", "1")) },
	"removeHeader after the head": func(res *response) error { return firstError(res.WriteHead(200), res.RemoveHeader("A")) },
	"appendHeader after the head": func(res *response) error { return firstError(res.WriteHead(200), res.AppendHeader("A", "1")) },
	"writeHead with status 99":    func(res *response) error { return res.WriteHead(99) },
	"writeHead with status 1000":  func(res *response) error { return res.WriteHead(1000) },
	"statusCode 1000":             func(res *response) error { res.SetStatusCode(1000); return res.End() },
	"statusCode 0":                func(res *response) error { res.SetStatusCode(0); return res.FlushHeaders() },
	"statusMessage with a line end": func(res *response) error {
		res.SetStatusMessage("a\r\nX: y")
		return res.End()
	},
	"writeHead with a line end in the reason": func(res *response) error { return res.WriteHeadMessage(200, "a\r\nX: y") },
	"a name with a space":                     func(res *response) error { return res.SetHeader("a b", "1") },
	"an empty name":                           func(res *response) error { return res.SetHeader("", "1") },
	"a value with a line end":                 func(res *response) error { return res.SetHeader("a", "1\r\nX: y") },
	"writeHead with a bad name":               func(res *response) error { return res.WriteHead(200, http.Headers{{"a b", "1"}}) },
	"writeHead with a bad value":              func(res *response) error { return res.WriteHead(200, http.Headers{{"a", "\x00"}}) },
	"a trailer with a bad name":               func(res *response) error { return res.AddTrailers(http.Headers{{"a b", "1"}}) },
	"a trailer with a bad value":              func(res *response) error { return res.AddTrailers(http.Headers{{"a", "1\n"}}) },
	"writeHead twice":                         func(res *response) error { return firstError(res.WriteHead(200), res.WriteHead(200)) },
	"writeContinue after the head":            func(res *response) error { return firstError(res.FlushHeaders(), res.WriteContinue()) },
	"early hints with a line end": func(res *response) error {
		return res.WriteEarlyHints(http.Headers{{"Link", "</a>; rel=preload"}, {"a", "1\r\nX: y"}})
	},
	"writeHead with a list over setHeader": func(res *response) error {
		return firstError(res.SetHeader("A", "0"), res.WriteHead(200, http.Headers{{"A", "1"}, {"B", "2"}, {"a", "3"}}), res.End())
	},
}

// deviations are the cases in which a response differs from Node's on purpose.
var deviations = map[string]recordedResponse{
	// The second head would be lost without a word.
	"writeHead twice": {Code: "ERR_HTTP_HEADERS_SENT"},
	// An informational response in the middle of another one is not HTTP.
	"writeContinue after the head": {Code: "ERR_HTTP_HEADERS_SENT"},
	// A line end would let a value write fields of its own.
	"early hints with a line end": {Code: "ERR_INVALID_CHAR"},
	// A list of headers may name one several times; none of them is lost.
	"writeHead with a list over setHeader": {Wire: "HTTP/1.1 200 OK\r\nA: 1\r\nA: 3\r\nB: 2\r\nDate: NOW\r\n" +
		"Connection: keep-alive\r\nKeep-Alive: timeout=5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
	// An answer without a body does not announce one.
	"204 in chunks": {Wire: "HTTP/1.1 204 No Content\r\nDate: NOW\r\nConnection: keep-alive\r\nKeep-Alive: timeout=5\r\n\r\n"},
	// A client of HTTP/1.0 is never sent chunks.
	"HTTP/1.0 TE: chunked": {Wire: "HTTP/1.1 200 OK\r\nDate: NOW\r\nConnection: close\r\n\r\nhello", Closed: true},
	// A body that nothing frames ends with the connection, and says so.
	"remove Transfer-Encoding":                    {Wire: unframed, Closed: true},
	"remove Content-Length and Transfer-Encoding": {Wire: unframed, Closed: true},
}

const unframed = "HTTP/1.1 200 OK\r\nDate: NOW\r\nConnection: close\r\n\r\nx"

func TestResponseOnTheWire(t *testing.T) {
	data, err := os.ReadFile("testdata/responses.json")
	if err != nil {
		t.Fatal(err)
	}
	var recorded []recordedResponse
	if err := json.Unmarshal(data, &recorded); err != nil {
		t.Fatal(err)
	}
	seen := make(map[string]bool)
	for _, want := range recorded {
		seen[want.Name] = true
		respond := responses[want.Name]
		if respond == nil {
			t.Errorf("no counterpart for %q", want.Name)
			continue
		}
		if d, ok := deviations[want.Name]; ok {
			d.Name, d.Request = want.Name, want.Request
			want = d
		}
		t.Run(want.Name, func(t *testing.T) {
			if want.Code != "" {
				testRefused(t, want, respond)
				return
			}
			testWritten(t, want, respond)
		})
	}
	for name := range responses {
		if !seen[name] {
			t.Errorf("Node was not asked for %q", name)
		}
	}
}

func testWritten(t *testing.T, want recordedResponse, respond func(*response) error) {
	s := start(t, func(req *http.IncomingMessage, res *response) {
		if req.URL() == "/next" {
			res.SetSendDate(false)
			res.EndString("next")
			return
		}
		if err := respond(res); err != nil {
			t.Error(err)
		}
	})
	w := dial(t, s)
	w.send(want.Request)
	w.expect(want.Wire)
	if want.Closed {
		if rest := w.rest(); rest != "" {
			t.Errorf("behind the response: %q", rest)
		}
		return
	}
	// That nothing else was sent, and the connection persists, shows with the next.
	w.send("GET /next HTTP/1.1\r\nHost: a\r\n\r\n")
	w.expect("HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nKeep-Alive: timeout=5\r\nContent-Length: 4\r\n\r\nnext")
}

// testRefused checks the code, and that a call that failed sends nothing.
func testRefused(t *testing.T, want recordedResponse, respond func(*response) error) {
	refused := make(chan error, 1)
	s := start(t, func(req *http.IncomingMessage, res *response) {
		refused <- respond(res)
		if !res.HeadersSent() {
			res.SetStatusCode(500)
			res.SetStatusMessage("")
			res.RemoveHeader("Trailer")
		}
		res.SetSendDate(false)
		if err := res.EndString("x"); err != nil && !res.Destroyed() {
			t.Error(err)
		}
	})
	w := dial(t, s)
	w.send(want.Request)
	if err := wait(t, refused, "the error"); code(err) != want.Code {
		t.Fatalf("got %v, want %s", err, want.Code)
	}
	answer, err := io.ReadAll(io.LimitReader(w.r, 9))
	if err != nil {
		t.Fatal(err)
	}
	if s := string(answer); s != "" && s != "HTTP/1.1 " {
		t.Errorf("got %q", s)
	}
}

// A request that is destroyed behind its answer closes, also if it is in a listener.
func TestRequestDestroyedBehindItsAnswer(t *testing.T) {
	for name, destroy := range map[string]func(*http.IncomingMessage, *http.ServerResponse){
		"in the listener": func(req *http.IncomingMessage, res *http.ServerResponse) { res.EndString("x"); req.Destroy() },
		"in 'finish'": func(req *http.IncomingMessage, res *http.ServerResponse) {
			res.OnFinish(func() { req.Destroy() })
			res.End()
		},
		"in 'prefinish'": func(req *http.IncomingMessage, res *http.ServerResponse) {
			res.OnPrefinish(func() { req.Destroy() })
			res.End()
		},
		"from elsewhere": func(req *http.IncomingMessage, res *http.ServerResponse) { res.EndString("x"); go req.Destroy() },
		"with its rest kept": func(req *http.IncomingMessage, res *http.ServerResponse) {
			io.ReadFull(req, make([]byte, 1))
			res.EndString("x")
			req.Destroy()
		},
	} {
		t.Run(name, func(t *testing.T) {
			closed := make(chan struct{})
			s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
				req.OnClose(func() { close(closed) })
				destroy(req, res)
			})
			dial(t, s).send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabcde")
			wait(t, closed, "the request to close")
		})
	}
}
