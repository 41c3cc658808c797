package http1

import "testing"

// browserRequest is a request as a browser sends it: 703 bytes, 9 fields.
const browserRequest = "GET /articles/2024/05/a-walk-along-the-river?page=2&sort=newest HTTP/1.1\r\n" +
	"Host: www.example.com\r\n" +
	"User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:126.0) Gecko/20100101 Firefox/126.0\r\n" +
	"Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8\r\n" +
	"Accept-Language: en-GB,en;q=0.7,de;q=0.3\r\n" +
	"Accept-Encoding: gzip, deflate, br\r\n" +
	"Referer: https://www.example.com/articles/2024/05/?page=1&sort=newest\r\n" +
	"Connection: keep-alive\r\n" +
	"Cookie: session=7f3c9b0e4d1a48b6a2c5e8f0b1d2c3a4; theme=dark; consent=necessary%2Cstatistics; " +
	"visitor=1716200000.1716286400.12; _tz=Europe%2FBerlin; list=1a2b.3c4d.5e6f.7081; ref=newsletter-may; basket=9e8d7c6b5a4f3021d0\r\n" +
	"Upgrade-Insecure-Requests: 1\r\n\r\n"

func BenchmarkParseRequest(b *testing.B) {
	data := []byte(browserRequest)
	var p Parser
	p.Init(Request, Options{})
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if ev, _, n := p.Next(data); ev != HeadDone || n != len(data) {
			b.Fatal(ev, n, p.Err())
		}
		if ev, _, _ := p.Next(nil); ev != End {
			b.Fatal(ev)
		}
	}
}

func BenchmarkTakeHead(b *testing.B) {
	data := []byte(browserRequest)
	var p Parser
	p.Init(Request, Options{})
	p.Next(data)
	b.ReportAllocs()
	for b.Loop() {
		var h Head
		p.TakeHead(data, &h)
	}
}
