package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"

	"nodehttp/generated/http"
)

// What a client sends reaches the server, and what the server answers the client,
// in the case and order in which it was sent.
func TestAsItWas(t *testing.T) {
	upstream, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer upstream.Close()
	server, err := newServer(upstream.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	address := listen(t, server)

	for _, c := range []struct{ request, reaches, answer, comes string }{
		{
			"POST /a?b HTTP/1.1\r\nhOST: example.org\r\nX-b: 1\r\nx-A: 2\r\nTransfer-Encoding: chunked\r\nTrailer: Sum\r\n\r\n2\r\nhi\r\n0\r\nSum: 1\r\n\r\n",
			"POST /a?b HTTP/1.1\r\nhOST: example.org\r\nX-b: 1\r\nx-A: 2\r\nTrailer: Sum\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nSum: 1\r\n\r\n",
			"HTTP/1.1 103 Early Hints\r\nlink: </a.css>; rel=preload\r\nX-y: 1\r\n\r\nHTTP/1.1 201 Made\r\nSERVER: x\r\nset-cookie: a\r\nSet-Cookie: b\r\nContent-Length: 2\r\n\r\nok",
			"HTTP/1.1 103 Early Hints\r\nlink: </a.css>; rel=preload\r\nX-y: 1\r\n\r\nHTTP/1.1 201 Made\r\nSERVER: x\r\nset-cookie: a\r\nSet-Cookie: b\r\nContent-Length: 2\r\nConnection: keep-alive\r\nKeep-Alive: timeout=5\r\n\r\nok",
		},
		{
			"PUT /c HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nhi",
			"PUT /c HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\nhi",
			"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 104 Upload Resumption Supported\r\nupload-Offset: 2\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n",
			"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 104 unknown\r\nupload-Offset: 2\r\n\r\nHTTP/1.1 204 No Content\r\nConnection: keep-alive\r\nKeep-Alive: timeout=5\r\n\r\n",
		},
		{
			"GET /chat HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n",
			"GET /chat HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n",
			"HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\nfirst",
			"HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\nfirst",
		},
	} {
		client, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(client, c.request)
		inner, err := upstream.Accept()
		if err != nil {
			t.Fatal(err)
		}
		if got := read(t, inner, len(c.reaches)); got != c.reaches {
			t.Errorf("this reached the server:\n%s\nin place of:\n%s", got, c.reaches)
		}
		io.WriteString(inner, c.answer)
		if got := read(t, client, len(c.comes)); got != c.comes {
			t.Errorf("this came to the client:\n%s\nin place of:\n%s", got, c.comes)
		}
		client.Close()
		inner.Close()
	}
	done := make(chan struct{})
	server.Close(func(error) { close(done) })
	server.CloseAllConnections()
	<-done
}

// An answer that breaks off in the middle does not end well for the client either.
func TestBrokenOff(t *testing.T) {
	upstream, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer upstream.Close()
	go func() {
		c, err := upstream.Accept()
		if err != nil {
			return
		}
		bufio.NewReader(c).ReadString('\n')
		io.WriteString(c, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n")
		c.Close()
	}()
	server, err := newServer(upstream.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	client, err := net.Dial("tcp", listen(t, server))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	io.WriteString(client, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
	got, _ := io.ReadAll(client)
	if !strings.HasSuffix(string(got), "half\r\n") {
		t.Errorf("the client got %q", got)
	}
	done := make(chan struct{})
	server.Close(func(error) { close(done) })
	<-done
}

func read(t *testing.T, r io.Reader, n int) string {
	t.Helper()
	b := make([]byte, n)
	k, err := io.ReadFull(r, b)
	if err != nil {
		t.Errorf("after %q: %v", b[:k], err)
	}
	return string(b[:k])
}

func listen(t *testing.T, server *http.Server) string {
	t.Helper()
	listening := make(chan struct{})
	if err := server.Listen(0, func() { close(listening) }); err != nil {
		t.Fatal(err)
	}
	<-listening
	return fmt.Sprintf("127.0.0.1:%d", server.Address().(*net.TCPAddr).Port)
}
