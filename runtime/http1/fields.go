package http1

import "slices"

// This file reads fields: those of a head and those of trailers. It decides
// whether they are well formed; what they mean is decided in framing.go.

// lineEnd reads the end of a line at b[i], where its text has ended, and returns where
// the next line begins, or -1. what names the text in messages, and code is the error
// of a character that the text may not have.
func (p *Parser) lineEnd(b []byte, i int, code, what string) int {
	switch {
	case i == len(b):
		return -1
	case b[i] == '\r':
		if i+1 == len(b) {
			return -1
		}
		if b[i+1] == '\n' {
			return i + 2
		}
		p.fail(CodeLFExpected, "Missing expected LF after "+what, i+1)
		return -1
	case b[i] == '\n' && p.insecure:
		return i + 1
	}
	if b[i] == '\n' && p.newCodes {
		p.fail(CodeCRExpected, "Missing expected CR after "+what, i+1)
	} else {
		p.fail(code, "Invalid "+what+" char", i)
	}
	return -1
}

// section reads fields up to and including the empty line after them. It returns
// false if the bytes ran out, having noted where, or if the parser failed. It goes
// on where they ran out the last time.
func (p *Parser) section(b []byte, trailers bool) bool {
	var line, colonAt, start, end, n int
	var id NameID
	i := p.pos
	switch p.step {
	case stepName:
		line = p.line
		goto name
	case stepSpace:
		line, colonAt = p.line, p.colon
		id = lookupName(b[line:colonAt])
		goto space
	case stepValue:
		line, colonAt, start = p.line, p.colon, p.value
		id = lookupName(b[line:colonAt])
		goto value
	}

next:
	line = i
	if i == len(b) {
		return p.wait(stepLine, b)
	}
	if b[i] == '\r' || b[i] == '\n' {
		return p.sectionEnd(b, i)
	}
	// A common name has only valid characters.
	if n, id = commonName(b[i:]); id != nameOther {
		i += n
		goto colon
	}

name:
	for i < len(b) && class[b[i]]&isToken != 0 {
		i++
	}
	if i == len(b) {
		p.line = line
		return p.wait(stepName, b)
	}
	if b[i] != ':' || i == line {
		p.badName(b, i, line)
		return false
	}
	id = lookupName(b[line:i])

colon:
	colonAt = i
	i++

space:
	for i < len(b) && (b[i] == ' ' || b[i] == '\t') {
		i++
	}
	if i == len(b) {
		p.line, p.colon = line, colonAt
		return p.wait(stepSpace, b)
	}
	start = i

value:
	i += spanText(b[i:])
	if p.relaxed {
		for i < len(b) && b[i] != '\r' && b[i] != '\n' && (b[i] != 0 || p.insecure) {
			i++
			i += spanText(b[i:])
		}
	}
	if len(b)-i >= 2 && b[i] == '\r' && b[i+1] == '\n' { // spares most lines a call
		end = i + 2
	} else if end = p.lineEnd(b, i, CodeInvalidHeaderToken, "header value"); end < 0 {
		if p.phase != phaseFailed {
			p.line, p.colon, p.value = line, colonAt, start
			return p.wait(stepValue, b[:i])
		}
		if id == NameContentLength && b[i] != '\r' && b[i] != '\n' && !trailers {
			p.badLength(i)
		}
		return false
	}
	if !p.field(b, line, colonAt, start, i, id, trailers) {
		return false
	}
	i = end
	goto next
}

// sectionEnd reads the empty line at b[i].
func (p *Parser) sectionEnd(b []byte, i int) bool {
	if b[i] == '\n' {
		if !p.insecure {
			p.fail(CodeInvalidHeaderToken, "Invalid header token", i)
			return false
		}
		p.pos = i + 1
		return true
	}
	if i+1 == len(b) {
		return p.wait(stepLine, b[:i])
	}
	if b[i+1] != '\n' {
		p.fail(CodeStrict, "Expected LF after headers", i+1)
		return false
	}
	p.pos = i + 2
	return true
}

// badName reports what is wrong with the name that begins at line and has a bad byte
// at i.
func (p *Parser) badName(b []byte, i, line int) {
	first := len(p.fields) == 0 && line == p.pos
	switch c := b[i]; {
	case i > line || c != ' ' && c != '\t', first && (c == '\t' || p.phase == phaseTrailers):
		p.fail(CodeInvalidHeaderToken, "Invalid header token", i)
	case first:
		p.fail(CodeUnexpectedSpace, "Unexpected space after start line", i)
	default:
		p.fail(CodeInvalidHeaderToken, "Unexpected whitespace after header value", i)
	}
}

// field records a well-formed field: its name is b[line:colon], its value
// b[start:end], which may have space after it.
func (p *Parser) field(b []byte, line, colon, start, end int, id NameID, trailers bool) bool {
	text := end
	for end > start && (b[end-1] == ' ' || b[end-1] == '\t') {
		end--
	}
	if id != nameOther && id < nameFirstPlain &&
		!((trailers || p.agrees(id, colon+1)) && p.padding(id, b[end:text], end) && p.meaning(id, b[start:end], b[end:text], start, trailers)) {
		return false
	}
	n := len(p.fields)
	if n == p.maxFields {
		return true
	}
	p.fields = slices.Grow(p.fields, recordSize)[:n+recordSize]
	putRecord(p.fields[n:], line, colon, start, end, id)
	return true
}
