package emit

import (
	"strings"

	"github.com/dave/jennifer/jen"

	"nodehttp/gen/internal/model"
	"nodehttp/gen/internal/surface"
	"nodehttp/gen/internal/version"
)

// width is where comment lines break, without the slashes.
const width = 77

// comment renders paragraphs as a Go doc comment.
func comment(paragraphs ...string) *jen.Statement {
	s := jen.Null()
	first := true
	for _, p := range paragraphs {
		if p == "" {
			continue
		}
		if !first {
			s.Comment("//").Line()
		}
		first = false
		for _, line := range wrap(p, width) {
			s.Comment("// " + line).Line()
		}
	}
	return s
}

// wrap breaks text at spaces into lines of at most limit bytes, where a word
// allows it.
func wrap(text string, limit int) []string {
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(text) {
		switch {
		case line == "":
			line = word
		case len(line)+1+len(word) <= limit:
			line += " " + word
		default:
			lines = append(lines, line)
			line = word
		}
	}
	return append(lines, line)
}

// sentence begins the model's text with a Go name: "Stops it." becomes "Close
// stops it."
func sentence(name, doc string) string { return name + " " + surface.LowerFirst(doc) }

// facts tells a member's versions: since when it is there, and whether it is
// deprecated in v.
func facts(l *model.Life, v version.Version, instead func(string) string) []string {
	var paragraphs []string
	switch {
	case l.GoOnly:
		paragraphs = append(paragraphs, "It has no counterpart in Node.")
	case len(l.Since) > 0:
		paragraphs = append(paragraphs, "Since "+l.Since.Set().String()+".")
	}
	if l.DeprecatedAt(v) {
		text := "Deprecated: since " + l.Deprecated.Set().String() + "."
		if l.Instead.Given() {
			text = "Deprecated: Use " + instead(l.Instead.Value) + " instead. Since " + l.Deprecated.Set().String() + "."
		}
		paragraphs = append(paragraphs, text)
	}
	return paragraphs
}

// defaultText tells what a member is unless it is set.
func defaultText(value *model.Scalar, t *model.Type, zero string) string {
	var parts []string
	if value != nil {
		text := value.Text()
		if t.Is("milliseconds") && value.Kind == model.Integer && value.Int != 0 {
			text = milliseconds(value.Int)
		}
		if value.Kind == model.Infinity {
			text = "no limit"
		}
		parts = append(parts, "The default is "+text+".")
	}
	if zero != "" {
		parts = append(parts, "0 means "+zero+".")
	}
	return strings.Join(parts, " ")
}
