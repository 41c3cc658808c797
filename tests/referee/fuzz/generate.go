package main

// Making cases: by grammar, with alternatives that no honest peer would send, and by
// mutation of what the grammar made.

import (
	"math/rand/v2"
	"slices"
	"strings"
)

// A generator makes one case. What it makes depends on its random numbers alone.
type generator struct {
	*rand.Rand
	weird float64 // how likely an odd alternative is, where there is one
}

func newGenerator(seed, number uint64) *generator {
	return &generator{Rand: rand.New(rand.NewPCG(seed, number))}
}

// odd reports whether something odd is to happen.
func (g *generator) odd() bool { return g.Float64() < g.weird }

// chance is true once in n times.
func (g *generator) chance(n int) bool { return g.IntN(n) == 0 }

func (g *generator) of(list ...string) string { return list[g.IntN(len(list))] }

// either returns usual, or with luck one of the odd.
func (g *generator) either(usual string, odd ...string) string {
	if g.odd() {
		return g.of(odd...)
	}
	return usual
}

// anyByte returns a byte, mostly one that parsers care about.
func (g *generator) anyByte() string {
	if g.chance(2) {
		return string([]byte{byte(g.IntN(256))})
	}
	return g.of("\r", "\n", "\r\n", " ", "\t", "\x00", ":", ",", ";", "\"", "\\", "/", "\v", "\f", "\x7f", "\x80", "\xff", "=", "0", "-", "+", "\x1f", "a", "@", "[", "]", "?", "#", "%")
}

// eol ends a line.
func (g *generator) eol() string {
	return g.either("\r\n", "\n", "\r", "\r\r\n", "\n\r", "\r\n\r\n", " \r\n", "\t\r\n", "\r \n", "", "\x00\r\n", "\r\n ", "\n\n")
}

// space separates the parts of a start line.
func (g *generator) space() string {
	return g.either(" ", "  ", "\t", "", "   ", " \t", "\v", "\f", "\r", "\n", "\r\n", "\xa0", "\x00")
}

// make returns a case of the given kind, a request unless response.
func (g *generator) make(response bool) Case {
	g.weird = []float64{0, 0.01, 0.03, 0.1, 0.3}[g.IntN(5)]
	messages := g.messages
	if response {
		messages = g.answers
	}
	var c Case
	c.Input = messages(&c)
	for g.chance(3) {
		c.Input = g.mutate(c.Input, messages)
	}
	if len(c.Input) > maxInput {
		c.Input = c.Input[:maxInput]
	}
	c.Mode = mode(g.IntN(modes)) &^ insecure
	if response {
		c.Mode &= upgradesHeard
	}
	if g.chance(2) && len(c.Input) > 1 {
		for range 1 + g.IntN(4) {
			c.Cuts = append(c.Cuts, 1+g.IntN(len(c.Input)-1))
		}
		slices.Sort(c.Cuts)
		c.Cuts = slices.Compact(c.Cuts)
	}
	return c
}

// maxInput keeps a case within what both ends read at once.
const maxInput = 3000

// dictionary is what a mutation likes to put somewhere.
var dictionary = []string{
	"\r\n", "\n", "\r", "\r\n\r\n", " ", "\t", "\r\n ", "\r\n\t", ":", ": ", " :", "\x00", "0\r\n\r\n", "5\r\nhello\r\n",
	"Content-Length: 5\r\n", "Content-Length: 0\r\n", "Transfer-Encoding: chunked\r\n", "Transfer-Encoding: identity\r\n",
	"Connection: close\r\n", "Connection: keep-alive\r\n", "Connection: upgrade\r\n", "Upgrade: fuzz\r\n",
	"Expect: 100-continue\r\n", "Host: a\r\n", "chunked", "identity", "close", "keep-alive", "upgrade", ",", ";", "HTTP/1.0", "HTTP/1.1",
	"HTTP/2.0", "GET ", "HEAD ", "CONNECT ", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "GET /p HTTP/1.1\r\nHost: p\r\n\r\n",
	"HTTP/1.1 200 OK\r\n", "HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 204 No Content\r\n\r\n", "Proxy-Connection: close\r\n",
	"Trailer: a\r\n", "Keep-Alive: timeout=5\r\n", "TE: trailers\r\n", "\xc3\xa9", "\xff",
}

