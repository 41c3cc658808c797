package runtime

// Lists of header fields, as a program gives them to messages and gets them.

import (
	"iter"
	"slices"

	"nodehttp/runtime/http1"
)

// Headers is a list of header fields, name and value, in the order and case
// in which they go on the wire. Names are compared without regard to the case of
// ASCII letters. A nil list is empty. The methods check neither names nor values:
// what a message is given, it checks.
//
// It is a slice: an assignment shares the fields, Clone copies them. Set, Add and Del
// must not run beside other uses of the same fields.
type Headers [][2]string

// Get returns the first value of the fields called name, "" if there is none.
func (h Headers) Get(name string) string {
	if i := h.index(name); i >= 0 {
		return h[i][1]
	}
	return ""
}

// Values returns the values of all fields called name, in order, nil if there is
// none.
func (h Headers) Values(name string) []string {
	var values []string
	for _, f := range h {
		if http1.EqualFold(f[0], name) {
			values = append(values, f[1])
		}
	}
	return values
}

// Has reports whether there is a field called name.
func (h Headers) Has(name string) bool { return h.index(name) >= 0 }

// Set makes value the only one of name. The first field of that name keeps its place
// and gets the name as it is written here; the others are removed. Without one, the
// field is added at the end.
func (h *Headers) Set(name, value string) {
	i := h.index(name)
	if i < 0 {
		h.Add(name, value)
		return
	}
	(*h)[i] = [2]string{name, value}
	rest := (*h)[i+1:].without(name)
	*h = (*h)[:i+1+len(rest)]
}

// Add adds a field at the end, whether there is one of that name or not.
func (h *Headers) Add(name, value string) { *h = append(*h, [2]string{name, value}) }

// Del removes all fields called name.
func (h *Headers) Del(name string) { *h = h.without(name) }

// Clone returns a copy that shares nothing with h.
func (h Headers) Clone() Headers { return slices.Clone(h) }

// All ranges over names and values in order, in the case that they have. A name that
// repeats comes as often.
func (h Headers) All() iter.Seq2[string, string] {
	return func(yield func(name, value string) bool) {
		for _, f := range h {
			if !yield(f[0], f[1]) {
				return
			}
		}
	}
}

// index is where the first field called name stands, -1 if there is none.
func (h Headers) index(name string) int {
	return slices.IndexFunc(h, func(f [2]string) bool { return http1.EqualFold(f[0], name) })
}

// without removes the fields called name from h.
func (h Headers) without(name string) Headers {
	return slices.DeleteFunc(h, func(f [2]string) bool { return http1.EqualFold(f[0], name) })
}
