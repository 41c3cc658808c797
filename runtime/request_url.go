package runtime

// The URL of a request: it is read as the WHATWG's URL standard has it for
// http, as far as what it is made of can be sent.

import (
	"cmp"
	"net/url"
	"strconv"
	"strings"

	"nodehttp/core"
	"nodehttp/generated/profile"
)

// withURL fills what the options leave open from a URL.
func (o *RequestOptions) withURL(p *profile.Profile, raw string) error {
	invalid := core.ErrInvalidURL.With("Invalid URL: %q", raw)
	text := strings.TrimFunc(raw, func(r rune) bool { return r <= ' ' })
	scheme, rest, ok := strings.Cut(text, "://")
	if !ok {
		return invalid
	}
	authority, target := rest, ""
	if end := strings.IndexAny(rest, `/\?#`); end >= 0 {
		authority, target = rest[:end], rest[end:]
	}
	u, err := url.Parse(scheme + "://" + authority)
	if err != nil || u.Host == "" || strings.ContainsFunc(u.Host, func(r rune) bool { return r >= 0x7F }) {
		return invalid
	}
	o.Protocol = cmp.Or(o.Protocol, u.Scheme+":")
	if o.Host == "" && o.Hostname == "" {
		o.Hostname = strings.ToLower(u.Hostname())
	}
	if o.Port == 0 && u.Port() != "" {
		if o.Port, err = strconv.Atoi(u.Port()); err != nil || o.Port > 65535 {
			return invalid
		}
	}
	if o.Path == "" {
		o.Path = originForm(target)
	}
	if user := u.User; o.Auth == "" && user != nil {
		if password, _ := user.Password(); p.CredentialsDecoded {
			o.Auth = user.Username() + ":" + password
		} else if o.Auth = authority[:strings.LastIndex(authority, "@")]; !strings.Contains(o.Auth, ":") {
			o.Auth += ":"
		}
	}
	return nil
}

// originForm is what a request line has of what follows the authority of a URL:
// the path without dots for segments, and the query, without what it may not
// contain.
func originForm(target string) string {
	target, _, _ = strings.Cut(target, "#")
	path, query, asks := strings.Cut(target, "?")
	path = escape(withoutDots(strings.ReplaceAll(path, `\`, "/")), " \"<>`{}")
	if asks {
		path += "?" + escape(query, " \"<>'")
	}
	return path
}

// withoutDots resolves the segments "." and ".." of a path.
func withoutDots(path string) string {
	var kept []string
	segments := strings.Split(strings.TrimPrefix(path, "/"), "/")
	for i, s := range segments {
		dots := strings.ReplaceAll(strings.ReplaceAll(s, "%2e", "."), "%2E", ".")
		if dots != "." && dots != ".." {
			kept = append(kept, s)
			continue
		}
		if dots == ".." && len(kept) > 0 {
			kept = kept[:len(kept)-1]
		}
		if i == len(segments)-1 {
			kept = append(kept, "") // what such a path names is a directory
		}
	}
	return "/" + strings.Join(kept, "/")
}

// escape percent-encodes control characters, what is not ASCII, and the
// characters of also. Tabs and line ends are dropped.
func escape(s, also string) string {
	plain := func(c byte) bool { return c > 0x1F && c < 0x7F && strings.IndexByte(also, c) < 0 }
	at := 0
	for at < len(s) && plain(s[at]) {
		at++
	}
	if at == len(s) {
		return s
	}
	const digits = "0123456789ABCDEF"
	b := append(make([]byte, 0, len(s)+16), s[:at]...)
	for ; at < len(s); at++ {
		switch c := s[at]; {
		case plain(c):
			b = append(b, c)
		case c != '\t' && c != '\n' && c != '\r':
			b = append(b, '%', digits[c>>4], digits[c&15])
		}
	}
	return string(b)
}
