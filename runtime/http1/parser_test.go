package http1

import (
	"bytes"
	"strings"
	"testing"
)

// This file tests the parser: the corpus, whole and in pieces, and what its caller
// decides between two calls.

func TestCorpus(t *testing.T) {
	for _, g := range corpus {
		for _, c := range g.cases {
			t.Run(g.name+"/"+c.name, func(t *testing.T) {
				if got := trace(t, g.role, g.options, c.in); got != c.want {
					t.Errorf("%q\n got %s\nwant %s", c.in, got, c.want)
				}
			})
		}
	}
}

// TestCorpusInPieces feeds each message byte by byte, and in two at each point.
func TestCorpusInPieces(t *testing.T) {
	for _, g := range corpus {
		for _, c := range g.cases {
			each := make([]int, len(c.in))
			for cut := range each {
				each[cut] = cut
				if got := trace(t, g.role, g.options, c.in, cut); got != c.want {
					t.Errorf("%s/%s cut at %d\n got %s\nwant %s", g.name, c.name, cut, got, c.want)
				}
			}
			if got := trace(t, g.role, g.options, c.in, each...); got != c.want {
				t.Errorf("%s/%s byte by byte\n got %s\nwant %s", g.name, c.name, got, c.want)
			}
		}
	}
}

// TestLimits checks that each limit holds to the byte, however the bytes come.
func TestLimits(t *testing.T) {
	line := "GET / HTTP/1.1\r\n"
	fill := func(n int) string { return "A: " + strings.Repeat("b", n-5) + "\r\n" }
	extension := func(n int) string { return "1;" + strings.Repeat("e", n) + "\r\na\r\n" }
	for _, c := range []struct{ name, in, end string }{
		{"head of the greatest size", line + fill(100-len(line)-2) + "\r\n", "end"},
		{"head one too long", line + fill(101-len(line)-2) + "\r\n", "HPE_HEADER_OVERFLOW@100"},
		{"head without an end", line + fill(2000), "HPE_HEADER_OVERFLOW@100"},
		{"head with an error behind the limit", line + fill(101-len(line)) + "\x00", "HPE_HEADER_OVERFLOW@100"},
		{"target too long", "GET /" + strings.Repeat("a", 200), "HPE_HEADER_OVERFLOW@100"},
		{"many fields", line + strings.Repeat("A:\r\n", 21) + "\r\n", "HPE_HEADER_OVERFLOW@100"},
		{"trailers of the greatest size", chunkedHead + "0\r\n" + fill(98) + "\r\n", "\"}"},
		{"trailers one too long", chunkedHead + "0\r\n" + fill(99) + "\r\n", "HPE_HEADER_OVERFLOW@150"},
		{"extensions of the greatest size", chunkedHead + extension(maxChunkExtensions-3) + "0;e\r\n\r\n", "end"},
		{"extensions one too long", chunkedHead + extension(maxChunkExtensions-2) + "0;e\r\n\r\n", "HPE_CHUNK_EXTENSIONS_OVERFLOW@16439"},
	} {
		o := Options{MaxHeaderSize: 100}
		whole := trace(t, Request, o, c.in)
		if !strings.HasSuffix(whole, c.end) {
			t.Errorf("%s: %s", c.name, whole)
		}
		each := make([]int, len(c.in))
		for i := range each {
			each[i] = i
		}
		if got := trace(t, Request, o, c.in, each...); got != whole {
			t.Errorf("%s byte by byte: %s", c.name, got)
		}
	}
	if got := trace(t, Request, Options{}, line+fill(DefaultMaxHeaderSize)); !strings.HasSuffix(got, "HPE_HEADER_OVERFLOW@16384") {
		t.Error("default limit:", got)
	}
}

