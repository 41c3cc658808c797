package emit

import (
	"go/ast"
	"slices"
	"strings"

	"github.com/dave/jennifer/jen"

	"nodehttp/gen/internal/goform"
	"nodehttp/gen/internal/model"
	"nodehttp/gen/internal/resolve"
	"nodehttp/gen/internal/surface"
	"nodehttp/gen/internal/version"
)

// width is where comment lines break, without the slashes.
const width = 77

// listItem begins each line of a paragraph that is a list.
const listItem = "  - "

// comment renders texts as a Go doc comment, which the code that is added to it
// follows. Each text has one or more paragraphs, as prose has it, or is a list.
func comment(texts ...string) *jen.Statement {
	s := jen.Null()
	first := true
	for _, text := range texts {
		for _, p := range paragraphs(text) {
			if !first {
				s.Comment("//").Line()
			}
			first = false
			for _, line := range paragraphLines(p) {
				s.Comment("// " + line).Line()
			}
		}
	}
	return s
}

// paragraphs splits a text of the model, where each line is a paragraph.
func paragraphs(text string) []string {
	switch {
	case text == "":
		return nil
	case strings.HasPrefix(text, listItem):
		return []string{text}
	}
	return strings.Split(text, "\n")
}

// paragraphLines breaks a paragraph into lines. Those of a list are indented as gofmt has
// it.
func paragraphLines(text string) (lines []string) {
	if !strings.HasPrefix(text, listItem) {
		return wrap(text, width)
	}
	for item := range strings.SplitSeq(text, "\n") {
		for i, line := range wrap(strings.TrimPrefix(item, listItem), width-len(listItem)) {
			if i == 0 {
				lines = append(lines, listItem+line)
			} else {
				lines = append(lines, strings.Repeat(" ", len(listItem))+line)
			}
		}
	}
	return lines
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

// describe is sentence for a text that may say what the thing is instead of what
// it does: "A server." becomes "Server is a server."
func describe(name, doc string) string {
	switch first, _, _ := strings.Cut(doc, " "); first {
	case "A", "An", "The", "What", "How", "Where", "Which":
		return sentence(name+" is", doc)
	case "Whether":
		return sentence(name+" says", doc)
	}
	return sentence(name, doc)
}

// listens reports whether a form of an event takes a listener.
func listens(form surface.Form) bool {
	params := goform.Params(form.Func)
	if len(params) != 1 {
		return false
	}
	_, is := params[0].Type.(*ast.FuncType)
	return is
}

// memberDoc is the doc comment of one form of a member.
func (p *pkg) memberDoc(m resolve.Member, form surface.Form) *jen.Statement {
	doc := m.Doc.Value
	if form.Doc != "" {
		doc = form.Doc
	}
	text := sentence(form.Name, doc)
	switch {
	case m.Kind == resolve.KindEvent && form.Once:
		text = form.Name + " is " + strings.Replace(form.Name, "Once", "On", 1) + " for one event only: f is taken off before it is called."
	case m.Kind == resolve.KindEvent && listens(form):
		text = sentence(form.Name+" calls f on '"+m.Name+"':", doc)
		if m.Once {
			text += " The event fires at most once; a listener that is added later is called too."
		}
	case m.Kind == resolve.KindProperty && form.Setter:
		text = setterDoc(m, form)
	case m.Kind == resolve.KindProperty && form.Doc == "" && form.Call == nil:
		text = getterDoc(form.Name, doc)
	}
	if m.Kind == resolve.KindProperty && !form.Setter {
		if more := defaultText(m.Default, m.Type, m.Zero); more != "" {
			text += " " + more
		}
	}
	return comment(slices.Concat([]string{text}, p.errorsDoc(m, form), facts(lifeOf(m, form), p.api.Version, goName))...)
}

// lifeOf is the life of a member as far as form has shown it.
func lifeOf(m resolve.Member, form surface.Form) *model.Life {
	life := m.Life
	if form.Since != nil {
		life.Since = form.Since
	}
	return &life
}

// getterDoc says what a property holds, unless its text says what it does.
func getterDoc(name, doc string) string {
	switch first, _, _ := strings.Cut(doc, " "); first {
	case "Returns", "Reports":
		return sentence(name, doc)
	case "Whether":
		return sentence(name+" reports", doc)
	}
	return sentence(name+" returns", doc)
}

func setterDoc(m resolve.Member, form surface.Form) string {
	first, _, _ := strings.Cut(m.Doc.Value, ". ")
	text := sentence(form.Name+" sets", strings.TrimSuffix(first, ".")) + "."
	if m.Zero != "" {
		text += " 0 means " + m.Zero + "."
	}
	return text
}

// errorsDoc says which errors a form returns, and when: several as a list.
func (p *pkg) errorsDoc(m resolve.Member, form surface.Form) []string {
	results := goform.Results(form.Func)
	if len(m.Throws) == 0 || len(results) == 0 || !isError(results[len(results)-1]) {
		return nil
	}
	list := make([]string, len(m.Throws))
	for i, t := range m.Throws {
		name := "an error with code " + t.Code.Value
		if sentinel := p.api.Spec.Errors.Get(t.Code.Value).Sentinel.Value; sentinel != "" {
			name = sentinel
		}
		list[i] = name + " if " + t.When.Value
	}
	if len(list) == 1 {
		return []string{"It fails with " + list[0] + "."}
	}
	return []string{"It fails with:", listItem + strings.Join(list, "\n"+listItem)}
}

// fieldDoc is the doc comment of a field of an options struct.
func (p *pkg) fieldDoc(m resolve.Member, form surface.Form) *jen.Statement {
	text := describe(form.Name, m.Doc.Value)
	if form.Doc != "" {
		text = sentence(form.Name, form.Doc)
	}
	zero := m.Zero
	if _, pointer := form.Type.(*ast.StarExpr); !pointer && m.Default != nil && !m.Default.IsZero() {
		zero = "" // it is the default
	}
	if more := defaultText(m.Default, m.Type, zero); more != "" {
		text += " " + more
	}
	return comment(append([]string{text}, facts(lifeOf(m, form), p.api.Version, goName)...)...)
}

// facts says since which release a thing exists, and whether it is deprecated in v.
func facts(l *model.Life, v version.Version, instead func(string) string) []string {
	var texts []string
	switch {
	case l.GoOnly:
		texts = append(texts, "It has no counterpart in Node.")
	case len(l.Since) > 0:
		texts = append(texts, "Since Node "+releases(l.Since.Set())+".")
	}
	if l.DeprecatedAt(v) {
		text := "Deprecated: by Node in " + releases(l.Deprecated.Set()) + "."
		if l.Instead.Given() {
			text = "Deprecated: use " + instead(l.Instead.Value) + ". Node deprecated it in " + releases(l.Deprecated.Set()) + "."
		}
		texts = append(texts, text)
	}
	return texts
}

// releases lists the releases of a change and its backports as a sentence does:
// "v18.3.0 and v16.17.0".
func releases(set version.Set) string {
	last := len(set) - 1
	if last == 0 {
		return set[0].String()
	}
	return set[:last].String() + " and " + set[last].String()
}

// goName is the Go name of what replaces a deprecated member: another one of the
// class, or one of its events, which is written "'close' event".
func goName(instead string) string {
	if event, ok := strings.CutSuffix(instead, "' event"); ok {
		return "On" + surface.Name(strings.TrimPrefix(event, "'"))
	}
	return surface.Name(instead)
}

// defaultText says what the default of a member is.
func defaultText(value *model.Scalar, t *model.Type, zero string) string {
	var parts []string
	if value != nil {
		text := value.Text()
		switch {
		case value.Kind == model.Infinity || value.IsZero() && zero != "":
			text = zero
		case t.Is("milliseconds") && value.Int != 0:
			text = milliseconds(value.Int)
		}
		parts = append(parts, "The default is "+text+".")
	}
	if zero != "" && (value == nil || !value.IsZero()) {
		parts = append(parts, "0 means "+zero+".")
	}
	return strings.Join(parts, " ")
}
