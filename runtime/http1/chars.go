package http1

import (
	"encoding/binary"
	"math/bits"
)

// This file holds the alphabet: which byte may stand where, as a table, and the
// word-wise scans that find the first byte that may not.

// What a byte may be part of, as bits of class.
const (
	isToken     = 1 << iota // RFC 9110 token: names, methods, chunk extensions
	isText                  // a field value or reason phrase: HTAB, SP, visible, obs-text
	isTarget                // a request target: visible
	isAuthority             // host, port and user information of an absolute target
	isQuoted                // unescaped inside a quoted string
	isUpper                 // A-Z or "-": what method names are made of
	isAlpha                 // A-Z, a-z
	isDigit                 // 0-9
)

var class = func() (t [256]uint8) {
	set := func(bit uint8, chars string) {
		for i := range len(chars) {
			t[chars[i]] |= bit
		}
	}
	for c := range 256 {
		b := byte(c)
		switch {
		case 'a' <= b && b <= 'z':
			t[b] |= isToken | isAuthority | isAlpha
		case 'A' <= b && b <= 'Z':
			t[b] |= isToken | isAuthority | isAlpha | isUpper
		case '0' <= b && b <= '9':
			t[b] |= isToken | isAuthority | isDigit
		}
		if b > ' ' && b < 0x7f {
			t[b] |= isTarget
		}
		if b >= ' ' && b != 0x7f || b == '\t' {
			t[b] |= isText
			if b != '"' && b != '\\' {
				t[b] |= isQuoted
			}
		}
	}
	set(isToken, "!#$%&'*+-.^_`|~")
	set(isUpper, "-")
	set(isAuthority, "-._~!$&'()*+,;=%:@[]")
	return t
}()

// hexValue is the value of a hexadecimal digit, 0xff for any other byte.
var hexValue = func() (t [256]uint8) {
	for c := range t {
		t[c] = 0xff
	}
	for i := range 16 {
		t["0123456789abcdef"[i]] = uint8(i)
		t["0123456789ABCDEF"[i]] = uint8(i)
	}
	return t
}()

const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

// The functions below mark bytes of a word, by their highest bit. The lowest mark
// may be trusted where the comment says so, those above it never.

// equal marks the bytes that are c. The lowest mark is right.
func equal(w uint64, c byte) uint64 {
	w ^= ones * uint64(c)
	return (w - ones) &^ w & highs
}

// suspects marks the bytes that are 0x7f or below those of limits (at most 0x80),
// and perhaps 0x7e after a 0xff: what it marks is looked up in the table.
func suspects(w, limits uint64) uint64 {
	return ((w - limits) | (w + ones)) &^ w & highs
}

// firstMarked returns the index of the lowest marked byte.
func firstMarked(m uint64) int { return bits.TrailingZeros64(m) >> 3 }

// fold changes A-Z to a-z. Some other bytes change too, but none of them to a
// letter, a digit or a hyphen, and those three stay what they are.
func fold(w uint64) uint64 { return w | w&(ones*0x40)>>1 }

func word(b []byte) uint64 { return binary.LittleEndian.Uint64(b) }

// spanText returns the number of bytes before the first that cannot be part of a
// value.
func spanText(b []byte) int { return span(b, ones*' ', 0, isText) }

// spanTarget returns the number of bytes before the first that cannot be part of
// a target.
func spanTarget(b []byte) int { return span(b, ones*(' '+1), highs, isTarget) }

// span returns the number of bytes before the first that is not of class bit. All
// such bytes are 0x7f, below those of limits, or have a bit of high.
func span(b []byte, limits, high uint64, bit uint8) int {
	v := b
again:
	for len(v) >= 16 && suspects(word(v), limits)|suspects(word(v[8:]), limits)|(word(v)|word(v[8:]))&high == 0 {
		v = v[16:]
	}
	for len(v) >= 8 {
		m := suspects(word(v), limits) | word(v)&high
		if m == 0 {
			v = v[8:]
			continue
		}
		k := firstMarked(m)
		if class[v[k]]&bit == 0 {
			return len(b) - len(v) + k
		}
		v = v[k+1:]
		goto again
	}
	for i, c := range v {
		if class[c]&bit == 0 {
			return len(b) - len(v) + i
		}
	}
	return len(b)
}
