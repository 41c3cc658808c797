package behaviour_test

// Files as bodies: however they travel, the bytes are right.

import (
	"bytes"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	http "nodehttp/generated/http"
	"nodehttp/tests/leak"
)

// fileOf makes a file with content, open for reading.
func fileOf(t *testing.T, content []byte) *os.File {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// sentFile is how a file was sent.
type sentFile struct {
	n        int64
	err, end error
}

// serveFile answers with length as Content-Length and with what send sends.
func serveFile(t *testing.T, length int, send func(*http.ServerResponse) (int64, error)) (*http.Server, <-chan sentFile) {
	t.Helper()
	sent := make(chan sentFile, 16)
	return start(t, func(_ *http.IncomingMessage, res *http.ServerResponse) {
		if length >= 0 {
			res.SetHeader("Content-Length", strconv.Itoa(length))
		}
		n, err := send(res)
		sent <- sentFile{n, err, res.End()}
	}), sent
}

func TestFilesAsBodies(t *testing.T) {
	content := large[:3<<20]
	at := func(f *os.File, offset int64) *os.File { f.Seek(offset, io.SeekStart); return f }
	for name, c := range map[string]struct {
		length int
		send   func(*http.ServerResponse, *os.File) (int64, error)
		want   []byte
	}{
		"whole":      {len(content), func(res *http.ServerResponse, f *os.File) (int64, error) { return res.ReadFrom(f) }, content},
		"by io.Copy": {len(content), func(res *http.ServerResponse, f *os.File) (int64, error) { return io.Copy(res, f) }, content},
		"from an offset": {len(content) - 12345, func(res *http.ServerResponse, f *os.File) (int64, error) {
			return res.ReadFrom(at(f, 12345))
		}, content[12345:]},
		"a part": {1 << 20, func(res *http.ServerResponse, f *os.File) (int64, error) {
			return io.CopyN(res, at(f, 7), 1<<20)
		}, content[7 : 7+1<<20]},
		"two parts, the second first": {2 << 20, func(res *http.ServerResponse, f *os.File) (int64, error) {
			n, err := io.CopyN(res, at(f, 1<<20), 1<<20)
			if err != nil {
				return n, err
			}
			m, err := io.CopyN(res, at(f, 0), 1<<20)
			return n + m, err
		}, append(bytes.Clone(content[1<<20:2<<20]), content[:1<<20]...)},
		"between writes": {len(content) + 10, func(res *http.ServerResponse, f *os.File) (int64, error) {
			res.WriteChunk([]byte("begin"))
			n, err := res.ReadFrom(f)
			res.WriteString("ended")
			return n, err
		}, append(append([]byte("begin"), content...), "ended"...)},
		"behind a large write": {2 * len(content), func(res *http.ServerResponse, f *os.File) (int64, error) {
			res.WriteChunk(content)
			return res.ReadFrom(f)
		}, append(bytes.Clone(content), content...)},
		"corked": {len(content), func(res *http.ServerResponse, f *os.File) (int64, error) {
			res.Cork()
			return res.ReadFrom(f)
		}, content},
		"in chunks": {-1, func(res *http.ServerResponse, f *os.File) (int64, error) { return res.ReadFrom(f) }, content},
		"longer than Content-Length, by a part": {1 << 20, func(res *http.ServerResponse, f *os.File) (int64, error) {
			return io.CopyN(res, f, 1<<20)
		}, content[:1<<20]},
	} {
		t.Run(name, func(t *testing.T) {
			f := fileOf(t, content)
			s, sent := serveFile(t, c.length, func(res *http.ServerResponse) (int64, error) { return c.send(res, f) })
			w := dial(t, s)
			for range 2 { // the connection is as good as before
				w.send(getRequest)
				if _, b := w.response(); b != string(c.want) {
					t.Fatalf("got %d bytes, not %d, or others", len(b), len(c.want))
				}
				if r := wait(t, sent, "the file to be sent"); r.err != nil || r.end != nil {
					t.Errorf("got %+v", r)
				}
				at(f, 0)
			}
		})
	}
}

// A body without room for it reads the file and sends nothing.
func TestFileAsTheBodyOfHead(t *testing.T) {
	f := fileOf(t, large[:1<<20])
	s, sent := serveFile(t, 1<<20, func(res *http.ServerResponse) (int64, error) { return res.ReadFrom(f) })
	w := dial(t, s)
	w.send("HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
	if got := w.rest(); len(got) > 300 {
		t.Errorf("got %d bytes", len(got))
	}
	if r := wait(t, sent, "the file to be sent"); r.n != 1<<20 || r.err != nil {
		t.Errorf("got %+v", r)
	}
}

func TestFilesThatDoNotFit(t *testing.T) {
	f := fileOf(t, large[:1<<20])
	for name, c := range map[string]struct {
		length int
		sent   int64
		err    error
		end    error
	}{
		"longer than Content-Length":  {1<<20 - 1000, 1<<20 - 1000, http.ErrHTTPContentLengthMismatch, nil},
		"shorter than Content-Length": {1<<20 + 1, 1 << 20, nil, http.ErrHTTPContentLengthMismatch},
	} {
		t.Run(name, func(t *testing.T) {
			f.Seek(0, io.SeekStart)
			s, sent := serveFile(t, c.length, func(res *http.ServerResponse) (int64, error) { return res.ReadFrom(f) })
			w := dial(t, s)
			w.send(getAndClose)
			got, _ := io.ReadAll(w.r)
			_, b, _ := bytes.Cut(got, []byte("\r\n\r\n"))
			if !bytes.Equal(b, large[:c.sent]) {
				t.Errorf("got %d bytes, not %d, or others", len(b), c.sent)
			}
			r := wait(t, sent, "the file to be sent")
			if r.n != c.sent || !errors.Is(r.err, c.err) || !errors.Is(r.end, c.end) {
				t.Errorf("got %+v", r)
			}
		})
	}
}

// A file that is truncated while it is sent ends the message early, and so the
// connection.
func TestFileThatIsTruncatedMeanwhile(t *testing.T) {
	leak.Check(t)
	path := filepath.Join(t.TempDir(), "file")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	const size = 256 << 20
	if err := f.Truncate(size); err != nil {
		t.Fatal(err)
	}
	s, sent := serveFile(t, size, func(res *http.ServerResponse) (int64, error) { return res.ReadFrom(f) })
	w := dial(t, s)
	w.send(getRequest)
	w.head()
	if err := os.Truncate(path, size/4); err != nil {
		t.Fatal(err)
	}
	n, _ := io.Copy(io.Discard, w.r)
	r := wait(t, sent, "the file to be sent")
	if n != r.n || n >= size || r.err != nil || !errors.Is(r.end, http.ErrHTTPContentLengthMismatch) {
		t.Errorf("got %d bytes and %+v", n, r)
	}
}

// A peer that goes away, or a Destroy from elsewhere, ends the sending.
func TestFileWhosePeerGoesAway(t *testing.T) {
	for name, leave := range map[string]func(*wire, *http.ServerResponse){
		"reset":   func(w *wire, _ *http.ServerResponse) { w.reset() },
		"destroy": func(_ *wire, res *http.ServerResponse) { res.Destroy() },
		"socket":  func(_ *wire, res *http.ServerResponse) { res.Socket().Destroy() },
	} {
		t.Run(name, func(t *testing.T) {
			f := fileOf(t, large)
			begun := make(chan *http.ServerResponse, 1)
			s, sent := serveFile(t, len(large), func(res *http.ServerResponse) (int64, error) {
				begun <- res
				return res.ReadFrom(f)
			})
			w := dial(t, s)
			w.send(getRequest)
			w.head()
			leave(w, wait(t, begun, "the response"))
			if r := wait(t, sent, "ReadFrom to fail"); r.err == nil || r.n == int64(len(large)) || r.end == nil {
				t.Errorf("got %+v", r)
			}
		})
	}
}

// A write deadline ends it as well.
func TestFileAndWriteDeadline(t *testing.T) {
	f := fileOf(t, large)
	s, sent := serveFile(t, len(large), func(res *http.ServerResponse) (int64, error) {
		res.Socket().SetWriteDeadline(time.Now().Add(100 * time.Millisecond))
		return res.ReadFrom(f)
	})
	w := dial(t, s)
	w.send(getRequest)
	if r := wait(t, sent, "ReadFrom to fail"); code(r.err) != "ERR_STREAM_DESTROYED" || !errors.Is(r.err, os.ErrDeadlineExceeded) {
		t.Errorf("got %+v", r)
	}
}

// Answers that are given meanwhile leave behind the file, in order.
func TestPipelinedFiles(t *testing.T) {
	f := fileOf(t, large)
	g := fileOf(t, large[:1<<20])
	others := make(chan struct{})
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		switch req.URL() {
		case "/large":
			res.SetHeader("Content-Length", strconv.Itoa(len(large)))
			go func() {
				<-others
				res.ReadFrom(f)
				res.End()
			}()
		case "/small":
			res.SetHeader("Content-Length", strconv.Itoa(1<<20))
			go func() {
				close(others)
				res.ReadFrom(g)
				res.End()
			}()
		default:
			res.EndString("x")
		}
	})
	w := dial(t, s)
	for _, path := range []string{"/large", "/", "/small"} {
		w.send("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n")
	}
	for _, want := range [][]byte{large, []byte("x"), large[:1<<20]} {
		if _, b := w.response(); b != string(want) {
			t.Fatalf("got %d bytes, not %d, or others", len(b), len(want))
		}
	}
}

