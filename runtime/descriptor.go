package runtime

// The descriptor: system calls on a connection without the copying and the
// waiting that net.Conn adds. Connections that have no file descriptor of
// their own (TLS, pipes, the user's wrappers) go through net.Conn instead.

import (
	"io"
	"net"
	"syscall"
	"unsafe"
)

// descriptor reads and writes a non-blocking file descriptor. One goroutine
// may read and one may write at a time. Its callbacks are made once, so that
// no call allocates.
type descriptor struct {
	raw syscall.RawConn

	in       *inbox // where read puts its bytes, unless into
	into     []byte
	onRead   func(fd uintptr) bool
	readN    int
	readErr  error
	iov      [3]syscall.Iovec
	iovN     int
	wait     bool // write waits for room instead of returning
	onWrite  func(fd uintptr) bool
	written  int
	writeErr error
}

// newDescriptor returns nil if c must be used through net.Conn.
func newDescriptor(c net.Conn, in *inbox) *descriptor {
	var raw syscall.RawConn
	var err error
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
	d := &descriptor{raw: raw, in: in}
	d.onRead = d.tryRead
	d.onWrite = d.tryWrite
	return d
}

// readInto waits for bytes and reads them into p, or into the inbox if p is
// nil: then an empty inbox owns no buffer while it waits.
func (d *descriptor) readInto(p []byte) (int, error) {
	d.into, d.readN, d.readErr = p, 0, nil
	err := d.raw.Read(d.onRead)
	d.into = nil
	if err == nil {
		err = d.readErr
	}
	return d.readN, err
}

func (d *descriptor) tryRead(fd uintptr) bool {
	p := d.into
	if p == nil {
		p = d.in.room()
	}
	n, err := readFD(fd, p)
	if err == syscall.EAGAIN {
		d.in.release()
		return false
	}
	if err == nil && n == 0 {
		err = io.EOF
	}
	if n > 0 && d.into == nil {
		d.in.filled(n)
	}
	d.readN, d.readErr = n, err
	return true
}

// write writes a, b and c in one system call. If wait is set it goes on until
// everything is written, else until the kernel takes no more.
func (d *descriptor) write(wait bool, a, b, c []byte) (int, error) {
	d.iovN, d.wait, d.written, d.writeErr = 0, wait, 0, nil
	for _, p := range [...][]byte{a, b, c} {
		if len(p) > 0 {
			d.iov[d.iovN] = syscall.Iovec{Base: unsafe.SliceData(p), Len: uint64(len(p))}
			d.iovN++
		}
	}
	err := d.raw.Write(d.onWrite)
	clear(d.iov[:])
	if err == nil {
		err = d.writeErr
	}
	return d.written, err
}

func (d *descriptor) tryWrite(fd uintptr) bool {
	for d.iovN > 0 {
		n, err := writeFD(fd, d.iov[:d.iovN])
		if err == syscall.EAGAIN {
			return !d.wait
		}
		if err != nil {
			d.writeErr = err
			return true
		}
		d.written += n
		d.drop(n)
	}
	return true
}

// drop takes n written bytes off the front of iov.
func (d *descriptor) drop(n int) {
	for d.iovN > 0 && uint64(n) >= d.iov[0].Len {
		n -= int(d.iov[0].Len)
		copy(d.iov[:], d.iov[1:d.iovN])
		d.iovN--
	}
	if n > 0 {
		d.iov[0].Base = (*byte)(unsafe.Add(unsafe.Pointer(d.iov[0].Base), n))
		d.iov[0].Len -= uint64(n)
	}
}

func readFD(fd uintptr, p []byte) (int, error) {
	for {
		n, err := syscall.Read(int(fd), p)
		if err != syscall.EINTR {
			return max(n, 0), err
		}
	}
}

func writeFD(fd uintptr, iov []syscall.Iovec) (int, error) {
	for {
		var n uintptr
		var errno syscall.Errno
		if len(iov) == 1 {
			n, _, errno = syscall.Syscall(syscall.SYS_WRITE, fd, uintptr(unsafe.Pointer(iov[0].Base)), uintptr(iov[0].Len))
		} else {
			n, _, errno = syscall.Syscall(syscall.SYS_WRITEV, fd, uintptr(unsafe.Pointer(&iov[0])), uintptr(len(iov)))
		}
		switch errno {
		case 0:
			return int(n), nil
		case syscall.EINTR:
			continue
		}
		return 0, errno
	}
}
