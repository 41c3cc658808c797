package probe

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"nodehttp/gen/internal/model"
	"nodehttp/gen/internal/resolve"
	"nodehttp/gen/internal/version"
)

// name is what tests/probe calls the presence of a subject, empty if it cannot be asked.
func name(spec *model.Spec, of model.Subject) string {
	class := func(name string) *model.Class {
		i := slices.IndexFunc(spec.Classes, func(c *model.Class) bool { return c.Name.Value == name })
		if i < 0 {
			return nil
		}
		return spec.Classes[i]
	}
	switch of.Kind {
	case "class":
		if c := class(of.Name); c.OlderNameOf.Given() || c.Module.Value != "http" {
			return "" // a name of the documents alone, or a class of another module
		}
		return "http." + of.Name
	case "function", "constant":
		return "http." + of.Name
	case "event", "method", "property":
		if class(of.Owner).OlderNameOf.Given() {
			return ""
		}
		if of.Kind == "event" {
			return of.Owner + " '" + of.Name + "'"
		}
		return of.Owner + "." + of.Name
	case "option":
		return "options." + of.Owner + "." + of.Name
	case "behaviour":
		return "behaviours." + of.Name
	case "request method":
		return "method " + of.Name
	case "status":
		return "status " + of.Name
	case "header":
		return "repeat " + of.Name
	}
	return ""
}

// defaultName is what tests/probe calls the default of a subject. Options of a server or
// an agent are asked of what was made without any.
func defaultName(of model.Subject) string {
	switch of.Kind {
	case "behaviour":
		return "behaviours." + of.Name
	case "constant":
		return "http." + of.Name + " default"
	case "option":
		switch of.Owner {
		case "Agent":
			return "Agent." + of.Name + " default"
		case "http.createServer":
			return "Server." + of.Name + " default"
		}
		return ""
	}
	return of.Owner + "." + of.Name + " default"
}

// Fact is what tests/probe calls what a date is about, empty if it cannot be asked.
func Fact(spec *model.Spec, date model.Date) string {
	switch date.What {
	case "since", "until", "was":
		return name(spec, date.Of)
	case "default":
		return defaultName(date.Of)
	case "deprecated", "renamed":
		return ""
	}
	of := name(spec, date.Of)
	if date.Of.Kind == "class" {
		of = date.Of.Name
	}
	if of == "" {
		return ""
	}
	return of + " " + date.What + " " + strconv.Itoa(date.Nth)
}

