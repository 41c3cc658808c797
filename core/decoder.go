package core

import "unicode/utf8"

// Decoder turns pieces of bytes into pieces of text. It keeps the bytes of a character
// that the next piece completes.
type Decoder struct {
	encoding Encoding
	rest     []byte
}

// NewDecoder makes a decoder of an encoding.
func NewDecoder(e Encoding) *Decoder { return &Decoder{encoding: e} }

// Write returns the text that is complete with chunk; it may be empty.
func (d *Decoder) Write(chunk []byte) string {
	if len(d.rest) > 0 {
		chunk = append(d.rest, chunk...)
	}
	whole := len(chunk) - d.encoding.partial(chunk)
	text := d.encoding.Decode(chunk[:whole])
	d.rest = append([]byte(nil), chunk[whole:]...)
	return text
}

// End returns the text of bytes that no piece has completed.
func (d *Decoder) End() string {
	text := d.encoding.Decode(d.rest)
	d.rest = nil
	return text
}

// partial returns how many bytes at the end of b belong to an incomplete character.
func (e Encoding) partial(b []byte) int {
	switch e {
	case Base64:
		return len(b) % 3
	case UTF16LE:
		n := len(b) % 2
		if end := len(b) - n; end >= 2 && b[end-1]&0xfc == 0xd8 {
			n += 2 // a high surrogate: its low one is to come
		}
		return n
	case UTF8:
		for n := 1; n < utf8.UTFMax && n <= len(b); n++ {
			if c := b[len(b)-n]; utf8.RuneStart(c) {
				if !utf8.FullRune(b[len(b)-n:]) {
					return n
				}
				break
			}
		}
	}
	return 0
}
