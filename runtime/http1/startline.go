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

	// The part before the target is short: it is read again if it is incomplete.
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
	name := b[start:i]
	if i == len(b) {
		if !beginsMethod(name) {
			p.fail(CodeInvalidMethod, "Invalid method encountered", start)
		}
		return -1
	}
	if i == start && b[i] == '\r' && i+1 == len(b) && i < 2*maxBlankLines {
		return -1
	}
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

// preface distinguishes the beginning of HTTP/2 from a request with an unknown method.
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
		// The part before the reason is short: it is read again if it is incomplete.
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
