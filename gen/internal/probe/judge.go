package probe

import (
	"fmt"
	"slices"
	"strings"

	"nodehttp/gen/internal/diag"
	"nodehttp/gen/internal/model"
	"nodehttp/gen/internal/version"
)

// Deviations are facts about which the model and the Nodes disagree for a reason. Each is
// a line `FACT: reason`, or `FACT since RELEASE until RELEASE: reason` with either bound.
type Deviations []*deviation

type deviation struct {
	line         int
	fact         string
	since, until version.Version // zero if not given
	used         bool
}

// ParseDeviations reads deviations.
func ParseDeviations(text string) (Deviations, error) {
	var list Deviations
	for number, line := range strings.Split(text, "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		head, reason, found := cutName(line)
		if !found || len(reason) < 10 {
			return nil, fmt.Errorf("line %d: want FACT: a reason", number+1)
		}
		d := &deviation{line: number + 1}
		for _, bound := range []struct {
			word string
			at   *version.Version
		}{{" until ", &d.until}, {" since ", &d.since}} {
			before, release, given := strings.Cut(head, bound.word)
			if !given {
				continue
			}
			v, err := version.Parse(release)
			if err != nil {
				return nil, fmt.Errorf("line %d: %w", number+1, err)
			}
			head, *bound.at = before, v
		}
		d.fact = head
		list = append(list, d)
	}
	return list, nil
}

// excuse reports whether a disagreement about a fact has a reason.
func (ds Deviations) excuse(fact string, v version.Version) bool {
	for _, d := range ds {
		if d.fact == fact && v.Compare(d.since) >= 0 && (d.until == version.Version{} || v.Compare(d.until) < 0) {
			d.used = true
			return true
		}
	}
	return false
}

// Disagreement is a fact that the model has otherwise than some releases.
type Disagreement struct {
	Fact string
	// Model and Nodes are the values in the first of the releases.
	Model, Nodes string
	At           []version.Version
}

func (d Disagreement) String() string {
	releases := make([]string, len(d.At))
	for i, v := range d.At {
		releases[i] = v.String()
	}
	return fmt.Sprintf("%s: the model has %s, Nodes have %s in %s", d.Fact, written(d.Model), written(d.Nodes), strings.Join(releases, ", "))
}

// Compare holds the model against a recording: it returns in what they disagree without
// a reason, and the reasons that excuse nothing.
func Compare(spec *model.Spec, r *Recording, excuses Deviations) (list []Disagreement, unused []string) {
	found := map[string]*Disagreement{}
	for _, v := range r.Asked {
		expected := Expected(spec, v)
		for _, fact := range r.Facts() {
			if _, known := expected[fact]; !known && isEntry(fact) {
				expected[fact] = "no"
			}
		}
		for fact, want := range expected {
			got := r.Value(fact, v)
			if got == want || got == Unknown || want == Unknown || excuses.excuse(fact, v) {
				continue
			}
			key := fact + "\x00" + want + "\x00" + got
			if found[key] == nil {
				found[key] = &Disagreement{Fact: fact, Model: want, Nodes: got}
			}
			found[key].At = append(found[key].At, v)
		}
	}
	for _, d := range found {
		list = append(list, *d)
	}
	slices.SortFunc(list, func(a, b Disagreement) int {
		if c := strings.Compare(a.Fact, b.Fact); c != 0 {
			return c
		}
		return a.At[0].Compare(b.At[0])
	})
	for _, d := range excuses {
		if !d.used {
			unused = append(unused, fmt.Sprintf("line %d: %s disagrees nowhere", d.line, d.fact))
		}
	}
	return list, unused
}

// Before returns the release before v that does not have a change yet: the newest older
// one, passing over those of lines that it was backported to.
func Before(spec *model.Spec, in version.Set, v version.Version) (before version.Version, found bool) {
	for _, line := range spec.Releases {
		major, err := version.Parse(line.Name)
		if err != nil {
			continue
		}
		for minor, last := range *line.Value {
			for patch := range last + 1 {
				r := version.Version{Major: major.Major, Minor: minor, Patch: patch}
				if r.Compare(v) < 0 && !in.Reached(r) && (!found || r.Compare(before) > 0) {
					before, found = r, true
				}
			}
		}
	}
	return before, found
}

// Sources reports dates that say that they are live and were not asked for, and those
// that are guesses and need not be: a recording has the release, the one before it, and
// different values.
func Sources(spec *model.Spec, r *Recording) (errs diag.List) {
	for _, date := range spec.Dates() {
		fact := Fact(spec, date)
		for _, v := range date.In {
			switch seen := fact != "" && bracketed(spec, r, fact, date.In.Set(), v.Value); {
			case v.By == model.Live && !seen:
				errs.Addf(v.Pos, "no recording shows that %s is the first release: %s", v.Value, why(spec, r, fact, date.In.Set(), v.Value))
			case (v.By == model.Guess || v.By == model.Elsewhere) && seen:
				errs.Addf(v.Pos, "a recording shows that %s is the first release: say %[1]s live", v.Value)
			}
		}
	}
	return errs
}

func bracketed(spec *model.Spec, r *Recording, fact string, in version.Set, v version.Version) bool {
	before, found := Before(spec, in, v)
	if !found {
		return false
	}
	old, now := r.Value(fact, before), r.Value(fact, v)
	return old != Unknown && now != Unknown && old != now
}

// why says what a recording lacks.
func why(spec *model.Spec, r *Recording, fact string, in version.Set, v version.Version) string {
	if fact == "" {
		return "it cannot be asked for"
	}
	before, _ := Before(spec, in, v)
	return fmt.Sprintf("%s is %s in %s and %s in %s", fact, r.Value(fact, before), before, r.Value(fact, v), v)
}

// Questions lists the releases to ask, of those that there are: each that a date of the
// model names and the one before it, the first and the last of each line, and between
// two of a line that disagree the one in the middle.
func Questions(spec *model.Spec, available []version.Version, r *Recording) []version.Version {
	newest := spec.Documents[len(spec.Documents)-1].Value.Node.Value
	available = slices.Clone(available)
	slices.SortFunc(available, version.Version.Compare)
	wanted := map[version.Version]bool{}
	ask := func(v version.Version) {
		if slices.Contains(available, v) {
			wanted[v] = true
		}
	}
	for _, d := range spec.Documents {
		ask(d.Value.Node.Value)
	}
	for _, date := range spec.Dates() {
		for _, v := range date.In {
			ask(v.Value)
			if before, found := Before(spec, date.In.Set(), v.Value); found {
				ask(before)
			}
		}
	}
	for i, v := range available {
		if v.Compare(newest) > 0 {
			break // which only what was backported is dated by
		}
		if i == 0 || !v.SameLine(available[i-1]) || i == len(available)-1 || !v.SameLine(available[i+1]) {
			ask(v)
		}
	}
	if r != nil {
		for _, v := range r.Asked {
			ask(v)
		}
		for i, v := range r.Asked[:max(len(r.Asked)-1, 0)] {
			next := r.Asked[i+1]
			if !v.SameLine(next) {
				continue
			}
			between := slices.DeleteFunc(slices.Clone(available), func(a version.Version) bool { return a.Compare(v) <= 0 || a.Compare(next) >= 0 })
			if len(between) == 0 {
				continue
			}
			for _, fact := range r.Facts() {
				if a, b := r.Value(fact, v), r.Value(fact, next); a != b && a != Unknown && b != Unknown {
					wanted[between[len(between)/2]] = true
					break
				}
			}
		}
	}
	var list []version.Version
	for _, v := range available {
		if wanted[v] {
			list = append(list, v)
		}
	}
	return list
}
