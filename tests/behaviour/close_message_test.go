package behaviour_test

// Close of a message: it is an io.ReadCloser, whose unread rest is nobody's error.

import (
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	http "nodehttp/generated/http"
	"nodehttp/tests/leak"
)

var _ io.ReadCloser = (*http.IncomingMessage)(nil)

// The connection of a response that is closed serves the next request if the rest is
// short and comes soon, and ends at once or after a moment otherwise; nobody is told.
func TestCloseOfAResponse(t *testing.T) {
	const short, long = 10_000, 1 << 20
	for name, c := range map[string]struct {
		answer func(res *http.ServerResponse)
		read   int // how much of it is read before Close
		reused bool
	}{
		"read to its end": {func(res *http.ServerResponse) { res.EndString("0123456789") }, 10, true},
		"no body":         {func(res *http.ServerResponse) { res.WriteHead(204); res.End() }, 0, true},
		"unread":          {func(res *http.ServerResponse) { res.EndChunk(make([]byte, short)) }, 0, true},
		"a part read":     {func(res *http.ServerResponse) { res.EndChunk(make([]byte, short)) }, 5, true},
		"chunks":          {func(res *http.ServerResponse) { res.Write(make([]byte, short)); res.EndString("x") }, 5, true},
		"a rest that comes soon": {func(res *http.ServerResponse) {
			res.Write(make([]byte, 5))
			time.AfterFunc(time.Millisecond, func() { res.End() })
		}, 5, true},
		"a long rest":            {func(res *http.ServerResponse) { go res.EndChunk(make([]byte, long)) }, 5, false},
		"a rest that never ends": {func(res *http.ServerResponse) { res.Write(make([]byte, 5)) }, 5, false},
	} {
		t.Run(name, func(t *testing.T) {
			hook := uncaught(t)
			s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
				if req.URL() == "/next" {
					res.EndString("next")
					return
				}
				c.answer(res)
			})
			agent := http.NewAgent(http.AgentOptions{KeepAlive: true, MaxSockets: 1})
			defer agent.Destroy()
			req := http.GetURLWith(url(s, "/"), http.RequestOptions{Agent: agent})
			res, err := req.Await(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if _, err := io.ReadFull(res, make([]byte, c.read)); err != nil {
				t.Fatal(err)
			}
			for range 2 {
				if err := res.Close(); err != nil {
					t.Error(err)
				}
			}
			if _, err := res.Read(make([]byte, 1)); err != io.EOF && !errors.Is(err, net.ErrClosed) {
				t.Errorf("Read behind Close: %v", err)
			}
			next := http.GetURLWith(url(s, "/next"), http.RequestOptions{Agent: agent})
			answer, err := next.Await(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(answer)
			answer.Close()
			if string(body) != "next" || err != nil || next.ReusedSocket() != c.reused {
				t.Errorf("the next request: %q %v, reused %t", body, err, next.ReusedSocket())
			}
			select {
			case err := <-hook:
				t.Errorf("uncaught %v", err)
			case <-time.After(600 * time.Millisecond): // longer than an error waits for a listener
			}
		})
	}
}

// A request that is closed can be answered, and its connection serves the next one when
// the rest has come.
func TestCloseOfARequest(t *testing.T) {
	leak.Check(t)
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		n, _ := io.ReadFull(req, make([]byte, 3))
		req.Close()
		_, err := req.Read(make([]byte, 1))
		res.SetSendDate(false)
		res.EndString(fmt.Sprint(n, errors.Is(err, net.ErrClosed)))
	})
	w := dial(t, s)
	const head = "HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nKeep-Alive: timeout=5\r\nContent-Length: 6\r\n\r\n"
	for range 2 {
		w.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\nabc")
		w.expect(head + "3 true")
		w.send(strings.Repeat("x", 100000-3))
	}
}

// Close ends a Read that waits.
func TestCloseWhileReading(t *testing.T) {
	leak.Check(t)
	s := start(t, func(_ *http.IncomingMessage, res *http.ServerResponse) { res.Write(make([]byte, 5)) })
	res, err := http.GetURLWith(url(s, "/"), alone(http.RequestOptions{})).Await(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	failed := make(chan error, 1)
	read := make(chan struct{})
	go func() {
		io.ReadFull(res, make([]byte, 5))
		close(read)
		_, err := res.Read(make([]byte, 1))
		failed <- err
	}()
	wait(t, read, "the part")
	time.AfterFunc(5*time.Millisecond, func() { res.Close() })
	if err := wait(t, failed, "the Read"); !errors.Is(err, net.ErrClosed) {
		t.Errorf("got %v", err)
	}
}

// A request that is closed can be answered while a Read waits for its client. That Read
// returns when the client sends more, and has none of it; the connection serves the next.
func TestCloseWhileARequestIsRead(t *testing.T) {
	leak.Check(t)
	failed := make(chan error, 1)
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		read := make(chan struct{})
		go func() {
			io.ReadFull(req, make([]byte, 3))
			close(read)
			_, err := req.Read(make([]byte, 1))
			failed <- err
		}()
		go func() {
			<-read
			time.AfterFunc(5*time.Millisecond, func() { // Read waits by then; else it comes late, to the same end
				req.Close()
				res.SetSendDate(false)
				res.EndString("x")
			})
		}()
	})
	w := dial(t, s)
	for range 2 {
		w.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nabc")
		w.expect("HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nKeep-Alive: timeout=5\r\nContent-Length: 1\r\n\r\nx")
		w.send("def")
		if err := wait(t, failed, "the Read"); !errors.Is(err, net.ErrClosed) {
			t.Errorf("got %v", err)
		}
	}
}

