package core

// The coarse sweep: one goroutine looks at everything that may time out a few
// times a second, so that a timeout costs its owner no timer and a request no
// system call. It also keeps the coarse clock and the text of the Date header.

import (
	"sync"
	"sync/atomic"
	"time"
)

// Swept is a member of the sweep. now is the coarse clock. Sweep returns how long the
// member need not be looked at, 0 if until the next sweep: one look costs little, but
// looking at thousands of idle members does not. Sweep must not block, because
// everything else waits for it; it may call Join, Leave, Hasten and Look. A look that
// is in progress may still come after Leave.
type Swept interface {
	Sweep(now Instant) (pause time.Duration)
}

// Instant is a moment of the coarse clock, in nanoseconds since the program
// started.
type Instant int64

const (
	coarsest = 100 * time.Millisecond
	finest   = 5 * time.Millisecond
)

// sweeper is the sweep with its clock.
type sweeper struct {
	newPulse func(every time.Duration) pulse

	running atomic.Bool           // now and date are being kept
	now     atomic.Int64          // the coarse clock
	date    atomic.Pointer[dated] // the text of the current second
	every   atomic.Int64          // nanoseconds from one look to the next
	gap     atomic.Int64          // nanoseconds that there were from the look before the last to the last

	mu      sync.Mutex        // guards what follows, and the writing of the above
	members map[Swept]Instant // before which each need not be looked at; 0 is always, or asked
	pulse   pulse             // nil while there are no members
}

// asked is an instant that has passed. It marks a member that Look was called for
// since its last look, so that a look in progress does not postpone the next.
const asked Instant = -1

type dated struct {
	second int64
	text   string
}

var (
	epoch = time.Now()
	sweep = sweeper{newPulse: newPulse}
)

// Join makes the sweep look at s from now on. While the sweep has a member, Now and
// Date need no system call.
func Join(s Swept) { sweep.join(s) }

// Leave ends what Join began. The sweep itself ends with its last member.
func Leave(s Swept) { sweep.leave(s) }

// Look makes the next sweep look at s if it has joined, whatever pause it has asked
// for.
func Look(s Swept) { sweep.look(s) }

// Hasten makes the sweep fine enough to notice a timeout of d within a small
// part of it. It holds until the sweep ends, and does nothing while nothing
// has joined.
func Hasten(d time.Duration) { sweep.hasten(d) }

// HastenTo makes the sweep look at least as often as every d, as far as it can. It
// holds as Hasten does.
func HastenTo(d time.Duration) { sweep.quicken(d) }

// Now is the coarse clock. It lags by what passes from one sweep to the next, and not at all while
// nothing has joined.
func Now() Instant { return sweep.clock() }

// Lag is how late Now may have been before the latest sweep. What happened a limit and
// a Lag ago happened at least a limit ago, also on a machine that was too busy to
// sweep in time.
func Lag() time.Duration { return sweep.lag() }

// Date is the current time as the Date header writes it. It lags as Now does.
func Date() string { return sweep.dateText() }

func (s *sweeper) join(m Swept) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.members) == 0 {
		s.members = make(map[Swept]Instant)
		s.every.Store(int64(coarsest))
		s.pulse = s.newPulse(coarsest)
		s.tick()
		s.gap.Store(0)
		s.running.Store(true)
		go s.run(s.pulse)
	}
	s.members[m] = 0
}

func (s *sweeper) look(m Swept) {
	s.mu.Lock()
	if _, ok := s.members[m]; ok {
		s.members[m] = asked
	}
	s.mu.Unlock()
}

// postpone notes when to look at m again, which has just been looked at.
func (s *sweeper) postpone(m Swept, until Instant) {
	s.mu.Lock()
	if from, ok := s.members[m]; ok && from != asked {
		s.members[m] = until
	}
	s.mu.Unlock()
}

func (s *sweeper) leave(m Swept) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.members[m]; !ok {
		return
	}
	delete(s.members, m)
	if len(s.members) == 0 {
		s.running.Store(false)
		s.pulse.stop()
		s.members, s.pulse = nil, nil
	}
}

func (s *sweeper) hasten(d time.Duration) { s.quicken(d / 8) }

func (s *sweeper) quicken(d time.Duration) {
	every := int64(max(d, finest))
	if every >= s.every.Load() {
		return // the usual case: no lock
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.members) > 0 && every < s.every.Load() {
		s.every.Store(every)
		s.pulse.set(time.Duration(every))
	}
}

func (s *sweeper) clock() Instant {
	if s.running.Load() {
		return Instant(s.now.Load())
	}
	return Instant(time.Since(epoch))
}

func (s *sweeper) lag() time.Duration { return time.Duration(max(s.every.Load(), s.gap.Load())) }

func (s *sweeper) dateText() string {
	if s.running.Load() {
		return s.date.Load().text
	}
	return formatDate(time.Now())
}

// tick sets the clock. The caller holds mu.
func (s *sweeper) tick() Instant {
	t := time.Now()
	now := int64(t.Sub(epoch))
	s.now.Store(now)
	if d := s.date.Load(); d == nil || d.second != t.Unix() {
		s.date.Store(&dated{t.Unix(), formatDate(t)})
	}
	return Instant(now)
}

func formatDate(t time.Time) string { return t.UTC().Format("Mon, 02 Jan 2006 15:04:05 GMT") }

// run looks at the members at each beat until p is stopped. At most one run looks at a
// time, except for the last look of one that was stopped.
func (s *sweeper) run(p pulse) {
	var members []Swept // a copy, since members may join and leave while they are looked at
	for p.wait() {
		s.mu.Lock()
		if s.pulse != p {
			s.mu.Unlock()
			return
		}
		before := s.now.Load()
		now := s.tick()
		s.gap.Store(int64(now) - before)
		members = members[:0]
		for m, from := range s.members {
			if from == 0 || from == asked || from <= now {
				members = append(members, m)
				if from == asked {
					s.members[m] = 0
				}
			}
		}
		s.mu.Unlock()
		for _, m := range members {
			if pause := m.Sweep(now); pause > 0 {
				s.postpone(m, now+Instant(pause))
			}
		}
		clear(members)
	}
}