// End from another goroutine comes behind the file, and 'finish' with the last
// of it.
func TestEndWhileAFileIsSent(t *testing.T) {
	f := fileOf(t, large)
	var events trace
	begun := make(chan *http.ServerResponse, 1)
	s := start(t, func(_ *http.IncomingMessage, res *http.ServerResponse) {
		res.SetHeader("Content-Length", strconv.Itoa(len(large)))
		res.OnFinish(events.on("finish"))
		go func() {
			begun <- res
			res.ReadFrom(f)
			events.add("sent")
		}()
	})
	w := dial(t, s)
	w.send(getRequest)
	w.expect("HTTP/1.1 200 OK\r\n")
	res := wait(t, begun, "the response")
	if err := res.End(); err != nil {
		t.Fatal(err)
	}
	w.expectLarge()
	events.until(t, "finish")
	events.until(t, "sent")
}

// A file goes over a Unix socket, and over a connection that has no descriptor
// of its own.
func TestFilesOverOtherConnections(t *testing.T) {
	moveAway(t)
	unix, err := net.Listen("unix", "s")
	if err != nil {
		t.Fatal(err)
	}
	memory := newPipes()
	for name, l := range map[string]net.Listener{"unix": unix, "pipe": memory} {
		t.Run(name, func(t *testing.T) {
			leak.Check(t)
			f := fileOf(t, large)
			s := http.CreateServer(func(_ *http.IncomingMessage, res *http.ServerResponse) {
				res.SetHeader("Content-Length", strconv.Itoa(len(large)))
				res.ReadFrom(f)
				res.End()
			})
			if err := s.ListenHandle(l); err != nil {
				t.Fatal(err)
			}
			stopAtEnd(t, s)
			var w *wire
			if l == memory {
				w = onWire(t, memory.dial())
			} else {
				w = dial(t, s)
			}
			w.send(getRequest)
			w.expect("HTTP/1.1 200 OK\r\n")
			w.expectLarge()
		})
	}
}

