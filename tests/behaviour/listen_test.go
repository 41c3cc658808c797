package behaviour_test

// Where and how a server listens, as real Nodes do with the same calls: an occupied path
// is an error whatever is there, the server's own one is removed when it closes, and a
// missing directory is EACCES.

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	http "nodehttp/generated/http"
	v0_4 "nodehttp/generated/v0_4"
	v0_8 "nodehttp/generated/v0_8"
	v19_0 "nodehttp/generated/v19_0"
	"nodehttp/tests/leak"
)

// listening returns a server that listens as o says until the test ends.
func listening(t *testing.T, o http.ListenOptions) *http.Server {
	t.Helper()
	leak.Check(t)
	s := http.CreateServer(func(_ *http.IncomingMessage, res *http.ServerResponse) { res.EndString("x") })
	s.OnError(func(err error) { t.Error(err) })
	if err := s.ListenWith(o); err != nil {
		t.Fatal(err)
	}
	if !s.Listening() {
		t.FailNow()
	}
	stopAtEnd(t, s)
	return s
}

// serves asks s once, at an address.
func serves(t *testing.T, network, address string) {
	t.Helper()
	c, err := net.Dial(network, address)
	if err != nil {
		t.Fatal(err)
	}
	w := onWire(t, c)
	w.send(getAndClose)
	if got := w.rest(); !strings.HasPrefix(got, "HTTP/1.1 200 OK\r\n") || !strings.Contains(got, "x") {
		t.Errorf("got %q", got)
	}
}

// listenFails returns the code of the error with which a server does not listen.
func listenFails(t *testing.T, o http.ListenOptions) string {
	t.Helper()
	errs := make(chan error, 1)
	s := http.CreateServer()
	s.OnError(func(err error) { errs <- err })
	err := s.ListenWith(o)
	if told := wait(t, errs, "an error"); told != err {
		t.Errorf("'error' tells %v in place of %v", told, err)
	}
	if s.Listening() || s.Address() != nil {
		t.Errorf("the server listens at %v in spite of %v", s.Address(), err)
	}
	return code(err)
}

// The kernel's queue is as long as the program asked: it takes so many connections that
// are not accepted, and one more, and leaves the next without an answer. They come one
// by one: of those that come together it may answer more than there is room for.
func TestBacklog(t *testing.T) {
	leak.Check(t)
	for _, backlog := range []int{1, 5} {
		l, address := unaccepting(t, backlog)
		for range backlog + 1 {
			c, err := net.Dial("tcp", address)
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
		}
		if c, err := net.DialTimeout("tcp", address, 300*time.Millisecond); err == nil {
			c.Close()
			t.Errorf("a backlog of %d took more than %d connections", backlog, backlog+1)
		}
		l.Close()
	}
}

// unaccepting listens with a backlog, on a server that accepts nothing: its
// descriptor is shared, and the server is closed.
func unaccepting(t *testing.T, backlog int) (net.Listener, string) {
	t.Helper()
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	file, err := inner.(*net.TCPListener).File()
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	fd, err := syscall.Dup(int(file.Fd()))
	if err != nil {
		t.Fatal(err)
	}
	s := http.CreateServer()
	if err := s.ListenWith(http.ListenOptions{FD: &fd, Backlog: backlog}); err != nil {
		t.Fatal(err)
	}
	closed := make(chan struct{})
	s.Close(func(error) { close(closed) })
	wait(t, closed, "the server to close")
	return inner, inner.Addr().String()
}

func TestListenAtADescriptor(t *testing.T) {
	leak.Check(t)
	socket := func() int {
		fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
		if err != nil {
			t.Fatal(err)
		}
		if err := syscall.Bind(fd, &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
			t.Fatal(err)
		}
		return fd
	}
	fd := socket() // bound, and not listening yet
	s := listening(t, http.ListenOptions{FD: &fd})
	serves(t, "tcp", s.Address().String())

	older := v0_8.CreateServer(func(_ *v0_8.ServerRequest, res *v0_8.ServerResponse) { res.EndString("x") })
	if err := older.ListenFD(socket()); err != nil {
		t.Fatal(err)
	}
	serves(t, "tcp", older.Address().String())
	closed := make(chan struct{})
	older.Close(func(error) { close(closed) })
	wait(t, closed, "the server to close")
}

