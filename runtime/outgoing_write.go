package runtime

// The body of an outgoing message: Write waits for room, WriteChunk reports that there is
// none. A piece goes to the socket if the message is the first of its connection's queue;
// else it is kept.

import (
	"errors"
	"io"
	"slices"
	"sync"

	"nodehttp/core"
	"nodehttp/runtime/http1"
	"nodehttp/runtime/socket"
)

var crlf = []byte(http1.CRLF)

// Write sends p as a piece of the body; an empty one sends the head, unless that has been
// sent. It waits while more bytes than the high-water mark are queued, also if that is because
// messages before this one are not finished, and returns when p may be reused. It returns
// core.ErrStreamWriteAfterEnd after End; core.ErrStreamDestroyed, which wraps the cause if there
// is one, when the connection has closed or closes meanwhile; core.ErrHTTPContentLengthMismatch
// for bytes beyond Content-Length, which are not sent; and what End returns for the head.
//
// While other messages are before this one, they may need other listeners of the connection.
// So when one of those is due, Write keeps p and returns. From 1 MiB on it waits before, 0.1 s
// for each MiB that is kept. A listener should not write a large body to such a message itself:
// it may do so from another goroutine and return, or use WriteChunk.
func (m *OutgoingMessage) Write(p []byte) (int, error) {
	if _, err := m.write(p, true, nil); err != nil {
		return 0, m.noteReturned(err)
	}
	return len(p), nil
}

// WriteString is Write for a string.
func (m *OutgoingMessage) WriteString(s string) (int, error) { return m.Write(core.BytesOf(s)) }

// WriteChunk sends chunk as a piece of the body without waiting. It returns
// false when the high-water mark is reached: 'drain' says when to go on. The
// callback is called when chunk has been given to the system or cannot be; an error that Write
// would return is given to it and, unless the connection has closed, emitted as 'error'.
func (m *OutgoingMessage) WriteChunk(chunk []byte, callback ...func(err error)) bool {
	full, err := m.write(chunk, false, callback)
	if err != nil {
		m.report(err, callback)
	}
	return !full && err == nil
}

// WriteEncoded is WriteChunk for a string in an encoding.
func (m *OutgoingMessage) WriteEncoded(s string, encoding core.Encoding, callback ...func(err error)) bool {
	return m.WriteChunk(encoding.Append(nil, s), callback...)
}

// write sends p, and reports whether the high-water mark is reached.
func (m *OutgoingMessage) write(p []byte, block bool, callbacks []func(error)) (full bool, err error) {
	m.mu.Lock()
	if block {
		m.awaitRoom()
	} else {
		m.flags &^= outgoingDrainMissed
	}
	switch {
	case m.state.phase.ended():
		err = core.ErrStreamWriteAfterEnd
	case m.flags&outgoingDestroyed != 0:
		err = m.destroyedError()
	default:
		if err = m.checkHead(); err == nil {
			err = m.checkBody(len(p), begun)
		}
	}
	var t transfer
	if err == nil {
		err = m.send(&t, p, false, block, callbacks)
	}
	if t.full {
		m.flags |= outgoingDrainOwed
	}
	m.mu.Unlock()
	if failed := t.run(); err == nil {
		err = failed
	}
	return t.full, err
}

// checkBody returns core.ErrHTTPBodyNotAllowed if a piece of n bytes would be dropped and the
// program wants to know. The head is fixed then, as it would be by the piece. known is as for
// buildHead. The caller holds mu.
func (m *OutgoingMessage) checkBody(n int, known int64) error {
	if n == 0 || m.flags&refusesBody == 0 {
		return nil
	}
	if m.state.framing == framingUndecided {
		m.pending = m.buildHead(m.pending, known)
	}
	if m.state.framing == bodiless {
		return core.ErrHTTPBodyNotAllowed
	}
	return nil
}

