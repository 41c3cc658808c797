package socket

// Lingering: the end of a connection whose peer may still be sending. Closing a
// descriptor that holds unread bytes, or gets some, resets the connection, and
// the peer may lose what it was sent last. So the sending half is ended first,
// and what the peer sends is read into nothing until it has ended too. Only the
// descriptor lives on meanwhile: the socket is destroyed when that begins.

import (
	"errors"
	"io"
	"os"
	"time"

	"nodehttp/core"
)

const (
	// LingerTime is how long a peer may take to end its half.
	LingerTime = time.Second
	// LingerBytes is how much it may send meanwhile: more than the two systems
	// hold for it when it learns that there is nobody left.
	LingerBytes = 16 << 20
)

// linger destroys the socket, whose sending half has been ended, with an error if
// cause is one, and has the connection closed when the peer has ended too, or soon.
func (s *Socket) linger(cause error) {
	s.mu.Lock()
	if s.life.destroyed() || s.flags&socketEnded != 0 {
		s.mu.Unlock()
		s.destroy(cause)
		return
	}
	s.lingerAt.Store(max(int64(core.Now()), 1))
	s.interrupt()
	plain := s.handler == nil // else its goroutine drains
	s.retire(cause, eventLinger)
	if plain && s.claim() {
		go s.drain(nil)
	}
}

// lingers reports whether the socket is destroyed and its connection is not
// closed yet.
func (s *Socket) lingers() bool { return s.lifeNow() == lingering }

// drain reads into nothing until the peer has ended or, if the socket lingers,
// has had its chance. Nobody else reads the connection, whose reading has ended
// with err, if that is not nil.
func (s *Socket) drain(err error) {
	s.mu.Lock()
	s.flags |= socketDraining // a user's deadline is not for this
	s.flags &^= socketInterrupted
	s.interruptReader()
	s.mu.Unlock()
	if errors.Is(err, os.ErrDeadlineExceeded) {
		err = nil // who was to be interrupted has been
	}
	for taken := 0; err == nil; {
		n := 0
		s.in.Advance(len(s.in.Bytes()))
		n, err = s.readInto(nil)
		if errors.Is(err, os.ErrDeadlineExceeded) && s.uninterrupt() {
			err = nil
		}
		if s.lingers() {
			if taken += n; taken > LingerBytes {
				break
			}
		}
	}
	s.in.Advance(len(s.in.Bytes()))
	s.in.Release()
	if err == io.EOF {
		s.endedByPeer() // before the look at lingers: linger looks for it
	}
	if err != io.EOF || s.lingers() {
		s.destroy(nil)
	}
}
