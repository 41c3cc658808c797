package runtime

// What only old versions have: an agent for each server, with events of its
// own, clients that are objects, and events that deliver something else than
// they do today.

import (
	"slices"
	"sync"

	"nodehttp/core"
	"nodehttp/generated/profile"
	"nodehttp/runtime/http1"
)

// server is what has an agent of its own.
type server struct {
	profile *profile.Profile
	host    string
	port    int
}

// perServer are the agents that GetAgent has made.
var perServer struct {
	mu     sync.Mutex // guards agents
	agents map[server]*Agent
}

// GetAgent returns the agent of requests to a server that name none, where
// each server has its own.
func GetAgent(p *profile.Profile, host string, port int) *Agent {
	key := server{p, orDefault(host, p.Request.Host), orDefault(port, p.Request.Port)}
	perServer.mu.Lock()
	defer perServer.mu.Unlock()
	a := perServer.agents[key]
	if a == nil {
		if perServer.agents == nil {
			perServer.agents = make(map[server]*Agent)
		}
		a = newAgent(p, AgentOptions{}, &p.GlobalAgent)
		perServer.agents[key] = a
	}
	return a
}

// standardAgent returns the agent of requests that name none.
func standardAgent(p *profile.Profile, o *ClientRequestOptions) *Agent {
	if p.AgentPerOrigin {
		return GetAgent(p, o.Host, o.Port)
	}
	return GlobalAgent(p)
}

// upgrades reports whether a response names another protocol, whatever its
// status.
func (r *tables) upgrades(h *http1.Head) bool {
	return r.lookup(h, "upgrade") != "" && hasToken(r.lookup(h, "connection"), "upgrade")
}

// agentEvents are events of requests that their agent tells, too.
type agentEvents struct {
	upgrade handoverEvent
	proceed core.Event[func()]

	mu      sync.Mutex // guards waiting
	waiting []*ClientRequest
}

// OnUpgrade adds a listener for responses that switch protocols, of requests
// that have no listener of their own. The socket is its own from then on. It is
// called for those that wait for a listener, too.
func (a *Agent) OnUpgrade(f func(res *IncomingMessage, socket *Socket, head []byte)) *core.Listener {
	l := a.events.upgrade.On(f)
	a.heard()
	return l
}

// OnceUpgrade is OnUpgrade for the next one alone.
func (a *Agent) OnceUpgrade(f func(res *IncomingMessage, socket *Socket, head []byte)) *core.Listener {
	l := a.events.upgrade.Once(f)
	a.heard()
	return l
}

// OnContinue adds a listener for "100 Continue" from any server.
func (a *Agent) OnContinue(f func()) *core.Listener { return a.events.proceed.On(f) }

// OnceContinue is OnContinue for the next one alone.
func (a *Agent) OnceContinue(f func()) *core.Listener { return a.events.proceed.Once(f) }

// wait notes a request whose upgrade waits for a listener.
func (a *Agent) wait(r *ClientRequest) {
	a.events.mu.Lock()
	defer a.events.mu.Unlock()
	a.events.waiting = append(a.events.waiting, r)
}

// heard gives a new listener the upgrades that wait.
func (a *Agent) heard() {
	a.events.mu.Lock()
	waiting := a.events.waiting
	a.events.waiting = nil
	a.events.mu.Unlock()
	for _, r := range waiting {
		if h := r.takeWaiting(false); h != nil {
			r.out.strand.Post(func() { r.handed(h) })
		}
	}
}

// SocketList returns the connections in use.
func (a *Agent) SocketList() []*Socket {
	a.mu.Lock()
	defer a.mu.Unlock()
	var all []*Socket
	for _, p := range a.pools {
		for c := range p.busy.All {
			all = append(all, c.sock)
		}
	}
	return all
}

// Queue returns the requests that wait for a connection, those to one server
// in their order.
func (a *Agent) Queue() []*ClientRequest {
	a.mu.Lock()
	defer a.mu.Unlock()
	var all []*ClientRequest
	for _, p := range a.pools {
		all = slices.AppendSeq(all, p.queue.All)
	}
	return all
}

// Client makes requests to one server, over one connection at a time.
type Client struct {
	agent *Agent
	host  string
	port  int
}

// NewClient makes a client of a server.
func NewClient(p *profile.Profile, port int, host string) *Client {
	return &Client{NewAgent(p, AgentOptions{MaxSockets: 1}), host, port}
}

// Request makes a request to the client's server; see NewRequest.
func (c *Client) Request(method, path string, headers ...core.Headers) *ClientRequest {
	var all core.Headers
	for _, list := range headers {
		all = append(all, list...)
	}
	return NewRequest(c.agent.profile, "", ClientRequestOptions{
		Agent: c.agent, Host: c.host, Port: c.port, Method: method, Path: path, Headers: all,
	})
}

// OnClientErrorAlone is OnClientError for a listener that is not given the
// socket.
func (s *Server) OnClientErrorAlone(f func(err error)) *core.Listener {
	return s.OnClientError(func(err error, _ *Socket) { f(err) })
}

// OnceClientErrorAlone is OnClientErrorAlone for the next one alone.
func (s *Server) OnceClientErrorAlone(f func(err error)) *core.Listener {
	return s.OnceClientError(func(err error, _ *Socket) { f(err) })
}

// OnCloseError is OnClose for a listener that is given the error that made the
// server close, if there is one.
func (s *Server) OnCloseError(f func(err error)) *core.Listener {
	return s.OnClose(func() { f(s.failure()) })
}

// OnceCloseError is OnCloseError for the next time alone.
func (s *Server) OnceCloseError(f func(err error)) *core.Listener {
	return s.OnceClose(func() { f(s.failure()) })
}

func (s *Server) failure() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failed == nil {
		return nil
	}
	return s.failed.err
}

// The codes of OnCloseError.
const (
	codeAborted = "aborted"
	codeTimeout = "timeout"
)

// OnCloseError is OnClose for a listener that is told why the connection went
// away: its error has the code "timeout" or "aborted". It is nil if the exchange
// is complete.
func (m *IncomingMessage) OnCloseError(f func(err error)) *core.Listener {
	return m.OnClose(func() { f(m.closeReason()) })
}

// OnceCloseError is OnCloseError: the event happens once.
func (m *IncomingMessage) OnceCloseError(f func(err error)) *core.Listener {
	return m.OnCloseError(f)
}

func (m *IncomingMessage) closeReason() error {
	switch {
	case !m.Aborted():
		return nil
	case m.conn.sock.expired.Load():
		return &core.Error{Code: codeTimeout, Kind: "Error", Message: "the connection timed out"}
	}
	return &core.Error{Code: codeAborted, Kind: "Error", Message: "the connection was closed"}
}

// EmitAgentRemove takes the connection out of its agent, if it has one: it
// counts for none of the agent's limits any more and serves no further request.
func (s *Socket) EmitAgentRemove() {
	s.mu.Lock()
	c, ok := s.user.(*clientConn)
	s.mu.Unlock()
	if ok && c.agent != nil && !c.removed.Swap(true) {
		c.agent.remove(c)
	}
}
