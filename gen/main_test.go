package main

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"nodehttp/gen/internal/listing"
	"nodehttp/gen/internal/testspec"
)

// realSpec is the model that the module is generated from.
var realSpec = os.DirFS("../spec")

// scratch returns a module's directory with a copy of a model, with the errors of
// package core and of the small model, and nothing else.
func scratch(t *testing.T, spec fs.FS) string {
	t.Helper()
	root := t.TempDir()
	errs, err := os.ReadFile("../core/errors.go")
	if err != nil {
		t.Fatal(err)
	}
	core := fstest.MapFS{"errors.go": {Data: errs}, "small.go": {Data: []byte("package core\n\nvar ErrSent = sentinel(\"\", \"\", \"\")\n")}}
	for dir, files := range map[string]fs.FS{"spec": spec, "core": core} {
		if err := os.CopyFS(filepath.Join(root, dir), files); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// call runs the command line and returns its status and what it printed.
func call(t *testing.T, root string, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	var out, err bytes.Buffer
	status = run(root, args, &out, &err)
	return status, out.String(), err.String()
}

// tree reads the files below dir.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.Walk(dir, func(path string, info os.FileInfo, err error) error {
		if err != nil || info.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		files[filepath.ToSlash(name)] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestGeneratedIsWhatTheModelSays(t *testing.T) {
	root := scratch(t, realSpec)
	if status, _, stderr := call(t, root, "generate"); status != statusOK {
		t.Fatal(stderr)
	}
	if diff := cmp.Diff(tree(t, filepath.Join(root, "generated")), tree(t, "../generated")); diff != "" {
		t.Errorf("generated/ is not what spec/ says (run go run ./gen generate):\n%s", diff)
	}
	status, stdout, stderr := call(t, root, "generate")
	if status != statusOK || stdout != "" {
		t.Errorf("a second run changed something: %s%s", stdout, stderr)
	}
}

func TestAnErrorWritesNothing(t *testing.T) {
	root := scratch(t, testspec.Files())
	if status, _, stderr := call(t, root, "generate"); status != statusOK {
		t.Fatal(stderr)
	}
	before := tree(t, filepath.Join(root, "generated"))
	path := filepath.Join(root, "spec", "classes", "Server.yaml")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	broken := strings.Replace(string(text), "extends: net.Server", "extends: Sewer", 1)
	broken = strings.Replace(broken, "Accepts", "Refuses", 1)
	if err := os.WriteFile(path, []byte(broken), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, verb := range []string{"generate", "check", "list"} {
		status, stdout, stderr := call(t, root, verb)
		if want := "spec/classes/Server.yaml:4:10: unknown class \"Sewer\"\n"; status != statusErrors || stderr != want || stdout != "" {
			t.Errorf("%s: status %d, stdout %q, stderr %q", verb, status, stdout, stderr)
		}
	}
	if diff := cmp.Diff(before, tree(t, filepath.Join(root, "generated"))); diff != "" {
		t.Error(diff)
	}
}

func TestUsage(t *testing.T) {
	root := scratch(t, testspec.Files())
	for _, args := range [][]string{
		{}, {"frobnicate"}, {"check", "now"}, {"generate", "-fast"}, {"schema", "check"}, {"headings"}, {"headings", "v19.0"}, {"headings", "new", "main.go"}, {"versions", "all"}, {"schema", "list", "diff"}, {"site"}, {"site", "a", "b"}, {"site", "-fast", "a"}, {"list", "v8"}, {"list", "-format", "xml"},
		{"list", "-all", "-deviations"}, {"list", "-at", "v8.x"}, {"list", "-at", "v20"}, {"list", "-at", "v19.0.1"}, {"list", "-at", "v0.3.0"},
	} {
		status, stdout, stderr := call(t, root, args...)
		if status != statusUsage || stdout != "" || !strings.Contains(stderr, "usage: gen") {
			t.Errorf("%v: status %d, stdout %q, stderr %q", args, status, stdout, stderr)
		}
	}
	for _, args := range [][]string{{"-h"}, {"--help"}, {"list", "-h"}, {"diff", "-help"}} {
		if status, stdout, stderr := call(t, root, args...); status != statusOK || stdout != usage || stderr != "" {
			t.Errorf("%v: status %d, stdout %q, stderr %q", args, status, stdout, stderr)
		}
	}
	if status, _, stderr := call(t, root, "check"); status != statusOK || stderr != "" {
		t.Errorf("check: status %d, %s", status, stderr)
	}
}

func TestThereAreNoOtherReleases(t *testing.T) {
	root := scratch(t, realSpec)
	for _, v := range []string{"v18.99.99", "v18.12.7", "v18.99", "v0.11.99", "1.9.0"} {
		for _, args := range [][]string{{"list", "-at", v}, {"diff", v, "v19.0"}, {"diff", "v0.8", v}} {
			status, stdout, stderr := call(t, root, args...)
			if status != statusUsage || stdout != "" || !strings.HasPrefix(stderr, "gen: there is no release v"+strings.TrimPrefix(v, "v")+": ") {
				t.Errorf("%v: status %d, %q, %q", args, status, stdout, stderr)
			}
		}
	}
	for _, v := range []string{"v18.20.8", "v18.20", "v18", "v0.11.16", "v3", "0.4"} {
		if status, _, stderr := call(t, root, "list", "-at", v); status != statusOK {
			t.Errorf("%s: %s", v, stderr)
		}
	}
}

func TestGenerateKeepsWhatItDidNotWrite(t *testing.T) {
	root := scratch(t, testspec.Files())
	if status, _, stderr := call(t, root, "generate"); status != statusOK {
		t.Fatal(stderr)
	}
	notes := filepath.Join(root, "generated", "http", "notes.md")
	if err := os.WriteFile(notes, []byte("mine"), 0o644); err != nil {
		t.Fatal(err)
	}
	before := tree(t, filepath.Join(root, "generated"))
	status, stdout, stderr := call(t, root, "generate")
	if status != statusErrors || stdout != "" || !strings.Contains(stderr, "http/notes.md: not written by the generator") {
		t.Errorf("status %d, %q, %q", status, stdout, stderr)
	}
	if diff := cmp.Diff(before, tree(t, filepath.Join(root, "generated"))); diff != "" {
		t.Error(diff)
	}
}

func TestCheckTellsWhatTheNewestDocumentPassesOver(t *testing.T) {
	root := scratch(t, realSpec)
	if status, stdout, stderr := call(t, root, "check"); status != statusOK || stdout+stderr != "" {
		t.Errorf("status %d, %q, %q", status, stdout, stderr)
	}
	root = edited(t, "headings.yaml", "closeAllConnections, closeIdleConnections, headersTimeout", "closeAllConnections, closeIdleConnections")
	edit(t, root, "headings.yaml", "closeAllConnections, closeIdleConnections, headersTimeout", "closeAllConnections, closeIdleConnections")
	edit(t, root, "headings.yaml", "\nv19.0:\n", "\nv18.0: {headings: {Server: [headersTimeout]}}\nv19.0:\n")
	edit(t, root, "versions.yaml", "\nv19.0:\n", "\nv18.0: {node: v18.0.0}\nv19.0:\n")
	edit(t, root, "classes/Server.yaml", "v8.14.0 live, v6.15.0 guess]\n    documented: v19.0\n", "v8.14.0 live, v6.15.0 guess]\n")
	status, stdout, stderr := call(t, root, "check")
	if want := "v26.5 does not mention Server.headersTimeout, which older documents show: is it gone?\n"; status != statusOK || stdout != want || stderr != "" {
		t.Errorf("status %d, %q, %q", status, stdout, stderr)
	}
}

func TestVersionsAreThoseOfTheModel(t *testing.T) {
	root := scratch(t, testspec.Files())
	edit(t, root, "versions.yaml", "v13.14: {node: v13.14.0}", "v13.14: {node: v13.14.0, package: v13_14, referee: v13.13.0}")
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"versions"}, "v13.14\tv13.14.0\tv13_14\t13.13.0\nv19.0\tv19.0.0\thttp\t\n"},
		{[]string{"versions", "-nodes"}, "13.13.0\n"},
	} {
		if status, stdout, stderr := call(t, root, c.args...); status != statusOK || stdout != c.want || stderr != "" {
			t.Errorf("%v: status %d, %q, %q", c.args, status, stdout, stderr)
		}
	}
}

