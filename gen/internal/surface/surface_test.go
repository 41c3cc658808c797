package surface

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"nodehttp/gen/internal/decode"
	"nodehttp/gen/internal/diag"
	"nodehttp/gen/internal/model"
)

func TestName(t *testing.T) {
	for node, want := range map[string]string{
		"url": "URL", "httpVersionMajor": "HTTPVersionMajor", "insecureHTTPParser": "InsecureHTTPParser",
		"STATUS_CODES": "StatusCodes", "METHODS": "Methods", "Symbol.asyncDispose": "AsyncDispose", "setNoDelay": "SetNoDelay", "localAddress": "LocalAddress",
	} {
		if got := Name(node); got != want {
			t.Errorf("Name(%q) = %q, want %q", node, got, want)
		}
	}
}

func TestLowerFirst(t *testing.T) {
	for in, want := range map[string]string{
		"Stops it.": "stops it.", "A server.": "a server.", "HTTP is it.": "HTTP is it.", "WriteHead does.": "WriteHead does.",
	} {
		if got := LowerFirst(in); got != want {
			t.Errorf("LowerFirst(%q) = %q, want %q", in, got, want)
		}
	}
}

// read decodes YAML into target.
func read(t *testing.T, yaml string, target any) {
	t.Helper()
	var errs diag.List
	decode.File("test.yaml", []byte(yaml), target, &errs)
	if err := errs.Err(); err != nil {
		t.Fatal(err)
	}
}

func surfaceOf(t *testing.T) *Surface {
	t.Helper()
	spec := &model.Spec{}
	read(t, `
boolean: {go: bool}
string: {go: string}
milliseconds: {go: time.Duration}
Err: {go: error}
Headers: {go: core.Headers, alias: true, doc: A list.}
object: {doc: No Go form.}
`, &spec.Types)
	class := &model.Class{}
	class.Name.Value = "Socket"
	spec.Classes = append(spec.Classes, class)
	return New(spec)
}

// signatures renders forms as name and parameters, results.
func signatures(forms []Form) []string {
	var list []string
	for _, f := range forms {
		text := f.Name
		f.Names(func(pkg, name string) {
			if pkg != "" {
				name = pkg + "." + name
			}
			text += " " + name
		})
		list = append(list, text)
	}
	return list
}

func TestConventions(t *testing.T) {
	s := surfaceOf(t)
	for _, c := range []struct {
		yaml string
		want []string
	}{
		{`{}`, []string{"Do"}},
		{`{params: {a: string, "callback?": "(err: Err)"}, returns: this}`, []string{"Do string error"}},
		{`{params: {a: Headers}, throws: [{code: E, when: always}]}`, []string{"Do Headers error"}},
		{`{params: {a: milliseconds}, returns: Socket}`, []string{"Do time.Duration Socket"}},
		{`{returns: "string[]", throws: [{code: E, when: always}]}`, []string{"Do string error"}},
		{`{go: [One(), {form: "Two(n int) *Socket"}]}`, []string{"One", "Two int Socket"}},
	} {
		var callable model.Callable
		read(t, c.yaml, &callable)
		forms, err := s.Callable("do", &callable, diag.Pos{})
		if err != nil {
			t.Errorf("%s: %s", c.yaml, err)
		}
		if diff := cmp.Diff(c.want, signatures(forms)); diff != "" {
			t.Errorf("%s: %s", c.yaml, diff)
		}
	}
}

func TestPropertiesAndEvents(t *testing.T) {
	s := surfaceOf(t)
	var property model.Property
	read(t, `{type: milliseconds, writable: true}`, &property)
	forms, err := s.Property("timeout", &property, diag.Pos{})
	if diff := cmp.Diff([]string{"Timeout time.Duration", "SetTimeout time.Duration"}, signatures(forms)); diff != "" || err != nil {
		t.Error(diff, err)
	}
	var event model.Event
	read(t, `{params: {err: Err, socket: Socket}}`, &event)
	forms, err = s.Event("clientError", &event, diag.Pos{})
	if diff := cmp.Diff([]string{"OnClientError error Socket Subscription", "OnceClientError error Socket Subscription"}, signatures(forms)); diff != "" || err != nil {
		t.Error(diff, err)
	}
	if !forms[1].Once || forms[0].Once {
		t.Error("it is OnceX that listens once")
	}
	for yaml, want := range map[string][]string{
		"{once: true}": {"OnClose Subscription"},
		"{once: true, go: [OnClose(f func(err error)) error]}": {"OnClose error error"},
		"{go: [EmitClose()]}": {"EmitClose"},
	} {
		var event model.Event
		read(t, yaml, &event)
		forms, err := s.Event("close", &event, diag.Pos{})
		if diff := cmp.Diff(want, signatures(forms)); diff != "" || err != nil {
			t.Errorf("%s: %v %s", yaml, err, diff)
		}
	}
}

func TestAnOptionIsAPointerOnlyWhereZeroIsAChoice(t *testing.T) {
	for yaml, want := range map[string]bool{
		`{type: boolean, default: true}`:                  true,
		`{type: boolean, default: false}`:                 false,
		`{type: milliseconds, default: 5, zero: none}`:    true,
		`{type: milliseconds, default: 0, zero: none}`:    false,
		`{type: integer, default: 5}`:                     false,
		`{type: integer, default: Infinity, zero: none}`:  false,
		`{type: string, default: lifo}`:                   false,
		`{type: string}`:                                  false,
		`{type: milliseconds, zero: there is no default}`: false,
	} {
		var option model.Option
		read(t, yaml, &option)
		if got := NeedsPointer(&option, option.Value); got != want {
			t.Errorf("%s: %v, want %v", yaml, got, want)
		}
	}
}
