package model

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseType(t *testing.T) {
	named := func(name string) Type { return Type{Union: []Term{{Name: name}}} }
	for text, want := range map[string]Type{
		"string":            named("string"),
		"net.Socket":        named("net.Socket"),
		"string[] | Agent":  {Union: []Term{{Name: "string", Lists: 1}, {Name: "Agent"}}},
		"()":                {Union: []Term{{Params: []TypedName{}}}},
		"(a: X[], b: Y|Z )": {Union: []Term{{Params: []TypedName{{"a", Type{Union: []Term{{Name: "X", Lists: 1}}}}, {"b", Type{Union: []Term{{Name: "Y"}, {Name: "Z"}}}}}}}},
	} {
		got, rest, err := parseType(text)
		if err != nil || rest != "" {
			t.Errorf("%q: %v, %q is left over", text, err, rest)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q: %s", text, diff)
		}
	}
	for _, text := range []string{"", "|", "a |", "(", "(a)", "(a: X", "(a: X b: Y)", "[]", "(1 2: X)"} {
		if got, rest, err := parseType(text); err == nil && rest == "" {
			t.Errorf("%q is %+v, want an error", text, got)
		}
	}
}

func TestScalarText(t *testing.T) {
	for want, s := range map[string]Scalar{
		"'a'": {Kind: String, String: "a"}, "true": {Kind: Boolean, Bool: true}, "7": {Kind: Integer, Int: 7}, "Infinity": {Kind: Infinity},
	} {
		if got := s.Text(); got != want {
			t.Errorf("have %s, want %s", got, want)
		}
		if s.IsZero() != (s.Kind == Infinity) {
			t.Errorf("%s: IsZero is %v", want, s.IsZero())
		}
	}
}
