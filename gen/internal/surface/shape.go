package surface

import (
	"fmt"
	"go/ast"
	"go/parser"

	"nodehttp/gen/internal/goform"
)

// shapes reports a type in form that generated code could not convert to the
// runtime's or back.
func (s *Surface) shapes(form goform.Form) error {
	fits := true
	if form.Func == nil {
		fits = s.convertible(form.Type, false)
	} else {
		for _, p := range goform.Params(form.Func) {
			_, isFunc := p.Type.(*ast.FuncType)
			fits = fits && s.convertible(p.Type, false) && (!p.Variadic || isFunc || !s.foreign(p.Type))
		}
		for i, r := range goform.Results(form.Func) {
			fits = fits && s.convertible(r, true) && (i == 0 || !s.foreign(r))
		}
	}
	if !fits {
		return fmt.Errorf("%s has a type that has no conversion to the runtime's", form.Name)
	}
	return nil
}

// foreign reports whether the runtime has a type of its own for t.
func (s *Surface) foreign(t ast.Expr) bool {
	found := false
	goform.Form{Type: t}.Names(func(pkg, name string) {
		found = found || pkg == "" && (s.classes[name] || s.structs[name])
	})
	return found
}

// convertible reports whether there is a conversion for t, as a result or as a
// parameter.
func (s *Surface) convertible(t ast.Expr, result bool) bool {
	if !s.foreign(t) {
		return writable(t)
	}
	switch t := t.(type) {
	case *ast.Ident:
		return s.structs[t.Name] && !result
	case *ast.StarExpr:
		class, ok := t.X.(*ast.Ident)
		return ok && s.classes[class.Name]
	case *ast.ArrayType:
		_, ok := t.Elt.(*ast.StarExpr)
		return ok && result && t.Len == nil && s.convertible(t.Elt, true)
	case *ast.MapType:
		list, ok := t.Value.(*ast.ArrayType)
		return ok && result && !s.foreign(t.Key) && s.convertible(list.Elt, true)
	case *ast.FuncType:
		results := goform.Results(t)
		fits := !result && len(results) <= 1
		for _, p := range goform.Params(t) {
			fits = fits && p.Name != "" && !p.Variadic && s.convertible(p.Type, true)
		}
		for _, r := range results {
			fits = fits && s.convertible(r, false)
		}
		return fits
	}
	return false
}

// writable reports whether t is of the kinds of type that are written.
func writable(t ast.Expr) bool {
	fits := true
	ast.Inspect(t, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.StructType, *ast.InterfaceType, *ast.ChanType, *ast.IndexExpr, *ast.ParenExpr:
			fits = false
		case *ast.ArrayType:
			fits = fits && n.Len == nil
		}
		return fits
	})
	return fits
}

// parseCall reads a call of a function of runtime, core or nethttp whose arguments are
// parameters of form, the word profile, literals or empty structs.
func parseCall(text string, form goform.Form) (*ast.CallExpr, error) {
	malformed := fmt.Errorf("%q is not a call of a function of runtime, core or nethttp", text)
	expr, err := parser.ParseExpr(text)
	if err != nil || form.Func == nil {
		return nil, malformed
	}
	call, ok := expr.(*ast.CallExpr)
	if !ok || !ours(call.Fun) {
		return nil, malformed
	}
	known := map[string]bool{"profile": true}
	for _, p := range goform.Params(form.Func) {
		known[p.Name] = true
	}
	for _, arg := range call.Args {
		switch arg := arg.(type) {
		case *ast.BasicLit:
			continue
		case *ast.CompositeLit:
			if len(arg.Elts) == 0 && ours(arg.Type) {
				continue
			}
		case *ast.Ident:
			if known[arg.Name] {
				continue
			}
			return nil, fmt.Errorf("%q is not a parameter of %s", arg.Name, form.Name)
		}
		return nil, malformed
	}
	return call, nil
}

// ours reports whether e is a name of package runtime, core or nethttp.
func ours(e ast.Expr) bool {
	selector, ok := e.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	pkg, ok := selector.X.(*ast.Ident)
	return ok && (pkg.Name == "runtime" || pkg.Name == "socket" || pkg.Name == "core" || pkg.Name == "nethttp")
}
