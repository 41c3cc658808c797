// Package diff answers what changed between two versions of Node's http module: for
// readers of its documents, and for Go programs that move from one generated package
// to another. It compares resolved versions and knows no files; print.go prints the
// answer.
package diff

import (
	"cmp"
	"go/ast"
	"slices"
	"strings"

	"nodehttp/gen/internal/model"
	"nodehttp/gen/internal/resolve"
	"nodehttp/gen/internal/surface"
	"nodehttp/gen/internal/version"
)

// Report is what changed between two versions.
type Report struct {
	From   string  `json:"from" about:"The version that is compared."`
	To     string  `json:"to" about:"The version that it is compared with; it may be the older one."`
	Groups []Group `json:"groups" about:"The changes, by what they belong to."`
}

// Group is what changed in one class, options object or part of the module.
type Group struct {
	Name    string   `json:"name" about:"A class by its name of today, options of those who take them, http for the module, or what else is compared."`
	Changes []Change `json:"changes" about:"What is added first, then what is removed, renamed, deprecated and changed."`
}

// Change is one difference.
type Change struct {
	Kind string `json:"kind" about:"What happened."`
	What string `json:"what,omitempty" about:"What changed, where the kind says changed."`
	Of   string `json:"of" about:"What kind of thing it is: a kind of member, class, options, method of a request, status, header, behaviour, or a symbol of Go."`
	Name string `json:"name" about:"Its name."`
	Old  string `json:"old,omitempty" about:"What the first version has in its place; values are written as in JavaScript, and none is no value."`
	New  string `json:"new,omitempty" about:"What the second version has."`
	// Default is that of the version that has the member.
	Default string   `json:"default,omitempty" about:"The default of what is added or removed. What held without it, if that is another, tells a change of the default."`
	In      []string `json:"in,omitempty" about:"The releases that made the change, backports included. Behind one that no document of the module tells stands how it is known: live, elsewhere or guess."`
	Text    string   `json:"text,omitempty" about:"What changed, in words."`
	Heirs   []string `json:"heirs,omitempty" about:"The classes that have the change from this one."`
	Go      []Broken `json:"go,omitempty" about:"What a caller of the generated package must change."`
}

// Kinds are the kinds of change, in the order in which they are reported.
var Kinds = []string{"added", "removed", "renamed", "deprecated", "changed"}

// Comparer compares versions of one model. It keeps what it has found out about each, so
// that comparing many pairs costs little more than their differences. Its zero value is
// ready; it is for one goroutine.
type Comparer struct {
	tables     map[*resolve.API]table
	signatures map[*ast.FuncType]string
}

type comparer struct {
	*Comparer
	from, to *resolve.API
	sources  map[string]resolve.Source
	// broken are the symbols that no change has reported yet.
	broken map[string]Broken
	report *Report
}

// Between compares two versions of spec.
func Between(spec *model.Spec, from, to version.Version) *Report {
	return new(Comparer).Compare(resolve.At(spec, from), resolve.At(spec, to))
}

// Compare compares two versions of the model.
func (memory *Comparer) Compare(from, to *resolve.API) *Report {
	spec := to.Spec
	c := &comparer{Comparer: memory, from: from, to: to, sources: resolve.Sources(spec), report: &Report{From: from.Version.String(), To: to.Version.String()}}
	c.broken = c.brokenSymbols()
	module := func(api *resolve.API) []resolve.Member {
		return slices.Concat(api.Functions, api.Constants)
	}
	c.members("http", []string{""}, module(c.from), module(c.to))
	c.overrides()
	c.classNames()
	for _, name := range c.classes() {
		c.class(name)
	}
	for _, set := range spec.Options {
		c.options(set)
	}
	c.tables()
	c.behaviours()
	c.rest()
	c.inherited()
	for i := range c.report.Groups {
		slices.SortStableFunc(c.report.Groups[i].Changes, func(a, b Change) int {
			return cmp.Or(
				cmp.Compare(slices.Index(Kinds, a.Kind), slices.Index(Kinds, b.Kind)),
				cmp.Compare(a.Of, b.Of), cmp.Compare(a.Name, b.Name))
		})
	}
	return c.report
}

