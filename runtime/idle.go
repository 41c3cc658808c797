package runtime

// Idle connections. A connection that waits for its next message waits on its
// own goroutine, which is the fastest to wake, but whose stack is more than all
// the rest of the connection. So where too many wait, the goroutines of those
// that have waited longest end: one poller watches the descriptors, and starts
// the goroutine again when there is something to read.

import (
	"sync"
	"sync/atomic"
)

// maxWaiters is how many connections may wait on goroutines of their own.
const maxWaiters = 256

// idle is what all connections of the program share.
var idle idlers

// idlers are the connections that wait between messages.
type idlers struct {
	waiting atomic.Int64 // how many do on goroutines of their own

	mu      sync.Mutex  // guards what follows, and slots
	poller  *idlePoller // nil while nobody rests
	resting int
}

// slot is where a resting connection stands in the poller's table. The turn tells
// those who stood there one after the other apart.
type slot struct{ index, turn int32 }

// crowded reports whether no more connections should wait on goroutines.
func (i *idlers) crowded() bool { return i.waiting.Load() >= maxWaiters }

// rest has the poller watch a connection, in whose place c.slot says. It
// reports false if that is not possible. The caller is c's goroutine.
func (i *idlers) rest(c *conn) bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.poller == nil {
		if i.poller = newIdlePoller(); i.poller == nil {
			return false
		}
	}
	i.resting++
	if !i.poller.add(c) {
		i.leave()
		return false
	}
	c.waiting.Store(resting)
	return true
}

// rouse has the poller watch a connection no more. Only who has stepped c from
// resting may call it.
func (i *idlers) rouse(c *conn) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.poller.remove(c)
	i.leave()
}

// leave ends the poller when the last has left. The caller holds mu.
func (i *idlers) leave() {
	if i.resting--; i.resting == 0 {
		i.poller.stop()
		i.poller = nil
	}
}

// at returns who stands in a slot of p, nil if it is not he any more.
func (i *idlers) at(p *idlePoller, s slot) *conn {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.poller != p {
		return nil
	}
	return p.table.at(s)
}

// idleTable holds the connections that a poller watches.
type idleTable struct {
	places []place
	free   []int32
}

type place struct {
	conn *conn
	turn int32
}

func (t *idleTable) put(c *conn) {
	var i int32
	if n := len(t.free); n > 0 {
		i, t.free = t.free[n-1], t.free[:n-1]
	} else {
		i = int32(len(t.places))
		t.places = append(t.places, place{})
	}
	t.places[i].conn = c
	c.slot = slot{i, t.places[i].turn}
}

func (t *idleTable) take(c *conn) {
	p := &t.places[c.slot.index]
	p.conn = nil
	p.turn++
	t.free = append(t.free, c.slot.index)
}

func (t *idleTable) at(s slot) *conn {
	if p := t.places[s.index]; p.turn == s.turn {
		return p.conn
	}
	return nil
}
