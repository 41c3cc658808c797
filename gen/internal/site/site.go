// Package site writes the model as pages to look at: every member in every version,
// a page for each, and what changed between any two releases. The pages are files of
// one folder that need no server and no network; what a page computes in a browser is
// which of the texts that stand here already it shows. It asks resolve, listing and
// diff what is so, and decides nothing about the model itself.
package site

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"slices"
	"strings"

	"nodehttp/gen/internal/diff"
	"nodehttp/gen/internal/listing"
	"nodehttp/gen/internal/model"
	"nodehttp/gen/internal/output"
	"nodehttp/gen/internal/resolve"
	"nodehttp/gen/internal/version"
)

//go:embed files
var files embed.FS

// begin is the first line of a page.
const begin = template.HTML("<!doctype html><!-- " + output.Mark + " from spec/; DO NOT EDIT. -->\n")

// Referee is what is known of the scenarios that real Nodes were asked to run.
type Referee struct {
	// Files is the folder tests/referee; nil has no scenarios.
	Files fs.FS
	// Uses is what `referee uses` prints: which members each scenario uses. Nil
	// leaves that out.
	Uses io.Reader
}

// shownVersion is a version that has a column: one that a document describes.
type shownVersion struct {
	Name string
	Node version.Version
	// Package is its Go package, if any.
	Package string
	Cut     bool
	entries []listing.Entry
}

// site is what all pages are made from.
type site struct {
	spec      *model.Spec
	timeline  *timeline
	Versions  []shownVersion
	Groups    []*group
	names     names
	scenarios []*scenario
	uses      uses
	apis      []*resolve.API
	files     map[string][]byte
}

// Files returns the pages of spec by their names.
func Files(spec *model.Spec, referee Referee) (map[string][]byte, error) {
	s := &site{spec: spec, timeline: timelineOf(spec), files: map[string][]byte{}}
	if referee.Files != nil {
		var err error
		if s.scenarios, err = readScenarios(referee.Files); err != nil {
			return nil, err
		}
	}
	if referee.Uses != nil {
		var err error
		if s.uses, err = readUses(referee.Uses); err != nil {
			return nil, err
		}
	}
	entries := make([][]listing.Entry, len(s.timeline.states))
	for i, st := range s.timeline.states {
		entries[i] = listing.Of(spec, st.at, true)
		s.apis = append(s.apis, resolve.At(spec, st.at))
	}
	for _, d := range spec.Documents {
		v := shownVersion{Name: d.Name, Node: d.Value.Node.Value, Package: d.Value.Package.Value, Cut: d.Value.Cut}
		v.entries = listing.Of(spec, v.Node, true)
		s.Versions = append(s.Versions, v)
	}
	s.Groups = subjects(spec, entries, s.timeline, s.Versions)
	s.names = s.namesOf()
	if err := s.write(); err != nil {
		return nil, err
	}
	return s.files, nil
}

// namesOf are the names that texts use: of a class its own, of a member that of its
// class in front, and of an instance what documents call it.
func (s *site) namesOf() names {
	n := names{}
	add := func(name, path string) {
		if _, taken := n[name]; !taken {
			n[name] = path
		}
	}
	for _, g := range s.Groups {
		if g.Kind == "class" {
			add(g.Title, g.Path)
		}
		for _, m := range g.Members {
			if m.Kind == resolve.KindConstructor {
				continue
			}
			add(m.Owner+"."+m.Name, m.Path)
			if g.Instance != "" {
				add(g.Instance+"."+m.Name, m.Path)
			}
		}
	}
	return n
}

