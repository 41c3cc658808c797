package behaviour_test

// The last answer of a connection reaches a client that has sent more than was
// read: closing does not reset it.

import (
	"bytes"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http/httptest"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	http "nodehttp/generated/http"
)

// lastAnswers are requests whose answer is the last of the connection, and the
// status of that.
var lastAnswers = map[string]struct{ request, status string }{
	"the response says close":   {"GET /close HTTP/1.1\r\nHost: h\r\n\r\n", "200 OK"},
	"the request says close":    {"GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", "200 OK"},
	"HTTP/1.0":                  {"GET / HTTP/1.0\r\n\r\n", "200 OK"},
	"an unread body":            {"POST /close HTTP/1.1\r\nHost: h\r\nContent-Length: 9999999\r\n\r\n", "200 OK"},
	"a chunked unread body":     {"POST /close HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n9999999\r\n", "200 OK"},
	"a malformed request":       {"GET / HTP/1.1\r\n\r\n", "400 Bad Request"},
	"too large a head":          {"GET / HTTP/1.1\r\nA: " + strings.Repeat("a", 20<<10), "431 Request Header Fields Too Large"},
	"a request that takes time": {"POST /wait HTTP/1.1\r\nHost: h\r\nContent-Length: 9999999\r\n\r\n", "408 Request Timeout"},
	"a response and a new one":  {"GET / HTTP/1.1\r\nHost: h\r\n\r\nGET / HTP/1.1\r\n\r\n", "400 Bad Request"},
}

func TestLastAnswerArrives(t *testing.T) {
	large := strings.Repeat("x", 1<<20)
	more := strings.Repeat("y", 1<<20)
	for name, c := range lastAnswers {
		for _, kind := range []string{"TCP", "TLS"} {
			t.Run(name+"/"+kind, func(t *testing.T) {
				o := http.ServerOptions{}
				if strings.HasPrefix(c.status, "408") {
					o.RequestTimeout, o.HeadersTimeout = new(20*time.Millisecond), new(time.Duration)
				}
				sending := make(chan struct{})
				s := startOptions(t, o, func(req *http.IncomingMessage, res *http.ServerResponse) {
					if req.URL() == "/wait" {
						return
					}
					<-sending // there is more than the server has read
					if req.URL() == "/close" {
						res.SetHeader("Connection", "close")
					}
					res.EndString(large)
				})
				w := dialKind(t, s, kind)
				w.send(c.request)
				written := make(chan struct{})
				go func() {
					defer close(written)
					w.Write([]byte(more[:64<<10]))
					close(sending)
					w.Write([]byte(more)) // may fail when the server has lost patience
				}()
				got, err := io.ReadAll(w.r)
				if err != nil {
					t.Errorf("%d bytes, then %v", len(got), err)
				}
				answer := string(got[max(strings.LastIndex(string(got), "HTTP/1.1 "), 0):])
				if !strings.HasPrefix(answer, "HTTP/1.1 "+c.status+"\r\n") || strings.HasPrefix(c.status, "200") && !strings.HasSuffix(answer, large) {
					t.Errorf("%d bytes: %.200q", len(got), got)
				}
				w.Close()
				<-written
			})
		}
	}
}

// dialKind connects to s over TCP or over TLS, which another server takes off.
func dialKind(t testing.TB, s *http.Server, kind string) *wire {
	t.Helper()
	if kind == "TCP" {
		return dial(t, s)
	}
	certified := httptest.NewTLSServer(nil)
	certified.Close()
	l, err := tls.Listen("tcp", "127.0.0.1:0", certified.TLS)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		if c, err := l.Accept(); err == nil && c.(*tls.Conn).Handshake() == nil { // a timeout that passes before could not be answered
			s.EmitConnection(c)
		}
	}()
	c, err := tls.Dial("tcp", l.Addr().String(), &tls.Config{InsecureSkipVerify: true})
	if err != nil {
		t.Fatal(err)
	}
	return onWire(t, c)
}

// A client that goes on sending is not listened to for ever.
func TestLingeringEnds(t *testing.T) {
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		res.SetHeader("Connection", "close")
		res.EndString("done")
	})
	w := dial(t, s)
	w.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
	if got := w.rest(); !strings.HasSuffix(got, "done") {
		t.Errorf("%q", got)
	}
	for more := make([]byte, 64<<10); ; {
		if _, err := w.Write(more); errors.Is(err, os.ErrDeadlineExceeded) {
			t.Fatal(err)
		} else if err != nil {
			break
		}
	}
}

