package main

// What is known to differ. Each rule names a deviation of spec/ and says exactly
// which disputes it explains.

import (
	"regexp"
	"slices"
	"strings"

	"nodehttp/runtime/http1"
)

// A rule explains disputes by a deviation that spec/ records.
type rule struct {
	deviation string
	explains  func(d *dispute) bool
}

// A strictness explains refusals: this library refuses an input where Node goes on,
// or goes on further. at is where the parser fails, in the input.
type strictness struct {
	deviation string
	refuses   func(d *dispute, in string, at int) bool
}

// reason returns a predicate that holds for refusals with one of the reasons.
func reason(list ...string) func(*dispute, string, int) bool {
	return func(d *dispute, _ string, _ int) bool { return slices.Contains(list, d.refusal.reason) }
}

// byteAt returns the byte at i, 0 behind the end.
func byteAt(in string, i int) byte {
	if i < 0 || i >= len(in) {
		return 0
	}
	return in[i]
}

// strictnesses are those of the parser with its usual options.
var strictnesses = []strictness{
	{"bare line ends", func(d *dispute, in string, at int) bool {
		here, before := byteAt(in, at), byteAt(in, at-1)
		switch d.refusal.reason {
		case "Expected LF after headers", "Expected LF after chunk size", "Expected LF after chunk data",
			"Missing expected LF after header value", "Missing expected LF after response status":
			return before == '\r' && here != '\n'
		case "Expected CRLF after version":
			return here == '\n' || before == '\r' && here != '\n'
		case "Expected CRLF after chunk":
			return here != '\r'
		case "Invalid header value char", "Invalid header token", "Invalid character in chunk size",
			"Invalid character in chunk extensions", "Invalid response status char", "Invalid response status":
			return here == '\n'
		case "Invalid method encountered", "Expected HTTP/": // before a start line, or for its version
			return here == '\n' || here == '\r'
		}
		return false
	}},
	{"space around field names", func(d *dispute, in string, at int) bool {
		name, _, colon := strings.Cut(in[at:], ":")
		start := at == strings.LastIndexByte(in[:at], '\n')+1
		return d.refusal.reason == "Unexpected space after start line" && d.Mode&insecure != 0 || d.refusal.reason == "Invalid header token" &&
			(byteAt(in, at) == ' ' && !strings.Contains(name, "\n") || start && name == "" && colon)
	}},
	{"folded lines", func(d *dispute, in string, at int) bool {
		here := byteAt(in, at)
		switch d.refusal.reason {
		case "Unexpected whitespace after header value":
			return here == ' ' || here == '\t'
		case "Empty Content-Length", "Duplicate Content-Length":
			end := strings.TrimPrefix(strings.TrimPrefix(in[at:], "\r"), "\n")
			if len(end) == len(in[at:]) {
				return false
			}
			if d.node.Error == http1.CodeInvalidContentLength && slices.Equal(d.about, []string{"error"}) {
				return true // Node looks for the value behind the line
			}
			return end == "" || end[0] == ' ' || end[0] == '\t'
		}
		return false
	}},
	{"transfer codings of requests", func(d *dispute, in string, at int) bool {
		value := d.refusal.reason == "Invalid header value char" && d.node.Error == http1.CodeInvalidTransferEncoding
		return d.Method == "" && (value || reason("Request has invalid `Transfer-Encoding`", "Invalid `Transfer-Encoding` header value")(d, in, at))
	}},
	{"transfer codings of responses", func(d *dispute, in string, at int) bool {
		return d.Method != "" && d.refusal.reason == "Invalid `Transfer-Encoding` header value"
	}},
	{"transfer codings in HTTP/1.0", reason("Transfer-Encoding can't be present in HTTP/1.0")},
	{"framing in trailers", func(d *dispute, in string, at int) bool {
		value := d.refusal.reason == "Invalid header value char" && d.node.Error == http1.CodeInvalidContentLength
		return value || reason("Content-Length can't be present in trailers", "Transfer-Encoding can't be present in trailers")(d, in, at)
	}},
	{"numbers that bound a body", reason("Content-Length overflow", "Chunk size overflow")},
	{"chunk extensions", reason("Invalid character in chunk extensions")},
	{"HTTP versions", func(d *dispute, in string, at int) bool {
		version := in[max(at-7, 0):min(at+1, len(in))]
		return d.refusal.reason == "Invalid HTTP version" && (version == "HTTP/0.9" || version == "HTTP/2.0") ||
			d.refusal.reason == "Expected HTTP/" && byteAt(in, at-1) != ' '
	}},
	{"spaces in the start line", func(d *dispute, in string, at int) bool {
		here := byteAt(in, at)
		switch d.refusal.reason {
		case "Unexpected start char in url", "Expected HTTP/":
			return here == ' ' || here == '\r' || here == '\n'
		case "Expected CRLF after version":
			return here == ' '
		case "Invalid method encountered", "Expected HTTP/ ":
			return here == '\r' || here == '\n'
		}
		return false
	}},
	{"methods of other protocols", func(d *dispute, in string, at int) bool {
		start := at
		for start > 0 && class(in[start-1]) {
			start--
		}
		word := in[start:min(len(in), start+16)]
		switch d.refusal.reason {
		case "Invalid method encountered", "Expected space after method":
			return slices.ContainsFunc(otherMethods, func(m string) bool {
				return strings.HasPrefix(word, m) || start+len(word) == len(in) && strings.HasPrefix(m, word)
			})
		case "Pause on PRI/Upgrade":
			return true
		case "Expected HTTP/":
			return slices.ContainsFunc([]string{"RTSP/", "ICE/"}, func(p string) bool {
				return strings.HasPrefix(word, p) || start+len(word) == len(in) && strings.HasPrefix(p, word)
			})
		}
		return false
	}},
	{"status line", reason("Invalid response status", "Invalid response status char")},
	{"request targets", func(d *dispute, in string, at int) bool {
		switch d.refusal.reason {
		case "Invalid characters in url", "Unexpected char in url server", "Expected port in url server", "Invalid port in url server",
			"Expected host in url server", "Unexpected char in url schema", "Unexpected start char in url":
			return true
		}
		return false
	}},
}

