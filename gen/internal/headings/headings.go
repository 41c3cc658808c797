// Package headings reads what a document of Node in Markdown shows and dates, and writes
// it as an entry of spec/headings.yaml. It knows how Node's documents are set, and
// nothing of the model.
package headings

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

var (
	heading = regexp.MustCompile(`^#{2,5} +(.*)$`)
	class   = regexp.MustCompile(`^Class: (?:http\.)?(\w+)`)
	event   = regexp.MustCompile(`^Event: '(\w+)'`)
	maker   = regexp.MustCompile(`^new (?:http\.)?(\w+)\(`)
	symbol  = regexp.MustCompile(`^\w+\[(Symbol\.\w+)\]`)
	member  = regexp.MustCompile(`^(\w+)\.(\w+)`)
	// An option is a line of a list within the line of the options object.
	option = regexp.MustCompile("^ +\\* `(\\w+)` \\{")
	taken  = regexp.MustCompile("^\\* `options` \\{")
)

// section is a list of names under an owner.
type section struct {
	owner string
	names []string
}

type index []section

func (x *index) add(owner, name string) {
	i := slices.IndexFunc(*x, func(s section) bool { return s.owner == owner })
	if i < 0 {
		i = len(*x)
		*x = append(*x, section{owner: owner})
	}
	if !slices.Contains((*x)[i].names, name) {
		(*x)[i].names = append((*x)[i].names, name)
	}
}

// life is what a heading says in YAML of the releases that concern it.
type life struct {
	Added, Deprecated, Removed releases
	Changes                    []struct{ Version releases }
}

// releases is a release or a list of them.
type releases []string

var release = regexp.MustCompile(`^v[0-9]+\.[0-9]+\.[0-9]+$`)

// UnmarshalYAML reads one or several; what is no release yet is passed over.
func (r *releases) UnmarshalYAML(node *yaml.Node) error {
	for _, n := range append(slices.Clone(node.Content), node) {
		if release.MatchString(n.Value) {
			*r = append(*r, n.Value)
		}
	}
	return nil
}

// dated returns the releases that the YAML of a heading names.
func dated(text string) (list []string) {
	var l life
	if yaml.Unmarshal([]byte(text), &l) != nil {
		return nil // which is no YAML of ours
	}
	for _, c := range l.Changes {
		list = append(list, c.Version...)
	}
	list = slices.Concat(list, l.Deprecated, l.Removed, l.Added)
	slices.Sort(list)
	return slices.Compact(list)
}

// Of returns the entry of the document named name.
func Of(name, markdown string) string {
	shown, options, dates := index{{owner: "http"}}, index{}, index{}
	var in, taker string   // the class being read, and what takes the options being read
	var owner, last string // of the heading being read
	var comment *strings.Builder
	listed, code := false, false
	show := func(of, name string) {
		owner, last = of, name
		shown.add(of, name)
	}
	for line := range strings.Lines(markdown) {
		line = strings.TrimRight(line, "\n\r")
		switch {
		case line == "<!-- YAML":
			comment = &strings.Builder{}
			continue
		case comment != nil && line == "-->":
			if list := dated(comment.String()); len(list) > 0 && last != "" {
				text := list[0]
				if len(list) > 1 {
					text = "[" + strings.Join(list, ", ") + "]"
				}
				dates.add(owner, last+": "+text)
			}
			comment, last = nil, ""
			continue
		case comment != nil:
			comment.WriteString(line + "\n")
			continue
		}
		if strings.HasPrefix(line, "```") {
			code = !code
		}
		if code {
			continue
		}
		if found := heading.FindStringSubmatch(line); found != nil {
			text := strings.NewReplacer("`", "", `\`, "").Replace(found[1])
			taker, last, listed = "", "", false
			switch {
			case class.MatchString(text):
				in = class.FindStringSubmatch(text)[1]
				show("http", in)
			case event.MatchString(text):
				show(in, `"'`+event.FindStringSubmatch(text)[1]+`'"`)
			case maker.MatchString(text):
				taker = maker.FindStringSubmatch(text)[1]
				show(taker, "new")
			case symbol.MatchString(text):
				show(in, symbol.FindStringSubmatch(text)[1])
			case member.MatchString(text):
				found := member.FindStringSubmatch(text)
				if found[1] == "http" {
					taker = "http." + found[2]
					show("http", found[2])
				} else {
					taker = in + "." + found[2]
					show(in, found[2])
				}
			}
			continue
		}
		if strings.HasPrefix(line, "* ") {
			listed = taken.MatchString(line)
		}
		if found := option.FindStringSubmatch(line); found != nil && listed && taker != "" {
			options.add(taker, found[1])
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s:\n  headings:\n", name)
	shown.write(&b, "[", "]")
	if len(options) > 0 {
		b.WriteString("  options:\n")
		options.write(&b, "[", "]")
	}
	if len(dates) > 0 {
		b.WriteString("  dates:\n")
		dates.write(&b, "{", "}")
	}
	return b.String()
}

// write writes the lists between brackets, in lines of at most 120 characters.
func (x index) write(b *strings.Builder, left, right string) {
	for _, s := range x {
		line := "    " + s.owner + ": " + left
		for i, name := range s.names {
			text := name + ", "
			if i == len(s.names)-1 {
				text = name + right
			}
			if len(line)+len(text) > 119 {
				b.WriteString(strings.TrimRight(line, " ") + "\n")
				line = "      "
			}
			line += text
		}
		if len(s.names) == 0 {
			line += right
		}
		b.WriteString(line + "\n")
	}
}
