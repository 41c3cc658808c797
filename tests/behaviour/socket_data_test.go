package behaviour_test

// Listeners of 'data' of a socket that messages use, and what its stream is meanwhile.
// What Nodes do is in the referee's scenarios, under socket-data.

import (
	"errors"
	"io"
	"net"
	nethttp "net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"nodehttp/core"
	http "nodehttp/generated/http"
	adapt "nodehttp/generated/http/nethttp"
)

// heard collects what listeners of 'data' receive.
type heard struct {
	mu sync.Mutex
	b  strings.Builder
}

func (h *heard) add(chunk []byte) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.b.Write(chunk)
}

func (h *heard) text() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.b.String()
}

// must waits until all of want has been received.
func (h *heard) must(t *testing.T, want string) {
	t.Helper()
	for late := time.Now().Add(patience); h.text() != want; <-time.After(time.Millisecond) {
		if time.Now().After(late) {
			t.Fatalf("heard %d bytes instead of %d", len(h.text()), len(want))
		}
	}
}

// A listener receives all bytes, however the body is read, and may itself read it.
func TestSocketDataBesideBodies(t *testing.T) {
	ways := map[string]func(req *http.IncomingMessage, res *http.ServerResponse){
		"listeners": func(req *http.IncomingMessage, res *http.ServerResponse) {
			req.OnData(func([]byte) {})
			req.OnEnd(func() { res.EndString("x") })
		},
		"Read within the listener": func(req *http.IncomingMessage, res *http.ServerResponse) {
			io.Copy(io.Discard, req)
			res.EndString("x")
		},
		"Read elsewhere": func(req *http.IncomingMessage, res *http.ServerResponse) {
			go func() {
				io.Copy(io.Discard, req)
				res.EndString("x")
			}()
		},
		"Read by the socket's listener": func(req *http.IncomingMessage, res *http.ServerResponse) {
			req.Socket().OnceData(func([]byte) {
				io.Copy(io.Discard, req)
				res.EndString("x")
			})
		},
		"nobody": func(_ *http.IncomingMessage, res *http.ServerResponse) { res.EndString("x") },
	}
	body := string(large[:300_000])
	for name, way := range ways {
		for _, over := range []string{"TCP", "a pipe"} {
			t.Run(name+", over "+over, func(t *testing.T) {
				var h heard
				s := start(t, way)
				s.OnConnection(func(socket *http.Socket) { socket.OnData(h.add) })
				var w *wire
				if over == "TCP" {
					w = dial(t, s)
				} else {
					ours, theirs := net.Pipe()
					s.EmitConnection(theirs)
					w = onWire(t, ours)
				}
				go func() {
					w.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 300000\r\n\r\n", body[:1])
					w.send(body[1:])
				}()
				if _, answer := w.response(); answer != "x" {
					t.Errorf("got %q", answer)
				}
				h.must(t, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 300000\r\n\r\n"+body)
			})
		}
	}
}

// Of goroutines that read a body at the same time, one that waits goes on when another has
// got its bytes and reads no more.
func TestReadsAtTheSameTime(t *testing.T) {
	got := make(chan string, 3)
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		for range 3 {
			go func() {
				p := make([]byte, 1)
				n, err := req.Read(p)
				if err != nil {
					t.Error(err)
				}
				got <- string(p[:n])
			}()
		}
	})
	w := dial(t, s)
	w.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n")
	for _, part := range []string{"a", "b", "c"} {
		w.send(part)
		if p := wait(t, got, "a Read"); p != part {
			t.Errorf("%q instead of %q", p, part)
		}
	}
}

// A client's socket delivers what it receives, packet by packet, to the listeners that
// it has then.
func TestSocketDataOfClient(t *testing.T) {
	u := peer(t, func(w *wire) {
		w.head()
		w.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
	})
	var h, removed heard
	req := http.RequestURLWith(u, alone(http.RequestOptions{}))
	listens := make(chan bool)
	req.OnSocket(func(socket *http.Socket) {
		socket.OnData(h.add)
		socket.OnData(removed.add).Remove()
		close(listens)
	})
	wait(t, listens, "'socket'")
	req.End()
	finish(t, req)
	h.must(t, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
	if got := removed.text(); got != "" {
		t.Errorf("a listener that was removed heard %q", got)
	}
}

// While messages use the socket its stream is theirs: it cannot be read, paused or
// resumed, and is as new when it is handed over.
func TestStreamOfASocketInUse(t *testing.T) {
	for _, how := range []string{"CONNECT", "Hijack"} {
		t.Run(how, func(t *testing.T) {
			sockets := make(chan net.Conn, 1)
			use := func(socket *http.Socket) {
				socket.Resume()
				if n, err := socket.Read(make([]byte, 1)); n != 0 || !errors.Is(err, core.ErrStreamFlowing) {
					t.Errorf("%d, %v", n, err)
				}
				socket.Pause()
			}
			s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
				use(req.Socket())
				if req.URL() == "/hijack" {
					adapt.Serve(nethttp.HandlerFunc(func(w nethttp.ResponseWriter, _ *nethttp.Request) {
						c, _, err := nethttp.NewResponseController(w).Hijack()
						if err != nil {
							t.Error(err)
						}
						sockets <- c
					}), req, res)
					return
				}
				res.EndString("x")
			})
			s.OnConnect(func(_ *http.IncomingMessage, socket *http.Socket, _ []byte) { sockets <- socket })
			w := dial(t, s)
			for range 2 {
				w.send(getRequest)
				w.response()
			}
			if how == "Hijack" {
				w.send("GET /hijack HTTP/1.1\r\nHost: a\r\n\r\n")
			} else {
				w.send("CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n")
			}
			c := wait(t, sockets, "the socket")
			defer c.Close()
			w.send("hello")
			p := make([]byte, 5)
			if _, err := io.ReadFull(c, p); err != nil || string(p) != "hello" {
				t.Errorf("%q, %v", p, err)
			}
		})
	}
}

// A listener that panics or that ends its goroutine takes the connection down, and
// nothing else.
func TestSocketDataPanics(t *testing.T) {
	uncaught(t)
	s := start(t, func(_ *http.IncomingMessage, res *http.ServerResponse) { res.EndString("x") })
	s.OnConnection(func(socket *http.Socket) { socket.OnData(func([]byte) { panic("oops") }) })
	for range 3 {
		w := dial(t, s)
		w.send(getRequest)
		if got := w.cut(); got != "" && !strings.HasSuffix(got, "x") {
			t.Errorf("got %q", got)
		}
	}
}
