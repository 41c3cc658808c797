// Package check finds what is wrong in a model whose files could be read:
// references to nothing, versions that cannot be, facts that contradict each
// other or are missing. It adds to the list of findings and changes nothing.
package check

import (
	"errors"
	"go/ast"
	"go/token"
	"math"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"nodehttp/gen/internal/diag"
	"nodehttp/gen/internal/goform"
	"nodehttp/gen/internal/model"
	"nodehttp/gen/internal/resolve"
	"nodehttp/gen/internal/surface"
	"nodehttp/gen/internal/version"
)

type checker struct {
	spec    *model.Spec
	errs    *diag.List
	surface *surface.Surface
	sources map[string]resolve.Source
	classes map[string]*model.Class
	newest  version.Version
	// misnamed says that the name of a document, a class or a member is invalid.
	misnamed bool
}

// Spec checks the whole model.
func Spec(spec *model.Spec, errs *diag.List) {
	c := &checker{spec, errs, surface.New(spec), resolve.Sources(spec), map[string]*model.Class{}, version.Version{}, false}
	c.documents()
	c.classNames()
	c.memberNames()
	if c.misnamed {
		return // or all that comes of the names would be wrong, too
	}
	c.types()
	if errs.Empty() { // or what could not be read would be missed in the documents
		c.indexes()
	}
	c.errors()
	for _, f := range slices.Concat(spec.Functions, spec.Adapters) {
		c.life(f.Name, &f.Value.Life, f.Pos, nil, true)
		c.formless(&f.Value.Life, f.Value.Go)
		if f.Value.NoGo.Given() {
			c.signature(&f.Value.Callable, nil)
			continue
		}
		c.callable(f.Name, &f.Value.Callable, f.Pos, nil)
	}
	c.https()
	for _, k := range spec.Constants {
		c.constant(k)
	}
	for _, b := range spec.Behaviours {
		c.life(b.Name, &b.Value.Life, b.Pos, nil, true)
		c.value("behaviours."+b.Name, &b.Value.Default, b.Value.Type, b.Value.History)
		c.typeNames(b.Value.Type)
	}
	for _, class := range spec.Classes {
		c.class(class)
	}
	for _, set := range spec.Options {
		c.options(set)
	}
	for _, o := range spec.Orders {
		c.sequence(o)
	}
	c.tables()
	for _, d := range c.spec.Deviations {
		c.entry(d.Value.Since, d.Value.Until)
	}
	c.profile()
	c.dates()
	if errs.Empty() {
		c.eachVersion()
	}
}

// https checks what https has beside http.
func (c *checker) https() {
	for _, f := range c.spec.HTTPS {
		c.life(f.Name, &f.Value.Life, f.Pos, nil, true)
		c.callable(f.Name, &f.Value.Callable, f.Pos, nil)
	}
	for _, o := range c.spec.HTTPSOptions {
		c.life(o.Name, &o.Value.Life, o.Pos, nil, true)
		c.typeNames(o.Value.Type)
		c.formless(&o.Value.Life, o.Value.Go)
		for _, name := range o.Value.For {
			if !c.surface.IsStruct(name.Value) {
				c.errs.Addf(name.Pos, "%q is no options type", name.Value)
			}
		}
		if o.Value.Type != nil && !o.Value.NoGo.Given() {
			forms, err := c.surface.Option(o.Name, &o.Value.Option, nil, o.Pos)
			c.goForm(o.Pos, forms, err, true)
		}
	}
	for _, m := range c.spec.HTTPSMethods {
		c.life(m.Name, &m.Value.Life, m.Pos, nil, true)
		c.callable(m.Name, &m.Value.Callable, m.Pos, nil)
	}
	for _, e := range c.spec.HTTPSEvents {
		c.life(e.Name, &e.Value.Life, e.Pos, nil, true)
		c.params(e.Value.Params)
		forms, err := c.surface.Event(e.Name, e.Value, e.Pos)
		c.goForm(e.Pos, forms, err, false)
	}
}

// eachVersion checks what only a whole version shows, in each version that a
// document describes.
func (c *checker) eachVersion() {
	for _, d := range c.spec.Documents {
		at := d.Value.Node.Value
		resolve.Checked(c.spec, at, func(pos diag.Pos, err error) { c.goForm(pos, nil, err, false) })
		for _, class := range c.spec.Classes {
			if class.At(at) {
				c.goNames(class, at)
			}
		}
	}
}

