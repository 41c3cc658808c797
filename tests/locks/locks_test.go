// Package locks counts the locks that an exchange takes in core and runtime: each is a
// place where processors meet, and an order to keep.
package locks

import (
	"encoding/json"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const (
	root    = "../.."
	counted = "nodehttp/tests/locks/counted"
)

// most are the locks that a keep-alive GET may take on each side. What takes fewer
// lowers them; what takes more needs a reason.
var most = map[string]float64{"server": 6, "client": 25}

// TestLocks builds a program with our packages importing counted in the place of sync.
// Overlays of their sources do that, so that the library itself has nothing for it.
func TestLocks(t *testing.T) {
	dir := t.TempDir()
	replace := map[string]string{}
	for _, file := range sources(t, "./core/...", "./runtime/...") {
		if text := counting(t, file); text != nil {
			other := filepath.Join(dir, strconv.Itoa(len(replace))+".go")
			if err := os.WriteFile(other, text, 0o644); err != nil {
				t.Fatal(err)
			}
			replace[file] = other
		}
	}
	overlay, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		t.Fatal(err)
	}
	overlaid := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(overlaid, overlay, 0o644); err != nil {
		t.Fatal(err)
	}
	var got map[string]float64
	out := command(t, "go", "run", "-ldflags=-w", "-overlay", overlaid, "./tests/locks/exchange")
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatal(err)
	}
	for side, limit := range most {
		t.Logf("%s: %.2f locks for a GET", side, got[side])
		if got[side] == 0 {
			t.Errorf("%s: nothing was counted", side)
		}
		if got[side] > limit+0.1 { // what happens now and then takes some, too
			t.Errorf("%s: %.2f locks for a GET, and at most %v are allowed", side, got[side], limit)
		}
	}
}

// sources are the files that a build on this system has of packages.
func sources(t *testing.T, packages ...string) (files []string) {
	t.Helper()
	list := command(t, "go", append([]string{"list", "-f", "{{range .GoFiles}}{{$.Dir}}/{{.}}\n{{end}}"}, packages...)...)
	return strings.Fields(list)
}

// counting returns a file's source with counted in the place of sync, or nil if it
// does not import sync.
func counting(t *testing.T, file string) []byte {
	t.Helper()
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, file, nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(f.Imports, func(s *ast.ImportSpec) bool { return s.Path.Value == `"sync"` })
	if i < 0 {
		return nil
	}
	spec := f.Imports[i]
	if spec.Name == nil {
		spec.Name = ast.NewIdent("sync")
	}
	spec.Path.Value = strconv.Quote(counted)
	var b strings.Builder
	if err := format.Node(&b, fset, f); err != nil {
		t.Fatal(err)
	}
	return []byte(b.String())
}

func command(t *testing.T, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = root
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, &stderr)
	}
	return string(out)
}
