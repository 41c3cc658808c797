package http1_test

import (
	"fmt"

	"nodehttp/runtime/http1"
)

// The bytes of a connection go in, two requests come out.
func ExampleParser() {
	data := []byte("POST /upload HTTP/1.1\r\nHost: example.com\r\nTransfer-Encoding: chunked\r\n\r\n" +
		"5\r\nhello\r\n0\r\nDigest: none\r\n\r\n" +
		"GET / HTTP/1.1\r\nHost: example.com\r\n\r\n")

	var parser http1.Parser
	parser.Init(http1.Request, http1.Options{})
	for {
		event, chunk, n := parser.Next(data)
		switch event {
		case http1.HeadDone:
			var head http1.Head
			parser.TakeHead(data, &head)
			fmt.Println(head.Method(), head.Target(), "of", head.Value(head.Find("host", 0)))
		case http1.Body:
			fmt.Printf("body %q\n", chunk)
		case http1.End:
			var trailers http1.Head
			parser.TakeTrailers(data, &trailers)
			fmt.Println("end with", trailers.Len(), "trailers")
		case http1.NeedMore: // here more would be read from the connection
			return
		case http1.Failed:
			fmt.Println(parser.Err())
			return
		}
		data = data[n:]
	}
	// Output:
	// POST /upload of example.com
	// body "hello"
	// end with 1 trailers
	// GET / of example.com
	// end with 0 trailers
}
