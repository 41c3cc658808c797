package behaviour_test

// What holds for states and events whatever the goroutines do: a connection is not
// offered to other requests while listeners of its last exchange run, and 'finish' is
// never emitted after 'close'.

import (
	"context"
	"errors"
	"io"
	"net"
	"slices"
	"sync"
	"testing"

	http "nodehttp/generated/http"
	"nodehttp/tests/leak"
)

// A listener that blocks at the end of an exchange holds up its own connection and no
// other request of the agent.
func TestListenerAtTheEndHoldsUpNobodyElse(t *testing.T) {
	for _, c := range []struct {
		name   string
		listen func(req *http.ClientRequest, res *http.IncomingMessage, block func())
	}{
		{"close of the response", func(_ *http.ClientRequest, res *http.IncomingMessage, block func()) { res.OnClose(block) }},
		{"close of the request", func(req *http.ClientRequest, _ *http.IncomingMessage, block func()) { req.OnClose(block) }},
		{"end of the response", func(_ *http.ClientRequest, res *http.IncomingMessage, block func()) { res.OnEnd(block) }},
	} {
		for _, reads := range []bool{true, false} {
			name := c.name + ", heard"
			if reads {
				name = c.name + ", read"
			}
			t.Run(name, func(t *testing.T) {
				leak.Check(t)
				u := url(start(t, func(req *http.IncomingMessage, res *http.ServerResponse) { res.EndString("ok") }), "/")
				agent := http.NewAgent(http.AgentOptions{KeepAlive: true})
				defer agent.Destroy()
				blocks, goOn, done := make(chan bool), make(chan bool), make(chan bool)
				req := http.RequestURLWith(u, http.RequestOptions{Agent: agent})
				req.OnResponse(func(res *http.IncomingMessage) {
					c.listen(req, res, func() { close(blocks); <-goOn; close(done) })
					if reads {
						go io.ReadAll(res)
					} else {
						res.Resume()
					}
				})
				req.End()
				wait(t, blocks, "the listener")
				for range 3 { // also on those that are kept meanwhile
					ask(t, agent, u)
				}
				close(goOn)
				wait(t, done, "the end of the listener")
			})
		}
	}
}

// The only connection that an agent may have is given on when the listeners of its
// last exchange have returned.
func TestConnectionIsGivenOnBehindListeners(t *testing.T) {
	leak.Check(t)
	var mu sync.Mutex // guards ports and events
	var ports []int
	u := url(start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		mu.Lock()
		ports = append(ports, req.Socket().RemotePort())
		mu.Unlock()
		res.EndString("ok")
	}), "/")
	agent := http.NewAgent(http.AgentOptions{KeepAlive: true, MaxSockets: 1})
	defer agent.Destroy()
	var events []string
	note := func(what string) {
		mu.Lock()
		events = append(events, what)
		mu.Unlock()
	}
	blocks, goOn, done := make(chan bool), make(chan bool), make(chan bool)
	req := http.GetURLWith(u, http.RequestOptions{Agent: agent})
	req.OnResponse(func(res *http.IncomingMessage) {
		res.OnClose(func() { close(blocks); <-goOn; note("first closes") })
		res.Resume()
	})
	wait(t, blocks, "the listener")
	second := http.GetURLWith(u, http.RequestOptions{Agent: agent}, func(res *http.IncomingMessage) {
		note("second is answered")
		res.OnClose(func() { close(done) })
		res.Resume()
	})
	second.OnSocket(func(*http.Socket) { note("second has a socket") })
	close(goOn)
	wait(t, done, "the second response")
	mu.Lock()
	defer mu.Unlock()
	want := []string{"first closes", "second has a socket", "second is answered"}
	if len(events) != 3 || events[0] != want[0] || events[1] != want[1] || events[2] != want[2] {
		t.Errorf("%q, want %q", events, want)
	}
	if len(ports) != 2 || ports[0] != ports[1] {
		t.Errorf("the requests came from the ports %v, want one", ports)
	}
}