func TestDiff(t *testing.T) {
	root := scratch(t, realSpec)
	for _, c := range []struct {
		args   []string
		status int
	}{
		{[]string{"v0.8", "v19.0"}, statusDifferent},
		{[]string{"-format", "markdown", "v0.8", "v10.19.0"}, statusDifferent},
		{[]string{"-breaking", "-format", "json", "v19", "v0.4"}, statusDifferent},
		{[]string{"v19.0", "19.0.0"}, statusOK},
		{[]string{"-breaking", "v18.7.0", "v18.11.0"}, statusOK},
	} {
		status, stdout, stderr := call(t, root, append([]string{"diff"}, c.args...)...)
		if status != c.status || stderr != "" || (stdout == "") != (status == statusOK) {
			t.Errorf("diff %v: status %d, %q, %q", c.args, status, stdout, stderr)
		}
	}
	for _, args := range [][]string{
		{}, {"v19"}, {"v8", "v9", "v10"}, {"-format", "xml", "v8", "v9"}, {"v19", "v27"}, {"v0.3.0", "v19"}, {"v8.x", "v19"}, {"v19", ""},
	} {
		status, stdout, stderr := call(t, root, append([]string{"diff"}, args...)...)
		if status != statusUsage || stdout != "" || !strings.Contains(stderr, "usage: gen") {
			t.Errorf("diff %v: status %d, %q, %q", args, status, stdout, stderr)
		}
	}
	var documents []string
	_, versions, _ := call(t, root, "versions")
	for line := range strings.Lines(versions) {
		name, _, _ := strings.Cut(line, "\t")
		documents = append(documents, name)
	}
	if _, _, stderr := call(t, root, "diff", "v19", "v99"); len(documents) == 0 || !strings.Contains(stderr, strings.Join(documents, ", ")) {
		t.Errorf("the known versions are not listed: %s", stderr)
	}
}

