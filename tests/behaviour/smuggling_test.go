package behaviour_test

// Requests that two parsers may cut at different places, each class by its
// name: none may bring a second request that only one of them sees.

import (
	"io"
	"slices"
	"strings"
	"sync"
	"testing"

	http "nodehttp/generated/http"
)

// smuggled is what an attacker wants to be taken for a request of its own.
const smuggled = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n"

// What becomes of an attack.
const (
	atOnce   = "refused at once"      // 400 before any listener is told, and the connection closes
	inBody   = "refused in its body"  // a listener is told of the request, whose body fails; 400, and the connection closes
	declined = "refused as a request" // 400 by a whole response before any listener is told, and the connection closes
	single   = "a single request"     // one request and its answer, and then the connection closes
)

func TestSmuggling(t *testing.T) {
	post := func(fields, body string) string { return "POST / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n" + body }
	const chunked = "Transfer-Encoding: chunked\r\n"
	inChunk := "0\r\n\r\n" + smuggled
	type attack struct{ bytes, want string }
	attacks := map[string]attack{
		"CL.TE":                   {post("Content-Length: 6\r\n"+chunked, inChunk), atOnce},
		"TE.CL":                   {post(chunked+"Content-Length: 4\r\n", "5c\r\n"+smuggled+"0\r\n\r\n"), atOnce},
		"CL.CL different":         {post("Content-Length: 0\r\nContent-Length: 44\r\n", smuggled), atOnce},
		"CL.CL equal":             {post("Content-Length: 0\r\nContent-Length: 0\r\n", smuggled), atOnce},
		"CL list":                 {post("Content-Length: 0, 0\r\n", smuggled), atOnce},
		"CL in lower case and TE": {post("content-length: 0\r\ntransfer-encoding: chunked\r\n", inChunk), atOnce},
		"CL of HTTP/1.0 and TE":   {"POST / HTTP/1.0\r\nContent-Length: 44\r\n" + chunked + "\r\n" + inChunk, atOnce},
		"TE of HTTP/1.0":          {"POST / HTTP/1.0\r\n" + chunked + "\r\n" + inChunk, atOnce},
		"GET with a body, 0.CL":   {"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 44\r\n\r\n" + smuggled + strings.Repeat("x", 44-len(smuggled)), single},

		"HTTP/0.9":              {"GET /\r\n" + smuggled, atOnce},
		"HTTP/0.9 spelled out":  {"GET / HTTP/0.9\r\n\r\n" + smuggled, atOnce},
		"HTTP/1.2":              {"GET / HTTP/1.2\r\nHost: a\r\n\r\n" + smuggled, atOnce},
		"HTTP/1.10":             {"GET / HTTP/1.10\r\nHost: a\r\n\r\n" + smuggled, atOnce},
		"HTTP/01.1":             {"GET / HTTP/01.1\r\nHost: a\r\n\r\n" + smuggled, atOnce},
		"HTTP/1.1 in lower":     {"GET / http/1.1\r\nHost: a\r\n\r\n" + smuggled, atOnce},
		"HTTP/2.0":              {"GET / HTTP/2.0\r\nHost: a\r\n\r\n" + smuggled, atOnce},
		"HTTP/2.0 preface":      {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + smuggled, atOnce},
		"two spaces in line":    {"GET  / HTTP/1.1\r\nHost: a\r\n\r\n" + smuggled, atOnce},
		"two spaces at version": {"GET /  HTTP/1.1\r\nHost: a\r\n\r\n" + smuggled, atOnce},
		"tab in the line":       {"GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n" + smuggled, atOnce},
		"space behind version":  {"GET / HTTP/1.1 \r\nHost: a\r\n\r\n" + smuggled, atOnce},
		"space in the target":   {"GET /a b HTTP/1.1\r\nHost: a\r\n\r\n" + smuggled, atOnce},
		"lower-case method":     {"get / HTTP/1.1\r\nHost: a\r\n\r\n" + smuggled, atOnce},
		"CR in the line":        {"GET /\rx HTTP/1.1\r\nHost: a\r\n\r\n" + smuggled, atOnce},
		"NUL in the target":     {"GET /\x00 HTTP/1.1\r\nHost: a\r\n\r\n" + smuggled, atOnce},
		"LF behind the line":    {"GET / HTTP/1.1\nHost: a\r\n\r\n" + smuggled, atOnce},
		"CR behind the line":    {"GET / HTTP/1.1\rHost: a\r\n\r\n" + smuggled, atOnce},
		"LF behind a field":     {"GET / HTTP/1.1\r\nHost: a\nA: b\r\n\r\n" + smuggled, atOnce},
		"CR behind a field":     {"GET / HTTP/1.1\r\nHost: a\rA: b\r\n\r\n" + smuggled, atOnce},
		"LF behind the head":    {"GET / HTTP/1.1\r\nHost: a\r\n\n" + smuggled, atOnce},
		"CR CR LF":              {"GET / HTTP/1.1\r\nHost: a\r\r\n\r\n" + smuggled, atOnce},
		"LF CR":                 {"GET / HTTP/1.1\r\nHost: a\n\r\n\r" + smuggled, atOnce},
		"obs-fold":              {"GET / HTTP/1.1\r\nHost: a\r\nA: b\r\n c\r\n\r\n" + smuggled, atOnce},
		"obs-fold with a tab":   {"GET / HTTP/1.1\r\nHost: a\r\nA: b\r\n\tc\r\n\r\n" + smuggled, atOnce},
		"obs-fold at first":     {"GET / HTTP/1.1\r\n Host: a\r\n\r\n" + smuggled, atOnce},
		"obs-fold of TE":        {post("Transfer-Encoding:\r\n chunked\r\n", inChunk), atOnce},
		"obs-fold of CL":        {post("Content-Length:\r\n 0\r\n", smuggled), atOnce},
		"space before a colon":  {post("Content-Length : 0\r\n", smuggled), atOnce},
		"tab before a colon":    {post("Transfer-Encoding\t: chunked\r\n", inChunk), atOnce},
		"no colon":              {"GET / HTTP/1.1\r\nHost: a\r\nA\r\n\r\n" + smuggled, atOnce},
		"no name":               {"GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n" + smuggled, atOnce},
		"NUL in a name":         {post("Transfer-Encoding\x00: chunked\r\n", inChunk), atOnce},
		"NUL in a value":        {"GET / HTTP/1.1\r\nHost: a\r\nA: b\x00\r\n\r\n" + smuggled, atOnce},
		"high byte in a name":   {post("Transfer-Encod\xefng: chunked\r\n", inChunk), atOnce},
		"high byte in a value":  {"GET / HTTP/1.1\r\nHost: a\r\nA: \xff\xfe\r\nConnection: close\r\n\r\n" + smuggled, single},
		"DEL in a value":        {"GET / HTTP/1.1\r\nHost: a\r\nA: \x7f\r\n\r\n" + smuggled, atOnce},
		"escape in a value":     {"GET / HTTP/1.1\r\nHost: a\r\nA: \x1b\r\n\r\n" + smuggled, atOnce},

		"leading CRLF":       {"\r\nGET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n" + smuggled, single},
		"many leading CRLFs": {strings.Repeat("\r\n", 3) + smuggled, atOnce},
		"leading LF":         {"\n" + smuggled, atOnce},
		"leading CR":         {"\r" + smuggled, atOnce},
		"leading space":      {" " + smuggled, atOnce},
		"BOM":                {"\xef\xbb\xbf" + smuggled, atOnce},

		"absolute-form":                    {"GET http://b/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n" + smuggled, single},
		"absolute-form without authority":  {"GET http:/smuggled HTTP/1.1\r\nHost: a\r\n\r\n" + smuggled, atOnce},
		"absolute-form with an empty host": {"GET http:///smuggled HTTP/1.1\r\nHost: a\r\n\r\n" + smuggled, atOnce},
		"authority-form of GET":            {"GET a:80 HTTP/1.1\r\nHost: a\r\n\r\n" + smuggled, atOnce},
		"origin-form of CONNECT":           {"CONNECT / HTTP/1.1\r\nHost: a\r\n\r\n" + smuggled, atOnce},
		"no target":                        {"GET HTTP/1.1\r\nHost: a\r\n\r\n" + smuggled, atOnce},
		"a target that is a query":         {"GET ?a HTTP/1.1\r\nHost: a\r\n\r\n" + smuggled, atOnce},

		"no Host":                {"GET / HTTP/1.1\r\nConnection: close\r\n\r\n" + smuggled, declined},
		"no Host, alive":         {"GET / HTTP/1.1\r\n\r\n" + smuggled, declined},
		"two Hosts":              {"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n" + smuggled, single},
		"CL with a sign":         {post("Content-Length: +0\r\n", smuggled), atOnce},
		"CL negative":            {post("Content-Length: -1\r\n", smuggled), atOnce},
		"CL in hex":              {post("Content-Length: 0x0\r\n", smuggled), atOnce},
		"CL with an underscore":  {post("Content-Length: 0_0\r\n", smuggled), atOnce},
		"CL with a space within": {post("Content-Length: 0 0\r\n", smuggled), atOnce},
		"CL with a fraction":     {post("Content-Length: 0.0\r\n", smuggled), atOnce},
		"CL in quotes":           {post("Content-Length: \"0\"\r\n", smuggled), atOnce},
		"CL empty":               {post("Content-Length: \r\n", smuggled), atOnce},
		"CL overflows":           {post("Content-Length: 18446744073709551616\r\n", smuggled), atOnce},
		"CL overflows a signed":  {post("Content-Length: 9223372036854775808\r\n", smuggled), atOnce},
		"CL with vertical tab":   {post("Content-Length: \v0\r\n", smuggled), atOnce},
		"CL with a tab behind":   {post("Content-Length: 0\t\r\n", smuggled), atOnce},
	}
	for name, coding := range map[string]string{
		"unknown": "xchunked", "identity": "identity", "identity and chunked": "identity, chunked", "chunked and identity": "chunked, identity",
		"gzip": "gzip", "twice": "chunked, chunked", "comma before": ", chunked", "comma behind": "chunked,", "quotes": "\"chunked\"",
		"single quotes": "'chunked'", "parameter": "chunked;a=b", "semicolon": "chunked;", "vertical tab": "\vchunked", "vertical tab behind": "chunked\v",
		"form feed": "\fchunked", "NUL": "chunked\x00", "tab behind": "chunked\t", "brackets": "[chunked]", "space within": "chun ked",
		"high byte": "chunke\xc4", "empty": "", "CR": "\rchunked", "colon": ": chunked", "equals": "=chunked", "cow": "cow", "gzip, chunked": "gzip, chunked",
	} {
		attacks["TE.TE "+name] = attack{post("Transfer-Encoding: "+coding+"\r\n", inChunk), atOnce}
	}
	for name, fields := range map[string]string{
		"duplicate":              chunked + chunked,
		"duplicate with unknown": chunked + "Transfer-Encoding: cow\r\n",
		"unknown and duplicate":  "Transfer-Encoding: cow\r\n" + chunked,
		"identity field":         "Transfer-Encoding: identity\r\n" + chunked,
		"hidden by LF":           "A: b\nTransfer-Encoding: chunked\r\n",
		"hidden by CR":           "A: b\rTransfer-Encoding: chunked\r\n",
		"space before the name":  "A: b\r\n Transfer-Encoding: chunked\r\n",
	} {
		attacks["TE.TE "+name] = attack{post(fields, inChunk), atOnce}
	}
	for name, value := range map[string]string{"case": "ChUnKeD", "no space": "chunked", "spaces": "   chunked  ", "tab": "\tchunked"} {
		attacks["TE.TE "+name] = attack{post("TRANSFER-ENCODING:"+value+"\r\nConnection: close\r\n", inChunk), single}
	}
	for name, size := range map[string]string{
		"underscore": "0_0", "plus": "+1", "minus": "-1", "0x": "0x1", "17 digits": "10000000000000000", "17 digits, zeros at first": "00000000000000001",
		"overflow": "ffffffffffffffff", "space before": " 1", "space behind": "1 ", "tab behind": "1\t", "empty": "", "no hex": "g", "high digit": "\xb1",
		"NUL": "1\x00", "vertical tab": "1\v", "LF in the extension": "1;a\nb", "CR in the extension": "1;a\rb", "NUL in the extension": "1;a\x00",
		"quote that stays open": "1;a=\"b", "LF in a quoted extension": "1;a=\"\n\"", "comma": "1,1",
	} {
		attacks["chunk size: "+name] = attack{post(chunked, size+"\r\nx\r\n0\r\n\r\n"+smuggled), inBody}
	}
	for name, body := range map[string]string{
		"LF behind the size":           "1\nx\r\n0\r\n\r\n",
		"CR behind the size":           "1\rx\r\n0\r\n\r\n",
		"LF behind an extension":       "1;a\nx\r\n0\r\n\r\n",
		"LF behind the data":           "1\r\nx\n0\r\n\r\n",
		"CR behind the data":           "1\r\nx\r0\r\n\r\n",
		"nothing behind the data":      "1\r\nx0\r\n\r\n",
		"data beyond the size":         "1\r\nxy\r\n0\r\n\r\n",
		"LF behind the last chunk":     "0\n\r\n",
		"LF behind the body":           "0\r\n\n",
		"LF behind a trailer":          "0\r\nA: b\n\r\n",
		"CR behind a trailer":          "0\r\nA: b\r\r\n\r\n",
		"folded trailer":               "0\r\nA: b\r\n c\r\n\r\n",
		"space before a colon":         "0\r\nA : b\r\n\r\n",
		"Content-Length as trailer":    "0\r\nContent-Length: 44\r\n\r\n",
		"Transfer-Encoding as trailer": "0\r\n" + chunked + "\r\n",
	} {
		attacks["chunks: "+name] = attack{post(chunked, body+smuggled), inBody}
	}
	for name, a := range attacks {
		t.Run(name, func(t *testing.T) { smuggle(t, a.bytes, a.want) })
	}
}

