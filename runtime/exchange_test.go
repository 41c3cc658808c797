package runtime

import (
	"net"
	"testing"

	"nodehttp/generated/profile"
)

// silent is a connection that takes everything and gives nothing.
type silent struct{ net.Conn }

func (silent) Close() error                { return nil }
func (silent) Write(p []byte) (int, error) { return len(p), nil }

const smallGet = "GET / HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n\r\n"

// newExchangeConn returns a server's connection whose answers are collected
// and never sent, so that nothing but this package is at work.
func newExchangeConn(s *Server) *serverConn {
	c := newServerConn(s, silent{}, false)
	c.sock.w.held = true
	return c
}

// exchangeOnce serves what data holds and forgets the answer.
func (c *serverConn) exchangeOnce(data string) int {
	in := &c.sock.in
	in.filled(copy(in.room(), data))
	c.sock.strand.Enter()
	c.deliver()
	c.sock.strand.Leave()
	w := &c.sock.w
	w.mu.Lock()
	n := w.n
	w.wrote(n, nil)
	w.unlock(c.sock)
	return n
}

func greeter() *Server {
	return NewServer(profile.V19_0, ServerOptions{}, func(_ *IncomingMessage, res *ServerResponse) {
		res.out.SetHeader("Content-Type", "text/plain")
		res.out.EndString("Hello, World!")
	})
}

func BenchmarkExchange(b *testing.B) {
	c := newExchangeConn(greeter())
	defer c.sock.destroy(nil)
	b.ReportAllocs()
	for b.Loop() {
		if c.exchangeOnce(smallGet) == 0 {
			b.Fatal("no answer")
		}
	}
}
