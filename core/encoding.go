package core

// The encodings of Node's strings. A Go string holds UTF-8; the others say how
// its characters become bytes and back.

import (
	"encoding/base64"
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

// Append appends the bytes of s to dst. As in Node, base64 skips what is not
// of its alphabet and hex stops at the first pair that is not hexadecimal.
func (e Encoding) Append(dst []byte, s string) []byte {
	switch e {
	case Latin1, ASCII:
		for _, unit := range units(s) {
			dst = append(dst, byte(unit))
		}
		return dst
	case Base64:
		return appendBase64(dst, s)
	case Hex:
		for ; len(s) >= 2; s = s[2:] {
			b, err := hex.DecodeString(s[:2])
			if err != nil {
				break
			}
			dst = append(dst, b[0])
		}
		return dst
	case UTF16LE:
		for _, unit := range units(s) {
			dst = append(dst, byte(unit), byte(unit>>8))
		}
		return dst
	}
	return append(dst, s...)
}

// Decode returns the string that b encodes.
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
			wide[i] = uint16(b[2*i]) | uint16(b[2*i+1])<<8
		}
		return string(utf16.Decode(wide))
	}
	return strings.ToValidUTF8(string(b), string(utf8.RuneError))
}

// units returns the UTF-16 code units of s, which is what Node's one- and
// two-byte encodings look at.
func units(s string) []uint16 { return utf16.Encode([]rune(s)) }

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
