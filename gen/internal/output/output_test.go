package output

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func write(t *testing.T, dir, name, content string) {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

// content reads every file below dir.
func content(t *testing.T, dir string) map[string]string {
	t.Helper()
	names, err := list(dir)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, name := range names {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		files[name] = string(data)
	}
	return files
}

func TestSyncWritesWhatDiffersAndRemovesWhatIsStale(t *testing.T) {
	root := t.TempDir()
	dir := filepath.Join(root, "out")
	write(t, dir, "same.go", "same")
	write(t, dir, "changed.go", "old")
	write(t, dir, "gone/stale.go", "stale")
	past := time.Unix(1, 0)
	if err := os.Chtimes(filepath.Join(dir, "same.go"), past, past); err != nil {
		t.Fatal(err)
	}
	result, err := Sync(dir, map[string][]byte{
		"same.go": []byte("same"), "changed.go": []byte("new"), "sub/added.go": []byte("added"),
	})
	if err != nil {
		t.Fatal(err)
	}
	want := Result{Written: []string{"changed.go", "sub/added.go"}, Removed: []string{"gone/stale.go"}}
	if diff := cmp.Diff(want, result); diff != "" {
		t.Error(diff)
	}
	files := map[string]string{"same.go": "same", "changed.go": "new", "sub/added.go": "added"}
	if diff := cmp.Diff(files, content(t, dir)); diff != "" {
		t.Error(diff)
	}
	info, err := os.Stat(filepath.Join(dir, "same.go"))
	if err != nil {
		t.Fatal(err)
	}
	if !info.ModTime().Equal(past) {
		t.Error("a file that was right has been written")
	}
	for _, left := range []string{filepath.Join(dir, "gone"), filepath.Join(root, ".staging-*")} {
		if found, _ := filepath.Glob(left); len(found) > 0 {
			t.Errorf("left behind: %v", found)
		}
	}
}

func TestSyncMakesTheDirectory(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	if _, err := Sync(dir, map[string][]byte{"a.go": []byte("a")}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]string{"a.go": "a"}, content(t, dir)); diff != "" {
		t.Error(diff)
	}
}

func TestSyncFailsBeforeItChangesAnything(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "first.go", "old")
	write(t, dir, "second.go/in.the.way", "a directory where a file should be")
	before := content(t, dir)
	_, err := Sync(dir, map[string][]byte{"first.go": []byte("new"), "second.go": []byte("new")})
	if err == nil {
		t.Fatal("want an error")
	}
	if diff := cmp.Diff(before, content(t, dir)); diff != "" {
		t.Error(diff)
	}
}
