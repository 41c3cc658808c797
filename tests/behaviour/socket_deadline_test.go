package behaviour_test

// Deadlines of sockets: of plain streams, which are a net.Conn (see tests/nettest too), and
// of those that messages are received and sent on.

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	nethttp "net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	http "nodehttp/generated/http"
)

var longAgo = time.Unix(1, 0)

// mustTimeOut checks that err says that a deadline has passed, in every way in which
// that can be asked.
func mustTimeOut(t *testing.T, err error) {
	t.Helper()
	e, ok := err.(net.Error)
	if !ok || !e.Timeout() || !errors.Is(err, os.ErrDeadlineExceeded) || code(err) != "ETIMEDOUT" {
		t.Errorf("got %v", err)
	}
}

// tunnelled is the server's socket of a CONNECT, and the client's end.
func tunnelled(t *testing.T, over string) (*http.Socket, *wire) {
	t.Helper()
	sockets := make(chan *http.Socket, 1)
	s := start(t, nil)
	s.OnConnect(func(_ *http.IncomingMessage, socket *http.Socket, _ []byte) {
		socket.OnError(func(err error) { t.Errorf("'error': %v", err) })
		sockets <- socket
	})
	var w *wire
	if over == "TCP" {
		w = dial(t, s)
	} else {
		ours, theirs := net.Pipe()
		s.EmitConnection(theirs)
		w = onWire(t, ours)
	}
	w.send("CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n")
	socket := wait(t, sockets, "the socket")
	t.Cleanup(func() { socket.Destroy() })
	return socket, w
}

// both runs a test over a connection with a descriptor of its own and one without.
func both(t *testing.T, test func(t *testing.T, socket *http.Socket, w *wire)) {
	for _, over := range []string{"TCP", "a pipe"} {
		t.Run("over "+over, func(t *testing.T) {
			socket, w := tunnelled(t, over)
			test(t, socket, w)
		})
	}
}

// A passed read deadline fails Read, also where bytes wait, and loses none of them.
func TestReadDeadline(t *testing.T) {
	both(t, func(t *testing.T, socket *http.Socket, w *wire) {
		p := make([]byte, 100)
		socket.SetReadDeadline(time.Now().Add(10 * time.Millisecond))
		n, err := socket.Read(p)
		if mustTimeOut(t, err); n != 0 {
			t.Errorf("%d bytes", n)
		}
		sent := make(chan bool)
		go func() { w.send("hello"); close(sent) }()
		socket.SetReadDeadline(time.Time{})
		if n, err := socket.Read(p[:2]); err != nil || string(p[:n]) != "he" {
			t.Errorf("%q, %v", p[:n], err)
		}
		socket.SetReadDeadline(longAgo)
		if n, err := socket.Read(p[:0]); n != 0 || err != nil {
			t.Errorf("an empty Read: %d, %v", n, err)
		}
		n, err = socket.Read(p)
		if mustTimeOut(t, err); n != 0 {
			t.Errorf("%d bytes", n)
		}
		socket.SetReadDeadline(time.Now().Add(time.Hour))
		if _, err := io.ReadFull(socket, p[:3]); err != nil || string(p[:3]) != "llo" {
			t.Errorf("%q, %v", p[:3], err)
		}
		<-sent
		if socket.Destroyed() {
			t.Error("it is destroyed")
		}
	})
}

// A deadline wakes every Read that waits, not the one alone that reads the connection.
func TestReadDeadlineOfMany(t *testing.T) {
	both(t, func(t *testing.T, socket *http.Socket, w *wire) {
		failed := make(chan error, 4)
		for range cap(failed) {
			go func() {
				_, err := socket.Read(make([]byte, 1))
				failed <- err
			}()
		}
		socket.SetReadDeadline(time.Now().Add(10 * time.Millisecond))
		for range cap(failed) {
			mustTimeOut(t, wait(t, failed, "Read"))
		}
	})
}

