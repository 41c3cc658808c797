package behaviour_test

// Clients and listeners at their worst: each gets its answer or its end, memory
// stays bounded, the next client is served, and nothing is left behind.

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	http "nodehttp/generated/http"
)

// stillServes asks s on a connection of its own, once unless a busy machine has kept
// the client from being in time.
func stillServes(t *testing.T, s *http.Server) {
	t.Helper()
	got := tooSlow
	for limit := time.Now().Add(patience); got == tooSlow && time.Now().Before(limit); {
		w := dial(t, s)
		w.send("GET /well-behaved HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
		got = w.rest()
	}
	if !strings.HasPrefix(got, "HTTP/1.1 200 OK\r\n") || !strings.HasSuffix(got, "/well-behaved") {
		t.Errorf("the next client got %q", got)
	}
}

// memory returns what the heap and the stacks hold.
func memory() int64 {
	runtime.GC()
	runtime.GC() // what the pools keep goes with the second one
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc + m.StackInuse)
}

// reply answers with the target, when the request is there.
func reply(req *http.IncomingMessage, res *http.ServerResponse) {
	if _, err := io.Copy(io.Discard, req); err == nil {
		res.EndString(req.URL())
	}
}

// Clients that send a byte now and then are refused when their time is up,
// wherever they are, while others are served.
func TestSlowloris(t *testing.T) {
	const crowd, limit = 30, 400 * time.Millisecond
	for name, c := range map[string]struct{ begin, drop string }{
		"in the request line": {"GET /", "x"},
		"in the head":         {"GET / HTTP/1.1\r\nHost: a\r\n", "A: b\r\n"},
		"in the body":         {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n", "x"},
		"in chunks":           {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", "1\r\nx\r\n"},
		"in the trailers":     {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", "A: b\r\n"},
	} {
		t.Run(name, func(t *testing.T) {
			s := startOptions(t, http.ServerOptions{HeadersTimeout: duration(limit), RequestTimeout: duration(limit), ConnectionsCheckingInterval: limit / 10}, reply)
			var all sync.WaitGroup
			for range crowd {
				w := dial(t, s)
				w.send(c.begin)
				stop := make(chan struct{})
				all.Go(func() { // it goes on until it is refused
					for {
						select {
						case <-stop:
							return
						case <-time.After(limit / 10):
							io.WriteString(w.Conn, c.drop)
						}
					}
				})
				all.Go(func() {
					defer close(stop)
					got, _ := io.ReadAll(w.r)
					if string(got) != tooSlow {
						t.Errorf("got %q", got)
					}
				})
			}
			stillServes(t, s)
			all.Wait()
			stillServes(t, s)
		})
	}
}

// A client may vanish at each byte of what it says.
func TestClientThatVanishesAtEachByte(t *testing.T) {
	for name, conversation := range map[string]string{
		"pipelined":           "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\nGET /3 HTTP/1.1\r\nHost: a\r\n\r\n",
		"chunks and trailers": "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTrailer: A\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nA: b\r\n\r\n",
		"continue":            "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\nabcde",
		"upgrade":             "GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\nhello",
		"CONNECT":             "CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\nhello",
	} {
		for way, vanish := range map[string]func(*wire){
			"reset":      func(w *wire) { w.reset() },
			"close":      func(w *wire) { w.Close() },
			"half-close": func(w *wire) { w.Conn.(*net.TCPConn).CloseWrite(); io.Copy(io.Discard, w.r); w.Close() },
		} {
			t.Run(name+" "+way, func(t *testing.T) {
				hook := uncaught(t)
				s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
					req.OnError(func(error) {})
					res.OnError(func(error) {})
					if req.URL() == "/2" {
						go reply(req, res)
					} else {
						reply(req, res)
					}
				})
				s.OnConnection(func(c *http.Socket) { c.OnError(func(error) {}) })
				tunnel := func(_ *http.IncomingMessage, c *http.Socket, head []byte) {
					c.OnError(func(error) {})
					c.WriteString("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n")
					c.Write(head)
					go func() { io.Copy(c, c); c.Destroy() }()
				}
				s.OnUpgrade(tunnel)
				s.OnConnect(tunnel)
				for i := range len(conversation) + 1 {
					w := dial(t, s)
					w.send(conversation[:i])
					vanish(w)
				}
				stillServes(t, s)
				select {
				case err := <-hook:
					t.Errorf("uncaught %v", err)
				default:
				}
			})
		}
	}
}

// An idle connection costs little, and many of them make no other wait.
func TestManyIdleConnections(t *testing.T) {
	const n, most = 400, 24 << 10
	s := startOptions(t, http.ServerOptions{KeepAliveTimeout: duration(time.Minute)}, reply)
	stillServes(t, s)
	before := memory()
	all := make([]net.Conn, n)
	for i := range all {
		c, err := net.Dial("tcp", s.Address().String())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		all[i] = c
		if _, err := io.WriteString(c, getRequest); err != nil {
			t.Fatal(err)
		}
		if err := readAnswer(c); err != nil {
			t.Fatal(err)
		}
	}
	if each := (memory() - before) / n; each > most {
		t.Errorf("an idle connection costs %d bytes, with its client's end", each)
	}
	stillServes(t, s)
}

// readAnswer reads an answer whose body is one byte.
func readAnswer(c net.Conn) error {
	var b [512]byte
	for n := 0; ; {
		m, err := c.Read(b[n:])
		if err != nil {
			return err
		}
		if n += m; bytes.HasSuffix(b[:n], []byte("\r\n\r\n/")) {
			return nil
		}
	}
}

// pour sends bytes again and again, without reading, until the peer takes no
// more. It returns how many times it could.
func (w *wire) pour(bytes string) (times int) {
	for {
		w.SetWriteDeadline(time.Now().Add(300 * time.Millisecond))
		if _, err := io.WriteString(w.Conn, bytes); err != nil {
			return times
		}
		times++
	}
}

// A client that never reads is not read for ever: what is kept for it is
// bounded, whether its requests are answered or not.
func TestClientThatNeverReads(t *testing.T) {
	const most = 32 << 20
	for name, listener := range map[string]func(*http.IncomingMessage, *http.ServerResponse){
		"large answers":        func(_ *http.IncomingMessage, res *http.ServerResponse) { res.EndChunk(large[:64<<10]) },
		"small answers":        func(_ *http.IncomingMessage, res *http.ServerResponse) { res.EndString("/") },
		"answers of elsewhere": func(_ *http.IncomingMessage, res *http.ServerResponse) { go res.EndChunk(large[:64<<10]) },
		"no answers":           func(*http.IncomingMessage, *http.ServerResponse) {},
	} {
		t.Run(name, func(t *testing.T) {
			var served atomic.Int64
			s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
				if req.URL() == "/well-behaved" {
					reply(req, res)
					return
				}
				served.Add(1)
				listener(req, res)
			})
			before := memory()
			w := dial(t, s)
			w.Conn.(*net.TCPConn).SetReadBuffer(4 << 10)
			times := w.pour(strings.Repeat(getRequest, 100))
			if grown := memory() - before; grown > most {
				t.Errorf("%d requests of %d cost %d bytes", served.Load(), 100*times, grown)
			}
			if n := served.Load(); name == "no answers" && n != 64 {
				t.Errorf("%d requests wait for their answers", n)
			}
			stillServes(t, s)
			w.reset()
		})
	}
}

