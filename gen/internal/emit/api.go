package emit

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/printer"
	"go/token"
	"slices"
	"strings"
)

// apiOf lists what a package exports, one symbol with its signature per line.
// files are its sources.
func apiOf(files map[string][]byte) ([]byte, error) {
	var lines []string
	for name, source := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, source, 0)
		if err != nil {
			return nil, err
		}
		for _, decl := range file.Decls {
			lines = append(lines, symbols(decl)...)
		}
	}
	slices.Sort(lines)
	return []byte(strings.Join(lines, "\n") + "\n"), nil
}

// symbols returns a line for each exported symbol of decl.
func symbols(decl ast.Decl) []string {
	if f, ok := decl.(*ast.FuncDecl); ok {
		if !f.Name.IsExported() {
			return nil
		}
		head := *f
		head.Doc, head.Body = nil, nil
		return []string{source(&head)}
	}
	var lines []string
	for _, spec := range decl.(*ast.GenDecl).Specs {
		switch spec := spec.(type) {
		case *ast.TypeSpec:
			lines = append(lines, typeLines(spec)...)
		case *ast.ValueSpec:
			lines = append(lines, fmt.Sprintf("%s %s = %s", decl.(*ast.GenDecl).Tok, spec.Names[0], source(spec.Values[0])))
		}
	}
	return lines
}

// typeLines returns a line for a type and one for each of its fields. What a
// class is defined over is no part of it.
func typeLines(spec *ast.TypeSpec) []string {
	name := spec.Name.Name
	fields, isStruct := spec.Type.(*ast.StructType)
	switch {
	case spec.Assign.IsValid():
		return []string{"type " + name + " = " + source(spec.Type)}
	case !isStruct:
		return []string{"type " + name}
	}
	lines := []string{"type " + name + " struct"}
	for _, field := range fields.Fields.List {
		lines = append(lines, "field "+name+"."+field.Names[0].Name+" "+source(field.Type))
	}
	return lines
}

// source writes a node in one line.
func source(node any) string {
	var b bytes.Buffer
	if err := printer.Fprint(&b, token.NewFileSet(), node); err != nil {
		panic(err) // the node was parsed
	}
	return strings.Join(strings.Fields(b.String()), " ")
}
