// Package resolve answers what Node's http module looks like in one version: the
// members that it has there, with what they inherit, their Go forms and their
// defaults. It expects a model that check found sound.
package resolve

import (
	"maps"
	"slices"
	"strings"

	"nodehttp/gen/internal/diag"
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
	// Params and Returns are what Node takes and gives in this version.
	Params  model.Map[model.Type]
	Returns *model.Type
	// Writable says that a property can be set.
	Writable bool
	// Default is the default in this version, nil if there is none.
	Default *model.Scalar
	Type    *model.Type
	Zero    string
	Values  []model.Text
	// Once says that an event fires at most once.
	Once bool
	// Inherited says that the class's parent implements the member.
	Inherited bool
	// Receiver is the Go type of which the forms are methods or fields, empty if they
	// are of the package.
	Receiver string
	// Extends is the parent of a class.
	Extends string
	// Overrides are the options that a constant was made with, in this version.
	Overrides model.Map[model.Override]
	// Listed says that the section of the class in a document names the member.
	Listed bool
	// Pos is where the model has the member.
	Pos diag.Pos
}

// Class is a class with its members: its own first, then those of its parent
// that it does not name itself.
type Class struct {
	*model.Class
	Parent  *Class
	Members []Member
	// absent are the members that other versions have: a heir may have had them
	// earlier, or have kept them.
	absent []Member
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
	Adapters     []Member // to net/http, in a package of their own
	Constants    []Member
	Options      []*Options
	Secure       Secure
	// Errors are the codes that something here throws or emits.
	Errors model.Map[model.ErrorCode]
	// Aliases are the shared types that something here names.
	Aliases model.Map[model.TypeDef]
	Profile Profile
	Spec    *model.Spec
	Surface *surface.Surface
}

// Secure is what https has beside http, in a package of its own. Versions without agents
// have none of it.
type Secure struct {
	Functions []Member
	Options   map[string][]Member // by the struct that has them
	Server    []Member            // methods and events of the server
	Aliases   model.Map[model.TypeDef]
}

type resolver struct {
	spec    *model.Spec
	surface *surface.Surface
	sources map[string]Source
	at      version.Version
	classes map[string]*Class
	fail    func(at diag.Pos, err error)
}

// At resolves spec for version v.
func At(spec *model.Spec, v version.Version) *API { return Checked(spec, v, func(diag.Pos, error) {}) }

// Checked is At that calls fail for every member that has no Go form there.
func Checked(spec *model.Spec, v version.Version, fail func(at diag.Pos, err error)) *API {
	r := &resolver{spec, surface.New(spec), Sources(spec), v, map[string]*Class{}, fail}
	api := &API{Version: v, Spec: spec, Surface: r.surface}
	for _, f := range spec.Functions {
		if f.Value.At(v) {
			api.Functions = append(api.Functions, r.function(KindFunction, "http", f.Name, f.Value, nil))
		}
	}
	for _, f := range spec.Adapters {
		if f.Value.At(v) {
			api.Adapters = append(api.Adapters, r.function(KindFunction, "nethttp", f.Name, f.Value, nil))
		}
	}
	api.Secure = r.secure()
	for _, c := range spec.Constants {
		if c.Value.At(v) {
			api.Constants = append(api.Constants, r.constant(c))
		}
	}
	for _, class := range spec.Classes {
		if !class.At(v) || r.hasOlderName(class) {
			continue
		}
		api.Classes = append(api.Classes, r.shown(r.class(class)))
		if class.Constructor != nil && class.Constructor.At(v) {
			name := class.Name.Value
			api.Constructors = append(api.Constructors, r.function(KindConstructor, name, name, class.Constructor, names{}.with(r, class.History)))
		}
	}
	for _, set := range spec.Options {
		if set.At(v) {
			api.Options = append(api.Options, r.options(set))
		}
	}
	api.Profile = r.profile()
	for _, e := range spec.Errors {
		if api.errs(e) {
			api.Errors = append(api.Errors, e)
		}
	}
	for _, t := range spec.Types {
		switch {
		case t.Value.Alias && api.names(t.Name):
			api.Aliases = append(api.Aliases, t)
		case t.Value.Alias && api.Secure.names(t.Name):
			api.Secure.Aliases = append(api.Secure.Aliases, t)
		}
	}
	return api
}

