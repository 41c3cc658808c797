package check

// Scenarios and orders: the members that they call, set and expect must exist. The
// generated tests show whether it then happens.

import (
	"strings"

	"nodehttp/gen/internal/model"
)

// step checks a call of a method of class.
func (c *checker) step(s model.Step, class *model.Class) {
	if !s.Call.Given() {
		return
	}
	if s.Times.Given() && s.Times.Value < 1 {
		c.errs.Addf(s.Times.Pos, "times is %d: it says how often to call", s.Times.Value)
	}
	m := inherit(c, class, func(class *model.Class) *model.Method { return class.Methods.Get(s.Call.Value) })
	if m == nil {
		c.errs.Addf(s.Call.Pos, "unknown method %q", s.Call.Value)
		return
	}
	stated := inherit(c, class, func(class *model.Class) *model.Method {
		if m := class.Methods.Get(s.Call.Value); m != nil && len(m.Params) > 0 {
			return m
		}
		return nil
	})
	if stated == nil {
		stated = m
	}
	c.arguments(s.Args, &stated.Callable)
}

// arguments checks that f has parameters of these names; options.x is an option
// among those that f takes.
func (c *checker) arguments(args model.Map[model.Scalar], f *model.Callable) {
	for _, arg := range args {
		name, _, _ := strings.Cut(arg.Name, ".")
		if f.Params.Get(name) == nil && f.Params.Get(name+"?") == nil {
			c.errs.Addf(arg.Pos, "unknown parameter %q", name)
		}
	}
}

func (c *checker) scenario(s *model.Scenario, class *model.Class) {
	c.versions(s.Since)
	c.versions(s.Until)
	c.oneOf(s.Link, "link", model.Links)
	c.oneOf(s.Then, "end", model.Ends)
	for _, call := range s.Call {
		c.step(call, class)
	}
	c.settings(s.Set, class)
	if s.At.Given() {
		if len(s.Call) == 0 {
			c.errs.Addf(s.At.Pos, "at says when to call, but nothing is called")
		}
		c.happening(s.At, s.At.Value, class)
	}
}

// settings checks properties that are set on an object of class.
func (c *checker) settings(set model.Map[model.Scalar], class *model.Class) {
	for _, p := range set {
		found := inherit(c, class, func(class *model.Class) *model.Property { return class.Properties.Get(p.Name) })
		if found == nil || !found.Writable {
			c.errs.Addf(p.Pos, "%s has no property %q that can be set", class.Name.Value, p.Name)
			continue
		}
		c.scalar(p.Value, found.Type, found.Values)
	}
}

// carried checks that an event has the arguments that its scenario expects.
func (c *checker) carried(s *model.Scenario, class *model.Class, event string) {
	for _, arg := range s.Args {
		stated := inherit(c, class, func(class *model.Class) *model.Event {
			if e := class.Events.Get(event); e != nil && e.Params.Get(arg.Name) != nil {
				return e
			}
			return nil
		})
		if stated == nil {
			c.errs.Addf(arg.Pos, "unknown parameter %q", arg.Name)
			continue
		}
		if stated.Params.Get(arg.Name).Is("Err") && c.spec.Errors.Get(arg.Value.String) == nil {
			c.errs.Addf(arg.Value.Pos, "unknown error code %q", arg.Value.String)
		}
	}
}

// sequence checks an order of events.
func (c *checker) sequence(o model.Named[model.Order]) {
	c.life(o.Name, &o.Value.Life, o.Pos, nil, true)
	if !o.Value.Of.Given() {
		return
	}
	class := c.classes[o.Value.Of.Value]
	if class == nil {
		c.errs.Addf(o.Value.Of.Pos, "unknown class %q", o.Value.Of.Value)
		return
	}
	c.scenario(&o.Value.Scenario, class)
	seen := map[string]bool{}
	for _, e := range o.Value.Events {
		if seen[e.Value] {
			c.errs.Addf(e.Pos, "%q is here twice", e.Value)
		}
		seen[e.Value] = true
		c.happening(e, e.Value, class)
	}
}

// happening checks one entry of an order.
func (c *checker) happening(at model.Text, text string, class *model.Class) {
	if method, isCall := strings.CutSuffix(text, "()"); isCall {
		at.Value = method
		c.step(model.Step{Call: at}, class)
		return
	}
	text, code, hasCode := strings.Cut(text, " ")
	if hasCode && c.spec.Errors.Get(code) == nil {
		c.errs.Addf(at.Pos, "unknown error code %q", code)
	}
	name, rest, nested := strings.Cut(text, ".")
	event := inherit(c, class, func(class *model.Class) *model.Event { return class.Events.Get(name) })
	if event == nil {
		c.errs.Addf(at.Pos, "%s has no event %q", class.Name.Value, name)
		return
	}
	if !nested {
		return
	}
	delivered := c.classes[typeName(event.Params.Get(name))]
	if delivered == nil {
		c.errs.Addf(at.Pos, "the event %q delivers no object of that name", name)
		return
	}
	c.happening(at, rest, delivered)
}
