package rename

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestReplace(t *testing.T) {
	const old, path = "ourhttp", "example.org/you/http4"
	for _, c := range []struct{ file, before, after string }{
		{"go.mod", "module ourhttp\n", "module example.org/you/http4\n"},
		{"go.mod", "module ourhttp/tests/bench\n\nrequire (\n\tourhttp v0.0.0\n)\n\nreplace ourhttp => ../..\n",
			"module example.org/you/http4/tests/bench\n\nrequire (\n\texample.org/you/http4 v0.0.0\n)\n\nreplace example.org/you/http4 => ../..\n"},
		{"go.mod", "require example.com/ourhttp v1.0.0\n", "require example.com/ourhttp v1.0.0\n"},
		{"a.go", "package a\n\nimport (\n\t\"ourhttp/core\"\n\t\"example.org/z\"\n)\n", "package a\n\nimport (\n\t\"example.org/you/http4/core\"\n\t\"example.org/z\"\n)\n"},
		{"a.go", "package a\n\nimport (\n\t\"ourhttp/core\"\n\t\"fmt\"\n)\n", "package a\n\nimport (\n\t\"example.org/you/http4/core\"\n\t\"fmt\"\n)\n"},
		{"a.go", "package a\n\nconst module, temporary = \"ourhttp\", \"ourhttp-x\"\n", "package a\n\nconst module, temporary = \"example.org/you/http4\", \"ourhttp-x\"\n"},
		{"README.md", "ourhttp is `ourhttp/generated/http`, not x/ourhttp/core or ourhttp/cores.\n",
			"ourhttp is `example.org/you/http4/generated/http`, not x/ourhttp/core or ourhttp/cores.\n"},
	} {
		after, err := replace(c.file, []byte(c.before), old, path)
		if err != nil || string(after) != c.after {
			t.Errorf("%s: %q became %q, %v; it should be %q", c.file, c.before, after, err, c.after)
		}
	}
}

func TestPathsThatCannotBe(t *testing.T) {
	for _, path := range []string{"", "/", "a//b", "a b", "/a", "a/", "a/..", "ä/b", "$1/x", "https://example.org/x"} {
		if err := check(path); err == nil {
			t.Errorf("%q was taken for a module path", path)
		}
	}
}

// The whole repository, published under another path, is what it was under the
// first: it generates, each import of each module is found, what is generated builds,
// and it comes back byte for byte.
func TestRepository(t *testing.T) {
	const root, path = "../../..", "example.org/you" + "/Node-http_4" // in two, so that it is not taken for the repository's own
	listed := command(t, root, "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	scratch := t.TempDir()
	for name := range strings.SplitSeq(strings.TrimSuffix(listed, "\x00"), "\x00") {
		content, err := os.ReadFile(filepath.Join(root, name))
		if os.IsNotExist(err) {
			continue // removed, and not yet committed
		}
		if err != nil {
			t.Fatal(err)
		}
		to := filepath.Join(scratch, name)
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(to, content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	command(t, scratch, "git", "init", "-q")
	command(t, scratch, "git", "add", "-A")
	command(t, scratch, "git", "-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "-qm", "before")
	old, err := current(scratch)
	if err != nil {
		t.Fatal(err)
	}

	changed, err := Module(scratch, path)
	if err != nil || len(changed) == 0 {
		t.Fatalf("%d files changed: %v", len(changed), err)
	}
	if out := command(t, scratch, "gofmt", "-l", "."); out != "" {
		t.Errorf("not formatted: %s", out)
	}
	gen := filepath.Join(t.TempDir(), "gen")
	build := func(args ...string) { // without what takes a compiler long
		command(t, scratch, "go", append([]string{"build", "-gcflags=./...=-N -l", "-ldflags=-w"}, args...)...)
	}
	build("-o", gen, "./gen")
	command(t, scratch, gen, "generate") // a path of another length breaks lines of comments elsewhere
	for _, module := range []string{".", "tests/bench", "tests/adapters", "tests/nettest", "tests/apidiff", "tests/examples", "tests/referee"} {
		command(t, filepath.Join(scratch, module), "go", "list", "-deps", "-test", "./...") // finds what is imported
	}
	build("./generated/http/...")

	if _, err := Module(scratch, old); err != nil {
		t.Fatal(err)
	}
	if out := command(t, scratch, "git", "status", "--porcelain", "-uno", "--", "gen", "go.mod"); out != "" {
		t.Fatalf("the generator did not come back as it was:\n%s", out)
	}
	command(t, root, "go", "build", "-o", gen, "./gen") // of the same files
	command(t, scratch, gen, "generate")
	if out := command(t, scratch, "git", "status", "--porcelain", "-uno"); out != "" {
		t.Errorf("files that did not come back as they were:\n%s%s", out, command(t, scratch, "git", "diff"))
	}
}

func command(t *testing.T, dir, name string, args ...string) (stdout string) {
	t.Helper()
	c := exec.Command(name, args...)
	c.Dir = dir
	var errors strings.Builder
	c.Stderr = &errors
	out, err := c.Output()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s%s", name, strings.Join(args, " "), err, errors.String(), out)
	}
	return string(out)
}
