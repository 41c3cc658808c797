package emit

import (
	"strings"

	"github.com/dave/jennifer/jen"

	"nodehttp/gen/internal/goform"
	"nodehttp/gen/internal/resolve"
	"nodehttp/gen/internal/surface"
)

// newest returns generated/http, under whose names stand those of p.
func (p *pkg) newest() *pkg {
	target := generatedPath + "/" + p.name
	a := &pkg{api: p.api, document: p.document, name: "http", files: map[string]*jen.File{}}
	aliased := func(symbol, _ string) jen.Code { return jen.Qual(target, symbol) }

	a.packageComment("Package http is Node's http module for Go, in the newest version that is modelled: "+p.document+
		". Import that version's own package to stay with it.", a.about()...)

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
		var args []jen.Code
		for _, param := range goform.Params(form.Func) {
			arg := jen.Id(param.Name)
			if param.Variadic {
				arg.Op("...")
			}
			args = append(args, arg)
		}
		call := jen.Qual(target, form.Name).Call(args...)
		if len(goform.Results(form.Func)) > 0 {
			call = jen.Return(call)
		}
		functions.Add(a.memberDoc(m, form).Func().Id(form.Name).Params(a.params(form.Func, generatedSide)...).
			Add(a.results(form.Func, generatedSide)).Block(call)).Line()
	})
	for _, file := range a.files {
		file.ImportAlias(target, strings.ToLower(p.name))
	}
	return a
}
