package behaviour_test

// Requests that are answered before their body has been consumed: a program that reads
// on gets all of it, one that has stopped reading holds nothing up, and a part is never
// taken for the whole.

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	http "nodehttp/generated/http"
)

// uploadOf is a request with a body, whose bytes are numbered, and another one behind.
func uploadOf(size int, chunked bool) string {
	body := make([]byte, size)
	for i := range body {
		body[i] = byte(i % 251)
	}
	if chunked {
		return fmt.Sprintf("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n", size, body) + next
	}
	return fmt.Sprintf("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n%s", size, body) + next
}

func TestEarlyAnswerLosesNothing(t *testing.T) {
	type outcome struct {
		body []byte
		err  error
	}
	accept := func(res *http.ServerResponse) {
		res.SetStatusCode(202)
		if err := res.EndString("accepted"); err != nil {
			panic(err)
		}
	}
	slowly := func(req *http.IncomingMessage) (got outcome) {
		p := make([]byte, 50_000)
		for got.err == nil {
			var n int
			n, got.err = req.Read(p)
			got.body = append(got.body, p[:n]...)
			time.Sleep(time.Millisecond)
		}
		if got.err == io.EOF {
			got.err = nil
		}
		return got
	}
	push := func(req *http.IncomingMessage, done chan<- outcome) {
		var got outcome
		req.OnData(func(chunk []byte) {
			got.body = append(got.body, chunk...)
			req.Pause()
			time.AfterFunc(time.Millisecond, req.Resume)
		})
		req.OnEnd(func() { done <- got })
		req.OnAborted(func() { done <- outcome{got.body, errors.New("aborted")} })
	}
	ways := map[string]func(req *http.IncomingMessage, res *http.ServerResponse, done chan<- outcome){
		"pause": func(req *http.IncomingMessage, res *http.ServerResponse, done chan<- outcome) {
			push(req, done)
			accept(res)
		},
		"listen behind the answer": func(req *http.IncomingMessage, res *http.ServerResponse, done chan<- outcome) {
			accept(res)
			push(req, done)
		},
		"read, then elsewhere": func(req *http.IncomingMessage, res *http.ServerResponse, done chan<- outcome) {
			p := make([]byte, 8<<10)
			n, _ := req.Read(p)
			accept(res)
			go func() {
				rest := slowly(req)
				done <- outcome{append(p[:n:n], rest.body...), rest.err}
			}()
		},
		"read elsewhere": func(req *http.IncomingMessage, res *http.ServerResponse, done chan<- outcome) {
			accept(res)
			go func() { done <- slowly(req) }()
		},
		"answered elsewhere": func(req *http.IncomingMessage, res *http.ServerResponse, done chan<- outcome) {
			go func() {
				accept(res)
				done <- slowly(req)
			}()
		},
		"read in the listener": func(req *http.IncomingMessage, res *http.ServerResponse, done chan<- outcome) {
			accept(res)
			done <- slowly(req)
		},
		"range": func(req *http.IncomingMessage, res *http.ServerResponse, done chan<- outcome) {
			accept(res)
			go func() {
				var got outcome
				for chunk, err := range req.Chunks() {
					got.body, got.err = append(got.body, chunk...), err
					time.Sleep(time.Millisecond)
				}
				done <- got
			}()
		},
		"readable": func(req *http.IncomingMessage, res *http.ServerResponse, done chan<- outcome) {
			var got outcome
			p := make([]byte, 50_000)
			req.OnReadable(func() {
				n, err := req.Read(p)
				got.body = append(got.body, p[:n]...)
				if err != nil && err != io.EOF {
					got.err = err
				}
			})
			req.OnEnd(func() { done <- got })
			accept(res)
		},
	}
	for name, consume := range ways {
		for _, size := range []int{1000, 1 << 20} {
			for _, chunked := range []bool{false, true} {
				for _, kind := range []string{"TCP", "TLS"} {
					t.Run(fmt.Sprintf("%s, %d bytes, chunked: %v, %s", name, size, chunked, kind), func(t *testing.T) {
						done := make(chan outcome, 2)
						s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
							if req.Method() == "GET" {
								res.EndString("next")
								return
							}
							consume(req, res, done)
						})
						w := dialKind(t, s, kind)
						upload := uploadOf(size, chunked)
						go io.WriteString(w.Conn, upload)
						for _, want := range []string{"accepted", "next"} {
							if _, got := w.response(); got != want {
								t.Errorf("answered %q, want %q", got, want)
							}
						}
						got := wait(t, done, "the body")
						if got.err != nil || len(got.body) != size || !strings.Contains(upload, string(got.body)) {
							t.Errorf("%d of %d bytes, %v", len(got.body), size, got.err)
						}
					})
				}
			}
		}
	}
}

