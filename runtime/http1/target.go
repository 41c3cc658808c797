package http1

// This file checks request targets: origin-form, absolute-form, authority-form for
// CONNECT, and "*".

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

// authorityForm checks that t is host:port. It returns the position of the mistake, or
// -1.
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

// absoluteForm checks that t is scheme://authority with anything after it. It returns
// the position of the mistake, or -1.
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

// bracketed checks that brackets in a host enclose an IP literal, or are absent. With
// port, a port may follow.
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
