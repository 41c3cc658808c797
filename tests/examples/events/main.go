// Command events sends server-sent events: the time, each second, to every page that
// listens, until it leaves.
//
//	go run ./events -port 8080
//	curl -N localhost:8080
package main

import (
	"flag"
	"fmt"
	"os"
	"time"

	"nodehttp/generated/http"
)

// newServer returns a server that sends each of its clients an event per tick.
func newServer(every time.Duration) *http.Server {
	return http.CreateServer(func(req *http.IncomingMessage, res *http.ServerResponse) {
		res.WriteHead(200, http.Headers{{"Content-Type", "text/event-stream"}, {"Cache-Control", "no-store"}})
		res.FlushHeaders()
		ticker := time.NewTicker(every)
		left := res.Context().Done()
		go func() { // the listener returns, so that others of the connection may run
			defer ticker.Stop()
			for id := 1; ; id++ {
				select {
				case <-left:
					return
				case now := <-ticker.C:
					if _, err := fmt.Fprintf(res, "id: %d\ndata: %s\n\n", id, now.Format(time.TimeOnly)); err != nil {
						return
					}
				}
			}
		}()
	})
}

func main() {
	port := flag.Int("port", 8080, "where to listen")
	flag.Parse()
	if err := newServer(time.Second).Listen(*port); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	if http.Wait() != nil { // the log says why
		os.Exit(1)
	}
}
