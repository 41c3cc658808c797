package emit

import (
	"go/ast"

	"github.com/dave/jennifer/jen"

	"nodehttp/gen/internal/goform"
	"nodehttp/gen/internal/surface"
)

// arguments writes the parameters of form as the runtime takes them.
func (p *pkg) arguments(form surface.Form) map[string]jen.Code {
	args := map[string]jen.Code{}
	for _, param := range goform.Params(form.Func) {
		switch {
		case !param.Variadic:
			args[param.Name] = p.toRuntime(param.Type, jen.Id(param.Name))
		case p.converts(param.Type):
			args[param.Name] = jen.Id(p.listHelper(param.Type.(*ast.FuncType))).Call(jen.Id(param.Name)).Op("...")
		case isFunc(param.Type): // nil is none
			args[param.Name] = jen.Qual(corePath, "Given").Call(jen.Id(param.Name)).Op("...")
		default:
			args[param.Name] = jen.Id(param.Name).Op("...")
		}
	}
	return args
}

func isFunc(t ast.Expr) bool {
	_, ok := t.(*ast.FuncType)
	return ok
}

// isSubscription reports whether t is what the methods return that take a listener.
func isSubscription(t ast.Expr) bool {
	star, ok := t.(*ast.StarExpr)
	if !ok {
		return false
	}
	name, ok := star.X.(*ast.Ident)
	return ok && name.Name == "Subscription"
}

// call writes the call that form stands for. target is what a method is called on,
// nil for a function.
func (p *pkg) call(form surface.Form, target *jen.Statement) *jen.Statement {
	args := p.arguments(form)
	if form.Call == nil {
		var list []jen.Code
		for _, param := range goform.Params(form.Func) {
			list = append(list, args[param.Name])
		}
		if target == nil {
			return jen.Qual(runtimePath, form.Runtime).Call(list...)
		}
		return target.Dot(form.Runtime).Call(list...)
	}
	list := make([]jen.Code, len(form.Call.Args))
	for i, arg := range form.Call.Args {
		list[i] = p.argument(arg, args)
	}
	function := form.Call.Fun.(*ast.SelectorExpr)
	return jen.Qual(importPath(function.X.(*ast.Ident).Name), function.Sel.Name).Call(list...)
}

// argument writes one argument of a call that the model gives: a parameter, the
// word profile, a string or an empty struct.
func (p *pkg) argument(arg ast.Expr, params map[string]jen.Code) jen.Code {
	switch arg := arg.(type) {
	case *ast.Ident:
		if code, ok := params[arg.Name]; ok {
			return code
		}
		if arg.Name == "profile" {
			return jen.Qual(profilePath, profileName(p.profile))
		}
	case *ast.BasicLit:
		return jen.Op(arg.Value)
	case *ast.CompositeLit:
		if t, ok := arg.Type.(*ast.SelectorExpr); ok && len(arg.Elts) == 0 {
			return jen.Qual(importPath(t.X.(*ast.Ident).Name), t.Sel.Name).Values()
		}
	}
	panic("emit: no rule for this argument of a call")
}

// body writes the statements that make a call and return its results.
func (p *pkg) body(form surface.Form, target *jen.Statement) []jen.Code {
	call := p.call(form, target)
	results := goform.Results(form.Func)
	switch {
	case len(results) == 0:
		return []jen.Code{call}
	case isSubscription(results[0]): // nil is told here, not when the event comes
		listener := goform.Params(form.Func)[0].Name
		return []jen.Code{
			jen.Qual(corePath, "RequireListener").Call(jen.Id(listener).Op("!=").Nil()),
			jen.Return(call),
		}
	case len(results) == 1:
		return []jen.Code{jen.Return(p.fromRuntime(results[0], call))}
	case !p.converts(results[0]):
		return []jen.Code{jen.Return(call)}
	}
	return []jen.Code{ // the second is an error
		jen.List(jen.Id("result"), jen.Err()).Op(":=").Add(call),
		jen.Return(p.fromRuntime(results[0], jen.Id("result")), jen.Err()),
	}
}
