package behaviour_test

// What a request and its response come to.

import (
	"io"
	"testing"

	http "nodehttp/generated/http"
)

// A request that is destroyed behind its answer closes, also if it is in a listener.
func TestRequestDestroyedBehindItsAnswer(t *testing.T) {
	for name, destroy := range map[string]func(*http.IncomingMessage, *http.ServerResponse){
		"in the listener": func(req *http.IncomingMessage, res *http.ServerResponse) { res.EndString("x"); req.Destroy() },
		"in 'finish'": func(req *http.IncomingMessage, res *http.ServerResponse) {
			res.OnFinish(func() { req.Destroy() })
			res.End()
		},
		"in 'prefinish'": func(req *http.IncomingMessage, res *http.ServerResponse) {
			res.OnPrefinish(func() { req.Destroy() })
			res.End()
		},
		"from elsewhere": func(req *http.IncomingMessage, res *http.ServerResponse) { res.EndString("x"); go req.Destroy() },
		"with its rest kept": func(req *http.IncomingMessage, res *http.ServerResponse) {
			io.ReadFull(req, make([]byte, 1))
			res.EndString("x")
			req.Destroy()
		},
	} {
		t.Run(name, func(t *testing.T) {
			closed := make(chan struct{})
			s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
				req.OnClose(func() { close(closed) })
				destroy(req, res)
			})
			dial(t, s).send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabcde")
			wait(t, closed, "the request to close")
		})
	}
}
