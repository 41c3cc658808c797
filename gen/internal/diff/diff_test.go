package diff

import (
	"bytes"
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nodehttp/gen/internal/diag"
	"nodehttp/gen/internal/load"
	"nodehttp/gen/internal/model"
	"nodehttp/gen/internal/version"
)

// loadedSpec is the model that the module is generated from. Nobody changes it.
var loadedSpec = sync.OnceValues(func() (*model.Spec, error) {
	var errs diag.List
	spec, _ := load.Spec(os.DirFS("../../../spec"), "spec", &errs)
	return spec, errs.Err()
})

func realSpec(t *testing.T) *model.Spec {
	t.Helper()
	spec, err := loadedSpec()
	if err != nil {
		t.Fatal(err)
	}
	return spec
}

func between(t *testing.T, from, to string) *Report {
	t.Helper()
	parse := func(s string) version.Version {
		v, err := version.Parse(s)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	return Between(realSpec(t), parse(from), parse(to))
}

// text renders the changes of one group, one per line, without the group's name.
func text(t *testing.T, r *Report, format string) string {
	t.Helper()
	var b bytes.Buffer
	if err := r.Print(&b, format); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestWhatIsKnownToHaveChanged(t *testing.T) {
	for _, c := range []struct{ from, to, line string }{
		{"v0.8", "v19.0.0", "  renamed    class ServerRequest → IncomingMessage (v0.10.0 guess)\n"},
		{"v0.8", "v19.0.0", "  changed    property maxSockets: default 5 → Infinity (v0.11.14 guess)\n"},
		{"v0.8", "v19.0.0", "  added      method closeIdleConnections (v18.2.0)\n"},
		// Defaults of what came between, and what held without it.
		{"v13.14.0", "v19.0.0", "  added      property requestTimeout: default 300000 (v14.11.0)\n"},
		{"v13.14.0", "v19.0.0", "  changed    property requestTimeout: default none → 300000 (v18.0.0)\n"},
		{"v13.14.0", "v19.0.0", "  added      option noDelay: default true (v17.7.0, v16.15.0)\n"},
		{"v13.14.0", "v19.0.0", "  changed    option noDelay: default false → true (v18.0.0)\n"},
		{"v13.14.0", "v19.0.0", "  added      option scheduling: default 'lifo' (v14.5.0, v12.20.0)\n"},
		{"v13.14.0", "v19.0.0", "  changed    option scheduling: default 'fifo' → 'lifo' (v15.6.0, v14.17.0)\n"},
		{"v13.14.0", "v19.0.0", "  added      option requestTimeout: default 300000 (v18.0.0)\n"},
		{"v13.14.0", "v17.0.0", "  added      option scheduling: default 'lifo' (v14.5.0, v12.20.0)\n"},
		{"v19.0.0", "v13.14.0", "  removed    property requestTimeout: default 300000 (v14.11.0)\n"},
		{"v19.0.0", "v13.14.0", "  changed    property requestTimeout: default 300000 → none (v18.0.0)\n"},
		{"v0.8", "v13.14.0", "  changed    constant maxHeaderSize: default 81920 → 16384 (v13.13.0 live, v11.6.0, v10.15.0, v8.15.0 live, v6.16.0 live)\n"},
		{"v0.8", "v19.0.0", "  added      option insecureHTTPParser: default false (v13.8.0, v12.15.0, v10.19.0)\n"},
		// What a class has from its parent.
		{"v13.14.0", "v19.0.0", "  added      method appendHeader (v18.3.0, v16.17.0), ClientRequest and ServerResponse too\n"},
		{"v0.8", "v19.0.0", "  removed    function createClient (v7.0.0 live)\n"},
		{"v0.8", "v19.0.0", "  added      option lookup (v4.0.0 guess)\n"},
		{"v19.0.0", "v0.8", "  removed    method closeIdleConnections (v18.2.0)\n"},
		{"v19.0.0", "v0.8", "  renamed    class IncomingMessage → ServerRequest (v0.10.0 guess)\n"},
		{"v18.12.0", "v19.0.0", "  changed    option globalAgent.keepAlive: default false → true (v19.0.0)\n"},
		{"v17.0.0", "v18.0.0", "  changed    property requestTimeout: default 0 → 300000 (v18.0.0)\n"},
		{"v1.6.4", "v13.14.0", "  changed    property timeout: default 120000 → 0 (v13.0.0)\n"},
		{"v10.18.0", "v10.19.0", "  added      option insecureHTTPParser: default false (v13.8.0, v12.15.0, v10.19.0)\n"},
		{"v13.14.0", "v19.0.0", "  deprecated property aborted. Use destroyed. (v17.0.0, v16.12.0)\n"},
		{"v0.8", "v19.0.0", "  changed    status 302: Moved Temporarily → Found"},
		{"v0.8", "v19.0.0", "  changed    behaviour upgradeUnheardCloses: true → false."},
	} {
		if got := text(t, between(t, c.from, c.to), "text"); !strings.Contains(got, c.line) {
			t.Errorf("%s to %s lacks %q", c.from, c.to, c.line)
		}
	}
}

// TestWhatHeldStaysUntold has members whose default is what held without them, and
// versions in which it was not another yet.
func TestWhatHeldStaysUntold(t *testing.T) {
	for _, c := range []struct{ from, to, line string }{
		{"v13.14.0", "v19.0.0", "  changed    property maxRequestsPerSocket: default"},
		{"v13.14.0", "v17.0.0", "  changed    property requestTimeout: default"},
		{"v13.14.0", "v17.9.0", "  changed    option noDelay: default"},
		{"v13.14.0", "v15.0.0", "  changed    option scheduling: default"},
		{"v13.14.0", "v19.0.0", "  changed    option requestTimeout: default"}, // the property tells it
		{"v0.8", "v19.0.0", "event timeout: default"},
	} {
		if got := text(t, between(t, c.from, c.to), "text"); strings.Contains(got, c.line) {
			t.Errorf("%s to %s has %q", c.from, c.to, c.line)
		}
	}
}

// TestWhatAClassHasFromItsParentIsToldOnce looks at every pair of documents.
func TestWhatAClassHasFromItsParentIsToldOnce(t *testing.T) {
	documents := realSpec(t).Documents
	heirs := 0
	for _, from := range documents {
		for _, to := range documents {
			groups := map[string]Group{}
			for _, g := range between(t, from.Name, to.Name).Groups {
				groups[g.Name] = g
			}
			for _, change := range groups["OutgoingMessage"].Changes {
				heirs += len(change.Heirs)
				for _, heir := range []string{"ClientRequest", "ServerResponse"} {
					for _, other := range groups[heir].Changes {
						if same(change, other) {
							t.Errorf("%s to %s: %s tells of %s %s, too", from.Name, to.Name, heir, change.Of, change.Name)
						}
					}
				}
			}
		}
	}
	if heirs < 100 {
		t.Errorf("only %d heirs", heirs)
	}
}

// TestTextsStandAlone looks for words that refer to what stands beside a text in the
// model: a difference shows each by itself.
func TestTextsStandAlone(t *testing.T) {
	leaning := regexp.MustCompile(`(?i)\b(the same holds|does so|do so|that (answer|one|event|case)|the (former|latter)|the other one|see above|as above)\b|^(it|this|these|they|then|there)\b`)
	for _, to := range []string{"v0.4", "v19.0"} {
		for _, from := range realSpec(t).Documents {
			for _, g := range between(t, from.Name, to).Groups {
				for _, change := range g.Changes {
					if found := leaning.FindString(strings.TrimPrefix(change.Text, "Not yet: ")); found != "" {
						t.Errorf("%s %s: %q leans on something: %s", g.Name, change.Name, found, change.Text)
					}
				}
			}
		}
	}
}

func TestAVersionDoesNotDifferFromItself(t *testing.T) {
	for _, v := range []string{"v0.4.12", "v0.8", "v1.6.4", "v10.19.0", "v13.14.0", "v16", "v19.0.0"} {
		if r := between(t, v, v); !r.Empty() {
			t.Errorf("%s: %s", v, text(t, r, "text"))
		}
	}
	if got := text(t, between(t, "v19.0.0", "v19.0.0"), "json"); !strings.Contains(got, `"groups": []`) {
		t.Errorf("an empty report is %s", got)
	}
}

// TestWhatIsAddedOneWayIsRemovedTheOther compares all pairs in both directions.
func TestWhatIsAddedOneWayIsRemovedTheOther(t *testing.T) {
	list := func(r *Report, kind string) map[string]bool {
		found := map[string]bool{}
		for _, g := range r.Groups {
			for _, c := range g.Changes {
				if c.Kind == kind && c.Of != "symbol" {
					found[g.Name+" "+c.Of+" "+c.Name] = true
				}
			}
		}
		return found
	}
	versions := []string{"v0.4", "v0.8", "v1.6", "v10.19.0", "v13.14.0", "v19.0.0"}
	for i, from := range versions {
		for _, to := range versions[i+1:] {
			there, back := between(t, from, to), between(t, to, from)
			if diff := cmp.Diff(list(there, "added"), list(back, "removed")); diff != "" {
				t.Errorf("%s and %s:\n%s", from, to, diff)
			}
		}
	}
}

func TestBreakingTellsEachBrokenSymbolOnce(t *testing.T) {
	r := between(t, "v0.8", "v19.0.0").Breaking()
	seen := map[string]bool{}
	for _, g := range r.Groups {
		for _, c := range g.Changes {
			for _, b := range c.Go {
				if seen[b.Symbol] {
					t.Errorf("%s is told twice", b.Symbol)
				}
				seen[b.Symbol] = true
			}
		}
	}
	for _, symbol := range []string{"ServerRequest", "ClientResponse", "CreateClient", "Server.OnClientError"} {
		if !seen[symbol] {
			t.Errorf("%s is not told", symbol)
		}
	}
	if r := between(t, "v18.7.0", "v18.11.0").Breaking(); !r.Empty() {
		t.Errorf("an addition breaks: %s", text(t, r, "text"))
	}
}

func TestFormatsTellTheSame(t *testing.T) {
	r := between(t, "v1.6.4", "v13.14.0")
	var read Report
	if err := json.Unmarshal([]byte(text(t, r, "json")), &read); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(r, &read); diff != "" {
		t.Error(diff)
	}
	plain, markdown := text(t, r, "text"), text(t, r, "markdown")
	if a, b := strings.Count(plain, "\n  "), strings.Count(markdown, "\n- "); a != b || a == 0 {
		t.Errorf("text has %d changes, markdown %d", a, b)
	}
	if err := r.Print(&bytes.Buffer{}, "xml"); err == nil {
		t.Error("a format that is unknown is printed")
	}
}

// TestEachChangeNamesItsReleases looks at every pair of documents: what changed its
// signature or its default says in which releases.
func TestEachChangeNamesItsReleases(t *testing.T) {
	documents := realSpec(t).Documents
	seen := 0
	for _, from := range documents {
		for _, to := range documents {
			for _, g := range between(t, from.Name, to.Name).Groups {
				for _, change := range g.Changes {
					if g.Name == "Go" || change.Kind != "changed" {
						continue // the symbols of Go follow from members
					}
					seen++
					if len(change.In) == 0 {
						t.Errorf("%s to %s: %s %s: %s changed from %s to %s, but when?", from.Name, to.Name, g.Name, change.Name, change.What, change.Old, change.New)
					}
				}
			}
		}
	}
	if seen < 500 {
		t.Errorf("only %d changes", seen)
	}
}
