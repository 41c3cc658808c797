package behaviour_test

// Requests that wait for a connection: their order, whose turn it is, and that
// a step costs the same however many of them there are.

import (
	"fmt"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	http "nodehttp/generated/http"
)

// queued makes n requests through an agent whose connections are all held by
// requests of its own, and returns them.
func queued(agent *http.Agent, u string, n int) []*http.ClientRequest {
	all := make([]*http.ClientRequest, n)
	for i := range all {
		all[i] = http.GetURLWith(u+fmt.Sprint(i), http.RequestOptions{Agent: agent})
		all[i].OnError(func(error) {})
	}
	return all
}

// A long queue over several connections is served in its order; longer ones are
// in tests/soak.
func TestLongQueue(t *testing.T) {
	const n, sockets = 3_000, 8
	var mu sync.Mutex
	latest := make(map[int]int) // request of each connection, by its port
	arrived := 0
	asked := make(chan struct{}) // closed when all have been: no connection rests, to be closed for it
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		<-asked
		i, _ := strconv.Atoi(req.URL()[1:])
		mu.Lock()
		defer mu.Unlock()
		port := req.Socket().RemotePort()
		if before, ok := latest[port]; ok && before > i {
			t.Errorf("request %d was served behind %d", i, before)
		}
		latest[port] = i
		arrived++
		res.End()
	})
	agent := http.NewAgent(http.AgentOptions{KeepAlive: true, MaxSockets: sockets})
	defer agent.Destroy()
	var all sync.WaitGroup
	all.Add(n)
	for i := range n {
		req := http.GetURLWith(url(s, fmt.Sprint("/", i)), http.RequestOptions{Agent: agent})
		req.OnResponse(func(res *http.IncomingMessage) { res.Resume() })
		req.OnError(func(err error) { t.Error(err) })
		req.OnClose(all.Done)
	}
	close(asked)
	all.Wait()
	mu.Lock()
	defer mu.Unlock()
	if arrived != n || len(latest) != sockets {
		t.Errorf("%d of %d arrived, on %d connections", arrived, n, len(latest))
	}
}

// On one connection the order is exact, also where some of those that wait are
// destroyed.
func TestDestroyedRequestsLeaveTheQueue(t *testing.T) {
	const n = 5_000
	var order trace
	release := make(chan struct{})
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		order.add("%s", req.URL())
		go func() { <-release; res.End() }()
	})
	agent := http.NewAgent(http.AgentOptions{KeepAlive: true, MaxSockets: 1})
	defer agent.Destroy()
	requests := queued(agent, url(s, "/"), n)
	order.until(t, "/0")
	if waiting := count(agent.Requests()); waiting != n-1 {
		t.Fatalf("%d wait", waiting)
	}
	for i := n - 1; i > 10; i-- {
		requests[i].Destroy()
	}
	requests[5].Destroy()
	for _, r := range requests[:11] {
		r.OnResponse(func(res *http.IncomingMessage) { res.Resume() })
	}
	close(release)
	order.expect(t, "/0", "/1", "/2", "/3", "/4", "/6", "/7", "/8", "/9", "/10")
}

// Where all origins share one connection, one with a long queue does not keep
// the others waiting until it is empty.
func TestOriginsTakeTurns(t *testing.T) {
	var order trace
	release := make(chan struct{})
	serve := func(name string) *http.Server {
		return start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
			order.add("%s", name)
			go func() { <-release; res.End() }()
		})
	}
	const busy, quiet = 60, 2
	servers := map[string]*http.Server{"a": serve("a"), "b": serve("b"), "c": serve("c")}
	agent := http.NewAgent(http.AgentOptions{KeepAlive: true, MaxTotalSockets: 1})
	defer agent.Destroy()
	var all sync.WaitGroup
	ask := func(name string, n int) {
		for range n {
			all.Add(1)
			req := http.GetURLWith(url(servers[name], "/"), http.RequestOptions{Agent: agent})
			req.OnResponse(func(res *http.IncomingMessage) { res.Resume() })
			req.OnError(func(err error) { t.Error(err) })
			req.OnClose(all.Done)
		}
	}
	ask("a", busy)
	order.until(t, "a")
	ask("b", quiet)
	ask("c", quiet)
	close(release)
	all.Wait()
	got := order.all()
	for _, name := range []string{"b", "c"} {
		if at := slices.Index(got, name); at < 0 || at > busy/2 {
			t.Errorf("%s is served behind %d others: %v", name, at, got)
		}
	}
	if len(got) != busy+2*quiet {
		t.Errorf("%d requests were served", len(got))
	}
}

