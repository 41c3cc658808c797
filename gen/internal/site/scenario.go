package site

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// scenario is a conversation that real Nodes were asked to have.
type scenario struct {
	// Name is agent/keep-alive, Folder and File its parts.
	Name, Folder, File string
	// Doc is what it shows, and Source the script.
	Doc, Source string
	// Runs are what the Nodes did, and Ours what the library does where it differs.
	Runs, Ours []run
	// Deviations are the deviations of the library, by version.
	Deviations []deviating
}

// run is what several versions did.
type run struct {
	Versions []string
	Nodes    []string
	Log      []string
	Wire     []string
}

type deviating struct {
	Name     string
	Versions []string
}

// Path is where the scenario is, from the site's root.
func (s *scenario) Path() string { return pagePath("scenarios", "", s.Folder) + "#" + anchor(s.File) }

// Differs reports whether the library differs somewhere on purpose.
func (s *scenario) Differs() bool { return len(s.Ours) > 0 }

// readScenarios reads the scenarios of the referee, their recordings and the list of
// deviations. A referee that is not there has none.
func readScenarios(referee fs.FS) ([]*scenario, error) {
	var list []*scenario
	byName := map[string]*scenario{}
	err := fs.WalkDir(referee, "scenarios", func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || path.Ext(file) != ".js" {
			return err
		}
		source, err := fs.ReadFile(referee, file)
		if err != nil {
			return err
		}
		name := strings.TrimSuffix(strings.TrimPrefix(file, "scenarios/"), ".js")
		folder, base, _ := strings.Cut(name, "/")
		s := &scenario{Name: name, Folder: folder, File: base}
		s.Doc, s.Source = heading(string(source))
		recorded, err := fs.ReadFile(referee, strings.TrimSuffix(file, ".js")+".json")
		if err != nil {
			return err
		}
		if err := json.Unmarshal(recorded, s); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		list = append(list, s)
		byName[name] = s
		return nil
	})
	if err != nil {
		return nil, err
	}
	deviations, err := fs.ReadFile(referee, "deviations.txt")
	if err != nil {
		return nil, err
	}
	for line := range strings.Lines(string(deviations)) {
		what, name, ok := strings.Cut(strings.TrimSpace(line), ":")
		fields := strings.Fields(what)
		if !ok || strings.HasPrefix(line, "#") || len(fields) < 2 || byName[fields[0]] == nil {
			continue // which the referee's own tests report
		}
		s := byName[fields[0]]
		s.Deviations = append(s.Deviations, deviating{strings.TrimSpace(name), fields[1:]})
	}
	return list, nil
}

// heading splits the comment at the head of a script, which says what it shows, from
// the script itself.
func heading(source string) (doc, script string) {
	var text []string
	rest := source
	for {
		line, after, _ := strings.Cut(rest, "\n")
		comment, ok := strings.CutPrefix(line, "//")
		if !ok {
			break
		}
		rest = after
		if comment = strings.TrimSpace(comment); comment != "" && !strings.HasPrefix(comment, "versions:") {
			text = append(text, comment)
		}
	}
	return strings.Join(text, " "), strings.TrimSpace(rest)
}

// uses are the versions in which scenarios use a member, by the member and the scenario.
type uses map[string]map[string][]string

// readUses reads which members each scenario uses, as `referee uses` prints it: a line
// for each scenario and version.
func readUses(r io.Reader) (uses, error) {
	all := uses{}
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		what, members, ok := strings.Cut(lines.Text(), ": ")
		name, version, both := strings.Cut(what, " ")
		if !ok || !both {
			return nil, fmt.Errorf("%q does not read SCENARIO VERSION: MEMBER, and further members", lines.Text())
		}
		for _, m := range strings.Fields(members) {
			if all[m] == nil {
				all[m] = map[string][]string{}
			}
			all[m][name] = append(all[m][name], version)
		}
	}
	return all, lines.Err()
}

// of returns the scenarios that use a subject in a version that has it: first those
// that are about it.
func (u uses) of(s *subject, shown []shownVersion, scenarios []*scenario) (about, others []*scenario) {
	for _, sc := range scenarios {
		used := slices.ContainsFunc(u[s.used()][sc.Name], func(name string) bool {
			i := slices.IndexFunc(shown, func(v shownVersion) bool { return v.Name == name })
			return i >= 0 && s.entries[i] != nil
		})
		if !used {
			continue
		}
		if mentions(sc.Doc, s.Name) || mentions(strings.ReplaceAll(sc.Name, "-", ""), strings.ToLower(s.Name)) {
			about = append(about, sc)
		} else {
			others = append(others, sc)
		}
	}
	return about, others
}

// mentions reports whether text has name as a word.
func mentions(text, name string) bool {
	letter := func(c byte) bool {
		return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
	}
	for from := 0; ; {
		at := strings.Index(text[from:], name)
		if at < 0 {
			return false
		}
		start, end := from+at, from+at+len(name)
		if (start == 0 || !letter(text[start-1])) && (end == len(text) || !letter(text[end])) {
			return true
		}
		from = start + 1
	}
}