// A request that takes too long fails at once for a goroutine that reads its body,
// though the connection has to wait for an earlier answer.
func TestSlowBodyFailsItsReader(t *testing.T) {
	first := make(chan *http.ServerResponse, 1)
	failed := make(chan error, 1)
	s := startOptions(t, http.ServerOptions{RequestTimeout: new(20 * time.Millisecond), HeadersTimeout: new(time.Duration)}, func(req *http.IncomingMessage, res *http.ServerResponse) {
		if req.Method() == "GET" {
			first <- res
			return
		}
		go func() {
			_, err := io.ReadAll(req)
			failed <- err
		}()
	})
	w := dial(t, s)
	w.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\npart")
	res := wait(t, first, "the first request")
	if err := wait(t, failed, "the reader"); code(err) != "ECONNRESET" {
		t.Errorf("Read: %v", err)
	}
	res.EndString("first")
	if got := w.rest(); !strings.Contains(got, "\r\n\r\nfirstHTTP/1.1 408 Request Timeout\r\n") {
		t.Errorf("%q", got)
	}
}

// The owner of an upgraded socket learns what the peer does, also without reading it.
func TestUnreadUpgradeHearsItsPeer(t *testing.T) {
	r := new(trace)
	sockets := make(chan *http.Socket, 1)
	s := start(t, nil)
	s.OnUpgrade(func(_ *http.IncomingMessage, socket *http.Socket, _ []byte) {
		socket.OnEnd(r.on("end"))
		socket.OnError(func(err error) { r.add("error %s", code(err)) })
		socket.OnClose(func(bool) { r.add("close") })
		sockets <- socket
	})
	upgrade := func() (*wire, *http.Socket) {
		w := dial(t, s)
		w.send("GET / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: mine\r\n\r\n")
		return w, wait(t, sockets, "the upgrade")
	}

	w, socket := upgrade()
	w.Conn.(*net.TCPConn).CloseWrite()
	r.expect(t, "end")
	socket.Write([]byte("still"))
	w.expect("still")
	socket.Close()
	r.expect(t, "end", "close")

	r = new(trace)
	w, _ = upgrade()
	w.reset()
	r.expect(t, "error ECONNRESET", "close")
}

// Close makes waiting calls return: Read and Write fail. What was accepted before
// arrives, and so does the part that Write says it has sent, unless the system was
// taking it from a Write.
func TestCloseWhileOthersWait(t *testing.T) {
	more := large[:32<<10] // more than may wait without anybody waiting for it
	for name, c := range map[string]struct {
		before []byte // is accepted
		write  []byte // makes Write wait
	}{
		"for the system": {nil, large},
		"behind others":  {large, more},
	} {
		for _, kind := range []string{"TCP", "a pipe"} {
			t.Run(name+", "+kind, func(t *testing.T) {
				sockets := make(chan *http.Socket, 1)
				s := start(t, nil)
				s.OnConnect(func(_ *http.IncomingMessage, socket *http.Socket, _ []byte) { sockets <- socket })
				var w *wire
				if kind == "TCP" {
					w = dial(t, s)
				} else {
					ours, theirs := net.Pipe()
					s.EmitConnection(theirs)
					w = onWire(t, ours)
				}
				w.send("CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n")
				socket := wait(t, sockets, "the socket")
				if c.before != nil {
					socket.WriteChunk(c.before)
				}
				read, wrote := make(chan error, 1), make(chan error, 1)
				sent := 0
				go func() { _, err := socket.Read(make([]byte, 1)); read <- err }()
				go func() {
					n, err := socket.Write(c.write)
					sent = n
					wrote <- err
				}()
				for c.before == nil && socket.BytesWritten() < int64(len(c.write)) {
					runtime.Gosched() // it waits when the socket counts its bytes
				}
				if err := socket.Close(); err != nil {
					t.Error(err)
				}
				for what, c := range map[string]<-chan error{"Read": read, "Write": wrote} {
					if err := wait(t, c, what); !errors.Is(err, net.ErrClosed) {
						t.Errorf("%s: %v", what, err)
					}
				}
				if err := socket.Close(); !errors.Is(err, net.ErrClosed) {
					t.Errorf("the second Close: %v", err)
				}
				if _, err := socket.Write([]byte("x")); !errors.Is(err, net.ErrClosed) {
					t.Errorf("Write behind Close: %v", err)
				}
				if c.before == nil && kind == "TCP" {
					return // what the system has not taken is lost, and what it has may be
				}
				want := append(bytes.Clone(c.before), c.write[:sent]...)
				if got, err := io.ReadAll(w.r); err != nil || !bytes.Equal(got, want) {
					t.Errorf("the peer has %d bytes instead of %d (%v)", len(got), len(want), err)
				}
			})
		}
	}
}
