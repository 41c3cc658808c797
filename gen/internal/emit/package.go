package emit

import (
	"go/ast"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/dave/jennifer/jen"

	"nodehttp/gen/internal/model"
	"nodehttp/gen/internal/resolve"
	"nodehttp/gen/internal/surface"
)

// pkg writes the package of one version.
type pkg struct {
	api *resolve.API
	// document is the version as its document is called, v19.0, profile what its
	// profile is called, v19_0, and name the directory of its package: the same, or
	// http for the newest version.
	document, profile, name string
	// home is the import path of the package that has the types, empty if it is
	// this one.
	home string
	// secure says that the package is https: some names are its own.
	secure bool
	files  map[string]*jen.File
	// helpers are unexported functions that other code turned out to need.
	helpers map[string]jen.Code
}

// write returns the files of the package by their path below generated/.
func (p *pkg) write() map[string]*jen.File {
	p.files = map[string]*jen.File{}
	first := "Package http is Node " + p.document + "'s http module for Go."
	if p.name == resolve.NewestDir {
		first = "Package http is Node's http module for Go, in the newest version that is modelled: " + p.document +
			". Import " + generatedPath + "/" + p.profile + " to stay with that."
	}
	p.packageComment(first, p.about()...)
	p.sharedTypes(p.file("types", "spec/types.yaml"), handwritten)
	p.errors(handwritten)
	p.functions()
	for _, class := range p.api.Classes {
		p.class(class)
	}
	for _, options := range p.api.Options {
		p.options(options)
	}
	convert := p.file("convert", "spec/")
	for _, name := range slices.Sorted(maps.Keys(p.helpers)) {
		convert.Add(p.helpers[name]).Line()
	}
	return p.files
}

// about is the package comment after its first sentence.
func (p *pkg) about() []string {
	return slices.Concat([]string{
		"Callbacks of one connection never overlap. Every method may be called from any goroutine. No callback runs inside a call of this package: it runs when the listener that made the call has returned, or on another goroutine. So the caller may hold any lock; but a listener must not wait for another listener of its connection.",
		"An error that a call can know is returned, with Node's code. One that happens later is emitted as 'error'; see OnUncaughtError for errors that nobody listens for.",
		"A server, a request to it, and the end of the program when the server is closed:",
		p.commented(),
	}, p.aboutHeaders())
}

// aboutHeaders says how the ways to see the header fields of a received message
// differ, those that the version has.
func (p *pkg) aboutHeaders() []string {
	class := p.shown("IncomingMessage", "ServerRequest")
	var items []string
	for _, way := range []struct{ member, text string }{
		{"header", "Header returns the first value of one field. It costs least."},
		{"headers", "Headers returns a view in which names have no case and repeated fields are merged by Node's rules: depending on the name they are joined, listed, or the first one counts."},
		{"headersDistinct", "HeadersDistinct returns a map of all values by the name in lower case; nothing is merged."},
		{"rawHeaders", "RawHeaders returns the list of the fields as they came, in their order and case. A proxy passes it on as it is."},
	} {
		for _, c := range p.api.Classes {
			if c.Name.Value == class && slices.ContainsFunc(c.Members, func(m resolve.Member) bool { return m.Name == way.member }) {
				items = append(items, way.text)
			}
		}
	}
	return []string{
		"# Header fields",
		"A received message shows its header fields in these ways:",
		listItem + strings.Join(items, "\n"+listItem),
		"A message to be sent takes them as a list of type Headers, which is sent in its order and case, or one by one with SetHeader; GetHeader and its like show what was set.",
	}
}

// packageComment writes doc.go.
func (p *pkg) packageComment(first string, paragraphs ...string) {
	f := p.file("doc", "spec/")
	commentPackage(f, append([]string{first}, paragraphs...)...)
}

// commentPackage makes paragraphs the package comment of f. One that begins with
// a tab is code.
func commentPackage(f *jen.File, paragraphs ...string) {
	for i, paragraph := range paragraphs {
		if i > 0 {
			f.PackageComment("//")
		}
		lines := paragraphLines(paragraph)
		prefix := "// "
		if strings.HasPrefix(paragraph, "\t") {
			lines, prefix = strings.Split(paragraph, "\n"), "//\t"
		}
		for _, line := range lines {
			f.PackageComment(strings.TrimRight(prefix+strings.TrimPrefix(line, "\t"), " "))
		}
	}
}

// file starts the file called name.
func (p *pkg) file(name, source string) *jen.File {
	f := newFile("http", source)
	p.files[path.Join(p.name, name+".go")] = f
	return f
}

// origin returns the definition that a generated symbol is an alias of. symbol is its
// name, and defined the name in the handwritten code: core.Encoding.
type origin func(symbol, defined string) jen.Code

// handwritten is the origin of a version's symbols: runtime or core.
func handwritten(_, defined string) jen.Code {
	from, name, _ := strings.Cut(defined, ".")
	return jen.Qual(importPath(from), name)
}

// sharedTypes writes the aliases that every version has, and their constants.
func (p *pkg) sharedTypes(f *jen.File, of origin) {
	for _, t := range p.api.Aliases {
		defined := t.Value.Go.Value
		from, _, _ := strings.Cut(defined, ".")
		f.Add(comment(append([]string{describe(t.Name, t.Value.Doc.Value)}, exports(t.Value)...)...).Type().Id(t.Name).Op("=").Add(of(t.Name, defined))).Line()
		if len(t.Value.Constants) == 0 {
			continue
		}
		f.Add(comment("The values of " + t.Name + ".").Const().DefsFunc(func(g *jen.Group) {
			for _, c := range t.Value.Constants {
				g.Add(comment(sentence(c.Name, c.Value.Value)).Id(c.Name).Op("=").Add(of(c.Name, from+"."+c.Name)))
			}
		})).Line()
	}
}

