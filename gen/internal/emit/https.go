package emit

import (
	"go/ast"
	"maps"
	"path"
	"slices"

	"github.com/dave/jennifer/jen"

	"nodehttp/gen/internal/goform"
	"nodehttp/gen/internal/model"
	"nodehttp/gen/internal/resolve"
	"nodehttp/gen/internal/surface"
)

// The package https of a version stands beside that of http, whose types it uses: but its
// server is that of http with more, and its options have those of TLS, too. It exists
// where agents do.

// secureStructs are the options types of https, and what each becomes.
var secureStructs = []struct {
	name    string
	runtime string // the runtime's type
	http    string // the field of that with the options of http, "" if they are its own
}{
	{"AgentOptions", "SecureAgentOptions", "AgentOptions"},
	{"RequestOptions", "RequestOptions", ""},
	{"ServerOptions", "SecureServerOptions", "ServerOptions"},
}

// isSecure reports whether package https has a type of its own called name.
func isSecure(name string) bool {
	return name == "Server" || slices.ContainsFunc(secureStructs, func(s struct{ name, runtime, http string }) bool { return s.name == name })
}

// hasAgents reports whether programs of the version make agents.
func (p *pkg) hasAgents() bool {
	return slices.ContainsFunc(p.api.Constructors, func(m resolve.Member) bool { return m.Name == "Agent" })
}

// httpsDir is where package https of the package called name stands: that of the newest
// version is its neighbour.
func httpsDir(name string) string {
	if name == resolve.NewestDir {
		return "https"
	}
	return path.Join(name, "https")
}

// https returns the files of package https.
func (p *pkg) https() map[string]*jen.File {
	if !p.hasAgents() {
		return nil
	}
	s := &pkg{api: p.api, document: p.document, profile: p.profile, name: httpsDir(p.name), home: generatedPath + "/" + p.name,
		files: map[string]*jen.File{}, helpers: map[string]jen.Code{}, secure: true}
	doc := s.secureFile("doc", "spec/https.yaml")
	commentPackage(doc, "Package https is Node "+p.document+"'s https module for Go: http over TLS.",
		"Its requests, responses and sockets are those of package http beside it, and so is its Agent, which any option takes. A Server has all that one of http has. Only a program that imports this package links what makes TLS connections.",
		"A socket tells by Encrypted, ConnectionState and Authorized of the TLS below it. A response whose body ends with its connection is complete only if the server has said so by close_notify: otherwise its body fails with ECONNRESET, since anybody on the way could have cut it.",
		"An option that the documents of Node's tls have and that is missing here stands in TLS, in Go's own terms.")
	types := s.secureFile("types", "spec/https_options.yaml")
	s.sharedAliases(types, p.api.Secure.Aliases)
	types.Add(comment("Agent is that of http: NewAgent makes one that connects with TLS.").Type().Id("Agent").Op("=").Qual(s.home, "Agent")).Line()
	for _, set := range secureStructs {
		s.secureOptions(set.name, set.runtime, set.http)
	}
	s.secureServer()
	functions := s.secureFile("functions", "spec/https.yaml")
	for _, m := range p.api.Secure.Functions {
		for _, form := range m.Forms {
			functions.Add(s.memberDoc(m, form).Func().Id(form.Name).Params(s.params(form.Func, generatedSide)...).
				Add(s.results(form.Func, generatedSide)).Block(s.body(form, nil)...)).Line()
		}
	}
	if len(s.helpers) > 0 {
		convert := s.secureFile("convert", "spec/")
		for _, name := range slices.Sorted(maps.Keys(s.helpers)) {
			convert.Add(s.helpers[name]).Line()
		}
	}
	return s.files
}

func (p *pkg) secureFile(name, source string) *jen.File {
	f := newFile("https", source)
	f.ImportAlias(p.home, "http")
	p.files[path.Join(p.name, name+".go")] = f
	return f
}

// sharedAliases writes aliases of the runtime's types with their constants.
func (p *pkg) sharedAliases(f *jen.File, list model.Map[model.TypeDef]) {
	outer := *p.api
	outer.Aliases = list
	(&pkg{api: &outer}).sharedTypes(f, handwritten)
}

// httpOptions returns the members of http's options type called name, none if the version
// has no such type.
func (p *pkg) httpOptions(name string) []resolve.Member {
	for _, set := range p.api.Options {
		if set.Struct.Value == name {
			return set.Members
		}
	}
	return nil
}

