package load

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"nodehttp/gen/internal/diag"
)

func TestEveryFileOfTheModelIsRead(t *testing.T) {
	var errs diag.List
	spec, complete := Spec(os.DirFS("../../../spec"), "spec", &errs)
	if err := errs.Err(); err != nil || !complete {
		t.Fatal(err)
	}
	for name, count := range map[string]int{
		"documents": len(spec.Documents), "types": len(spec.Types), "errors": len(spec.Errors), "functions": len(spec.Functions),
		"constants": len(spec.Constants), "behaviours": len(spec.Behaviours), "methods": len(spec.Methods),
		"status codes": len(spec.Statuses), "header rules": len(spec.Duplicates), "classes": len(spec.Classes), "options": len(spec.Options),
	} {
		if count == 0 {
			t.Errorf("there are no %s", name)
		}
	}
}

func TestProseIsNoPartOfTheModel(t *testing.T) {
	var errs diag.List
	_, complete := Spec(fstest.MapFS{"README.md": {}, "notes/a.yaml": {}, "classes/a.txt": {}, "classes/.b.yaml": {}, "classes/c.yaml~": {}}, "spec", &errs)
	if complete {
		t.Error("the model is complete without its files")
	}
	text := errs.Error()
	for _, want := range []string{"spec/notes/a.yaml:1:1: the model has no such file", "spec/classes/a.txt:1:1: the model has no such file", "missing: adapters.yaml"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not reported in\n%s", want, text)
		}
	}
	for _, other := range []string{"README", ".b.yaml", "c.yaml~"} {
		if strings.Contains(text, other) {
			t.Errorf("%s is reported:\n%s", other, text)
		}
	}
}

// TestTheReadmesExampleIsRead holds the example in spec/README.md against the
// keys that there are.
func TestTheReadmesExampleIsRead(t *testing.T) {
	readme, err := os.ReadFile("../../../spec/README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(readme), "```yaml\n")
	example, _, found := strings.Cut(rest, "```\n")
	if !found {
		t.Fatal("spec/README.md has no example")
	}
	// What is commented out is an alternative; it must be a key as well.
	for name, text := range map[string]string{"as it is": example, "with all": regexp.MustCompile(`(?m)^( *)# ([a-z_]+: )`).ReplaceAllString(example, "$1$2")} {
		var errs diag.List
		Spec(fstest.MapFS{"classes/Example.yaml": {Data: []byte(text)}}, "spec", &errs)
		for _, f := range errs.Findings() {
			if strings.HasPrefix(f.Pos.File, "spec/classes") {
				t.Errorf("%s: %s: %s", name, f.Pos, f.Message)
			}
		}
	}
}