// Those that wait go as soon as the limit is raised.
func TestRaisedLimit(t *testing.T) {
	for name, raise := range map[string]func(*http.Agent){
		"MaxSockets":      func(a *http.Agent) { a.SetMaxSockets(4) },
		"MaxTotalSockets": func(a *http.Agent) { a.SetMaxTotalSockets(4); a.SetMaxSockets(0) },
	} {
		t.Run(name, func(t *testing.T) {
			arrived, release := make(chan struct{}, 4), make(chan struct{})
			s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
				arrived <- struct{}{}
				go func() { <-release; res.End() }()
			})
			agent := http.NewAgent(http.AgentOptions{MaxSockets: 1, MaxTotalSockets: 4})
			requests := queued(agent, url(s, "/"), 4)
			wait(t, arrived, "the first")
			raise(agent)
			for range 3 {
				wait(t, arrived, "those that waited")
			}
			if n := count(agent.Requests()); n != 0 {
				t.Errorf("%d wait", n)
			}
			close(release)
			for _, r := range requests {
				closed := make(chan struct{})
				r.OnResponse(func(res *http.IncomingMessage) { res.Resume() })
				r.OnClose(func() { close(closed) })
				wait(t, closed, "'close'")
			}
		})
	}
}

// The views are copies: changing them does not change the agent.
func TestViewsOfAnAgentAreCopies(t *testing.T) {
	s := start(t, remote)
	agent := http.NewAgent(http.AgentOptions{KeepAlive: true})
	defer agent.Destroy()
	ask(t, agent, url(s, "/"))
	view := agent.FreeSockets()
	for name, list := range view {
		list[0] = nil
		delete(view, name)
	}
	if _, req := ask(t, agent, url(s, "/")); !req.ReusedSocket() {
		t.Error("the kept connection is lost")
	}
}

// A request that has waited for a connection receives no event of it while a listener of
// the connection still runs.
func TestListenersDoNotOverlapAtTheConnection(t *testing.T) {
	s := start(t, func(_ *http.IncomingMessage, res *http.ServerResponse) { res.EndString("ok") })
	agent := http.NewAgent(http.AgentOptions{KeepAlive: true, MaxSockets: 1})
	defer agent.Destroy()
	other := http.NewAgent(http.AgentOptions{KeepAlive: true})
	defer other.Destroy()
	for name, end := range map[string]func(*http.ClientRequest){
		"passed on": func(r *http.ClientRequest) { r.End() },
		"opened":    func(r *http.ClientRequest) { r.Destroy() },
	} {
		t.Run(name, func(t *testing.T) {
			first := http.RequestURLWith(url(s, "/"), http.RequestOptions{Agent: agent})
			first.OnError(func(error) {})
			first.OnResponse(func(res *http.IncomingMessage) { res.Resume() })
			gone := make(chan struct{})
			first.OnClose(func() { close(gone) })
			second := http.RequestURLWith(url(s, "/"), http.RequestOptions{Agent: agent})
			var inside atomic.Int32
			enter := func() {
				if inside.Add(1) != 1 {
					t.Error("two listeners at once")
				}
			}
			in, out, closed := make(chan struct{}), make(chan struct{}), make(chan struct{})
			second.OnPrefinish(func() {
				enter()
				close(in)
				<-out
				inside.Add(-1)
			})
			second.OnSocket(func(*http.Socket) { enter(); inside.Add(-1) })
			second.OnResponse(func(res *http.IncomingMessage) { enter(); res.Resume(); inside.Add(-1) })
			second.OnClose(func() { enter(); inside.Add(-1); close(closed) })
			go second.End()
			wait(t, in, "'prefinish'")
			end(first)
			wait(t, gone, "the end of the first")
			for range 20 { // time enough for an answer
				ask(t, other, url(s, "/"))
			}
			close(out)
			wait(t, closed, "the end of the second")
		})
	}
}
