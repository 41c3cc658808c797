package surface

import (
	"errors"
	"fmt"
	"go/ast"
	"strings"

	"nodehttp/gen/internal/diag"
	"nodehttp/gen/internal/goform"
	"nodehttp/gen/internal/model"
)

// Form is one Go symbol of a member.
type Form struct {
	goform.Form
	// Doc is what the model says of this form alone, else empty.
	Doc string
	// Call is the runtime's function with its arguments; nil means the method of
	// the same name with the same parameters.
	Call *ast.CallExpr
	// Runtime is the name of the runtime's method.
	Runtime string
	// Setter marks the form that writes a property.
	Setter bool
	// Once marks the form that listens to one event only.
	Once bool
	// Since is the release that brought the form, nil if it came with its member.
	Since model.Versions
}

// Error is what keeps a member from having a Go form, and where.
type Error struct {
	Pos     diag.Pos
	Message string
}

// Error returns the message without its place.
func (e *Error) Error() string { return e.Message }

// ErrUnread says that a type could not be read, which was reported then.
var ErrUnread = errors.New("the type could not be read")

// Surface derives forms; it knows the names that a type can have.
type Surface struct {
	types   model.Map[model.TypeDef]
	classes map[string]bool
	structs map[string]bool
}

// New returns the surface of spec.
func New(spec *model.Spec) *Surface {
	s := &Surface{spec.Types, map[string]bool{}, map[string]bool{}}
	for _, class := range spec.Classes {
		s.classes[class.Name.Value] = true
	}
	for _, set := range spec.Options {
		s.structs[set.Struct.Value] = true
	}
	return s
}

// IsClass reports whether name is a class of the model.
func (s *Surface) IsClass(name string) bool { return s.classes[name] }

// IsStruct reports whether name is the Go struct of an options object.
func (s *Surface) IsStruct(name string) bool { return s.structs[name] }

// IsAlias reports whether every generated package has the type name.
func (s *Surface) IsAlias(name string) bool {
	def := s.types.Get(name)
	return def != nil && def.Alias
}

// Knows reports whether name can stand in a type of the model.
func (s *Surface) Knows(name string) bool {
	return s.classes[name] || s.types.Get(name) != nil || name == "this"
}

// Packages are what a Go form may name types of, by their short name.
var Packages = map[string]string{
	"context": "context", "io": "io", "iter": "iter", "net": "net", "time": "time",
	"tls": "crypto/tls", "x509": "crypto/x509",
	"http": "net/http", "nethttp": "nodehttp/runtime/nethttp",
}

// builtins are Go's own types that a form may use.
var builtins = map[string]bool{
	"bool": true, "byte": true, "error": true, "int": true, "int64": true, "string": true,
}

// GoType returns t as Go writes it.
func (s *Surface) GoType(t *model.Type) (string, error) {
	if len(t.Union) == 0 {
		return "", ErrUnread
	}
	if len(t.Union) != 1 {
		return "", &Error{t.Pos, "a type with alternatives has no Go form of its own: list the forms under go"}
	}
	term := t.Union[0]
	if term.Params != nil {
		params, err := s.goParams(term.Params)
		return "func(" + params + ")", err
	}
	var name string
	switch def := s.types.Get(term.Name); {
	case s.classes[term.Name]:
		name = "*" + term.Name
	case def == nil:
		return "", &Error{t.Pos, fmt.Sprintf("unknown type %q", term.Name)}
	case def.Alias:
		name = term.Name
	case def.Go.Given():
		name = def.Go.Value
	default:
		return "", &Error{t.Pos, fmt.Sprintf("type %q has no Go form of its own: list the forms under go", term.Name)}
	}
	return strings.Repeat("[]", term.Lists) + name, nil
}

func (s *Surface) goParams(params []model.TypedName) (string, error) {
	list := make([]string, len(params))
	for i, p := range params {
		t, err := s.GoType(&p.Type)
		if err != nil {
			return "", err
		}
		list[i] = p.Name + " " + t
	}
	return strings.Join(list, ", "), nil
}

// Callable returns the forms of a method, function or constructor.
func (s *Surface) Callable(name string, c *model.Callable, pos diag.Pos) ([]Form, error) {
	if len(c.Go) > 0 {
		return s.listed(c.Go)
	}
	var params []string
	for i, p := range c.Params {
		t, err := s.GoType(p.Value)
		if err != nil {
			return nil, err
		}
		param, optional := strings.CutSuffix(p.Name, "?")
		switch {
		case !optional:
			params = append(params, param+" "+t)
		case i == len(c.Params)-1:
			params = append(params, param+" ..."+t)
		default:
			return nil, &Error{p.Pos, "an optional parameter before the last has no Go form of its own: list the forms under go"}
		}
	}
	var result string
	switch {
	case c.Returns != nil && !c.Returns.Is("this"):
		t, err := s.GoType(c.Returns)
		if err != nil {
			return nil, err
		}
		result = t
		if len(c.Throws) > 0 {
			result = "(" + t + ", error)"
		}
	case len(c.Throws) > 0:
		result = "error"
	}
	return s.derived(pos, Name(name)+"("+strings.Join(params, ", ")+") "+result)
}

// Listed returns the forms that the model gives.
func (s *Surface) Listed(given []model.Form) ([]Form, error) { return s.listed(given) }

