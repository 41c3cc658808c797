package behaviour_test

// Pipelined requests: some arrive before the responses to those ahead of them.

import (
	"errors"
	"fmt"
	"io"
	"net"
	nethttp "net/http"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	http "nodehttp/generated/http"
	adapter "nodehttp/generated/http/nethttp"
	v19_0 "nodehttp/generated/v19_0"
	"nodehttp/tests/leak"
)

// requests are n GETs in one string, for /0, /1 and so on.
func requests(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "GET /%d HTTP/1.1\r\nHost: a\r\n\r\n", i)
	}
	return b.String()
}

func (w *wire) expectBodies(n int) {
	w.t.Helper()
	for i := range n {
		if _, b := w.response(); b != fmt.Sprintf("/%d", i) {
			w.t.Fatalf("answer %d is %q", i, b)
		}
	}
}

func TestPipelinedInOneWrite(t *testing.T) {
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) { res.EndString(req.URL()) })
	w := dial(t, s)
	w.send(requests(16))
	w.expectBodies(16)
	w.send(requests(200))
	w.expectBodies(200)
}

func TestPipelinedAnsweredInReverse(t *testing.T) {
	const n = 16
	exchanges := make(chan [2]any, n)
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) { exchanges <- [2]any{req, res} })
	w := dial(t, s)
	w.send(requests(n))
	var all [n]*http.ServerResponse
	for i := range n {
		x := wait(t, exchanges, "a request")
		if url := x[0].(*http.IncomingMessage).URL(); url != fmt.Sprintf("/%d", i) {
			t.Errorf("request %d is for %s", i, url)
		}
		all[i] = x[1].(*http.ServerResponse)
	}
	for i := n - 1; i >= 0; i-- {
		done := make(chan struct{})
		go func() {
			defer close(done)
			all[i].WriteHead(200)
			all[i].WriteString("/")
			all[i].EndString(fmt.Sprint(i))
		}()
		wait(t, done, "an answer out of turn")
	}
	w.expectBodies(n)
}

func TestPipelinedAnsweredAtOnceFromManyGoroutines(t *testing.T) {
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		go func() { res.EndString(req.URL()) }()
	})
	w := dial(t, s)
	for range 20 {
		w.send(requests(32))
		w.expectBodies(32)
	}
}

// A request that gets no response must not hold back the responses before.
func TestPipelinedAnswerIsNotHeldBack(t *testing.T) {
	release := make(chan struct{})
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		switch req.URL() {
		case "/0":
			res.EndString("/0")
		case "/1":
			<-release
			res.EndString("/1")
		}
	})
	w := dial(t, s)
	w.send(requests(2))
	w.expectBodies(1) // or never
	close(release)
	if _, b := w.response(); b != "/1" {
		t.Errorf("got %q", b)
	}
}

// A queued response keeps what is written to it, and a Write of much waits.
func TestWriteOutOfTurnIsBounded(t *testing.T) {
	first := make(chan *http.ServerResponse, 1)
	second := make(chan *http.ServerResponse, 1)
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		if req.URL() == "/0" {
			first <- res
		} else {
			second <- res
		}
	})
	w := dial(t, s)
	w.send(requests(2))
	early, late := wait(t, first, "the first request"), wait(t, second, "the second request")
	const pieces, size = 64, 64 << 10
	written := make(chan struct{})
	go func() {
		defer close(written)
		for range pieces {
			if _, err := late.Write(make([]byte, size)); err != nil {
				t.Error(err)
				return
			}
		}
		late.End()
	}()
	select {
	case <-written:
		t.Errorf("%d bytes wait in memory", late.WritableLength())
	case <-time.After(50 * time.Millisecond):
		if n := late.WritableLength(); n > 3*size {
			t.Errorf("%d bytes wait in memory", n)
		}
	}
	early.EndString("/0")
	w.expectBodies(1)
	if _, b := w.response(); len(b) != pieces*size {
		t.Errorf("got %d bytes", len(b))
	}
	wait(t, written, "the writer")
}

