package http1

// This file reads bodies: those with a length and those in chunks, with the
// extensions of chunks and the trailers.

func (p *Parser) nextLength(data []byte) (Event, []byte, int) {
	if p.remaining == 0 {
		p.end()
		return End, nil, 0
	}
	if len(data) == 0 {
		return NeedMore, nil, 0
	}
	n := len(data)
	if int64(n) > p.remaining {
		n = int(p.remaining)
	}
	p.remaining -= int64(n)
	return Body, data[:n], n
}

func (p *Parser) beginChunks() {
	p.phase, p.step = phaseChunked, stepSize
	p.remaining, p.digits, p.extensions = 0, 0, 0
}

// maxSizeDigits is the greatest length of a chunk size, leading zeros included.
const maxSizeDigits = 16

// nextChunked reads the lines between chunks byte by byte, as they come.
func (p *Parser) nextChunked(data []byte) (Event, []byte, int) {
	for i := 0; i < len(data); i++ {
		c := data[i]
		if p.step > stepSizeLF && p.step < stepData && !p.countExtension(i) {
			return Failed, nil, 0
		}
		switch p.step {
		case stepData:
			n := len(data) - i
			if int64(n) > p.remaining {
				n = int(p.remaining)
			}
			p.remaining -= int64(n)
			if p.remaining == 0 {
				p.step = stepDataCR
			}
			return Body, data[i : i+n], i + n

		case stepDataCR:
			switch {
			case c == '\r':
			case c != '\n' && p.newCodes:
				return p.badChunk(CodeStrict, "Expected LF after chunk data", i)
			default:
				return p.missingCR(c, CodeInvalidChunkSize, "chunk data", "Expected CRLF after chunk", i)
			}
			p.step = stepDataLF
		case stepDataLF:
			if c != '\n' {
				return p.badChunk(CodeStrict, "Expected LF after chunk data", i)
			}
			p.step, p.digits = stepSize, 0

		case stepSize:
			if v := hexValue[c]; v != 0xff {
				if p.digits == maxSizeDigits || p.remaining>>59 != 0 {
					return p.badChunk(CodeInvalidChunkSize, "Chunk size overflow", i)
				}
				p.remaining = p.remaining<<4 | int64(v)
				p.digits++
				continue
			}
			switch {
			case p.digits == 0:
				return p.badChunk(CodeInvalidChunkSize, "Invalid character in chunk size", i)
			case c == '\r':
				p.step = stepSizeLF
			case c == ';':
				p.step = stepExtensionName
			default:
				return p.missingCR(c, CodeInvalidChunkSize, "chunk size", "Invalid character in chunk size", i)
			}
		case stepSizeLF:
			if c != '\n' {
				return p.badChunk(CodeStrict, "Expected LF after chunk size", i)
			}
			if p.remaining == 0 {
				p.phase, p.step, p.pos = phaseTrailers, stepLine, 0
				p.fields = p.fields[:0]
				return p.nextTrailers(data[i+1:], i+1)
			}
			p.step = stepData

		default:
			if !p.extension(c) {
				return p.missingCR(c, CodeStrict, "chunk extension", "Invalid character in chunk extensions", i)
			}
		}
	}
	return NeedMore, nil, len(data)
}

// missingCR is badChunk for a byte that stands where a CR may.
func (p *Parser) missingCR(c byte, code, what, reason string, i int) (Event, []byte, int) {
	if c == '\n' && p.newCodes {
		return p.badChunk(CodeCRExpected, "Missing expected CR after "+what, i+1)
	}
	return p.badChunk(code, reason, i)
}

func (p *Parser) badChunk(code, reason string, i int) (Event, []byte, int) {
	p.fail(code, reason, i)
	return Failed, nil, 0
}

// countExtension counts one byte of chunk extensions.
func (p *Parser) countExtension(i int) bool {
	p.extensions++
	if p.extensions > maxChunkExtensions {
		p.fail(CodeChunkExtensionsOverflow, "Chunk extensions overflow", i)
		return false
	}
	return true
}

// extension reads one byte of chunk extensions, after the first semicolon:
// name [ "=" ( token / quoted ) ], again after each semicolon.
func (p *Parser) extension(c byte) bool {
	is := class[c]
	switch p.step {
	case stepExtensionName:
		p.step = stepExtensionNameMore
		return is&isToken != 0
	case stepExtensionNameMore:
		if c == '=' {
			p.step = stepExtensionValue
			return true
		}
		return is&isToken != 0 || p.extensionEnd(c)
	case stepExtensionValue:
		p.step = stepExtensionToken
		if c == '"' {
			p.step = stepExtensionQuoted
			return true
		}
		return is&isToken != 0
	case stepExtensionToken:
		return is&isToken != 0 || p.extensionEnd(c)
	case stepExtensionQuoted:
		switch c {
		case '"':
			p.step = stepExtensionQuotedEnd
			return true
		case '\\':
			p.step = stepExtensionEscape
			return true
		}
		return is&isQuoted != 0
	case stepExtensionEscape:
		p.step = stepExtensionQuoted
		return is&isText != 0
	}
	return p.extensionEnd(c)
}

func (p *Parser) extensionEnd(c byte) bool {
	switch c {
	case ';':
		p.step = stepExtensionName
	case '\r':
		p.step = stepSizeLF
	default:
		return false
	}
	return true
}

// nextTrailers reads the trailers at the beginning of rest, which follows skipped
// bytes of the data that Next was given.
func (p *Parser) nextTrailers(rest []byte, skipped int) (Event, []byte, int) {
	b := rest
	if len(b) > p.maxSize {
		b = b[:p.maxSize]
	}
	if !p.section(b, true) {
		ev, _, _ := p.incomplete(b)
		if ev == Failed {
			p.err.Offset += skipped
			skipped = 0
		}
		return ev, nil, skipped
	}
	n := skipped + p.pos
	p.textStart, p.textEnd = skipped, n
	p.complete()
	return End, nil, n
}
