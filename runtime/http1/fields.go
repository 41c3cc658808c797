package http1

// This file reads fields: those of a head and those of trailers. It decides
// whether they are well formed; what they mean is decided in framing.go.

// lineEnd reads the end of a line at b[i], where its text has ended, and returns
// where the next line begins, or -1. code and reason say what is wrong if it is a
// character that the text may not have.
func (p *Parser) lineEnd(b []byte, i int, code, reason string) int {
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
		p.fail(CodeLFExpected, "Missing expected LF after header value", i+1)
		return -1
	case b[i] == '\n' && p.insecure:
		return i + 1
	}
	p.fail(code, reason, i)
	return -1
}

// colonIndex returns the index of the first colon, or -1 if it is further away
// than after any common name.
func colonIndex(b []byte) int {
	for i := 0; i < longestName && len(b)-i >= 8; i += 8 {
		if m := equal(word(b[i:]), ':'); m != 0 {
			return i + firstMarked(m)
		}
	}
	return -1
}

// section reads fields up to and including the empty line after them. It returns
// false if the bytes ran out, having noted where, or if the parser failed.
func (p *Parser) section(b []byte, trailers bool) bool {
	var line, colonAt, start, end int
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
	// A common name is made of the right characters.
	if n := colonIndex(b[i:]); n > 0 {
		if id = lookupName(b[i : i+n]); id != nameOther {
			i += n
			goto colon
		}
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
	if p.insecure {
		for i < len(b) && b[i] != '\r' && b[i] != '\n' {
			i++
			i += spanText(b[i:])
		}
	}
	if len(b)-i >= 2 && b[i] == '\r' && b[i+1] == '\n' { // spares most lines a call
		end = i + 2
	} else if end = p.lineEnd(b, i, CodeInvalidHeaderToken, "Invalid header value char"); end < 0 {
		p.line, p.colon, p.value = line, colonAt, start
		return p.phase != phaseFailed && p.wait(stepValue, b[:i])
	}
	if !p.field(b, Field{
		nameStart: uint32(line), nameEnd: uint32(colonAt),
		valueStart: uint32(start), valueEnd: uint32(i),
		id: id,
	}, trailers) {
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

// badName says what is wrong with the name that begins at line and has a bad byte
// at i.
func (p *Parser) badName(b []byte, i, line int) {
	switch c := b[i]; {
	case i > line || c != ' ' && c != '\t':
		p.fail(CodeInvalidHeaderToken, "Invalid header token", i)
	case len(p.fields) == 0 && line == p.pos:
		p.fail(CodeUnexpectedSpace, "Unexpected space after start line", i)
	default:
		p.fail(CodeInvalidHeaderToken, "Unexpected whitespace after header value", i)
	}
}

// field takes note of a field that is well formed.
func (p *Parser) field(b []byte, f Field, trailers bool) bool {
	for f.valueEnd > f.valueStart && (b[f.valueEnd-1] == ' ' || b[f.valueEnd-1] == '\t') {
		f.valueEnd--
	}
	if f.id != 0 && f.id < nameFirstPlain {
		if !p.meaning(f.id, b[f.valueStart:f.valueEnd], int(f.valueStart), trailers) {
			return false
		}
	}
	if len(p.fields) < p.maxFields {
		p.fields = append(p.fields, f)
	}
	return true
}
