package emittest

import (
	"fmt"
	"go/types"
	"strings"

	"nodehttp/gen/internal/goform"
	"nodehttp/gen/internal/model"
	"nodehttp/gen/internal/resolve"
	"nodehttp/gen/internal/surface"
)

// defaults writes the test that reads every default from a live object. A default
// that a getter shows is read with it; one that none shows, with the function
// of package scene that is called after the options struct and the option.
func (p *pkg) defaults(f *file) error {
	f.printf("func TestDefaults(t *$testing.T) {\nwant, got := map[string]any{}, map[string]any{}\n")
	for _, class := range p.api.Classes {
		object, made := p.object(class), false
		if object == "" {
			continue
		}
		variable := surface.LowerFirst(class.Name.Value)
		variable = strings.ToLower(variable[:1]) + variable[1:]
		for _, m := range class.Members {
			get, ok := getter(m)
			if m.Kind != resolve.KindProperty || m.Default == nil || !ok {
				continue
			}
			if !made {
				f.printf("%s := %s\n", variable, object)
				made = true
			}
			f.row(class.Name.Value+"."+m.Name, want(m.Default, m.Type), variable+"."+get.Name+"()")
		}
	}
	for _, set := range p.api.Options {
		for _, m := range set.Members {
			if m.Default == nil || set.OptionSet.Members.Get(m.Name).Unseen.Given() {
				continue
			}
			read, err := p.reader(set, m, "")
			if err != nil {
				return err
			}
			f.row("options."+set.Owner.Value+"."+m.Name, want(m.Default, m.Type), read)
		}
	}
	for _, m := range p.api.Constants {
		if err := p.constant(f, m); err != nil {
			return err
		}
	}
	f.printf("$scene.Compare(t, want, got)\n}\n")
	return nil
}

func (f *file) row(name, want, got string) {
	f.printf("want[%q], got[%q] = %s, %s\n", name, name, want, got)
}

// made is the class whose objects take the options of set.
func (p *pkg) made(set *resolve.Options) *resolve.Class {
	owner := set.Owner.Value
	for _, m := range p.api.Callables() {
		if m.Name != strings.TrimPrefix(owner, "http.") {
			continue
		}
		for _, form := range m.Forms {
			for _, r := range goform.Results(form.Func) {
				if class := p.api.Class(strings.TrimPrefix(types.ExprString(r), "*")); class != nil {
					return class
				}
			}
		}
	}
	return nil
}

// reader returns an expression that reads option m from object, by default a new
// one.
func (p *pkg) reader(set *resolve.Options, m resolve.Member, object string) (string, error) {
	class := p.made(set)
	if class == nil {
		return "", fmt.Errorf("%s: nothing that a test can make takes these options", set.Pos)
	}
	if object == "" {
		object = p.object(class)
	}
	if property := class.Member(resolve.KindProperty, m.Name); property != nil {
		if get, ok := getter(*property); ok {
			return object + "." + get.Name + "()", nil
		}
	}
	subject := strings.TrimPrefix(strings.TrimSuffix(set.Struct.Value, "Options"), "Client")
	args := "t, " + p.profile()
	if r := p.roles[class.Name.Value]; r == server || r == agent {
		args += ", (*$runtime." + class.Runtime() + ")(" + object + ")"
	}
	return "$scene." + subject + surface.Name(m.Name) + "(" + args + ")", nil
}

// constant reads a value of the module, or for one that is an object what it
// was made with.
func (p *pkg) constant(f *file, m resolve.Member) error {
	var get surface.Form
	for _, form := range m.Forms {
		if len(goform.Params(form.Func)) == 0 {
			get = form
		}
	}
	call := get.Name + "()"
	switch {
	case get.Func == nil:
		return nil
	case m.Default != nil:
		f.row("http."+m.Name, want(m.Default, m.Type), call)
	case m.Type.Union[0].Name == "string" && m.Type.Union[0].Lists == 1:
		f.row("http."+m.Name, fmt.Sprintf("%#v", p.api.Profile.Methods), call)
	case m.Type.Is("object"):
		f.printf("want[%q], got[%q] = map[int]string{\n", "http."+m.Name, "http."+m.Name)
		for _, s := range p.api.Profile.Statuses {
			f.printf("%s: %q,\n", s.Code, s.Text)
		}
		f.printf("}, %s\n", call)
	}
	overrides := p.api.Spec.Constants.Get(m.Name).Overrides
	for _, set := range p.api.Options {
		class := p.made(set)
		if class == nil || !m.Type.Is(class.Name.Value) {
			continue
		}
		for _, option := range set.Members {
			if overrides.Get(option.Name) == nil {
				continue
			}
			read, err := p.reader(set, option, call)
			if err != nil {
				return err
			}
			f.row("http."+m.Name+"."+option.Name, want(p.held(m.Name, option.Name), option.Type), read)
		}
	}
	return nil
}

// held is what the profile has for an option of a constant.
func (p *pkg) held(constant, option string) *model.Scalar {
	for _, g := range p.api.Profile.Groups {
		if g.Of != "http."+constant {
			continue
		}
		for _, field := range g.Fields {
			if field.Name == surface.Name(option) {
				return field.Value
			}
		}
	}
	return &model.Scalar{}
}
