package runtime

// Agent: it finds a connection for each request, keeps connections between requests, limits
// their number and queues the requests beyond it.

import (
	"cmp"
	"crypto/tls"
	"math"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"nodehttp/core"
	"nodehttp/generated/profile"
	"nodehttp/runtime/socket"
)

// Scheduling says which kept connection the next request takes, by Node's name of it.
type Scheduling string

const (
	SchedulingLIFO Scheduling = "lifo" // the one used last
	SchedulingFIFO Scheduling = "fifo" // the one unused longest
)

// AgentOptions are the options of NewAgent. A zero value means the profile's
// default.
type AgentOptions struct {
	KeepAlive       bool          // connections are kept for further requests
	KeepAliveMsecs  time.Duration // silence before the first TCP keep-alive probe of a kept one
	MaxSockets      int           // per origin; 0 is the default, Infinity no limit
	MaxTotalSockets int           // of all origins
	MaxFreeSockets  int           // kept per origin
	Scheduling      Scheduling    // which kept connection is used first
	Timeout         time.Duration // of connections, from when they are made
	DefaultPort     int           // of requests that name none
	Protocol        string        // that the agent speaks, with its colon

	// AgentKeepAliveTimeoutBuffer is how much earlier than the server says in a
	// Keep-Alive field a kept connection is given up.
	AgentKeepAliveTimeoutBuffer *time.Duration

	// RetryReused has a request sent once more, on a new connection, if a
	// kept one ends before a byte of the answer came, as it does when the server
	// closes it at the moment when it is used again. That is so for methods that
	// are idempotent, and requests of up to 64 KiB, which are kept until then.
	RetryReused bool

	CreateConnection socket.Connector
	// KeepSocketAlive decides whether a connection is kept, in place of the
	// default, which turns on TCP keep-alive.
	KeepSocketAlive func(s *socket.Socket) bool
	// ReuseSocket is told that a kept connection is used again, on a goroutine of its own.
	ReuseSocket func(s *socket.Socket, r *ClientRequest)
}

// Infinity is a number of sockets that is no limit.
const Infinity = math.MaxInt

// Agent finds connections for requests. All methods may be called from any
// goroutine.
type Agent struct {
	profile *profile.Profile
	options AgentOptions
	err     error // what is wrong with the options; every request fails with it
	host    atomic.Pointer[hostField]
	secure  secureLayer // nil: of http

	mu       sync.Mutex // guards what follows
	pools    map[origin]*pool
	recent   *pool                 // the one asked for last, nil if it has been forgotten since
	line     core.List[pool]       // see arrange; the one whose turn is next comes first
	idle     core.List[clientConn] // all kept connections, the one unused longest first
	total    int                   // connections, in use or free
	maxFree  int
	maxPer   int
	maxTotal int

	events agentEvents
}

// secureLayer is what an agent of https has beside an Agent. It is an interface so that
// only programs that use https link what it needs.
type secureLayer interface {
	// extras returns those of a request, whose fields are set.
	extras(r *ClientRequest, o *RequestOptions) (*extras, error)
	// nameOf returns the part of Node's name for connections with a configuration.
	nameOf(config *tls.Config) string
}

// NewAgent makes an agent. Requests through one whose options have a mistake
// fail with core.ErrInvalidArgValue.
func NewAgent(p *profile.Profile, o AgentOptions) *Agent { return newAgent(p, o, &p.Agent) }