func TestDestroyReleasesWriteOutOfTurn(t *testing.T) {
	second := make(chan *http.ServerResponse, 1)
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		if req.URL() == "/1" {
			second <- res
		}
	})
	w := dial(t, s)
	w.send(requests(2))
	late := wait(t, second, "the second request")
	failed := make(chan error, 1)
	go func() {
		for {
			if _, err := late.Write(make([]byte, 1<<20)); err != nil {
				failed <- err
				return
			}
		}
	}()
	w.Close()
	if err := wait(t, failed, "the writer"); code(err) != "ERR_STREAM_DESTROYED" && code(err) != "ECONNRESET" {
		t.Errorf("got %v", err)
	}
}

// oneAtATime fails the test if two listeners run at the same time.
type oneAtATime struct {
	t      *testing.T
	inside atomic.Int32
}

func (a *oneAtATime) in(listener func()) {
	if a.inside.Add(1) != 1 {
		a.t.Error("two listeners overlap")
	}
	listener()
	a.inside.Add(-1)
}

// A listener that writes to a queued response does not hold up the listeners that the response
// before it needs. None of them runs before it returns, unless it waits in Hijack.
func TestWaitingForATurnLetsOthersRun(t *testing.T) {
	const size = 1 << 20
	earlier := map[string]func(*http.IncomingMessage, *http.ServerResponse, func(listener func())){
		"at the end of its request": func(req *http.IncomingMessage, res *http.ServerResponse, in func(func())) {
			req.OnEnd(func() { in(func() { res.WriteString("a"); res.End() }) })
			req.Resume()
		},
		"as an echo": func(req *http.IncomingMessage, res *http.ServerResponse, in func(func())) {
			req.OnData(func(b []byte) { in(func() { res.WriteChunk(b) }) })
			req.OnEnd(func() { in(func() { res.End() }) })
		},
		"with each drain": func(req *http.IncomingMessage, res *http.ServerResponse, in func(func())) {
			req.Resume()
			left := 32
			more := func() {
				for ; left > 0; left-- {
					if !res.WriteChunk(make([]byte, size/4)) {
						left--
						return
					}
				}
				res.End()
			}
			res.OnDrain(func() { in(more) })
			more()
		},
		"when its callback comes": func(req *http.IncomingMessage, res *http.ServerResponse, in func(func())) {
			req.Resume()
			res.WriteChunk(make([]byte, 8*size), func(error) { in(func() { res.End() }) })
		},
	}
	later := map[string]func(*http.IncomingMessage, *http.ServerResponse) error{
		"Write": func(_ *http.IncomingMessage, res *http.ServerResponse) error {
			for range 8 {
				if _, err := res.Write(make([]byte, size/8)); err != nil {
					return err
				}
			}
			return res.End()
		},
		"ReadFrom": func(_ *http.IncomingMessage, res *http.ServerResponse) error {
			if _, err := res.ReadFrom(strings.NewReader(strings.Repeat("a", size))); err != nil {
				return err
			}
			return res.End()
		},
		"Hijack": func(req *http.IncomingMessage, res *http.ServerResponse) error {
			var err error
			adapter.Serve(nethttp.HandlerFunc(func(w nethttp.ResponseWriter, _ *nethttp.Request) {
				var c net.Conn
				if c, _, err = nethttp.NewResponseController(w).Hijack(); err != nil {
					return
				}
				defer c.Close()
				_, err = fmt.Fprintf(c, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n%s", strings.Repeat("a", size))
			}), req, res)
			return err
		},
	}
	for before, answer := range earlier {
		for way, write := range later {
			t.Run(before+", "+way, func(t *testing.T) {
				listeners := oneAtATime{t: t}
				in := listeners.in
				if way == "Hijack" {
					in = func(listener func()) { listener() }
				}
				s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
					in(func() {
						if req.URL() == "/0" {
							answer(req, res, in)
						} else if err := write(req, res); err != nil {
							t.Error(err)
						}
					})
				})
				w := dial(t, s)
				w.send("POST /0 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabcGET /1 HTTP/1.1\r\nHost: a\r\n\r\n")
				w.response()
				if _, b := w.response(); len(b) != size {
					t.Errorf("got %d bytes", len(b))
				}
			})
		}
	}
}

