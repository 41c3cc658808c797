// Command websocket answers each message of a WebSocket with the same message. The
// protocol is that of github.com/coder/websocket, which takes the connection
// over from an http.Handler; nethttp.Mount makes one answer our server's requests.
//
//	go run ./websocket -port 8080
package main

import (
	"flag"
	"fmt"
	nethttp "net/http"
	"os"

	"github.com/coder/websocket"

	"nodehttp/generated/http"
	adapter "nodehttp/generated/http/nethttp"
)

func newServer() *http.Server {
	server := http.CreateServer()
	adapter.Mount(server, nethttp.HandlerFunc(echo))
	return server
}

func echo(w nethttp.ResponseWriter, r *nethttp.Request) {
	connection, err := websocket.Accept(w, r, nil)
	if err != nil {
		return // Accept has answered
	}
	defer connection.CloseNow()
	for {
		kind, message, err := connection.Read(r.Context())
		if err != nil {
			return
		}
		if err := connection.Write(r.Context(), kind, message); err != nil {
			return
		}
	}
}

func main() {
	port := flag.Int("port", 8080, "where to listen")
	flag.Parse()
	if err := newServer().Listen(*port); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	if http.Wait() != nil { // the log says why
		os.Exit(1)
	}
}
