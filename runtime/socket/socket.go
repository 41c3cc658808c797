package socket

// Socket: one connection as Node's net.Socket shows it. What lives here is what a socket
// is and how it ends; reading and writing have files of their own.

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"nodehttp/core"
)

// Socket is a connection: a net.Conn, and a duplex stream with Node's events.
// All methods may be called from any goroutine.
type Socket struct {
	fd     *descriptor // nil if conn must be read and written through net.Conn
	strand *core.Strand
	own    core.Strand // what strand points to, unless a loop is shared
	in     Inbox
	w      Writer
	body   core.Readable // the bytes, once no protocol reads them any more
	ref    core.Ref

	halfOpen bool // the peer's end does not end the sending half
	options  Options

	timeout   atomic.Int64 // nanoseconds of silence until 'timeout'; 0 is none
	active    atomic.Int64 // core.Instant of the last activity; 0 until Begin has ended
	silence   atomic.Int64 // what active was when 'timeout' was last told of it, plus one
	bytesRead atomic.Int64
	expired   atomic.Bool // destroyed because it was silent for too long
	paused    atomic.Bool // the sweep need not look for a while
	parked    atomic.Bool // the idle poller watches it; set with idlers.mu held
	watched   atomic.Bool // somebody has asked for the context and the peer has not left yet
	dataHeard atomic.Bool // somebody has listened for 'data'

	// The read deadline of the connection below has passed because of a deadline of the
	// user's or interrupt (overdue), or of wakeReader (wakeDeadline); both are changed with mu held.
	overdue, wakeDeadline atomic.Bool

	// Instants of the coarse clock, 0 before:
	lingerAt   atomic.Int64 // linger was called
	closedAt   atomic.Int64 // Close was called
	peerLeftAt atomic.Int64 // attend noticed that the peer has left

	slot slot // guarded by idlers.mu

	mu      sync.Mutex // guards what follows
	conn    net.Conn   // nil until it is established
	handler Handler    // reads the socket; nil once it is a plain stream
	life    life
	reader  reader
	flags   socketFlags
	err     error // what it was destroyed with
	events  *socketEvents

	readDeadline deadline

	cancel context.CancelCauseFunc
	ctx    context.Context
	stop   func()          // ends the attempt to connect
	tune   []func(*Socket) // to be done when connected
}

// socketFlags are facts beside the states of the socket, independent of them and of each
// other.
type socketFlags uint16

const (
	socketErrored     socketFlags = 1 << iota // 'error' has happened, if there is one
	socketClosed                              // 'close' has happened
	socketEnded                               // the peer has ended
	socketInterrupted                         // reading fails; see interrupt
	socketLate                                // the read deadline has passed
	socketDraining                            // what is received is for nobody: no deadline holds
	socketArmed                               // the connection's own read deadline has passed; see interruptReader
	socketDrainOwed                           // WriteChunk has returned false; 'drain' is to follow
	socketDrainMissed                         // it has happened, and nobody listened
)

type socketEvents struct {
	err     core.Latch[func(error)]
	close   core.Latch[func(bool)]
	connect core.Latch[func()]
	drain   core.Event[func()]
	timeout core.Event[func()]

	// guarded by the socket's mu
	told   bool         // the user has been given the error, by a call or as a late listener
	report *core.Report // of an error that nobody has heard yet
}

// Accept wraps an established connection, which h reads. own says that nobody else has
// the connection. The peer's end does not end the sending half. Begin follows.
func Accept(c net.Conn, own bool, h Handler, o Options) *Socket {
	s := &Socket{handler: h, halfOpen: true, options: o}
	s.wrap(c, own)
	return s
}

// Connecting makes a socket whose connection Connect establishes. What is written
// meanwhile is queued. h reads it. Its listeners run on strand, which belonged to a
// socket that has ended and whose strand the caller is inside of, or on one of its own if
// that is nil. Begin follows.
func Connecting(h Handler, o Options, strand *core.Strand) *Socket {
	s := &Socket{handler: h, options: o, strand: strand}
	s.init()
	s.w.busy = true // until connected
	return s
}

// New makes a plain stream of an established connection, which the caller gives up.
func New(c net.Conn) *Socket {
	s := &Socket{options: Options{HighWaterMark: DefaultHighWaterMark}}
	s.wrap(c, false)
	s.begin()
	return s
}

// DefaultHighWaterMark is the high-water mark of a socket that New makes.
const DefaultHighWaterMark = 16 << 10

func (s *Socket) wrap(c net.Conn, own bool) {
	s.conn = c
	s.init()
	s.step(eventConnect)
	s.fd = newDescriptor(c, own, s)
	s.w.conn, s.w.fd = c, s.fd
}

