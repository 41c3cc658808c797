package site

import (
	"reflect"
	"strings"

	"nodehttp/gen/internal/model"
	"nodehttp/gen/internal/version"
)

// state is a run of releases between which nothing in the model tells apart: they
// have the same members, and every comparison with another release comes out the same.
type state struct {
	// at is one of the releases, the oldest.
	at version.Version
}

// timeline is every release that the model reaches, the oldest first, each with
// its state.
type timeline struct {
	releases []version.Version
	// of is the state of each release, an index of states.
	of     []int
	states []state
}

// timelineOf lists the releases from the line of the oldest document to the
// newest document. What the model says depends on a release only through the changes
// that the release has, so releases that have the same ones share a state.
func timelineOf(spec *model.Spec) *timeline {
	oldest, newest := spec.Documents[0].Value.Node.Value, spec.Documents[0].Value.Node.Value
	for _, d := range spec.Documents {
		if v := d.Value.Node.Value; v.Compare(newest) > 0 {
			newest = v
		} else if v.Compare(oldest) < 0 {
			oldest = v
		}
	}
	sets := changesOf(spec)
	t := &timeline{}
	known := map[string]int{}
	for _, line := range spec.Releases {
		major, err := version.Parse(line.Name)
		if err != nil {
			continue // which check reports
		}
		for minor, last := range *line.Value {
			for patch := range last + 1 {
				v := version.Version{Major: major.Major, Minor: minor, Patch: patch}
				if v.Compare(newest) > 0 || v.Compare(oldest) < 0 && !oldest.SameLine(v) {
					continue
				}
				var has strings.Builder
				for _, set := range sets {
					if set.Reached(v) {
						has.WriteByte('1')
					} else {
						has.WriteByte('0')
					}
				}
				index, ok := known[has.String()]
				if !ok {
					index = len(t.states)
					known[has.String()] = index
					t.states = append(t.states, state{v})
				}
				t.releases = append(t.releases, v)
				t.of = append(t.of, index)
			}
		}
	}
	return t
}

// changesOf collects every set of releases that the model names, each once, apart from
// what it keeps of the documents, on which nothing depends.
func changesOf(spec *model.Spec) []version.Set {
	var sets []version.Set
	seen := map[string]bool{}
	versions := reflect.TypeFor[model.Versions]()
	var visit func(v reflect.Value)
	visit = func(v reflect.Value) {
		if v.Type() == versions {
			set := v.Interface().(model.Versions).Set()
			if name := set.String(); len(set) > 0 && !seen[name] {
				seen[name] = true
				sets = append(sets, set)
			}
			return
		}
		switch v.Kind() {
		case reflect.Pointer:
			if !v.IsNil() {
				visit(v.Elem())
			}
		case reflect.Struct:
			for i := range v.NumField() {
				visit(v.Field(i))
			}
		case reflect.Slice:
			for i := range v.Len() {
				visit(v.Index(i))
			}
		}
	}
	alone := *spec
	alone.Indexes = nil
	visit(reflect.ValueOf(alone))
	return sets
}
