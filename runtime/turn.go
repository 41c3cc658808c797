package runtime

// Turns: the responses of a connection write one after another, in the order of
// their requests. One that is not first in line keeps what it is given, up to the
// high-water mark; who brings more waits here.

import (
	"bytes"
	goruntime "runtime"
	"strconv"
	"time"

	"nodehttp/runtime/socket"
)

// begin lets the message write to s: it is its turn now. The caller holds mu, which
// begin releases.
func (m *OutgoingMessage) begin(s *socket.Socket) {
	m.sock, m.canWrite = s, true
	m.kind.backlog(0)
	m.makeRoom()
	if m.rare != nil && m.rare.timeout > 0 {
		s.SetTimeout(m.rare.timeout)
	}
	if m.flags&outgoingEnded == 0 && (len(m.pending) == 0 || m.corked()) {
		m.mu.Unlock()
		return
	}
	m.push()
}

// awaitTurn waits while what is pending has reached the high-water mark and it
// is not this message's turn. The caller holds mu.
//
// It does so no longer than turnPatience while a listener keeps others waiting, which
// the turn may need: that listener may wait for who is in here. Nobody can know that, so
// the others stay where they are, and what the caller brings goes beyond the mark.
func (m *OutgoingMessage) awaitTurn() {
	for !m.canWrite && !m.corked() && len(m.pending) >= socket.DefaultHighWaterMark && m.flags&(outgoingGone|outgoingEnded) == 0 {
		if !m.awaitRoom(turnPatience) && m.strand.Crowded() {
			return
		}
	}
}

const turnPatience = 100 * time.Millisecond

// awaitRoom waits for makeRoom, and reports whether that was in time: patience bounds
// the wait unless it is 0, or the caller keeps nobody waiting. The caller holds mu, but
// not meanwhile.
//
// Nor does it keep the strand, if it is the listener that the request was announced
// to: what is waited for may need a listener of the requests before. So the other
// listeners of a connection may run while one of them is in here, and only then.
func (m *OutgoingMessage) awaitRoom(patience time.Duration) (inTime bool) {
	rare := m.ensureRare()
	if rare.room == nil {
		rare.room = make(chan struct{})
	}
	room := rare.room
	inside := rare.listener != 0 && rare.listener == goroutine()
	m.mu.Unlock()
	if inside {
		m.strand.Yield()
	}
	var over <-chan time.Time
	if patience > 0 && !inside {
		timer := time.NewTimer(patience)
		defer timer.Stop()
		over = timer.C
	}
	select {
	case <-room:
		inTime = true
	case <-over:
	}
	if inside {
		m.strand.Enter()
	}
	m.mu.Lock()
	return inTime
}

// makeRoom lets awaitRoom return. The caller holds mu.
func (m *OutgoingMessage) makeRoom() {
	if m.rare != nil && m.rare.room != nil {
		close(m.rare.room)
		m.rare.room = nil
	}
}

// announcing notes which goroutine runs the listener that the message is announced
// to, 0 for none.
func (m *OutgoingMessage) announcing(listener uint64) {
	m.mu.Lock()
	m.ensureRare().listener = listener
	m.mu.Unlock()
}

// goroutine returns the number of the goroutine that calls it. The first line of its
// stack trace is the only place that has it, which costs a microsecond.
func goroutine() uint64 {
	var buf [64]byte
	line := buf[:goruntime.Stack(buf[:], false)] // "goroutine 7 [running]:"
	n, err := strconv.ParseUint(string(bytes.Fields(line)[1]), 10, 64)
	if err != nil {
		panic(err)
	}
	return n
}