// End and Destroy race: 'finish' comes before 'close', or not at all.
func TestFinishIsNotToldBehindClose(t *testing.T) {
	leak.Check(t)
	const rounds = 300
	type order struct {
		mu     sync.Mutex
		events []string
	}
	watch := func(t *testing.T, m *http.OutgoingMessage) (closed chan bool) {
		closed = make(chan bool)
		o := new(order)
		add := func(what string) {
			o.mu.Lock()
			defer o.mu.Unlock()
			o.events = append(o.events, what)
			if what != "close" && len(o.events) > 1 && o.events[0] == "close" {
				t.Errorf("%v", o.events)
			}
		}
		m.OnFinish(func() { add("finish") })
		m.OnError(func(error) {})
		m.OnClose(func() { add("close"); close(closed) })
		return closed
	}
	race := func(m *http.OutgoingMessage) {
		var both sync.WaitGroup
		both.Go(func() { m.End() })
		both.Go(func() { m.Destroy() })
		both.Wait()
	}
	t.Run("response", func(t *testing.T) {
		u := url(start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
			req.OnError(func(error) {})
			m := res.Outgoing()
			closed := watch(t, m)
			go func() {
				race(m)
				<-closed
			}()
		}), "/")
		for range rounds {
			req := http.GetURLWith(u, http.RequestOptions{NoAgent: true})
			res, err := req.Await(context.Background())
			if err == nil {
				io.ReadAll(res)
			}
		}
	})
	t.Run("request", func(t *testing.T) {
		u := url(start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
			req.OnError(func(error) {})
			res.EndString("ok")
		}), "/")
		for range rounds {
			req := http.RequestURLWith(u, http.RequestOptions{NoAgent: true, Method: "POST"})
			closed := watch(t, req.Outgoing())
			req.WriteString("x")
			race(req.Outgoing())
			<-closed
		}
	})
}

// stuck is a way to connect that does not come to an end before the test does.
func stuck(t *testing.T) func(context.Context, http.ConnectOptions) (net.Conn, error) {
	over := make(chan bool)
	t.Cleanup(func() { close(over) })
	return func(context.Context, http.ConnectOptions) (net.Conn, error) {
		<-over
		return nil, errors.New("too late")
	}
}

// A request that is aborted or destroyed before it has a connection, tells no 'socket';
// one that is aborted tells no error.
func TestGivenUpAtOnce(t *testing.T) {
	leak.Check(t)
	u := peer(t, func(w *wire) { w.head() })
	for name, c := range map[string]struct {
		giveUp func(*http.ClientRequest)
		want   []string
	}{
		"aborted":   {func(r *http.ClientRequest) { r.Abort() }, []string{"abort", "close"}},
		"destroyed": {func(r *http.ClientRequest) { r.Destroy() }, []string{"error ECONNRESET", "close"}},
	} {
		t.Run(name, func(t *testing.T) {
			for range 100 {
				req := http.RequestURLWith(u, http.RequestOptions{NoAgent: true, CreateConnection: stuck(t)})
				var events trace
				req.OnAbort(func() { events.add("abort") })
				req.OnError(func(err error) { events.add("error %s", code(err)) })
				closed := make(chan bool)
				req.OnClose(func() { events.add("close"); close(closed) })
				c.giveUp(req)
				overtaken := req.Socket() != nil // the goroutine that connects was quicker than this one
				req.OnSocket(func(*http.Socket) { events.add("socket") })
				wait(t, closed, "close")
				if overtaken {
					continue
				}
				if req.Socket() != nil {
					t.Error("the request has a socket")
				}
				if got := events.all(); !slices.Equal(got, c.want) {
					t.Errorf("%q, want %q", got, c.want)
				}
				return
			}
			t.Error("a hundred requests had connections before they were given up")
		})
	}
}
