package socket

import (
	"os"
	"strings"
	"testing"
)

// TestTablesOfSocket: the comments that explain the states of a socket show the tables as
// they are.
func TestTablesOfSocket(t *testing.T) {
	source, err := os.ReadFile("state.go")
	if err != nil {
		t.Fatal(err)
	}
	for name, table := range map[string]string{"life": lifeSteps.String(), "reader": readerSteps.String()} {
		comment := strings.ReplaceAll(strings.TrimSuffix("\n"+table, "\n"), "\n", "\n//\t")
		if !strings.Contains(string(source), comment+"\n") {
			t.Errorf("the comment does not show the table of %s, which is%s", name, comment)
		}
	}
}