// Listeners of 'data' do not mind deadlines.
func TestDeadlineAndListeners(t *testing.T) {
	both(t, func(t *testing.T, socket *http.Socket, w *wire) {
		chunks := make(chan string, 10)
		socket.SetDeadline(longAgo)
		socket.OnData(func(chunk []byte) { chunks <- string(chunk) })
		w.send("a")
		if got := wait(t, chunks, "'data'"); got != "a" {
			t.Errorf("got %q", got)
		}
		socket.SetDeadline(longAgo)
		go socket.EndString("b")
		if got := w.rest(); got != "b" {
			t.Errorf("got %q", got)
		}
	})
}

// A Write that the write deadline cuts short says how much of it arrives, whether its
// bytes were copied or not. The socket goes on.
func TestWriteDeadline(t *testing.T) {
	for _, size := range []int{100, 4000, 4096, 100_000, len(large)} {
		t.Run(fmt.Sprint(size), func(t *testing.T) {
			both(t, func(t *testing.T, socket *http.Socket, w *wire) {
				socket.SetWriteDeadline(longAgo)
				for _, piece := range [][]byte{nil, large[:size]} {
					n, err := socket.Write(piece)
					if mustTimeOut(t, err); n != 0 {
						t.Errorf("%d bytes were sent", n)
					}
				}
				var sent []byte
				for round := range 2 {
					socket.SetWriteDeadline(time.Now().Add(20 * time.Millisecond))
					for {
						piece := large[:size]
						n, err := socket.Write(piece)
						sent = append(sent, piece[:n]...)
						if err != nil {
							mustTimeOut(t, err)
							break
						}
						if n != size {
							t.Errorf("%d of %d bytes, and no error", n, size)
						}
					}
					if round == 0 {
						socket.WriteChunk([]byte("between")) // which does not wait
						sent = append(sent, "between"...)
					}
				}
				socket.SetWriteDeadline(time.Time{})
				go func() {
					io.WriteString(socket, "the end")
					socket.End()
				}()
				sent = append(sent, "the end"...)
				if got, err := io.ReadAll(w.r); err != nil || !bytes.Equal(got, sent) {
					t.Errorf("%d bytes instead of %d, %v", len(got), len(sent), err)
				}
			})
		})
	}
}

// A write deadline that is set while Writes wait ends them all at once, in whatever they
// wait for, and what each says it has sent arrives.
func TestWriteDeadlineMeanwhile(t *testing.T) {
	both(t, func(t *testing.T, socket *http.Socket, w *wire) {
		sizes := []int{len(large), 4000, 70_000, 100}
		type result struct {
			mark byte
			n    int
		}
		results := make(chan result, len(sizes))
		for i, size := range sizes {
			go func() {
				piece := bytes.Repeat([]byte{byte('a' + i)}, size)
				total := 0
				for {
					n, err := socket.Write(piece)
					total += n
					if err != nil {
						mustTimeOut(t, err)
						break
					}
				}
				results <- result{byte('a' + i), total}
			}()
		}
		for socket.BytesWritten() == 0 {
			<-time.After(time.Millisecond)
		}
		socket.SetWriteDeadline(longAgo)
		want := map[byte]int{}
		for range sizes {
			r := wait(t, results, "Write to fail")
			want[r.mark] = r.n
		}
		go socket.End()
		got, err := io.ReadAll(w.r)
		for i := range sizes {
			mark := byte('a' + i)
			if n := bytes.Count(got, []byte{mark}); n != want[mark] {
				t.Errorf("%c: %d bytes instead of %d (%v)", mark, n, want[mark], err)
			}
		}
	})
}

// Copying by io.Copy, in both directions, minds deadlines as the socket does.
func TestCopyAndDeadlines(t *testing.T) {
	both(t, func(t *testing.T, socket *http.Socket, w *wire) {
		socket.SetWriteDeadline(time.Now().Add(20 * time.Millisecond))
		f := fileOf(t, large)
		n, err := io.Copy(socket, io.MultiReader(f, f))
		mustTimeOut(t, err)
		got := make(chan []byte, 1)
		go func() {
			b := make([]byte, n)
			io.ReadFull(w.r, b)
			got <- b
		}()
		if b := wait(t, got, "what was sent"); !bytes.Equal(b, large[:n]) {
			t.Errorf("other bytes than the %d that were sent", n)
		}
		socket.SetReadDeadline(time.Now().Add(20 * time.Millisecond))
		n, err = io.Copy(io.Discard, socket)
		if mustTimeOut(t, err); n != 0 {
			t.Errorf("%d bytes", n)
		}
		socket.SetDeadline(time.Time{})
		go func() { w.send("hello"); w.Close() }()
		var b strings.Builder
		if _, err := io.Copy(&b, socket); err != nil && code(err) != "ECONNRESET" || b.String() != "hello" {
			t.Errorf("%q, %v", b.String(), err)
		}
	})
}

