// Package behaviour_test tests what a program sees of nodehttp: through the
// newest generated package, over real sockets of the loopback interface.
//
// What lives in this file is what every test needs: a server, a connection
// that is spoken to in bytes, a record of events, and bounded waiting. What
// Node itself does is recorded by tests/referee.
package behaviour_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	nethttp "net/http"
	"os"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	http "nodehttp/generated/http"
	"nodehttp/tests/leak"
)

// patience bounds every wait for something that must happen. A test that
// reaches it has failed, so it is far beyond what a busy machine needs.
const patience = 30 * time.Second

// start serves with listener on a free port until the test ends, and checks
// then that nothing is left of it.
func start(t testing.TB, listener func(*http.IncomingMessage, *http.ServerResponse)) *http.Server {
	t.Helper()
	return startOptions(t, http.ServerOptions{}, listener)
}

func startOptions(t testing.TB, o http.ServerOptions, listener func(*http.IncomingMessage, *http.ServerResponse)) *http.Server {
	t.Helper()
	leak.Check(t)
	s := http.CreateServerWith(o)
	if listener != nil {
		s.OnRequest(listener)
	}
	if err := s.ListenWith(http.ListenOptions{Host: "127.0.0.1"}); err != nil {
		t.Fatal(err)
	}
	if !s.Listening() {
		t.Fatal("the server does not listen")
	}
	stopAtEnd(t, s)
	return s
}

func stopAtEnd(t testing.TB, s *http.Server) {
	t.Cleanup(func() {
		closed := make(chan struct{})
		s.Close(func(error) { close(closed) })
		s.CloseAllConnections()
		wait(t, closed, "the server to close")
	})
}

// url is the address of a path on s.
func url(s *http.Server, path string) string { return "http://" + s.Address().String() + path }

// wait waits for a value, or fails the test.
func wait[T any](t testing.TB, c <-chan T, what string) (v T) {
	t.Helper()
	select {
	case v = <-c:
	case <-time.After(patience):
		t.Errorf("waited in vain for %s\n%s", what, stacks())
		t.FailNow()
	}
	return v
}

// stacks are the goroutines that run code of nodehttp.
func stacks() string {
	buffer := make([]byte, 1<<20)
	all := strings.Split(string(buffer[:runtime.Stack(buffer, true)]), "\n\n")
	return strings.Join(slices.DeleteFunc(all, func(s string) bool { return !strings.Contains(s, "nodehttp/") }), "\n\n")
}

// wire is a connection that is spoken to in bytes.
type wire struct {
	net.Conn
	t testing.TB
	r *bufio.Reader
}

// dial connects to s.
func dial(t testing.TB, s *http.Server) *wire {
	t.Helper()
	c, err := net.Dial(s.Address().Network(), s.Address().String())
	if err != nil {
		t.Fatal(err)
	}
	return onWire(t, c)
}

func onWire(t testing.TB, c net.Conn) *wire {
	c.SetDeadline(time.Now().Add(4 * patience)) // for all that is said on it
	t.Cleanup(func() { c.Close() })
	return &wire{c, t, bufio.NewReader(c)}
}

// send writes the parts.
func (w *wire) send(parts ...string) {
	w.t.Helper()
	for _, p := range parts {
		if _, err := io.WriteString(w.Conn, p); err != nil {
			w.t.Fatal(err)
		}
	}
}

var dateField = regexp.MustCompile(`Date: [^\r]* GMT`)

// undated replaces the Date fields of a message by "Date: NOW".
func undated(s string) string { return dateField.ReplaceAllString(s, "Date: NOW") }

// expect reads as many bytes as want has, apart from the date, and compares.
func (w *wire) expect(want string) {
	w.t.Helper()
	dates := strings.Count(want, "Date: NOW")
	got := make([]byte, len(want)+dates*(len(time.RFC1123)-len("NOW")))
	n, err := io.ReadFull(w.r, got)
	if s := undated(string(got[:n])); s != want || err != nil {
		w.t.Fatalf("got  %q (%v)\nwant %q", s, err, want)
	}
}

// rest reads until the peer has closed.
func (w *wire) rest() string {
	w.t.Helper()
	b, err := io.ReadAll(w.r)
	if err != nil {
		w.t.Fatalf("%v after %q", err, b)
	}
	return undated(string(b))
}

// cut reads until the connection ends, in whichever way.
func (w *wire) cut() string {
	w.t.Helper()
	b, err := io.ReadAll(w.r)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		w.t.Fatalf("open after %q", b)
	}
	return undated(string(b))
}

// response reads one response with its body, as net/http understands it.
func (w *wire) response() (*nethttp.Response, string) {
	w.t.Helper()
	res, err := nethttp.ReadResponse(w.r, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	body, err := io.ReadAll(res.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return res, string(body)
}

// reset closes the connection with a RST.
func (w *wire) reset() {
	w.Conn.(*net.TCPConn).SetLinger(0)
	w.Conn.Close()
}

// trace is a record of events.
type trace struct {
	mu     sync.Mutex
	events []string
	grown  chan struct{}
}

// add notes an event.
func (r *trace) add(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.events = append(r.events, fmt.Sprintf(format, args...))
	if r.grown != nil {
		close(r.grown)
		r.grown = nil
	}
}

// on returns a function that notes an event.
func (r *trace) on(name string) func() { return func() { r.add("%s", name) } }

func (r *trace) all() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.events)
}

// until waits for an event.
func (r *trace) until(t testing.TB, event string) {
	t.Helper()
	limit := time.After(patience)
	for {
		r.mu.Lock()
		if slices.Contains(r.events, event) {
			r.mu.Unlock()
			return
		}
		if r.grown == nil {
			r.grown = make(chan struct{})
		}
		grown := r.grown
		r.mu.Unlock()
		select {
		case <-grown:
		case <-limit:
			t.Fatalf("no %q after %q\n%s", event, r.all(), stacks())
		}
	}
}

// expect waits for the last of the events, and compares them all.
func (r *trace) expect(t testing.TB, want ...string) {
	t.Helper()
	r.until(t, want[len(want)-1])
	if got := r.all(); !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// code is Node's code of an error.
func code(err error) string {
	var e *http.Error
	switch {
	case err == nil:
		return ""
	case errors.As(err, &e):
		return e.Code
	}
	return err.Error()
}

// uncaught collects what reaches the hook of uncaught errors until the test ends.
func uncaught(t testing.TB) <-chan error {
	c := make(chan error, 16)
	http.OnUncaughtError(func(err error) {
		select {
		case c <- err:
		default: // a test looks at the first ones
		}
	})
	t.Cleanup(func() { http.OnUncaughtError(nil) })
	return c
}

// moveAway makes a new directory the working one until the test ends. The path of a
// socket is a name there: how long it may be is little, and the directory's path is
// as long as it likes.
func moveAway(t *testing.T) { t.Chdir(t.TempDir()) }

// body reads a message's body to its end.
func body(t testing.TB, m io.Reader) string {
	t.Helper()
	b, err := io.ReadAll(m)
	if err != nil {
		t.Errorf("body: %v after %d bytes", err, len(b))
	}
	return string(b)
}
