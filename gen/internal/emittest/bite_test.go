package emittest

import (
	"encoding/json"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"nodehttp/gen/internal/check"
	"nodehttp/gen/internal/diag"
	"nodehttp/gen/internal/load"
	"nodehttp/gen/internal/model"
	"nodehttp/gen/internal/resolve"
)

// root is the module's directory.
const root = "../../.."

// realSpec is a copy of the model that the module is generated from.
func realSpec(t *testing.T) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{}
	dir := os.DirFS(filepath.Join(root, "spec"))
	err := fs.WalkDir(dir, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(dir, name)
		files[name] = &fstest.MapFile{Data: text}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func read(t *testing.T, files fs.FS) *model.Spec {
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

func written(t *testing.T, files fs.FS) map[string][]byte {
	t.Helper()
	tests, err := Files(read(t, files))
	if err != nil {
		t.Fatal(err)
	}
	return tests
}

// TestTheTestsBite says one thing in the model that is not so, and runs the tests
// that are generated from that in place of those that are there. The package and
// the runtime stay as they are, and so are wrong by what the model says: the
// tests must fail, and say where.
func TestTheTestsBite(t *testing.T) {
	sound := written(t, realSpec(t))
	for name, c := range map[string]struct{ file, old, new, says string }{
		"default": {"classes/Server.yaml", "default: 60000", "default: 61000", "Server.headersTimeout"},
		"default that no getter shows": {"options/Agent.yaml", "default: lifo\n    before: fifo\n    values: [fifo, lifo]\n    history:\n      - {in: [v15.6.0, v14.17.0], change: default, from: fifo}\n",
			"default: fifo\n    values: [fifo, lifo]\n", "Agent.scheduling"},
		"default of an object": {"constants.yaml", "value: 5000", "value: 4000", "globalAgent.timeout"},
		"status code":          {"status_codes.yaml", "text: Continue}", "text: Proceed}", "STATUS_CODES"},
		"error code": {"classes/ServerResponse.yaml", "code: ERR_HTTP_INVALID_STATUS_CODE, when", "code: ERR_INVALID_CHAR, when",
			"EndString fails otherwise"},
		"error kind": {"errors.yaml", "ERR_HTTP_INVALID_STATUS_CODE:\n  kind: RangeError", "ERR_HTTP_INVALID_STATUS_CODE:\n  kind: TypeError",
			"WriteHead fails otherwise"},
		"error that is none": {"functions.yaml", `args: {name: "a b"}`, `args: {name: "a-b"}`, "ValidateHeaderName answers with <nil>"},
		"order":              {"orders.yaml", "[socket, error, close]", "[socket, close, error]", "TestOrderOfConnectionThatFails"},
		"event too many":     {"orders.yaml", "[abort(), abort, close]", "[abort(), close]", "TestOrderOfAbortBeforeASocket"},
		"event's argument":   {"classes/Server.yaml", "HPE_INVALID_METHOD", "HPE_HEADER_OVERFLOW", "TestServerEvents/clientError"},
		"removed member":     {"classes/Server.yaml", "\n  unref:\n    since: v0.9.1\n", "\n  unref:\n    since: v0.9.1\n    until: v18.3.0\n", "Server.Unref"},
		"member of another version": {"classes/Server.yaml", "\n  closeIdleConnections:\n    since: v18.2.0\n", "\n  closeIdleConnections:\n    since: v13.14.0\n",
			"CloseIdleConnections"},
		"signature": {"functions.yaml", "validateHeaderName:\n  since: v14.3.0\n  documented: v19.0\n  params: {name: string}",
			"validateHeaderName:\n  since: v14.3.0\n  documented: v19.0\n  params: {name: bytes}", "ValidateHeaderName"},
		"setter": {"classes/Server.yaml", "type: boolean\n    doc: Whether the server accepts", "type: boolean\n    writable: true\n    doc: Whether the server accepts",
			"SetListening"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			files := realSpec(t)
			text := string(files[c.file].Data)
			if !strings.Contains(text, c.old) {
				t.Fatalf("spec/%s has no %q", c.file, c.old)
			}
			files[c.file].Data = []byte(strings.Replace(text, c.old, c.new, 1))
			if out, failed := run(t, sound, written(t, files)); !failed || !strings.Contains(out, c.says) {
				t.Errorf("the tests failed: %t; they do not say %q:\n%.2000s", failed, c.says, out)
			}
		})
	}
}

// TestTheTestsCatchAWrongPackage makes one file of a generated package wrong, as a
// generator or a runtime would that is, and runs the package's tests as they are.
func TestTheTestsCatchAWrongPackage(t *testing.T) {
	packages := resolve.Packages(read(t, realSpec(t)))
	newest := packages[len(packages)-1].Name
	for name, c := range map[string]struct{ file, old, new, test, says string }{
		"default": {"profile/" + newest + ".go", "HeadersTimeout:              60000", "HeadersTimeout: 61000", "TestDefaults", "Server.headersTimeout"},
		"setter": {"http/server.go", "(*runtime.Server)(s).SetMaxHeadersCount(maxHeadersCount)", "",
			"TestServerProperties", "maxHeadersCount"},
		"event never fires": {"http/server.go", "f(err, (*Socket)(socket))", "", "TestServerEvents/clientError", "in vain for 'clientError' of Server"},
		"event's argument": {"http/server.go", "f(err, (*Socket)(socket))", "f(ErrAborted, (*Socket)(socket))",
			"TestServerEvents", "err is not what the model says"},
		"order": {"http/client_request.go", "(r).Outgoing().OnClose(f)", "(r).Outgoing().OnFinish(f)",
			"TestOrderOfRequestThatSucceeds", "not in the model's order"},
		"error kept back": {"http/functions.go", "return runtime.ValidateHeaderName(name)", "return nil",
			"TestFunctionsErrors", "ValidateHeaderName answers with <nil>"},
		"error of its own": {"http/functions.go", "return runtime.ValidateHeaderName(name)", "return ErrAborted",
			"TestFunctionsErrors", "ValidateHeaderName fails otherwise"},
		"member of no version": {"http/server.go", "func (s *Server) OnClose(", "func (*Server) CloseAll() {}\n\nfunc (s *Server) OnClose(",
			"TestSurface", "Server.CloseAll"},
		"alias of another":   {newest + "/functions.go", "http.Get(url, callback...)", "http.Request(url, callback...)", "TestAliases", `"Get":`},
		"alias of nothing":   {newest + "/errors.go", "ErrAborted = http.ErrAborted", "errAborted = http.ErrAborted", "TestAliases", "http.ErrAborted"},
		"alias that is none": {newest + "/errors.go", "http.ErrAborted", "error(http.ErrAborted)", "TestAliases", "error(http.ErrAborted)"},
		"adapter that drops its handler": {"http/nethttp/nethttp.go", "(*runtime.Server)(server), handler)", "(*runtime.Server)(server), nethttp.NotFoundHandler())",
			"TestAdapters", "TestAdapters/mount"},
		"adapter without its server": {packages[0].Dir + "/nethttp/nethttp.go", "return adapter.NewHandler((*runtime.Server)(server))", "return nethttp.NotFoundHandler()",
			"TestAdapters", "TestAdapters/handler"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(filepath.Join(root, "generated", c.file))
			if err != nil || !strings.Contains(string(text), c.old) {
				t.Fatalf("generated/%s has no %q: %v", c.file, c.old, err)
			}
			of := filepath.Dir(c.file)
			if of == "profile" {
				of = resolve.NewestDir // whose profile the case changes
			}
			wrong := map[string][]byte{c.file: []byte(strings.Replace(string(text), c.old, c.new, 1))}
			if out, failed := runWith(t, c.test, wrong, of); !failed || !strings.Contains(out, c.says) {
				t.Errorf("the tests failed: %t; they do not say %q:\n%.2000s", failed, c.says, out)
			}
		})
	}
}

