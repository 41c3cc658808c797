package runtime

import (
	"bytes"
	"io"
	"net"
	goruntime "runtime"
	"slices"
	"testing"
	"time"

	"nodehttp/generated/profile"
	"nodehttp/runtime/socket"
	"nodehttp/tests/leak"
)

// eventually waits until something is so, which is looked at again and again.
func eventually(t *testing.T, what string, so func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !so(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("waited in vain for " + what)
		}
	}
}

// crowd is a server with many idle connections.
func crowd(t *testing.T, n int, o ServerOptions) (s *Server, conns []net.Conn) {
	t.Helper()
	s = NewServer(profile.V19_0, o, func(_ *IncomingMessage, res *ServerResponse) { res.Outgoing().EndString("hi") })
	if err := s.ListenWith(socket.ListenOptions{Host: "127.0.0.1"}); err != nil {
		t.Fatal(err)
	}
	for range n {
		c, err := net.Dial("tcp", s.Address().String())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		conns = append(conns, c)
		ask(t, c)
	}
	return s, conns
}

func ask(t *testing.T, c net.Conn) {
	t.Helper()
	io.WriteString(c, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
	c.SetReadDeadline(time.Now().Add(10 * time.Second))
	var answer []byte
	for buf := make([]byte, 512); !bytes.HasSuffix(answer, []byte("hi")); {
		n, err := c.Read(buf)
		if err != nil {
			t.Fatalf("after %q: %v", answer, err)
		}
		answer = append(answer, buf[:n]...)
	}
}

// allIdle reports whether every connection of a server waits for its next request.
func allIdle(s *Server) bool {
	return !slices.ContainsFunc(s.connections(), func(c *serverConn) bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		return !c.idle(false)
	})
}

func parkedConns() int {
	_, parked := socket.IdleCounts()
	return parked
}

func needIdlePoller(t *testing.T) {
	if goruntime.GOOS != "linux" || !socket.DirectIO {
		t.Skip("this system has no idle poller")
	}
}

// TestIdleGoroutines: of many connections that wait only some have a goroutine,
// those that have waited longest give theirs up, and all go on when asked.
func TestIdleGoroutines(t *testing.T) {
	needIdlePoller(t)
	leak.Check(t)
	const n = 2*socket.MaxWaiters + 50
	s, conns := crowd(t, n, ServerOptions{KeepAliveTimeout: new(time.Minute)})
	eventually(t, "the goroutines to end", func() bool {
		return parkedConns() >= n-socket.MaxWaiters && goruntime.NumGoroutine() < socket.MaxWaiters+50
	})
	eventually(t, "room for those who are active", func() bool { waiting, _ := socket.IdleCounts(); return waiting < socket.MaxWaiters })
	before := parkedConns()
	for range 2 {
		for _, c := range conns {
			ask(t, c)
		}
	}
	if before < n-socket.MaxWaiters {
		t.Errorf("%d connections of %d rest", before, n)
	}
	eventually(t, "the exchanges to be over", func() bool { return allIdle(s) }) // or Close leaves one that is not alone
	closed := make(chan struct{})
	s.Close(func(error) { close(closed) })
	<-closed // the idle ones, parked or not, are ended
	eventually(t, "nobody to be counted", func() bool { waiting, parked := socket.IdleCounts(); return waiting == 0 && parked == 0 })
}

// TestIdleEnds: a parked connection notices its end, whatever brings it about.
func TestIdleEnds(t *testing.T) {
	needIdlePoller(t)
	const n = socket.MaxWaiters + 20
	for _, c := range []struct {
		name string
		end  func(s *Server, conns []net.Conn)
	}{
		{"the peer ends", func(_ *Server, conns []net.Conn) {
			for _, c := range conns {
				c.(*net.TCPConn).CloseWrite()
			}
		}},
		{"the peer resets", func(_ *Server, conns []net.Conn) {
			for _, c := range conns {
				c.(*net.TCPConn).SetLinger(0)
				c.Close()
			}
		}},
		{"closeAllConnections", func(s *Server, _ []net.Conn) { s.CloseAllConnections() }},
		{"closeIdleConnections", func(s *Server, _ []net.Conn) { s.CloseIdleConnections() }},
		{"the time is up", func(s *Server, _ []net.Conn) { s.SetKeepAliveTimeout(10 * time.Millisecond) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			leak.Check(t)
			s, conns := crowd(t, n, ServerOptions{KeepAliveTimeout: new(time.Minute)})
			eventually(t, "connections to rest", func() bool {
				return parkedConns() > 0 && allIdle(s)
			})
			c.end(s, conns)
			eventually(t, "all to end", func() bool {
				s.mu.Lock()
				defer s.mu.Unlock()
				return len(s.conns) == 0
			})
			s.Close()
		})
	}
}

// TestIdleDeadline: a deadline that the user sets passes for a parked connection
// too, and wakeReader does not take it away.
func TestIdleDeadline(t *testing.T) {
	needIdlePoller(t)
	leak.Check(t)
	s := NewServer(profile.V19_0, ServerOptions{KeepAliveTimeout: new(time.Minute)})
	var socks []*socket.Socket
	arrived := make(chan *socket.Socket)
	s.OnRequest(func(req *IncomingMessage, res *ServerResponse) {
		res.Outgoing().EndString("hi")
		arrived <- req.Socket()
	})
	if err := s.ListenWith(socket.ListenOptions{Host: "127.0.0.1"}); err != nil {
		t.Fatal(err)
	}
	for range socket.MaxWaiters + 20 {
		c, err := net.Dial("tcp", s.Address().String())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		io.WriteString(c, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
		socks = append(socks, <-arrived)
	}
	eventually(t, "connections to rest", func() bool { return parkedConns() > 0 })
	for _, sock := range socks {
		sock.SetReadDeadline(time.Now().Add(10 * time.Millisecond))
	}
	for _, sock := range socks {
		eventually(t, "the deadline", sock.Destroyed)
	}
	s.Close()
}
