package http1

import (
	"bytes"
	"math"
	"strings"
)

// This file decides what the fields of a head mean for its message: where its body
// ends, and whether the connection stays open. All of it concerns safety.

// meaning records a field that the parser must understand. value begins at byte at;
// space is what follows it. It returns false if the parser failed.
func (p *Parser) meaning(id NameID, value, space []byte, at int, trailers bool) bool {
	if trailers {
		// RFC 9110, 6.5.1: trailers cannot change how a message is framed, nor whether
		// its connection stays open. A sender of a trailer that frames a message hopes
		// that a recipient merges it; the other fields mean nothing here.
		switch id {
		case NameContentLength:
			p.fail(CodeUnexpectedContentLength, "Content-Length can't be present in trailers", at)
			return false
		case NameTransferEncoding:
			p.fail(CodeInvalidTransferEncoding, "Transfer-Encoding can't be present in trailers", at)
			return false
		}
		return true
	}
	switch id {
	case NameContentLength:
		return p.length(value, at)
	case NameTransferEncoding:
		return p.codings(value, at)
	case NameConnection, NameProxyConnection:
		p.connection(value[:len(value)+len(space)])
	case NameUpgrade:
		if len(value) > 0 {
			p.flags |= flagUpgradeField
		}
	case NameExpect:
		if HasWord("100-continue", value) {
			p.flags |= flagExpect100
		} else {
			p.flags |= flagExpectOther
		}
	case NameHost:
		if p.hostCount < math.MaxUint8 {
			p.hostCount++
		}
	}
	return true
}

// connection reads a Connection field with the space after it. Node recognizes no
// option that a tab follows, nor one after a control character, which only relaxed
// parsers accept. close is recognized all the same; for the others both ends must
// agree.
func (p *Parser) connection(list []byte) {
	hidden := false
	for more := true; more; {
		var member []byte
		member, list, more = bytes.Cut(list, comma)
		option := trimSpace(member)
		switch {
		case EqualFold("close", option):
			p.flags |= flagCloseToken
		case hidden, bytes.HasSuffix(bytes.TrimRight(member, " "), tab):
		case EqualFold("keep-alive", option):
			p.flags |= flagKeepAliveToken
		case EqualFold("upgrade", option):
			p.flags |= flagUpgradeToken
		case p.relaxed:
			hidden = spanText(member) < len(member)
		}
	}
}

var comma, tab = []byte{','}, []byte{'\t'}

// agrees reports whether a field, whose value begins at byte at, does not contradict those
// before it, where that is to be found out so early.
func (p *Parser) agrees(id NameID, at int) bool {
	switch {
	case !p.newCodes || p.insecure:
	case id == NameTransferEncoding && p.contentLength >= 0:
		p.fail(CodeInvalidTransferEncoding, "Transfer-Encoding can't be present with Content-Length", at)
		return false
	case id == NameContentLength && p.flags&flagTransferEncoding != 0:
		p.fail(CodeInvalidContentLength, "Content-Length can't be present with Transfer-Encoding", at)
		return false
	}
	return true
}

// padding checks the whitespace after a value, which begins at byte at. Some parsers,
// Node's among them, know no tab after a value that frames a message, and take it for
// a part of the value.
func (p *Parser) padding(id NameID, space []byte, at int) bool {
	if len(space) == 0 || id != NameContentLength && id != NameTransferEncoding {
		return true
	}
	tab := bytes.IndexByte(space, '\t')
	switch {
	case tab < 0:
		return true
	case id == NameContentLength:
		p.badLength(at + tab)
	default:
		p.fail(CodeInvalidTransferEncoding, invalidCoding, at+tab)
	}
	return false
}

const invalidCoding = "Invalid `Transfer-Encoding` header value"

// badLength reports that the byte at i cannot be a part of a Content-Length.
func (p *Parser) badLength(i int) {
	if p.contentLength >= 0 {
		p.fail(CodeUnexpectedContentLength, duplicateLength, i)
	} else {
		p.fail(CodeInvalidContentLength, "Invalid character in Content-Length", i)
	}
}

const duplicateLength = "Duplicate Content-Length"

// length reads a Content-Length. Lists and repetitions are refused even if all
// values are equal.
func (p *Parser) length(value []byte, at int) bool {
	if p.contentLength >= 0 {
		p.fail(CodeUnexpectedContentLength, duplicateLength, at)
		return false
	}
	if len(value) == 0 {
		p.fail(CodeInvalidContentLength, "Empty Content-Length", at)
		return false
	}
	n := int64(0)
	for i, c := range value {
		if class[c]&isDigit == 0 {
			p.badLength(at + i)
			return false
		}
		d := int64(c - '0')
		if n > (math.MaxInt64-d)/10 {
			p.fail(CodeInvalidContentLength, "Content-Length overflow", at+i)
			return false
		}
		n = n*10 + d
	}
	p.contentLength = n
	return true
}

// codings reads a Transfer-Encoding, or what another field adds to it. Chunked may
// occur once, as the last.
func (p *Parser) codings(value []byte, at int) bool {
	chunked, other, ok := Codings(value)
	if p.flags&flagChunked != 0 || !ok {
		p.fail(CodeInvalidTransferEncoding, invalidCoding, at)
		return false
	}
	p.flags |= flagTransferEncoding
	if chunked {
		p.flags |= flagChunked
	}
	if other {
		p.flags |= flagOtherCoding
	}
	return true
}