// TestMaxHeaders checks that fields beyond the limit are not seen, but count.
func TestMaxHeaders(t *testing.T) {
	o := Options{MaxHeaders: 2}
	in := "POST / HTTP/1.1\r\nA: 1\r\nB: 2\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n" +
		"0\r\nC: 3\r\nD: 4\r\nE: 5\r\n\r\n"
	want := `POST / 1.1 {A="1" B="2"} body chunked close | end {C="3" D="4"}`
	if got := trace(t, Request, o, in); got != want {
		t.Error(got)
	}
	in = "POST / HTTP/1.1\r\nA: 1\r\nB: 2\r\nC: \x00\r\n\r\n"
	if got := trace(t, Request, o, in); got != "HPE_INVALID_HEADER_TOKEN@32" {
		t.Error(got)
	}
}

// TestLooksOnce overwrites what the parser has looked at: it must not notice.
func TestLooksOnce(t *testing.T) {
	for _, c := range []struct {
		role     Role
		in, rest string
	}{
		{Request, "GET /aaaaaaaaaaaaaaaaaaaa", "a HTTP/1.1\r\n\r\n"},
		{Request, "GET / HTTP/1.1\r\nx-aaaaaaaaaaaaaaaaaaaa", "a: b\r\n\r\n"},
		{Request, "GET / HTTP/1.1\r\nx-b: aaaaaaaaaaaaaaaaaaaa", "a\r\n\r\n"},
		{Request, chunkedHead + "0\r\nx-b: aaaaaaaaaaaaaaaaaaaa", "a\r\n\r\n"},
		{Response, "HTTP/1.1 204 aaaaaaaaaaaaaaaaaaaa", "a\r\n\r\n"},
	} {
		var p Parser
		p.Init(c.role, Options{})
		data := []byte(c.in)
		for {
			ev, _, n := p.Next(data)
			data = data[n:]
			if ev == NeedMore {
				break
			}
			if ev != HeadDone {
				t.Fatal(ev)
			}
		}
		data = append(bytes.ReplaceAll(data, []byte("a"), []byte("\x00")), c.rest...)
		if ev, _, n := p.Next(data); ev != HeadDone && ev != End || n != len(data) {
			t.Errorf("%q: event %d, %v", c.in, ev, p.Err())
		}
	}
}

// afterHead gives p data that begins with a head, and returns that and the bytes
// behind it.
func afterHead(t *testing.T, p *Parser, data string) (h Head, rest []byte) {
	t.Helper()
	b := []byte(data)
	ev, _, n := p.Next(b)
	if ev != HeadDone {
		t.Fatalf("event %d, %v", ev, p.Err())
	}
	p.TakeHead(b, &h)
	return h, b[n:]
}

func expect(t *testing.T, p *Parser, data []byte, ev Event, chunk string, n int) {
	t.Helper()
	gotEvent, gotChunk, gotN := p.Next(data)
	if gotEvent != ev || string(gotChunk) != chunk || gotN != n {
		t.Fatalf("Next is %d, %q, %d, not %d, %q, %d (%v)", gotEvent, gotChunk, gotN, ev, chunk, n, p.Err())
	}
}

func TestExpectNoBody(t *testing.T) {
	head := "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n"
	noLength := "HTTP/1.1 200 OK\r\n\r\n"
	for _, in := range []string{head, noLength, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"} {
		var p Parser
		p.Init(Response, Options{})
		p.ExpectNoBody()
		h, rest := afterHead(t, &p, in+head)
		if h.HasBody || !h.KeepAlive {
			t.Errorf("before the head: %+v", h)
		}
		expect(t, &p, rest, End, "", 0)
		if h, _ = afterHead(t, &p, head); !h.HasBody {
			t.Error("it lasts longer than one response")
		}

		p.Init(Response, Options{})
		b := []byte(in)
		expect(t, &p, b, HeadDone, "", len(b))
		p.ExpectNoBody()
		p.TakeHead(b, &h)
		if h.HasBody || !h.KeepAlive {
			t.Errorf("after the head: %+v", h)
		}
		expect(t, &p, nil, End, "", 0)
		if !idle(&p) {
			t.Error("not idle")
		}
	}

	var p Parser
	p.Init(Response, Options{})
	p.ExpectNoBody()
	_, rest := afterHead(t, &p, "HTTP/1.1 103 Early Hints\r\n\r\n"+head)
	expect(t, &p, rest, End, "", 0)
	if h, _ := afterHead(t, &p, head); h.HasBody {
		t.Error("it is lost in a 1xx")
	}
	p.Init(Response, Options{})
	afterHead(t, &p, "HTTP/1.1 103 Early Hints\r\n\r\n")
	p.ExpectNoBody()
	expect(t, &p, nil, End, "", 0)
	if h, _ := afterHead(t, &p, head); h.HasBody {
		t.Error("it is lost when told after a 1xx")
	}
}