// secure resolves https.
func (r *resolver) secure() Secure {
	s := Secure{Options: map[string][]Member{}}
	for _, f := range r.spec.HTTPS {
		if f.Value.At(r.at) {
			s.Functions = append(s.Functions, r.function(KindFunction, "https", f.Name, f.Value, nil))
		}
	}
	for _, o := range r.spec.HTTPSOptions {
		if !o.Value.At(r.at) {
			continue
		}
		var forms []surface.Form
		if !o.Value.NoGo.Given() {
			forms = r.settled(o.Pos)(r.surface.Option(o.Name, &o.Value.Option, nil, o.Pos))
		}
		for _, name := range o.Value.For {
			m := r.member(KindOption, "https."+name.Value, o.Name, o.Value.Life, forms)
			m.Type, m.Pos, m.Receiver = o.Value.Type, o.Pos, name.Value
			s.Options[name.Value] = append(s.Options[name.Value], m)
		}
	}
	for _, f := range r.spec.HTTPSMethods {
		if f.Value.At(r.at) {
			m := r.function(KindMethod, "https.Server", f.Name, &model.Function{Place: f.Value.Place, Life: f.Value.Life, Callable: f.Value.Callable}, nil)
			s.Server = append(s.Server, m)
		}
	}
	for _, e := range r.spec.HTTPSEvents {
		if e.Value.At(r.at) {
			m := r.member(KindEvent, "https.Server", e.Name, e.Value.Life, r.settled(e.Pos)(r.surface.Event(e.Name, e.Value, e.Pos)))
			m.Params, m.Pos = e.Value.Params, e.Pos
			s.Server = append(s.Server, m)
		}
	}
	return s
}

// names reports whether a symbol of https names the alias.
func (s *Secure) names(alias string) (found bool) {
	for _, members := range s.Options {
		for _, m := range members {
			for _, form := range m.Forms {
				form.Names(func(pkg, name string) { found = found || pkg == "" && name == alias })
			}
		}
	}
	return found
}

// shown returns c with the names that its members have in the version.
func (r *resolver) shown(c *Class) *Class {
	named := *c
	named.Members = slices.Clone(c.Members)
	for i, m := range named.Members {
		named.Members[i].Name = m.NameAt(m.Name, r.at)
	}
	return &named
}

// hasOlderName reports whether the objects of class go by other names in the
// version.
func (r *resolver) hasOlderName(class *model.Class) bool {
	return slices.ContainsFunc(r.spec.Classes, func(older *model.Class) bool {
		return older.OlderNameOf.Value == class.Name.Value && older.At(r.at)
	})
}

// names reports whether a symbol of the package names the alias. Programs in every
// version need the errors and what a listener's method returns.
func (a *API) names(alias string) bool {
	found := slices.Contains([]string{"Error", "PanicError", "Subscription"}, alias)
	look := func(members []Member) {
		for _, m := range members {
			for _, form := range m.Forms {
				form.Names(func(pkg, name string) { found = found || pkg == "" && name == alias })
			}
		}
	}
	look(a.Package())
	for _, class := range a.Classes {
		look(class.Members)
	}
	for _, set := range a.Options {
		look(set.Members)
	}
	return found
}

// Callables are the functions and the constructors.
func (a *API) Callables() []Member { return slices.Concat(a.Functions, a.Constructors) }

// Package is what a generated package has beside its types.
func (a *API) Package() []Member { return slices.Concat(a.Functions, a.Constructors, a.Constants) }

// Class returns a class, nil if there is none of that name.
func (a *API) Class(name string) *Class {
	for _, c := range a.Classes {
		if c.Name.Value == name {
			return c
		}
	}
	return nil
}

// Member returns what the class has under a name, nil if there is nothing.
func (c *Class) Member(kind Kind, name string) *Member {
	for i, m := range c.Members {
		if m.Kind == kind && m.Name == name {
			return &c.Members[i]
		}
	}
	return nil
}

// errs reports whether something in a throws or emits the error.
func (a *API) errs(e model.Named[model.ErrorCode]) bool {
	throws := func(m Member) bool {
		return slices.ContainsFunc(m.Throws, func(t model.Throw) bool { return t.Code.Value == e.Name })
	}
	if slices.ContainsFunc(a.Callables(), throws) {
		return true
	}
	if !e.Value.At(a.Version) {
		return false
	}
	for _, c := range a.Classes {
		tells := func(m Member) bool {
			return m.Kind == KindEvent && slices.ContainsFunc(e.Value.Told, func(t model.Text) bool {
				return t.Value == c.Runtime()+"."+m.Name
			})
		}
		if slices.ContainsFunc(c.Members, throws) || slices.ContainsFunc(c.Members, tells) {
			return true
		}
	}
	return false
}