// TestReadmeShowsARealDiff holds the groups of changes in README.md against what
// is printed.
func TestReadmeShowsARealDiff(t *testing.T) {
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile("`make diff FROM=(\\S+) TO=(\\S+)`:\n\n((?:    .*\n|\n)+)").FindStringSubmatch(string(readme))
	if found == nil {
		t.Fatal("README.md shows no diff")
	}
	_, stdout, _ := call(t, scratch(t, realSpec), "diff", found[1], found[2])
	printed := strings.Split(strings.TrimSuffix(stdout, "\n"), "\n\n")
	shown := strings.ReplaceAll("\n"+strings.TrimSpace(found[3]), "\n    ", "\n")[1:]
	for group := range strings.SplitSeq(shown, "\n\n") {
		if !slices.Contains(printed, group) {
			t.Errorf("gen diff %s %s does not print\n%s", found[1], found[2], group)
		}
	}
}

// entry is what of a listed member these tests look at.
type entry struct {
	Kind, Owner, Name string
	Provenance        listing.Provenance
}

func TestListPrintsOneFormatAsTheOther(t *testing.T) {
	root := scratch(t, realSpec)
	_, tsv, _ := call(t, root, "list")
	_, text, _ := call(t, root, "list", "-format", "json")
	var entries []entry
	if err := json.Unmarshal([]byte(text), &entries); err != nil {
		t.Fatal(err)
	}
	var joined strings.Builder
	for _, e := range entries {
		joined.WriteString(e.Kind + "\t" + e.Owner + "\t" + e.Name + "\n")
	}
	if diff := cmp.Diff(tsv, joined.String()); diff != "" {
		t.Error(diff)
	}
	for _, line := range []string{
		"class\thttp\tServer", "function\thttp\tcreateServer", "constant\thttp\tSTATUS_CODES", "constructor\tAgent\tAgent",
		"method\tServerResponse\tcork", "property\tIncomingMessage\thttpVersionMajor", "event\tServer\ttimeout",
		"option\thttp.createServer\tnoDelay", "option\thttp.request\tsetHost", "option\tAgent\tscheduling",
	} {
		if !strings.Contains(tsv, line+"\n") {
			t.Errorf("the list lacks %q", line)
		}
	}
}

