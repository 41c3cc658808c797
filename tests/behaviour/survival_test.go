package behaviour_test

// Servers at their worst: whatever they do, at whichever byte, the request ends
// as Node's does, nothing is left of it, and the next one gets its own answer.

import (
	"context"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	http "nodehttp/generated/http"
)

// A deed is what a server does in the middle of its answer. It returns when the client
// has left.
var deeds = map[string]func(w *wire){
	"stall":      func(w *wire) { w.head() },
	"reset":      func(w *wire) { w.reset() },
	"half-close": func(w *wire) { w.Conn.(*net.TCPConn).CloseWrite(); w.head() },
	"garbage":    func(w *wire) { io.WriteString(w.Conn, "\x00\x00"); w.head() },
}

// answers are cut at each of their bytes. What is received in full has "ok" for
// its body.
var answers = map[string]string{
	"length":  "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX: y\r\n\r\nok",
	"chunks":  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\no\r\n1;a=b\r\nk\r\n0\r\nX: y\r\n\r\n",
	"1xx":     "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
	"no body": "HTTP/1.1 204 No Content\r\nX: y\r\n\r\n",
}

func TestAnswersThatGoWrongAtEachByte(t *testing.T) {
	for kind, answer := range answers {
		for name, deed := range deeds {
			t.Run(kind+", "+name, func(t *testing.T) {
				cut := make(chan int, 1)      // where the next answer is cut
				stalled := make(chan bool, 1) // the server waits
				u := peer(t, func(w *wire) {
					for w.head() != "" {
						select {
						case at := <-cut:
							io.WriteString(w.Conn, answer[:at])
							stalled <- true
							deed(w)
							return
						default:
							io.WriteString(w.Conn, okAnswer)
						}
					}
				})
				// A connection that goes wrong behind a whole answer may have been kept.
				agent := http.NewAgent(http.AgentOptions{KeepAlive: true, MaxSockets: 1, RetryReused: true})
				defer agent.Destroy()
				head := strings.LastIndex(answer[:strings.LastIndex(answer, "\r\n\r\n")], "HTTP/1.1")
				head += strings.Index(answer[head:], "\r\n\r\n") + 4
				for at := range len(answer) + 1 {
					if name == "garbage" && at == len(answer) {
						continue // see TestUnsolicitedResponses
					}
					cut <- at
					var events trace
					req := http.RequestURLWith(u, http.RequestOptions{Agent: agent})
					follow(req, &events)
					req.End()
					wait(t, stalled, "the answer")
					if at >= head { // what has arrived is told before what follows
						events.until(t, "req response")
					}
					if name == "stall" {
						if at == len(answer) {
							events.until(t, "req close")
						}
						go req.Destroy()
					}
					events.until(t, "req close")
					want := []string{"req socket", "req finish"}
					var got []string
					for _, e := range events.all() {
						if !strings.HasPrefix(e, "res ") || e == "res aborted" {
							got = append(got, e)
						}
					}
					failed := "ECONNRESET"
					if name == "garbage" {
						failed = "HPE_"
					}
					switch {
					case at < head:
						want = append(want, "req error "+failed, "req close")
					case at == len(answer):
						want = append(want, "req response", "req close")
					case name == "garbage" && kind != "chunks":
						want = nil // what comes is the body
					case name == "garbage", name == "reset":
						want = append(want, "req response", "req error "+failed, "res aborted", "req close")
					default:
						want = append(want, "req response", "res aborted", "req close")
					}
					if want != nil && !slices.EqualFunc(got, want, strings.HasPrefix) {
						t.Errorf("at %d of %d: got %q, want %q", at, len(answer), events.all(), want)
					}
					if b, _ := ask(t, agent, u); b != "ok" {
						t.Fatalf("the next answer is %q", b)
					}
				}
			})
		}
	}
}

