// Package diag collects what is wrong with the model: every finding has a
// place, and all findings are reported together. It knows nothing of YAML or of
// what the model means.
package diag

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Pos is a place in a file of the model. Line and Column count from 1.
type Pos struct {
	File         string
	Line, Column int
}

// String renders the place as file:line:column.
func (p Pos) String() string { return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column) }

// Finding is one error at one place.
type Finding struct {
	Pos     Pos
	Message string
}

// List gathers findings. Its zero value is ready for use; it is not safe for
// concurrent use.
type List struct{ findings []Finding }

// Addf records a finding at pos.
func (l *List) Addf(pos Pos, format string, args ...any) {
	l.findings = append(l.findings, Finding{pos, fmt.Sprintf(format, args...)})
}

// Empty reports whether nothing was found.
func (l *List) Empty() bool { return len(l.findings) == 0 }

// Err returns nil if nothing was found, and l as an error otherwise.
func (l *List) Err() error {
	if l.Empty() {
		return nil
	}
	return l
}

// Findings returns the findings in the order of their places, each once.
func (l *List) Findings() []Finding {
	sorted := slices.Clone(l.findings)
	slices.SortFunc(sorted, func(a, b Finding) int {
		return cmp.Or(
			cmp.Compare(a.Pos.File, b.Pos.File),
			cmp.Compare(a.Pos.Line, b.Pos.Line),
			cmp.Compare(a.Pos.Column, b.Pos.Column),
			cmp.Compare(a.Message, b.Message),
		)
	})
	return slices.Compact(sorted)
}

// Error renders the findings one per line, as file:line:column: message.
func (l *List) Error() string {
	var b strings.Builder
	for i, f := range l.Findings() {
		if i > 0 {
			b.WriteByte('\n')
		}
		fmt.Fprintf(&b, "%s: %s", f.Pos, f.Message)
	}
	return b.String()
}
