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

// slow serves with o over a pipe, and returns its other end when an answer of
// large has begun there.
func slow(t *testing.T, o http.ServerOptions, timeout time.Duration) *wire {
	t.Helper()
	leak.Check(t)
	l := newPipes()
	s := http.CreateServerOptions(o, answerLarge)
	s.SetTimeout(timeout)
	s.ListenHandle(l)
	stopAtEnd(t, s)
	w := onWire(t, l.dial())
	w.send(getRequest)
	w.expect("HTTP/1.1 200 OK\r\n")
	return w
}

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
	w := slow(t, http.ServerOptions{KeepAliveTimeout: duration(50 * time.Millisecond)}, 0)
	<-time.After(300 * time.Millisecond)
	w.expectLarge()
}

// A peer that takes bytes now and then is not silent.
func TestTimeoutOfASlowReader(t *testing.T) {
	w := slow(t, http.ServerOptions{}, time.Second)
	begin := time.Now()
	var some [100 << 10]byte
	for time.Since(begin) < 1500*time.Millisecond {
		<-time.After(50 * time.Millisecond)
		if _, err := io.ReadFull(w.r, some[:]); err != nil {
			t.Fatalf("%v after %v", err, time.Since(begin))
		}
	}
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
