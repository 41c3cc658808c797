package runtime

// conn: what a server's and a client's connection have in common: one
// goroutine reads the socket, parses, and runs the listeners; a reader of a
// message's body may take its place meanwhile.

import (
	"errors"
	"io"
	"os"
	goruntime "runtime"
	"sync"
	"sync/atomic"

	"nodehttp/core"
	"nodehttp/generated/profile"
	"nodehttp/runtime/http1"
	"nodehttp/runtime/socket"
)

// conn reads messages from a socket and gives them to its role.
type conn struct {
	sock   *socket.Socket
	role   role
	parser http1.Parser

	// readMu is held by whoever reads the socket and runs the parser; it guards
	// them and what follows. It is the connection's goroutine, except while
	// that runs the listeners of a message whose body has not arrived, or waits
	// for the consumer: then a Read on the body may take it.
	readMu         sync.Mutex
	msg            *IncomingMessage // the message whose body is being received
	unparsed       bool             // the inbox holds bytes that the parser was not shown
	pendingUpgrade func()           // hands the socket over, once the role is ready
	readErr        error            // reading the socket has ended with this
	emitSocketData func()           // tells the listeners of 'data' of the socket what run has read last; nil if there are none, or if they are being told
	detached       bool             // the socket is no longer the connection's to read
	parking        bool             // run is to end in rest

	wasReset bool // a reset that is an end like another has come; it is of who is inside the strand

	waiting   atomic.Bool   // await is about to wait for signal
	unwatched atomic.Bool   // await waits between messages: nobody notices that the peer leaves
	signal    chan struct{} // holds one token when await should look again; nil until first listening
	httpDone  atomic.Bool   // the HTTP on this connection has ended

}

// role is what differs between the two ends. Its methods run inside the
// strand, unless they say otherwise.
type role interface {
	// takeHead takes the head of n bytes, which has been found complete, off the
	// inbox (see takeHead). nil means that there is nothing to announce.
	takeHead(n int) *IncomingMessage
	// announce fires the event that brings msg to the user.
	announce(msg *IncomingMessage)
	// partialHead is told that a part of a head has arrived.
	partialHead()
	// received is told that msg has arrived completely; inside the strand or not.
	received(msg *IncomingMessage)
	// consumed is told that the user has reached the end of msg: by a Read, which
	// returns when consumed has, or else by listeners; inside the strand or not. alone
	// says that it was a Read, and that nobody has ever listened to the body.
	consumed(msg *IncomingMessage, alone bool)
	// beforeEnd is told that listeners of 'end' of msg are about to be told.
	beforeEnd(msg *IncomingMessage)
	// iterationLeft is told that the user has left a loop over the body of msg before its end,
	// which destroys msg; inside the strand or not.
	iterationLeft(msg *IncomingMessage)
	// messageDestroyed is told that the user has destroyed msg, with an error if err is one: its
	// connection ends, unless that has gone on to other messages; inside the strand or
	// not.
	messageDestroyed(msg *IncomingMessage, err error)
	// malformed is told that the bytes are not HTTP.
	malformed(err *core.Error)
	// inputEnded is told that the peer has ended, cutting a message off or not.
	inputEnded(cut bool)
	// readTimedOut is told that the deadline of reading has passed between messages. It reports
	// false if the connection is to be destroyed because of that.
	readTimedOut() bool
	// readTimeoutError returns why no more of a message is read when time is up.
	readTimeoutError() error
	// ready is asked between messages whether the next may be read, or later be
	// called; inside the strand or not.
	ready() bool
}

func (c *conn) init(s *socket.Socket, r role, kind http1.Role, o http1.Options) {
	c.sock, c.role = s, r
	c.parser.Init(kind, o)
}

// socketOptions returns the options of a connection's socket.
func socketOptions(p *profile.Profile) socket.Options {
	return socket.Options{HighWaterMark: p.HighWaterMark, QuietReset: !p.ResetErrors, DataFirst: p.FlowsAtOnce}
}

// run reads the connection until it ends or is handed over. It is the
// connection's goroutine.
func (c *conn) run() {
	c.readMu.Lock()
	for c.await() && c.fill() {
		c.enter()
		if c.emitSocketData == nil {
			c.sock.Wire().Strand().Guard(c.deliver)
		} else {
			c.sock.Wire().Strand().Guard(c.deliverAndEmit)
		}
		c.exit()
		c.sock.Wire().Writer().Uncork()
		if c.msg == nil && !c.unparsed {
			// Let the connections that are ready go first: by then the peer may
			// have sent its next message, and waiting for it costs nothing.
			goruntime.Gosched()
		}
	}
	if c.parking {
		c.parking = false
		c.readMu.Unlock()
		c.park()
		return
	}
	if !c.detached {
		if c.msg != nil { // no more of it will be delivered, though the connection may go on for long
			c.msg.body.Fail(abortedBy(c.sock.Wire().Failure()))
			c.msg = nil
		}
		c.sock.Wire().Drain(c.readErr)
	}
	c.readMu.Unlock()
}

