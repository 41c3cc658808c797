package socket

import (
	"bytes"
	"testing"
)

// fillFrom reads from src as a descriptor would, into what room offers.
func fillFrom(in *Inbox, src []byte) int {
	n := copy(in.room(), src)
	in.filled(n)
	return n
}

func TestInboxKeepsWhatIsNotConsumed(t *testing.T) {
	src := make([]byte, 300<<10)
	for i := range src {
		src[i] = byte(i * 7 / 3)
	}
	var in Inbox
	var got []byte
	for rest := src; len(rest) > 0 || len(in.Bytes()) > 0; {
		if len(rest) > 0 {
			rest = rest[fillFrom(&in, rest):]
		}
		n := (len(in.Bytes()) + 2) / 3 // leave some, so that it has to move
		got = append(got, in.Bytes()[:n]...)
		in.Advance(n)
	}
	if !bytes.Equal(got, src) {
		t.Errorf("%d bytes, that differ", len(got))
	}
	in.Release()
	if in.buf != nil {
		t.Error("an empty inbox owns a buffer")
	}
}

func TestInboxIsNotReleasedWhileItHoldsBytes(t *testing.T) {
	var in Inbox
	fillFrom(&in, []byte("abc"))
	in.Release()
	if string(in.Bytes()) != "abc" {
		t.Errorf("got %q", in.Bytes())
	}
	in.Advance(3)
	in.Release()
	if in.buf != nil || in.Bytes() != nil {
		t.Error("an empty inbox owns a buffer")
	}
}

// The next buffer is larger after a read that filled this one, whether it was
// released in between or the bytes came without a pause, and small again after
// one that did not.
func TestInboxGrowsWithItsReads(t *testing.T) {
	for _, pauses := range []bool{true, false} {
		var in Inbox
		for _, want := range []int{smallBuffer, mediumBuffer, LargeBuffer, LargeBuffer} {
			room := in.room()
			if len(room) != want {
				t.Fatalf("room for %d, want %d; pauses: %v", len(room), want, pauses)
			}
			in.filled(len(room))
			in.Advance(len(room))
			if pauses {
				in.Release()
			}
		}
		in.room()
		in.filled(10)
		in.Advance(10)
		in.Release()
		if n := len(in.room()); n != smallBuffer {
			t.Errorf("room for %d; pauses: %v", n, pauses)
		}
	}
}

func TestBorrow(t *testing.T) {
	for _, size := range []int{0, 1, smallBuffer, smallBuffer + 1, LargeBuffer, LargeBuffer + 1} {
		b := Borrow(size)
		if len(b.b) < size {
			t.Errorf("%d bytes for %d", len(b.b), size)
		}
		b.b = b.b[:0]
		giveBack(b)
		if len(b.b) != cap(b.b) {
			t.Error("given back short")
		}
	}
}
