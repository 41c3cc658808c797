package socket

// TLS below a socket. What lives here is how crypto/tls is fed and emptied without a
// goroutine and without buffers of its own; which certificates it shows and believes is
// its caller's business.
//
// A tls.Conn stands between the socket and its descriptor:
//
//	Socket, Writer      plaintext: what is counted, queued and told
//	tls.Conn            records
//	tlsWire             the net.Conn that the tls.Conn believes to have
//	descriptor          system calls that never block
//
// The handshake is the only part that blocks: Handshake runs it on its caller's goroutine,
// over the connection as it is, before there is a socket. An error of it is the tls.Conn's
// last. Afterwards, if the connection has a descriptor, the tls.Conn never waits.
//
// Reading. The goroutine that reads a socket waits for the descriptor, not in the tls.Conn,
// and asks that for plaintext when there may be some. The tlsWire answers with what the
// system has, or with errAgain, which a tls.Conn survives as it does a deadline: a part of a
// record stays where it is. So a connection that waits owns neither the buffer for plaintext
// nor, if it is parked, a goroutine. What remains is the tls.Conn's own buffer, which it does
// not give back: it is as large as the largest record so far, after a handshake 2 to 4 KB.
// The tls.Conn is always asked before anything waits: it may hold further records.
//
// Writing. The tls.Conn must not fail, since it cannot repeat a record. So the tlsWire
// takes every record: it gives it to the system at once, or keeps what the system does not
// take (sealed). The Writer counts plaintext as sent when the system has taken all of the
// record that carries it, and keeps it until then. So a write that follows begins with the
// bytes that the last one could not send, as SSL_write has it: the first of them are
// sealed already (plain), and are not sealed again. The head of a message and its first
// chunk are copied together into one record. A large piece becomes full records, of which
// three leave in one system call.
//
// The reader's side writes, too: it answers a key update, and tells the peer by an alert
// what was wrong. Such a record stands before whatever is sealed later; if the system does
// not take it, it waits for the next write.
//
// Ending. CloseWrite sends close_notify and then ends the sending half of the connection.
// Close sends nothing, so that what was destroyed does not look complete to the peer. The
// end of the connection without close_notify is an end like another, but Truncated says
// so: a body that only the end delimits is incomplete then.
//
// Locks. descriptor.taking is held while the tls.Conn is read, so that whoever holds it finds
// what has arrived either with the system or in bytesRead. tlsWire.mu guards what is sealed;
// the tls.Conn's own locks are taken before it.

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

const (
	recordSize = 16 << 10 // how much plaintext a record carries at most
	sealAtOnce = 3 * recordSize
	// mostSealed bounds what may wait behind what the Writer has sealed: a peer that
	// asks for one key update after the other and reads nothing.
	mostSealed = 4 * LargeBuffer
)

// errAgain says that the system has no bytes at present. A tls.Conn takes it for a
// deadline that has passed.
var errAgain = errors.New("no bytes yet")

type againError struct{ error }

func (againError) Timeout() bool   { return true }
func (againError) Temporary() bool { return true }

var again error = againError{errAgain}

// tlsConn is a TLS connection after its handshake, as a socket uses it.
type tlsConn struct {
	records
	wire   *tlsWire
	config *tls.Config
	client bool
}

// records is a tls.Conn. It is an interface so that its code is linked where it is made.
type records interface {
	net.Conn
	CloseWrite() error
	ConnectionState() tls.ConnectionState
}

// tlsWire is what a tls.Conn reads and writes. fd is nil during the handshake, and for
// connections that have no descriptor: then it is the connection itself.
type tlsWire struct {
	net.Conn
	own   bool        // nobody but this package has the connection
	ended atomic.Bool // the connection has ended, with or without close_notify

	fd     *descriptor
	from   uintptr // the descriptor's number, while the tls.Conn is read; of who reads, see take
	broken error   // what the system said when reading failed; of who reads
	plain  int     // how much plaintext sealed carries that the Writer has not counted; of who writes

	mu      sync.Mutex // guards what follows
	collect bool       // records are kept until all of them are sealed
	sealed  *Buffer    // nil while empty
	r, n    int        // sealed.b[r:n] waits to be sent
	out     []byte     // what onSend sends, how much of it it has sent, and what the system said
	sent    int
	errno   syscall.Errno
	onSend  func(fd uintptr)
}

