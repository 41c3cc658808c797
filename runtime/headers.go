package runtime

// Received header fields by name, with duplicates merged as Node does.

import (
	"cmp"
	"iter"
	"strings"
	"sync/atomic"

	"nodehttp/core"
	"nodehttp/generated/profile"
	"nodehttp/runtime/http1"
)

// tables are a profile in the form in which messages look things up.
type tables struct {
	profile *profile.Profile
	next    *tables // another profile's

	// separators are what the values of a repeated field are joined with, by
	// lower-case name; "" means that the first one counts alone. joined are the
	// beginnings of names that are joined by commas though otherwise does not say so.
	separators map[string]string
	joined     []string
	otherwise  string

	reasons [maxReason]string // standard reason phrases by status

	joining atomic.Pointer[tables] // see joinsDuplicates; nil until it is asked for
}

// maxReason is above every status that has a standard reason phrase.
const maxReason = 600

// known are all the tables there are. A program seldom uses more than one version,
// so going through them is faster than a map.
var known atomic.Pointer[tables]

func tablesOf(p *profile.Profile) *tables {
	first := known.Load()
	for r := first; r != nil; r = r.next {
		if r.profile == p {
			return r
		}
	}
	r := newTables(p)
	r.next = first
	if known.CompareAndSwap(first, r) {
		return r
	}
	return tablesOf(p)
}

// joinsDuplicates returns r for messages with the option joinDuplicateHeaders: the values
// of fields of which the first one counts alone are joined, too.
func (r *tables) joinsDuplicates() *tables {
	if joining := r.joining.Load(); joining != nil {
		return joining
	}
	joining := newTables(r.profile)
	for name, separator := range joining.separators {
		if separator == "" {
			joining.separators[name] = ", "
		}
	}
	joining.otherwise = cmp.Or(joining.otherwise, ", ")
	r.joining.Store(joining)
	return joining
}

func newTables(p *profile.Profile) *tables {
	r := &tables{profile: p, separators: make(map[string]string, len(p.RepeatedHeaders)), otherwise: ", "}
	for name, fate := range p.RepeatedHeaders {
		separator := ", "
		switch fate {
		case "discard":
			separator = ""
		case "semicolon":
			separator = "; "
		}
		switch begin, pattern := strings.CutSuffix(name, "*"); {
		case begin == "":
			r.otherwise = separator
		case pattern:
			r.joined = append(r.joined, begin)
		default:
			r.separators[name] = separator
		}
	}
	for status, reason := range p.StatusCodes {
		if status >= 0 && status < maxReason {
			r.reasons[status] = reason
		}
	}
	return r
}

// separator is what the values of a repeated field are joined with; "" means
// that the first one counts alone.
func (r *tables) separator(lower string) string {
	if separator, ok := r.separators[lower]; ok {
		return separator
	}
	for _, begin := range r.joined {
		if strings.HasPrefix(lower, begin) {
			return ", "
		}
	}
	return r.otherwise
}

// lookup returns the merged value of a field. It allocates only to merge.
func (r *tables) lookup(h *http1.Head, name string) string {
	i := h.Find(name, 0)
	if i < 0 {
		return ""
	}
	value := h.Value(i)
	j := h.Find(name, i+1)
	if j < 0 {
		return value
	}
	separator := r.separator(http1.LowerName(name))
	if separator == "" {
		return value
	}
	values := []string{value}
	for ; j >= 0; j = h.Find(name, j+1) {
		values = append(values, h.Value(j))
	}
	return strings.Join(values, separator)
}

// upgrades reports whether a response names another protocol, whatever its
// status.
func (r *tables) upgrades(h *http1.Head) bool {
	return r.lookup(h, "upgrade") != "" && http1.HasToken("upgrade", r.lookup(h, "connection"))
}

// view merges all fields.
func (r *tables) view(h *http1.Head) HeaderView {
	var v HeaderView
	if h.Len() == 0 {
		return v
	}
	v.fields = make([][2]string, 0, h.Len())
	seen := make(map[string]int, h.Len())
	var joined map[int][]string
	for i := range h.Len() {
		name, value := h.LowerName(i), h.Value(i)
		if name == "set-cookie" {
			v.setCookie = append(v.setCookie, value)
		}
		at, again := seen[name]
		if !again {
			seen[name] = len(v.fields)
			v.fields = append(v.fields, [2]string{name, value})
		} else if r.separator(name) != "" {
			if joined == nil {
				joined = make(map[int][]string)
			}
			if joined[at] == nil {
				joined[at] = []string{v.fields[at][1]}
			}
			joined[at] = append(joined[at], value)
		}
	}
	for at, values := range joined {
		v.fields[at][1] = strings.Join(values, r.separator(v.fields[at][0]))
	}
	return v
}

