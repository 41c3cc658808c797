package socket

// Buffers that connections borrow while they have bytes in hand. No listener may keep
// bytes of a borrowed buffer.

import "sync"

// LargeBuffer is the size of the largest buffers that are kept, in bytes.
const LargeBuffer = 64 << 10

const (
	smallBuffer  = 4 << 10
	mediumBuffer = 16 << 10
)

// Buffer is a borrowed buffer.
type Buffer struct{ b []byte }

// Bytes returns all of the buffer. They must not be used after GiveBack.
func (b *Buffer) Bytes() []byte { return b.b }

// GiveBack ends Borrow.
func (b *Buffer) GiveBack() { giveBack(b) }

var (
	smallBuffers  = sync.Pool{New: func() any { return &Buffer{make([]byte, smallBuffer)} }}
	mediumBuffers = sync.Pool{New: func() any { return &Buffer{make([]byte, mediumBuffer)} }}
	largeBuffers  = sync.Pool{New: func() any { return &Buffer{make([]byte, LargeBuffer)} }}
)

// Borrow returns a buffer of at least size bytes.
func Borrow(size int) *Buffer {
	switch {
	case size <= smallBuffer:
		return smallBuffers.Get().(*Buffer)
	case size <= mediumBuffer:
		return mediumBuffers.Get().(*Buffer)
	case size <= LargeBuffer:
		return largeBuffers.Get().(*Buffer)
	}
	return &Buffer{make([]byte, size)}
}

// giveBack returns a borrowed buffer. One that has grown goes where its size fits.
func giveBack(b *Buffer) {
	b.b = b.b[:cap(b.b)]
	switch len(b.b) {
	case smallBuffer:
		smallBuffers.Put(b)
	case mediumBuffer:
		mediumBuffers.Put(b)
	case LargeBuffer:
		largeBuffers.Put(b)
	}
}

// A piece is a part of what waits to be written, in a buffer of its own.
type piece struct {
	*Buffer
	n int // b[:n] is in use
}

// Pieces are bytes that wait to be written, in buffers of which all but the last are
// full: bytes that pile up are copied once, and take no more room than they need.
type Pieces []piece

// Append copies p behind the pieces, as append does.
func (pieces Pieces) Append(p []byte) Pieces {
	for len(p) > 0 {
		if k := len(pieces); k == 0 || pieces[k-1].n == len(pieces[k-1].b) {
			pieces = append(pieces, piece{Buffer: Borrow(LargeBuffer)})
		}
		last := &pieces[len(pieces)-1]
		k := copy(last.b[last.n:], p)
		last.n += k
		p = p[k:]
	}
	return pieces
}

// Len returns how many bytes the pieces hold, which Append alone has made.
func (pieces Pieces) Len() int {
	k := len(pieces) - 1
	if k < 0 {
		return 0
	}
	return k*LargeBuffer + pieces[k].n
}

// Inbox holds the bytes that have been read and not yet consumed.
type Inbox struct {
	buf  *Buffer // nil while empty
	r, w int     // buf.b[r:w] is unconsumed
	hint int     // size to borrow next: grows when reads fill the buffer
}

// Bytes returns the bytes. They are valid until the next call that changes the Inbox.
func (in *Inbox) Bytes() []byte {
	if in.buf == nil {
		return nil
	}
	return in.buf.b[in.r:in.w]
}

// Packet returns what was read since the inbox was last empty, and how much of
// that has been consumed.
func (in *Inbox) Packet() (all []byte, consumed int) {
	if in.buf == nil {
		return nil, 0
	}
	return in.buf.b[:in.w], in.r
}

// Advance consumes n bytes.
func (in *Inbox) Advance(n int) {
	in.r += n
	if in.r == in.w {
		in.r, in.w = 0, 0
	}
}

// Put adds bytes that were received in another way.
func (in *Inbox) Put(p []byte) {
	for len(p) > 0 {
		n := copy(in.room(), p)
		in.filled(n)
		p = p[n:]
	}
}

// room returns space to read into, at least one byte, keeping what is there.
func (in *Inbox) room() []byte {
	if in.buf != nil && in.r == in.w && len(in.buf.b) < in.hint {
		in.Release() // bytes come faster than it holds
	}
	if in.buf == nil {
		in.buf = Borrow(max(in.hint, smallBuffer))
	}
	if in.w == len(in.buf.b) {
		if in.r > len(in.buf.b)/2 {
			in.move(in.buf)
		} else {
			in.move(Borrow(2 * len(in.buf.b)))
		}
	}
	return in.buf.b[in.w:]
}

// move puts the unconsumed bytes at the start of to.
func (in *Inbox) move(to *Buffer) {
	in.w = copy(to.b, in.buf.b[in.r:in.w])
	in.r = 0
	if to != in.buf {
		giveBack(in.buf)
		in.buf = to
	}
}

// filled says that n bytes were read into room. A read that filled a large
// part of it makes the next buffer larger, one that did not makes it small again.
func (in *Inbox) filled(n int) {
	space := len(in.buf.b) - in.w
	in.w += n
	if n == space && in.hint < LargeBuffer {
		in.hint = 4 * max(in.hint, smallBuffer)
	} else if n < smallBuffer {
		in.hint = 0
	}
}

// Latest returns the n bytes that were received last.
func (in *Inbox) Latest(n int) []byte { return in.buf.b[in.w-n : in.w] }

// Release gives the buffer back if it is empty.
func (in *Inbox) Release() {
	if in.buf != nil && in.r == in.w {
		giveBack(in.buf)
		in.buf, in.r, in.w = nil, 0, 0
	}
}
