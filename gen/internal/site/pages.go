package site

import (
	"slices"
	"strings"

	"nodehttp/gen/internal/listing"
	"nodehttp/gen/internal/model"
	"nodehttp/gen/internal/resolve"
	"nodehttp/gen/internal/version"
)

// cell is a subject in one version.
type cell struct {
	There bool
	mark
	// Value is the default in few letters, and Exact as JavaScript writes it.
	Value, Exact string
	// New, Changed and Deprecated say what happened since the version before.
	New, Changed, Deprecated bool
	Version                  string
}

// row is a subject in all versions.
type row struct {
	*subject
	Cells []cell
	// Brief is the first sentence of its text.
	Brief []span
	// Words are what the filter looks at.
	Words string
}

// section is a group with its rows.
type section struct {
	*group
	Doc  []span
	Rows []row
	// Class is the row of the class itself.
	Class *row
}

// cells returns a subject's cells.
func (s *site) cells(m *subject) []cell {
	cells := make([]cell, len(s.Versions))
	for i, v := range s.Versions {
		cells[i].Version = v.Name
		e := m.entries[i]
		if e == nil {
			continue
		}
		c := &cells[i]
		c.There, c.mark = true, markOf(e.Provenance, e.Since)
		c.Value, c.Exact = brief(e.Default, e.Type), exact(e.Default)
		c.Deprecated = deprecated(e, v.Node)
		if i == 0 {
			continue
		}
		before := m.entries[i-1]
		c.New = before == nil
		c.Changed = before != nil && (inNode(m, before) != inNode(m, e) || exact(before.Default) != exact(e.Default) || s.happened(e.History, i))
	}
	return cells
}

// happened reports whether the history tells a change between the version before i
// and that one.
func (s *site) happened(history []listing.Change, i int) bool {
	return slices.ContainsFunc(history, func(c listing.Change) bool {
		set := setOf(c.In)
		return !set.Reached(s.Versions[i-1].Node) && set.Reached(s.Versions[i].Node)
	})
}

func deprecated(e *listing.Entry, v version.Version) bool { return setOf(e.Deprecated).Reached(v) }

func (s *site) row(m *subject) row {
	r := row{subject: m, Cells: s.cells(m), Brief: s.names.prose(firstSentence(m.Latest.Doc), m.Owner)}
	words := []string{m.Full(), m.Short(), string(m.Kind)}
	for _, f := range m.Latest.Go {
		words = append(words, f.Symbol)
	}
	note := func(is bool, word string) {
		if is && !slices.Contains(words, word) {
			words = append(words, word)
		}
	}
	there := false
	for i, c := range r.Cells {
		note(c.There, "in:"+c.Version)
		note(c.New && c.There, "new:"+c.Version)
		note(c.Changed, "changed:"+c.Version)
		note(!c.There && there && i > 0 && r.Cells[i-1].There, "gone:"+c.Version)
		note(c.Deprecated, "deprecated")
		note(c.There, c.mark.Class)
		there = there || c.There
	}
	note(m.Latest.Deviation != "" || m.Latest.NoGo != "", "deviation")
	note(m.Latest.NoGo != "", "no-go")
	dates := slices.Concat(m.Latest.Since, m.Latest.Until, m.Latest.Deprecated)
	for _, c := range m.Latest.History {
		dates = append(dates, c.In...)
	}
	for _, d := range datesOf(dates) {
		note(d.How != "", d.How)
	}
	r.Words = strings.ToLower(strings.Join(words, " "))
	return r
}

func (s *site) section(g *group) section {
	sec := section{group: g, Doc: s.names.prose(g.Doc, g.Title)}
	if g.Class != nil {
		r := s.row(g.Class)
		sec.Class = &r
	}
	for _, m := range g.Members {
		sec.Rows = append(sec.Rows, s.row(m))
	}
	return sec
}

// matrixPage is every member in every version.
type matrixPage struct {
	Sections []section
	Count    int
	Marks    []mark
	// Guesses says that some date is a guess.
	Guesses bool
}

func (s *site) matrix() *matrixPage {
	p := &matrixPage{}
	for _, g := range s.Groups {
		sec := s.section(g)
		p.Sections = append(p.Sections, sec)
		p.Count += len(sec.Rows)
		if sec.Class != nil {
			p.Count++
		}
		for _, r := range append(sec.Rows, deref(sec.Class)...) {
			p.Guesses = p.Guesses || slices.Contains(strings.Fields(r.Words), "guess")
			for _, c := range r.Cells {
				if c.There && !slices.Contains(p.Marks, c.mark) {
					p.Marks = append(p.Marks, c.mark)
				}
			}
		}
	}
	return p
}

func deref(r *row) []row {
	if r == nil {
		return nil
	}
	return []row{*r}
}

