package http1

import "testing"

func TestSmoke(t *testing.T) {
	in := "\r\nPOST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nX-Odd:  v \r\n\r\n3;a=\"b c\"\r\nabc\r\n0\r\nT: u\r\n\r\nGET / HTTP/1.1\r\n\r\n"
	for _, step := range []int{1, 2, 3, 1000} {
		var p Parser
		p.Init(Request, Options{})
		var buf []byte
		rest := in
		for {
			ev, chunk, n := p.Next(buf)
			switch ev {
			case HeadDone:
				var h Head
				p.TakeHead(buf, &h)
				t.Logf("%+v", h)
			case End:
				var h Head
				p.TakeTrailers(buf, &h)
				t.Logf("END %+v", h)
			case Failed:
				t.Fatal(p.Err())
			case Body:
				t.Logf("BODY %q", chunk)
			}
			buf = buf[n:]
			if ev == NeedMore {
				if rest == "" {
					break
				}
				k := min(step, len(rest))
				buf = append(buf, rest[:k]...)
				rest = rest[k:]
			}
		}
		if p.Finish() != NeedMore {
			t.Fatal("finish")
		}
	}
}

func TestBrowserRequest(t *testing.T) {
	if len(browserRequest) != 703 {
		t.Fatal(len(browserRequest))
	}
}
