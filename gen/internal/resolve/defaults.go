package resolve

import (
	"slices"

	"nodehttp/gen/internal/model"
	"nodehttp/gen/internal/version"
)

// Source is something that has a default of its own or another's.
type Source struct {
	*model.Default
	*model.Life
	Type *model.Type
}

// Sources finds every default by its full name, as `default_of` writes it:
// Class.property, options.owner.option, http.constant or behaviours.name.
func Sources(spec *model.Spec) map[string]Source {
	all := map[string]Source{}
	for _, class := range spec.Classes {
		for _, p := range class.Properties {
			all[class.Name.Value+"."+p.Name] = Source{&p.Value.Default, &p.Value.Life, p.Value.Type}
		}
	}
	for _, set := range spec.Options {
		for _, o := range set.Members {
			all["options."+set.Owner.Value+"."+o.Name] = Source{&o.Value.Default, &o.Value.Life, o.Value.Type}
		}
	}
	for _, c := range spec.Constants {
		all["http."+c.Name] = Source{&c.Value.Default, &c.Value.Life, c.Value.Type}
	}
	for _, b := range spec.Behaviours {
		all["behaviours."+b.Name] = Source{&b.Value.Default, &b.Value.Life, b.Value.Type}
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

// Held returns what holds in version v, whether or not it has the member yet:
// the default of source if it does, else what held before, and nil if the member
// has no default at all.
func Held(sources map[string]Source, source Source, v version.Version) *model.Scalar {
	for range len(sources) {
		next, ok := sources[source.Of.Value]
		if !ok {
			break
		}
		source = next
	}
	switch {
	case source.Value == nil:
		return nil
	case source.At(v):
		return valueAt(source.Value, source.History, v)
	case source.Before != nil:
		return source.Before
	}
	return &model.Scalar{Kind: source.Value.Kind}
}
