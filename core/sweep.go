package core

// The coarse sweep: one goroutine looks at everything that may time out a few
// times a second, so that a timeout costs its owner no timer and a request no
// system call. It also keeps the coarse clock and the text of the Date header.

import (
	"sync"
	"sync/atomic"
	"time"
)

// Swept is looked at by the sweep. now is the coarse clock. Sweep must not
// block; it may call Leave.
type Swept interface{ Sweep(now Instant) }

// Instant is a moment of the coarse clock, in nanoseconds since the program
// started.
type Instant int64

const (
	coarsest = 100 * time.Millisecond
	finest   = 5 * time.Millisecond
)

var sweep struct {
	now  atomic.Int64          // the coarse clock
	date atomic.Pointer[dated] // the text of the current second

	mu      sync.Mutex // guards what follows
	members map[Swept]struct{}
	every   time.Duration
	faster  chan struct{} // told when every has shrunk
	stop    chan struct{} // closed when the last member leaves
}

type dated struct {
	second int64
	text   string
}

var epoch = time.Now()

// Join has s looked at from now on. While anything has joined, Now and Date
// need no system call.
func Join(s Swept) {
	sweep.mu.Lock()
	defer sweep.mu.Unlock()
	if sweep.members == nil {
		sweep.members = make(map[Swept]struct{})
	}
	if len(sweep.members) == 0 {
		sweep.every = coarsest
		sweep.faster = make(chan struct{}, 1)
		sweep.stop = make(chan struct{})
		tick()
		go run(sweep.every, sweep.faster, sweep.stop)
	}
	sweep.members[s] = struct{}{}
}

// Leave ends what Join began. The sweep itself ends with its last member.
func Leave(s Swept) {
	sweep.mu.Lock()
	defer sweep.mu.Unlock()
	if _, ok := sweep.members[s]; !ok {
		return
	}
	delete(sweep.members, s)
	if len(sweep.members) == 0 {
		close(sweep.stop)
	}
}

// Hasten makes the sweep fine enough to notice a timeout of d within a small
// part of it. It holds until the sweep ends.
func Hasten(d time.Duration) {
	sweep.mu.Lock()
	defer sweep.mu.Unlock()
	if every := max(d/8, finest); len(sweep.members) > 0 && every < sweep.every {
		sweep.every = every
		select {
		case sweep.faster <- struct{}{}:
		default: // told already; run reads the newest value
		}
	}
}

// Now is the coarse clock: it lags by at most one sweep. It stands still
// while nothing has joined.
func Now() Instant { return Instant(sweep.now.Load()) }

// Lag is by how much Now may be late at present.
func Lag() time.Duration {
	sweep.mu.Lock()
	defer sweep.mu.Unlock()
	return sweep.every
}

// Date is the current time as the Date header writes it.
func Date() string { return sweep.date.Load().text }

func tick() Instant {
	t := time.Now()
	now := int64(t.Sub(epoch))
	sweep.now.Store(now)
	if d := sweep.date.Load(); d == nil || d.second != t.Unix() {
		sweep.date.Store(&dated{t.Unix(), t.UTC().Format("Mon, 02 Jan 2006 15:04:05 GMT")})
	}
	return Instant(now)
}

func run(every time.Duration, faster, stop <-chan struct{}) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	var members []Swept // a copy, since members may leave while they are looked at
	for {
		select {
		case <-stop:
			return
		case <-faster:
			ticker.Reset(time.Duration(Lag()))
			continue
		case <-ticker.C:
		}
		now := tick()
		sweep.mu.Lock()
		members = members[:0]
		for m := range sweep.members {
			members = append(members, m)
		}
		sweep.mu.Unlock()
		for _, m := range members {
			m.Sweep(now)
		}
		clear(members)
	}
}

func init() { tick() }
