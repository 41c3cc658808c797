package runtime

// Pools: the connections and queued requests that an agent has for each origin, and which
// origin may open the next connection. Each step takes the same time, however many there are.
// The agent's mu guards all of it, and the callers hold it.

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
const fairShare = 8

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

// updateWaiting puts p into the line or takes it out, after a change. The line has the pools
// with a queued request that may have a new connection as soon as the agent may open one.
func (a *Agent) updateWaiting(p *pool) {
	switch {
	case p.queue.Len() == 0 || p.busy.Len() >= a.maxPer:
		a.line.Remove(&p.inLine)
	case !a.line.Has(&p.inLine):
		a.line.Push(&p.inLine, p)
	}
}

// forgetIfEmpty is updateWaiting after something has left p. It deletes p if that is empty.
func (a *Agent) forgetIfEmpty(p *pool) {
	a.updateWaiting(p)
	if p.busy.Len()+p.free.Len()+p.queue.Len() == 0 {
		delete(a.pools, p.origin)
		if a.recent == p {
			a.recent = nil
		}
	}
}

// first takes the request that has waited longest in p, and puts p at the end of the line. The
// caller gives the request a connection of p, so p does not become empty.
func (a *Agent) first(p *pool) *ClientRequest {
	r := p.queue.First()
	if r != nil {
		p.queue.Remove(&r.queued)
		a.line.Remove(&p.inLine)
		a.updateWaiting(p)
	}
	return r
}

// waiting takes a queued request for which a connection may be opened now. Origins take turns.
func (a *Agent) waiting() *ClientRequest {
	if p := a.line.First(); p != nil && a.total < a.maxTotal {
		return a.first(p)
	}
	return nil
}

// next takes a queued request that c can serve. It returns nil if there is none, or if c has
// to make room for another origin.
func (a *Agent) next(c *clientConn) *ClientRequest {
	if !a.awaited() {
		c.turns = 0
	} else if c.turns++; c.turns > fairShare && a.line.First() != c.pool {
		return nil
	}
	return a.first(c.pool)
}

// awaited reports whether requests to any origin wait for a connection to end.
func (a *Agent) awaited() bool { return a.total >= a.maxTotal && a.line.Len() > 0 }

// mayKeep reports whether one more connection of p may be kept.
func (a *Agent) mayKeep(p *pool) bool {
	return p.free.Len() < a.maxFree && p.busy.Len()+p.free.Len() <= a.maxPer &&
		a.total <= a.maxTotal && !a.awaited()
}

// putIdle moves a connection from those in use to the free ones. It returns false if the
// connection has been removed or destroyed.
func (a *Agent) putIdle(c *clientConn) bool {
	p := c.pool
	if c.sock.Destroyed() || !p.busy.Remove(&c.inPool) {
		return false
	}
	p.free.Push(&c.inPool, c)
	a.idle.Push(&c.inIdle, c)
	a.updateWaiting(p)
	return true
}

// takeIdle moves a free connection to those in use.
func (a *Agent) takeIdle(c *clientConn) {
	c.pool.free.Remove(&c.inPool)
	a.idle.Remove(&c.inIdle)
	c.pool.busy.Push(&c.inPool, c)
	a.updateWaiting(c.pool)
}

// takeFree takes a free connection that may be given a request, nil if there is none.
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
	a.takeIdle(c)
	return c
}

// evictIdle takes a free connection of any origin if a request to another one waits for its
// place. The caller destroys it.
func (a *Agent) evictIdle() *clientConn {
	if a.total < a.maxTotal {
		return nil
	}
	for c := range a.idle.All {
		if !c.sock.Destroyed() {
			a.takeIdle(c) // so that nobody else takes it
			return c
		}
	}
	return nil
}

// drop removes a connection, and reports whether it was there.
func (a *Agent) drop(c *clientConn) bool {
	if !c.pool.busy.Remove(&c.inPool) && !c.pool.free.Remove(&c.inPool) {
		return false
	}
	a.idle.Remove(&c.inIdle)
	a.total--
	a.forgetIfEmpty(c.pool)
	return true
}