// destroyedError is the error of a call on a message that was destroyed; it wraps the reason.
// The caller holds mu.
func (m *OutgoingMessage) destroyedError() error { return core.DestroyedBy(m.failure()) }

// send serializes p, with the head before it unless that has been, and with the end of the
// body behind it if it is the final piece. It gives all that to the socket, or keeps it if
// the message waits. The caller holds mu, and runs t when it has released that.
func (m *OutgoingMessage) send(t *transfer, p []byte, final, block bool, callbacks []func(error)) (err error) {
	if m.state.place != placeWriting || m.isCorked() && !final {
		t.full, err = m.sendLater(p, final, callbacks)
		return err
	}
	w := m.sock.Wire().Writer()
	w.Lock()
	if err := w.Writable(); err != nil {
		w.Unlock()
		ended := err == core.ErrStreamWriteAfterEnd // the connection's sending half, not the message
		if m.keepsCopy() || ended && !block {       // another connection may take it, or the end of this one reports what is lost
			t.full, err = m.sendLater(p, final, callbacks)
			return err
		}
		if ended {
			err = m.destroyedError()
		}
		return core.DestroyedBy(err)
	}
	p, tail, err := m.serialize(w, p, final)
	if err != nil {
		w.Unlock()
		return err
	}
	m.pass(t, w, p, tail, final, block, callbacks)
	return nil
}

// serialize gives w what is pending and what goes before p, and returns what is to be sent
// of p and behind it. A call that fails sends nothing. The caller holds mu and w's.
func (m *OutgoingMessage) serialize(w *socket.Writer, p []byte, final bool) (piece, tail []byte, err error) {
	if m.hasOverflow() {
		if err := m.checkLength(len(p), final); err != nil {
			return nil, nil, err
		}
		m.passPending(w)
	}
	free := w.Reserve()
	begin := len(free)
	b, err := m.appendPrefix(append(free, m.pending...), len(p), final)
	if err != nil {
		m.pending = append([]byte(nil), b[begin:]...)
		w.Rollback()
		return nil, nil, err
	}
	w.Commit(b)
	m.pending = nil
	tail = m.suffix(len(p), final)
	if m.state.framing == bodiless {
		p = nil
	}
	if m.keepsCopy() {
		m.keepCopy(b[begin:], p, tail)
	}
	return p, tail, nil
}

// usualHead is room for a head as most are, in bytes.
const usualHead = 256

// headBufferPool has buffers for what is pending while that is no more than a usual head, as
// of most requests that wait for a connection.
var headBufferPool = sync.Pool{New: func() any { return new([usualHead]byte) }}

// dropPending frees what is pending, which nothing refers to. The caller holds mu.
func (m *OutgoingMessage) dropPending() {
	if cap(m.pending) == usualHead {
		headBufferPool.Put((*[usualHead]byte)(m.pending[:usualHead]))
	}
	m.pending = nil
}

// replayBuffer is what was written of a message that may have to be written again.
type replayBuffer struct{ b []byte }

// keepCopy adds to the copy, or gives it up when it becomes too large. The
// caller holds mu.
func (m *OutgoingMessage) keepCopy(pieces ...[]byte) {
	c := m.rare.copy
	for _, p := range pieces {
		if len(c.b)+len(p) > socket.LargeBuffer {
			m.rare.copy = nil
			return
		}
		c.b = append(c.b, p...)
	}
}

// sendLater keeps what send is given. The caller holds mu.
func (m *OutgoingMessage) sendLater(p []byte, final bool, callbacks []func(error)) (full bool, err error) {
	switch {
	case m.pending != nil:
	case len(p) == 0:
		m.pending = headBufferPool.Get().(*[usualHead]byte)[:0]
	default:
		m.pending = make([]byte, 0, usualHead+min(len(p), socket.LargeBuffer))
	}
	if m.hasOverflow() {
		var head []byte
		head, err = m.appendPrefix(nil, len(p), final)
		m.keepPending(head)
	} else {
		m.pending, err = m.appendPrefix(m.pending, len(p), final)
	}
	if err != nil {
		return false, err
	}
	tail := m.suffix(len(p), final)
	if m.state.framing != bodiless {
		m.keepPending(p)
	}
	m.keepPending(tail)
	m.addCallbacks(callbacks)
	if m.state.place != placeWriting {
		m.kind.setBacklog(m.pendingLen())
	}
	return m.pendingLen() >= m.kind.highWaterMark(), nil
}

