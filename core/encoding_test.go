package core

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"os"
	"testing"
	"unicode/utf8"
)

var encodings = []Encoding{UTF8, Latin1, ASCII, Base64, Hex, UTF16LE}

// recorded is what Node says: see testdata/encodings.js.
type recorded struct {
	Append [][3]string // encoding, text, bytes in hex
	Decode [][3]string // encoding, bytes in hex, text
}

func readRecorded(t *testing.T) (r recorded) {
	t.Helper()
	b, err := os.ReadFile("testdata/encodings.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &r); err != nil {
		t.Fatal(err)
	}
	return r
}

func encodingNamed(t *testing.T, name string) Encoding {
	t.Helper()
	for _, e := range encodings {
		if e.String() == name {
			return e
		}
	}
	t.Fatalf("no encoding has the name %q", name)
	return 0
}

func TestEncodingAppendAsNode(t *testing.T) {
	for _, row := range readRecorded(t).Append {
		e := encodingNamed(t, row[0])
		if got := hex.EncodeToString(e.Append(nil, row[1])); got != row[2] {
			t.Errorf("%v.Append(%q) = %s, Node has %s", e, row[1], got, row[2])
		}
	}
}

func TestEncodingDecodeAsNode(t *testing.T) {
	for _, row := range readRecorded(t).Decode {
		e := encodingNamed(t, row[0])
		b, err := hex.DecodeString(row[1])
		if err != nil {
			t.Fatal(err)
		}
		if got := e.Decode(b); got != row[2] {
			t.Errorf("%v.Decode(%s) = %q, Node has %q", e, row[1], got, row[2])
		}
	}
}

func TestEncodingAppendKeepsWhatIsThere(t *testing.T) {
	for _, e := range encodings {
		if got := e.Append([]byte("before:"), "6162"); !bytes.HasPrefix(got, []byte("before:")) || len(got) <= len("before:") {
			t.Errorf("%v.Append = %q", e, got)
		}
	}
}

func TestEncodingUnknown(t *testing.T) {
	if got := Encoding(99).String(); got != "unknown" {
		t.Errorf("String = %q", got)
	}
}

func TestEncodingAllocations(t *testing.T) {
	dst := make([]byte, 0, 256)
	for _, e := range []Encoding{UTF8, Latin1, ASCII, Base64, UTF16LE} {
		if n := testing.AllocsPerRun(100, func() { e.Append(dst, "YWJj é 😀") }); n != 0 {
			t.Errorf("%v.Append allocates %v times into a buffer with room", e, n)
		}
	}
}

// Decoding and encoding again gives the same bytes where every byte has a
// text, and at least the same text everywhere.
func FuzzEncodingBytes(f *testing.F) {
	f.Add([]byte("hello"))
	f.Add([]byte("\xff\xfe\xe2\x82a\xf0\x9f\x98"))
	f.Add([]byte{0x3d, 0xd8, 0x00, 0xde, 0x61})
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, e := range encodings {
			text := e.Decode(b)
			if !utf8.ValidString(text) {
				t.Errorf("%v.Decode(%x) = %q is not UTF-8", e, b, text)
			}
			again := e.Append(nil, text)
			if got := e.Decode(again); got != text {
				t.Errorf("%v: %x is %q, but that is %x, which is %q", e, b, text, again, got)
			}
			exact := e == Latin1 || e == Base64 || e == Hex || e == UTF8 && utf8.Valid(b)
			if exact && !bytes.Equal(again, b) {
				t.Errorf("%v: %x becomes %x", e, b, again)
			}
		}
	})
}

// Encoding and decoding again gives the same text where every text has bytes;
// where only some have, nothing else is appended than what a strict decoder finds.
func FuzzEncodingText(f *testing.F) {
	f.Add("hello")
	f.Add("YWJj=é")
	f.Add("a\U0001f600b\xff")
	f.Fuzz(func(t *testing.T, text string) {
		valid := string([]rune(text))
		for _, e := range []Encoding{UTF8, UTF16LE} {
			if got := e.Decode(e.Append(nil, valid)); got != valid {
				t.Errorf("%v: %q becomes %q", e, valid, got)
			}
		}
		if b, err := base64.StdEncoding.DecodeString(text); err == nil && !bytes.ContainsAny([]byte(text), "\r\n") {
			if got := Base64.Append(nil, text); !bytes.Equal(got, b) {
				t.Errorf("base64: %q is %x, want %x", text, got, b)
			}
		}
		if b, err := hex.DecodeString(text); err == nil {
			if got := Hex.Append(nil, text); !bytes.Equal(got, b) {
				t.Errorf("hex: %q is %x, want %x", text, got, b)
			}
		}
		for _, e := range encodings {
			e.Append(nil, text)
		}
	})
}

func BenchmarkDecodeUTF8(b *testing.B) {
	chunk := bytes.Repeat([]byte("plain text and é "), 200)
	b.SetBytes(int64(len(chunk)))
	for b.Loop() {
		UTF8.Decode(chunk)
	}
}