func TestHeadsBeyondMeasure(t *testing.T) {
	megabyte := "A: " + strings.Repeat("x", 1<<20) + "\r\n"
	many := strings.Repeat("A: b\r\n", 100_000)
	for name, c := range map[string]struct {
		limit, count, fields int
		head                 string
	}{
		"a megabyte":                    {0, -1, 0, megabyte},
		"a megabyte, wanted":            {2 << 20, -1, 2, megabyte},
		"a hundred thousand":            {0, -1, 0, many},
		"a hundred thousand, wanted":    {2 << 20, -1, 1000, many},
		"a hundred thousand, all of it": {2 << 20, 0, 100_001, many},
	} {
		t.Run(name, func(t *testing.T) {
			s := startOptions(t, http.ServerOptions{MaxHeaderSize: c.limit}, func(req *http.IncomingMessage, res *http.ServerResponse) {
				if req.URL() == "/well-behaved" {
					reply(req, res)
					return
				}
				res.EndString(fmt.Sprint(len(req.RawHeaders())))
			})
			if c.count >= 0 {
				s.SetMaxHeadersCount(c.count)
			}
			w := dial(t, s)
			go io.WriteString(w.Conn, "GET / HTTP/1.1\r\nHost: a\r\n"+c.head+"\r\n")
			if c.fields == 0 {
				if got, _ := io.ReadAll(w.r); string(got) != tooLarge {
					t.Errorf("got %q", got)
				}
			} else if _, b := w.response(); b != fmt.Sprint(c.fields) {
				t.Errorf("%s fields", b)
			}
			stillServes(t, s)
		})
	}
}

