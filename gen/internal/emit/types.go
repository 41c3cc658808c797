package emit

import (
	"fmt"
	"go/ast"
	"strings"

	"github.com/dave/jennifer/jen"

	"nodehttp/gen/internal/goform"
	"nodehttp/gen/internal/surface"
)

// side is the package that a type is written for. The generated package has its own
// types for classes and options, defined over the runtime's.
type side bool

const (
	generatedSide side = false
	runtimeSide   side = true
)

// typeCode writes a Go type as one side sees it.
func (p *pkg) typeCode(t ast.Expr, s side) *jen.Statement {
	switch t := t.(type) {
	case *ast.Ident:
		if s == runtimeSide && p.converts(t) {
			return p.runtimeType(t.Name)
		}
		if p.secure && isSecure(t.Name) {
			return jen.Id(t.Name)
		}
		if p.home != "" && (p.converts(t) || p.aliased(t.Name)) {
			return jen.Qual(p.home, t.Name)
		}
		return jen.Id(t.Name)
	case *ast.SelectorExpr:
		return jen.Qual(importPath(t.X.(*ast.Ident).Name), t.Sel.Name)
	case *ast.StarExpr:
		return jen.Op("*").Add(p.typeCode(t.X, s))
	case *ast.ArrayType:
		return jen.Index().Add(p.typeCode(t.Elt, s))
	case *ast.MapType:
		return jen.Map(p.typeCode(t.Key, s)).Add(p.typeCode(t.Value, s))
	case *ast.IndexListExpr:
		list := make([]jen.Code, len(t.Indices))
		for i, index := range t.Indices {
			list[i] = p.typeCode(index, s)
		}
		return p.typeCode(t.X, s).Types(list...)
	case *ast.FuncType:
		return jen.Func().Params(p.params(t, s)...).Add(p.results(t, s))
	}
	panic(fmt.Sprintf("emit: no rule for the type %T", t))
}

// aliased reports whether package http of the version has the alias.
func (p *pkg) aliased(name string) bool { return p.api.Aliases.Get(name) != nil }

// importPath returns the import path of a package that a form names.
func importPath(name string) string {
	switch name {
	case "core":
		return corePath
	case "runtime":
		return runtimePath
	case "socket":
		return socketPath
	}
	return surface.Packages[name]
}

// params writes the parameters of a signature.
func (p *pkg) params(f *ast.FuncType, s side) []jen.Code {
	var list []jen.Code
	for _, param := range goform.Params(f) {
		code := jen.Null()
		if param.Name != "" {
			code = jen.Id(param.Name)
		}
		if param.Variadic {
			code.Op("...")
		}
		list = append(list, code.Add(p.typeCode(param.Type, s)))
	}
	return list
}

func (p *pkg) results(f *ast.FuncType, s side) jen.Code {
	results := goform.Results(f)
	switch len(results) {
	case 0:
		return jen.Null()
	case 1:
		return p.typeCode(results[0], s)
	}
	list := make([]jen.Code, len(results))
	for i, r := range results {
		list[i] = p.typeCode(r, s)
	}
	return jen.Params(list...)
}

// converts reports whether the two sides see t differently.
func (p *pkg) converts(t ast.Expr) bool {
	found := false
	goform.Form{Type: t}.Names(func(from, name string) {
		if from == "" && (p.api.Surface.IsClass(name) || p.api.Surface.IsStruct(name)) {
			found = true
		}
	})
	return found
}

// toRuntime converts a value of type t for the runtime.
func (p *pkg) toRuntime(t ast.Expr, value *jen.Statement) *jen.Statement {
	return p.convert(t, value, runtimeSide)
}

// fromRuntime converts a value of type t that the runtime gave.
func (p *pkg) fromRuntime(t ast.Expr, value *jen.Statement) *jen.Statement {
	return p.convert(t, value, generatedSide)
}

// convert writes the conversion of value, of type t, for side to.
func (p *pkg) convert(t ast.Expr, value *jen.Statement, to side) *jen.Statement {
	if !p.converts(t) {
		return value
	}
	switch t := t.(type) {
	case *ast.Ident:
		if to == runtimeSide {
			return value.Dot("toRuntime").Call()
		}
	case *ast.StarExpr:
		if name, ok := t.X.(*ast.Ident); ok && p.secure && name.Name == "Server" && to == generatedSide {
			return jen.Id("newServer").Call(value)
		}
		return jen.Parens(p.typeCode(t, to)).Call(value)
	case *ast.FuncType:
		return p.closure(t, value, to)
	case *ast.ArrayType:
		if to == generatedSide {
			return jen.Id(p.sliceHelper(t)).Call(value)
		}
	case *ast.MapType:
		if to == generatedSide {
			return jen.Id(p.mapHelper(t)).Call(value)
		}
	}
	panic(fmt.Sprintf("emit: no rule to convert %T", t))
}

