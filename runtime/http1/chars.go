package http1

import "encoding/binary"

// This file holds the alphabet: which byte may stand where, as a table, and the
// word-wise scans that find the first byte that may not.

// What a byte may be part of, as bits of class.
const (
	isToken     = 1 << iota // RFC 9110 token: names, methods, chunk extensions
	isText                  // a field value or reason phrase: HTAB, SP, visible, obs-text
	isTarget                // a request target: visible or above 0x7f
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
		if b > ' ' && b != 0x7f {
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

// below has the high bit set in each byte of w that is less than n (at most
// 0x80). A byte above the first such one may be marked wrongly, never one below.
func below(w uint64, n uint64) uint64 { return (w - ones*n) &^ w & highs }

// equal marks the bytes of w that are c, with the reservation of below.
func equal(w uint64, c uint64) uint64 {
	w ^= ones * c
	return (w - ones) &^ w & highs
}

func word(b []byte, i int) uint64 { return binary.LittleEndian.Uint64(b[i:]) }
