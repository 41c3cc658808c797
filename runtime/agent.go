package runtime

// Agent: which connection a request goes on. It keeps connections between
// requests, bounds their number and queues requests beyond it.

import (
	"math"
	"net"
	"slices"
	"sync"
	"time"

	"nodehttp/core"
	"nodehttp/generated/profile"
)

// AgentOptions are the options of NewAgent. A zero value means the profile's
// default.
type AgentOptions struct {
	KeepAlive       bool          // connections are kept for further requests
	KeepAliveMsecs  time.Duration // silence before the first TCP keep-alive probe of a kept one
	MaxSockets      int           // per origin; 0 is the default, Infinity no limit
	MaxTotalSockets int           // of all origins
	MaxFreeSockets  int           // kept per origin
	Scheduling      string        // "lifo" or "fifo": which kept connection is used first
	Timeout         time.Duration // of connections, from when they are made

	CreateConnection func(o ConnectOptions) (net.Conn, error)
	// KeepSocketAlive decides whether a connection is kept, in place of the
	// default, which turns on TCP keep-alive.
	KeepSocketAlive func(s *Socket) bool
	// ReuseSocket is told that a kept connection is used again.
	ReuseSocket func(s *Socket, r *ClientRequest)
}

// Infinity is a number of sockets that is no limit.
const Infinity = math.MaxInt

// Agent finds connections for requests. All methods may be called from any
// goroutine.
type Agent struct {
	profile *profile.Profile
	options AgentOptions
	err     error // what is wrong with the options; every request fails with it

	mu       sync.Mutex // guards what follows
	pools    map[origin]*pool
	total    int // connections, in use or free
	maxFree  int
	maxPer   int
	maxTotal int

	events agentEvents
}

// pool is what an agent has for one origin. It is guarded by the agent's mu.
type pool struct {
	origin origin
	busy   []*clientConn
	free   []*clientConn // in the order in which they became free
	queue  core.FIFO[*ClientRequest]
}

// NewAgent makes an agent. Requests through one whose options have a mistake
// fail with core.ErrInvalidArgValue.
func NewAgent(p *profile.Profile, o AgentOptions) *Agent { return newAgent(p, o, &p.Agent) }

func newAgent(p *profile.Profile, o AgentOptions, d *profile.AgentDefaults) *Agent {
	o.KeepAlive = o.KeepAlive || d.KeepAlive
	o.KeepAliveMsecs = orDefault(o.KeepAliveMsecs, time.Duration(d.KeepAliveMsecs)*time.Millisecond)
	o.Scheduling = orDefault(o.Scheduling, d.Scheduling)
	o.Timeout = orDefault(o.Timeout, time.Duration(d.Timeout)*time.Millisecond)
	var err error
	if o.Scheduling != "lifo" && o.Scheduling != "fifo" {
		err = core.ErrInvalidArgValue.With("The property 'options.scheduling' must be one of: 'fifo', 'lifo'. Received %q", o.Scheduling)
	}
	return &Agent{
		profile:  p,
		options:  o,
		err:      err,
		pools:    make(map[origin]*pool),
		maxPer:   limit(o.MaxSockets, d.MaxSockets),
		maxTotal: limit(o.MaxTotalSockets, d.MaxTotalSockets),
		maxFree:  limit(o.MaxFreeSockets, d.MaxFreeSockets),
	}
}

// limit resolves a number of sockets; a default of 0 is no limit.
func limit(option, standard int) int { return orDefault(option, orDefault(standard, Infinity)) }

// globals are the global agents, one for each profile that asked.
var globals struct {
	mu     sync.Mutex // guards agents
	agents map[*profile.Profile]*Agent
}

// GlobalAgent returns the agent of requests that name none.
func GlobalAgent(p *profile.Profile) *Agent {
	globals.mu.Lock()
	defer globals.mu.Unlock()
	a := globals.agents[p]
	if a == nil {
		if globals.agents == nil {
			globals.agents = make(map[*profile.Profile]*Agent)
		}
		a = newAgent(p, AgentOptions{}, &p.GlobalAgent)
		globals.agents[p] = a
	}
	return a
}

