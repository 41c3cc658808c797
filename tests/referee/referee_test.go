package main

import (
	"bytes"
	"flag"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
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

// TestRecordings checks that each recording is as record and accept leave it, in
// what TestScenarios does not compare: that its scenario exists, the Nodes that
// it is of, and that it holds what nodehttp does in deviations only.
func TestRecordings(t *testing.T) {
	scenarios, err := loadScenarios("")
	if err != nil {
		t.Fatal(err)
	}
	lists, err := loadLists()
	if err != nil {
		t.Fatal(err)
	}
	paths := map[string]bool{}
	for _, sc := range scenarios {
		paths[sc.path] = true
		paths[sc.recordingPath()] = true
		r, err := loadRecording(sc)
		if err != nil {
			t.Error(err)
			continue
		}
		want := &recording{Scenario: sc.hash()}
		for _, v := range sc.versions {
			o, ok := find(r.Runs, v)
			if !ok {
				t.Errorf("%s: not recorded for %s: make referee", sc.recordingPath(), v.name)
				continue
			}
			want.Runs = add(want.Runs, v, v.node, o)
			if _, ok := lists.deviations[key{sc.name, v.name}]; !ok {
				continue
			}
			if o, ok := find(r.Ours, v); ok {
				want.Ours = add(want.Ours, v, "", o)
			}
		}
		data, err := want.encode()
		if err != nil {
			t.Fatal(err)
		}
		if file, err := os.ReadFile(sc.recordingPath()); err != nil || !bytes.Equal(file, data) {
			t.Errorf("%s: not as it was written: make referee, and go run . accept (%v)", sc.recordingPath(), err)
		}
	}
	err = filepath.WalkDir("scenarios", func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && !paths[path] {
			t.Errorf("%s: there is no such scenario", path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
