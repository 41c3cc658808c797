package behaviour_test

// Peers and networks that spoil a TLS connection, at every byte of it.

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	http "nodehttp/generated/http"
	"nodehttp/generated/https"
	"nodehttp/tests/certs"
)

// spoiler passes bytes on between a client and a server, and spoils one direction when so
// many have passed.
type spoiler struct {
	t        testing.TB
	l        net.Listener
	server   string
	after    int
	upwards  bool // what the client sends is spoiled
	how      string
	open     sync.WaitGroup
	stopping chan struct{}
}

// The ways to spoil: the peer seems to end, resets, sends something else, changes one byte,
// or is silent from then on.
var spoilings = []string{"ends", "resets", "sends garbage", "changes a byte", "stalls"}

func newSpoiler(t testing.TB, server string, how string, after int, upwards bool) *spoiler {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &spoiler{t: t, l: l, server: server, after: after, upwards: upwards, how: how, stopping: make(chan struct{})}
	s.open.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			s.open.Go(func() { s.pass(c.(*net.TCPConn)) })
		}
	})
	return s
}

func (s *spoiler) stop() {
	s.l.Close()
	close(s.stopping)
	s.open.Wait()
}

func (s *spoiler) pass(client *net.TCPConn) {
	defer client.Close()
	c, err := net.Dial("tcp", s.server)
	if err != nil {
		return
	}
	server := c.(*net.TCPConn)
	defer server.Close()
	done := make(chan struct{})
	stop := context.AfterFunc(stopped(s.stopping), func() { client.Close(); server.Close() })
	defer stop()
	good, bad := [2]*net.TCPConn{server, client}, [2]*net.TCPConn{client, server}
	if !s.upwards {
		good, bad = bad, good
	}
	go func() {
		defer close(done)
		io.Copy(good[1], good[0])
		good[1].CloseWrite()
	}()
	s.spoil(bad[1], bad[0])
	<-done
}

func stopped(c chan struct{}) context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	go func() { <-c; cancel() }()
	return ctx
}

func (s *spoiler) spoil(to, from *net.TCPConn) {
	if n, err := io.CopyN(to, from, int64(s.after)); int(n) < s.after || err != nil {
		to.CloseWrite()
		return
	}
	switch s.how {
	case "ends":
		to.CloseWrite()
		io.Copy(io.Discard, from)
	case "resets":
		to.SetLinger(0)
		to.Close()
		from.Close()
	case "sends garbage":
		to.Write([]byte(strings.Repeat("garbage ", 10)))
		to.CloseWrite()
		io.Copy(io.Discard, from)
	case "changes a byte":
		b := make([]byte, 1)
		if _, err := io.ReadFull(from, b); err == nil {
			b[0] ^= 0x55
			to.Write(b)
		}
		io.Copy(to, from)
		to.CloseWrite()
	case "stalls":
		<-s.stopping
	}
}

// TestSpoiledTLS: wherever a connection is spoiled, in whichever direction and way, the
// client gets an error or the whole answer, never a part for a whole; server and client go
// on to serve others; nothing is left.
func TestSpoiledTLS(t *testing.T) {
	const body = "the whole answer, and nothing but it"
	step := 61
	if testing.Short() {
		step = 400
	}
	s := startSecure(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		res.EndString(body)
	}, func(o *https.ServerOptions, _ *certs.Authority) { o.HandshakeTimeout = 300 * time.Millisecond })
	s.SetHeadersTimeout(300 * time.Millisecond)
	s.OnClientError(func(_ error, sock *http.Socket) { sock.Destroy() })
	var running sync.WaitGroup
	slots := make(chan struct{}, 16)
	for _, upwards := range []bool{true, false} {
		for _, how := range spoilings {
			for after := 0; after < 2200; after += step {
				slots <- struct{}{}
				running.Go(func() {
					defer func() { <-slots }()
					p := newSpoiler(t, s.Address().String(), how, after, upwards)
					defer p.stop()
					ctx, cancel := context.WithTimeout(t.Context(), patience)
					defer cancel()
					agent := https.NewAgent(https.AgentOptions{CA: s.authority.PEM, Timeout: 400 * time.Millisecond})
					defer agent.Destroy()
					r := https.GetURLWith("https://"+p.l.Addr().String()+"/", https.RequestOptions{Agent: agent})
					r.OnTimeout(func() { r.Destroy(os.ErrDeadlineExceeded) })
					res, err := r.Await(ctx)
					var b []byte
					if err == nil {
						b, err = io.ReadAll(res)
					}
					where := fmt.Sprintf("%s after %d bytes, upwards %v", how, after, upwards)
					switch {
					case ctx.Err() != nil:
						t.Errorf("%s: nothing happened", where)
					case err == nil && string(b) != body:
						t.Errorf("%s: got %q without an error", where, b)
					case err != nil && code(err) == "" || code(err) == "EIO":
						t.Errorf("%s: %v has no code", where, err)
					}
				})
			}
		}
	}
	running.Wait()
	if b, _, err := fetch(t, https.RequestOptions{NoAgent: true, CA: s.authority.PEM}, s.url("/")); b != body || err != nil {
		t.Errorf("afterwards: %q, %v", b, err)
	}
}

