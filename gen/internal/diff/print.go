package diff

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Formats are the ways in which a report can be printed.
var Formats = []string{"text", "markdown", "json"}

// Print writes the report in a format.
func (r *Report) Print(w io.Writer, format string) error {
	if !slices.Contains(Formats, format) {
		return fmt.Errorf("unknown format %q: want %s", format, strings.Join(Formats, ", "))
	}
	var b strings.Builder
	switch format {
	case "json":
		encoder := json.NewEncoder(w)
		encoder.SetIndent("", "  ")
		encoder.SetEscapeHTML(false)
		shown := *r
		if shown.Groups == nil {
			shown.Groups = []Group{}
		}
		return encoder.Encode(shown)
	case "markdown":
		fmt.Fprintf(&b, "# %s → %s\n", r.From, r.To)
		for _, g := range r.Groups {
			fmt.Fprintf(&b, "\n## %s\n\n", g.Name)
			for _, c := range g.Changes {
				fmt.Fprintf(&b, "- **%s** %s `%s`%s\n", c.Kind, c.Of, c.Name, strings.Join(c.details(quoted), ""))
			}
		}
	default:
		for i, g := range r.Groups {
			if i > 0 {
				b.WriteByte('\n')
			}
			fmt.Fprintf(&b, "%s\n", g.Name)
			for _, c := range g.Changes {
				fmt.Fprintf(&b, "  %-10s %s %s%s\n", c.Kind, c.Of, c.Name, strings.Join(c.details(plain), ""))
			}
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func plain(s string) string { return s }

func quoted(s string) string { return "`" + s + "`" }

// details are what follows the name of what changed.
func (c Change) details(code func(string) string) []string {
	var parts []string
	part := func(format string, args ...any) { parts = append(parts, fmt.Sprintf(format, args...)) }
	switch {
	case c.Kind == "renamed":
		part(" → %s", code(c.New))
	case c.Old != "" && c.New != "":
		part(": %s%s → %s", label(c.What), code(c.Old), code(c.New))
	case c.Default != "":
		part(": default %s", code(c.Default))
	case c.Old != "" || c.New != "":
		part(": %s", code(c.Old+c.New))
	case c.What != "":
		part(": %s", c.What)
	}
	if c.Text != "" {
		part(". %s", c.Text)
	}
	if len(c.In) > 0 {
		part(" (%s)", strings.Join(c.In, ", "))
	}
	if len(c.Heirs) > 0 {
		part(", %s too", strings.Join(c.Heirs, " and "))
	}
	return parts
}

func label(what string) string {
	if what == "" || what == "behaviour" {
		return ""
	}
	return what + " "
}
