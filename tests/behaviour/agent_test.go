package behaviour_test

// Which connection a request goes on: what an agent keeps, bounds and queues.

import (
	"errors"
	"fmt"
	"net"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	http "nodehttp/generated/http"
)

// ask makes a GET through an agent and returns the body once the exchange has ended.
func ask(t testing.TB, agent *http.Agent, u string) (string, *http.ClientRequest) {
	t.Helper()
	req := http.GetURLWith(u, http.RequestOptions{Agent: agent})
	res, err := req.Await(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	b := body(t, res)
	closed := make(chan struct{})
	res.OnClose(func() { close(closed) })
	wait(t, closed, "the end of the exchange")
	return b, req
}

// remote answers with the port that the client has.
func remote(req *http.IncomingMessage, res *http.ServerResponse) {
	res.EndString(fmt.Sprint(req.Socket().RemotePort()))
}

func count[V any](pools map[string][]V) (n int) {
	for _, p := range pools {
		n += len(p)
	}
	return n
}

func TestAgentKeepsAConnection(t *testing.T) {
	s := start(t, remote)
	agent := http.NewAgent(http.AgentOptions{KeepAlive: true})
	defer agent.Destroy()
	first, req := ask(t, agent, url(s, "/"))
	if req.ReusedSocket() || count(agent.FreeSockets()) != 1 || count(agent.Sockets()) != 0 {
		t.Errorf("%t %d %d", req.ReusedSocket(), count(agent.FreeSockets()), count(agent.Sockets()))
	}
	port := s.Address().(*net.TCPAddr).Port
	name := agent.GetName(http.ConnectOptions{Host: "127.0.0.1", Port: port})
	if want := fmt.Sprintf("127.0.0.1:%d:", port); name != want || len(agent.FreeSockets()[name]) != 1 {
		t.Errorf("got %s, want %s in %v", name, want, agent.FreeSockets())
	}
	second, req := ask(t, agent, url(s, "/"))
	if first != second || !req.ReusedSocket() {
		t.Errorf("%s, %s, %t", first, second, req.ReusedSocket())
	}
}

func TestAgentThatKeepsNothing(t *testing.T) {
	s := start(t, remote)
	agent := http.NewAgent(http.AgentOptions{})
	a, _ := ask(t, agent, url(s, "/"))
	b, req := ask(t, agent, url(s, "/"))
	if a == b || req.ReusedSocket() || count(agent.FreeSockets()) != 0 {
		t.Errorf("%s %s", a, b)
	}
}

// Requests beyond MaxSockets wait, and go in the order in which they came.
func TestMaxSocketsQueues(t *testing.T) {
	var order trace
	release := make(chan struct{})
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		order.add("%s", req.URL())
		go func() { <-release; res.End() }()
	})
	agent := http.NewAgent(http.AgentOptions{MaxSockets: 1})
	var want []string
	var all sync.WaitGroup
	for i := range 6 {
		want = append(want, fmt.Sprintf("/%d", i))
		all.Add(1)
		req := http.GetURLWith(url(s, want[i]), http.RequestOptions{Agent: agent})
		req.OnResponse(func(res *http.IncomingMessage) { res.Resume() })
		req.OnClose(all.Done)
	}
	order.until(t, "/0")
	if n, busy := count(agent.Requests()), count(agent.Sockets()); n != 5 || busy != 1 {
		t.Errorf("%d wait, %d are busy", n, busy)
	}
	close(release)
	all.Wait()
	order.expect(t, want...)
	if len(agent.Requests()) != 0 {
		t.Errorf("left: %v", agent.Requests())
	}
}

// A kept connection to one origin does not starve requests to another.
func TestMaxTotalSocketsOverOrigins(t *testing.T) {
	one, two := start(t, remote), start(t, remote)
	agent := http.NewAgent(http.AgentOptions{KeepAlive: true, MaxTotalSockets: 1})
	defer agent.Destroy()
	for range 5 {
		ask(t, agent, url(one, "/"))
		ask(t, agent, url(two, "/"))
	}
	var all sync.WaitGroup
	for i := range 20 {
		s := one
		if i%2 == 0 {
			s = two
		}
		all.Add(1)
		req := http.GetURLWith(url(s, "/"), http.RequestOptions{Agent: agent})
		req.OnResponse(func(res *http.IncomingMessage) { res.Resume() })
		req.OnError(func(err error) { t.Error(err) })
		req.OnClose(all.Done)
	}
	all.Wait()
	// In this order: the last connection may become free in between.
	if n := count(agent.FreeSockets()) + count(agent.Sockets()); n > 1 {
		t.Errorf("%d connections", n)
	}
}

// A request through an agent with a mistake in its options fails, and sends
// nothing.
func TestAgentWithoutSuchScheduling(t *testing.T) {
	agent := http.NewAgent(http.AgentOptions{Scheduling: "random"})
	failed := make(chan error, 1)
	req := http.GetURLWith("http://127.0.0.1:1/", http.RequestOptions{Agent: agent})
	req.OnError(func(err error) { failed <- err })
	if err := <-failed; !errors.Is(err, http.ErrInvalidArgValue) {
		t.Errorf("got %v", err)
	}
}

