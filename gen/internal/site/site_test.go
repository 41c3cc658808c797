package site

import (
	"bytes"
	gocmp "cmp"
	"encoding/json"
	"html"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"nodehttp/gen/internal/check"
	"nodehttp/gen/internal/diag"
	"nodehttp/gen/internal/diff"
	"nodehttp/gen/internal/listing"
	"nodehttp/gen/internal/load"
	"nodehttp/gen/internal/model"
	"nodehttp/gen/internal/resolve"
	"nodehttp/gen/internal/testspec"
)

// loaded reads a model that must be sound.
func loaded(t *testing.T, files fs.FS) *model.Spec {
	t.Helper()
	var errs diag.List
	spec, complete := load.Spec(files, "spec", &errs)
	if complete {
		check.Spec(spec, &errs)
	}
	if err := errs.Err(); err != nil {
		t.Fatal(err)
	}
	return spec
}

// actual is the model of this module with its pages, which are made once.
var actual = sync.OnceValues(func() (*model.Spec, map[string][]byte) {
	var errs diag.List
	spec, _ := load.Spec(os.DirFS("../../../spec"), "spec", &errs)
	if err := errs.Err(); err != nil {
		panic(err)
	}
	files, err := Files(spec, Referee{Files: os.DirFS("../../../tests/referee"), Uses: strings.NewReader(someUses)})
	if err != nil {
		panic(err)
	}
	return spec, files
})

// someUses is what the referee prints, but for a few scenarios only.
const someUses = "server/close-idle v19.0: Server.close Server.'close' http.createServer\n" +
	"agent/keep-alive-hint v13.14: Agent.keepAlive http.Agent http.request.agent\n"

// TestEveryMemberOfEveryVersion looks for each in the matrix and for its page: with
// a mark in the columns of the versions that have it, and in no others.
func TestEveryMemberOfEveryVersion(t *testing.T) {
	spec, files := actual()
	rows := map[string][]bool{}
	row := regexp.MustCompile(`<tr[^>]*><th[^>]*><a href="([^"]*)">.*?</tr>`)
	cell := regexp.MustCompile(`<td[^>]*>(<i class="m )?`)
	for _, m := range row.FindAllStringSubmatch(string(files["index.html"]), -1) {
		for _, c := range cell.FindAllStringSubmatch(m[0], -1) {
			rows[m[1]] = append(rows[m[1]], c[1] != "")
		}
	}
	seen := map[string]bool{}
	for i, d := range spec.Documents {
		entries := listing.Of(spec, d.Value.Node.Value, true)
		there := map[string]bool{}
		for _, e := range entries {
			page := pagePath(string(e.Kind), e.Owner, e.Name)
			if e.Kind == resolve.KindClass {
				page = pagePath("class", "", e.Name)
			}
			there[page], seen[page] = true, true
			if len(rows[page]) != len(spec.Documents) || !rows[page][i] {
				t.Errorf("%s: the matrix lacks %s %s.%s: %v", d.Name, e.Kind, e.Owner, e.Name, rows[page])
			}
			if text := string(files[page]); !strings.Contains(text, html.EscapeString(e.Name)) {
				t.Errorf("%s: %s has no page", d.Name, page)
			}
		}
		for page, marks := range rows {
			if strings.HasPrefix(page, "module/") || strings.HasPrefix(page, "options/") {
				continue
			}
			if marks[i] != there[page] {
				t.Errorf("%s: the matrix has %s: %v", d.Name, page, marks[i])
			}
		}
	}
	for _, st := range timelineOf(spec).states {
		for _, e := range listing.Of(spec, st.at, true) {
			page := pagePath(string(e.Kind), e.Owner, e.Name)
			if e.Kind == resolve.KindClass {
				page = pagePath("class", "", e.Name)
			}
			if rows[page] == nil || files[page] == nil {
				t.Errorf("%s: nothing shows %s", st.at, page)
			}
		}
	}
}

