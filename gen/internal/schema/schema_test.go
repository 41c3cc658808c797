package schema

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"gopkg.in/yaml.v3"

	"nodehttp/gen/internal/check"
	"nodehttp/gen/internal/diag"
	"nodehttp/gen/internal/load"
	"nodehttp/gen/internal/testspec"
)

var realSpec = os.DirFS("../../../spec")

func TestTheSchemaIsWhatTheTypesSay(t *testing.T) {
	want, err := JSON()
	if err != nil {
		t.Fatal(err)
	}
	got, err := fs.ReadFile(realSpec, "schema.json")
	if err != nil || string(got) != string(want) {
		t.Errorf("spec/schema.json is not what the model's types say (run make generate): %v", err)
	}
}

func TestEachFileNamesItsSchema(t *testing.T) {
	eachFile(t, realSpec, func(name string, text []byte) {
		up := strings.Repeat("../", strings.Count(name, "/"))
		if want := "# yaml-language-server: $schema=" + up + "schema.json\n"; !strings.HasPrefix(string(text), want) {
			t.Errorf("spec/%s does not begin with %q", name, want)
		}
	})
}

func TestSoundFilesFit(t *testing.T) {
	s := decoded(t, true)
	for _, files := range []fs.FS{realSpec, testspec.Files()} {
		eachFile(t, files, func(name string, text []byte) {
			for _, e := range s.validate(s.root, plain(parse(t, text)), "") {
				t.Errorf("%s: %s", name, e)
			}
		})
	}
}

// TestTheSchemaAndTheLoaderAgree changes one thing at a time, at every place in
// a file that the schema tells from others, and asks both.
func TestTheSchemaAndTheLoaderAgree(t *testing.T) {
	s := decoded(t, false)
	seen, refused := map[string]bool{}, 0
	for i, files := range []fs.FS{testspec.Files(), realSpec} {
		values := replacements
		if i > 0 { // files are large; what is new in them are places, not shapes
			values = replacements[:2]
		}
		eachFile(t, files, func(name string, text []byte) {
			document := parse(t, text)
			kind := s.kind(name)
			for _, m := range s.mutations(kind, document, kindName(name), values) {
				if seen[m.what] {
					continue
				}
				seen[m.what] = true
				m.apply()
				changed, err := yaml.Marshal(document)
				if err != nil {
					t.Fatal(err)
				}
				fits := len(s.validate(kind, plain(document), "")) == 0
				m.undo()
				if wrong := findings(name, changed); fits != (len(wrong) == 0) {
					t.Errorf("%s: %s: fits the schema: %t, but the loader says %v", name, m.what, fits, wrong)
				}
				if !fits {
					refused++
				}
			}
		})
	}
	if refused < 100 || len(seen) == refused {
		t.Errorf("only %d changes, of which %d are refused", len(seen), refused)
	}
}

// TestListedValuesAreAllThereAre holds the enums of the schema against check.
func TestListedValuesAreAllThereAre(t *testing.T) {
	for file, c := range map[string]struct{ old, new string }{
		"errors.yaml":         {"kind: TypeError", "kind: Mistake"},
		"header_rules.yaml":   {"repeat: discard", "repeat: forget"},
		"classes/Server.yaml": {"change: behaviour", "change: mood"},
	} {
		files := testspec.Files()
		text := strings.Replace(string(files[file].Data), c.old, c.new, 1)
		if text == string(files[file].Data) {
			t.Fatalf("%s has no %q", file, c.old)
		}
		files[file].Data = []byte(text)
		var errs diag.List
		if spec, complete := load.Spec(files, "spec", &errs); complete {
			check.Spec(spec, &errs)
		}
		s := decoded(t, true)
		if refused := len(s.validate(s.root, plain(parse(t, files[file].Data)), "")) > 0; !refused || errs.Empty() {
			t.Errorf("%s with %q: refused by the schema: %t, by check: %t", file, c.new, refused, !errs.Empty())
		}
	}
}

