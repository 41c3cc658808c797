package core

// Life cycles as tables.

import (
	"fmt"
	"os"
	"runtime/debug"
	"strings"
	"testing"
)

// Transitions is a life cycle: [state][event] is the state that follows, 0 if the event
// is illegal in that state. States count from 1, events from 0. Both types have a String
// method; a test compares the table's text with the comment beside it.
type Transitions[S, E ~uint8] [8][8]S

// Step brings *s to the state that follows event. The lock that guards *s is held. An
// illegal event is a fault of this library: it ends a test run, and changes nothing in a
// program.
func (t *Transitions[S, E]) Step(s *S, event E) {
	if next := t[*s&7][event&7]; next != 0 {
		*s = next
		return
	}
	illegal(*s, event)
}

// illegal ends a test run. It panics on a goroutine of its own, since a strand would
// recover the panic while the caller's lock is held.
func illegal[S, E ~uint8](state S, event E) {
	if testing.Testing() {
		crash(fmt.Sprintf("illegal transition: %v in state %v of a %T\n%s", event, state, state, debug.Stack()))
	}
}

// crash is replaced by the test of illegal.
var crash = func(what string) {
	fmt.Fprintln(os.Stderr, what)
	go panic(what)
}

// String returns the table as text: a row for each state, a column for each event; "."
// is the same state again, "-" is illegal.
func (t *Transitions[S, E]) String() string {
	var events []E
	for e := range E(8) {
		for s := range t {
			if t[s][e] != 0 {
				events = append(events, e)
				break
			}
		}
	}
	lines := [][]string{{""}}
	for _, e := range events {
		lines[0] = append(lines[0], fmt.Sprint(e))
	}
	for s := S(1); s < 8 && t[s] != [8]S{}; s++ {
		line := []string{fmt.Sprint(s)}
		for _, e := range events {
			switch next := t[s][e]; next {
			case 0:
				line = append(line, "-")
			case s:
				line = append(line, ".")
			default:
				line = append(line, fmt.Sprint(next))
			}
		}
		lines = append(lines, line)
	}
	var text strings.Builder
	for _, line := range lines {
		row := ""
		for i, cell := range line {
			width := 0
			for _, other := range lines {
				width = max(width, len(other[i]))
			}
			row += fmt.Sprintf("%-*s", width+2, cell)
		}
		text.WriteString(strings.TrimRight(row, " ") + "\n")
	}
	return text.String()
}