// asksToKeep reports whether requests ask for their connection to be kept.
func (a *Agent) asksToKeep() bool {
	if !a.profile.KeepAliveAsked || !a.profile.KeepAliveUseful {
		return a.profile.KeepAliveAsked
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.options.KeepAlive || a.maxPer != Infinity
}

// pool returns the pool of an origin. The caller holds mu.
func (a *Agent) pool(o origin) *pool {
	p := a.pools[o]
	if p == nil {
		p = &pool{origin: o}
		a.pools[o] = p
	}
	return p
}

// add finds a connection for r, or queues it. made is assign's.
func (a *Agent) add(r *ClientRequest, made bool) {
	o := r.options.connect()
	for found := false; !found; {
		a.mu.Lock()
		p := a.pool(o.origin())
		r.pool = p
		if c := p.takeFree(a.options.Scheduling); c != nil {
			p.occupy(c)
			a.mu.Unlock()
			found = a.reuse(c, r, made)
			continue
		}
		if len(p.busy) >= a.maxPer || a.total >= a.maxTotal {
			p.queue.Push(r)
			spare := a.spare()
			a.mu.Unlock()
			if spare != nil {
				spare.sock.destroy(nil)
			}
			return
		}
		c := a.open(p, r)
		a.mu.Unlock()
		found = a.start(c, r, made)
	}
}

// spare returns a kept connection that only stands in the way of a request to
// another origin. The caller holds mu.
func (a *Agent) spare() *clientConn {
	if a.total < a.maxTotal {
		return nil
	}
	for _, p := range a.pools {
		for _, c := range p.free {
			if !c.sock.Destroyed() {
				return c
			}
		}
	}
	return nil
}

// open makes a connection for r. The caller holds mu, and calls start without it.
func (a *Agent) open(p *pool, r *ClientRequest) *clientConn {
	c := newClientConn(r, a, p)
	a.total++
	p.occupy(c)
	return c
}

// start connects a connection that open has made. made is assign's.
func (a *Agent) start(c *clientConn, r *ClientRequest, made bool) bool {
	if a.options.Timeout > 0 && r.options.Timeout == 0 {
		c.sock.setTimeout(a.options.Timeout)
	}
	if !c.assign(r, made, false) {
		return false
	}
	create := r.options.CreateConnection
	if create == nil {
		create = a.options.CreateConnection
	}
	go c.establish(create, r.options.connect())
	return true
}

// reuse gives a connection that was free to r. made is assign's.
func (a *Agent) reuse(c *clientConn, r *ClientRequest, made bool) bool {
	if a.options.ReuseSocket != nil {
		a.options.ReuseSocket(c.sock, r)
	}
	return c.assign(r, made, true)
}

// takeFree takes a kept connection.
func (p *pool) takeFree(scheduling string) *clientConn {
	for i := range p.free {
		at := len(p.free) - 1 - i
		if scheduling == "fifo" {
			at = i
		}
		if c := p.free[at]; !c.sock.Destroyed() {
			p.free = append(p.free[:at], p.free[at+1:]...)
			return c
		}
	}
	return nil // those that are destroyed are about to be removed
}

func (p *pool) occupy(c *clientConn) {
	c.place = len(p.busy)
	p.busy = append(p.busy, c)
}

// vacate takes c out of the busy ones.
func (p *pool) vacate(c *clientConn) bool {
	if c.place >= len(p.busy) || p.busy[c.place] != c {
		return false
	}
	end := len(p.busy) - 1
	p.busy[c.place] = p.busy[end]
	p.busy[c.place].place = c.place
	p.busy[end] = nil
	p.busy = p.busy[:end]
	return true
}

// next takes the request that has waited longest.
func (p *pool) next() *ClientRequest {
	r, _ := p.queue.Pop()
	return r
}

// release takes a connection back whose exchange ended with res.
func (a *Agent) release(c *clientConn, res *IncomingMessage) {
	if c.sock.timeout.Load() != int64(a.options.Timeout) {
		c.sock.setTimeout(a.options.Timeout) // the request's own has ended with it
	}
	a.mu.Lock()
	p := c.pool
	if r := p.next(); r != nil {
		a.mu.Unlock()
		a.pass(c, r)
		return
	}
	keep := a.options.KeepAlive && a.hasRoom(p)
	a.mu.Unlock()
	if !keep || !a.keep(c, res) {
		c.sock.destroy(nil)
		return
	}
	a.mu.Lock()
	r := p.next() // one may have come meanwhile, or others have been kept
	keep = a.hasRoom(p)
	if r == nil && keep && !c.sock.Destroyed() && p.vacate(c) {
		p.free = append(p.free, c)
	}
	a.mu.Unlock()
	switch {
	case r != nil:
		c.sock.Ref()
		a.pass(c, r)
	case !keep:
		c.sock.destroy(nil)
	}
}

// hasRoom reports whether one more connection of p may be kept. The caller
// holds mu.
func (a *Agent) hasRoom(p *pool) bool {
	return len(p.free) < a.maxFree && len(p.busy)+len(p.free) <= a.maxPer &&
		a.total <= a.maxTotal && !a.awaited()
}

// pass gives a connection whose exchange is over to a request that has waited.
func (a *Agent) pass(c *clientConn, r *ClientRequest) {
	if c.sock.Destroyed() || !c.assign(r, false, false) {
		a.add(r, false)
	}
}

// awaited reports whether requests to any origin wait for a connection to end.
// The caller holds mu.
func (a *Agent) awaited() bool {
	if a.total < a.maxTotal {
		return false
	}
	for _, p := range a.pools {
		if p.queue.Len() > 0 {
			return true
		}
	}
	return false
}

// keep prepares a connection for waiting.
func (a *Agent) keep(c *clientConn, res *IncomingMessage) bool {
	if a.options.KeepSocketAlive != nil {
		if !a.options.KeepSocketAlive(c.sock) {
			return false
		}
	} else if !c.probed {
		c.probed = true
		c.sock.SetKeepAlive(true, a.options.KeepAliveMsecs)
	}
	c.sock.Unref()
	c.mu.Lock()
	c.expires = 0
	if d := keepAliveHint(res.Header("keep-alive")); d > 0 {
		c.expires = core.Now() + core.Instant(d)
	}
	c.mu.Unlock()
	return true
}

// remove forgets a connection that has ended or is no longer HTTP, and opens
// another one if requests wait for the room.
func (a *Agent) remove(c *clientConn) {
	a.mu.Lock()
	p := c.pool
	if !p.vacate(c) {
		at := -1
		for i := range p.free {
			if p.free[i] == c {
				at = i
			}
		}
		if at < 0 {
			a.mu.Unlock()
			return
		}
		p.free = append(p.free[:at], p.free[at+1:]...)
	}
	a.total--
	r, from := a.waiting(p)
	var fresh *clientConn
	if r != nil {
		fresh = a.open(from, r)
	} else if len(p.busy)+len(p.free)+p.queue.Len() == 0 {
		delete(a.pools, p.origin)
	}
	a.mu.Unlock()
	if fresh != nil && !a.start(fresh, r, false) {
		a.add(r, false)
	}
}

// waiting takes a request that may have a new connection now, from p first.
// The caller holds mu.
func (a *Agent) waiting(p *pool) (*ClientRequest, *pool) {
	if a.total >= a.maxTotal {
		return nil, nil
	}
	if len(p.busy) < a.maxPer {
		if r := p.next(); r != nil {
			return r, p
		}
	}
	for _, other := range a.pools {
		if len(other.busy) < a.maxPer {
			if r := other.next(); r != nil {
				return r, other
			}
		}
	}
	return nil, nil
}

// withdraw takes a request out of its queue.
func (a *Agent) withdraw(r *ClientRequest) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if r.pool != nil {
		r.pool.queue.Remove(func(q *ClientRequest) bool { return q == r })
	}
}