func (c *checker) documents() {
	if len(c.spec.Documents) == 0 {
		c.errs.Addf(diag.Pos{File: "spec/versions.yaml", Line: 1, Column: 1}, "the model has no document")
		c.misnamed = true
	}
	packages := map[string]string{"http": "the newest version", "https": "the newest version", "profile": "the defaults"}
	for _, d := range c.spec.Documents {
		if name := d.Value.Package; name.Given() {
			switch of, taken := packages[name.Value]; {
			case !isPackage(name.Value):
				c.errs.Addf(name.Pos, "%q is no name of a Go package", name.Value)
			case taken:
				c.errs.Addf(name.Pos, "the package %s is that of %s", name.Value, of)
			}
			packages[name.Value] = d.Name
		}
		v, err := version.Parse(d.Name)
		if err != nil {
			c.errs.Addf(d.Pos, "%s", err)
			c.misnamed = true
			continue
		}
		node := d.Value.Node
		if node.Value == (version.Version{}) {
			c.misnamed = true // or everything would be newer than the newest document
			continue
		}
		if !node.Value.Full() || !node.Value.Within(v) || !c.spec.Released(node.Value) {
			c.errs.Addf(node.Pos, "%s is not a release of %s", node.Value, v)
		}
		if node.Value.Compare(c.newest) <= 0 {
			c.errs.Addf(node.Pos, "%s is not newer than %s: the oldest comes first", node.Value, c.newest)
			continue
		}
		c.newest = node.Value
		if r := d.Value.Referee; r.Given() && (!r.Value.Full() || !c.spec.Released(r.Value)) {
			c.errs.Addf(r.Pos, "there is no release %s", r.Value)
		}
	}
}

func (c *checker) classNames() {
	structs := map[string]bool{}
	for _, class := range c.spec.Classes {
		name := class.Name
		switch {
		case !isName(name.Value):
			c.errs.Addf(name.Pos, "%q is not a name", name.Value)
			c.misnamed = true
		case c.classes[name.Value] != nil:
			c.errs.Addf(name.Pos, "class %q is defined twice: the first is in %s", name.Value, c.classes[name.Value].Pos.File)
		case c.spec.Types.Get(name.Value) != nil:
			c.errs.Addf(name.Pos, "%q is a class and a type", name.Value)
		default:
			c.classes[name.Value] = class
		}
	}
	for _, set := range c.spec.Options {
		name := set.Struct
		if name.Given() && (structs[name.Value] || c.classes[name.Value] != nil || c.spec.Types.Get(name.Value) != nil) {
			c.errs.Addf(name.Pos, "%q is defined twice", name.Value)
		}
		structs[name.Value] = true
	}
}

// isName reports whether text can be a name in JavaScript and in Go.
var isName = regexp.MustCompile(`^[A-Za-z_$][A-Za-z0-9_$]*$`).MatchString

// isMember is isName for a method or property, whose name can be a symbol, too.
var isMember = regexp.MustCompile(`^(Symbol\.)?[A-Za-z_$][A-Za-z0-9_$]*$`).MatchString

// isPackage reports whether text can be a Go package's name and its directory's.
func isPackage(text string) bool {
	return token.IsIdentifier(text) && strings.ToLower(text) == text && text[0] != '_' && !strings.HasSuffix(text, "_test")
}

func (c *checker) memberNames() {
	names(c, c.spec.Functions, isName)
	names(c, c.spec.Constants, isName)
	names(c, c.spec.Behaviours, isName)
	for _, class := range c.spec.Classes {
		names(c, class.Events, isName)
		names(c, class.Methods, isMember)
		names(c, class.Properties, isMember)
	}
	for _, set := range c.spec.Options {
		names(c, set.Members, isName)
	}
}

// names reports members whose names are invalid.
func names[T any](c *checker, members model.Map[T], isName func(string) bool) {
	for _, m := range members {
		if !isName(m.Name) {
			c.errs.Addf(m.Pos, "%q is not a name", m.Name)
			c.misnamed = true
		}
	}
}

func (c *checker) types() {
	for _, t := range c.spec.Types {
		if t.Value.Alias && (!t.Value.Go.Given() || !t.Value.Doc.Given()) {
			c.errs.Addf(t.Pos, "the alias %q needs go and doc", t.Name)
		}
		if len(t.Value.Constants) > 0 && !t.Value.Alias {
			c.errs.Addf(t.Pos, "only an alias has constants")
		}
		if len(t.Value.Exports) > 0 && !t.Value.Alias {
			c.errs.Addf(t.Pos, "only an alias has exports")
		}
	}
}

func (c *checker) errors() {
	sentinels := map[string]string{}
	for _, e := range c.spec.Errors {
		c.oneOf(e.Value.Kind, "kind of error", model.ErrorKinds)
		for _, told := range e.Value.Told {
			c.told(told)
		}
		if s := e.Value.Sentinel; s.Given() {
			if of, taken := sentinels[s.Value]; taken {
				c.errs.Addf(s.Pos, "%s is the sentinel of %s", s.Value, of)
			}
			sentinels[s.Value] = e.Name
		}
	}
}

