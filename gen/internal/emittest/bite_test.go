package emittest

import (
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"nodehttp/gen/internal/check"
	"nodehttp/gen/internal/diag"
	"nodehttp/gen/internal/load"
	"nodehttp/gen/internal/model"
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
		"default":                      {"classes/Server.yaml", "default: 60000", "default: 61000", "Server.headersTimeout"},
		"default that no getter shows": {"options/Agent.yaml", "default: lifo", "default: fifo", "Agent.scheduling"},
		"default of an object":         {"constants.yaml", "value: 5000", "value: 4000", "globalAgent.timeout"},
		"status code":                  {"status_codes.yaml", "text: Continue}", "text: Proceed}", "STATUS_CODES"},
		"error code": {"classes/ServerResponse.yaml", "code: ERR_HTTP_INVALID_STATUS_CODE", "code: ERR_INVALID_CHAR",
			"WriteHead fails otherwise"},
		"error kind": {"errors.yaml", "ERR_HTTP_INVALID_STATUS_CODE:\n  kind: RangeError", "ERR_HTTP_INVALID_STATUS_CODE:\n  kind: TypeError",
			"WriteHead fails otherwise"},
		"error that is none": {"functions.yaml", `args: {name: "a b"}`, `args: {name: "a-b"}`, "ValidateHeaderName answers with <nil>"},
		"order":              {"orders.yaml", "[socket, error, close]", "[socket, close, error]", "TestOrderOfConnectionThatFails"},
		"event too many":     {"orders.yaml", "[abort(), abort, close]", "[abort(), close]", "TestOrderOfAbortBeforeASocket"},
		"event's argument":   {"classes/Server.yaml", "HPE_INVALID_METHOD", "HPE_HEADER_OVERFLOW", "TestServerEvents/clientError"},
		"removed member": {"classes/Server.yaml", "\n  closeIdleConnections:\n    since: v18.2.0\n    documented: v19.0\n",
			"\n  closeIdleConnections:\n    since: v18.2.0\n    until: v18.3.0\n    documented: []\n", "Server.CloseIdleConnections"},
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

// run runs the tests that differ from the sound ones in their place, in the
// packages that they belong to.
func run(t *testing.T, sound, changed map[string][]byte) (out string, failed bool) {
	t.Helper()
	dir := t.TempDir()
	generated, err := filepath.Abs(filepath.Join(root, "generated"))
	if err != nil {
		t.Fatal(err)
	}
	replace, packages := map[string]string{}, map[string]bool{}
	for name, text := range changed {
		if string(text) == string(sound[name]) {
			continue
		}
		replacement := filepath.Join(dir, strings.ReplaceAll(name, "/", "-"))
		if err := os.WriteFile(replacement, text, 0o644); err != nil {
			t.Fatal(err)
		}
		replace[filepath.Join(generated, filepath.FromSlash(name))] = replacement
		packages["./generated/"+filepath.ToSlash(filepath.Dir(name))] = true
	}
	if len(replace) == 0 {
		t.Fatal("the generated tests are the same")
	}
	overlay, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(path, overlay, 0o644); err != nil {
		t.Fatal(err)
	}
	args := []string{"test", "-overlay", path}
	for p := range packages {
		args = append(args, p)
	}
	cmd := exec.Command("go", args...)
	cmd.Dir = root
	output, err := cmd.CombinedOutput()
	return string(output), err != nil
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
