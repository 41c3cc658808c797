// Package resolve answers what Node's http module looks like in one version: the
// members that it has there, with what they inherit, their Go forms and their
// defaults. It expects a model that check found sound.
package resolve

import (
	"slices"

	"nodehttp/gen/internal/model"
	"nodehttp/gen/internal/surface"
	"nodehttp/gen/internal/version"
)

// Kind is what a member is.
type Kind string

// The kinds of member, in the order in which they are listed.
const (
	KindClass       Kind = "class"
	KindFunction    Kind = "function"
	KindConstant    Kind = "constant"
	KindConstructor Kind = "constructor"
	KindMethod      Kind = "method"
	KindProperty    Kind = "property"
	KindEvent       Kind = "event"
	KindOption      Kind = "option"
)

// Member is one member of the module, a class or an options object.
type Member struct {
	Kind  Kind
	Owner string
	Name  string
	model.Life
	Forms  []surface.Form
	Throws []model.Throw
	// Default is the default in this version, nil if there is none.
	Default *model.Scalar
	Type    *model.Type
	Zero    string
	Values  []model.Text
	// Once says that an event fires at most once.
	Once bool
	// Inherited says that the class's parent implements the member.
	Inherited bool
	// Listed says that the section of the class in a document names the member.
	Listed bool
}

// Class is a class with its members: its own first, then those of its parent
// that it does not name itself.
type Class struct {
	*model.Class
	Parent  *Class
	Members []Member
}

// Options is an options object with its members.
type Options struct {
	*model.OptionSet
	Members []Member
}

// API is the module in one version.
type API struct {
	Version      version.Version
	Classes      []*Class
	Constructors []Member
	Functions    []Member
	Constants    []Member
	Options      []*Options
	Profile      Profile
	Spec         *model.Spec
	Surface      *surface.Surface
}

type resolver struct {
	spec    *model.Spec
	surface *surface.Surface
	sources map[string]Source
	at      version.Version
	classes map[string]*Class
}

// At resolves spec for version v.
func At(spec *model.Spec, v version.Version) *API {
	r := &resolver{spec, surface.New(spec), Sources(spec), v, map[string]*Class{}}
	api := &API{Version: v, Spec: spec, Surface: r.surface}
	for _, f := range spec.Functions {
		if f.Value.At(v) {
			api.Functions = append(api.Functions, r.function(KindFunction, "http", f.Name, f.Value))
		}
	}
	for _, c := range spec.Constants {
		if c.Value.At(v) {
			api.Constants = append(api.Constants, r.constant(c))
		}
	}
	for _, class := range spec.Classes {
		if !class.At(v) {
			continue
		}
		api.Classes = append(api.Classes, r.class(class))
		if class.Constructor != nil && class.Constructor.At(v) {
			name := class.Name.Value
			api.Constructors = append(api.Constructors, r.function(KindConstructor, name, name, class.Constructor))
		}
	}
	for _, set := range spec.Options {
		if set.At(v) {
			api.Options = append(api.Options, r.options(set))
		}
	}
	api.Profile = r.profile()
	return api
}

func (r *resolver) member(kind Kind, owner, name string, life model.Life, forms []surface.Form) Member {
	return Member{
		Kind: kind, Owner: owner, Name: name, Life: life, Forms: forms,
		Listed: len(life.Documented.Names) > 0,
	}
}

func (r *resolver) function(kind Kind, owner, name string, f *model.Function) Member {
	forms, _ := r.surface.Callable(name, &f.Callable, f.Pos)
	m := r.member(kind, owner, name, f.Life, forms)
	m.Throws = f.Throws
	return m
}

func (r *resolver) constant(c model.Named[model.Constant]) Member {
	forms, _ := r.surface.Constant(c.Name, c.Value, c.Pos)
	m := r.member(KindConstant, "http", c.Name, c.Value.Life, forms)
	m.Type = c.Value.Type
	m.Default = Effective(r.sources, &c.Value.Default, c.Value.History, r.at)
	return m
}

func (r *resolver) options(set *model.OptionSet) *Options {
	options := &Options{OptionSet: set}
	for _, o := range set.Members {
		if !o.Value.At(r.at) {
			continue
		}
		effective := Effective(r.sources, &o.Value.Default, o.Value.History, r.at)
		forms, _ := r.surface.Option(o.Name, o.Value, effective, o.Pos)
		m := r.member(KindOption, set.Owner.Value, o.Name, o.Value.Life, forms)
		m.Default, m.Type, m.Zero, m.Values = effective, o.Value.Type, o.Value.Zero.Value, o.Value.Values
		options.Members = append(options.Members, m)
	}
	return options
}