// life checks in which versions a thing exists and what its history says. class is
// the class of a member, nil for the module's; standing says that there is no parent
// to say the rest.
func (c *checker) life(name string, l *model.Life, pos diag.Pos, class *model.Class, standing bool) {
	if standing && !l.Doc.Given() {
		c.errs.Addf(pos, "missing key %q", "doc")
	}
	origins := 0
	for _, given := range []bool{l.Documented.Given, l.From.Given(), l.GoOnly} {
		if given {
			origins++
		}
	}
	if origins != 1 {
		c.errs.Addf(pos, "say where it comes from by one of documented, from and go_only")
	}
	sound := c.versions(l.Since)
	sound = c.versions(l.Until) && sound
	for _, d := range l.Documented.Names {
		document := c.spec.Documents.Get(d.Value)
		switch {
		case document == nil:
			c.errs.Addf(d.Pos, "unknown document %q", d.Value)
		case sound && document.Node.Given() && !l.At(document.Node.Value):
			c.errs.Addf(d.Pos, "the document shows %s, which does not have it: it is there %s", document.Node.Value, span(l))
		}
	}
	if l.From.Given() && !c.surface.Knows(l.From.Value) {
		c.errs.Addf(l.From.Pos, "unknown class %q", l.From.Value)
	}
	c.versions(l.Deprecated)
	c.order(l.Since, l.Until, "until")
	c.order(l.Since, l.Deprecated, "deprecated")
	if l.Instead.Given() && len(l.Deprecated) == 0 {
		c.errs.Addf(l.Instead.Pos, "instead is for what is deprecated")
	}
	if l.Instead.Given() && !c.known(l.Instead.Value, class) {
		c.errs.Addf(l.Instead.Pos, "there is no %s to use instead", l.Instead.Value)
	}
	for _, r := range l.RenamedFrom {
		c.versions(r.In)
		c.order(l.Since, r.In, "a renaming")
		if r.Name.Value == name {
			c.errs.Addf(r.Name.Pos, "%s has not been renamed from itself", name)
		}
	}
	c.history(l)
}

// known reports whether a text names a replacement: a member or an event of class,
// or something of the module.
func (c *checker) known(text string, class *model.Class) bool {
	if class == nil {
		return c.spec.Functions.Get(text) != nil || c.spec.Constants.Get(text) != nil || c.classes[text] != nil
	}
	found := inherit(c, class, func(class *model.Class) *bool {
		event, isEvent := strings.CutSuffix(text, "' event")
		has := isEvent && class.Events.Get(strings.TrimPrefix(event, "'")) != nil ||
			class.Methods.Get(text) != nil || class.Properties.Get(text) != nil
		if !has {
			return nil
		}
		return &has
	})
	return found != nil
}

// history checks the changes of a thing, each alone and all together.
func (c *checker) history(l *model.Life) {
	for i, change := range l.History {
		c.change(change)
		c.order(l.Since, change.In, "a change")
		for _, before := range l.History[:i] {
			if len(change.In) > 0 && change.Kind.Value == before.Kind.Value && change.In.Set().String() == before.In.Set().String() {
				c.errs.Addf(change.In[0].Pos, "the history has two changes of %s in %s: make one of them", change.Kind.Value, change.In.Set())
			}
		}
	}
}

// span says in words in which releases a thing exists.
func span(l *model.Life) string {
	var parts []string
	if len(l.Since) > 0 {
		parts = append(parts, "since "+l.Since.Set().String())
	}
	if len(l.Until) > 0 {
		parts = append(parts, "until "+l.Until.Set().String())
	}
	return strings.Join(parts, " ")
}

func (c *checker) change(change model.Change) {
	c.versions(change.In)
	c.shape(change.Was)
	c.oneOf(change.Kind, "kind of change", model.ChangeKinds)
	if change.Kind.Value == "default" {
		if change.From == nil {
			c.errs.Addf(change.Kind.Pos, "a change of a default says the old one with from")
		}
	} else if !change.Text.Given() && change.Kind.Given() {
		c.errs.Addf(change.Kind.Pos, "a change says in text what changed")
	}
}

// shape checks what a change replaced.
func (c *checker) shape(was *model.Shape) {
	if was == nil {
		return
	}
	c.params(was.Params.Value)
	c.typeNames(was.Returns)
	c.typeNames(was.Type)
	if forms, err := c.surface.Listed(was.Go.Value); len(was.Go.Value) > 0 {
		c.goForm(was.Go.Pos, forms, err, len(forms) > 0 && forms[0].Func == nil)
	}
	for _, t := range was.Types {
		for _, name := range []model.Text{{Value: t.Name, Pos: t.Pos}, *t.Value} {
			if name.Value != "" && c.classes[name.Value] == nil {
				c.errs.Addf(name.Pos, "unknown class %q", name.Value)
			}
		}
	}
}

// versions checks that vs are releases that the model knows, and reports whether
// they are.
func (c *checker) versions(vs model.Versions) (sound bool) {
	sound = true
	for i, v := range vs {
		switch {
		case v.Value == version.Version{}: // could not be parsed
			sound = false
		case !v.Value.Full():
			c.errs.Addf(v.Pos, "%s is not one release: want vMAJOR.MINOR.PATCH", v.Value)
			sound = false
		case v.Value.Compare(c.newest) > 0 && vs[len(vs)-1].Value.Compare(c.newest) > 0: // or it was backported
			c.errs.Addf(v.Pos, "%s is newer than the newest document, %s", v.Value, c.newest)
			sound = false
		case !c.spec.Released(v.Value):
			c.errs.Addf(v.Pos, "there is no release %s", v.Value)
			sound = false
		case i > 0 && v.Value.SameLine(vs[i-1].Value):
			c.errs.Addf(v.Pos, "%s and %s are of one release line, which a change reaches once", vs[i-1].Value, v.Value)
		case i > 0 && v.Value.Compare(vs[i-1].Value) > 0:
			c.errs.Addf(v.Pos, "%s is newer than %s: the newest comes first", v.Value, vs[i-1].Value)
		}
	}
	return sound
}