// Requests that arrived together with one whose connection is destroyed do not wait in the
// queue.
func TestResetReleasesWritersOfLaterRequests(t *testing.T) {
	const clients, each, piece = 20, 3, 64 << 10
	failed := make(chan error, clients*each)
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		for {
			if _, err := res.Write(make([]byte, piece)); err != nil {
				failed <- err
				return
			}
		}
	})
	for range clients {
		w := dial(t, s)
		w.send(requests(each))
		if _, err := io.ReadFull(w, make([]byte, 1000)); err != nil {
			t.Fatal(err)
		}
		w.reset()
	}
	for range clients { // the later requests may not have been announced
		if err := wait(t, failed, "a writer"); code(err) != "ERR_STREAM_DESTROYED" && code(err) != "ECONNRESET" && code(err) != "EPIPE" {
			t.Errorf("got %v", err)
		}
	}
	closed := make(chan error, 1)
	s.Close(func(err error) { closed <- err })
	wait(t, closed, "the server's end, which waits for its listeners")
}

// A listener may wait for another goroutine that writes to a queued response, and a listener
// other than that of 'request' may write to one, also if the response before needs a listener.
func TestListenerThatKeepsTheTurnFromComing(t *testing.T) {
	const pieces, size = 4, 64 << 10
	write := func(t *testing.T, res *http.ServerResponse) {
		for range pieces {
			if _, err := res.Write(make([]byte, size)); err != nil {
				t.Error(err)
			}
		}
		if err := res.End(); err != nil {
			t.Error(err)
		}
	}
	for name, later := range map[string]func(*testing.T, *http.IncomingMessage, *http.ServerResponse){
		"another goroutine": func(t *testing.T, _ *http.IncomingMessage, res *http.ServerResponse) {
			done := make(chan struct{})
			go func() {
				defer close(done)
				write(t, res)
			}()
			<-done
		},
		"another listener": func(t *testing.T, req *http.IncomingMessage, res *http.ServerResponse) {
			req.OnEnd(func() { write(t, res) })
			req.Resume()
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
				if req.URL() == "/0" {
					res.WriteChunk(large, func(error) { res.End() })
				} else {
					later(t, req, res)
				}
			})
			w := dial(t, s)
			w.send(requests(2))
			for _, want := range []int{len(large), pieces * size} {
				if _, b := w.response(); len(b) != want {
					t.Errorf("got %d bytes, want %d", len(b), want)
				}
			}
		})
	}
}

// A listener may compute while another goroutine writes much to a queued response: the listener
// that the response before needs runs when it has returned.
func TestWriteOutOfTurnLetsNoListenerIn(t *testing.T) {
	const pieces, size = 20, 64 << 10 // beyond the bound from which on Write waits
	listeners := oneAtATime{t: t}
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		listeners.in(func() {
			if req.URL() == "/0" {
				res.WriteChunk(large, func(error) { listeners.in(func() { res.End() }) })
				return
			}
			done := make(chan struct{})
			go func() {
				defer close(done)
				for range pieces {
					if _, err := res.Write(make([]byte, size)); err != nil {
						t.Error(err)
					}
				}
				res.End()
			}()
			for {
				select {
				case <-done:
					return
				default:
					runtime.Gosched()
				}
			}
		})
	})
	w := dial(t, s)
	w.send(requests(2))
	for _, want := range []int{len(large), pieces * size} {
		if _, b := w.response(); len(b) != want {
			t.Errorf("got %d bytes, want %d", len(b), want)
		}
	}
}

