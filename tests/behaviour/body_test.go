package behaviour_test

// Bodies of requests, as a listener consumes them: pushed, pulled, in part or
// not at all, and what that means for the connection.

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	http "nodehttp/generated/http"
)

const next = "GET /next HTTP/1.1\r\nHost: a\r\n\r\n"

// A decoder stops reading when it has a value: before the end of the body.
func TestBodyReadInPartDoesNotStallTheConnection(t *testing.T) {
	value := `{"a":1}`
	for name, request := range map[string]string{
		"length":         fmt.Sprintf("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n%s", len(value), value),
		"chunks":         fmt.Sprintf("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n", len(value), value),
		"length, more":   fmt.Sprintf("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n%s%s", len(value)+100_000, value, strings.Repeat(" ", 100_000)),
		"late last byte": fmt.Sprintf("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n%s", len(value)+1, value),
	} {
		t.Run(name, func(t *testing.T) {
			s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
				if req.Method() == "POST" {
					var v struct{ A int }
					if err := json.NewDecoder(req).Decode(&v); err != nil || v.A != 1 {
						t.Error(v, err)
					}
				}
				res.EndString(req.URL())
			})
			w := dial(t, s)
			w.send(request)
			if _, b := w.response(); b != "/" {
				t.Errorf("got %q", b)
			}
			if name == "late last byte" {
				w.send("\n")
			}
			w.send(next)
			if _, b := w.response(); b != "/next" {
				t.Errorf("got %q", b)
			}
		})
	}
}

func TestUnreadBodyIsSkipped(t *testing.T) {
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) { res.EndString(req.URL()) })
	w := dial(t, s)
	big := strings.Repeat("x", 1<<20)
	w.send(fmt.Sprintf("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n", len(big)), big, next)
	for _, want := range []string{"/", "/next"} {
		if _, b := w.response(); b != want {
			t.Errorf("got %q, want %q", b, want)
		}
	}
}

func TestBodyPushed(t *testing.T) {
	const size = 1 << 20
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		n := 0
		req.OnData(func(chunk []byte) { n += len(chunk) })
		req.OnEnd(func() {
			if !req.Complete() {
				t.Error("'end' before the message is complete")
			}
			res.EndString(fmt.Sprint(n))
		})
	})
	w := dial(t, s)
	w.send(fmt.Sprintf("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n", size), strings.Repeat("x", size))
	if _, b := w.response(); b != fmt.Sprint(size) {
		t.Errorf("got %q", b)
	}
}

func TestPauseAndResume(t *testing.T) {
	const pieces, size = 64, 4096
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		var got bytes.Buffer
		paused := false
		req.OnData(func(chunk []byte) {
			if paused {
				t.Error("'data' while paused")
			}
			got.Write(chunk)
			paused = true
			req.Pause()
			if !req.IsPaused() {
				t.Error("not paused")
			}
			go resume(req, &paused)
		})
		req.OnEnd(func() { res.EndString(fmt.Sprint(got.Len())) })
	})
	w := dial(t, s)
	w.send(fmt.Sprintf("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n", pieces*size))
	go func() {
		for range pieces {
			io.WriteString(w.Conn, strings.Repeat("y", size))
		}
	}()
	if _, b := w.response(); b != fmt.Sprint(pieces*size) {
		t.Errorf("got %q", b)
	}
}

// resume clears paused on the connection's strand, by way of a latched event,
// and lets the body flow.
func resume(req *http.IncomingMessage, paused *bool) {
	req.Socket().OnConnect(func() {
		*paused = false
		req.Resume()
	})
}

// The body is read by another goroutine while the listener has returned.
func TestEchoInAnotherGoroutine(t *testing.T) {
	const size = 8 << 20
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		go func() {
			n, err := io.Copy(res, req)
			if n != size || err != nil {
				t.Errorf("copied %d, %v", n, err)
			}
			res.End()
		}()
	})
	echo(t, s, size)
}

func TestEchoInTheListener(t *testing.T) {
	const size = 8 << 20
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		n, err := io.Copy(res, req)
		if n != size || err != nil {
			t.Errorf("copied %d, %v", n, err)
		}
		res.End()
	})
	echo(t, s, size)
}

