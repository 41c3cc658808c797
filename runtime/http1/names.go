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

// nameWords is what is compared to recognize a name of at most 32 bytes.
type nameWords struct {
	first, last   uint64 // 8 bytes each, which may overlap; in a name shorter than 8 all, and 0
	third, fourth uint64 // bytes 8 to 16 of a name longer than 16, 16 to 24 of one longer than 24
}

const longestName = 32

// nameTable holds the words of each name.
var nameTable = func() (t [len(names)]nameWords) {
	for id := nameOther + 1; int(id) < len(names); id++ {
		name := []byte(names[id])
		w := &t[id]
		w.first, w.last = nameEnds(name)
		if len(name) > 16 {
			w.third = word(name[8:])
		}
		if len(name) > 24 {
			w.fourth = word(name[16:])
		}
	}
	return t
}()

// nameSlots is a hash table of names: open addressing, 0 is an empty slot. It is
// sparse, so that a name which is not in it is most often known at once.
var nameSlots = func() (t [1024]NameID) {
	for id := nameOther + 1; int(id) < len(names); id++ {
		slot := nameHash(nameTable[id].first, nameTable[id].last) % len(t)
		for t[slot] != 0 {
			slot = (slot + 1) % len(t)
		}
		t[slot] = id
	}
	return t
}()

func nameEnds(name []byte) (first, last uint64) {
	if len(name) >= 8 {
		return fold(word(name)), fold(word(name[len(name)-8:]))
	}
	for i, c := range name {
		first |= uint64(c) << (8 * i)
	}
	return fold(first), 0
}

func nameHash(first, last uint64) int {
	return int((first*0x9e3779b97f4a7c15 ^ last*0xc2b2ae3d27d4eb4f) >> 40)
}

// lookupName is LookupName.
func lookupName(name []byte) NameID {
	first, last := nameEnds(name)
	return findName(name, first, last)
}

// findName is LookupName for a name with these first and last words.
func findName(name []byte, first, last uint64) NameID {
	slot := nameHash(first, last) % len(nameSlots)
	for nameSlots[slot] != 0 {
		id := nameSlots[slot]
		w := &nameTable[id]
		if w.first == first && w.last == last && len(names[id]) == len(name) {
			if len(name) <= 16 || fold(word(name[8:])) == w.third && (len(name) <= 24 || fold(word(name[16:])) == w.fourth) {
				return id
			}
		}
		slot = (slot + 1) % len(nameSlots)
	}
	return nameOther
}

// commonName recognizes a common name, with a colon after it, at the beginning of b,
// and returns its length and NameID. It does not find all of them.
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

// LowerName returns a field name in lower case. It allocates only if the name is
// neither a common one nor in lower case already.
func LowerName(name string) string {
	if id := LookupName(name); id != 0 {
		return names[id]
	}
	return strings.ToLower(name)
}

// EqualFold reports whether two texts are the same in any case of the letters of
// ASCII, as names of header fields and tokens are compared.
func EqualFold[A, B string | []byte](a A, b B) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range len(a) {
		if lower(a[i]) != lower(b[i]) {
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
