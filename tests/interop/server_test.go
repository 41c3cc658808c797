//go:build interop

package interop

// Our end of the conversations, as a server; testdata/server.js is the other.

import (
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"strings"

	"nodehttp/generated/http"
)

// ourServer is a server of the generated package that answers conversations.
type ourServer struct {
	*http.Server
	log *transcripts
}

func newOurServer() *ourServer {
	s := &ourServer{log: newTranscripts()}
	s.Server = http.CreateServer(s.answer)
	s.OnCheckContinue(s.answer)
	s.OnUpgrade(func(req *http.IncomingMessage, socket *http.Socket, head []byte) {
		s.tunnel("upgrade", req, socket, head)
		socket.WriteString("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\nhello")
	})
	s.OnConnect(func(req *http.IncomingMessage, socket *http.Socket, head []byte) {
		s.tunnel("connect", req, socket, head)
		socket.WriteString("HTTP/1.1 200 Connection Established\r\n\r\nhello")
	})
	if err := s.ListenWith(http.ListenOptions{Host: "127.0.0.1"}); err != nil {
		panic(err)
	}
	return s
}

func (s *ourServer) port() int { return portOf(s.Server) }

func portOf(s *http.Server) int { return s.Address().(*net.TCPAddr).Port }

// unread is the conversation whose request never closes, because its body
// never comes.
const unread = "refuse"

func (s *ourServer) observe(name string, req *http.IncomingMessage, res *http.ServerResponse) {
	log := func(parts ...any) { s.log.log(name, parts...) }
	log("request", req.Method(), req.URL(), req.HTTPVersion())
	s.log.logHeaders(name, "header", req.RawHeaders())
	open := 2
	closed := func() {
		if open--; open == 0 {
			log(end)
		}
	}
	req.OnAborted(func() { log("req aborted") })
	req.OnError(func(err error) { log("req error", describe(err)) })
	req.OnEnd(func() { log("req end", fmt.Sprint("complete=", req.Complete())) })
	req.OnClose(func() {
		log("req close", fmt.Sprint("complete=", req.Complete()), fmt.Sprint("aborted=", req.Aborted()))
		if name != unread {
			closed()
		}
	})
	if name == unread {
		req.Socket().OnClose(func(bool) { closed() })
	}
	res.OnFinish(func() { log("res finish") })
	res.OnError(func(err error) { log("res error", describe(err)) })
	res.OnClose(func() {
		log("res close", fmt.Sprint("finished=", res.WritableFinished()))
		closed()
	})
}

// answerStream answers what keeps no transcript.
func answerStream(req *http.IncomingMessage, res *http.ServerResponse) {
	name, query, _ := strings.Cut(req.URL()[1:], "?")
	switch name {
	case "up":
		digest(req, func(sum string) { endSized(res, sum) })
	case "down":
		n, _ := strconv.ParseInt(query, 10, 64)
		flow(res.Outgoing(), n)
	case "echo":
		go func() {
			io.Copy(res, req)
			res.End()
		}()
	case "small":
		endSized(res, "small "+req.URL())
	}
}

// endSized ends a response with a Content-Length of its own, without which
// Node, and so the library, does not keep a connection of HTTP/1.0.
func endSized(res *http.ServerResponse, body string) {
	res.SetHeader("Content-Length", strconv.Itoa(len(body)))
	res.EndString(body)
}

func (s *ourServer) answer(req *http.IncomingMessage, res *http.ServerResponse) {
	switch name, _, _ := strings.Cut(req.URL()[1:], "?"); name {
	case "up", "down", "echo", "small":
		answerStream(req, res)
	default:
		s.observe(name, req, res)
		s.converse(name, req, res)
	}
}

