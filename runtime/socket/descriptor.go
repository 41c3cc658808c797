package socket

// The descriptor: system calls on a connection without the copying and the
// waiting that net.Conn adds. Connections that have no file descriptor of
// their own (pipes, the user's wrappers) go through net.Conn instead. TLS that this
// package has made stands between the two: see tls.go.

import (
	"errors"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"syscall"
)

// descriptor reads and writes a non-blocking file descriptor. One goroutine
// may read and one may write at a time. Its callbacks are made once, that for
// writing when it is first needed, so that no call allocates.
type descriptor struct {
	raw syscall.RawConn

	// own says that nobody but this package can close the connection, so that
	// fd stays this connection's until it does.
	own bool
	fd  uintptr

	layer layer // what is spoken over the descriptor, nil if it is read and written as it is

	sock    *Socket // in whose inbox read puts its bytes, unless into
	into    []byte
	idle    bool        // read waits for the next message
	stays   bool        // it waits here however many do: the poller cannot watch it
	waiting atomic.Bool // it does, and is counted
	onRead  func(fd uintptr) bool
	readN   int
	readErr error

	// taking is held from taking bytes until sock has counted them: who holds it finds what
	// has arrived either with the system or in bytesRead. Nobody asks that of a connection
	// that was accepted, so a server does without.
	taking   sync.Mutex
	accepted bool

	out      [3][]byte // what is left to be written
	wait     bool      // write waits for room instead of returning
	onWrite  func(fd uintptr) bool
	written  int
	writeErr error
}

// layer is what stands between a descriptor and what a socket reads and writes: TLS. It is
// an interface so that only programs that make such connections link what they need.
type layer interface {
	NetConn() net.Conn // the connection below
	// attach has the layer use d, which is that connection's. It sets onRead.
	attach(d *descriptor)
	// send is write for what is above the layer. n counts what has left completely; the
	// next call begins with what is left.
	send(wait bool, a, b, c []byte) (n int, err error)
	// disturbed is Wire.Disturbed.
	disturbed() bool
}

// newDescriptor returns the descriptor of c, which is s's connection, or nil
// if c must be used through net.Conn. own is as in descriptor.
func newDescriptor(c net.Conn, own bool, s *Socket) *descriptor {
	if !DirectIO {
		return nil
	}
	var raw syscall.RawConn
	var err error
	above, _ := c.(layer)
	if above != nil {
		c = above.NetConn()
	}
	switch c := c.(type) {
	case *net.TCPConn:
		raw, err = c.SyscallConn()
	case *net.UnixConn:
		raw, err = c.SyscallConn()
	default:
		return nil
	}
	if err != nil {
		return nil
	}
	d := &descriptor{raw: raw, own: own, sock: s, accepted: s.halfOpen}
	if raw.Control(func(fd uintptr) { d.fd = fd }) != nil {
		return nil
	}
	if d.onRead = d.tryRead; above != nil {
		above.attach(d)
	}
	return d
}

// readInto waits for bytes and reads them into p, or into the inbox if p is
// nil: then an empty inbox owns no buffer while it waits.
func (d *descriptor) readInto(p []byte) (int, error) {
	d.into, d.readN, d.readErr = p, 0, nil
	err := d.raw.Read(d.onRead)
	d.into = nil
	if d.waiting.Load() {
		d.waiting.Store(false)
		idle.waiting.Add(-1)
	}
	if err == nil {
		err = d.readErr
	}
	return d.readN, err
}

// await notes that reading has to wait. It reports false if that is not to be done
// here.
func (d *descriptor) await() bool {
	if !d.idle {
		return true
	}
	if idle.crowded() && !d.stays {
		d.readErr = ErrPark
		return false
	}
	if !d.waiting.Load() {
		d.waiting.Store(true)
		idle.waiting.Add(1)
	}
	return true
}

// ErrPark says that a connection should rest, for many others wait.
var ErrPark = errors.New("the connection should be parked")