// What is no socket stays its owner's.
func TestListenAtADescriptorOfAnotherKind(t *testing.T) {
	leak.Check(t)
	file, err := os.Open("listen_test.go")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	fd, none := int(file.Fd()), 1<<20
	for name, fd := range map[string]*int{"a file": &fd, "nothing": &none} {
		if code := listenFails(t, http.ListenOptions{FD: fd}); code != "EINVAL" {
			t.Errorf("%s: %s", name, code)
		}
	}
	if _, err := io.ReadAll(file); err != nil {
		t.Errorf("the file cannot be read any more: %v", err)
	}
}

func TestListenAtAnOccupiedPath(t *testing.T) {
	moveAway(t)
	const file, stale, live = "file", "stale", "live"
	if err := os.WriteFile(file, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("unix", stale)
	if err != nil {
		t.Fatal(err)
	}
	l.(*net.UnixListener).SetUnlinkOnClose(false)
	l.Close()
	s := listening(t, http.ListenOptions{Path: live})
	for _, path := range []string{file, stale, live} {
		if code := listenFails(t, http.ListenOptions{Path: path}); code != "EADDRINUSE" {
			t.Errorf("%s: %s", path, code)
		}
		if _, err := os.Lstat(path); err != nil {
			t.Error(err)
		}
	}
	serves(t, "unix", live)
	closed := make(chan struct{})
	s.Close(func(error) { close(closed) })
	wait(t, closed, "the server to close")
	if _, err := os.Lstat(live); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the closed server's path: %v", err)
	}
	if err := s.ListenWith(http.ListenOptions{Path: live}); err != nil {
		t.Fatal(err)
	}
	serves(t, "unix", live)
}

func TestListenErrors(t *testing.T) {
	leak.Check(t)
	moveAway(t)
	for want, o := range map[string]http.ListenOptions{
		"EACCES":              {Path: "none/s"},
		"EINVAL":              {Path: "/" + strings.Repeat("x", 200)},
		"EADDRNOTAVAIL":       {Host: "192.0.2.1"},
		"ERR_SOCKET_BAD_PORT": {Port: -1},
	} {
		if code := listenFails(t, o); code != want {
			t.Errorf("%s instead of %s", code, want)
		}
	}
}

func TestPermissionsOfAPath(t *testing.T) {
	defer syscall.Umask(syscall.Umask(0o077))
	for want, o := range map[os.FileMode]http.ListenOptions{
		0o700: {},
		0o744: {ReadableAll: true},
		0o722: {WritableAll: true},
		0o766: {ReadableAll: true, WritableAll: true},
	} {
		moveAway(t)
		o.Path = "s"
		listening(t, o)
		info, err := os.Stat(o.Path)
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%o instead of %o", got, want)
		}
	}
}

func TestListenOnFamilies(t *testing.T) {
	l, err := net.Listen("tcp6", "[::1]:0")
	if err != nil {
		t.Logf("this machine has no IPv6: %v", err)
	} else {
		l.Close()
	}
	six := err == nil
	for name, c := range map[string]struct {
		o            http.ListenOptions
		over4, over6 bool
	}{
		"no host":            {http.ListenOptions{}, true, six},
		"::":                 {http.ListenOptions{Host: "::"}, true, true},
		"0.0.0.0":            {http.ListenOptions{Host: "0.0.0.0"}, true, false},
		"IPv6 only":          {http.ListenOptions{IPv6Only: true}, false, true},
		":: and IPv6 only":   {http.ListenOptions{Host: "::", IPv6Only: true}, false, true},
		"::1":                {http.ListenOptions{Host: "::1"}, false, true},
		"127.0.0.1":          {http.ListenOptions{Host: "127.0.0.1"}, true, false},
		"IPv4 and IPv6 only": {http.ListenOptions{Host: "127.0.0.1", IPv6Only: true}, true, false},
	} {
		if c.over6 && !six {
			continue
		}
		t.Run(name, func(t *testing.T) {
			s := listening(t, c.o)
			_, port, _ := net.SplitHostPort(s.Address().String())
			for address, reached := range map[string]bool{"127.0.0.1": c.over4, "::1": c.over6} {
				conn, err := net.Dial("tcp", net.JoinHostPort(address, port))
				if err == nil {
					conn.Close()
				}
				if (err == nil) != reached {
					t.Errorf("%s: %v", address, err)
				}
			}
		})
	}
}

