package resolve

import (
	"fmt"

	"nodehttp/gen/internal/model"
	"nodehttp/gen/internal/surface"
)

// Profile is what the runtime must know of a version.
type Profile struct {
	// Groups are the structs of defaults, each under its name in the profile.
	Groups []*Group
	// Behaviours are fields of the profile itself.
	Behaviours []Field
	Methods    []string
	Statuses   []model.Named[model.Entry]
	Discard    []string
}

// Group is a struct of defaults.
type Group struct {
	// Name is the field of the profile, Type the name of its struct: an agent
	// that Node makes itself has the struct of all agents.
	Name, Type string
	// Of is the class or options object whose defaults they are.
	Of     string
	Fields []Field
}

// Field is one default.
type Field struct {
	Name  string
	Type  *model.Type
	Value *model.Scalar
	Doc   string
	Zero  string
}

func (g *Group) find(name string) *Field {
	for i := range g.Fields {
		if g.Fields[i].Name == name {
			return &g.Fields[i]
		}
	}
	return nil
}

func (r *resolver) profile() Profile {
	var p Profile
	group := func(name, of string) *Group {
		for _, g := range p.Groups {
			if g.Name == name {
				return g
			}
		}
		g := &Group{Name: name, Type: name + "Defaults", Of: of}
		p.Groups = append(p.Groups, g)
		return g
	}
	for _, set := range r.spec.Options {
		if !set.Profile.Given() {
			continue
		}
		for _, o := range set.Members {
			if o.Value.At(r.at) {
				r.field(group(set.Profile.Value, set.Owner.Value), o.Name, "option "+o.Name, o.Value.Type, &o.Value.Default, o.Value.History)
			}
		}
	}
	for _, class := range r.spec.Classes {
		if !class.Profile.Given() || !class.At(r.at) {
			continue
		}
		for _, o := range class.Properties {
			if o.Value.At(r.at) {
				r.field(group(class.Profile.Value, class.Name.Value), o.Name, "property "+o.Name, o.Value.Type, &o.Value.Default, o.Value.History)
			}
		}
	}
	for _, c := range r.spec.Constants {
		if c.Value.Profile.Given() && c.Value.At(r.at) {
			p.Groups = append(p.Groups, r.instance(p.Groups, c))
		}
	}
	for _, b := range r.spec.Behaviours {
		if b.Value.At(r.at) {
			p.Behaviours = append(p.Behaviours, Field{
				Name: surface.Name(b.Name), Type: b.Value.Type, Doc: b.Value.Doc.Value, Zero: b.Value.Zero.Value,
				Value: Effective(r.sources, &b.Value.Default, b.Value.History, r.at),
			})
		}
	}
	for _, m := range r.spec.Methods {
		if m.Value.At(r.at) {
			p.Methods = append(p.Methods, m.Name)
		}
	}
	for _, s := range r.spec.Statuses {
		if s.Value.At(r.at) {
			p.Statuses = append(p.Statuses, s)
		}
	}
	for _, rule := range r.spec.Duplicates {
		if rule.Value.At(r.at) && rule.Value.Repeat.Value == "discard" {
			p.Discard = append(p.Discard, rule.Name)
		}
	}
	return p
}

// field adds a default to g unless it has it from a member of the same name.
func (r *resolver) field(g *Group, name, what string, t *model.Type, d *model.Default, history []model.Change) {
	value := Effective(r.sources, d, history, r.at)
	if value == nil || g.find(surface.Name(name)) != nil {
		return
	}
	g.Fields = append(g.Fields, Field{
		Name: surface.Name(name), Type: t, Value: value, Zero: d.Zero.Value,
		Doc: fmt.Sprintf("is the default of the %s", what),
	})
}

// instance returns the group of a constant that is an object of its own: its
// class's defaults with what the constant was made with.
func (r *resolver) instance(groups []*Group, c model.Named[model.Constant]) *Group {
	g := &Group{Name: c.Value.Profile.Value, Of: "http." + c.Name}
	class := c.Value.Type.Union[0].Name
	for _, of := range groups {
		if of.Of == class {
			g.Type = of.Type
			g.Fields = append([]Field(nil), of.Fields...)
		}
	}
	for _, o := range c.Value.Overrides {
		if f := g.find(surface.Name(o.Name)); f != nil {
			f.Value = valueAt(o.Value.Value, o.Value.History, r.at)
		}
	}
	return g
}
