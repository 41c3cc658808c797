// Package diff answers what changed between two versions of Node's http module:
// for the reader of its documents, and for a Go program that moves from one
// generated package to another. It compares resolved versions and knows no
// files; how an answer is printed is in print.go.
package diff

import (
	"cmp"
	"slices"
	"strings"

	"nodehttp/gen/internal/model"
	"nodehttp/gen/internal/resolve"
	"nodehttp/gen/internal/surface"
	"nodehttp/gen/internal/version"
)

// Report is what changed between two versions.
type Report struct {
	From   string  `json:"from"`
	To     string  `json:"to"`
	Groups []Group `json:"groups"`
}

// Group is what changed in one class, options object or part of the module.
type Group struct {
	Name    string   `json:"name"`
	Changes []Change `json:"changes"`
}

// Change is one difference.
type Change struct {
	// Kind is added, removed, renamed, deprecated or changed; What says for the last
	// what did: signature, default, type or behaviour.
	Kind string `json:"kind"`
	What string `json:"what,omitempty"`
	// Of is what kind of member it is, and Name its name.
	Of   string `json:"of"`
	Name string `json:"name"`
	Old  string `json:"old,omitempty"`
	New  string `json:"new,omitempty"`
	// In lists the releases that made the change, backports included.
	In   []string `json:"in,omitempty"`
	Text string   `json:"text,omitempty"`
	// Go lists what a caller of the generated package must change.
	Go []Broken `json:"go,omitempty"`
}

// kinds is the order in which changes are told.
var kinds = []string{"added", "removed", "renamed", "deprecated", "changed"}

type comparer struct {
	from, to *resolve.API
	// broken are the symbols that no change has told of yet.
	broken map[string]Broken
	report *Report
}

// Between compares two versions of spec.
func Between(spec *model.Spec, from, to version.Version) *Report {
	c := &comparer{from: resolve.At(spec, from), to: resolve.At(spec, to), report: &Report{From: from.String(), To: to.String()}}
	c.broken = broken(c.from, c.to)
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
	for i := range c.report.Groups {
		slices.SortStableFunc(c.report.Groups[i].Changes, func(a, b Change) int {
			return cmp.Or(
				cmp.Compare(slices.Index(kinds, a.Kind), slices.Index(kinds, b.Kind)),
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
// versions. back says that to is the older one, which has not got it yet.
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
		list[i] = v.Value.String()
	}
	return list
}

// logical is the name under which a class is compared: that of today for one that
// went by another.
func logical(class *resolve.Class) string {
	if older := class.OlderNameOf.Value; older != "" {
		return older
	}
	return class.Name.Value
}

// classNames tells which classes came, went and changed their names.
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

// renamed tells of classes that have another name on the other side.
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
	case to == nil:
		c.add(group, c.appearing("options", set.Struct.Value, &set.Life, true), set.Struct.Value)
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
		c.add(group, c.appearing(string(m.Kind), m.Name, &m.Life, false))
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
			c.add(group, c.appearing(string(m.Kind), m.Name, &m.Life, true), symbolsOf(owners, m)...)
		}
	}
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
func goShapes(old, now resolve.Member) (before, after string) {
	texts := func(m resolve.Member) []string {
		list := make([]string, len(m.Forms))
		for i, form := range m.Forms {
			list[i] = form.Name + strings.TrimPrefix(signature(form), "func")
			if form.Func == nil {
				list[i] = form.Name + " " + signature(form)
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
// the history has about it if that has one entry about signatures. What other
// entries say is told by them.
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
	slices.SortFunc(versions, func(a, b model.At[version.Version]) int { return b.Value.Compare(a.Value) })
	return slices.Compact(releases(versions)), told
}

// compare tells how a member that both versions have differs.
func (c *comparer) compare(group string, owners []string, old, now resolve.Member) {
	signature := Change{Kind: "changed", What: "signature", Of: string(now.Kind), Name: now.Name}
	signature.Old, signature.New = shape(old), shape(now)
	if signature.Old != signature.New && now.Type != nil {
		signature.What = "type"
	}
	if signature.Old == signature.New {
		signature.Old, signature.New = goShapes(old, now)
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

// life tells what the lives of a thing say beyond its shape: that it is
// deprecated, and what its history notes. told is what was told before.
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
	sources := resolve.Sources(c.to.Spec)
	for _, name := range []string{m.Owner + "." + m.Name, "options." + m.Owner + "." + m.Name} {
		for source, ok := sources[name]; ok && source.Of.Given(); {
			source, ok = sources[source.Of.Value]
			if ok {
				history = slices.Concat(history, source.History)
			}
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

// overrides compares what the objects among the module's values were made with.
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
			return value(resolve.Held(resolve.Sources(c.to.Spec), source, v))
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

// rest tells of symbols that belong to no member: shared types, errors and structs
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
