package socket

// The seam between a socket and the protocol that is spoken over it.

import (
	"context"
	"time"

	"nodehttp/core"
)

// Options are what differs between sockets.
type Options struct {
	HighWaterMark int  // in bytes, of what waits to be read and of what waits to be sent
	QuietReset    bool // a reset by the peer is taken for an end
	DataFirst     bool // 'data' is told before what a handler makes of the bytes, and flows on behind it
}

// Handler is the protocol that is spoken over a socket: it reads the socket and is told
// what happens to it. Its methods may be called from any goroutine unless they say
// otherwise, and never with a lock of the socket held.
type Handler interface {
	// Resume starts the goroutine that reads the socket again, after Park. It is called on a
	// goroutine of its own.
	Resume()
	// Wanted says that something has changed that reading waits for: the deadline has
	// passed, or the peer takes bytes again.
	Wanted()
	// Drained says that everything that was accepted for sending has left.
	Drained()
	// WriteFailed says that writing has failed. It reports whether what the peer has sent
	// before is to be read; then the handler destroys the socket. It may be called again.
	WriteFailed(err *core.Error) (readsOn bool)
	// TimedOut says inside the strand that the socket was silent for too long; the
	// socket's listeners are told next.
	TimedOut()
	// Silence returns what TimedOut does.
	Silence() SilenceOutcome
	// Sweep looks at the clock; what it returns is as in core.Swept.
	Sweep(now core.Instant) (pause time.Duration)
	// Unpooled says that the socket is to count for no pool any more.
	Unpooled()
	// Destroyed says that the socket was destroyed; Closed follows.
	Destroyed()
	// Closed says inside the strand that the socket is gone. It calls tell, which tells
	// the socket's listeners of err, at its place among the handler's own.
	Closed(err error, tell func())
}

// Wire is a Socket as its handler uses it. The methods of Socket are for programs.
type Wire Socket

// Wire returns the socket as its handler uses it.
func (s *Socket) Wire() *Wire { return (*Wire)(s) }

func (w *Wire) sock() *Socket { return (*Socket)(w) }

// Begin has the sweep look at the socket. Its handler must be ready.
func (w *Wire) Begin() { w.sock().begin() }

// Connect establishes the connection of a socket that Connecting has made, by create if
// that is not nil, and reports whether there is one to read. Else the socket is destroyed.
// What create gets derives from ctx, and ends when the socket is destroyed.
func (w *Wire) Connect(ctx context.Context, create Connector, o ConnectOptions) bool {
	return w.sock().connect(ctx, create, o)
}

// WhenConnected has f called as soon as the connection is established.
func (w *Wire) WhenConnected(f func(*Socket)) { w.sock().whenConnected(f) }

// Detach makes the socket a plain stream: its handler reads it no more.
func (w *Wire) Detach() { w.sock().detach() }

// Strand returns the strand that the socket's listeners run in.
func (w *Wire) Strand() *core.Strand { return w.strand }

// Inbox returns the bytes that have been read and not consumed yet. It belongs to the
// goroutine that reads the socket.
func (w *Wire) Inbox() *Inbox { return &w.in }

// Writer returns the sending half.
func (w *Wire) Writer() *Writer { return &w.w }

// ReadInto waits for bytes and reads them into the Inbox, or into p if that is not nil.
func (w *Wire) ReadInto(p []byte) (n int, err error) { return w.sock().readInto(p) }

// ReadIdle is ReadInto(nil). If idle is set it is for the next message: ReadIdle returns
// ErrPark instead of waiting where too many connections wait already.
func (w *Wire) ReadIdle(idle bool) (n int, err error) { return w.sock().readIdle(idle) }

// Park has the poller watch the socket, so that the goroutine that reads it can end.
// When there is something to read, or Unpark is called, the handler is resumed. It
// reports false, and ReadIdle never asks for it again, if the poller cannot watch the
// socket. The caller is the goroutine that reads the socket, and ReadIdle has returned
// ErrPark.
func (w *Wire) Park() bool { return w.sock().park() }