// Codings reads a Transfer-Encoding: whether its last coding is chunked, and whether
// it has any other. It is not ok if a member is not a coding, or if chunked stands
// anywhere else.
func Codings(value []byte) (chunked, other, ok bool) {
	for member := range members(value) {
		switch {
		case chunked || !coding(member):
			return false, false, false
		case EqualFold("chunked", member):
			chunked = true
		default:
			other = true
		}
	}
	return chunked, other, true
}

// coding reports whether a transfer coding is well formed: a token, which may
// have parameters unless it is chunked.
func coding(member []byte) bool {
	i := 0
	for i < len(member) && class[member[i]]&isToken != 0 {
		i++
	}
	if i == len(member) {
		return i > 0
	}
	rest := trimSpace(member[i:])
	return i > 0 && rest[0] == ';' && !EqualFold("chunked", member[:i])
}

// members ranges over the members of a comma-separated list, without the
// whitespace around them. A member may be empty; an empty list has one such.
func members(list []byte) func(yield func([]byte) bool) {
	return func(yield func([]byte) bool) {
		start := 0
		for i := 0; i <= len(list); i++ {
			if i == len(list) || list[i] == ',' {
				if !yield(trimSpace(list[start:i])) {
					return
				}
				start = i + 1
			}
		}
	}
}

// HasToken reports whether a member of comma-separated lists, the values of a header
// field, is the token, in any case.
func HasToken(token string, lists ...string) bool {
	for _, list := range lists {
		for member := range strings.SplitSeq(list, ",") {
			if EqualFold(token, strings.Trim(member, " \t")) {
				return true
			}
		}
	}
	return false
}

// HasWord reports whether value has the word, which is lower case, in any case, with
// neither a letter nor a digit nor "_" beside it. It is how Node looks for an
// expectation, and for chunked in TE.
func HasWord[S string | []byte](word string, value S) bool {
	apart := func(i int) bool {
		return i < 0 || i >= len(value) || class[value[i]]&(isAlpha|isDigit) == 0 && value[i] != '_'
	}
	for i := 0; i+len(word) <= len(value); i++ {
		if apart(i-1) && apart(i+len(word)) && EqualFold(word, value[i:i+len(word)]) {
			return true
		}
	}
	return false
}

func trimSpace(b []byte) []byte {
	for len(b) > 0 && (b[0] == ' ' || b[0] == '\t') {
		b = b[1:]
	}
	for len(b) > 0 && (b[len(b)-1] == ' ' || b[len(b)-1] == '\t') {
		b = b[:len(b)-1]
	}
	return b
}

// frame decides, after the last field of a head, how its message goes on. It
// returns false if the parser failed.
func (p *Parser) frame() bool {
	if p.flags&flagTransferEncoding != 0 && !p.checkCodings() {
		return false
	}
	if p.flags&flagCloseToken == 0 && (p.minor == 1 || p.flags&flagKeepAliveToken != 0) {
		p.flags |= flagKeepAlive
	}
	if p.minor == 0 {
		p.flags &^= flagExpect100 | flagExpectOther
	}
	p.phase = phaseEnd
	if p.role == Request {
		p.frameRequest()
	} else {
		p.frameResponse()
	}
	return true
}

// checkCodings refuses a Transfer-Encoding that another recipient may understand
// differently.
func (p *Parser) checkCodings() bool {
	reason := ""
	switch {
	case p.contentLength >= 0:
		reason = "Content-Length can't be present with Transfer-Encoding"
		if !p.insecure {
			p.fail(CodeUnexpectedContentLength, reason, p.pos)
			return false
		}
		p.flags |= flagCloseToken
	case p.minor == 0:
		reason = "Transfer-Encoding can't be present in HTTP/1.0"
	case p.role == Request && p.flags&flagOtherCoding != 0:
		reason = "Request has invalid `Transfer-Encoding`"
	}
	if reason != "" && !p.insecure {
		p.fail(CodeInvalidTransferEncoding, reason, p.pos)
		return false
	}
	if p.minor == 0 {
		p.flags |= flagCloseToken
	}
	return true
}

func (p *Parser) frameRequest() {
	// RFC 9110, 7.8: Upgrade means nothing in HTTP/1.0.
	const both = flagUpgradeToken | flagUpgradeField
	if p.flags&both == both && p.minor == 1 {
		p.flags |= flagUpgrade
	}
	switch {
	case p.method == methodConnect:
	case p.flags&flagChunked != 0:
		p.beginChunks()
	case p.flags&flagTransferEncoding != 0:
		p.phase = phaseUntilClose
	case p.contentLength > 0:
		p.phase, p.remaining = phaseLength, p.contentLength
	}
}

func (p *Parser) frameResponse() {
	noBody := p.noBody
	if p.status >= 200 {
		p.noBody = false
	}
	switch {
	case p.status == 101:
		p.flags |= flagUpgrade
		p.phase = phaseDetached
	case noBody || p.status < 200 || p.status == 304:
	case p.status == 204:
		if p.contentLength > 0 || p.flags&flagTransferEncoding != 0 {
			p.flags &^= flagKeepAlive // the sender may think that there is a body
		}
	case p.flags&flagChunked != 0:
		p.beginChunks()
	case p.contentLength > 0 && p.flags&flagTransferEncoding == 0:
		p.phase, p.remaining = phaseLength, p.contentLength
	case p.contentLength < 0 || p.flags&flagTransferEncoding != 0:
		p.phase = phaseUntilClose
	}
}
