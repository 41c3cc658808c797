package socket

import (
	"errors"
	"io"
	"net"
	goruntime "runtime"
	"testing"
	"time"

	"nodehttp/core"
)

// A socket that was closed is over at once for its owner, while its connection
// stays until the peer has ended or time is up.
func TestCloseLingers(t *testing.T) {
	for _, patient := range []bool{true, false} {
		c, peer := tcpPair(t)
		s := New(c)
		closed := make(chan struct{})
		s.OnClose(func(bool) { close(closed) })
		io.WriteString(s, "last")
		s.Close()
		<-closed
		if got, err := io.ReadAll(peer); string(got) != "last" || err != nil {
			t.Errorf("%q, %v", got, err)
		}
		if !s.lingers() {
			t.Error("the connection is closed before the peer's end")
		}
		if _, err := s.Read(make([]byte, 1)); err == nil {
			t.Error("it can be read")
		}
		if patient {
			peer.Close()
		} else {
			s.Sweep(core.Now() + core.Instant(2*LingerTime))
		}
		for s.lingers() { // ends, or the test does not
			time.Sleep(time.Millisecond)
		}
		eventually(t, "the connection to be closed", func() bool {
			_, err := c.Read(make([]byte, 1))
			return errors.Is(err, net.ErrClosed)
		})
	}
}

// A reader that waits is let go when the socket is closed.
func TestCloseEndsRead(t *testing.T) {
	c, peer := tcpPair(t)
	s := New(c)
	read := make(chan error, 1)
	go func() {
		p := make([]byte, 1)
		_, err := io.ReadFull(s, p) // the first byte has come: it reads
		read <- err
		_, err = s.Read(p)
		read <- err
	}()
	io.WriteString(peer, "x")
	if err := <-read; err != nil {
		t.Fatal(err)
	}
	s.Close()
	if err := <-read; err == nil {
		t.Error("Read returned nothing, and no error")
	}
	if !s.lingers() {
		t.Error("the reader was let go by the end of the connection")
	}
}

// A plain stream that nobody has ever looked at is closed some time after its
// peer has left, whether that has sent something or not; one that somebody
// listens to or writes to is not.
func TestAbandonedStreamIsClosed(t *testing.T) {
	const later = core.Instant(abandonAfter + time.Minute)
	for name, c := range map[string]struct {
		sent  int
		use   func(t *testing.T, s *Socket)
		stays bool
	}{
		"nothing sent": {},
		"some sent":    {sent: 5},
		"much sent":    {sent: 1 << 20},
		"listened to":  {use: func(t *testing.T, s *Socket) { s.OnEnd(func() {}) }, stays: true},
		"listened to late": {use: func(t *testing.T, s *Socket) {
			eventually(t, "the end", s.body.Consumed)
			s.OnEnd(func() {})
		}, stays: true},
		"read":          {sent: 5, use: func(t *testing.T, s *Socket) { s.Read(make([]byte, 1)) }, stays: true},
		"still written": {use: func(t *testing.T, s *Socket) { s.active.Store(int64(core.Now() + later)) }, stays: true},
	} {
		t.Run(name, func(t *testing.T) {
			ours, peer := tcpPair(t)
			s := Accept(ours, true, nil, Options{HighWaterMark: DefaultHighWaterMark})
			s.begin()
			defer s.Destroy()
			peer.SetDeadline(time.Now().Add(10 * time.Second))
			go func() { // much waits for who reads
				peer.Write(make([]byte, c.sent))
				peer.(*net.TCPConn).CloseWrite()
			}()
			if c.sent > 1<<16 {
				peer.Close() // what the system has taken still comes, and its end
			}
			for !s.has(socketEnded) && !s.body.Full() {
				time.Sleep(time.Millisecond) // the sweep looks
			}
			if c.use != nil {
				c.use(t, s)
			}
			s.Sweep(core.Now())
			if s.Destroyed() {
				t.Fatal("closed at once")
			}
			s.Sweep(core.Now() + later)
			if c.stays {
				for range 100 { // who closes it is a goroutine of its own
					goruntime.Gosched()
				}
				if s.Destroyed() {
					t.Error("closed")
				}
				return
			}
			for !s.Destroyed() {
				time.Sleep(time.Millisecond)
			}
		})
	}
}
