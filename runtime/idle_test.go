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
	s.ListenWith(ListenOptions{Host: "127.0.0.1"})
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

func restingConns() int {
	idle.mu.Lock()
	defer idle.mu.Unlock()
	return idle.resting
}

func needIdlePoller(t *testing.T) {
	if goruntime.GOOS != "linux" || !directIO {
		t.Skip("this system has no idle poller")
	}
}

// TestIdleGoroutines: of many connections that wait only some have a goroutine,
// those that have waited longest give theirs up, and all go on when asked.
func TestIdleGoroutines(t *testing.T) {
	needIdlePoller(t)
	leak.Check(t)
	const n = 2*maxWaiters + 50
	s, conns := crowd(t, n, ServerOptions{KeepAliveTimeout: new(time.Minute)})
	eventually(t, "the goroutines to end", func() bool { return restingConns() >= n-maxWaiters && goruntime.NumGoroutine() < maxWaiters+50 })
	eventually(t, "room for those who are active", func() bool { return !idle.crowded() })
	before := restingConns()
	for range 2 {
		for _, c := range conns {
			ask(t, c)
		}
	}
	if before < n-maxWaiters {
		t.Errorf("%d connections of %d rest", before, n)
	}
	closed := make(chan struct{})
	s.Close(func(error) { close(closed) })
	<-closed // the idle ones, resting or not, are ended
	eventually(t, "nobody to be counted", func() bool { return restingConns() == 0 && idle.waiting.Load() == 0 })
}

// TestIdleEnds: a resting connection notices its end, whoever brings it about.
func TestIdleEnds(t *testing.T) {
	needIdlePoller(t)
	const n = maxWaiters + 20
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
				return restingConns() > 0 && !slices.ContainsFunc(s.connections(), func(c *serverConn) bool {
					c.mu.Lock()
					defer c.mu.Unlock()
					return !c.idle()
				})
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

// TestIdleDeadline: a deadline that the user sets passes for a resting connection
// too, and kick does not take it away.
func TestIdleDeadline(t *testing.T) {
	needIdlePoller(t)
	leak.Check(t)
	s := NewServer(profile.V19_0, ServerOptions{KeepAliveTimeout: new(time.Minute)})
	var socks []*Socket
	arrived := make(chan *Socket)
	s.OnRequest(func(req *IncomingMessage, res *ServerResponse) {
		res.Outgoing().EndString("hi")
		arrived <- req.Socket()
	})
	s.ListenWith(ListenOptions{Host: "127.0.0.1"})
	for range maxWaiters + 20 {
		c, err := net.Dial("tcp", s.Address().String())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		io.WriteString(c, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
		socks = append(socks, <-arrived)
	}
	eventually(t, "connections to rest", func() bool { return restingConns() > 0 })
	for _, sock := range socks {
		sock.SetReadDeadline(time.Now().Add(10 * time.Millisecond))
	}
	for _, sock := range socks {
		eventually(t, "the deadline", sock.Destroyed)
	}
	s.Close()
}

// TestIdleTable: a place that has been left tells nobody who stands there now.
func TestIdleTable(t *testing.T) {
	var table idleTable
	a, b := new(conn), new(conn)
	table.put(a)
	old := a.slot
	table.take(a)
	table.put(b)
	if got := table.at(old); got != nil {
		t.Error("an old slot finds somebody")
	}
	if got := table.at(b.slot); got != b || b.slot.index != old.index {
		t.Error("the place is not used again")
	}
}
