package emit

import (
	"github.com/dave/jennifer/jen"

	"nodehttp/gen/internal/resolve"
	"nodehttp/gen/internal/surface"
)

// aliases returns the package called name, which has an alias for each name of p,
// the newest version. A program that imports it stays with that version.
func (p *pkg) aliases(name string) *pkg {
	target := generatedPath + "/" + p.name
	a := &pkg{api: p.api, document: p.document, name: name, profile: p.profile, files: map[string]*jen.File{}}
	aliased := func(symbol, _ string) jen.Code { return jen.Qual(target, symbol) }

	a.packageComment("Package http is Node "+p.document+"'s http module for Go, for programs that stay with that version. "+
		"As it is the newest that is modelled, all of it is that of "+target+", which documents the methods.", a.about()...)

	types := a.file("types", "spec/")
	alias := func(name, doc string) {
		types.Add(comment(describe(name, doc)).Type().Id(name).Op("=").Qual(target, name)).Line()
	}
	for _, class := range p.api.Classes {
		alias(class.Name.Value, class.Doc.Value)
	}
	for _, set := range p.api.Options {
		alias(set.Struct.Value, set.Doc.Value)
	}
	a.sharedTypes(types, aliased)
	a.errors(aliased)

	functions := a.file("functions", "spec/functions.yaml and spec/constants.yaml")
	a.eachFunction(func(m resolve.Member, form surface.Form) {
		functions.Add(a.memberDoc(m, form).Func().Id(form.Name).Params(a.params(form.Func, generatedSide)...).
			Add(a.results(form.Func, generatedSide)).Block(passOn(target, form))).Line()
	})
	for _, file := range a.files {
		file.ImportName(target, p.name)
	}
	return a
}
