package emittest

import (
	"fmt"
	"go/types"
	"slices"
	"strings"

	"nodehttp/gen/internal/model"
	"nodehttp/gen/internal/resolve"
)

// orders writes a test for each order of events: the situation is brought about
// over real sockets, and the log of events compared. The log has every event that
// an order of the same class names, so that one too many is seen too.
func (p *pkg) orders(f *file) error {
	for _, o := range p.api.Spec.Orders {
		class := p.api.Class(o.Value.Of.Value)
		if !o.Value.At(p.api.Version) || class == nil {
			continue
		}
		listeners, err := p.logged(class, o.Value, "object", "", p.seen(o.Value))
		if err != nil {
			return err
		}
		s := o.Value.Scenario
		body, err := p.stage(class, &s, listeners)
		if err != nil {
			return err
		}
		if !s.At.Given() {
			for _, step := range s.Call {
				call, err := p.call(class, "object", step)
				if err != nil {
					return err
				}
				body = strings.Replace(body, call, fmt.Sprintf("log.Add(%q)\n%s", step.Call.Value+"()", call), 1)
			}
		}
		f.printf("func TestOrderOf%s(t *$testing.T) {\nvar log $scene.Log\n%slog.Compare(t", camel(o.Name), body)
		for _, e := range o.Value.Events {
			f.printf(", %q", e.Value)
		}
		f.printf(")\n}\n\n")
	}
	return nil
}

// seen lists the events, without codes, that are to be in the log of o: first
// its own in their order, then those of other orders of the class.
func (p *pkg) seen(o *model.Order) []string {
	var list []string
	add := func(events []model.Text) {
		for _, e := range events {
			name, _, _ := strings.Cut(e.Value, " ")
			if !strings.HasSuffix(name, "()") && !slices.Contains(list, name) {
				list = append(list, name)
			}
		}
	}
	add(o.Events)
	for _, other := range p.api.Spec.Orders {
		if other.Value.Of.Value == o.Of.Value && other.Value.At(p.api.Version) {
			add(other.Value.Events)
		}
	}
	return list
}

// logged writes listeners that log the events in list that are object's own, of
// class, and within them those of what they deliver. prefix is object's name in
// the log.
func (p *pkg) logged(class *resolve.Class, o *model.Order, object, prefix string, list []string) (string, error) {
	var b strings.Builder
	var own []string
	for _, e := range list {
		rest, ok := strings.CutPrefix(e, prefix)
		name, _, _ := strings.Cut(rest, ".")
		if ok && !slices.Contains(own, name) {
			own = append(own, name)
		}
	}
	for _, name := range own {
		m := class.Member(resolve.KindEvent, name)
		if m == nil {
			return "", fmt.Errorf("%s: this version has no event %q", o.Pos, name)
		}
		params := eventParams(*m)
		var body strings.Builder
		full := prefix + name
		if len(params) > 0 && types.ExprString(params[0].Type) == "error" {
			fmt.Fprintf(&body, "log.AddError(%q, %s, %t)\n", full, params[0].Name, !slices.ContainsFunc(o.Events, func(e model.Text) bool { return e.Value == full }))
		} else {
			fmt.Fprintf(&body, "log.Add(%q)\n", full)
		}
		if len(params) > 0 {
			delivered := p.api.Class(strings.TrimPrefix(types.ExprString(params[0].Type), "*"))
			if nested := full + "."; delivered != nil && slices.ContainsFunc(list, func(e string) bool { return strings.HasPrefix(e, nested) }) {
				inner, err := p.logged(delivered, o, params[0].Name, nested, list)
				if err != nil {
					return "", err
				}
				body.WriteString(inner)
			}
		}
		if o.Scenario.At.Value == full {
			for _, step := range o.Scenario.Call {
				call, err := p.call(p.api.Class(o.Of.Value), "object", step)
				if err != nil {
					return "", err
				}
				fmt.Fprintf(&body, "log.Add(%q)\n%s\n", step.Call.Value+"()", call)
			}
		}
		listener, err := p.listener(*m, object, body.String())
		if err != nil {
			return "", err
		}
		b.WriteString(listener)
	}
	return b.String(), nil
}
