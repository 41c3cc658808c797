package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"

	"nodehttp/gen/internal/listing"
	"nodehttp/gen/internal/model"
	"nodehttp/gen/internal/resolve"
	"nodehttp/gen/internal/version"
)

// difference is a deviation as list prints it.
type difference struct {
	Of   string `json:"of"`
	Node string `json:"node,omitempty"`
	Go   string `json:"go,omitempty"`
	Why  string `json:"why"`
}

// list prints the members of a version, or its deviations, one per line.
func list(_ string, spec *model.Spec, args []string, stdout io.Writer) error {
	var at, format string
	var all, deviations, dates bool
	err := flags(args, func(set *flag.FlagSet) {
		set.StringVar(&at, "at", "", "")
		set.StringVar(&format, "format", "tsv", "")
		set.BoolVar(&all, "all", false, "")
		set.BoolVar(&deviations, "deviations", false, "")
		set.BoolVar(&dates, "dates", false, "")
	})
	if err != nil {
		return err
	}
	if deviations && dates {
		return usageError{errors.New("-dates is about members, -deviations is not")}
	}
	if all && deviations {
		return usageError{errors.New("-all is about members, -deviations is not")}
	}
	v, err := versionOf(spec, at)
	if err != nil {
		return err
	}
	if deviations {
		only := &v
		if at == "" {
			only = nil
		}
		return table(stdout, format, resolve.Deviations(spec, only), func(d resolve.Deviation) (difference, []string) {
			text := d.Why
			if d.Node != "" {
				text = "Node: " + d.Node + " Here: " + d.Go + " Why: " + d.Why
			} else if d.Go != "" {
				text = d.Go + " " + d.Why
			}
			return difference(d), []string{d.Of, text}
		})
	}
	return table(stdout, format, listing.Of(spec, v, all), func(e listing.Entry) (listing.Entry, []string) {
		fields := []string{string(e.Kind), e.Owner, e.Name}
		if dates {
			fields = append(fields, dated(e))
		}
		return e, fields
	})
}

// dated tells in one line what the model dates of a member, and how it knows.
func dated(e listing.Entry) string {
	var parts []string
	add := func(what string, in []string) {
		if len(in) > 0 {
			parts = append(parts, what+" "+strings.Join(in, ", "))
		}
	}
	add("since", e.Since)
	add("until", e.Until)
	add("deprecated", e.Deprecated)
	for _, r := range e.RenamedFrom {
		add("named "+r.Name+" until", r.In)
	}
	for _, c := range e.History {
		add(c.Change, c.In)
	}
	for _, o := range e.Overrides {
		for _, c := range o.History {
			add(c.Change+" of "+o.Name, c.In)
		}
	}
	return strings.Join(parts, "; ")
}

// table prints items, each as what row makes of it: an object of a JSON list, or
// the fields of a line.
func table[T, E any](stdout io.Writer, format string, items []T, row func(T) (E, []string)) error {
	switch format {
	case "tsv":
		for _, item := range items {
			_, fields := row(item)
			if _, err := fmt.Fprintln(stdout, strings.Join(fields, "\t")); err != nil {
				return err
			}
		}
		return nil
	case "json":
		objects := make([]E, len(items))
		for i, item := range items {
			objects[i], _ = row(item)
		}
		encoder := json.NewEncoder(stdout)
		encoder.SetEscapeHTML(false)
		encoder.SetIndent("", "  ")
		return encoder.Encode(objects)
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
	known := fmt.Sprintf("the model reaches from %s to %s, documented are %s", oldest, newest, strings.Join(names, ", "))
	v, err := version.Parse(text)
	if err != nil {
		return v, usageError{fmt.Errorf("%w: %s", err, known)}
	}
	if !spec.Released(v) {
		return v, usageError{fmt.Errorf("there is no release %s: %s", v, known)}
	}
	// v19 stands for the newest v19 that the model knows.
	if newest.Within(v) {
		return newest, nil
	}
	if v.Compare(newest) > 0 || v.Compare(oldest) < 0 && !oldest.SameLine(v) {
		return v, usageError{fmt.Errorf("unknown version %s: %s", v, known)}
	}
	return v, nil
}