// entry checks the versions of a table's entry, which has no history.
func (c *checker) entry(since, until model.Versions) {
	c.versions(since)
	c.versions(until)
	c.order(since, until, "until")
}

// order reports that something happened before the thing existed.
func (c *checker) order(since, later model.Versions, what string) {
	if len(since) > 0 && len(later) > 0 && later.Set().First().Compare(since.Set().First()) < 0 {
		c.errs.Addf(later[0].Pos, "%s %s is older than since %s", what, later.Set(), since.Set())
	} else if what == "until" && len(since) > 0 && len(later) > 0 && later.Set().First() == since.Set().First() {
		c.errs.Addf(later[0].Pos, "what is there since %s until %s is never there", since.Set(), later.Set())
	}
}

// told checks the name of an event that delivers an error.
func (c *checker) told(event model.Text) {
	class, name, _ := strings.Cut(event.Value, ".")
	found := inherit(c, c.classes[class], func(class *model.Class) *model.Event { return class.Events.Get(name) })
	if event.Given() && found == nil {
		c.errs.Addf(event.Pos, "there is no event %q", event.Value)
	}
}

func (c *checker) oneOf(text model.Text, what string, allowed []string) {
	if text.Given() && !slices.Contains(allowed, text.Value) {
		c.errs.Addf(text.Pos, "unknown %s %q: want %s", what, text.Value, strings.Join(allowed, ", "))
	}
}

func (c *checker) typeNames(t *model.Type) {
	if t == nil {
		return
	}
	t.Names(func(name string) {
		if !c.surface.Knows(name) {
			c.errs.Addf(t.Pos, "unknown type %q", name)
		}
	})
}

// goForm reports why a member has no Go form.
func (c *checker) goForm(pos diag.Pos, forms []surface.Form, err error, fields bool) {
	var located *surface.Error
	switch {
	case errors.Is(err, surface.ErrUnread):
	case errors.As(err, &located):
		c.errs.Addf(located.Pos, "%s", located.Message)
	case err != nil:
		c.errs.Addf(pos, "%s", err)
	}
	for _, form := range forms {
		if fields != (form.Func == nil) {
			c.errs.Addf(pos, "an option is a Go field, everything else a Go function: %q is not", form.Name)
		}
	}
}

// params checks the types of parameters, and that those that may be left out are
// the last.
func (c *checker) params(params model.Map[model.Type]) {
	for i, p := range params {
		c.typeNames(p.Value)
		if i > 0 && strings.HasSuffix(params[i-1].Name, "?") && !strings.HasSuffix(p.Name, "?") {
			c.errs.Addf(p.Pos, "the parameter %s is required, and %s before it is not", p.Name, strings.TrimSuffix(params[i-1].Name, "?"))
		}
	}
}

// formless reports Go forms of a member with a reason to have none.
func (c *checker) formless(l *model.Life, forms []model.Form) {
	if l.NoGo.Given() && len(forms) > 0 {
		c.errs.Addf(l.NoGo.Pos, "no_go says why there is no Go form, and go has one")
	}
}

// signature checks the parameters, results and errors of a call.
func (c *checker) signature(f *model.Callable, class *model.Class) {
	c.params(f.Params)
	c.typeNames(f.Returns)
	for _, t := range f.Throws {
		c.throw(t, f, class)
	}
}

func (c *checker) callable(name string, f *model.Callable, pos diag.Pos, class *model.Class) {
	c.signature(f, class)
	forms, err := c.surface.Callable(name, f, pos)
	c.goForm(pos, forms, err, false)
	c.called(f, forms, pos)
}

// called checks what functions are called: no type has the name of a function, and
// a name ends in With if and only if the function takes an options type. What makes
// an object has its class in its name: NewAgent.
func (c *checker) called(f *model.Callable, forms []surface.Form, pos diag.Pos) {
	for i, form := range forms {
		if form.Func == nil {
			continue // which is reported
		}
		at := pos
		if len(f.Go) > 0 {
			at = f.Go[i].Text.Pos
		}
		options := false
		for _, p := range goform.Params(form.Func) {
			name, _ := p.Type.(*ast.Ident)
			options = options || name != nil && c.surface.IsStruct(name.Name)
		}
		switch {
		case c.surface.IsClass(form.Name) || c.surface.IsStruct(form.Name) || c.surface.IsAlias(form.Name):
			c.errs.Addf(at, "%s is a type: the name of a function begins with a verb", form.Name)
		case options != strings.HasSuffix(form.Name, "With") && !strings.HasPrefix(form.Name, "New"):
			c.errs.Addf(at, "%s: the name of a function that takes an options type ends in With, and of no other", form.Name)
		}
	}
}

