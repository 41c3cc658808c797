//go:build interop

package interop

// The bodies: the same bytes as testdata/common.js makes.

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"iter"

	"nodehttp/generated/http"
)

// block is 65521 bytes that look like compressed ones. Bodies are its repetition.
var block = func() []byte {
	b := make([]byte, 65521)
	x := uint32(2463534242)
	for i := range b {
		x ^= x << 13
		x ^= x >> 17
		x ^= x << 5
		b[i] = byte(x)
	}
	return b
}()

// pieces yields n bytes of the pattern in pieces of awkward sizes.
func pieces(n int) iter.Seq[[]byte] {
	sizes := []int{1, 2, 15, 16, 17, 255, 4095, 4096, 4097, 16384, 65521}
	return func(yield func([]byte) bool) {
		at := 0
		for i := 0; n > 0; i++ {
			size := min(n, sizes[i%len(sizes)], len(block)-at)
			if !yield(block[at : at+size]) {
				return
			}
			at = (at + size) % len(block)
			n -= size
		}
	}
}

// pattern reads n bytes of the pattern.
func pattern(n int64) io.Reader { return io.LimitReader(&repeated{}, n) }

type repeated struct{ at int }

func (r *repeated) Read(p []byte) (int, error) {
	n := copy(p, block[r.at:])
	r.at = (r.at + n) % len(block)
	return n, nil
}

// sum is a length and a SHA-256, in the form of the transcripts.
type sum struct {
	hash   hash.Hash
	length int64
}

func newSum() *sum { return &sum{hash: sha256.New()} }

func (s *sum) Write(p []byte) (int, error) {
	s.length += int64(len(p))
	return s.hash.Write(p)
}

func (s *sum) String() string {
	return fmt.Sprint(s.length, " ", hex.EncodeToString(s.hash.Sum(nil)))
}

// sumOf is the sum of n bytes of the pattern.
func sumOf(n int64) string {
	s := newSum()
	io.Copy(s, pattern(n))
	return s.String()
}

// digest consumes a message by its events and calls back with its sum.
func digest(m *http.IncomingMessage, done func(sum string)) {
	s := newSum()
	m.OnData(func(chunk []byte) { s.Write(chunk) })
	m.OnEnd(func() { done(s.String()) })
}

// flow writes n bytes in blocks as Node does: without waiting, going on at
// 'drain'. It is called from a listener of the message's connection.
func flow(m *http.OutgoingMessage, n int64) {
	more := func() {
		for n > 0 {
			chunk := block[:min(n, int64(len(block)))]
			if n -= int64(len(chunk)); !m.WriteChunk(chunk) && n > 0 {
				return
			}
		}
		m.End()
	}
	m.OnDrain(more)
	more()
}
