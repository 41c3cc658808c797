// Command gen turns the model in spec/ into the Go of generated/.
//
//	go run ./gen generate   writes generated/, or nothing if the model has errors
//	go run ./gen check      only looks for errors
//	go run ./gen list       prints the members that a version has
//	go run ./gen diff       prints what changed between two versions
//	go run ./gen site       writes the model as pages to look at
//	go run ./gen probe      holds the model against what real Nodes said
//	go run ./gen schema     prints the JSON Schema of the model's files
//	go run ./gen module     gives the repository another module path
//
// It runs in the module's directory. Its exit status is 0 if all is well, 1 if the
// model has errors, which it prints one per line as file:line:column: message,
// or if two versions differ, and 2 if it was called in a way that it does not understand.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"nodehttp/gen/internal/check"
	"nodehttp/gen/internal/diag"
	"nodehttp/gen/internal/emit"
	"nodehttp/gen/internal/emittest"
	"nodehttp/gen/internal/headings"
	"nodehttp/gen/internal/load"
	"nodehttp/gen/internal/model"
	"nodehttp/gen/internal/output"
	"nodehttp/gen/internal/rename"
	"nodehttp/gen/internal/resolve"
	"nodehttp/gen/internal/schema"
	"nodehttp/gen/internal/version"
)

// The exit statuses.
const (
	statusOK        = 0
	statusErrors    = 1
	statusDifferent = 1
	statusUsage     = 2
)

const usage = `usage: gen generate
       gen check
       gen list [-at VERSION] [-format tsv|json] [-all] [-dates] [-deviations]
       gen diff [-format text|markdown|json|html] [-breaking] FROM TO
       gen site [-uses FILE] DIR
       gen probe [-record]
       gen versions [-nodes]
       gen headings VERSION FILE
       gen schema [list | diff]
       gen module PATH

generate writes generated/ from spec/, and nothing if spec/ has errors, or if it would
have to remove or overwrite a file that it did not write. check only looks for errors,
and tells what older documents show of the newest version and its own does not.

list prints the members that a version has, by default the newest:
  -at VERSION    another version: v19.0, v10.19.0, v16
  -format tsv    one per line; json has everything that the model says of each
  -all           also what Node has from other modules, and what only Go has
  -dates         in a line, also since when it is there and when it changed
  -deviations    in place of members, the deliberate differences from Node and
                 why; of all versions unless -at is given

diff prints what changed between two versions:
  -format text   or markdown, or json, or html, a page that needs nothing else
  -breaking      only what breaks a Go caller of the generated package

site writes a folder of pages, which a browser opens without a server: every member in
every version, what changed between any two releases, and the scenarios of
tests/referee. It fails if the folder has a file that it did not write.
  -uses FILE     which members each scenario uses, as printed by the referee

probe prints where the model disagrees with what real Nodes said, as tests/probe has it:
  -record        asks them first: the releases on npm that the model dates something by,
                 and between two that disagree those in the middle

versions prints the versions that have a package, the oldest first: each with its
release, its package below generated/, and the release of Node that is asked what it
does, if any:
  -nodes         these releases alone, as tests/nodes.sh takes them

headings prints what a document of Node in Markdown shows, as an entry of
spec/headings.yaml.

schema prints the JSON Schema of the files in spec/, or of what list or diff prints
as JSON.

module gives the whole repository another module path: imports, generator,
documentation, nested modules and tests.

Behind a release, list and diff say how the model knows it: live, if Nodes were asked,
elsewhere, if a document of Node says so that is not that of this module, guess, if
nothing does, and nothing, if a document of this module does.

The status is 0 if all is well, 1 if spec/ has errors, two versions differ or Nodes
disagree, and 2 for a call that is not understood.
`

// synopsis is the part of usage that lists the commands.
func synopsis() string {
	calls, _, _ := strings.Cut(usage, "\n\n")
	return calls + "\n"
}

func main() { os.Exit(run(".", os.Args[1:], os.Stdout, os.Stderr)) }

// command is one verb: it works on the checked model of the module in root.
type command func(root string, spec *model.Spec, args []string, stdout io.Writer) error

// errDifferent is the outcome of a comparison that found something.
var errDifferent = errors.New("different")

// usageError is an error in the way of calling.
type usageError struct{ error }

// run does what args say in the module at root and returns the exit status.
func run(root string, args []string, stdout, stderr io.Writer) int {
	if slices.ContainsFunc(args, func(arg string) bool { return arg == "-h" || arg == "-help" || arg == "--help" }) {
		fmt.Fprint(stdout, usage)
		return statusOK
	}
	commands := map[string]command{"generate": generate, "check": checked, "list": list, "diff": differences, "site": pages, "versions": versions, "probe": probed}
	modelless := map[string]command{"schema": printSchema, "headings": index, "module": renamed}
	if len(args) == 0 || commands[args[0]] == nil && modelless[args[0]] == nil {
		fmt.Fprint(stderr, synopsis())
		return statusUsage
	}
	if c := modelless[args[0]]; c != nil {
		return status(c(root, nil, args[1:], stdout), stderr)
	}
	var errs diag.List
	spec, complete := load.Spec(os.DirFS(filepath.Join(root, "spec")), "spec", &errs)
	if complete {
		check.Spec(spec, &errs)
		check.Sentinels(spec, os.DirFS(filepath.Join(root, "core")), &errs)
	}
	if err := errs.Err(); err != nil {
		fmt.Fprintln(stderr, err)
		return statusErrors
	}
	return status(commands[args[0]](root, spec, args[1:], stdout), stderr)
}

