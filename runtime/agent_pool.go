package runtime

// What an agent has for each origin, and whose turn it is: every step costs the
// same however many connections are kept and however many requests wait. All of
// it is guarded by the agent's mu, which the callers hold.

import "nodehttp/core"

// pool is what an agent has for one origin. It exists while anything is in it.
type pool struct {
	origin origin
	busy   core.List[clientConn]
	free   core.List[clientConn] // in the order in which they became free
	queue  core.List[ClientRequest]
	inLine core.Link[pool]
}

// share is how many requests of one origin a connection serves one after the
// other while requests to others wait for its place.
const share = 8

// pool returns the pool of an origin.
func (a *Agent) pool(o origin) *pool {
	if a.recent != nil && a.recent.origin == o {
		return a.recent
	}
	p := a.pools[o]
	if p == nil {
		p = &pool{origin: o}
		a.pools[o] = p
	}
	a.recent = p
	return p
}

// arrange puts p where it belongs after a change: in line are the pools with a
// request that waits and may have a connection of its own as soon as the agent
// may open one.
func (a *Agent) arrange(p *pool) {
	switch {
	case p.queue.Len() == 0 || p.busy.Len() >= a.maxPer:
		a.line.Remove(&p.inLine)
	case !a.line.Has(&p.inLine):
		a.line.Push(&p.inLine, p)
	}
}

// shrunk arranges p after something has left it for good. A pool with nothing in
// it is forgotten.
func (a *Agent) shrunk(p *pool) {
	a.arrange(p)
	if p.busy.Len()+p.free.Len()+p.queue.Len() == 0 {
		delete(a.pools, p.origin)
		if a.recent == p {
			a.recent = nil
		}
	}
}

// first takes the request of p that has waited longest. The caller gives it a
// connection of p, so p is not empty. It goes to the end of the line.
func (a *Agent) first(p *pool) *ClientRequest {
	r := p.queue.First()
	if r != nil {
		p.queue.Remove(&r.queued)
		a.line.Remove(&p.inLine)
		a.arrange(p)
	}
	return r
}

// waiting takes a request that may have a new connection now. Origins take
// turns.
func (a *Agent) waiting() *ClientRequest {
	if p := a.line.First(); p != nil && a.total < a.maxTotal {
		return a.first(p)
	}
	return nil
}

// next takes a request that waits for c, or for one like it. There is none if
// c has to make room for another origin.
func (a *Agent) next(c *clientConn) *ClientRequest {
	if !a.awaited() {
		c.turns = 0
	} else if c.turns++; c.turns > share && a.line.First() != c.pool {
		return nil
	}
	return a.first(c.pool)
}

// awaited reports whether requests to any origin wait for a connection to end.
func (a *Agent) awaited() bool { return a.total >= a.maxTotal && a.line.Len() > 0 }

// hasRoom reports whether one more connection of p may be kept.
func (a *Agent) hasRoom(p *pool) bool {
	return p.free.Len() < a.maxFree && p.busy.Len()+p.free.Len() <= a.maxPer &&
		a.total <= a.maxTotal && !a.awaited()
}

// rest keeps a connection that was in use, unless it has left.
func (a *Agent) rest(c *clientConn) bool {
	p := c.pool
	if c.sock.Destroyed() || !p.busy.Remove(&c.inPool) {
		return false
	}
	p.free.Push(&c.inPool, c)
	a.idle.Push(&c.inIdle, c)
	a.arrange(p)
	return true
}

// wake puts a kept connection among those in use.
func (a *Agent) wake(c *clientConn) {
	c.pool.free.Remove(&c.inPool)
	a.idle.Remove(&c.inIdle)
	c.pool.busy.Push(&c.inPool, c)
	a.arrange(c.pool)
}

// takeFree takes a kept connection.
func (a *Agent) takeFree(p *pool) (c *clientConn) {
	now := core.Now()
	if a.options.Scheduling == SchedulingFIFO {
		for c = p.free.First(); c != nil && !c.usable(now); {
			c = p.free.After(&c.inPool)
		}
	} else {
		for c = p.free.Last(); c != nil && !c.usable(now); {
			c = p.free.Before(&c.inPool)
		}
	}
	if c == nil {
		return nil // those that are left are about to be removed
	}
	a.wake(c)
	return c
}

// spare takes a kept connection that only stands in the way of a request to
// another origin, to be destroyed.
func (a *Agent) spare() *clientConn {
	if a.total < a.maxTotal {
		return nil
	}
	for c := range a.idle.All {
		if !c.sock.Destroyed() {
			a.wake(c) // so that nobody else takes it
			return c
		}
	}
	return nil
}

// drop takes a connection out, and reports whether it was in.
func (a *Agent) drop(c *clientConn) bool {
	if !c.pool.busy.Remove(&c.inPool) && !c.pool.free.Remove(&c.inPool) {
		return false
	}
	a.idle.Remove(&c.inIdle)
	a.total--
	a.shrunk(c.pool)
	return true
}