// hasOverflow reports whether more is pending than m.pending holds. The caller holds mu,
// as for the next four.
func (m *OutgoingMessage) hasOverflow() bool { return m.rare != nil && len(m.rare.overflow) > 0 }

// keepPending adds to what is pending.
func (m *OutgoingMessage) keepPending(p []byte) {
	if !m.hasOverflow() {
		n := min(len(p), max(socket.LargeBuffer-len(m.pending), 0))
		m.pending = append(m.pending, p[:n]...)
		p = p[n:]
	}
	if len(p) > 0 {
		rare := m.ensureRare()
		rare.overflow = rare.overflow.Append(p)
	}
}

// pendingLen returns how many bytes are pending.
func (m *OutgoingMessage) pendingLen() int {
	n := len(m.pending)
	if m.hasOverflow() {
		n += m.rare.overflow.Len()
	}
	return n
}

// takeOverflow returns what is pending behind m.pending, once.
func (m *OutgoingMessage) takeOverflow() (more socket.Pieces) {
	if m.rare != nil {
		more, m.rare.overflow = m.rare.overflow, nil
	}
	return more
}

// passPending gives what is pending to w, whose mu the caller holds, too.
func (m *OutgoingMessage) passPending(w *socket.Writer) {
	w.Commit(append(w.Reserve(), m.pending...))
	more := m.takeOverflow()
	w.Adopt(more)
	if m.keepsCopy() {
		if m.keepCopy(m.pending); len(more) > 0 {
			m.rare.copy = nil
		}
	}
	m.dropPending()
}

// push writes what is pending. The caller holds mu, and runs t as for send.
func (m *OutgoingMessage) push(t *transfer) { m.pushFirst(t, len(m.pending)) }

// pushFirst writes the first n bytes of what is pending. The caller holds mu, and runs t as
// for send.
func (m *OutgoingMessage) pushFirst(t *transfer, n int) {
	w := m.sock.Wire().Writer()
	w.Lock()
	if w.Writable() != nil {
		w.Unlock()
		return
	}
	var behind []byte
	if n < len(m.pending) {
		behind = slices.Clone(m.pending[n:])
		m.pending = m.pending[:n]
	}
	m.passPending(w)
	m.pending = behind
	if m.rare != nil {
		m.rare.informed = 0
	}
	if m.flags&outgoingDrainOwed != 0 {
		w.OweDrain()
	}
	m.pass(t, w, nil, nil, m.state.phase.ended(), false, nil)
}

// A transfer is what is left to do with a piece once the message's mu has been released. The
// piece of a Write is written only then, since that may take long. Then the writer is unlocked,
// which has been locked from send or push on so that pieces keep their order. Then events and
// callbacks follow.
type transfer struct {
	m    *OutgoingMessage
	w    *socket.Writer // locked; nil if there is nothing to do
	full bool           // the high-water mark is reached

	// What is to be written: the piece of a Write.
	block       bool
	sock        *socket.Socket
	piece, tail []byte
	callbacks   []func(error)

	// What has happened, and is to be reported.
	final, closes bool   // the message has been serialized; the connection ends behind it
	finished      bool   // all of it has been given to the system
	unheard       bool   // nobody listens to it
	emit          func() // emits 'finish'; nil if nobody listens
}

