//go:build interop

package interop

// curl as the client of our server.

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"nodehttp/generated/http"
	"nodehttp/tests/leak"
)

// plainServer is a server that answers the streams, and whose tunnels lead
// where they say. It counts its connections.
type plainServer struct {
	*http.Server
	url         string
	connections atomic.Int64
}

func newPlainServer(t *testing.T) *plainServer {
	s := &plainServer{Server: http.CreateServer(answerStream)}
	s.OnConnection(func(*http.Socket) { s.connections.Add(1) })
	s.OnUpgrade(func(req *http.IncomingMessage, socket *http.Socket, head []byte) {
		socket.WriteString("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: farewell\r\n\r\n")
		socket.EndString("farewell from " + req.URL())
		socket.Resume() // to its end, which closes it
	})
	s.OnConnect(func(req *http.IncomingMessage, socket *http.Socket, head []byte) {
		far, err := net.Dial("tcp", req.URL())
		if err != nil {
			socket.EndString("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
			socket.Resume()
			return
		}
		socket.WriteString("HTTP/1.1 200 Connection Established\r\n\r\n")
		far.Write(head)
		go func() {
			io.Copy(far, socket)
			far.(*net.TCPConn).CloseWrite()
		}()
		go func() {
			io.Copy(socket, far)
			far.Close()
			socket.CloseWrite()
		}()
	})
	if err := s.ListenWith(http.ListenOptions{Host: "127.0.0.1"}); err != nil {
		t.Fatal(err)
	}
	s.url = "http://" + s.Address().String()
	t.Cleanup(func() { closeServer(t, s.Server) })
	return s
}

// curl runs curl, which may not use a proxy or a configuration of the machine.
func curl(t *testing.T, stdin io.Reader, args ...string) string {
	t.Helper()
	return string(run(t, stdin, "curl", append([]string{"-q", "-sS", "--fail", "--noproxy", ""}, args...)...))
}

// body is a few megabytes to send and get back.
func body() []byte {
	b, _ := io.ReadAll(pattern(3_000_001))
	return b
}

func same(t *testing.T, got string, want []byte) {
	t.Helper()
	if !bytes.Equal([]byte(got), want) {
		t.Errorf("%d bytes came back, want %d; the first differs at %d", len(got), len(want), firstDifference(got, want))
	}
}

func firstDifference(a string, b []byte) int {
	i := 0
	for i < min(len(a), len(b)) && a[i] == b[i] {
		i++
	}
	return i
}

func TestCurl(t *testing.T) {
	leak.Check(t)
	s := newPlainServer(t)
	sent := body()

	t.Run("GET", func(t *testing.T) {
		if got := curl(t, nil, s.url+"/small?1"); got != "small /small?1" {
			t.Errorf("received %q", got)
		}
	})
	t.Run("GET of much", func(t *testing.T) { same(t, curl(t, nil, s.url+"/down?3000001"), sent) })
	t.Run("HEAD", func(t *testing.T) {
		got := curl(t, nil, "--head", s.url+"/small?1")
		if !strings.HasPrefix(got, "HTTP/1.1 200 OK\r\n") || !strings.Contains(got, "\r\nContent-Length: 14\r\n") || !strings.HasSuffix(got, "\r\n\r\n") {
			t.Errorf("received %q", got)
		}
	})
	t.Run("POST with Content-Length", func(t *testing.T) {
		same(t, curl(t, bytes.NewReader(sent), "-H", "Expect:", "--data-binary", "@-", s.url+"/echo"), sent)
	})
	t.Run("PUT in chunks", func(t *testing.T) {
		same(t, curl(t, bytes.NewReader(sent), "-H", "Expect:", "-T", "-", s.url+"/echo"), sent)
	})
	t.Run("expect 100-continue", func(t *testing.T) {
		// Without the interim response curl would wait longer than run does.
		got := curl(t, bytes.NewReader(sent), "-i", "--expect100-timeout", "600", "-H", "Expect: 100-continue", "--data-binary", "@-", s.url+"/echo")
		interim, rest, _ := strings.Cut(got, "\r\n\r\n")
		if interim != "HTTP/1.1 100 Continue" {
			t.Errorf("the first head is %q", interim)
		}
		_, final, _ := strings.Cut(rest, "\r\n\r\n")
		same(t, final, sent)
	})
	t.Run("HTTP/1.0", func(t *testing.T) {
		head, rest, _ := strings.Cut(curl(t, nil, "-i", "--http1.0", s.url+"/down?3000001"), "\r\n\r\n")
		if strings.Contains(strings.ToLower(head), "transfer-encoding") || !strings.Contains(head, "\r\nConnection: close") {
			t.Errorf("the head is %q", head)
		}
		same(t, rest, sent)
		same(t, curl(t, bytes.NewReader(sent), "--http1.0", "--data-binary", "@-", s.url+"/echo"), sent)
	})
	t.Run("HTTP/1.0 kept alive", func(t *testing.T) {
		args := []string{"--http1.0", "-H", "Connection: keep-alive", "-w", " %{num_connects}\n"}
		got := curl(t, nil, append(args, s.url+"/small?[1-3]")...)
		if want := "small /small?1 1\nsmall /small?2 0\nsmall /small?3 0\n"; got != want {
			t.Errorf("received %q, want %q", got, want)
		}
	})
	t.Run("kept alive", func(t *testing.T) {
		got := curl(t, nil, "-w", " %{num_connects}\n", s.url+"/small?[1-3]")
		if want := "small /small?1 1\nsmall /small?2 0\nsmall /small?3 0\n"; got != want {
			t.Errorf("received %q, want %q", got, want)
		}
	})
	t.Run("parallel", func(t *testing.T) {
		const urls = 400
		dir, before := t.TempDir(), s.connections.Load()
		curl(t, nil, "--parallel", "--parallel-max", "16", "-o", filepath.Join(dir, "#1"), fmt.Sprintf("%s/small?[1-%d]", s.url, urls))
		for i := 1; i <= urls; i++ {
			got, err := os.ReadFile(filepath.Join(dir, fmt.Sprint(i)))
			if want := fmt.Sprint("small /small?", i); err != nil || string(got) != want {
				t.Errorf("received %q (%v), want %q", got, err, want)
			}
		}
		if n := s.connections.Load() - before; n > urls/2 {
			t.Errorf("%d connections for %d requests: they are not kept alive", n, urls)
		}
	})
	t.Run("upgrade", func(t *testing.T) {
		got := curl(t, nil, "-i", "-N", "-H", "Connection: Upgrade", "-H", "Upgrade: farewell", s.url+"/away")
		if !strings.HasPrefix(got, "HTTP/1.1 101 Switching Protocols\r\n") || !strings.HasSuffix(got, "\r\n\r\nfarewell from /away") {
			t.Errorf("received %q", got)
		}
	})
	t.Run("CONNECT", func(t *testing.T) {
		far := newPlainServer(t)
		got := curl(t, bytes.NewReader(sent), "-p", "-x", s.url, "-H", "Expect:", "-T", "-", far.url+"/echo")
		same(t, got, sent)
		if n := far.connections.Load(); n != 1 {
			t.Errorf("%d connections through the tunnel", n)
		}
	})
	t.Run("CONNECT to nowhere", func(t *testing.T) {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		l.Close()
		got := string(run(t, nil, "curl", "-q", "-s", "--noproxy", "", "-w", "%{http_connect}", "-p", "-x", s.url, "http://"+l.Addr().String(), "--next", s.url+"/small"))
		if got != "502small /small" {
			t.Errorf("received %q", got)
		}
	})
}