// groupPage is the page of a class or an options object.
type groupPage struct {
	section
	// Declaration is that of the class, or the struct of the options.
	Declaration *signature
	Struct      string
	Parent      string
	ParentLink  string
	Deviation   []span
	Events      []event
	Lives       []life
}

func (s *site) groupPage(g *group) *groupPage {
	p := &groupPage{section: s.section(g)}
	if g.Class != nil {
		e := g.Class.Latest
		sig := inNode(g.Class, &e)
		p.Declaration, p.Parent, p.ParentLink = &sig, e.Extends, s.names[e.Extends]
		p.Events, p.Lives, p.Deviation = s.events(g.Class), s.lives(g.Class), s.factsOf(g.Class).Deviation
	}
	if g.options != nil {
		p.Struct = g.options.Struct.Value
	}
	return p
}

// facts are what a page tells of one subject.
type facts struct {
	Doc        []span
	Deviation  []span
	NoGo       []span
	From       string
	Documented []string
}

func (s *site) factsOf(m *subject) *facts {
	e := m.Latest
	f := &facts{Doc: s.names.prose(e.Doc, m.Owner), From: e.From, Documented: e.Documented}
	if e.Deviation != "" {
		f.Deviation = s.names.prose(e.Deviation, m.Owner)
	}
	if e.NoGo != "" {
		f.NoGo = s.names.prose(e.NoGo, m.Owner)
	}
	return f
}

// event is something that happened to a subject.
type event struct {
	In, Also []date
	What     string
	Text     []span
	// Before and After are the defaults of a change of one.
	Before, After string
	at            version.Version
}

// events tells a subject's life, the newest event first.
func (s *site) events(m *subject) []event {
	e := m.Latest
	var events []event
	add := func(in []string, what, text string) *event {
		if len(in) == 0 {
			return &event{}
		}
		first := setOf(in).First()
		ev := event{What: what, Text: s.names.prose(text, m.Owner), at: first}
		for _, d := range datesOf(in) {
			if d.Release == first.String() {
				ev.In = append(ev.In, d)
			} else {
				ev.Also = append(ev.Also, d)
			}
		}
		events = append(events, ev)
		return &events[len(events)-1]
	}
	add(e.Until, "removed", "")
	instead := ""
	if e.Instead != "" {
		instead = "Use " + e.Instead + "."
	}
	add(e.Deprecated, "deprecated", instead)
	for _, r := range e.RenamedFrom {
		add(r.In, "renamed", "It was called "+r.Name+".")
	}
	history := slices.Clone(e.History)
	slices.SortStableFunc(history, func(a, b listing.Change) int { return setOf(b.In).First().Compare(setOf(a.In).First()) })
	// What a change of the default led to is what the next one replaced.
	after := exact(s.today(m).Default)
	for _, c := range history {
		ev := add(c.In, c.Change, c.Text)
		if c.Change == "default" {
			ev.Before, ev.After = exact(c.From), after
			after = ev.Before
		}
	}
	add(e.Since, "added", "")
	slices.SortStableFunc(events, func(a, b event) int { return b.at.Compare(a.at) })
	return events
}

// today is the newest entry of a subject: its history reaches until there.
func (s *site) today(m *subject) *listing.Entry { return &m.Latest }

// life is a release line and whether a subject is in it.
type life struct {
	Line string
	// Share is all, some or none, and Since the first release of those that are some.
	Share, Since string
}

// lives tells in which release lines a subject is, the oldest first.
func (s *site) lives(m *subject) []life {
	var lives []life
	lines := s.lines()
	slices.Reverse(lines)
	i := 0
	for _, line := range lines {
		count, since, last := 0, "", ""
		for range line.Releases {
			if m.in[s.timeline.of[i]] {
				if count == 0 {
					since = s.timeline.releases[i].String()
				}
				last = s.timeline.releases[i].String()
				count++
			}
			i++
		}
		l := life{Line: strings.TrimPrefix(line.Name, "v"), Share: "some"}
		switch {
		case count == 0:
			l.Share = "none"
		case count == len(line.Releases):
			l.Share = "all"
		case since == line.Releases[len(line.Releases)-1]:
			l.Share, l.Since = "until", "until "+last
		default:
			l.Since = "since " + since
		}
		lives = append(lives, l)
	}
	return lives
}

// shape is how a subject looks in some versions.
type shape struct {
	Versions []string
	Node     signature
	Go       []goForm
}

type goForm struct {
	signature
	Doc   []span
	Since []date
}

// memberPage is the page of a member.
type memberPage struct {
	*subject
	*facts
	Group      *group
	Cells      []cell
	Shapes     []shape
	Throws     []throw
	Values     []string
	Zero       string
	Once       bool
	Overrides  []override
	Events     []event
	Lives      []life
	HasDefault bool
	About      []*scenario
	Others     []*scenario
	Asked      bool
	Prev, Next *subject
	// Elsewhere are members of the same name in other classes.
	Elsewhere []*subject
}