// HeaderView shows received header fields by name. Names are lower-case, and
// each stands once: the values of a repeated field are joined, or the first
// one is kept, as Node does for that name. It does not change.
type HeaderView struct {
	fields    [][2]string
	setCookie []string
}

func (v HeaderView) index(lower string) int {
	for i := range v.fields {
		if v.fields[i][0] == lower {
			return i
		}
	}
	return -1
}

// Get returns the value of a field, "" if there is none. The case of name
// does not matter.
func (v HeaderView) Get(name string) string {
	value, _ := v.Lookup(name)
	return value
}

// Lookup is Get that tells an empty value from a missing field.
func (v HeaderView) Lookup(name string) (value string, ok bool) {
	if i := v.index(http1.LowerName(name)); i >= 0 {
		return v.fields[i][1], true
	}
	return "", false
}

// SetCookie returns the values of all Set-Cookie fields, which are never joined.
func (v HeaderView) SetCookie() []string { return append([]string(nil), v.setCookie...) }

// Len returns the number of names.
func (v HeaderView) Len() int { return len(v.fields) }

// All ranges over names and values in the order in which names first stood.
func (v HeaderView) All() iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for _, f := range v.fields {
			if !yield(f[0], f[1]) {
				return
			}
		}
	}
}

// distinct returns all values of each field by lower-case name.
func distinct(h *http1.Head) map[string][]string {
	all := make(map[string][]string, h.Len())
	for i := range h.Len() {
		name := h.LowerName(i)
		all[name] = append(all[name], h.Value(i))
	}
	return all
}

// ValidateHeaderName returns core.ErrInvalidHTTPToken if name may not be the
// name of a header field.
func ValidateHeaderName(name string) error {
	if !http1.ValidToken(name) {
		return core.ErrInvalidHTTPToken.With("Header name must be a valid HTTP token [%q]", name)
	}
	return nil
}

// ValidateHeaderValue returns core.ErrInvalidChar if value may not be the
// value of the header field name.
func ValidateHeaderValue(name, value string) error {
	if !http1.ValidFieldValue(value) {
		return core.ErrInvalidChar.With("Invalid character in header content [%q]", name)
	}
	return nil
}

// validateField returns why a header field may not be sent, with each of some values.
// relaxed says that they may have control characters.
func validateField(relaxed bool, name string, values ...string) error {
	if err := ValidateHeaderName(name); err != nil {
		return err
	}
	for _, v := range values {
		if relaxed && http1.RelaxedFieldValue(v) {
			continue
		}
		if err := ValidateHeaderValue(name, v); err != nil {
			return err
		}
	}
	return nil
}

// Validation is how strictly header values are read and written, by Node's name of it.
type Validation string

const (
	ValidationStrict   Validation = "strict"   // no control characters
	ValidationRelaxed  Validation = "relaxed"  // none but NUL, CR and LF are refused
	ValidationInsecure Validation = "insecure" // as relaxed, and the parser is as with InsecureHTTPParser
)

// check returns why v, "" if it is left open, may not be given beside
// InsecureHTTPParser.
func (v Validation) check(insecure bool) error {
	switch {
	case v == "":
	case v != ValidationStrict && v != ValidationRelaxed && v != ValidationInsecure:
		return core.ErrInvalidArgValue.With(
			"The property 'options.httpValidation' must be one of: 'strict', 'relaxed', 'insecure'. Received %q", string(v))
	case insecure:
		return core.ErrInvalidArgValue.With("The property 'options.httpValidation' cannot be used together with options.insecureHTTPParser")
	}
	return nil
}

// relaxes reports whether values may have control characters.
func (v Validation) relaxes() bool { return v == ValidationRelaxed || v == ValidationInsecure }

// frames reports whether a field says where a body ends.
func frames(name string) bool {
	return http1.EqualFold(name, "content-length") || http1.EqualFold(name, "transfer-encoding")
}

// isNamed returns what reports whether a header name is name.
func isNamed(name string) func(other string) bool {
	return func(other string) bool { return http1.EqualFold(other, name) }
}
