package behaviour_test

// Whatever ends an exchange, and at whichever moment: a reader gets io.EOF only when
// every byte of the body has been read.

import (
	"context"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	http "nodehttp/generated/http"
)

// How much of a body has come, and been read, when the exchange ends.
var progress = map[string]struct{ size, sent, read int }{
	"nothing":           {10_000, 0, 0},
	"a part, unread":    {10_000, 1000, 0},
	"a part":            {10_000, 5000, 1000},
	"all, unread":       {10_000, 10_000, 0},
	"all, a part read":  {10_000, 10_000, 1000},
	"all, all read":     {10_000, 10_000, 10_000},
	"long, unread":      {1 << 20, 1 << 20, 0},
	"long, a part read": {1 << 20, 1 << 20, 100_000},
	"long, nearly all":  {1 << 20, 1<<20 - 1, 1<<20 - 1},
	"empty, unread":     {0, 0, 0},
}

// framed are ways to send a body.
var framed = map[string]func(size, sent int) string{
	"length": func(size, sent int) string {
		return fmt.Sprintf("Content-Length: %d\r\n\r\n%s", size, strings.Repeat("x", sent))
	},
	"chunks": func(size, sent int) string {
		s := "Transfer-Encoding: chunked\r\n\r\n"
		if sent > 0 {
			s += fmt.Sprintf("%x\r\n%s", size, strings.Repeat("x", sent))
		}
		if sent == size {
			s += strings.TrimPrefix("\r\n0\r\n\r\n", map[bool]string{true: "\r\n"}[sent == 0])
		}
		return s
	},
}

// checkWhole reads what is left of a body.
func checkWhole(t *testing.T, body io.Reader, size, read int) {
	t.Helper()
	type outcome struct {
		n   int
		err error
	}
	done := make(chan outcome, 1)
	go func() {
		rest, err := io.ReadAll(body)
		done <- outcome{len(rest), err}
	}()
	if got := wait(t, done, "the reader"); got.err == nil && read+got.n != size {
		t.Errorf("%d of %d bytes, and io.EOF", read+got.n, size)
	}
}

func TestResponsesAreTakenForWholeOnlyIfTheyAre(t *testing.T) {
	type exchange struct {
		req    *http.ClientRequest
		res    *http.IncomingMessage
		agent  *http.Agent
		cancel func()
		server net.Conn
	}
	ways := map[string]func(x exchange){
		"signal":                 func(x exchange) { x.cancel() },
		"request.Destroy":        func(x exchange) { x.req.Destroy() },
		"request.Destroy(err)":   func(x exchange) { x.req.Destroy(errMine) },
		"request.Abort":          func(x exchange) { x.req.Abort() },
		"response.Destroy":       func(x exchange) { x.res.Destroy() },
		"response.Destroy(err)":  func(x exchange) { x.res.Destroy(errMine) },
		"agent.Destroy":          func(x exchange) { x.agent.Destroy() },
		"socket.Destroy":         func(x exchange) { x.res.Socket().Destroy() },
		"socket.Close":           func(x exchange) { x.res.Socket().Close() },
		"timeout":                func(x exchange) { x.req.SetTimeout(time.Millisecond, func() { x.req.Destroy() }) },
		"the server ends":        func(x exchange) { x.server.Close() },
		"the server resets":      func(x exchange) { x.server.(*net.TCPConn).SetLinger(0); x.server.Close() },
		"the server sends other": func(x exchange) { io.WriteString(x.server, "\r\nzz\r\n\r\n"); x.server.Close() },
	}
	for name, end := range ways {
		for part, p := range progress {
			for kind, frame := range framed {
				t.Run(name+", "+part+", "+kind, func(t *testing.T) {
					conns, over := make(chan net.Conn, 1), make(chan struct{})
					defer close(over)
					u := peer(t, func(w *wire) {
						w.head()
						long := p.size > 1<<16 // sending that may have to wait for the reader
						if long {
							conns <- w.Conn
						}
						io.WriteString(w.Conn, "HTTP/1.1 200 OK\r\n"+frame(p.size, p.sent))
						if !long {
							conns <- w.Conn
						}
						<-over
					})
					ctx, cancel := context.WithCancel(t.Context())
					defer cancel()
					x := exchange{agent: http.NewAgent(http.AgentOptions{KeepAlive: true}), cancel: cancel}
					defer x.agent.Destroy()
					x.req = http.GetURLWith(u, http.RequestOptions{Signal: ctx, Agent: x.agent})
					x.req.OnError(func(error) {})
					closed := make(chan struct{})
					x.req.OnClose(func() { close(closed) })
					var err error
					if x.res, err = x.req.Await(t.Context()); err != nil {
						t.Fatal(err)
					}
					if _, err := io.ReadFull(x.res, make([]byte, p.read)); err != nil {
						t.Fatal(err)
					}
					x.server = wait(t, conns, "the server to send")
					end(x)
					if name != "timeout" && !strings.HasPrefix(name, "the server") && name != "socket.Close" {
						wait(t, closed, "'close'")
					}
					checkWhole(t, x.res, p.size, p.read)
				})
			}
		}
	}
}

