package behaviour_test

// Writing a message: what calls return, what events say, and that a call which failed
// has sent nothing.

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"runtime"
	"slices"
	"strconv"
	"testing"
	"time"

	http "nodehttp/generated/http"
)

func TestContentLengthMismatch(t *testing.T) {
	const mismatch = "ERR_HTTP_CONTENT_LENGTH_MISMATCH"
	for name, respond := range map[string]func(res *http.ServerResponse) error{
		"too long at once":  func(res *http.ServerResponse) error { return res.EndString("abcd") },
		"too short at once": func(res *http.ServerResponse) error { return res.EndString("ab") },
		"nothing":           func(res *http.ServerResponse) error { return res.End() },
		"too long":          func(res *http.ServerResponse) error { _, err := res.WriteString("abcd"); res.Destroy(); return err },
	} {
		t.Run(name, func(t *testing.T) {
			refused := make(chan error, 1)
			s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
				res.SetHeader("Content-Length", "3")
				refused <- respond(res)
			})
			w := dial(t, s)
			w.send(getRequest)
			if err := wait(t, refused, "the error"); code(err) != mismatch {
				t.Errorf("got %v", err)
			}
			if got := w.rest(); got != "" {
				t.Errorf("got %q", got)
			}
		})
	}
	t.Run("too long and then right", func(t *testing.T) {
		s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
			res.SetHeader("Content-Length", "3")
			if _, err := res.WriteString("abcd"); code(err) != mismatch {
				t.Errorf("got %v", err)
			}
			if err := res.EndString("abc"); err != nil {
				t.Error(err)
			}
		})
		w := dial(t, s)
		w.send(getRequest)
		w.expect("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nDate: NOW\r\nConnection: keep-alive\r\nKeep-Alive: timeout=5\r\n\r\nabc")
	})
	t.Run("HEAD", func(t *testing.T) {
		s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
			res.SetHeader("Content-Length", "3")
			if err := res.EndString("abcdef"); err != nil {
				t.Error(err)
			}
		})
		w := dial(t, s)
		w.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n")
		w.expect("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nDate: NOW\r\nConnection: keep-alive\r\nKeep-Alive: timeout=5\r\n\r\n")
	})
}

func TestWriteAfterEnd(t *testing.T) {
	done := make(chan *http.ServerResponse, 1)
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		if req.URL() == "/next" {
			res.EndString("next")
			return
		}
		res.EndString("x")
		const after = "ERR_STREAM_WRITE_AFTER_END"
		if _, err := res.Write([]byte("y")); code(err) != after || !errors.Is(err, http.ErrStreamWriteAfterEnd) {
			t.Errorf("Write: %v", err)
		}
		if err := res.EndString("y"); code(err) != after {
			t.Errorf("End: %v", err)
		}
		if res.WriteChunk([]byte("y"), func(err error) {
			if code(err) != after {
				t.Errorf("WriteChunk: %v", err)
			}
			done <- res
		}) {
			t.Error("WriteChunk says true")
		}
	})
	w := dial(t, s)
	w.send(getRequest, next)
	w.expect(plainKeepTCP + "Content-Length: 1\r\n\r\nx")
	w.expect(plainKeepTCP + "Content-Length: 4\r\n\r\nnext")
	wait(t, done, "the callback")
}

// Without a callback 'error' is emitted, and reported if it has no listener.
func TestWriteAfterEndWithoutACallback(t *testing.T) {
	hook := uncaught(t)
	told := make(chan error, 1)
	second := make(chan *http.ServerResponse, 2)
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) { second <- res })
	w := dial(t, s)
	w.send(requests(3))
	wait(t, second, "a request") // is not answered, so that the others wait
	for _, heard := range []bool{true, false} {
		res := wait(t, second, "a request")
		res.End()
		if heard {
			res.OnError(func(err error) { told <- err })
		}
		res.WriteChunk([]byte("z"))
		c := (<-chan error)(told)
		if !heard {
			c = hook
		}
		if err := wait(t, c, "the error"); code(err) != "ERR_STREAM_WRITE_AFTER_END" {
			t.Errorf("got %v", err)
		}
	}
}

