package resolve

import (
	"nodehttp/gen/internal/model"
	"nodehttp/gen/internal/version"
)

// Deviation is a deliberate difference from Node.
type Deviation struct {
	// Of is what differs: Class.member, http.function, or a subject of its own.
	Of string
	// Node and Go are what each does, where the difference is of no one member.
	Node, Go string
	// Why is the reason; for a member it says what differs, too.
	Why string
}

// Deviations returns the differences that hold in version v, or in any if v is
// nil, those of members first.
func Deviations(spec *model.Spec, v *version.Version) []Deviation {
	var list []Deviation
	there := func(thing interface{ At(version.Version) bool }) bool { return v == nil || thing.At(*v) }
	add := func(of string, l *model.Life) {
		if !there(l) {
			return
		}
		if l.Deviation.Given() {
			list = append(list, Deviation{Of: of, Why: l.Deviation.Value})
		}
		if l.NoGo.Given() {
			list = append(list, Deviation{Of: of, Go: "It has no Go form.", Why: l.NoGo.Value})
		}
	}
	for _, f := range spec.Functions {
		add("http."+f.Name, &f.Value.Life)
	}
	for _, c := range spec.Constants {
		add("http."+c.Name, &c.Value.Life)
	}
	for _, class := range spec.Classes {
		if !there(class) {
			continue
		}
		name := class.Name.Value
		add(name, &class.Life)
		if class.Constructor != nil {
			add("new "+name, &class.Constructor.Life)
		}
		for _, e := range class.Events {
			add(name+"."+e.Name, &e.Value.Life)
		}
		for _, m := range class.Methods {
			add(name+"."+m.Name, &m.Value.Life)
		}
		for _, p := range class.Properties {
			add(name+"."+p.Name, &p.Value.Life)
		}
	}
	for _, set := range spec.Options {
		if !there(set) {
			continue
		}
		for _, o := range set.Members {
			add(set.Owner.Value+"."+o.Name, &o.Value.Life)
		}
	}
	for _, b := range spec.Behaviours {
		add(b.Name, &b.Value.Life)
	}
	for _, o := range spec.Orders {
		add("order of: "+o.Name, &o.Value.Life)
	}
	for _, d := range spec.Deviations {
		if there(d.Value) {
			list = append(list, Deviation{d.Name, d.Value.Node.Value, d.Value.Go.Value, d.Value.Why.Value})
		}
	}
	return list
}
