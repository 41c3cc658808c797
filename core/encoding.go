package core

// The encodings of Node's strings. A Go string holds UTF-8; the others say how
// its characters become bytes and back.

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Encoding says how a string becomes bytes.
type Encoding uint8

// The encodings, with Node's names for them. The zero value is UTF8.
const (
	UTF8    Encoding = iota // 'utf8'
	Latin1                  // 'latin1', 'binary': one byte a character, the low byte of its code point
	ASCII                   // 'ascii': as Latin1 when encoding; the high bit is dropped when decoding
	Base64                  // 'base64': the string is base64 (either alphabet) of the bytes
	Hex                     // 'hex': the string is two hexadecimal digits a byte
	UTF16LE                 // 'utf16le', 'ucs2': two bytes a code unit, the low one first
)

// String returns Node's name of the encoding.
func (e Encoding) String() string {
	switch e {
	case UTF8:
		return "utf8"
	case Latin1:
		return "latin1"
	case ASCII:
		return "ascii"
	case Base64:
		return "base64"
	case Hex:
		return "hex"
	case UTF16LE:
		return "utf16le"
	}
	return "unknown"
}

// Append appends the bytes of s to dst. As in Node, a character beyond the
// Basic Multilingual Plane counts as two (its surrogates), base64 skips what is
// not of its alphabet and stops at '=', and hex stops at the first pair that is
// not hexadecimal.
func (e Encoding) Append(dst []byte, s string) []byte {
	switch e {
	case Latin1, ASCII:
		for _, c := range s {
			if high, low := utf16.EncodeRune(c); high != utf8.RuneError {
				dst = append(dst, byte(high), byte(low))
			} else {
				dst = append(dst, byte(c))
			}
		}
		return dst
	case Base64:
		return appendBase64(dst, s)
	case Hex:
		dst, _ = hex.AppendDecode(dst, []byte(s)) // an error ends the bytes, no more
		return dst
	case UTF16LE:
		for _, c := range s {
			if high, low := utf16.EncodeRune(c); high != utf8.RuneError {
				dst = append(dst, byte(high), byte(high>>8), byte(low), byte(low>>8))
			} else {
				dst = append(dst, byte(c), byte(c>>8))
			}
		}
		return dst
	}
	return append(dst, s...)
}

// Decode returns the string that b encodes. What UTF8 or UTF16LE cannot decode
// becomes U+FFFD, one for each longest beginning of a character in UTF8.
func (e Encoding) Decode(b []byte) string {
	switch e {
	case Latin1, ASCII:
		mask := byte(0xff)
		if e == ASCII {
			mask = 0x7f
		}
		var s strings.Builder
		s.Grow(len(b))
		for _, c := range b {
			s.WriteRune(rune(c & mask))
		}
		return s.String()
	case Base64:
		return base64.StdEncoding.EncodeToString(b)
	case Hex:
		return hex.EncodeToString(b)
	case UTF16LE:
		wide := make([]uint16, len(b)/2)
		for i := range wide {
			wide[i] = binary.LittleEndian.Uint16(b[2*i:])
		}
		return string(utf16.Decode(wide))
	}
	if utf8.Valid(b) {
		return string(b)
	}
	return repairUTF8(b)
}

// repairUTF8 replaces what is not UTF-8 as the Encoding Standard of the web
// says, and with it Node: a character that breaks off becomes one U+FFFD.
func repairUTF8(b []byte) string {
	var s strings.Builder
	s.Grow(len(b) + 2*utf8.UTFMax)
	for len(b) > 0 {
		c, n := utf8.DecodeRune(b)
		if c == utf8.RuneError && n == 1 {
			for n < len(b) && !utf8.FullRune(b[:n+1]) {
				n++
			}
		}
		s.WriteRune(c)
		b = b[n:]
	}
	return s.String()
}

func appendBase64(dst []byte, s string) []byte {
	var group uint32
	bits := 0
	for i := 0; i < len(s) && s[i] != '='; i++ {
		v, ok := sextet(s[i])
		if !ok {
			continue
		}
		group = group<<6 | v
		if bits += 6; bits >= 8 {
			bits -= 8
			dst = append(dst, byte(group>>bits))
		}
	}
	return dst
}

func sextet(c byte) (uint32, bool) {
	switch {
	case 'A' <= c && c <= 'Z':
		return uint32(c - 'A'), true
	case 'a' <= c && c <= 'z':
		return uint32(c-'a') + 26, true
	case '0' <= c && c <= '9':
		return uint32(c-'0') + 52, true
	case c == '+', c == '-':
		return 62, true
	case c == '/', c == '_':
		return 63, true
	}
	return 0, false
}