func TestListMarksWhatIsDerived(t *testing.T) {
	root := scratch(t, realSpec)
	_, text, _ := call(t, root, "list", "-at", "v13.14", "-format", "json")
	var entries []entry
	if err := json.Unmarshal([]byte(text), &entries); err != nil {
		t.Fatal(err)
	}
	derived := map[string]bool{}
	for _, e := range entries {
		derived[e.Owner+"."+e.Name] = e.Provenance == listing.Derived
	}
	for name, want := range map[string]bool{
		"Agent.keepSocketAlive": false, "ClientRequest.abort": false, "ClientRequest.cork": true, "Server.keepAliveTimeout": true,
	} {
		if got, there := derived[name]; !there || got != want {
			t.Errorf("%s: there %v, derived %v", name, there, got)
		}
	}
	_, text, _ = call(t, root, "list", "-format", "json")
	if strings.Contains(text, `"provenance": "derived"`) {
		t.Error("the newest version is derived")
	}
}

func TestListTellsDatesAndTheirSources(t *testing.T) {
	root := edited(t, "classes/Server.yaml", "since: v18.2.0", "since: v18.1.0 guess")
	_, plain, _ := call(t, root, "list")
	_, dates, stderr := call(t, root, "list", "-dates")
	for _, want := range []string{
		"\nmethod\tServer\tcloseAllConnections\tsince v18.1.0 guess\n", "\nmethod\tServer\tcloseIdleConnections\tsince v18.2.0\n",
		"\nproperty\tServer\trequestTimeout\tsince v14.11.0; default v18.0.0\n", "; default of keepAlive v19.0.0;",
	} {
		if !strings.Contains(dates, want) {
			t.Errorf("there is no %q in %s%s", want, dates, stderr)
		}
	}
	if strings.Count(plain, "\n") != strings.Count(dates, "\n") {
		t.Error("-dates lists other members")
	}
	if _, diff, _ := call(t, root, "diff", "v18.0.0", "v18.3.0"); !strings.Contains(diff, "method closeAllConnections (v18.1.0 guess)\n") {
		t.Error(diff)
	}
	if status, _, _ := call(t, root, "list", "-dates", "-deviations"); status != statusUsage {
		t.Error("-dates and -deviations go together")
	}
}

func TestListPrintsDeviations(t *testing.T) {
	root := scratch(t, realSpec)
	status, text, stderr := call(t, root, "list", "-deviations")
	if status != statusOK {
		t.Fatal(stderr)
	}
	for _, want := range []string{
		"\nServerResponse.writeHead\tGo returns an error", "\nhttp.setMaxIdleHTTPParsers\tIt has no Go form. ", "\nfolded lines\tNode: ", " Why: ",
	} {
		if !strings.Contains("\n"+text, want) {
			t.Errorf("there is no %q in\n%s", want, text)
		}
	}
	for line := range strings.Lines(text) {
		if of, reason, found := strings.Cut(line, "\t"); !found || of == "" || len(reason) < 20 {
			t.Errorf("%q tells no reason", line)
		}
	}
	_, older, _ := call(t, root, "list", "-deviations", "-at", "v0.8")
	_, newest, _ := call(t, root, "list", "-deviations", "-at", "v19.0")
	const parser = "\nparser of older versions\t"
	if !strings.Contains(text, parser) || !strings.Contains(older, parser) || strings.Contains(newest, parser) {
		t.Error("deviations are not those of the version")
	}
	var objects []difference
	_, text, _ = call(t, root, "list", "-deviations", "-format", "json")
	if err := json.Unmarshal([]byte(text), &objects); err != nil || len(objects) == 0 || objects[0].Why == "" {
		t.Errorf("%v: %s", err, text)
	}
}

func TestListTakesEverySpellingOfAVersion(t *testing.T) {
	root := scratch(t, testspec.Files())
	_, newest, _ := call(t, root, "list")
	for _, v := range []string{"v19.0", "v19", "19.0.0", "v19.0.0"} {
		if _, list, stderr := call(t, root, "list", "-at", v); list != newest {
			t.Errorf("%s is not the newest: %s", v, stderr)
		}
	}
	_, older, _ := call(t, root, "list", "-at", "v10.19.0")
	if older == newest || older == "" {
		t.Error("v10.19.0 is the newest")
	}
	_, all, _ := call(t, root, "list", "-all")
	if !strings.Contains(all, "function\thttp\twait\n") || strings.Contains(newest, "function\thttp\twait\n") {
		t.Error("-all adds what only Go has")
	}
}

