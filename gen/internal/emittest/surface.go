package emittest

import (
	"go/ast"
	"go/types"
	"slices"

	"nodehttp/gen/internal/goform"
	"nodehttp/gen/internal/resolve"
	"nodehttp/gen/internal/surface"
)

// surface writes what the compiler checks, that each member has its typed
// form, and the test that there are no others.
func (p *pkg) surface(f *file) error {
	var names []string
	f.printf("// Every function, method and option has the form that the model says; the\n// compiler checks it.\nvar (\n")
	for _, m := range p.api.Package() {
		for _, form := range m.Forms {
			names = append(names, form.Name)
			f.printf("_ %s = %s\n", f.typeText(form.Func), form.Name)
		}
	}
	for _, class := range p.api.Classes {
		name := class.Name.Value
		names = append(names, name)
		for _, m := range class.Members {
			for _, form := range m.Forms {
				names = append(names, name+"."+form.Name)
				f.printf("_ %s = (*%s).%s\n", f.methodText(name, form), name, form.Name)
			}
		}
	}
	for _, set := range p.api.Options {
		name := set.Struct.Value
		names = append(names, name)
		for _, m := range set.Members {
			for _, form := range m.Forms {
				names = append(names, name+"."+form.Name)
				f.printf("_ %s = %s{}.%s\n", f.typeText(form.Type), name, form.Name)
			}
		}
	}
	f.printf(")\n\n")
	names = append(names, p.shared()...)
	slices.Sort(names)
	f.printf("func TestSurface(t *$testing.T) {\n$scene.Surface(t, []string{\n")
	for _, name := range names {
		f.printf("%q,\n", name)
	}
	f.printf("})\n}\n\n")
	return nil
}

// methodText is the type of the method expression of form.
func (f *file) methodText(class string, form surface.Form) string {
	receiver := &ast.Field{Names: []*ast.Ident{ast.NewIdent("_")}, Type: &ast.StarExpr{X: ast.NewIdent(class)}}
	list := append([]*ast.Field{receiver}, form.Func.Params.List...)
	return f.typeText(&ast.FuncType{Params: &ast.FieldList{List: list}, Results: form.Func.Results})
}

// shared are the symbols that every version has.
func (p *pkg) shared() []string {
	var names []string
	for _, t := range p.api.Aliases {
		names = append(names, t.Name)
		for _, c := range t.Value.Constants {
			names = append(names, c.Name)
		}
	}
	for _, e := range p.api.Errors {
		if e.Value.Sentinel.Given() {
			names = append(names, e.Value.Sentinel.Value)
		}
	}
	return names
}

// properties writes a test for each class with something that can be set: what
// was set is read back.
func (p *pkg) properties(f *file) error {
	for _, class := range p.api.Classes {
		object := p.object(class)
		if object == "" {
			continue
		}
		var rows int
		for _, m := range class.Members {
			get, ok := getter(m)
			set := slices.IndexFunc(m.Forms, func(form surface.Form) bool { return form.Setter })
			if m.Kind != resolve.KindProperty || !ok || set < 0 {
				continue
			}
			if rows == 0 {
				f.printf("func Test%sProperties(t *$testing.T) {\nobject := %s\nwant, got := map[string]any{}, map[string]any{}\n", class.Name.Value, object)
			}
			rows++
			value := other(m, goform.Params(m.Forms[set].Func)[0])
			f.printf("object.%s(%s)\n", m.Forms[set].Name, value)
			f.printf("want[%q], got[%q] = %s, object.%s()\n", m.Name, m.Name, value, get.Name)
		}
		if rows > 0 {
			f.printf("$scene.Compare(t, want, got)\n}\n\n")
		}
	}
	return nil
}

// other is a value that m does not have of itself.
func other(m resolve.Member, param goform.Param) string {
	for _, v := range m.Values {
		if m.Default == nil || v.Value != m.Default.String {
			return `"` + v.Value + `"`
		}
	}
	switch types.ExprString(param.Type) {
	case "bool":
		if m.Default != nil && m.Default.Bool {
			return "false"
		}
		return "true"
	case "int":
		if m.Default != nil && m.Default.Int == 201 {
			return "202"
		}
		return "201"
	case "time.Duration":
		if m.Default != nil && m.Default.Int == 7000 {
			return "8*$time.Second"
		}
		return "7*$time.Second"
	}
	return `"other"`
}
