package core

import (
	"os"
	"strings"
	"testing"
)

// TestTablesOfReadable: the comment that explains the states of a Readable shows the
// tables as they are.
func TestTablesOfReadable(t *testing.T) {
	source, err := os.ReadFile("readable_states.go")
	if err != nil {
		t.Fatal(err)
	}
	for name, table := range map[string]string{
		"mode": modeSteps.String(), "end": endSteps.String(), "fate": fateSteps.String(), "supply": supplySteps.String(),
	} {
		comment := strings.ReplaceAll(strings.TrimSuffix("\n"+table, "\n"), "\n", "\n//\t")
		if !strings.Contains(string(source), comment+"\n") {
			t.Errorf("the comment does not show the table of %s, which is%s", name, comment)
		}
	}
}

// TestIllegalTransition: an illegal event is told with the state, and changes nothing.
func TestIllegalTransition(t *testing.T) {
	told := ""
	defer func(before func(string)) { crash = before }(crash)
	crash = func(what string) { told = what }
	state := open
	endSteps.Step(&state, eventEmit)
	if state != open || !strings.Contains(told, "emit in state open of a core.readEnd") {
		t.Errorf("the state is %v, told: %q", state, told)
	}
	told = ""
	endSteps.Step(&state, eventEnd)
	if state != ended || told != "" {
		t.Errorf("the state is %v, told: %q", state, told)
	}
}
