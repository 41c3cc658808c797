package diff

import (
	"go/ast"
	"go/types"
	"regexp"
	"slices"
	"strings"

	"nodehttp/gen/internal/goform"
	"nodehttp/gen/internal/resolve"
	"nodehttp/gen/internal/surface"
)

// table is the exported surface of a generated package: what each symbol is,
// without the names of parameters, which callers do not see.
type table map[string]string

// symbols returns the surface of a version's package.
func (memory *Comparer) symbols(api *resolve.API) table {
	if t := memory.tables[api]; t != nil {
		return t
	}
	if memory.tables == nil {
		memory.tables = map[*resolve.API]table{}
	}
	t := table{}
	memory.tables[api] = t
	add := func(owner string, m resolve.Member) {
		for _, form := range m.Forms {
			t[owner+form.Name] = memory.signature(form)
		}
	}
	for _, m := range api.Package() {
		add("", m)
	}
	for _, class := range api.Classes {
		t[class.Name.Value] = "type"
		for _, m := range class.Members {
			add(class.Name.Value+".", m)
		}
	}
	for _, set := range api.Options {
		t[set.Struct.Value] = "struct"
		if comparable(set) {
			t[set.Struct.Value] = "comparable struct"
		}
		for _, m := range set.Members {
			add(set.Struct.Value+".", m)
		}
	}
	for _, alias := range api.Aliases {
		t[alias.Name] = alias.Value.Go.Value
		for _, c := range alias.Value.Constants {
			t[c.Name] = alias.Name
		}
	}
	for _, e := range api.Errors {
		if e.Value.Sentinel.Given() {
			t[e.Value.Sentinel.Value] = "error"
		}
	}
	return t
}

// signature is what the compiler sees of a form.
func (memory *Comparer) signature(form surface.Form) string {
	if form.Func == nil {
		return types.ExprString(form.Type)
	}
	text, known := memory.signatures[form.Func]
	if !known {
		if memory.signatures == nil {
			memory.signatures = map[*ast.FuncType]string{}
		}
		text = "func" + unnamed(form.Func)
		memory.signatures[form.Func] = text
	}
	return text
}

func unnamed(f *ast.FuncType) string {
	list := func(params []goform.Param) string {
		texts := make([]string, len(params))
		for i, p := range params {
			if inner, ok := p.Type.(*ast.FuncType); ok {
				texts[i] = "func" + unnamed(inner)
			} else {
				texts[i] = types.ExprString(p.Type)
			}
			if p.Variadic {
				texts[i] = "..." + texts[i]
			}
		}
		return strings.Join(texts, ", ")
	}
	results := goform.Results(f)
	text := "(" + list(goform.Params(f)) + ")"
	params := make([]goform.Param, len(results))
	for i, r := range results {
		params[i].Type = r
	}
	switch len(results) {
	case 0:
		return text
	case 1:
		return text + " " + list(params)
	}
	return text + " (" + list(params) + ")"
}

// comparable reports whether Go can compare two structs of set with ==.
func comparable(set *resolve.Options) bool {
	for _, m := range set.Members {
		for _, form := range m.Forms {
			switch t := form.Type.(type) {
			case *ast.FuncType, *ast.MapType, *ast.ArrayType:
				return false
			case *ast.Ident:
				if t.Name == "Headers" { // a slice
					return false
				}
			}
		}
	}
	return true
}

// Broken is a symbol that a Go caller of the one package misses, or finds
// changed, in the other.
type Broken struct {
	Symbol string `json:"symbol" about:"The symbol of the first version's package: F, or T.M."`
	Old    string `json:"old" about:"What the first package has."`
	New    string `json:"new,omitempty" about:"What the second has in its place; nothing if the symbol is gone."`
}

// brokenSymbols lists the symbols with which a Go program that compiles against from's
// package may not compile against to's. What is broken because a type is gone or
// has another name is reported once, for the type: its members, and what names it,
// are compared with those of the type in its place, and not listed if there is
// none.
func (c *comparer) brokenSymbols() map[string]Broken {
	before, after := c.symbols(c.from), c.symbols(c.to)
	names := successors(c.from, c.to)
	list := map[string]Broken{}
	for symbol, old := range before {
		owner, member, isMember := strings.Cut(symbol, ".")
		place := symbol
		if isMember {
			if after[owner] == "" && names[owner] == "" {
				continue
			}
			if name := names[owner]; name != "" {
				place = name + "." + member
			}
		}
		now := after[place]
		if now != translated(old, names) && !(old == "struct" && now == "comparable struct") {
			list[symbol] = Broken{symbol, old, now}
		}
	}
	return list
}

// successors are the classes that have taken another class's place. Of several that
// share a place the first counts.
func successors(from, to *resolve.API) map[string]string {
	names := map[string]string{}
	for _, old := range from.Classes {
		for _, now := range to.Classes {
			name := now.Name.Value
			if logical(old) == logical(now) && !has(to.Classes, old.Name.Value) && (names[old.Name.Value] == "" || name < names[old.Name.Value]) {
				names[old.Name.Value] = name
			}
		}
	}
	return names
}

func has(classes []*resolve.Class, name string) bool {
	return slices.ContainsFunc(classes, func(c *resolve.Class) bool { return c.Name.Value == name })
}

var word = regexp.MustCompile(`\w+`)

// translated puts the names of the other version into a signature.
func translated(signature string, names map[string]string) string {
	if len(names) == 0 {
		return signature
	}
	return word.ReplaceAllStringFunc(signature, func(name string) string {
		if successor := names[name]; successor != "" {
			return successor
		}
		return name
	})
}
