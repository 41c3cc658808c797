package behaviour_test

// Shutdown: a server ends with nothing under way cut off.

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	http "nodehttp/generated/http"
	"nodehttp/tests/leak"
)

// shuttingDown calls Shutdown and returns what brings its result.
func shuttingDown(ctx context.Context, s *http.Server) <-chan error {
	done := make(chan error, 1)
	go func() { done <- s.Shutdown(ctx) }()
	return done
}

// cancelled is a context that is done.
func cancelled() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}

const lastAnswer = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\n"

// What is under way on a connection finishes, whatever that is, the last answer says
// that the connection is to be closed, and nothing is announced any more behind it.
func TestShutdownFinishes(t *testing.T) {
	const get, keep = "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nKeep-Alive: timeout=5\r\nContent-Length: 1\r\n\r\n"
	for name, c := range map[string]struct {
		before   string                         // is sent before Shutdown
		requests int                            // which are announced before it
		begin    func(res *http.ServerResponse) // what the listener does before it
		behind   string                         // is sent behind it
		late     int                            // requests announced then
		finish   func(res *http.ServerResponse) // what ends each response then
		want     string
	}{
		"a request": {before: get, requests: 1, want: lastAnswer + "x"},
		"a request on a connection that was used": {before: "GET /done HTTP/1.1\r\nHost: a\r\n\r\n" + get, requests: 2, want: keep + "y" + lastAnswer + "x"},
		"a head that has left": {
			before: get, requests: 1, begin: func(res *http.ServerResponse) { res.WriteString("a") },
			want: "HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nKeep-Alive: timeout=5\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n1\r\nx\r\n0\r\n\r\n",
		},
		"an informational response": {
			before: get, requests: 1, begin: func(res *http.ServerResponse) { res.WriteProcessing() },
			want: "HTTP/1.1 102 Processing\r\n\r\n" + lastAnswer + "x",
		},
		"one that says keep-alive": {
			before: get, requests: 1, begin: func(res *http.ServerResponse) { res.SetHeader("Connection", "keep-alive") },
			want: "HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\nx",
		},
		"pipelined requests": {
			before: get + get + get, requests: 3, behind: get + "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc" + get,
			want: keep + "x" + keep + "x" + lastAnswer + "x",
		},
		"a part of a head":                           {before: "GET / HTTP/1.1\r\nHo", behind: "st: a\r\n\r\n" + get, late: 1, want: lastAnswer + "x"},
		"a part of a head behind another request":    {before: get + "GET / HTTP/1.1\r\nHo", requests: 1, behind: "st: a\r\n\r\n", want: lastAnswer + "x"},
		"a part of a body":                           {before: "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\na", requests: 1, behind: "bc" + get, want: lastAnswer + "x"},
		"a connection that has not sent anything":    {behind: get + get, late: 1, want: lastAnswer + "x"},
		"a body of which the beginning was answered": {before: "POST /done HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\na", requests: 1, behind: "bc" + get, want: keep + "y"},
		"HTTP/1.0": {before: "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", requests: 1, want: "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nx"},
	} {
		t.Run(name, func(t *testing.T) {
			leak.Check(t)
			announced := make(chan *http.ServerResponse, 9)
			s := http.CreateServer(func(req *http.IncomingMessage, res *http.ServerResponse) {
				res.SetSendDate(false)
				if c.begin != nil {
					c.begin(res)
				}
				if req.URL() == "/done" {
					res.EndString("y")
				}
				announced <- res
			})
			connected := make(chan struct{}, 1)
			s.OnceConnection(func(*http.Socket) { connected <- struct{}{} })
			if err := s.ListenWith(http.ListenOptions{Host: "127.0.0.1"}); err != nil {
				t.Fatal(err)
			}
			address := s.Address().String()
			w := dial(t, s)
			wait(t, connected, "the connection")
			w.send(c.before)
			var responses []*http.ServerResponse
			collect := func(n int) {
				for range n {
					responses = append(responses, wait(t, announced, "a request"))
				}
			}
			collect(c.requests)
			if err := s.Shutdown(cancelled()); err != context.Canceled {
				t.Error(err)
			}
			if _, err := net.Dial("tcp", address); err == nil {
				t.Error("the server takes connections")
			}
			done := shuttingDown(t.Context(), s)
			w.send(c.behind)
			collect(c.late)
			for _, res := range responses {
				if !res.WritableEnded() {
					res.EndString("x")
				}
			}
			if got := w.rest(); got != c.want {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
			if err := wait(t, done, "Shutdown"); err != nil {
				t.Error(err)
			}
			if len(announced) > 0 {
				t.Errorf("%d more requests were announced", len(announced))
			}
		})
	}
}

// Connections that are idle end at once, also those that have never sent anything.
func TestShutdownEndsIdle(t *testing.T) {
	leak.Check(t)
	s := http.CreateServer(func(_ *http.IncomingMessage, res *http.ServerResponse) { res.EndString("x") })
	s.SetKeepAliveTimeout(time.Hour)
	if err := s.ListenWith(http.ListenOptions{Host: "127.0.0.1"}); err != nil {
		t.Fatal(err)
	}
	closed := make(chan struct{})
	s.OnClose(func() { close(closed) })
	used, fresh := dial(t, s), dial(t, s)
	used.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
	used.r.ReadString('x')
	if err := s.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
	used.rest()
	if got := fresh.rest(); got != "" {
		t.Errorf("got %q", got)
	}
	wait(t, closed, "'close'")
}

// The context bounds the wait for a client that does not read; what is left goes on,
// until it is ended.
func TestShutdownIsBounded(t *testing.T) {
	leak.Check(t)
	const size = 32 << 20
	for _, cut := range []bool{false, true} {
		begun := make(chan struct{})
		s := http.CreateServer(func(_ *http.IncomingMessage, res *http.ServerResponse) {
			res.EndChunk(make([]byte, size))
			close(begun)
		})
		if err := s.ListenWith(http.ListenOptions{Host: "127.0.0.1"}); err != nil {
			t.Fatal(err)
		}
		w := dial(t, s)
		w.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
		wait(t, begun, "the request")
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
		if err := s.Shutdown(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
		cancel()
		again := shuttingDown(t.Context(), s)
		if cut {
			s.CloseAllConnections()
			if n, _ := io.Copy(io.Discard, w.r); n >= size {
				t.Error("all of the answer came")
			}
		} else if n, err := io.Copy(io.Discard, w.r); n < size || err != nil {
			t.Errorf("%d bytes of the answer came, %v", n, err)
		}
		if err := wait(t, again, "Shutdown"); err != nil {
			t.Error(err)
		}
	}
}

// A connection that an upgrade has taken is not the server's: it is not waited for, and
// goes on.
func TestShutdownLeavesUpgrades(t *testing.T) {
	leak.Check(t)
	s := http.CreateServer()
	s.OnUpgrade(func(_ *http.IncomingMessage, socket *http.Socket, _ []byte) {
		socket.WriteString("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n")
		go func() {
			io.Copy(socket, socket)
			socket.End()
		}()
	})
	if err := s.ListenWith(http.ListenOptions{Host: "127.0.0.1"}); err != nil {
		t.Fatal(err)
	}
	w := dial(t, s)
	w.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n")
	w.r.ReadString('\n')
	if err := s.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
	w.send("still")
	w.Conn.(*net.TCPConn).CloseWrite()
	if got := w.rest(); !strings.HasSuffix(got, "\r\n\r\nstill") {
		t.Errorf("got %q", got)
	}
}

// Shutdown may be called by many, before listening and after it, and the server may
// listen again.
func TestShutdownAgain(t *testing.T) {
	leak.Check(t)
	arrived := make(chan *http.ServerResponse, 1)
	s := http.CreateServer(func(_ *http.IncomingMessage, res *http.ServerResponse) { arrived <- res })
	s.OnClose(func() {
		if s.Listening() {
			t.Error("'close' of a server that listens")
		}
	})
	if err := s.Shutdown(t.Context()); err != nil {
		t.Error("before listening:", err)
	}
	for range 2 {
		if err := s.ListenWith(http.ListenOptions{Host: "127.0.0.1"}); err != nil {
			t.Fatal(err)
		}
		w := dial(t, s)
		w.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
		res := wait(t, arrived, "the request")
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				if err := s.Shutdown(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		res.EndString("x")
		w.rest()
		all.Wait()
		if err := s.Shutdown(t.Context()); err != nil {
			t.Error("afterwards:", err)
		}
	}
}

// A listener that waits for Shutdown waits for its own connection, as long as its
// context lets it, and can still answer.
func TestShutdownInAListener(t *testing.T) {
	leak.Check(t)
	var s *http.Server
	failed := make(chan error, 1)
	s = http.CreateServer(func(_ *http.IncomingMessage, res *http.ServerResponse) {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
		defer cancel()
		failed <- s.Shutdown(ctx)
		res.SetSendDate(false)
		res.EndString("x")
	})
	if err := s.ListenWith(http.ListenOptions{Host: "127.0.0.1"}); err != nil {
		t.Fatal(err)
	}
	w := dial(t, s)
	w.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
	if got := w.rest(); got != lastAnswer+"x" {
		t.Errorf("got %q", got)
	}
	if err := wait(t, failed, "Shutdown"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	if err := s.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
}

// Clients that send request after request while the server ends get an answer to each
// that was announced, whole, and no other connection error than its end between
// answers.
func TestShutdownUnderLoad(t *testing.T) {
	leak.Check(t)
	var served sync.WaitGroup
	s := http.CreateServer(func(_ *http.IncomingMessage, res *http.ServerResponse) {
		served.Add(1)
		res.EndString("0123456789")
		served.Done()
	})
	if err := s.ListenWith(http.ListenOptions{Host: "127.0.0.1"}); err != nil {
		t.Fatal(err)
	}
	address := s.Address().String()
	var clients sync.WaitGroup
	started := make(chan struct{}, 64)
	for range 16 {
		clients.Go(func() {
			c, err := net.Dial("tcp", address)
			if err != nil {
				return // it is too late
			}
			defer c.Close()
			w := onWire(t, c)
			for i := 0; ; i++ {
				if _, err := io.WriteString(c, "GET / HTTP/1.1\r\nHost: a\r\n\r\n"); err != nil {
					return // it has ended between answers
				}
				answer, err := w.r.ReadString('9')
				if err != nil {
					if answer != "" {
						t.Errorf("an answer was cut off: %q %v", answer, err)
					}
					return
				}
				if i == 20 {
					started <- struct{}{}
				}
			}
		})
	}
	wait(t, started, "the load")
	if err := s.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
	clients.Wait()
	served.Wait()
}