func (s *Socket) init() {
	if s.strand == nil {
		s.strand = &s.own
	}
	s.life, s.reader = connecting, unread
	s.strand.OnPanic = func(p *core.PanicError) { s.destroy(p) }
	s.w.sock = s
	s.body.Init(s.strand, (*socketSource)(s), s.options.HighWaterMark)
	if s.handler != nil {
		s.body.Tap()
	}
	s.ref.Hold()
}

// begin has the sweep look at the socket. Its handler, if any, must be ready.
func (s *Socket) begin() {
	core.Join(s) // before touch, since the clock may have stood still
	s.touch()
}

// establish gives a connecting socket its connection. It reports false, and
// closes c, if the socket has been destroyed meanwhile. own says that nobody
// else has c.
func (s *Socket) establish(c net.Conn, own bool) bool {
	fd := newDescriptor(c, own, s)
	s.mu.Lock()
	if s.life.destroyed() {
		s.mu.Unlock()
		c.Close()
		return false
	}
	s.step(eventConnect)
	s.conn, s.fd = c, fd
	s.stop = nil
	s.seal()
	tune, events := s.tune, s.events
	s.tune = nil
	s.mu.Unlock()
	for _, f := range tune {
		f(s)
	}
	s.touch()
	s.w.mu.Lock()
	s.w.conn, s.w.fd = c, fd
	s.w.busy = false
	s.w.flush()
	s.w.UnlockNotify()
	if events != nil && events.connect.Heard() {
		s.strand.Post(func() { events.connect.Emit(core.Call) })
	}
	return true
}

// whenConnected has f called as soon as the connection is established.
func (s *Socket) whenConnected(f func(*Socket)) {
	s.mu.Lock()
	if s.conn == nil {
		s.tune = append(s.tune, f)
		s.mu.Unlock()
		return
	}
	s.mu.Unlock()
	f(s)
}

// whenDestroyed has stop called if the socket is destroyed before it is
// connected.
func (s *Socket) whenDestroyed(stop func()) {
	s.mu.Lock()
	s.stop = stop
	over := s.life.destroyed()
	s.mu.Unlock()
	if over {
		stop()
	}
}

// established returns the connection, nil before there is one.
func (s *Socket) established() net.Conn {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.conn
}

// Destroy closes the connection at once. With an error, 'error' is emitted
// before 'close'. What is queued for writing is lost.
func (s *Socket) Destroy(err ...error) { s.destroy(core.First(err)) }

// destroy ends the socket once; the rest follows inside the strand. One that
// lingers it disconnects.
func (s *Socket) destroy(err error) {
	s.mu.Lock()
	if !s.life.destroyed() {
		s.retire(err, eventDestroy)
		return
	}
	s.mu.Unlock()
	s.disconnect(eventDestroy)
}

// retire destroys a socket that has not been destroyed, by an event that says whether its
// connection lingers. The caller holds mu, which retire releases.
func (s *Socket) retire(err error, event lifeEvent) {
	s.step(event)
	s.err = err
	s.readDeadline.stop()
	h, conn, stop, cancel := s.handler, s.conn, s.stop, s.cancel
	s.mu.Unlock()
	cause := err
	if cause == nil {
		cause = core.ErrStreamDestroyed
	}
	unsent := cause
	if !core.HasCode(err) {
		unsent = core.DestroyedBy(err)
	}
	s.w.mu.Lock()
	if s.w.corked { // an answer that only waited for company
		s.w.corked = false
		s.w.flush()
	}
	s.w.fail(unsent) // before Close: see writer
	s.w.deadline.stop()
	s.w.mu.Unlock()
	switch {
	case conn == nil:
		core.Leave(s)
		if stop != nil {
			stop()
		}
	case event == eventDestroy:
		core.Leave(s)
		conn.Close()
	}
	s.w.mu.Lock()
	s.w.UnlockNotify() // tells who waits
	s.body.Destroy(cause)
	if h != nil {
		h.Destroyed()
	}
	if cancel != nil {
		cancel(ErrLeft) // before finish: the strand may be a listener's that waits for this
	}
	s.strand.PostLast(s.finish)
}

// disconnect closes the connection of a socket that lingers.
func (s *Socket) disconnect(event lifeEvent) {
	s.mu.Lock()
	lingers := s.life == lingering
	if lingers {
		s.step(event)
	}
	s.mu.Unlock()
	if lingers {
		core.Leave(s)
		s.conn.Close()
	}
}

