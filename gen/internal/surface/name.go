// Package surface turns a member of the model into its Go forms: by what its
// `go` key lists, or by the conventions of the house. It decides names and
// signatures; it writes no code.
package surface

import (
	"strings"
	"unicode"
)

// initialisms are the words that Go writes in one case.
var initialisms = map[string]string{"http": "HTTP", "url": "URL", "id": "ID", "ip": "IP", "tls": "TLS", "alpn": "ALPN"}

// Name returns Node's name as an exported Go name: url is URL, httpVersion is
// HTTPVersion, STATUS_CODES is StatusCodes, Symbol.asyncDispose is AsyncDispose.
func Name(node string) string {
	var b strings.Builder
	for _, word := range words(strings.TrimPrefix(node, "Symbol.")) {
		if whole := initialisms[strings.ToLower(word)]; whole != "" {
			b.WriteString(whole)
			continue
		}
		b.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return b.String()
}

// words splits camelCase and SNAKE_CASE; a run of capitals stays one word.
func words(s string) []string {
	if strings.ToUpper(s) == s {
		return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return r == '_' })
	}
	var list []string
	start := 0
	for i, r := range s {
		if i > start && unicode.IsUpper(r) && !unicode.IsUpper(rune(s[i-1])) {
			list = append(list, s[start:i])
			start = i
		}
	}
	return append(list, s[start:])
}

// LowerFirst lowers the first letter of a sentence unless its first word is a
// name, which a second capital or a digit shows.
func LowerFirst(s string) string {
	first, _, _ := strings.Cut(s, " ")
	if len(first) > 1 && first[1:] != strings.ToLower(first[1:]) || s == "" {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}