// TestMemberPage looks for what a page must tell.
func TestMemberPage(t *testing.T) {
	_, files := actual()
	for page, wants := range map[string][]string{
		"property/Server.requestTimeout.html":  {"300000", "5 min", "v18.0.0", "v14.11.0", "RequestTimeout", "SetRequestTimeout", "no limit", "document"},
		"method/Server.close.html":             {"Connections that are idle are closed.", "scenarios/server.html#close-idle", "server.", "func (*Server) ", "ERR_SERVER_NOT_RUNNING"},
		"option/http.request.hints.html":       {"No Go form."},
		"constructor/Agent.html":               {"scenarios/agent.html#keep-alive-hint", "new http."},
		"method/ServerResponse.writeHead.html": {"v11.10.0", "Also in v10.17.0.", "ERR_HTTP_INVALID_STATUS_CODE", "ErrHTTPInvalidStatusCode"},
		"class/ServerRequest.html":             {"ServerRequest"},
		"scenarios/agent.html":                 {"What this library does instead", "deviations.html#"},
		"behaviour.html":                       {"agentPerOrigin", "server that closes before its response", "Moved Temporarily"},
		"errors.html":                          {"ErrAborted"},
		"deviations.html":                      {"bare line ends"},
	} {
		for _, want := range wants {
			if !bytes.Contains(files[page], []byte(want)) {
				t.Errorf("%s does not tell %s", page, want)
			}
		}
	}
}

// TestLinks follows every link of every page, of the texts of changes too.
func TestLinks(t *testing.T) {
	_, files := actual()
	ids := map[string]map[string]bool{}
	id := regexp.MustCompile(` id="([^"]*)"`)
	for name, text := range files {
		ids[name] = map[string]bool{}
		for _, m := range id.FindAllSubmatch(text, -1) {
			if key := html.UnescapeString(string(m[1])); ids[name][key] {
				t.Errorf("%s has two places %q", name, key)
			} else {
				ids[name][key] = true
			}
		}
	}
	link := regexp.MustCompile(`(?:href|src)="([^"]*)"`)
	linked := map[string]bool{"index.html": true}
	follow := func(from, text string) {
		for _, m := range link.FindAllStringSubmatch(text, -1) {
			target := html.UnescapeString(m[1])
			file, place, _ := strings.Cut(target, "#")
			to := from
			if file != "" {
				to = path.Join(path.Dir(from), file)
				linked[to] = true
			}
			if files[to] == nil {
				t.Errorf("%s links to %s, which is not there", from, target)
			} else if place != "" && !strings.HasPrefix(place, "q=") && !ids[to][place] {
				t.Errorf("%s links to %s, which has no such place", from, target)
			}
		}
	}
	for name, text := range files {
		if path.Ext(name) == ".html" {
			follow(name, string(text))
		}
	}
	for _, change := range dataOf(t, files).Changes {
		follow("diff.html", change.HTML)
	}
	lower := map[string]string{}
	for name := range files {
		if !linked[name] {
			t.Errorf("no link leads to %s", name)
		}
		if other := lower[strings.ToLower(name)]; other != "" {
			t.Errorf("%s and %s are one file to some file systems", name, other)
		}
		lower[strings.ToLower(name)] = name
	}
}

// dataOf reads what the page of comparisons knows.
func dataOf(t *testing.T, files map[string][]byte) (d data) {
	t.Helper()
	text := files["diff-data.js"]
	_, text, _ = bytes.Cut(text, []byte("const DATA = "))
	if err := json.Unmarshal(bytes.TrimSuffix(text, []byte(";\n")), &d); err != nil {
		t.Fatal(err)
	}
	return d
}

