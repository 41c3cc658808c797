// Package imports holds the direction of imports between the packages of the module.
package imports

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "nodehttp"

// allowed says which packages of the module those under a folder may import, tests
// apart. The longest folder that fits counts; a name that ends in "/..." is all below it.
var allowed = map[string][]string{
	"core":              {},
	"runtime/http1":     {"core"},
	"runtime/socket":    {"core"},
	"runtime":           {"core", "runtime/http1", "runtime/socket", "generated/profile"},
	"runtime/nethttp":   {"core", "runtime", "runtime/http1", "runtime/socket", "generated/profile"},
	"generated/profile": {},
	"generated":         {"core", "runtime", "runtime/socket", "runtime/nethttp", "generated/..."},
	"gen":               {"gen/..."},
}

// TestDirectionOfImports: each package imports what stands below it, and nothing else of
// the module.
func TestDirectionOfImports(t *testing.T) {
	const root = "../.."
	seen := map[string]bool{}
	files := token.NewFileSet()
	err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(root, name)
		rel = filepath.ToSlash(rel)
		if entry.IsDir() {
			_, err := os.Stat(filepath.Join(name, "go.mod"))
			if base := entry.Name(); rel != "." && (err == nil || rel == "tests" || base == "testdata" || base[0] == '.' || base[0] == '_') {
				return fs.SkipDir
			}
			return nil
		}
		dir := path.Dir(rel)
		if !strings.HasSuffix(rel, ".go") || strings.HasSuffix(rel, "_test.go") || dir == "." {
			return nil
		}
		folder := dir
		for allowed[folder] == nil && folder != "." {
			folder = path.Dir(folder)
		}
		if folder == "." {
			t.Errorf("%s: no rule says what it may import", rel)
			return nil
		}
		seen[folder] = true
		file, err := parser.ParseFile(files, name, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range file.Imports {
			imported, _ := strconv.Unquote(spec.Path.Value)
			own, ours := strings.CutPrefix(imported, module+"/")
			if ours && !slices.ContainsFunc(allowed[folder], func(rule string) bool { return fits(rule, own) }) {
				t.Errorf("%s imports %s", rel, own)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for folder := range allowed {
		if !seen[folder] {
			t.Errorf("there is a rule for %s, which has no file", folder)
		}
	}
}

func fits(rule, name string) bool {
	if below, ok := strings.CutSuffix(rule, "..."); ok {
		return strings.HasPrefix(name, below)
	}
	return name == rule
}
