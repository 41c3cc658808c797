package emit

import (
	"strings"

	"github.com/dave/jennifer/jen"

	"nodehttp/gen/internal/goform"
	"nodehttp/gen/internal/resolve"
	"nodehttp/gen/internal/surface"
)

// aliases returns generated/http, under whose names stand those of p.
func (p *pkg) aliases() map[string]*jen.File {
	target := generatedPath + "/" + p.name
	a := &pkg{api: p.api, document: p.document, name: "http", files: map[string]*jen.File{}}
	alias := func(name string) *jen.Statement { return jen.Id(name).Op("=").Qual(target, name) }

	a.packageComment("Package http is Node's http module for Go, in the newest version that is modelled: "+p.document+
		". Import that version's own package to stay with it.", example...)

	types := a.file("types", "spec/")
	for _, class := range p.api.Classes {
		types.Add(comment(describe(class.Name.Value, class.Doc.Value)).Type().Add(alias(class.Name.Value))).Line()
	}
	for _, set := range p.api.Options {
		types.Add(comment(describe(set.Struct.Value, set.Doc.Value)).Type().Add(alias(set.Struct.Value))).Line()
	}
	for _, t := range p.api.Spec.Types {
		if !t.Value.Alias {
			continue
		}
		types.Add(comment(describe(t.Name, t.Value.Doc.Value)).Type().Add(alias(t.Name))).Line()
		if len(t.Value.Constants) > 0 {
			types.Add(comment("The values of " + t.Name + ".").Const().DefsFunc(func(g *jen.Group) {
				for _, c := range t.Value.Constants {
					g.Add(comment(sentence(c.Name, c.Value.Value)).Add(alias(c.Name)))
				}
			})).Line()
		}
	}

	errors := a.file("errors", "spec/errors.yaml")
	errors.Add(comment("The errors that a program may want to tell apart with errors.Is. Each has a code, by which they are compared.").
		Var().DefsFunc(func(g *jen.Group) {
		for _, e := range p.api.Spec.Errors {
			if sentinel := e.Value.Sentinel.Value; sentinel != "" {
				g.Add(comment(errorDoc(e)).Add(alias(sentinel)))
			}
		}
	}))

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
	return a.files
}
