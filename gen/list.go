package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"strings"

	"nodehttp/gen/internal/model"
	"nodehttp/gen/internal/resolve"
	"nodehttp/gen/internal/version"
)

// entry is a member as list prints it.
type entry struct {
	Kind  resolve.Kind `json:"kind"`
	Owner string       `json:"owner"`
	Name  string       `json:"name"`
}

// list prints the members of a version, one per line.
func list(_ string, spec *model.Spec, args []string, stdout io.Writer) error {
	var at, format string
	var all bool
	err := flags(args, func(set *flag.FlagSet) {
		set.StringVar(&at, "at", "", "the version; the newest that is documented unless given")
		set.StringVar(&format, "format", "tsv", "tsv or json")
		set.BoolVar(&all, "all", false, "also what Node inherits from other modules, and what only Go has")
	})
	if err != nil {
		return err
	}
	v, err := versionOf(spec, at)
	if err != nil {
		return err
	}
	members := resolve.At(spec, v).List(all)
	entries := make([]entry, len(members))
	for i, m := range members {
		entries[i] = entry{m.Kind, m.Owner, m.Name}
	}
	switch format {
	case "tsv":
		for _, e := range entries {
			if _, err := fmt.Fprintf(stdout, "%s\t%s\t%s\n", e.Kind, e.Owner, e.Name); err != nil {
				return err
			}
		}
		return nil
	case "json":
		encoder := json.NewEncoder(stdout)
		encoder.SetIndent("", "  ")
		return encoder.Encode(entries)
	}
	return usageError{fmt.Errorf("unknown format %q", format)}
}

// versionOf reads a version that the model can resolve: one between its oldest
// and its newest document. Empty is the newest.
func versionOf(spec *model.Spec, text string) (version.Version, error) {
	documents := spec.Documents
	oldest, newest := documents[0].Value.Node.Value, documents[0].Value.Node.Value
	names := make([]string, len(documents))
	for i, d := range documents {
		names[i] = d.Name
		if v := d.Value.Node.Value; v.Compare(newest) > 0 {
			newest = v
		} else if v.Compare(oldest) < 0 {
			oldest = v
		}
	}
	if text == "" {
		return newest, nil
	}
	v, err := version.Parse(text)
	if err != nil {
		return v, usageError{err}
	}
	// v19 stands for the newest v19 that the model knows.
	if newest.Within(v) {
		return newest, nil
	}
	if v.Compare(newest) > 0 || v.Compare(oldest) < 0 && !oldest.SameLine(v) {
		return v, usageError{fmt.Errorf("unknown version %s: the model reaches from %s to %s, documented are %s",
			v, oldest, newest, strings.Join(names, ", "))}
	}
	return v, nil
}