// write makes all files.
func (s *site) write() error {
	templates, err := parse()
	if err != nil {
		return err
	}
	for _, name := range []string{"site.css", "site.js"} {
		text, err := files.ReadFile("files/" + name)
		if err != nil {
			return err
		}
		s.files[name] = slices.Concat([]byte("/* "+output.Mark+" from gen/internal/site; DO NOT EDIT. */\n"), text)
	}
	page := func(path, name, title, section string, content any) error {
		var b bytes.Buffer
		if _, twice := s.files[path]; twice {
			return fmt.Errorf("site: two pages are %s", path)
		}
		err := templates.ExecuteTemplate(&b, name, view{site: s, Begin: begin, Root: strings.Repeat("../", strings.Count(path, "/")), Title: title, Section: section, Page: content})
		s.files[path] = b.Bytes()
		return err
	}
	if err := page("index.html", "index", "Members", "members", s.matrix()); err != nil {
		return err
	}
	for _, g := range s.Groups {
		if err := page(g.Path, "group", g.Title, "members", s.groupPage(g)); err != nil {
			return err
		}
		for i, m := range g.Members {
			if err := page(m.Path, "member", m.Full(), "members", s.memberPage(g, i)); err != nil {
				return err
			}
		}
	}
	differences, data, err := s.differences(templates)
	if err != nil {
		return err
	}
	s.files["diff-data.js"] = data
	if err := page("diff.html", "diff", "Differences", "diff", differences); err != nil {
		return err
	}
	for _, p := range []struct {
		path, name, title string
		content           any
	}{
		{"behaviour.html", "behaviour", "Behaviour", s.behaviour()},
		{"errors.html", "errors", "Errors", s.errors()},
		{"deviations.html", "deviations", "Deviations", s.deviations()},
		{"scenarios.html", "scenarios", "Scenarios", s.folders()},
	} {
		if err := page(p.path, p.name, p.title, p.name, p.content); err != nil {
			return err
		}
	}
	for _, f := range s.folders() {
		if err := page(f.Path, "folder", f.Name, "scenarios", f); err != nil {
			return err
		}
	}
	return nil
}

// view is what the templates see.
type view struct {
	*site
	Begin         template.HTML
	Root          string
	Title         string
	Section       string
	Page          any
	Style, Script template.HTML // of a page that is alone
}

// parse reads the templates.
func parse() (*template.Template, error) {
	return template.New("").Funcs(template.FuncMap{
		"plural": plural,
		"join":   strings.Join,
		"id":     anchor,
		"last":   func(list []shownVersion) int { return len(list) - 1 },
		"in":     func(root string, it any) any { return within{root, it} },
		"dict": func(pairs ...any) map[string]any {
			m := map[string]any{}
			for i := 0; i+1 < len(pairs); i += 2 {
				m[pairs[i].(string)] = pairs[i+1]
			}
			return m
		},
	}).ParseFS(files, "files/*.html")
}

// within is a thing with the way from its page to the site's root.
type within struct {
	Root string
	It   any
}

// anchor is the name of a place on a page.
func anchor(name string) string {
	return strings.TrimSuffix(strings.TrimPrefix(pagePath("", "", name), "/"), ".html")
}

// Difference writes one page that needs nothing else and tells what report says.
func Difference(w io.Writer, report *diff.Report, breaking bool) error {
	templates, err := parse()
	if err != nil {
		return err
	}
	style, err := files.ReadFile("files/site.css")
	if err != nil {
		return err
	}
	page := view{Begin: begin, Title: report.From + " → " + report.To, Section: "diff", Style: template.HTML("<style>\n" + string(style) + "</style>")}
	one := &onePage{Report: report, Breaking: breaking}
	for _, g := range report.Groups {
		told := toldGroup{Name: g.Name}
		for _, c := range g.Changes {
			told.Changes = append(told.Changes, tell(c, nil, ""))
		}
		one.Groups = append(one.Groups, told)
	}
	page.Page = one
	return templates.ExecuteTemplate(w, "difference", page)
}

// onePage is a comparison that stands alone.
type onePage struct {
	*diff.Report
	Breaking bool
	Groups   []toldGroup
}

type toldGroup struct {
	Name    string
	Changes []told
}

// script writes a value as a statement of JavaScript.
func script(name string, value any) ([]byte, error) {
	text, err := json.Marshal(value) // which escapes what could end a script
	if err != nil {
		return nil, err
	}
	return []byte("/* " + output.Mark + " from spec/; DO NOT EDIT. */\nconst " + name + " = " + string(text) + ";\n"), nil
}
