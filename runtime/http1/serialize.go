package http1

import "strconv"

// This file writes messages. The functions append to dst and return it, as append
// does, and validate nothing: their arguments have passed the functions of
// validate.go.

// Fixed parts of messages.
const (
	CRLF      = "\r\n"
	LastChunk = "0\r\n\r\n" // ends a chunked body that has no trailers
)

// AppendRequestLine appends "GET / HTTP/1.1\r\n".
func AppendRequestLine(dst []byte, method, target string) []byte {
	dst = append(dst, method...)
	dst = append(dst, ' ')
	dst = append(dst, target...)
	return append(dst, " HTTP/1.1\r\n"...)
}

// AppendStatusLine appends "HTTP/1.1 200 OK\r\n". The reason may be empty.
func AppendStatusLine(dst []byte, status int, reason string) []byte {
	if uint(status) < uint(len(statusLines)) {
		if known := &statusLines[status]; known.line != "" && known.reason == reason {
			return append(dst, known.line...)
		}
	}
	return appendStatusLine(dst, status, reason)
}

func appendStatusLine(dst []byte, status int, reason string) []byte {
	dst = append(dst, "HTTP/1.1 "...)
	dst = strconv.AppendInt(dst, int64(status), 10)
	dst = append(dst, ' ')
	dst = append(dst, reason...)
	return append(dst, CRLF...)
}

// AppendField appends "name: value\r\n".
func AppendField(dst []byte, name, value string) []byte {
	dst = append(dst, name...)
	dst = append(dst, ": "...)
	dst = append(dst, value...)
	return append(dst, CRLF...)
}

// AppendChunkHead appends the line before a chunk of size bytes, "1a2b\r\n". The
// chunk is followed by CRLF. size is positive: 0 would end the body.
func AppendChunkHead(dst []byte, size int) []byte {
	dst = strconv.AppendUint(dst, uint64(size), 16)
	return append(dst, CRLF...)
}

// AppendLastChunk appends what ends a chunked body: the empty chunk and the
// trailers, if any.
func AppendLastChunk(dst []byte, trailers [][2]string) []byte {
	dst = append(dst, "0\r\n"...)
	for _, t := range trailers {
		dst = AppendField(dst, t[0], t[1])
	}
	return append(dst, CRLF...)
}