// A signal closes the server as Close does, and only while it listens for it.
func TestListenSignal(t *testing.T) {
	signal, abort := context.WithCancel(t.Context())
	s := listening(t, http.ListenOptions{Host: "127.0.0.1", Signal: signal})
	idle := dial(t, s)
	idle.send(getRequest)
	idle.response()
	closed := make(chan struct{})
	s.OnceClose(func() { close(closed) })
	abort()
	wait(t, closed, "'close'")
	if got := idle.rest(); got != "" || s.Listening() {
		t.Errorf("got %q, listening %t", got, s.Listening())
	}

	signal, abort = context.WithCancel(t.Context())
	if err := s.ListenWith(http.ListenOptions{Host: "127.0.0.1", Signal: signal}); err != nil {
		t.Fatal(err)
	}
	again := make(chan struct{})
	s.Close(func(error) { close(again) })
	wait(t, again, "the server to close")
	if err := s.ListenWith(http.ListenOptions{Host: "127.0.0.1"}); err != nil {
		t.Fatal(err)
	}
	abort()
	serves(t, "tcp", s.Address().String())
}

func TestListenSignalThatIsDone(t *testing.T) {
	leak.Check(t)
	signal, abort := context.WithCancel(t.Context())
	abort()
	for name, v := range map[string]struct {
		server *http.Server
		want   []string
	}{
		"newest": {http.CreateServer(), []string{"close"}},
		"v19.0":  {(*http.Server)(v19_0.CreateServer()), []string{"listening", "close"}},
	} {
		t.Run(name, func(t *testing.T) {
			var events trace
			v.server.OnListening(events.on("listening"))
			v.server.OnClose(events.on("close"))
			if err := v.server.ListenWith(http.ListenOptions{Host: "127.0.0.1", Signal: signal}); err != nil {
				t.Fatal(err)
			}
			events.expect(t, v.want...)
			if v.server.Listening() {
				t.Error("it listens")
			}
		})
	}
}

// broken is a listener that fails for good.
type broken struct{ net.Listener }

func (broken) Accept() (net.Conn, error) { return nil, io.ErrUnexpectedEOF }

