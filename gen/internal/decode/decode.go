// Package decode reads one YAML file into Go values and misses nothing: an
// unknown, repeated or missing key and a value of the wrong shape are each
// reported at their line and column, and reading goes on after them. It does not
// know what the values mean.
//
// A struct's fields carry the tag `spec:"key"` or `spec:"key,required"`. A
// struct embedded without a tag shares its keys with the struct around it.
package decode

import (
	"bytes"
	"encoding"
	"errors"
	"io"
	"math"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"nodehttp/gen/internal/diag"
)

// Decoder reads one file.
type Decoder struct {
	file string
	errs *diag.List
}

// Value is implemented by types that read themselves from a node.
type Value interface {
	Decode(d *Decoder, node *yaml.Node)
}

// File reads the YAML document in data into target, a pointer, and reports
// to errs under the name file. It returns false if data is no YAML, so that
// nothing of it could be read.
func File(file string, data []byte, target any, errs *diag.List) bool {
	d := &Decoder{file, errs}
	reader := yaml.NewDecoder(bytes.NewReader(data))
	var document, rest yaml.Node
	if err := reader.Decode(&document); err != nil {
		d.syntax(data, err)
		return false
	}
	if err := reader.Decode(&rest); err == nil {
		d.Errorf(&rest, "a file of the model holds one document")
		return false
	} else if !errors.Is(err, io.EOF) {
		d.syntax(data, err)
		return false
	}
	root := document.Content[0]
	if !d.plain(root) {
		return false
	}
	if root.Kind != yaml.MappingNode {
		d.Errorf(root, "want a mapping, have %s", shape(root))
		return false
	}
	d.Into(root, target)
	return true
}

// coreTag is the tag of a plain scalar by YAML's core schema, which editors use. The
// reader takes some strings for something else, such as 2001-01-01 and 1_000.
func coreTag(value string) string {
	switch value {
	case "", "~", "null", "Null", "NULL":
		return "!!null"
	case "true", "True", "TRUE", "false", "False", "FALSE":
		return "!!bool"
	}
	switch {
	case !strings.Contains("+-.0123456789", value[:1]): // most are words
	case coreInt.MatchString(value):
		return "!!int"
	case coreFloat.MatchString(value):
		return "!!float"
	}
	return "!!str"
}

var (
	coreInt   = regexp.MustCompile(`^([-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$`)
	coreFloat = regexp.MustCompile(`^[-+]?((\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|\.(inf|Inf|INF))$|^\.(nan|NaN|NAN)$`)
)

// plain reports whether node is made of nothing but mappings, lists and scalars,
// and sets the tags of these.
func (d *Decoder) plain(node *yaml.Node) bool {
	switch {
	case node.Kind == yaml.AliasNode || node.Anchor != "":
		d.Errorf(node, "anchors and aliases are not part of the model: write the fact once where it belongs")
		return false
	case node.Style&yaml.TaggedStyle != 0:
		d.Errorf(node, "tags are not part of the model")
		return false
	case node.Kind == yaml.ScalarNode:
		node.Tag = "!!str"
		if node.Style == 0 {
			node.Tag = coreTag(node.Value)
		}
	}
	sound := true
	for _, child := range node.Content {
		sound = d.plain(child) && sound
	}
	return sound
}

var (
	lineOf = regexp.MustCompile(`line (\d+): (.*)`)
	// parserSays are the errors whose line the YAML reader counts from 0.
	parserSays = regexp.MustCompile(`^did not find expected (<|node content|key|'-'|',')`)
)