// otherMethods are those that Node's parser knows for RTSP, and the first word of
// HTTP/2.
var otherMethods = []string{
	"ANNOUNCE", "DESCRIBE", "FLUSH", "GET_PARAMETER", "PAUSE", "PLAY", "PRI", "RECORD", "REDIRECT", "SETUP", "SET_PARAMETER", "TEARDOWN",
}

func class(c byte) bool { return 'A' <= c && c <= 'Z' || c == '_' || c == '-' }

// stricter reports whether both saw the same up to where this library refuses the
// input, and Node nothing less.
func (d *dispute) stricter() bool {
	if d.refusal == nil || len(d.node.Messages) < len(d.ours.Messages) || d.ours.Hung || d.node.Hung {
		return false
	}
	for i := range d.ours.Messages {
		n, o := d.node.Messages[i], d.ours.Messages[i]
		if !o.Complete {
			if !strings.HasPrefix(string(n.Body), string(o.Body)) {
				return false
			}
			n.Body, n.Trailers, n.Complete, n.Error = o.Body, o.Trailers, false, o.Error
		}
		if !same(&n, &o) {
			return false
		}
	}
	if d.Method != "" {
		return d.ours.Error == d.refusal.code && !d.ours.Pooled
	}
	if d.Mode&errorsHeard != 0 && d.ours.Error != d.refusal.code {
		return false
	}
	node, _ := d.node.answers()
	ours, _ := d.ours.answers()
	short := min(len(node), len(ours))
	return slices.Equal(node[:short], ours[:short])
}