// A write to a response whose client has left is not an error that needs a listener.
func TestWriteToNobody(t *testing.T) {
	hook := uncaught(t)
	closed := make(chan *http.ServerResponse, 1)
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		res.OnClose(func() { closed <- res })
	})
	w := dial(t, s)
	w.send(getRequest)
	w.Close()
	res := wait(t, closed, "'close'")
	if !res.Destroyed() {
		t.Error("not destroyed")
	}
	if _, err := res.WriteString("x"); code(err) != "ERR_STREAM_DESTROYED" {
		t.Errorf("got %v", err)
	}
	if err := res.End(); code(err) != "ERR_STREAM_DESTROYED" {
		t.Errorf("got %v", err)
	}
	errs := make(chan error, 1)
	if res.WriteChunk([]byte("x"), func(err error) { errs <- err }) {
		t.Error("WriteChunk says true")
	}
	if err := wait(t, errs, "the callback"); code(err) != "ERR_STREAM_DESTROYED" {
		t.Errorf("got %v", err)
	}
	res.WriteChunk([]byte("x"))
	select {
	case err := <-hook:
		t.Errorf("uncaught %v", err)
	case <-time.After(50 * time.Millisecond):
	}
}

// A Write that waits for its peer fails when the connection goes, and says why.
func TestWriteWhoseConnectionGoes(t *testing.T) {
	const gone = "ERR_STREAM_DESTROYED"
	ways := map[string]struct {
		leave func(*wire, *http.OutgoingMessage)
		cause error
	}{
		"destroyed":           {func(_ *wire, m *http.OutgoingMessage) { m.Destroy() }, nil},
		"destroyed with":      {func(_ *wire, m *http.OutgoingMessage) { m.Destroy(errMine) }, errMine},
		"its socket":          {func(_ *wire, m *http.OutgoingMessage) { m.Socket().Destroy() }, nil},
		"its socket, with":    {func(_ *wire, m *http.OutgoingMessage) { m.Socket().Destroy(errMine) }, errMine},
		"its socket, closed":  {func(_ *wire, m *http.OutgoingMessage) { m.Socket().Close() }, nil},
		"by the other end":    {func(w *wire, _ *http.OutgoingMessage) { w.reset() }, nil},
		"by a write deadline": {func(_ *wire, m *http.OutgoingMessage) { m.Socket().SetWriteDeadline(time.Now()) }, os.ErrDeadlineExceeded},
	}
	check := func(t *testing.T, w *wire, m *http.OutgoingMessage, leave func(*wire, *http.OutgoingMessage), cause error, small bool) {
		t.Helper()
		failed := make(chan error, 1)
		go func() {
			if small { // pieces that are copied into the queue
				for {
					if _, err := m.Write(large[:4000]); err != nil {
						failed <- err
						return
					}
				}
			}
			n, err := m.Write(large)
			if n != 0 {
				t.Errorf("%d bytes were written", n)
			}
			failed <- err
		}()
		for m.Socket().BytesWritten() < 1<<20 && !small || m.WritableLength() == 0 {
			<-time.After(time.Millisecond) // until it is at work
		}
		leave(w, m)
		for _, when := range []string{"meanwhile", "afterwards"} {
			err := wait(t, failed, "Write to fail")
			if code(err) != gone || cause != nil && !errors.Is(err, cause) {
				t.Errorf("%s: got %v", when, err)
			}
			_, err = m.WriteString("x")
			failed <- err
		}
	}
	for name, way := range ways {
		for _, small := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, response, small %v", name, small), func(t *testing.T) {
				responses := make(chan *http.ServerResponse, 1)
				s := start(t, func(_ *http.IncomingMessage, res *http.ServerResponse) { responses <- res })
				s.OnClientError(func(error, *http.Socket) {})
				w := dial(t, s)
				w.send(getRequest)
				check(t, w, wait(t, responses, "the request").Outgoing(), way.leave, way.cause, small)
			})
			t.Run(fmt.Sprintf("%s, request, small %v", name, small), func(t *testing.T) {
				wires, over := make(chan *wire), make(chan struct{})
				u := peer(t, func(w *wire) {
					wires <- w
					<-over
				})
				defer close(over)
				req := http.RequestURLWith(u, alone(http.RequestOptions{Method: "POST"}))
				req.OnError(func(error) {})
				connected := make(chan struct{}) // before, a deadline cannot be set
				req.OnSocket(func(s *http.Socket) { s.OnConnect(func() { close(connected) }) })
				wait(t, connected, "'connect'")
				check(t, wait(t, wires, "the connection"), req.Outgoing(), way.leave, way.cause, small)
			})
		}
	}
}