// Destroy destroys all connections of the agent, in use or not.
func (a *Agent) Destroy() {
	a.mu.Lock()
	var all []*clientConn
	for _, p := range a.pools {
		all = append(append(all, p.busy...), p.free...)
	}
	a.mu.Unlock()
	for _, c := range all {
		c.sock.destroy(nil)
	}
}

// GetName returns the name under which connections to o are pooled.
func (a *Agent) GetName(o ConnectOptions) string { return o.origin().name(a.profile) }

// Sockets returns the connections in use, by name.
func (a *Agent) Sockets() map[string][]*Socket {
	return a.sockets(func(p *pool) []*clientConn { return p.busy })
}

// FreeSockets returns the connections that wait for a request, by name.
func (a *Agent) FreeSockets() map[string][]*Socket {
	return a.sockets(func(p *pool) []*clientConn { return p.free })
}

func (a *Agent) sockets(of func(*pool) []*clientConn) map[string][]*Socket {
	a.mu.Lock()
	defer a.mu.Unlock()
	all := make(map[string][]*Socket)
	for _, p := range a.pools {
		for _, c := range of(p) {
			name := p.origin.name(a.profile)
			all[name] = append(all[name], c.sock)
		}
	}
	return all
}

// Requests returns the requests that wait for a connection, by name.
func (a *Agent) Requests() map[string][]*ClientRequest {
	a.mu.Lock()
	defer a.mu.Unlock()
	all := make(map[string][]*ClientRequest)
	for _, p := range a.pools {
		if p.queue.Len() > 0 {
			all[p.origin.name(a.profile)] = slices.Clone(p.queue.Items())
		}
	}
	return all
}

// MaxSockets returns how many connections an origin may have; 0 is no limit.
func (a *Agent) MaxSockets() int { return a.limit(&a.maxPer) }

// SetMaxSockets sets how many connections an origin may have; 0 is no limit.
func (a *Agent) SetMaxSockets(n int) { a.setNumber(&a.maxPer, orDefault(n, Infinity)) }

// MaxTotalSockets returns how many connections there may be in all; 0 is no limit.
func (a *Agent) MaxTotalSockets() int { return a.limit(&a.maxTotal) }

// SetMaxTotalSockets sets how many connections there may be in all; 0 is no limit.
func (a *Agent) SetMaxTotalSockets(n int) { a.setNumber(&a.maxTotal, orDefault(n, Infinity)) }

// MaxFreeSockets returns how many connections are kept per origin.
func (a *Agent) MaxFreeSockets() int { return a.number(&a.maxFree) }

// SetMaxFreeSockets sets how many connections are kept per origin.
func (a *Agent) SetMaxFreeSockets(n int) { a.setNumber(&a.maxFree, n) }

// limit returns a number of which Infinity is told as 0.
func (a *Agent) limit(n *int) int {
	if limit := a.number(n); limit != Infinity {
		return limit
	}
	return 0
}

func (a *Agent) number(n *int) int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return *n
}

func (a *Agent) setNumber(n *int, value int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	*n = value
}
