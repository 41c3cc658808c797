// Package rename gives the repository another module path: in the go.mod files,
// in imports and other strings of Go, in the generator, in comments and in
// documentation. It knows nothing of the model.
package rename

import (
	"bytes"
	"errors"
	"fmt"
	"go/format"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// folders are the top folders of the repository. In text that is not Go only the
// path of one of them is taken for a package, since the module's name alone may be
// the name of the project.
const folders = `(?:core|gen|generated|runtime|spec|tests)`

// Module replaces the module path of the repository in root and of the modules
// nested in it, and returns the slash-separated names of the files that it changed.
// It changes nothing if path cannot be a module path.
func Module(root, path string) ([]string, error) {
	if err := check(path); err != nil {
		return nil, err
	}
	old, err := current(root)
	if err != nil || old == path {
		return nil, err
	}
	changed := map[string][]byte{}
	err = filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && entry.Name() == ".git":
			return filepath.SkipDir
		case !entry.Type().IsRegular():
			return nil
		}
		before, err := os.ReadFile(name)
		if err != nil || bytes.IndexByte(before, 0) >= 0 {
			return err
		}
		after, err := replace(filepath.Base(name), before, old, path)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if !bytes.Equal(before, after) {
			changed[name] = after
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	var names []string
	for name, content := range changed {
		info, err := os.Stat(name)
		if err == nil {
			err = os.WriteFile(name, content, info.Mode())
		}
		if err != nil {
			return names, err
		}
		relative, _ := filepath.Rel(root, name)
		names = append(names, filepath.ToSlash(relative))
	}
	slices.Sort(names)
	return names, nil
}

// replace returns the content of a file with path in the place of old.
func replace(name string, content []byte, old, path string) ([]byte, error) {
	quoted := regexp.QuoteMeta(old)
	// What comes before must not make it a part of a longer path.
	expressions := []string{`(^|[^\w./~-])` + quoted + `(/` + folders + `\b)`}
	switch {
	case name == "go.mod":
		expressions = append(expressions, `(?m)(^module |^replace |^require |^\t)`+quoted+`((?:$| |/))`)
	case strings.HasSuffix(name, ".go"):
		expressions = append(expressions, `(")`+quoted+`(")`)
	}
	for _, e := range expressions {
		content = regexp.MustCompile(e).ReplaceAll(content, []byte("${1}"+strings.ReplaceAll(path, "$", "$$")+"${2}"))
	}
	if strings.HasSuffix(name, ".go") {
		return format.Source(content) // the order of imports may be another now
	}
	return content, nil
}

var moduleLine = regexp.MustCompile(`(?m)^module (\S+)$`)

// current returns the path of the module in root.
func current(root string) (string, error) {
	content, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		return "", err
	}
	m := moduleLine.FindSubmatch(content)
	if m == nil {
		return "", errors.New("go.mod has no module line")
	}
	return string(m[1]), nil
}

var element = regexp.MustCompile(`^[A-Za-z0-9_~-]([A-Za-z0-9._~-]*[A-Za-z0-9_~-])?$`)

// check says why path cannot be a module path.
func check(path string) error {
	for e := range strings.SplitSeq(path, "/") {
		if !element.MatchString(e) {
			return fmt.Errorf("%q is no module path: each element has letters, digits, and -._~ within", path)
		}
	}
	return nil
}
