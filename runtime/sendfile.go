package runtime

// Files as the body of a message: the system sends them to the socket without
// their passing through this process. Everything that speaks against that has
// them copied instead. Connections are copied too: an error of splice does not
// tell which of the two has failed, and a silent source would keep the socket
// from being written to.

import (
	"io"
	"io/fs"
	"syscall"
)

// file is an os.File, also as it looks when io.Copy passes it on.
type file interface {
	io.ReadSeeker
	syscall.Conn
	Stat() (fs.FileInfo, error)
}

// sendFile has the system send what r holds, if r is a regular file, or a part
// of one, to a socket whose turn is this message's and that expects as many
// bytes. It sends no more than Content-Length. If it cannot be done now it
// returns 0 and no error: then r is to be copied.
func (m *OutgoingMessage) sendFile(r io.Reader) (int64, error) {
	limited, part := r.(*io.LimitedReader)
	if part {
		r = limited.R
	}
	f, ok := r.(file)
	if !ok {
		return 0, nil
	}
	size := remaining(f)
	if part {
		size = min(size, limited.N)
	}
	if size < mediumBuffer { // one write of head and body is faster
		return 0, nil
	}
	n, again, err := m.passFile(f, size)
	for again {
		n, again, err = m.passFile(f, size)
	}
	if part {
		limited.N -= n
	}
	return n, err
}

// remaining returns how many bytes of a regular file have not been read, 0 for
// others.
func remaining(f file) int64 {
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return 0
	}
	at, err := f.Seek(0, io.SeekCurrent)
	if err != nil {
		return 0
	}
	return info.Size() - at
}

// passFile is sendFile for size bytes. again says that it had to wait for what
// was written before.
func (m *OutgoingMessage) passFile(f file, size int64) (n int64, again bool, err error) {
	m.mu.Lock()
	if ok, err := m.takesFile(); !ok {
		m.mu.Unlock()
		return 0, false, err
	}
	size = min(size, m.length-m.written)
	s := m.sock
	w := &s.w
	w.mu.Lock()
	if w.fd == nil || w.late || s.writable() != nil {
		w.mu.Unlock()
		m.mu.Unlock()
		return 0, false, nil
	}
	if len(m.pending) > 0 {
		m.passPending(w)
	}
	for _, f := range m.takeQueued() {
		w.after(m.callback(f))
	}
	w.held = false
	w.flush(s)
	if w.busy || w.n > 0 {
		m.mu.Unlock()
		for w.err == nil && (w.busy || w.n > 0) {
			w.sleep()
		}
		w.unlock(s)
		return 0, true, nil
	}
	m.written += size // before the bytes are sent: End may come meanwhile
	m.mu.Unlock()
	s.touch()
	n = w.sendFile(s, f, size)
	err = w.err
	w.unlock(s)
	if n < size {
		m.unsend(size - n)
	}
	if err != nil {
		err = m.writeError(s, err)
	}
	return n, false, err
}

// takesFile reports whether a file may be sent now, after the head and what is
// pending. What may have to be sent again is written, which keeps a copy. The
// caller holds mu.
func (m *OutgoingMessage) takesFile() (bool, error) {
	if !m.turn || m.sock == nil || m.corked() || m.copies() || m.flags&(outgoingEnded|outgoingGone) != 0 {
		return false, nil
	}
	if m.flags&headBuilt == 0 {
		if !m.isSet("content-length") {
			return false, nil
		}
		if err := m.checkHead(); err != nil {
			return false, err
		}
		m.pending = m.buildHead(m.pending, begun)
	}
	return m.flags&(noBody|chunkedBody) == 0 && m.length > m.written, nil
}

// unsend takes back what was counted of a file that has turned out to be
// shorter. If the message has been ended meanwhile, its end cannot be told any
// more.
func (m *OutgoingMessage) unsend(missing int64) {
	m.mu.Lock()
	m.written -= missing
	ended := m.flags&outgoingEnded != 0
	written, length := m.written, m.length
	m.mu.Unlock()
	if ended {
		m.kind.Destroy(lengthMismatch(written, length))
	}
}

// sendFile has the system send up to size bytes of f, waiting for the peer.
// Nothing is queued, and nobody writes. The caller holds mu.
func (w *writer) sendFile(s *Socket, f syscall.Conn, size int64) int64 {
	begin := w.queued
	w.queued += size
	w.busy, w.lent = true, true
	w.mu.Unlock()
	n, err := w.fd.sendFile(f, size)
	w.mu.Lock()
	w.busy, w.lent = false, false
	w.sent += n
	w.retract(begin, size-n)
	if err != nil {
		w.fail(err)
	}
	w.wake()
	w.flush(s)
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
