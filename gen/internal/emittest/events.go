package emittest

import (
	"fmt"
	"go/ast"
	"go/types"
	"slices"
	"strings"

	"nodehttp/gen/internal/goform"
	"nodehttp/gen/internal/model"
	"nodehttp/gen/internal/resolve"
)

// upgradeRequest gives the listener of 'upgrade' a socket.
const upgradeRequest = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: test\r\n\r\n"

// events writes a test for each class that has events with a scenario: each must
// fire, with the arguments that the model says.
func (p *pkg) events(f *file) error {
	for _, class := range p.api.Classes {
		var rows strings.Builder
		for _, m := range class.Members {
			s := p.scenario(class, m)
			if s == nil || !s.In(p.api.Version) {
				continue
			}
			fired := fmt.Sprintf("fired := $scene.Expect(t, %q)\n", "'"+m.Name+"' of "+class.Name.Value)
			listener, err := p.listener(m, "object", p.owned(m)+carried(m, s)+"fired.Fire()\n")
			if err != nil {
				return err
			}
			body, err := p.stage(class, s, listener)
			if err != nil {
				return err
			}
			fmt.Fprintf(&rows, "t.Run(%q, func(t *$testing.T) {\n%s%sfired.Wait()\n})\n", m.Name, fired, body)
		}
		if rows.Len() > 0 {
			f.printf("func Test%sEvents(t *$testing.T) {\n", class.Name.Value)
			f.printf("%s", rows.String())
			f.printf("}\n\n")
		}
	}
	return nil
}

// scenario is the one that the model has for an event of class, of a class that it
// extends or of the class that took its place. What messages have in common is
// brought about for those that there are.
func (p *pkg) scenario(class *resolve.Class, m resolve.Member) *model.Scenario {
	r := p.roles[class.Name.Value]
	if m.Kind != resolve.KindEvent || r == noRole || r == outgoing {
		return nil
	}
	for c := class; c != nil; c = c.Parent {
		if e := c.Events.Get(m.Name); e != nil && e.Scenario != nil {
			return e.Scenario
		}
		if c.OlderNameOf.Given() && r == reply {
			break // the situations of today's class are those of what a server receives
		}
	}
	return nil
}

// owned writes what closes the sockets that an event may have given away.
func (p *pkg) owned(m resolve.Member) string {
	var b strings.Builder
	for _, param := range eventParams(m) {
		if p.roles[strings.TrimPrefix(types.ExprString(param.Type), "*")] == socket {
			fmt.Fprintf(&b, "t.Cleanup(func() { (*$sock.Socket)(%s).Destroy() })\n", param.Name)
		}
	}
	return b.String()
}

// carried writes the comparisons of an event's arguments.
func carried(m resolve.Member, s *model.Scenario) string {
	var b strings.Builder
	for i, param := range eventParams(m) {
		if i >= len(m.Params) {
			break
		}
		value := s.Args.Get(strings.TrimSuffix(m.Params[i].Name, "?"))
		if value == nil {
			continue
		}
		got, t := param.Name, types.ExprString(param.Type)
		switch t {
		case "error":
			got, t = "$scene.Code("+got+")", "string"
		case "[]byte":
			got, t = "string("+got+")", "string"
		}
		fmt.Fprintf(&b, "fired.Carry(%q, %s, %s)\n", param.Name, literal(value, t), got)
	}
	return b.String()
}

// eventParams are the parameters of a listener of event m.
func eventParams(m resolve.Member) []goform.Param {
	if params := goform.Params(m.Forms[0].Func); len(params) == 1 {
		if f, ok := params[0].Type.(*ast.FuncType); ok {
			return goform.Params(f)
		}
	}
	return nil
}

// listener writes the statement that adds a listener of event m to object.
func (p *pkg) listener(m resolve.Member, object, body string) (string, error) {
	for _, form := range m.Forms {
		params := goform.Params(form.Func)
		if form.Once || len(params) != 1 {
			continue
		}
		return fmt.Sprintf("%s.%s(%s {\n%s})\n", object, form.Name, types.ExprString(params[0].Type), body), nil
	}
	return "", fmt.Errorf("%s: the event %q has no form to listen with", m.Pos, m.Name)
}

// stage writes what brings a scenario about for an object of class. A request is
// ended unless it writes or ends itself. listeners are statements to run on the object before anything happens; what the scenario
// calls at an event is a part of them.
func (p *pkg) stage(class *resolve.Class, s *model.Scenario, listeners string) (string, error) {
	var setup strings.Builder
	if err := set(&setup, class, s.Set); err != nil {
		return "", err
	}
	setup.WriteString(listeners)
	var calls strings.Builder
	ends := false
	for _, step := range s.Call {
		ends = ends || slices.Contains([]string{"end", "destroy", "abort", "write"}, step.Call.Value)
		if s.At.Given() {
			continue
		}
		call, err := p.call(class, "object", step)
		if err != nil {
			return "", err
		}
		calls.WriteString(call + "\n")
	}
	switch r := p.roles[class.Name.Value]; r {
	case server:
		return p.serverStage(class, s, setup.String(), calls.String())
	case incoming, response, socket:
		if r != socket || !s.Link.Given() {
			return p.connectionStage(class, r, s, setup.String()+calls.String())
		}
	}
	return p.requestStage(class, s, setup.String(), calls.String(), ends)
}