// run runs the tests that differ from the sound ones in their place, in the
// packages that they belong to.
func run(t *testing.T, sound, changed map[string][]byte) (out string, failed bool) {
	t.Helper()
	different, packages := map[string][]byte{}, map[string]bool{}
	for name, text := range changed {
		if string(text) != string(sound[name]) {
			different[name] = text
			packages[path.Dir(name)] = true
		}
	}
	if len(different) == 0 {
		t.Fatal("the generated tests are the same")
	}
	return runWith(t, "", different, slices.Sorted(maps.Keys(packages))...)
}

// runWith runs a test, or all, of generated packages with other files in the place
// of some below generated/: for the compiler, and for the tests that read source.
func runWith(t *testing.T, test string, others map[string][]byte, packages ...string) (out string, failed bool) {
	t.Helper()
	dir := t.TempDir()
	generated, err := filepath.Abs(filepath.Join(root, "generated"))
	if err != nil {
		t.Fatal(err)
	}
	scratch := filepath.Join(dir, "generated")
	if err := os.CopyFS(scratch, os.DirFS(generated)); err != nil {
		t.Fatal(err)
	}
	replace := map[string]string{}
	for name, text := range others {
		name = filepath.FromSlash(name)
		if err := os.WriteFile(filepath.Join(scratch, name), text, 0o644); err != nil {
			t.Fatal(err)
		}
		replace[filepath.Join(generated, name)] = filepath.Join(scratch, name)
	}
	overlay, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		t.Fatal(err)
	}
	overlaid := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(overlaid, overlay, 0o644); err != nil {
		t.Fatal(err)
	}
	build := []string{"test", "-c", "-o", dir + "/", "-overlay", overlaid}
	for _, p := range packages {
		build = append(build, "./generated/"+p)
	}
	cmd := exec.Command("go", build...)
	cmd.Dir = root
	output, err := cmd.CombinedOutput()
	out, failed = string(output), err != nil
	if failed {
		return out, failed
	}
	for _, p := range packages {
		cmd := exec.Command(filepath.Join(dir, path.Base(p)+".test"), "-test.run", test)
		cmd.Dir = filepath.Join(scratch, p)
		output, err := cmd.CombinedOutput()
		out, failed = out+string(output), failed || err != nil
	}
	return out, failed
}

// TestTestsAreWrittenTheSameEachTime compares two runs.
func TestTestsAreWrittenTheSameEachTime(t *testing.T) {
	first, second := written(t, realSpec(t)), written(t, realSpec(t))
	if len(first) == 0 || len(first) != len(second) {
		t.Fatalf("%d and %d files", len(first), len(second))
	}
	for name, text := range first {
		if string(text) != string(second[name]) {
			t.Errorf("%s differs", name)
		}
	}
}
