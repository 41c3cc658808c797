package main

import (
	"os"
	"reflect"
	"strings"
	"testing"
)

func TestGeneratorIsDeterministic(t *testing.T) {
	for _, response := range []bool{false, true} {
		different := map[string]bool{}
		for number := range uint64(2000) {
			a := newGenerator(7, number).make(response)
			if b := newGenerator(7, number).make(response); !reflect.DeepEqual(a, b) {
				t.Fatalf("case %d is %s, and then %s", number, a, b)
			}
			if (a.Method != "") != response {
				t.Fatalf("case %d is to the method %q", number, a.Method)
			}
			for i, cut := range a.Cuts {
				if cut <= 0 || cut >= len(a.Input) || i > 0 && cut <= a.Cuts[i-1] {
					t.Fatalf("case %d of %d bytes is cut at %v", number, len(a.Input), a.Cuts)
				}
			}
			different[a.Input] = true
		}
		if len(different) < 1000 {
			t.Errorf("only %d of 2000 cases are different", len(different))
		}
	}
}

// What is well formed must occur often: whatever comes behind it is reached only so.
func TestGeneratorReachesBodies(t *testing.T) {
	for _, response := range []bool{false, true} {
		refused := 0
		const cases = 2000
		for number := range uint64(cases) {
			if why, _ := parse(newGenerator(1, number).make(response), nothing); why != nil {
				refused++
			}
		}
		if refused < cases/10 || refused > cases*8/10 {
			t.Errorf("%d of %d cases are refused", refused, cases)
		}
	}
}

func TestMinimise(t *testing.T) {
	for _, test := range []struct{ input, needs, want string }{
		{"GET / HTTP/1.1\r\nHost: a\r\nBad : b\r\n\r\n", " :", " :"},
		{"one\ntwo\nthree\nfour\n", "three\n", "three\n"},
		{"abc", "abc", "abc"},
		{strings.Repeat("x", 100) + "\x00" + strings.Repeat("y", 100), "\x00", "\x00"},
	} {
		asked := 0
		got := minimise(test.input, 1000, func(s string) bool { asked++; return strings.Contains(s, test.needs) })
		if got != test.want || asked > 1000 {
			t.Errorf("%q becomes %q after %d questions, want %q", test.input, got, asked, test.want)
		}
	}
}

func TestMinimiseStopsAsking(t *testing.T) {
	asked := 0
	got := minimise(strings.Repeat("a b\n", 100), 20, func(s string) bool { asked++; return strings.Count(s, "a") > 50 })
	if asked > 20 || strings.Count(got, "a") <= 50 {
		t.Errorf("asked %d times for %d", asked, strings.Count(got, "a"))
	}
}

func TestPartsMakeTheWhole(t *testing.T) {
	for number := range uint64(200) {
		input := newGenerator(3, number).make(false).Input
		for _, split := range []func(string) []string{lines, words, bytesOf} {
			if got := strings.Join(split(input), ""); got != input {
				t.Fatalf("%q becomes %q", input, got)
			}
		}
	}
}

// A rule must name what spec/ records, so that nothing is explained away.
func TestRulesNameDeviations(t *testing.T) {
	b, err := os.ReadFile("../../../spec/deviations.yaml")
	if err != nil {
		t.Fatal(err)
	}
	recorded := map[string]bool{}
	for _, line := range lines(string(b)) {
		recorded[strings.TrimSuffix(line, ":\n")] = true
	}
	for _, r := range append(requestRules, responseRules...) {
		if !recorded[r.deviation] {
			t.Errorf("%q is not a deviation", r.deviation)
		}
	}
}

func TestDisputes(t *testing.T) {
	get := Message{Event: "request", Method: "GET", URL: "/", Version: "1.1", Complete: true}
	const ok, bad = "HTTP/1.1 200 OK|Connection: keep-alive", "HTTP/1.1 400 Bad Request|Connection: close"
	for _, test := range []struct {
		name       string
		input      string
		node, ours Sight
		want       string // deviation; "-": unexplained; "": they agree
	}{
		{"the same", "GET / HTTP/1.1\r\n\r\n",
			Sight{Messages: []Message{get}, Wire: []string{ok}}, Sight{Messages: []Message{get}, Wire: []string{ok}}, ""},
		{"stricter", "GET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n",
			Sight{Messages: []Message{get}, Wire: []string{ok}}, Sight{Wire: []string{bad}}, "folded lines"},
		{"looser", "GET / HTTP/1.1\r\n\r\n",
			Sight{Wire: []string{bad}}, Sight{Messages: []Message{get}, Wire: []string{ok}}, "-"},
		{"less seen before the refusal", "GET / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n",
			Sight{}, Sight{Messages: []Message{get}, Wire: []string{ok, bad}}, "-"},
		{"another url", "GET / HTTP/1.1\r\n\r\n",
			Sight{Messages: []Message{get}, Wire: []string{ok}}, Sight{Messages: []Message{{Event: "request"}}, Wire: []string{ok}}, "-"},
		{"an answer that Node loses", "GET / HTTP/1.1\r\n\r\n:",
			Sight{Messages: []Message{get}, Wire: []string{bad}}, Sight{Messages: []Message{get}, Wire: []string{ok, bad}}, "malformed requests in a pipeline"},
		{"an answer that ours loses", "GET / HTTP/1.1\r\n\r\n:",
			Sight{Messages: []Message{get}, Wire: []string{ok, bad}}, Sight{Messages: []Message{get}, Wire: []string{bad}}, "-"},
		{"hung", "GET / HTTP/1.1\r\n\r\n", Sight{Hung: true}, Sight{Hung: true}, "-"},
	} {
		t.Run(test.name, func(t *testing.T) {
			found := judge(Case{Input: test.input}, &test.node, &test.ours)
			if found == nil {
				if test.want != "" {
					t.Errorf("no dispute, want %q", test.want)
				}
				return
			}
			d := direction{rules: requestRules}
			got, explained := d.explain(found)
			if !explained {
				got = "-"
			}
			if got != test.want {
				t.Errorf("explained by %q, want %q", got, test.want)
			}
		})
	}
}
