package main

import (
	"fmt"

	"nodehttp/runtime/http1"
)

// parseOurs runs one parser over request after request, as the server does with
// a connection.
func parseOurs() func() error {
	data := []byte(browserRequest)
	var parser http1.Parser
	parser.Init(http1.Request, http1.Options{})
	return func() error {
		rest := data
		for {
			event, _, n := parser.Next(rest)
			rest = rest[n:]
			switch event {
			case http1.End:
				return nil
			case http1.Failed:
				return parser.Err()
			case http1.NeedMore:
				return fmt.Errorf("the parser wants more than %d bytes", len(data))
			}
		}
	}
}
