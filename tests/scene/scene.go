// Package scene brings about the situations in which the generated tests look at
// a version's package: servers, peers that speak in bytes, requests in a given
// state, a record of what happens. It works on the runtime's types, under which
// every version's lie, and decides nothing about what is right: what must happen
// stands in spec/, and in the tests that are generated from it.
package scene

import (
	"context"
	"errors"
	"io"
	"net"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nodehttp/core"
	"nodehttp/generated/profile"
	"nodehttp/runtime"
	"nodehttp/runtime/socket"
)

// patience bounds every wait for something that must happen.
const patience = 30 * time.Second

// Serve has s listen on a free port of the loopback interface until t ends.
func Serve(t testing.TB, s *runtime.Server) {
	t.Helper()
	t.Cleanup(func() {
		if !s.Listening() {
			s.CloseAllConnections()
			return
		}
		closed := make(chan struct{})
		s.Close(func(error) { close(closed) })
		s.CloseAllConnections()
		wait(t, closed, "the server to close")
	})
	if err := s.ListenWith(socket.ListenOptions{Host: "127.0.0.1"}); err != nil {
		t.Fatal(err)
	}
	if !s.Listening() {
		t.Fatal("the server does not listen")
	}
}

// Get is the request that a peer sends to a server unless a test says otherwise.
const Get = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"

// Send connects to s and writes bytes. then is what comes next: "close",
// "reset", "echo", or to read whatever comes until t ends.
func Send(t testing.TB, s *runtime.Server, bytes, then string) {
	t.Helper()
	address := s.Address()
	c, err := net.Dial(address.Network(), address.String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if _, err := io.WriteString(c, bytes); err != nil {
		t.Fatal(err)
	}
	if !leave(c, then) {
		go stay(c, then)
	}
}

// stay reads until the connection ends, and sends back what comes if then is
// "echo".
func stay(c net.Conn, then string) {
	if then == "echo" {
		io.Copy(c, c)
		return
	}
	io.Copy(io.Discard, c)
}

// leave ends the connection as then says, and reports whether it did.
func leave(c net.Conn, then string) bool {
	switch then {
	case "reset":
		c.(*net.TCPConn).SetLinger(0)
	case "close":
	default:
		return false
	}
	c.Close()
	return true
}

// Answer starts a server that reads the head of one request on each connection,
// writes bytes and then closes or resets it, or keeps it open until t ends, as
// then says: see Send.
func Answer(t testing.TB, bytes, then string) (port int) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var open sync.WaitGroup
	t.Cleanup(func() { l.Close(); open.Wait() })
	ended := t.Context()
	open.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			open.Go(func() {
				defer c.Close()
				defer context.AfterFunc(ended, func() { c.Close() })()
				if head(c) != nil {
					return
				}
				io.WriteString(c, bytes)
				if then == "close" {
					// What is in flight arrives before the end does, and the peer has
					// time to look at the one before the other.
					c.(*net.TCPConn).CloseWrite()
					io.Copy(io.Discard, c)
				}
				if !leave(c, then) {
					stay(c, then)
				}
			})
		}
	})
	return l.Addr().(*net.TCPAddr).Port
}

// head reads to the end of a message's head.
func head(c net.Conn) error {
	var read strings.Builder
	b := make([]byte, 1)
	for !strings.HasSuffix(read.String(), "\r\n\r\n") {
		if _, err := c.Read(b); err != nil {
			return err
		}
		read.Write(b)
	}
	return nil
}

