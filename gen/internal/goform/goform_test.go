package goform

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParse(t *testing.T) {
	form, err := Parse("WriteHead(statusCode, again int, headers ...Headers) (n int, err error)")
	if err != nil {
		t.Fatal(err)
	}
	var params []string
	for _, p := range Params(form.Func) {
		if p.Variadic {
			p.Name += "..."
		}
		params = append(params, p.Name)
	}
	if diff := cmp.Diff([]string{"statusCode", "again", "headers..."}, params); diff != "" {
		t.Error(diff)
	}
	if form.Name != "WriteHead" || len(Results(form.Func)) != 2 {
		t.Errorf("form = %+v", form)
	}
	field, err := Parse("Lookup func(ctx context.Context, host string) ([]string, error)")
	if err != nil {
		t.Fatal(err)
	}
	if field.Name != "Lookup" || field.Func != nil || field.Type == nil {
		t.Errorf("field = %+v", field)
	}
}

func TestParseRefuses(t *testing.T) {
	for _, text := range []string{
		"", "lower()", "Name", "Name(int)", "Name(", "A int; B int", "A(); B()", "A, B int", "Name(a int) {}",
	} {
		if form, err := Parse(text); err == nil {
			t.Errorf("Parse(%q) = %+v, want an error", text, form)
		}
	}
}

func TestNamesLeavesParametersOut(t *testing.T) {
	form, err := Parse("On(f func(Socket *Agent), m map[string][]net.Conn) Subscription")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	form.Names(func(pkg, name string) { names = append(names, pkg+"."+name) })
	slices.Sort(names)
	if diff := cmp.Diff([]string{".Agent", ".Subscription", ".string", "net.Conn"}, names); diff != "" {
		t.Error(diff)
	}
}
