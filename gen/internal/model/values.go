package model

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"nodehttp/gen/internal/decode"
	"nodehttp/gen/internal/diag"
	"nodehttp/gen/internal/version"
)

// At is a value and where it stands. Its zero value stands nowhere: it was not
// given.
type At[T any] struct {
	Value T
	Pos   diag.Pos
}

// Text is a string and where it stands.
type Text = At[string]

// Decode reads the value and keeps its place.
func (a *At[T]) Decode(d *decode.Decoder, node *yaml.Node) {
	a.Pos = d.Pos(node)
	d.Into(node, &a.Value)
}

// Given reports whether the model has the value.
func (a At[T]) Given() bool { return a.Pos.Line != 0 }

// Named is one entry of a mapping.
type Named[T any] struct {
	Name string
	// Pos is the place of the name.
	Pos   diag.Pos
	Value *T
}

// Map is a mapping from names, in the order of the file.
type Map[T any] []Named[T]

// Decode reads the mapping.
func (m *Map[T]) Decode(d *decode.Decoder, node *yaml.Node) {
	d.Mapping(node, func(key, value *yaml.Node) {
		entry := Named[T]{key.Value, d.Pos(key), new(T)}
		d.Into(value, entry.Value)
		*m = append(*m, entry)
	})
}

// Get returns the value named name, nil if there is none.
func (m Map[T]) Get(name string) *T {
	for _, entry := range m {
		if entry.Name == name {
			return entry.Value
		}
	}
	return nil
}

// Versions is where one change arrived.
type Versions []Dated

// Dated is a release in which something changed, and how the model knows.
type Dated struct {
	At[version.Version]
	By Source
}

// Source is how the model knows a release: by a document of this module, which it need
// not say, or as it says behind the release.
type Source string

// The sources that are said.
const (
	Live      Source = "live"      // the release was asked, and the one before it
	Elsewhere Source = "elsewhere" // another document of Node says so
	Guess     Source = "guess"     // nothing says so
)

// DatedPattern is what a release with its source is, as a regular expression.
const DatedPattern = `^v?(0|[1-9][0-9]{0,3})(\.(0|[1-9][0-9]{0,3})){0,2}( (live|elsewhere|guess))?$`

// Decode reads a release and what is said behind it.
func (v *Dated) Decode(d *decode.Decoder, node *yaml.Node) {
	v.Pos = d.Pos(node)
	release, by, said := strings.Cut(node.Value, " ")
	if said && node.Kind == yaml.ScalarNode {
		switch v.By = Source(by); v.By {
		case Live, Elsewhere, Guess:
		default:
			d.Errorf(node, "behind a release stands live, elsewhere or guess, not %q", by)
			return
		}
		bare := *node
		bare.Value = release
		node = &bare
	}
	d.Into(node, &v.Value)
}

// String renders the release as the model writes it.
func (v Dated) String() string {
	if v.By == "" {
		return v.Value.String()
	}
	return v.Value.String() + " " + string(v.By)
}

// Set returns the versions without their places.
func (vs Versions) Set() version.Set {
	set := make(version.Set, len(vs))
	for i, v := range vs {
		set[i] = v.Value
	}
	return set
}

// Documents are the documents that show a member. An empty list that was given
// says that Node has the member and none shows it.
type Documents struct {
	Names []Text
	Given bool
}

// Decode reads the list.
func (ds *Documents) Decode(d *decode.Decoder, node *yaml.Node) {
	ds.Given = true
	if node.Kind != yaml.SequenceNode || len(node.Content) > 0 {
		d.Into(node, &ds.Names)
	}
}

// ScalarKind is what a scalar is.
type ScalarKind string

// The kinds of scalar.
const (
	String   ScalarKind = "string"
	Boolean  ScalarKind = "boolean"
	Integer  ScalarKind = "integer"
	Infinity ScalarKind = "Infinity"
)

// Scalar is a default or an argument.
type Scalar struct {
	Kind   ScalarKind
	String string
	Int    int
	Bool   bool
	Pos    diag.Pos
}

// Decode reads a string, a boolean, an integer or the word Infinity.
func (s *Scalar) Decode(d *decode.Decoder, node *yaml.Node) {
	s.Pos = d.Pos(node)
	if !d.Scalar(node) {
		return
	}
	switch node.Tag {
	case "!!bool":
		s.Kind = Boolean
		d.Into(node, &s.Bool)
	case "!!int", "!!float":
		s.Kind = Integer
		d.Into(node, &s.Int)
	case "!!str":
		s.Kind, s.String = String, node.Value
		if node.Value == "Infinity" && node.Style == 0 {
			s.Kind = Infinity
		}
	}
}

// Text renders the value as JavaScript writes it.
func (s *Scalar) Text() string {
	switch s.Kind {
	case Boolean:
		return strconv.FormatBool(s.Bool)
	case Integer:
		return strconv.Itoa(s.Int)
	case Infinity:
		return "Infinity"
	}
	return "'" + s.String + "'"
}