// Breaking keeps what breaks a Go caller.
func (r *Report) Breaking() *Report {
	kept := &Report{From: r.From, To: r.To}
	for _, g := range r.Groups {
		g.Changes = slices.DeleteFunc(slices.Clone(g.Changes), func(c Change) bool { return len(c.Go) == 0 })
		if len(g.Changes) > 0 {
			kept.Groups = append(kept.Groups, g)
		}
	}
	return kept
}

// Empty reports whether nothing changed.
func (r *Report) Empty() bool { return len(r.Groups) == 0 }

// add notes a change in a group; symbols are those of it that may be broken.
func (c *comparer) add(group string, change Change, symbols ...string) {
	for _, s := range symbols {
		if b, ok := c.broken[s]; ok {
			change.Go = append(change.Go, b)
			delete(c.broken, s)
		}
	}
	slices.SortFunc(change.Go, func(a, b Broken) int { return cmp.Compare(a.Symbol, b.Symbol) })
	groups := &c.report.Groups
	i := slices.IndexFunc(*groups, func(g Group) bool { return g.Name == group })
	if i < 0 {
		i = len(*groups)
		*groups = append(*groups, Group{Name: group})
	}
	(*groups)[i].Changes = append((*groups)[i].Changes, change)
}

// changed reports whether a change made in some releases lies between the two
// versions. back says that to is the older one, which does not have it yet.
func (c *comparer) changed(in model.Versions) (yes, back bool) {
	if len(in) == 0 {
		return false, false
	}
	before, after := in.Set().Reached(c.from.Version), in.Set().Reached(c.to.Version)
	return before != after, before
}

func releases(in model.Versions) []string {
	list := make([]string, len(in))
	for i, v := range in {
		list[i] = v.String()
	}
	return list
}

// logical is the name under which a class is compared: today's name for a class that
// had another one.
func logical(class *resolve.Class) string {
	if older := class.OlderNameOf.Value; older != "" {
		return older
	}
	return class.Name.Value
}

// classNames reports which classes were added, removed and renamed.
func (c *comparer) classNames() {
	names := func(api *resolve.API) map[string][]*resolve.Class {
		all := map[string][]*resolve.Class{}
		for _, class := range api.Classes {
			all[logical(class)] = append(all[logical(class)], class)
		}
		return all
	}
	from, to := names(c.from), names(c.to)
	for _, name := range c.classes() {
		switch {
		case from[name] == nil:
			for _, class := range to[name] {
				c.add(name, c.appearing("class", class.Name.Value, &class.Life, false))
			}
		case to[name] == nil:
			for _, class := range from[name] {
				c.add(name, c.appearing("class", class.Name.Value, &class.Life, true), class.Name.Value)
			}
		default:
			c.renamed(name, from[name], to[name])
		}
	}
}

// renamed reports the classes that have another name on the other side.
func (c *comparer) renamed(name string, from, to []*resolve.Class) {
	for _, old := range from {
		for _, now := range to {
			if has(to, old.Name.Value) || has(from, now.Name.Value) {
				continue
			}
			older := old
			if older.OlderNameOf.Value == "" {
				older = now
			}
			c.add(name, Change{Kind: "renamed", Of: "class", Name: old.Name.Value, Old: old.Name.Value, New: now.Name.Value,
				In: releases(older.Until)}, old.Name.Value)
		}
	}
	c.life(name, "class", name, &from[0].Life, &to[0].Life, nil)
}