// park ends the connection's goroutine, if the idle poller can watch the socket.
func (c *conn) park() {
	c.parser.Rest()
	if !c.sock.Wire().Park() {
		go c.run()
		return
	}
	if c.httpDone.Load() || c.sock.Wire().Overdue() { // what wakes it may have come before it was parked
		c.sock.Wire().Unpark()
	}
}

// Resume implements socket.Handler.
func (c *conn) Resume() { c.run() }

// await waits until the consumer wants bytes. It reports false when the
// connection is not to be read any more.
func (c *conn) await() bool {
	for !c.httpDone.Load() {
		if c.readWanted() {
			return true
		}
		if c.signal == nil {
			c.signal = make(chan struct{}, 1)
		}
		c.waiting.Store(true) // before the second look, so that Wanted is not missed
		if !c.httpDone.Load() && !c.readWanted() {
			msg := c.msg
			c.unwatched.Store(msg == nil)
			c.readMu.Unlock()
			if msg != nil {
				msg.body.Wake() // a Read may pull now
			}
			<-c.signal
			c.readMu.Lock()
			c.unwatched.Store(false)
		}
		c.waiting.Store(false)
	}
	return false
}

// readWanted reports whether bytes are welcome. The caller holds readMu.
func (c *conn) readWanted() bool {
	if c.msg != nil {
		return c.msg.body.Wants()
	}
	return c.role.ready()
}

// Wanted makes await look again.
func (c *conn) Wanted() {
	if !c.waiting.Load() {
		c.sock.Wire().Unpark()
		return
	}
	select {
	case c.signal <- struct{}{}:
	default: // it is told already
	}
}

// exit gives the strand up, after running what was brought meanwhile; that
// may read the body, if there is one.
func (c *conn) exit() {
	if c.msg == nil {
		c.sock.Wire().Strand().Leave()
		return
	}
	c.readMu.Unlock()
	c.sock.Wire().Strand().Leave()
	c.readMu.Lock()
}

// fill reads the socket once, unless there are bytes left to look at. It
// reports false when there is nothing more to come.
func (c *conn) fill() bool {
	if c.unparsed {
		return true
	}
	if c.readErr == nil {
		// What the inbox holds is a part of a head, which may not take for ever.
		var n int
		if n, c.readErr = c.sock.Wire().ReadIdle(c.msg == nil && len(c.sock.Wire().Inbox().Bytes()) == 0); n > 0 {
			c.emitSocketData = c.sock.Wire().Overhear(c.sock.Wire().Inbox().Latest(n))
		}
	}
	if c.readErr == nil {
		return true
	}
	if c.readErr == socket.ErrPark {
		c.readErr = nil
		c.parking = true
		return false
	}
	if c.httpDone.Load() || c.sock.Destroyed() {
		return false
	}
	c.enter()
	c.sock.Wire().Strand().Guard(c.readEnded)
	c.exit()
	return false
}

// enter takes the strand. If a listener has it that another goroutine runs, it
// may be one that reads a body: then it may use the socket meanwhile.
func (c *conn) enter() {
	if c.sock.Wire().Strand().TryEnter() {
		return
	}
	msg := c.msg
	c.unparsed = true
	c.readMu.Unlock()
	if msg != nil {
		msg.body.Wake()
	}
	c.sock.Wire().Strand().Enter()
	c.relock()
}

// deliverAndEmit is deliver where somebody listens for 'data' of the socket. It runs
// inside the strand.
func (c *conn) deliverAndEmit() {
	tell := func() {
		packet := c.emitSocketData
		if c.emitSocketData = nil; packet == nil { // see tellLater
			return
		}
		if c.msg != nil { // a listener may read it
			c.readMu.Unlock()
			defer c.relock()
		}
		packet()
	}
	if c.sock.Wire().DataFirst() {
		c.sock.Wire().Strand().Each(tell, c.deliver)
	} else {
		c.sock.Wire().Strand().Each(c.deliver, tell)
	}
}