// JSON renders the value as JSON has it, and Infinity as a text.
func (s *Scalar) JSON() []byte {
	switch s.Kind {
	case Boolean, Integer:
		return []byte(s.Text())
	case Infinity:
		return []byte(`"Infinity"`)
	}
	text, err := json.Marshal(s.String)
	if err != nil {
		panic(err) // a string is always written
	}
	return text
}

// IsZero reports whether Go's zero value stands for s: Infinity is written 0, as
// in "no limit".
func (s *Scalar) IsZero() bool {
	return s.Kind == Infinity || !s.Bool && s.Int == 0 && s.String == ""
}

// Decode reads a form: its text alone, or a mapping.
func (f *Form) Decode(d *decode.Decoder, node *yaml.Node) {
	if node.Kind == yaml.ScalarNode {
		d.Into(node, &f.Text)
		return
	}
	type plain Form // without this method
	d.Into(node, (*plain)(f))
}

// Decode reads a step: the method's name alone, or a mapping.
func (s *Step) Decode(d *decode.Decoder, node *yaml.Node) {
	if node.Kind == yaml.ScalarNode {
		d.Into(node, &s.Call)
		return
	}
	type plain Step // without this method
	d.Into(node, (*plain)(s))
}

// Type is a type as the model writes it: `string | string[]`, `Agent`,
// `(err: Error)`.
type Type struct {
	Union []Term
	Pos   diag.Pos
}

// Term is one alternative of a type.
type Term struct {
	// Name is empty for a function.
	Name string
	// Lists counts the [] after the name.
	Lists int
	// Params are the parameters of a function.
	Params []TypedName
}

// TypedName is a parameter of a function.
type TypedName struct {
	Name string
	Type Type
}

// Decode parses the type.
func (t *Type) Decode(d *decode.Decoder, node *yaml.Node) {
	var text string
	d.Into(node, &text)
	if text == "" {
		return // which has been reported
	}
	parsed, rest, err := parseType(text)
	if err == nil && rest != "" {
		err = fmt.Errorf("%q is left over", rest)
	}
	if err != nil {
		d.Errorf(node, "%q is not a type: %s", text, err)
		return
	}
	*t = parsed
	t.Pos = d.Pos(node)
}

// Names calls each for every type name in t.
func (t *Type) Names(each func(name string)) {
	for _, term := range t.Union {
		if term.Name != "" {
			each(term.Name)
		}
		for _, p := range term.Params {
			p.Type.Names(each)
		}
	}
}

// Is reports whether t is the type named name and nothing else.
func (t *Type) Is(name string) bool {
	return t != nil && len(t.Union) == 1 && t.Union[0].Name == name && t.Union[0].Lists == 0
}

// parseType reads a type from the front of text and returns what follows it.
func parseType(text string) (Type, string, error) {
	var t Type
	for {
		term, rest, err := parseTerm(strings.TrimLeft(text, " "))
		if err != nil {
			return t, "", err
		}
		t.Union = append(t.Union, term)
		rest = strings.TrimLeft(rest, " ")
		if !strings.HasPrefix(rest, "|") {
			return t, rest, nil
		}
		text = rest[1:]
	}
}

func parseTerm(text string) (Term, string, error) {
	var term Term
	if strings.HasPrefix(text, "(") {
		term.Params = []TypedName{}
		text = strings.TrimLeft(text[1:], " ")
		for !strings.HasPrefix(text, ")") {
			name, rest, found := strings.Cut(text, ":")
			if !found || !isName(name) {
				return term, "", fmt.Errorf("a function's parameters are written (name: type, …)")
			}
			t, rest, err := parseType(rest)
			if err != nil {
				return term, "", err
			}
			if slices.ContainsFunc(t.Union, func(inner Term) bool { return inner.Params != nil }) {
				return term, "", fmt.Errorf("a function's parameter is no function")
			}
			term.Params = append(term.Params, TypedName{name, t})
			text = strings.TrimLeft(strings.TrimPrefix(rest, ","), " ")
			if rest == text && !strings.HasPrefix(text, ")") {
				return term, "", fmt.Errorf("the function's parenthesis is not closed")
			}
		}
		return term, text[1:], nil
	}
	end := strings.IndexFunc(text, func(r rune) bool { return !isNameRune(r) && r != '.' })
	if end < 0 {
		end = len(text)
	}
	term.Name, text = text[:end], text[end:]
	if term.Name == "" {
		return term, "", fmt.Errorf("a type's name is missing")
	}
	for strings.HasPrefix(text, "[]") {
		term.Lists++
		text = text[2:]
	}
	return term, text, nil
}

// TypePattern is what parseType takes, as a regular expression.
var TypePattern = func() string {
	const (
		name  = `[0-9A-Za-z_]+`
		plain = ` *[0-9A-Za-z_.]+(\[\])* *`
		union = plain + `(\|` + plain + `)*`
		param = name + `:` + union
		term  = `(` + plain + `| *\( *(` + param + `(, *` + param + `)*(, *)?)?\) *)`
	)
	return `^` + term + `(\|` + term + `)*$`
}()

func isName(s string) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool { return !isNameRune(r) }) < 0
}

func isNameRune(r rune) bool {
	return r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
}
