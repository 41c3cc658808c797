// Package listing is what gen list prints as JSON: everything that the model says of
// the members of a version, as data for other programs. The schema of it is derived
// from the types here, so a field's meaning stands beside it.
package listing

import (
	"go/types"
	"strings"

	"nodehttp/gen/internal/model"
	"nodehttp/gen/internal/resolve"
	"nodehttp/gen/internal/version"
)

// Entry is a member of the module, a class or an options object in one version.
type Entry struct {
	Kind       resolve.Kind `json:"kind" about:"What it is."`
	Owner      string       `json:"owner" about:"The class that it is a member of; the module of a class or function; of an option, who takes it."`
	Name       string       `json:"name" about:"The name in this version; a symbol is written Symbol.x."`
	Doc        string       `json:"doc,omitempty" about:"What it is, in the words of the model."`
	Provenance Provenance   `json:"provenance" about:"How the model knows that this version has it."`
	Documented []string     `json:"documented" about:"The documents that show it."`
	From       string       `json:"from,omitempty" about:"The class of another of Node's modules that it comes from."`
	Inherited  bool         `json:"inherited,omitempty" about:"Whether a parent class implements it."`
	Extends    string       `json:"extends,omitempty" about:"The parent of a class."`

	Since       []string `json:"since,omitempty" about:"The releases that brought it, newest first: the main line's and those that it was backported to. Without, it is as old as the model. Behind a release that no document of the module tells stands how it is known: live, elsewhere or guess."`
	Until       []string `json:"until,omitempty" about:"The first releases that no longer have it."`
	Deprecated  []string `json:"deprecated,omitempty" about:"The releases that deprecated it, be it after this version."`
	Instead     string   `json:"instead,omitempty" about:"What to use in place of what is deprecated."`
	RenamedFrom []Rename `json:"renamedFrom,omitempty" about:"Its earlier names."`
	History     []Change `json:"history,omitempty" about:"What changed, before this version and after."`

	Params    []Param    `json:"params,omitempty" about:"What a call takes, or what an event delivers, in this version."`
	Returns   string     `json:"returns,omitempty" about:"The type that a call returns; this is the object itself."`
	Throws    []Throw    `json:"throws,omitempty" about:"The errors that a call fails with."`
	Type      string     `json:"type,omitempty" about:"The type of a property, an option or a value of the module."`
	Writable  bool       `json:"writable,omitempty" about:"Whether a property can be set."`
	Once      bool       `json:"once,omitempty" about:"Whether an event fires at most once."`
	Default   *Value     `json:"default,omitempty" about:"The default in this version."`
	Zero      string     `json:"zero,omitempty" about:"What 0 means, where it does not mean the default."`
	Values    []string   `json:"values,omitempty" about:"All values that are allowed."`
	Overrides []Override `json:"overrides,omitempty" about:"The options that an object of the module was made with."`

	Go        []Form `json:"go,omitempty" about:"The Go symbols of it in this version's package."`
	NoGo      string `json:"noGo,omitempty" about:"Why it has no Go form."`
	Deviation string `json:"deviation,omitempty" about:"Why Go differs from Node on purpose, and how."`
}

// Provenance is how the model knows that a version has a member.
type Provenance string

// The provenances.
const (
	Documented Provenance = "documented" // the version's document shows it
	Derived    Provenance = "derived"    // another document shows it, and its dates include the version
	Inherited  Provenance = "inherited"  // a class of another module has it, and its dates include the version
	Live       Provenance = "live"       // no document shows it, but releases of Node have it
	GoOnly     Provenance = "go"         // only Go has it
)

// Rename is an earlier name.
type Rename struct {
	Name string   `json:"name" about:"The earlier name."`
	In   []string `json:"in" about:"The releases that gave it up."`
}

// Change is an entry of a history.
type Change struct {
	In     []string `json:"in" about:"The releases that made the change, newest first."`
	Change string   `json:"change" about:"What changed."`
	Text   string   `json:"text,omitempty" about:"What changed, in words."`
	From   *Value   `json:"from,omitempty" about:"The default before the change."`
	Was    *Was     `json:"was,omitempty" about:"What looked otherwise before the change."`
}

// Was is what looked otherwise.
type Was struct {
	Params  []Param           `json:"params,omitempty" about:"What a call took, or an event delivered."`
	Returns string            `json:"returns,omitempty" about:"The type that a call returned."`
	Type    string            `json:"type,omitempty" about:"The type of a property, an option or a value."`
	Go      []string          `json:"go,omitempty" about:"The Go forms, as the model writes them."`
	Types   map[string]string `json:"types,omitempty" about:"Classes that went by another name: today's name, and that."`
	Doc     string            `json:"doc,omitempty" about:"What it was, in the words of the model."`
}

// Param is a parameter.
type Param struct {
	Name     string `json:"name" about:"The parameter's name."`
	Type     string `json:"type" about:"Its type; (a: T) is a function."`
	Optional bool   `json:"optional,omitempty" about:"Whether it may be left out."`
}