// answers returns what a server answered, without the answer to a request that it
// has refused.
func (s *Sight) answers() (regular []string, refused bool) {
	const bad, large = "HTTP/1.1 400 Bad Request|Connection: close", "HTTP/1.1 431 Request Header Fields Too Large|Connection: close"
	if n := len(s.Wire); n > 0 && (s.Wire[n-1] == bad || s.Wire[n-1] == large) {
		return s.Wire[:n-1], true
	}
	return s.Wire, false
}

var requestRules = append(refusals(strictnesses), []rule{
	{"malformed requests in a pipeline", func(d *dispute) bool {
		if d.refusal == nil || !slices.Equal(d.about, []string{"wire"}) {
			return false
		}
		node, _ := d.node.answers()
		ours, refused := d.ours.answers()
		if !refused && d.Mode&errorsHeard == 0 && !d.ours.cutOff() && !d.ours.expectationFailed() {
			return false
		}
		node, ours = final(node), final(ours)
		return begins(ours, node) || begins(node, ours) && d.Mode&answersEarly == 0 && d.Mode&errorsHeard != 0
	}},
	{"errors behind an answer", func(d *dispute) bool {
		node, refused := d.node.answers()
		return d.Mode&errorsHeard == 0 && slices.Equal(d.about, []string{"wire"}) && refused && slices.Equal(node, d.ours.Wire) &&
			(d.Mode&answersEarly != 0 && d.ours.cutOff() || d.ours.expectationFailed())
	}},
	{"heads that end early", endsEarly},
	{"framing in trailers", func(d *dispute) bool {
		i := slices.IndexFunc(d.ours.Messages, closesInTrailers)
		return i >= 0 && len(d.node.Messages) == i+1 && d.agree(i+1) && begins(d.ours.Wire, d.node.Wire) && d.node.Error == ""
	}},
	{"upgrade in HTTP/1.0", func(d *dispute) bool {
		heads := d.walk()
		i := slices.IndexFunc(heads, func(h http1.Head) bool { return h.Minor == 0 && asksUpgrade(h) })
		if i < 0 || d.Mode&upgradesHeard == 0 {
			return false
		}
		n := told(heads[:i])
		return d.agree(n) && n < len(d.node.Messages) && d.node.Messages[n].Event == "upgrade"
	}},
	{"close in HTTP/1.0", func(d *dispute) bool { return d.closesAt(contradicts) }},
	{"behind an ignored upgrade", func(d *dispute) bool {
		heads := d.walk()
		i := slices.IndexFunc(heads, asksUpgrade)
		if i < 0 || d.Mode&upgradesHeard != 0 || d.node.Error != "" {
			return false
		}
		n := told(heads[:i+1])
		return len(d.node.Messages) == n && d.agree(n) &&
			(begins(d.ours.Wire, d.node.Wire) || d.ours.Error != "" && d.Mode&answersEarly == 0 && begins(d.node.Wire, d.ours.Wire))
	}},
	{"behind the last answer", func(d *dispute) bool {
		n, last := len(d.ours.Messages), d.ours.lastAnswer()
		if d.ours.Error != "" || !(d.lastOf(n) || d.ours.expectationFailed() && d.agree(n)) ||
			!strings.Contains(last, "|Connection: close") || strings.Contains(last, "400 Bad") {
			return false
		}
		node, refused := d.node.answers()
		return slices.Equal(node, d.ours.Wire) || (refused || d.node.Error != "" || d.refusal != nil) && begins(d.ours.Wire, node)
	}},
	{"lenient framing", func(d *dispute) bool {
		heads := d.walk()
		i := slices.IndexFunc(heads, guessed)
		if i < 0 || d.Mode&insecure == 0 || d.ours.Error != "" {
			return false
		}
		n := told(heads[:i])
		upgrades := asksUpgrade(heads[i]) && d.agree(n)
		closes := strings.Contains(strings.Join(d.ours.Wire, "|"), "|Connection: close")
		return upgrades && len(d.ours.Messages) <= n+1 || closes && (upgrades || d.lastHead(guessed) || d.agree(n+1))
	}},
	{"tabs in Connection", func(d *dispute) bool { return d.closesAt(hiddenClose) }},
	{"chunk extensions", trips},
}...)

