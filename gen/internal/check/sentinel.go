package check

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"strings"

	"nodehttp/gen/internal/diag"
	"nodehttp/gen/internal/model"
)

// Sentinels reports errors of the model whose sentinel is no exported variable of
// package core, whose files are in dir: the generated package could not name it.
func Sentinels(spec *model.Spec, dir fs.FS, errs *diag.List) {
	known := map[string]bool{}
	files, _ := fs.Glob(dir, "*.go") // the pattern is sound
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		text, err := fs.ReadFile(dir, name)
		if err != nil {
			errs.Addf(diag.Pos{File: "core/" + name, Line: 1, Column: 1}, "%s", err)
			continue
		}
		file, _ := parser.ParseFile(token.NewFileSet(), name, text, parser.SkipObjectResolution)
		if file == nil {
			continue // which the compiler reports
		}
		for _, decl := range file.Decls {
			group, ok := decl.(*ast.GenDecl)
			if !ok || group.Tok != token.VAR {
				continue
			}
			for _, spec := range group.Specs {
				for _, name := range spec.(*ast.ValueSpec).Names {
					known[name.Name] = name.IsExported()
				}
			}
		}
	}
	for _, e := range spec.Errors {
		if s := e.Value.Sentinel; s.Given() && !known[s.Value] {
			errs.Addf(s.Pos, "package core has no variable %s", s.Value)
		}
	}
}
