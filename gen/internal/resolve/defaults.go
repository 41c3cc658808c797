package resolve

import (
	"slices"

	"nodehttp/gen/internal/model"
	"nodehttp/gen/internal/version"
)

// Source is something that has a default of its own or another's.
type Source struct {
	*model.Default
	Type    *model.Type
	History []model.Change
}

// Sources finds every default by its full name, as `default_of` writes it:
// Class.property, options.owner.option, http.constant or behaviours.name.
func Sources(spec *model.Spec) map[string]Source {
	all := map[string]Source{}
	for _, class := range spec.Classes {
		for _, p := range class.Properties {
			all[class.Name.Value+"."+p.Name] = Source{&p.Value.Default, p.Value.Type, p.Value.History}
		}
	}
	for _, set := range spec.Options {
		for _, o := range set.Members {
			all["options."+set.Owner.Value+"."+o.Name] = Source{&o.Value.Default, o.Value.Type, o.Value.History}
		}
	}
	for _, c := range spec.Constants {
		all["http."+c.Name] = Source{&c.Value.Default, c.Value.Type, c.Value.History}
	}
	for _, b := range spec.Behaviours {
		all["behaviours."+b.Name] = Source{&b.Value.Default, b.Value.Type, b.Value.History}
	}
	return all
}

// Effective returns the default of d in version v, following default_of, or
// nil if it has none.
func Effective(sources map[string]Source, d *model.Default, history []model.Change, v version.Version) *model.Scalar {
	for range len(sources) + 1 {
		if !d.Of.Given() {
			return valueAt(d.Value, history, v)
		}
		next, ok := sources[d.Of.Value]
		if !ok {
			return nil
		}
		d, history = next.Default, next.History
	}
	return nil // they refer to each other
}

// valueAt goes back in history: what held in v is what the oldest change that
// v does not have yet replaced.
func valueAt(now *model.Scalar, history []model.Change, v version.Version) *model.Scalar {
	var changes []model.Change
	for _, change := range history {
		if change.Kind.Value == "default" && !change.In.Set().Reached(v) {
			changes = append(changes, change)
		}
	}
	if len(changes) == 0 {
		return now
	}
	oldest := slices.MinFunc(changes, func(a, b model.Change) int {
		return a.In.Set().First().Compare(b.In.Set().First())
	})
	return oldest.From
}