// pass gives a piece to w, behind what that has accepted. The caller holds mu and has locked
// w, and runs t as for send.
func (m *OutgoingMessage) pass(t *transfer, w *socket.Writer, p, tail []byte, final, block bool, callbacks []func(error)) {
	t.m, t.w, t.final, t.block = m, w, final, block
	queued := m.takeCallbacks()
	m.sock.Wire().Touch()
	if block {
		t.sock, t.piece, t.tail, t.callbacks = m.sock, p, tail, queued
		return
	}
	t.full = !final && w.Fills(len(p)+len(tail))
	w.Write(p, tail, false)
	m.after(w, queued)
	m.after(w, callbacks)
	if !final {
		return
	}
	m.stepPhase(phaseEventAccept)
	m.stepPlace(placeEventAccept)
	t.closes = m.state.keepAlive == closes
	if t.finished = w.Idle(); t.finished {
		t.unheard, t.emit = m.noteFinish()
	} else {
		w.After((*sentMessage)(m))
	}
}

// after has callbacks called when what w has accepted is written. The caller holds w's lock.
func (m *OutgoingMessage) after(w *socket.Writer, callbacks []func(error)) {
	for _, f := range callbacks {
		w.After(m.callback(f))
	}
}

// run does what is left. The caller does not hold the message's mu. The error is that of a
// Write; that of a WriteChunk goes to its callback.
func (t *transfer) run() (err error) {
	if t.w == nil {
		return nil
	}
	if t.block {
		err = t.w.Write(t.piece, t.tail, true)
		t.m.after(t.w, t.callbacks)
	}
	t.w.UnlockNotify()
	if t.finished {
		t.m.kind.finished(t.unheard, t.emit)
	}
	if t.final {
		t.m.kind.serialized(t.closes)
	}
	if err != nil {
		err = t.m.writeError(t.sock, err)
	}
	return err
}

// writeError is the error of a Write whose piece s has accepted and will not send because of
// err. It is nil if another connection takes the message.
func (m *OutgoingMessage) writeError(s *socket.Socket, err error) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case m.flags&outgoingDestroyed != 0 && m.failure() != nil:
		return m.destroyedError()
	case m.flags&outgoingDestroyed == 0 && (m.keepsCopy() || m.sock != s):
		return nil
	}
	return core.DestroyedBy(err)
}

// appendPrefix appends what goes before a piece of n bytes: the head, unless it has been
// serialized, and the chunk's size. It fails for bytes beyond Content-Length. The caller holds
// mu.
func (m *OutgoingMessage) appendPrefix(b []byte, n int, final bool) ([]byte, error) {
	if m.state.framing == framingUndecided {
		known := int64(begun)
		if final {
			known = int64(n)
		}
		b = m.buildHead(b, known)
	}
	if m.state.framing == bodiless {
		return b, nil
	}
	if err := m.checkLength(n, final); err != nil {
		return b, err
	}
	m.written += int64(n)
	if m.state.framing == chunked && n > 0 {
		b = http1.AppendChunkHead(b, n)
	}
	return b, nil
}

// checkLength returns why n more bytes may not be sent: the head, which is fixed, promises
// another number. The caller holds mu.
func (m *OutgoingMessage) checkLength(n int, final bool) error {
	if m.state.framing == byLength {
		if sum := m.written + int64(n); sum > m.length || final && sum < m.length {
			return lengthMismatch(sum, m.length)
		}
	}
	return nil
}

func lengthMismatch(written, promised int64) error {
	return core.ErrHTTPContentLengthMismatch.With(
		"Response body's content-length of %d byte(s) does not match the content-length of %d byte(s) set in header", written, promised)
}

var (
	lastChunk         = []byte(http1.LastChunk)
	crlfThenLastChunk = []byte(http1.CRLF + http1.LastChunk)
)

// suffix is what goes behind a piece of n bytes. The caller holds mu.
func (m *OutgoingMessage) suffix(n int, final bool) []byte {
	switch {
	case m.state.framing != chunked:
		return nil
	case !final && n > 0:
		return crlf
	case !final:
		return nil
	case m.rare != nil && len(m.rare.trailers) > 0:
		var b []byte
		if n > 0 {
			b = append(b, crlf...)
		}
		return http1.AppendLastChunk(b, m.rare.trailers)
	case n > 0:
		return crlfThenLastChunk
	}
	return lastChunk
}

