package check

// The index of each document, its headings, and the members that say that it shows
// them must agree.

import (
	"slices"

	"nodehttp/gen/internal/model"
	"nodehttp/gen/internal/version"
)

func (c *checker) indexes() {
	for _, d := range c.spec.Documents {
		if c.spec.Indexes.Get(d.Name) == nil {
			c.errs.Addf(d.Pos, "headings.yaml does not say what the document %s shows", d.Name)
		}
	}
	for _, index := range c.spec.Indexes {
		if c.spec.Documents.Get(index.Name) == nil {
			c.errs.Addf(index.Pos, "unknown document %q", index.Name)
			continue
		}
		seen := map[[2]string]bool{}
		index.Value.Each(func(owner, name model.Text, option bool) {
			what, known := "the model has no", c.spec.Shown(owner.Value, name.Value) != nil
			if option {
				what, known = "the model has no option", c.spec.Option(owner.Value, name.Value) != nil
				owner.Value = "options of " + owner.Value
			}
			key := [2]string{owner.Value, name.Value}
			switch {
			case seen[key]:
				c.errs.Addf(name.Pos, "%s is here twice", name.Value)
			case !known:
				c.errs.Addf(name.Pos, "%s %s of %s, which %s shows", what, name.Value, owner.Value, index.Name)
			}
			seen[key] = true
		})
	}
	c.tells()
	c.spec.EachShown(func(owner, name string, l *model.Life) { c.shown(owner, name, l, false) })
	for _, set := range c.spec.Options {
		for _, o := range set.Members {
			c.shown(set.Owner.Value, o.Name, &o.Value.Life, true)
		}
	}
}

// shown reports members that name a document which does not show them.
func (c *checker) shown(owner, name string, l *model.Life, option bool) {
	seen := map[string]bool{}
	for _, d := range l.Documented.Names {
		if seen[d.Value] {
			c.errs.Addf(d.Pos, "%s is here twice", d.Value)
		}
		seen[d.Value] = true
		index := c.spec.Indexes.Get(d.Value)
		if index == nil {
			continue // which is reported elsewhere
		}
		found := false
		index.Each(func(o, n model.Text, opt bool) {
			found = found || o.Value == owner && n.Value == name && opt == option
		})
		if !found {
			c.errs.Addf(d.Pos, "the document %s does not show %s of %s", d.Value, name, owner)
		}
	}
}

// Unmentioned lists what the version of the newest document has and an older
// document shows, but the newest does not: it may have been removed.
func Unmentioned(spec *model.Spec) (list []string, newest string) {
	var at version.Version
	for _, d := range spec.Documents {
		if d.Value.Node.Value.Compare(at) > 0 {
			at, newest = d.Value.Node.Value, d.Name
		}
	}
	note := func(owner, name string, l *model.Life) {
		shows := func(d model.Text) bool { return d.Value == newest }
		gone := func(class *model.Class) bool { return class.Name.Value == owner && !class.At(at) }
		if slices.ContainsFunc(spec.Classes, gone) {
			return
		}
		if l.At(at) && len(l.Documented.Names) > 0 && !slices.ContainsFunc(l.Documented.Names, shows) {
			list = append(list, owner+"."+name)
		}
	}
	spec.EachShown(note)
	for _, set := range spec.Options {
		for _, o := range set.Members {
			note("options of "+set.Owner.Value, o.Name, &o.Value.Life)
		}
	}
	return list, newest
}
