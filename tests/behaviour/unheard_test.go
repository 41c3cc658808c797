package behaviour_test

// Errors that reach the hook of uncaught ones: those that neither a listener nor a call
// has delivered.

import (
	"context"
	"errors"
	"io"
	"net"
	nethttp "net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	http "nodehttp/generated/http"
	adapt "nodehttp/generated/http/nethttp"
	"nodehttp/runtime/socket"
	"nodehttp/tests/leak"
)

// quiet fails if an error is reported within the grace that late listeners have.
func quiet(t *testing.T, reported <-chan error) {
	t.Helper()
	select {
	case err := <-reported:
		t.Errorf("reported: %v", err)
	case <-time.After(time.Second): // it is told after half of that
	}
}

// takenOver returns the server's end and the client's of a connection that is no longer
// HTTP, whoever has taken it.
func takenOver(t *testing.T, way string) (sock net.Conn, w *wire) {
	t.Helper()
	s := start(t, nil)
	sockets := make(chan net.Conn, 1)
	take := func(_ *http.IncomingMessage, sock *http.Socket, _ []byte) {
		sock.WriteString("HTTP/1.1 200 OK\r\n\r\n")
		sockets <- sock
	}
	request := "GET / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: mine\r\n\r\n"
	switch way {
	case "upgrade":
		s.OnUpgrade(take)
	case "CONNECT":
		s.OnConnect(take)
		request = "CONNECT h:1 HTTP/1.1\r\nHost: h:1\r\n\r\n"
	case "hijack", "hijacked CONNECT":
		adapt.Mount(s, nethttp.HandlerFunc(func(w nethttp.ResponseWriter, _ *nethttp.Request) {
			c, _, err := nethttp.NewResponseController(w).Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			io.WriteString(c, "HTTP/1.1 200 OK\r\n\r\n")
			sockets <- c
		}))
		if way != "hijack" {
			request = "CONNECT h:1 HTTP/1.1\r\nHost: h:1\r\n\r\n"
		}
	}
	w = dial(t, s)
	w.send(request)
	w.expect("HTTP/1.1 200 OK\r\n\r\n")
	return wait(t, sockets, "the socket"), w
}

var ways = []string{"upgrade", "CONNECT", "hijack", "hijacked CONNECT"}

// A reset that some call returns, before or after the socket has noticed, is not
// reported besides.
func TestResetThatACallReturns(t *testing.T) {
	reported := uncaught(t)
	for _, way := range ways {
		for name, call := range map[string]func(c net.Conn, reset func()) error{
			"Read that waits": func(c net.Conn, reset func()) error {
				time.AfterFunc(10*time.Millisecond, reset)
				_, err := c.Read(make([]byte, 1))
				return err
			},
			"Read": func(c net.Conn, reset func()) error {
				reset()
				_, err := c.Read(make([]byte, 1))
				return err
			},
			"Write": func(c net.Conn, reset func()) (err error) {
				reset()
				for err == nil {
					_, err = c.Write(make([]byte, 1<<16))
				}
				return err
			},
			"copying": func(c net.Conn, reset func()) error {
				time.AfterFunc(10*time.Millisecond, reset)
				_, err := io.Copy(io.Discard, c)
				return err
			},
		} {
			t.Run(way+" "+name, func(t *testing.T) {
				c, w := takenOver(t, way)
				defer c.Close()
				if err := call(c, w.reset); !errors.Is(err, syscall.ECONNRESET) && !errors.Is(err, syscall.EPIPE) {
					t.Error(err)
				}
			})
		}
	}
	quiet(t, reported)
}

// A reset that nothing listens for is reported, once.
func TestResetThatNobodyHears(t *testing.T) {
	reported := uncaught(t)
	for _, way := range ways {
		t.Run(way, func(t *testing.T) {
			c, w := takenOver(t, way)
			defer c.Close()
			switch c := c.(type) {
			case *http.Socket:
				c.Resume()
			case *socket.Socket:
				c.Resume()
			}
			w.reset()
			if err := wait(t, reported, "the report"); code(err) != "ECONNRESET" {
				t.Error(err)
			}
		})
	}
	quiet(t, reported)
}

// A request that fails is not reported if a call has returned the error, and is if none
// has.
func TestFailureThatACallReturns(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nowhere := "http://" + l.Addr().String()
	l.Close()
	failed := func(r *http.ClientRequest) {
		for !r.Destroyed() {
			time.Sleep(time.Millisecond)
		}
	}
	reported := uncaught(t)
	request := func() *http.ClientRequest {
		return http.RequestURLWith(nowhere, http.RequestOptions{Method: "POST"})
	}
	for name, call := range map[string]func(r *http.ClientRequest) error{
		"Write": func(r *http.ClientRequest) (err error) {
			for err == nil {
				_, err = r.Write(make([]byte, 1<<16))
			}
			return err
		},
		"copying": func(r *http.ClientRequest) error {
			_, err := io.Copy(r, ones{})
			return err
		},
		"End":          func(r *http.ClientRequest) error { failed(r); return r.End() },
		"FlushHeaders": func(r *http.ClientRequest) error { failed(r); return r.FlushHeaders() },
		"Await":        func(r *http.ClientRequest) error { _, err := r.Await(t.Context()); return err },
		"late Await": func(r *http.ClientRequest) error {
			failed(r)
			_, err := r.Await(t.Context())
			return err
		},
	} {
		if call(request()) == nil {
			t.Errorf("%s returns no error", name)
		}
	}
	for _, body := range []io.Reader{nil, strings.NewReader("x"), ones{}} {
		client, _ := keeping(t)
		if _, err := client.Post(nowhere, "", body); code(err) != "ECONNREFUSED" {
			t.Error(err)
		}
	}
	quiet(t, reported)

	ended := make(chan struct{}) // or End might tell
	r := http.RequestURLWith(nowhere, http.RequestOptions{CreateConnection: func(context.Context, http.ConnectOptions) (net.Conn, error) {
		<-ended
		return nil, syscall.ECONNREFUSED
	}})
	if err := r.End(); err != nil {
		t.Error(err)
	}
	close(ended)
	failed(r)
	if err := r.End(); !errors.Is(err, http.ErrStreamWriteAfterEnd) { // which says nothing of the failure
		t.Error(err)
	}
	request() // which nobody even ends
	for range 2 {
		if err := wait(t, reported, "the report"); code(err) != "ECONNREFUSED" {
			t.Errorf("reported: %v", err)
		}
	}
	http.Get("gopher://h/") // whose End is not the user's
	if err := wait(t, reported, "the report"); !errors.Is(err, http.ErrInvalidProtocol) {
		t.Error(err)
	}
	quiet(t, reported)
}

// Only listeners learn what happens to the bytes that a socket sends after its Close:
// the caller of Close knows that it is closed.
func TestResetBehindClose(t *testing.T) {
	leak.Check(t)
	reported := uncaught(t)
	for _, listens := range []bool{false, true} {
		ours, theirs := net.Pipe()
		s := socket.New(ours)
		closed, heard := make(chan bool, 1), make(chan error, 1)
		s.OnClose(func(hadError bool) { closed <- hadError })
		if listens {
			s.OnError(func(err error) { heard <- err })
		}
		if _, err := io.WriteString(s, "bye"); err != nil { // is accepted, and waits for its reader
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		theirs.Close()
		if !wait(t, closed, "'close'") {
			t.Error("the bytes have been sent")
		}
		if listens {
			if err := wait(t, heard, "'error'"); code(err) != "EPIPE" {
				t.Errorf("got %v", err)
			}
		}
	}
	quiet(t, reported)
}
