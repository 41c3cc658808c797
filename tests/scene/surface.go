package scene

// The exported symbols of a package, as its source has them.

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Surface compares the exported symbols of the package in the working directory
// with those that are wanted: Name, Type.Method or Struct.Field.
func Surface(t testing.TB, want []string) {
	t.Helper()
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".go") || strings.HasSuffix(e.Name(), "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), e.Name(), nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
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
