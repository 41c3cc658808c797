package behaviour_test

// Peers that break the rules, or follow rules that few others use.

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	http "nodehttp/generated/http"
)

func TestMalformedResponses(t *testing.T) {
	for name, answer := range map[string]string{
		"not HTTP":          "hello\r\n\r\n",
		"two lengths":       "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
		"length and chunks": "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
		"a large head":      "HTTP/1.1 200 OK\r\nA: " + strings.Repeat("x", 17000),
		"a bare LF":         "HTTP/1.1 200 OK\nA: b\n\n",
	} {
		t.Run(name, func(t *testing.T) {
			u := peer(t, func(w *wire) { w.head(); io.WriteString(w.Conn, answer); w.head() })
			_, err := http.GetURLWith(u, alone(http.RequestOptions{})).Await(t.Context())
			if !strings.HasPrefix(code(err), "HPE_") {
				t.Errorf("got %v", err)
			}
		})
	}
}

// A body that breaks off in bad bytes is an error of the response.
func TestMalformedResponseBody(t *testing.T) {
	u := peer(t, func(w *wire) {
		w.head()
		w.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\nzz\r\n")
		w.head()
	})
	res, err := http.GetURLWith(u, alone(http.RequestOptions{})).Await(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(res)
	if string(b) != "a" || err == nil || res.Complete() {
		t.Errorf("got %q, %v, complete %t", b, err, res.Complete())
	}
}

// A 101 that no request asked for ends the connection; it is not kept.
func TestUnaskedSwitchOfProtocols(t *testing.T) {
	for name, fields := range map[string]string{"with Upgrade": "Upgrade: x\r\nConnection: upgrade\r\n", "without": ""} {
		t.Run(name, func(t *testing.T) {
			served := 0
			u := peer(t, func(w *wire) {
				for strings.HasPrefix(w.head(), "GET") {
					if served++; served == 1 {
						w.send("HTTP/1.1 101 Switching Protocols\r\n" + fields + "\r\n")
					} else {
						w.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
					}
				}
			})
			agent := http.NewAgent(http.AgentOptions{KeepAlive: true})
			defer agent.Destroy()
			closed := make(chan struct{})
			req := http.GetURLWith(u, http.RequestOptions{Agent: agent})
			req.OnError(func(error) {})
			req.OnResponse(func(res *http.IncomingMessage) { res.OnError(func(error) {}); res.Resume() })
			req.OnClose(func() { close(closed) })
			wait(t, closed, "'close'")
			if b, _ := ask(t, agent, u); b != "ok" {
				t.Errorf("got %q", b)
			}
		})
	}
}

// Content-Length beside chunks is how requests are smuggled.
func TestLengthBesideChunksIsNotSent(t *testing.T) {
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		res.SetHeader("Content-Length", "1")
		res.SetHeader("Transfer-Encoding", "chunked")
		res.SetSendDate(false)
		if err := res.EndString("xyz"); err != nil {
			t.Error(err)
		}
	})
	w := dial(t, s)
	w.send(getRequest)
	w.expect("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: keep-alive\r\nKeep-Alive: timeout=5\r\n\r\n3\r\nxyz\r\n0\r\n\r\n")
}

// Nor is it sent beside a coding that does not end the body: only the end of
// the connection does then.
func TestCodingThatEndsNoBody(t *testing.T) {
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		res.SetHeader("Content-Length", "1")
		res.SetHeader("Transfer-Encoding", "gzip")
		res.SetSendDate(false)
		if err := res.EndString("xyz"); err != nil {
			t.Error(err)
		}
	})
	w := dial(t, s)
	w.send(getRequest)
	if got := w.rest(); got != "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\nConnection: close\r\n\r\nxyz" {
		t.Errorf("got %q", got)
	}
}

// A client that ends its half while it waits learns nothing more, as in Node.
func TestHalfClosedClient(t *testing.T) {
	var events trace
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		req.OnAborted(events.on("aborted"))
		res.OnClose(events.on("close"))
	})
	w := dial(t, s)
	w.send(getRequest)
	w.Conn.(*net.TCPConn).CloseWrite()
	if got := w.rest(); got != "" {
		t.Errorf("got %q", got)
	}
	events.expect(t, "aborted", "close")
}

// Its answer arrives if it was given at once.
func TestHalfClosedClientThatIsAnsweredAtOnce(t *testing.T) {
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) { res.EndString("x") })
	w := dial(t, s)
	w.send(getRequest)
	w.Conn.(*net.TCPConn).CloseWrite()
	if got := w.rest(); got != plainKeepTCP+"Content-Length: 1\r\n\r\nx" {
		t.Errorf("got %q", got)
	}
}

func TestRequestsByteByByte(t *testing.T) {
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		b := body(t, req)
		res.EndString(b + fmt.Sprint(req.RawTrailers()))
	})
	w := dial(t, s)
	const request = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\nX: y\r\n\r\n"
	for i := range 2 * len(request) {
		w.send(string(request[i%len(request)]))
	}
	for range 2 {
		if _, b := w.response(); b != "abcde[[X y]]" {
			t.Errorf("got %q", b)
		}
	}
}

// An 'error' of a request without a listener reaches the hook, after a grace for
// listeners that come late.
func TestUnheardErrorOfARequest(t *testing.T) {
	hook := uncaught(t)
	u := peer(t, func(w *wire) { w.head() })
	http.GetURLWith(u, alone(http.RequestOptions{}))
	if err := wait(t, hook, "the hook"); code(err) != "ECONNRESET" {
		t.Errorf("got %v", err)
	}
	const grace = 500 * time.Millisecond
	for heard := false; !heard; {
		begun := time.Now()
		req := http.GetURLWith(u, alone(http.RequestOptions{}))
		closed := make(chan struct{})
		req.OnClose(func() { close(closed) })
		wait(t, closed, "'close'")
		req.OnError(func(error) {})
		heard = time.Since(begun) < grace // else the machine was too busy for us to come in time
		select {
		case err := <-hook:
			if heard {
				t.Errorf("uncaught %v", err)
			}
		case <-time.After(grace + 200*time.Millisecond):
		}
	}
}

// A server that answers early and closes ends the request that is being sent.
func TestEarlyAnswerEndsTheRequest(t *testing.T) {
	u := peer(t, func(w *wire) {
		w.head()
		w.send("HTTP/1.1 413 Payload Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
	})
	req := http.RequestURLWith(u, alone(http.RequestOptions{Method: "POST"}))
	req.OnError(func(error) {})
	failed := make(chan error, 1)
	go func() {
		var err error
		for err == nil {
			_, err = req.Write(make([]byte, 64<<10))
		}
		failed <- err
	}()
	closed := make(chan struct{})
	req.OnClose(func() { close(closed) })
	if err := wait(t, failed, "Write to fail"); err == nil {
		t.Error("no error")
	}
	wait(t, closed, "'close'")
}

// A connection that cannot be made in the user's way is an error of the request.
func TestCreateConnectionFails(t *testing.T) {
	mine := errors.New("mine")
	_, err := http.GetWith(http.RequestOptions{
		CreateConnection: func(context.Context, http.ConnectOptions) (net.Conn, error) { return nil, mine },
	}).Await(t.Context())
	if !errors.Is(err, mine) {
		t.Errorf("got %v", err)
	}
	_, err = http.GetWith(http.RequestOptions{
		CreateConnection: func(context.Context, http.ConnectOptions) (net.Conn, error) { return nil, nil },
	}).Await(t.Context())
	if err == nil {
		t.Error("no error")
	}
}