func (c *checker) throw(t model.Throw, f *model.Callable, class *model.Class) {
	c.entry(t.Since, t.Until)
	if t.Code.Given() && c.spec.Errors.Get(t.Code.Value) == nil {
		c.errs.Addf(t.Code.Pos, "unknown error code %q", t.Code.Value)
	}
	if class == nil && len(t.Set) > 0 {
		c.errs.Addf(t.Set[0].Pos, "a function has no properties to set")
	} else {
		c.settings(t.Set, class)
	}
	for _, after := range t.After {
		c.step(after, class)
	}
	c.arguments(t.Args, f)
}

func (c *checker) constant(k model.Named[model.Constant]) {
	c.life(k.Name, &k.Value.Life, k.Pos, nil, true)
	c.typeNames(k.Value.Type)
	c.formless(&k.Value.Life, k.Value.Go)
	c.oneOf(k.Value.Profile, "profile", model.Profiles)
	c.value("http."+k.Name, &k.Value.Default, k.Value.Type, k.Value.History)
	if k.Value.Type != nil && !k.Value.NoGo.Given() {
		forms, err := c.surface.Constant(k.Name, k.Value, k.Pos)
		c.goForm(k.Pos, forms, err, false)
	}
	if len(k.Value.Overrides) > 0 && !k.Value.Profile.Given() {
		c.errs.Addf(k.Pos, "overrides need a profile to stand in")
	}
	for _, o := range k.Value.Overrides {
		source, ok := c.sources["options."+typeName(k.Value.Type)+"."+o.Name]
		if !ok {
			c.errs.Addf(o.Pos, "%s has no option %q", typeName(k.Value.Type), o.Name)
			continue
		}
		c.history(&model.Life{History: o.Value.History})
		c.defaults(o.Value.Value, o.Value.History, source.Type, source.Values)
	}
}

func typeName(t *model.Type) string {
	if t == nil || len(t.Union) != 1 {
		return ""
	}
	return t.Union[0].Name
}

// value checks the default of the member called name.
func (c *checker) value(name string, d *model.Default, t *model.Type, history []model.Change) {
	if d.Zero.Given() && t != nil && !t.Is("integer") && !t.Is("milliseconds") {
		c.errs.Addf(d.Zero.Pos, "zero is for numbers: %s is of type %s", name, t)
	}
	if d.Value != nil && d.Of.Given() {
		c.errs.Addf(d.Of.Pos, "%s has a default of its own", name)
	}
	if d.Of.Given() {
		c.defaultOf(name, d, t)
	}
	if d.Value == nil {
		if d.Before != nil {
			c.errs.Addf(d.Before.Pos, "what held before is for what has a default of its own")
		}
		return
	}
	c.defaults(d.Value, history, t, d.Values)
	c.scalar(d.Before, t, d.Values)
}

// defaults checks a default and those before it: each change has made another.
func (c *checker) defaults(now *model.Scalar, history []model.Change, t *model.Type, values []model.Text) {
	c.printable(now)
	c.scalar(now, t, values)
	var changes []model.Change
	for _, change := range history {
		if change.Kind.Value == "default" && change.From != nil && len(change.In) > 0 {
			c.printable(change.From)
			c.scalar(change.From, t, values)
			changes = append(changes, change)
		}
	}
	slices.SortStableFunc(changes, func(a, b model.Change) int { return b.In.Set().First().Compare(a.In.Set().First()) })
	for _, change := range changes {
		if now != nil && change.From.Kind == now.Kind && change.From.Text() == now.Text() {
			c.errs.Addf(change.From.Pos, "%s is what holds since %s, too", now.Text(), change.In.Set())
		}
		now = change.From
	}
}

// printable reports a text with a character that cannot be shown.
func (c *checker) printable(s *model.Scalar) {
	if s != nil && strings.ContainsFunc(s.String, unicode.IsControl) {
		c.errs.Addf(s.Pos, "%q has a control character", s.String)
	}
}

// defaultOf follows a reference to another's default to its end.
func (c *checker) defaultOf(name string, d *model.Default, t *model.Type) {
	seen := map[string]bool{name: true}
	for at := d; at.Of.Given(); {
		next, ok := c.sources[at.Of.Value]
		switch {
		case !ok:
			c.errs.Addf(d.Of.Pos, "there is no %q to have the default of", at.Of.Value)
			return
		case seen[at.Of.Value]:
			c.errs.Addf(d.Of.Pos, "the defaults refer to each other in a circle")
			return
		case next.Value == nil && !next.Of.Given():
			c.errs.Addf(d.Of.Pos, "%s has no default", at.Of.Value)
			return
		case t != nil && next.Type != nil && typeName(t) != typeName(next.Type):
			c.errs.Addf(d.Of.Pos, "%s is of type %s, not %s", at.Of.Value, typeName(next.Type), typeName(t))
			return
		}
		seen[at.Of.Value] = true
		at = next.Default
	}
}