func TestASymbolNamesAMember(t *testing.T) {
	root := edited(t, "classes/Server.yaml", "\nmethods:\n", "\nmethods:\n  Symbol.dispose: {since: v19.0.0 guess, doc: Closes the server.}\n")
	edit(t, root, "headings.yaml", "closeAllConnections, closeIdleConnections, headersTimeout", "Symbol.dispose, closeAllConnections, closeIdleConnections, headersTimeout")
	if status, _, stderr := call(t, root, "generate"); status != statusOK {
		t.Fatal(stderr)
	}
	text, err := os.ReadFile(filepath.Join(root, "generated", "http", "server.go"))
	if err != nil || !strings.Contains(string(text), "\nfunc (s *Server) Dispose() {\n\t(*runtime.Server)(s).Dispose()\n}\n") {
		t.Errorf("%v: there is no Dispose in\n%s", err, text)
	}
	if _, stdout, _ := call(t, root, "list"); !strings.Contains(stdout, "\nmethod\tServer\tSymbol.dispose\n") {
		t.Error("it is not listed")
	}
	if _, stdout, _ := call(t, root, "diff", "v18", "v19"); !strings.Contains(stdout, "  added      method Symbol.dispose (v19.0.0 guess)\n") {
		t.Errorf("it is no difference:\n%s", stdout)
	}
}

// edited returns a module's directory with the real model, in which old is
// replaced by new in one file.
func edited(t *testing.T, file, old, new string) string {
	t.Helper()
	root := scratch(t, realSpec)
	edit(t, root, file, old, new)
	return root
}

