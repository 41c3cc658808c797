package schema

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"nodehttp/gen/internal/diag"
	"nodehttp/gen/internal/diff"
	"nodehttp/gen/internal/listing"
	"nodehttp/gen/internal/load"
	"nodehttp/gen/internal/model"
	"nodehttp/gen/internal/testspec"
	"nodehttp/gen/internal/version"
)

func TestTheSchemasOfOutputsAreWhatTheTypesSay(t *testing.T) {
	for _, command := range Outputs {
		want, err := Output(command)
		if err != nil {
			t.Fatal(err)
		}
		got, err := fs.ReadFile(realSpec, command+".schema.json")
		if err != nil || string(got) != string(want) {
			t.Errorf("spec/%s.schema.json is not what the types say (run make generate): %v", command, err)
		}
		if n := bytes.Count(want, []byte(`"description": ""`)); n > 0 {
			t.Errorf("%s: %d fields do not say what they mean", command, n)
		}
	}
}

// TestOutputsFitTheirSchemas prints every version that a document describes, and each
// pair of them, and looks for what the schemas do not have.
func TestOutputsFitTheirSchemas(t *testing.T) {
	for name, files := range map[string]fs.FS{"real": realSpec, "test": testspec.Files()} {
		var errs diag.List
		spec, _ := load.Spec(files, "spec", &errs)
		if err := errs.Err(); err != nil {
			t.Fatal(err)
		}
		var versions []version.Version
		for _, d := range spec.Documents {
			versions = append(versions, d.Value.Node.Value)
		}
		for _, from := range versions {
			for _, all := range []bool{false, true} {
				fits(t, name+" list "+from.String(), "list", listing.Of(spec, from, all))
			}
			for _, to := range versions {
				var b bytes.Buffer
				if err := diff.Between(spec, from, to).Print(&b, "json"); err != nil {
					t.Fatal(err)
				}
				fits(t, name+" diff "+from.String()+" "+to.String(), "diff", json.RawMessage(b.Bytes()))
			}
		}
	}
}

// fits holds what a command printed against its schema.
func fits(t *testing.T, what, command string, output any) {
	t.Helper()
	s := outputSchema(t, command)
	text, err := json.Marshal(output)
	if err != nil {
		t.Fatal(err)
	}
	var v any
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	for i, e := range s.validate(s.root, v, "") {
		if i == 10 {
			t.Fatal("and so on")
		}
		t.Errorf("%s: %s", what, e)
	}
}

func outputSchema(t *testing.T, command string) *validator {
	t.Helper()
	text, err := Output(command)
	if err != nil {
		t.Fatal(err)
	}
	var root map[string]any
	if err := json.Unmarshal(text, &root); err != nil {
		t.Fatal(err)
	}
	return &validator{root, root["definitions"].(map[string]any), map[string]*regexp.Regexp{}}
}

// TestTheSchemasOfOutputsBite makes entries wrong, one thing at a time.
func TestTheSchemasOfOutputsBite(t *testing.T) {
	const sound = `[{"kind": "option", "owner": "Agent", "name": "x", "provenance": "live", "documented": [], "default": 7, "history": [{"in": ["v1.0.0"], "change": "default", "from": "Infinity"}]}]`
	for _, c := range []struct{ old, new string }{
		{"", ""},
		{`"option"`, `"choice"`}, {`"live"`, `"heard"`}, {`"change": "default"`, `"change": "colour"`}, {`"in": ["v1.0.0"]`, `"in": "v1.0.0"`},
		{`"default": 7`, `"default": [7]`}, {`"owner": "Agent", `, ``}, {`"owner"`, `"owned"`}, {`"from"`, `"form"`}, {`"documented": []`, `"documented": [1]`},
	} {
		text := strings.Replace(sound, c.old, c.new, 1)
		var v any
		if err := json.Unmarshal([]byte(text), &v); err != nil {
			t.Fatal(err)
		}
		s := outputSchema(t, "list")
		if wrong := s.validate(s.root, v, ""); (len(wrong) > 0) != (c.old != "") {
			t.Errorf("%s instead of %s: %v", c.new, c.old, wrong)
		}
	}
}

