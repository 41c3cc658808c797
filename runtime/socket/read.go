package socket

// Reading a plain stream: an upgraded socket, a tunnel. A reader's goroutine
// fetches what it needs itself; only a stream that flows to listeners has a
// goroutine of its own.

import (
	"errors"
	"io"
	"net"
	"os"
	"syscall"
	"time"

	"nodehttp/core"
)

// socketSource is the Socket as the source of its own body.
type socketSource Socket

// Read reads received bytes; it returns io.EOF when the peer has ended,
// core.ErrReadTimeout after the read deadline, core.ErrStreamDestroyed, which is
// net.ErrClosed, when the socket has been closed, and core.ErrStreamFlowing while the
// bytes go to listeners of 'data' or to a connection that reads the socket.
func (s *Socket) Read(p []byte) (int, error) {
	n, err := s.body.Read(p)
	return n, s.returned(err)
}

// Pause stops 'data'. While a connection reads the socket it does nothing: the messages
// say how fast that reads.
func (s *Socket) Pause() *Socket { s.body.Pause(); return s }

// Resume lets the stream flow, into nothing if nobody listens. While a connection reads
// the socket it does nothing.
func (s *Socket) Resume() *Socket { s.body.Resume(); return s }

// readInto waits for bytes and reads them into the inbox, or into p.
func (s *Socket) readInto(p []byte) (n int, err error) {
	for {
		switch {
		case s.fd != nil:
			n, err = s.fd.readInto(p)
		case p != nil:
			n, err = s.w.conn.Read(p)
			s.bytesRead.Add(int64(n))
		default:
			if n, err = s.w.conn.Read(s.in.room()); n > 0 {
				s.in.filled(n)
				s.bytesRead.Add(int64(n))
			}
			s.in.Release()
		}
		if n > 0 {
			s.touch()
			return n, nil // an error beside bytes is behind them: the next read says it again
		}
		if err == nil || !s.wakeDeadline.Load() || !errors.Is(err, os.ErrDeadlineExceeded) || !s.takeWake() {
			return n, err
		}
		if s.fd.idle {
			return 0, ErrPark
		}
	}
}

// readIdle is read(nil) for who waits for the next message, if idle: it returns
// errIdle instead of waiting where too many do already.
func (s *Socket) readIdle(idle bool) (n int, err error) {
	if s.fd == nil {
		return s.readInto(nil)
	}
	s.fd.idle = idle && s.fd.own && !s.overdue.Load()
	n, err = s.readInto(nil)
	s.fd.idle = false
	return n, err
}

// peerLeft reports whether the peer has ended although it is not being read.
// It does not know for connections that stand on no descriptor.
func (s *Socket) peerLeft() bool { return s.asks(peerEnded) }

// disturbed reports whether the peer of a connection that was not accepted, on which
// nothing is expected, has sent something that has not been read, or has ended. What has been
// read bytesRead tells after the call. Over TLS it takes what has arrived. It does not know for
// connections that stand on no descriptor, nor what TLS of somebody else's has read and not
// yet given out.
func (s *Socket) disturbed() bool {
	fd, c := s.below()
	if fd != nil && fd.layer != nil {
		return fd.layer.disturbed()
	}
	return asks(fd, c, readable)
}

// asks puts a question to the system about the descriptor that the connection
// stands on; the answer is no if there is none.
func (s *Socket) asks(question func(fd uintptr) bool) bool {
	fd, c := s.below()
	return asks(fd, c, question)
}

// below returns what the socket stands on. The caller knows that the connection is
// established: then neither changes any more.
func (s *Socket) below() (*descriptor, net.Conn) { return s.fd, s.conn }

func asks(fd *descriptor, c net.Conn, question func(fd uintptr) bool) bool {
	if fd != nil {
		fd.taking.Lock()
		yes := fd.asks(question)
		fd.taking.Unlock()
		return yes
	}
	if c, ok := over(c).(syscall.Conn); ok {
		if raw, err := c.SyscallConn(); err == nil {
			return control(raw, question)
		}
	}
	return false
}

// descriptor returns what the socket is read and written through, nil if that is
// net.Conn alone.
func (s *Socket) descriptor() *descriptor {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.fd
}

// claim makes the caller the only reader.
func (s *Socket) claim() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.claimFor(eventClaim)
}

// claimFor is claim; event says what the caller is. The caller holds mu.
func (s *Socket) claimFor(event readerEvent) bool {
	if s.handler != nil || s.reader != unread {
		return false
	}
	readerSteps.Step(&s.reader, event)
	return true
}

func (s *Socket) unclaim() {
	s.mu.Lock()
	readerSteps.Step(&s.reader, eventRelease)
	s.interruptReader()
	s.mu.Unlock()
	s.body.Wake() // a Read may pull now
	if s.lingers() && s.claim() {
		go s.drain(nil)
	}
}

