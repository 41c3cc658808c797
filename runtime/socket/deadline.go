package socket

// Deadlines of a socket. The socket keeps them itself. The connection below gets one
// only for as long as it takes to interrupt who reads or writes it. So a deadline that
// passes fails the calls that it is for and nothing else: neither the goroutine that
// reads for listeners nor the bytes that have been accepted for sending.

import (
	"time"

	"nodehttp/core"
)

// deadline is one that can be moved. The lock of its owner guards it.
type deadline struct {
	timer *time.Timer // nil unless the deadline is to come
	moved uint32      // how often set was called
}

// set moves the deadline to t, or takes it back if t is zero. It reports whether t has
// passed; else pass is called at t, with the value of moved that belongs to t.
func (d *deadline) set(t time.Time, pass func(moved uint32)) (passed bool) {
	d.stop()
	if t.IsZero() {
		return false
	}
	left := time.Until(t)
	if left <= 0 {
		return true
	}
	moved := d.moved
	d.timer = time.AfterFunc(left, func() { pass(moved) })
	return false
}

// stop has pass not called any more.
func (d *deadline) stop() {
	if d.timer != nil {
		d.timer.Stop()
		d.timer = nil
	}
	d.moved++
}

// SetDeadline is SetReadDeadline and SetWriteDeadline.
func (s *Socket) SetDeadline(t time.Time) error {
	if err := s.SetReadDeadline(t); err != nil {
		return err
	}
	return s.SetWriteDeadline(t)
}

// SetReadDeadline sets the time from which on Read fails with core.ErrReadTimeout,
// which is os.ErrDeadlineExceeded, as net.Conn has it; zero takes it back. Bytes for
// listeners of 'data' go on arriving.
//
// While a connection reads the socket, the deadline holds for what that receives: a
// message that is being received is cut off, and the socket is destroyed. Between
// messages the server answers the requests that it has received, and then ends the
// connection; a connection that has nothing to answer is destroyed at once.
//
// It returns core.ErrSocketClosed before the socket is connected and
// core.ErrStreamDestroyed, which is net.ErrClosed, when it has been closed.
func (s *Socket) SetReadDeadline(t time.Time) error {
	s.mu.Lock()
	if err := s.closedError(); err != nil {
		s.mu.Unlock()
		return err
	}
	s.readLate(s.readDeadline.set(t, s.readDeadlinePassed))
	return nil
}

// SetWriteDeadline sets the time from which on Write fails with core.ErrWriteTimeout,
// which is os.ErrDeadlineExceeded, as net.Conn has it; zero takes it back. What
// has been accepted by then is still sent, and WriteChunk and End, which do not wait,
// go on accepting.
//
// While messages are sent on the socket, the deadline holds for their bytes: the
// socket is destroyed with core.ErrWriteTimeout if some of them have not been
// taken by the system when it passes, or when more come after it.
//
// It returns what SetReadDeadline does.
func (s *Socket) SetWriteDeadline(t time.Time) error {
	w := &s.w
	w.mu.Lock()
	s.mu.Lock()
	err := s.closedError()
	s.mu.Unlock()
	if err != nil {
		w.mu.Unlock()
		return err
	}
	w.late = w.deadline.set(t, s.writeDeadlinePassed)
	if w.late {
		w.expire()
	}
	w.UnlockNotify()
	return nil
}

// closedError is why no deadline can be set, nil if one can. The caller holds mu.
func (s *Socket) closedError() error {
	switch {
	case s.life.ending():
		return core.ErrStreamDestroyed
	case s.conn == nil:
		return core.ErrSocketClosed
	}
	return nil
}

// readDeadlinePassed is called when the read deadline passes, if it has not been moved.
func (s *Socket) readDeadlinePassed(moved uint32) {
	s.mu.Lock()
	if s.readDeadline.moved != moved {
		s.mu.Unlock()
		return
	}
	s.readLate(true)
}

// readLate notes whether the read deadline has passed. The caller holds mu, which
// readLate releases.
func (s *Socket) readLate(yes bool) {
	if s.flags &^= socketLate; yes {
		s.flags |= socketLate
	}
	s.body.SetLate(yes)
	s.interruptReader()
	h := s.handler
	s.mu.Unlock()
	if yes && h != nil {
		h.Wanted() // the connection finds out when it reads
	}
}

// writeDeadlinePassed is called when the write deadline passes, if it has not been moved.
func (s *Socket) writeDeadlinePassed(moved uint32) {
	w := &s.w
	w.mu.Lock()
	if w.deadline.moved != moved {
		w.mu.Unlock()
		return
	}
	w.late = true
	w.expire()
	w.UnlockNotify()
}

// past is a deadline that is over.
var past = time.Unix(1, 0)

// interruptReader gives the connection a read deadline that is over if somebody who
// reads it is to be interrupted, and takes that back if nobody is. The caller holds mu
// and has changed what says so.
func (s *Socket) interruptReader() {
	late := s.flags&(socketLate|socketDraining) == socketLate && (s.handler != nil || s.reader == pulled)
	overdue := late || s.flags&socketInterrupted != 0
	s.overdue.Store(overdue)
	armed := overdue || s.wakeDeadline.Load()
	if armed == (s.flags&socketArmed != 0) || s.conn == nil {
		return
	}
	s.flags ^= socketArmed
	if armed {
		s.conn.SetReadDeadline(past)
	} else {
		s.conn.SetReadDeadline(time.Time{})
	}
}

// interrupt has reading fail until uninterrupt. The caller holds mu.
func (s *Socket) interrupt() {
	s.wakeDeadline.Store(false)
	s.flags |= socketInterrupted
	s.interruptReader()
}

// interruptHandler has the handler's reading fail, if there is a handler yet and the socket has
// not been destroyed.
func (s *Socket) interruptHandler() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.handler != nil && !s.life.destroyed() {
		s.interrupt()
	}
}

// uninterrupt takes interrupt back, and reports whether there was one.
func (s *Socket) uninterrupt() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.flags&socketInterrupted == 0 {
		return false
	}
	s.flags &^= socketInterrupted
	s.interruptReader()
	return true
}

// wakeReader makes a goroutine that waits in readIdle return errIdle, by a deadline that
// has passed.
func (s *Socket) wakeReader() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.conn != nil && !s.overdue.Load() && !s.life.destroyed() {
		s.wakeDeadline.Store(true)
		s.interruptReader()
	}
}

// takeWake reports whether the deadline that has passed was wakeReader's, and takes it back.
func (s *Socket) takeWake() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.wakeDeadline.Swap(false) {
		return false
	}
	s.interruptReader()
	return true
}