// classes lists the classes of either version.
func (c *comparer) classes() []string {
	var names []string
	for _, class := range slices.Concat(c.to.Classes, c.from.Classes) {
		if name := logical(class); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// class compares the members of a class that both versions have.
func (c *comparer) class(name string) {
	members := func(api *resolve.API) (list []resolve.Member, found bool) {
		for _, m := range api.Constructors {
			if m.Owner == name {
				list = append(list, m)
			}
		}
		for _, class := range api.Classes {
			if logical(class) != name {
				continue
			}
			for _, m := range class.Members {
				if !found || find(list, m) == nil {
					list = append(list, m)
				}
			}
			found = true
		}
		return list, found
	}
	from, inFrom := members(c.from)
	to, inTo := members(c.to)
	if inFrom && inTo {
		var owners []string
		for _, class := range c.from.Classes {
			if logical(class) == name {
				owners = append(owners, class.Name.Value+".")
			}
		}
		// A constructor's function has no owner in Go.
		c.members(name, append(owners, ""), from, to)
	}
}

// options compares an options object.
func (c *comparer) options(set *model.OptionSet) {
	find := func(api *resolve.API) *resolve.Options {
		for _, o := range api.Options {
			if o.OptionSet == set {
				return o
			}
		}
		return nil
	}
	group := "options of " + set.Owner.Value
	from, to := find(c.from), find(c.to)
	switch {
	case from == nil && to == nil:
	case from == nil:
		c.add(group, c.appearing("options", set.Struct.Value, &set.Life, false))
		c.members(group, nil, nil, to.Members)
	case to == nil:
		c.add(group, c.appearing("options", set.Struct.Value, &set.Life, true), set.Struct.Value)
		c.members(group, nil, from.Members, nil)
	default:
		c.members(group, []string{set.Struct.Value + "."}, from.Members, to.Members)
	}
}

// appearing is the change of something that only one of the versions has.
func (c *comparer) appearing(of, name string, l *model.Life, removed bool) Change {
	change := Change{Kind: "added", Of: of, Name: name}
	if removed {
		change.Kind = "removed"
	}
	if yes, _ := c.changed(l.Until); yes {
		change.In = releases(l.Until)
	} else if yes, _ := c.changed(l.Since); yes {
		change.In = releases(l.Since)
	}
	return change
}

func find(list []resolve.Member, like resolve.Member) *resolve.Member {
	for i, m := range list {
		if m.Kind == like.Kind && m.Name == like.Name {
			return &list[i]
		}
	}
	return nil
}

// formerName is what m was called in the other version, if it had another name.
func (c *comparer) formerName(m resolve.Member, others []resolve.Member) *model.Rename {
	for i, r := range m.RenamedFrom {
		if yes, _ := c.changed(r.In); yes && find(others, resolve.Member{Kind: m.Kind, Name: r.Name.Value}) != nil {
			return &m.RenamedFrom[i]
		}
	}
	return nil
}

// members compares two lists of members. owners are what may stand before their Go
// names in a symbol.
func (c *comparer) members(group string, owners []string, from, to []resolve.Member) {
	gone := map[string]bool{}
	for _, m := range to {
		if find(from, m) != nil {
			continue
		}
		if r := c.formerName(m, from); r != nil {
			old := find(from, resolve.Member{Kind: m.Kind, Name: r.Name.Value})
			gone[string(m.Kind)+r.Name.Value] = true
			c.add(group, Change{Kind: "renamed", Of: string(m.Kind), Name: old.Name, Old: old.Name, New: m.Name, In: releases(r.In)},
				symbolsOf(owners, *old)...)
			continue
		}
		c.lone(group, m, false)
	}
	for _, m := range from {
		now := find(to, m)
		switch {
		case now != nil:
			c.compare(group, owners, m, *now)
		case gone[string(m.Kind)+m.Name]:
		default:
			if r := c.formerName(m, to); r != nil { // seen backwards
				c.add(group, Change{Kind: "renamed", Of: string(m.Kind), Name: m.Name, Old: m.Name, New: r.Name.Value, In: releases(r.In)},
					symbolsOf(owners, m)...)
				continue
			}
			c.lone(group, m, true, symbolsOf(owners, m)...)
		}
	}
}

// lone reports a member that only one of the versions has, and the change that its
// default makes for programs that do not use the member: something else holds now.
func (c *comparer) lone(group string, m resolve.Member, removed bool, symbols ...string) {
	change := c.appearing(string(m.Kind), m.Name, &m.Life, removed)
	if m.Default != nil {
		change.Default = value(m.Default)
	}
	c.add(group, change, symbols...)
	source, found := c.source(m)
	if !found || source.Of.Given() { // the change is reported at the member that has the default
		return
	}
	old, now := value(resolve.Held(c.sources, source, c.from.Version)), value(resolve.Held(c.sources, source, c.to.Version))
	if old == now {
		return
	}
	// A zero that the model does not give says that there was no such thing before.
	if absent := source.Before == nil && !m.Type.Is("boolean"); absent && removed {
		now = value(nil)
	} else if absent {
		old = value(nil)
	}
	c.add(group, Change{Kind: "changed", What: "default", Of: string(m.Kind), Name: m.Name, Old: old, New: now, In: c.arrival(source)})
}

// source is where the model has the default of m.
func (c *comparer) source(m resolve.Member) (resolve.Source, bool) {
	name := m.Owner + "." + m.Name // of a constant, http.name
	switch m.Kind {
	case resolve.KindOption:
		name = "options." + name
	case resolve.KindConstant:
	case resolve.KindProperty:
		for owner := c.parent(m.Owner); owner != ""; owner = c.parent(owner) {
			if _, own := c.sources[name]; !own {
				name = owner + "." + m.Name
			}
		}
	default:
		return resolve.Source{}, false
	}
	source, found := c.sources[name]
	return source, found
}

// parent is the name of the class that a class inherits from, if that is of the model.
func (c *comparer) parent(name string) string {
	for _, class := range slices.Concat(c.to.Classes, c.from.Classes) {
		if class.Name.Value == name && class.Parent != nil {
			return class.Parent.Name.Value
		}
	}
	return ""
}

// arrival lists the releases in which the value in force changed: with the member,
// if its default differs from the value before it, and later.
func (c *comparer) arrival(source resolve.Source) []string {
	var in []string
	first := source.Value
	var oldest version.Version
	for _, h := range source.History {
		if h.Kind.Value != "default" {
			continue
		}
		if at := h.In.Set().First(); oldest == (version.Version{}) || at.Compare(oldest) < 0 {
			first, oldest = h.From, at
		}
		if yes, _ := c.changed(h.In); yes {
			in = append(in, releases(h.In)...)
		}
	}
	before := source.Before
	if before == nil {
		before = &model.Scalar{Kind: source.Value.Kind}
	}
	bound := source.Since
	if yes, _ := c.changed(source.Until); yes {
		bound, first = source.Until, nil
	}
	if yes, _ := c.changed(bound); yes && value(first) != value(before) {
		in = append(in, releases(bound)...)
	}
	return in
}

// inherited removes from each class the changes that an ancestor has too, and notes
// at the ancestor's change that this class inherits it.
func (c *comparer) inherited() {
	parents := map[string]string{}
	for _, api := range []*resolve.API{c.from, c.to} {
		for _, class := range api.Classes {
			if class.Parent != nil && logical(class) != logical(class.Parent) {
				parents[logical(class)] = logical(class.Parent)
			}
		}
	}
	group := func(name string) *Group {
		for i := range c.report.Groups {
			if c.report.Groups[i].Name == name {
				return &c.report.Groups[i]
			}
		}
		return nil
	}
	for i := range c.report.Groups {
		heir := &c.report.Groups[i]
		heir.Changes = slices.DeleteFunc(heir.Changes, func(change Change) bool {
			var told *Change
			for name := parents[heir.Name]; name != ""; name = parents[name] {
				if ancestor := group(name); ancestor != nil {
					for j := range ancestor.Changes {
						if same(change, ancestor.Changes[j]) {
							told = &ancestor.Changes[j] // the farthest ancestor keeps it
						}
					}
				}
			}
			if told == nil {
				return false
			}
			told.Heirs = append(told.Heirs, heir.Name)
			told.Go = append(told.Go, change.Go...)
			slices.SortFunc(told.Go, func(a, b Broken) int { return cmp.Compare(a.Symbol, b.Symbol) })
			return true
		})
	}
	c.report.Groups = slices.DeleteFunc(c.report.Groups, func(g Group) bool { return len(g.Changes) == 0 })
}

// same reports whether two changes are one, of a class and of its heir.
func same(a, b Change) bool {
	return a.Kind == b.Kind && a.What == b.What && a.Of == b.Of && a.Name == b.Name && a.Old == b.Old && a.New == b.New &&
		a.Default == b.Default && a.Text == b.Text && slices.Equal(a.In, b.In)
}

func symbolsOf(owners []string, m resolve.Member) []string {
	var list []string
	for _, form := range m.Forms {
		for _, owner := range owners {
			if (owner == "") == (m.Kind == resolve.KindFunction || m.Kind == resolve.KindConstant || m.Kind == resolve.KindConstructor) {
				list = append(list, owner+form.Name)
			}
		}
	}
	return list
}

// shape is a member as Node's documents write it.
func shape(m resolve.Member) string {
	if m.Kind == resolve.KindProperty || m.Kind == resolve.KindOption || m.Kind == resolve.KindConstant {
		return m.Type.String()
	}
	params := make([]string, len(m.Params))
	for i, p := range m.Params {
		params[i] = p.Name + ": " + p.Value.String()
	}
	text := "(" + strings.Join(params, ", ") + ")"
	if m.Returns != nil {
		text += ": " + m.Returns.String()
	}
	return text
}

// goShapes are the Go forms of a member that only one of the packages has.
func (memory *Comparer) goShapes(old, now resolve.Member) (before, after string) {
	texts := func(m resolve.Member) []string {
		list := make([]string, len(m.Forms))
		for i, form := range m.Forms {
			list[i] = form.Name + strings.TrimPrefix(memory.signature(form), "func")
			if form.Func == nil {
				list[i] = form.Name + " " + memory.signature(form)
			}
		}
		return list
	}
	only := func(list, other []string) string {
		return strings.Join(slices.DeleteFunc(slices.Clone(list), func(s string) bool { return slices.Contains(other, s) }), "; ")
	}
	a, b := texts(old), texts(now)
	return only(a, b), only(b, a)
}

// signatureChange finds the releases that changed a signature, and the text that
// the history has about it if that has one entry about signatures. Other entries
// are reported on their own.
func (c *comparer) signatureChange(group string, now resolve.Member, change Change) (in, told []string) {
	var entries, shaped []model.Change
	for _, h := range now.History {
		if yes, _ := c.changed(h.In); !yes {
			continue
		}
		if h.Kind.Value == "signature" || h.Kind.Value == "type" {
			entries = append(entries, h)
		}
		if w := h.Was; w != nil && (w.Params.Given() || w.Returns != nil || w.Type != nil || w.Go.Given() || len(w.Types) > 0) {
			shaped = append(shaped, h)
		}
	}
	if len(entries) == 1 {
		shaped, told = entries, []string{entries[0].Text.Value}
	}
	var versions model.Versions
	for _, h := range shaped {
		versions = append(versions, h.In...)
	}
	for _, class := range c.to.Spec.Classes {
		name := class.Name.Value
		if yes, _ := c.changed(class.Until); yes && class.OlderNameOf.Given() &&
			(class.OlderNameOf.Value == group || strings.Contains(change.Old, name) || strings.Contains(change.New, name)) {
			versions = append(versions, class.Until...)
			break
		}
	}
	slices.SortFunc(versions, func(a, b model.Dated) int { return b.Value.Compare(a.Value) })
	return slices.Compact(releases(versions)), told
}

// compare reports how a member that both versions have differs.
func (c *comparer) compare(group string, owners []string, old, now resolve.Member) {
	signature := Change{Kind: "changed", What: "signature", Of: string(now.Kind), Name: now.Name}
	signature.Old, signature.New = shape(old), shape(now)
	if signature.Old != signature.New && now.Type != nil {
		signature.What = "type"
	}
	if signature.Old == signature.New {
		signature.Old, signature.New = c.goShapes(old, now)
	}
	told := []string{}
	if signature.Old != signature.New {
		signature.In, told = c.signatureChange(group, now, signature)
		signature.Text = strings.Join(told, " ")
		c.add(group, signature, symbolsOf(owners, old)...)
	}
	if a, b := value(old.Default), value(now.Default); a != b {
		c.add(group, Change{Kind: "changed", What: "default", Of: string(now.Kind), Name: now.Name, Old: a, New: b, In: c.defaultChange(now)})
	}
	c.life(group, string(now.Kind), now.Name, &old.Life, &now.Life, told)
}

// life reports what changed about a thing besides its shape: that it is deprecated,
// and what its history says. told are the texts that were reported before.
func (c *comparer) life(group, of, name string, old, now *model.Life, told []string) {
	if before, after := old.DeprecatedAt(c.from.Version), now.DeprecatedAt(c.to.Version); before != after {
		change := Change{Kind: "deprecated", Of: of, Name: name, In: releases(now.Deprecated)}
		if now.Instead.Given() {
			change.Text = "Use " + now.Instead.Value + "."
		}
		if before {
			change.Kind, change.Text = "changed", "No longer deprecated."
			change.In = releases(old.Deprecated)
		}
		c.add(group, change)
	}
	for _, h := range now.History {
		yes, back := c.changed(h.In)
		if !yes || !h.Text.Given() || h.Kind.Value == "default" || slices.Contains(told, h.Text.Value) {
			continue
		}
		change := Change{Kind: "changed", What: h.Kind.Value, Of: of, Name: name, In: releases(h.In), Text: h.Text.Value}
		if back {
			change.Text = "Not yet: " + change.Text
		}
		c.add(group, change)
	}
}

func value(s *model.Scalar) string {
	if s == nil {
		return "none"
	}
	return s.Text()
}

// defaultChange lists the releases in which m's default changed between the two
// versions: its own, or that of what it has its default from.
func (c *comparer) defaultChange(m resolve.Member) []string {
	var in []string
	history := m.History
	for source, ok := c.source(m); ok && source.Of.Given(); {
		source, ok = c.sources[source.Of.Value]
		if ok {
			history = slices.Concat(history, source.History)
		}
	}
	for _, h := range history {
		if yes, _ := c.changed(h.In); yes && h.Kind.Value == "default" {
			in = append(in, releases(h.In)...)
		}
	}
	slices.Sort(in)
	return slices.Compact(in)
}

// overrides compares the options with which Node makes the module's objects.
func (c *comparer) overrides() {
	held := func(api *resolve.API, constant, option string) string {
		for _, g := range api.Profile.Groups {
			for _, field := range g.Fields {
				if g.Of == "http."+constant && field.Name == surface.Name(option) {
					return value(field.Value)
				}
			}
		}
		return value(nil)
	}
	for _, k := range c.to.Spec.Constants {
		if !k.Value.At(c.from.Version) || !k.Value.At(c.to.Version) {
			continue
		}
		for _, o := range k.Value.Overrides {
			old, now := held(c.from, k.Name, o.Name), held(c.to, k.Name, o.Name)
			if old == now {
				continue
			}
			change := Change{Kind: "changed", What: "default", Of: "option", Name: k.Name + "." + o.Name, Old: old, New: now}
			for _, h := range o.Value.History {
				if yes, _ := c.changed(h.In); yes {
					change.In = append(change.In, releases(h.In)...)
				}
			}
			c.add("http", change)
		}
	}
}

// tables compares the lists of methods, status codes and header rules.
func (c *comparer) tables() {
	list := func(group, of string, from, to []pair, bounds func(name string) []model.Versions) {
		in := func(name string) []string {
			var all []string
			for _, bound := range bounds(name) {
				if yes, _ := c.changed(bound); yes {
					all = append(all, releases(bound)...)
				}
			}
			return all
		}
		for _, now := range to {
			i := slices.IndexFunc(from, func(p pair) bool { return p.name == now.name })
			switch {
			case i < 0:
				c.add(group, Change{Kind: "added", Of: of, Name: now.name, New: now.text, In: in(now.name)})
			case from[i].text != now.text:
				c.add(group, Change{Kind: "changed", What: "behaviour", Of: of, Name: now.name, Old: from[i].text, New: now.text, In: in(now.name)})
			}
		}
		for _, old := range from {
			if !slices.ContainsFunc(to, func(p pair) bool { return p.name == old.name }) {
				c.add(group, Change{Kind: "removed", Of: of, Name: old.name, Old: old.text, In: in(old.name)})
			}
		}
	}
	entry := func(entries model.Map[model.Entry]) func(string) []model.Versions {
		return func(name string) []model.Versions {
			e := entries.Get(name)
			return bounds(e.Since, e.Until, e.Was)
		}
	}
	methods := func(p resolve.Profile) (pairs []pair) {
		for _, m := range p.Methods {
			pairs = append(pairs, pair{name: m})
		}
		return pairs
	}
	statuses := func(p resolve.Profile) (pairs []pair) {
		for _, s := range p.Statuses {
			pairs = append(pairs, pair{s.Code, s.Text})
		}
		return pairs
	}
	repeats := func(p resolve.Profile) (pairs []pair) {
		for _, r := range p.Repeats {
			pairs = append(pairs, pair{r.Header, r.Fate})
		}
		return pairs
	}
	list("request methods", "method", methods(c.from.Profile), methods(c.to.Profile), entry(c.to.Spec.Methods))
	list("status codes", "status", statuses(c.from.Profile), statuses(c.to.Profile), entry(c.to.Spec.Statuses))
	list("repeated headers", "header", repeats(c.from.Profile), repeats(c.to.Profile), func(name string) []model.Versions {
		rule := c.to.Spec.Duplicates.Get(name)
		return bounds(rule.Since, rule.Until, rule.Was)
	})
}

// bounds are the releases in which an entry of a list may have changed.
func bounds(since, until model.Versions, was []model.Former) []model.Versions {
	all := []model.Versions{since, until}
	for _, former := range was {
		all = append(all, former.In)
	}
	return all
}

type pair struct{ name, text string }

// behaviours compares the facts that no member shows.
func (c *comparer) behaviours() {
	for _, b := range c.to.Spec.Behaviours {
		held := func(v version.Version) string {
			source := resolve.Source{Default: &b.Value.Default, Life: &b.Value.Life, Type: b.Value.Type}
			return value(resolve.Held(c.sources, source, v))
		}
		old, now := held(c.from.Version), held(c.to.Version)
		if old == now {
			continue
		}
		change := Change{Kind: "changed", What: "behaviour", Of: "behaviour", Name: b.Name, Old: old, New: now, Text: sentence(b.Value.Doc.Value)}
		for _, h := range b.Value.History {
			if yes, _ := c.changed(h.In); yes {
				change.In = append(change.In, releases(h.In)...)
			}
		}
		c.add("behaviour", change)
	}
}

func sentence(text string) string {
	if text == "" {
		return ""
	}
	return strings.ToUpper(text[:1]) + text[1:] + "."
}

// rest reports symbols that belong to no member: shared types, errors and structs
// that cannot be compared any more.
func (c *comparer) rest() {
	shared := func(api *resolve.API) map[string]string {
		all := map[string]string{}
		for _, t := range api.Aliases {
			all[t.Name] = "type"
		}
		for _, e := range api.Errors {
			if e.Value.Sentinel.Given() {
				all[e.Value.Sentinel.Value] = "error"
			}
		}
		return all
	}
	from, to := shared(c.from), shared(c.to)
	for _, name := range sorted(to) {
		if from[name] == "" {
			c.add("Go", Change{Kind: "added", Of: to[name], Name: name})
		}
	}
	for _, name := range sorted(from) {
		if to[name] == "" {
			c.add("Go", Change{Kind: "removed", Of: from[name], Name: name}, name)
		}
	}
	for _, symbol := range sorted(c.broken) {
		b := c.broken[symbol]
		change := Change{Kind: "changed", What: "type", Of: "symbol", Name: symbol, Old: b.Old, New: b.New}
		if b.New == "" {
			change.Kind, change.What = "removed", ""
		}
		c.add("Go", change, symbol)
	}
}

func sorted[V any](m map[string]V) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
