package scene

// The exported symbols of a package, as its source has them.

import (
	"go/ast"
	"go/parser"
	"go/printer"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Surface compares the exported symbols of the package in the working directory
// with those that are wanted: Name, Type.Method or Struct.Field.
func Surface(t testing.TB, want []string) {
	t.Helper()
	var got []string
	for _, file := range source(t, ".") {
		for _, decl := range file.Decls {
			got = append(got, symbols(decl)...)
		}
	}
	slices.Sort(got)
	want = slices.Sorted(slices.Values(want))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the package has not exactly what its version has (-want +got):\n%s", diff)
	}
}

// Aliases compares the package in the working directory with the one beside it that
// is called target: it must have an alias of each exported type, constant and
// variable of that, a function that hands on to each function, and nothing else.
func Aliases(t testing.TB, target string) {
	t.Helper()
	want, got := map[string]string{}, map[string]string{}
	for _, file := range source(t, filepath.Join("..", target)) {
		for _, decl := range file.Decls {
			definitions(decl, target, want)
		}
	}
	for _, file := range source(t, ".") {
		for _, decl := range file.Decls {
			definitions(decl, "", got)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the package does not stand for %s (-want +got):\n%s", target, diff)
	}
}

// definitions adds what decl defines for other packages, by its name: as it is
// written, or as it would be written in a package of aliases of target.
func definitions(decl ast.Decl, target string, into map[string]string) {
	alias := func(name *ast.Ident, own ast.Expr) ast.Expr {
		if target == "" {
			return own
		}
		return &ast.SelectorExpr{X: ast.NewIdent(target), Sel: ast.NewIdent(name.Name)}
	}
	add := func(name *ast.Ident, node any) {
		if name.IsExported() {
			into[name.Name] = text(node)
		}
	}
	switch decl := decl.(type) {
	case *ast.FuncDecl:
		if decl.Recv != nil {
			return
		}
		f := *decl
		f.Doc = nil
		if target != "" {
			f.Body = handOn(decl, alias(decl.Name, nil))
		}
		add(decl.Name, &f)
	case *ast.GenDecl:
		for _, spec := range decl.Specs {
			switch spec := spec.(type) {
			case *ast.ValueSpec:
				for i, name := range spec.Names {
					add(name, &ast.ValueSpec{Names: []*ast.Ident{name}, Type: spec.Type, Values: []ast.Expr{alias(name, spec.Values[i])}})
				}
			case *ast.TypeSpec:
				assign := spec.Assign
				if target != "" {
					assign = spec.Name.End() // anywhere: it makes the definition an alias
				}
				add(spec.Name, &ast.TypeSpec{Name: spec.Name, Assign: assign, Type: alias(spec.Name, spec.Type)})
			}
		}
	}
}

// handOn is the body of a function that calls another with the parameters of f.
func handOn(f *ast.FuncDecl, function ast.Expr) *ast.BlockStmt {
	call := &ast.CallExpr{Fun: function}
	for _, field := range f.Type.Params.List {
		for _, name := range field.Names {
			call.Args = append(call.Args, ast.NewIdent(name.Name))
		}
		if _, variadic := field.Type.(*ast.Ellipsis); variadic {
			call.Ellipsis = field.End()
		}
	}
	if f.Type.Results == nil {
		return &ast.BlockStmt{List: []ast.Stmt{&ast.ExprStmt{X: call}}}
	}
	return &ast.BlockStmt{List: []ast.Stmt{&ast.ReturnStmt{Results: []ast.Expr{call}}}}
}

// text writes a node in one line.
func text(node any) string {
	var b strings.Builder
	if err := printer.Fprint(&b, token.NewFileSet(), node); err != nil {
		panic(err) // the node was parsed
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// source parses the package in dir, without its tests.
func source(t testing.TB, dir string) []*ast.File {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil || len(names) == 0 {
		t.Fatalf("%s is no package: %v", dir, err)
	}
	var files []*ast.File
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	return files
}

func symbols(decl ast.Decl) []string {
	var names []string
	add := func(owner string, name *ast.Ident) {
		if name.IsExported() {
			names = append(names, owner+name.Name)
		}
	}
	switch decl := decl.(type) {
	case *ast.FuncDecl:
		owner := ""
		if decl.Recv != nil {
			owner = receiver(decl.Recv.List[0].Type) + "."
		}
		add(owner, decl.Name)
	case *ast.GenDecl:
		for _, spec := range decl.Specs {
			switch spec := spec.(type) {
			case *ast.ValueSpec:
				for _, name := range spec.Names {
					add("", name)
				}
			case *ast.TypeSpec:
				add("", spec.Name)
				if s, ok := spec.Type.(*ast.StructType); ok {
					for _, field := range s.Fields.List {
						for _, name := range field.Names {
							add(spec.Name.Name+".", name)
						}
					}
				}
			}
		}
	}
	return names
}

func receiver(t ast.Expr) string {
	if star, ok := t.(*ast.StarExpr); ok {
		t = star.X
	}
	if name, ok := t.(*ast.Ident); ok {
		return name.Name
	}
	return ""
}