func TestMaxFreeSockets(t *testing.T) {
	const n = 5
	var arrived sync.WaitGroup
	arrived.Add(n)
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		arrived.Done()
		go func() { arrived.Wait(); res.End() }()
	})
	agent := http.NewAgent(http.AgentOptions{KeepAlive: true, MaxFreeSockets: 2})
	defer agent.Destroy()
	var all sync.WaitGroup
	for range n {
		all.Add(1)
		req := http.GetURLWith(url(s, "/"), http.RequestOptions{Agent: agent})
		req.OnResponse(func(res *http.IncomingMessage) { res.OnClose(all.Done); res.Resume() })
	}
	all.Wait()
	if free := count(agent.FreeSockets()); free != 2 {
		t.Errorf("%d are kept", free)
	}
}

func TestScheduling(t *testing.T) {
	for _, scheduling := range []http.Scheduling{http.SchedulingLIFO, http.SchedulingFIFO} {
		t.Run(string(scheduling), func(t *testing.T) {
			pending := make(chan *http.ServerResponse, 2)
			s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
				if req.URL() == "/hold" {
					pending <- res
					return
				}
				remote(req, res)
			})
			agent := http.NewAgent(http.AgentOptions{KeepAlive: true, Scheduling: scheduling})
			defer agent.Destroy()
			var ports []string
			var ends []chan struct{}
			for range 2 {
				end := make(chan struct{})
				req := http.GetURLWith(url(s, "/hold"), http.RequestOptions{Agent: agent})
				req.OnResponse(func(res *http.IncomingMessage) { res.OnClose(func() { close(end) }); res.Resume() })
				ends = append(ends, end)
			}
			for i := range 2 { // the connections become free in this order
				res := wait(t, pending, "a request")
				ports = append(ports, fmt.Sprint(res.Req().Socket().RemotePort()))
				res.End()
				select {
				case <-ends[0]:
					ends = ends[1:]
				case <-ends[len(ends)-1]:
					ends = ends[:len(ends)-1]
				}
				for count(agent.FreeSockets()) <= i { // behind the listeners of 'close'
					runtime.Gosched()
				}
			}
			want := ports[1]
			if scheduling == http.SchedulingFIFO {
				want = ports[0]
			}
			if got, _ := ask(t, agent, url(s, "/")); got != want {
				t.Errorf("got %s of %v", got, ports)
			}
		})
	}
}

// A kept connection that the server closes is forgotten, and the next request
// gets another one.
func TestKeptConnectionClosedByTheServer(t *testing.T) {
	s := start(t, remote)
	agent := http.NewAgent(http.AgentOptions{KeepAlive: true})
	defer agent.Destroy()
	for range 50 {
		if _, req := ask(t, agent, url(s, "/")); req.ReusedSocket() {
			t.Error("reused")
		}
		gone := make(chan struct{})
		for _, list := range agent.FreeSockets() {
			list[0].OnClose(func(bool) { close(gone) })
		}
		for closed := false; !closed; { // the server may not know yet that it is idle
			s.CloseIdleConnections()
			select {
			case <-gone:
				closed = true
			case <-time.After(time.Millisecond):
			}
		}
		if n := count(agent.FreeSockets()); n != 0 {
			t.Errorf("%d are kept", n)
		}
	}
}

// While the server closes connections at random moments, each request ends in
// one way or the other, and the agent loses count of nothing.
func TestConnectionsClosedAtAnyMoment(t *testing.T) {
	s := start(t, remote)
	agent := http.NewAgent(http.AgentOptions{KeepAlive: true, MaxTotalSockets: 4})
	defer agent.Destroy()
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			select {
			case <-stop:
				return
			case <-time.After(200 * time.Microsecond):
				s.CloseIdleConnections()
			}
		}
	}()
	var failed atomic.Int32
	var all sync.WaitGroup
	for range 8 {
		all.Add(1)
		go func() {
			defer all.Done()
			for range 100 {
				closed := make(chan struct{})
				req := http.GetURLWith(url(s, "/"), http.RequestOptions{Agent: agent})
				req.OnError(func(err error) {
					failed.Add(1)
					if c := code(err); c != "ECONNRESET" && c != "EPIPE" {
						t.Error(err)
					}
				})
				req.OnResponse(func(res *http.IncomingMessage) { res.OnError(func(error) {}); res.Resume() })
				req.OnClose(func() { close(closed) })
				wait(t, closed, "'close'")
			}
		}()
	}
	all.Wait()
	close(stop)
	<-stopped
	t.Logf("%d of 800 failed", failed.Load())
	// There is room again for as many as ever.
	agent.Destroy()
	for range 8 {
		ask(t, agent, url(s, "/"))
	}
}

