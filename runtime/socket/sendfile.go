package socket

// Files that the system sends itself, without their passing through this process.

import (
	"syscall"
)

// CanSendFile reports whether SendFile may be called once everything is flushed. The
// caller holds the lock.
func (w *Writer) CanSendFile() bool {
	return w.fd != nil && w.fd.layer == nil && !w.late && w.sock.writable() == nil
}

// SendFile has the system send up to size bytes of f, waiting for the peer, and returns
// how many it has sent: fewer if f ends before, or if Err says why. Everything has been
// flushed. The caller holds the lock, which SendFile gives up meanwhile.
func (w *Writer) SendFile(f syscall.Conn, size int64) int64 {
	begin := w.queued
	w.queued += size
	w.busy, w.callerOwned = true, true
	w.mu.Unlock()
	n, err := w.fd.sendFile(f, size)
	w.mu.Lock()
	w.busy, w.callerOwned = false, false
	w.sent += n
	w.retract(begin, size-n)
	if err != nil {
		w.fail(err)
	}
	w.wake()
	w.flush()
	return n
}

// sendFile sends up to size bytes of f, from where f stands, waiting for the
// peer. It sends fewer, without an error, if f ends before, or none if the
// system cannot send such a file.
func (d *descriptor) sendFile(f syscall.Conn, size int64) (n int64, err error) {
	const most = 4 << 20 // in one call, so that a signal of life comes now and then
	source, err := f.SyscallConn()
	if err != nil {
		return 0, nil
	}
	var failed, closed error
	err = source.Control(func(from uintptr) {
		closed = d.raw.Write(func(to uintptr) bool {
			for n < size {
				k, errno := sendFile(to, from, int(min(size-n, most)))
				switch {
				case errno == syscall.EAGAIN:
					return false
				case errno != 0:
					failed = errno
					return true
				case k == 0:
					return true
				}
				n += int64(k)
				d.sock.touch()
			}
			return true
		})
	})
	switch {
	case err != nil:
		return n, nil
	case closed != nil:
		return n, closed
	case n == 0 && (failed == syscall.EINVAL || failed == syscall.ENOSYS || failed == syscall.EOPNOTSUPP):
		return 0, nil
	}
	return n, failed
}
