package probe

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nodehttp/gen/internal/diag"
	"nodehttp/gen/internal/load"
	"nodehttp/gen/internal/model"
	"nodehttp/gen/internal/testspec"
	"nodehttp/gen/internal/version"
)

func specOf(t *testing.T, root string) *model.Spec {
	t.Helper()
	var errs diag.List
	spec, _ := load.Spec(os.DirFS(root), "spec", &errs)
	if err := errs.Err(); err != nil {
		t.Fatal(err)
	}
	return spec
}

// recorded returns what Nodes said, and the text of it.
func recorded(t *testing.T) (*Recording, string) {
	t.Helper()
	text := read(t, "recorded.txt")
	r, err := Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return r, text
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("../../../tests/probe", file))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestTheModelAgreesWithWhatNodesSaid(t *testing.T) {
	spec := specOf(t, "../../../spec")
	r, _ := recorded(t)
	excuses, err := ParseDeviations(read(t, "deviations.txt"))
	if err != nil {
		t.Fatal(err)
	}
	list, unused := Compare(spec, r, excuses)
	for _, d := range list {
		t.Error(d)
	}
	for _, line := range unused {
		t.Errorf("deviations.txt: %s", line)
	}
	if errs := Sources(spec, r); !errs.Empty() {
		t.Error(errs.Err())
	}
}

func TestEveryBehaviourIsAsked(t *testing.T) {
	r, _ := recorded(t)
	for _, b := range specOf(t, "../../../spec").Behaviours {
		known := func(v version.Version) bool { return r.Value("behaviours."+b.Name, v) != Unknown }
		if !slices.ContainsFunc(r.Asked, known) {
			t.Errorf("tests/probe/behaviours.js does not ask for %s, or it was not recorded: run make probe", b.Name)
		}
	}
}

func TestARecordingIsReadAsItIsWritten(t *testing.T) {
	r, text := recorded(t)
	if diff := cmp.Diff(text, r.String()); diff != "" {
		t.Error(diff)
	}
}

func at(t *testing.T, text string) version.Version {
	t.Helper()
	v, err := version.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestRecordings(t *testing.T) {
	said := map[version.Version]map[string]string{
		at(t, "0.10.0"): {"A.b": "yes", "status 1": "I am, \"old\"", "x default": "5"},
		at(t, "0.8.28"): {"x default": "5"},
		at(t, "4.0.0"):  {"A.b": "yes", "status 1": "new"},
	}
	const want = comment + `asked: 0.8.28 0.10.0 4.0.0
A.b: no, yes 0.10.0
status 1: no, "I am, \"old\"" 0.10.0, new 4.0.0
x default: 5, ? 4.0.0
`
	r := New(said, []string{"A.b", "status 1", "x default", "nobody knows"})
	if diff := cmp.Diff(want, r.String()); diff != "" {
		t.Error(diff)
	}
	again, err := Parse(want)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, again.String()); diff != "" {
		t.Error(diff)
	}
	if got := again.Value("status 1", at(t, "0.10.0")); got != "I am, \"old\"" {
		t.Errorf("status 1 is %q", got)
	}
	if got := again.Value("status 1", at(t, "5.0.0")); got != Unknown {
		t.Errorf("a release that was not asked said %q", got)
	}
	for _, broken := range []string{"nothing", "asked: x", "asked: 4.0.0\na: yes, no 5.0.0", "asked: 4.0.0\na: \"x", "asked: 4.0.0\na: yes, no x"} {
		if _, err := Parse(broken); err == nil {
			t.Errorf("%q is read", broken)
		}
	}
}

// small is the small model with what edit makes of its files.
func small(t *testing.T, file, old, new string) *model.Spec {
	t.Helper()
	files := testspec.Files()
	if file != "" {
		text := string(files[file].Data)
		if !strings.Contains(text, old) {
			t.Fatalf("%s has no %q", file, old)
		}
		files[file].Data = []byte(strings.Replace(text, old, new, 1))
	}
	var errs diag.List
	spec, _ := load.Spec(files, "spec", &errs)
	if err := errs.Err(); err != nil {
		t.Fatal(err)
	}
	return spec
}

