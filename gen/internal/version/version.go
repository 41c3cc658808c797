// Package version orders Node's versions and says when a fact that names
// several of them, because it was backported, holds. It knows no spec file.
package version

import (
	"cmp"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
)

// open stands for a part that was not given: v16 is the newest v16 there is.
const open = math.MaxInt32

// Version is a version of Node. A part that was not written is open and
// compares greater than any number.
type Version struct{ Major, Minor, Patch int }

// Pattern is what Parse takes, as a regular expression.
const Pattern = `^v?(0|[1-9][0-9]{0,3})(\.(0|[1-9][0-9]{0,3})){0,2}$`

var pattern = regexp.MustCompile(Pattern)

// Parse reads v19.0.0, 19.0.0, v19.0 or v19. It returns the zero Version with an
// error.
func Parse(s string) (Version, error) {
	if !pattern.MatchString(s) {
		return Version{}, fmt.Errorf("%q is not a version: want vMAJOR.MINOR.PATCH", s)
	}
	v := Version{open, open, open}
	parts := []*int{&v.Major, &v.Minor, &v.Patch}
	for i, digits := range strings.Split(strings.TrimPrefix(s, "v"), ".") {
		*parts[i], _ = strconv.Atoi(digits) // at most four digits
	}
	return v, nil
}

// Full reports whether all three parts were given.
func (v Version) Full() bool { return v.Patch != open }

// HasMinor reports whether the first two parts were given.
func (v Version) HasMinor() bool { return v.Minor != open }

// Compare orders versions by their numbers; an open part is the greatest.
func (v Version) Compare(w Version) int {
	return cmp.Or(cmp.Compare(v.Major, w.Major), cmp.Compare(v.Minor, w.Minor), cmp.Compare(v.Patch, w.Patch))
}

// Within reports whether v is w or one of the releases that an open w stands for.
func (v Version) Within(w Version) bool {
	return (w.Major == open || v.Major == w.Major) &&
		(w.Minor == open || v.Minor == w.Minor) &&
		(w.Patch == open || v.Patch == w.Patch)
}

// SameLine reports whether v and w are of one release line, in which features
// are backported: one major version, or one 0.minor.
func (v Version) SameLine(w Version) bool {
	return v.Major == w.Major && (v.Major != 0 || v.Minor == w.Minor)
}

// String renders the parts that were given: v19.0.0, v19.0 or v19.
func (v Version) String() string {
	s := "v" + strconv.Itoa(v.Major)
	for _, part := range []int{v.Minor, v.Patch} {
		if part == open {
			break
		}
		s += "." + strconv.Itoa(part)
	}
	return s
}

// UnmarshalText makes a Version readable from the model.
func (v *Version) UnmarshalText(text []byte) error {
	parsed, err := Parse(string(text))
	*v = parsed
	return err
}

// Set is where one change arrived: in its newest version and in the older
// release lines that it was backported to.
type Set []Version

// First returns the version in which the change entered the main line.
func (s Set) First() Version {
	newest := s[0]
	for _, v := range s[1:] {
		if v.Compare(newest) > 0 {
			newest = v
		}
	}
	return newest
}

// Reached reports whether v has the change: v is not older than the main line's
// version, or it is of a line that the change was backported to and not
// older than the backport.
func (s Set) Reached(v Version) bool {
	if len(s) == 0 {
		return false
	}
	if v.Compare(s.First()) >= 0 {
		return true
	}
	for _, w := range s {
		if v.SameLine(w) && v.Compare(w) >= 0 {
			return true
		}
	}
	return false
}

// String joins the versions as prose does: v14.5.0, v12.19.0.
func (s Set) String() string {
	names := make([]string, len(s))
	for i, v := range s {
		names[i] = v.String()
	}
	return strings.Join(names, ", ")
}