// While the response before needs another listener, a queued response keeps what a listener
// writes, up to a bound; beyond that it grows slowly.
func TestListenerThatWritesOutOfTurnSlowsDown(t *testing.T) {
	const size, bound, patience, beyond = 64 << 10, 1 << 20, 100 * time.Millisecond, 4
	sum := make(chan int, 1)
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		if req.URL() == "/0" {
			req.OnEnd(func() { res.End() })
			req.Resume()
			return
		}
		written := 0
		var since time.Time
		for n := 0; n < beyond; written += size {
			if _, err := res.Write(make([]byte, size)); err != nil {
				t.Error(err)
				return
			}
			switch {
			case !since.IsZero():
				n++
				if took := time.Since(since); took < time.Duration(n)*patience {
					t.Errorf("%d pieces beyond the bound took %s", n, took)
				}
			case res.WritableLength() >= bound:
				since = time.Now()
			}
		}
		sum <- written
		res.End()
	})
	w := dial(t, s)
	w.send(requests(2))
	w.response()
	if _, b := w.response(); len(b) != wait(t, sum, "the listener") {
		t.Errorf("got %d bytes", len(b))
	}
}

// A goroutine that waits in Hijack, while the listener goes on and returns, gets an error, and
// the connection goes on.
func TestListenerReturnsWhileHijackWaitsForItsTurn(t *testing.T) {
	called, failed := make(chan struct{}), make(chan error, 1)
	var first *http.ServerResponse
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		switch req.URL() {
		case "/0":
			first = res
			req.OnEnd(func() { close(called) })
			req.Resume()
		case "/1":
			go adapter.Serve(nethttp.HandlerFunc(func(w nethttp.ResponseWriter, _ *nethttp.Request) {
				_, _, err := nethttp.NewResponseController(w).Hijack()
				failed <- err
				io.WriteString(w, "/1")
			}), req, res)
			<-called // Hijack has let another listener in
		case "/2":
			first.EndString("/0")
			res.EndString("/2")
		}
	})
	w := dial(t, s)
	w.send(requests(3))
	w.expectBodies(3)
	if err := wait(t, failed, "Hijack"); code(err) != "ERR_SOCKET_CLOSED" {
		t.Errorf("got %v", err)
	}
}

// Informational responses of a queued response are sent before it, in order; up to v26.1 also
// those that are written behind WriteHead.
func TestInformationOutOfTurn(t *testing.T) {
	for name, behindHead := range map[string]bool{"newest": false, "v19.0": true} {
		t.Run(name, func(t *testing.T) {
			leak.Check(t)
			first := make(chan *http.ServerResponse, 1)
			s := http.CreateServer()
			if behindHead {
				s = (*http.Server)(v19_0.CreateServer())
			}
			s.OnRequest(func(req *http.IncomingMessage, res *http.ServerResponse) {
				if req.URL() == "/0" {
					first <- res
					return
				}
				inform := func() error {
					return firstError(res.WriteProcessing(), res.WriteEarlyHints(http.Headers{{"Link", "</a>; rel=preload"}}))
				}
				mustFail := func() {
					if err := res.WriteProcessing(); !errors.Is(err, http.ErrHTTPHeadersSent) {
						t.Error(err)
					}
				}
				if behindHead {
					if err := firstError(res.WriteContinue(), res.WriteHead(201), inform()); err != nil {
						t.Error(err)
					}
				} else {
					if err := firstError(res.WriteContinue(), inform(), res.WriteHead(201)); err != nil {
						t.Error(err)
					}
					mustFail()
				}
				wait(t, first, "the first request").EndString("/0")
				mustFail() // it has had its turn
				res.EndString("/1")
			})
			if err := s.ListenWith(http.ListenOptions{Host: "127.0.0.1"}); err != nil {
				t.Fatal(err)
			}
			stopAtEnd(t, s)
			w := dial(t, s)
			w.send(requests(2))
			w.expectBodies(1)
			w.expect("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n" +
				"HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\nHTTP/1.1 201 Created\r\n")
		})
	}
}