// closure wraps the function value so that side to can call it.
func (p *pkg) closure(t *ast.FuncType, value *jen.Statement, to side) *jen.Statement {
	var args []jen.Code
	for _, param := range goform.Params(t) {
		args = append(args, p.convert(param.Type, jen.Id(param.Name), !to))
	}
	call := value.Call(args...)
	if results := goform.Results(t); len(results) > 0 {
		call = jen.Return(p.convert(results[0], call, to))
	}
	return p.typeCode(t, to).Block(call)
}

// listHelper returns the name of the function that converts a list of functions
// of type t for the runtime, which it has written. It drops nil, which is no function.
func (p *pkg) listHelper(t *ast.FuncType) string {
	name := "wrap"
	for _, param := range goform.Params(t) {
		goform.Form{Type: param.Type}.Names(func(_, typeName string) { name += typeName })
	}
	body := []jen.Code{
		jen.Id("wrapped").Op(":=").Make(jen.Index().Add(p.typeCode(t, runtimeSide)), jen.Lit(0), jen.Len(jen.Id("list"))),
		jen.For(jen.List(jen.Id("_"), jen.Id("f")).Op(":=").Range().Id("list")).Block(
			jen.If(jen.Id("f").Op("!=").Nil()).Block(
				jen.Id("wrapped").Op("=").Append(jen.Id("wrapped"), p.closure(t, jen.Id("f"), runtimeSide)),
			),
		),
		jen.Return(jen.Id("wrapped")),
	}
	p.helper(name, comment(name+" adapts functions to the runtime's types.").
		Func().Id(name).Params(jen.Id("list").Index().Add(p.typeCode(t, generatedSide))).
		Index().Add(p.typeCode(t, runtimeSide)).Block(body...))
	return name
}

// mapHelper is listHelper for a map of lists of objects that the runtime gave.
func (p *pkg) mapHelper(t *ast.MapType) string {
	list, ok := t.Value.(*ast.ArrayType)
	if !ok {
		panic("emit: a map that converts holds lists")
	}
	name := "pools"
	goform.Form{Type: list.Elt}.Names(func(_, typeName string) { name += "Of" + typeName })
	body := []jen.Code{
		jen.Id("converted").Op(":=").Make(p.typeCode(t, generatedSide), jen.Len(jen.Id("pools"))),
		jen.For(jen.List(jen.Id("name"), jen.Id("list")).Op(":=").Range().Id("pools")).Block(
			jen.For(jen.List(jen.Id("_"), jen.Id("element")).Op(":=").Range().Id("list")).Block(
				jen.Id("converted").Index(jen.Id("name")).Op("=").Append(
					jen.Id("converted").Index(jen.Id("name")), p.fromRuntime(list.Elt, jen.Id("element"))),
			),
		),
		jen.Return(jen.Id("converted")),
	}
	p.helper(name, comment(name+" adapts an agent's pools to the types of this package.").
		Func().Id(name).Params(jen.Id("pools").Add(p.typeCode(t, runtimeSide))).
		Add(p.typeCode(t, generatedSide)).Block(body...))
	return name
}

// sliceHelper is mapHelper for a list.
func (p *pkg) sliceHelper(t *ast.ArrayType) string {
	name := "list"
	goform.Form{Type: t.Elt}.Names(func(_, typeName string) { name += "Of" + typeName })
	body := []jen.Code{
		jen.Id("converted").Op(":=").Make(p.typeCode(t, generatedSide), jen.Len(jen.Id("list"))),
		jen.For(jen.List(jen.Id("i"), jen.Id("element")).Op(":=").Range().Id("list")).Block(
			jen.Id("converted").Index(jen.Id("i")).Op("=").Add(p.fromRuntime(t.Elt, jen.Id("element"))),
		),
		jen.Return(jen.Id("converted")),
	}
	p.helper(name, comment(name+" adapts a list to the types of this package.").
		Func().Id(name).Params(jen.Id("list").Add(p.typeCode(t, runtimeSide))).
		Add(p.typeCode(t, generatedSide)).Block(body...))
	return name
}

// runtimeType writes what a class or an options object is in the runtime: those of Node's
// net module are in its package socket.
func (p *pkg) runtimeType(name string) *jen.Statement {
	if class := p.api.Class(name); class != nil {
		return jen.Qual(runtimeHome(class.Net()), class.Runtime())
	}
	for _, set := range p.api.Options {
		if set.Struct.Value == name {
			return jen.Qual(runtimeHome(set.Net()), name)
		}
	}
	panic("emit: " + name + " is neither a class nor an options object")
}

func runtimeHome(net bool) string {
	if net {
		return socketPath
	}
	return runtimePath
}

// helper keeps the code of an unexported function for the package's convert.go.
func (p *pkg) helper(name string, code jen.Code) {
	if p.helpers == nil {
		p.helpers = map[string]jen.Code{}
	}
	p.helpers[name] = code
}

// snake is the file name of a Go name: ServerResponse is server_response.
func snake(name string) string {
	var b strings.Builder
	for i, r := range name {
		if i > 0 && r >= 'A' && r <= 'Z' {
			b.WriteByte('_')
		}
		b.WriteRune(r)
	}
	return strings.ToLower(b.String())
}

func isError(t ast.Expr) bool {
	name, ok := t.(*ast.Ident)
	return ok && name.Name == "error"
}
