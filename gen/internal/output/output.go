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
	"os/signal"
	"path/filepath"
	"slices"
	"syscall"
)

// Result says what was done.
type Result struct{ Written, Removed []string }

// Sync makes dir hold exactly files, whose names are slash-separated paths below
// it; a symbolic link in dir is not followed but replaced. The new content is
// completed beside dir and then takes its place, so that a failure leaves dir as
// it was, and the Result empty.
func Sync(dir string, files map[string][]byte) (Result, error) {
	if target, err := filepath.EvalSymlinks(dir); err == nil {
		dir = target
	}
	present, err := list(dir)
	if err != nil {
		return Result{}, err
	}
	var result Result
	kept := map[string]bool{}
	for name, content := range files {
		if present[name] {
			old, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
			if err != nil {
				return Result{}, err
			}
			kept[name] = bytes.Equal(old, content)
		}
		if !kept[name] {
			result.Written = append(result.Written, name)
		}
	}
	for name := range present {
		if _, wanted := files[name]; !wanted {
			result.Removed = append(result.Removed, name)
		}
	}
	if len(result.Written) == 0 && len(result.Removed) == 0 {
		return result, nil
	}
	if err := replace(dir, files, kept); err != nil {
		return Result{}, err
	}
	slices.Sort(result.Written)
	slices.Sort(result.Removed)
	return result, nil
}

// list returns what lies below dir, which need not exist, apart from directories;
// true stands for a regular file.
func list(dir string) (map[string]bool, error) {
	names := map[string]bool{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) && path == dir {
			return nil
		}
		if err == nil && path == dir && !entry.IsDir() {
			return fmt.Errorf("%s is not a directory", dir)
		}
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		names[filepath.ToSlash(name)] = entry.Type().IsRegular()
		return err
	})
	return names, err
}

// replace puts a new directory in the place of dir: with files, of which those
// that are kept are the files of old.
func replace(dir string, files map[string][]byte, kept map[string]bool) (err error) {
	staging, err := os.MkdirTemp(filepath.Dir(filepath.Clean(dir)), ".staging-*")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(staging)) }()
	// An interrupt would leave the staging directory behind; it waits for a moment.
	signal.Ignore(os.Interrupt, syscall.SIGTERM)
	defer signal.Reset(os.Interrupt, syscall.SIGTERM)
	fresh, old := filepath.Join(staging, "new"), filepath.Join(staging, "old")
	for name, content := range files {
		path := filepath.FromSlash(name)
		target := filepath.Join(fresh, path)
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return err
		}
		if kept[name] && os.Link(filepath.Join(dir, path), target) == nil {
			continue // a file system without hard links has it written again
		}
		if err := os.WriteFile(target, content, 0o644); err != nil {
			return err
		}
	}
	if err := os.Rename(dir, old); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.Rename(fresh, dir); err != nil {
		return errors.Join(err, os.Rename(old, dir))
	}
	return nil
}
