package main

// Scenarios and their recordings, as files.

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// scenario is a file under scenarios/.
type scenario struct {
	name     string // "response/merges set headers", without the extension
	path     string
	source   string
	versions []version
}

// hash is what ties a recording to the scenario that it is of.
func (sc *scenario) hash() string {
	return checksum([]byte(sc.source))
}

func checksum(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:8])
}

func (sc *scenario) recordingPath() string { return strings.TrimSuffix(sc.path, ".js") + ".json" }

// loadScenarios reads those whose name contains only.
func loadScenarios(only string) ([]*scenario, error) {
	var all []*scenario
	err := filepath.WalkDir("scenarios", func(path string, d fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".js" {
			return err
		}
		name := strings.TrimSuffix(filepath.ToSlash(path)[len("scenarios/"):], ".js")
		if !strings.Contains(name, only) {
			return nil
		}
		sc, err := loadScenario(name)
		all = append(all, sc)
		return err
	})
	if err == nil && all == nil {
		err = fmt.Errorf("there is no scenario whose name contains %q", only)
	}
	return all, err
}

func loadScenario(name string) (*scenario, error) {
	sc := &scenario{name: name, path: filepath.Join("scenarios", filepath.FromSlash(name)+".js")}
	source, err := os.ReadFile(sc.path)
	if err != nil {
		return nil, err
	}
	sc.source = string(source)
	if sc.versions, err = versionsOf(sc.source); err != nil {
		return nil, fmt.Errorf("%s:%w", sc.path, err)
	}
	return sc, nil
}

// versionsOf reads the comment that names them. Its errors begin with a line's number.
func versionsOf(source string) ([]version, error) {
	list, n := versions, 0
	for line := range strings.Lines(source) {
		n++
		comment, ok := strings.CutPrefix(line, "//")
		comment = strings.TrimSpace(comment)
		names, named := strings.CutPrefix(comment, "versions:")
		if n == 1 && (!ok || comment == "" || named) {
			return nil, fmt.Errorf("1: a scenario begins with a comment that says what it shows")
		}
		if !ok {
			break
		}
		if !named {
			continue
		}
		var err error
		if list, err = namedVersions(names); err != nil {
			return nil, fmt.Errorf("%d: %w", n, err)
		}
	}
	if n == 0 {
		return nil, fmt.Errorf("1: the scenario is empty")
	}
	return list, nil
}

// recording is what Nodes did in a scenario, and what nodehttp does instead where
// it differs on purpose. Versions that do the same share a run.
type recording struct {
	Scenario string `json:"scenario"` // its hash
	Sum      string `json:"sum"`      // of the runs, so that nobody mends what a Node has done
	Runs     []run  `json:"runs"`
	Ours     []run  `json:"ours,omitempty"`
}

type run struct {
	Versions []string `json:"versions"`
	Nodes    []string `json:"nodes,omitempty"`
	outcome
}

// add adds an outcome to runs.
func add(runs []run, v version, node string, o outcome) []run {
	i := slices.IndexFunc(runs, func(r run) bool { return equal(r.outcome, o) })
	if i < 0 {
		i = len(runs)
		runs = append(runs, run{outcome: o})
	}
	runs[i].Versions = append(runs[i].Versions, v.name)
	if node != "" {
		runs[i].Nodes = append(runs[i].Nodes, node)
	}
	return runs
}

// find returns the outcome of a version.
func find(runs []run, v version) (outcome, bool) {
	for _, r := range runs {
		if slices.Contains(r.Versions, v.name) {
			return r.outcome, true
		}
	}
	return outcome{}, false
}

func equal(a, b outcome) bool { return slices.Equal(a.Log, b.Log) && slices.Equal(a.Wire, b.Wire) }

func loadRecording(sc *scenario) (*recording, error) {
	data, err := os.ReadFile(sc.recordingPath())
	if err != nil {
		return nil, err
	}
	r := new(recording)
	if err := json.Unmarshal(data, r); err != nil {
		return nil, fmt.Errorf("%s: %w", sc.recordingPath(), err)
	}
	return r, nil
}

// encode returns the bytes of a recording's file, and makes its checksum.
func (r *recording) encode() ([]byte, error) {
	runs, err := json.Marshal(r.Runs)
	if err != nil {
		return nil, err
	}
	r.Sum = checksum(runs)
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "\t")
	err = e.Encode(r)
	return b.Bytes(), err
}

func (r *recording) save(sc *scenario) error {
	data, err := r.encode()
	if err != nil {
		return err
	}
	return os.WriteFile(sc.recordingPath(), data, 0o666)
}
