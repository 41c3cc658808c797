package runtime

import (
	"io"
	"net"
	"testing"

	"nodehttp/core"
	"nodehttp/generated/profile"
)

// A Read that has found nothing may come to pull when the connection's goroutine has kept
// bytes meanwhile: they come before what the source has next.
func TestWhatIsKeptComesFirst(t *testing.T) {
	expect := func(t *testing.T, source core.Source, r io.Reader) {
		t.Helper()
		b := make([]byte, 16)
		if n, ok, err := source.Pull(b); n != 0 || !ok || err != nil {
			t.Fatalf("Pull gives %q, %v, %v", b[:n], ok, err)
		}
		if _, err := io.ReadFull(r, b[:6]); err != nil || string(b[:6]) != "abcdef" {
			t.Errorf("read %q, %v", b[:6], err)
		}
	}
	t.Run("message", func(t *testing.T) {
		var req *IncomingMessage
		c := newExchangeConn(NewServer(profile.V19_0, ServerOptions{}, func(m *IncomingMessage, _ *ServerResponse) { req = m }))
		defer c.sock.destroy(nil)
		in := &c.sock.in
		c.pump.Lock()
		in.filled(copy(in.room(), "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nabc"))
		c.sock.strand.Enter()
		c.deliver()
		c.sock.strand.Leave()
		in.filled(copy(in.room(), "def"))
		c.pump.Unlock()
		expect(t, (*messageSource)(req), req)
	})
	t.Run("socket", func(t *testing.T) {
		a, b := net.Pipe()
		defer b.Close()
		s := NewSocket(a)
		defer s.Destroy()
		s.body.Keep([]byte("abc"))
		go b.Write([]byte("def"))
		expect(t, (*socketSource)(s), s)
	})
}

// What a Read leaves in the inbox is there for the connection's goroutine, which may have
// to deliver it: the next bytes may be wanted by listeners, and the peer has sent all.
func TestWhatAReadLeaves(t *testing.T) {
	var req *IncomingMessage
	c := newExchangeConn(NewServer(profile.V19_0, ServerOptions{}, func(m *IncomingMessage, _ *ServerResponse) { req = m }))
	defer c.sock.destroy(nil)
	in := &c.sock.in
	c.pump.Lock()
	in.filled(copy(in.room(), "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"))
	c.sock.strand.Enter()
	c.deliver()
	c.sock.strand.Leave()
	if c.conn.left {
		t.Error("there is something left of a head")
	}
	in.filled(copy(in.room(), "3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n"))
	c.pump.Unlock()
	b := make([]byte, 16)
	if n, err := req.Read(b); string(b[:n]) != "abc" || err != nil {
		t.Fatalf("read %q, %v", b[:n], err)
	}
	if !c.conn.left || !c.fill() {
		t.Fatal("nothing is left for the connection's goroutine")
	}
	got := ""
	req.OnData(func(chunk []byte) { got += string(chunk) })
	c.pump.Lock()
	c.sock.strand.Enter()
	c.deliver()
	c.sock.strand.Leave()
	c.pump.Unlock()
	if got != "def" || !req.Complete() {
		t.Errorf("the listener got %q", got)
	}
}
