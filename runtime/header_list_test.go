package runtime

import (
	"slices"
	"testing"
)

func TestHeaders(t *testing.T) {
	for name, c := range map[string]struct {
		do   func(h *Headers)
		want Headers
	}{
		"set a new one":        {func(h *Headers) { h.Set("X-New", "1") }, Headers{{"Accept", "a"}, {"x-two", "1"}, {"Host", "h"}, {"X-Two", "2"}, {"X-New", "1"}}},
		"set several":          {func(h *Headers) { h.Set("X-TWO", "3") }, Headers{{"Accept", "a"}, {"X-TWO", "3"}, {"Host", "h"}}},
		"set the first":        {func(h *Headers) { h.Set("ACCEPT", "b") }, Headers{{"ACCEPT", "b"}, {"x-two", "1"}, {"Host", "h"}, {"X-Two", "2"}}},
		"set the empty name":   {func(h *Headers) { h.Set("", "b") }, Headers{{"Accept", "a"}, {"x-two", "1"}, {"Host", "h"}, {"X-Two", "2"}, {"", "b"}}},
		"add":                  {func(h *Headers) { h.Add("accept", "b") }, Headers{{"Accept", "a"}, {"x-two", "1"}, {"Host", "h"}, {"X-Two", "2"}, {"accept", "b"}}},
		"delete several":       {func(h *Headers) { h.Del("X-two") }, Headers{{"Accept", "a"}, {"Host", "h"}}},
		"delete none":          {func(h *Headers) { h.Del("x-three") }, Headers{{"Accept", "a"}, {"x-two", "1"}, {"Host", "h"}, {"X-Two", "2"}}},
		"add to none":          {func(h *Headers) { *h = nil; h.Add("a", "1") }, Headers{{"a", "1"}}},
		"set in none":          {func(h *Headers) { *h = nil; h.Set("a", "1") }, Headers{{"a", "1"}}},
		"delete from none":     {func(h *Headers) { *h = nil; h.Del("a") }, nil},
		"only ASCII is folded": {func(h *Headers) { *h = Headers{{"\u212a\u017f\u017f", "1"}}; h.Set("kSS\u00e9\u00e9", "2") }, Headers{{"\u212a\u017f\u017f", "1"}, {"kSS\u00e9\u00e9", "2"}}},
	} {
		h := Headers{{"Accept", "a"}, {"x-two", "1"}, {"Host", "h"}, {"X-Two", "2"}}
		c.do(&h)
		if !slices.Equal(h, c.want) {
			t.Errorf("%s: %q, want %q", name, h, c.want)
		}
	}
}

func TestHeadersAreRead(t *testing.T) {
	h := Headers{{"Accept", "a"}, {"x-two", ""}, {"X-Two", "2"}}
	if got := []string{h.Get("ACCEPT"), h.Get("X-TWO"), h.Get("none")}; !slices.Equal(got, []string{"a", "", ""}) {
		t.Errorf("Get: %q", got)
	}
	if got := h.Values("X-two"); !slices.Equal(got, []string{"", "2"}) {
		t.Errorf("Values: %q", got)
	}
	if got := h.Values("none"); got != nil {
		t.Errorf("Values of none: %q", got)
	}
	if !h.Has("X-Two") || h.Has("X-Tw") || Headers(nil).Has("") {
		t.Error("Has")
	}
	var all []string
	for name, value := range h.All() {
		if name == "X-Two" {
			break
		}
		all = append(all, name, value)
	}
	if !slices.Equal(all, []string{"Accept", "a", "x-two", ""}) {
		t.Errorf("All: %q", all)
	}
	copied := h.Clone()
	copied.Set("accept", "b")
	copied.Add("More", "m")
	if h.Get("Accept") != "a" || len(h) != 3 || copied.Get("Accept") != "b" {
		t.Errorf("Clone shares: %q, %q", h, copied)
	}
	if Headers(nil).Clone() != nil {
		t.Error("Clone of nil")
	}
}