func (d *descriptor) tryRead(fd uintptr) bool {
	p := d.into
	if p == nil {
		p = d.sock.in.room()
	}
	n, errno := d.take(fd, p)
	switch {
	case errno == syscall.EAGAIN:
		d.sock.in.Release()
		return !d.await()
	case errno != 0:
		d.readErr = errno
		d.sock.in.Release()
		return true
	case n == 0:
		d.readErr = io.EOF
		d.sock.in.Release()
		return true
	}
	if d.into == nil {
		d.sock.in.filled(n)
	}
	d.readN = n
	return true
}

// take receives bytes and counts them.
func (d *descriptor) take(fd uintptr, p []byte) (int, syscall.Errno) {
	if !d.accepted {
		d.taking.Lock()
		defer d.taking.Unlock()
	}
	n, errno := receive(fd, p)
	if n > 0 {
		d.sock.bytesRead.Add(int64(n))
	}
	return n, errno
}

// sendNow writes as much of p as the kernel takes at once. The caller sees to
// it that this package does not close the connection meanwhile.
func (d *descriptor) sendNow(p []byte) (int, error) {
	if !d.own || d.layer != nil {
		return d.write(false, p, nil, nil)
	}
	n, errno := send(d.fd, p)
	if errno != 0 && errno != syscall.EAGAIN {
		return n, errno
	}
	return n, nil
}

// asks puts a question to the system that it answers without waiting. Any
// goroutine may call it: should the connection be closed meanwhile, the answer is
// of no consequence.
func (d *descriptor) asks(question func(fd uintptr) bool) bool {
	if d.own {
		return question(d.fd)
	}
	return control(d.raw, question)
}

func control(raw syscall.RawConn, question func(fd uintptr) bool) (yes bool) {
	raw.Control(func(fd uintptr) { yes = question(fd) })
	return yes
}

// write writes a, b and c, in one system call if the kernel takes them. If
// wait is set it goes on until everything is written, else until the kernel
// takes no more.
func (d *descriptor) write(wait bool, a, b, c []byte) (int, error) {
	if d.layer != nil {
		return d.layer.send(wait, a, b, c)
	}
	if d.onWrite == nil {
		d.onWrite = d.tryWrite
	}
	d.out = [3][]byte{a, b, c}
	d.wait, d.written, d.writeErr = wait, 0, nil
	err := d.raw.Write(d.onWrite)
	d.out = [3][]byte{}
	if err == nil {
		err = d.writeErr
	}
	return d.written, err
}

func (d *descriptor) tryWrite(fd uintptr) bool {
	for {
		n, errno := 0, syscall.Errno(0)
		out := d.out
		if d.wait {
			out = atMost(mostAtOnce, out)
		}
		switch {
		case len(out[1]) > 0 || len(out[2]) > 0:
			n, errno = sendPieces(fd, &out)
		case len(out[0]) > 0:
			n, errno = send(fd, out[0])
		default:
			return true
		}
		switch errno {
		case 0:
			d.written += n
			if d.wait {
				d.sock.touch()
			}
			d.out = rest(n, d.out)
		case syscall.EAGAIN:
			return !d.wait
		default:
			d.writeErr = errno
			return true
		}
	}
}

// mostAtOnce bounds a system call that is one of many: with a peer who reads as fast
// as we write, one may last as long as there are bytes, and meanwhile the connection
// would seem silent.
const mostAtOnce = 1 << 20

// atMost is the first n bytes of three pieces.
func atMost(n int, pieces [3][]byte) [3][]byte {
	for i, p := range pieces {
		pieces[i] = p[:min(n, len(p))]
		n -= len(pieces[i])
	}
	return pieces
}

// rest is what three pieces hold after their first n bytes.
func rest(n int, pieces [3][]byte) [3][]byte {
	for i, p := range pieces {
		skip := min(n, len(p))
		n -= skip
		pieces[i] = p[skip:]
	}
	return pieces
}
