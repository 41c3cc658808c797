package runtime

// Queued messages. The responses of a connection are sent in the order of their requests. A
// message that is not the first of that queue keeps what is written to it. At the high-water
// mark WriteChunk returns false, and Write waits; Hijack waits until its response is the first.
// They may wait for something that a listener has to do, for example one of 'drain' of the
// response before. Listeners run one at a time, inside the strand. So Write must not wait for
// ever while a listener that waits for it has the strand.
//
// Whether one does cannot be known. Three cases look the same: a listener is in Write; a
// listener waits for another goroutine that is in Write; a listener computes while another
// goroutine is in Write. At a fixed bound, Write would have to wait. Letting other listeners
// into the strand meanwhile would be wrong in the third case, and not letting them in would be
// wrong in the other two. So no rule for Write can bound memory, always go on, and never let
// two listeners overlap. Here listeners never overlap, and Write always goes on. The bound
// gives way, slowly:
//
//   - While nothing is queued for the strand, no listener is missing: Write waits.
//   - When something is, Write keeps its piece beyond the mark and returns. So the listener
//     that has the strand comes to its end, and the next one can run.
//   - From runAhead bytes on, Write does so only when something has been queued for the strand
//     for patience, and for n times as long at n times as many bytes. So what is kept grows
//     with the square root of the time.
//
// Hijack cannot run ahead. It leaves the strand in that situation (server_hijack.go), which is
// right since its contract excludes the third case.

import (
	"time"

	"nodehttp/runtime/socket"
)

const (
	// runAhead is how many bytes a queued message keeps before Write slows down.
	runAhead = 1 << 20
	// patience is how long something is queued for the strand before Write runs ahead. Most
	// listeners that compute have returned by then.
	patience = 100 * time.Millisecond
)

// begin lets the message write to s, since it is the first of the queue now. The caller
// holds mu, and runs t when it has released that.
func (m *OutgoingMessage) begin(t *transfer, s *socket.Socket) {
	m.sock = s
	m.stepPlace(placeEventBegin)
	m.kind.setBacklog(0)
	m.makeRoom()
	if m.rare != nil && m.rare.timeout > 0 {
		s.SetTimeout(m.rare.timeout)
	}
	if !m.state.phase.ended() && (len(m.pending) == 0 || m.isCorked()) {
		return
	}
	m.push(t)
}

// queued reports whether the message waits, and may still be sent. The caller holds mu.
func (m *OutgoingMessage) queued() bool {
	return m.state.place == placeWaiting && !m.state.phase.ended() && m.flags&outgoingDestroyed == 0
}

// awaitRoom waits while the message is queued and as much as the high-water mark is pending,
// unless it has to run ahead. The caller holds mu, which awaitRoom gives up meanwhile.
func (m *OutgoingMessage) awaitRoom() {
	for m.queued() && !m.isCorked() && m.pendingLen() >= m.kind.highWaterMark() {
		if !m.awaitUncrowded(patience * time.Duration(m.pendingLen()) / runAhead) {
			return
		}
	}
}

// awaitUncrowded waits for makeRoom. It returns false earlier if something is queued for the
// strand, and has been for d if that is at least patience. The caller holds mu, which
// awaitUncrowded gives up meanwhile.
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

// roomMade returns a channel that makeRoom closes. The caller holds mu.
func (m *OutgoingMessage) roomMade() <-chan struct{} {
	rare := m.ensureRare()
	if rare.room == nil {
		rare.room = make(chan struct{})
	}
	return rare.room
}

// makeRoom ends the waits: the message is the first of the queue, or destroyed. The caller
// holds mu.
func (m *OutgoingMessage) makeRoom() {
	if m.rare != nil && m.rare.room != nil {
		close(m.rare.room)
		m.rare.room = nil
	}
}
