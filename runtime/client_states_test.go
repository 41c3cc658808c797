package runtime

import (
	"os"
	"strings"
	"testing"
)

// TestTablesOfClient: the comments that explain the states of a client's connection and of
// a request show the tables as they are.
func TestTablesOfClient(t *testing.T) {
	for file, tables := range map[string]map[string]string{
		"client_states.go": {"a client's connection": clientSteps.String()},
		"request_states.go": {
			"life": requestLifeSteps.String(), "answer": requestAnswerSteps.String(),
			"silence": requestSilenceSteps.String(), "abort": requestAbortSteps.String(),
		},
	} {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for name, table := range tables {
			comment := strings.ReplaceAll(strings.TrimSuffix("\n"+table, "\n"), "\n", "\n//\t")
			if !strings.Contains(string(source), comment+"\n") {
				t.Errorf("the comment of %s does not show the table of %s, which is%s", file, name, comment)
			}
		}
	}
}