func (s *ourServer) converse(name string, req *http.IncomingMessage, res *http.ServerResponse) {
	switch name {
	case "get":
		res.SetHeader("Content-Type", "text/plain")
		res.SetHeader("X-CasE-kept", "Yes")
		res.SetHeaderValues("set-cookie", []string{"a=1", "b=2"})
		res.EndString("hello")
	case "write":
		res.WriteString("one")
		res.WriteString("two")
		res.EndString("three")
	case "length":
		res.WriteHeadMessage(200, "Fine", http.Headers{{"Content-Length", "6"}})
		res.WriteString("abc")
		res.EndString("def")
	case "empty":
		res.End()
	case "head":
		res.WriteHead(200, http.Headers{{"Content-Length", "5"}})
		res.EndString("hello")
	case "headend":
		res.EndString("hello")
	case "headwrite":
		res.WriteString("hel")
		res.EndString("lo")
	case "nocontent":
		res.SetStatusCode(204)
		res.EndString("ignored")
	case "notmodified":
		res.WriteHead(304, http.Headers{{"ETag", `"x"`}})
		res.EndString("ignored")
	case "unknown":
		res.WriteHead(299, http.Headers{{"Connection", "close"}})
		res.End()
	case "duplicates":
		var merged []string
		for name, value := range req.Headers().All() {
			if name != "host" {
				merged = append(merged, fmt.Sprintf("%s %q", name, http.Latin1.Decode([]byte(value))))
			}
		}
		slices.Sort(merged)
		for _, line := range merged {
			s.log.log(name, "merged", line)
		}
		res.WriteHead(200, http.Headers{{"X-List", "a"}, {"x-list", "b"}, {"Set-Cookie", "a=1"}, {"Set-Cookie", "b=2"},
			{"ETag", "1"}, {"Etag", "2"}, {"X-Latin", "caf\xe9"}, {"X-Empty", ""}})
		res.EndString("d")
	case "post":
		digest(req, func(sum string) { res.EndString(sum) })
	case "ignored":
		res.EndString("did not read it")
	case "trailers":
		digest(req, func(sum string) {
			s.log.logHeaders(name, "trailer", req.RawTrailers())
			res.WriteHead(200, http.Headers{{"Trailer", "X-Sum, X-Two"}})
			res.WriteString(sum)
			res.AddTrailers(http.Headers{{"X-Sum", "abc"}, {"X-Two", "2"}})
			res.End()
		})
	case "proceed":
		s.log.log(name, "checkContinue")
		res.WriteContinue()
		digest(req, func(sum string) { res.EndString(sum) })
	case "refuse":
		s.log.log(name, "checkContinue")
		res.WriteHead(417, http.Headers{{"Connection", "close"}})
		res.EndString("no")
	case "hints":
		res.WriteProcessing()
		res.WriteEarlyHints(http.Headers{{"link", "</a.css>; rel=preload; as=style"}, {"x-trace", "abc"}})
		res.EndString("final")
	case "binary":
		digest(req, func(sum string) {
			res.SetHeader("X-Sum", sum)
			for piece := range pieces(300000) {
				res.WriteChunk(piece)
			}
			res.End()
		})
	case "uploadabort":
		req.OnceData(func([]byte) {
			res.WriteHead(200)
			res.WriteString("go")
		})
	case "vanish":
		res.WriteContinue()
		req.Resume()
	case "endless":
		more := func() {
			for !res.Destroyed() && res.WriteChunk(block) {
			}
		}
		res.OnDrain(more)
		more()
	case "cutlength":
		res.WriteHead(200, http.Headers{{"Content-Length", "100000"}})
		res.WriteChunk([]byte("part"), func(error) { res.Destroy() })
	case "cutchunked":
		res.WriteChunk([]byte("part"), func(error) { res.Destroy() })
	case "dropreq":
		req.Destroy()
	case "dropreqerror":
		req.Destroy(&http.Error{Code: "EX", Message: "x"})
	case "dropres":
		res.Destroy()
	case "hangup":
		req.Socket().Destroy()
	}
}

func (s *ourServer) tunnel(name string, req *http.IncomingMessage, socket *http.Socket, head []byte) {
	log := func(parts ...any) { s.log.log(name, parts...) }
	log("request", req.Method(), req.URL(), req.HTTPVersion())
	s.log.logHeaders(name, "header", req.RawHeaders())
	got := string(head)
	socket.OnData(func(chunk []byte) {
		if got += string(chunk); strings.HasSuffix(got, "?") {
			log("got", got)
			socket.WriteString("pong!")
			got = ""
		}
	})
	socket.OnError(func(err error) { log("socket error", describe(err)) })
	socket.OnEnd(func() {
		log("socket end")
		socket.EndString("bye")
	})
	socket.OnClose(func(hadError bool) {
		log("socket close", hadError)
		log(end)
	})
}