// What a server sends behind a response is not the answer to the next request.
func TestBytesBehindAResponse(t *testing.T) {
	const answer = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood"
	var served atomic.Int32
	u := peer(t, func(w *wire) {
		for {
			if !strings.HasPrefix(w.head(), "GET") {
				return
			}
			if served.Add(1) == 1 {
				w.send(answer + "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil")
			} else {
				w.send(answer)
			}
		}
	})
	agent := http.NewAgent(http.AgentOptions{KeepAlive: true, MaxSockets: 1})
	defer agent.Destroy()
	bodies := make(chan string, 3)
	for range 3 {
		req := http.GetURLWith(u, http.RequestOptions{Agent: agent})
		req.OnResponse(func(res *http.IncomingMessage) {
			var b []byte
			res.OnData(func(chunk []byte) { b = append(b, chunk...) })
			res.OnEnd(func() { bodies <- string(b) })
		})
	}
	for range 3 {
		if b := wait(t, bodies, "a body"); b != "good" {
			t.Errorf("got %q", b)
		}
	}
}

func TestKeepAndReuseFunctions(t *testing.T) {
	s := start(t, remote)
	asked := make(chan bool, 1)
	var keep atomic.Bool
	keep.Store(true)
	var events trace
	agent := http.NewAgent(http.AgentOptions{
		KeepAlive:       true,
		KeepSocketAlive: func(*http.Socket) bool { events.add("keep"); return keep.Load() },
		ReuseSocket:     func(socket *http.Socket, req *http.ClientRequest) { events.add("reuse %s", req.Path()); asked <- true },
	})
	defer agent.Destroy()
	// exchange returns when the connection is idle, or gone.
	exchange := func(path string) {
		ask(t, agent, url(s, path))
		for count(agent.Sockets()) > 0 {
			runtime.Gosched()
		}
	}
	exchange("/1")
	exchange("/2")
	wait(t, asked, "ReuseSocket")
	keep.Store(false)
	exchange("/3")
	wait(t, asked, "ReuseSocket")
	exchange("/4")
	if got, want := events.all(), []string{"keep", "reuse /2", "keep", "reuse /3", "keep", "keep"}; !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// As in Node, ReuseSocket is called for sockets that were kept, and not for one that
// passes to a request which has waited for it.
func TestReuseSocketOfAQueue(t *testing.T) {
	made := make(chan struct{})
	s := start(t, func(_ *http.IncomingMessage, res *http.ServerResponse) {
		<-made
		res.End()
	})
	var events trace
	agent := http.NewAgent(http.AgentOptions{
		KeepAlive: true, MaxSockets: 1,
		ReuseSocket: func(_ *http.Socket, req *http.ClientRequest) { events.add("reuse %s", req.Path()) },
	})
	defer agent.Destroy()
	for _, path := range []string{"/1", "/2", "/3"} {
		http.GetURLWith(url(s, path), http.RequestOptions{Agent: agent}, func(res *http.IncomingMessage) {
			res.OnClose(events.on("close " + path))
			res.Resume()
		})
	}
	close(made)
	events.until(t, "close /3")
	for count(agent.FreeSockets()) == 0 { // behind the listeners of 'close'
		runtime.Gosched()
	}
	ask(t, agent, url(s, "/4"))
	events.expect(t, "close /1", "close /2", "close /3", "reuse /4")
}

func TestDestroyedAgent(t *testing.T) {
	s := start(t, remote)
	agent := http.NewAgent(http.AgentOptions{KeepAlive: true})
	ask(t, agent, url(s, "/"))
	agent.Destroy()
	ask(t, agent, url(s, "/"))
	agent.Destroy()
}

// A kept connection that is silent too long is given up.
func TestTimeoutOfAKeptConnection(t *testing.T) {
	s := start(t, remote)
	agent := http.NewAgent(http.AgentOptions{KeepAlive: true, Timeout: 40 * time.Millisecond})
	defer agent.Destroy()
	ask(t, agent, url(s, "/"))
	for _, list := range agent.FreeSockets() {
		gone := make(chan struct{})
		list[0].OnClose(func(bool) { close(gone) })
		wait(t, gone, "the connection to go")
	}
}

// A request that was destroyed while it waited is not sent.
func TestDestroyWhileQueued(t *testing.T) {
	release := make(chan struct{})
	var order trace
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		order.add("%s", req.URL())
		go func() { <-release; res.End() }()
	})
	agent := http.NewAgent(http.AgentOptions{KeepAlive: true, MaxSockets: 1})
	defer agent.Destroy()
	var requests []*http.ClientRequest
	for i := range 3 {
		req := http.GetURLWith(url(s, fmt.Sprintf("/%d", i)), http.RequestOptions{Agent: agent})
		req.OnResponse(func(res *http.IncomingMessage) { res.Resume() })
		req.OnError(func(error) {})
		requests = append(requests, req)
	}
	order.until(t, "/0")
	requests[1].Destroy()
	close(release)
	order.expect(t, "/0", "/2")
}