// exports lists the fields and methods of an alias's type.
func exports(t *model.TypeDef) []string {
	if len(t.Exports) == 0 {
		return nil
	}
	items, kinds := make([]string, len(t.Exports)), map[string]bool{}
	for i, e := range t.Exports {
		items[i] = e.Name + ": " + e.Value.Value
		name := strings.IndexFunc(e.Name, func(r rune) bool { return r == ' ' || r == '(' })
		kinds[e.Name[name:name+1]] = true
	}
	title := "Its methods:"
	switch {
	case kinds[" "] && kinds["("]:
		title = "Its fields and methods:"
	case kinds[" "]:
		title = "Its fields:"
	}
	return []string{title, listItem + strings.Join(items, "\n"+listItem)}
}

// errors writes the sentinels.
func (p *pkg) errors(of origin) {
	f := p.file("errors", "spec/errors.yaml")
	f.Add(comment("The errors that a program may want to tell apart with errors.Is. Each has a code, by which they are compared.").
		Var().DefsFunc(func(g *jen.Group) {
		for _, e := range p.api.Errors {
			if sentinel := e.Value.Sentinel.Value; sentinel != "" {
				g.Add(comment(errorDoc(e)).Id(sentinel).Op("=").Add(of(sentinel, "core."+sentinel)))
			}
		}
	}))
}

func errorDoc(e model.Named[model.ErrorCode]) string {
	return sentence(e.Value.Sentinel.Value, e.Value.Doc.Value) + " Its code is " + e.Name + ", its kind " + e.Value.Kind.Value + "."
}

// functions writes the module's functions and values, and the constructors.
func (p *pkg) functions() {
	f := p.file("functions", "spec/functions.yaml and spec/constants.yaml")
	p.eachFunction(func(m resolve.Member, form surface.Form) {
		f.Add(p.memberDoc(m, form).Func().Id(form.Name).Params(p.params(form.Func, generatedSide)...).
			Add(p.results(form.Func, generatedSide)).Block(p.body(form, nil)...)).Line()
	})
}

// eachFunction calls each for every function of the package, in stable order.
func (p *pkg) eachFunction(each func(m resolve.Member, form surface.Form)) {
	for _, m := range p.api.Package() {
		for _, form := range m.Forms {
			each(m, form)
		}
	}
}

// class writes the type of a class and its methods.
func (p *pkg) class(class *resolve.Class) {
	name := class.Name.Value
	f := p.file(snake(name), class.Pos.File)
	paragraphs := append([]string{describe(name, class.Doc.Value)}, facts(&class.Life, p.api.Version, goName)...)
	f.Add(comment(paragraphs...).Type().Id(name).Add(p.runtimeType(name))).Line()
	receiver := class.Receiver()
	for _, kind := range []resolve.Kind{resolve.KindEvent, resolve.KindMethod, resolve.KindProperty} {
		for _, m := range class.Members {
			if m.Kind != kind {
				continue
			}
			for _, form := range m.Forms {
				target := jen.Parens(jen.Op("*").Add(p.runtimeType(name))).Call(jen.Id(receiver))
				if m.Inherited && class.Base.Given() {
					target = target.Dot(class.Base.Value).Call()
				}
				f.Add(p.memberDoc(m, form).Func().Params(jen.Id(receiver).Op("*").Id(name)).Id(form.Name).
					Params(p.params(form.Func, generatedSide)...).Add(p.results(form.Func, generatedSide)).
					Block(p.body(form, target)...)).Line()
			}
		}
	}
}

// options writes the struct of an options object and its way to the runtime's.
func (p *pkg) options(set *resolve.Options) {
	name := set.Struct.Value
	f := p.file(snake(name), set.Pos.File)
	paragraphs := append([]string{describe(name, set.Doc.Value)}, facts(&set.Life, p.api.Version, goName)...)
	f.Add(comment(paragraphs...).Type().Id(name).StructFunc(func(g *jen.Group) {
		for _, m := range set.Members {
			for _, form := range m.Forms {
				g.Add(p.fieldDoc(m, form).Id(form.Name).Add(p.typeCode(form.Type, generatedSide)))
			}
		}
	})).Line()
	var plain, guarded []jen.Code
	for _, m := range set.Members {
		for _, form := range m.Forms {
			field := jen.Id("o").Dot(form.Name)
			if _, isFunc := form.Type.(*ast.FuncType); isFunc && p.converts(form.Type) {
				guarded = append(guarded, jen.If(jen.Id("f").Op(":=").Add(field), jen.Id("f").Op("!=").Nil()).Block(
					jen.Id("options").Dot(form.Name).Op("=").Add(p.toRuntime(form.Type, jen.Id("f")))))
				continue
			}
			plain = append(plain, keyed(form.Name, p.toRuntime(form.Type, field)))
		}
	}
	value := jen.Add(p.runtimeType(name)).Custom(lines, plain...)
	body := []jen.Code{jen.Return(value)}
	if len(guarded) > 0 {
		body = append([]jen.Code{jen.Id("options").Op(":=").Add(value)}, guarded...)
		body = append(body, jen.Return(jen.Id("options")))
	}
	f.Add(comment("toRuntime hands the options on. What they leave out, the runtime finds in the profile.").
		Func().Params(jen.Id("o").Op("*").Id(name)).Id("toRuntime").Params().Add(p.runtimeType(name)).Block(body...))
}