// Request returns a request to a server that answers with bytes and then does
// what Answer says. link is what keeps it from the server: "refused", "queued",
// "pending", or nothing, which is "connected". It has an agent of its own
// unless o names one.
func Request(t testing.TB, p *profile.Profile, o runtime.RequestOptions, link, bytes, then string) *runtime.ClientRequest {
	t.Helper()
	agent := runtime.AgentOptions{}
	switch link {
	case "refused":
		o.Host, o.Port = "127.0.0.1", refused(t)
	case "pending":
		ended := t.Context()
		agent.CreateConnection = func(context.Context, socket.ConnectOptions) (net.Conn, error) {
			<-ended.Done()
			return nil, errors.New("the test has ended")
		}
	case "queued":
		agent.MaxSockets = 1
		fallthrough
	default:
		o.Host, o.Port = "127.0.0.1", Answer(t, bytes, then)
	}
	if o.Agent == nil {
		o.Agent = runtime.NewAgent(p, agent)
		t.Cleanup(o.Agent.Destroy)
	}
	if link == "queued" {
		first := runtime.NewRequest(p, "", o)
		first.Outgoing().OnError(func(error) {})
		t.Cleanup(func() { first.Outgoing().Destroy() })
	}
	r := runtime.NewRequest(p, "", o)
	r.Outgoing().OnError(func(error) {})
	t.Cleanup(func() { r.Outgoing().Destroy() })
	return r
}

var lastPort atomic.Int32

// Port returns a port that it has not returned before, for tests that tell objects apart
// by it and do not connect.
func Port() int { return int(lastPort.Add(1)) }

// refused returns a port at which nothing listens, and nothing can before the end of the
// test: a connection goes out from it.
func refused(t testing.TB) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	c, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	end, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close(); end.Close() })
	return c.LocalAddr().(*net.TCPAddr).Port
}

// Expected is an event that must fire.
type Expected struct {
	t     testing.TB
	what  string
	once  sync.Once
	fired chan struct{}
}

// Expect returns the event called what, which must fire before Wait gives up.
func Expect(t testing.TB, what string) *Expected {
	return &Expected{t: t, what: what, fired: make(chan struct{})}
}

// Fire says that the event has fired.
func (e *Expected) Fire() { e.once.Do(func() { close(e.fired) }) }

// Carry compares an argument of the event.
func (e *Expected) Carry(name string, want, got any) {
	if diff := cmp.Diff(want, got); diff != "" {
		e.t.Errorf("%s: %s is not what the model says (-want +got):\n%s", e.what, name, diff)
	}
}

// Wait waits until the event has fired.
func (e *Expected) Wait() {
	e.t.Helper()
	wait(e.t, e.fired, e.what)
}

func wait[T any](t testing.TB, c <-chan T, what string) (v T) {
	t.Helper()
	select {
	case v = <-c:
	case <-time.After(patience):
		t.Fatalf("waited in vain for %s", what)
	}
	return v
}

// Log records what happens, each thing once in a row.
type Log struct {
	mu     sync.Mutex
	events []string
	grown  chan struct{}
}

// Add notes an event, unless it is the one noted last.
func (l *Log) Add(event string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if n := len(l.events); n > 0 && l.events[n-1] == event {
		return
	}
	l.events = append(l.events, event)
	if l.grown != nil {
		close(l.grown)
		l.grown = nil
	}
}

// AddError notes an event that carries an error, with its code if the log is
// to have that.
func (l *Log) AddError(event string, err error, coded bool) {
	if coded {
		event += " " + Code(err)
	}
	l.Add(event)
}

// Compare waits for the last of the events that are wanted, and compares the log.
func (l *Log) Compare(t testing.TB, want ...string) {
	t.Helper()
	limit := time.NewTimer(patience)
	defer limit.Stop()
	for {
		l.mu.Lock()
		events, seen := append([]string(nil), l.events...), false
		for _, e := range events {
			seen = seen || e == want[len(want)-1]
		}
		if l.grown == nil {
			l.grown = make(chan struct{})
		}
		grown := l.grown
		l.mu.Unlock()
		if seen {
			if diff := cmp.Diff(want, events); diff != "" {
				t.Errorf("the events are not in the model's order (-want +got):\n%s", diff)
			}
			return
		}
		select {
		case <-grown:
		case <-limit.C:
			t.Fatalf("no %q after %q", want[len(want)-1], events)
		}
	}
}