// Parked reports whether the poller watches the socket.
func (w *Wire) Parked() bool { return w.parked.Load() }

// Unpark has the handler resumed if the socket is parked.
func (w *Wire) Unpark() {
	if w.parked.Load() {
		w.sock().unpark()
	}
}

// Drain reads into nothing until the peer has ended or, if the socket lingers, has had its
// chance. It is the last that the goroutine does that has read the socket; its reading has
// ended with err.
func (w *Wire) Drain(err error) { w.sock().drain(err) }

// Interrupt has the handler's reading fail, if the handler reads yet and the socket has
// not been destroyed.
func (w *Wire) Interrupt() { w.sock().interruptHandler() }

// Overdue reports whether reading fails because of a deadline, or of Interrupt.
func (w *Wire) Overdue() bool { return w.overdue.Load() }

// ReadError is what the socket is to be destroyed with when reading it has failed with
// err; nil if that is taken for an end.
func (w *Wire) ReadError(err error) error { return w.sock().readError(err) }

// WasReset reports whether the end of the socket's bytes is a reset.
func (w *Wire) WasReset() bool { return w.sock().wasReset() }

// PostEnd brings 'end' of a socket that a handler reads to the strand.
func (w *Wire) PostEnd() { w.sock().postEnd() }

// Overhear returns what tells the listeners of 'data' of bytes that the handler has read,
// nil if nobody listens. It is to be called inside the strand while the bytes are valid.
func (w *Wire) Overhear(b []byte) func() { return w.sock().overhear(b) }

// DataFirst returns the option of that name.
func (w *Wire) DataFirst() bool { return w.options.DataFirst }

// Direct reports whether the socket is read and written through a file descriptor, and
// not through net.Conn.
func (w *Wire) Direct() bool { return w.sock().descriptor() != nil }

// PeerLeft reports whether the peer has ended although it is not being read. It does not
// know for connections that stand on no descriptor.
func (w *Wire) PeerLeft() bool { return w.sock().peerLeft() }

// WatchPeer cancels the context of the socket if the peer has left. A server's sweep calls
// it.
func (w *Wire) WatchPeer() { w.sock().watchPeer() }

// Disturbed reports whether the peer of a connection on which nothing is expected has sent
// something that has not been read, or has ended. What has been read BytesRead tells after
// the call. Over TLS it takes what has arrived, so the caller must destroy the socket then.
// It does not know for connections that stand on no descriptor, nor what TLS of somebody
// else's has read and not yet given out.
func (w *Wire) Disturbed() bool { return w.sock().disturbed() }

// Touch notes activity.
func (w *Wire) Touch() { w.sock().touch() }

// Active returns the instant of the last activity, 0 before Begin has ended.
func (w *Wire) Active() core.Instant { return w.sock().lastActive() }

// MaybeTimeout fires 'timeout' for the silence since an instant, once.
func (w *Wire) MaybeTimeout(active core.Instant) { w.sock().maybeTimeout(active) }

// Expire destroys a socket that was silent for too long.
func (w *Wire) Expire() { w.sock().expire() }

// Expired reports whether the socket was destroyed because it was silent for too long.
func (w *Wire) Expired() bool { return w.expired.Load() }

// Failure returns what the socket was destroyed with, nil if that is nothing.
func (w *Wire) Failure() error { return w.sock().failure() }

// SendFailure returns why writing has failed, nil if it has not.
func (w *Wire) SendFailure() error { return w.sock().sendFailure() }

// Unsent reports whether some of what was written has not been given to the system.
func (w *Wire) Unsent() bool { return w.w.Unsent() > 0 }

// DestroyUnless destroys the socket if a function of the program's has not returned, and
// recovers its panic. It is meant to be deferred by the caller of the function.
func (w *Wire) DestroyUnless(returned *bool) {
	if !*returned {
		core.Panicked(recover(), func(p *core.PanicError) { w.sock().destroy(p) })
	}
}
