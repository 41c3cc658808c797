package behaviour_test

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	http "nodehttp/generated/http"
)

// The context of a request ends when its client leaves, in whatever way and
// whatever the listener is doing, and not before.
func TestContextEndsWithTheClient(t *testing.T) {
	get := "GET / HTTP/1.1\r\nHost: h\r\n\r\n"
	post := "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\n\r\n"
	leave := map[string]func(w *wire){
		"close":      func(w *wire) { w.Close() },
		"reset":      (*wire).reset,
		"half-close": func(w *wire) { w.Conn.(*net.TCPConn).CloseWrite() },
	}
	for name, sent := range map[string]string{
		"request":                    get,
		"pipelined requests":         get + get + get,
		"part of another request":    get + "GET / HT",
		"part of a body":             post + "some",
		"a body that nobody reads":   post + strings.Repeat("x", 100_000),
		"garbage behind the request": get + "\x00\x00\x00",
	} {
		for how, leave := range leave {
			for _, blocked := range []bool{true, false} {
				kind := map[bool]string{true: "blocked", false: "returned"}[blocked]
				t.Run(name+"/"+how+"/"+kind, func(t *testing.T) {
					began, ended := make(chan struct{}, 8), make(chan error, 8)
					s := start(t, func(req *http.IncomingMessage, _ *http.ServerResponse) {
						ctx := req.Context()
						began <- struct{}{}
						watch := func() {
							<-ctx.Done()
							ended <- context.Cause(ctx)
						}
						if blocked {
							watch()
						} else {
							go watch()
						}
					})
					s.OnClientError(func(error, *http.Socket) {})
					w := dial(t, s)
					w.send(sent)
					wait(t, began, "the request")
					select {
					case err := <-ended:
						if name != "garbage behind the request" {
							t.Fatalf("ended early: %v", err)
						}
						ended <- err
					default:
					}
					leave(w)
					if err := wait(t, ended, "the end of the context"); code(err) != "ECONNRESET" || !errors.Is(err, context.Canceled) {
						t.Errorf("got %v", err)
					}
					s.CloseAllConnections()
				})
			}
		}
	}
}

// A listener that has asked for the context, and whose client stays, answers
// as if it had not.
func TestContextOfAClientThatStays(t *testing.T) {
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		ctx, stop := context.WithTimeout(req.Context(), 250*time.Millisecond) // two looks of the sweep
		defer stop()
		<-ctx.Done()
		if !errors.Is(ctx.Err(), context.DeadlineExceeded) {
			t.Error(ctx.Err())
		}
		res.EndString("x")
	})
	w := dial(t, s)
	for range 2 {
		w.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
		if _, body := w.response(); body != "x" {
			t.Errorf("got %q", body)
		}
	}
}

// A client that has only ended its half still gets its answer from a listener
// that blocks.
func TestContextEndsBeforeTheAnswer(t *testing.T) {
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		<-req.Context().Done()
		res.EndString("still there?")
	})
	w := dial(t, s)
	w.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
	w.Conn.(*net.TCPConn).CloseWrite()
	if got := w.rest(); !strings.HasSuffix(got, "still there?") {
		t.Errorf("got %q", got)
	}
}

// The context ends at once when the server destroys the connection, though a
// listener blocks, and also if it is asked for only then.
func TestContextEndsWithTheServer(t *testing.T) {
	reading := make(chan *http.IncomingMessage, 1)
	done := make(chan struct{})
	s := start(t, func(req *http.IncomingMessage, _ *http.ServerResponse) {
		ctx := req.Context()
		reading <- req
		<-ctx.Done()
		close(done)
	})
	w := dial(t, s)
	w.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
	req := wait(t, reading, "the request")
	req.Socket().Destroy()
	wait(t, done, "the end of the context")
	if req.Context().Err() == nil {
		t.Error("the context has not ended")
	}
	if got, err := io.ReadAll(w.r); len(got) > 0 {
		t.Errorf("got %q %v", got, err)
	}
	late := make(chan *http.IncomingMessage, 1)
	s2 := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		res.OnClose(func() { late <- req })
		res.Destroy()
	})
	w = dial(t, s2)
	w.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
	<-wait(t, late, "the end").Context().Done()
}

