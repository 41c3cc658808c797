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
	old := Message{Event: "request", Method: "GET", URL: "/", Version: "1.0", Headers: []Text{"Connection", "keep-alive"}, Complete: true}
	closes := Message{Event: "request", Method: "GET", URL: "/", Version: "1.1", Headers: []Text{"Connection", "close"}, Complete: true}
	asks := Message{Event: "request", Method: "GET", URL: "/", Version: "1.1", Headers: []Text{"Connection", "upgrade", "Upgrade", "x"}, Complete: true}
	trailed := get
	trailed.Trailers = []Text{"Connection", "a, close"}
	upgrades := asks
	upgrades.Event, upgrades.Complete = "upgrade", false
	found := Message{Event: "response", Status: 200, Version: "1.1", Headers: []Text{"Content-Length", "0"}, Complete: true}
	switched := Message{Event: "upgrade", Status: 101, Version: "1.1", Headers: []Text{"Connection", "upgrade", "Upgrade", "x"}}
	const last = "HTTP/1.1 200 OK|Connection: close"
	const ok, bad = "HTTP/1.1 200 OK|Connection: keep-alive", "HTTP/1.1 400 Bad Request|Connection: close"
	for _, test := range []struct {
		name       string
		c          Case
		node, ours Sight
		want       string // deviation; "-": unexplained; "": they agree
	}{
		{"the same", Case{Input: "GET / HTTP/1.1\r\n\r\n"},
			Sight{Messages: []Message{get}, Wire: []string{ok}}, Sight{Messages: []Message{get}, Wire: []string{ok}}, ""},
		{"stricter", Case{Input: "GET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n"},
			Sight{Messages: []Message{get}, Wire: []string{ok}}, Sight{Wire: []string{bad}}, "folded lines"},
		{"looser", Case{Input: "GET / HTTP/1.1\r\n\r\n"},
			Sight{Wire: []string{bad}}, Sight{Messages: []Message{get}, Wire: []string{ok}}, "-"},
		{"less seen before the refusal", Case{Input: "GET / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n"},
			Sight{}, Sight{Messages: []Message{get}, Wire: []string{ok, bad}}, "-"},
		{"another url", Case{Input: "GET / HTTP/1.1\r\n\r\n"},
			Sight{Messages: []Message{get}, Wire: []string{ok}}, Sight{Messages: []Message{{Event: "request"}}, Wire: []string{ok}}, "-"},
		{"an answer that Node loses", Case{Input: "GET / HTTP/1.1\r\n\r\n:"},
			Sight{Messages: []Message{get}, Wire: []string{bad}}, Sight{Messages: []Message{get}, Wire: []string{ok, bad}}, "malformed requests in a pipeline"},
		{"an answer that ours loses", Case{Input: "GET / HTTP/1.1\r\n\r\n:"},
			Sight{Messages: []Message{get}, Wire: []string{ok, bad}}, Sight{Messages: []Message{get}, Wire: []string{bad}}, "-"},
		{"nothing behind the last answer, the others lost", Case{Input: "GET / HTTP/1.1\r\n\r\nGET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET / HTTP/1.1\r\n\r\n:", Mode: answersEarly},
			Sight{Messages: []Message{get, old, get}, Wire: []string{ok}}, Sight{Messages: []Message{get, old}, Wire: []string{ok, last}}, "behind the last answer"},
		{"answers lost for no reason", Case{Input: "GET / HTTP/1.1\r\n\r\nGET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET / HTTP/1.1\r\n\r\n", Mode: answersEarly},
			Sight{Messages: []Message{get, old, get}, Wire: []string{ok}}, Sight{Messages: []Message{get, old}, Wire: []string{ok, last}}, "-"},
		{"a bad length that is cut off", Case{Input: "GET / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\nContent-Length:*", Mode: answersEarly},
			Sight{Messages: []Message{get}, Wire: []string{ok}}, Sight{Messages: []Message{get}, Wire: []string{ok, bad}}, "heads that end early"},
		{"a bad length that is complete", Case{Input: "GET / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\nContent-Length:*\r\n", Mode: answersEarly},
			Sight{Messages: []Message{get}, Wire: []string{ok, bad}}, Sight{Messages: []Message{get}, Wire: []string{ok}}, "-"},
		{"a bad target that is cut off", Case{Input: "GET P/", Mode: errorsHeard},
			Sight{Error: "HPE_INVALID_URL"}, Sight{Error: "HPE_INVALID_EOF_STATE"}, "heads that end early"},
		{"a close that a tab hides", Case{Input: "GET / HTTP/1.1\r\nConnection: close\t\r\n\r\nGET / HTTP/1.1\r\n\r\n"},
			Sight{Messages: []Message{closes, get}, Wire: []string{ok, ok}}, Sight{Messages: []Message{closes}, Wire: []string{last}}, "tabs in Connection"},
		{"a close that a tab hides, behind a refused expectation", Case{Input: "GET / HTTP/1.1\r\nExpect: x\r\n\r\nGET / HTTP/1.1\r\nConnection: close\t\r\n\r\n"},
			Sight{Messages: []Message{closes}, Wire: []string{ok}}, Sight{Messages: []Message{closes}, Wire: []string{last}}, "tabs in Connection"},
		{"an upgrade that a tab does not hide", Case{Input: "GET / HTTP/1.1\r\nConnection: upgrade,\t\r\nUpgrade: x\r\n\r\n", Mode: upgradesHeard},
			Sight{Messages: []Message{upgrades}}, Sight{Messages: []Message{asks}, Wire: []string{ok}}, "-"},
		{"an upgrade that a tab hides", Case{Input: "GET / HTTP/1.1\r\nConnection: upgrade\t\r\nUpgrade: x\r\n\r\n", Mode: upgradesHeard},
			Sight{Messages: []Message{asks}, Wire: []string{ok}}, Sight{Messages: []Message{upgrades}}, "-"},
		{"close in trailers", Case{Input: "GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nConnection: close\r\n\r\nGET / HTTP/1.1\r\n\r\n"},
			Sight{Messages: []Message{trailed}, Wire: []string{ok}}, Sight{Messages: []Message{trailed, get}, Wire: []string{ok, ok}}, "framing in trailers"},
		{"more behind close in trailers than ours saw", Case{Input: "GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nConnection: close\r\n\r\nGET / HTTP/1.1\r\n\r\n"},
			Sight{Messages: []Message{trailed, get}, Wire: []string{ok, ok}}, Sight{Messages: []Message{trailed}, Wire: []string{ok}}, "-"},
		{"another Keep-Alive without time", Case{Input: "HTTP/1.1 200\r\nKeep-Alive:\r\nKeep-Alive: a, timeout=0\r\nContent-Length: 0\r\n\r\n", Method: "GET"},
			Sight{Messages: []Message{found}, Pooled: true}, Sight{Messages: []Message{found}}, "what a server says it keeps"},
		{"a Keep-Alive with time", Case{Input: "HTTP/1.1 200\r\nKeep-Alive: timeout=01\r\nContent-Length: 0\r\n\r\n", Method: "GET"},
			Sight{Messages: []Message{found}, Pooled: true}, Sight{Messages: []Message{found}}, "-"},
		{"an upgrade behind a response", Case{Input: "HTTP/1.1 200\r\nContent-Length: 0\r\n\r\nHTTP/1.1 101\nConnection: upgrade\r\nUpgrade: x\r\n\n", Method: "GET"},
			Sight{Messages: []Message{found, switched}}, Sight{Messages: []Message{found}}, "bytes behind a response"},
		{"hung", Case{Input: "GET / HTTP/1.1\r\n\r\n"}, Sight{Hung: true}, Sight{Hung: true}, "-"},
	} {
		t.Run(test.name, func(t *testing.T) {
			found := judge(test.c, &test.node, &test.ours)
			if found == nil {
				if test.want != "" {
					t.Errorf("no dispute, want %q", test.want)
				}
				return
			}
			d := direction{rules: requestRules}
			if test.c.Method != "" {
				d.rules = responseRules
			}
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
