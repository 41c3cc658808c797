package http1

// This file reads request lines and status lines. Its functions return false if
// the bytes ran out, having noted where, or if the parser failed.

// maxBlankLines is how many empty lines may stand before a message: some clients
// send one after a body.
const maxBlankLines = 2

func blankLines(b []byte) (end int) {
	for end < 2*maxBlankLines && len(b) >= end+2 && b[end] == '\r' && b[end+1] == '\n' {
		end += 2
	}
	return end
}

// wait notes that the bytes ran out.
func (p *Parser) wait(s step, b []byte) bool {
	p.step, p.pos = s, len(b)
	return false
}

func (p *Parser) requestLine(b []byte) bool {
	var start, end int
	switch p.step {
	case stepTarget:
		start, end = p.textStart, p.pos
		goto target
	case stepVersion:
		end = p.textEnd
		goto version
	}

	// What comes before the target is short: it is looked at again if it is
	// not complete.
	start = p.methodName(b)
	if start < 0 {
		return p.phase != phaseFailed && p.wait(stepStart, b)
	}
	p.textStart, end = start, start

target:
	end += spanTarget(b[end:])
	if end == len(b) {
		if start < end && !p.targetStart(b, start) {
			return false
		}
		return p.wait(stepTarget, b)
	}
	if !p.targetStart(b, start) || !p.target(b, start, end) {
		return false
	}
	p.textEnd = end

version:
	end++
	if len(b)-end >= 10 && word(b[end:]) == version11 && b[end+8] == '\r' && b[end+9] == '\n' {
		p.minor = 1
		end += 10
	} else {
		next := p.version(b, end)
		if next >= 0 {
			next = p.versionEnd(b, next)
		}
		if next < 0 {
			return p.phase != phaseFailed && p.wait(stepVersion, b)
		}
		end = next
	}
	p.step, p.pos = stepLine, end
	return true
}

// methodName reads up to the target and returns where that begins, or -1.
func (p *Parser) methodName(b []byte) int {
	i := blankLines(b)
	start := i
	for i < len(b) && class[b[i]]&isUpper != 0 && i-start < longestMethod {
		i++
	}
	if i == len(b) {
		return -1
	}
	if i == start && b[i] == '\r' && i+1 == len(b) && i < 2*maxBlankLines {
		return -1
	}
	name := b[start:i]
	m := methodIndex(name)
	switch {
	case m < 0 && b[i] == ' ' && string(name) == "PRI":
		return p.preface(b, i)
	case m < 0:
		p.fail(CodeInvalidMethod, "Invalid method encountered", start)
		return -1
	case b[i] != ' ':
		p.fail(CodeInvalidMethod, "Expected space after method", i)
		return -1
	}
	p.method = uint8(m)
	return i + 1
}

// preface tells the beginning of HTTP/2 from a request with an unknown method.
func (p *Parser) preface(b []byte, i int) int {
	const rest = " * HTTP/2.0\r\n"
	n := min(len(rest), len(b)-i)
	if string(b[i:i+n]) != rest[:n] {
		p.fail(CodeInvalidMethod, "Invalid method encountered", i)
	} else if n == len(rest) {
		p.fail(CodePausedHTTP2Upgrade, "Pause on PRI/Upgrade", i+n)
	}
	return -1
}

// targetStart checks the first byte of a target, as soon as it is there.
func (p *Parser) targetStart(b []byte, start int) bool {
	c := b[start]
	if c == '/' || c == '*' || class[c]&isAlpha != 0 || p.method == methodConnect && c != ' ' {
		return true
	}
	p.fail(CodeInvalidURL, "Unexpected start char in url", start)
	return false
}

// target checks the form of the target b[start:end]. b[end] is what ended it.
func (p *Parser) target(b []byte, start, end int) bool {
	switch c := b[end]; {
	case c == '\r' || c == '\n':
		p.fail(CodeInvalidConstant, "Expected HTTP/", end)
		return false
	case c != ' ':
		p.fail(CodeInvalidURL, "Invalid characters in url", end)
		return false
	}
	t := b[start:end]
	at, reason := -1, ""
	switch {
	case p.method == methodConnect:
		at, reason = authorityForm(t)
	case t[0] == '/':
		return true
	case t[0] == '*':
		if len(t) > 1 {
			at, reason = 1, "Invalid characters in url"
		}
	default:
		at, reason = absoluteForm(t)
	}
	if at >= 0 {
		p.fail(CodeInvalidURL, reason, start+at)
		return false
	}
	return true
}

// authorityForm checks that t is host:port. It returns where it is not, or -1.
func authorityForm(t []byte) (at int, reason string) {
	colon := -1
	for i, c := range t {
		if class[c]&isAuthority == 0 || c == '@' {
			return i, "Unexpected char in url server"
		}
		if c == ':' {
			colon = i
		}
	}
	digits := t[colon+1:]
	if colon <= 0 || len(digits) == 0 || len(digits) > 5 {
		return len(t), "Expected port in url server"
	}
	port := 0
	for i, c := range digits {
		if class[c]&isDigit == 0 {
			return colon + 1 + i, "Invalid port in url server"
		}
		port = port*10 + int(c-'0')
	}
	if port == 0 || port > 65535 {
		return colon + 1, "Invalid port in url server"
	}
	return bracketed(t[:colon], false)
}

