package nethttp

// The context of a request that a handler answers.

import (
	"context"
	"net/http"
	"sync"
	"time"

	"nodehttp/runtime/socket"
)

// requestContext ends when the client goes away or the handler returns. It
// costs nothing until the handler asks for that.
type requestContext struct {
	sock    *socket.Socket
	handler http.Handler

	mu      sync.Mutex // guards what follows
	over    bool       // the handler has returned
	ctx     context.Context
	cancel  context.CancelFunc
	server  *http.Server // nil until somebody asks, unless Mount has made it
	left    chan bool    // what CloseNotify returns; nil before it is called
	leaving func() bool  // ends the wait of CloseNotify
}

// real is the context behind c, made when it is first asked for.
func (c *requestContext) real() context.Context {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ctx == nil {
		c.ctx, c.cancel = context.WithCancel(c.sock.Context())
		if c.over {
			c.cancel()
		}
	}
	return c.ctx
}

// end is called when the handler has returned.
func (c *requestContext) end() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.over = true
	if c.cancel != nil {
		c.cancel()
	}
	if c.leaving != nil {
		c.leaving()
	}
}

// closeNotify returns a channel that gets one value if the client goes away
// before the handler returns.
func (c *requestContext) closeNotify() <-chan bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.left == nil {
		left := make(chan bool, 1)
		c.left = left
		if !c.over {
			c.leaving = context.AfterFunc(c.sock.Context(), func() { left <- true })
		}
	}
	return c.left
}

// Deadline implements context.Context: there is none.
func (c *requestContext) Deadline() (time.Time, bool) { return time.Time{}, false }

// Done implements context.Context.
func (c *requestContext) Done() <-chan struct{} { return c.real().Done() }

// Err implements context.Context.
func (c *requestContext) Err() error { return c.real().Err() }

// Value implements context.Context. It has the local address under
// http.LocalAddrContextKey. Under http.ServerContextKey it has an http.Server
// that serves nothing, since handlers conclude from it that a panic with
// http.ErrAbortHandler is taken care of.
func (c *requestContext) Value(key any) any {
	switch key {
	case http.LocalAddrContextKey:
		return c.sock.LocalAddr()
	case http.ServerContextKey:
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.server == nil {
			c.server = &http.Server{Handler: c.handler}
		}
		return c.server
	}
	c.mu.Lock()
	ctx := c.ctx
	c.mu.Unlock()
	if ctx == nil {
		return nil
	}
	return ctx.Value(key) // by which package context recognizes its own
}
