package behaviour_test

// Peers that take their time, but are not silent: what is on its way to them
// arrives.

import (
	"bytes"
	"io"
	"testing"
	"time"

	http "nodehttp/generated/http"
	"nodehttp/tests/leak"
)

// large is more than a pipe, or the system, takes at once.
var large = bytes.Repeat([]byte("0123456789abcdef"), 1<<20)

// expectLarge reads the rest of an answer of large.
func (w *wire) expectLarge() {
	w.t.Helper()
	head := w.head()
	b := make([]byte, len(large))
	if n, err := io.ReadFull(w.r, b); err != nil || !bytes.Equal(b, large) {
		w.t.Errorf("got %q and %d bytes (%v)", head, n, err)
	}
}

func answerLarge(_ *http.IncomingMessage, res *http.ServerResponse) { res.EndChunk(large) }

// A connection is not between requests while its answer is on its way.
func TestKeepAliveTimeoutOfASlowReader(t *testing.T) {
	leak.Check(t)
	l := newPipes()
	s := http.CreateServerWith(http.ServerOptions{KeepAliveTimeout: duration(50 * time.Millisecond)}, answerLarge)
	if err := s.ListenHandle(l); err != nil {
		t.Fatal(err)
	}
	stopAtEnd(t, s)
	w := onWire(t, l.dial())
	w.send(getRequest)
	w.expect("HTTP/1.1 200 OK\r\n")
	<-time.After(300 * time.Millisecond)
	w.expectLarge()
}

// Close ends a connection only when its answer has arrived.
func TestCloseWhileAnAnswerIsOnItsWay(t *testing.T) {
	for name, end := range map[string]func(*http.Server){
		"Close":                func(s *http.Server) { s.Close() },
		"CloseIdleConnections": func(s *http.Server) { s.CloseIdleConnections() },
	} {
		t.Run(name, func(t *testing.T) {
			answered := make(chan struct{})
			s := start(t, func(_ *http.IncomingMessage, res *http.ServerResponse) {
				res.EndChunk(large)
				close(answered)
			})
			w := dial(t, s)
			w.send(getRequest)
			wait(t, answered, "the answer")
			closed := make(chan struct{})
			s.OnClose(func() { close(closed) })
			end(s)
			w.expectLarge()
			if name == "Close" {
				wait(t, closed, "the server to close")
			}
		})
	}
}

// A listener that blocks keeps those of 'timeout' from being called, but not the
// connection from ending.
func TestTimeoutWhileAListenerBlocks(t *testing.T) {
	const limit = 50 * time.Millisecond
	for name, heed := range map[string]func(*http.Server, *http.ServerResponse){
		"of the server":   func(s *http.Server, _ *http.ServerResponse) { s.OnTimeout(func(c *http.Socket) { c.Destroy() }) },
		"of the response": func(_ *http.Server, res *http.ServerResponse) { res.OnTimeout(func() {}) },
		"of the socket":   func(_ *http.Server, res *http.ServerResponse) { res.Socket().OnTimeout(func() {}) },
	} {
		t.Run(name, func(t *testing.T) {
			failed := make(chan struct{})
			var s *http.Server
			s = start(t, func(_ *http.IncomingMessage, res *http.ServerResponse) {
				heed(s, res)
				for {
					if _, err := res.Write(large); err != nil {
						close(failed)
						return
					}
				}
			})
			s.SetTimeout(limit)
			w := dial(t, s)
			w.send(getRequest) // and nothing is read
			wait(t, failed, "Write to fail")
		})
	}
	t.Run("of a request", func(t *testing.T) {
		leak.Check(t)
		u := peer(t, func(w *wire) {
			w.head()
			io.WriteString(w.Conn, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\no")
			w.head()
		})
		failed := make(chan error, 1)
		req := http.GetURLWith(u, http.RequestOptions{Agent: http.NewAgent(http.AgentOptions{})}, func(res *http.IncomingMessage) {
			_, err := io.ReadAll(res)
			failed <- err
		})
		req.OnError(func(error) {})
		req.SetTimeout(limit, func() { req.Destroy() })
		if err := wait(t, failed, "ReadAll"); err == nil {
			t.Error("the body was complete")
		}
	})
}

// If listeners of 'timeout' can be called, they alone decide what it means.
func TestTimeoutThatIsHeardEndsNothing(t *testing.T) {
	told := make(chan struct{}, 1)
	answer := make(chan *http.ServerResponse, 1)
	s := start(t, func(_ *http.IncomingMessage, res *http.ServerResponse) { answer <- res })
	const limit = 30 * time.Millisecond
	s.SetTimeout(limit, func(*http.Socket) { told <- struct{}{} })
	w := dial(t, s)
	w.send(getAndClose)
	res := wait(t, answer, "the request")
	wait(t, told, "'timeout'")
	<-time.After(4 * limit)
	res.EndString("x")
	if got := w.rest(); len(got) == 0 {
		t.Error("the connection ended for its silence")
	}
}