func TestRequestsAreTakenForWholeOnlyIfTheyAre(t *testing.T) {
	type exchange struct {
		req    *http.IncomingMessage
		res    *http.ServerResponse
		server *http.Server
		client *wire
	}
	looped := 0 // how much a loop has read
	ways := map[string]func(x exchange){
		"request.Destroy":      func(x exchange) { x.req.Destroy() },
		"request.Destroy(err)": func(x exchange) { x.req.Destroy(errMine) },
		"response.Destroy":     func(x exchange) { x.res.Destroy() },
		"socket.Destroy":       func(x exchange) { x.req.Socket().Destroy() },
		"socket.Close":         func(x exchange) { x.req.Socket().Close() },
		"CloseAllConnections":  func(x exchange) { x.server.CloseAllConnections() },
		"timeout":              func(x exchange) { x.req.SetTimeout(time.Millisecond) },
		"request timeout":      func(x exchange) { x.server.SetRequestTimeout(time.Millisecond) },
		"answered with close":  func(x exchange) { x.res.SetHeader("Connection", "close"); x.res.EndString("early") },
		"a loop is left": func(x exchange) {
			for chunk := range x.req.Chunks() {
				looped += len(chunk)
				break
			}
		},
		"the client ends":        func(x exchange) { x.client.Conn.(*net.TCPConn).CloseWrite() },
		"the client leaves":      func(x exchange) { x.client.Close() },
		"the client resets":      func(x exchange) { x.client.reset() },
		"the client sends other": func(x exchange) { io.WriteString(x.client.Conn, "\r\nzz\r\n\r\n"); x.client.Close() },
	}
	for name, end := range ways {
		for part, p := range progress {
			if name == "a loop is left" && p.sent == p.read {
				continue // it would wait
			}
			for kind, frame := range framed {
				t.Run(name+", "+part+", "+kind, func(t *testing.T) {
					exchanges := make(chan exchange, 1)
					s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
						req.OnError(func(error) {})
						go func() { // as a listener that returns at once does
							if _, err := io.ReadFull(req, make([]byte, p.read)); err != nil {
								t.Error(err)
							}
							exchanges <- exchange{req, res, nil, nil}
						}()
					})
					w := dial(t, s)
					sent := make(chan struct{})
					go func() {
						defer close(sent)
						io.WriteString(w.Conn, "POST / HTTP/1.1\r\nHost: a\r\n"+frame(p.size, p.sent))
					}()
					x := wait(t, exchanges, "the request")
					x.server, x.client = s, w
					if p.size < 1<<16 { // sending more may have to wait for the reader
						wait(t, sent, "the client to send")
					}
					looped = 0
					end(x)
					checkWhole(t, x.req, p.size, p.read+looped)
					w.Close()
					<-sent
				})
			}
		}
	}
}
