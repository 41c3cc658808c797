package imports

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestPackageCommentsNameFiles: the package comments that are the map of the house name
// every file of their package, and no other.
func TestPackageCommentsNameFiles(t *testing.T) {
	for _, folder := range []string{"core", "runtime", "runtime/socket", "runtime/http1"} {
		dir := filepath.Join("../..", folder)
		doc, err := os.ReadFile(filepath.Join(dir, "doc.go"))
		if err != nil {
			t.Fatal(err)
		}
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		named := map[string]bool{"doc.go": true}
		for _, pattern := range regexp.MustCompile(`[\w*/]+\.go\b`).FindAllString(string(doc), -1) {
			_, in := os.Stat(filepath.Join(dir, pattern))
			_, at := os.Stat(filepath.Join("../..", pattern))
			found := strings.Contains(pattern, "/") && (in == nil || at == nil)
			for _, file := range files {
				name := filepath.Base(file)
				if ok, _ := filepath.Match(pattern, name); ok && !strings.HasSuffix(name, "_test.go") {
					named[name], found = true, true
				}
			}
			if !found {
				t.Errorf("the comment of %s names %s, which is not there", folder, pattern)
			}
		}
		for _, file := range files {
			if name := filepath.Base(file); !named[name] && !strings.HasSuffix(name, "_test.go") {
				t.Errorf("the comment of %s does not name %s", folder, name)
			}
		}
	}
}
