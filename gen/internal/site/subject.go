package site

import (
	"cmp"
	"slices"
	"strings"

	"nodehttp/gen/internal/listing"
	"nodehttp/gen/internal/model"
	"nodehttp/gen/internal/resolve"
	"nodehttp/gen/internal/version"
)

// subject is what has a page: a member under one name, in all versions that have it.
type subject struct {
	Kind  resolve.Kind
	Owner string
	Name  string
	// Path is where its page is, from the site's root.
	Path string
	// Latest is the newest version of it, and At the release that it is of.
	Latest listing.Entry
	At     version.Version
	// entries are what it is in each document's release, nil where it is not.
	entries []*listing.Entry
	// in says in which states it is there.
	in    []bool
	group *group
}

// group is what a page lists together: the module, a class, an options object.
type group struct {
	// Title is its name, and Kind says what it is.
	Title, Kind string
	Path        string
	Doc         string
	// Class is the group's own entry, if it is a class of the model.
	Class   *subject
	Members []*subject
	// Instance is what documents call an object of the class.
	Instance string
	options  *model.OptionSet
}

// subjects finds everything that the model knows in any release. entries are all that
// each state has; documents the state of each document.
func subjects(spec *model.Spec, entries [][]listing.Entry, t *timeline, shown []shownVersion) (groups []*group) {
	type key struct {
		kind        resolve.Kind
		owner, name string
	}
	all := map[key]*subject{}
	var order []*subject
	// From the newest state back, so that the order is that of today.
	for state := len(entries) - 1; state >= 0; state-- {
		for _, e := range entries[state] {
			k := key{e.Kind, e.Owner, e.Name}
			s := all[k]
			if s == nil {
				s = &subject{Kind: e.Kind, Owner: e.Owner, Name: e.Name, Latest: e, At: t.states[state].at,
					in: make([]bool, len(entries)), entries: make([]*listing.Entry, len(shown))}
				s.Path = pagePath(string(e.Kind), e.Owner, e.Name)
				all[k] = s
				order = append(order, s)
			}
			s.in[state] = true
		}
	}
	for i, v := range shown {
		for j, e := range v.entries {
			s := all[key{e.Kind, e.Owner, e.Name}]
			s.entries[i] = &v.entries[j]
			s.Latest, s.At = e, v.Node // whose provenance counts
		}
	}
	byName := map[string]*group{}
	find := func(title, kind string) *group {
		g := byName[kind+" "+title]
		if g == nil {
			g = &group{Title: title, Kind: kind, Path: pagePath(kind, "", title)}
			byName[kind+" "+title] = g
			groups = append(groups, g)
		}
		return g
	}
	find("http", "module").Doc = "The functions and values of the module itself."
	for _, s := range order {
		switch s.Kind {
		case resolve.KindClass:
			g := find(s.Name, "class")
			g.Class, g.Doc, s.group, s.Path = s, s.Latest.Doc, g, g.Path
		}
	}
	for _, s := range order {
		switch s.Kind {
		case resolve.KindClass:
			continue
		case resolve.KindFunction, resolve.KindConstant:
			s.group = find(s.Owner, "module")
		case resolve.KindOption:
			s.group = find(s.Owner, "options")
		default:
			s.group = find(s.Owner, "class")
		}
		s.group.Members = append(s.group.Members, s)
	}
	for _, g := range groups {
		slices.SortStableFunc(g.Members, func(a, b *subject) int {
			return cmp.Or(cmp.Compare(slices.Index(memberKinds, a.Kind), slices.Index(memberKinds, b.Kind)),
				cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)))
		})
		for _, class := range spec.Classes {
			if g.Kind == "class" && class.Name.Value == g.Title {
				g.Instance = class.Instance.Value
			}
		}
		for _, set := range spec.Options {
			if g.Kind == "options" && set.Owner.Value == g.Title {
				g.options, g.Doc = set, set.Doc.Value
			}
		}
		if g.Title == "nethttp" {
			g.Doc = "What joins the module with Go's net/http, in a package of its own."
		}
	}
	// The module first, then classes, options, and what is beside the module; classes
	// of today before those of the past.
	newest := func(g *group) bool { return g.Class == nil || g.Class.in[len(entries)-1] }
	slices.SortStableFunc(groups, func(a, b *group) int {
		return cmp.Or(cmp.Compare(groupRank(a), groupRank(b)), -cmp.Compare(btoi(newest(a)), btoi(newest(b))), cmp.Compare(a.Title, b.Title))
	})
	return groups
}

var memberKinds = []resolve.Kind{
	resolve.KindConstructor, resolve.KindFunction, resolve.KindConstant, resolve.KindEvent, resolve.KindMethod, resolve.KindProperty, resolve.KindOption,
}

func groupRank(g *group) int {
	switch {
	case g.Title == "http":
		return 0
	case g.Kind == "class" && g.Class != nil && g.Class.Owner == "http":
		return 1
	case g.Kind == "options":
		return 2
	}
	return 3
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// pagePath is the file of a page. A name that a file system could take otherwise is
// written in hexadecimal where it is not plain.
func pagePath(kind, owner, name string) string {
	if owner != "" && kind != string(resolve.KindConstructor) {
		name = owner + "." + name
	}
	var b strings.Builder
	for i, r := range name {
		switch {
		case r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z', r == '.' && i > 0, r == '-':
			b.WriteRune(r)
		default:
			b.WriteString("~" + strings.ToUpper(hex(r)) + "~")
		}
	}
	return kind + "/" + b.String() + ".html"
}

func hex(r rune) string {
	const digits = "0123456789abcdef"
	if r < 16 {
		return digits[r : r+1]
	}
	return hex(r/16) + digits[r%16:r%16+1]
}

// Full is the name that tells a subject from all others.
func (s *subject) Full() string {
	switch s.Kind {
	case resolve.KindClass:
		return s.Name
	case resolve.KindConstructor:
		return "new " + s.Name
	case resolve.KindEvent:
		return s.Owner + " '" + s.Name + "'"
	case resolve.KindOption:
		return s.Owner + " { " + s.Name + " }"
	}
	return s.Owner + "." + s.Name
}

// Short is its name within its group.
func (s *subject) Short() string {
	switch s.Kind {
	case resolve.KindConstructor:
		return "new " + s.Name + "()"
	case resolve.KindEvent:
		return "'" + s.Name + "'"
	case resolve.KindMethod, resolve.KindFunction:
		return s.Name + "()"
	}
	return s.Name
}

// used are the names under which the referee has seen it used.
func (s *subject) used() string {
	switch s.Kind {
	case resolve.KindConstructor:
		return "http." + s.Name
	case resolve.KindEvent:
		return s.Owner + ".'" + s.Name + "'"
	}
	return s.Owner + "." + s.Name
}