// syntax reports what the YAML reader could not read. The reader gives only the
// line: the column is where that line's text begins, or its tab is.
func (d *Decoder) syntax(data []byte, err error) {
	pos := diag.Pos{File: d.file, Line: 1, Column: 1}
	if errors.Is(err, io.EOF) {
		d.errs.Addf(pos, "the file is empty")
		return
	}
	message := strings.TrimPrefix(err.Error(), "yaml: ")
	if m := lineOf.FindStringSubmatch(message); m != nil {
		pos.Line, _ = strconv.Atoi(m[1])
		message = m[2]
		if parserSays.MatchString(message) {
			pos.Line++
		}
	}
	if at := unplaced(data, message); at >= 0 {
		before := string(data[:at])
		pos.Line = 1 + strings.Count(before, "\n")
		pos.Column = at - strings.LastIndexByte(before, '\n')
		d.errs.Addf(pos, "%s", message)
		return
	}
	lines := strings.Split(string(data), "\n")
	for _, line := range []int{pos.Line, pos.Line + 1, pos.Line - 1} {
		if line < 1 || line > len(lines) {
			continue
		}
		text := lines[line-1]
		indent := text[:len(text)-len(strings.TrimLeft(text, " \t"))]
		if line == pos.Line {
			pos.Column = len(indent) + 1
		}
		if tab := strings.IndexByte(indent, '\t'); tab >= 0 {
			pos.Line, pos.Column = line, tab+1
			message = "a tab cannot indent: use spaces"
			break
		}
	}
	d.errs.Addf(pos, "%s", message)
}

var unknownAnchor = regexp.MustCompile(`^unknown anchor '(.*)' referenced`)

// unplaced returns the offset of what the YAML reader complains about without a
// line: an invalid character, or an unknown alias. It is -1 for other messages.
func unplaced(data []byte, message string) int {
	if m := unknownAnchor.FindStringSubmatch(message); m != nil {
		return bytes.Index(data, []byte("*"+m[1]))
	}
	for at := 0; at < len(data); {
		r, size := utf8.DecodeRune(data[at:])
		if r == utf8.RuneError && size == 1 || unicode.IsControl(r) && !strings.ContainsRune("\t\n\r\u0085", r) {
			return at
		}
		at += size
	}
	return -1
}

// Pos returns where node is.
func (d *Decoder) Pos(node *yaml.Node) diag.Pos {
	return diag.Pos{File: d.file, Line: node.Line, Column: node.Column}
}

// Errorf reports an error at node.
func (d *Decoder) Errorf(node *yaml.Node, format string, args ...any) {
	d.errs.Addf(d.Pos(node), format, args...)
}

// Into reads node into what target points to.
func (d *Decoder) Into(node *yaml.Node, target any) {
	switch target := target.(type) {
	case Value:
		target.Decode(d, node)
		return
	case encoding.TextUnmarshaler:
		if d.text(node) {
			if err := target.UnmarshalText([]byte(node.Value)); err != nil {
				d.Errorf(node, "%s", err)
			}
		}
		return
	}
	v := reflect.ValueOf(target).Elem()
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		d.Into(node, v.Interface())
	case reflect.String:
		if d.text(node) && (v.Type() == reflect.TypeFor[Raw]() || d.printable(node)) {
			v.SetString(node.Value)
		}
	case reflect.Bool:
		b, err := strconv.ParseBool(node.Value)
		if node.Kind != yaml.ScalarNode || node.Tag != "!!bool" || err != nil {
			d.Errorf(node, "want true or false, have %s", shape(node))
			return
		}
		v.SetBool(b)
	case reflect.Int:
		n, whole := integer(node)
		if !whole {
			d.Errorf(node, "want an integer, have %s", shape(node))
			return
		}
		v.SetInt(n)
	case reflect.Slice:
		d.slice(node, v)
	case reflect.Struct:
		d.structure(node, v)
	default:
		panic("decode: no rule for " + v.Type().String())
	}
}

// MaxInteger is the greatest integer that a value can be, JavaScript's; the least
// is its negative.
const MaxInteger = 1<<53 - 1

// integer returns the value of node if it is a whole number, be it written 6e4 or
// 0xEA60.
func integer(node *yaml.Node) (n int64, whole bool) {
	switch {
	case node.Tag != "!!int" && node.Tag != "!!float":
		return 0, false
	case strings.HasPrefix(node.Value, "0x") || strings.HasPrefix(node.Value, "0o"):
		n, err := strconv.ParseInt(node.Value, 0, 64)
		return n, err == nil && n <= MaxInteger
	}
	f, err := strconv.ParseFloat(node.Value, 64)
	return int64(f), err == nil && f == math.Trunc(f) && math.Abs(f) <= MaxInteger
}

// text reports whether node is a string with something in it, and if not says so.
func (d *Decoder) text(node *yaml.Node) bool {
	if !d.Scalar(node) {
		return false
	}
	if node.Tag != "!!str" || node.Value == "" {
		d.Errorf(node, "want a string, have %s", shape(node))
		return false
	}
	return true
}

