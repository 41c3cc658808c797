// Package testspec holds a small model with one of everything, for the tests of
// the generator's parts: what they show must not depend on what Node's http
// happens to look like.
package testspec

import (
	"embed"
	"io/fs"
	"testing/fstest"
)

//go:embed spec
var files embed.FS

// Files returns a copy of the model that a test may change.
func Files() fstest.MapFS {
	root, err := fs.Sub(files, "spec")
	if err != nil {
		panic(err)
	}
	copied := fstest.MapFS{}
	err = fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := fs.ReadFile(root, name)
		copied[name] = &fstest.MapFile{Data: data, Mode: 0o644}
		return err
	})
	if err != nil {
		panic(err)
	}
	return copied
}