// walk parses the input and returns the heads of its messages.
func (d *dispute) walk() (heads []http1.Head) {
	parse(d.Case, func(h *http1.Head) { heads = append(heads, *h) })
	return heads
}

// trips explains that Node fails at chunk extensions which it does not know.
func trips(d *dispute) bool {
	n := len(d.node.Messages)
	if d.ours.expectationFailed() && n <= len(d.ours.Messages) && d.agree(n) && confusing.MatchString(d.Input) {
		return true
	}
	if n == 0 || n > len(d.ours.Messages) || !d.agree(n-1) || d.node.Error != "" && d.node.Error != http1.CodeStrict && d.node.Error != http1.CodeInvalidChunkSize {
		return false
	}
	node, ours := d.node.Messages[n-1], d.ours.Messages[n-1]
	return !node.Complete && strings.HasPrefix(string(ours.Body), string(node.Body)) && confusing.MatchString(d.Input)
}

// lastAnswer returns the last head that a server answered.
func (s *Sight) lastAnswer() (last string) {
	for _, head := range s.Wire {
		if strings.HasPrefix(head, "HTTP/") { // not the body of a refused expectation
			last = head
		}
	}
	return last
}

// endsEarly explains that Node has seen the beginning of a bad value at the end of the
// input. It may have lost answers with that.
func endsEarly(d *dispute) bool {
	other := func(what string) bool { return what != "error" && what != "wire" }
	if d.refusal != nil || !early.MatchString(d.Input) || slices.ContainsFunc(d.about, other) {
		return false
	}
	node, _ := d.node.answers()
	ours, _ := d.ours.answers()
	if !begins(final(ours), final(node)) {
		return false
	}
	if d.Method == "" && d.Mode&errorsHeard == 0 {
		return true
	}
	return (d.ours.Error == http1.CodeInvalidEOFState || d.Method != "" && d.ours.Error == "ECONNRESET") &&
		slices.Contains([]string{http1.CodeInvalidContentLength, http1.CodeUnexpectedContentLength, http1.CodeInvalidTransferEncoding, http1.CodeInvalidURL}, d.node.Error)
}

// told returns how many of the heads are emitted.
func told(heads []http1.Head) (n int) {
	for i := range heads {
		if !unexpected(heads[i]) {
			n++
		}
	}
	return n
}

// unexpected reports whether a server answers the request before its listeners can.
func unexpected(h http1.Head) bool { return h.ExpectOther && !h.Expect100 }

// lastHead reports whether the first head that is like this is that of the last message
// that ours saw, and Node saw the same up to there.
func (d *dispute) lastHead(like func(http1.Head) bool) bool {
	heads := d.walk()
	i := slices.IndexFunc(heads, like)
	if i < 0 {
		return false
	}
	n := told(heads[:i+1])
	if unexpected(heads[i]) {
		return len(d.ours.Messages) == n && d.agree(n)
	}
	return d.lastOf(n)
}

// lastOf reports whether ours saw n messages, which Node saw too, except that ours may
// not have seen all of the last one, which it has answered.
func (d *dispute) lastOf(n int) bool {
	if n == 0 || len(d.ours.Messages) != n || len(d.node.Messages) < n || !d.agree(n-1) {
		return false
	}
	node, ours := d.node.Messages[n-1], d.ours.Messages[n-1]
	if !ours.Complete && strings.HasPrefix(string(node.Body), string(ours.Body)) {
		node.Body, node.Complete, node.Trailers = ours.Body, false, ours.Trailers
	}
	return same(&node, &ours)
}

