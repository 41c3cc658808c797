// Package probe holds the model against what real Nodes say of themselves: their members,
// defaults, tables and behaviours, as tests/probe asks for them. What they said is
// recorded, so that the comparison needs none of them. The package runs nothing; the
// command does.
package probe

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"nodehttp/gen/internal/version"
)

// Unknown is the value of what a release could not be asked.
const Unknown = "?"

// Recording is what releases said: a value for each fact. It is written as one line for
// each fact, with the values that it has had and from which of the releases on.
type Recording struct {
	// Asked are the releases, the oldest first.
	Asked []version.Version
	facts map[string][]string // by name, a value for each of Asked
}

// Value returns what release v said of a fact.
func (r *Recording) Value(fact string, v version.Version) string {
	values := r.facts[fact]
	if i, asked := slices.BinarySearchFunc(r.Asked, v, version.Version.Compare); asked && values != nil {
		return values[i]
	}
	return Unknown
}

// Facts lists the names of what was asked.
func (r *Recording) Facts() []string { return slices.Sorted(maps.Keys(r.facts)) }

// New makes a recording of what said has for each release: of the facts in names, those
// of which at least one release knows something.
func New(said map[version.Version]map[string]string, names []string) *Recording {
	r := &Recording{facts: map[string][]string{}}
	r.Asked = slices.SortedFunc(maps.Keys(said), version.Version.Compare)
	for _, name := range names {
		values := make([]string, len(r.Asked))
		known := false
		for i, v := range r.Asked {
			value, told := said[v][name]
			switch {
			case told:
			case absentIsNo(name):
				value = "no"
			default:
				value = Unknown
			}
			values[i], known = value, known || told
		}
		if known {
			r.facts[name] = values
		}
	}
	return r
}

// absentIsNo reports whether a release that does not tell of a fact denies it: it was
// asked for all that it has.
func absentIsNo(name string) bool {
	switch {
	case strings.HasPrefix(name, "options.") || strings.HasPrefix(name, "behaviours."):
		return false
	case isEntry(name):
		return true
	}
	return !strings.Contains(name, " ")
}

const comment = `# What real Nodes said when make probe asked them: of each fact its value in the oldest of
# the releases, and each later one with the release that has it first. yes and no are
# true and false, or there and not there; ? is unknown. Do not edit.
`

// String writes the recording.
func (r *Recording) String() string {
	var b strings.Builder
	b.WriteString(comment)
	line := "asked:"
	for _, v := range r.Asked {
		text := " " + strings.TrimPrefix(v.String(), "v")
		if len(line)+len(text) > 118 {
			b.WriteString(line + "\n")
			line = "asked:"
		}
		line += text
	}
	b.WriteString(line + "\n")
	for _, name := range r.Facts() {
		b.WriteString(name + ": ")
		before := ""
		for i, value := range r.facts[name] {
			if value == before {
				continue
			}
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteString(written(value))
			if i > 0 {
				b.WriteString(" " + strings.TrimPrefix(r.Asked[i].String(), "v"))
			}
			before = value
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// written puts a text that has more than letters and digits in quotes.
func written(value string) string {
	if strings.ContainsAny(value, " ,\"'") || value == "" {
		return strconv.Quote(value)
	}
	return value
}

// Parse reads what String writes.
func Parse(text string) (*Recording, error) {
	r := &Recording{facts: map[string][]string{}}
	for number, line := range strings.Split(text, "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		name, rest, found := cutName(line)
		if !found {
			return nil, fmt.Errorf("line %d: want NAME: VALUE", number+1)
		}
		if name == "asked" {
			for _, field := range strings.Fields(rest) {
				v, err := version.Parse(field)
				if err != nil {
					return nil, fmt.Errorf("line %d: %w", number+1, err)
				}
				r.Asked = append(r.Asked, v)
			}
			continue
		}
		values, err := r.values(rest)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", number+1, err)
		}
		r.facts[name] = values
	}
	return r, nil
}

// cutName cuts a line behind the name of a fact.
func cutName(line string) (name, rest string, found bool) {
	i := strings.Index(line, ": ")
	if i < 0 {
		return "", "", false
	}
	return line[:i], line[i+2:], true
}

// values reads a value for each release from how a fact has changed.
func (r *Recording) values(text string) ([]string, error) {
	values := make([]string, len(r.Asked))
	for first := true; text != ""; first = false {
		value := text
		if text[0] == '"' {
			quoted, err := strconv.QuotedPrefix(text)
			if err != nil {
				return nil, fmt.Errorf("%q: %w", text, err)
			}
			value, _ = strconv.Unquote(quoted)
			text = text[len(quoted):]
		} else {
			end := strings.IndexAny(text, " ,")
			if end < 0 {
				end = len(text)
			}
			value, text = text[:end], text[end:]
		}
		at := 0
		if !first {
			field, rest, _ := strings.Cut(strings.TrimPrefix(text, " "), ",")
			v, err := version.Parse(field)
			if err != nil {
				return nil, err
			}
			i, asked := slices.BinarySearchFunc(r.Asked, v, version.Version.Compare)
			if !asked {
				return nil, fmt.Errorf("%s was not asked", v)
			}
			at, text = i, rest
		} else {
			text = strings.TrimPrefix(text, ",")
		}
		for i := at; i < len(values); i++ {
			values[i] = value
		}
		text = strings.TrimPrefix(text, " ")
	}
	return values, nil
}