// edit replaces the first old by new in a file of the model in root.
func edit(t *testing.T, root, file, old, new string) {
	t.Helper()
	path := filepath.Join(root, "spec", filepath.FromSlash(file))
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), old) {
		t.Fatalf("spec/%s has no %q", file, old)
	}
	if err := os.WriteFile(path, []byte(strings.Replace(string(text), old, new, 1)), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestAMistakeIsOneLine(t *testing.T) {
	oneLine := regexp.MustCompile(`^spec/[^:]+:[0-9]+:[0-9]+: [^\n]+\n$`)
	for name, c := range map[string]struct{ file, old, new, says string }{
		"tab":              {"classes/Server.yaml", "\n    since: v18.2.0", "\n\t  since: v18.2.0", "tab"},
		"unknown key":      {"classes/Server.yaml", "writable: true", "writeable: true", `unknown key "writeable"`},
		"missing type":     {"classes/Server.yaml", "    type: milliseconds\n", "", "has no type"},
		"wrong version":    {"classes/Server.yaml", "since: v18.2.0", "since: v18.2", "not one release"},
		"duplicate member": {"classes/Server.yaml", "\n  closeIdleConnections:\n", "\n  closeAllConnections:\n", "twice"},
		"dangling class":   {"classes/Server.yaml", "extends: net.Server", "extends: net.Sewer", `unknown class "net.Sewer"`},
		"default's type":   {"classes/Server.yaml", "default: 60000", "default: soon", "not a value of type milliseconds"},
		"cycle":            {"classes/OutgoingMessage.yaml", "extends: Stream\n", "extends: ServerResponse\nbase: Outgoing\n", "extends itself"},
		"error code":       {"functions.yaml", "code: ERR_INVALID_URL", "code: ERR_INVALID_LINK", `unknown error code "ERR_INVALID_LINK"`},
		"no sentinel":      {"errors.yaml", "sentinel: ErrAborted", "sentinel: ErrAbandoned", "package core has no variable ErrAbandoned"},
		"bad order":        {"orders.yaml", "[socket, error, close]", "[socket, horror, close]", `no event "horror"`},
	} {
		t.Run(name, func(t *testing.T) {
			root := edited(t, c.file, c.old, c.new)
			status, stdout, stderr := call(t, root, "generate")
			if status != statusErrors || stdout != "" || !oneLine.MatchString(stderr) || !strings.Contains(stderr, c.says) {
				t.Errorf("status %d, %q, %q", status, stdout, stderr)
			}
			if _, err := os.Stat(filepath.Join(root, "generated")); err == nil {
				t.Error("something was written")
			}
		})
	}
}

// TestAnAdditionAppearsEverywhere adds an option and an event that a document shows,
// as a maintainer does, and looks for what follows from it.
func TestAnAdditionAppearsEverywhere(t *testing.T) {
	root := edited(t, "options/createServer.yaml", "\n  noDelay:\n",
		"\n  patience:\n    since: v19.0.0 guess\n    type: milliseconds\n    default: 250\n    doc: How long the server waits.\n  noDelay:\n")
	edit(t, root, "classes/Server.yaml", "\nevents:\n",
		"\nevents:\n  weary:\n    since: v19.0.0 guess\n    scenario: {call: [close]}\n    doc: The server has waited long enough.\n")
	edit(t, root, "headings.yaml", `["'checkContinue'", "'checkExpectation'"`, `["'weary'", "'checkContinue'", "'checkExpectation'"`)
	edit(t, root, "headings.yaml", "[IncomingMessage, ServerResponse, requestTimeout", "[patience, IncomingMessage, ServerResponse, requestTimeout")
	if status, _, stderr := call(t, root, "generate"); status != statusOK {
		t.Fatal(stderr)
	}
	for file, want := range map[string]string{
		"http/server_options.go": "Patience time.Duration",
		"http/server.go":         "func (s *Server) OnWeary(f func()) *Subscription",
		"http/api.txt":           "OnceWeary",
		"http/defaults_test.go":  "scene.ServerPatience(",
		"http/events_test.go":    "object.OnWeary(",
		"http/surface_test.go":   `"ServerOptions.Patience"`,
		"profile/v19_0.go":       "250,",
		"profile/profile.go":     "Patience int64",
	} {
		text, err := os.ReadFile(filepath.Join(root, "generated", filepath.FromSlash(file)))
		if err != nil || !strings.Contains(string(text), want) {
			t.Errorf("generated/%s lacks %q: %v", file, want, err)
		}
	}
	_, stdout, _ := call(t, root, "diff", "v18.12.0", "v19.0")
	for _, want := range []string{"  added      option patience: default 250 (v19.0.0 guess)\n", "  changed    option patience: default none → 250 (v19.0.0 guess)\n", "  added      event weary (v19.0.0 guess)\n"} {
		if !strings.Contains(stdout, want) {
			t.Errorf("diff lacks %q:\n%s", want, stdout)
		}
	}
}

func TestSite(t *testing.T) {
	root := scratch(t, testspec.Files())
	dir := filepath.Join(t.TempDir(), "new", "pages")
	index := filepath.Join(dir, "index.html")
	for range 2 {
		if status, stdout, stderr := call(t, root, "site", dir); status != statusOK || stdout != index+"\n" {
			t.Fatalf("status %d, stdout %q, stderr %q", status, stdout, stderr)
		}
	}
	if len(tree(t, dir)) < 20 {
		t.Errorf("only %d files", len(tree(t, dir)))
	}
	if status, _, stderr := call(t, root, "site", "-uses", filepath.Join(root, "none"), dir); status != statusErrors || stderr == "" {
		t.Errorf("uses that are not there: status %d, stderr %q", status, stderr)
	}
	foreign := t.TempDir()
	if err := os.WriteFile(filepath.Join(foreign, "index.html"), []byte("mine"), 0o644); err != nil {
		t.Fatal(err)
	}
	if status, _, stderr := call(t, root, "site", foreign); status != statusErrors || !strings.Contains(stderr, "not written by the generator") {
		t.Errorf("a foreign file: status %d, stderr %q", status, stderr)
	}
	if text := tree(t, foreign); len(text) != 1 || text["index.html"] != "mine" {
		t.Errorf("the foreign file is %v", text)
	}
}

func TestDiffAsPage(t *testing.T) {
	root := scratch(t, testspec.Files())
	status, stdout, stderr := call(t, root, "diff", "-format", "html", "v0.8", "v19.0")
	if status != statusDifferent || !strings.HasPrefix(stdout, "<!doctype html>") || !strings.HasSuffix(stdout, "</html>\n") {
		t.Errorf("status %d, stdout %.80q, stderr %q", status, stdout, stderr)
	}
	if status, stdout, _ := call(t, root, "diff", "-format", "html", "v19.0", "v19.0"); status != statusOK || !strings.Contains(stdout, "Nothing changed.") {
		t.Errorf("nothing changed: status %d, stdout %q", status, stdout)
	}
}
