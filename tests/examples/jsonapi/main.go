// Command jsonapi is a small JSON API: notes that are added and listed. It limits
// what a client may send and for how long, and on an interrupt it finishes the
// answers under way before it ends.
//
//	go run ./jsonapi -port 8080
//	curl -d '{"text":"buy milk"}' localhost:8080/notes
//	curl localhost:8080/notes
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"sync"
	"time"

	"nodehttp/generated/http"
)

const maxBody = 1 << 20 // bytes

type note struct {
	Text string `json:"text"`
}

type api struct {
	mu    sync.Mutex
	notes []note
}

func (a *api) serve(req *http.IncomingMessage, res *http.ServerResponse) {
	switch {
	case req.URL() != "/notes":
		fail(res, 404, "no such resource")
	case req.Method() == "GET":
		a.mu.Lock()
		defer a.mu.Unlock()
		answer(res, 200, a.notes)
	case req.Method() == "POST":
		a.add(req, res)
	default:
		res.SetHeader("Allow", "GET, POST")
		fail(res, 405, "GET or POST only")
	}
}

func (a *api) add(req *http.IncomingMessage, res *http.ServerResponse) {
	body, err := io.ReadAll(io.LimitReader(req, maxBody+1))
	switch {
	case err != nil: // the client has gone
		return
	case len(body) > maxBody:
		res.SetHeader("Connection", "close") // the rest of the body is not read
		fail(res, 413, "the body is too long")
		return
	}
	var n note
	if err := json.Unmarshal(body, &n); err != nil || n.Text == "" {
		fail(res, 400, `the body must be {"text": "..."}`)
		return
	}
	a.mu.Lock()
	a.notes = append(a.notes, n)
	a.mu.Unlock()
	answer(res, 201, n)
}

func answer(res *http.ServerResponse, status int, value any) {
	text, err := json.Marshal(value)
	if err != nil {
		status, text = 500, []byte(`{"error":"internal error"}`)
	}
	res.WriteHead(status, http.Headers{{"Content-Type", "application/json"}})
	res.EndChunk(text)
}

func fail(res *http.ServerResponse, status int, message string) {
	answer(res, status, map[string]string{"error": message})
}

func newServer() *http.Server {
	return http.CreateServerWith(http.ServerOptions{
		HeadersTimeout:   new(10 * time.Second),
		RequestTimeout:   new(30 * time.Second),
		KeepAliveTimeout: new(15 * time.Second),
		MaxHeaderSize:    8 << 10,
	}, (&api{notes: []note{}}).serve)
}

func main() {
	port := flag.Int("port", 8080, "where to listen")
	flag.Parse()
	server := newServer()
	if err := server.Listen(*port); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println("listening on", server.Address())

	interrupt := make(chan os.Signal, 1)
	signal.Notify(interrupt, os.Interrupt)
	<-interrupt
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := server.Shutdown(ctx); err != nil { // answers under way have been finished otherwise
		server.CloseAllConnections()
		fmt.Fprintln(os.Stderr, "some answers were cut off:", err)
		os.Exit(1)
	}
}