// cutOff reports whether the last message is not complete.
func (s *Sight) cutOff() bool {
	n := len(s.Messages)
	return n > 0 && !s.Messages[n-1].Complete
}

// expectationFailed reports whether a server has answered before its listeners could.
func (s *Sight) expectationFailed() bool {
	return slices.ContainsFunc(s.Wire, func(head string) bool { return strings.HasPrefix(head, "HTTP/1.1 417 ") })
}

// guessed reports whether another recipient may see another end of the body.
func guessed(h http1.Head) bool {
	return h.TransferEncoding && (h.ContentLength >= 0 || h.Minor == 0 || !h.Chunked)
}

// asksUpgrade reports whether a message asks to upgrade, in any version.
func asksUpgrade(h http1.Head) bool {
	i := h.Find("upgrade", 0)
	return i >= 0 && h.Value(i) != "" && upgradeOption.MatchString(h.Raw())
}

// closesInTrailers reports whether a message says in its trailers that it is the last one.
func closesInTrailers(m Message) bool {
	for i := 0; i < len(m.Trailers); i += 2 {
		if closeOption.MatchString("\n" + string(m.Trailers[i]) + ":" + string(m.Trailers[i+1]) + "\n") {
			return true
		}
	}
	return false
}

// contradicts reports whether a message of HTTP/1.0 has both close and keep-alive.
func contradicts(h http1.Head) bool {
	return h.Minor == 0 && closeOption.MatchString(h.Raw()) && keepAliveOption.MatchString(h.Raw())
}

// hiddenClose reports whether a tab or a control character hides a close from Node.
func hiddenClose(h http1.Head) bool {
	return tabbedClose.MatchString(h.Raw()) || closeBehindControl.MatchString(h.Raw())
}

// option finds an option of Connection in a head. before is the members before it,
// behind the space behind it.
func option(before, name, behind string) *regexp.Regexp {
	return regexp.MustCompile(`(?i)\n(proxy-)?connection:` + before + `[ \t]*` + name + behind + `[,\r\n]`)
}

var (
	closeOption        = option(`([^\r\n]*,)?`, "close", `[ \t]*`)
	tabbedClose        = option(`([^\r\n]*,)?`, "close", ` *\t[ \t]*`)
	closeBehindControl = option(`[^\r\n]*[\x00-\x08\x0b\x0c\x0e-\x1f\x7f][^\r\n]*,`, "close", `[ \t]*`)
	keepAliveOption    = option(`([^\x00-\x08\x0a-\x1f\x7f]*,)?`, "keep-alive", ` *`)
	upgradeOption      = option(`([^\x00-\x08\x0a-\x1f\x7f]*,)?`, "upgrade", ` *`)

	// confusing finds chunk extensions that follow the grammar and that the parser
	// of Node 19 does not know: another one behind a value, and an escape.
	confusing = regexp.MustCompile(`\n[0-9A-Fa-f]+;[^\r\n]*(=[^\r\n]+;|\\)`)

	// timeoutZero finds a Keep-Alive that gives the connection no time.
	timeoutZero = regexp.MustCompile(`(?i)\nkeep-alive:([^\r\n]*,)?[ \t]*timeout=0+[ \t]*[,\r\n]`)

	// early finds what Node judges before it is complete, at the end of an input.
	early = regexp.MustCompile(`(?i)(\n(content-length|transfer-encoding):[^\r\n]*|[a-z] [^ \r\n]*)\r?$`)
)

// closesAt reports whether ours closes the connection at the first head that is like
// this, and Node saw the same up to there. An insecure parser reads on.
func (d *dispute) closesAt(like func(http1.Head) bool) bool {
	heads := d.walk()
	i := slices.IndexFunc(heads, like)
	return i >= 0 && (d.lastHead(like) || d.Mode&insecure != 0 && d.agree(told(heads[:i+1])))
}

