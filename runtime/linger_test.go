package runtime

import (
	"io"
	"testing"
	"time"

	"nodehttp/core"
)

// A socket that was closed is over at once for its owner, while its connection
// stays until the peer has ended or time is up.
func TestCloseLingers(t *testing.T) {
	for _, patient := range []bool{true, false} {
		c, peer := tcpPair(t)
		s := NewSocket(c)
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
			s.Sweep(core.Now() + core.Instant(2*lingerTime))
		}
		for s.lingers() { // ends, or the test does not
			time.Sleep(time.Millisecond)
		}
		if _, err := c.Read(make([]byte, 1)); err == nil || err == io.EOF {
			t.Errorf("the connection is open: %v", err)
		}
	}
}

// A reader that waits is let go when the socket is closed.
func TestCloseEndsRead(t *testing.T) {
	c, peer := tcpPair(t)
	s := NewSocket(c)
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
