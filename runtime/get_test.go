package runtime

import (
	"bytes"
	"context"
	"net"
	"testing"

	"nodehttp/generated/profile"
	"nodehttp/runtime/socket"
)

// answering is the far end of a connection: it answers each request with the
// same bytes, and costs nothing.
func answering(tb testing.TB, answer []byte) func(context.Context, socket.ConnectOptions) (net.Conn, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { l.Close() })
	return func(context.Context, socket.ConnectOptions) (net.Conn, error) {
		near, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			return nil, err
		}
		far, err := l.Accept()
		if err != nil {
			return nil, err
		}
		go func() {
			defer far.Close()
			b := make([]byte, 4096)
			for n, err := far.Read(b); err == nil; n, err = far.Read(b) {
				if bytes.HasSuffix(b[:n], []byte("\r\n\r\n")) {
					far.Write(answer)
				}
			}
		}()
		return near, nil
	}
}

// getter returns what makes a GET on a kept connection and reads the body.
func getter(tb testing.TB) func() {
	a := NewAgent(profile.V19_0, AgentOptions{KeepAlive: true, CreateConnection: answering(tb,
		[]byte("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 13\r\n\r\nHello, World!"))})
	tb.Cleanup(a.Destroy)
	closed := make(chan struct{})
	var failure error
	total := 0
	data := func(chunk []byte) { total += len(chunk) }
	end := func() { closed <- struct{}{} }
	response := func(res *IncomingMessage) { res.OnData(data); res.OnClose(end) }
	failed := func(err error) { failure = err; end() }
	return func() {
		r := NewGet(profile.V19_0, "", RequestOptions{Agent: a}, response)
		r.out.OnError(failed)
		if <-closed; failure != nil || total != 13 {
			tb.Errorf("%d bytes, %v", total, failure)
		}
		total = 0
	}
}

// A GET on a kept connection allocates what it hands out, its listeners, and
// little more.
func TestAllocationsOfAGet(t *testing.T) {
	get := getter(t)
	get()
	n := testing.AllocsPerRun(20, get)
	for range 24 { // the race detector has pools lose what is in them now and then
		n = min(n, testing.AllocsPerRun(20, get))
	}
	if n > 10 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkGet(b *testing.B) {
	get := getter(b)
	b.ReportAllocs()
	for b.Loop() {
		get()
	}
}