// Code is Node's code of err, or its text if it has none.
func Code(err error) string {
	var e *core.Error
	switch {
	case err == nil:
		return ""
	case errors.As(err, &e):
		return e.Code
	}
	return err.Error()
}

// Fault is the code and the kind of an error that a call has answered with.
type Fault struct{ Code, Kind string }

// Faults collects the errors that a call may answer with, be it at once or
// later.
type Faults chan error

// Compare waits for the first error and compares it.
func (f Faults) Compare(t testing.TB, what string, want Fault) {
	t.Helper()
	err := wait(t, f, what+" to fail")
	var e *core.Error
	if !errors.As(err, &e) {
		t.Errorf("%s answers with %v, which has no code: want %v", what, err, want)
		return
	}
	if diff := cmp.Diff(want, Fault{e.Code, e.Kind}); diff != "" {
		t.Errorf("%s fails otherwise than the model says (-want +got):\n%s", what, diff)
	}
}

// Add notes an error, or that there was none.
func (f Faults) Add(err error) {
	select {
	case f <- err:
	default: // the first counts
	}
}

// NewFaults returns an empty collection.
func NewFaults() Faults { return make(Faults, 1) }

// Compare compares what was read from live objects with what the model says.
func Compare(t testing.TB, want, got map[string]any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("not what the model says (-want +got):\n%s", diff)
	}
}

// Headers reads header fields of the form "name: value" from lines.
func Headers(fields string) runtime.Headers {
	var h runtime.Headers
	for field := range strings.SplitSeq(fields, "\r\n") {
		name, value, _ := strings.Cut(field, ": ")
		h = append(h, [2]string{name, value})
	}
	return h
}

// URL is the address of a path at a port of this machine.
func URL(port int, path string) string { return "http://127.0.0.1:" + strconv.Itoa(port) + path }

// Response returns the response to a request that a server has received and does not
// answer.
func Response(t testing.TB, p *profile.Profile) *runtime.ServerResponse {
	t.Helper()
	_, res := exchanged(t, p)
	return res
}

// Incoming returns a request that a server has received and does not answer.
func Incoming(t testing.TB, p *profile.Profile) *runtime.IncomingMessage {
	t.Helper()
	req, _ := exchanged(t, p)
	return req
}

func exchanged(t testing.TB, p *profile.Profile) (*runtime.IncomingMessage, *runtime.ServerResponse) {
	t.Helper()
	type pair struct {
		req *runtime.IncomingMessage
		res *runtime.ServerResponse
	}
	got := make(chan pair, 1)
	s := runtime.NewServer(p, runtime.ServerOptions{}, func(req *runtime.IncomingMessage, res *runtime.ServerResponse) {
		req.OnError(func(error) {})
		res.Outgoing().OnError(func(error) {})
		got <- pair{req, res}
	})
	Serve(t, s)
	Send(t, s, Get, "")
	both := wait(t, got, "a request")
	return both.req, both.res
}

// Reply returns the response, with a body of two bytes, to a request.
func Reply(t testing.TB, p *profile.Profile) *runtime.IncomingMessage {
	t.Helper()
	got := make(chan *runtime.IncomingMessage, 1)
	r := Request(t, p, runtime.RequestOptions{}, "", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", "")
	r.OnResponse(func(res *runtime.IncomingMessage) {
		res.OnError(func(error) {})
		got <- res
	})
	r.Outgoing().End()
	return wait(t, got, "a response")
}

// Socket returns a socket that a server has given away to speak another protocol.
func Socket(t testing.TB, p *profile.Profile) *socket.Socket {
	t.Helper()
	got := make(chan *socket.Socket, 1)
	s := runtime.NewServer(p, runtime.ServerOptions{})
	s.OnUpgrade(func(_ *runtime.IncomingMessage, socket *socket.Socket, _ []byte) {
		socket.OnError(func(error) {})
		t.Cleanup(func() { socket.Destroy() })
		got <- socket
	})
	Serve(t, s)
	Send(t, s, "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: test\r\n\r\n", "")
	return wait(t, got, "a socket")
}
