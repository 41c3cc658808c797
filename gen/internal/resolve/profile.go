package resolve

import (
	"fmt"
	"slices"

	"nodehttp/gen/internal/model"
	"nodehttp/gen/internal/surface"
)

// Profile is what the runtime must know of a version. It has the same fields in
// every version: what a version does not have yet is as it was then.
type Profile struct {
	// Groups are the structs of defaults, each under its name in the profile.
	Groups []*Group
	// Behaviours are fields of the profile itself.
	Behaviours []Field
	Methods    []string
	Statuses   []Status
	Repeats    []Repeat
}

// Status is a status code with its message.
type Status struct{ Code, Text string }

// Repeat is the fate of a repeated header, or of all that begin as it says.
type Repeat struct{ Header, Fate string }

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
			r.field(group(set.Profile.Value, set.Owner.Value), o.Name, "option "+o.Name, Source{&o.Value.Default, &o.Value.Life, o.Value.Type})
		}
	}
	for _, class := range r.spec.Classes {
		if !class.Profile.Given() {
			continue
		}
		for _, p := range class.Properties {
			r.field(group(class.Profile.Value, class.Name.Value), p.Name, "property "+p.Name, Source{&p.Value.Default, &p.Value.Life, p.Value.Type})
		}
	}
	for _, c := range r.spec.Constants {
		if c.Value.Profile.Given() {
			p.Groups = append(p.Groups, r.instance(p.Groups, c))
		}
	}
	for _, b := range r.spec.Behaviours {
		p.Behaviours = append(p.Behaviours, Field{
			Name: surface.Name(b.Name), Type: b.Value.Type, Doc: b.Value.Doc.Value, Zero: b.Value.Zero.Value,
			Value: Held(r.sources, Source{&b.Value.Default, &b.Value.Life, b.Value.Type}, r.at),
		})
	}
	for _, m := range r.spec.Methods {
		if m.Value.At(r.at) {
			p.Methods = append(p.Methods, m.Name)
		}
	}
	for _, s := range r.spec.Statuses {
		if s.Value.At(r.at) {
			p.Statuses = append(p.Statuses, Status{s.Name, s.Value.TextAt(r.at)})
		}
	}
	for _, rule := range r.spec.Duplicates {
		if rule.Value.At(r.at) {
			p.Repeats = append(p.Repeats, Repeat{rule.Name, rule.Value.RepeatAt(r.at)})
		}
	}
	return p
}

// field adds a default to g unless it has it from a member of the same name, or no
// version that has a package has the member.
func (r *resolver) field(g *Group, name, what string, source Source) {
	value := Held(r.sources, source, r.at)
	if value == nil || g.find(surface.Name(name)) != nil || !r.generated(source.Life) {
		return
	}
	g.Fields = append(g.Fields, Field{
		Name: surface.Name(name), Type: source.Type, Value: value, Zero: source.Zero.Value,
		Doc: fmt.Sprintf("is the default of the %s", what),
	})
}

// generated reports whether a version that has a package has what life tells of.
func (r *resolver) generated(life *model.Life) bool {
	return slices.ContainsFunc(Packages(r.spec), func(p Package) bool { return life.At(p.Document.Node.Value) })
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