type throw struct {
	Code, Sentinel string
	When           []span
}

type override struct{ Name, Value, Link string }

func (s *site) memberPage(g *group, i int) *memberPage {
	m := g.Members[i]
	p := &memberPage{subject: m, facts: s.factsOf(m), Group: g, Cells: s.cells(m), Events: s.events(m), Lives: s.lives(m),
		Values: m.Latest.Values, Zero: m.Latest.Zero, Once: m.Latest.Once, Asked: s.uses != nil}
	for _, c := range p.Cells {
		p.HasDefault = p.HasDefault || c.Exact != ""
	}
	p.shapes(s)
	for _, t := range m.Latest.Throws {
		shown := throw{Code: t.Code, When: s.names.prose(t.When, m.Owner)}
		if code := s.spec.Errors.Get(t.Code); code != nil {
			shown.Sentinel = code.Sentinel.Value
		}
		p.Throws = append(p.Throws, shown)
	}
	for _, o := range m.Latest.Overrides {
		link := ""
		for _, set := range s.Groups {
			for _, option := range set.Members {
				if option.Kind == resolve.KindOption && set.Title == m.Latest.Type && option.Name == o.Name {
					link = option.Path
				}
			}
		}
		p.Overrides = append(p.Overrides, override{o.Name, exact(o.Value), link})
	}
	if i > 0 {
		p.Prev = g.Members[i-1]
	}
	if i+1 < len(g.Members) {
		p.Next = g.Members[i+1]
	}
	for _, other := range s.Groups {
		for _, e := range other.Members {
			if e != m && e.Name == m.Name && e.Kind == m.Kind {
				p.Elsewhere = append(p.Elsewhere, e)
			}
		}
	}
	p.About, p.Others = s.uses.of(m, s.Versions, s.scenarios)
	return p
}

// shapes puts together the versions in which a subject looks alike, the newest first.
func (p *memberPage) shapes(s *site) {
	add := func(version string, e *listing.Entry) {
		now := shape{Versions: []string{version}, Node: inNode(p.subject, e)}
		for _, f := range e.Go {
			now.Go = append(now.Go, goForm{inGo(f), s.names.prose(f.Doc, p.Owner), datesOf(f.Since)})
		}
		if n := len(p.Shapes); n > 0 && alike(p.Shapes[n-1], now) {
			p.Shapes[n-1].Versions = append(p.Shapes[n-1].Versions, version)
			return
		}
		p.Shapes = append(p.Shapes, now)
	}
	for i := len(s.Versions) - 1; i >= 0; i-- {
		if e := p.entries[i]; e != nil {
			add(s.Versions[i].Name, e)
		}
	}
	if p.Shapes == nil { // it came and went between two documents
		add(p.At.String(), &p.Latest)
	}
}

func alike(a, b shape) bool {
	return a.Node == b.Node && slices.EqualFunc(a.Go, b.Go, func(x, y goForm) bool { return x.signature == y.signature })
}

// behaviourPage is what no member shows.
type behaviourPage struct {
	Behaviours []fact
	Statuses   []fact
	Methods    []fact
	Headers    []fact
	Orders     []order
}

// fact is something with a value in each version.
type fact struct {
	Name   string
	Doc    []span
	Values []value
	Events []event
}

type value struct {
	Text           string
	There, Changed bool
	// Mark is nil where provenance is not told.
	Mark *mark
}

type order struct {
	Name      string
	Of        string
	Events    []string
	Doc       []span
	Deviation []span
	Since     string
}

