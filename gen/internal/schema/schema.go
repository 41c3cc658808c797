// Package schema derives a JSON Schema of spec/ from the types that the loader reads
// it into, so that an editor completes and checks what the loader accepts. Rules
// that only check knows, such as references, are not in it.
package schema

import (
	"encoding/json"
	"reflect"
	"strings"

	"nodehttp/gen/internal/decode"
	"nodehttp/gen/internal/model"
	"nodehttp/gen/internal/version"
)

// object is a JSON object; encoding/json sorts its keys.
type object map[string]any

// enums are the fields whose values are listed in the model.
var enums = map[reflect.Type]map[string][]string{
	reflect.TypeFor[model.Change]():    {"change": model.ChangeKinds},
	reflect.TypeFor[model.ErrorCode](): {"kind": model.ErrorKinds},
	reflect.TypeFor[model.Class]():     {"profile": model.Profiles},
	reflect.TypeFor[model.OptionSet](): {"profile": model.Profiles},
	reflect.TypeFor[model.Constant]():  {"profile": model.Profiles},
	reflect.TypeFor[model.Rule]():      {"repeat": model.RepeatRules},
	reflect.TypeFor[model.Former]():    {"repeat": model.RepeatRules},
	reflect.TypeFor[model.Scenario]():  {"link": model.Links, "then": model.Ends},
}

// builder collects the definitions of the types that it meets.
type builder struct {
	defs object
	// listed says whether to list the values of enums.
	listed bool
}

// JSON returns the schema of every file of spec/.
func JSON() ([]byte, error) {
	b, err := json.MarshalIndent(whole(true), "", "  ")
	return append(b, '\n'), err
}

// whole is the schema of a file: a class and an options object are known by their
// first key, and what is left is one of the lists.
func whole(listed bool) object {
	b := &builder{object{}, listed}
	var lists []any
	spec := reflect.TypeFor[model.Spec]()
	for i := range spec.NumField() {
		if field := spec.Field(i); isMap(field.Type) {
			b.defs[field.Name] = b.of(field.Type)
			lists = append(lists, ref(field.Name))
		}
	}
	having := func(key string, then, otherwise object) object {
		return object{"if": object{"type": "object", "required": []string{key}}, "then": then, "else": otherwise}
	}
	class, options := b.of(reflect.TypeFor[model.Class]()), b.of(reflect.TypeFor[model.OptionSet]())
	root := having("class", class, having("options", options, object{"anyOf": lists}))
	root["$schema"] = "http://json-schema.org/draft-07/schema#"
	root["title"] = "A file of nodehttp's spec/. Derived by go run ./gen schema; do not edit."
	root["definitions"] = b.defs
	return root
}

func ref(name string) object { return object{"$ref": "#/definitions/" + name} }

func isMap(t reflect.Type) bool { return strings.HasPrefix(t.Name(), "Map[") }

// of returns the schema of a type.
func (b *builder) of(t reflect.Type) object {
	switch t {
	case reflect.TypeFor[version.Version]():
		return object{"type": "string", "pattern": version.Pattern}
	case reflect.TypeFor[model.Dated]():
		return object{"type": "string", "pattern": model.DatedPattern}
	case reflect.TypeFor[decode.Raw]():
		return object{"type": "string", "minLength": 1}
	case reflect.TypeFor[model.Documents]():
		return b.list(reflect.TypeFor[string](), 0)
	case reflect.TypeFor[model.Scalar]():
		return object{"type": []string{"string", "boolean", "integer"}, "minimum": -decode.MaxInteger, "maximum": decode.MaxInteger}
	case reflect.TypeFor[model.Type]():
		return object{"type": "string", "pattern": model.TypePattern}
	case reflect.TypeFor[model.Form](), reflect.TypeFor[model.Step]():
		return object{"anyOf": []any{text(), b.structure(t)}}
	}
	switch {
	case strings.HasPrefix(t.Name(), "At["):
		value, _ := t.FieldByName("Value")
		return b.of(value.Type)
	case isMap(t):
		entry, _ := t.Elem().FieldByName("Value")
		return object{"type": "object", "propertyNames": name(), "additionalProperties": b.of(entry.Type)}
	}
	switch t.Kind() {
	case reflect.Pointer:
		return b.of(t.Elem())
	case reflect.Slice:
		return b.list(t.Elem(), 1)
	case reflect.Bool:
		return object{"type": "boolean"}
	case reflect.Int:
		return object{"type": "integer", "minimum": -decode.MaxInteger, "maximum": decode.MaxInteger}
	case reflect.Struct:
		return b.structure(t)
	}
	return text()
}

// list returns the schema of a list with least entries, which one may stand for.
func (b *builder) list(of reflect.Type, least int) object {
	items := b.of(of)
	list := object{"type": "array", "items": items, "minItems": least}
	if single := scalars(items); single != nil {
		return object{"anyOf": []any{list, single}}
	}
	return list
}

// name is a string with something in it and no control character.
func name() object { return object{"type": "string", "pattern": `^[^\x00-\x1f\x7f-\x9f]+$`} }

// text is a string with something in it and no control character but the line
// feed, which parts the paragraphs of a folded text.
func text() object { return object{"type": "string", "pattern": `^[^\x00-\x09\x0b-\x1f\x7f-\x9f]+$`} }

// scalars is the part of a schema that takes one value: a list of one may be
// written as that.
func scalars(s object) object {
	if alternatives, ok := s["anyOf"].([]any); ok {
		return alternatives[0].(object)
	}
	if s["type"] == "string" || s["type"] == "integer" {
		return s
	}
	return nil
}

// structure returns a reference to the schema of a struct.
func (b *builder) structure(t reflect.Type) object {
	name := t.Name()
	if b.defs[name] == nil {
		properties, required := object{}, []string{}
		b.defs[name] = object{} // a type may contain itself
		b.fields(t, properties, &required)
		s := object{"type": "object", "properties": properties, "additionalProperties": false}
		if len(required) > 0 {
			s["required"] = required
		}
		b.defs[name] = s
	}
	return ref(name)
}

func (b *builder) fields(t reflect.Type, properties object, required *[]string) {
	for i := range t.NumField() {
		field := t.Field(i)
		tag, tagged := field.Tag.Lookup("spec")
		switch {
		case tagged:
			name, option, _ := strings.Cut(tag, ",")
			s := b.of(field.Type)
			if values := enums[t][name]; values != nil && b.listed {
				s = object{"enum": values}
			}
			properties[name] = s
			if option == "required" {
				*required = append(*required, name)
			}
		case field.Anonymous && field.Type.Kind() == reflect.Struct:
			b.fields(field.Type, properties, required)
		}
	}
}