// Event returns OnName, and OnceName of an event that can fire again: what fires at
// most once has no use for it.
func (s *Surface) Event(name string, e *model.Event, pos diag.Pos) ([]Form, error) {
	if len(e.Go) > 0 {
		forms, err := s.listed(e.Go)
		if err == nil {
			err = onceForms(e, forms)
		}
		return forms, err
	}
	params := make([]model.TypedName, len(e.Params))
	for i, p := range e.Params {
		params[i] = model.TypedName{Name: p.Name, Type: *p.Value}
	}
	list, err := s.goParams(params)
	if err != nil {
		return nil, err
	}
	signature := Name(name) + "(f func(" + list + ")) *Subscription"
	if e.Once {
		return s.derived(pos, "On"+signature)
	}
	forms, err := s.derived(pos, "On"+signature, "Once"+signature)
	if err == nil {
		forms[1].Once = true
	}
	return forms, err
}

// onceForms marks the forms that listen once, and reports one that should not be
// there and one that is missing.
func onceForms(e *model.Event, forms []Form) error {
	on, once := -1, -1
	for i := range forms {
		switch {
		case strings.HasPrefix(forms[i].Name, "Once"):
			forms[i].Once = true
			once = i
		case strings.HasPrefix(forms[i].Name, "On"):
			on = i
		}
	}
	switch {
	case e.Once && once >= 0:
		return &Error{e.Go[once].Text.Pos, "the event fires at most once, so it has no " + forms[once].Name}
	case !e.Once && on >= 0 && once < 0:
		return &Error{e.Go[on].Text.Pos, "the event can fire again, so it has Once" + strings.TrimPrefix(forms[on].Name, "On") + ", too"}
	}
	return nil
}

// Property returns the getter and, for a writable property, the setter.
func (s *Surface) Property(name string, p *model.Property, pos diag.Pos) ([]Form, error) {
	if len(p.Go) > 0 {
		return s.listed(p.Go)
	}
	if p.Type == nil {
		return nil, &Error{pos, fmt.Sprintf("property %q has no type", name)}
	}
	t, err := s.GoType(p.Type)
	if err != nil {
		return nil, err
	}
	goName := Name(name)
	signatures := []string{goName + "() " + t}
	if p.Writable {
		signatures = append(signatures, "Set"+goName+"("+strings.TrimPrefix(name, "Symbol.")+" "+t+")")
	}
	forms, err := s.derived(pos, signatures...)
	if err == nil && p.Writable {
		forms[1].Setter = true
	}
	return forms, err
}

// Option returns the fields of an option.
func (s *Surface) Option(name string, o *model.Option, effective *model.Scalar, pos diag.Pos) ([]Form, error) {
	if len(o.Go) > 0 {
		return s.listed(o.Go)
	}
	t, err := s.GoType(o.Type)
	if err != nil {
		return nil, err
	}
	if NeedsPointer(o, effective) {
		t = "*" + t
	}
	return s.derived(pos, Name(name)+" "+t)
}

// NeedsPointer reports whether zero is a choice of its own that differs from
// the default, so that a field must tell zero from unset.
func NeedsPointer(o *model.Option, effective *model.Scalar) bool {
	if effective == nil || effective.IsZero() {
		return false
	}
	return o.Zero.Given() || effective.Kind == model.Boolean
}

// Constant returns the forms of a value of the module.
func (s *Surface) Constant(name string, c *model.Constant, pos diag.Pos) ([]Form, error) {
	if len(c.Go) > 0 {
		return s.listed(c.Go)
	}
	t, err := s.GoType(c.Type)
	if err != nil {
		return nil, err
	}
	return s.derived(pos, Name(name)+"() "+t)
}

// listed parses the forms that the model gives.
func (s *Surface) listed(given []model.Form) ([]Form, error) {
	forms := make([]Form, len(given))
	for i, g := range given {
		if !g.Text.Given() {
			return nil, ErrUnread
		}
		parsed, err := goform.Parse(g.Text.Value)
		if err == nil {
			err = s.names(parsed)
		}
		if err == nil {
			err = s.shapes(parsed)
		}
		if err != nil {
			return nil, &Error{g.Text.Pos, err.Error()}
		}
		forms[i] = Form{Form: parsed, Doc: g.Doc.Value, Runtime: parsed.Name, Since: g.Since}
		if g.Runtime.Given() {
			forms[i].Runtime = g.Runtime.Value
		}
		if g.Call.Given() {
			if forms[i].Call, err = parseCall(g.Call.Value, parsed); err != nil {
				return nil, &Error{g.Call.Pos, err.Error()}
			}
		}
	}
	return forms, nil
}

// derived parses signatures that the conventions gave.
func (s *Surface) derived(pos diag.Pos, signatures ...string) ([]Form, error) {
	forms := make([]Form, len(signatures))
	for i, text := range signatures {
		parsed, err := goform.Parse(text)
		if err != nil {
			return nil, &Error{pos, err.Error()}
		}
		forms[i].Form, forms[i].Runtime = parsed, parsed.Name
	}
	return forms, nil
}

// names reports the first name in form that means nothing.
func (s *Surface) names(form goform.Form) error {
	var err error
	form.Names(func(pkg, name string) {
		known := builtins[name] || s.classes[name] || s.structs[name] || s.IsAlias(name)
		if pkg != "" {
			_, known = Packages[pkg]
			name = pkg + "." + name
		}
		if !known && err == nil {
			err = fmt.Errorf("unknown Go type %q", name)
		}
	})
	return err
}
