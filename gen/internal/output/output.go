// Package output brings a directory to a given content: all or nothing, and
// without touching a file that is right already. It knows nothing of what the
// files are.
package output

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// Result says what was done.
type Result struct{ Written, Removed []string }

// Sync makes dir hold exactly files, whose names are slash-separated paths below
// it. Everything that changes is first written beside its place; only when all
// of that has succeeded are the new files moved in and stale ones removed.
func Sync(dir string, files map[string][]byte) (Result, error) {
	var result Result
	present, err := list(dir)
	if err != nil {
		return result, err
	}
	for name, content := range files {
		old, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return result, err
		}
		if err != nil || !bytes.Equal(old, content) {
			result.Written = append(result.Written, name)
		}
	}
	for _, name := range present {
		if _, wanted := files[name]; !wanted {
			result.Removed = append(result.Removed, name)
		}
	}
	slices.Sort(result.Written)
	slices.Sort(result.Removed)
	return result, apply(dir, files, result)
}

// list returns the files below dir, which need not exist.
func list(dir string) ([]string, error) {
	var names []string
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) && path == dir {
			return nil
		}
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		names = append(names, filepath.ToSlash(name))
		return err
	})
	return names, err
}

func apply(dir string, files map[string][]byte, result Result) (err error) {
	if len(result.Written) == 0 && len(result.Removed) == 0 {
		return nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	staging, err := os.MkdirTemp(filepath.Dir(filepath.Clean(dir)), ".staging-*")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(staging)) }()
	for i, name := range result.Written {
		if err := os.WriteFile(staged(staging, i), files[name], 0o644); err != nil {
			return err
		}
	}
	for i, name := range result.Written {
		target := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return err
		}
		if err := os.Rename(staged(staging, i), target); err != nil {
			return err
		}
	}
	for _, name := range result.Removed {
		target := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.Remove(target); err != nil {
			return err
		}
		// A directory that has become empty goes too; one that has not, stays.
		_ = os.Remove(filepath.Dir(target))
	}
	return nil
}

func staged(staging string, i int) string { return filepath.Join(staging, fmt.Sprint(i)) }