// Writing on a plain socket that has ended fails with Node's code, for the caller and
// for callbacks.
func TestWriteToASocketThatHasEnded(t *testing.T) {
	for name, c := range map[string]struct {
		end   func(*http.Socket, *wire)
		codes []string
		is    error
	}{
		"destroyed":      {func(s *http.Socket, _ *wire) { s.Destroy() }, []string{"ERR_STREAM_DESTROYED"}, net.ErrClosed},
		"destroyed with": {func(s *http.Socket, _ *wire) { s.Destroy(errMine) }, []string{"ERR_STREAM_DESTROYED"}, errMine},
		"reset":          {func(_ *http.Socket, w *wire) { w.reset() }, []string{"ECONNRESET", "EPIPE"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			sockets := make(chan *http.Socket, 1)
			server := start(t, nil)
			server.OnConnect(func(_ *http.IncomingMessage, socket *http.Socket, _ []byte) {
				socket.OnError(func(error) {})
				sockets <- socket
			})
			w := dial(t, server)
			w.send("CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n")
			s := wait(t, sockets, "the socket")
			c.end(s, w)
			check := func(call string, err error) {
				t.Helper()
				e, ok := err.(*http.Error)
				if !ok || !slices.Contains(c.codes, e.Code) || c.is != nil && !errors.Is(err, c.is) {
					t.Errorf("%s: %T %v", call, err, err)
				} else if e.Syscall != "" && e.Message != e.Syscall+" "+e.Code {
					t.Errorf("%s: %q", call, e.Message)
				}
			}
			told := make(chan error, 1)
			chunk := func() error {
				s.WriteChunk([]byte("x"), func(err error) { told <- err })
				return wait(t, told, "the callback")
			}
			err := chunk()
			for err == nil { // the reset has not come yet
				err = chunk()
			}
			check("the first WriteChunk to fail", err)
			check("WriteChunk", chunk())
			_, err = s.WriteString("x")
			check("Write", err)
			_, err = s.Write(large)
			check("Write of much", err)
			check("End", s.End())
		})
	}
}

// WriteChunk says false to a piece as long as the high-water mark, and 'drain' follows, however
// fast the peer reads, and though a listener is added late and on another goroutine.
func TestDrainFollows(t *testing.T) {
	type writer interface {
		WriteChunk(chunk []byte, callback ...func(error)) bool
		OnceDrain(f func()) *http.Subscription
	}
	for name, stream := range map[string]func(t *testing.T, fill func(writer)){
		"a response": func(t *testing.T, fill func(writer)) {
			s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
				go func() {
					fill(res)
					res.End()
				}()
			})
			w := dial(t, s)
			w.send(getAndClose)
			io.Copy(io.Discard, w.r)
		},
		"a request": func(t *testing.T, fill func(writer)) {
			s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
				req.OnEnd(func() { res.End() })
				req.Resume()
			})
			req := http.RequestURLWith(url(s, "/"), alone(http.RequestOptions{Method: "POST"}))
			fill(req)
			req.End()
			if _, err := req.Await(context.Background()); err != nil {
				t.Error(err)
			}
		},
		"a socket": func(t *testing.T, fill func(writer)) {
			socket, w := tunnelled(t, "TCP")
			go io.Copy(io.Discard, w.r)
			fill(socket)
		},
		"a socket over a pipe": func(t *testing.T, fill func(writer)) {
			socket, w := tunnelled(t, "a pipe")
			go io.Copy(io.Discard, w.r)
			fill(socket)
		},
	} {
		t.Run(name, func(t *testing.T) {
			stream(t, func(m writer) {
				for n, size := range []int{64 << 10, 128 << 10, 64 << 10, 256 << 10, 1 << 20, 64 << 10, 64 << 10, 64 << 10} {
					if m.WriteChunk(make([]byte, size)) {
						t.Errorf("WriteChunk of %d bytes says true", size)
						continue
					}
					if n%2 == 0 {
						<-time.After(time.Millisecond) // it has probably happened by now
					}
					drained := make(chan struct{})
					m.OnceDrain(func() { close(drained) })
					wait(t, drained, "'drain'")
				}
			})
		})
	}
}

