package http1

import "strings"

// This file says what may be written: the checks that Node makes before a byte
// leaves. A program that passes them cannot split a message in two.

// ValidToken reports whether s may be a header name or a method: a token of RFC
// 9110, not empty.
func ValidToken(s string) bool { return s != "" && only(isToken, s) }

// ValidFieldValue reports whether s may be a header value: no control character
// but HTAB. The empty value is valid, and so are bytes from 0x80 on, which HTTP
// passes on as they are.
func ValidFieldValue(s string) bool { return only(isText, s) }

// RelaxedFieldValue reports whether s may be a header value by the Fetch standard: no
// NUL, CR or LF.
func RelaxedFieldValue(s string) bool { return !strings.ContainsAny(s, "\x00\r\n") }

// ValidReason reports whether s may be the reason phrase of a status line.
func ValidReason(s string) bool { return only(isText, s) }

// ValidTarget reports whether s may be the target of a request line: not empty,
// and no space or control character. As in Node, 0x7f and bytes above are valid.
func ValidTarget(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' {
			return false
		}
	}
	return s != ""
}

// ValidTrailer reports whether a field of this name may be sent after a body. RFC
// 9110, section 6.5.1, forbids those that a recipient needs before the body: they say
// how the message is framed, routed, authenticated or read, or control its connection.
// A recipient that merges trailers into the header would believe them.
func ValidTrailer(name string) bool {
	name = LowerName(name)
	return !notTrailers[name] && !strings.HasPrefix(name, "if-")
}

var notTrailers = map[string]bool{
	"connection": true, "keep-alive": true, "proxy-connection": true, "upgrade": true, "http2-settings": true,
	"content-length": true, "transfer-encoding": true, "te": true, "trailer": true,
	"host": true, "max-forwards": true, "expect": true, "cache-control": true, "pragma": true, "range": true,
	"authorization": true, "www-authenticate": true, "proxy-authorization": true, "proxy-authenticate": true,
	"cookie": true, "set-cookie": true,
	"content-encoding": true, "content-range": true, "content-type": true,
}

func only(bits uint8, s string) bool {
	for i := range len(s) {
		if class[s[i]]&bits == 0 {
			return false
		}
	}
	return true
}