// What queued responses keep counts: a client cannot make the server keep one after the other.
func TestAnswersOutOfTurnAreBounded(t *testing.T) {
	const n, size = 50, 1 << 20
	first, second := make(chan *http.ServerResponse, 1), make(chan struct{}, n)
	var kept atomic.Int32
	var inTurn atomic.Bool
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		if req.URL() == "/0" {
			first <- res
			return
		}
		if n := kept.Add(1); n > 1 && !inTurn.Load() {
			t.Errorf("%d answers of %d bytes are kept", n, size)
		}
		res.EndString(strings.Repeat("a", size))
		second <- struct{}{}
	})
	w := dial(t, s)
	w.send(requests(n))
	early := wait(t, first, "the first request")
	wait(t, second, "the second request")
	inTurn.Store(true)
	early.EndString("/0")
	w.expectBodies(1)
	for i := range n - 1 {
		if _, b := w.response(); len(b) != size {
			t.Errorf("answer %d has %d bytes", i+1, len(b))
		}
	}
}

// WriteChunk on a queued response returns false, and 'drain' follows when it is the first.
func TestDrainOutOfTurn(t *testing.T) {
	first := make(chan *http.ServerResponse, 1)
	var events trace
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		if req.URL() == "/0" {
			first <- res
			return
		}
		for res.WriteChunk(make([]byte, 1000)) {
		}
		events.add("full")
		res.OnceDrain(func() { events.add("drain"); res.End() })
	})
	w := dial(t, s)
	w.send(requests(2))
	events.until(t, "full")
	wait(t, first, "the first request").EndString("/0")
	w.expectBodies(1)
	if _, b := w.response(); len(b) < 16<<10 {
		t.Errorf("got %d bytes", len(b))
	}
	events.expect(t, "full", "drain")
}

// Bad bytes behind a request do not affect its response.
func TestAnswersBeforeMalformedBytes(t *testing.T) {
	const ok, bad = "HTTP/1.1 200 OK\r\nDate: NOW\r\nConnection: keep-alive\r\nKeep-Alive: timeout=5\r\nContent-Length: 0\r\n\r\n",
		"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"
	chunked := func(path, chunks string) string {
		return "POST " + path + " HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks
	}
	for _, test := range []struct {
		name, bytes string
		heard       bool // a listener of 'clientError' destroys the socket
		want        string
	}{
		{"in the next head", requests(2) + ":", false, ok + ok + bad},
		{"in the next head, heard", requests(2) + ":", true, ok + ok},
		{"in the next body", requests(2) + chunked("/late", "1\r\na\r\n:"), false, ok + ok + bad},
		{"in the next body, which is answered", requests(2) + chunked("/", "1\r\na\r\n:"), false, ok + ok + ok},
		{"in the body of an expectation", requests(1) + strings.Replace(chunked("/", ":"), "\r\n", "\r\nExpect: x\r\n", 1), false,
			ok + strings.Replace(strings.Replace(ok, "200 OK", "417 Expectation Failed", 1), "Content-Length: 0", "Transfer-Encoding: chunked", 1) + "0\r\n\r\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
				if req.URL() == "/late" {
					req.OnEnd(func() { res.End() })
				} else {
					res.End()
				}
			})
			if test.heard {
				s.OnClientError(func(_ error, sock *http.Socket) { sock.Destroy() })
			}
			w := dial(t, s)
			w.send(test.bytes)
			if got := undated(w.rest()); got != test.want {
				t.Errorf("got  %q\nwant %q", got, test.want)
			}
		})
	}
}

// A response that has been ended is sent, also if a later listener destroys the socket.
func TestAnswerBeforeDestroy(t *testing.T) {
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		if req.URL() == "/0" {
			res.EndString("/0")
		} else {
			req.Socket().Destroy()
		}
	})
	w := dial(t, s)
	w.send(requests(2))
	w.expectBodies(1)
	if rest := w.rest(); rest != "" {
		t.Errorf("got %q behind the answer", rest)
	}
}

