package main

import (
	"flag"
	"fmt"
	"io"
	"slices"

	"nodehttp/gen/internal/diff"
	"nodehttp/gen/internal/model"
	"nodehttp/gen/internal/site"
)

// differences prints what changed between two versions. It returns errDifferent
// if anything did.
func differences(_ string, spec *model.Spec, args []string, stdout io.Writer) error {
	var format string
	var breaking bool
	set := newFlags(func(set *flag.FlagSet) {
		set.StringVar(&format, "format", "text", "")
		set.BoolVar(&breaking, "breaking", false, "")
	})
	if err := set.Parse(args); err != nil {
		return usageError{err}
	}
	if set.NArg() != 2 || set.Arg(0) == "" || set.Arg(1) == "" {
		return usageError{fmt.Errorf("diff wants two versions, FROM and TO")}
	}
	if format != "html" && !slices.Contains(diff.Formats, format) {
		return usageError{fmt.Errorf("unknown format %q", format)}
	}
	from, err := versionOf(spec, set.Arg(0))
	if err != nil {
		return err
	}
	to, err := versionOf(spec, set.Arg(1))
	if err != nil {
		return err
	}
	report := diff.Between(spec, from, to)
	if breaking {
		report = report.Breaking()
	}
	if format == "html" {
		err = site.Difference(stdout, report, breaking)
	} else {
		err = report.Print(stdout, format)
	}
	if err != nil {
		return err
	}
	if !report.Empty() {
		return errDifferent
	}
	return nil
}