// Pull implements core.Source.
func (src *socketSource) Pull(p []byte) (int, bool, error) {
	s := (*Socket)(src)
	s.mu.Lock()
	ok, moved := s.claimFor(eventPull), s.readDeadline.moved
	s.interruptReader()
	s.mu.Unlock()
	if !ok {
		return 0, false, nil
	}
	var n int
	var err error
	if !s.body.Holds() {
		n, err = s.readInto(p)
	}
	s.unclaim()
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		return n, true, s.interrupted(moved)
	case err != nil:
		if err != io.EOF && n == 0 {
			s.known() // by Read, which returns it
		}
		s.readFailed(err)
	case s.body.Flowing():
		src.Wanted()
	}
	return n, true, nil
}

// interrupted is what a Read returns whose connection has told that a deadline has
// passed: nothing if that was on behalf of the socket, whose body knows. Then the Read
// looks again. The deadline may also be one that somebody has given to the connection
// itself. moved is what readDeadline.moved was when the Read began.
func (s *Socket) interrupted(moved uint32) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.life.ending() || s.flags&(socketLate|socketInterrupted) != 0 || s.readDeadline.moved != moved {
		return nil
	}
	return core.ErrReadTimeout
}

// Wanted implements core.Source: a stream that flows gets its goroutine.
func (src *socketSource) Wanted() {
	s := (*Socket)(src)
	if !s.body.Flowing() || !s.claim() {
		return
	}
	go s.flow()
}

// BeforeEnd implements core.Source.
func (src *socketSource) BeforeEnd() {}

// Consumed implements core.Source. It ends the sending half too, unless that
// may go on: on the server's side, and for who reads by Read, as with net.Conn.
func (src *socketSource) Consumed(core.Consumer) {
	s := (*Socket)(src)
	s.w.mu.Lock()
	if s.w.ended || !s.halfOpen && (s.body.Flowing() || !s.body.DidRead()) {
		s.w.End(ThenClose)
	}
	s.w.UnlockNotify()
}

// watch reads ahead once, so that the peer's end is noticed though nobody reads:
// after the sending half has ended, and when the peer seems to have left.
func (s *Socket) watch() {
	if !s.claim() {
		return
	}
	go func() {
		_, err := s.readInto(nil)
		if b := s.in.Bytes(); len(b) > 0 {
			s.body.Keep(b)
			s.in.Advance(len(b))
			s.in.Release()
		}
		s.unclaim()
		if err != nil {
			s.readFailed(err)
			s.body.EndUnread()
			return
		}
		(*socketSource)(s).Wanted()
	}()
}

// abandonAfter is how long a plain stream stays open whose peer has left, if
// nobody has ever read it or listened for its end.
const abandonAfter = 2 * time.Minute

// attend looks after a plain stream that nobody reads at present: its owner is
// told that the peer has left, and if nobody seems to own it, it is closed. The
// sweep calls it.
func (s *Socket) attend(now core.Instant) {
	s.mu.Lock()
	waits := s.conn != nil && !s.life.destroyed() && s.reader == unread
	ended := s.flags&socketEnded != 0
	s.mu.Unlock()
	if !waits || !ended && !s.peerLeft() {
		return
	}
	s.peerLeftAt.CompareAndSwap(0, int64(now))
	if !ended && !s.body.Full() {
		s.watch()
	}
	if since := max(s.peerLeftAt.Load(), s.active.Load()); !s.body.Heeded() && int64(now)-since > int64(abandonAfter) {
		go s.destroy(nil)
	}
}

// flow reads and delivers until the stream ends or is paused.
func (s *Socket) flow() {
	more := true
	var err error
	for more && err == nil {
		if _, err = s.readInto(nil); err != nil {
			break
		}
		s.strand.Enter()
		s.strand.Guard(func() { more = s.deliver() })
		s.strand.Leave()
	}
	s.unclaim()
	if err != nil {
		s.readFailed(err)
		return
	}
	(*socketSource)(s).Wanted() // it may have been resumed before unclaim
}

func (s *Socket) deliver() (more bool) {
	b := s.in.Bytes()
	defer s.in.Release()
	defer s.in.Advance(len(b))
	return s.body.Push(b)
}

// readFailed ends the receiving half.
func (s *Socket) readFailed(err error) {
	if err == io.EOF {
		s.mu.Lock()
		s.flags |= socketEnded
		s.mu.Unlock()
		s.body.Ended()
		if s.body.Flowing() {
			s.strand.Post(s.body.End)
		} else if s.ended() && !s.body.DidRead() {
			s.body.EndUnread()
		}
		return
	}
	if s.lifeNow().ending() {
		return
	}
	s.body.Fail(core.FromSystem(err, "read", ""))
	s.destroy(s.readError(err))
}

// readError is what the socket is destroyed with when reading it has failed.
func (s *Socket) readError(err error) error {
	e := core.FromSystem(err, "read", "")
	if s.options.QuietReset && errors.Is(e, core.ErrConnReset) {
		return nil
	}
	return e
}