// TestTheListIsComplete looks for what the model says of single members in what is
// printed of them.
func TestTheListIsComplete(t *testing.T) {
	var errs diag.List
	spec, _ := load.Spec(realSpec, "spec", &errs)
	at := func(v string) map[string]string {
		parsed, err := version.Parse(v)
		if err != nil {
			t.Fatal(err)
		}
		texts := map[string]string{}
		for _, e := range listing.Of(spec, parsed, true) {
			e.Doc = ""
			for i := range e.Go {
				e.Go[i].Doc = ""
			}
			text, err := json.Marshal(e)
			if err != nil {
				t.Fatal(err)
			}
			texts[string(e.Kind)+" "+e.Owner+"."+e.Name] = string(text)
		}
		return texts
	}
	for _, c := range []struct{ version, member, has string }{
		{"v19.0.0", "property Server.requestTimeout", `"since":["v14.11.0"]`},
		{"v19.0.0", "property Server.requestTimeout", `"history":[{"in":["v18.0.0"],"change":"default","from":0}]`},
		{"v19.0.0", "property Server.requestTimeout", `"type":"milliseconds","writable":true,"default":300000,"zero":"no limit"`},
		{"v19.0.0", "property Server.requestTimeout", `"go":[{"symbol":"Server.RequestTimeout","text":"RequestTimeout() time.Duration"},{"symbol":"Server.SetRequestTimeout","text":"SetRequestTimeout(requestTimeout time.Duration)"}]`},
		{"v17.0.0", "property Server.requestTimeout", `"default":0`},
		{"v17.0.0", "property Server.requestTimeout", `"provenance":"derived"`},
		{"v13.14", "class http.Agent", `"provenance":"documented"`},
		{"v0", "class http.Agent", `"provenance":"derived"`},
		{"v1.6.3", "class http.Agent", `"provenance":"derived"`},
		{"v19.0.0", "property Server.requestTimeout", `"provenance":"documented","documented":["v19.0","v26.5"]`},
		{"v19.0.0", "option Agent.scheduling", `"default":"lifo"`},
		{"v19.0.0", "option Agent.scheduling", `"values":["fifo","lifo"]`},
		{"v19.0.0", "option Agent.maxSockets", `"default":"Infinity"`},
		{"v19.0.0", "option http.createServer.noDelay", `"go":[{"symbol":"ServerOptions.NoDelay","text":"NoDelay *bool"}]`},
		{"v8.0.0", "option http.request.agent", `"provenance":"derived"`},
		{"v19.0.0", "event ClientRequest.abort", `"deprecated":["v17.0.0","v16.12.0"],"instead":"'close' event"`},
		{"v19.0.0", "event Server.clientError", `"params":[{"name":"err","type":"Err"},{"name":"socket","type":"Socket"}]`},
		{"v19.0.0", "event Server.clientError", `"was":{"params":[{"name":"err","type":"Err"}]`},
		{"v0.8.28", "function http.createClient", `"until":["v7.0.0 live"]`},
		{"v0.8.28", "class http.ServerRequest", `"until":["v0.10.0 guess"]`},
		{"v19.0.0", "class http.ServerResponse", `"extends":"OutgoingMessage"`},
		{"v19.0.0", "method Server.listen", `"returns":"this"`},
		{"v19.0.0", "method ServerResponse.writeHead", `{"name":"statusMessage","type":"string","optional":true}`},
		{"v19.0.0", "method ServerResponse.writeHead", `"throws":[{"code":"ERR_HTTP_`},
		{"v19.0.0", "method ServerResponse.writeHead", `"deviation":"Go returns an error`},
		{"v19.0.0", "method ServerResponse.getHeaders", `"inherited":true`},
		{"v19.0.0", "method IncomingMessage.pipe", `"noGo":"Use io.Copy(`},
		{"v19.0.0", "method ClientRequest.await", `"provenance":"go"`},
		{"v19.0.0", "event Server.listening", `"provenance":"inherited","documented":[],"from":"net.Server"`},
		{"v19.0.0", "event ClientRequest.response", `"once":true`},
		{"v19.0.0", "constant http.globalAgent", `"overrides":[{"name":"keepAlive","value":true,"history":[`},
		{"v18.0.0", "constant http.globalAgent", `"overrides":[{"name":"keepAlive","value":false,"history":[`},
	} {
		if text := at(c.version)[c.member]; !strings.Contains(text, c.has) {
			t.Errorf("%s: %s has no %s:\n%s", c.version, c.member, c.has, text)
		}
	}
}

// TestTheListLeavesNothingOut holds the fields of an entry against those that the
// model has for a member: who adds a key there must add it here, or say why not.
func TestTheListLeavesNothingOut(t *testing.T) {
	passedOver := map[string]string{
		"go_only": "provenance", "default_of": "default", "before": "history", "unseen": "for the tests", "option": "go", "scenario": "for the tests",
		"class": "name", "module": "owner", "instance": "in the documents alone", "base": "of the runtime", "older_name_of": "renamed in its place",
		"without": "what is not there", "profile": "of the runtime", "constructor": "an entry", "events": "entries", "methods": "entries", "properties": "entries",
	}
	keys := map[string]bool{}
	for _, set := range []any{&model.Life{}, &model.Default{}, &model.Callable{}, &model.Method{}, &model.Event{}, &model.Property{}, &model.Constant{}, &model.Class{}, &model.Option{}} {
		for _, key := range specKeys(set) {
			keys[key] = true
		}
	}
	for key := range keys {
		name := regexp.MustCompile(`_(.)`).ReplaceAllStringFunc(key, func(s string) string { return strings.ToUpper(s[1:]) })
		if !bytes.Contains(listSchema(t), []byte(`"`+name+`": {`)) && passedOver[key] == "" {
			t.Errorf("the list does not have %s", key)
		}
	}
}

func listSchema(t *testing.T) []byte {
	t.Helper()
	text, err := Output("list")
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// specKeys are the keys that the model has for what target points to.
func specKeys(target any) (keys []string) {
	properties, required := object{}, []string{}
	b := &builder{object{}, false}
	b.fields(reflect.TypeOf(target).Elem(), properties, &required)
	for key := range properties {
		keys = append(keys, key)
	}
	return keys
}