// TestExpectNoBodyTooLate checks that what is said about a response without a body
// is not kept for the next one.
func TestExpectNoBodyTooLate(t *testing.T) {
	var p Parser
	p.Init(Response, Options{})
	afterHead(t, &p, "HTTP/1.1 204 No Content\r\n\r\n")
	p.ExpectNoBody()
	expect(t, &p, nil, End, "", 0)
	if h, _ := afterHead(t, &p, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n"); !h.HasBody {
		t.Error("no body")
	}
}

func TestDetach(t *testing.T) {
	var p Parser
	for _, in := range []string{
		"CONNECT a:80 HTTP/1.1\r\n\r\n",
		"GET / HTTP/1.1\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n",
		"POST / HTTP/1.1\r\nConnection: upgrade\r\nUpgrade: x\r\nContent-Length: 3\r\n\r\n",
	} {
		p.Init(Request, Options{})
		h, rest := afterHead(t, &p, in+"\x00 bytes")
		if !h.Upgrade && !h.Connect {
			t.Errorf("%+v", h)
		}
		p.Detach()
		expect(t, &p, rest, NeedMore, "", 0)
		if idle(&p) || p.Finish() != NeedMore {
			t.Error("a detached parser is idle, or waits")
		}
	}
}

func TestPlain(t *testing.T) {
	var p Parser
	p.Init(Request, Options{})
	if _, ok := p.Plain(); ok {
		t.Error("plain before a message")
	}
	afterHead(t, &p, "POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\n")
	expect(t, &p, []byte("abc"), Body, "abc", 3)
	if n, ok := p.Plain(); n != 7 || !ok {
		t.Error(n, ok)
	}
	p.Skip(6)
	if n, ok := p.Plain(); n != 1 || !ok {
		t.Error(n, ok)
	}
	expect(t, &p, []byte("de"), Body, "d", 1)
	if _, ok := p.Plain(); ok {
		t.Error("plain at the end")
	}
	expect(t, &p, []byte("GET"), End, "", 0)

	afterHead(t, &p, "POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\n")
	p.Skip(3)
	if ev := p.Finish(); ev != End {
		t.Error(ev)
	}
	var trailers Head
	if p.TakeTrailers(nil, &trailers); trailers.Len() != 0 {
		t.Error(trailers)
	}
	p.Init(Request, Options{})

	_, rest := afterHead(t, &p, "POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc")
	p.Skip(int64(len(rest)))
	expect(t, &p, nil, End, "", 0)

	afterHead(t, &p, chunkedHead+"3\r\nabc")
	if _, ok := p.Plain(); ok {
		t.Error("chunks are plain")
	}

	p.Init(Response, Options{})
	afterHead(t, &p, "HTTP/1.1 200 OK\r\n\r\n")
	if n, ok := p.Plain(); n != -1 || !ok {
		t.Error(n, ok)
	}
	p.Skip(1 << 40)
	if ev := p.Finish(); ev != End {
		t.Error(ev)
	}
	if ev := p.Finish(); ev != NeedMore {
		t.Error(ev)
	}
}

func TestSkipTooMuch(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	var p Parser
	p.Init(Request, Options{})
	afterHead(t, &p, "POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\n")
	p.Skip(4)
}

