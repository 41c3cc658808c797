package main

// What the comparison of a scenario comes to.

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/google/go-cmp/cmp"
)

type verdict int

const (
	agrees    verdict = iota // as Node
	deviates                 // differs as the list of deviations says
	disagrees                // anything else
)

// key is a scenario, or something else that has a name, in a version.
type key struct{ name, version string }

// deviations are the scenarios that differ on purpose, each with the deviation of
// the spec that says why.
type deviations map[key]string

// loadDeviations reads lines such as "server/close v0.8 v1.6: Server.close".
func loadDeviations() (deviations, error) { return loadList("deviations.txt") }

// loadList reads lines of a name, versions and a text for them. The versions are
// written as those of a scenario.
func loadList(path string) (map[key]string, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	list := map[key]string{}
	lines := bufio.NewScanner(file)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		what, name, ok := strings.Cut(line, ":")
		member, names, _ := strings.Cut(strings.TrimSpace(what), " ")
		if !ok || names == "" || strings.TrimSpace(name) == "" {
			return nil, fmt.Errorf("%s:%d: want NAME VERSION...: text", path, n)
		}
		of, err := namedVersions(names)
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", path, n, err)
		}
		for _, v := range of {
			k := key{member, v.name}
			if _, ok := list[k]; ok {
				return nil, fmt.Errorf("%s:%d: %s is listed twice for %s", path, n, k.name, k.version)
			}
			list[k] = strings.TrimSpace(name)
		}
	}
	return list, lines.Err()
}

// judge runs a scenario on our runtime and compares.
func judge(list deviations, v version, sc *scenario) (verdict, string) {
	r, err := loadRecording(sc)
	if errors.Is(err, fs.ErrNotExist) {
		return disagrees, "not recorded: make referee"
	} else if err != nil {
		return disagrees, err.Error()
	}
	if r.Scenario != sc.hash() {
		return disagrees, "the scenario has changed since it was recorded: make referee"
	}
	want, ok := find(r.Runs, v)
	if !ok {
		return disagrees, "not recorded for this version: make referee"
	}
	got, err := runOurs(v, sc)
	if err != nil {
		return disagrees, err.Error()
	}
	deviation, listed := list[key{sc.name, v.name}]
	diff := cmp.Diff(want, got)
	switch {
	case diff == "" && listed:
		return disagrees, "agrees with Node, and is listed in deviations.txt: " + deviation
	case diff == "":
		return agrees, ""
	case listed:
		ours, ok := find(r.Ours, v)
		if !ok {
			return disagrees, "what nodehttp does is not recorded: go run . accept"
		}
		if diff := cmp.Diff(ours, got); diff != "" {
			return disagrees, "deviates (" + deviation + ") in another way than recorded (-recorded +now):\n" + diff
		}
		return deviates, deviation
	}
	return disagrees, "(-Node +nodehttp):\n" + diff
}
