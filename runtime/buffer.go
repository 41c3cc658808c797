package runtime

// Buffers that connections borrow while they have bytes in hand. No borrowed
// buffer is ever handed to a user for longer than a listener runs.

import "sync"

const (
	smallBuffer  = 4 << 10
	mediumBuffer = 16 << 10
	largeBuffer  = 64 << 10
)

type buffer struct{ b []byte }

var (
	smallBuffers  = sync.Pool{New: func() any { return &buffer{make([]byte, smallBuffer)} }}
	mediumBuffers = sync.Pool{New: func() any { return &buffer{make([]byte, mediumBuffer)} }}
	largeBuffers  = sync.Pool{New: func() any { return &buffer{make([]byte, largeBuffer)} }}
)

// borrow returns a buffer of at least size bytes.
func borrow(size int) *buffer {
	switch {
	case size <= smallBuffer:
		return smallBuffers.Get().(*buffer)
	case size <= mediumBuffer:
		return mediumBuffers.Get().(*buffer)
	case size <= largeBuffer:
		return largeBuffers.Get().(*buffer)
	}
	return &buffer{make([]byte, size)}
}

// giveBack returns a borrowed buffer. One that has grown goes where its size fits.
func giveBack(b *buffer) {
	b.b = b.b[:cap(b.b)]
	switch len(b.b) {
	case smallBuffer:
		smallBuffers.Put(b)
	case mediumBuffer:
		mediumBuffers.Put(b)
	case largeBuffer:
		largeBuffers.Put(b)
	}
}

// A piece is a part of what waits to be written, in a buffer of its own.
type piece struct {
	*buffer
	n int // b[:n] is in use
}

// extend copies p behind pieces, in buffers that are full before the next one is
// begun: bytes that pile up are copied once, and take no more room than they need.
func extend(pieces []piece, p []byte) []piece {
	for len(p) > 0 {
		if k := len(pieces); k == 0 || pieces[k-1].n == len(pieces[k-1].b) {
			pieces = append(pieces, piece{buffer: borrow(largeBuffer)})
		}
		last := &pieces[len(pieces)-1]
		k := copy(last.b[last.n:], p)
		last.n += k
		p = p[k:]
	}
	return pieces
}

// inbox holds the bytes that have been read and not yet consumed.
type inbox struct {
	buf  *buffer // nil while empty
	r, w int     // buf.b[r:w] is unconsumed
	hint int     // size to borrow next: grows when reads fill the buffer
}

func (in *inbox) bytes() []byte {
	if in.buf == nil {
		return nil
	}
	return in.buf.b[in.r:in.w]
}

// packet returns what was read since the inbox was last empty, and how much of
// that has been consumed.
func (in *inbox) packet() (all []byte, consumed int) {
	if in.buf == nil {
		return nil, 0
	}
	return in.buf.b[:in.w], in.r
}

// advance consumes n bytes.
func (in *inbox) advance(n int) {
	in.r += n
	if in.r == in.w {
		in.r, in.w = 0, 0
	}
}

// room returns space to read into, at least one byte, keeping what is there.
func (in *inbox) room() []byte {
	if in.buf != nil && in.r == in.w && len(in.buf.b) < in.hint {
		in.release() // bytes come faster than it holds
	}
	if in.buf == nil {
		in.buf = borrow(max(in.hint, smallBuffer))
	}
	if in.w == len(in.buf.b) {
		if in.r > len(in.buf.b)/2 {
			in.move(in.buf)
		} else {
			in.move(borrow(2 * len(in.buf.b)))
		}
	}
	return in.buf.b[in.w:]
}

// move puts the unconsumed bytes at the start of to.
func (in *inbox) move(to *buffer) {
	in.w = copy(to.b, in.buf.b[in.r:in.w])
	in.r = 0
	if to != in.buf {
		giveBack(in.buf)
		in.buf = to
	}
}

// filled says that n bytes were read into room. A read that filled a large
// part of it makes the next buffer larger, one that did not makes it small again.
func (in *inbox) filled(n int) {
	space := len(in.buf.b) - in.w
	in.w += n
	if n == space && in.hint < largeBuffer {
		in.hint = 4 * max(in.hint, smallBuffer)
	} else if n < smallBuffer {
		in.hint = 0
	}
}

// latest returns the n bytes that filled was told of last.
func (in *inbox) latest(n int) []byte { return in.buf.b[in.w-n : in.w] }

// release gives the buffer back if it is empty.
func (in *inbox) release() {
	if in.buf != nil && in.r == in.w {
		giveBack(in.buf)
		in.buf, in.r, in.w = nil, 0, 0
	}
}
