package model

import (
	"slices"

	"nodehttp/gen/internal/version"
)

// Attribute adds to each member the documents whose index has it, unless the member
// itself names them.
func (s *Spec) Attribute() {
	for _, index := range s.Indexes {
		index.Value.Each(func(owner, name Text, option bool) {
			l := s.Shown(owner.Value, name.Value)
			if option {
				l = s.Option(owner.Value, name.Value)
			}
			if l == nil {
				return // which check reports
			}
			l.Documented.Given = true
			if !slices.ContainsFunc(l.Documented.Names, func(d Text) bool { return d.Value == index.Name }) {
				l.Documented.Names = append(l.Documented.Names, Text{Value: index.Name, Pos: name.Pos})
			}
		})
	}
}

// Each calls each for everything that the document shows.
func (x *Index) Each(each func(owner, name Text, option bool)) {
	visit := func(lists Map[[]Text], option bool) {
		for _, list := range lists {
			for _, name := range *list.Value {
				each(Text{Value: list.Name, Pos: list.Pos}, name, option)
			}
		}
	}
	visit(x.Headings, false)
	visit(x.Text, false)
	visit(x.Options, true)
}

// Shown returns the life of what an index calls name under owner, nil if the model
// has no such thing.
func (s *Spec) Shown(owner, name string) *Life {
	var found *Life
	s.EachShown(func(o, n string, l *Life) {
		if o == owner && n == name {
			found = l
		}
	})
	return found
}

// EachShown calls each for everything that an index can show apart from options, by
// the names that it has there: `http` and a class or what belongs to the module, or
// a class and a member, an event in quotes, or `new`.
func (s *Spec) EachShown(each func(owner, name string, l *Life)) {
	for _, f := range s.Functions {
		each("http", f.Name, &f.Value.Life)
	}
	for _, c := range s.Constants {
		each("http", c.Name, &c.Value.Life)
	}
	for _, class := range s.Classes {
		if class.Module.Value != "http" {
			continue
		}
		owner := class.Name.Value
		each("http", owner, &class.Life)
		if class.Constructor != nil {
			each(owner, "new", &class.Constructor.Life)
		}
		for _, e := range class.Events {
			each(owner, "'"+e.Name+"'", &e.Value.Life)
		}
		for _, m := range class.Methods {
			each(owner, m.Name, &m.Value.Life)
		}
		for _, p := range class.Properties {
			each(owner, p.Name, &p.Value.Life)
		}
	}
}

// Option returns the life of an option of what owner takes, nil if the model has no
// such option.
func (s *Spec) Option(owner, name string) *Life {
	for _, set := range s.Options {
		if option := set.Members.Get(name); set.Owner.Value == owner && option != nil {
			return &option.Life
		}
	}
	return nil
}

// Released reports whether there is a release v, or with open parts any of it.
func (s *Spec) Released(v version.Version) bool {
	_, found := s.Latest(v)
	return found
}

// Latest returns the newest release that v with its open parts stands for.
func (s *Spec) Latest(v version.Version) (latest version.Version, found bool) {
	for _, line := range s.Releases {
		major, err := version.Parse(line.Name)
		if err != nil || major.Major != v.Major {
			continue
		}
		last := *line.Value
		if !v.HasMinor() {
			v.Minor = len(last) - 1
		}
		if v.Minor >= len(last) || v.Full() && v.Patch > last[v.Minor] {
			return v, false
		}
		if !v.Full() {
			v.Patch = last[v.Minor]
		}
		return v, true
	}
	return v, false
}