// A client sends a file in the same way.
func TestFileAsTheBodyOfARequest(t *testing.T) {
	f := fileOf(t, large)
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		res.EndString(strconv.FormatBool(body(t, req) == string(large)))
	})
	req := http.RequestURLWith(url(s, "/"), alone(http.RequestOptions{
		Method: "POST", Headers: http.Headers{{"Content-Length", strconv.Itoa(len(large))}},
	}))
	if n, err := req.ReadFrom(f); n != int64(len(large)) || err != nil {
		t.Errorf("%d bytes, %v", n, err)
	}
	req.End()
	res, err := req.Await(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if b := body(t, res); b != "true" {
		t.Error("other bytes have arrived")
	}
}

// A file can be sent again as well, if it is small enough to be kept.
func TestFileOfARequestThatIsSentAgain(t *testing.T) {
	const size = 48 << 10
	got := make(chan string, 1)
	var served atomic.Int32
	u := peer(t, func(w *wire) {
		head := w.head()
		switch served.Add(1) {
		case 1:
			w.send(okAnswer)
			w.head()
			w.reset()
		default:
			b := make([]byte, size)
			_, err := io.ReadFull(w.r, b)
			if !strings.HasPrefix(head, "PUT / ") || err != nil {
				t.Errorf("got %q (%v)", head, err)
			}
			got <- string(b)
			w.send(okAnswer)
		}
	})
	agent := http.NewAgent(http.AgentOptions{KeepAlive: true, RetryReused: true})
	defer agent.Destroy()
	ask(t, agent, u)
	req := http.RequestURLWith(u, http.RequestOptions{
		Agent: agent, Method: "PUT", Headers: http.Headers{{"Content-Length", strconv.Itoa(size)}},
	})
	if n, err := req.ReadFrom(fileOf(t, large[:size])); n != size || err != nil {
		t.Errorf("%d bytes, %v", n, err)
	}
	req.End()
	if _, err := req.Await(t.Context()); err != nil {
		t.Fatal(err)
	}
	if wait(t, got, "the file") != string(large[:size]) {
		t.Error("other bytes have arrived")
	}
}
