package decode

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"nodehttp/gen/internal/diag"
)

type shared struct {
	Doc string `spec:"doc"`
}

type thing struct {
	shared
	Name  string   `spec:"name,required"`
	Count int      `spec:"count"`
	On    bool     `spec:"on"`
	Tags  []string `spec:"tags"`
	Part  *thing   `spec:"part"`
	pos   diag.Pos
}

func (t *thing) SetPos(p diag.Pos) { t.pos = p }

func read(text string) (thing, string, bool) {
	var target thing
	var errs diag.List
	whole := File("f.yaml", []byte(text), &target, &errs)
	return target, errs.Error(), whole
}

func TestFileReadsEveryShape(t *testing.T) {
	got, errs, whole := read("# a comment\nname: a\ncount: 3\non: true\ndoc: text\ntags: one\npart:\n  name: b\n  tags: [x, y]\n")
	if errs != "" || !whole {
		t.Fatal(errs)
	}
	want := thing{
		shared: shared{"text"}, Name: "a", Count: 3, On: true, Tags: []string{"one"}, pos: diag.Pos{File: "f.yaml", Line: 2, Column: 1},
		Part: &thing{Name: "b", Tags: []string{"x", "y"}, pos: diag.Pos{File: "f.yaml", Line: 8, Column: 3}},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(thing{}, shared{})); diff != "" {
		t.Error(diff)
	}
}

func TestFileReportsAndReadsOn(t *testing.T) {
	got, errs, whole := read("nome: a\ncount: 3.5\non: yes please\nname: b\ntags:\n  - [x]\n  - ok\npart: {}\n")
	want := `f.yaml:1:1: unknown key "nome": known here are count, doc, name, on, part, tags
f.yaml:2:8: want an integer, have 3.5
f.yaml:3:5: want true or false, have the string "yes please"
f.yaml:6:5: want one value, have a list
f.yaml:8:7: missing key "name"`
	if !whole || got.Name != "b" || got.Tags[1] != "ok" {
		t.Errorf("reading did not go on: %+v", got)
	}
	if errs != want {
		t.Errorf("have\n%s\nwant\n%s", errs, want)
	}
}

func TestFileTellsWhatIsNoYAML(t *testing.T) {
	for text, want := range map[string]string{
		"":                        "f.yaml:1:1: the file is empty",
		"# only a comment\n":      "f.yaml:1:1: the file is empty",
		"name: a\n\tcount: 1\n":   "f.yaml:2:1: a tab cannot indent: use spaces",
		"name: a\n---\nname: b":   "f.yaml:2:1: a file of the model holds one document",
		"name: a\ntags: [x\n":     "f.yaml:2:1: did not find expected ',' or ']'",
		"name: a\nname: : b: c\n": "f.yaml:2:1: mapping values are not allowed in this context",
	} {
		if _, errs, whole := read(text); errs != want || whole {
			t.Errorf("%q: have %q, want %q", text, errs, want)
		}
	}
}