func parsed(t *testing.T, text string) *Recording {
	t.Helper()
	r, err := Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestDisagreementsAreFound(t *testing.T) {
	spec := small(t, "", "", "")
	r := parsed(t, `asked: 18.1.0 18.2.0 18.3.0
Server.closeAll: yes
Server.headersTimeout default: 60000, 1 18.3.0
method BREW: no, yes 18.3.0
`)
	list, _ := Compare(spec, r, nil)
	var said []string
	for _, d := range list {
		said = append(said, d.String())
	}
	want := []string{
		"Server.closeAll: the model has no, Nodes have yes in v18.1.0",
		"Server.headersTimeout default: the model has 60000, Nodes have 1 in v18.3.0",
		"method BREW: the model has no, Nodes have yes in v18.3.0",
	}
	if diff := cmp.Diff(want, said); diff != "" {
		t.Error(diff)
	}
	excuses, err := ParseDeviations("# why\nServer.closeAll until v18.2.0: It was there, but did nothing.\n" +
		"Server.headersTimeout default since v18.3.0 until v18.4.0: It was taken back in v18.4.0.\nmethod BREW: No coffee is made here, and no tea.\nServer.listen: Nobody disagrees about that.\n")
	if err != nil {
		t.Fatal(err)
	}
	list, unused := Compare(spec, r, excuses)
	if len(list) != 0 || len(unused) != 1 || !strings.Contains(unused[0], "Server.listen") {
		t.Errorf("%v, %v", list, unused)
	}
	for _, broken := range []string{"Server.closeAll", "Server.closeAll: no", "a since x: a reason that is long enough"} {
		if _, err := ParseDeviations(broken); err == nil {
			t.Errorf("%q is a deviation", broken)
		}
	}
}

func TestSourcesOfDatesAreChecked(t *testing.T) {
	const shown = "asked: 18.1.0 18.2.0\nServer.closeAll: no, yes 18.2.0\n"
	for _, c := range []struct{ source, recording, want string }{
		{"", shown, ""},
		{" live", shown, ""},
		{" guess", shown, "a recording shows that v18.2.0 is the first release: say v18.2.0 live"},
		{" elsewhere", shown, "a recording shows"},
		{" guess", "asked: 18.0.0 18.2.0\nServer.closeAll: no, yes 18.2.0\n", ""},
		{" live", "asked: 18.0.0 18.2.0\nServer.closeAll: no, yes 18.2.0\n", "no recording shows that v18.2.0 is the first release: Server.closeAll is ? in v18.1.0 and yes in v18.2.0"},
		{" live", "asked: 18.1.0 18.2.0\nServer.closeAll: yes\n", "no recording shows"},
	} {
		spec := small(t, "classes/Server.yaml", "since: v18.2.0", "since: v18.2.0"+c.source)
		errs := Sources(spec, parsed(t, c.recording))
		said := ""
		for _, f := range errs.Findings() {
			said += f.Message
		}
		if !strings.Contains(said, c.want) || c.want == "" && said != "" {
			t.Errorf("v18.2.0%s with %q: %q", c.source, c.recording, said)
		}
	}
}

// TestQuestionsGoToTheMiddle asks the Nodes of a world in which closeAll came with
// 18.1.0, until nothing is left to ask.
func TestQuestionsGoToTheMiddle(t *testing.T) {
	spec := small(t, "", "", "")
	var available []version.Version
	for _, text := range []string{"18.0.0", "18.1.0", "18.2.0", "18.3.0", "18.4.0", "18.5.0", "18.6.0", "19.0.0", "19.1.0"} {
		available = append(available, at(t, text))
	}
	said := map[version.Version]map[string]string{}
	var r *Recording
	for range available {
		asked := Questions(spec, available, r)
		for _, v := range asked {
			said[v] = map[string]string{"Server.closeAll": yes(v.Compare(at(t, "18.6.0")) >= 0)}
		}
		r = New(said, []string{"Server.closeAll"})
	}
	var asked []string
	for _, v := range r.Asked {
		asked = append(asked, v.String())
	}
	// The ends of lines, the dates of the model with those before, and between 18.3.0
	// and 18.6.0 what tells where the change is.
	if diff := cmp.Diff([]string{"v18.0.0", "v18.1.0", "v18.2.0", "v18.3.0", "v18.5.0", "v18.6.0", "v19.0.0"}, asked); diff != "" {
		t.Error(diff)
	}
}
