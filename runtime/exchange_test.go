package runtime

import (
	"io"
	"net"
	"testing"

	"nodehttp/generated/profile"
)

// silent is a connection that takes everything and gives nothing.
type silent struct{ net.Conn }

func (silent) Close() error                { return nil }
func (silent) Write(p []byte) (int, error) { return len(p), nil }

const smallGet = "GET / HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n\r\n"

// newExchangeConn returns a server's connection that no goroutine reads.
func newExchangeConn(s *Server) *serverConn {
	c := newServerConn(s, silent{}, false)
	c.sock.Wire().Begin()
	return c
}

func greeter() *Server {
	return NewServer(profile.V19_0, ServerOptions{}, func(_ *IncomingMessage, res *ServerResponse) {
		res.out.SetHeader("Content-Type", "text/plain")
		res.out.EndString("Hello, World!")
	})
}

// BenchmarkExchange serves requests that stand in the inbox already; their answers leave
// over the loopback interface.
func BenchmarkExchange(b *testing.B) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	defer l.Close()
	near, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		b.Fatal(err)
	}
	far, err := l.Accept()
	if err != nil {
		b.Fatal(err)
	}
	go io.Copy(io.Discard, far)
	c := newServerConn(greeter(), near, true)
	c.sock.Wire().Begin()
	defer far.Close()
	defer c.sock.Destroy()
	b.ReportAllocs()
	get := []byte(smallGet)
	for b.Loop() {
		c.sock.Wire().Inbox().Put(get)
		c.sock.Wire().Strand().Enter()
		c.deliver()
		c.sock.Wire().Strand().Leave()
	}
	if b.N > 0 && c.sock.BytesWritten() == 0 {
		b.Fatal("no answer")
	}
}