// Handshake makes a TLS connection over c: the client's end or the server's. It waits for
// the peer until ctx is done; then, and if the handshake fails, c is still open, and what
// has been received may have been lost. own says that nobody else has c. What it returns
// is to be given to a Socket and to nobody else.
//
// An error is a core.Error with the code that Node has for it.
func Handshake(ctx context.Context, c net.Conn, own bool, config *tls.Config, client bool) (net.Conn, error) {
	wire := &tlsWire{Conn: c, own: own}
	var t *tls.Conn
	if client {
		t = tls.Client(wire, config)
	} else {
		t = tls.Server(wire, config)
	}
	if err := t.HandshakeContext(ctx); err != nil {
		return nil, handshakeError(err, client)
	}
	return &tlsConn{t, wire, config, client}, nil
}

// over returns the connection that a TLS connection stands on, or c itself.
func over(c net.Conn) net.Conn {
	for {
		t, ok := c.(interface{ NetConn() net.Conn })
		if !ok {
			return c
		}
		c = t.NetConn()
	}
}

// NetConn returns the connection below.
func (c *tlsConn) NetConn() net.Conn { return c.wire.Conn }

// Close closes the connection below. The peer is told nothing.
func (c *tlsConn) Close() error { return c.wire.Conn.Close() }

// CloseWrite sends close_notify and ends the sending half of the connection below. What
// the system does not take at once is sent by a goroutine.
func (c *tlsConn) CloseWrite() error {
	if err := c.records.CloseWrite(); err != nil {
		return err
	}
	half, ok := c.wire.Conn.(interface{ CloseWrite() error })
	if !ok {
		return nil
	}
	if c.wire.fd == nil {
		return half.CloseWrite()
	}
	if done, err := c.wire.sendSealed(false); done || err != nil {
		return half.CloseWrite()
	}
	go func() {
		c.wire.sendSealed(true)
		half.CloseWrite()
	}()
	return nil
}

// Read is for connections without a descriptor.
func (c *tlsConn) Read(p []byte) (int, error) {
	n, err := c.records.Read(p)
	return n, c.readError(err)
}

// readError is what reading fails with when the tls.Conn has said err.
func (c *tlsConn) readError(err error) error {
	switch {
	case err == nil, err == io.EOF:
		return err
	case c.wire.ended.Load():
		return io.EOF // Truncated says that it is not the peer's
	}
	return recordError(err)
}

// truncated reports whether the bytes have ended without close_notify.
func (c *tlsConn) truncated() bool { return c.wire.ended.Load() }

// Truncated reports whether the bytes of the peer have ended without its saying so, which
// over TLS can be the work of somebody else.
func (w *Wire) Truncated() bool {
	c, ok := w.sock().established().(*tlsConn)
	return ok && c.truncated()
}

// NetConn returns the connection below, as that of tls.Conn does.
func (w *tlsWire) NetConn() net.Conn { return w.Conn }

// Read implements net.Conn for the tls.Conn. With a descriptor it does not wait.
func (w *tlsWire) Read(p []byte) (int, error) {
	if w.fd == nil {
		n, err := w.Conn.Read(p)
		if err == io.EOF {
			w.ended.Store(true)
		}
		return n, err
	}
	n, errno := receive(w.from, p)
	switch {
	case errno == syscall.EAGAIN:
		return 0, again
	case errno != 0:
		w.broken = errno
		return 0, io.ErrClosedPipe // not errno, which could pass for a deadline
	case n == 0:
		w.ended.Store(true)
		return 0, io.EOF
	}
	return n, nil
}

