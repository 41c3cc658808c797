package behaviour_test

// Uploads that a server refuses: it answers before it has read them, and closes the
// connection, which resets it.

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	http "nodehttp/generated/http"
)

// refuse listens, reads the head of each request, answers and closes, with the rest of
// the request unread. It returns the server's port.
func refuse(t testing.TB, answer string, before func()) int {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return refuseAt(t, l, answer, before)
}

// refuseAt is refuse at a listener.
func refuseAt(t testing.TB, l net.Listener, answer string, before func()) int {
	var all sync.WaitGroup
	t.Cleanup(func() { l.Close(); all.Wait() })
	all.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			all.Go(func() {
				defer c.Close()
				for r := bufio.NewReader(c); ; {
					if line, err := r.ReadString('\n'); line == "\r\n" || err != nil {
						break
					}
				}
				io.WriteString(c, answer)
				before()
			})
		}
	})
	return l.Addr().(*net.TCPAddr).Port
}

// uploaded is a piece of an upload.
var uploaded [100_000]byte

// upload writes to a request until that fails, and then ends it or not.
func upload(req *http.ClientRequest, end bool) error {
	for range 1000 {
		if _, err := req.Write(uploaded[:]); err != nil {
			if end {
				req.End()
			}
			return err
		}
	}
	return nil
}

// The answer has arrived before the reset: a program that reads gets it, whatever has
// become of the request.
func TestRefusedUploadIsAnswered(t *testing.T) {
	body := strings.Repeat("no! ", 3000)
	for name, head := range map[string]string{
		"length": fmt.Sprintf("HTTP/1.1 401 Unauthorized\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s", len(body), body),
		"chunks": fmt.Sprintf("HTTP/1.1 401 Unauthorized\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n", len(body), body),
	} {
		for _, c := range []struct{ end, secure bool }{{false, false}, {true, false}, {false, true}, {true, true}} {
			end := c.end
			t.Run(fmt.Sprintf("%s, End: %v, TLS: %v", name, end, c.secure), func(t *testing.T) {
				here := make(chan struct{}) // so that the answer is there before the reset
				l, err := net.Listen("tcp", "127.0.0.1:0")
				if err != nil {
					t.Fatal(err)
				}
				agent := http.NewAgent(http.AgentOptions{})
				if c.secure {
					certified := httptest.NewTLSServer(nil)
					certified.Close()
					agent = http.NewAgent(http.AgentOptions{CreateConnection: func(_ context.Context, o http.ConnectOptions) (net.Conn, error) {
						return tls.Dial("tcp", net.JoinHostPort(o.Host, strconv.Itoa(o.Port)), &tls.Config{InsecureSkipVerify: true})
					}})
					l = tls.NewListener(l, certified.TLS)
				}
				defer agent.Destroy()
				port := l.Addr().(*net.TCPAddr).Port
				refuseAt(t, l, head, func() { <-here })
				failed, done := make(chan struct{}), make(chan struct{})
				req := http.RequestWith(http.RequestOptions{Host: "127.0.0.1", Port: port, Method: "POST", Agent: agent}, func(res *http.IncomingMessage) {
					defer close(done)
					close(here)
					<-failed
					if got, err := io.ReadAll(res); string(got) != body || err != nil {
						t.Errorf("read %d of %d bytes, %v", len(got), len(body), err)
					}
				})
				told, closed := make(chan error, 2), make(chan struct{})
				req.OnError(func(err error) { told <- err })
				req.OnClose(func() { close(closed) })
				if err := upload(req, end); !errors.Is(err, http.ErrStreamDestroyed) {
					t.Errorf("Write says %v", err)
				}
				close(failed)
				wait(t, done, "the answer")
				wait(t, closed, "'close'")
				if len(told) > 1 {
					t.Errorf("'error' %d times", len(told))
				}
			})
		}
	}
}