// Close in a listener of 'data' ends what is delivered, also when the peer leaves
// afterwards, and nobody is told an error.
func TestCloseInAListener(t *testing.T) {
	hook, given := uncaught(t), make(chan struct{}, 2)
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		res.Write(make([]byte, 5))
		go func() {
			<-given
			if req.URL() == "/cut" {
				req.Socket().Destroy()
			} else {
				res.EndChunk(make([]byte, 100))
			}
		}()
	})
	for _, path := range []string{"/", "/cut"} {
		received, closed := 0, make(chan struct{})
		req := http.GetURLWith(url(s, path), alone(http.RequestOptions{}), func(res *http.IncomingMessage) {
			res.OnData(func(chunk []byte) {
				received += len(chunk)
				res.Close()
				given <- struct{}{}
			})
		})
		req.OnClose(func() { close(closed) })
		wait(t, closed, "'close'")
		if received != 5 {
			t.Errorf("%s: %d bytes are delivered", path, received)
		}
	}
	select {
	case err := <-hook:
		t.Errorf("uncaught %v", err)
	case <-time.After(600 * time.Millisecond):
	}
}

// Whoever listens for the end of a request hears it behind Close, also if a part has been
// read: the rest, which comes later, passes unseen, and nobody need read on to find the end.
func TestCloseBringsTheEndOfARequestThatWasReadInPart(t *testing.T) {
	ended := make(chan struct{})
	closed := make(chan struct{})
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		req.OnEnd(func() {
			close(ended)
			res.End()
		})
		io.ReadFull(req, make([]byte, 3))
		req.Close()
		close(closed)
	})
	w := dial(t, s)
	w.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nabcdef\r\n")
	wait(t, closed, "Close")
	w.send("3\r\nghi\r\n0\r\n\r\n")
	wait(t, ended, "'end' of the request")
}

// A response of which a part has been read ends when its request is destroyed before its
// connection has closed; what follows a Read of it is not the end of a whole body.
func TestDestroyOfARequestWhoseResponseWasReadInPart(t *testing.T) {
	leak.Check(t)
	s := start(t, func(_ *http.IncomingMessage, res *http.ServerResponse) { res.EndString("0123456789") })
	agent := http.NewAgent(http.AgentOptions{KeepAlive: true}) // so that the server does not end the connection
	defer agent.Destroy()
	req := http.GetURLWith(url(s, "/"), http.RequestOptions{Agent: agent})
	res, err := req.Await(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(res, make([]byte, 3)); err != nil {
		t.Fatal(err)
	}
	closed := make(chan struct{})
	res.OnClose(func() { close(closed) })
	req.Destroy()
	wait(t, closed, "'close' of the response")
	if n, err := res.Read(make([]byte, 10)); n != 0 || err == nil || err == io.EOF {
		t.Errorf("Read behind Destroy: %d bytes, %v", n, err)
	}
}

// Destroy of a request that has closed, since its connection has, does nothing: what has come
// of the response can be read to its end, and then the response closes.
func TestDestroyOfARequestThatHasClosedLeavesItsResponse(t *testing.T) {
	leak.Check(t)
	s := start(t, func(_ *http.IncomingMessage, res *http.ServerResponse) { res.EndString("0123456789") })
	req := http.GetURLWith(url(s, "/"), alone(http.RequestOptions{}))
	res, err := req.Await(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	over, closed := make(chan struct{}), make(chan struct{})
	req.OnClose(func() { close(over) })
	res.OnClose(func() { close(closed) })
	wait(t, over, "'close' of the request") // before a Read, which would have the rest wait for another
	if _, err := io.ReadFull(res, make([]byte, 3)); err != nil {
		t.Fatal(err)
	}
	req.Destroy()
	select {
	case <-closed:
		t.Error("the response has closed though it has not been read")
	default:
	}
	if rest, err := io.ReadAll(res); string(rest) != "3456789" || err != nil {
		t.Errorf("behind Destroy: %q, %v", rest, err)
	}
	wait(t, closed, "'close' of the response")
}