// deliver parses what the inbox holds and runs the listeners, until the
// parser needs more or the consumer wants no more. It runs inside the strand.
func (c *conn) deliver() {
	in := c.sock.Wire().Inbox()
	c.unparsed = true
	for more := false; !c.httpDone.Load(); {
		if !more && !c.readWanted() {
			return
		}
		more = false
		if c.pendingUpgrade != nil {
			c.pendingUpgrade()
			return
		}
		data := in.Bytes()
		event, chunk, n := c.parser.Next(data)
		switch event {
		case http1.NeedMore:
			in.Advance(n)
			c.unparsed = false
			if c.msg == nil && len(data) > n {
				c.role.partialHead()
			}
			return
		case http1.HeadDone:
			msg := c.role.takeHead(n)
			if msg == nil {
				continue
			}
			if !msg.head.HasBody {
				c.parser.SkipEnd()
				c.role.received(msg)
				c.role.announce(msg)
				continue
			}
			c.msg = msg
			c.announceOpen(msg)
		case http1.Body:
			more = c.msg.body.Push(chunk)
			in.Advance(n)
		case http1.End:
			in.Advance(n)
			msg := c.complete(data)
			if msg != nil {
				msg.body.End()
			}
		case http1.Failed:
			c.fail(data)
			return
		}
	}
}

// parseHead fills h with the head of n bytes that the inbox begins with.
func (c *conn) parseHead(n int, h *http1.Head) {
	c.parser.TakeHead(c.sock.Wire().Inbox().Bytes(), h)
	c.sock.Wire().Inbox().Advance(n)
}

// announceOpen announces a message whose body is still to come: meanwhile its
// readers may read the socket.
func (c *conn) announceOpen(msg *IncomingMessage) {
	c.readMu.Unlock()
	defer c.relock()
	c.role.announce(msg)
}

// relock takes readMu back. While a reader has it, listeners may run, but none on this
// goroutine, of whose stack the end of one of them would be the end, too.
func (c *conn) relock() {
	strand := c.sock.Wire().Strand()
	for !c.readMu.TryLock() {
		strand.Yield()
		c.readMu.Lock()
		if strand.TryEnter() {
			return
		}
		msg := c.msg // a listener that has the strand may be reading it
		c.readMu.Unlock()
		if msg != nil {
			msg.body.Wake()
		}
		strand.Enter()
	}
}

// complete notes the end of the message being received, whose trailers data
// begins with; they are off the inbox. The caller holds readMu.
func (c *conn) complete(data []byte) *IncomingMessage {
	msg := c.msg
	if msg == nil {
		return nil
	}
	c.msg = nil
	if msg.head.Chunked {
		var trailers http1.Head
		c.parser.TakeTrailers(data, &trailers)
		if trailers.Len() > 0 {
			msg.trailers = &trailers
		}
	}
	if !msg.body.Destroyed() { // else nobody has all of it
		msg.complete.Store(true)
	}
	c.role.received(msg)
	return msg
}

// fail reports bytes that are not HTTP.
func (c *conn) fail(data []byte) {
	c.httpDone.Store(true)
	err := c.parseError()
	c.sock.Wire().Inbox().Advance(len(data))
	c.sock.Wire().Inbox().Release()
	c.role.malformed(err)
}

// parseError is why the parser does not take what the inbox holds. The error
// counts from where the bytes begin that were last read together.
func (c *conn) parseError() *core.Error {
	e := c.parser.Err()
	packet, parsed := c.sock.Wire().Inbox().Packet()
	return &core.Error{
		Code: e.Code, Kind: "Error", Message: e.Error(),
		BytesParsed: parsed + e.Offset, RawPacket: append([]byte(nil), packet...),
	}
}

// readEnded finds out what the end of the socket's bytes means.
func (c *conn) readEnded() {
	if c.httpDone.Load() || c.sock.Destroyed() {
		return
	}
	if c.msg == nil && errors.Is(c.readErr, os.ErrDeadlineExceeded) && c.role.readTimedOut() {
		return
	}
	unsent := c.sock.Wire().SendFailure()
	if c.readErr != io.EOF || c.sock.Wire().WasReset() {
		err := unsent
		if err == nil {
			err = c.sock.Wire().ReadError(c.readErr)
			c.wasReset = err == nil
		}
		c.sock.Destroy(err)
		return
	}
	c.sock.Wire().PostEnd()
	switch c.finish() {
	case http1.End:
		if msg := c.complete(nil); msg != nil {
			msg.body.End()
		}
		c.role.inputEnded(false)
	case http1.Failed:
		if msg := c.msg; msg != nil { // a reader who comes now must not ask the parser
			c.msg = nil
			msg.body.Fail(errAborted)
		}
		c.role.inputEnded(true)
	default:
		c.role.inputEnded(false)
	}
}

// finish tells the parser that the bytes have ended. A body that nothing but their end
// delimits is complete only if the peer has ended them: over TLS anybody on the way can.
func (c *conn) finish() http1.Event {
	remaining, plain := c.parser.Plain()
	event := c.parser.Finish()
	if plain && remaining < 0 && c.sock.Wire().Truncated() {
		return http1.Failed
	}
	return event
}

