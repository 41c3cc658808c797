package runtime

// What only old versions have: clients that are objects, lists in place of maps of
// what an agent has, and events that deliver something else than they do today. Only
// generated packages need this file.

import (
	"slices"

	"nodehttp/core"
	"nodehttp/generated/profile"
	"nodehttp/runtime/socket"
)

// SocketList returns the connections in use.
func (a *Agent) SocketList() []*socket.Socket {
	a.mu.Lock()
	defer a.mu.Unlock()
	var all []*socket.Socket
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
func (c *Client) Request(method, path string, headers ...Headers) *ClientRequest {
	var all Headers
	for _, list := range headers {
		all = append(all, list...)
	}
	return NewRequest(c.agent.profile, "", RequestOptions{
		Agent: c.agent, Host: c.host, Port: c.port, Method: method, Path: path, Headers: all,
	})
}

// OnClientErrorAlone is OnClientError for a listener that is not given the
// socket.
func (s *Server) OnClientErrorAlone(f func(err error)) *core.Subscription {
	return s.OnClientError(func(err error, _ *socket.Socket) { f(err) })
}

// OnceClientErrorAlone is OnClientErrorAlone for the next one alone.
func (s *Server) OnceClientErrorAlone(f func(err error)) *core.Subscription {
	return s.OnceClientError(func(err error, _ *socket.Socket) { f(err) })
}

// OnCloseError is OnClose for a listener that is given the error that made the
// server close, if there is one.
func (s *Server) OnCloseError(f func(err error)) *core.Subscription {
	return s.OnClose(func() { f(s.failure()) })
}

// OnceCloseError is OnCloseError for the next time alone.
func (s *Server) OnceCloseError(f func(err error)) *core.Subscription {
	return s.OnceClose(func() { f(s.failure()) })
}

// The codes of OnCloseError.
const (
	codeAborted = "aborted"
	codeTimeout = "timeout"
)

// OnCloseError is OnClose for a listener that is told why the connection went
// away: its error has the code "timeout" or "aborted". It is nil if the exchange
// is complete.
func (m *IncomingMessage) OnCloseError(f func(err error)) *core.Subscription {
	return m.OnClose(func() { f(m.closeReason()) })
}

func (m *IncomingMessage) closeReason() error {
	switch {
	case !m.Aborted():
		return nil
	case m.conn.sock.Wire().Expired():
		return &core.Error{Code: codeTimeout, Kind: "Error", Message: "the connection timed out"}
	}
	return &core.Error{Code: codeAborted, Kind: "Error", Message: "the connection was closed"}
}