// callback has f called inside the strand.
func (m *OutgoingMessage) callback(f func(error)) socket.Flusher {
	return socket.FlushFunc(func(err error) { m.strand.Post(func() { f(err) }) })
}

// report gives an error of WriteChunk to its callbacks, and emits it. That the body does not
// have its length is emitted once.
func (m *OutgoingMessage) report(err error, callbacks []func(error)) {
	for _, f := range callbacks {
		m.strand.Post(func() { f(err) })
	}
	if !m.connectionLost() {
		m.strand.Post(func() {
			if errors.Is(err, core.ErrHTTPContentLengthMismatch) && m.errorEmitted(err) {
				return
			}
			if !m.emitError(err) && len(callbacks) == 0 {
				m.reportUnheard(err)
			}
		})
	}
}

// connectionLost reports whether nothing can be sent because the connection has closed or is
// about to: then the end of the message emits the error, and a failed WriteChunk does not.
func (m *OutgoingMessage) connectionLost() bool {
	m.mu.Lock()
	s, gone, done := m.sock, m.flags&outgoingDestroyed != 0, m.state.phase == phaseFinished
	m.mu.Unlock()
	if gone || done || s == nil {
		return gone
	}
	return s.Wire().SendFailure() != nil
}

// FlushHeaders sends the head now instead of with the first piece of the body.
// It returns what End returns for the head.
func (m *OutgoingMessage) FlushHeaders() error {
	m.mu.Lock()
	var t transfer
	err := m.flushHead(&t)
	m.mu.Unlock()
	t.run()
	return m.noteReturned(err)
}

// flushHead is FlushHeaders. The caller holds mu, as for send.
func (m *OutgoingMessage) flushHead(t *transfer) error {
	switch {
	case m.flags&outgoingDestroyed != 0:
		return m.destroyedError()
	case m.state.phase.ended():
		return nil
	case m.state.phase == phaseOpen:
		if err := m.checkHead(); err != nil {
			return err
		}
		m.pending = m.buildHead(m.pending, notYet)
	}
	if m.state.place == placeWriting && !m.isCorked() {
		m.push(t)
	}
	return nil
}

// Cork collects what is written until Uncork or End.
func (m *OutgoingMessage) Cork() {
	m.mu.Lock()
	m.ensureRare().corked++
	m.mu.Unlock()
}

// Uncork ends one Cork; the last one writes what was collected.
func (m *OutgoingMessage) Uncork() {
	m.mu.Lock()
	if m.isCorked() {
		m.rare.corked--
	}
	var t transfer
	if !m.isCorked() && m.state.place == placeWriting && len(m.pending) > 0 && m.flags&outgoingDestroyed == 0 {
		m.push(&t)
	}
	m.mu.Unlock()
	t.run()
}

// ReadFrom sends what r has as the body, piece by piece, waiting for room. A
// file, or an io.LimitedReader of one, is sent by the system itself if the
// message has a Content-Length; no more than that is sent of it. Errors are those of Write and of r. It is io.ReaderFrom.
func (m *OutgoingMessage) ReadFrom(r io.Reader) (int64, error) {
	var total int64
	var b *socket.Buffer
	for {
		sent, err := m.sendFile(r)
		total += sent
		if err != nil {
			return total, err
		}
		if b == nil {
			b = socket.Borrow(socket.LargeBuffer)
			defer b.GiveBack()
		}
		n, err := r.Read(b.Bytes())
		if n > 0 {
			if _, failed := m.Write(b.Bytes()[:n]); failed != nil {
				return total, failed
			}
			total += int64(n)
		}
		if err == io.EOF {
			return total, nil
		}
		if err != nil {
			return total, err
		}
	}
}
