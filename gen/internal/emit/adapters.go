package emit

import (
	"github.com/dave/jennifer/jen"
)

// adapters returns the only file of the package that joins the version with
// net/http.
func (p *pkg) adapters() *jen.File {
	a := &pkg{api: p.api, document: p.document, profile: p.profile, name: p.name, home: generatedPath + "/" + p.name}
	f := newFile("nethttp", "spec/adapters.yaml")
	f.ImportAlias("net/http", "nethttp")
	f.ImportAlias(importPath("nethttp"), "adapter")
	f.ImportAlias(a.home, "http")
	commentPackage(f, "Package nethttp joins Node "+p.document+"'s http module with Go's net/http. It is a package of its own because net/http is heavy: only a program that imports it links net/http.")
	for _, m := range p.api.Adapters {
		for _, form := range m.Forms {
			f.Add(a.memberDoc(m, form).Func().Id(form.Name).Params(a.params(form.Func, generatedSide)...).
				Add(a.results(form.Func, generatedSide)).Block(a.body(form, nil)...)).Line()
		}
	}
	return f
}
