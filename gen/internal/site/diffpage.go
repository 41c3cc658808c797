package site

import (
	"bytes"
	"html/template"
	"maps"
	"slices"
	"strings"

	"nodehttp/gen/internal/diff"
)

// told is a change as the pages tell it.
type told struct {
	diff.Change
	Link string
	// Doc is the text, split.
	Doc []span
	// Left and Right are what stood and stands there, if both are known.
	Left, Right string
	// Alone is what there is to show of one side.
	Alone string
	// Label says what Left and Right are.
	Label string
	In    []date
}

// tell prepares a change; links are the pages of members, nil without any.
func tell(c diff.Change, n names, link string) told {
	t := told{Change: c, Link: link, Doc: n.prose(c.Text, ""), In: datesOf(c.In)}
	switch {
	case c.Kind == "renamed":
		t.Alone = ""
	case c.Old != "" && c.New != "":
		t.Left, t.Right = c.Old, c.New
		if c.What != "behaviour" {
			t.Label = c.What
		}
	case c.Default != "":
		t.Label, t.Alone = "default", c.Default
	case c.Old+c.New != "":
		t.Alone = c.Old + c.New
	default:
		t.Label = c.What
	}
	return t
}

// link finds the page of what a change is of.
func (s *site) link(group string, c diff.Change) string {
	name := c.Name
	if c.Kind == "renamed" {
		name = c.New
	}
	switch c.Of {
	case "behaviour":
		return "behaviour.html#" + anchor("behaviour-"+name)
	case "status":
		return "behaviour.html#statuses"
	case "method":
		if group == "request methods" {
			return "behaviour.html#methods"
		}
	case "header":
		return "behaviour.html#headers"
	case "options":
		return pagePath("options", "", strings.TrimPrefix(group, "options of "))
	}
	for _, g := range s.Groups {
		if c.Of == "class" && g.Class != nil && g.Title == name {
			return g.Path
		}
	}
	owner := strings.TrimPrefix(group, "options of ")
	for _, exact := range []bool{true, false} {
		for _, g := range s.Groups {
			for _, m := range g.Members {
				if string(m.Kind) == c.Of && m.Name == name && (m.Owner == owner || !exact && s.logical(m.Owner) == owner) {
					return m.Path
				}
			}
		}
	}
	return ""
}

// logical is the name of today of a class.
func (s *site) logical(class string) string {
	for _, c := range s.spec.Classes {
		if c.Name.Value == class && c.OlderNameOf.Given() {
			return c.OlderNameOf.Value
		}
	}
	return class
}

// comparison is the page on which two releases are chosen.
type comparison struct {
	Lines    []releaseLine
	From, To string
	Example  []toldGroup
}

// releaseLine is the releases of one line: one major version, or one 0.minor.
type releaseLine struct {
	Name     string
	Releases []string
}

// lines lists the releases, the newest first.
func (s *site) lines() []releaseLine {
	var lines []releaseLine
	for i := len(s.timeline.releases) - 1; i >= 0; i-- {
		v := s.timeline.releases[i]
		name, _, _ := strings.Cut(v.String(), ".")
		if v.Major == 0 {
			name = strings.Join(strings.Split(v.String(), ".")[:2], ".")
		}
		if len(lines) == 0 || lines[len(lines)-1].Name != name {
			lines = append(lines, releaseLine{Name: name})
		}
		last := &lines[len(lines)-1]
		last.Releases = append(last.Releases, v.String())
	}
	return lines
}

// data is what the page knows: the texts of all changes, and which of them are told
// when two releases are compared.
type data struct {
	// Releases are all releases, and States the state of each.
	Releases []string `json:"releases"`
	States   []int    `json:"states"`
	// Documents are the releases that documents describe, by what they are called.
	Documents map[string]string `json:"documents"`
	Groups    []string          `json:"groups"`
	// Changes are texts in HTML, with the order in their groups: kinds, then names.
	Changes []changeData `json:"changes"`
	Slots   []slotData   `json:"slots"`
}

type changeData struct {
	Kind int    `json:"k"`
	Of   string `json:"o"`
	Name string `json:"n"`
	Go   bool   `json:"g,omitempty"` // whether it breaks a caller in Go
	HTML string `json:"h"`
}

type slotData struct {
	Group int `json:"g"`
	// Class has where each run of states of one class begins.
	Class []int `json:"c"`
	// Told has for two classes, a*len(Class)+b, which changes are told.
	Told map[int][]int `json:"t"`
}

// differences makes the page of comparisons and its data.
func (s *site) differences(templates *template.Template) (*comparison, []byte, error) {
	c := newComparisons(s.apis)
	stories := c.stories()
	d := data{States: s.timeline.of, Documents: map[string]string{}, Groups: c.groups}
	for _, v := range s.timeline.releases {
		d.Releases = append(d.Releases, v.String())
	}
	for _, v := range s.Versions {
		d.Documents[v.Name] = v.Node.String()
	}
	known := map[string]int{}
	for _, st := range stories {
		slot := slotData{Group: slices.Index(c.groups, st.group), Told: map[int][]int{}}
		for i, class := range st.class {
			if i == 0 || class != st.class[i-1] {
				slot.Class = append(slot.Class, i)
			}
		}
		pairs := slices.SortedFunc(maps.Keys(st.told), func(a, b [2]int) int { return slices.Compare(a[:], b[:]) })
		for _, pair := range pairs {
			var list []int
			for _, change := range st.told[pair] {
				var b bytes.Buffer
				if err := templates.ExecuteTemplate(&b, "change", tell(change, s.names, s.link(st.group, change))); err != nil {
					return nil, nil, err
				}
				text := strings.TrimSpace(b.String())
				index, ok := known[text]
				if !ok {
					index = len(d.Changes)
					known[text] = index
					d.Changes = append(d.Changes, changeData{slices.Index(diff.Kinds, change.Kind), change.Of, change.Name, len(change.Go) > 0, text})
				}
				list = append(list, index)
			}
			slot.Told[pair[0]*len(slot.Class)+pair[1]] = list
		}
		d.Slots = append(d.Slots, slot)
	}
	text, err := script("DATA", d)
	if err != nil {
		return nil, nil, err
	}
	page := &comparison{Lines: s.lines()}
	if n := len(s.Versions); n > 1 {
		page.From, page.To = s.Versions[n-2].Node.String(), s.Versions[n-1].Node.String()
	}
	return page, text, nil
}