// finish tells everyone that the socket is gone. It runs inside the strand.
func (s *Socket) finish() {
	s.mu.Lock()
	h, err := s.handler, s.err
	s.mu.Unlock()
	defer s.ref.Drop()
	end := s.tellError
	if h != nil {
		end = func() { h.Closed(err, s.tellError) }
	}
	s.strand.Each(end, func() {
		s.mu.Lock()
		s.flags |= socketClosed
		s.seal()
		events := s.events
		s.mu.Unlock()
		if events != nil {
			events.close.Emit(func(f func(bool)) { f(err != nil) })
		}
	})
}

// tellError fires 'error', if the socket was destroyed with one. It runs inside
// the strand.
func (s *Socket) tellError() {
	s.mu.Lock()
	s.flags |= socketErrored
	s.seal()
	h, err, events := s.handler, s.err, s.events
	s.mu.Unlock()
	if err == nil {
		return
	}
	heard := events != nil && events.err.Emit(func(f func(error)) { f(err) })
	if !heard && h == nil && s.closedAt.Load() == 0 { // who has closed it asks for nothing
		s.mu.Lock()
		defer s.mu.Unlock()
		if e := s.lists(); !e.told {
			e.report = core.NewReport(err, core.Grace)
		}
	}
}

// currentHandler returns the handler, or nil if the socket is a plain stream.
func (s *Socket) currentHandler() Handler {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.handler
}

// returned passes on what Read, Write or End returns, and notes whether the user
// learns from it that the socket has ended.
func (s *Socket) returned(err error) error {
	switch {
	case err == nil, err == io.EOF, err == core.ErrStreamFlowing, err == core.ErrStreamWriteAfterEnd:
	case errors.Is(err, os.ErrDeadlineExceeded):
	default:
		s.known()
	}
	return err
}

// known notes that the user has been given the error that has ended the socket, or is
// about to end it.
func (s *Socket) known() {
	s.mu.Lock()
	e := s.lists()
	e.told = true
	report := e.report
	s.mu.Unlock()
	report.Heard()
}

// failure returns what the socket was destroyed with, nil if that is nothing.
func (s *Socket) failure() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

// Destroyed reports whether the socket has been destroyed.
func (s *Socket) Destroyed() bool { return s.lifeNow().destroyed() }

func (s *Socket) has(f socketFlags) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.flags&f != 0
}

// Close closes the socket as net.Conn has it: Read and Write that wait fail with
// an error that is net.ErrClosed, as Close does when it comes again. What has been
// accepted before is sent in the background, for at most closeTime, and what the
// peer sends meanwhile does not keep it from arriving; should that fail, listeners of
// 'error' alone are told. While the system waits for the peer to take what a Write, of
// the socket or of a message, was given and does not own, Close is Destroy: what the
// system has not taken is lost.
func (s *Socket) Close() error {
	if s.Destroyed() || !s.closedAt.CompareAndSwap(0, max(int64(core.Now()), 1)) {
		return net.ErrClosed
	}
	s.mu.Lock()
	s.step(eventClose)
	plain := s.handler == nil
	if plain && s.conn != nil && !s.life.destroyed() {
		s.interrupt()
	}
	s.mu.Unlock()
	if plain {
		s.body.Destroy(core.ErrStreamDestroyed)
	}
	s.w.mu.Lock()
	if s.w.callerOwned {
		s.w.mu.Unlock()
		s.destroy(nil)
		return nil
	}
	s.w.End(ThenClose)
	s.w.wake()
	s.w.UnlockNotify()
	s.look()
	return nil
}

// closeTime bounds for how long what Close has left is being sent.
const closeTime = 30 * time.Second

// detach makes the socket a plain stream: its user reads it no more.
func (s *Socket) detach() {
	s.mu.Lock()
	s.handler = nil
	s.flags &^= socketInterrupted
	s.interruptReader()
	s.mu.Unlock()
	s.body.Untap(s.options.DataFirst)
}

// Ref makes the socket count for Wait, as it does from the beginning.
func (s *Socket) Ref() *Socket {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.flags&socketClosed == 0 { // else nobody would give it up again
		s.ref.Hold()
	}
	return s
}

// Unref makes the socket not count for Wait.
func (s *Socket) Unref() *Socket {
	s.ref.Drop()
	return s
}

// Context returns a context that is cancelled when the socket is closed, with
// core.ErrConnReset, which wraps context.Canceled, as its cause. That of a
// server's connection is also cancelled when the client has ended its half, even
// if nobody reads at the moment, because a listener blocks or bytes wait to be
// consumed: the sweep looks, from the first call on. Where the system cannot
// tell, that is noticed when the socket is read next.
func (s *Socket) Context() context.Context {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ctx == nil {
		s.ctx, s.cancel = context.WithCancelCause(context.Background())
		if s.life.destroyed() {
			s.cancel(ErrLeft)
		}
		s.watched.Store(true)
	}
	return s.ctx
}

