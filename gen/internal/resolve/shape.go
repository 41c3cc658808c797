package resolve

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"nodehttp/gen/internal/model"
)

// undone returns the changes of history that the version does not have yet, the
// newest first: laid over the member in this order they give what it was.
func (r *resolver) undone(history []model.Change) []model.Change {
	var changes []model.Change
	for _, change := range history {
		if change.Was != nil && !change.In.Set().Reached(r.at) {
			changes = append(changes, change)
		}
	}
	slices.SortStableFunc(changes, func(a, b model.Change) int {
		return b.In.Set().First().Compare(a.In.Set().First())
	})
	return changes
}

// doc returns what l said of itself in the version.
func (r *resolver) doc(l model.Life) model.Text {
	doc := l.Doc
	for _, change := range r.undone(l.History) {
		if change.Was.Doc.Given() {
			doc = change.Was.Doc
		}
	}
	return doc
}

// names are the classes that went by other names, by the names of today.
type names map[string]string

// with adds the older names that history has.
func (n names) with(r *resolver, history []model.Change) names {
	all := names{}
	for today, former := range n {
		all[today] = former
	}
	for _, change := range r.undone(history) {
		for _, t := range change.Was.Types {
			all[t.Name] = t.Value.Value
		}
	}
	return all
}

// text puts the former names into Go.
func (n names) text(form model.Form) model.Form {
	for today, former := range n {
		form.Text.Value = regexp.MustCompile(`\b`+today+`\b`).ReplaceAllString(form.Text.Value, former)
	}
	return form
}

func (n names) typ(t *model.Type) *model.Type {
	if t == nil || len(n) == 0 {
		return t
	}
	renamed := model.Type{Pos: t.Pos, Union: slices.Clone(t.Union)}
	for i := range renamed.Union {
		term := &renamed.Union[i]
		if former, ok := n[term.Name]; ok {
			term.Name = former
		}
		if term.Params != nil {
			term.Params = slices.Clone(term.Params)
			for j := range term.Params {
				term.Params[j].Type = *n.typ(&term.Params[j].Type)
			}
		}
	}
	return &renamed
}

func (n names) params(params model.Map[model.Type]) model.Map[model.Type] {
	renamed := slices.Clone(params)
	for i := range renamed {
		renamed[i].Value = n.typ(renamed[i].Value)
	}
	return renamed
}

// forms returns the Go forms that the version has, with the names of its time.
func (r *resolver) forms(forms []model.Form, n names) []model.Form {
	var present []model.Form
	for _, form := range forms {
		if form.At(r.at) {
			form = n.text(form)
			form.Since = sinceOfName(forms, form)
			present = append(present, form)
		}
	}
	if len(forms) > 0 && len(present) == 0 {
		r.fail(forms[0].Text.Pos, fmt.Errorf("none of the Go forms is there in %s", r.at))
	}
	return present
}

// sinceOfName returns since when a member has a form of the name that form has: a
// form whose parameters have changed is listed once for each of them. Nil is as
// long as the member.
func sinceOfName(forms []model.Form, form model.Form) model.Versions {
	name := func(f model.Form) string {
		end := strings.IndexAny(f.Text.Value, "( ")
		return f.Text.Value[:max(end, 0)]
	}
	since := form.Since
	for _, other := range forms {
		switch {
		case name(other) != name(form):
			continue
		case len(form.Since) == 0, len(other.Since) == 0:
			return nil
		}
		if other.Since.Set().First().Compare(since.Set().First()) < 0 {
			since = other.Since
		}
	}
	return since
}

// callable returns what c was in the version. n are the names that its class
// gives; the member's own history may add to them.
func (r *resolver) callable(c model.Callable, history []model.Change, n names) model.Callable {
	for _, change := range r.undone(history) {
		was := change.Was
		if was.Params.Given() {
			c.Params = was.Params.Value
		}
		if was.Returns != nil {
			c.Returns = was.Returns
		}
		if was.Go.Given() {
			c.Go = was.Go.Value
		}
	}
	n = n.with(r, history)
	c.Go = r.forms(c.Go, n)
	c.Params, c.Returns = n.params(c.Params), n.typ(c.Returns)
	return c
}

// property returns the type and the forms that p had in the version.
func (r *resolver) property(p *model.Property, n names) *model.Property {
	was := *p
	for _, change := range r.undone(p.History) {
		if change.Was.Type != nil {
			was.Type = change.Was.Type
		}
		if change.Was.Go.Given() {
			was.Go = change.Was.Go.Value
		}
	}
	n = n.with(r, p.History)
	was.Go, was.Type = r.forms(was.Go, n), n.typ(was.Type)
	return &was
}

// event returns the parameters and forms that e had in the version.
func (r *resolver) event(e *model.Event, n names) *model.Event {
	was := *e
	c := r.callable(model.Callable{Params: e.Params, Go: e.Go}, e.History, n)
	was.Params, was.Go = c.Params, c.Go
	return &was
}

// option returns the type and the forms that o had in the version.
func (r *resolver) option(o *model.Option, n names) *model.Option {
	was := *o
	p := r.property(&model.Property{Life: o.Life, Type: o.Type, Go: o.Go}, n)
	was.Type, was.Go = p.Type, p.Go
	return &was
}
