package runtime

// Queued messages: the responses of a connection leave in the order of their requests, and
// a message that is not first in that queue keeps what is written to it. WriteChunk says
// false at the high-water mark. Write waits there, and Hijack waits until its response is
// first. What they wait for may need a listener, for example one of 'drain' for the
// response before, and listeners run one at a time, inside the strand. So the wait must
// end if whoever is inside the strand waits for it.
//
// It cannot be known whether that is so. A listener that is in Write, a listener that waits
// for another goroutine that is in Write, and a listener that computes while another
// goroutine is in Write are the same to this package. No rule for Write can bound memory,
// always get on, and never let two listeners overlap: at the bound it has to wait, and so to
// let others into the strand, which is wrong in the third case, or not to, which is wrong in
// the other two. Listeners never overlap, and Write always gets on; what gives way is the
// bound, and slowly:
//
//   - While nothing waits for the strand, nothing that is needed is held up by its listener:
//     Write waits.
//   - When something does, Write keeps its piece beyond the mark and returns. The number of
//     Writes until the listener returns is the program's; each of them ends, so the
//     listener gets there and the strand goes on.
//   - From runAhead bytes on, Write does so only after the strand has been crowded for
//     patience, and n times as long at n times as many bytes. What is kept then grows with
//     the square root of the time.
//
// Hijack cannot run ahead. It lends the strand in the same situation (see
// server_hijack.go), which is right because its contract leaves out the third case.

import (
	"time"

	"nodehttp/runtime/socket"
)

const (
	// runAhead is how many bytes a message in the queue keeps before Write slows down.
	runAhead = 1 << 20
	// patience is how long the strand is crowded before that counts as standing still. A
	// listener that computes is mostly through by then.
	patience = 100 * time.Millisecond
)

// begin lets the message write to s: it is first in the queue now. The caller holds mu, as
// for send.
func (m *OutgoingMessage) begin(t *transfer, s *socket.Socket) {
	m.sock = s
	m.stepPlace(placeEventBegin)
	m.kind.setBacklog(0)
	m.makeRoom()
	if m.rare != nil && m.rare.timeout > 0 {
		s.SetTimeout(m.rare.timeout)
	}
	if !m.state.phase.ended() && (len(m.pending) == 0 || m.corked()) {
		return
	}
	m.push(t)
}

// queued reports whether the message is still to be sent, and may not be written to a
// socket yet. The caller holds mu.
func (m *OutgoingMessage) queued() bool {
	return m.state.place == placeWaiting && !m.state.phase.ended() && m.flags&outgoingDestroyed == 0
}

// awaitRoom waits while the message is queued and what is pending has reached the
// high-water mark, unless the strand is crowded, as told above. The caller holds mu, but
// not meanwhile.
func (m *OutgoingMessage) awaitRoom() {
	for m.queued() && !m.corked() && len(m.pending) >= socket.DefaultHighWaterMark {
		if !m.awaitUncrowded(patience * time.Duration(m.pendingLen()) / runAhead) {
			return
		}
	}
}

// awaitUncrowded waits for makeRoom. It returns false earlier if the strand is crowded, and
// has been for d if that is at least patience. The caller holds mu, but not meanwhile.
func (m *OutgoingMessage) awaitUncrowded(d time.Duration) bool {
	room, strand := m.roomMade(), m.strand
	m.mu.Unlock()
	defer m.mu.Lock()
	for {
		select {
		case <-room:
			return true
		case <-strand.Crowding():
		}
		if d >= patience {
			select {
			case <-room:
				return true
			case <-time.After(d):
			}
		}
		if strand.Crowded() {
			return false
		}
	}
}

// roomMade returns a channel that makeRoom closes. The caller holds mu, as for makeRoom.
func (m *OutgoingMessage) roomMade() <-chan struct{} {
	rare := m.ensureRare()
	if rare.room == nil {
		rare.room = make(chan struct{})
	}
	return rare.room
}

// makeRoom tells who waits that the message is first in the queue, or destroyed.
func (m *OutgoingMessage) makeRoom() {
	if m.rare != nil && m.rare.room != nil {
		close(m.rare.room)
		m.rare.room = nil
	}
}
