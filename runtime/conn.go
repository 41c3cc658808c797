package runtime

// conn: what a server's and a client's connection have in common. One goroutine reads the
// socket, parses, and runs the listeners. While a body is arriving, a Read of it may read the
// socket in the place of that goroutine.

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

	// readMu guards the reading side of the socket, the parser and what follows. The
	// connection's goroutine holds it, but not while it runs listeners of a message whose body
	// has not arrived, and not while it waits for the consumer: then a Read of the body may take
	// it.
	readMu         sync.Mutex
	msg            *IncomingMessage // the message whose body is being received
	unparsed       bool             // the inbox may hold bytes that the parser has not been given
	pendingUpgrade func()           // hands the socket over, once the role is ready; nil if there is no upgrade
	readErr        error            // what reading the socket has ended with
	emitSocketData func()           // emits 'data' on the socket for what run has read last; nil if nobody listens, or if that is done
	detached       bool             // the socket has been handed over
	parking        bool             // run is to end, and the idle poller to watch the socket

	wasReset bool // the peer reset the connection and the profile treats that as EOF; strand only

	waiting   atomic.Bool   // await is about to wait for signal
	unwatched atomic.Bool   // await waits between messages, so that the peer's end is not noticed
	signal    chan struct{} // has one token when await should look again; nil until await first waits
	httpDone  atomic.Bool   // HTTP on this connection has ended: nothing more is parsed
}

// role is what differs between a server's and a client's connection. Its methods run inside the
// strand, unless they say otherwise.
type role interface {
	// takeHead takes a complete head, of n bytes, off the inbox by parseHead. It returns nil
	// if there is nothing to announce.
	takeHead(n int) *IncomingMessage
	// announce emits the event that gives msg to the program.
	announce(msg *IncomingMessage)
	// partialHead is called when a part of a head has arrived.
	partialHead()
	// received is called when msg has arrived completely; inside the strand or not.
	received(msg *IncomingMessage)
	// consumed is called when the end of msg has been reached, by the Consumer; inside the
	// strand or not.
	consumed(msg *IncomingMessage, by core.Consumer)
	// beforeEnd is called before 'end' is emitted on msg.
	beforeEnd(msg *IncomingMessage)
	// iterationLeft is called when the program has left a loop over the body of msg before its
	// end, which destroys msg; inside the strand or not.
	iterationLeft(msg *IncomingMessage)
	// messageDestroyed is called when the program has destroyed msg, with an error if err is
	// one. It destroys the connection, unless that has gone on to other messages; inside the
	// strand or not.
	messageDestroyed(msg *IncomingMessage, err error)
	// malformed is called when what has arrived is not HTTP.
	malformed(err *core.Error)
	// inputEnded is called when the peer has ended its sending half, in the middle of a message
	// if truncated.
	inputEnded(truncated bool)
	// readTimedOut is called when the read deadline has passed between messages. It reports
	// false if that is to destroy the connection.
	readTimedOut() bool
	// readTimeoutError returns the error of a Read of a body when the read deadline has passed.
	readTimeoutError() error
	// ready reports, between messages, whether the next one may be read, or whether
	// pendingUpgrade may be called; inside the strand or not.
	ready() bool
}

func (c *conn) init(s *socket.Socket, r role, kind http1.Role, o http1.Options) {
	c.sock, c.role = s, r
	c.parser.Init(kind, o)
}

// socketOptions returns the options of a connection's socket. mark is its high-water mark.
func socketOptions(p *profile.Profile, mark int) socket.Options {
	return socket.Options{HighWaterMark: mark, QuietReset: !p.ResetErrors, DataFirst: p.FlowsAtOnce}
}

