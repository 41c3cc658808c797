package runtime

import (
	"os"
	"strings"
	"testing"
)

// TestTables: the comments that explain the states show the tables as they are.
func TestTables(t *testing.T) {
	for file, tables := range map[string]map[string]string{
		"outgoing_states.go": {
			"phase": phaseSteps.String(), "place": placeSteps.String(),
			"framing": framingSteps.String(), "keepAlive": keepAliveSteps.String(),
		},
		"server_states.go": {"a server's connection": serverSteps.String()},
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
