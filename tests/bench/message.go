package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
)

// This file holds the messages that travel in the server and client figures, and
// the checks that they are what they should be. No I/O.

// body is what every server answers.
const body = "Hello, World!"

// getRequest is the small GET that the load generator sends.
const getRequest = "GET / HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n\r\n"

// constantReply is what the floor and the reply server answer to anything. Its
// header fields are those that Node sends for the same answer, so its size is theirs.
const constantReply = "HTTP/1.1 200 OK\r\n" +
	"Content-Type: text/plain\r\n" +
	"Date: Thu, 01 Jan 1970 00:00:00 GMT\r\n" +
	"Connection: keep-alive\r\n" +
	"Keep-Alive: timeout=5\r\n" +
	"Content-Length: 13\r\n" +
	"\r\n" + body

// headEnd is what ends a head; a request without body ends there too.
const headEnd = "\r\n\r\n"

// errShort is returned by checkResponse for the beginning of a response.
var errShort = errors.New("response is incomplete")

// checkResponse says whether data is exactly one complete response with status
// 200 and the right body. If it is the beginning of one, it returns errShort.
func checkResponse(data []byte) error {
	if !bytes.Contains(data, []byte(headEnd)) {
		return errShort
	}
	r := bufio.NewReader(bytes.NewReader(data))
	res, err := http.ReadResponse(r, nil)
	if err != nil {
		return err
	}
	if res.ContentLength < 0 && len(res.TransferEncoding) == 0 {
		return errors.New("response ends with the connection")
	}
	content, err := io.ReadAll(res.Body)
	if err == io.ErrUnexpectedEOF {
		return errShort
	}
	if err != nil {
		return err
	}
	if err := checkBody(res.StatusCode, content); err != nil {
		return err
	}
	if n := r.Buffered(); n > 0 {
		return fmt.Errorf("%d bytes after the response", n)
	}
	return nil
}

// checkBody says whether a client was given what it asked for.
func checkBody(status int, content []byte) error {
	if err := checkStatus(status); err != nil {
		return err
	}
	if string(content) != body {
		return fmt.Errorf("body is %q", content)
	}
	return nil
}

func checkStatus(status int) error {
	if status != http.StatusOK {
		return fmt.Errorf("status is %d", status)
	}
	return nil
}

// headEnds counts the heads that end in data. matched is how many bytes of
// headEnd the bytes before data ended with; the new value is returned.
func headEnds(data []byte, matched int) (count, now int) {
	for _, b := range data {
		switch b {
		case headEnd[matched]:
			matched++
		case '\r':
			matched = 1
		default:
			matched = 0
		}
		if matched == len(headEnd) {
			count, matched = count+1, 0
		}
	}
	return count, matched
}