// What a listener does wrong is its own error: the next request is none the
// worse for it, on the same connection if that is still there.
func TestListenersThatGoWrong(t *testing.T) {
	const body = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n"
	expect := func(t *testing.T, what string, err, want error) {
		if !errors.Is(err, want) || err == nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	for name, c := range map[string]struct {
		request string
		survive bool // the connection is kept
		does    func(t *testing.T, w *wire, req *http.IncomingMessage, res *http.ServerResponse)
	}{
		"panics": {getRequest, false, func(*testing.T, *wire, *http.IncomingMessage, *http.ServerResponse) { panic("mine") }},
		"panics with an answer begun": {getRequest, false, func(_ *testing.T, _ *wire, _ *http.IncomingMessage, res *http.ServerResponse) {
			res.WriteString("x")
			panic("mine")
		}},
		"never answers": {getRequest, false, func(_ *testing.T, w *wire, req *http.IncomingMessage, res *http.ServerResponse) {
			w.Conn.(*net.TCPConn).CloseWrite()
		}},
		"answers twice": {getRequest, true, func(t *testing.T, _ *wire, _ *http.IncomingMessage, res *http.ServerResponse) {
			res.EndString("x")
			expect(t, "End", res.EndString("y"), http.ErrStreamWriteAfterEnd)
			expect(t, "SetHeader", res.SetHeader("A", "b"), http.ErrHTTPHeadersSent)
			err := res.WriteHead(500)
			expect(t, "WriteHead", err, http.ErrHTTPHeadersSent)
		}},
		"writes after the end": {getRequest, true, func(t *testing.T, _ *wire, _ *http.IncomingMessage, res *http.ServerResponse) {
			res.EndString("x")
			_, err := res.WriteString("y")
			expect(t, "Write", err, http.ErrStreamWriteAfterEnd)
			told := make(chan error, 1)
			res.WriteChunk([]byte("y"), func(err error) { told <- err })
			go func() { expect(t, "WriteChunk", wait(t, told, "the callback"), http.ErrStreamWriteAfterEnd) }()
		}},
		"destroys in the midst of the body": {body + "ab", false, func(_ *testing.T, _ *wire, req *http.IncomingMessage, res *http.ServerResponse) {
			io.ReadFull(req, make([]byte, 2))
			req.Destroy()
		}},
		"destroys its answer": {getRequest, false, func(_ *testing.T, _ *wire, _ *http.IncomingMessage, res *http.ServerResponse) {
			res.WriteString("x")
			res.Destroy()
		}},
		"ends from elsewhere": {body + "abcde", true, func(_ *testing.T, _ *wire, _ *http.IncomingMessage, res *http.ServerResponse) {
			go res.EndString("x")
		}},
		"ends many times from elsewhere": {getRequest, true, func(t *testing.T, _ *wire, _ *http.IncomingMessage, res *http.ServerResponse) {
			var ended atomic.Int32
			var all sync.WaitGroup
			for range 8 {
				all.Go(func() {
					if res.EndString("x") == nil {
						ended.Add(1)
					}
				})
			}
			all.Wait()
			if n := ended.Load(); n != 1 {
				t.Errorf("%d times without an error", n)
			}
		}},
		"ends while the client leaves": {getRequest, false, func(_ *testing.T, w *wire, _ *http.IncomingMessage, res *http.ServerResponse) {
			go w.reset()
			res.EndString("x")
		}},
		"ignores a body": {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4194304\r\n\r\n" + string(large[:4<<20]), true,
			func(_ *testing.T, _ *wire, _ *http.IncomingMessage, res *http.ServerResponse) { res.EndString("x") }},
	} {
		t.Run(name, func(t *testing.T) {
			uncaught(t) // panics reach it
			wires := make(chan *wire, 1)
			s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
				if req.URL() == "/well-behaved" {
					reply(req, res)
					return
				}
				c.does(t, <-wires, req, res)
			})
			for range 20 {
				w := dial(t, s)
				wires <- w
				go io.WriteString(w.Conn, c.request)
				if !c.survive {
					io.Copy(io.Discard, w.r)
					w.Close()
					continue
				}
				if _, b := w.response(); b != "x" {
					t.Errorf("got %q", b)
				}
				w.send("GET /well-behaved HTTP/1.1\r\nHost: a\r\n\r\n")
				if _, b := w.response(); b != "/well-behaved" {
					t.Errorf("the next answer is %q", b)
				}
				w.Close()
			}
			stillServes(t, s)
		})
	}
}
