package http1

// This file knows the request methods.

// methods is Node's http.METHODS: a request with another one is refused.
var methods = [...]string{
	"ACL", "BIND", "CHECKOUT", "CONNECT", "COPY", "DELETE", "GET", "HEAD",
	"LINK", "LOCK", "M-SEARCH", "MERGE", "MKACTIVITY", "MKCALENDAR", "MKCOL",
	"MOVE", "NOTIFY", "OPTIONS", "PATCH", "POST", "PROPFIND", "PROPPATCH",
	"PURGE", "PUT", "REBIND", "REPORT", "SEARCH", "SOURCE", "SUBSCRIBE",
	"TRACE", "UNBIND", "UNLINK", "UNLOCK", "UNSUBSCRIBE",
}

// longestMethod is the length of the longest of methods.
const longestMethod = len("UNSUBSCRIBE")

const (
	methodConnect = 3
	methodGet     = 6
	methodHead    = 7
	methodPost    = 19
	methodPut     = 23
)

// methodIndex returns the index in methods of the method that b spells, or -1.
func methodIndex(b []byte) int {
	switch string(b) {
	case "GET":
		return methodGet
	case "POST":
		return methodPost
	case "HEAD":
		return methodHead
	case "PUT":
		return methodPut
	}
	for i, m := range methods {
		if string(b) == m {
			return i
		}
	}
	return -1
}

// beginsMethod reports whether b may become a method, or "PRI".
func beginsMethod(b []byte) bool {
	for _, m := range methods {
		if len(b) <= len(m) && string(b) == m[:len(b)] {
			return true
		}
	}
	return len(b) <= len("PRI") && string(b) == "PRI"[:len(b)]
}
