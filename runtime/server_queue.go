package runtime

// The queue of a server's connection: responses leave in the order of their requests,
// whichever is finished first. What a response does while it waits is in pipeline.go.

import (
	"nodehttp/runtime/http1"
)

// maxPipelined is how many responses are queued at most. While there are so many, the
// connection is not read; nor while as much as the high-water mark is kept of those that wait,
// or while its peer does not take what has been sent.
const maxPipelined = 64

// enqueue puts the response to msg at the end of the queue. It reports false if no request
// is announced any more.
func (c *serverConn) enqueue(msg *IncomingMessage, res *ServerResponse) bool {
	head := &msg.head
	msg.res = res
	res.req, res.conn, res.status = msg, c, 200
	m := &res.out
	m.init(res, c.sock.Wire().Strand(), c.server.profile)
	m.flags |= closesAtOnce
	if !c.server.profile.Response.SendDate {
		m.flags &^= sendDate
	}
	if c.server.options.HTTPValidation.relaxes() {
		m.flags |= relaxedValues
	}
	if c.server.options.RejectNonStandardBodyWrites {
		m.flags |= refusesBody
	}
	if c.server.options.OptimizeEmptyRequests && !head.TransferEncoding && head.ContentLength < 0 {
		msg.endUnannounced()
	}
	if head.Method() == "HEAD" {
		m.flags |= noBody
	}
	if head.KeepAlive {
		m.stepKeepAlive(keepAliveEventAsk)
	}
	if head.Minor == 0 {
		m.flags |= toHTTP10
	}
	if head.Minor >= 1 || http1.HasWord("chunked", msg.Header("te")) {
		m.flags |= chunkedDefault
	}
	c.mu.Lock()
	announced := c.push(res)
	c.mu.Unlock()
	return announced
}

// push is enqueue of a response that is ready. The caller holds mu.
func (c *serverConn) push(res *ServerResponse) bool {
	if !c.state.announces() {
		return false
	}
	m := &res.out
	if c.state == draining {
		m.stepKeepAlive(keepAliveEventRefuse)
		c.closeBehindQueue()
	}
	if c.destroyed {
		m.flags |= outgoingDestroyed
	}
	if c.last == nil {
		c.restoreTimeout()
	}
	c.requests++
	if c.queueLength++; c.queueLength >= maxPipelined {
		c.pipelineFull.Store(true)
	}
	if limit := int(c.server.maxRequests.Load()); limit > 0 && c.requests >= limit {
		m.flags |= maxReached
	}
	if c.last == nil {
		c.first = res
		m.sock = c.sock
		m.stepPlace(placeEventBegin)
	} else {
		c.last.next = res
	}
	c.last = res
	if res.req.head.HasBody {
		c.receiving = res
	}
	return true
}

// updatePipelineFull finds out whether too many responses are queued, or too much of them.
// The caller holds mu.
func (c *serverConn) updatePipelineFull() {
	c.pipelineFull.Store(c.queueLength >= maxPipelined || c.backlog >= c.server.highWaterMark)
}

// advancePipeline removes r, which the socket has all of, from the queue, and lets the next
// response write. closes says that the connection ends behind r.
func (c *serverConn) advancePipeline(r *ServerResponse, closes bool) {
	c.mu.Lock()
	c.first = r.next
	if c.first == nil {
		c.last = nil
	}
	if c.queueLength--; c.queueLength == maxPipelined-1 {
		c.updatePipelineFull()
	}
	next, final := c.first, c.errorResponse
	c.mu.Unlock()
	switch {
	case closes:
		c.endWith("", nil)
		return
	case next != nil:
		if cause, destroyed := next.beginWriting(); destroyed {
			c.endWith("", cause)
			return
		}
	case final != nil:
		c.endWith(final.text, final.err)
		return
	}
	c.Wanted()
}

// endBehindQueue is endWith when the responses in the queue have been sent.
func (c *serverConn) endBehindQueue(text string, err error) {
	c.mu.Lock()
	c.errorResponse = &errorResponse{text, err}
	empty := c.first == nil
	c.mu.Unlock()
	if empty {
		c.endWith(text, err)
	}
}

// unqueueLast removes the last response from the queue. It reports false if that is the
// first, too, which may have been written.
func (c *serverConn) unqueueLast(last *ServerResponse) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	for res := c.first; res != nil; res = res.next {
		if res.next == last {
			res.next, c.last = nil, res
			c.queueLength--
			return true
		}
	}
	return false
}

// queue returns the responses in the queue. The caller holds mu.
func (c *serverConn) queue() (all []*ServerResponse) {
	for res := c.first; res != nil; res = res.next {
		all = append(all, res)
	}
	return all
}
