package http1

import (
	"slices"
	"strings"
	"testing"
)

// This file tests what writes messages, the checks before it, and the tables.

func TestAppend(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{string(AppendRequestLine(nil, "GET", "/a?b")), "GET /a?b HTTP/1.1\r\n"},
		{string(AppendStatusLine(nil, 200, "OK")), "HTTP/1.1 200 OK\r\n"},
		{string(AppendStatusLine(nil, 200, "Fine")), "HTTP/1.1 200 Fine\r\n"},
		{string(AppendStatusLine(nil, 200, "")), "HTTP/1.1 200 \r\n"},
		{string(AppendStatusLine(nil, 299, "")), "HTTP/1.1 299 \r\n"},
		{string(AppendStatusLine(nil, 999, "x")), "HTTP/1.1 999 x\r\n"},
		{string(AppendField(nil, "A", "b")), "A: b\r\n"},
		{string(AppendField(nil, "A", "")), "A: \r\n"},
		{string(AppendChunkHead(nil, 0x1a2b)), "1a2b\r\n"},
		{string(AppendLastChunk(nil, nil)), LastChunk},
		{string(AppendLastChunk([]byte("x"), [][2]string{{"A", "b"}, {"C", "d"}})), "x0\r\nA: b\r\nC: d\r\n\r\n"},
	} {
		if c.got != c.want {
			t.Errorf("%q, not %q", c.got, c.want)
		}
	}
	dst := make([]byte, 0, 256)
	if n := testing.AllocsPerRun(100, func() {
		b := AppendStatusLine(dst, 200, "OK")
		b = AppendStatusLine(b, 299, "Other")
		b = AppendRequestLine(b, "GET", "/")
		b = AppendField(b, "A", "b")
		b = AppendChunkHead(b, 1<<30)
		AppendLastChunk(b, nil)
	}); n != 0 {
		t.Error(n, "allocations")
	}
}

func TestStatusText(t *testing.T) {
	for code, want := range map[int]string{
		100: "Continue", 200: "OK", 418: "I'm a Teapot", 511: "Network Authentication Required",
		0: "", 299: "", 600: "", -1: "", 1 << 30: "",
	} {
		if got := StatusText(code); got != want {
			t.Errorf("%d is %q", code, got)
		}
	}
}

func TestMethods(t *testing.T) {
	if !slices.IsSorted(methods[:]) || len(methods) != 34 {
		t.Error(methods)
	}
	for i, m := range methods {
		if !only(isUpper, m) || len(m) > longestMethod || methodIndex([]byte(m)) != i {
			t.Error(m)
		}
	}
	if methods[methodConnect] != "CONNECT" {
		t.Error(methods[methodConnect])
	}
}

func TestValid(t *testing.T) {
	token := "!#$%&'*+-.^_`|~" + "0123456789" + "abcdefghijklmnopqrstuvwxyz" + "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	for c := range 256 {
		s := string([]byte{byte(c)})
		text := c == '\t' || c >= ' ' && c != 0x7f
		for _, v := range []struct {
			name string
			f    func(string) bool
			want bool
		}{
			{"ValidToken", ValidToken, strings.Contains(token, s)},
			{"ValidFieldValue", ValidFieldValue, text},
			{"ValidReason", ValidReason, text},
			{"ValidTarget", ValidTarget, c > ' '},
		} {
			if v.f(s) != v.want || v.f("a"+s) != v.want || v.f(s+"a") != v.want {
				t.Errorf("%s(%q) is not %v", v.name, s, v.want)
			}
		}
	}
	if ValidToken("") || ValidTarget("") || !ValidFieldValue("") || !ValidReason("") {
		t.Error("empty string")
	}
}

// TestSpans compares the word-wise scans with the table, for each byte at each
// place, after bytes that carry into it.
func TestSpans(t *testing.T) {
	for _, c := range []struct {
		name string
		span func([]byte) int
		bit  uint8
	}{{"text", spanText, isText}, {"target", spanTarget, isTarget}} {
		for at := range 40 {
			for _, before := range []byte{'a', 0xff, 0x80} {
				for v := range 256 {
					b := []byte(strings.Repeat(string([]byte{before}), at) + string([]byte{byte(v), '~', 'a', 0}))
					want := slices.IndexFunc(b, func(x byte) bool { return class[x]&c.bit == 0 })
					if got := c.span(b); got != want {
						t.Fatalf("%s: byte %#x at %d after %#x: %d, not %d", c.name, v, at, before, got, want)
					}
				}
			}
		}
	}
}

func TestNames(t *testing.T) {
	for id := NameContentLength; int(id) < len(names); id++ {
		name := names[id]
		if name == "" || strings.ToLower(name) != name || !ValidToken(name) || len(name) > longestName {
			t.Errorf("%d is %q", id, name)
		}
		for _, s := range []string{name, strings.ToUpper(name), strings.ToUpper(name[:1]) + name[1:]} {
			if LookupName(s) != id || LowerName(s) != name {
				t.Errorf("%q is %v", s, LookupName(s))
			}
		}
		// No other byte anywhere makes it the same name.
		for i := range len(name) {
			for c := range 256 {
				b := []byte(name)
				b[i] = byte(c)
				if same := strings.EqualFold(string(b), name) && c < 0x80; (LookupName(string(b)) == id) != same {
					t.Errorf("%q is %v", b, id)
				}
			}
		}
		if names[id] != name {
			t.Error(id)
		}
	}
	for _, s := range []string{"", "x", "content-lengt", "content-length-", "upgrade-insecurE_requests"} {
		if LookupName(s) != 0 {
			t.Errorf("%q is %v", s, LookupName(s))
		}
	}
	if LowerName("X-CuStom") != "x-custom" {
		t.Error(LowerName("X-CuStom"))
	}
	custom := "x-custom-but-lower"
	if n := testing.AllocsPerRun(10, func() { LowerName(custom); LowerName("Content-Type") }); n != 0 {
		t.Error(n, "allocations")
	}
}

func TestFind(t *testing.T) {
	var p Parser
	p.Init(Request, Options{})
	b := []byte("GET / HTTP/1.1\r\nhOST: a\r\nX-Custom: 1\r\nx-custom: 2\r\nCookie: c\r\nCOOKIE: d\r\n\r\n")
	p.Next(b)
	var h Head
	p.TakeHead(b, &h)
	for name, want := range map[string]string{"host": "a", "Host": "a", "X-CUSTOM": "1", "cookie": "c"} {
		if i := h.Find(name, 0); i < 0 || h.Value(i) != want {
			t.Errorf("%s is field %d", name, i)
		}
	}
	if i := h.Find("x-none", 0); i >= 0 {
		t.Error(i)
	}
	if i := h.Find("cookie", 4); i != 4 {
		t.Error(i)
	}
	if i := h.Find("x-custom", 3); i != -1 {
		t.Error(i)
	}
	if h.LowerName(0) != "host" || h.LowerName(1) != "x-custom" || h.Name(0) != "hOST" {
		t.Error(h.LowerName(0), h.LowerName(1), h.Name(0))
	}
}