func (r *resolver) member(kind Kind, owner, name string, life model.Life, forms []surface.Form) Member {
	life.Doc = r.doc(life)
	return Member{
		Kind: kind, Owner: owner, Name: name, Life: life, Forms: forms,
		Listed: len(life.Documented.Names) > 0,
	}
}

// settled returns the forms of a member, and reports why it has none.
func (r *resolver) settled(at diag.Pos) func([]surface.Form, error) []surface.Form {
	return func(forms []surface.Form, err error) []surface.Form {
		if err != nil {
			r.fail(at, err)
		}
		return forms
	}
}

func (r *resolver) function(kind Kind, owner, name string, f *model.Function, n names) Member {
	callable := r.callable(f.Callable, f.History, n)
	if kind == KindFunction {
		name = f.NameAt(name, r.at)
	}
	var forms []surface.Form
	if !f.NoGo.Given() {
		forms = r.settled(f.Pos)(r.surface.Callable(name, &callable, f.Pos))
	}
	m := r.member(kind, owner, name, f.Life, forms)
	m.Throws, m.Params, m.Returns, m.Pos = r.throws(callable), callable.Params, callable.Returns, f.Pos
	return m
}

func (r *resolver) constant(c model.Named[model.Constant]) Member {
	value := *c.Value
	value.Go = r.forms(value.Go, nil)
	name := c.Value.NameAt(c.Name, r.at)
	var forms []surface.Form
	if !value.NoGo.Given() {
		forms = r.settled(c.Pos)(r.surface.Constant(name, &value, c.Pos))
	}
	m := r.member(KindConstant, "http", name, c.Value.Life, forms)
	m.Pos = c.Pos
	m.Type = c.Value.Type
	m.Default = Effective(r.sources, &c.Value.Default, c.Value.History, r.at)
	for _, o := range c.Value.Overrides {
		held := *o.Value
		held.Value = valueAt(o.Value.Value, o.Value.History, r.at)
		m.Overrides = append(m.Overrides, model.Named[model.Override]{Name: o.Name, Pos: o.Pos, Value: &held})
	}
	return m
}