// mutate changes one thing.
func (g *generator) mutate(s string, messages func(*Case) string) string {
	if s == "" {
		return g.anyByte()
	}
	i := g.IntN(len(s))
	j := min(len(s), i+1+g.IntN(8))
	switch g.IntN(9) {
	case 0: // another byte
		return s[:i] + g.anyByte() + s[i+1:]
	case 1: // one more
		return s[:i] + g.anyByte() + s[i:]
	case 2: // fewer
		return s[:i] + s[j:]
	case 3: // twice
		return s[:j] + s[i:]
	case 4: // a cut
		return s[:i]
	case 5:
		return s[:i] + g.of(dictionary...) + s[i:]
	case 6: // a line twice, elsewhere
		lines := strings.SplitAfter(s, "\n")
		return strings.Join(slices.Insert(lines, g.IntN(len(lines)), lines[g.IntN(len(lines))]), "")
	case 7: // spliced
		other := messages(new(Case))
		if other == "" {
			return s
		}
		return s[:i] + other[g.IntN(len(other)):]
	}
	return s[:i] + string([]byte{s[i] ^ 1<<g.IntN(8)}) + s[i+1:]
}

// name is the name of a field.
func (g *generator) name() string {
	name := g.of("A", "X-Fuzz", "Accept", "Cookie", "User-Agent", "x", "Content-Type", "Date", "Set-Cookie", "ETag", "a_b", "1", "Trailer", "TE", "!#$%&'*+-.^_`|~")
	if g.odd() {
		i := g.IntN(len(name) + 1)
		return name[:i] + g.anyByte() + name[i:]
	}
	return name
}

// value is the value of a field that means nothing.
func (g *generator) value() string {
	value := g.of("", "b", "text/html", "a b  c", "a,b", "\"q\"", "x\ty", "\xe4\xf6", "a=1; b=2", "   ", "http://a/")
	if g.odd() {
		i := g.IntN(len(value) + 1)
		return value[:i] + g.anyByte() + value[i:]
	}
	return value
}

// field puts a name and a value together.
func (g *generator) field(name, value string) string {
	if g.odd() {
		switch g.IntN(8) {
		case 0:
			name = strings.ToUpper(name)
		case 1:
			name = strings.ToLower(name)
		case 2: // folded
			i := g.IntN(len(value) + 1)
			value = value[:i] + g.of("\r\n ", "\r\n\t", "\n ", "\r ", " \r\n  ") + value[i:]
		case 3:
			name = g.of(" ", "\t", "", "\x00", "\v") + name
		case 4:
			i := g.IntN(len(name) + 1)
			name = name[:i] + g.anyByte() + name[i:]
		case 5:
			i := g.IntN(len(value) + 1)
			value = value[:i] + g.anyByte() + value[i:]
		}
	}
	colon := g.either(": ", ":", " :", ":  ", ":\t", "\t:", "", " ", "=", "::", " : ", ":\r\n ", ": \r\n\t")
	return name + colon + value + g.either("", " ", "\t", "  ", " \t ") + g.eol()
}

// number is a Content-Length that is not n, or written oddly.
func (g *generator) number(n string) string {
	return g.either(n, "", "+"+n, "-"+n, "0x"+n, n+","+n, n+", "+n, n+" "+n, n+";", "1e1", n+".0", "0"+n, "00000000000000000000"+n,
		"9223372036854775807", "9223372036854775808", "18446744073709551615", "18446744073709551616", "99999999999999999999999",
		"a", n+"a", "\""+n+"\"", n+"\v", "1", "0", "-1", n+",", ","+n)
}

// coding is a Transfer-Encoding.
func (g *generator) coding() string {
	return g.either("chunked", "Chunked", "CHUNKED", "identity", "gzip", "gzip, chunked", "chunked, gzip", "chunked, chunked", "identity, chunked",
		"chunked, identity", "\"chunked\"", "'chunked'", "\vchunked", "chunked\v", "\tchunked", "chunked\t", "chunkedx", "xchunked", "x chunked",
		"chunked x", "chunked;", "chunked;a=b", ";chunked", ",chunked", "chunked,", ", chunked", "chunked ,", "chunked,,", "", ",", "chunk", "chunke",
		"deflate;q=1, chunked", "gzip,chunked", "chunked\x00", "a, b, chunked", "gzip;x=\"a,b\", chunked")
}

