package runtime

// Files as the body of a message: the system sends them to the socket, so that their bytes do
// not pass through this process. Where that is not possible they are copied. A body from
// another connection is copied, too: an error of splice does not say which of the two has
// failed, and while the source is silent nothing else could be written to the socket.

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

// smallestFile is the size from which on a file is sent by the system. Less is faster in
// one write with the head.
const smallestFile = 16 << 10

// sendFile lets the system send what r holds, if r is a regular file or a part of one, if the
// message may write to its socket, and if it has a Content-Length; no more than that is sent.
// Otherwise it returns 0 and no error: then r is to be copied.
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
	if size < smallestFile {
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
	if ok, err := m.canSendFile(); !ok {
		m.mu.Unlock()
		return 0, false, err
	}
	size = min(size, m.length-m.written)
	s := m.sock
	w := s.Wire().Writer()
	w.Lock()
	if !w.CanSendFile() {
		w.Unlock()
		m.mu.Unlock()
		return 0, false, nil
	}
	if len(m.pending) > 0 {
		m.passPending(w)
	}
	for _, f := range m.takeCallbacks() {
		w.After(m.callback(f))
	}
	if !w.FlushAll() {
		m.mu.Unlock()
		w.AwaitFlushed()
		w.UnlockNotify()
		return 0, true, nil
	}
	m.written += size // before the bytes are sent: End may come meanwhile
	m.mu.Unlock()
	s.Wire().Touch()
	n = w.SendFile(f, size)
	err = w.Err()
	w.UnlockNotify()
	if n < size {
		m.uncount(size - n)
	}
	if err != nil {
		err = m.writeError(s, err)
	}
	return n, false, err
}

// canSendFile reports whether a file may be sent now, behind the head and what is pending. A
// message that may have to be sent again needs a copy, which sending a file does not make. The
// caller holds mu.
func (m *OutgoingMessage) canSendFile() (bool, error) {
	if m.state.place != placeWriting || m.isCorked() || m.keepsCopy() || m.state.phase.ended() || m.flags&outgoingDestroyed != 0 {
		return false, nil
	}
	if m.state.phase == phaseOpen {
		if !m.isSet("content-length") {
			return false, nil
		}
		if err := m.checkHead(); err != nil {
			return false, err
		}
		m.pending = m.buildHead(m.pending, begun)
	}
	return m.state.framing == byLength && m.length > m.written, nil
}

// uncount corrects written for a file that has turned out to be shorter. If End was called
// meanwhile, the peer cannot see where the message ends: it is destroyed.
func (m *OutgoingMessage) uncount(missing int64) {
	m.mu.Lock()
	m.written -= missing
	ended := m.state.phase.ended()
	written, length := m.written, m.length
	m.mu.Unlock()
	if ended {
		m.kind.Destroy(lengthMismatch(written, length))
	}
}
