package socket

import (
	"bytes"
	"errors"
	"io"
	"net"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"
)

// tcpPair is a connection over the loopback interface.
func tcpPair(t *testing.T) (ours, theirs net.Conn) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if ours, err = net.Dial("tcp", l.Addr().String()); err != nil {
		t.Fatal(err)
	}
	if theirs, err = l.Accept(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ours.Close(); theirs.Close() })
	return ours, theirs
}

// overBoth runs a test over a connection with a descriptor and one without.
func overBoth(t *testing.T, test func(t *testing.T, s *Socket, peer net.Conn)) {
	for name, pair := range map[string]func(*testing.T) (net.Conn, net.Conn){
		"TCP":  tcpPair,
		"pipe": func(*testing.T) (net.Conn, net.Conn) { return net.Pipe() },
	} {
		t.Run(name, func(t *testing.T) {
			ours, theirs := pair(t)
			s := New(ours)
			t.Cleanup(func() { s.Destroy(); theirs.Close() })
			test(t, s, theirs)
		})
	}
}

// pattern is n bytes, of which no two stretches are alike.
func pattern(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i ^ i>>8 ^ i>>16)
	}
	return b
}

// Bytes leave in the order in which they were accepted, whatever their sizes
// and whoever waits.
func TestWriterKeepsOrder(t *testing.T) {
	overBoth(t, func(t *testing.T, s *Socket, peer net.Conn) {
		sent := pattern(3 << 20)
		written := make(chan struct{})
		go func() {
			defer close(written)
			sizes := []int{1, 100, smallBuffer - 1, smallBuffer, 50_000, LargeBuffer, 300_000, 7}
			for rest, i := sent, 0; len(rest) > 0; i++ {
				n := min(sizes[i%len(sizes)], len(rest))
				if i%3 == 0 {
					s.WriteChunk(rest[:n])
				} else if _, err := s.Write(rest[:n]); err != nil {
					t.Error(err)
					return
				}
				rest = rest[n:]
			}
			s.End()
		}()
		got := make([]byte, len(sent))
		if _, err := io.ReadFull(peer, got); err != nil || !bytes.Equal(got, sent) {
			t.Errorf("%v, equal %t", err, bytes.Equal(got, sent))
		}
		<-written
	})
}

