package behaviour_test

// Kept connections whose servers close them: what is noticed before they are
// used, and what is sent again if it was not.

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	http "nodehttp/generated/http"
)

const okAnswer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

// fickle is a peer that answers the first request of each connection and does
// something else with the second. What it is sent then comes out of the channel.
func fickle(t testing.TB, second func(w *wire)) (url string, heads <-chan string) {
	seen := make(chan string, 16)
	return peer(t, func(w *wire) {
		w.head()
		w.send(okAnswer)
		if head := w.head(); head != "" {
			seen <- head
			second(w)
		}
	}), seen
}

func TestRetryReused(t *testing.T) {
	reset := func(w *wire) { w.reset() }
	shut := func(w *wire) { w.Close() }
	for _, c := range []struct {
		name   string
		o      http.RequestOptions
		body   string
		second func(*wire)
		want   string // code of the error, "" if it is sent again
	}{
		{"GET, reset", http.RequestOptions{}, "", reset, ""},
		{"GET, closed", http.RequestOptions{}, "", shut, ""},
		{"HEAD", http.RequestOptions{Method: "HEAD"}, "", shut, ""},
		{"DELETE", http.RequestOptions{Method: "DELETE"}, "", reset, ""},
		{"PUT with a body", http.RequestOptions{Method: "PUT"}, strings.Repeat("body", 1000), reset, ""},
		{"PUT with a body too large", http.RequestOptions{Method: "PUT"}, strings.Repeat("body", 17000), reset, "ECONNRESET"},
		{"POST", http.RequestOptions{Method: "POST"}, "body", reset, "ECONNRESET"},
		{"PATCH", http.RequestOptions{Method: "PATCH"}, "", shut, "ECONNRESET"},
		{"one byte came", http.RequestOptions{}, "", func(w *wire) { w.send("H"); w.Close() }, "ECONNRESET"},
		{"100 came", http.RequestOptions{}, "", func(w *wire) { w.send("HTTP/1.1 100 Continue\r\n\r\n"); w.Close() }, "ECONNRESET"},
	} {
		t.Run(c.name, func(t *testing.T) {
			u, heads := fickle(t, c.second)
			agent := http.NewAgent(http.AgentOptions{KeepAlive: true, MaxSockets: 1, RetryReused: true})
			defer agent.Destroy()
			ask(t, agent, u)
			c.o.Agent = agent
			req := http.RequestURLWith(u, c.o)
			if !req.ReusedSocket() {
				t.Fatal("not reused")
			}
			var events trace
			follow(req, &events)
			req.EndString(c.body)
			wait(t, heads, "the request")
			events.until(t, "req close")
			got := strings.ReplaceAll(strings.Join(events.all(), ", "), ", res close", "") // before or behind it
			want := "req socket, req finish, req response, res data ok, res end, req close"
			switch {
			case c.want != "":
				want = "req socket, req finish, req error " + c.want + ", req close"
			case c.o.Method == "HEAD":
				want = strings.Replace(want, "res data ok, ", "", 1)
			}
			if got != want && got != strings.Replace(want, "req finish, ", "", 1) { // it may not have left
				t.Errorf("got  %s\nwant %s", got, want)
			}
			if req.ReusedSocket() != (c.want != "") {
				t.Errorf("reused: %t", req.ReusedSocket())
			}
			if n := count(agent.FreeSockets()) + count(agent.Sockets()); n > 1 { // in this order: it may become free in between
				t.Errorf("%d connections", n)
			}
		})
	}
}