func TestSkipEnd(t *testing.T) {
	var p Parser
	p.Init(Request, Options{})
	b := []byte("GET /1 HTTP/1.1\r\n\r\nGET /2 HTTP/1.1\r\n\r\n")
	expect(t, &p, b, HeadDone, "", 19)
	p.SkipEnd()
	var h Head
	p.TakeHead(b, &h)
	if h.Target() != "/1" || h.HasBody {
		t.Errorf("%+v", h)
	}
	expect(t, &p, b[19:], HeadDone, "", 19)
	expect(t, &p, nil, End, "", 0)

	afterHead(t, &p, "POST / HTTP/1.1\r\nContent-Length: 1\r\n\r\n")
	p.SkipEnd()
	expect(t, &p, []byte("a"), Body, "a", 1)
	expect(t, &p, nil, End, "", 0)

	afterHead(t, &p, "GET / HTTP/1.1\r\nConnection: close\r\n\r\n")
	p.SkipEnd()
	expect(t, &p, []byte("GET"), NeedMore, "", 3)
}

// idle reports whether a parser is between two messages, has seen no byte of the
// next one, and would accept one.
func idle(p *Parser) bool { return p.phase == phaseHead && p.pos == 0 }

func TestInitForgets(t *testing.T) {
	var p Parser
	p.Init(Response, Options{})
	p.ExpectNoBody()
	p.Next([]byte("nonsense"))
	if p.Err() == nil || p.Finish() != Failed {
		t.Fatal("accepted")
	}
	if got := p.Err().Error(); got != "Parse Error: Expected HTTP/" {
		t.Error(got)
	}
	p.Init(Response, Options{})
	if p.Err() != nil || !idle(&p) || p.noBody {
		t.Errorf("%+v", p)
	}
}

func TestHostCount(t *testing.T) {
	var p Parser
	for _, n := range []int{0, 1, 2, 300} {
		p.Init(Request, Options{})
		h, _ := afterHead(t, &p, "GET / HTTP/1.1\r\n"+strings.Repeat("hOst: a\r\n", n)+"\r\n")
		if int(h.HostCount) != min(n, 255) {
			t.Error(n, h.HostCount)
		}
	}
}

// TestManyFields checks that one message with very many fields does not make its
// connection keep their memory.
func TestManyFields(t *testing.T) {
	var p Parser
	p.Init(Request, Options{})
	many := "GET / HTTP/1.1\r\n" + strings.Repeat("a:\r\n", 3000) + "\r\n"
	h, _ := afterHead(t, &p, many)
	if h.Len() != 3000 {
		t.Error(h.Len())
	}
	if cap(p.fields) > keptFields*recordSize {
		t.Error(cap(p.fields))
	}
	expect(t, &p, nil, End, "", 0)
	expect(t, &p, []byte(many), HeadDone, "", len(many)) // and not taken
	expect(t, &p, nil, End, "", 0)
	if h, _ = afterHead(t, &p, "GET / HTTP/1.1\r\nA: b\r\n\r\n"); h.Len() != 1 || cap(p.fields) > keptFields*recordSize {
		t.Error(h.Len(), cap(p.fields))
	}
}

func TestAllocations(t *testing.T) {
	data := []byte(browserRequest)
	response := []byte("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX-T: u\r\n\r\n")
	var p, r Parser
	p.Init(Request, Options{})
	r.Init(Response, Options{})
	p.Next(data)
	p.SkipEnd()
	var h Head
	for _, c := range []struct {
		name string
		want float64
		f    func()
	}{
		{"parse", 0, func() { p.Next(data); p.SkipEnd() }},
		{"parse and take", 1, func() { p.Next(data); h = Head{}; p.TakeHead(data, &h); p.SkipEnd() }},
		{"lookup", 0, func() { h.Find("COOKIE", 0); h.Find("X-Not-There-And-Longer-Than-32-Characters", 0); h.LowerName(0) }},
		{"response", 0, func() {
			for b := response; len(b) > 0; {
				_, _, n := r.Next(b)
				b = b[n:]
			}
		}},
	} {
		if got := testing.AllocsPerRun(100, c.f); got != c.want {
			t.Errorf("%s: %v allocations, not %v", c.name, got, c.want)
		}
	}
	if r.Err() != nil {
		t.Error(r.Err())
	}
}
