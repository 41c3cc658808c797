package schema

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"

	"nodehttp/gen/internal/diff"
	"nodehttp/gen/internal/listing"
	"nodehttp/gen/internal/model"
	"nodehttp/gen/internal/resolve"
)

// outputs are what the commands print as JSON. The fields of the types say by their
// tag `about` what they mean.
var outputs = map[string]struct {
	of    reflect.Type
	title string
}{
	"list": {reflect.TypeFor[[]listing.Entry](), "What go run ./gen list -format json prints: the members of a version. Derived by go run ./gen schema list; do not edit."},
	"diff": {reflect.TypeFor[diff.Report](), "What go run ./gen diff -format json prints: what changed between two versions. Derived by go run ./gen schema diff; do not edit."},
}

// Outputs are the commands whose output has a schema.
var Outputs = slices.Sorted(maps.Keys(outputs))

// words are the values that a text has, by its type or by the field.
var words = map[string][]string{
	"Kind": {
		string(resolve.KindClass), string(resolve.KindFunction), string(resolve.KindConstant), string(resolve.KindConstructor),
		string(resolve.KindMethod), string(resolve.KindProperty), string(resolve.KindEvent), string(resolve.KindOption),
	},
	"Provenance": {
		string(listing.Documented), string(listing.Derived), string(listing.Inherited), string(listing.Live), string(listing.GoOnly),
	},
	"listing.Change.change": model.ChangeKinds,
	"diff.Change.kind":      diff.Kinds,
	"diff.Change.what":      model.ChangeKinds,
}

// Output returns the schema of what a command prints as JSON.
func Output(command string) ([]byte, error) {
	b := &outputBuilder{object{}}
	root := b.of(outputs[command].of)
	root["$schema"] = "http://json-schema.org/draft-07/schema#"
	root["title"] = outputs[command].title
	root["definitions"] = b.defs
	text, err := json.MarshalIndent(root, "", "  ")
	return append(text, '\n'), err
}

type outputBuilder struct{ defs object }

func (b *outputBuilder) of(t reflect.Type) object {
	switch {
	case t == reflect.TypeFor[listing.Value]():
		return object{"type": []string{"string", "boolean", "integer"}}
	case words[t.Name()] != nil:
		return object{"enum": words[t.Name()]}
	}
	switch t.Kind() {
	case reflect.Pointer:
		return b.of(t.Elem())
	case reflect.Slice:
		return object{"type": "array", "items": b.of(t.Elem())}
	case reflect.Map:
		return object{"type": "object", "additionalProperties": b.of(t.Elem())}
	case reflect.Bool:
		return object{"type": "boolean"}
	case reflect.Struct:
		return b.structure(t)
	}
	return object{"type": "string"}
}

func (b *outputBuilder) structure(t reflect.Type) object {
	if b.defs[t.Name()] != nil {
		return ref(t.Name())
	}
	properties, required := object{}, []string{}
	b.defs[t.Name()] = object{}
	for i := range t.NumField() {
		field := t.Field(i)
		name, option, _ := strings.Cut(field.Tag.Get("json"), ",")
		s := b.of(field.Type)
		if values := words[t.String()+"."+name]; values != nil {
			s = object{"enum": values}
		}
		if s["$ref"] != nil { // beside which draft 7 reads nothing
			s = object{"allOf": []any{s}}
		}
		s["description"] = field.Tag.Get("about")
		properties[name] = s
		if option == "" {
			required = append(required, name)
		}
	}
	b.defs[t.Name()] = object{"type": "object", "properties": properties, "required": required, "additionalProperties": false}
	return ref(t.Name())
}
