package socket

// Timeouts of a socket: the sweep compares the time of the last activity.

import (
	"time"

	"nodehttp/core"
)

// SetTimeout has 'timeout' emitted after d without activity, once until there
// is some again; 0 ends it. The callback is added as a one-time listener. The
// socket is not closed by it, unless those who listen cannot be told, because
// another listener of the connection blocks: then it is destroyed after as much
// silence again.
func (s *Socket) SetTimeout(d time.Duration, callback ...func()) *Socket {
	for _, f := range callback {
		if d > 0 {
			s.OnceTimeout(f)
		}
	}
	s.setTimeout(d)
	return s
}

// Timeout returns the silence after which 'timeout' is emitted; 0 is none.
func (s *Socket) Timeout() time.Duration { return time.Duration(s.timeout.Load()) }

func (s *Socket) setTimeout(d time.Duration) {
	s.timeout.Store(int64(d))
	s.touch()
	if d > 0 {
		core.Hasten(d)
		s.look()
	}
}

// look ends the pause for which the sweep need not look, if there is one. Who calls
// it has changed before what it would have found.
func (s *Socket) look() {
	if s.paused.Swap(false) {
		core.Look(s)
	}
}

// touch notes activity.
func (s *Socket) touch() {
	// The coarse clock has seldom moved since, and a load costs less than a store.
	if now := max(int64(core.Now()), 1); s.active.Load() != now {
		s.active.Store(now)
	}
}

// Sweep is called by the sweep.
func (s *Socket) Sweep(now core.Instant) (pause time.Duration) {
	if since := s.lingerAt.Load(); since != 0 {
		if int64(now)-since > int64(LingerTime) {
			s.disconnect(eventDisconnect)
		}
		return 0
	}
	if since := s.closedAt.Load(); since != 0 {
		if int64(now)-since > int64(closeTime) {
			go s.destroy(nil)
		}
		return 0
	}
	s.paused.Store(true) // before it is known, so that no look is missed
	s.mu.Lock()
	h, fd := s.handler, s.fd
	s.mu.Unlock()
	if h != nil {
		pause = h.Sweep(now)
	} else {
		s.attend(now)
	}
	if fd != nil && fd.waiting.Load() && idle.crowded() && int64(now)-s.active.Load() > int64(core.Lag()) {
		s.wakeReader()
	}
	if limit := s.timeout.Load(); limit > 0 {
		// The clock may be late by one sweep when activity is noted.
		if active := s.lastActive(); int64(now-active) >= limit+int64(core.Lag()) {
			s.maybeTimeout(active)
		}
		pause = min(pause, time.Duration(limit)/8)
	}
	if pause <= 0 {
		s.paused.Store(false)
	}
	return pause
}

// maybeTimeout fires 'timeout' for the silence since an instant, once.
func (s *Socket) maybeTimeout(active core.Instant) {
	if s.silence.Swap(int64(active)+1) != int64(active)+1 {
		go s.silent(active)
	}
}

// LongestPause is for how long a connection is not looked at at most: after it a
// limit that has been changed is heeded.
const LongestPause = 5 * time.Second

// silent fires 'timeout' for the silence since an instant. It does not wait for a
// listener that blocks, which may be what the silence is about: where nobody
// listens for 'timeout', the socket is destroyed that would be; where somebody
// does, he may be told until the silence has doubled.
func (s *Socket) silent(active core.Instant) {
	begun := make(chan struct{})
	s.strand.Run(func() {
		close(begun)
		s.timedOut()
	})
	select {
	case <-begun:
		return
	default:
	}
	s.mu.Lock()
	h, events := s.handler, s.events
	s.mu.Unlock()
	outcome := SilenceIgnored
	if h != nil {
		outcome = h.Silence()
	}
	if events != nil && events.timeout.Heard() {
		outcome = SilenceTold
	}
	switch outcome {
	case SilenceIgnored:
		return
	case SilenceTold:
		again := time.NewTimer(time.Duration(core.Now() - active))
		defer again.Stop()
		select {
		case <-begun:
			return
		case <-again.C:
		}
		if s.lastActive() != active {
			return
		}
	}
	s.expire()
}

// SilenceOutcome says what becomes of a socket that is silent for too long.
type SilenceOutcome uint8

const (
	SilenceIgnored SilenceOutcome = iota // nothing
	SilenceEnds                          // it is destroyed
	SilenceTold                          // somebody listens for it
)

// timedOut runs inside the strand.
func (s *Socket) timedOut() {
	s.mu.Lock()
	h, events := s.handler, s.events
	s.mu.Unlock()
	if h != nil {
		h.TimedOut()
	}
	if events != nil {
		events.timeout.Emit(core.Call)
	}
}
