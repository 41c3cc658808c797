//go:build interop

package interop

// Requests as bytes: what our server answers to them on the wire is what
// Node's does.

import (
	"io"
	"net"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"nodehttp/tests/leak"
)

// wire are the bytes that a client sends on one connection, which the server
// closes.
var wire = []struct{ name, sent string }{
	{"three pipelined", "GET /small?1 HTTP/1.1\r\nHost: a\r\n\r\nGET /small?2 HTTP/1.1\r\nHost: a\r\n\r\nGET /small?3 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"},
	{"bodies pipelined", "POST /up HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n12345PUT /up HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\nA\r\n0123456789\r\n0\r\nX-Trailer: t\r\n\r\nGET /small HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"},
	{"slow before fast", "GET /down?70000 HTTP/1.1\r\nHost: a\r\n\r\nGET /small HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"},
	{"methods pipelined", "HEAD /small HTTP/1.1\r\nHost: a\r\n\r\nOPTIONS /small HTTP/1.1\r\nHost: a\r\n\r\nDELETE /small HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"},
	{"HEAD of a stream", "HEAD /down?10 HTTP/1.1\r\nHost: a\r\n\r\nGET /small HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"},
	{"echo pipelined", "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhelloPOST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n5\r\nworld\r\n0\r\n\r\n"},
	{"closed after the first", "GET /small HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\nGET /small HTTP/1.1\r\nHost: a\r\n\r\n"},
	{"HTTP/1.0", "GET /small HTTP/1.0\r\n\r\n"},
	{"HTTP/1.0 stream", "GET /down?10 HTTP/1.0\r\n\r\n"},
	{"HTTP/1.0 stream kept alive", "GET /down?10 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"},
	{"HTTP/1.0 kept alive", "GET /small?1 HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET /small?2 HTTP/1.0\r\n\r\n"},
	{"empty lines first", "\r\n\r\nGET /small HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"},
	{"absolute target", "GET /small?http://a/b HTTP/1.1\r\nhost: a\r\nCONNECTION: Close\r\n\r\n"},
	{"upgrade of HTTP/2", "GET /small HTTP/1.1\r\nHost: a\r\nConnection: close\r\nUpgrade-Insecure-Requests: 1\r\n\r\n"},
	{"continue without being asked", "POST /up HTTP/1.1\r\nHost: a\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n12345"},
	{"no such version", "GET /small HTTP/3.9\r\nHost: a\r\n\r\n"},
	{"no HTTP", "hello\r\n\r\n"},
	{"no such method", "FETCH /small HTTP/1.1\r\nHost: a\r\n\r\n"},
	{"two lengths", "POST /up HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n123456"},
	{"length and chunks", "POST /up HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
	{"bad chunk", "POST /up HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"},
	{"too long", "GET /small HTTP/1.1\r\nHost: a\r\nX: " + strings.Repeat("x", 20000) + "\r\n\r\n"},
}

// cut are bytes after which the client ends its side of the connection.
var cut = []struct{ name, sent string }{
	{"nothing", ""},
	{"an empty line", "\r\n"},
	{"in the request line", "GET /sm"},
	{"in the head", "GET /small HTTP/1.1\r\nHost: a\r\n"},
	{"in the second head", "GET /small HTTP/1.1\r\nHost: a\r\n\r\nGET /sm"},
	{"in the body", "POST /up HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n123"},
	{"in a chunk", "POST /up HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n123"},
}

// ours are the bytes to which our server deliberately answers otherwise.
var ours = []struct{ name, sent, want string }{
	// Node takes the name without the space, which lets requests be smuggled.
	{"space in a name", "GET /small HTTP/1.1\r\nHost : a\r\n\r\n", refusal},
	// Node says nothing if the first answer has just been written.
	{"bad after good", "GET /small HTTP/1.1\r\nHost: a\r\n\r\nhello\r\n\r\n",
		"HTTP/1.1 200 OK\r\nContent-Length: 12\r\nDate: now\r\nConnection: keep-alive\r\nKeep-Alive: timeout=5\r\n\r\nsmall /small" + refusal},
}

const refusal = "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"

func TestWire(t *testing.T) {
	leak.Check(t)
	_, nodePort := nodeServer(t)
	s := newOurServer()
	t.Cleanup(func() { closeServer(t, s.Server) })
	for _, c := range wire {
		t.Run(c.name, func(t *testing.T) {
			want := answerTo(t, nodePort, c.sent, false)
			sameAnswer(t, answerTo(t, s.port(), c.sent, false), want)
		})
	}
	for _, c := range cut {
		t.Run("cut "+c.name, func(t *testing.T) {
			want := answerTo(t, nodePort, c.sent, true)
			sameAnswer(t, answerTo(t, s.port(), c.sent, true), want)
		})
	}
	for _, c := range ours {
		t.Run(c.name, func(t *testing.T) { sameAnswer(t, answerTo(t, s.port(), c.sent, false), c.want) })
	}
}

var date = regexp.MustCompile(`Date: [^\r]*`)

func sameAnswer(t *testing.T, got, want string) {
	t.Helper()
	if got != want {
		at := max(firstDifference(got, []byte(want))-100, 0)
		t.Errorf("from byte %d on our server answers\n%.500q\ninstead of\n%.500q", at, got[at:], want[at:])
	}
}

// answerTo sends bytes to a port, and the end of the connection if it is to be
// cut, and returns what comes back until the server ends the connection.
func answerTo(t *testing.T, port int, sent string, cut bool) string {
	t.Helper()
	c, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(patience / 4))
	if _, err := io.WriteString(c, sent); err != nil {
		t.Fatal(err)
	}
	if cut {
		if err := c.(*net.TCPConn).CloseWrite(); err != nil {
			t.Fatal(err)
		}
	}
	got, err := io.ReadAll(c)
	if err != nil {
		t.Errorf("port %d: after %.200q: %v", port, got, err)
	}
	return date.ReplaceAllString(string(got), "Date: now")
}
