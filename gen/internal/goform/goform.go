// Package goform reads the Go that the model quotes: the signature of a method
// or function, or a struct field. It knows Go's grammar and nothing of
// what the names mean.
package goform

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
)

// Form is one Go symbol that a member of the model becomes.
type Form struct {
	Name string
	// Func is the signature of a method or function, nil for a field.
	Func *ast.FuncType
	// Type is the type of a field, nil for a method or function.
	Type ast.Expr
}

// Parse reads `Name(params) results` or `Name Type`.
func Parse(text string) (Form, error) {
	name, _, _ := strings.Cut(text, "(")
	if name != text && !strings.Contains(name, " ") {
		return method(text)
	}
	field, err := member("struct", text)
	if err != nil {
		return Form{}, err
	}
	return Form{Name: field.Names[0].Name, Type: field.Type}, nil
}

func method(text string) (Form, error) {
	m, err := member("interface", text)
	if err != nil {
		return Form{}, err
	}
	signature := m.Type.(*ast.FuncType)
	for _, param := range signature.Params.List {
		if len(param.Names) == 0 {
			return Form{}, fmt.Errorf("%q: its parameters need names", text)
		}
	}
	return Form{Name: m.Names[0].Name, Func: signature}, nil
}

// member parses text as the only member of a struct or interface.
func member(kind, text string) (*ast.Field, error) {
	malformed := fmt.Errorf("%q is not a Go signature or field", text)
	file, err := parser.ParseFile(token.NewFileSet(), "", "package p; type t "+kind+"{\n"+text+"\n}", 0)
	if err != nil {
		return nil, malformed
	}
	var list []*ast.Field
	switch t := file.Decls[0].(*ast.GenDecl).Specs[0].(*ast.TypeSpec).Type.(type) {
	case *ast.StructType:
		list = t.Fields.List
	case *ast.InterfaceType:
		list = t.Methods.List
	}
	if len(list) != 1 || len(list[0].Names) != 1 || !list[0].Names[0].IsExported() {
		return nil, malformed
	}
	return list[0], nil
}

// Param is one parameter of a signature.
type Param struct {
	Name string
	Type ast.Expr
	// Variadic says that Type is the element of a variadic parameter.
	Variadic bool
}

// Params lists a signature's parameters, one per name.
func Params(signature *ast.FuncType) []Param {
	var params []Param
	for _, field := range signature.Params.List {
		p := Param{Type: field.Type}
		if variadic, ok := field.Type.(*ast.Ellipsis); ok {
			p.Type, p.Variadic = variadic.Elt, true
		}
		if len(field.Names) == 0 {
			params = append(params, p)
		}
		for _, name := range field.Names {
			p.Name = name.Name
			params = append(params, p)
		}
	}
	return params
}

// Results lists the types that a signature returns.
func Results(signature *ast.FuncType) []ast.Expr {
	if signature.Results == nil {
		return nil
	}
	var results []ast.Expr
	for _, field := range signature.Results.List {
		for range max(1, len(field.Names)) {
			results = append(results, field.Type)
		}
	}
	return results
}

// Names calls each for every type name in form: package is empty for a
// name of the generated package or of Go itself.
func (f Form) Names(each func(pkg, name string)) {
	root := f.Type
	if f.Func != nil {
		root = f.Func
	}
	var visit func(n ast.Node) bool
	visit = func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			each(n.X.(*ast.Ident).Name, n.Sel.Name)
			return false
		case *ast.Field: // its names are not types
			ast.Inspect(n.Type, visit)
			return false
		case *ast.Ident:
			each("", n.Name)
		}
		return true
	}
	ast.Inspect(root, visit)
}