// A listener that waits for the next 'drain' before it writes on comes to its end.
func TestDrainAfterEachPiece(t *testing.T) {
	const pieces, size = 200, 100 << 10
	drains := 0
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		res.OnDrain(func() {
			if drains++; drains == pieces {
				res.End()
			} else {
				res.WriteChunk(make([]byte, size))
			}
		})
		res.WriteChunk(make([]byte, size))
	})
	w := dial(t, s)
	w.send(getAndClose)
	if _, body := w.response(); len(body) != pieces*size {
		t.Errorf("%d bytes", len(body))
	}
}

// 'drain' is for the message whose WriteChunk said false, not for the next one of the
// connection.
func TestDrainOfTheMessageBefore(t *testing.T) {
	var events trace
	exchanges := make(chan *http.ServerResponse, 2)
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		res.OnDrain(events.on("drain " + req.URL()))
		res.OnFinish(events.on("finish " + req.URL()))
		exchanges <- res
	})
	w := dial(t, s)
	w.send(requests(2))
	first, second := wait(t, exchanges, "a request"), wait(t, exchanges, "a request")
	if first.WriteChunk(make([]byte, 10<<20)) {
		t.Error("WriteChunk says true")
	}
	first.End()
	w.response()
	events.until(t, "finish /0")
	second.End()
	w.response()
	events.expect(t, "finish /0", "finish /1")
}

// Callbacks of chunks come in order, before 'finish'.
func TestOrderOfCallbacks(t *testing.T) {
	var events trace
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		res.OnFinish(events.on("finish"))
		res.WriteChunk([]byte("a"), func(err error) { events.add("a %v", err) })
		res.WriteChunk(make([]byte, 1<<20), func(err error) { events.add("b %v", err) })
		res.WriteChunk([]byte("c"), func(err error) { events.add("c %v", err) })
		res.End(events.on("end"))
	})
	w := dial(t, s)
	w.send(getAndClose)
	io.Copy(io.Discard, w.r)
	events.expect(t, "a <nil>", "b <nil>", "c <nil>", "finish", "end")
}

func TestEncodings(t *testing.T) {
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		res.WriteEncoded("é", http.Latin1)
		res.WriteEncoded("AQI=", http.Base64)
		res.WriteEncoded("ff00", http.Hex)
		res.EndEncoded("a", http.UTF16LE)
	})
	w := dial(t, s)
	w.send(getRequest)
	if _, b := w.response(); b != "\xe9\x01\x02\xff\x00a\x00" {
		t.Errorf("got %q", b)
	}
}

func TestUniqueHeaders(t *testing.T) {
	s := startOptions(t, http.ServerOptions{UniqueHeaders: []string{"x-a"}},
		func(req *http.IncomingMessage, res *http.ServerResponse) {
			res.SetHeaderValues("X-A", []string{"1", "2"})
			res.SetHeaderValues("X-B", []string{"1", "2"})
			res.SetSendDate(false)
			res.End()
		})
	w := dial(t, s)
	w.send(getRequest)
	w.expect("HTTP/1.1 200 OK\r\nX-A: 1; 2\r\nX-B: 1\r\nX-B: 2\r\nConnection: keep-alive\r\nKeep-Alive: timeout=5\r\nContent-Length: 0\r\n\r\n")
}

// Head and first chunk leave together; what is flushed leaves alone.
func TestFlushedHeadArrivesAlone(t *testing.T) {
	release := make(chan struct{})
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		res.FlushHeaders()
		go func() { <-release; res.EndString("x") }()
	})
	w := dial(t, s)
	w.send(getRequest)
	w.expect(plainKeepTCP + "Transfer-Encoding: chunked\r\n\r\n")
	close(release)
	w.expect("1\r\nx\r\n0\r\n\r\n")
}

// A callback of a write may wait for room, which the writing of the rest makes.
func TestCallbackWaitsForRoom(t *testing.T) {
	piece := make([]byte, 1<<20)
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		go func() { // the listener has returned: callbacks run where the bytes are written
			told := make(chan struct{})
			res.WriteChunk([]byte("first"), func(error) {
				for range 8 {
					res.Write(piece)
				}
				close(told)
			})
			for range 8 {
				res.WriteChunk(piece)
			}
			<-told
			res.End()
		}()
	})
	for _, kind := range []string{"TCP", "TLS"} {
		w := dialKind(t, s, kind)
		w.send("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
		if _, body := w.response(); len(body) != len("first")+16*len(piece) {
			t.Errorf("%s: %d bytes", kind, len(body))
		}
	}
}