// Expected returns what the model says that a release says, by the names of tests/probe.
func Expected(spec *model.Spec, v version.Version) map[string]string {
	all := map[string]string{}
	add := func(name, value string) {
		if name != "" {
			all[name] = value
		}
	}
	api := resolve.At(spec, v)
	sources := resolve.Sources(spec)
	held := func(s *model.Scalar) string {
		switch {
		case s == nil:
			return Unknown
		case s.Kind == model.Boolean:
			return yes(s.Bool)
		case s.Kind == model.String:
			return s.String
		}
		return s.Text()
	}
	for _, f := range spec.Functions {
		if !f.Value.GoOnly {
			add("http."+f.Name, yes(f.Value.At(v)))
		}
	}
	for _, c := range spec.Constants {
		add("http."+c.Name, yes(c.Value.At(v)))
		if d := resolve.Effective(sources, &c.Value.Default, c.Value.History, v); d != nil && c.Value.At(v) {
			add("http."+c.Name+" default", held(d))
		}
	}
	for _, class := range spec.Classes {
		add(name(spec, model.Subject{Kind: "class", Name: class.Name.Value}), yes(class.At(v)))
		if class.OlderNameOf.Given() {
			continue
		}
		find := func(kind resolve.Kind, name string) (found *resolve.Member) {
			for _, c := range api.Classes {
				if c.Name.Value != class.Name.Value && c.OlderNameOf.Value != class.Name.Value {
					continue
				}
				for i, m := range c.Members {
					if m.Kind == kind && m.Name == name {
						found = &c.Members[i]
					}
				}
			}
			return found
		}
		member := func(kind string, of resolve.Kind, memberName string, l *model.Life) *resolve.Member {
			if l.GoOnly {
				return nil
			}
			m := find(of, l.NameAt(memberName, v))
			if m != nil && m.GoOnly {
				m = nil
			}
			add(name(spec, model.Subject{Kind: kind, Owner: class.Name.Value, Name: memberName}), yes(m != nil))
			return m
		}
		for _, e := range class.Events {
			member("event", resolve.KindEvent, e.Name, &e.Value.Life)
		}
		for _, m := range class.Methods {
			member("method", resolve.KindMethod, m.Name, &m.Value.Life)
		}
		for _, p := range class.Properties {
			if m := member("property", resolve.KindProperty, p.Name, &p.Value.Life); m != nil && m.Default != nil {
				add(class.Name.Value+"."+p.Name+" default", held(m.Default))
			}
		}
	}
	for _, set := range spec.Options {
		for _, o := range set.Members {
			if o.Value.GoOnly {
				continue
			}
			there := o.Value.At(v) && set.At(v)
			of := model.Subject{Kind: "option", Owner: set.Owner.Value, Name: o.Name}
			add(name(spec, of), yes(there))
			if d := resolve.Effective(sources, &o.Value.Default, o.Value.History, v); d != nil && there {
				add(defaultName(of), held(d))
			}
		}
	}
	for _, c := range api.Constants {
		for _, o := range c.Overrides {
			add(c.Name+"."+o.Name+" default", held(o.Value.Value))
		}
	}
	for _, b := range spec.Behaviours {
		add("behaviours."+b.Name, held(resolve.Held(sources, resolve.Source{Default: &b.Value.Default, Life: &b.Value.Life, Type: b.Value.Type}, v)))
	}
	for _, m := range spec.Methods {
		add("method "+m.Name, yes(m.Value.At(v)))
	}
	for _, s := range spec.Statuses {
		add("status "+s.Name, "no")
		if s.Value.At(v) {
			add("status "+s.Name, s.Value.TextAt(v))
		}
	}
	fate := func(header string) string {
		if rule := spec.Duplicates.Get(header); rule != nil && rule.At(v) {
			return rule.RepeatAt(v)
		}
		return ""
	}
	for _, r := range spec.Duplicates {
		value := fate(r.Name)
		if value == "" {
			value = fate("*")
		}
		add("repeat "+r.Name, value)
	}
	for _, date := range spec.Dates() {
		switch date.What {
		case "signature", "type", "behaviour":
			add(Fact(spec, date), yes(date.In.Set().Reached(v)))
		}
	}
	return all
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// isEntry reports whether a fact is an entry of a table that Nodes have: the model has
// to have them all.
func isEntry(fact string) bool {
	return strings.HasPrefix(fact, "method ") || strings.HasPrefix(fact, "status ")
}

// Names lists what the model expects of any of the releases, and what is in the tables
// of those that the newest document is of or that are older.
func Names(spec *model.Spec, said map[version.Version]map[string]string) []string {
	newest := spec.Documents[len(spec.Documents)-1].Value.Node.Value
	names := map[string]bool{}
	for v, facts := range said {
		for name := range Expected(spec, v) {
			names[name] = true
		}
		for name, value := range facts {
			if isEntry(name) && value != "no" && v.Compare(newest) <= 0 {
				names[name] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// Said reads what tests/probe printed in one release: a value of JavaScript for each fact.
func Said(facts map[string]any) map[string]string {
	said := map[string]string{}
	for name, value := range facts {
		switch value := value.(type) {
		case bool:
			said[name] = yes(value)
		case float64:
			said[name] = strconv.FormatFloat(value, 'f', -1, 64)
		case string:
			said[name] = strings.ReplaceAll(value, "\n", " ")
		}
	}
	return said
}