// Close unblocks calls that wait, whatever the deadlines, and no deadline can be set
// after it.
func TestCloseWithDeadlines(t *testing.T) {
	both(t, func(t *testing.T, socket *http.Socket, w *wire) {
		failed := make(chan error, 2)
		socket.SetDeadline(time.Now().Add(time.Hour))
		go func() { _, err := socket.Read(make([]byte, 1)); failed <- err }()
		go func() { _, err := socket.Write(large); failed <- err }()
		for socket.BytesWritten() == 0 {
			<-time.After(time.Millisecond)
		}
		socket.Close()
		for range 2 {
			if err := wait(t, failed, "Read and Write"); !errors.Is(err, net.ErrClosed) || code(err) != "ERR_STREAM_DESTROYED" {
				t.Errorf("got %v", err)
			}
		}
		for _, err := range []error{socket.SetDeadline(longAgo), socket.SetReadDeadline(time.Time{}), socket.SetWriteDeadline(longAgo)} {
			if !errors.Is(err, net.ErrClosed) {
				t.Errorf("a deadline after Close: %v", err)
			}
		}
	})
}

// oneConn is a listener with one connection.
type oneConn struct {
	net.Listener
	conns  chan net.Conn
	once   sync.Once
	closed chan struct{}
}

func newOneConn(c net.Conn) *oneConn {
	l := &oneConn{conns: make(chan net.Conn, 1), closed: make(chan struct{})}
	l.conns <- c
	return l
}

func (l *oneConn) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *oneConn) Close() error { l.once.Do(func() { close(l.closed) }); return nil }

func (l *oneConn) Addr() net.Addr { return &net.TCPAddr{} }

// A server of net/http on a tunnel, as proxies that look inside have it, serves one
// request after the other: between them it interrupts its own reading by a deadline.
func TestServerOnTunnel(t *testing.T) {
	certified := httptest.NewUnstartedServer(nil)
	certified.StartTLS()
	config := certified.TLS
	certified.Close()
	for _, spoken := range []string{"HTTP/1.1", "HTTP/1.1 over TLS", "HTTP/2"} {
		t.Run(spoken, func(t *testing.T) {
			secure := spoken == "HTTP/1.1 over TLS"
			var protocols nethttp.Protocols
			protocols.SetHTTP1(spoken != "HTTP/2")
			protocols.SetUnencryptedHTTP2(spoken == "HTTP/2")
			both(t, func(t *testing.T, socket *http.Socket, w *wire) {
				var theirs, ours net.Conn = socket, w.Conn
				if secure {
					theirs = tls.Server(socket, config)
					ours = tls.Client(w.Conn, &tls.Config{InsecureSkipVerify: true})
				}
				l := newOneConn(theirs)
				inside := &nethttp.Server{
					ReadTimeout: time.Minute, WriteTimeout: time.Minute, IdleTimeout: time.Minute, Protocols: &protocols,
					Handler: nethttp.HandlerFunc(func(w nethttp.ResponseWriter, r *nethttp.Request) {
						body, err := io.ReadAll(r.Body)
						fmt.Fprintf(w, "%s %d %v", r.URL, len(body), err)
					}),
				}
				over := make(chan error, 1)
				go func() { over <- inside.Serve(l) }()
				client := &nethttp.Client{Transport: &nethttp.Transport{
					MaxConnsPerHost: 1, Protocols: &protocols,
					DialContext: func(context.Context, string, string) (net.Conn, error) { return ours, nil },
				}}
				for i := range 5 {
					res, err := client.Post(fmt.Sprintf("http://a/%d", i), "text/plain", bytes.NewReader(large[:i*50_000]))
					if err != nil {
						t.Fatal(err)
					}
					body, err := io.ReadAll(res.Body)
					if want := fmt.Sprintf("/%d %d <nil>", i, i*50_000); err != nil || string(body) != want {
						t.Fatalf("%q, %v", body, err)
					}
					res.Body.Close()
					<-time.After(time.Duration(i) * 5 * time.Millisecond)
				}
				inside.Close()
				client.CloseIdleConnections()
				wait(t, over, "the server inside")
			})
		})
	}
}

