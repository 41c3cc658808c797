package model

import (
	"slices"
	"strings"

	"nodehttp/gen/internal/version"
)

// Subject is something that the model dates.
type Subject struct {
	// Kind is what it is: class, function, constant, constructor, event, method,
	// property, options, option, override, behaviour, request method, status or header.
	Kind string
	// Owner is what it belongs to: a class, who takes the options, or the constant
	// that an option is overridden of; empty for what is the module's.
	Owner, Name string
}

// Date is a list of releases that the model has.
type Date struct {
	Of Subject
	// What happened: since, until, deprecated, renamed, or the kind of change of an
	// entry of the history; was for an entry of a table.
	What string
	// Nth is which change of the kind it is, 1 for the oldest.
	Nth int
	In  Versions
}

// Dates returns every list of releases in which something of Node changed, in the order
// of the model's files. What only Go has, and what follows from other dates, such as
// since when there is a Go form, is not among them.
func (s *Spec) Dates() []Date {
	var all []Date
	add := func(of Subject, what string, nth int, in Versions) {
		if len(in) > 0 {
			all = append(all, Date{of, what, nth, in})
		}
	}
	history := func(of Subject, changes []Change) {
		byAge := slices.Clone(changes)
		slices.SortStableFunc(byAge, func(a, b Change) int { return first(a.In).Compare(first(b.In)) })
		nth := map[string]int{}
		for _, change := range byAge {
			nth[change.Kind.Value]++
			add(of, change.Kind.Value, nth[change.Kind.Value], change.In)
		}
	}
	life := func(of Subject, l *Life) {
		if l.GoOnly {
			return
		}
		add(of, "since", 0, l.Since)
		add(of, "until", 0, l.Until)
		add(of, "deprecated", 0, l.Deprecated)
		for _, r := range l.RenamedFrom {
			add(of, "renamed", 0, r.In)
		}
		history(of, l.History)
	}
	for _, f := range s.Functions {
		life(Subject{"function", "", f.Name}, &f.Value.Life)
	}
	for _, c := range s.Constants {
		life(Subject{"constant", "", c.Name}, &c.Value.Life)
		for _, o := range c.Value.Overrides {
			history(Subject{"override", c.Name, o.Name}, o.Value.History)
		}
	}
	for _, class := range s.Classes {
		name := class.Name.Value
		life(Subject{"class", "", name}, &class.Life)
		if class.Constructor != nil {
			life(Subject{"constructor", name, "new"}, &class.Constructor.Life)
		}
		for _, e := range class.Events {
			life(Subject{"event", name, e.Name}, &e.Value.Life)
		}
		for _, m := range class.Methods {
			life(Subject{"method", name, m.Name}, &m.Value.Life)
		}
		for _, p := range class.Properties {
			life(Subject{"property", name, p.Name}, &p.Value.Life)
		}
	}
	for _, set := range s.Options {
		life(Subject{"options", "", set.Owner.Value}, &set.Life)
		for _, o := range set.Members {
			life(Subject{"option", set.Owner.Value, o.Name}, &o.Value.Life)
		}
	}
	for _, b := range s.Behaviours {
		life(Subject{"behaviour", "", b.Name}, &b.Value.Life)
	}
	table := func(kind, name string, since, until Versions, was []Former) {
		of := Subject{kind, "", name}
		add(of, "since", 0, since)
		add(of, "until", 0, until)
		for _, former := range was {
			add(of, "was", 0, former.In)
		}
	}
	for _, m := range s.Methods {
		table("request method", m.Name, m.Value.Since, m.Value.Until, m.Value.Was)
	}
	for _, c := range s.Statuses {
		table("status", c.Name, c.Value.Since, c.Value.Until, c.Value.Was)
	}
	for _, r := range s.Duplicates {
		table("header", r.Name, r.Value.Since, r.Value.Until, r.Value.Was)
	}
	return all
}

// first is First that takes no releases, too, as a mistaken model may have them.
func first(in Versions) version.Version {
	if len(in) == 0 {
		return version.Version{}
	}
	return in.Set().First()
}

// Stated returns the releases that the documents of the module tell of a subject: of a
// member also those of its namesakes in the parents and heirs of its class, and of an
// option those of who takes it.
func (s *Spec) Stated(of Subject) []version.Version {
	var all []version.Version
	add := func(owner, name string) {
		for _, index := range s.Indexes {
			if of := index.Value.Dates.Get(owner); of != nil {
				if dates := of.Get(name); dates != nil {
					for _, v := range *dates {
						all = append(all, v.Value)
					}
				}
			}
		}
	}
	takes := func(owner string) {
		module, function, found := strings.Cut(owner, ".")
		switch {
		case !found:
			add(owner, "new")
		case module == "http" && function == "request":
			add("http", "get")
			fallthrough
		default:
			add(module, function)
		}
	}
	switch of.Kind {
	case "class", "function", "constant":
		add("http", of.Name)
	case "override":
		add("http", of.Owner)
	case "options":
		takes(of.Name)
	case "option":
		takes(of.Owner)
		add(of.Owner, of.Name) // the property of an object that was made with it
	case "event":
		s.relatives(of.Owner, func(class string) { add(class, "'"+of.Name+"'") })
	case "constructor", "method", "property":
		s.relatives(of.Owner, func(class string) { add(class, of.Name) })
	}
	return all
}

// relatives calls each with a class, its parents and all that have it as one.
func (s *Spec) relatives(name string, each func(class string)) {
	parents := map[string]string{}
	for _, class := range s.Classes {
		parents[class.Name.Value] = class.Parent().Value
	}
	isOrHas := func(class, parent string) bool {
		for range len(parents) + 1 {
			if class == parent {
				return true
			}
			class = parents[class]
		}
		return false
	}
	for _, class := range s.Classes {
		if n := class.Name.Value; isOrHas(n, name) || isOrHas(name, n) {
			each(n)
		}
	}
}