// The events of a response that breaks in its body are Node's, one by one.
func TestEventsOfABrokenBody(t *testing.T) {
	const begin = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n"
	for name, c := range map[string]struct {
		then func(*wire)
		want []string
	}{
		"garbage":    {func(w *wire) { io.WriteString(w.Conn, "zz\r\n"); w.head() }, []string{"req error HPE_INVALID_CHUNK_SIZE", "res aborted", "req close", "res error ECONNRESET", "res close"}},
		"reset":      {func(w *wire) { w.reset() }, []string{"req error ECONNRESET", "res aborted", "req close", "res error ECONNRESET", "res close"}},
		"half-close": {func(w *wire) { w.Conn.(*net.TCPConn).CloseWrite(); w.head() }, []string{"res aborted", "req close", "res error ECONNRESET", "res close"}},
	} {
		t.Run(name, func(t *testing.T) {
			going := make(chan struct{})
			u := peer(t, func(w *wire) { w.head(); w.send(begin); <-going; c.then(w) })
			var events trace
			req := http.RequestURLWith(u, alone(http.RequestOptions{}))
			follow(req, &events)
			responses := make(chan *http.IncomingMessage, 1)
			req.OnResponse(func(res *http.IncomingMessage) { responses <- res })
			req.End()
			events.until(t, "res data ok")
			close(going)
			events.expect(t, append([]string{"req socket", "req finish", "req response", "res data ok"}, c.want...)...)
			if res := wait(t, responses, "the response"); res.Complete() || !res.Aborted() || !req.Destroyed() {
				t.Error("complete, or not aborted")
			}
		})
	}
}

// An HPE_ error says how far the bytes were HTTP, and what they were.
func TestParseErrorSaysWhere(t *testing.T) {
	const bad = "HTTP/1.1 200 OK\r\nA b: c\r\n\r\n"
	u := peer(t, func(w *wire) { w.head(); w.send(bad); w.head() })
	_, err := http.GetURLWith(u, alone(http.RequestOptions{})).Await(t.Context())
	e, ok := err.(*http.Error)
	if !ok || e.Code != "HPE_INVALID_HEADER_TOKEN" || string(e.RawPacket) != bad || e.BytesParsed < 17 || e.BytesParsed > 20 {
		t.Errorf("got %#v", err)
	}
}

// A server may answer before it is asked, also for good.
func TestAnswerBeforeTheRequest(t *testing.T) {
	for name, closes := range map[string]bool{"waits": false, "closes": true} {
		t.Run(name, func(t *testing.T) {
			listening := make(chan struct{})
			u := peer(t, func(w *wire) {
				<-listening
				io.WriteString(w.Conn, okAnswer)
				if !closes {
					w.head()
					w.head()
				}
			})
			agent := http.NewAgent(http.AgentOptions{KeepAlive: true})
			defer agent.Destroy()
			var events trace
			req := http.RequestURLWith(u, http.RequestOptions{Agent: agent, Method: "POST"})
			follow(req, &events)
			close(listening)
			events.until(t, "res close")
			want := []string{"req socket", "req response", "res data ok", "res end", "res close"}
			if got := events.all(); !slices.Equal(got[:len(want)], want) {
				t.Errorf("got  %q\nwant %q", got, want)
			}
			req.EndString("x")
			events.until(t, "req close")
		})
	}
}