// ErrLeft is the cause of a context that has ended with its socket.
var ErrLeft = &core.Error{
	Code: core.ErrConnReset.Code, Kind: core.ErrConnReset.Kind, Message: core.ErrConnReset.Message, Err: context.Canceled,
}

// watchPeer cancels the context if the peer has left. It is called by the sweep
// while a server reads the socket.
func (s *Socket) watchPeer() {
	if s.watched.Load() && s.peerLeft() {
		s.watched.Store(false)
		s.mu.Lock()
		cancel := s.cancel
		s.mu.Unlock()
		cancel(ErrLeft)
	}
}

// Conn returns the connection that the socket stands on, nil before there is one.
// Who reads or writes it, or sets its deadlines, breaks the socket. Over TLS that this
// library has made it is a tls.Conn.
func (s *Socket) Conn() net.Conn {
	c := s.established()
	if t, ok := c.(*tlsConn); ok {
		return t.records
	}
	return c
}

// LocalAddr returns the local address, nil before the socket is connected.
func (s *Socket) LocalAddr() net.Addr {
	if c := s.established(); c != nil {
		return c.LocalAddr()
	}
	return nil
}

// RemoteAddr returns the address of the peer, nil before the socket is
// connected.
func (s *Socket) RemoteAddr() net.Addr {
	if c := s.established(); c != nil {
		return c.RemoteAddr()
	}
	return nil
}

// LocalAddress returns the local IP address, or "" for other than TCP.
func (s *Socket) LocalAddress() string { a, _ := ipPort(s.LocalAddr()); return a }

// LocalPort returns the local port, or 0 for other than TCP.
func (s *Socket) LocalPort() int { _, p := ipPort(s.LocalAddr()); return p }

// RemoteAddress returns the IP address of the peer, or "" for other than TCP.
func (s *Socket) RemoteAddress() string { a, _ := ipPort(s.RemoteAddr()); return a }

// RemotePort returns the port of the peer, or 0 for other than TCP.
func (s *Socket) RemotePort() int { _, p := ipPort(s.RemoteAddr()); return p }

func ipPort(a net.Addr) (string, int) {
	if t, ok := a.(*net.TCPAddr); ok {
		return t.IP.String(), t.Port
	}
	return "", 0
}

// BytesRead returns how many bytes have been received.
func (s *Socket) BytesRead() int64 { return s.bytesRead.Load() }

// BytesWritten returns how many bytes have been accepted for sending.
func (s *Socket) BytesWritten() int64 {
	s.w.mu.Lock()
	defer s.w.mu.Unlock()
	return s.w.queued
}

// SetNoDelay turns Nagle's algorithm off (the default of the argument), or on.
func (s *Socket) SetNoDelay(noDelay ...bool) *Socket {
	if t, ok := over(s.established()).(*net.TCPConn); ok {
		t.SetNoDelay(len(noDelay) == 0 || noDelay[0])
	}
	return s
}

// SetKeepAlive turns TCP keep-alive on or off. initialDelay is the silence
// before the first probe; 0 leaves the system's setting.
func (s *Socket) SetKeepAlive(enable bool, initialDelay ...time.Duration) *Socket {
	if t, ok := over(s.established()).(*net.TCPConn); ok {
		config := net.KeepAliveConfig{Enable: enable, Idle: -1, Interval: -1, Count: -1}
		if len(initialDelay) > 0 && initialDelay[0] > 0 {
			config.Idle = initialDelay[0]
		}
		t.SetKeepAliveConfig(config)
	}
	return s
}

// EmitAgentRemove takes the connection out of its agent, if it has one: it
// counts for none of the agent's limits any more and serves no further request.
func (s *Socket) EmitAgentRemove() {
	if h := s.currentHandler(); h != nil {
		h.Unpooled()
	}
}

// lastActive returns the instant of the last activity, 0 before Begin has ended.
func (s *Socket) lastActive() core.Instant { return core.Instant(s.active.Load()) }

// expire destroys a socket that was silent for too long.
func (s *Socket) expire() {
	s.expired.Store(true)
	s.destroy(nil)
}

// overhear returns what tells the listeners of 'data' of bytes that the handler has read,
// nil if nobody listens. It is to be called inside the strand while the bytes are valid.
func (s *Socket) overhear(b []byte) func() {
	if !s.dataHeard.Load() {
		return nil
	}
	return s.body.Overhear(b)
}