func TestListenerThatFailsForGood(t *testing.T) {
	leak.Check(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var events trace
	s := http.CreateServer()
	s.OnError(func(err error) { events.add("error %s", code(err)) })
	s.OnClose(events.on("close"))
	if err := s.ListenHandle(broken{l}); err != nil {
		t.Fatal(err)
	}
	events.expect(t, "error ECONNRESET", "close")
	if s.Listening() {
		t.Error("the server listens")
	}
}

// Before there were options, their places in the call said the same.
func TestListenOfTheFirstVersions(t *testing.T) {
	leak.Check(t)
	first := v0_4.CreateServer(func(_ *v0_4.ServerRequest, res *v0_4.ServerResponse) { res.EndString("x") })
	listens, closed := make(chan struct{}), make(chan struct{})
	first.OnClose(func(error) { close(closed) })
	if err := first.ListenHost(0, "127.0.0.1", func() { close(listens) }); err != nil {
		t.Fatal(err)
	}
	wait(t, listens, "'listening'")
	serves(t, "tcp", first.Address().String())
	first.Close()
	wait(t, closed, "'close'")

	second := v0_8.CreateServer(func(_ *v0_8.ServerRequest, res *v0_8.ServerResponse) { res.EndString("x") })
	listens, closed = make(chan struct{}), make(chan struct{})
	if err := second.ListenBacklog(0, "127.0.0.1", 5, func() { close(listens) }); err != nil {
		t.Fatal(err)
	}
	wait(t, listens, "'listening'")
	serves(t, "tcp", second.Address().String())
	second.Close(func(error) { close(closed) })
	wait(t, closed, "the server to close")
}

// scripted is a listener whose Accept gives what the test sends it.
type scripted struct {
	net.Listener
	accept chan any // a net.Conn or an error, by turns as Accept is called
	closed chan struct{}
}

func newScripted(t *testing.T) scripted {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return scripted{l, make(chan any), make(chan struct{})}
}

func (l scripted) Accept() (net.Conn, error) {
	select {
	case <-l.closed:
		return nil, net.ErrClosed
	case next := <-l.accept:
		if c, ok := next.(net.Conn); ok {
			return c, nil
		}
		return nil, next.(error)
	}
}

func (l scripted) Close() error {
	close(l.closed)
	return l.Listener.Close()
}

// connects has l accept a connection, and asks for something on it.
func (l scripted) connects(t *testing.T) {
	t.Helper()
	ours, theirs := net.Pipe()
	l.accept <- theirs
	w := onWire(t, ours)
	w.send(getAndClose)
	if got := w.rest(); !strings.HasPrefix(got, "HTTP/1.1 200 OK\r\n") {
		t.Errorf("got %q", got)
	}
}

// passing is an error that says of itself that it will pass.
type passing string

func (p passing) Error() string { return string(p) }
func (passing) Temporary() bool { return true }

// Running out of file descriptors is not an error of the server: it tries again and
// emits nothing, as Node does.
func TestAcceptWithoutDescriptors(t *testing.T) {
	leak.Check(t)
	hook := uncaught(t)
	l := newScripted(t)
	var events trace
	s := http.CreateServer(func(_ *http.IncomingMessage, res *http.ServerResponse) { res.EndString("x") })
	s.OnError(func(err error) { events.add("error %v", err) })
	if err := s.ListenHandle(l); err != nil {
		t.Fatal(err)
	}
	stopAtEnd(t, s)
	for _, errno := range []syscall.Errno{syscall.EMFILE, syscall.ENFILE} {
		l.accept <- &net.OpError{Op: "accept", Net: "tcp", Err: os.NewSyscallError("accept4", errno)}
	}
	l.connects(t)
	if err := s.Listen(0); !errors.Is(err, http.ErrServerAlreadyListen) {
		t.Errorf("listening twice: %v", err)
	}
	events.expect(t, "error "+http.ErrServerAlreadyListen.Error()) // and nothing before
	if len(hook) > 0 {
		t.Errorf("uncaught %v", <-hook)
	}
}

// A temporary error is emitted with its cause, also to listeners that come later, until
// the server accepts again.
func TestErrorsOfAcceptingRepeat(t *testing.T) {
	leak.Check(t)
	l := newScripted(t)
	var early, late, last trace
	s := http.CreateServer(func(_ *http.IncomingMessage, res *http.ServerResponse) { res.EndString("x") })
	s.OnError(func(err error) { early.add("%v", err) })
	if err := s.ListenHandle(l); err != nil {
		t.Fatal(err)
	}
	stopAtEnd(t, s)
	l.accept <- passing("first")
	early.until(t, "accept EIO: first")
	s.OnError(func(err error) { late.add("%v", err) })
	s.OnceError(func(err error) { late.add("once %v", err) })
	late.expect(t, "accept EIO: first", "once accept EIO: first")
	l.accept <- passing("second")
	late.expect(t, "accept EIO: first", "once accept EIO: first", "accept EIO: second")
	l.connects(t)
	s.OnError(func(err error) { last.add("%v", err) })
	l.accept <- passing("third")
	last.expect(t, "accept EIO: third")
	early.expect(t, "accept EIO: first", "accept EIO: second", "accept EIO: third")
}

// Every failure to listen is returned, and emitted to listeners alone, whether or not an
// earlier one was.
func TestListenFailsAgain(t *testing.T) {
	leak.Check(t)
	hook := uncaught(t)
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	o := http.ListenOptions{Host: "127.0.0.1", Port: taken.Addr().(*net.TCPAddr).Port}
	errs := make(chan error, 4)

	s := http.CreateServer()
	listen := func() {
		t.Helper()
		if err := s.ListenWith(o); code(err) != "EADDRINUSE" {
			t.Errorf("returned %v", err)
		}
	}
	listen()
	heard := s.OnError(func(err error) { errs <- err })
	for i := range 3 {
		if err := wait(t, errs, "an error"); code(err) != "EADDRINUSE" {
			t.Errorf("%d: %v", i, err)
		}
		listen()
	}
	wait(t, errs, "the last error")
	heard.Remove()
	listen() // which nobody is left to hear
	select {
	case err := <-hook:
		t.Errorf("uncaught %v", err)
	case <-time.After(time.Second): // twice as long as an error waits for a listener
	}
	if len(errs) > 0 {
		t.Error("one is told twice")
	}
}

// 'listening' and 'close' come as often as the server listens and closes, also for
// listeners that came too late the first time; those added by Once are called once.
func TestServerEventsRepeat(t *testing.T) {
	leak.Check(t)
	var events trace
	s := http.CreateServer()
	listen := func() {
		if err := s.ListenWith(http.ListenOptions{Host: "127.0.0.1"}); err != nil {
			t.Error(err)
		}
	}
	closes := func() {
		done := make(chan struct{})
		s.Close(func(error) { close(done) })
		wait(t, done, "the server to close")
	}
	listen()
	s.OnListening(events.on("listening"))
	s.OnceListening(events.on("once listening"))
	closes()
	s.OnClose(events.on("close"))
	s.OnceClose(events.on("once close"))
	listen()
	closes()
	events.expect(t, "listening", "once listening", "close", "once close", "listening", "close")
}

// If a server is made to listen several times at once, what the losing call has opened
// is closed.
func TestListenTwiceAtOnce(t *testing.T) {
	leak.Check(t)
	moveAway(t)
	for i := range 50 {
		var events trace
		s := http.CreateServer()
		s.OnError(func(err error) { events.add("%s", code(err)) })
		paths := []string{fmt.Sprint(i, "a"), fmt.Sprint(i, "b")}
		var both sync.WaitGroup
		failed := make(chan error, 2)
		for _, path := range paths {
			both.Go(func() { failed <- s.ListenWith(http.ListenOptions{Path: path}) })
		}
		both.Wait()
		if one, other := <-failed, <-failed; (one == nil) == (other == nil) || code(cmp.Or(one, other)) != "ERR_SERVER_ALREADY_LISTEN" {
			t.Errorf("returned %v and %v", one, other)
		}
		events.expect(t, "ERR_SERVER_ALREADY_LISTEN")
		done := make(chan struct{})
		s.Close(func(error) { close(done) })
		wait(t, done, "the server to close")
		for _, path := range paths {
			if _, err := os.Lstat(path); !errors.Is(err, os.ErrNotExist) {
				t.Fatalf("%s is left: %v", path, err)
			}
		}
	}
}

// A server serves a request that its own listener makes and waits for, also if that
// listener made it listen.
func TestAskOwnServerInItsListener(t *testing.T) {
	leak.Check(t)
	s := http.CreateServer(func(_ *http.IncomingMessage, res *http.ServerResponse) { res.EndString("hello") })
	asked := make(chan error, 3)
	ask := func() {
		res, err := http.GetURLWith(url(s, "/"), alone(http.RequestOptions{})).Await(t.Context())
		if err == nil {
			_, err = io.Copy(io.Discard, res)
		}
		asked <- err
	}
	again := make(chan struct{})
	s.OnListening(ask)
	s.OnceClose(func() {
		if err := s.ListenWith(http.ListenOptions{Host: "127.0.0.1"}, func() { close(again) }); err != nil {
			t.Fatal(err)
		}
		ask()
	})
	if err := s.ListenWith(http.ListenOptions{Host: "127.0.0.1"}); err != nil {
		t.Fatal(err)
	}
	for i := range 3 { // on 'listening', on 'close', and on 'listening' again
		if err := wait(t, asked, "the answer"); err != nil {
			t.Error(err)
		}
		if i == 0 {
			s.Close()
		}
	}
	wait(t, again, "'listening'")
	stopAtEnd(t, s)
}

// 'listening' comes before the first connection, however early that is.
func TestListeningComesFirst(t *testing.T) {
	for range 50 {
		var order trace
		s := http.CreateServer()
		s.OnConnection(func(sock *http.Socket) { order.add("connection"); sock.Destroy() })
		if err := s.ListenWith(http.ListenOptions{Host: "127.0.0.1"}, func() { order.add("listening") }); err != nil {
			t.Fatal(err)
		}
		c, err := net.Dial("tcp", s.Address().String())
		if err != nil {
			t.Fatal(err)
		}
		io.Copy(io.Discard, c)
		c.Close()
		if got := order.all(); !slices.Equal(got, []string{"listening", "connection"}) {
			t.Fatalf("%v", got)
		}
		closed := make(chan struct{})
		s.Close(func(error) { close(closed) })
		wait(t, closed, "the server to close")
	}
}