// pull reads body bytes of m into p on the goroutine of their reader. It
// reports false if another goroutine is reading the socket.
func (c *conn) pull(m *IncomingMessage, p []byte) (int, bool) {
	if !c.readMu.TryLock() {
		return 0, false
	}
	defer c.readMu.Unlock()
	if m.body.Holds() {
		return 0, true
	}
	for c.msg == m {
		data := c.sock.Wire().Inbox().Bytes()
		if remaining, plain := c.parser.Plain(); plain {
			if remaining >= 0 && int64(len(p)) > remaining {
				p = p[:remaining]
			}
			if len(data) == 0 && c.readErr == nil {
				var n int
				n, c.readErr = c.sock.Wire().ReadInto(p)
				c.parser.Skip(int64(n))
				if n == 0 {
					continue
				}
				c.emitLater(p[:n])
				if int64(n) == remaining { // nothing is to come that shows the end
					_, _, n := c.parser.Next(nil)
					c.pulledEnd(m, nil, n)
				}
				return n, true
			}
			data = data[:min(len(data), len(p))]
		}
		event, chunk, n := c.parser.Next(data)
		switch event {
		case http1.Body:
			k := copy(p, chunk)
			if k < len(chunk) {
				m.body.Keep(chunk[k:])
			}
			c.sock.Wire().Inbox().Advance(n)
			if len(c.sock.Wire().Inbox().Bytes()) > 0 {
				c.unparsed = true // the stream may be one that flows when the next bytes are wanted
			}
			return k, true
		case http1.End:
			c.pulledEnd(m, data, n)
		case http1.Failed:
			c.unparsed = true
			m.body.Fail(c.parseError())
			c.Wanted()
			return 0, true
		default:
			c.sock.Wire().Inbox().Advance(n)
			if c.readErr == nil {
				var n int
				if n, c.readErr = c.sock.Wire().ReadInto(nil); n > 0 {
					c.emitLater(c.sock.Wire().Inbox().Latest(n))
				}
			}
			if c.readErr != nil {
				c.endBody(m)
				return 0, true
			}
		}
	}
	return 0, true
}

// lookForEnd ends the body of m if nothing but its end has arrived behind what its
// reader has been given. It reports false if another goroutine is reading the socket,
// or delivering what it has read.
func (c *conn) lookForEnd(m *IncomingMessage) bool {
	if !c.readMu.TryLock() {
		return false
	}
	defer c.readMu.Unlock()
	if c.msg != m || m.body.Holds() {
		return true
	}
	data := c.sock.Wire().Inbox().Bytes()
	if _, plain := c.parser.Plain(); plain {
		data = nil // the end of such a body needs no bytes
	}
	switch event, chunk, n := c.parser.Next(data); event {
	case http1.End:
		c.pulledEnd(m, data, n)
	case http1.Body:
		m.body.Keep(chunk)
		c.sock.Wire().Inbox().Advance(n)
	case http1.Failed:
		c.unparsed = true
		m.body.Fail(c.parseError())
	default:
		c.sock.Wire().Inbox().Advance(n)
	}
	return true
}

// pulledEnd ends the body of m, whose reader has come to its end: the last n bytes of
// it are what data begins with.
func (c *conn) pulledEnd(m *IncomingMessage, data []byte, n int) {
	c.sock.Wire().Inbox().Advance(n)
	c.complete(data)
	c.unparsed = true
	m.body.Ended()
	c.Wanted()
}

// emitLater brings what tells of bytes that a reader has read itself to the strand. What
// run has read before, and could not tell yet because it waits for the strand, goes first.
func (c *conn) emitLater(b []byte) {
	if c.emitSocketData != nil {
		c.sock.Wire().Strand().Post(c.emitSocketData)
		c.emitSocketData = nil
	}
	if tell := c.sock.Wire().Overhear(b); tell != nil {
		c.sock.Wire().Strand().Post(tell)
	}
}

// endBody ends the body of m where the socket's bytes end. What else follows from
// that the connection's goroutine finds out.
func (c *conn) endBody(m *IncomingMessage) {
	c.unparsed = false
	if remaining, plain := c.parser.Plain(); c.readErr == io.EOF && plain && remaining < 0 && !c.sock.Wire().WasReset() && !c.sock.Wire().Truncated() {
		c.parser.Finish()
		c.complete(nil)
		m.body.Ended()
	} else {
		cause := c.sock.Wire().Failure()
		if cause == nil && errors.Is(c.readErr, os.ErrDeadlineExceeded) {
			cause = c.role.readTimeoutError()
		}
		m.body.Fail(abortedBy(cause))
	}
	c.Wanted()
}

// handOver ends the HTTP on the connection: the socket becomes a plain stream.
// It returns the bytes that were read already.
func (c *conn) handOver() []byte {
	c.parser.Detach()
	c.detached = true
	c.httpDone.Store(true)
	in := c.sock.Wire().Inbox()
	rest := append([]byte(nil), in.Bytes()...)
	in.Advance(len(rest))
	in.Release()
	c.sock.Wire().Detach()
	return rest
}