// TestDifferences compares what the page tells of two releases with what diff says,
// for the releases of the documents, and others.
func TestDifferences(t *testing.T) {
	spec, files := actual()
	d := dataOf(t, files)
	templates, err := parse()
	if err != nil {
		t.Fatal(err)
	}
	releases := timelineOf(spec).releases
	apis := map[int]*resolve.API{} // by release
	api := func(i int) *resolve.API {
		if apis[i] == nil {
			apis[i] = resolve.At(spec, releases[i])
		}
		return apis[i]
	}
	var pairs [][2]int
	for _, from := range spec.Documents {
		for _, to := range spec.Documents {
			pairs = append(pairs, [2]int{slices.Index(releases, from.Value.Node.Value), slices.Index(releases, to.Value.Node.Value)})
		}
	}
	for i := range 60 { // spread over all pairs
		pairs = append(pairs, [2]int{i * 197 % len(releases), (i*331 + len(releases)/2) % len(releases)})
	}
	if len(d.Releases) != len(releases) {
		t.Fatalf("the page has %d releases, and there are %d", len(d.Releases), len(releases))
	}
	tags := regexp.MustCompile(`<[^>]*>`)
	for _, pair := range pairs {
		want, got := map[string][]string{}, map[string][]string{}
		for _, g := range new(diff.Comparer).Compare(api(pair[0]), api(pair[1])).Groups {
			for _, c := range g.Changes {
				var b bytes.Buffer
				if err := templates.ExecuteTemplate(&b, "change", tell(c, nil, "")); err != nil {
					t.Fatal(err)
				}
				want[g.Name] = append(want[g.Name], tags.ReplaceAllString(b.String(), ""))
			}
		}
		for group, changes := range shown(d, pair[0], pair[1]) {
			for _, c := range changes {
				got[group] = append(got[group], tags.ReplaceAllString(c.HTML, ""))
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s → %s: (-diff +page)\n%s", releases[pair[0]], releases[pair[1]], diff)
		}
	}
}

// shown is what the script of the page does: the changes between two releases.
func shown(d data, from, to int) map[string][]changeData {
	class := func(slot slotData, release int) int {
		c := len(slot.Class) - 1
		for slot.Class[c] > d.States[release] {
			c--
		}
		return c
	}
	groups := map[string][]changeData{}
	for _, slot := range d.Slots {
		for _, i := range slot.Told[class(slot, from)*len(slot.Class)+class(slot, to)] {
			name := d.Groups[slot.Group]
			groups[name] = append(groups[name], d.Changes[i])
		}
	}
	for _, changes := range groups {
		slices.SortStableFunc(changes, func(a, b changeData) int {
			return gocmp.Or(gocmp.Compare(a.Kind, b.Kind), gocmp.Compare(a.Of, b.Of), gocmp.Compare(a.Name, b.Name))
		})
	}
	return groups
}

// TestTwice makes the pages again, of another copy of the model.
func TestTwice(t *testing.T) {
	_, files := actual()
	spec := loaded(t, os.DirFS("../../../spec"))
	again, err := Files(spec, Referee{Files: os.DirFS("../../../tests/referee"), Uses: strings.NewReader(someUses)})
	if err != nil {
		t.Fatal(err)
	}
	for name := range files {
		if !bytes.Equal(files[name], again[name]) {
			t.Errorf("%s differs the second time", name)
		}
	}
	if len(files) != len(again) {
		t.Errorf("%d files, then %d", len(files), len(again))
	}
}

// hostile is a text that means something to every language of a page.
const hostile = `</code></script><script>alert("1")</script><img src=x onerror=alert(1)> & ' {{.}} \u003c $' `

// TestHostileTexts puts it wherever the model and the scenarios have prose.
func TestHostileTexts(t *testing.T) {
	files := testspec.Files()
	said := 0
	quoted, err := json.Marshal(hostile)
	if err != nil {
		t.Fatal(err)
	}
	prose := regexp.MustCompile(`\b(doc|text|deviation|when|node|go|why|zero|no_go): (?:"[^"]*"|[A-Z][^"{}\[\],\n]*)`)
	for name, file := range files {
		if name == "versions.yaml" || name == "types.yaml" || name == "headings.yaml" {
			continue
		}
		file.Data = prose.ReplaceAllFunc(file.Data, func(found []byte) []byte {
			said++
			key, _, _ := bytes.Cut(found, []byte(":"))
			return slices.Concat(key, []byte(": "), quoted)
		})
	}
	if said < 40 {
		t.Fatalf("only %d texts", said)
	}
	spec := loaded(t, files)
	log, err := json.Marshal(map[string]any{"runs": []map[string]any{{"versions": []string{hostile}, "nodes": []string{hostile}, "log": []string{hostile}, "wire": []string{hostile}}},
		"ours": []map[string]any{{"versions": []string{hostile}, "log": []string{hostile}}}})
	if err != nil {
		t.Fatal(err)
	}
	evil := "scenarios/a<b>\"'&#/x<script>alert(1)</script>"
	evil = strings.ReplaceAll(evil, "</", "<")
	referee := fstest.MapFS{
		evil + ".js":     {Data: []byte("// Shows " + hostile + "\nlog('" + hostile + "')\n")},
		evil + ".json":   {Data: log},
		"deviations.txt": {Data: []byte("none v19.0: " + hostile + "\n")},
	}
	pages, err := Files(spec, Referee{Files: referee, Uses: strings.NewReader("x v19.0: Server.close\n")})
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	releases := timelineOf(spec).releases
	if err := Difference(&b, diff.Between(spec, releases[0], releases[len(releases)-1]), false); err != nil {
		t.Fatal(err)
	}
	pages["one.html"] = b.Bytes()
	shown := 0
	for name, text := range pages {
		for _, raw := range []string{"<script>alert", "<img", "onerror=alert(1)>", "</code></script>"} {
			if bytes.Contains(text, []byte(raw)) {
				t.Errorf("%s has %s as it is", name, raw)
			}
		}
		shown += bytes.Count(text, []byte("alert("))
	}
	if shown < said {
		t.Errorf("of %d hostile texts %d are shown", said, shown)
	}
}

// TestOnePage checks that a comparison that stands alone needs nothing.
func TestOnePage(t *testing.T) {
	spec := loaded(t, testspec.Files())
	releases := timelineOf(spec).releases
	report := diff.Between(spec, releases[0], releases[len(releases)-1])
	var b, again bytes.Buffer
	for _, w := range []*bytes.Buffer{&b, &again} {
		if err := Difference(w, report, false); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(b.Bytes(), again.Bytes()) {
		t.Error("the page differs the second time")
	}
	if found := regexp.MustCompile(`(?:href|src)=`).FindString(b.String()); found != "" {
		t.Errorf("the page needs something else: %s", found)
	}
	for _, g := range report.Groups {
		for _, c := range g.Changes {
			if !strings.Contains(b.String(), html.EscapeString(c.Name)) {
				t.Errorf("the page does not tell of %s %s", g.Name, c.Name)
			}
		}
	}
	if len(report.Groups) == 0 {
		t.Error("nothing is compared")
	}
}

// TestStatesTellReleasesApart checks that releases of one state have the same members.
func TestStatesTellReleasesApart(t *testing.T) {
	spec := loaded(t, testspec.Files())
	timeline := timelineOf(spec)
	if len(timeline.states) < 2 || len(timeline.states) >= len(timeline.releases) {
		t.Fatalf("%d states of %d releases", len(timeline.states), len(timeline.releases))
	}
	of := map[int][]byte{}
	for i, v := range timeline.releases {
		entries := listing.Of(spec, v, true)
		for j := range entries { // which depends on whether the release has a document
			entries[j].Provenance = ""
		}
		text, err := json.Marshal(entries)
		if err != nil {
			t.Fatal(err)
		}
		if before := of[timeline.of[i]]; before != nil && !bytes.Equal(before, text) {
			t.Errorf("%s differs from the other releases of its state", v)
		}
		of[timeline.of[i]] = text
	}
}

// TestHowADateIsKnown shows that a date which no document tells says so, and that a
// member whose date is a guess is marked where no document shows it.
func TestHowADateIsKnown(t *testing.T) {
	for p, want := range map[listing.Provenance]string{listing.Documented: "documented", listing.Derived: "guessed", listing.Live: "guessed", listing.GoOnly: "go"} {
		if got := markOf(p, []string{"v6.0.0 guess", "v4.1.0 live"}); got.Class != want {
			t.Errorf("%s with a guess: %s, want %s", p, got.Class, want)
		}
	}
	if got := markOf(listing.Derived, []string{"v6.0.0 live", "v4.1.0"}); got.Class != "derived" {
		t.Errorf("derived with dates: %s", got.Class)
	}
	if got, want := setOf([]string{"v6.0.0 guess", "v4.1.0"}).String(), "v6.0.0, v4.1.0"; got != want {
		t.Errorf("releases: %s, want %s", got, want)
	}
	var b bytes.Buffer
	report := &diff.Report{Groups: []diff.Group{{Name: "http", Changes: []diff.Change{{Kind: "added", Of: "function", Name: "f", In: []string{"v6.0.0 guess", "v4.1.0"}}}}}}
	if err := Difference(&b, report, false); err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`v6\.0\.0 <i class="how guess" title="[^"]+">guess</i>, v4\.1\.0</span>`).Match(b.Bytes()) {
		t.Errorf("the page does not mark the guess:\n%s", b.String()[bytes.Index(b.Bytes(), []byte("<main")):])
	}
}

// TestBadReferee checks that what cannot be read is told.
func TestBadReferee(t *testing.T) {
	spec := loaded(t, testspec.Files())
	for name, referee := range map[string]Referee{
		"no scenarios":  {Files: fstest.MapFS{}},
		"no recording":  {Files: fstest.MapFS{"scenarios/a/b.js": {Data: []byte("// A.\n")}, "deviations.txt": {}}},
		"no deviations": {Files: fstest.MapFS{"scenarios/a/b.js": {Data: []byte("// A.\n")}, "scenarios/a/b.json": {Data: []byte("{}")}}},
		"not JSON":      {Files: fstest.MapFS{"scenarios/a/b.js": {Data: []byte("// A.\n")}, "scenarios/a/b.json": {}, "deviations.txt": {}}},
		"no uses":       {Uses: strings.NewReader("nothing\n")},
	} {
		if _, err := Files(spec, referee); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