// status prints the error of a command and returns the exit status.
func status(err error, stderr io.Writer) int {
	switch misuse := (usageError{}); {
	case err == nil:
		return statusOK
	case errors.Is(err, errDifferent):
		return statusDifferent
	case errors.As(err, &misuse):
		fmt.Fprintf(stderr, "gen: %s\n%s", err, synopsis())
		return statusUsage
	}
	fmt.Fprintf(stderr, "gen: %s\n", err)
	return statusErrors
}

// printSchema prints the schema of the model's files, or of what a command prints as
// JSON. It does not depend on what stands in the files.
func printSchema(_ string, _ *model.Spec, args []string, stdout io.Writer) error {
	set := newFlags(nil)
	if err := set.Parse(args); err != nil {
		return usageError{err}
	}
	var text []byte
	var err error
	switch {
	case set.NArg() == 0:
		text, err = schema.JSON()
	case set.NArg() == 1 && slices.Contains(schema.Outputs, set.Arg(0)):
		text, err = schema.Output(set.Arg(0))
	default:
		return usageError{fmt.Errorf("there is a schema of spec/, and of what these print: %s", strings.Join(schema.Outputs, ", "))}
	}
	if err == nil {
		_, err = stdout.Write(text)
	}
	return err
}

// index prints what a document in Markdown shows, as an entry of spec/headings.yaml.
func index(_ string, _ *model.Spec, args []string, stdout io.Writer) error {
	set := newFlags(nil)
	if err := set.Parse(args); err != nil {
		return usageError{err}
	}
	if set.NArg() != 2 {
		return usageError{errors.New("headings takes a version and a file")}
	}
	if _, err := version.Parse(set.Arg(0)); err != nil {
		return usageError{err}
	}
	text, err := os.ReadFile(set.Arg(1))
	if err == nil {
		_, err = io.WriteString(stdout, headings.Of(set.Arg(0), string(text)))
	}
	return err
}

// renamed gives the repository another module path. The model is not looked at: it
// does not know the path.
func renamed(root string, _ *model.Spec, args []string, stdout io.Writer) error {
	set := newFlags(nil)
	if err := set.Parse(args); err != nil {
		return usageError{err}
	}
	if set.NArg() != 1 {
		return usageError{errors.New("module takes a path")}
	}
	names, err := rename.Module(root, set.Arg(0))
	fmt.Fprintf(stdout, "changed %d files\n", len(names))
	return err
}

// newFlags returns the flags that define defines; it prints nothing itself, and
// what they mean stands in usage.
func newFlags(define func(*flag.FlagSet)) *flag.FlagSet {
	set := flag.NewFlagSet("", flag.ContinueOnError)
	set.SetOutput(io.Discard)
	if define != nil {
		define(set)
	}
	return set
}

// flags parses args for a verb that takes no arguments beside them.
func flags(args []string, define func(*flag.FlagSet)) error {
	set := newFlags(define)
	if err := set.Parse(args); err != nil {
		return usageError{err}
	}
	if set.NArg() > 0 {
		return usageError{fmt.Errorf("%q is too much", set.Arg(0))}
	}
	return nil
}

// checked is the command check. The spec has been checked by then; it prints which members the newest document does not mention.
func checked(_ string, spec *model.Spec, args []string, stdout io.Writer) error {
	if err := flags(args, nil); err != nil {
		return err
	}
	silent, newest := check.Unmentioned(spec)
	for _, name := range silent {
		if _, err := fmt.Fprintf(stdout, "%s does not mention %s, which older documents show: is it gone?\n", newest, name); err != nil {
			return err
		}
	}
	return nil
}

// versions prints the versions that are generated.
func versions(_ string, spec *model.Spec, args []string, stdout io.Writer) error {
	var nodes bool
	if err := flags(args, func(set *flag.FlagSet) { set.BoolVar(&nodes, "nodes", false, "") }); err != nil {
		return err
	}
	for _, p := range resolve.Packages(spec) {
		line := strings.Join([]string{p.Version, p.Document.Node.Value.String(), p.Dir, p.Referee}, "\t")
		switch {
		case nodes && p.Referee == "":
			continue
		case nodes:
			line = p.Referee
		}
		if _, err := fmt.Fprintln(stdout, line); err != nil {
			return err
		}
	}
	return nil
}

func generate(root string, spec *model.Spec, args []string, stdout io.Writer) error {
	if err := flags(args, nil); err != nil {
		return err
	}
	files, err := emit.Files(spec)
	if err != nil {
		return err
	}
	tests, err := emittest.Files(spec)
	if err != nil {
		return err
	}
	maps.Copy(files, tests)
	done, err := output.Sync(filepath.Join(root, "generated"), files)
	for _, name := range done.Written {
		fmt.Fprintf(stdout, "wrote generated/%s\n", name)
	}
	for _, name := range done.Removed {
		fmt.Fprintf(stdout, "removed generated/%s\n", name)
	}
	return err
}