// TestStalledHandshakes: the server ends the connection of a client that is silent, and
// the client that of a server, each when its time is up.
func TestStalledHandshakes(t *testing.T) {
	s := startSecure(t, nil, func(o *https.ServerOptions, _ *certs.Authority) { o.HandshakeTimeout = 20 * time.Millisecond })
	failed := make(chan error, 4)
	s.OnTLSClientError(func(err error, _ *http.Socket) { failed <- err })
	for _, begin := range []string{"", "\x16\x03\x01", "\x16\x03\x01\x40\x00"} {
		w := dial(t, s.Server.Server)
		w.send(begin)
		w.cut()
		if err := wait(t, failed, "'tlsClientError'"); code(err) != "ERR_TLS_HANDSHAKE_TIMEOUT" || !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("after %q: %v", begin, err)
		}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0") // accepts nobody
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	address := "https://" + l.Addr().String()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	r := https.GetURLWith(address, https.RequestOptions{NoAgent: true, Signal: ctx})
	if _, err := r.Await(t.Context()); code(err) != "ABORT_ERR" {
		t.Errorf("a context that ends: %v", err)
	}
	r = https.GetURLWith(address, https.RequestOptions{NoAgent: true, Timeout: 20 * time.Millisecond})
	timedOut := make(chan struct{})
	r.OnTimeout(func() { close(timedOut); r.Destroy() })
	wait(t, timedOut, "'timeout'")
	if _, err := r.Await(t.Context()); code(err) != "ECONNRESET" {
		t.Errorf("a request that is destroyed: %v", err)
	}
}

// TestServerEndsWithHandshakes: Close lets a handshake that is under way become a request,
// Shutdown and CloseAllConnections end it.
func TestServerEndsWithHandshakes(t *testing.T) {
	for name, end := range map[string]func(*secured){
		"close":    func(s *secured) { s.Close() },
		"shutdown": func(s *secured) { s.Close(); s.Shutdown(context.Background()) },
		"all":      func(s *secured) { s.Close(); s.CloseAllConnections() },
	} {
		t.Run(name, func(t *testing.T) {
			s := startSecure(t, hello)
			closed := make(chan struct{})
			s.OnClose(func() { close(closed) })
			c, err := net.Dial("tcp", s.Address().String())
			if err != nil {
				t.Fatal(err)
			}
			client := &signalled{Conn: c, first: make(chan struct{}), goOn: make(chan struct{})}
			conn := tls.Client(client, &tls.Config{RootCAs: s.authority.Pool(), ServerName: "localhost"})
			w := onWire(t, conn)
			shaken := make(chan error, 1)
			go func() { shaken <- conn.Handshake() }()
			wait(t, client.first, "the server's answer to the client's hello")
			end(s)
			close(client.goOn)
			if err := <-shaken; err != nil && name == "close" {
				t.Fatal(err)
			}
			if name == "close" {
				w.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
				if _, body := w.response(); body != "hello" {
					t.Errorf("got %q", body)
				}
			}
			conn.NetConn().Close()
			wait(t, closed, "'close' of the server")
		})
	}
}

// signalled says when it has read the first bytes, and then waits.
type signalled struct {
	net.Conn
	once        sync.Once
	first, goOn chan struct{}
}

func (s *signalled) Read(p []byte) (int, error) {
	n, err := s.Conn.Read(p)
	s.once.Do(func() {
		close(s.first)
		<-s.goOn
	})
	return n, err
}