// scalar checks that s is a value of type t.
func (c *checker) scalar(s *model.Scalar, t *model.Type, values []model.Text) {
	if s == nil || t == nil || s.Kind == "" {
		return
	}
	var fits bool
	switch typeName(t) {
	case "boolean":
		fits = s.Kind == model.Boolean
	case "integer":
		fits = s.Kind == model.Integer && s.Int >= 0 || s.Kind == model.Infinity
	case "milliseconds": // a time.Duration in Go
		fits = s.Kind == model.Integer && s.Int >= 0 && s.Int <= math.MaxInt64/int(time.Millisecond) || s.Kind == model.Infinity
	case "string":
		fits = s.Kind == model.String
	}
	if !fits {
		c.errs.Addf(s.Pos, "%s is not a value of type %s", s.Text(), typeName(t))
		return
	}
	allowed := func(v model.Text) bool { return v.Value == s.String }
	if len(values) > 0 && !slices.ContainsFunc(values, allowed) {
		c.errs.Addf(s.Pos, "%s is not one of the values", s.Text())
	}
}

func (c *checker) class(class *model.Class) {
	c.life(class.Name.Value, &class.Life, class.Pos, nil, true)
	if name := class.Extends; name.Given() && !c.surface.Knows(name.Value) {
		c.errs.Addf(name.Pos, "unknown class %q", name.Value)
	}
	c.oneOf(class.Profile, "profile", model.Profiles)
	c.olderName(class)
	if c.cycle(class) {
		return
	}
	parent := c.classes[class.Parent().Value]
	if parent != nil && !class.Base.Given() && !class.OlderNameOf.Given() {
		c.errs.Addf(class.Extends.Pos, "base is missing: the runtime's method that returns the %s", class.Extends.Value)
	}
	if f := class.Constructor; f != nil {
		c.life(class.Name.Value, &f.Life, f.Pos, nil, true)
		c.callable(class.Name.Value, &f.Callable, f.Pos, nil)
	}
	for _, e := range class.Events {
		inherited := inherit(c, parent, func(p *model.Class) *model.Event { return p.Events.Get(e.Name) })
		c.life(e.Name, &e.Value.Life, e.Pos, class, inherited == nil)
		c.params(e.Value.Params)
		c.formless(&e.Value.Life, e.Value.Go)
		if !e.Value.NoGo.Given() {
			forms, err := c.eventForms(class, e.Name, *e.Value, e.Pos)
			c.goForm(e.Pos, forms, err, false)
		}
		if s := e.Value.Scenario; s != nil {
			c.scenario(s, class)
			c.carried(s, class, e.Name)
		}
	}
	for _, m := range class.Methods {
		inherited := inherit(c, parent, func(p *model.Class) *model.Method { return p.Methods.Get(m.Name) })
		c.life(m.Name, &m.Value.Life, m.Pos, class, inherited == nil)
		c.formless(&m.Value.Life, m.Value.Go)
		if o := m.Value.Option; o.Given() {
			if _, ok := c.sources["options."+class.Name.Value+"."+o.Value]; !ok {
				c.errs.Addf(o.Pos, "%s has no option %q", class.Name.Value, o.Value)
			}
			if len(m.Value.Go) > 0 {
				c.errs.Addf(o.Pos, "%s is an option in Go: the form stands there", m.Name)
			}
			continue
		}
		if m.Value.NoGo.Given() {
			c.signature(&m.Value.Callable, class)
			continue
		}
		c.callable(m.Name, &m.Value.Callable, m.Pos, class)
	}
	for _, p := range class.Properties {
		inherited := inherit(c, parent, func(q *model.Class) *model.Property { return q.Properties.Get(p.Name) })
		c.life(p.Name, &p.Value.Life, p.Pos, class, inherited == nil)
		c.typeNames(p.Value.Type)
		c.formless(&p.Value.Life, p.Value.Go)
		c.value(class.Name.Value+"."+p.Name, &p.Value.Default, p.Value.Type, p.Value.History)
		if p.Value.Value != nil && !class.Profile.Given() {
			c.errs.Addf(p.Pos, "%s has a default, but %s has no profile to put it into", p.Name, class.Name.Value)
		}
		if p.Value.NoGo.Given() || inherited != nil && p.Value.Type == nil && len(p.Value.Go) == 0 {
			continue
		}
		forms, err := c.surface.Property(p.Name, p.Value, p.Pos)
		c.goForm(p.Pos, forms, err, false)
	}
}

// eventForms returns the Go forms of an event of class, which fires at most once if it
// or that of an ancestor says so.
func (c *checker) eventForms(class *model.Class, name string, event model.Event, pos diag.Pos) ([]surface.Form, error) {
	once := inherit(c, class, func(class *model.Class) *model.Event {
		if e := class.Events.Get(name); e != nil && e.Once {
			return e
		}
		return nil
	})
	event.Once = once != nil
	return c.surface.Event(name, &event, pos)
}