// run reads the connection until it ends or is handed over. It is the
// connection's goroutine.
func (c *conn) run() {
	c.readMu.Lock()
	for c.await() && c.fill() {
		c.enter()
		c.sock.Wire().Strand().GuardTask((*deliverTask)(c))
		c.exit()
		c.sock.Wire().Writer().Uncork()
		if c.msg == nil && !c.unparsed {
			// Let other connections go first: meanwhile the peer may send its next message,
			// and the read finds it.
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
		if c.msg != nil { // no more of it will be delivered, though the socket may stay open for long
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
	if c.httpDone.Load() || c.sock.Wire().Overdue() { // Unpark may have been called before Park
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
	default: // there is a token already
	}
}

// exit leaves the strand, and runs what was posted there meanwhile. Listeners may read the body,
// if there is one, so readMu is released.
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
		// Between messages an empty inbox means that the connection is idle.
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

// enter takes the strand. A listener on another goroutine that has it may be in a Read of the
// body, so readMu is released meanwhile.
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

// deliverTask is a connection as the task that delivers what has been read.
type deliverTask conn

func (t *deliverTask) Run() {
	c := (*conn)(t)
	if c.emitSocketData == nil {
		c.deliver()
	} else {
		c.deliverAndEmit()
	}
}

// deliverAndEmit is deliver if somebody listens for 'data' of the socket. It runs inside the
// strand.
func (c *conn) deliverAndEmit() {
	emit := func() {
		emitData := c.emitSocketData
		if c.emitSocketData = nil; emitData == nil { // emitLater has posted it
			return
		}
		if c.msg != nil { // a listener may read it
			c.readMu.Unlock()
			defer c.relock()
		}
		emitData()
	}
	if c.sock.Wire().DataFirst() {
		c.sock.Wire().Strand().Each(emit, c.deliver)
	} else {
		c.sock.Wire().Strand().Each(c.deliver, emit)
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

// parseHead fills h with the head of n bytes that the inbox begins with, and takes it off.
func (c *conn) parseHead(n int, h *http1.Head) {
	c.parser.TakeHead(c.sock.Wire().Inbox().Bytes(), h)
	c.sock.Wire().Inbox().Advance(n)
}

// announceOpen announces a message whose body has not arrived. Its readers may read the socket
// meanwhile.
func (c *conn) announceOpen(msg *IncomingMessage) {
	c.readMu.Unlock()
	defer c.relock()
	c.role.announce(msg)
}

// relock takes readMu again, inside the strand. While a reader has it, other listeners may run,
// but not on this goroutine: one that calls Goexit would end the connection's goroutine.
func (c *conn) relock() {
	strand := c.sock.Wire().Strand()
	for !c.readMu.TryLock() {
		strand.Yield()
		c.readMu.Lock()
		if strand.TryEnter() {
			return
		}
		msg := c.msg // a listener that has the strand may be in a Read of it
		c.readMu.Unlock()
		if msg != nil {
			msg.body.Wake()
		}
		strand.Enter()
	}
}

// complete notes the end of the message that is being received, and returns it. data begins with
// its trailers, which are off the inbox. The caller holds readMu.
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
	if !msg.body.Destroyed() { // else a part was discarded
		msg.note(incomingComplete)
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

// parseError is why the parser does not take what the inbox holds. Its offset counts from the
// beginning of what was read last.
func (c *conn) parseError() *core.Error {
	e := c.parser.Err()
	packet, parsed := c.sock.Wire().Inbox().Packet()
	return &core.Error{
		Code: e.Code, Kind: "Error", Message: e.Error(),
		BytesParsed: parsed + e.Offset, RawPacket: append([]byte(nil), packet...),
	}
}

// readEnded finds out what the end of reading means. It runs inside the strand.
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
		if msg := c.msg; msg != nil { // a Read that comes now must not use the parser
			c.msg = nil
			msg.body.Fail(errAborted)
		}
		c.role.inputEnded(true)
	default:
		c.role.inputEnded(false)
	}
}

// finish tells the parser that the bytes have ended. A close-delimited body is complete only if
// the peer has ended them itself: below TLS anybody on the path can end the connection.
func (c *conn) finish() http1.Event {
	remaining, plain := c.parser.Plain()
	event := c.parser.Finish()
	if plain && remaining < 0 && c.sock.Wire().Truncated() {
		return http1.Failed
	}
	return event
}

// pull reads bytes of the body of m into p, for a Read, on its goroutine. It reports false if
// another goroutine is reading the socket.
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
				if int64(n) == remaining { // this was the last byte
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
				c.unparsed = true // for the connection's goroutine, if the stream flows by then
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

// lookForEnd ends the body of m if its end has arrived and nothing else is before it. It reports
// false if another goroutine is reading the socket or delivering what it has read.
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

// pulledEnd ends the body of m, to whose end a reader has come: its last n bytes are what data
// begins with.
func (c *conn) pulledEnd(m *IncomingMessage, data []byte, n int) {
	c.sock.Wire().Inbox().Advance(n)
	c.complete(data)
	c.unparsed = true
	m.body.Ended()
	c.Wanted()
}

// emitLater posts 'data' of the socket for bytes that a Read has taken from it. What run has read
// before, and could not emit yet because it waits for the strand, is posted first.
func (c *conn) emitLater(b []byte) {
	if c.emitSocketData != nil {
		c.sock.Wire().Strand().Post(c.emitSocketData)
		c.emitSocketData = nil
	}
	if emit := c.sock.Wire().Overhear(b); emit != nil {
		c.sock.Wire().Strand().Post(emit)
	}
}

// endBody ends the body of m because reading the socket has ended. The connection's goroutine
// does the rest.
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

// handOver ends HTTP on the connection: the socket becomes a plain stream. It returns the bytes
// that were read already.
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