// The context of a response ends with its connection, though the response has been
// sent before, and whenever it was asked for.
func TestContextOfAResponseThatHasBeenSent(t *testing.T) {
	contexts := make(chan context.Context, 1)
	s := start(t, func(_ *http.IncomingMessage, res *http.ServerResponse) {
		res.OnClose(func() { contexts <- res.Context() })
		res.EndString("x")
	})
	w := dial(t, s)
	w.send(getRequest)
	w.response()
	ctx := wait(t, contexts, "the response to close")
	if ctx.Err() != nil {
		t.Errorf("ended early: %v", context.Cause(ctx))
	}
	w.Close()
	wait(t, ctx.Done(), "the end of the context")
}

// The context of a request ends with it, in whatever way and whenever it was asked for.
func TestContextOfARequest(t *testing.T) {
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		switch req.URL() {
		case "/cut":
			req.Socket().Destroy()
		case "/":
			res.EndString("x")
		}
	})
	for name, c := range map[string]struct {
		path string
		end  func(agent *http.Agent, r *http.ClientRequest)
		want error
	}{
		"answered":  {"/", func(_ *http.Agent, r *http.ClientRequest) { r.End() }, context.Canceled},
		"cut":       {"/cut", func(_ *http.Agent, r *http.ClientRequest) { r.End() }, http.ErrConnReset},
		"destroyed": {"/never", func(_ *http.Agent, r *http.ClientRequest) { r.Destroy() }, http.ErrConnReset},
		"with an error": {"/never", func(_ *http.Agent, r *http.ClientRequest) {
			r.Destroy(errMine)
		}, errMine},
		"with the agent": {"/never", func(a *http.Agent, r *http.ClientRequest) { a.Destroy() }, http.ErrConnReset},
		"in a listener that waits for it": {"/never", func(_ *http.Agent, r *http.ClientRequest) {
			r.OnSocket(func(*http.Socket) {
				go r.Destroy()
				<-r.Context().Done()
			})
		}, http.ErrConnReset},
		"in a listener that waits for it, with the agent": {"/never", func(a *http.Agent, r *http.ClientRequest) {
			r.OnSocket(func(*http.Socket) {
				go a.Destroy()
				<-r.Context().Done()
			})
		}, http.ErrConnReset},
	} {
		t.Run(name, func(t *testing.T) {
			agent := http.NewAgent(http.AgentOptions{KeepAlive: true})
			defer agent.Destroy()
			r := http.RequestURLWith(url(s, c.path), http.RequestOptions{Agent: agent})
			r.OnError(func(error) {})
			r.OnResponse(func(res *http.IncomingMessage) { res.Resume() })
			early := r.Context()
			c.end(agent, r)
			wait(t, early.Done(), "the end of the context")
			if err := context.Cause(early); !errors.Is(err, c.want) {
				t.Errorf("the cause is %v", err)
			}
			closed := make(chan struct{})
			r.OnClose(func() { close(closed) })
			wait(t, closed, "the request to close")
			late := http.RequestURLWith(url(s, c.path), http.RequestOptions{Agent: agent})
			late.OnError(func(error) {})
			late.Destroy()
			<-late.Context().Done()
		})
	}
}

// That of a request that waits for a connection ends when it is destroyed.
func TestContextOfARequestThatWaits(t *testing.T) {
	s := start(t, func(*http.IncomingMessage, *http.ServerResponse) {})
	agent := http.NewAgent(http.AgentOptions{MaxSockets: 1})
	defer agent.Destroy()
	for range 2 {
		r := http.GetURLWith(url(s, "/"), http.RequestOptions{Agent: agent})
		r.OnError(func(error) {})
		ctx := r.Context()
		defer func() {
			r.Destroy(errMine)
			wait(t, ctx.Done(), "the end of the context")
			if !errors.Is(context.Cause(ctx), errMine) {
				t.Errorf("the cause is %v", context.Cause(ctx))
			}
		}()
	}
}

// One that is sent again on another connection goes on.
func TestContextOfARequestThatIsSentAgain(t *testing.T) {
	u, _ := fickle(t, func(w *wire) {})
	agent := http.NewAgent(http.AgentOptions{KeepAlive: true, MaxSockets: 1, RetryReused: true})
	defer agent.Destroy()
	ask(t, agent, u)
	r := http.RequestURLWith(u, http.RequestOptions{Agent: agent})
	ctx := r.Context()
	answered := make(chan error, 1)
	r.OnResponse(func(res *http.IncomingMessage) {
		answered <- ctx.Err()
		res.Resume()
	})
	r.End()
	if err := wait(t, answered, "the response"); err != nil {
		t.Error(err)
	}
	wait(t, ctx.Done(), "the end of the context")
}