func (s *site) behaviour() *behaviourPage {
	p := &behaviourPage{}
	values := func(of func(v shownVersion) (string, bool)) (list []value) {
		for i, v := range s.Versions {
			text, there := of(v)
			val := value{Text: text, There: there}
			val.Changed = i > 0 && (list[i-1].Text != text || list[i-1].There != there)
			list = append(list, val)
		}
		return list
	}
	sources := resolve.Sources(s.spec)
	for _, b := range s.spec.Behaviours {
		held := func(v shownVersion) (string, bool) {
			scalar := resolve.Held(sources, resolve.Source{Default: &b.Value.Default, Life: &b.Value.Life, Type: b.Value.Type}, v.Node)
			if scalar == nil {
				return "", false
			}
			return brief(&listing.Value{Scalar: scalar}, b.Value.Type.String()), true
		}
		known := values(held)
		for i, v := range s.Versions {
			m := markOf(listing.Live, nil)
			if names := texts(b.Value.Documented.Names); slices.Contains(names, v.Name) {
				m = markOf(listing.Documented, nil)
			} else if len(names) > 0 {
				m = markOf(listing.Derived, nil)
			}
			known[i].Mark = &m
		}
		text := b.Value.Doc.Value
		if text != "" {
			text = strings.ToUpper(text[:1]) + text[1:] + "."
		}
		f := fact{Name: b.Name, Doc: s.names.prose(text, ""), Values: known}
		for _, h := range b.Value.History {
			var in []string
			for _, v := range h.In {
				in = append(in, v.String())
			}
			f.Events = append(f.Events, event{In: datesOf(in), Text: s.names.prose(h.Text.Value, "")})
		}
		p.Behaviours = append(p.Behaviours, f)
	}
	for _, e := range s.spec.Statuses {
		p.Statuses = append(p.Statuses, fact{Name: e.Name, Doc: s.names.prose(e.Value.Doc.Value, ""), Values: values(func(v shownVersion) (string, bool) {
			return e.Value.TextAt(v.Node), e.Value.At(v.Node)
		})})
	}
	for _, e := range s.spec.Methods {
		p.Methods = append(p.Methods, fact{Name: e.Name, Doc: s.names.prose(e.Value.Doc.Value, ""), Values: values(func(v shownVersion) (string, bool) {
			return "", e.Value.At(v.Node)
		})})
	}
	for _, e := range s.spec.Duplicates {
		p.Headers = append(p.Headers, fact{Name: e.Name, Doc: s.names.prose(e.Value.Doc.Value, ""), Values: values(func(v shownVersion) (string, bool) {
			return e.Value.RepeatAt(v.Node), e.Value.At(v.Node)
		})})
	}
	for _, o := range s.spec.Orders {
		p.Orders = append(p.Orders, order{Name: o.Name, Of: o.Value.Of.Value, Events: texts(o.Value.Events),
			Doc: s.names.prose(o.Value.Doc.Value, ""), Deviation: s.names.prose(o.Value.Deviation.Value, ""), Since: o.Value.Since.Set().String()})
	}
	return p
}

func texts(list []model.Text) []string {
	var all []string
	for _, t := range list {
		all = append(all, t.Value)
	}
	return all
}

// errorRow is a code that errors carry.
type errorRow struct {
	Code, Kind, Sentinel string
	Doc                  []span
	// By are the members that fail with it or deliver it.
	By []*subject
}

func (s *site) errors() []errorRow {
	var rows []errorRow
	for _, e := range s.spec.Errors {
		r := errorRow{Code: e.Name, Kind: e.Value.Kind.Value, Sentinel: e.Value.Sentinel.Value, Doc: s.names.prose(e.Value.Doc.Value, "")}
		for _, g := range s.Groups {
			for _, m := range g.Members {
				throws := slices.ContainsFunc(m.Latest.Throws, func(t listing.Throw) bool { return t.Code == e.Name })
				tells := m.Kind == resolve.KindEvent && slices.ContainsFunc(e.Value.Told, func(t model.Text) bool { return t.Value == m.Owner+"."+m.Name })
				if throws || tells {
					r.By = append(r.By, m)
				}
			}
		}
		rows = append(rows, r)
	}
	return rows
}

// deviation is a deliberate difference from Node.
type deviation struct {
	Of            string
	Link          string
	Node, Go, Why []span
	Versions      string
	Scenarios     []*scenario
}

func (s *site) deviations() []deviation {
	var list []deviation
	for _, d := range resolve.Deviations(s.spec, nil) {
		shown := deviation{Of: d.Of, Node: s.names.prose(d.Node, ""), Go: s.names.prose(d.Go, ""), Why: s.names.prose(d.Why, "")}
		shown.Link = s.names[d.Of]
		if own := s.spec.Deviations.Get(d.Of); own != nil && d.Node != "" {
			var in []string
			for _, v := range s.Versions {
				if own.At(v.Node) {
					in = append(in, v.Name)
				}
			}
			if len(in) < len(s.Versions) {
				shown.Versions = strings.Join(in, ", ")
			}
		}
		for _, sc := range s.scenarios {
			if slices.ContainsFunc(sc.Deviations, func(of deviating) bool { return of.Name == d.Of }) {
				shown.Scenarios = append(shown.Scenarios, sc)
			}
		}
		list = append(list, shown)
	}
	return list
}

// folder is scenarios that belong together.
type folder struct {
	Name, Path string
	Scenarios  []*scenario
	Differ     int
}

func (s *site) folders() []*folder {
	var list []*folder
	for _, sc := range s.scenarios {
		i := slices.IndexFunc(list, func(f *folder) bool { return f.Name == sc.Folder })
		if i < 0 {
			i = len(list)
			list = append(list, &folder{Name: sc.Folder, Path: pagePath("scenarios", "", sc.Folder)})
		}
		list[i].Scenarios = append(list[i].Scenarios, sc)
		if sc.Differs() {
			list[i].Differ++
		}
	}
	return list
}
