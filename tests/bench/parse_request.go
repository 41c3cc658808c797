package main

import "time"

// parse.request: the head of a GET as a browser sends it, parsed and validated
// again and again from memory. Speed and allocations of one parse.
var parseRequest = figure{
	Name:     "parse.request",
	Unit:     nanosPer,
	AlsoUnit: allocsPer,
	Peers:    []string{"fasthttp", "net/http"},
	Open:     openParser,
}

// browserRequest has 703 bytes, nine header fields and six cookies.
const browserRequest = "GET /articles/2024/reading-list?page=3&sort=newest&utm_source=letter HTTP/1.1\r\n" +
	"Host: www.books-and-more.example\r\n" +
	"User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0\r\n" +
	"Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8\r\n" +
	"Accept-Language: en-GB,en;q=0.7,de;q=0.3\r\n" +
	"Accept-Encoding: gzip, deflate, br, zstd\r\n" +
	"Referer: https://www.books-and-more.example/articles/2024/?page=2\r\n" +
	"Connection: keep-alive\r\n" +
	"Cookie: session=5f1c7e0a94b84d2f8f0e3a6b7c915d42; theme=dark-contrast; visits=1703; last=1718000000.11; consent=necessary.statistics; basket=eyJpdGVtcyI6WzQ3MTEsODE1XSwic2hpcCI6ImRlIiwiZ2lmdCI6dHJ1ZX0aX\r\n" +
	"Upgrade-Insecure-Requests: 1\r\n" +
	"\r\n"

// parsers prepare a parser and return the parse of one browserRequest.
var parsers = map[string]func() (parse func() error){
	"fasthttp": parseFasthttp,
	"net/http": parseNetHTTP,
	"ours":     parseOurs,
}

// playParser is the role of a parser. Its commands are "run" and "mallocs".
func playParser(peer, _ string) error {
	prepare, ok := parsers[peer]
	if !ok {
		return unknownPeer(peer)
	}
	parse := prepare()
	greet("parser")
	return serveCommands(map[string]func([]string) (string, error){
		"run": runCommand(func(d time.Duration) (int, time.Duration, error) {
			return repeat(parse, d)
		}),
		"mallocs": countMallocs,
	})
}

// repeat calls f for d. It looks at the clock rarely.
func repeat(f func() error, d time.Duration) (n int, took time.Duration, err error) {
	const batch = 1000
	start := time.Now()
	for took < d {
		for range batch {
			if err := f(); err != nil {
				return 0, 0, err
			}
		}
		n += batch
		took = time.Since(start)
	}
	return n, took, nil
}

// parseContestant is a parser in a process of its own.
type parseContestant struct {
	parser *child
}

func openParser(peer string) (contestant, error) {
	measured, _ := cores()
	parser, err := startRole(measured, "parser", peer, "")
	if err != nil {
		return nil, err
	}
	return parseContestant{parser}, nil
}

// Measure takes CPU time for the time of a parse: they are the same but for
// what neighbours on the core take away.
func (c parseContestant) Measure(d time.Duration) (sample, error) {
	if _, err := drive(c.parser, c.parser, min(warmUp, d)); err != nil {
		return sample{}, err
	}
	t, mallocs, err := driveAndCount(c.parser, c.parser, d)
	if err != nil {
		return sample{}, err
	}
	return sample{
		Value: float64(t.cpu.Nanoseconds()) / float64(t.operations),
		Also:  mallocs,
		Busy:  t.busy(),
	}, nil
}

func (c parseContestant) Close() { c.parser.close() }
