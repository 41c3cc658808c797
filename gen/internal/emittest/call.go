package emittest

import (
	"fmt"
	"go/types"
	"slices"
	"strings"

	"nodehttp/gen/internal/goform"
	"nodehttp/gen/internal/model"
	"nodehttp/gen/internal/resolve"
	"nodehttp/gen/internal/surface"
)

// arguments returns the arguments of a call of form, one of m's, in which given
// are the values that matter and fault takes the error of a callback. It
// returns false if the form cannot take one of them.
func (p *pkg) arguments(m resolve.Member, form surface.Form, given model.Map[model.Scalar], fault string) ([]string, bool) {
	params := goform.Params(form.Func)
	taken := map[string]bool{}
	var args []string
	for i, param := range params {
		t := types.ExprString(param.Type)
		node := p.nodeName(m, params, i)
		switch value := given.Get(node); {
		case value != nil && t != "func()":
			taken[node] = true
			args = append(args, literal(value, t))
		case p.api.Surface.IsStruct(t):
			fields, names, ok := p.fields(t, node, given)
			if !ok {
				return nil, false
			}
			for _, name := range names {
				taken[name] = true
			}
			args = append(args, fields)
		case param.Variadic && fault != "" && t == "func(err error)":
			args = append(args, fault)
		case param.Variadic:
		default:
			args = append(args, p.valid(param))
		}
	}
	return args, len(taken) == len(given)
}

// nodeName is the name that Node's documents have for the parameter at i of a Go
// form: its own, or that of the one in the same place.
func (p *pkg) nodeName(m resolve.Member, params []goform.Param, i int) string {
	has := func(name string) bool { return m.Params.Get(name) != nil || m.Params.Get(name+"?") != nil }
	name := params[i].Name
	if has(name) || i >= len(m.Params) {
		return name
	}
	place := strings.TrimSuffix(m.Params[i].Name, "?")
	if slices.ContainsFunc(params, func(other goform.Param) bool { return other.Name == place }) {
		return name
	}
	return place
}

// fields writes the literal of an options struct with those of given that are
// its fields, and returns their names.
func (p *pkg) fields(structure, param string, given model.Map[model.Scalar]) (text string, names []string, ok bool) {
	var list []string
	for _, arg := range given {
		option, isOption := strings.CutPrefix(arg.Name, param+".")
		if !isOption {
			continue
		}
		field, found := p.field(structure, option)
		if !found {
			return "", nil, false
		}
		names = append(names, arg.Name)
		list = append(list, field.Name+": "+literal(arg.Value, types.ExprString(field.Type)))
	}
	return structure + "{" + strings.Join(list, ", ") + "}", names, true
}

// field is the first form of an option.
func (p *pkg) field(structure, option string) (surface.Form, bool) {
	for _, set := range p.api.Options {
		if set.Struct.Value != structure {
			continue
		}
		for _, m := range set.Members {
			if m.Name == option && len(m.Forms) > 0 {
				return m.Forms[0], true
			}
		}
	}
	return surface.Form{}, false
}

// set writes the statements that set properties of object, of class.
func set(b *strings.Builder, class *resolve.Class, properties model.Map[model.Scalar]) error {
	for _, property := range properties {
		m := class.Member(resolve.KindProperty, property.Name)
		if m == nil {
			return fmt.Errorf("%s: this version has no property %q", property.Pos, property.Name)
		}
		i := slices.IndexFunc(m.Forms, func(form surface.Form) bool { return form.Setter })
		fmt.Fprintf(b, "object.%s(%s)\n", m.Forms[i].Name, want(property.Value, m.Type))
	}
	return nil
}

// call writes a call of a step on object, of class.
func (p *pkg) call(class *resolve.Class, object string, step model.Step) (string, error) {
	m := class.Member(resolve.KindMethod, step.Call.Value)
	if m == nil {
		return "", fmt.Errorf("%s: this version has no method %q", step.Call.Pos, step.Call.Value)
	}
	for _, form := range m.Forms {
		if args, ok := p.arguments(*m, form, step.Args, ""); ok {
			call := fmt.Sprintf("%s.%s(%s)", object, form.Name, strings.Join(args, ", "))
			if n := step.Times.Value; n > 1 {
				call = fmt.Sprintf("for range %d {\n%s\n}", n, call)
			}
			return call, nil
		}
	}
	return "", fmt.Errorf("%s: no Go form of %q takes these arguments", step.Call.Pos, step.Call.Value)
}
