package runtime

import (
	"io"
	"testing"

	"nodehttp/generated/profile"
)

// A Read that has found nothing may come to pull when the connection's goroutine has kept
// bytes meanwhile: they come before what the socket has next.
func TestWhatIsKeptComesFirst(t *testing.T) {
	var req *IncomingMessage
	c := newExchangeConn(NewServer(profile.V19_0, ServerOptions{}, func(m *IncomingMessage, _ *ServerResponse) { req = m }))
	defer c.sock.Destroy(nil)
	in := c.sock.Wire().Inbox()
	c.readMu.Lock()
	in.Put([]byte("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nabc"))
	c.sock.Wire().Strand().Enter()
	c.deliver()
	c.sock.Wire().Strand().Leave()
	in.Put([]byte("def"))
	c.readMu.Unlock()
	b := make([]byte, 16)
	if n, ok, err := (*messageSource)(req).Pull(b); n != 0 || !ok || err != nil {
		t.Fatalf("Pull gives %q, %v, %v", b[:n], ok, err)
	}
	if _, err := io.ReadFull(req, b[:6]); err != nil || string(b[:6]) != "abcdef" {
		t.Errorf("read %q, %v", b[:6], err)
	}
}

// What a Read leaves in the inbox is there for the connection's goroutine, which may have
// to deliver it: the next bytes may be wanted by listeners, and the peer has sent all.
func TestWhatAReadLeaves(t *testing.T) {
	var req *IncomingMessage
	c := newExchangeConn(NewServer(profile.V19_0, ServerOptions{}, func(m *IncomingMessage, _ *ServerResponse) { req = m }))
	defer c.sock.Destroy(nil)
	in := c.sock.Wire().Inbox()
	c.readMu.Lock()
	in.Put([]byte("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"))
	c.sock.Wire().Strand().Enter()
	c.deliver()
	c.sock.Wire().Strand().Leave()
	if c.conn.unparsed {
		t.Error("there is something left of a head")
	}
	in.Put([]byte("3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n"))
	c.readMu.Unlock()
	b := make([]byte, 16)
	if n, err := req.Read(b); string(b[:n]) != "abc" || err != nil {
		t.Fatalf("read %q, %v", b[:n], err)
	}
	if !c.conn.unparsed || !c.fill() {
		t.Fatal("nothing is left for the connection's goroutine")
	}
	got := ""
	req.OnData(func(chunk []byte) { got += string(chunk) })
	c.readMu.Lock()
	c.sock.Wire().Strand().Enter()
	c.deliver()
	c.sock.Wire().Strand().Leave()
	c.readMu.Unlock()
	if got != "def" || !req.Complete() {
		t.Errorf("the listener got %q", got)
	}
}