func (r *resolver) options(set *model.OptionSet) *Options {
	options := &Options{OptionSet: set}
	for _, o := range set.Members {
		if !o.Value.At(r.at) {
			continue
		}
		effective := Effective(r.sources, &o.Value.Default, o.Value.History, r.at)
		was := r.option(o.Value, names{}.with(r, set.History))
		var forms []surface.Form
		if !o.Value.NoGo.Given() {
			forms = r.settled(o.Pos)(r.surface.Option(o.Value.NameAt(o.Name, r.at), was, effective, o.Pos))
		}
		m := r.member(KindOption, set.Owner.Value, o.Value.NameAt(o.Name, r.at), o.Value.Life, forms)
		m.Default, m.Type, m.Zero, m.Values, m.Pos = effective, was.Type, o.Value.Zero.Value, o.Value.Values, o.Pos
		m.Receiver = set.Struct.Value
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
	i := slices.IndexFunc(r.spec.Classes, func(p *model.Class) bool { return p.Name.Value == class.Parent().Value })
	if i >= 0 {
		c.Parent = r.class(r.spec.Classes[i])
	}
	n := names{}.with(r, class.History)
	for _, e := range class.Events {
		r.add(c, KindEvent, e.Name, e.Pos, e.Value.Life, func(m *Member) {
			event := r.event(e.Value, n)
			event.Once = event.Once || m.Once
			if len(event.Params) > 0 || len(event.Go) > 0 || m.Forms == nil {
				m.Params = event.Params
				if !m.NoGo.Given() {
					m.Forms = r.settled(e.Pos)(r.surface.Event(m.NameAt(e.Name, r.at), event, e.Pos))
				}
			}
			m.Once = event.Once
		})
	}
	for _, method := range class.Methods {
		r.add(c, KindMethod, method.Name, method.Pos, method.Value.Life, func(m *Member) {
			callable := r.callable(method.Value.Callable, method.Value.History, n)
			if method.Value.Option.Given() || m.NoGo.Given() {
				m.Params, m.Returns = callable.Params, callable.Returns
				return
			}
			if m.Forms != nil && !shapes(method.Value.Callable) {
				callable.Params = m.Params
				m.Throws = slices.Concat(m.Throws, r.throws(callable))
				return
			}
			m.Forms = r.settled(method.Pos)(r.surface.Callable(m.NameAt(method.Name, r.at), &callable, method.Pos))
			m.Throws, m.Params, m.Returns = r.throws(callable), callable.Params, callable.Returns
		})
	}
	for _, p := range class.Properties {
		r.add(c, KindProperty, p.Name, p.Pos, p.Value.Life, func(m *Member) {
			was := r.property(p.Value, n)
			if p.Value.Type != nil || len(p.Value.Go) > 0 || m.Forms == nil {
				m.Type, m.Writable = was.Type, was.Writable
				if !m.NoGo.Given() {
					m.Forms = r.settled(p.Pos)(r.surface.Property(m.NameAt(p.Name, r.at), was, p.Pos))
				}
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
	for _, m := range c.Parent.absent {
		if !r.says(class, m) {
			c.absent = append(c.absent, m)
		}
	}
	for _, m := range c.Parent.Members {
		if c.find(m.Kind, m.Name) == nil && !r.says(class, m) {
			m.Owner, m.Receiver, m.Inherited, m.Listed = name, name, true, false
			c.Members = append(c.Members, m)
		}
	}
	return c
}

// says reports whether class itself says something of m, be it that this version
// lacks it.
func (r *resolver) says(class *model.Class, m Member) bool {
	if slices.ContainsFunc(class.Without, func(t model.Text) bool { return t.Value == m.Name }) {
		return true
	}
	switch m.Kind {
	case KindEvent:
		return class.Events.Get(m.Name) != nil
	case KindMethod:
		return class.Methods.Get(m.Name) != nil
	}
	return class.Properties.Get(m.Name) != nil
}

// shapes reports whether c has another signature than its parent's member of that
// name.
func shapes(c model.Callable) bool {
	return len(c.Params) > 0 || c.Returns != nil || len(c.Go) > 0
}

// throws returns the errors of c: an argument that it does not take cannot be wrong.
func (r *resolver) throws(c model.Callable) []model.Throw {
	var possible []model.Throw
	for _, t := range c.Throws {
		missing := slices.ContainsFunc(t.Args, func(arg model.Named[model.Scalar]) bool {
			name, _, _ := strings.Cut(arg.Name, ".")
			return c.Params.Get(name) == nil && c.Params.Get(name+"?") == nil
		})
		if !missing && t.At(r.at) {
			possible = append(possible, t)
		}
	}
	return possible
}

// add gives c a member on top of what its parent says of it.
func (r *resolver) add(c *Class, kind Kind, name string, at diag.Pos, life model.Life, fill func(m *Member)) {
	var m Member
	if c.Parent != nil {
		inherited := c.Parent.find(kind, name)
		if inherited == nil {
			inherited = find(c.Parent.absent, kind, name)
		}
		if inherited != nil {
			m = *inherited
			m.Inherited = true
			life = over(life, inherited.Life)
		}
	}
	life.Doc = r.doc(life)
	m.Kind, m.Owner, m.Name, m.Life, m.Pos = kind, c.Name.Value, name, life, at
	m.Receiver = c.Name.Value
	m.Listed = len(life.Documented.Names) > 0
	if life.At(r.at) {
		fill(&m)
		c.Members = append(c.Members, m)
		return
	}
	fail := r.fail
	r.fail = func(diag.Pos, error) {}
	fill(&m)
	r.fail = fail
	c.absent = append(c.absent, m)
}

// over applies what a class says of a member to what its parent says.
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
	if own.RenamedFrom == nil {
		own.RenamedFrom = parent.RenamedFrom
	}
	if !own.NoGo.Given() {
		own.NoGo = parent.NoGo
	}
	if !own.Deviation.Given() {
		own.Deviation = parent.Deviation
	}
	return own
}

func (c *Class) find(kind Kind, name string) *Member { return find(c.Members, kind, name) }

func find(members []Member, kind Kind, name string) *Member {
	for i, m := range members {
		if m.Kind == kind && m.Name == name {
			return &members[i]
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
		add(Member{
			Kind: KindClass, Owner: c.Module.Value, Name: c.Name.Value, Life: c.Life, Extends: c.Extends.Value,
			Listed: c.Module.Value == "http" && len(c.Documented.Names) > 0, Pos: c.Pos,
		})
	}
	add(a.Functions...)
	add(a.Adapters...)
	add(a.Secure.Functions...)
	add(a.Secure.Server...)
	for _, set := range slices.Sorted(maps.Keys(a.Secure.Options)) {
		add(a.Secure.Options[set]...)
	}
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