// connection is a Connection.
func (g *generator) connection() string {
	return g.either(g.of("close", "keep-alive", "upgrade", "Upgrade", "keep-alive, upgrade"),
		"Close", "KEEP-ALIVE", "close, keep-alive", "keep-alive, close", "keep-alive, Upgrade", "upgrade, close", "closed", "xclose", "close x",
		"keep-alivee", "", ",", ",close", "close,", "upgrade,upgrade", "close;", "\"close\"", " close ", "te", "te, close", "foo", "clos", "keepalive", "close\t", "upgrade keep-alive",
		"a,close,b", "close , upgrade", "Keep-Alive,", "close\x80", "keep-alive;timeout=1")
}

// fields are those that a message may have besides the ones that frame it.
func (g *generator) fields() string {
	var b strings.Builder
	for range g.IntN(3) {
		b.WriteString(g.field(g.name(), g.value()))
	}
	if g.chance(3) {
		b.WriteString(g.field(g.either("Connection", "Proxy-Connection", "connection", "Connectio", "Connections"), g.connection()))
		if g.odd() {
			b.WriteString(g.field("Connection", g.connection()))
		}
	}
	if g.chance(6) {
		b.WriteString(g.field("Upgrade", g.either("fuzz", "", "h2c", "websocket, x", "HTTP/2.0", " ")))
	}
	if g.chance(12) {
		b.WriteString(g.field("Keep-Alive", g.of("timeout=5", "timeout=0", "max=1", "x", "timeout=5, max=1")))
	}
	return b.String()
}

// body returns a body and the fields that frame it.
func (g *generator) body() (fields, body string) {
	kind := g.IntN(5)
	if g.odd() {
		kind = 5
	}
	switch kind {
	case 0, 1:
		if g.chance(3) {
			return g.field("Content-Length", g.number("0")), ""
		}
	case 2:
		return g.field("Content-Length", g.number("5")), g.either("hello", "hell", "hello!", "", "hello\r\n", "\r\n\r\n\r\n")
	case 3, 4:
		return g.field("Transfer-Encoding", g.coding()), g.chunks()
	default:
		var b strings.Builder
		for range 1 + g.IntN(3) {
			if g.chance(2) {
				b.WriteString(g.field(g.either("Content-Length", "content-length", "Content-Lengt", "Content-Lengthx", "Content_Length"), g.number(g.of("0", "5", "7"))))
			} else {
				b.WriteString(g.field(g.either("Transfer-Encoding", "transfer-encoding", "Transfer-Encodin", "Transfer-Encodingx"), g.coding()))
			}
		}
		return b.String(), g.of(g.chunks(), "hello", "", "0\r\n\r\n")
	}
	return "", ""
}

func (g *generator) chunks() string {
	var b strings.Builder
	for range g.IntN(3) {
		data := g.of("a", "hello", "0123456789abcdef", "\r\n", "0\r\n\r\n")
		size := strings.ToLower(hex(len(data)))
		if g.chance(4) {
			size = strings.ToUpper(size)
		}
		b.WriteString(g.size(size) + g.extension() + g.eol() + data + g.eol())
	}
	b.WriteString(g.size("0") + g.extension() + g.eol())
	if g.chance(3) {
		for range 1 + g.IntN(2) {
			b.WriteString(g.field(g.either(g.name(), "Content-Length", "Transfer-Encoding", "Connection", "Host", "Upgrade"),
				g.either(g.value(), "5", "chunked", "close", "upgrade")))
		}
	}
	b.WriteString(g.eol())
	return b.String()
}

func hex(n int) string {
	const digits = "0123456789abcdef"
	if n < 16 {
		return digits[n : n+1]
	}
	return hex(n/16) + digits[n%16:n%16+1]
}