// A read deadline that passes between messages loses no request that has been received:
// its answer leaves and says that the connection ends.
func TestReadDeadlineWhileAnswering(t *testing.T) {
	for _, count := range []int{1, 3} {
		t.Run(fmt.Sprint(count), func(t *testing.T) {
			responses := make(chan *http.ServerResponse, count)
			s := start(t, func(_ *http.IncomingMessage, res *http.ServerResponse) { responses <- res })
			s.OnClientError(func(err error, _ *http.Socket) { t.Errorf("'clientError': %v", err) })
			w := dial(t, s)
			w.send(strings.Repeat(getRequest, count))
			var all []*http.ServerResponse
			for range count {
				all = append(all, wait(t, responses, "the request"))
			}
			socket := all[0].Socket()
			socket.SetReadDeadline(longAgo)
			<-time.After(20 * time.Millisecond) // of which nobody is told
			for _, res := range all {
				res.EndString("x")
			}
			for i := range count {
				res, body := w.response()
				if body != "x" || res.Close != (i == count-1) {
					t.Errorf("%q, close %t", body, res.Close)
				}
			}
			if got := w.rest(); got != "" {
				t.Errorf("got %q", got)
			}
		})
	}
}

// A connection that has nothing to answer ends with the deadline.
func TestReadDeadlineOfIdleConnection(t *testing.T) {
	s := start(t, func(_ *http.IncomingMessage, res *http.ServerResponse) {
		res.Socket().SetReadDeadline(time.Now().Add(50 * time.Millisecond))
		res.EndString("x")
	})
	w := dial(t, s)
	w.send(getRequest)
	w.response()
	if got := w.cut(); got != "" {
		t.Errorf("got %q", got)
	}
}