// Raw is a string that may have control characters, as what goes over a wire has.
type Raw string

// printable reports whether node has no control characters, and if not says so. A
// folded text may have several paragraphs, each a line.
func (d *Decoder) printable(node *yaml.Node) bool {
	control := func(r rune) bool { return unicode.IsControl(r) && (r != '\n' || node.Style&yaml.FoldedStyle == 0) }
	if at := strings.IndexFunc(node.Value, control); at >= 0 {
		r, _ := utf8.DecodeRuneInString(node.Value[at:])
		d.Errorf(node, "the text has the control character %U", r)
		return false
	}
	return true
}

// slice reads a sequence; a single scalar stands for a sequence of one. An empty one
// says nothing that the missing key does not say.
func (d *Decoder) slice(node *yaml.Node, v reflect.Value) {
	items := node.Content
	switch {
	case node.Kind == yaml.ScalarNode && node.Tag != "!!null":
		items = []*yaml.Node{node}
	case node.Kind != yaml.SequenceNode:
		d.Errorf(node, "want a list, have %s", shape(node))
		return
	case len(items) == 0:
		d.Errorf(node, "the list is empty: leave out the key")
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), len(items), len(items)))
	for i, item := range items {
		d.Into(item, v.Index(i).Addr().Interface())
	}
}

type field struct {
	value    reflect.Value
	required bool
}

func (d *Decoder) structure(node *yaml.Node, v reflect.Value) {
	fields := map[string]field{}
	collect(v, fields)
	seen := map[string]bool{}
	d.Mapping(node, func(key, value *yaml.Node) {
		f, ok := fields[key.Value]
		if !ok {
			d.Errorf(key, "unknown key %q: known here are %s", key.Value, known(fields))
			return
		}
		seen[key.Value] = true
		d.Into(value, f.value.Addr().Interface())
	})
	if node.Kind != yaml.MappingNode {
		return
	}
	for name, f := range fields {
		if f.required && !seen[name] {
			d.Errorf(node, "missing key %q", name)
		}
	}
	if at, ok := v.Addr().Interface().(interface{ SetPos(diag.Pos) }); ok {
		at.SetPos(d.Pos(node))
	}
}

func collect(v reflect.Value, into map[string]field) {
	for i := range v.NumField() {
		info := v.Type().Field(i)
		tag, tagged := info.Tag.Lookup("spec")
		switch {
		case tagged:
			name, option, _ := strings.Cut(tag, ",")
			into[name] = field{v.Field(i), option == "required"}
		case info.Anonymous && info.Type.Kind() == reflect.Struct:
			collect(v.Field(i), into)
		}
	}
}

func known(fields map[string]field) string {
	names := make([]string, 0, len(fields))
	for name := range fields {
		names = append(names, name)
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

// Mapping calls each for every pair of a mapping, in the file's order, and
// reports a repeated key.
func (d *Decoder) Mapping(node *yaml.Node, each func(key, value *yaml.Node)) {
	if node.Kind != yaml.MappingNode {
		d.Errorf(node, "want a mapping, have %s", shape(node))
		return
	}
	first := map[string]*yaml.Node{}
	for i := 0; i < len(node.Content); i += 2 {
		key, value := node.Content[i], node.Content[i+1]
		if !d.Scalar(key) {
			continue
		}
		if key.Value == "" {
			d.Errorf(key, "the key is empty")
			continue
		}
		if !d.printable(key) {
			continue
		}
		if before := first[key.Value]; before != nil {
			d.Errorf(key, "%q is here twice: the first is in line %d", key.Value, before.Line)
			continue
		}
		first[key.Value] = key
		each(key, value)
	}
}

// Scalar reports whether node is a scalar with a value, and if not says so.
func (d *Decoder) Scalar(node *yaml.Node) bool {
	if node.Kind == yaml.ScalarNode && node.Tag != "!!null" {
		return true
	}
	d.Errorf(node, "want one value, have %s", shape(node))
	return false
}

// shape names what node is, for messages.
func shape(node *yaml.Node) string {
	switch node.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	}
	switch {
	case node.Tag == "!!null":
		return "nothing"
	case node.Tag == "!!str" && node.Value == "":
		return "an empty one"
	case node.Tag == "!!str":
		return "the string " + strconv.Quote(node.Value)
	}
	return node.Value
}
