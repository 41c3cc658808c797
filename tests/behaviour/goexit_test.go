package behaviour_test

import (
	"errors"
	"io"
	"runtime"
	"sync"
	"testing"

	http "nodehttp/generated/http"
)

// A listener ends its goroutine while a Read has the connection and the goroutine that
// announced the request waits for that. It ends its connection and nothing else: the
// hook is called once, and what comes later is delivered.
func TestGoexitWhileARequestIsRead(t *testing.T) {
	hook := uncaught(t)
	first := make(chan *http.ServerResponse, 1)
	failed := make(chan error, 1)
	second := make(chan struct{})
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		if req.Method() == "GET" {
			first <- res
			res.End()
			return
		}
		reading := make(chan struct{})
		go func() {
			req.Read(make([]byte, 3)) // all that there is
			close(reading)
			_, err := io.ReadAll(req)
			failed <- err
		}()
		<-reading
		for range 1000 { // the next Read has most likely come by then
			runtime.Gosched()
		}
		answered := <-first
		answered.OnFinish(runtime.Goexit)
		answered.OnFinish(func() { close(second) })
		first <- answered
	})
	w := dial(t, s)
	w.send(getRequest)
	w.response()
	w.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc")
	wait(t, second, "the listener behind the one that ends its goroutine")
	if err := wait(t, failed, "the Read to return"); !errors.Is(err, http.ErrConnReset) {
		t.Errorf("the Read returns %v", err)
	}
	w.cut()
	told := make(chan struct{})
	(<-first).OnClose(sync.OnceFunc(func() { close(told) }))
	wait(t, told, "a late listener")
	if err := wait(t, hook, "the hook"); err == nil {
		t.Error("no error")
	}
	select {
	case err := <-hook:
		t.Errorf("the hook heard of %v, too", err)
	default:
	}
}