// A connection that an agent keeps serves no further request when its deadline has
// passed, even if that has not been noticed yet.
func TestReadDeadlineOfKeptConnection(t *testing.T) {
	s := start(t, func(_ *http.IncomingMessage, res *http.ServerResponse) { res.EndString("x") })
	agent := http.NewAgent(http.AgentOptions{KeepAlive: true})
	defer agent.Destroy()
	for range 20 {
		res, err := http.GetURLWith(url(s, "/"), http.RequestOptions{Agent: agent}).Await(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		socket := res.Socket() // which the response loses when the agent gets it back
		if _, err := io.ReadAll(res); err != nil {
			t.Fatal(err)
		}
		socket.SetReadDeadline(longAgo)
	}
}

// A deadline that has been moved before it passes has no effect.
func TestMovedDeadlinesOfMessages(t *testing.T) {
	s := start(t, func(_ *http.IncomingMessage, res *http.ServerResponse) {
		res.Socket().SetDeadline(time.Now().Add(time.Hour))
		res.Socket().SetDeadline(time.Time{})
		res.EndString("x")
	})
	w := dial(t, s)
	for range 3 {
		w.send(getRequest)
		if res, body := w.response(); body != "x" || res.Close {
			t.Errorf("%q, close %t", body, res.Close)
		}
	}
}

// A message that is being received when the deadline passes is cut off, and a program
// that reads it learns why; at both ends.
func TestReadDeadlineOfMessage(t *testing.T) {
	check := func(t *testing.T, m *http.IncomingMessage) {
		aborted, failed, closed := make(chan bool, 1), make(chan error, 1), make(chan bool, 1)
		m.OnAborted(func() { aborted <- true })
		m.OnError(func(err error) { failed <- err })
		m.OnClose(func() { closed <- true })
		body := make(chan error, 1)
		go func() { _, err := io.ReadAll(m); body <- err }()
		m.Socket().SetReadDeadline(time.Now().Add(10 * time.Millisecond))
		var e net.Error
		if err := wait(t, body, "ReadAll"); !errors.Is(err, os.ErrDeadlineExceeded) || !errors.As(err, &e) || !e.Timeout() {
			t.Errorf("got %v", err)
		}
		wait(t, aborted, "'aborted'")
		wait(t, failed, "'error'")
		wait(t, closed, "'close'")
		if m.Complete() {
			t.Error("it is complete")
		}
	}
	t.Run("request", func(t *testing.T) {
		requests := make(chan *http.IncomingMessage, 1)
		s := start(t, func(req *http.IncomingMessage, _ *http.ServerResponse) { requests <- req })
		w := dial(t, s)
		w.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhe")
		check(t, wait(t, requests, "the request"))
		w.cut()
	})
	t.Run("response", func(t *testing.T) {
		over := make(chan struct{})
		u := peer(t, func(w *wire) {
			w.head()
			w.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe")
			<-over
		})
		defer close(over)
		responses := make(chan *http.IncomingMessage, 1)
		http.GetURLWith(u, alone(http.RequestOptions{}), func(res *http.IncomingMessage) { responses <- res }).OnError(func(error) {})
		check(t, wait(t, responses, "the response"))
	})
}

// A write deadline ends the connection of a message whose bytes come after it.
func TestWriteDeadlineOfMessage(t *testing.T) {
	for _, how := range []string{"Write", "EndString"} {
		t.Run(how, func(t *testing.T) {
			failed := make(chan error, 1)
			s := start(t, func(_ *http.IncomingMessage, res *http.ServerResponse) {
				res.Socket().SetWriteDeadline(longAgo)
				if how == "Write" {
					_, err := res.Write([]byte("x"))
					failed <- err
				} else {
					res.EndString("x")
				}
			})
			told := make(chan error, 1)
			s.OnClientError(func(err error, _ *http.Socket) { told <- err })
			w := dial(t, s)
			w.send(getRequest)
			if got := w.cut(); got != "" {
				t.Errorf("got %q", got)
			}
			mustTimeOut(t, wait(t, told, "'clientError'"))
			if how == "Write" {
				if err := wait(t, failed, "Write"); !errors.Is(err, os.ErrDeadlineExceeded) {
					t.Errorf("got %v", err)
				}
			}
		})
	}
}

// A handshake of TLS over a socket ends with a deadline that is set before it or meanwhile, as
// over any net.Conn, whichever side the socket is on.
func TestDeadlineOfAHandshake(t *testing.T) {
	const limit = 20 * time.Millisecond
	certificate := httptest.NewUnstartedServer(nil)
	certificate.StartTLS()
	server := certificate.TLS
	certificate.Close()
	over := map[string]func(c net.Conn) *tls.Conn{
		"client": func(c net.Conn) *tls.Conn { return tls.Client(c, &tls.Config{InsecureSkipVerify: true}) },
		"server": func(c net.Conn) *tls.Conn { return tls.Server(c, server) },
	}
	set := map[string]func(c net.Conn, t time.Time) error{
		"SetDeadline":     net.Conn.SetDeadline,
		"SetReadDeadline": net.Conn.SetReadDeadline,
	}
	for role, secure := range over {
		for name, set := range set {
			for when, arrange := range map[string]func(c net.Conn){
				"passed": func(c net.Conn) { set(c, longAgo) },
				"before": func(c net.Conn) { set(c, time.Now().Add(limit)) },
				"during": func(c net.Conn) { time.AfterFunc(limit, func() { set(c, time.Now().Add(limit)) }) },
			} {
				for _, below := range []string{"TCP", "a pipe"} {
					if below == "a pipe" && role == "client" {
						continue // its peer would have to read
					}
					t.Run(role+" over "+below+" "+name+" "+when, func(t *testing.T) {
						socket, _ := tunnelled(t, below)
						c := secure(socket)
						defer c.Close()
						arrange(c)
						mustTimeOut(t, c.HandshakeContext(t.Context()))
					})
				}
			}
		}
	}
	socket, _ := tunnelled(t, "TCP")
	c := over["client"](socket)
	defer c.Close()
	c.SetWriteDeadline(longAgo)
	mustTimeOut(t, c.HandshakeContext(t.Context()))
}
