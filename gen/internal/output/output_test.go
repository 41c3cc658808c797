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

// listed returns what is below dir, as list has it.
func listed(t *testing.T, dir string) map[string]bool {
	t.Helper()
	names, err := list(dir)
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// content reads every file below dir.
func content(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	for name := range listed(t, dir) {
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

// TestSyncFailsBeforeItChangesAnything has files that cannot be: one is a
// directory of another. Which of them is met first is left to chance.
func TestSyncFailsBeforeItChangesAnything(t *testing.T) {
	root := t.TempDir()
	dir := filepath.Join(root, "out")
	write(t, dir, "first.go", "old")
	write(t, dir, "gone.go", "stale")
	before := content(t, dir)
	result, err := Sync(dir, map[string][]byte{"first.go": []byte("new"), "second.go": nil, "second.go/third.go": nil})
	if err == nil || len(result.Written)+len(result.Removed) > 0 {
		t.Fatalf("%v, %v", result, err)
	}
	if diff := cmp.Diff(before, content(t, dir)); diff != "" {
		t.Error(diff)
	}
	left, err := os.ReadDir(root)
	if err != nil || len(left) != 1 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestSyncReplacesNoFile(t *testing.T) {
	root := t.TempDir()
	write(t, root, "out", "a file")
	if _, err := Sync(filepath.Join(root, "out"), map[string][]byte{"a.go": nil}); err == nil {
		t.Error("want an error")
	}
	if diff := cmp.Diff(map[string]string{"out": "a file"}, content(t, root)); diff != "" {
		t.Error(diff)
	}
}

// TestSyncFollowsNoLink has links to places outside: a file and a directory are
// replaced, and what they led to stays as it was.
func TestSyncFollowsNoLink(t *testing.T) {
	root := t.TempDir()
	dir, outside := filepath.Join(root, "out"), filepath.Join(root, "outside")
	write(t, outside, "a.go", "same")
	write(t, outside, "sub/b.go", "old")
	write(t, dir, "c.go", "c")
	for name, target := range map[string]string{"a.go": "a.go", "sub": "sub"} {
		if err := os.Symlink(filepath.Join(outside, target), filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	before := content(t, outside)
	files := map[string]string{"a.go": "same", "sub/b.go": "new", "c.go": "c"}
	wanted := map[string][]byte{}
	for name, text := range files {
		wanted[name] = []byte(text)
	}
	if _, err := Sync(dir, wanted); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(files, content(t, dir)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(before, content(t, outside)); diff != "" {
		t.Error(diff)
	}
	for name, regular := range listed(t, dir) {
		if !regular {
			t.Errorf("%s is still a link", name)
		}
	}
}

// TestSyncFollowsALinkToTheDirectory has the directory itself elsewhere.
func TestSyncFollowsALinkToTheDirectory(t *testing.T) {
	root := t.TempDir()
	place, link := filepath.Join(root, "place"), filepath.Join(root, "out")
	write(t, place, "a.go", "old")
	if err := os.Symlink(place, link); err != nil {
		t.Fatal(err)
	}
	if _, err := Sync(link, map[string][]byte{"a.go": []byte("new")}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]string{"a.go": "new"}, content(t, place)); diff != "" {
		t.Error(diff)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode().Type() != os.ModeSymlink {
		t.Errorf("the link is gone: %v, %v", info, err)
	}
}