func (p *pkg) serverStage(class *resolve.Class, s *model.Scenario, setup, calls string) (string, error) {
	made := p.object(class)
	if len(s.Options) > 0 {
		var err error
		if made, err = p.makerWith(class, s.Options); err != nil {
			return "", err
		}
	}
	text := "object := " + made + "\n" + setup + "$scene.Serve(t, (*$runtime.Server)(object))\n" + calls
	if s.Peer.Given() || s.Then.Given() {
		text += fmt.Sprintf("$scene.Send(t, (*$runtime.Server)(object), %q, %q)\n", s.Peer.Value, s.Then.Value)
	}
	return text, nil
}

// makerWith returns a call that makes an object of class with options.
func (p *pkg) makerWith(class *resolve.Class, options model.Map[model.Scalar]) (string, error) {
	given := make(model.Map[model.Scalar], len(options))
	for i, o := range options {
		given[i] = model.Named[model.Scalar]{Name: "options." + o.Name, Pos: o.Pos, Value: o.Value}
	}
	for _, m := range p.api.Callables() {
		for _, form := range m.Forms {
			results := goform.Results(form.Func)
			if len(results) != 1 || types.ExprString(results[0]) != "*"+class.Name.Value {
				continue
			}
			if args, ok := p.arguments(m, form, given, ""); ok {
				return form.Name + "(" + strings.Join(args, ", ") + ")", nil
			}
		}
	}
	return "", fmt.Errorf("%s: nothing makes a %s with these options", options[0].Pos, class.Name.Value)
}

// connectionStage is for what a server makes of a connection.
func (p *pkg) connectionStage(class *resolve.Class, r role, s *model.Scenario, setup string) (string, error) {
	servers := p.api.Class("Server")
	event, peer, place := "request", "", 0
	switch r {
	case response:
		place = 1
	case socket:
		event, peer, place = "upgrade", upgradeRequest, 1
	}
	if s.Peer.Given() {
		peer += string(s.Peer.Value)
	} else if r != socket {
		peer = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
	}
	m := servers.Member(resolve.KindEvent, event)
	object := eventParams(*m)[place].Name
	if r == socket {
		setup = p.owned(*m) + setup
	}
	listener, err := p.listener(*m, "server", "object := "+object+"\n"+setup)
	if err != nil {
		return "", err
	}
	return "server := " + p.object(servers) + "\n" + listener + "$scene.Serve(t, (*$runtime.Server)(server))\n" +
		fmt.Sprintf("$scene.Send(t, (*$runtime.Server)(server), %q, %q)\n", peer, s.Then.Value), nil
}

// requestStage is for a request and for what it receives.
func (p *pkg) requestStage(class *resolve.Class, s *model.Scenario, setup, calls string, ends bool) (string, error) {
	requests := p.api.Class("ClientRequest")
	options := "$runtime.RequestOptions{}"
	var before string
	if len(s.Options) > 0 {
		m := p.function("request")
		given := make(model.Map[model.Scalar], len(s.Options))
		for i, o := range s.Options {
			given[i] = model.Named[model.Scalar]{Name: "options." + o.Name, Pos: o.Pos, Value: o.Value}
		}
		structure := p.optionsOf(m)
		fields, _, ok := p.fields(structure, "options", given)
		if !ok {
			return "", fmt.Errorf("%s: this version's requests lack one of these options", s.Options[0].Pos)
		}
		options = "(&" + fields + ").toRuntime()"
	}
	if p.roles[class.Name.Value] == agent {
		before = "object := " + p.object(class) + "\n" + setup
		options = "$runtime.RequestOptions{Agent: (*$runtime.Agent)(object)}"
		setup = ""
	}
	made := fmt.Sprintf("(*ClientRequest)($scene.Request(t, %s, %s, %q, %q, %q))\n", p.profile(), options, s.Link.Value, s.Peer.Value, s.Then.Value)
	end, err := p.call(requests, "request", model.Step{Call: model.Text{Value: "end"}})
	if err != nil {
		return "", err
	}
	switch p.roles[class.Name.Value] {
	case agent:
		return before + "request := " + made + end + "\n" + calls, nil
	case reply, socket:
		event := "response"
		if p.roles[class.Name.Value] == socket {
			event = "socket"
		}
		m := requests.Member(resolve.KindEvent, event)
		if m == nil {
			return "", fmt.Errorf("%s: this version's requests have no event %q", s.Link.Pos, event)
		}
		listener, err := p.listener(*m, "request", "object := "+eventParams(*m)[0].Name+"\n"+setup+calls)
		return "request := " + made + listener + end + "\n", err
	}
	text := "object := " + made + setup + calls
	if !ends || s.At.Given() {
		text += strings.Replace(end, "request.", "object.", 1) + "\n"
	}
	return text, nil
}

// function finds a function of the module.
func (p *pkg) function(name string) resolve.Member {
	for _, m := range p.api.Functions {
		if m.Name == name {
			return m
		}
	}
	return resolve.Member{}
}

// optionsOf is the options struct that a function takes.
func (p *pkg) optionsOf(m resolve.Member) string {
	for _, form := range m.Forms {
		for _, param := range goform.Params(form.Func) {
			if t := types.ExprString(param.Type); p.api.Surface.IsStruct(t) {
				return t
			}
		}
	}
	return ""
}
