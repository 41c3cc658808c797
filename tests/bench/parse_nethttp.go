package main

import (
	"bufio"
	"bytes"
	"net/http"
)

func parseNetHTTP() func() error {
	data := []byte(browserRequest)
	source := bytes.NewReader(nil)
	reader := bufio.NewReader(source)
	return func() error {
		source.Reset(data)
		reader.Reset(source)
		_, err := http.ReadRequest(reader)
		return err
	}
}
