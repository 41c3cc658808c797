package runtime

import (
	"fmt"
	"testing"

	"nodehttp/generated/profile"
	"nodehttp/runtime/http1"
)

// parseHead parses a request.
func parseHead(t *testing.T, request string) *http1.Head {
	t.Helper()
	var p http1.Parser
	p.Init(http1.Request, http1.Options{})
	event, _, _ := p.Next([]byte(request))
	if event != http1.HeadDone {
		t.Fatalf("got event %v, %v", event, p.Err())
	}
	h := new(http1.Head)
	p.TakeHead([]byte(request), h)
	return h
}

// Duplicates are merged as Node 19.0.0 does.
func TestHeadersMerge(t *testing.T) {
	h := parseHead(t, "GET / HTTP/1.1\r\nHost: a\r\nX-A: 1\r\nCookie: a=1\r\nx-a: 2\r\nSet-Cookie: c=1\r\ncookie: b=2\r\n"+
		"User-Agent: one\r\nuser-agent: two\r\nset-cookie: d=2\r\nX-a:\r\nAccept: x\r\n\r\n")
	r := tablesOf(profile.V19_0)
	view := r.view(h)
	want := [][2]string{
		{"host", "a"}, {"x-a", "1, 2, "}, {"cookie", "a=1; b=2"},
		{"set-cookie", "c=1, d=2"}, {"user-agent", "one"}, {"accept", "x"},
	}
	var got [][2]string
	for name, value := range view.All() {
		got = append(got, [2]string{name, value})
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	for _, f := range want {
		if value := r.lookup(h, f[0]); value != f[1] {
			t.Errorf("Header(%s) is %q, Headers has %q", f[0], value, f[1])
		}
	}
	if c := view.SetCookie(); fmt.Sprint(c) != "[c=1 d=2]" {
		t.Errorf("got %q", c)
	}
	if _, ok := view.Lookup("missing"); ok || view.Get("X-A") != "1, 2, " || view.Len() != len(want) {
		t.Error("wrong view")
	}
	if d := distinct(h); fmt.Sprint(d["x-a"], d["cookie"]) != "[1 2 ] [a=1 b=2]" {
		t.Errorf("got %q", d)
	}
}

func TestFieldsKeepTheirPlace(t *testing.T) {
	r := &ClientRequest{rules: tablesOf(profile.V19_0), states: newRequestStates()}
	m := &r.out
	m.init(r, nil, profile.V19_0)
	for _, h := range [][2]string{{"A", "1"}, {"B", "2"}, {"C", "3"}} {
		m.SetHeader(h[0], h[1])
	}
	m.SetHeaderValues("b", []string{"4", "5"})
	m.AppendHeader("B", "6")
	m.SetHeader("a", "7")
	m.RemoveHeader("C")
	m.AppendHeader("c", "8")
	if got := fmt.Sprint(m.fields); got != "[{a 7} {b 4} {b 5} {b 6} {c 8}]" {
		t.Errorf("got %s", got)
	}
	m.SetHeader("b", "9")
	if got := fmt.Sprint(m.fields, m.GetRawHeaderNames(), m.GetHeaders()); got != "[{a 7} {b 9} {c 8}] [a b c] map[a:[7] b:[9] c:[8]]" {
		t.Errorf("got %s", got)
	}
}

func TestHasToken(t *testing.T) {
	for list, want := range map[string]bool{
		"close": true, "CLOSE": true, "keep-alive, close": true, "close ,x": true, "\tclose\t": true, "a,,close": true,
		"": false, "closed": false, "not close": false, "clos": false, ",": false,
	} {
		if got := http1.HasToken("close", list); got != want {
			t.Errorf("%q: %t", list, got)
		}
	}
}