// Throw is an error of a call.
type Throw struct {
	Code string `json:"code" about:"The error's code."`
	When string `json:"when" about:"When the call fails with it."`
}

// Override is an option that an object of the module was made with.
type Override struct {
	Name    string   `json:"name" about:"The option."`
	Value   *Value   `json:"value" about:"Its value in this version."`
	History []Change `json:"history,omitempty" about:"What changed."`
}

// Form is a Go symbol.
type Form struct {
	Symbol string   `json:"symbol" about:"The symbol: F of the package, T.M of a type."`
	Text   string   `json:"text" about:"The declaration behind func, or a field and its type."`
	Doc    string   `json:"doc,omitempty" about:"What the model says of this form alone."`
	Since  []string `json:"since,omitempty" about:"The releases that brought the form, if later than the member."`
}

// Value is a boolean, an integer or a text; the text Infinity is a number's value for
// no limit.
type Value struct{ *model.Scalar }

// MarshalJSON writes the value as JSON has it.
func (v Value) MarshalJSON() ([]byte, error) { return v.JSON(), nil }

// Of returns the members that a version has, all that the model knows or only those
// that a document shows.
func Of(spec *model.Spec, v version.Version, all bool) []Entry {
	document := ""
	release, _ := spec.Latest(v)
	for _, d := range spec.Documents {
		if d.Value.Node.Value == release {
			document = d.Name
		}
	}
	members := resolve.At(spec, v).List(all)
	entries := make([]Entry, len(members))
	for i, m := range members {
		entries[i] = entry(m, document)
	}
	return entries
}

func entry(m resolve.Member, document string) Entry {
	e := Entry{
		Kind: m.Kind, Owner: m.Owner, Name: m.Name, Doc: m.Doc.Value, Provenance: provenance(m, document),
		Documented: texts(m.Documented.Names), From: m.From.Value, Inherited: m.Inherited, Extends: m.Extends,
		Since: releases(m.Since), Until: releases(m.Until), Deprecated: releases(m.Deprecated), Instead: m.Instead.Value,
		History: changes(m.History), Params: params(m.Params), Returns: m.Returns.String(), Type: m.Type.String(),
		Writable: m.Writable, Once: m.Once, Default: value(m.Default), Zero: m.Zero, Values: texts(m.Values),
		NoGo: m.NoGo.Value, Deviation: m.Deviation.Value,
	}
	for _, r := range m.RenamedFrom {
		e.RenamedFrom = append(e.RenamedFrom, Rename{r.Name.Value, releases(r.In)})
	}
	for _, t := range m.Throws {
		e.Throws = append(e.Throws, Throw{t.Code.Value, t.When.Value})
	}
	for _, o := range m.Overrides {
		e.Overrides = append(e.Overrides, Override{o.Name, value(o.Value.Value), changes(o.Value.History)})
	}
	prefix := ""
	if m.Receiver != "" {
		prefix = m.Receiver + "."
	}
	for _, form := range m.Forms {
		text := form.Name + " "
		if form.Func != nil {
			text = form.Name + strings.TrimPrefix(types.ExprString(form.Func), "func")
		} else {
			text += types.ExprString(form.Type)
		}
		e.Go = append(e.Go, Form{prefix + form.Name, text, form.Doc, releases(form.Since)})
	}
	return e
}

func provenance(m resolve.Member, document string) Provenance {
	switch {
	case m.GoOnly:
		return GoOnly
	case m.From.Given():
		return Inherited
	case len(m.Documented.Names) == 0:
		return Live
	}
	for _, d := range m.Documented.Names {
		if d.Value == document {
			return Documented
		}
	}
	return Derived
}

func changes(history []model.Change) []Change {
	var list []Change
	for _, h := range history {
		change := Change{In: releases(h.In), Change: h.Kind.Value, Text: h.Text.Value, From: value(h.From)}
		if w := h.Was; w != nil {
			was := &Was{Params: params(w.Params.Value), Returns: w.Returns.String(), Type: w.Type.String(), Doc: w.Doc.Value}
			for _, form := range w.Go.Value {
				was.Go = append(was.Go, form.Text.Value)
			}
			for _, t := range w.Types {
				if was.Types == nil {
					was.Types = map[string]string{}
				}
				was.Types[t.Name] = t.Value.Value
			}
			change.Was = was
		}
		list = append(list, change)
	}
	return list
}

func params(list model.Map[model.Type]) []Param {
	var params []Param
	for _, p := range list {
		name, optional := strings.CutSuffix(p.Name, "?")
		params = append(params, Param{name, p.Value.String(), optional})
	}
	return params
}

func value(s *model.Scalar) *Value {
	if s == nil {
		return nil
	}
	return &Value{s}
}

func releases(vs model.Versions) []string {
	var list []string
	for _, v := range vs {
		list = append(list, v.String())
	}
	return list
}

func texts(list []model.Text) []string {
	texts := []string{}
	for _, t := range list {
		texts = append(texts, t.Value)
	}
	return texts
}