// absoluteForm checks that t is scheme://authority with anything behind it. It
// returns where it is not, or -1.
func absoluteForm(t []byte) (at int, reason string) {
	i := 0
	for i < len(t) && class[t[i]]&isAlpha != 0 {
		i++
	}
	for _, c := range []byte("://") {
		if i == len(t) || t[i] != c {
			return i, "Unexpected char in url schema"
		}
		i++
	}
	start, user := i, false
	for ; i < len(t) && t[i] != '/' && t[i] != '?'; i++ {
		if class[t[i]]&isAuthority == 0 || t[i] == '@' && user {
			return i, "Unexpected char in url server"
		}
		if t[i] == '@' {
			user, start = true, i+1
		}
	}
	if i == start || t[start] == ':' {
		return start, "Expected host in url server"
	}
	at, reason = bracketed(t[start:i], true)
	if at >= 0 {
		at += start
	}
	return at, reason
}

// bracketed checks that brackets in a host stand around an IP literal, or are not
// there. With port, a port may follow it.
func bracketed(host []byte, port bool) (at int, reason string) {
	closed := false
	for i, c := range host {
		switch {
		case c == '[' && i == 0:
		case c == ']' && host[0] == '[' && !closed && i > 1:
			closed = true
		case c == '[' || c == ']':
			return i, "Unexpected char in url server"
		case closed && !(port && (host[i-1] == ']' && c == ':' || class[c]&isDigit != 0)):
			return i, "Unexpected char in url server"
		}
	}
	if host[0] == '[' && !closed {
		return len(host), "Unexpected char in url server"
	}
	return -1, ""
}

// version11 is "HTTP/1.1" as a word.
const version11 = 'H' | 'T'<<8 | 'T'<<16 | 'P'<<24 | '/'<<32 | '1'<<40 | '.'<<48 | '1'<<56

// version reads HTTP/1.0 or HTTP/1.1 at b[i] and returns where it ends, or -1.
func (p *Parser) version(b []byte, i int) int {
	for _, c := range []byte("HTTP/") {
		if i == len(b) {
			return -1
		}
		if b[i] != c {
			p.fail(CodeInvalidConstant, "Expected HTTP/", i)
			return -1
		}
		i++
	}
	for k, reason := range [...]string{"Invalid major version", "Expected dot", "Invalid minor version"} {
		if i == len(b) {
			return -1
		}
		if k == 1 && b[i] != '.' || k != 1 && class[b[i]]&isDigit == 0 {
			p.fail(CodeInvalidVersion, reason, i)
			return -1
		}
		i++
	}
	p.minor = b[i-1] - '0'
	if b[i-3] != '1' || p.minor > 1 {
		p.fail(CodeInvalidVersion, "Invalid HTTP version", i-1)
		return -1
	}
	return i
}

// versionEnd reads the end of a request line at b[i] and returns where the fields
// begin, or -1.
func (p *Parser) versionEnd(b []byte, i int) int {
	if i < len(b) && b[i] == '\n' && p.insecure {
		return i + 1
	}
	for _, c := range []byte(CRLF) {
		if i == len(b) {
			return -1
		}
		if b[i] != c {
			p.fail(CodeInvalidVersion, "Expected CRLF after version", i)
			return -1
		}
		i++
	}
	return i
}

func (p *Parser) statusLine(b []byte) bool {
	i := p.pos
	if p.step == stepStart {
		// What comes before the reason is short: it is looked at again if
		// it is not complete.
		i = p.statusCode(b)
		if i < 0 {
			return p.phase != phaseFailed && p.wait(stepStart, b)
		}
		p.textStart = i
		if b[i] == ' ' {
			p.textStart++
			i++
		}
	}
	i += spanText(b[i:])
	end := p.lineEnd(b, i, CodeInvalidStatus, "response status")
	if end < 0 {
		return p.phase != phaseFailed && p.wait(stepReason, b[:i])
	}
	p.textEnd = i
	p.step, p.pos = stepLine, end
	return true
}

// statusCode reads up to the status code and returns where that ends, which is
// before a space or the end of the line; or -1.
func (p *Parser) statusCode(b []byte) int {
	i := blankLines(b)
	if i < 2*maxBlankLines && i+1 == len(b) && b[i] == '\r' {
		return -1
	}
	if i = p.version(b, i); i < 0 {
		return -1
	}
	if i == len(b) {
		return -1
	}
	if b[i] != ' ' {
		p.fail(CodeInvalidVersion, "Expected space after version", i)
		return -1
	}
	status := 0
	for range 3 {
		if i++; i == len(b) {
			return -1
		}
		if class[b[i]]&isDigit == 0 {
			p.fail(CodeInvalidStatus, "Invalid response status", i)
			return -1
		}
		status = status*10 + int(b[i]-'0')
	}
	if i++; i == len(b) {
		return -1
	}
	if c := b[i]; status < 100 || c != ' ' && c != '\r' && !(c == '\n' && p.insecure) {
		p.fail(CodeInvalidStatus, "Invalid response status", i)
		return -1
	}
	p.status = uint16(status)
	return i
}
