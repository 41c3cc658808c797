package main

import (
	"bytes"
	"flag"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
)

var only = flag.String("only", "", "only scenarios whose name contains this")

// TestMain makes this process a worker, if a worker's parent has started it. The test
// itself waits for its workers, which need not wait for each other.
func TestMain(m *testing.M) {
	if len(os.Args) == 2 && os.Args[1] == workCommand {
		exit(work(os.Stdin, os.Stdout))
	}
	flag.Parse()
	given := false
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == "test.parallel" })
	if !given {
		flag.Set("test.parallel", strconv.Itoa(cap(newWorkers())))
	}
	os.Exit(m.Run())
}

// TestScenarios compares each scenario in each version with what Node did.
func TestScenarios(t *testing.T) {
	scenarios, err := loadScenarios(*only)
	if err != nil {
		t.Fatal(err)
	}
	all, left := newWorkers(), atomic.Int64{}
	t.Cleanup(func() {
		if err := all.close(); err != nil {
			t.Error(err)
		}
		if *only == "" && left.Load() == 0 && !t.Failed() {
			everyMemberIsUsed(t)
		}
	})
	for _, sc := range scenarios {
		left.Add(int64(len(sc.versions)))
		t.Run(sc.name, func(t *testing.T) {
			t.Parallel()
			for _, v := range sc.versions {
				t.Run(v.name, func(t *testing.T) {
					t.Parallel()
					left.Add(-1)
					if verdict, detail := all.judge(v, sc); verdict == disagrees {
						t.Error(detail)
					} else {
						t.Log(detail)
					}
				})
			}
		})
	}
}

// everyMemberIsUsed checks that the scenarios, which have run, use what the
// documents show, but for what unused.txt lists, and all of that; and that an event
// fires again somewhere if and only if the model does not say that it fires at most once.
func everyMemberIsUsed(t *testing.T) {
	exempt, err := loadList("unused.txt")
	if err != nil {
		t.Error(err)
		return
	}
	once := map[string]bool{}
	for _, v := range versions {
		members, err := listedOf(v)
		if err != nil {
			t.Error(err)
			return
		}
		for _, name := range uses.unused(v, members) {
			if _, ok := exempt[key{name, v.name}]; !ok {
				t.Errorf("%s: no scenario uses %s", v.name, name)
			}
			delete(exempt, key{name, v.name})
		}
		for _, event := range uses.misjudged(v, members, once) {
			t.Errorf("%s: %s fires again, and the model says that it fires at most once", v.name, event)
		}
	}
	for k := range exempt {
		t.Errorf("unused.txt: %s: %s is used, or there is none", k.version, k.name)
	}
	for event, never := range once {
		if never {
			t.Errorf("no scenario has %s fire again, and the model does not say that it fires at most once", event)
		}
	}
}

// TestDeviations checks that what is listed exists: the scenario, its version, and
// the deviation of that version in spec/.
func TestDeviations(t *testing.T) {
	scenarios, err := loadScenarios("")
	if err != nil {
		t.Fatal(err)
	}
	listed, err := loadDeviations()
	if err != nil {
		t.Fatal(err)
	}
	known := map[key]bool{}
	for _, sc := range scenarios {
		for _, v := range sc.versions {
			known[key{sc.name, v.name}] = true
		}
	}
	spec := map[string][]string{} // the deviations of each version
	for _, v := range versions {
		list := exec.Command("go", "run", "./gen", "list", "-deviations", "-at", v.name)
		list.Dir = "../.."
		out, err := list.Output()
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(out)) {
			name, _, _ := strings.Cut(line, "\t")
			spec[v.name] = append(spec[v.name], strings.TrimSpace(name))
		}
	}
	for k, name := range listed {
		if !known[k] {
			t.Errorf("deviations.txt: there is no scenario %s of %s", k.name, k.version)
		}
		if !slices.Contains(spec[k.version], name) {
			t.Errorf("deviations.txt: %s: spec/ has no deviation %q of %s", k.name, name, k.version)
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
	listed, err := loadDeviations()
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
			if _, ok := listed[key{sc.name, v.name}]; !ok {
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

// TestVersionsOfAScenario reads the comment that names them.
func TestVersionsOfAScenario(t *testing.T) {
	names := func(list []version) (all []string) {
		for _, v := range list {
			all = append(all, v.name)
		}
		return all
	}
	every := names(versions)
	last := every[len(every)-1]
	for comment, want := range map[string][]string{
		"// Shows it.\n": every,
		"// Shows it.\n// versions: " + every[1] + "-\n":              every[1:],
		"// Shows it.\n// versions: " + last + "-\n":                  {last},
		"// Shows it.\n// versions: " + every[0] + " " + last:         {every[0], last},
		"// Shows it.\n// versions: " + every[0] + " " + last + "-\n": {every[0], last},
	} {
		got, err := versionsOf(comment)
		if err != nil || !slices.Equal(names(got), want) {
			t.Errorf("%q: %v, %v, want %v", comment, names(got), err, want)
		}
	}
	for _, comment := range []string{
		"// Shows it.\n// versions:\n", "// Shows it.\n// versions: v7.7\n", "// Shows it.\n// versions: v7.7-\n",
		"// Shows it.\n// versions: " + every[0] + "- " + last + "\n", "// Shows it.\n// versions: -\n",
	} {
		if got, err := versionsOf(comment); err == nil {
			t.Errorf("%q: %v, want an error", comment, names(got))
		}
	}
}