// A queued response that is destroyed does not affect those before it, however slowly their
// client reads, and the memory that it kept does not count any more.
func TestDestroyOfAnAnswerInLine(t *testing.T) {
	large := strings.Repeat("x", 3<<20)
	boom := errors.New("boom")
	for _, c := range []struct {
		name string
		give func(res *http.ServerResponse)
		err  error
	}{
		{"at once", func(res *http.ServerResponse) { res.Destroy() }, nil},
		{"with an error", func(res *http.ServerResponse) { res.Destroy(boom) }, boom},
		{"when it has ended", func(res *http.ServerResponse) { res.EndString(large); res.Destroy() }, nil},
		{"when it has the wrong length", func(res *http.ServerResponse) {
			res.SetHeader("Content-Length", "5")
			res.EndString("four")
		}, http.ErrHTTPContentLengthMismatch},
		{"from another goroutine", func(res *http.ServerResponse) {
			destroyed := make(chan struct{}) // before it is first in line, or it takes those before it along
			go func() { defer close(destroyed); res.Destroy() }()
			<-destroyed
		}, nil},
	} {
		for _, beneath := range []string{"TCP", "a pipe"} {
			t.Run(c.name+" over "+beneath, func(t *testing.T) {
				closed := make(chan bool, 1)
				failed := make(chan error, 1)
				first := make(chan *http.ServerResponse, 1)
				s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
					if req.URL() == "/0" {
						req.Socket().OnError(func(err error) { failed <- err })
						req.Socket().OnClose(func(hadError bool) { closed <- hadError })
						first <- res
						return
					}
					c.give(res)
					go func() { (<-first).EndString(large) }()
				})
				var w *wire
				if beneath == "TCP" {
					w = dial(t, s)
				} else {
					ours, theirs := net.Pipe()
					s.EmitConnection(theirs)
					w = onWire(t, ours)
				}
				w.send(requests(2))
				if res, body := w.response(); res.StatusCode != 200 || body != large {
					t.Errorf("got %d and %d bytes", res.StatusCode, len(body))
				}
				if behind := w.rest(); behind != "" {
					t.Errorf("%q follows", behind[:min(len(behind), 80)])
				}
				w.Close()
				if hadError := wait(t, closed, "'close'"); hadError != (c.err != nil) {
					t.Errorf("'close' says %t", hadError)
				}
				if c.err != nil {
					if err := wait(t, failed, "'error'"); !errors.Is(err, c.err) {
						t.Errorf("'error' says %v", err)
					}
				}
			})
		}
	}
}

// A protocol is switched behind the responses to the requests before.
func TestUpgradeWaitsForAnswersBefore(t *testing.T) {
	first := make(chan *http.ServerResponse, 1)
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) { first <- res })
	var events trace
	s.OnUpgrade(func(req *http.IncomingMessage, socket *http.Socket, head []byte) {
		events.add("upgrade %s", head)
		socket.EndString("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n")
	})
	w := dial(t, s)
	w.send("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\nhead")
	res := wait(t, first, "the request")
	res.SetSendDate(false)
	res.EndString("first")
	w.expect("HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nKeep-Alive: timeout=5\r\nContent-Length: 5\r\n\r\nfirst" +
		"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n")
	events.expect(t, "upgrade head")
}

// A malformed request is refused behind the responses to the requests before.
func TestMalformedBehindGoodOnes(t *testing.T) {
	exchanges := make(chan *http.ServerResponse, 4)
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) { exchanges <- res })
	w := dial(t, s)
	w.send(requests(2), "bad\r\n\r\n")
	one, two := wait(t, exchanges, "a request"), wait(t, exchanges, "a request")
	two.EndString("/1")
	one.EndString("/0")
	w.expectBodies(2)
	if got := w.rest(); got != "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n" {
		t.Errorf("got %q", got)
	}
}

// What follows a response that closes the connection gets no response.
func TestNothingBehindAClosingAnswer(t *testing.T) {
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		res.SetHeader("Connection", "close")
		res.EndString(req.URL())
	})
	w := dial(t, s)
	w.send(requests(3))
	w.expectBodies(1)
	if got := w.rest(); got != "" {
		t.Errorf("got %q", got)
	}
}