// Write returns while no more than the high-water mark is pending.
func TestWriteBlocksAtTheMark(t *testing.T) {
	overBoth(t, func(t *testing.T, s *Socket, peer net.Conn) {
		done := make(chan error, 1)
		go func() {
			for range 1000 {
				if _, err := s.Write(make([]byte, 1000)); err != nil {
					done <- err
					return
				}
				s.w.mu.Lock()
				pending := s.w.pending()
				s.w.mu.Unlock()
				if pending > s.w.HighWaterMark() {
					t.Errorf("%d are pending", pending)
				}
			}
			done <- nil
		}()
		if n, err := io.CopyN(io.Discard, peer, 1_000_000); err != nil {
			t.Errorf("%d, %v", n, err)
		}
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

func TestDestroyUnblocksWrite(t *testing.T) {
	overBoth(t, func(t *testing.T, s *Socket, peer net.Conn) {
		mine := errors.New("mine")
		s.OnError(func(error) {})
		blocked := make(chan struct{})
		done := make(chan error, 1)
		go func() {
			var err error
			close(blocked)
			for err == nil {
				_, err = s.Write(make([]byte, 1<<20))
			}
			done <- err
		}()
		<-blocked
		s.Destroy(mine)
		select {
		case err := <-done:
			if !errors.Is(err, mine) && !errors.Is(err, net.ErrClosed) && !errors.Is(err, io.ErrClosedPipe) {
				t.Errorf("got %v", err)
			}
		case <-time.After(10 * time.Second):
			t.Fatal("Write is still blocked")
		}
	})
}

// What is corked leaves together when it is uncorked, or when patience ends.
func TestCork(t *testing.T) {
	ours, peer := tcpPair(t)
	s := New(ours)
	defer s.Destroy()
	s.w.Cork()
	s.WriteChunk([]byte("a"))
	s.WriteChunk([]byte("b"))
	s.w.Uncork()
	b := make([]byte, 10)
	if n, err := peer.Read(b); string(b[:n]) != "ab" || err != nil {
		t.Errorf("got %q, %v", b[:n], err)
	}
	s.w.Cork()
	s.WriteChunk([]byte("c"))
	if n, err := peer.Read(b); string(b[:n]) != "c" || err != nil { // nobody uncorks
		t.Errorf("got %q, %v", b[:n], err)
	}
	s.w.Uncork()
}

// A connection that never comes fails what was written meanwhile.
func TestWriteBeforeAConnectionThatFails(t *testing.T) {
	s := Connecting(nil, Options{HighWaterMark: DefaultHighWaterMark}, nil)
	s.begin()
	s.OnError(func(error) {})
	failed := make(chan error, 2)
	s.WriteChunk([]byte("a"), func(err error) { failed <- err })
	go func() {
		_, err := s.Write(make([]byte, 1<<20))
		failed <- err
	}()
	s.Destroy(syscall.ECONNREFUSED)
	for range 2 {
		select {
		case err := <-failed:
			if !errors.Is(err, syscall.ECONNREFUSED) {
				t.Errorf("got %v", err)
			}
		case <-time.After(10 * time.Second):
			t.Fatal("nobody is told")
		}
	}
}

func TestRest(t *testing.T) {
	for n, want := range []string{"ab|cd|e", "b|cd|e", "|cd|e", "|d|e", "||e", "||"} {
		left := rest(n, [3][]byte{[]byte("ab"), []byte("cd"), []byte("e")})
		if got := string(bytes.Join(left[:], []byte("|"))); got != want {
			t.Errorf("after %d: %q", n, got)
		}
	}
}

// Who waits for what was written is told in order, also if that is noticed by
// several goroutines at once.
func TestWriterTellsInOrder(t *testing.T) {
	overBoth(t, func(t *testing.T, s *Socket, peer net.Conn) {
		go io.Copy(io.Discard, peer)
		const writers, each = 4, 500
		written := 0    // guarded by s.w.mu
		var order []int // of who tells
		var told sync.WaitGroup
		told.Add(writers * each)
		for range writers {
			go func() {
				for range each {
					s.w.mu.Lock()
					written++
					n := written
					s.w.Write([]byte("x"), nil, false)
					s.w.After(FlushFunc(func(error) { order = append(order, n); told.Done() }))
					s.w.UnlockNotify()
				}
			}()
		}
		told.Wait()
		if len(order) != writers*each || !slices.IsSorted(order) {
			t.Errorf("told %v", order)
		}
	})
}

// A peer that takes bytes now and then is not silent.
func TestTakenBytesAreActivity(t *testing.T) {
	overBoth(t, func(t *testing.T, s *Socket, peer net.Conn) {
		const size = 64 << 20 // much more than is taken before the writer runs on a busy machine
		for _, c := range []net.Conn{s.conn, peer} {
			if c, ok := c.(*net.TCPConn); ok {
				c.SetWriteBuffer(64 << 10)
				c.SetReadBuffer(64 << 10)
			}
		}
		written := make(chan struct{})
		go func() {
			defer close(written)
			s.Write(make([]byte, size))
		}()
		some := make([]byte, 64<<10)
		taken := 0
		take := func() {
			n, err := io.ReadFull(peer, some)
			if taken += n; err != nil {
				t.Fatalf("%d bytes, %v", taken, err)
			}
		}
		for range 3 {
			take()
			const longAgo = 1
			for s.active.Store(longAgo); s.active.Load() == longAgo; {
				take()
			}
		}
		if taken > size/2 {
			t.Errorf("noticed after %d bytes", taken)
		}
		s.Destroy()
		<-written
	})
}