// Whatever arrives first, and whoever reads: an answer that was cut short is an error,
// and one that came whole is whole.
func TestRefusedUploadsTellTheTruth(t *testing.T) {
	const rounds = 400
	short, long := "nope!", strings.Repeat("no! ", 50_000)
	for name, c := range map[string]struct{ head, body string }{
		"length":      {"HTTP/1.1 401 Unauthorized\r\nConnection: close\r\nContent-Length: 5\r\n\r\n", short},
		"chunks":      {"HTTP/1.1 401 Unauthorized\r\nTransfer-Encoding: chunked\r\n\r\n", "5\r\nnope!\r\n0\r\n\r\n"},
		"until close": {"HTTP/1.1 401 Unauthorized\r\n\r\n", short},
		"long":        {fmt.Sprintf("HTTP/1.1 401 Unauthorized\r\nContent-Length: %d\r\n\r\n", len(long)), long},
		"long to end": {"HTTP/1.1 401 Unauthorized\r\n\r\n", long},
		"kept":        {"HTTP/1.1 401 Unauthorized\r\nConnection: keep-alive\r\nContent-Length: 5\r\n\r\n", short},
	} {
		t.Run(name, func(t *testing.T) {
			want := c.body
			if name == "chunks" {
				want = short
			}
			port := refuse(t, c.head+c.body, func() {})
			var answered, cut atomic.Int32
			var all sync.WaitGroup
			for worker := range 4 {
				all.Go(func() {
					for range rounds / 4 {
						req := http.RequestWith(http.RequestOptions{Host: "127.0.0.1", Port: port, Method: "POST"})
						req.OnError(func(error) {})
						sent := make(chan struct{})
						go func() {
							defer close(sent)
							upload(req, worker%2 == 0)
						}()
						ctx, cancel := context.WithTimeout(t.Context(), patience)
						res, err := req.Await(ctx)
						if err == nil {
							answered.Add(1)
							var got []byte
							if got, err = io.ReadAll(res); err != nil {
								cut.Add(1)
							} else if string(got) != want {
								t.Errorf("read %d of %d bytes, and no error", len(got), len(want))
							}
						}
						if errors.Is(err, context.DeadlineExceeded) {
							t.Error(err)
						}
						cancel()
						<-sent
					}
				})
			}
			all.Wait()
			t.Logf("%d answers, %d of them cut", answered.Load(), cut.Load())
			if name == "length" && cut.Load() > 0 {
				t.Errorf("%d of %d answers that had arrived were lost", cut.Load(), answered.Load())
			}
		})
	}
}

// A connection of the user's own may fail to write and never end: the request ends.
func TestWriteThatFailsOnAConnectionThatStays(t *testing.T) {
	mine, theirs := net.Pipe()
	defer theirs.Close()
	agent := http.NewAgent(http.AgentOptions{
		CreateConnection: func(context.Context, http.ConnectOptions) (net.Conn, error) { return brokenWriter{mine}, nil },
	})
	req := http.RequestWith(http.RequestOptions{Method: "POST", Agent: agent})
	req.Write([]byte("x"))
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if _, err := req.Await(ctx); code(err) != "EPIPE" {
		t.Errorf("got %v", err)
	}
}

type brokenWriter struct{ net.Conn }

func (brokenWriter) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

// A body that does not have its length is an error once, whatever is done then.
func TestBodyOfAnotherLengthIsToldOnce(t *testing.T) {
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		req.OnEnd(func() { res.End() }) // not before: an early answer may end the exchange before End is called
		req.Resume()
	})
	for name, send := range map[string]func(req *http.ClientRequest){
		"longer, then End": func(req *http.ClientRequest) { req.WriteChunk([]byte("too long")); req.End() },
		"longer twice": func(req *http.ClientRequest) {
			req.WriteChunk([]byte("too long"))
			req.WriteChunk([]byte("too long"))
			req.Destroy()
		},
		"longer in End":        func(req *http.ClientRequest) { req.EndString("too long") },
		"shorter":              func(req *http.ClientRequest) { req.WriteChunk([]byte("s")); req.End() },
		"longer behind a part": func(req *http.ClientRequest) { req.WriteChunk([]byte("abc")); req.WriteChunk([]byte("def")); req.End() },
	} {
		t.Run(name, func(t *testing.T) {
			req := http.RequestURLWith(url(s, "/"), http.RequestOptions{
				Method: "POST", NoAgent: true, Headers: http.Headers{{"Content-Length", "5"}},
			})
			var log trace
			req.OnError(func(err error) { log.add("error %s", code(err)) })
			req.OnClose(log.on("close"))
			send(req)
			want := []string{"error ERR_HTTP_CONTENT_LENGTH_MISMATCH", "close"}
			if name == "longer twice" {
				want = slices.Insert(want, 1, "error ECONNRESET")
			}
			log.expect(t, want...)
		})
	}
}
