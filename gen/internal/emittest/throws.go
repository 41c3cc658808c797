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

// throws writes a test for each class, and one for the functions, that provokes
// every error that the model says a call can answer with.
func (p *pkg) throws(f *file) error {
	var rows strings.Builder
	for _, m := range p.api.Callables() {
		if err := p.provoke(&rows, nil, m); err != nil {
			return err
		}
	}
	p.throwsTest(f, "Functions", rows.String())
	for _, class := range p.api.Classes {
		if p.object(class) == "" {
			continue
		}
		rows.Reset()
		for _, m := range class.Members {
			if err := p.provoke(&rows, class, m); err != nil {
				return err
			}
		}
		p.throwsTest(f, class.Name.Value, rows.String())
	}
	return nil
}

func (p *pkg) throwsTest(f *file, of, rows string) {
	if rows == "" {
		return
	}
	f.printf("func Test%sErrors(t *$testing.T) {\nfor _, c := range []struct {\ncall string\nwant $scene.Fault\nprovoke func(t *$testing.T, faults $scene.Faults)\n}{\n", of)
	f.printf("%s", rows)
	f.printf("} {\nt.Run(c.call+\" \"+c.want.Code, func(t *$testing.T) {\nfaults := $scene.NewFaults()\nc.provoke(t, faults)\nfaults.Compare(t, c.call, c.want)\n})\n}\n}\n\n")
}

// provoke adds a row for each error of m and each form that reports it.
func (p *pkg) provoke(rows *strings.Builder, class *resolve.Class, m resolve.Member) error {
	for _, throw := range m.Throws {
		provoked := false
		for _, form := range m.Forms {
			args, ok := p.arguments(m, form, throw.Args, "faults.Add")
			if !ok {
				continue
			}
			body, told, err := p.attempt(class, form, throw, args)
			if err != nil {
				return err
			}
			if !told {
				continue
			}
			provoked = true
			fmt.Fprintf(rows, "{%q, $scene.Fault{Code: %q, Kind: %q}, func(t *$testing.T, faults $scene.Faults) {\n%s}},\n",
				form.Name, throw.Code.Value, p.api.Spec.Errors.Get(throw.Code.Value).Kind.Value, body)
		}
		if !provoked {
			return fmt.Errorf("%s: no Go form of %s can provoke %s with these arguments", throw.Code.Pos, m.Name, throw.Code.Value)
		}
	}
	return nil
}

// attempt writes the statements that provoke an error. told is false if the form
// cannot report it.
func (p *pkg) attempt(class *resolve.Class, form surface.Form, throw model.Throw, args []string) (body string, told bool, err error) {
	var b strings.Builder
	function := form.Name
	if class != nil {
		b.WriteString("object := " + p.object(class) + "\n")
		function = "object." + form.Name
		if err := set(&b, class, throw.Set); err != nil {
			return "", false, err
		}
		for _, step := range throw.After {
			call, err := p.call(class, "object", step)
			if err != nil {
				return "", false, err
			}
			b.WriteString(call + "\n")
		}
	}
	call := function + "(" + strings.Join(args, ", ") + ")"
	results := goform.Results(form.Func)
	last := ""
	if len(results) > 0 {
		last = types.ExprString(results[len(results)-1])
	}
	switch {
	case last == "error" && len(results) == 1:
		fmt.Fprintf(&b, "faults.Add(%s)\n", call)
	case last == "error":
		fmt.Fprintf(&b, "_, err := %s\nfaults.Add(err)\n", call)
	case strings.HasPrefix(last, "*") && p.roles[last[1:]] == request && class == nil:
		fmt.Fprintf(&b, "(*$runtime.ClientRequest)(%s).Outgoing().OnError(faults.Add)\n", call)
	case slices.Contains(args, "faults.Add"):
		b.WriteString(call + "\n")
	default:
		return "", false, nil
	}
	return b.String(), true, nil
}
