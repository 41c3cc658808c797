package model

import "strings"

// String renders t as the model writes it.
func (t *Type) String() string {
	if t == nil {
		return ""
	}
	terms := make([]string, len(t.Union))
	for i, term := range t.Union {
		if term.Params == nil {
			terms[i] = term.Name + strings.Repeat("[]", term.Lists)
			continue
		}
		params := make([]string, len(term.Params))
		for j, p := range term.Params {
			params[j] = p.Name + ": " + p.Type.String()
		}
		terms[i] = "(" + strings.Join(params, ", ") + ")"
	}
	return strings.Join(terms, " | ")
}