func eachFile(t *testing.T, files fs.FS, each func(name string, text []byte)) {
	t.Helper()
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || path.Ext(name) != ".yaml" {
			return err
		}
		text, err := fs.ReadFile(files, name)
		each(name, text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// findings are what the loader finds wrong in one file.
func findings(name string, text []byte) []string {
	var errs diag.List
	load.Spec(fstest.MapFS{name: {Data: text}}, "spec", &errs)
	var wrong []string
	for _, f := range errs.Findings() {
		if f.Pos.File == "spec/"+name { // not that the other files are missing
			wrong = append(wrong, f.Message)
		}
	}
	return wrong
}

func parse(t *testing.T, text []byte) *yaml.Node {
	t.Helper()
	var document yaml.Node
	if err := yaml.Unmarshal(text, &document); err != nil {
		t.Fatal(err)
	}
	return document.Content[0]
}

// plain turns a node into the values that JSON Schema speaks of.
func plain(n *yaml.Node) any {
	switch n.Kind {
	case yaml.MappingNode:
		m := map[string]any{}
		for i := 0; i < len(n.Content); i += 2 {
			m[n.Content[i].Value] = plain(n.Content[i+1])
		}
		return m
	case yaml.SequenceNode:
		list := make([]any, len(n.Content))
		for i, item := range n.Content {
			list[i] = plain(item)
		}
		return list
	}
	var v any
	if n.ShortTag() == "!!timestamp" || strings.Contains(n.Value, "_") {
		return n.Value // which only the reader of package yaml takes for more
	}
	if err := n.Decode(&v); err != nil {
		panic(err)
	}
	return v
}

// validator understands as much of JSON Schema as package schema uses.
type validator struct {
	root, definitions map[string]any
	patterns          map[string]*regexp.Regexp
}

func (s *validator) pattern(text string) *regexp.Regexp {
	if s.patterns[text] == nil {
		s.patterns[text] = regexp.MustCompile(text)
	}
	return s.patterns[text]
}

func decoded(t *testing.T, listed bool) *validator {
	t.Helper()
	text, err := json.Marshal(whole(listed))
	if err != nil {
		t.Fatal(err)
	}
	var root map[string]any
	if err := json.Unmarshal(text, &root); err != nil {
		t.Fatal(err)
	}
	return &validator{root, root["definitions"].(map[string]any), map[string]*regexp.Regexp{}}
}

// kindName is what the model calls a kind of file.
func kindName(file string) string {
	switch path.Dir(file) {
	case "classes":
		return "Class"
	case "options":
		return "OptionSet"
	}
	return map[string]string{
		"versions.yaml": "Documents", "headings.yaml": "Indexes", "releases.yaml": "Releases", "types.yaml": "Types", "errors.yaml": "Errors", "functions.yaml": "Functions", "adapters.yaml": "Adapters",
		"https.yaml": "HTTPS", "https_options.yaml": "HTTPSOptions", "https_server.yaml": "HTTPSMethods", "https_events.yaml": "HTTPSEvents",
		"constants.yaml": "Constants", "behaviours.yaml": "Behaviours", "methods.yaml": "Methods", "orders.yaml": "Orders",
		"status_codes.yaml": "Statuses", "header_rules.yaml": "Duplicates", "deviations.yaml": "Deviations",
	}[file]
}

func (s *validator) kind(file string) map[string]any {
	return s.definitions[kindName(file)].(map[string]any)
}

func (s *validator) resolve(schema map[string]any) map[string]any {
	if name, ok := schema["$ref"].(string); ok {
		return s.definitions[strings.TrimPrefix(name, "#/definitions/")].(map[string]any)
	}
	return schema
}

// validate returns what is wrong with v.
func (s *validator) validate(schema map[string]any, v any, at string) []string {
	schema = s.resolve(schema)
	var wrong []string
	say := func(format string, args ...any) { wrong = append(wrong, at+": "+fmt.Sprintf(format, args...)) }
	if condition, ok := schema["if"].(map[string]any); ok {
		branch := "then"
		if len(s.validate(condition, v, at)) > 0 {
			branch = "else"
		}
		return s.validate(schema[branch].(map[string]any), v, at)
	}
	if list, ok := schema["allOf"].([]any); ok {
		for _, one := range list {
			wrong = append(wrong, s.validate(one.(map[string]any), v, at)...)
		}
		return wrong
	}
	if list, ok := schema["anyOf"].([]any); ok {
		var all []string
		for _, alternative := range list {
			found := s.validate(alternative.(map[string]any), v, at)
			if len(found) == 0 {
				return nil
			}
			all = append(all, found...)
		}
		return all
	}
	if list, ok := schema["enum"].([]any); ok && !slices.Contains(list, v) {
		say("%v is not one of %v", v, list)
	}
	if want := schema["type"]; want != nil && !isType(v, want) {
		say("%v is not of type %v", v, want)
		return wrong
	}
	if pattern, ok := schema["pattern"].(string); ok && !s.pattern(pattern).MatchString(v.(string)) {
		say("%v does not match %s", v, pattern)
	}
	if least, ok := schema["minLength"].(float64); ok && len(v.(string)) < int(least) {
		say("%q is too short", v)
	}
	if n, ok := number(v); ok && schema["maximum"] != nil && (n > schema["maximum"].(float64) || n < schema["minimum"].(float64)) {
		say("%v is too far from 0", v)
	}
	if list, ok := v.([]any); ok && schema["minItems"] != nil && len(list) < int(schema["minItems"].(float64)) {
		say("the list is too short")
	}
	if list, ok := v.([]any); ok && schema["items"] != nil {
		for i, item := range list {
			wrong = append(wrong, s.validate(schema["items"].(map[string]any), item, fmt.Sprintf("%s[%d]", at, i))...)
		}
	}
	m, ok := v.(map[string]any)
	if !ok {
		return wrong
	}
	required, _ := schema["required"].([]any)
	for _, name := range required {
		if _, ok := m[name.(string)]; !ok {
			say("%v is missing", name)
		}
	}
	properties, _ := schema["properties"].(map[string]any)
	for name, value := range m {
		if names, ok := schema["propertyNames"].(map[string]any); ok {
			wrong = append(wrong, s.validate(names, name, at)...)
		}
		child, known := properties[name].(map[string]any)
		if !known {
			child, known = schema["additionalProperties"].(map[string]any)
		}
		if known {
			wrong = append(wrong, s.validate(child, value, at+"."+name)...)
		} else if schema["additionalProperties"] == false {
			say("%s is unknown", name)
		}
	}
	return wrong
}

func isType(v, want any) bool {
	if list, ok := want.([]any); ok {
		return slices.ContainsFunc(list, func(one any) bool { return isType(v, one) })
	}
	var is string
	switch v.(type) {
	case string:
		is = "string"
	case bool:
		is = "boolean"
	case int, uint64, float64:
		if n, finite := number(v); finite && n == math.Trunc(n) {
			is = "integer"
		}
	case []any:
		is = "array"
	case map[string]any:
		is = "object"
	}
	return is == want
}

// number is the value of v if it is one, as JSON has numbers.
func number(v any) (float64, bool) {
	switch v := v.(type) {
	case int:
		return float64(v), true
	case uint64:
		return float64(v), true
	case float64:
		return v, !math.IsInf(v, 0)
	}
	return 0, false
}

// mutation is one change of a document.
type mutation struct {
	what        string
	apply, undo func()
}

// replacements are values of every shape.
var replacements = []string{
	"7", "{xy: 7}", `"x\ty"`, `"x\x7fy"`, `"x\u0085y"`, `{"x\ny": 7}`, "[7]", "xy", "true", "null", "1.5", "[]", "[xy]", "{}",
	`""`, `{"": xy}`, "0x10", "0o17", "7.0", "7e2", "-7", "9007199254740991", "9007199254740992", "99999999999999999999", ".inf",
	"2001-01-01", "1_000", "TRUE", "v18.2", "v018.2.0", "v18.2.0.1", "v10000.0.0", "18.2.0", "x y", `"x[]"`, `"x["`, `"x |"`, `"(a: x)"`, `"(a)"`, `"(a: x, b: y[] | z,)"`,
	`"(a: (b: x))"`, `"() | x"`, `"( ) |(a:x)"`, `"(a: x b: y)"`,
}

// mutations lists changes at every place of node; what names the place by the
// schema, so that like places have like names.
func (s *validator) mutations(schema map[string]any, node *yaml.Node, at string, values []string) []mutation {
	schema = s.resolve(schema)
	var list []mutation
	for _, text := range values {
		var document yaml.Node
		if err := yaml.Unmarshal([]byte(text), &document); err != nil {
			panic(err)
		}
		before := *node
		list = append(list, mutation{at + " = " + text, func() { *node = *document.Content[0] }, func() { *node = before }})
	}
	if alternatives, ok := schema["anyOf"].([]any); ok {
		for _, a := range alternatives {
			if a := s.resolve(a.(map[string]any)); isType(plain(node), a["type"]) {
				schema = a
			}
		}
	}
	switch node.Kind {
	case yaml.SequenceNode:
		items, _ := schema["items"].(map[string]any)
		for _, item := range node.Content {
			if items != nil {
				list = append(list, s.mutations(items, item, at+"[]", values)...)
			}
		}
	case yaml.MappingNode:
		content := node.Content
		unknown := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: "xyzzy"}
		list = append(list, mutation{at + " + xyzzy",
			func() { node.Content = append(slices.Clone(content), unknown, unknown) }, func() { node.Content = content }})
		properties, _ := schema["properties"].(map[string]any)
		for i := 0; i < len(content); i += 2 {
			name := content[i].Value
			child, known := properties[name].(map[string]any)
			if !known {
				child, _ = schema["additionalProperties"].(map[string]any)
				name = "*"
			}
			list = append(list, mutation{at + " - " + name,
				func() { node.Content = slices.Concat(content[:i], content[i+2:]) }, func() { node.Content = content }})
			if child != nil {
				list = append(list, s.mutations(child, content[i+1], at+"."+name, values)...)
			}
		}
	}
	return list
}
