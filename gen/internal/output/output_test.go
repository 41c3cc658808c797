package output

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// text is the content of a file that the generator writes.
func text(content string) string { return "// " + Mark + ".\n" + content }

// files are contents as Sync takes them.
func files(contents map[string]string) map[string][]byte {
	list := map[string][]byte{}
	for name, content := range contents {
		list[name] = []byte(content)
	}
	return list
}

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
	write(t, dir, "same.go", text("same"))
	write(t, dir, "changed.go", text("old"))
	write(t, dir, "gone/stale.go", text("stale"))
	past := time.Unix(1, 0)
	if err := os.Chtimes(filepath.Join(dir, "same.go"), past, past); err != nil {
		t.Fatal(err)
	}
	wanted := map[string]string{"same.go": text("same"), "changed.go": text("new"), "sub/added.go": text("added")}
	result, err := Sync(dir, files(wanted))
	if err != nil {
		t.Fatal(err)
	}
	want := Result{Written: []string{"changed.go", "sub/added.go"}, Removed: []string{"gone/stale.go"}}
	if diff := cmp.Diff(want, result); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(wanted, content(t, dir)); diff != "" {
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
	wanted := map[string]string{"a.go": text("a")}
	if _, err := Sync(dir, files(wanted)); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(wanted, content(t, dir)); diff != "" {
		t.Error(diff)
	}
}

// TestSyncFailsBeforeItChangesAnything has files that cannot be: one is a
// directory of another. Which of them is met first is left to chance.
func TestSyncFailsBeforeItChangesAnything(t *testing.T) {
	root := t.TempDir()
	dir := filepath.Join(root, "out")
	write(t, dir, "first.go", text("old"))
	write(t, dir, "gone.go", text("stale"))
	before := content(t, dir)
	result, err := Sync(dir, files(map[string]string{"first.go": text("new"), "second.go": text(""), "second.go/third.go": text("")}))
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
	if _, err := Sync(filepath.Join(root, "out"), files(map[string]string{"a.go": text("")})); err == nil {
		t.Error("want an error")
	}
	if diff := cmp.Diff(map[string]string{"out": "a file"}, content(t, root)); diff != "" {
		t.Error(diff)
	}
}

// TestSyncTakesNothingAway has files that the generator has not written in its way:
// what it would remove, what it would overwrite, and links, whose files are right.
func TestSyncTakesNothingAway(t *testing.T) {
	wanted := map[string]string{"a.go": text("a"), "sub/b.go": text("b"), "new.go": text("new")}
	for name, c := range map[string]struct {
		prepare func(dir, outside string)
		says    string
	}{
		"notes":           {func(dir, _ string) { write(t, dir, "sub/notes.md", "mine\n") }, "sub/notes.md: not written"},
		"an empty file":   {func(dir, _ string) { write(t, dir, "empty", "") }, "empty: not written"},
		"a mark below":    {func(dir, _ string) { write(t, dir, "c.go", "package c\n"+text("")) }, "c.go: not written"},
		"in its place":    {func(dir, _ string) { write(t, dir, "a.go", "package mine\n") }, "a.go: not written"},
		"several":         {func(dir, _ string) { write(t, dir, "y", "y"); write(t, dir, "x", "x") }, "x, y: not written"},
		"a link":          {func(dir, outside string) { link(t, outside, "a.go", dir) }, "a.go: not written"},
		"a linked folder": {func(dir, outside string) { link(t, outside, "sub", dir) }, "sub: not written"},
		"a broken link":   {func(dir, outside string) { link(t, outside, "nothing", dir) }, "nothing: not written"},
	} {
		t.Run(name, func(t *testing.T) {
			root := t.TempDir()
			dir, outside := filepath.Join(root, "out"), filepath.Join(root, "outside")
			write(t, dir, "old.go", text("old"))
			write(t, outside, "a.go", text("a"))
			write(t, outside, "sub/b.go", text("b"))
			c.prepare(dir, outside)
			before := listed(t, root)
			result, err := Sync(dir, files(wanted))
			if err == nil || !strings.Contains(err.Error(), c.says) || len(result.Written)+len(result.Removed) > 0 {
				t.Errorf("%v, %v", result, err)
			}
			if diff := cmp.Diff(before, listed(t, root)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func link(t *testing.T, outside, name, dir string) {
	t.Helper()
	if err := os.Symlink(filepath.Join(outside, name), filepath.Join(dir, name)); err != nil {
		t.Fatal(err)
	}
}

// TestSyncWritesWhatItWillKnow has a file without the mark among those to write: it
// could never be written again.
func TestSyncWritesWhatItWillKnow(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	if _, err := Sync(dir, files(map[string]string{"a.txt": "a"})); err == nil {
		t.Error("want an error")
	}
}

// TestSyncFollowsALinkToTheDirectory has the directory itself elsewhere.
func TestSyncFollowsALinkToTheDirectory(t *testing.T) {
	root := t.TempDir()
	place, link := filepath.Join(root, "place"), filepath.Join(root, "out")
	write(t, place, "a.go", text("old"))
	if err := os.Symlink(place, link); err != nil {
		t.Fatal(err)
	}
	wanted := map[string]string{"a.go": text("new")}
	if _, err := Sync(link, files(wanted)); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(wanted, content(t, place)); diff != "" {
		t.Error(diff)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode().Type() != os.ModeSymlink {
		t.Errorf("the link is gone: %v, %v", info, err)
	}
}
