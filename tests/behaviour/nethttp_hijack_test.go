package behaviour_test

// Connections that handlers of net/http take over: what they may do with them is
// the same over net/http's own server and over ours.

import (
	"io"
	"net"
	nethttp "net/http"
	"strings"
	"testing"

	"nodehttp/tests/leak"
)

// Each half of a connection that was taken over ends without the other, and what
// travels the other way meanwhile arrives.
func TestHijackedHalvesEndAlone(t *testing.T) {
	const much = 1 << 20
	for name, serve := range handlerStacks {
		t.Run(name, func(t *testing.T) {
			leak.Check(t)
			received := make(chan string, 1)
			address := serve(t, nethttp.HandlerFunc(func(w nethttp.ResponseWriter, r *nethttp.Request) {
				c, rw, err := nethttp.NewResponseController(w).Hijack()
				if err != nil {
					t.Error(err)
					return
				}
				defer c.Close()
				io.WriteString(c, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: mine\r\n\r\n")
				if r.URL.Path == "/server" {
					io.WriteString(c, "from the server")
					if err := c.(interface{ CloseWrite() error }).CloseWrite(); err != nil {
						t.Error(err)
					}
				}
				b, err := io.ReadAll(rw)
				if err != nil {
					t.Error("the handler's Read:", err)
				}
				received <- string(b)
				if r.URL.Path == "/client" {
					io.WriteString(c, strings.Repeat("y", much))
				}
			}))
			for _, first := range []string{"/client", "/server"} {
				w := connect(t, address)
				w.send("GET " + first + " HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: mine\r\n\r\n")
				w.expect("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: mine\r\n\r\n")
				if first == "/client" {
					w.send("from the client")
					w.Conn.(*net.TCPConn).CloseWrite()
					if got := wait(t, received, "the end of the client's half"); got != "from the client" {
						t.Errorf("the handler got %q", got)
					}
					if got := w.rest(); got != strings.Repeat("y", much) {
						t.Errorf("the client got %d bytes of %d", len(got), much)
					}
					continue
				}
				if got := w.rest(); got != "from the server" {
					t.Errorf("the client got %q", got)
				}
				w.send(strings.Repeat("x", much))
				w.Conn.(*net.TCPConn).CloseWrite()
				if got := wait(t, received, "the rest of the client's half"); got != strings.Repeat("x", much) {
					t.Errorf("the handler got %d bytes of %d", len(got), much)
				}
			}
		})
	}
}