// olderName checks a class that is an older name of another.
func (c *checker) olderName(class *model.Class) {
	today := class.OlderNameOf
	switch {
	case !today.Given():
		for _, name := range class.Without {
			c.errs.Addf(name.Pos, "only an older name of a class is without some of its members")
		}
		return
	case c.classes[today.Value] == nil:
		c.errs.Addf(today.Pos, "unknown class %q", today.Value)
		return
	case class.Extends.Given():
		c.errs.Addf(class.Extends.Pos, "an older name extends what the class does")
	case len(class.Until) == 0:
		c.errs.Addf(today.Pos, "missing key %q", "until")
	}
	of := c.classes[today.Value]
	for _, name := range class.Without {
		if of.Events.Get(name.Value) == nil && of.Methods.Get(name.Value) == nil && of.Properties.Get(name.Value) == nil {
			c.errs.Addf(name.Pos, "%s has no member %q", today.Value, name.Value)
		}
	}
}

// inherit returns what get finds at the nearest ancestor.
func inherit[T any](c *checker, parent *model.Class, get func(*model.Class) *T) *T {
	// A chain that is longer than there are classes is a circle, which is reported
	// elsewhere.
	for range c.spec.Classes {
		if parent == nil {
			break
		}
		if found := get(parent); found != nil {
			return found
		}
		parent = c.classes[parent.Parent().Value]
	}
	return nil
}

func (c *checker) cycle(class *model.Class) bool {
	var chain []*model.Class
	for at := class; at != nil; at = c.classes[at.Parent().Value] {
		start := slices.Index(chain, at)
		if start < 0 {
			chain = append(chain, at)
			continue
		}
		// One class reports the circle, for all of it and for the classes that lead to it.
		first := slices.MinFunc(chain[start:], func(a, b *model.Class) int { return strings.Compare(a.Name.Value, b.Name.Value) })
		if class == first {
			c.errs.Addf(class.Parent().Pos, "%s extends itself", class.Name.Value)
		}
		return true
	}
	return false
}

// goNames reports two members of a class that have one Go name in a version, and
// a parameter, be it inherited, that has the receiver's.
func (c *checker) goNames(class *model.Class, v version.Version) {
	first := map[string]string{}
	c.eachForm(class, v, func(member string, pos diag.Pos, form surface.Form) {
		if before, taken := first[form.Name]; taken {
			c.errs.Addf(pos, "%s and %s are both %s in Go", before, member, form.Name)
		}
		first[form.Name] = member
	})
	receiver := class.Receiver()
	for at := class; at != nil; at = c.classes[at.Parent().Value] {
		c.eachForm(at, v, func(_ string, pos diag.Pos, form surface.Form) {
			for _, p := range goform.Params(form.Func) {
				if p.Name == receiver {
					c.errs.Addf(pos, "%s has a parameter %s, which is the receiver's name in %s", form.Name, receiver, class.Name.Value)
				}
			}
		})
	}
}

// eachForm calls each for every Go function that class itself defines in v.
func (c *checker) eachForm(class *model.Class, v version.Version, each func(member string, pos diag.Pos, form surface.Form)) {
	visit := func(member string, pos diag.Pos, l *model.Life, given []model.Form, derive func([]model.Form) ([]surface.Form, error)) {
		var present []model.Form
		for _, form := range given {
			if form.At(v) {
				present = append(present, form)
			}
		}
		if !l.At(v) || l.NoGo.Given() || len(given) > 0 && len(present) == 0 {
			return
		}
		forms, err := derive(present)
		for _, form := range forms {
			if err == nil && form.Func != nil {
				each(member, pos, form)
			}
		}
	}
	for _, e := range class.Events {
		visit("event "+e.Name, e.Pos, &e.Value.Life, e.Value.Go, func(present []model.Form) ([]surface.Form, error) {
			event := *e.Value
			event.Go = present
			return c.eventForms(class, e.Name, event, e.Pos)
		})
	}
	for _, m := range class.Methods {
		if !m.Value.Option.Given() {
			visit("method "+m.Name, m.Pos, &m.Value.Life, m.Value.Go, func(present []model.Form) ([]surface.Form, error) {
				callable := m.Value.Callable
				callable.Go = present
				return c.surface.Callable(m.Name, &callable, m.Pos)
			})
		}
	}
	for _, p := range class.Properties {
		if p.Value.Type != nil || len(p.Value.Go) > 0 {
			visit("property "+p.Name, p.Pos, &p.Value.Life, p.Value.Go, func(present []model.Form) ([]surface.Form, error) {
				property := *p.Value
				property.Go = present
				return c.surface.Property(p.Name, &property, p.Pos)
			})
		}
	}
}

