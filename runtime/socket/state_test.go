package socket

import (
	"os"
	"strings"
	"testing"
)

// TestTableOfLife: the comment that explains the life of a socket shows the table as it is.
func TestTableOfLife(t *testing.T) {
	source, err := os.ReadFile("state.go")
	if err != nil {
		t.Fatal(err)
	}
	comment := strings.ReplaceAll(strings.TrimSuffix("\n"+lifeSteps.String(), "\n"), "\n", "\n//\t")
	if !strings.Contains(string(source), comment+"\n") {
		t.Errorf("the comment does not show the table, which is%s", comment)
	}
}
