//go:build interop

package interop

// Requests on the wire: our client sends the bytes that Node's does. Their
// server is net/http's reader of requests, which sees every byte.

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net"
	nethttp "net/http"
	"strconv"
	"testing"
	"time"

	"nodehttp/tests/leak"
)

func TestRequests(t *testing.T) {
	leak.Check(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	received := make(chan string, 2) // a conversation has two requests
	go record(l, received)
	t.Cleanup(func() {
		l.Close()
		for range received { // until record has ended
		}
	})
	port := l.Addr().(*net.TCPAddr).Port
	node := spawnNode(t, false, "client.js", strconv.Itoa(port))
	ours := &ourClient{port, newTranscripts()}
	for _, name := range []string{"get", "head", "duplicates", "post", "ignored", "trailers", "binary", "close"} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), patience/4)
			defer cancel()
			node.tell(t, name)
			node.log.take(ctx, t, name, 1)
			want := <-received + <-received
			ours.converse(name)
			ours.log.take(ctx, t, name, 1)
			if got := <-received + <-received; got != want {
				at := max(firstDifference(got, []byte(want))-100, 0)
				t.Errorf("from byte %d on our client sends\n%.500q\ninstead of\n%.500q", at, got[at:], want[at:])
			}
		})
	}
}

// record answers one request on each connection and passes its bytes on.
func record(l net.Listener, received chan<- string) {
	defer close(received)
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		c.SetDeadline(time.Now().Add(patience / 4))
		var all bytes.Buffer
		req, err := nethttp.ReadRequest(bufio.NewReader(io.TeeReader(c, &all)))
		if err == nil {
			_, err = io.Copy(io.Discard, req.Body)
		}
		if err != nil {
			all.WriteString(err.Error())
		}
		received <- all.String()
		io.WriteString(c, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
		c.Close()
	}
}