// It is sent again as it was sent first, with all that was written.
func TestRetriedRequestIsTheSame(t *testing.T) {
	sent := make(chan string, 4)
	var dead atomic.Bool
	s := start(t, nil)
	s.OnRequest(func(req *http.IncomingMessage, res *http.ServerResponse) {
		b := body(t, req)
		if req.Method() == "PUT" {
			sent <- fmt.Sprint(req.RawHeaders(), " ", b, " ", req.RawTrailers())
			if !dead.Swap(true) {
				req.Socket().Destroy()
				return
			}
		}
		res.EndString("ok")
	})
	agent := http.NewAgent(http.AgentOptions{KeepAlive: true, RetryReused: true})
	defer agent.Destroy()
	ask(t, agent, url(s, "/"))
	req := http.RequestURLWith(url(s, "/"), http.RequestOptions{Method: "PUT", Agent: agent, Headers: http.Headers{{"X-One", "1"}, {"Trailer", "Sum"}}})
	req.WriteString("one ")
	req.WriteString("two")
	req.AddTrailers(http.Headers{{"Sum", "7"}})
	req.EndString(" three")
	res, err := req.Await(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if b := body(t, res); b != "ok" {
		t.Errorf("got %q", b)
	}
	first, second := wait(t, sent, "the request"), wait(t, sent, "the request again")
	if first != second || !strings.HasSuffix(first, "one two three [[Sum 7]]") {
		t.Errorf("first  %s\nsecond %s", first, second)
	}
}

// Nothing is sent again if the program has given the request up, if the agent was
// destroyed, or on a new connection.
func TestNotRetried(t *testing.T) {
	for name, end := range map[string]func(*http.ClientRequest, *http.Agent){
		"destroyed request": func(r *http.ClientRequest, _ *http.Agent) { r.Destroy() },
		"aborted request":   func(r *http.ClientRequest, _ *http.Agent) { r.Abort() },
		"destroyed socket":  func(r *http.ClientRequest, _ *http.Agent) { r.Socket().Destroy() },
		"destroyed agent":   func(_ *http.ClientRequest, a *http.Agent) { a.Destroy() },
	} {
		t.Run(name, func(t *testing.T) {
			var accepted atomic.Int32
			arrived := make(chan struct{}, 2)
			u := peer(t, func(w *wire) {
				accepted.Add(1)
				w.head()
				w.send(okAnswer)
				if w.head() != "" {
					arrived <- struct{}{}
					w.head()
				}
			})
			agent := http.NewAgent(http.AgentOptions{KeepAlive: true, RetryReused: true})
			defer agent.Destroy()
			ask(t, agent, u)
			req := http.GetURLWith(u, http.RequestOptions{Agent: agent})
			failed, closed := make(chan error, 1), make(chan struct{})
			req.OnError(func(err error) { failed <- err })
			req.OnClose(func() { close(closed) })
			wait(t, arrived, "the request")
			end(req, agent)
			wait(t, closed, "'close'")
			if err := <-failed; code(err) != "ECONNRESET" || accepted.Load() != 1 {
				t.Errorf("%v, %d connections", err, accepted.Load())
			}
		})
	}
	t.Run("new connection", func(t *testing.T) {
		var accepted atomic.Int32
		u := peer(t, func(w *wire) { accepted.Add(1); w.head() })
		agent := http.NewAgent(http.AgentOptions{KeepAlive: true, RetryReused: true})
		if _, err := http.GetURLWith(u, http.RequestOptions{Agent: agent}).Await(t.Context()); code(err) != "ECONNRESET" || accepted.Load() != 1 {
			t.Errorf("%v, %d connections", err, accepted.Load())
		}
	})
	t.Run("without the option", func(t *testing.T) {
		u, _ := fickle(t, func(w *wire) { w.reset() })
		agent := http.NewAgent(http.AgentOptions{KeepAlive: true})
		defer agent.Destroy()
		ask(t, agent, u)
		req := http.GetURLWith(u, http.RequestOptions{Agent: agent})
		if _, err := req.Await(t.Context()); code(err) != "ECONNRESET" || !req.ReusedSocket() {
			t.Errorf("%v, reused: %t", err, req.ReusedSocket())
		}
	})
}

// A request that has been answered is not sent again, though its connection ends
// before the answer has been read.
func TestAnsweredIsNotRetried(t *testing.T) {
	var accepted atomic.Int32
	u := peer(t, func(w *wire) {
		accepted.Add(1)
		for range 2 {
			w.head()
			w.send(okAnswer)
		}
	})
	agent := http.NewAgent(http.AgentOptions{KeepAlive: true, RetryReused: true})
	defer agent.Destroy()
	ask(t, agent, u)
	req := http.GetURLWith(u, http.RequestOptions{Agent: agent})
	gone, closed := make(chan struct{}), make(chan struct{})
	req.OnSocket(func(s *http.Socket) { s.OnClose(func(bool) { close(gone) }) })
	req.OnClose(func() { close(closed) })
	res, err := req.Await(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	wait(t, gone, "the end of the connection")
	if b := body(t, res); b != "ok" || accepted.Load() != 1 {
		t.Errorf("got %q over %d connections", b, accepted.Load())
	}
	wait(t, closed, "'close'")
	if n := accepted.Load(); n != 1 {
		t.Errorf("%d connections", n)
	}
}

// A panic in a listener of a request that was sent again destroys the connection
// that it is on now.
func TestPanicAfterARetry(t *testing.T) {
	hook := uncaught(t)
	u, _ := fickle(t, func(w *wire) { w.reset() })
	agent := http.NewAgent(http.AgentOptions{KeepAlive: true, RetryReused: true})
	defer agent.Destroy()
	ask(t, agent, u)
	req := http.GetURLWith(u, http.RequestOptions{Agent: agent})
	closed := make(chan struct{})
	req.OnError(func(error) {})
	req.OnResponse(func(res *http.IncomingMessage) {
		res.Socket().OnClose(func(bool) { close(closed) })
		panic("mine")
	})
	wait(t, hook, "the hook")
	wait(t, closed, "the connection to go")
}

// A connection is not used any more when the server is about to close it, as
// its Keep-Alive field says, less the agent's buffer.
func TestKeepAliveHint(t *testing.T) {
	none, half := new(time.Duration), new(500*time.Millisecond)
	for _, c := range []struct {
		hint   string
		buffer *time.Duration
		kept   bool
	}{
		{"timeout=0", nil, false}, {"timeout=1", nil, false}, {"timeout=2", nil, true}, {"TIMEOUT=2, max=7", nil, true}, {"max=3, timeout=2", nil, true},
		{"timeout=0", none, false}, {"timeout=1", none, true}, {"timeout=1", half, true},
	} {
		hint, kept := c.hint, c.kept
		t.Run(fmt.Sprint(hint, ", ", c.buffer != nil, " ", kept), func(t *testing.T) {
			ended := make(chan time.Duration, 1)
			u := peer(t, func(w *wire) {
				w.head()
				begun := time.Now()
				w.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nKeep-Alive: " + hint + "\r\n\r\n")
				w.head()
				ended <- time.Since(begun)
			})
			agent := http.NewAgent(http.AgentOptions{KeepAlive: true, AgentKeepAliveTimeoutBuffer: c.buffer})
			defer agent.Destroy()
			ask(t, agent, u)
			if n := count(agent.FreeSockets()); n != 0 && !kept {
				t.Errorf("%d are kept", n)
			}
			if d := wait(t, ended, "the end"); kept && d < 300*time.Millisecond {
				t.Errorf("it was kept for %v", d)
			}
		})
	}
}

// What a server sends on a connection that rests reaches no request.
func TestUnsolicitedResponses(t *testing.T) {
	const evil = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil"
	const inChunks = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"
	for name, c := range map[string]struct{ answer, rest string }{
		"responses":          {okAnswer, strings.Repeat(evil, 200)},
		"behind chunks":      {inChunks, strings.Repeat(evil, 200)},
		"one byte":           {okAnswer, "H"},
		"an empty line":      {okAnswer, "\r\n"},
		"no HTTP":            {okAnswer, "\x00\x01"},
		"behind no body":     {"HTTP/1.1 204 No Content\r\n\r\n", evil},
		"informational ones": {okAnswer, strings.Repeat("HTTP/1.1 103 Early Hints\r\n\r\n", 200)},
	} {
		for _, later := range []bool{false, true} {
			t.Run(fmt.Sprint(name, ", later: ", later), func(t *testing.T) {
				taken, sent := make(chan struct{}), make(chan struct{}, 1)
				u := peer(t, func(w *wire) {
					for w.head() != "" {
						if later {
							io.WriteString(w.Conn, c.answer)
							<-taken
							io.WriteString(w.Conn, c.rest)
						} else {
							io.WriteString(w.Conn, c.answer+c.rest)
						}
						sent <- struct{}{}
					}
				})
				agent := http.NewAgent(http.AgentOptions{KeepAlive: true, MaxSockets: 1, RetryReused: true})
				defer agent.Destroy()
				for range 20 {
					req := http.GetURLWith(u, http.RequestOptions{Agent: agent})
					res, err := req.Await(t.Context())
					if err != nil {
						t.Fatal(err)
					}
					if b, _ := io.ReadAll(res); string(b) != "ok" && string(b) != "" {
						t.Fatalf("got %q", b)
					}
					closed := make(chan struct{})
					req.OnClose(func() { close(closed) })
					wait(t, closed, "'close'")
					if later {
						time.Sleep(100 * time.Microsecond) // the connection rests
						taken <- struct{}{}
					}
					wait(t, sent, "what nobody asked for")
				}
			})
		}
	}
}

// A second response to one request is not emitted, however slow its reader is.
func TestSecondResponse(t *testing.T) {
	u := peer(t, func(w *wire) {
		w.head()
		w.send(okAnswer)
		time.Sleep(10 * time.Millisecond) // the first has been announced
		io.WriteString(w.Conn, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil")
		w.head()
	})
	var events trace
	req := http.GetURLWith(u, http.RequestOptions{Agent: http.NewAgent(http.AgentOptions{KeepAlive: true})})
	responses := make(chan *http.IncomingMessage, 2)
	req.OnResponse(func(res *http.IncomingMessage) { responses <- res })
	req.OnError(func(err error) { events.add("error %s", code(err)) })
	req.OnClose(events.on("close"))
	res := wait(t, responses, "the response")
	events.until(t, "close")
	if b, err := io.ReadAll(res); string(b) != "ok" || err != nil {
		t.Errorf("got %q, %v", b, err)
	}
	if len(responses) != 0 || len(events.all()) != 1 {
		t.Errorf("%d more responses, %q", len(responses), events.all())
	}
}

// closing is a server that closes connections when they have rested for up to
// most, at random.
func closing(t testing.TB, most time.Duration) (url string) {
	return peer(t, func(w *wire) {
		for w.head() != "" {
			w.SetDeadline(time.Time{})
			io.WriteString(w.Conn, okAnswer)
			w.SetDeadline(time.Now().Add(time.Duration(rand.Int64N(int64(most)))))
		}
	})
}

// With RetryReused a program does not see that a server closes connections just when
// they are used again.
func TestServerThatClosesAtRandom(t *testing.T) {
	const workers, each, rest = 8, 60, 2 * time.Millisecond
	agent := http.NewAgent(http.AgentOptions{KeepAlive: true, RetryReused: true})
	defer agent.Destroy()
	u := closing(t, rest)
	var all sync.WaitGroup
	for range workers {
		all.Go(func() {
			for range each {
				res, err := http.GetURLWith(u, http.RequestOptions{Agent: agent}).Await(context.Background())
				if err != nil {
					t.Error(err)
					return
				}
				if b, err := io.ReadAll(res); string(b) != "ok" || err != nil {
					t.Errorf("%q, %v", b, err)
				}
				time.Sleep(time.Duration(rand.Int64N(int64(rest))))
			}
		})
	}
	all.Wait()
}

// An error of the user's CreateConnection is delivered as it is; an error of the system
// has the system's code.
func TestCreateConnectionErrors(t *testing.T) {
	mine := errors.New("mine")
	coded := &http.Error{Code: "EMINE", Message: "of mine"}
	for name, c := range map[string]struct {
		err  error
		code string
	}{
		"plain":      {mine, "mine"},
		"with code":  {coded, "EMINE"},
		"wrapped":    {fmt.Errorf("proxy: %w", mine), "proxy: mine"},
		"of the net": {&net.OpError{Op: "dial", Err: context.DeadlineExceeded}, "ETIMEDOUT"},
	} {
		t.Run(name, func(t *testing.T) {
			create := func(context.Context, http.ConnectOptions) (net.Conn, error) { return nil, c.err }
			for _, o := range []http.RequestOptions{
				{CreateConnection: create},
				{Agent: http.NewAgent(http.AgentOptions{CreateConnection: create})},
			} {
				_, err := http.GetWith(o).Await(t.Context())
				if code(err) != c.code || !errors.Is(err, c.err) {
					t.Errorf("got %v", err)
				}
			}
		})
	}
}

// A response that no request asked for is never taken for the next request's, however
// soon that is made: bytes that have arrived before it are noticed.
func TestUnaskedResponseIsNobodys(t *testing.T) {
	more, sent := make(chan struct{}), make(chan struct{})
	u := peer(t, func(w *wire) {
		for {
			switch head := w.head(); {
			case head == "":
				return
			case strings.HasPrefix(head, "GET /bad"):
				w.send(okAnswer)
				<-more
				io.WriteString(w, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil")
				sent <- struct{}{}
			default:
				io.WriteString(w, okAnswer)
			}
		}
	})
	agent := http.NewAgent(http.AgentOptions{KeepAlive: true, MaxSockets: 1})
	defer agent.Destroy()
	for i := range 500 {
		res, err := http.GetURLWith(u+"/bad", http.RequestOptions{Agent: agent}).Await(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		body(t, res)
		more <- struct{}{}
		<-sent
		good := http.GetURLWith(u+"/good", http.RequestOptions{Agent: agent})
		if res, err = good.Await(t.Context()); err != nil {
			t.Fatal(err)
		}
		if b := body(t, res); b != "ok" || good.ReusedSocket() {
			t.Fatalf("request %d got %q; on the connection of the other: %t", i, b, good.ReusedSocket())
		}
	}
}

// Destroying a response after its end does not harm the request that has its connection
// by then.
func TestGivingUpAnOldResponse(t *testing.T) {
	for name, giveUp := range map[string]func(*http.ClientRequest, *http.IncomingMessage){
		"request":  func(r *http.ClientRequest, _ *http.IncomingMessage) { r.Destroy() },
		"response": func(_ *http.ClientRequest, res *http.IncomingMessage) { res.Destroy() },
	} {
		t.Run(name, func(t *testing.T) {
			u := peer(t, func(w *wire) {
				for w.head() != "" {
					io.WriteString(w, okAnswer)
				}
			})
			agent := http.NewAgent(http.AgentOptions{KeepAlive: true, MaxSockets: 1})
			defer agent.Destroy()
			for range 200 {
				first := http.GetURLWith(u, http.RequestOptions{Agent: agent})
				res, err := first.Await(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				body(t, res)
				next := http.RequestURLWith(u, http.RequestOptions{Agent: agent, Method: "POST"})
				giveUp(first, res)
				next.End()
				if res, err = next.Await(t.Context()); err != nil {
					t.Fatal(err)
				}
				body(t, res)
			}
		})
	}
}

// What was set of the socket is set of the one that takes its place.
func TestRetriedRequestTunesItsSocket(t *testing.T) {
	u, heads := fickle(t, func(w *wire) { w.reset() })
	made := make(chan net.Conn, 2)
	agent := http.NewAgent(http.AgentOptions{KeepAlive: true, MaxSockets: 1, RetryReused: true,
		CreateConnection: func(_ context.Context, o http.ConnectOptions) (net.Conn, error) {
			c, err := net.Dial("tcp", net.JoinHostPort(o.Host, fmt.Sprint(o.Port)))
			made <- c
			return c, err
		}})
	defer agent.Destroy()
	ask(t, agent, u)
	wait(t, made, "the first connection")
	req := http.RequestURLWith(u, http.RequestOptions{Agent: agent})
	req.SetNoDelay(false)
	req.End()
	wait(t, heads, "the request")
	res, err := req.Await(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if c := wait(t, made, "the second connection"); socketOption(t, c, syscall.IPPROTO_TCP, syscall.TCP_NODELAY) != 0 {
		t.Error("Nagle's algorithm is off on the second connection")
	}
	body(t, res)
}
