package core

import (
	"strings"
	"testing"
)

// However a text is cut, its pieces decode to the whole.
func TestDecoderKeepsCharactersWhole(t *testing.T) {
	text := "aé€😀z"
	for _, e := range []Encoding{UTF8, Latin1, ASCII, Base64, Hex, UTF16LE} {
		b := UTF8.Append(nil, text)
		if e == UTF16LE {
			b = e.Append(nil, text)
		}
		want := e.Decode(b)
		for i := range len(b) + 1 {
			for j := i; j <= len(b); j++ {
				d := NewDecoder(e)
				pieces := []string{d.Write(b[:i]), d.Write(b[i:j]), d.Write(b[j:]), d.End()}
				if got := strings.Join(pieces, ""); got != want {
					t.Fatalf("%v cut at %d and %d: %q, want %q", e, i, j, got, want)
				}
			}
		}
	}
}

func TestDecoderEndsWithinACharacter(t *testing.T) {
	d := NewDecoder(UTF8)
	if text := d.Write([]byte("a\xe2\x82")); text != "a" {
		t.Errorf("Write = %q", text)
	}
	if text := d.End(); text != "\ufffd" {
		t.Errorf("End = %q", text)
	}
	if text := d.Write([]byte("b\xff\x80")) + d.End(); text != "b\ufffd\ufffd" {
		t.Errorf("bytes that begin no character: %q", text)
	}
}