// Write implements net.Conn for the tls.Conn: it takes a record.
func (w *tlsWire) Write(p []byte) (int, error) {
	if w.fd == nil {
		return w.Conn.Write(p)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	k := 0
	if w.r == w.n && !w.collect {
		var err error
		if k, err = w.trySend(p); err != nil {
			return 0, err
		}
	}
	if k == len(p) {
		return k, nil
	}
	if w.sealed == nil {
		w.sealed = Borrow(len(p) - k)
		if w.collect {
			giveBack(w.sealed)
			w.sealed = Borrow(LargeBuffer)
		}
		w.r, w.n = 0, 0
	}
	if w.n-w.r > mostSealed {
		return 0, syscall.ENOBUFS
	}
	if w.n+len(p)-k > len(w.sealed.b) {
		larger := Borrow(max(2*len(w.sealed.b), w.n-w.r+len(p)))
		w.n = copy(larger.b, w.sealed.b[w.r:w.n])
		w.r = 0
		giveBack(w.sealed)
		w.sealed = larger
	}
	w.n += copy(w.sealed.b[w.n:], p[k:])
	return len(p), nil
}

// SetWriteDeadline keeps the tls.Conn from giving the connection a deadline when it sends
// close_notify: with a descriptor it never waits.
func (w *tlsWire) SetWriteDeadline(t time.Time) error {
	if w.fd == nil {
		return w.Conn.SetWriteDeadline(t)
	}
	return nil
}

// trySend gives the system as much of p as it takes. It holds the descriptor meanwhile:
// the caller need not know that nobody closes it. The caller holds mu.
func (w *tlsWire) trySend(p []byte) (int, error) {
	w.out = p
	err := w.fd.raw.Control(w.onSend)
	w.out = nil
	switch {
	case err != nil:
		return 0, err
	case w.errno != 0 && w.errno != syscall.EAGAIN:
		return 0, w.errno
	}
	return w.sent, nil
}

func (w *tlsWire) trySealed() (done bool, err error) {
	for w.r < w.n {
		k, err := w.trySend(w.sealed.b[w.r:w.n])
		if w.r += k; k == 0 || err != nil {
			return false, err
		}
	}
	if w.sealed != nil {
		giveBack(w.sealed)
		w.sealed, w.r, w.n = nil, 0, 0
	}
	return true, nil
}

// attach has the tls.Conn read and write through d.
func (c *tlsConn) attach(d *descriptor) {
	w := c.wire
	w.onSend = func(fd uintptr) { w.sent, w.errno = send(fd, w.out) }
	w.fd = d
	d.layer = c
	d.onRead = c.tryRead
}

// tryRead is the descriptor's over TLS.
func (c *tlsConn) tryRead(fd uintptr) bool {
	d := c.wire.fd
	p := d.into
	if p == nil {
		p = d.sock.in.room()
	}
	n, err := c.open(fd, p)
	if n > 0 {
		if d.into == nil {
			d.sock.in.filled(n)
		}
		d.readN = n
		return true
	}
	d.sock.in.Release()
	if err == errAgain {
		return !d.await()
	}
	d.readErr = err
	return true
}

// open reads plaintext without waiting: errAgain says that there is none. If there is
// some, err is nil.
func (c *tlsConn) open(fd uintptr, p []byte) (n int, err error) {
	w, d := c.wire, c.wire.fd
	if !d.accepted { // see take
		d.taking.Lock()
		defer d.taking.Unlock()
	}
	w.from = fd
	n, err = c.records.Read(p)
	if n > 0 {
		d.sock.bytesRead.Add(int64(n))
		return n, nil
	}
	switch {
	case err == again:
		return 0, errAgain
	case w.broken != nil:
		return 0, w.broken
	}
	return 0, c.readError(err)
}

// disturbed implements layer. It takes what has arrived, since only
// decrypting it tells whether that is anything for HTTP: a session ticket is not.
func (c *tlsConn) disturbed() (yes bool) {
	var p [1]byte
	err := c.wire.fd.raw.Control(func(fd uintptr) {
		n, err := c.open(fd, p[:])
		yes = n > 0 || err != errAgain
	})
	return yes || err != nil
}

// seal has the tls.Conn seal the first bytes of three pieces, and returns how many.
func (c *tlsConn) seal(pieces [3][]byte) (int, error) {
	var p []byte
	several := 0
	for _, piece := range pieces {
		if len(piece) > 0 {
			if several++; several == 1 {
				p = piece
			}
		}
	}
	switch {
	case len(p) >= recordSize:
		p = p[:min(len(p)/recordSize*recordSize, sealAtOnce)]
	case several > 1:
		b := Borrow(recordSize)
		defer giveBack(b)
		n := 0
		for _, piece := range pieces {
			n += copy(b.b[n:recordSize], piece)
		}
		p = b.b[:n]
	case several == 0:
		return 0, nil
	}
	w := c.wire
	w.mu.Lock()
	w.collect = len(p) > recordSize
	w.mu.Unlock()
	return c.records.Write(p)
}

// send implements layer.
func (c *tlsConn) send(wait bool, a, b, tail []byte) (n int, err error) {
	w := c.wire
	left := [3][]byte{a, b, tail}
	for {
		if w.plain == 0 {
			if w.plain, err = c.seal(left); err != nil || w.plain == 0 {
				w.plain = 0
				return n, err
			}
		}
		if done, err := w.sendSealed(wait); !done {
			return n, err
		}
		n += w.plain
		left = rest(w.plain, left)
		w.plain = 0
	}
}

// sendSealed gives the system what is sealed; with wait set it waits until the system has
// taken all of it.
func (w *tlsWire) sendSealed(wait bool) (done bool, err error) {
	d := w.fd
	w.mu.Lock()
	w.collect = false
	done, err = w.trySealed()
	w.mu.Unlock()
	if done || err != nil || !wait {
		if done && wait {
			d.sock.touch()
		}
		return done, err
	}
	closed := d.raw.Write(func(uintptr) bool {
		w.mu.Lock()
		defer w.mu.Unlock()
		before := w.r
		done, err = w.trySealed()
		if done || w.r != before {
			d.sock.touch()
		}
		return done || err != nil
	})
	if err == nil {
		err = closed
	}
	return done, err
}