// final returns the heads that are final.
func final(wire []string) []string {
	return slices.DeleteFunc(slices.Clone(wire), func(head string) bool { return head == "HTTP/1.1 100 Continue" })
}

// begins reports whether list begins with the strings of start.
func begins(list, start []string) bool {
	return len(start) <= len(list) && slices.Equal(list[:len(start)], start)
}

// agree reports whether the sights have the first n messages in common.
func (d *dispute) agree(n int) bool {
	return len(d.node.Messages) >= n && len(d.ours.Messages) >= n &&
		slices.EqualFunc(d.node.Messages[:n], d.ours.Messages[:n], func(a, b Message) bool { return same(&a, &b) })
}

var responseRules = append(refusals(strictnesses), []rule{
	{"heads that end early", endsEarly},
	{"chunk extensions", trips},
	{"tabs in Connection", func(d *dispute) bool {
		i := slices.IndexFunc(d.walk(), hiddenClose)
		return i >= 0 && d.agree(i+1) && len(d.ours.Messages) == i+1 && !d.ours.Pooled
	}},
	{"close in HTTP/1.0", func(d *dispute) bool {
		i := slices.IndexFunc(d.walk(), contradicts)
		return i >= 0 && d.agree(i+1) && !d.ours.Pooled
	}},
	{"lenient framing", func(d *dispute) bool {
		i := slices.IndexFunc(d.walk(), guessed)
		return d.Mode&insecure != 0 && i >= 0 && d.agree(i+1) && !d.ours.Pooled
	}},
	{"what a server says it keeps", func(d *dispute) bool {
		heads := d.walk()
		if len(heads) == 0 || !slices.Equal(d.about, []string{"pooled"}) || d.ours.Pooled {
			return false
		}
		return timeoutZero.MatchString(heads[len(heads)-1].Raw())
	}},
	{"bytes behind a response", func(d *dispute) bool {
		n := len(d.ours.Messages)
		return d.rest > 0 && !d.ours.Pooled && d.ours.Error == "" && d.agree(n) &&
			(len(d.node.Messages) == n || len(d.node.Messages) == n+1 && d.node.Messages[n].Event == "upgrade")
	}},
	{"interim responses to CONNECT", func(d *dispute) bool {
		heads := d.walk()
		return d.Method == "CONNECT" && len(heads) > 0 && heads[0].Status < 200 && heads[0].Status != 101 &&
			len(d.node.Messages) == 1 && d.node.Messages[0].Event == "connect" && d.node.Messages[0].Status == int(heads[0].Status)
	}},
	{"101 without Upgrade", func(d *dispute) bool {
		i := slices.IndexFunc(d.walk(), func(h http1.Head) bool { return h.Status == 101 && !asksUpgrade(h) })
		return i >= 0 && d.agree(i) && len(d.node.Messages) > i && d.node.Messages[i].Event == "response" && d.node.Messages[i].Status == 101
	}},
	{"bodies that cannot be", func(d *dispute) bool {
		i := slices.IndexFunc(d.walk(), func(h http1.Head) bool {
			return (h.Status == 204 || h.Status == 304 || h.Status < 200) && (h.ContentLength > 0 || h.TransferEncoding)
		})
		if i < 0 || !d.agree(i) || len(d.node.Messages) <= i || len(d.ours.Messages) <= i {
			return false
		}
		node, ours := d.node.Messages[i], d.ours.Messages[i]
		node.Body, node.Complete, node.Trailers, node.Error = ours.Body, ours.Complete, ours.Trailers, ours.Error
		return same(&node, &ours) && !d.ours.Pooled
	}},
}...)

// refusals makes rules of strictnesses.
func refusals(list []strictness) (rules []rule) {
	for _, s := range list {
		rules = append(rules, rule{s.deviation, func(d *dispute) bool {
			return d.stricter() && s.refuses(d, d.Input, d.refusal.at)
		}})
	}
	return rules
}