// What a program writes without heeding back-pressure waits in memory, in no more of it
// than that takes, wherever it waits; and it arrives whole and in order.
func TestUnheededBackPressure(t *testing.T) {
	const total = 12 << 20
	random := rand.New(rand.NewPCG(1, 2))
	data := make([]byte, total)
	for i := 0; i < total; i += 8 {
		binary.LittleEndian.PutUint64(data[i:], random.Uint64())
	}
	// write writes data in pieces of the sizes and reports how much was allocated for it.
	write := func(m *http.OutgoingMessage, sizes ...int) (allocated uint64) {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		for rest := data; len(rest) > 0; {
			n := min(len(rest), sizes[random.IntN(len(sizes))])
			m.WriteChunk(rest[:n])
			rest = rest[n:]
		}
		runtime.ReadMemStats(&after)
		return after.TotalAlloc - before.TotalAlloc
	}
	check := func(t *testing.T, allocated uint64) {
		if allocated > total*12/10 {
			t.Errorf("%.2f times as much was allocated as was written", float64(allocated)/total)
		}
	}
	for _, sizes := range [][]int{{1 << 10}, {32 << 10}, {1 << 20}, {0, 1, 100, 5000, 64 << 10, 100_000, 3 << 20}} {
		for _, c := range []struct {
			name  string
			begin func(res *response)
			pipe  bool
		}{
			{"in turn", func(*response) {}, false},
			{"in turn, with a length", func(res *response) { res.SetHeader("Content-Length", strconv.Itoa(total)) }, false},
			{"corked", func(res *response) { res.Cork() }, false},
			{"in line", nil, false},
			{"in turn over a pipe", func(*response) {}, true},
			{"in line over a pipe", nil, true},
		} {
			t.Run(fmt.Sprintf("%s, %v", c.name, sizes), func(t *testing.T) {
				allocated := make(chan uint64, 1)
				var first *response
				s := start(t, func(req *http.IncomingMessage, res *response) {
					if c.begin == nil && req.URL() == "/0" {
						first = res
						return
					}
					if c.begin != nil {
						c.begin(res)
					}
					allocated <- write(res.Outgoing(), sizes...)
					if first != nil {
						first.EndString("/0")
					}
					res.End()
				})
				var w *wire
				if c.pipe {
					ours, theirs := net.Pipe()
					s.EmitConnection(theirs)
					w = onWire(t, ours)
				} else {
					w = dial(t, s)
				}
				if c.begin == nil {
					go w.send(requests(2))
				} else {
					go w.send(requests(1))
				}
				check(t, wait(t, allocated, "the answer to be written"))
				if c.begin == nil {
					w.expectBodies(1)
				}
				if _, body := w.response(); body != string(data) {
					t.Errorf("got %d bytes, or others", len(body))
				}
			})
		}
		t.Run(fmt.Sprintf("request that waits for a connection, %v", sizes), func(t *testing.T) {
			got := make(chan bool, 1)
			held := make(chan *response, 1)
			s := start(t, func(req *http.IncomingMessage, res *response) {
				if req.URL() == "/first" {
					held <- res
					return
				}
				body, err := io.ReadAll(req)
				got <- err == nil && bytes.Equal(body, data)
				res.End()
			})
			agent := http.NewAgent(http.AgentOptions{KeepAlive: true, MaxSockets: 1})
			defer agent.Destroy()
			before := http.GetURLWith(url(s, "/first"), http.RequestOptions{Agent: agent})
			req := http.RequestURLWith(url(s, "/second"), http.RequestOptions{Agent: agent, Method: "POST"})
			first := wait(t, held, "the first request")
			check(t, write(req.Outgoing(), sizes...))
			req.End()
			first.End()
			for _, r := range []*http.ClientRequest{before, req} {
				res, err := r.Await(context.Background())
				if err != nil {
					t.Fatal(err)
				}
				io.ReadAll(res)
			}
			if !wait(t, got, "the body") {
				t.Error("the server got another body")
			}
		})
	}
}
