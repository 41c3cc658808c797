package nethttp

// The context of a request that a handler answers.

import (
	"context"
	"net/http"
	"sync"
	"time"

	"nodehttp/runtime"
)

// requestContext ends when the client goes away or the handler returns. It
// costs nothing until the handler asks for that.
type requestContext struct {
	sock *runtime.Socket

	mu     sync.Mutex // guards what follows
	over   bool       // the handler has returned
	ctx    context.Context
	cancel context.CancelFunc
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
}

// Deadline implements context.Context: there is none.
func (c *requestContext) Deadline() (time.Time, bool) { return time.Time{}, false }

// Done implements context.Context.
func (c *requestContext) Done() <-chan struct{} { return c.real().Done() }

// Err implements context.Context.
func (c *requestContext) Err() error { return c.real().Err() }

// Value implements context.Context. It has the local address under
// http.LocalAddrContextKey; there is no http.Server.
func (c *requestContext) Value(key any) any {
	if key == http.LocalAddrContextKey {
		return c.sock.LocalAddr()
	}
	c.mu.Lock()
	ctx := c.ctx
	c.mu.Unlock()
	if ctx == nil {
		return nil
	}
	return ctx.Value(key) // by which package context recognizes its own
}
