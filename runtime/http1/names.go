package http1

import "strings"

// This file knows the common field names, so that a name is recognized once,
// when it is parsed, and compared as a number ever after.

// A NameID stands for a common field name. The zero NameID stands for every
// other name.
type NameID uint8

// The names that decide how a message is framed or what becomes of its
// connection. [Parser] looks at fields with these, and at no others.
const (
	nameOther NameID = iota
	NameContentLength
	NameTransferEncoding
	NameConnection
	NameProxyConnection
	NameUpgrade
	NameExpect
	NameHost
	nameFirstPlain // of the names without a meaning to the parser
)

var names = [...]string{
	NameContentLength:    "content-length",
	NameTransferEncoding: "transfer-encoding",
	NameConnection:       "connection",
	NameProxyConnection:  "proxy-connection",
	NameUpgrade:          "upgrade",
	NameExpect:           "expect",
	NameHost:             "host",
	nameFirstPlain:       "accept",
	"accept-charset", "accept-encoding", "accept-language", "accept-ranges",
	"access-control-allow-credentials", "access-control-allow-headers",
	"access-control-allow-methods", "access-control-allow-origin",
	"access-control-expose-headers", "access-control-max-age",
	"access-control-request-headers", "access-control-request-method", "age",
	"allow", "alt-svc", "authorization", "cache-control", "cf-connecting-ip",
	"cf-ray", "content-disposition", "content-encoding", "content-language",
	"content-location", "content-md5", "content-range",
	"content-security-policy", "content-type", "cookie", "date", "dnt", "etag",
	"expires", "forwarded", "from", "if-match", "if-modified-since",
	"if-none-match", "if-range", "if-unmodified-since", "keep-alive",
	"last-modified", "link", "location", "max-forwards", "origin", "pragma",
	"priority", "proxy-authenticate", "proxy-authorization", "range", "referer",
	"referrer-policy", "retry-after", "sec-ch-ua", "sec-ch-ua-mobile",
	"sec-ch-ua-platform", "sec-fetch-dest", "sec-fetch-mode", "sec-fetch-site",
	"sec-fetch-user", "sec-gpc", "sec-websocket-accept",
	"sec-websocket-extensions", "sec-websocket-key", "sec-websocket-protocol",
	"sec-websocket-version", "server", "server-timing", "set-cookie",
	"strict-transport-security", "te", "trailer", "traceparent", "tracestate",
	"upgrade-insecure-requests", "user-agent", "vary", "via", "warning",
	"www-authenticate", "x-amzn-trace-id", "x-content-type-options",
	"x-correlation-id", "x-csrf-token", "x-forwarded-for", "x-forwarded-host",
	"x-forwarded-port", "x-forwarded-proto", "x-frame-options",
	"x-powered-by", "x-real-ip", "x-request-id", "x-requested-with",
	"x-xss-protection",
}

// A nameEntry is what is compared to recognize a name: its first and last eight
// bytes, which overlap in a short one. A very short name has no last bytes.
type nameEntry struct {
	first, last uint64
	length      int
	id          NameID
}

// nameTable is a hash table: open addressing, an entry of length 0 is empty. It
// is sparse, so that a name which is not in it is most often known at once.
var nameTable = func() (t [nameTableSize]nameEntry) {
	for id := nameOther + 1; int(id) < len(names); id++ {
		name := []byte(names[id] + "        ")[:len(names[id])]
		first, last := nameEnds(name)
		slot := nameHash(first, last)
		for t[slot].length != 0 {
			slot = (slot + 1) % nameTableSize
		}
		t[slot] = nameEntry{first, last, len(name), id}
	}
	return t
}()

const nameTableSize = 1024

const longestName = len("access-control-allow-credentials")

func nameEnds(name []byte) (first, last uint64) {
	if len(name) >= 8 {
		return fold(word(name)), fold(word(name[len(name)-8:]))
	}
	for i, c := range name {
		first |= uint64(c) << (8 * i)
	}
	return fold(first), 0
}

func nameHash(first, last uint64) uint64 {
	return (first*0x9e3779b97f4a7c15 ^ last*0xc2b2ae3d27d4eb4f) >> 40 % nameTableSize
}

// lookupName is LookupName.
func lookupName(name []byte) NameID {
	first, last := nameEnds(name)
	return findName(name, first, last)
}

// findName is LookupName for a name with these ends.
func findName(name []byte, first, last uint64) NameID {
	slot := nameHash(first, last)
	for {
		e := &nameTable[slot]
		if e.length == 0 {
			return nameOther
		}
		if e.first == first && e.last == last && e.length == len(name) {
			if len(name) <= 16 || equalFold(names[e.id][8:len(name)-8], name[8:len(name)-8]) {
				return e.id
			}
		}
		slot = (slot + 1) % nameTableSize
	}
}

// commonName recognizes a common name with a colon behind it at the beginning of
// b, and returns its length and NameID. It does not find all of them.
func commonName(b []byte) (n int, id NameID) {
	if len(b) < 8 {
		return 0, nameOther
	}
	first := word(b)
	if m := equal(first, ':'); m != 0 {
		n = firstMarked(m)
		return n, findName(b[:n], fold(first&(1<<(8*n)-1)), 0)
	}
	for n = 8; n < longestName && len(b)-n >= 8; n += 8 {
		if m := equal(word(b[n:]), ':'); m != 0 {
			n += firstMarked(m)
			return n, findName(b[:n], fold(first), fold(word(b[n-8:])))
		}
	}
	return 0, nameOther
}

// LookupName returns the NameID of a field name in any case, 0 if it is not a
// common one.
func LookupName(name string) NameID { return lookupName([]byte(name)) }

// String returns the name in lower case, "" for the zero NameID.
func (id NameID) String() string {
	if int(id) < len(names) {
		return names[id]
	}
	return ""
}

// LowerName returns a field name in lower case. It allocates only if the name is
// neither a common one nor in lower case already.
func LowerName(name string) string {
	if id := LookupName(name); id != 0 {
		return names[id]
	}
	return strings.ToLower(name)
}

// equalFold reports whether b is a, which is in lower case, in any case.
func equalFold[S string | []byte](a string, b S) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range len(a) {
		if a[i] != lower(b[i]) {
			return false
		}
	}
	return true
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}
