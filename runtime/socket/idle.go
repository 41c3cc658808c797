package socket

// The idle poller. A connection that waits for its next message waits on its own
// goroutine, which is the fastest to wake, but whose stack is larger than the rest of
// the connection. So where too many wait, the goroutines of those that have waited
// longest end: the sockets are parked. One poller watches their descriptors, and has
// the handler start its goroutine again when there is something to read.

import (
	"sync"
	"sync/atomic"
)

// MaxWaiters is how many connections may wait on goroutines of their own.
const MaxWaiters = 256

// idle is what all sockets of the program share.
var idle idlers

// idlers are the sockets that wait between messages.
type idlers struct {
	waiting atomic.Int64 // how many wait on goroutines of their own

	mu     sync.Mutex  // guards what follows, and the slot of every socket
	poller *idlePoller // nil while no socket is parked
	parked int
}

// slot is the place of a parked socket in the poller's table. Turn is how often the
// place has been left: it tells the sockets apart that have it one after the other.
type slot struct{ index, turn int32 }

// IdleCounts returns how many connections wait for their next message on goroutines of
// their own, and how many are parked.
func IdleCounts() (waiting, parked int) {
	idle.mu.Lock()
	defer idle.mu.Unlock()
	return int(idle.waiting.Load()), idle.parked
}

// crowded reports whether no more connections should wait on goroutines.
func (i *idlers) crowded() bool { return i.waiting.Load() >= MaxWaiters }

// park is Wire.Park.
func (s *Socket) park() bool {
	if !idle.park(s) {
		s.fd.stays = true
		return false
	}
	return true
}

// unpark has the handler resumed if the socket is parked. Of several callers one steps parked to false: it alone takes the
// socket from the poller and starts the handler's goroutine.
func (s *Socket) unpark() {
	if s.parked.Load() && s.parked.CompareAndSwap(true, false) { // mostly it is not, and a load costs less
		idle.unpark(s)
		s.look()
		go s.resume()
	}
}

// resume starts the handler again.
func (s *Socket) resume() {
	if h := s.currentHandler(); h != nil {
		h.Resume()
	}
}

func (i *idlers) park(s *Socket) bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.poller == nil {
		if i.poller = newIdlePoller(); i.poller == nil {
			return false
		}
	}
	i.parked++
	if !i.poller.add(s) {
		i.leave()
		return false
	}
	s.parked.Store(true)
	return true
}

// unpark has the poller watch a socket no more.
func (i *idlers) unpark(s *Socket) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.poller.remove(s)
	i.leave()
}

// leave stops the poller when no socket is left. The caller holds mu.
func (i *idlers) leave() {
	if i.parked--; i.parked == 0 {
		i.poller.stop()
		i.poller = nil
	}
}

// at returns the socket in a slot of p, or nil if the slot was reused.
func (i *idlers) at(p *idlePoller, at slot) *Socket {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.poller != p {
		return nil
	}
	return p.table.at(at)
}

// idleTable holds the sockets that a poller watches.
type idleTable struct {
	places []place
	free   []int32
}

type place struct {
	sock *Socket
	turn int32
}

func (t *idleTable) put(s *Socket) {
	var i int32
	if n := len(t.free); n > 0 {
		i, t.free = t.free[n-1], t.free[:n-1]
	} else {
		i = int32(len(t.places))
		t.places = append(t.places, place{})
	}
	t.places[i].sock = s
	s.slot = slot{i, t.places[i].turn}
}

func (t *idleTable) take(s *Socket) {
	p := &t.places[s.slot.index]
	p.sock = nil
	p.turn++
	t.free = append(t.free, s.slot.index)
}

func (t *idleTable) at(at slot) *Socket {
	if p := t.places[at.index]; p.turn == at.turn {
		return p.sock
	}
	return nil
}