// Many informational responses cost nothing, and each is emitted. TestEndlessInformation
// has more of them.
func TestFloodOfInformation(t *testing.T) {
	const n = 500
	u := peer(t, func(w *wire) {
		w.head()
		w.send(strings.Repeat("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n", n), okAnswer)
		w.head()
	})
	var told, proceeds atomic.Int32
	req := http.RequestURLWith(u, alone(http.RequestOptions{}))
	req.OnInformation(func(http.InformationEvent) { told.Add(1) })
	req.OnContinue(func() { proceeds.Add(1) })
	req.End()
	res, err := req.Await(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if b := body(t, res); b != "ok" || told.Load() != 2*n || proceeds.Load() != n {
		t.Errorf("%q after %d, %d of them to go on", b, told.Load(), proceeds.Load())
	}
	// No listener: those are not kept.
	res, err = http.GetURLWith(u, alone(http.RequestOptions{})).Await(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	body(t, res)
}

func TestLengthThatLies(t *testing.T) {
	for name, c := range map[string]struct {
		answer, body string
		cut          bool
	}{
		"too long":       {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello", "hello", true},
		"too short":      {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhello", "he", false},
		"none":           {"HTTP/1.1 200 OK\r\n\r\nhello", "hello", false},
		"of no body":     {"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\nhello", "", false},
		"zero":           {"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nhello", "", false},
		"of a connected": {"HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\nhel", "hel", false},
	} {
		t.Run(name, func(t *testing.T) {
			served := 0
			u := peer(t, func(w *wire) {
				if w.head(); served == 0 {
					served++
					w.send(c.answer)
					return
				}
				w.send(okAnswer)
			})
			agent := http.NewAgent(http.AgentOptions{KeepAlive: true, MaxSockets: 1})
			defer agent.Destroy()
			req := http.GetURLWith(u, http.RequestOptions{Agent: agent})
			req.OnError(func(error) {})
			res, err := req.Await(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			b, err := io.ReadAll(res)
			if string(b) != c.body || (code(err) == "ECONNRESET") != c.cut || res.Complete() == c.cut {
				t.Errorf("got %q, %v, complete: %t", b, err, res.Complete())
			}
			if b, _ := ask(t, agent, u); b != "ok" {
				t.Errorf("the next answer is %q", b)
			}
		})
	}
}

// A head without an end is given up at its limit, sent in pieces or not.
func TestEndlessHead(t *testing.T) {
	for name, piece := range map[string]string{"one field": strings.Repeat("x", 100), "many fields": "A: b\r\n", "trailers": "A: b\r\n"} {
		t.Run(name, func(t *testing.T) {
			sent := make(chan int, 1)
			u := peer(t, func(w *wire) {
				w.head()
				if begin := "HTTP/1.1 200 OK\r\nA: "; name == "trailers" {
					io.WriteString(w.Conn, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n")
				} else {
					io.WriteString(w.Conn, begin+"\r\nB: ")
				}
				n := 0
				for {
					m, err := io.WriteString(w.Conn, piece)
					if n += m; err != nil {
						break
					}
				}
				sent <- n
			})
			var events trace
			req := http.GetURLWith(u, alone(http.RequestOptions{}))
			req.OnResponse(func(res *http.IncomingMessage) { res.Resume() })
			req.OnError(func(err error) { events.add("%s", code(err)) })
			req.OnClose(events.on("close"))
			events.expect(t, "HPE_HEADER_OVERFLOW", "close")
			wait(t, sent, "the end")
		})
	}
}

// Destroying a request from another goroutine, at any moment, ends it once; the agent
// and its next request are not harmed.
func TestCancelAtAnyMoment(t *testing.T) {
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		res.WriteString("he")
		go func() {
			time.Sleep(20 * time.Microsecond)
			res.EndString("llo")
		}()
	})
	agent := http.NewAgent(http.AgentOptions{KeepAlive: true, MaxSockets: 4, RetryReused: true})
	defer agent.Destroy()
	var all sync.WaitGroup
	var ends [2]atomic.Int32
	for worker := range 8 {
		all.Go(func() {
			for i := range 60 {
				ctx, cancel := context.WithCancel(context.Background())
				var closes atomic.Int32
				closed := make(chan struct{})
				req := http.RequestURLWith(url(s, "/"), http.RequestOptions{Agent: agent, Signal: ctx})
				req.OnError(func(err error) {
					if c := code(err); c != "ABORT_ERR" && c != "ECONNRESET" {
						t.Error(err)
					}
				})
				req.OnResponse(func(res *http.IncomingMessage) {
					res.OnError(func(error) {})
					var got []byte
					res.OnData(func(b []byte) { got = append(got, b...) })
					res.OnEnd(func() {
						if ends[0].Add(1); string(got) != "hello" {
							t.Errorf("got %q", got)
						}
					})
				})
				req.OnClose(func() {
					if closes.Add(1) == 1 {
						close(closed)
					}
				})
				go func() {
					time.Sleep(time.Duration((i*8+worker)%480) * time.Microsecond)
					switch i % 3 {
					case 0:
						cancel()
					case 1:
						req.Destroy()
					case 2:
						req.Abort()
					}
				}()
				req.End()
				wait(t, closed, "'close'")
				cancel()
				if ends[1].Add(1); closes.Load() != 1 {
					t.Errorf("closed %d times", closes.Load())
				}
			}
		})
	}
	all.Wait()
	t.Logf("%d of %d were answered", ends[0].Load(), ends[1].Load())
	for range 4 {
		if b, _ := ask(t, agent, url(s, "/")); b != "hello" {
			t.Errorf("got %q", b)
		}
	}
	left := func() string { return fmt.Sprint(len(agent.Requests()), count(agent.Sockets())) }
	for limit := time.Now().Add(patience); left() != "0 0"; time.Sleep(time.Millisecond) { // a connection goes when its request has
		if time.Now().After(limit) {
			t.Fatalf("requests and sockets left: %s", left())
		}
	}
}