func (g *generator) size(n string) string {
	return g.either(n, "0"+n, "000"+n, "0x"+n, "+"+n, "-"+n, " "+n, n+" ", n+"\t", "", "g", n+"g", "ffffffffffffffff", "fffffffffffffffff", "7fffffffffffffff",
		"0000000000000000"+n, "1"+n, "\t"+n, n+"\v", n+",", "8000000000000000")
}

func (g *generator) extension() string {
	return g.either("", ";a", ";a=b", ";a=\"b\"", ";a=\"b;c\"", ";a=\"\\\"\"", "; a", " ;a", ";a =b", ";a= b", ";", ";;", ";=", ";a=", ";a;b", ";a=b;c=d", ";a=\"b", ";a=b\"", ";a\x00", ";\xff", ";a=\"\x01\"", ";a=\"b\"c", ";a=\"\n\"", ";a=\"\\\n\"",
		";a=b c", " ", "\t;a", ";a=\"\xff\"", ";a=\"\t\"", ";a==b", ";a=\"\x7f\"", ";\"a\"", ";a,b", ";a=\"b\";c", ";a=\"\\\x01\"")
}

// messages makes what a client may send on one connection.
func (g *generator) messages(*Case) string {
	var b strings.Builder
	n := 1
	if g.chance(4) {
		n = 2 + g.IntN(3)
	}
	for range n {
		b.WriteString(g.request())
	}
	if g.chance(2) {
		b.WriteString("GET /probe HTTP/1.1\r\nHost: x\r\n\r\n")
	}
	return b.String()
}

func (g *generator) request() string {
	lead := g.either("", "\r\n", "\r\n\r\n", "\n", "\r", "\r\n\r\n\r\n", " ", "\t", "\x00", "\r\n\n", "\r\n\r")
	method := g.either(g.of("GET", "GET", "GET", "POST", "POST", "PUT", "HEAD", "DELETE", "OPTIONS", "CONNECT", "PATCH", "TRACE"),
		"get", "Get", "FOO", "GE", "GETT", "M-SEARCH", "SOURCE", "PRI", "PURGE", "MKCALENDAR", "UNSUBSCRIBE", "UNSUBSCRIBED", "QUERY", "ANNOUNCE", "DESCRIBE", "PLAY",
		"SETUP", "FLUSH", "RECORD", "REDIRECT", "GET_PARAMETER", "LINK", "UNLINK", "ACL", "BIND", "REPORT", "G\x00T", "", "GET\x00", "HTTP", "HTTP/1.1", "\"GET\"", "M-", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
		"SEARCH", "PROPFIND", "CHECKOUT", "NOTIFY", "TEARDOWN", "PAUSE", "SET_PARAMETER")
	target := g.of("/", "/a", "/a?b=c", "/a%20b?c&d#e", "/a")
	if method == "CONNECT" {
		target = g.of("a:80", "a.b:443", "[::1]:80", "1.2.3.4:8080")
	}
	target = g.either(target, "*", "http://a/", "http://a", "http://a?b", "http://a#b", "https://u:p@a:80/b", "http://[::1]/", "http:///", "http://", "http:/", "http:a", "a", "a:80", ":80",
		"//a", "/\x80", "/\xff\x01", "/\"<>\\^`{|}", "?a", "#a", "/a#b?c#d", "/a??b", "/#", "**", "*a", "", "ftp://a/", "h1://a/", "http://a b/", "http://a:b:c/", "http://a@b@c/", "http://a:99999/", "a:0", "a:65536", "a:b",
		"[::1]", "a/b:80", "/ /", "/\t", "/\x7f", "/\x00", "/\x1f", "/\v", "/\f", "http://a/?\x01", "http://a/#\x01", "/"+strings.Repeat("a", 300), "mailto:a", "http://%61/", "http://[a/", "http://a]/", "http://_/", "*:80", "@a:80", "/a?\f", "/a#\t", "-:1", "http://a;b/")
	version := g.either("HTTP/1.1", "HTTP/1.0", "HTTP/0.9", "HTTP/1.2", "HTTP/2.0", "HTTP/1", "HTTP/11", "HTTP/1.10", "HTTP/01.1", "http/1.1", "HTTPS/1.1", "ICE/1.0", "RTSP/1.0", "HTTP", "HTTP/", "HTTP/1.", "HTTP/.1", "HTTP/1,1", "HTTP/-1.1", "HTTP/1.1 ",
		" HTTP/1.1", "HTTP/1.1x", "HTTP /1.1", "", "HTTP/3.0", "HTTP/9.9", "HTTP/1.9", "HTTP/0.0", "HTTP/1.1\t", "HTTP/1.1\r", "HTTP/2.1", "ICE/1.1")
	if g.chance(8) {
		version = "HTTP/1.0"
	}
	host := g.either(g.field("Host", "x"), "", g.field("Host", ""), g.field("Host", "x")+g.field("Host", "x"), g.field("Host", "a b"), g.field("Host", "@:"))
	framing, body := g.body()
	fields := g.fields()
	if g.chance(12) {
		fields += g.field("Expect", g.either("100-continue", "100-Continue", "foo", "", "100-continue, foo", "100-continue,100-continue", "x100-continue", "100-continuex", "100-continue;a=b", "\"100-continue\""))
	}
	if g.chance(30) {
		fields += g.field("TE", "chunked")
	}
	if g.chance(2) {
		fields, framing = framing, fields
	}
	return lead + method + g.space() + target + g.space() + version + g.eol() + host + fields + framing + g.eol() + body
}

