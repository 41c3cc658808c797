package http1

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// This file holds the fuzz targets. The corpus is their seed.

func seed(f *testing.F) {
	for i, g := range corpus {
		for j, c := range g.cases {
			f.Add(c.in, g.role == Response, g.options.Insecure, uint8(0), uint64(i*100+j))
		}
	}
	f.Add(chunkedHead+strings.Repeat("1;e=\"f\"\r\na\r\n", 20)+"0\r\nA: b\r\n\r\n", false, false, uint8(60), uint64(1))
	f.Add("GET /"+strings.Repeat("a", 50)+" HTTP/1.1\r\n"+strings.Repeat("B: c\r\n", 9)+"\r\n", false, false, uint8(120), uint64(2))
}

func fuzzOptions(response, insecure bool, limit uint8) (Role, Options) {
	o := Options{Insecure: insecure, MaxHeaderSize: int(limit), MaxHeaders: int(limit) / 16}
	if response {
		return Response, o
	}
	return Request, o
}

// FuzzSplit checks that the events do not depend on how the bytes are split. The
// tracer checks what must hold for each event.
func FuzzSplit(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, in string, response, insecure bool, limit uint8, random uint64) {
		role, o := fuzzOptions(response, insecure, limit)
		whole := trace(t, role, o, in)
		rng := rand.New(rand.NewPCG(random, 0))
		for _, most := range []int{1, 4, 40} {
			var cuts []int
			for cut := 0; cut < len(in); cut += 1 + rng.IntN(most) {
				cuts = append(cuts, cut)
			}
			if got := trace(t, role, o, in, cuts...); got != whole {
				t.Fatalf("%q\ncut at %v: %s\nwhole: %s", in, cuts, got, whole)
			}
		}
	})
}

// FuzzRoundTrip checks that what was parsed may be written, and is parsed the same
// again.
func FuzzRoundTrip(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, in string, response, insecure bool, limit uint8, random uint64) {
		role, o := fuzzOptions(response, insecure, 0)
		out, log := rewrite(t, role, o, in)
		if again := trace(t, role, o, string(out)); again != log {
			t.Fatalf("%q\nparsed:  %s\nwritten: %q\nparsed:  %s", in, log, out, again)
		}
	})
}

// tabs reports whether there is a tab beside an option of Connection: it matters, and
// is lost with the space around a value.
func tabs(h *Head) bool {
	return (h.Find("connection", 0) >= 0 || h.Find("proxy-connection", 0) >= 0) && strings.Contains(h.Raw(), "\t")
}

// rewrite parses in and writes each complete message of HTTP/1.1 again. The log is
// that of these messages.
func rewrite(t *testing.T, role Role, o Options, in string) (out []byte, log string) {
	tr := &tracer{t: t, buf: []byte(in)}
	tr.p.Init(role, o)
	var entries []string
	var h Head
	var message []byte
	for {
		ev, chunk, n := tr.p.Next(tr.buf)
		switch ev {
		case HeadDone:
			tr.p.TakeHead(tr.buf, &h)
			if h.Minor == 0 || tabs(&h) {
				return out, strings.Join(entries, " | ")
			}
			tr.note(describe(&h))
			message = appendHead(t, nil, &h, o.Insecure)
		case Body:
			tr.body = append(tr.body, chunk...)
			if h.Chunked {
				message = AppendChunkHead(message, len(chunk))
			}
			message = append(message, chunk...)
			if h.Chunked {
				message = append(message, CRLF...)
			}
		case End:
			var trailers Head
			tr.p.TakeTrailers(tr.buf, &trailers)
			tr.note("end" + fieldList(&trailers))
			if h.Chunked && h.HasBody {
				var list [][2]string
				for i := range trailers.Len() {
					list = append(list, [2]string{trailers.Name(i), trailers.Value(i)})
				}
				message = AppendLastChunk(message, list)
			}
			out = append(out, message...)
			entries = append(entries, tr.log...)
			tr.log, message = nil, nil
		case NeedMore:
			if message != nil && tr.p.Finish() == End {
				tr.note("eof end")
				out = append(out, message...)
				entries = append(entries, tr.log...)
			}
			return out, strings.Join(entries, " | ")
		case Failed:
			return out, strings.Join(entries, " | ")
		}
		tr.buf = tr.buf[n:]
	}
}

func appendHead(t *testing.T, dst []byte, h *Head, insecure bool) []byte {
	if h.Method() != "" {
		if !ValidToken(h.Method()) || !ValidTarget(h.Target()) {
			t.Fatalf("accepted %q %q", h.Method(), h.Target())
		}
		dst = AppendRequestLine(dst, h.Method(), h.Target())
	} else {
		if !ValidReason(h.Reason()) {
			t.Fatalf("accepted %q", h.Reason())
		}
		dst = AppendStatusLine(dst, int(h.Status), h.Reason())
	}
	for i := range h.Len() {
		if !insecure && !ValidFieldValue(h.Value(i)) {
			t.Fatalf("accepted %q", h.Value(i))
		}
		dst = AppendField(dst, h.Name(i), h.Value(i))
	}
	return append(dst, CRLF...)
}
