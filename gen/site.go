package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"nodehttp/gen/internal/model"
	"nodehttp/gen/internal/output"
	"nodehttp/gen/internal/site"
)

// pages writes the model as pages to look at into a folder.
func pages(root string, spec *model.Spec, args []string, stdout io.Writer) error {
	var uses string
	set := newFlags(func(set *flag.FlagSet) { set.StringVar(&uses, "uses", "", "") })
	if err := set.Parse(args); err != nil {
		return usageError{err}
	}
	if set.NArg() != 1 || set.Arg(0) == "" {
		return usageError{errors.New("site wants a folder")}
	}
	var referee site.Referee
	scenarios := filepath.Join(root, "tests", "referee")
	if _, err := os.Stat(filepath.Join(scenarios, "scenarios")); err == nil {
		referee.Files = os.DirFS(scenarios)
	} else if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if uses != "" {
		file, err := os.Open(uses)
		if err != nil {
			return err
		}
		defer file.Close()
		referee.Uses = file
	}
	files, err := site.Files(spec, referee)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(filepath.Clean(set.Arg(0))), 0o755); err != nil {
		return err
	}
	if _, err := output.Sync(set.Arg(0), files); err != nil {
		return err
	}
	_, err = fmt.Fprintln(stdout, filepath.Join(set.Arg(0), "index.html"))
	return err
}
