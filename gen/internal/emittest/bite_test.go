package emittest

import (
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
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

// TestTheTestsBite says in the model what is not so, and runs the tests that are
// generated from that in place of those that are there. The packages and the runtime
// stay as they are, and so are wrong by what the model says: the tests must fail, and
// say where. A build takes long, so all that is said wrong shares one, and what does not
// even compile another; each must be told by words that only it brings about.
func TestTheTestsBite(t *testing.T) {
	type mutation struct{ file, old, new, says string }
	sound := written(t, realSpec(t))
	for told, mutations := range map[string]map[string]mutation{"by a run": {
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
		"removed member":     {"classes/Server.yaml", "\n  unref:\n    since: v0.9.1 elsewhere\n", "\n  unref:\n    since: v0.9.1 elsewhere\n    until: v18.3.0 guess\n", "Server.Unref"},
	}, "by the compiler": {
		"member of another version": {"classes/Server.yaml", "\n  closeIdleConnections:\n    since: v18.2.0\n", "\n  closeIdleConnections:\n    since: v13.14.0 guess\n",
			"CloseIdleConnections"},
		"signature": {"functions.yaml", "go: [ValidateHeaderName(name string) error]", `go: ["ValidateHeaderName(name []byte) error"]`, "ValidateHeaderName"},
		"setter": {"classes/Server.yaml", "type: boolean\n    doc: Whether the server accepts", "type: boolean\n    writable: true\n    doc: Whether the server accepts",
			"SetListening"},
	}} {
		t.Run(told, func(t *testing.T) {
			t.Parallel()
			files := realSpec(t)
			for _, c := range mutations {
				text := string(files[c.file].Data)
				if !strings.Contains(text, c.old) {
					t.Fatalf("spec/%s has no %q", c.file, c.old)
				}
				files[c.file].Data = []byte(strings.Replace(text, c.old, c.new, 1))
			}
			out, failed := run(t, sound, written(t, files))
			for name, c := range mutations {
				if !failed || !strings.Contains(out, c.says) {
					t.Errorf("%s: the tests failed: %t; they do not say %q:\n%s", name, failed, c.says, out)
				}
			}
		})
	}
}

// TestTheTestsCatchAWrongPackage makes generated packages wrong, as a generator or a
// runtime would that is, and runs their tests as they are. Faults of which each has a
// test of its own to find it share a build.
func TestTheTestsCatchAWrongPackage(t *testing.T) {
	type fault struct{ file, old, new, test, says string }
	packages := resolve.Packages(read(t, realSpec(t)))
	newest := packages[len(packages)-1].Name
	faults := map[string]fault{
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
		"server of another kind": {"https/functions.go", "options.toRuntime(), wrapIncomingMessageServerResponse", "runtime.SecureServerOptions{}, wrapIncomingMessageServerResponse",
			"TestSecure", "remote error: tls"},
		"adapter without its server": {packages[0].Dir + "/nethttp/nethttp.go", "return adapter.NewHandler((*runtime.Server)(server))", "return nethttp.NotFoundHandler()",
			"TestAdapters", "TestAdapters/handler"},
	}
	type finder struct{ pkg, test string }
	type round struct {
		wrong    map[string][]byte
		packages map[string]bool
		faults   map[finder]fault
	}
	var rounds []*round
	for _, name := range slices.Sorted(maps.Keys(faults)) {
		c := faults[name]
		of := path.Dir(c.file)
		if of == "profile" {
			of = resolve.NewestDir // whose profile the fault changes
		}
		test, _, _ := strings.Cut(c.test, "/")
		found := finder{of, test}
		i := slices.IndexFunc(rounds, func(r *round) bool {
			for other := range r.faults {
				if other == found || other.pkg != of && path.Base(other.pkg) == path.Base(of) { // a build names tests so
					return false
				}
			}
			return true
		})
		if i < 0 {
			i = len(rounds)
			rounds = append(rounds, &round{map[string][]byte{}, map[string]bool{}, map[finder]fault{}})
		}
		r := rounds[i]
		text, ok := r.wrong[c.file]
		if !ok {
			var err error
			if text, err = os.ReadFile(filepath.Join(root, "generated", c.file)); err != nil {
				t.Fatal(err)
			}
		}
		if !strings.Contains(string(text), c.old) {
			t.Fatalf("%s: generated/%s has no %q", name, c.file, c.old)
		}
		r.wrong[c.file] = []byte(strings.Replace(string(text), c.old, c.new, 1))
		r.packages[of] = true
		r.faults[found] = c
	}
	for i, r := range rounds {
		t.Run(strconv.Itoa(i), func(t *testing.T) {
			t.Parallel()
			b, out, err := build(t, r.wrong, slices.Sorted(maps.Keys(r.packages))...)
			if err != nil {
				t.Fatal(out)
			}
			var group sync.WaitGroup
			for by, c := range r.faults {
				group.Go(func() { // what fails may have waited long
					if out, err := b.run(by.pkg, c.test); err == nil || !strings.Contains(out, c.says) {
						t.Errorf("%s, %q: %v; the tests do not say %q:\n%.2000s", c.file, c.new, err, c.says, out)
					}
				})
			}
			group.Wait()
		})
	}
}

// run runs the tests that differ from the sound ones in their place, in the
// packages that they belong to.
func run(t *testing.T, sound, changed map[string][]byte) (out string, failed bool) {
	t.Helper()
	different, of := map[string][]byte{}, map[string]bool{}
	for name, text := range changed {
		if string(text) != string(sound[name]) {
			different[name] = text
			of[path.Dir(name)] = true
		}
	}
	if len(different) == 0 {
		t.Fatal("the generated tests are the same")
	}
	packages := slices.Sorted(maps.Keys(of))
	b, out, err := build(t, different, packages...)
	if err != nil {
		return out, true
	}
	outputs, errs := make([]string, len(packages)), make([]error, len(packages))
	var group sync.WaitGroup
	for i, p := range packages {
		group.Go(func() { outputs[i], errs[i] = b.run(p, "") })
	}
	group.Wait()
	return strings.Join(outputs, ""), errors.Join(errs...) != nil
}

// built are tests of generated packages, and the packages' sources for those that
// read them.
type built struct{ tests, generated string }

// run runs a test of a package, or all.
func (b built) run(pkg, test string) (out string, err error) {
	cmd := exec.Command(filepath.Join(b.tests, path.Base(pkg)+".test"), "-test.run", test)
	cmd.Dir = filepath.Join(b.generated, filepath.FromSlash(pkg))
	output, err := cmd.CombinedOutput()
	return string(output), err
}

// build builds the tests of generated packages, whose paths end differently, with other files in the place of some
// below generated/: for the compiler, and for the tests that read source. An error
// has the compiler's output.
func build(t *testing.T, others map[string][]byte, packages ...string) (b built, out string, err error) {
	t.Helper()
	dir := t.TempDir()
	generated, err := filepath.Abs(filepath.Join(root, "generated"))
	if err != nil {
		t.Fatal(err)
	}
	b = built{dir, filepath.Join(dir, "generated")}
	if err := os.CopyFS(b.generated, os.DirFS(generated)); err != nil {
		t.Fatal(err)
	}
	replace := map[string]string{}
	for name, text := range others {
		name = filepath.FromSlash(name)
		if err := os.WriteFile(filepath.Join(b.generated, name), text, 0o644); err != nil {
			t.Fatal(err)
		}
		replace[filepath.Join(generated, name)] = filepath.Join(b.generated, name)
	}
	overlay, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		t.Fatal(err)
	}
	overlaid := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(overlaid, overlay, 0o644); err != nil {
		t.Fatal(err)
	}
	args := []string{"test", "-c", "-ldflags=-w", "-gcflags=-e", "-o", dir + "/", "-overlay", overlaid}
	for _, p := range packages {
		args = append(args, "./generated/"+p)
	}
	cmd := exec.Command("go", args...)
	cmd.Dir = root
	output, err := cmd.CombinedOutput()
	return b, string(output), err
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