func TestEchoByDrain(t *testing.T) {
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		req.OnData(func(chunk []byte) {
			if !res.WriteChunk(chunk) {
				req.Pause()
				res.OnceDrain(req.Resume)
			}
		})
		req.OnEnd(func() { res.End() })
	})
	echo(t, s, 8<<20)
}

// A program that reads once for each 'readable' gets all of a body, and its end.
func TestEchoByReadable(t *testing.T) {
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		buffer := make([]byte, 5000)
		req.OnReadable(func() {
			n, err := req.Read(buffer)
			res.Write(buffer[:n])
			if err != nil {
				if err != io.EOF {
					t.Error(err)
				}
				res.End()
			}
		})
	})
	echo(t, s, 8<<20)
}

// A body that the program knows of and does not read does not hold up the next request.
func TestBodyHeardAndUnreadDoesNotStallTheConnection(t *testing.T) {
	const size = 300_000
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		if req.Method() == "GET" {
			res.EndString("next")
			return
		}
		req.OnceReadable(func() { res.EndString("heard") })
	})
	w := dial(t, s)
	w.send(fmt.Sprintf("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n", size), strings.Repeat("a", size), next)
	for _, want := range []string{"heard", "next"} {
		if _, got := w.response(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// echo sends size bytes with the client and compares what comes back.
func echo(t *testing.T, s *http.Server, size int) {
	t.Helper()
	sent := bytes.Repeat([]byte("0123456789abcdef"), size/16)
	req := http.RequestURLWith(url(s, "/"), http.RequestOptions{Method: "POST", NoAgent: true})
	go func() {
		if n, err := io.Copy(req, bytes.NewReader(sent)); n != int64(size) || err != nil {
			t.Errorf("sent %d, %v", n, err)
		}
		req.End()
	}()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	res, err := req.Await(ctx)
	if err != nil {
		t.Fatal(err, "\n", stacks())
	}
	done := make(chan []byte, 1)
	go func() {
		b, err := io.ReadAll(res)
		if err != nil {
			t.Error(err)
		}
		done <- b
	}()
	if got := wait(t, done, "the echo"); !bytes.Equal(got, sent) {
		t.Errorf("got %d bytes that differ", len(got))
	}
}

// A program that reads a body that ends early learns why, in addition to what Node says.
func TestReaderLearnsWhyABodyEnds(t *testing.T) {
	const begun = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n"
	for name, c := range map[string]struct {
		behind string // what the peer sends then, if anything
		end    func(r *http.ClientRequest, res *http.IncomingMessage, cancel func())
		want   error
	}{
		"garbage":           {"zz\r\n", nil, &http.Error{Code: "HPE_INVALID_CHUNK_SIZE"}},
		"signal":            {"", func(_ *http.ClientRequest, _ *http.IncomingMessage, cancel func()) { cancel() }, context.Canceled},
		"request destroyed": {"", func(r *http.ClientRequest, _ *http.IncomingMessage, _ func()) { r.Destroy(errMine) }, errMine},
		"destroyed":         {"", func(_ *http.ClientRequest, res *http.IncomingMessage, _ func()) { res.Destroy(errMine) }, errMine},
		"socket destroyed":  {"", func(r *http.ClientRequest, _ *http.IncomingMessage, _ func()) { r.Socket().Destroy(errMine) }, errMine},
	} {
		for _, early := range []bool{true, false} { // it has failed when it is read
			t.Run(fmt.Sprintf("%s, early: %v", name, early), func(t *testing.T) {
				proceed := make(chan struct{})
				u := peer(t, func(w *wire) {
					w.head()
					w.send(begun)
					<-proceed
					w.send(c.behind)
					w.head()
				})
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				r := http.GetURLWith(u, http.RequestOptions{Signal: ctx})
				closed := make(chan struct{})
				r.OnError(func(error) {})
				r.OnClose(func() { close(closed) })
				res, err := r.Await(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				end := func() {
					close(proceed)
					if c.end != nil {
						c.end(r, res, cancel)
					}
				}
				if early {
					end()
					wait(t, closed, "the request to close")
				} else if _, err := io.ReadFull(res, make([]byte, 1)); err != nil {
					t.Fatal(err)
				} else {
					go end() // meanwhile it is being read
				}
				_, err = io.ReadAll(res)
				if !errors.Is(err, c.want) {
					t.Errorf("read %v", err)
				}
			})
		}
	}
}
