// Package headings reads what a document of Node in Markdown shows, and writes it as
// an entry of spec/headings.yaml. It knows how Node's documents are set, and nothing
// of the model.
package headings

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
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

// Of returns the entry of the document named name.
func Of(name, markdown string) string {
	shown, options := index{{owner: "http"}}, index{}
	var in, taker string // the class being read, and what takes the options being read
	listed, code := false, false
	for line := range strings.Lines(markdown) {
		line = strings.TrimRight(line, "\n\r")
		if strings.HasPrefix(line, "```") {
			code = !code
		}
		if code {
			continue
		}
		if found := heading.FindStringSubmatch(line); found != nil {
			text := strings.NewReplacer("`", "", `\`, "").Replace(found[1])
			taker, listed = "", false
			switch {
			case class.MatchString(text):
				in = class.FindStringSubmatch(text)[1]
				shown.add("http", in)
			case event.MatchString(text):
				shown.add(in, `"'`+event.FindStringSubmatch(text)[1]+`'"`)
			case maker.MatchString(text):
				taker = maker.FindStringSubmatch(text)[1]
				shown.add(taker, "new")
			case symbol.MatchString(text):
				shown.add(in, symbol.FindStringSubmatch(text)[1])
			case member.MatchString(text):
				found := member.FindStringSubmatch(text)
				if found[1] == "http" {
					taker = "http." + found[2]
					shown.add("http", found[2])
				} else {
					taker = in + "." + found[2]
					shown.add(in, found[2])
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
	shown.write(&b)
	if len(options) > 0 {
		b.WriteString("  options:\n")
		options.write(&b)
	}
	return b.String()
}

// write writes the lists, in lines of at most 120 characters.
func (x index) write(b *strings.Builder) {
	for _, s := range x {
		line := "    " + s.owner + ": ["
		for i, name := range s.names {
			text := name + ", "
			if i == len(s.names)-1 {
				text = name + "]"
			}
			if len(line)+len(text) > 119 {
				b.WriteString(strings.TrimRight(line, " ") + "\n")
				line = "      "
			}
			line += text
		}
		if len(s.names) == 0 {
			line += "]"
		}
		b.WriteString(line + "\n")
	}
}
