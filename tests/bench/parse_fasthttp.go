package main

import (
	"bufio"
	"bytes"

	"github.com/valyala/fasthttp"
)

// parseFasthttp reads into one header over and over, as fasthttp's server does
// with a connection. Names are left as they came, which spares it work that ours does not do either.
func parseFasthttp() func() error {
	data := []byte(browserRequest)
	source := bytes.NewReader(nil)
	reader := bufio.NewReader(source)
	var header fasthttp.RequestHeader
	header.DisableNormalizing()
	return func() error {
		source.Reset(data)
		reader.Reset(source)
		return header.Read(reader)
	}
}