func newAgent(p *profile.Profile, o AgentOptions, d *profile.AgentDefaults) *Agent {
	o.KeepAlive = o.KeepAlive || d.KeepAlive
	o.KeepAliveMsecs = cmp.Or(o.KeepAliveMsecs, time.Duration(d.KeepAliveMsecs)*time.Millisecond)
	o.Scheduling = cmp.Or(o.Scheduling, Scheduling(d.Scheduling))
	o.Timeout = cmp.Or(o.Timeout, time.Duration(d.Timeout)*time.Millisecond)
	o.DefaultPort = cmp.Or(o.DefaultPort, d.DefaultPort)
	o.Protocol = cmp.Or(o.Protocol, d.Protocol)
	var err error
	if o.Scheduling != SchedulingLIFO && o.Scheduling != SchedulingFIFO {
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
func limit(option, standard int) int { return cmp.Or(option, cmp.Or(standard, Infinity)) }

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
	key := server{p, cmp.Or(host, p.Request.Host), cmp.Or(port, p.Request.Port)}
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
func standardAgent(p *profile.Profile, o *RequestOptions) *Agent {
	if p.AgentPerOrigin {
		return GetAgent(p, o.Host, o.Port)
	}
	return GlobalAgent(p)
}

// asksToKeep reports whether requests ask for their connection to be kept.
func (a *Agent) asksToKeep() bool {
	switch {
	case !a.profile.KeepAliveAsked || !a.profile.KeepAliveUseful:
		return a.profile.KeepAliveAsked
	case a.options.KeepAlive:
		return true
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.maxPer != Infinity
}

// Secure reports whether the agent is one of https.
func (a *Agent) Secure() bool { return a.secure != nil }

// add finds a connection for r, or queues it. If r was queued before, the caller is inside r's
// own strand.
func (a *Agent) add(r *ClientRequest, how arrival) {
	to := r.to()
	for found := false; !found; {
		a.mu.Lock()
		p := a.pool(originOf(to))
		r.pool = p
		if c := a.takeFree(p); c != nil {
			a.mu.Unlock()
			if a.options.ReuseSocket != nil { // not in the call that makes the request
				go a.callReuseSocket(c, r)
				return
			}
			found = a.reuse(c, r, how)
			continue
		}
		if p.busy.Len() >= a.maxPer || a.total >= a.maxTotal {
			if how == dequeued { // it was the first
				p.queue.PushFirst(&r.queued, r)
			} else {
				p.queue.Push(&r.queued, r)
			}
			a.updateWaiting(p)
			spare := a.evictIdle()
			a.mu.Unlock()
			if spare != nil {
				spare.sock.Destroy(nil)
			}
			return
		}
		c := a.open(p, r)
		a.mu.Unlock()
		found = a.start(c, r, how)
	}
}

// open makes a connection for r. The caller holds mu, and calls start without it.
func (a *Agent) open(p *pool, r *ClientRequest) *clientConn {
	c := newClientConn(r, a, p)
	a.total++
	p.busy.Push(&c.inPool, c)
	a.updateWaiting(p)
	return c
}

// start connects a connection that open has made.
func (a *Agent) start(c *clientConn, r *ClientRequest, how arrival) bool {
	if a.options.Timeout > 0 && !r.hasTimeout {
		c.sock.SetTimeout(a.options.Timeout)
	}
	if !c.assign(r, how) {
		return false
	}
	go c.connectAndRun(a.options.CreateConnection, r)
	return true
}

// reuse gives a connection that was free to r. It returns false if the connection is not
// intact.
func (a *Agent) reuse(c *clientConn, r *ClientRequest, how arrival) bool {
	if !c.intact() {
		return false
	}
	c.sock.Ref()
	return c.assign(r, how)
}

// callReuseSocket calls ReuseSocket before r is given a connection that was free. If that
// does not return, the connection is destroyed. It is a goroutine of its own.
func (a *Agent) callReuseSocket(c *clientConn, r *ClientRequest) {
	c.sock.Ref()
	returned := false
	defer r.own.Run(func() {
		if !returned || !a.reuse(c, r, dequeued) {
			a.add(r, dequeued)
		}
	})
	defer c.sock.Wire().DestroyUnless(&returned)
	if c.intact() {
		a.options.ReuseSocket(c.sock, r)
	}
	returned = true
}

// release takes back a connection, whose last response was res: it passes it to a queued
// request, keeps it, or destroys it.
func (a *Agent) release(c *clientConn, res *IncomingMessage) {
	if c.sock.Timeout() != a.options.Timeout {
		c.sock.SetTimeout(a.options.Timeout) // the request's own has ended with it
	}
	a.mu.Lock()
	r := a.next(c)
	keep := r == nil && a.options.KeepAlive && a.mayKeep(c.pool)
	a.mu.Unlock()
	if keep && a.keep(c, res) {
		a.mu.Lock()
		r = a.next(c) // one may have come meanwhile, or others have been kept
		keep = r == nil && a.mayKeep(c.pool) && a.putIdle(c)
		a.mu.Unlock()
		if r != nil {
			c.sock.Ref()
		}
	} else {
		keep = false
	}
	switch {
	case r != nil:
		a.pass(c, r)
	case !keep:
		c.retire()
		c.sock.Destroy(nil)
	}
}

// pass gives a connection whose exchange is over to a request that was queued, as soon as no
// listener of that runs.
func (a *Agent) pass(c *clientConn, r *ClientRequest) {
	c.next = r
	r.own.PostQuietly((*passTask)(c))
}

// passTask is a connection as the task that gives it to the next request.
type passTask clientConn

func (t *passTask) Run() {
	c, r := (*clientConn)(t), t.next
	c.next = nil
	if c.destroyed.Load() || !c.intact() || !c.assign(r, dequeued) {
		c.agent.add(r, dequeued)
	}
}

// RunQuietly implements core.QuietTask.
func (t *passTask) RunQuietly() bool { t.Run(); return true }

// keep prepares a connection for being idle. It returns false if it is not to be kept.
func (a *Agent) keep(c *clientConn, res *IncomingMessage) bool {
	rest, told := keepAliveHint(res.Header("keep-alive"))
	if told {
		if rest = a.withoutBuffer(rest); rest <= 0 {
			return false
		}
	}
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
	if told {
		c.expires = core.Now() + core.Instant(rest)
	}
	c.mu.Unlock()
	return true
}

// withoutBuffer returns how long a connection may be idle that its server keeps for d. Where no
// option says how much earlier the agent gives it up, that is a second, or half of d if that is
// less: a request must not meet the end of the connection.
func (a *Agent) withoutBuffer(d time.Duration) time.Duration {
	switch buffer := time.Duration(a.profile.Agent.AgentKeepAliveTimeoutBuffer) * time.Millisecond; {
	case a.options.AgentKeepAliveTimeoutBuffer != nil:
		return d - *a.options.AgentKeepAliveTimeoutBuffer
	case buffer > 0:
		return d - buffer
	}
	return max(d-time.Second, d/2)
}

// remove removes a connection that has closed or has been upgraded, and opens another one if a
// request waits for its place.
func (a *Agent) remove(c *clientConn) {
	a.mu.Lock()
	removed := a.drop(c)
	a.mu.Unlock()
	if removed {
		a.dispatchQueued()
	}
}

// dispatchQueued opens connections for queued requests, up to the limits.
func (a *Agent) dispatchQueued() {
	for {
		a.mu.Lock()
		r := a.waiting()
		if r == nil {
			a.mu.Unlock()
			return
		}
		c := a.open(r.pool, r)
		a.mu.Unlock()
		r.own.Do(func() {
			if !a.start(c, r, dequeued) {
				a.add(r, dequeued)
			}
		})
	}
}

// move gives r a new connection in the place of c, which has closed before a response came. It
// returns false if c is not the agent's any more.
func (a *Agent) move(r *ClientRequest, c *clientConn) bool {
	a.mu.Lock()
	p := c.pool
	if !p.busy.Remove(&c.inPool) {
		a.mu.Unlock()
		return false
	}
	a.total--
	fresh := newClientConnOn(c.sock.Wire().Strand(), r, a, p)
	a.total++
	p.busy.Push(&fresh.inPool, fresh)
	a.mu.Unlock()
	return a.start(fresh, r, retried)
}

// withdraw removes a request from the queue.
func (a *Agent) withdraw(r *ClientRequest) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if p := r.pool; p != nil && p.queue.Remove(&r.queued) {
		a.forgetIfEmpty(p)
	}
}

// Destroy destroys all connections of the agent, in use or not.
func (a *Agent) Destroy() {
	a.mu.Lock()
	var all []*clientConn
	for _, p := range a.pools {
		all = slices.AppendSeq(slices.AppendSeq(all, p.busy.All), p.free.All)
	}
	a.mu.Unlock()
	for _, c := range all {
		c.retire()
		c.sock.Destroy(nil)
	}
}

// DestroyFree destroys the connections that wait for a request. One that has been
// given to a request stays.
func (a *Agent) DestroyFree() {
	a.mu.Lock()
	free := slices.Collect(a.idle.All)
	for _, c := range free {
		a.takeIdle(c) // so that nobody takes it
	}
	a.mu.Unlock()
	for _, c := range free {
		c.sock.Destroy(nil)
	}
}

// GetName returns the name under which connections to o are pooled.
func (a *Agent) GetName(o socket.ConnectOptions) string { return a.nameOf(originOf(o)) }

func (a *Agent) nameOf(o origin) string {
	if a.secure == nil {
		return o.name(a.profile)
	}
	return o.name(a.profile) + a.secure.nameOf(o.tls)
}

// Sockets returns the connections in use, by name.
func (a *Agent) Sockets() map[string][]*socket.Socket {
	return a.sockets(func(p *pool) *core.List[clientConn] { return &p.busy })
}

// FreeSockets returns the connections that wait for a request, by name.
func (a *Agent) FreeSockets() map[string][]*socket.Socket {
	return a.sockets(func(p *pool) *core.List[clientConn] { return &p.free })
}

func (a *Agent) sockets(of func(*pool) *core.List[clientConn]) map[string][]*socket.Socket {
	a.mu.Lock()
	defer a.mu.Unlock()
	all := make(map[string][]*socket.Socket)
	for _, p := range a.pools {
		for c := range of(p).All {
			name := a.nameOf(p.origin)
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
			all[a.nameOf(p.origin)] = slices.Collect(p.queue.All)
		}
	}
	return all
}

// MaxSockets returns how many connections an origin may have; 0 is no limit.
func (a *Agent) MaxSockets() int { return a.limit(&a.maxPer) }

// SetMaxSockets sets how many connections an origin may have; 0 is no limit.
func (a *Agent) SetMaxSockets(n int) { a.setNumber(&a.maxPer, cmp.Or(n, Infinity)) }

// MaxTotalSockets returns how many connections there may be in all; 0 is no limit.
func (a *Agent) MaxTotalSockets() int { return a.limit(&a.maxTotal) }

// SetMaxTotalSockets sets how many connections there may be in all; 0 is no limit.
func (a *Agent) SetMaxTotalSockets(n int) { a.setNumber(&a.maxTotal, cmp.Or(n, Infinity)) }

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
	*n = value
	for _, p := range a.pools {
		a.updateWaiting(p)
	}
	a.mu.Unlock()
	a.dispatchQueued()
}

// agentEvents are events of requests that their agent emits, too.
type agentEvents struct {
	upgrade handoverEvent
	proceed core.Event[func()]

	mu      sync.Mutex // guards waiting
	waiting []*ClientRequest
}

// OnUpgrade adds a listener for responses that switch protocols, of requests
// that have no listener of their own. The socket is its own from then on. It is
// called for those that wait for a listener, too.
func (a *Agent) OnUpgrade(f func(res *IncomingMessage, socket *socket.Socket, head []byte)) *core.Subscription {
	l := a.events.upgrade.On(f)
	a.heard()
	return l
}

// OnceUpgrade is OnUpgrade for the next one alone.
func (a *Agent) OnceUpgrade(f func(res *IncomingMessage, socket *socket.Socket, head []byte)) *core.Subscription {
	l := a.events.upgrade.Once(f)
	a.heard()
	return l
}

// OnContinue adds a listener for "100 Continue" from any server.
func (a *Agent) OnContinue(f func()) *core.Subscription { return a.events.proceed.On(f) }

// OnceContinue is OnContinue for the next one alone.
func (a *Agent) OnceContinue(f func()) *core.Subscription { return a.events.proceed.Once(f) }

// wait adds a request whose upgrade waits for a listener.
func (a *Agent) wait(r *ClientRequest) {
	a.events.mu.Lock()
	defer a.events.mu.Unlock()
	a.events.waiting = append(a.events.waiting, r)
}

// heard gives the upgrades that wait to a listener that has just been added.
func (a *Agent) heard() {
	a.events.mu.Lock()
	waiting := a.events.waiting
	a.events.waiting = nil
	a.events.mu.Unlock()
	for _, r := range waiting {
		if h := r.takeWaiting(false); h != nil {
			r.out.strand.Post(func() { r.emitHandover(h) })
		}
	}
}