// answers makes what a server may send to one request, whose method it picks.
func (g *generator) answers(c *Case) string {
	c.Method = g.of("GET", "GET", "GET", "GET", "HEAD", "CONNECT", "POST", "DELETE")
	var b strings.Builder
	if g.chance(5) {
		for range 1 + g.IntN(2) {
			b.WriteString(g.statusLine(g.of("100 Continue", "102 Processing", "103 Early Hints", "100", "199 x")))
			if g.chance(2) {
				b.WriteString(g.fields())
			}
			if g.odd() {
				framing, body := g.body()
				b.WriteString(framing + g.eol() + body)
			} else {
				b.WriteString(g.eol())
			}
		}
	}
	b.WriteString(g.answer())
	if g.chance(5) {
		b.WriteString(g.of("x", "\r\n", "\n", "\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 100 Continue\r\n\r\n", g.answer(), "hello", "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n", "\x00", "H", " "))
	}
	return b.String()
}

func (g *generator) statusLine(status string) string {
	status = g.either(status, "200", "200 ", "200  OK", "200\tOK", "20 OK", "2000 OK", "099 x", "000 x", "999 x", "600 x", "1000 x", "2 OK", "200OK", "200 \x01", "200 \x00", "200 \x7f", "200 \xff\x80", "200 a\tb", "200 a\x0bb", "200 OK ", "200  ", "200\r", "x", "", "-200 x", "+200 x", "2e2 x", "200\x00", "200:", "65736 x", "66536 x", "99999999999 x", " 200 OK", "0200 OK")
	version := g.either("HTTP/1.1", "HTTP/1.0", "HTTP/0.9", "HTTP/1.2", "HTTP/2.0", "HTTP/1", "http/1.1", "HTTP/11", "HTTPS/1.1", "ICY", "HTTP/01.1", "HTTP/1.1x", "HTTP/ 1.1", "RTSP/1.0", "HTTP /1.1", "", "HTTP/1.10", "HTTP", "HTTP/3.0", "HTTP/1.9", "ICE/1.0", "HTTP/9.9", "HTTP/0.0", "GET / HTTP/1.1")
	lead := g.either("", "\r\n", "\r\n\r\n", "\n", "\r", " ", "\t", "\x00", "\r\n\r\n\r\n")
	return lead + version + g.space() + status + g.eol()
}

func (g *generator) answer() string {
	framing, body := g.body()
	if framing == "" && g.chance(2) {
		body = g.of("hello", "", "a\r\nb", "\x00\xff", "HTTP/1.1 200 OK\r\n\r\n")
	}
	fields := g.fields()
	if g.chance(2) {
		fields, framing = framing, fields
	}
	return g.statusLine(g.of("200 OK", "200 OK", "200 OK", "204 No Content", "304 Not Modified", "404 Not Found", "500 x y z", "302 Found", "205 Reset Content", "426 Upgrade Required", g.of("200 OK", "200 OK", "200 OK", "101 Switching Protocols"), "599 ", "206")) +
		fields + framing + g.eol() + body
}
