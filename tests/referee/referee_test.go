package main

import (
	"flag"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"nodehttp/tests/leak"
)

var only = flag.String("only", "", "only scenarios whose name contains this")

// TestScenarios compares each scenario in each version with what Node did.
func TestScenarios(t *testing.T) {
	scenarios, err := loadScenarios(*only)
	if err != nil {
		t.Fatal(err)
	}
	lists, err := loadLists()
	if err != nil {
		t.Fatal(err)
	}
	for _, sc := range scenarios {
		t.Run(sc.name, func(t *testing.T) {
			for _, v := range sc.versions {
				t.Run(v.name, func(t *testing.T) {
					leak.Check(t)
					if verdict, detail := judge(lists, v, sc); verdict == disagrees {
						t.Error(detail)
					} else {
						t.Log(detail)
					}
				})
			}
		})
	}
}

// TestLists checks that what is listed exists: the scenario, its version, and
// the deviation in spec/.
func TestLists(t *testing.T) {
	scenarios, err := loadScenarios("")
	if err != nil {
		t.Fatal(err)
	}
	lists, err := loadLists()
	if err != nil {
		t.Fatal(err)
	}
	known := map[key]bool{}
	for _, sc := range scenarios {
		for _, v := range sc.versions {
			known[key{sc.name, v.name}] = true
		}
	}
	list := exec.Command("go", "run", "./gen", "list", "-deviations")
	list.Dir = "../.."
	out, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	var deviations []string
	for line := range strings.Lines(string(out)) {
		name, _, _ := strings.Cut(line, "\t")
		deviations = append(deviations, strings.TrimSpace(name))
	}
	for k, reason := range lists.deviations {
		if !known[k] {
			t.Errorf("deviations.txt: there is no scenario %s of %s", k.scenario, k.version)
		}
		if !slices.Contains(deviations, reason) {
			t.Errorf("deviations.txt: %s: spec/ has no deviation %q", k.scenario, reason)
		}
	}
	for k := range lists.pending {
		if !known[k] {
			t.Errorf("pending.txt: there is no scenario %s of %s", k.scenario, k.version)
		}
	}
}