// A program that reads a part of a request and stops does not hold up the next one for
// ever, and does not see io.EOF afterwards.
func TestEarlyAnswerAndAReaderWhoLeaves(t *testing.T) {
	for name, c := range map[string]struct {
		begin func(req *http.IncomingMessage)
		late  error
	}{
		"nobody":   {func(*http.IncomingMessage) {}, &http.Error{Code: "ERR_STREAM_FLOWING"}},
		"a reader": {func(req *http.IncomingMessage) { io.ReadFull(req, make([]byte, 10)) }, http.ErrStreamDestroyed},
		"readable": {func(req *http.IncomingMessage) { req.OnceReadable(func() {}) }, http.ErrStreamDestroyed},
	} {
		t.Run(name, func(t *testing.T) {
			first := make(chan *http.IncomingMessage, 1)
			s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
				if req.Method() == "POST" {
					first <- req
					c.begin(req)
				}
				res.EndString(req.Method())
			})
			w := dial(t, s)
			upload := uploadOf(1<<20, false)
			go io.WriteString(w.Conn, upload)
			for _, want := range []string{"POST", "GET"} {
				if _, got := w.response(); got != want {
					t.Errorf("answered %q, want %q", got, want)
				}
			}
			if rest, err := io.ReadAll(wait(t, first, "the request")); !errors.Is(err, c.late) {
				t.Errorf("read %d bytes, then %v", len(rest), err)
			}
		})
	}
}

// Listeners too learn that the rest was discarded: there is no 'end'.
func TestEarlyAnswerGivenUpIsNoEnd(t *testing.T) {
	var log trace
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		if req.Method() == "POST" {
			noteRequest(&log, req)
			io.ReadFull(req, make([]byte, 10))
		}
		res.EndString(req.Method())
	})
	w := dial(t, s)
	upload := uploadOf(1<<20, false)
	go io.WriteString(w.Conn, upload)
	for _, want := range []string{"POST", "GET"} {
		if _, got := w.response(); got != want {
			t.Errorf("answered %q, want %q", got, want)
		}
	}
	log.expect(t, "aborted", "error ERR_STREAM_DESTROYED", "close, complete: false")
}

// noteRequest notes how a request ends.
func noteRequest(log *trace, req *http.IncomingMessage) {
	req.OnEnd(log.on("end"))
	req.OnAborted(log.on("aborted"))
	req.OnError(func(err error) { log.add("error %s", code(err)) })
	req.OnClose(func() { log.add("close, complete: %v", req.Complete()) })
}

// A body that has arrived completely waits for a reader that comes after the answer.
func TestEarlyAnswerKeepsAShortBody(t *testing.T) {
	requests := make(chan *http.IncomingMessage, 1)
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		if req.Method() == "POST" {
			requests <- req
		}
		res.EndString(req.Method())
	})
	w := dial(t, s)
	w.send(uploadOf(10_000, false))
	for _, want := range []string{"POST", "GET"} {
		if _, got := w.response(); got != want {
			t.Errorf("answered %q, want %q", got, want)
		}
	}
	if body, err := io.ReadAll(<-requests); err != nil || len(body) != 10_000 {
		t.Errorf("read %d bytes, %v", len(body), err)
	}
}