func (r *resolver) class(class *model.Class) *Class {
	name := class.Name.Value
	if done := r.classes[name]; done != nil {
		return done
	}
	c := &Class{Class: class}
	r.classes[name] = c
	i := slices.IndexFunc(r.spec.Classes, func(p *model.Class) bool { return p.Name.Value == class.Extends.Value })
	if i >= 0 {
		c.Parent = r.class(r.spec.Classes[i])
	}
	for _, e := range class.Events {
		r.add(c, KindEvent, e.Name, e.Value.Life, func(m *Member) {
			event := *e.Value
			if len(event.Params) > 0 || m.Forms == nil {
				m.Forms, _ = r.surface.Event(e.Name, &event, e.Pos)
			}
			m.Once = m.Once || event.Once
		})
	}
	for _, method := range class.Methods {
		r.add(c, KindMethod, method.Name, method.Value.Life, func(m *Member) {
			if method.Value.Option.Given() {
				return
			}
			if callable := method.Value.Callable; states(callable) || m.Forms == nil {
				m.Forms, _ = r.surface.Callable(method.Name, &callable, method.Pos)
				m.Throws = callable.Throws
			}
		})
	}
	for _, p := range class.Properties {
		r.add(c, KindProperty, p.Name, p.Value.Life, func(m *Member) {
			if p.Value.Type != nil || len(p.Value.Go) > 0 || m.Forms == nil {
				m.Forms, _ = r.surface.Property(p.Name, p.Value, p.Pos)
				m.Type = p.Value.Type
			}
			if p.Value.Value != nil || p.Value.Of.Given() {
				m.Default = Effective(r.sources, &p.Value.Default, p.Value.History, r.at)
			}
			if p.Value.Zero.Given() {
				m.Zero = p.Value.Zero.Value
			}
		})
	}
	if c.Parent == nil {
		return c
	}
	for _, m := range c.Parent.Members {
		if c.find(m.Kind, m.Name) == nil && !r.names(class, m) {
			m.Owner, m.Inherited, m.Listed = name, true, false
			c.Members = append(c.Members, m)
		}
	}
	return c
}

// names reports whether class itself says something of m, be it that this version
// lacks it.
func (r *resolver) names(class *model.Class, m Member) bool {
	switch m.Kind {
	case KindEvent:
		return class.Events.Get(m.Name) != nil
	case KindMethod:
		return class.Methods.Get(m.Name) != nil
	}
	return class.Properties.Get(m.Name) != nil
}

// states reports whether c says more than its parent's member of that name.
func states(c model.Callable) bool {
	return len(c.Params) > 0 || c.Returns != nil || len(c.Throws) > 0 || len(c.Go) > 0
}

// add gives c a member on top of what its parent says of it.
func (r *resolver) add(c *Class, kind Kind, name string, life model.Life, fill func(m *Member)) {
	var m Member
	if c.Parent != nil {
		if inherited := c.Parent.find(kind, name); inherited != nil {
			m = *inherited
			m.Inherited = true
			life = over(life, inherited.Life)
		}
	}
	if !life.At(r.at) {
		return
	}
	m.Kind, m.Owner, m.Name, m.Life = kind, c.Name.Value, name, life
	m.Listed = len(life.Documented.Names) > 0
	fill(&m)
	c.Members = append(c.Members, m)
}

// over lays what a class says of a member over what its parent says.
func over(own, parent model.Life) model.Life {
	if !own.Doc.Given() {
		own.Doc = parent.Doc
	}
	if own.Since == nil {
		own.Since = parent.Since
	}
	if own.Until == nil {
		own.Until = parent.Until
	}
	if own.Deprecated == nil {
		own.Deprecated = parent.Deprecated
	}
	if !own.Instead.Given() {
		own.Instead = parent.Instead
	}
	if own.History == nil {
		own.History = parent.History
	}
	if !own.Deviation.Given() {
		own.Deviation = parent.Deviation
	}
	return own
}

func (c *Class) find(kind Kind, name string) *Member {
	for i, m := range c.Members {
		if m.Kind == kind && m.Name == name {
			return &c.Members[i]
		}
	}
	return nil
}

// List returns every member of the module that a document shows, or with all
// also those that only Node or only Go has, and the classes of other modules.
func (a *API) List(all bool) []Member {
	var list []Member
	add := func(members ...Member) {
		for _, m := range members {
			if m.Listed || all {
				list = append(list, m)
			}
		}
	}
	for _, c := range a.Classes {
		add(Member{Kind: KindClass, Owner: c.Module.Value, Name: c.Name.Value, Life: c.Life, Listed: c.Module.Value == "http"})
	}
	add(a.Functions...)
	add(a.Constants...)
	add(a.Constructors...)
	for _, kind := range []Kind{KindMethod, KindProperty, KindEvent} {
		for _, c := range a.Classes {
			for _, m := range c.Members {
				if m.Kind == kind && (c.Module.Value == "http" || all) {
					add(m)
				}
			}
		}
	}
	for _, set := range a.Options {
		add(set.Members...)
	}
	return list
}
