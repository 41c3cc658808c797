package socket

import (
	"io"
	"net"
	"testing"
	"time"
)

// What the peer of a kept connection does is seen without reading it.
func TestDisturbed(t *testing.T) {
	if !DirectIO { // there net.Conn alone is used, which cannot be asked
		return
	}
	for name, disturb := range map[string]func(net.Conn){
		"closed": func(c net.Conn) { c.Close() },
		"ended":  func(c net.Conn) { c.(*net.TCPConn).CloseWrite() },
		"reset":  func(c net.Conn) { c.(*net.TCPConn).SetLinger(0); c.Close() },
		"sent":   func(c net.Conn) { c.Write([]byte("x")) },
	} {
		t.Run(name, func(t *testing.T) {
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			defer l.Close()
			near, err := net.Dial("tcp", l.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			far, err := l.Accept()
			if err != nil {
				t.Fatal(err)
			}
			defer far.Close()
			s := New(near)
			defer s.Destroy()
			if s.disturbed() {
				t.Error("disturbed from the beginning")
			}
			disturb(far)
			eventually(t, "the peer's doing", s.disturbed) // it is on its way
		})
	}
}

// eventually waits until something is so, which is looked at again and again.
func eventually(t *testing.T, what string, so func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !so(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("waited in vain for " + what)
		}
	}
}

// TestIdleTable: a place that has been left tells nobody who stands there now.
func TestIdleTable(t *testing.T) {
	var table idleTable
	a, b := new(Socket), new(Socket)
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

// A Read that has found nothing may come to pull when another goroutine has kept bytes
// meanwhile: they come before what the connection has next.
func TestWhatIsKeptComesFirst(t *testing.T) {
	a, peer := net.Pipe()
	defer peer.Close()
	s := New(a)
	defer s.Destroy()
	s.body.Keep([]byte("abc"))
	go peer.Write([]byte("def"))
	b := make([]byte, 16)
	if n, ok, err := (*socketSource)(s).Pull(b); n != 0 || !ok || err != nil {
		t.Fatalf("Pull gives %q, %v, %v", b[:n], ok, err)
	}
	if _, err := io.ReadFull(s, b[:6]); err != nil || string(b[:6]) != "abcdef" {
		t.Errorf("read %q, %v", b[:6], err)
	}
}
