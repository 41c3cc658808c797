// Package apidiff compares what the generator says about breaking changes with
// golang.org/x/exp/apidiff, which compares the generated packages themselves. It is a
// module of its own so that programs that import the library do not get apidiff.
package apidiff

import (
	"encoding/json"
	"errors"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"golang.org/x/exp/apidiff"
	"golang.org/x/tools/go/packages"
)

// root is the directory of the main module.
const root = "../.."

// described is a generated package and what the generator calls its version.
type described struct{ name, version string }

// versionsOf asks the generator which packages there are.
func versionsOf(t *testing.T, generator string) []described {
	cmd := exec.Command(generator, "versions")
	cmd.Dir = root
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var list []described
	for line := range strings.Lines(string(out)) {
		fields := strings.Split(line, "\t")
		list = append(list, described{name: fields[2], version: fields[0]})
	}
	return list
}

func TestBreakingAgreesWithApidiff(t *testing.T) {
	generator := build(t)
	versions := versionsOf(t, generator)
	var patterns []string
	for _, v := range versions {
		patterns = append(patterns, "nodehttp/generated/"+v.name)
	}
	loaded, err := packages.Load(&packages.Config{
		Mode: packages.NeedName | packages.NeedTypes | packages.NeedImports | packages.NeedDeps | packages.NeedSyntax | packages.NeedTypesInfo,
		Dir:  root,
	}, patterns...)
	if err != nil {
		t.Fatal(err)
	}
	if packages.PrintErrors(loaded) > 0 || len(loaded) != len(versions) {
		t.Fatalf("%d of %d packages loaded", len(loaded), len(versions))
	}
	byName := map[string]*packages.Package{}
	for _, p := range loaded {
		byName[p.PkgPath[strings.LastIndex(p.PkgPath, "/")+1:]] = p
	}
	for _, from := range versions {
		broken := 0 // a package that breaks no caller of any other has not been compared
		for _, to := range versions {
			t.Run(from.version+" to "+to.version, func(t *testing.T) {
				want := incompatible(byName[from.name], byName[to.name])
				got := breaking(t, generator, from.version, to.version)
				for _, symbol := range want {
					if !slices.Contains(got, symbol) {
						t.Errorf("gen diff -breaking lacks %s", symbol)
					}
				}
				for _, symbol := range got {
					if !slices.Contains(want, symbol) {
						t.Errorf("apidiff lacks %s", symbol)
					}
				}
				broken += len(want)
			})
		}
		if broken == 0 {
			t.Errorf("%s: nothing to compare", from.version)
		}
	}
}

// build returns the path of the generator.
func build(t *testing.T) string {
	path := t.TempDir() + "/gen"
	cmd := exec.Command("go", "build", "-o", path, "./gen")
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return path
}

// incompatible lists the symbols that apidiff finds incompatible, as Type.Member.
func incompatible(from, to *packages.Package) []string {
	var symbols []string
	for _, change := range apidiff.Changes(from.Types, to.Types).Changes {
		if change.Compatible {
			continue
		}
		symbol, _, _ := strings.Cut(change.Message, ":")
		symbol = strings.NewReplacer("(*", "", ")", "").Replace(symbol)
		if !slices.Contains(symbols, symbol) {
			symbols = append(symbols, symbol)
		}
	}
	return symbols
}

// breaking lists the symbols that the generator finds broken.
func breaking(t *testing.T, generator, from, to string) []string {
	cmd := exec.Command(generator, "diff", "-breaking", "-format", "json", from, to)
	cmd.Dir = root
	out, err := cmd.Output()
	var exit *exec.ExitError
	if err != nil && (!errors.As(err, &exit) || exit.ExitCode() != 1) {
		t.Fatalf("%v\n%s", err, exit.Stderr)
	}
	var report struct {
		Groups []struct {
			Changes []struct {
				Go []struct{ Symbol string }
			}
		}
	}
	if err := json.Unmarshal(out, &report); err != nil {
		t.Fatal(err)
	}
	var symbols []string
	for _, g := range report.Groups {
		for _, c := range g.Changes {
			for _, b := range c.Go {
				symbols = append(symbols, b.Symbol)
			}
		}
	}
	return symbols
}
