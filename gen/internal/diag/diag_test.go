package diag

import "testing"

func TestErrorsAreSortedAndTold(t *testing.T) {
	var list List
	if list.Err() != nil || !list.Empty() {
		t.Error("a new list has errors")
	}
	list.Addf(Pos{"b.yaml", 1, 1}, "last")
	list.Addf(Pos{"a.yaml", 10, 2}, "third")
	list.Addf(Pos{"a.yaml", 9, 12}, "second %d", 2)
	list.Addf(Pos{"a.yaml", 9, 3}, "first")
	list.Addf(Pos{"a.yaml", 9, 3}, "first")
	want := "a.yaml:9:3: first\na.yaml:9:12: second 2\na.yaml:10:2: third\nb.yaml:1:1: last"
	if got := list.Err().Error(); got != want {
		t.Errorf("have\n%s\nwant\n%s", got, want)
	}
}