func (c *checker) options(set *model.OptionSet) {
	c.life(set.Struct.Value, &set.Life, set.Pos, nil, true)
	c.oneOf(set.Profile, "profile", model.Profiles)
	c.owner(set.Owner)
	for _, o := range set.Members {
		c.life(o.Name, &o.Value.Life, o.Pos, nil, true)
		c.typeNames(o.Value.Type)
		c.formless(&o.Value.Life, o.Value.Go)
		name := "options." + set.Owner.Value + "." + o.Name
		c.value(name, &o.Value.Default, o.Value.Type, o.Value.History)
		if o.Value.Value != nil && !set.Profile.Given() {
			c.errs.Addf(o.Pos, "%s has a default, but %s has no profile to put it into", o.Name, set.Owner.Value)
		}
		if o.Value.Type != nil && !o.Value.NoGo.Given() {
			effective := resolve.Effective(c.sources, &o.Value.Default, o.Value.History, c.newest)
			forms, err := c.surface.Option(o.Name, o.Value, effective, o.Pos)
			c.goForm(o.Pos, forms, err, true)
			c.chosen(o, forms)
		}
	}
}

// chosen checks that what has only some values is a type with as many constants in Go.
func (c *checker) chosen(o model.Named[model.Option], forms []surface.Form) {
	if len(o.Value.Values) == 0 || len(forms) != 1 {
		return
	}
	name, _ := forms[0].Type.(*ast.Ident)
	if name == nil {
		return
	}
	if t := c.spec.Types.Get(name.Name); t == nil || len(t.Constants) != len(o.Value.Values) {
		c.errs.Addf(o.Pos, "%s has %d values: give it a Go type that has a constant for each, and not %s", o.Name, len(o.Value.Values), name.Name)
	}
}

// owner checks what takes the options: http.function, a class or Class.method.
func (c *checker) owner(owner model.Text) {
	if !owner.Given() {
		return
	}
	class, member, isMember := strings.Cut(owner.Value, ".")
	var known bool
	switch {
	case !isMember:
		known = c.classes[class] != nil && c.classes[class].Constructor != nil
	case class == "http":
		known = c.spec.Functions.Get(member) != nil
	default:
		known = c.classes[class] != nil && c.classes[class].Methods.Get(member) != nil
	}
	if !known {
		c.errs.Addf(owner.Pos, "there is no %q to take options", owner.Value)
	}
}

// isMethod and isHeader are the tokens of HTTP in the case in which Node has them; a
// header's name may end in *.
var (
	isMethod = regexp.MustCompile("^[0-9A-Z!#$%&'*+.^_`|~-]+$").MatchString
	isHeader = regexp.MustCompile("^[0-9a-z!#$%&'+.^_`|~-]*[0-9a-z!#$%&'*+.^_`|~-]$").MatchString
)

func (c *checker) tables() {
	for _, m := range c.spec.Methods {
		if !isMethod(m.Name) {
			c.errs.Addf(m.Pos, "%q is not a request method: their names are capital letters", m.Name)
		}
		c.entry(m.Value.Since, m.Value.Until)
	}
	for _, s := range c.spec.Statuses {
		c.entry(s.Value.Since, s.Value.Until)
		for _, was := range s.Value.Was {
			c.versions(was.In)
			c.order(s.Value.Since, was.In, "a change")
			if !was.Text.Given() {
				c.errs.Addf(s.Pos, "missing key %q", "text")
			}
		}
		if !s.Value.Text.Given() {
			c.errs.Addf(s.Pos, "missing key %q", "text")
		}
		if len(s.Name) != 3 || s.Name < "100" || s.Name > "599" {
			c.errs.Addf(s.Pos, "%q is not a status code", s.Name)
		}
	}
	for _, r := range c.spec.Duplicates {
		if !isHeader(r.Name) {
			c.errs.Addf(r.Pos, "%q is not the name of a header as message.headers has it, in small letters", r.Name)
		}
		c.entry(r.Value.Since, r.Value.Until)
		c.oneOf(r.Value.Repeat, "rule", model.RepeatRules)
		for _, was := range r.Value.Was {
			c.versions(was.In)
			c.order(r.Value.Since, was.In, "a change")
			c.oneOf(was.Repeat, "rule", model.RepeatRules)
			if !was.Repeat.Given() {
				c.errs.Addf(r.Pos, "missing key %q", "repeat")
			}
		}
	}
}

// profile reports two members that put different facts into one field.
func (c *checker) profile() {
	type fact struct {
		name string
		pos  diag.Pos
	}
	fields := map[string]fact{}
	add := func(group, full, member string, d *model.Default, pos diag.Pos) {
		if group == "" || d.Value == nil {
			return
		}
		field := group + "." + surface.Name(member)
		if before, taken := fields[field]; taken {
			c.errs.Addf(pos, "the profile has %s from %s: say default_of", field, before.name)
			return
		}
		fields[field] = fact{full, pos}
	}
	for _, class := range c.spec.Classes {
		for _, p := range class.Properties {
			add(class.Profile.Value, class.Name.Value+"."+p.Name, p.Name, &p.Value.Default, p.Pos)
		}
	}
	for _, set := range c.spec.Options {
		for _, o := range set.Members {
			add(set.Profile.Value, "options."+set.Owner.Value+"."+o.Name, o.Name, &o.Value.Default, o.Pos)
		}
	}
}