// secureOptions writes an options type and its way to the runtime's.
func (p *pkg) secureOptions(name, target, field string) {
	f := p.secureFile(snake(name), "spec/options/ and spec/https_options.yaml")
	plainMembers, more := p.httpOptions(name), p.api.Secure.Options[name]
	f.Add(comment(name + " has the options of http's and those of TLS. The zero value means Node's defaults.").Type().Id(name).StructFunc(func(g *jen.Group) {
		for _, m := range slices.Concat(plainMembers, more) {
			for _, form := range m.Forms {
				g.Add(p.fieldDoc(m, form).Id(form.Name).Add(p.typeCode(form.Type, generatedSide)))
			}
		}
	})).Line()
	var plain, secure, own, guarded []jen.Code
	for _, m := range plainMembers {
		for _, form := range m.Forms {
			value := jen.Id("o").Dot(form.Name)
			if _, isFunc := form.Type.(*ast.FuncType); isFunc && p.converts(form.Type) {
				guarded = append(guarded, jen.If(jen.Id("f").Op(":=").Add(value), jen.Id("f").Op("!=").Nil()).Block(
					jen.Id("options").Dot(form.Name).Op("=").Add(p.toRuntime(form.Type, jen.Id("f")))))
				continue
			}
			plain = append(plain, keyed(form.Name, p.toRuntime(form.Type, value)))
		}
	}
	for _, m := range more {
		for _, form := range m.Forms {
			entry := keyed(form.Name, jen.Id("o").Dot(form.Name))
			if form.Name == "MaxCachedSessions" { // of the agent, not of a connection
				own = append(own, entry)
				continue
			}
			secure = append(secure, entry)
		}
	}
	tls := jen.Qual(runtimePath, "TLSOptions").Custom(lines, secure...)
	var fields []jen.Code
	if field == "" {
		fields = append(plain, keyed("TLS", tls.Dot("Given").Call()))
	} else {
		if len(plain) > 0 {
			fields = append(fields, keyed(field, jen.Qual(runtimePath, field).Custom(lines, plain...)))
		}
		fields = append(append(fields, keyed("TLSOptions", tls)), own...)
	}
	value := jen.Qual(runtimePath, target).Custom(lines, fields...)
	body := []jen.Code{jen.Return(value)}
	if len(guarded) > 0 {
		body = append([]jen.Code{jen.Id("options").Op(":=").Add(value)}, guarded...)
		body = append(body, jen.Return(jen.Id("options")))
	}
	f.Add(comment("toRuntime hands the options on. What they leave out, the runtime finds in the profile.").
		Func().Params(jen.Id("o").Op("*").Id(name)).Id("toRuntime").Params().Qual(runtimePath, target).Block(body...))
}

// secureServer writes the server.
func (p *pkg) secureServer() {
	f := p.secureFile("server", "spec/https_server.yaml and spec/https_events.yaml")
	f.Add(comment("Server is http's, for connections that are encrypted. Its 'connection' comes when a client has made its handshake, and with it 'secureConnection'; one that does not is told by 'tlsClientError'. Its field is the server of http, for what takes one.").
		Type().Id("Server").Struct(jen.Op("*").Qual(p.home, "Server"))).Line()
	f.Add(comment("newServer returns a server of the runtime's as this package has it.").
		Func().Id("newServer").Params(jen.Id("s").Op("*").Qual(runtimePath, "Server")).Op("*").Id("Server").Block(
		jen.If(jen.Id("s").Op("==").Nil()).Block(jen.Return(jen.Nil())),
		jen.Return(jen.Op("&").Id("Server").Values(jen.Parens(jen.Op("*").Qual(p.home, "Server")).Call(jen.Id("s")))))).Line()
	for _, m := range p.api.Secure.Server {
		for _, form := range m.Forms {
			target := jen.Parens(jen.Op("*").Qual(runtimePath, "Server")).Call(jen.Id("s").Dot("Server"))
			f.Add(p.memberDoc(m, form).Func().Params(jen.Id("s").Op("*").Id("Server")).Id(form.Name).
				Params(p.params(form.Func, generatedSide)...).Add(p.results(form.Func, generatedSide)).
				Block(p.body(form, target)...)).Line()
		}
	}
}

// httpsAliases returns package https of the newest version's own package: its names are
// those of the one that stands beside http.
func (p *pkg) httpsAliases(name string) map[string]*jen.File {
	if !p.hasAgents() {
		return nil
	}
	target := generatedPath + "/" + httpsDir(p.name)
	home := generatedPath + "/" + p.name
	s := &pkg{api: p.api, document: p.document, profile: p.profile, name: httpsDir(name), home: home, files: map[string]*jen.File{}, secure: true}
	f := s.secureFile("https", "spec/https.yaml")
	f.ImportAlias(target, "newest")
	commentPackage(f, "Package https is Node "+p.document+"'s https module for Go, for programs that stay with that version. As it is the newest that is modelled, all of it is that of "+target+", which documents it.")
	names := []string{"Agent", "Server"}
	for _, set := range secureStructs {
		names = append(names, set.name)
	}
	for _, alias := range p.api.Secure.Aliases {
		names = append(names, alias.Name)
	}
	slices.Sort(names)
	for _, n := range names {
		f.Add(comment(n+" is that of the newest version.").Type().Id(n).Op("=").Qual(target, n)).Line()
	}
	for _, alias := range p.api.Secure.Aliases {
		f.Add(comment("The values of " + alias.Name + ".").Const().DefsFunc(func(g *jen.Group) {
			for _, c := range alias.Value.Constants {
				g.Add(comment(sentence(c.Name, c.Value.Value)).Id(c.Name).Op("=").Qual(target, c.Name))
			}
		})).Line()
	}
	for _, m := range p.api.Secure.Functions {
		for _, form := range m.Forms {
			f.Add(s.memberDoc(m, form).Func().Id(form.Name).Params(s.params(form.Func, generatedSide)...).
				Add(s.results(form.Func, generatedSide)).Block(passOn(target, form))).Line()
		}
	}
	return s.files
}

// passOn calls the function of the same name and parameters in another package.
func passOn(target string, form surface.Form) jen.Code {
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
		return jen.Return(call)
	}
	return call
}
