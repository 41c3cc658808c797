package site

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"nodehttp/gen/internal/listing"
	"nodehttp/gen/internal/model"
	"nodehttp/gen/internal/resolve"
	"nodehttp/gen/internal/version"
)

// span is a piece of text: prose, or code, with what it points to, if anything.
type span struct {
	Text, Link string
	Code       bool
}

// names are what a text may name, and the pages of that.
type names map[string]string

// word is what may be a name of JavaScript: a code in prose, res.writeHead(),
// maxSockets.
var word = regexp.MustCompile("`[^`]*`|[A-Za-z_$][A-Za-z0-9_$]*(?:\\.[A-Za-z_$][A-Za-z0-9_$]*)*(?:\\(\\))?")

// prose splits a text of the model. What stands in backquotes is code; so is a word
// that is written as only names are, and one that the model knows by its full name.
func (n names) prose(text, owner string) []span {
	var spans []span
	plain := 0
	for _, at := range word.FindAllStringIndex(text, -1) {
		found := text[at[0]:at[1]]
		bare := strings.TrimSuffix(strings.Trim(found, "`"), "()")
		link := n[owner+"."+bare]
		if link == "" {
			link = n[bare]
		}
		quoted := strings.HasPrefix(found, "`")
		if !quoted && !(link != "" && isCode(found)) {
			continue
		}
		if plain < at[0] {
			spans = append(spans, span{Text: text[plain:at[0]]})
		}
		spans = append(spans, span{Text: strings.Trim(found, "`"), Code: true, Link: link})
		plain = at[1]
	}
	if plain < len(text) {
		spans = append(spans, span{Text: text[plain:]})
	}
	return spans
}

// isCode reports whether a word of prose can only be a name: it has a capital, a dot
// or parentheses behind its beginning.
func isCode(word string) bool {
	return strings.ContainsAny(word[1:], ".(") || strings.ToLower(word[1:]) != word[1:] && strings.ToUpper(word) != word
}

// signature is a declaration: what stands before the name, the name, what stands behind.
type signature struct{ Before, Name, After string }

// inNode writes a member as a program in JavaScript uses it, with types as in
// TypeScript.
func inNode(s *subject, e *listing.Entry) signature {
	params := make([]string, len(e.Params))
	for i, p := range e.Params {
		params[i] = p.Name
		if p.Optional {
			params[i] += "?"
		}
		params[i] += ": " + p.Type
	}
	list := "(" + strings.Join(params, ", ") + ")"
	instance := s.Owner
	if s.group.Instance != "" {
		instance = s.group.Instance
	}
	switch e.Kind {
	case resolve.KindClass:
		sig := signature{"class ", e.Name, ""}
		if e.Extends != "" {
			sig.After = " extends " + e.Extends
		}
		return sig
	case resolve.KindConstructor:
		return signature{"new http.", e.Name, list}
	case resolve.KindEvent:
		return signature{instance + ".on('", e.Name, "', " + list + " => …)"}
	case resolve.KindMethod, resolve.KindFunction:
		if e.Returns != "" {
			list += ": " + e.Returns
		}
		if e.Kind == resolve.KindFunction {
			instance = s.Owner
		}
		return member(instance, e.Name, list)
	case resolve.KindOption:
		return signature{"{ ", e.Name, "?: " + e.Type + " }"}
	}
	sig := member(instance, e.Name, ": "+e.Type)
	if e.Kind == resolve.KindProperty && !e.Writable {
		sig.Before = "readonly " + sig.Before
	}
	return sig
}

// member is a member of an object; a symbol stands in brackets.
func member(object, name, after string) signature {
	if strings.HasPrefix(name, "Symbol.") {
		return signature{object + "[", name, "]" + after}
	}
	return signature{object + ".", name, after}
}

// inGo writes a Go form of a member.
func inGo(f listing.Form) signature {
	receiver, name, method := strings.Cut(f.Symbol, ".")
	if !method {
		name = receiver
	}
	after := strings.TrimPrefix(f.Text, name)
	switch {
	case !strings.HasPrefix(after, "("): // a field
		return signature{receiver + "{ ", name, after + " }"}
	case method:
		return signature{"func (*" + receiver + ") ", name, after}
	}
	return signature{"func ", name, after}
}

// exact is a default as JavaScript writes it.
func exact(v *listing.Value) string {
	if v == nil || v.Scalar == nil {
		return ""
	}
	return v.Text()
}

// brief is a default in as few letters as possible.
func brief(v *listing.Value, typ string) string {
	if v == nil || v.Scalar == nil {
		return ""
	}
	switch v.Kind {
	case model.Infinity:
		return "∞"
	case model.Integer:
		if typ == "milliseconds" {
			return duration(v.Int)
		}
		if v.Int >= 1024 && v.Int%1024 == 0 {
			return strconv.Itoa(v.Int/1024) + " Ki"
		}
	case model.String:
		return v.String
	}
	return v.Text()
}

// duration writes milliseconds in the unit in which they are round.
func duration(ms int) string {
	d := time.Duration(ms) * time.Millisecond
	switch {
	case ms == 0:
		return "0"
	case d%time.Hour == 0:
		return fmt.Sprintf("%d h", d/time.Hour)
	case d%time.Minute == 0:
		return fmt.Sprintf("%d min", d/time.Minute)
	case d%time.Second == 0:
		return fmt.Sprintf("%d s", d/time.Second)
	}
	return fmt.Sprintf("%d ms", ms)
}

// mark says how the model knows that a version has something.
type mark struct{ Class, Text string }

// markOf is the one place that knows the provenances.
func markOf(p listing.Provenance, since []string) mark {
	if (p == listing.Derived || p == listing.Live) && slices.ContainsFunc(datesOf(since), func(d date) bool { return d.How == "guess" }) {
		return mark{"guessed", "guessed: no document and no release that was asked tells since when it is there"}
	}
	switch p {
	case listing.Documented:
		return mark{"documented", "documented"}
	case listing.Derived:
		return mark{"derived", "derived: other documents show it, and its dates include this version"}
	case listing.Inherited:
		return mark{"inherited", "from another module of Node"}
	case listing.Live:
		return mark{"live", "in no document, but in releases of Node"}
	case listing.GoOnly:
		return mark{"go", "only in Go"}
	}
	return mark{"other", string(p)}
}

// date is a release in which something changed, and how that is known where no
// document of the module tells it.
type date struct{ Release, How, Text string }

// datesOf reads releases as the model writes them: v6.0.0, or v6.0.0 guess.
func datesOf(list []string) []date {
	dates := make([]date, len(list))
	for i, text := range list {
		release, how, _ := strings.Cut(text, " ")
		dates[i] = date{release, how, how}
		switch how {
		case "guess":
			dates[i].Text = "a guess: no document and no release that was asked tells it"
		case "live":
			dates[i].Text = "found by asking real releases"
		case "elsewhere":
			dates[i].Text = "told by another document of Node"
		}
	}
	return dates
}

// setOf are the releases without how they are known.
func setOf(list []string) version.Set {
	set := make(version.Set, len(list))
	for i, d := range datesOf(list) {
		set[i], _ = version.Parse(d.Release) // listing or diff has written it
	}
	return set
}

// plural is a number with its noun.
func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}

// firstSentence is what a list shows of a text.
func firstSentence(text string) string {
	for i := 0; i+1 < len(text); i++ {
		if text[i] == '.' && text[i+1] == ' ' {
			return text[:i+1]
		}
	}
	return text
}