// smuggle sends an attack, whole and then byte by byte, and looks at what comes
// of it.
func smuggle(t *testing.T, attack, want string) {
	var mu sync.Mutex
	var seen []string
	var failed error
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		mu.Lock()
		seen = append(seen, req.URL())
		mu.Unlock()
		_, err := io.Copy(io.Discard, req)
		mu.Lock()
		failed = err
		mu.Unlock()
		if err == nil {
			res.SetHeader("Connection", "close")
			res.End()
		}
	})
	s.OnConnect(func(*http.IncomingMessage, *http.Socket, []byte) { t.Error("a tunnel was asked for") })
	for _, piece := range []int{len(attack), 1} {
		seen, failed = nil, nil
		w := dial(t, s)
		for chunk := range slices.Chunk([]byte(attack), piece) {
			if _, err := w.Write(chunk); err != nil {
				break // it is refused already
			}
		}
		got, _ := io.ReadAll(w.r)
		mu.Lock()
		status, _, _ := strings.Cut(string(got), "\r\n")
		answers := strings.Count(string(got), "HTTP/1.1 ")
		switch {
		case answers != 1 || slices.ContainsFunc(seen, func(u string) bool { return strings.Contains(u, "smuggled") }):
			t.Errorf("%d answers, the first %q, and requests %q", answers, status, seen)
		case want == single && (status != "HTTP/1.1 200 OK" || len(seen) != 1 || failed != nil),
			want == declined && (status != "HTTP/1.1 400 Bad Request" || len(seen) > 0),
			want == atOnce && (string(got) != badRequest || len(seen) > 0),
			want == inBody && (string(got) != badRequest || len(seen) != 1 || failed == nil):
			t.Errorf("not %s: %q, requests %q, %v", want, status, seen, failed)
		}
		mu.Unlock()
	}
}