// Leaving a loop over a body destroys the stream, as Node's for await does.
func TestLeavingALoopOverAResponse(t *testing.T) {
	const size = 1 << 20
	for name, c := range map[string]struct {
		sent int // bytes of the body, at first
		want []string
	}{
		"a part has come": {1000, []string{"req abort", "res aborted", "req close", "res error ECONNRESET", "res close"}},
		"all is sent":     {size, []string{"req abort", "res aborted", "req close", "res error ECONNRESET", "res close"}},
	} {
		t.Run(name, func(t *testing.T) {
			u := peer(t, func(w *wire) {
				if strings.Contains(w.head(), "/2") {
					w.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
					w.head()
					return
				}
				fmt.Fprintf(w.Conn, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n", size)
				w.Conn.Write(make([]byte, c.sent))
				io.Copy(io.Discard, w.Conn)
			})
			agent := http.NewAgent(http.AgentOptions{KeepAlive: true, MaxSockets: 1})
			defer agent.Destroy()
			var log trace
			req := http.GetURLWith(u+"/1", http.RequestOptions{Agent: agent})
			req.OnAbort(log.on("req abort"))
			req.OnError(func(error) { log.add("req error") })
			req.OnClose(log.on("req close"))
			next := http.GetURLWith(u+"/2", http.RequestOptions{Agent: agent})
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			res, err := req.Await(ctx)
			if err != nil {
				t.Fatal(err)
			}
			res.OnEnd(log.on("res end"))
			res.OnAborted(log.on("res aborted"))
			res.OnError(func(err error) { log.add("res error %s", code(err)) })
			res.OnClose(log.on("res close"))
			for chunk, err := range res.Chunks() {
				if len(chunk) == 0 || err != nil {
					t.Error(len(chunk), err)
				}
				break
			}
			log.expect(t, c.want...)
			if _, err := io.ReadAll(res); err == nil {
				t.Error("the rest of what was left is taken for all of it")
			}
			second, err := next.Await(ctx)
			if err != nil {
				t.Fatal(err)
			}
			if body, err := io.ReadAll(second); string(body) != "ok" || err != nil {
				t.Errorf("then read %q, %v", body, err)
			}
		})
	}
}

// A loop that is left when there is nothing more to come has not been left early.
func TestLeavingALoopAtTheEnd(t *testing.T) {
	var connections atomic.Int32
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) { res.EndString("all of it") })
	s.OnConnection(func(*http.Socket) { connections.Add(1) })
	agent := http.NewAgent(http.AgentOptions{KeepAlive: true, MaxSockets: 1})
	defer agent.Destroy()
	for range 3 {
		ended := make(chan struct{})
		req := http.GetURLWith(url(s, "/"), http.RequestOptions{Agent: agent})
		req.OnError(func(err error) { t.Error(err) })
		res, err := req.Await(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		res.OnEnd(func() { close(ended) })
		for chunk := range res.Chunks() {
			if string(chunk) != "all of it" {
				t.Errorf("read %q", chunk)
			}
			break
		}
		wait(t, ended, "'end'")
	}
	if n := connections.Load(); n != 1 {
		t.Errorf("%d connections", n)
	}
}

// A request that is left can still be answered, and the next one comes.
func TestLeavingALoopOverARequest(t *testing.T) {
	for _, first := range []bool{false, true} {
		for _, size := range []int{1000, 1 << 20} {
			t.Run(fmt.Sprintf("%d bytes, answered first: %v", size, first), func(t *testing.T) {
				var log trace
				s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
					if req.Method() == "GET" {
						res.EndString("next")
						return
					}
					noteRequest(&log, req)
					if first {
						res.EndString("answer")
					}
					for range req.Chunks() {
						break
					}
					if !req.Destroyed() {
						t.Error("not destroyed")
					}
					if !first {
						res.EndString("answer")
					}
				})
				w := dial(t, s)
				upload := uploadOf(size, false)
				behind := len(upload) - size/2
				w.send(upload[:behind])
				if _, got := w.response(); got != "answer" {
					t.Errorf("answered %q", got)
				}
				log.expect(t, "aborted", "error ABORT_ERR", "close, complete: false")
				w.send(upload[behind:])
				if _, got := w.response(); got != "next" {
					t.Errorf("then answered %q", got)
				}
			})
		}
	}
}

// Close lets a request that has been answered be read to its end.
func TestCloseWaitsForARequestAnsweredEarly(t *testing.T) {
	const size = 1 << 20
	begun, read := make(chan *http.IncomingMessage, 1), make(chan string, 1)
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		io.ReadFull(req, make([]byte, 10))
		res.EndString("accepted")
		begun <- req
	})
	w := dial(t, s)
	upload := uploadOf(size, false)
	go io.WriteString(w.Conn, strings.TrimSuffix(upload, next))
	w.response()
	req := wait(t, begun, "the request")
	s.Close()
	go func() {
		n, err := io.Copy(io.Discard, req)
		read <- fmt.Sprint(n+10, err)
	}()
	if got := wait(t, read, "the reader"); got != fmt.Sprint(size, nil) {
		t.Errorf("read %s", got)
	}
}
