//go:build interop

package interop

// Our end of the conversations, as a client; testdata/client.js is the other.

import (
	"fmt"
	"io"
	"strconv"
	"sync"

	"nodehttp/generated/http"
)

// ourClient holds conversations with the server on a port.
type ourClient struct {
	port int
	log  *transcripts
}

// act replaces what an exchange does by default: End, and the body's sum.
type act struct {
	request  func(req *http.ClientRequest)
	response func(res *http.IncomingMessage, req *http.ClientRequest)
}

// exchange makes a request, logs its events and calls back when it is over.
func (c *ourClient) exchange(name, path string, o http.RequestOptions, a act, done func()) {
	log := func(parts ...any) { c.log.log(name, parts...) }
	o.Host, o.Port, o.Path = "127.0.0.1", c.port, "/"+path
	req := http.RequestWith(o)
	open := 1
	closed := func() {
		if open--; open == 0 {
			done()
		}
	}
	req.OnFinish(func() { log("req finish") })
	req.OnContinue(func() { log("continue") })
	req.OnInformation(func(info http.InformationEvent) {
		log("information", info.StatusCode, info.StatusMessage, info.HTTPVersion)
		c.log.logHeaders(name, "information header", info.RawHeaders)
	})
	req.OnError(func(err error) { log("req error", describe(err)) })
	req.OnAbort(func() { log("req abort") })
	req.OnClose(func() {
		log("req close", fmt.Sprint("reused=", req.ReusedSocket()), fmt.Sprint("finished=", req.WritableFinished()))
		closed()
	})
	req.OnResponse(func(res *http.IncomingMessage) {
		open++
		log("response", res.StatusCode(), res.StatusMessage(), res.HTTPVersion())
		c.log.logHeaders(name, "header", res.RawHeaders())
		res.OnAborted(func() { log("res aborted") })
		res.OnError(func(err error) { log("res error", describe(err)) })
		res.OnEnd(func() {
			log("res end", fmt.Sprint("complete=", res.Complete()))
			c.log.logHeaders(name, "trailer", res.RawTrailers())
		})
		res.OnClose(func() {
			log("res close", fmt.Sprint("complete=", res.Complete()), fmt.Sprint("aborted=", res.Aborted()))
			closed()
		})
		if a.response != nil {
			a.response(res, req)
		} else {
			digest(res, func(sum string) { log("body", sum) })
		}
	})
	if a.request != nil {
		a.request(req)
	} else {
		req.End()
	}
}

// tunnel asks for the connection itself, and talks and ends on it.
func (c *ourClient) tunnel(name string, o http.RequestOptions, done func()) {
	log := func(parts ...any) { c.log.log(name, parts...) }
	o.Host, o.Port = "127.0.0.1", c.port
	req := http.RequestWith(o)
	req.OnResponse(func(res *http.IncomingMessage) { log("response", res.StatusCode()) })
	req.OnClose(func() { log("req close") })
	talk := func(res *http.IncomingMessage, socket *http.Socket, head []byte) {
		log(name, res.StatusCode(), res.StatusMessage())
		c.log.logHeaders(name, "header", res.RawHeaders())
		got := string(head)
		sent := false
		look := func(chunk []byte) {
			switch got += string(chunk); {
			case got == "hello" && !sent:
				sent = true
				socket.WriteString("ping")
				socket.WriteString("?")
			case got == "hellopong!":
				socket.End()
			}
		}
		socket.OnData(look)
		look(nil)
		socket.OnError(func(err error) { log("socket error", describe(err)) })
		socket.OnEnd(func() { log("socket end", got) })
		socket.OnClose(func(hadError bool) {
			log("socket close", hadError)
			done()
		})
	}
	if name == "connect" {
		req.OnConnect(talk)
	} else {
		req.OnUpgrade(talk)
	}
	req.End()
}

// converse holds a conversation. The end of its transcript says when it is over.
func (c *ourClient) converse(name string) {
	agent := http.NewAgent(http.AgentOptions{KeepAlive: true, MaxSockets: 1})
	done := func() {
		agent.Destroy()
		c.log.log(name, end)
	}
	o, a := http.RequestOptions{Agent: agent}, act{}
	switch name {
	case "close":
		closing := http.NewAgent(http.AgentOptions{})
		c.exchange(name, "get", http.RequestOptions{Agent: closing}, act{}, func() {
			c.exchange(name, "empty", http.RequestOptions{NoAgent: true}, act{}, done)
		})
		return
	case "upgrade":
		o.Path, o.Headers = "/upgrade", http.Headers{{"Connection", "Upgrade"}, {"Upgrade", "echo"}}
		c.tunnel(name, o, done)
		return
	case "connect":
		o.Path, o.Method = "example.test:1", "CONNECT"
		c.tunnel(name, o, done)
		return
	case "crowd":
		c.crowd(name, done)
		return
	case "head", "headend", "headwrite":
		o.Method = "HEAD"
	case "duplicates":
		o.Headers = http.Headers{{"X-List", "a"}, {"X-List", "b"}, {"Cookie", "x=1; y=2"}, {"X-Latin", "caf\xe9"}, {"From", "me"}, {"X-Empty", ""}}
	case "post":
		o.Method, o.Headers = "POST", http.Headers{{"Content-Length", "5"}}
		a.request = func(req *http.ClientRequest) { req.EndString("12345") }
	case "ignored":
		o.Method = "POST"
		a.request = func(req *http.ClientRequest) { req.EndString("12345") }
	case "trailers":
		o.Method, o.Headers = "POST", http.Headers{{"Trailer", "X-Check"}}
		a.request = func(req *http.ClientRequest) {
			req.WriteString("some")
			req.WriteString("thing")
			req.AddTrailers(http.Headers{{"X-Check", "yes"}})
			req.End()
		}
	case "proceed":
		o.Method, o.Headers = "POST", http.Headers{{"Expect", "100-continue"}, {"Content-Length", "5"}}
		a.request = func(req *http.ClientRequest) { req.OnContinue(func() { req.EndString("12345") }) }
	case "refuse":
		o.Method, o.Headers = "POST", http.Headers{{"Expect", "100-continue"}, {"Content-Length", "5"}}
		a.request = func(*http.ClientRequest) {} // Expect sends the head
		a.response = func(res *http.IncomingMessage, req *http.ClientRequest) {
			digest(res, func(sum string) {
				c.log.log(name, "body", sum)
				req.Destroy() // not before: what is told then depends on packets
			})
		}
	case "binary":
		o.Method = "PUT"
		a.request = func(req *http.ClientRequest) {
			for piece := range pieces(200000) {
				req.WriteChunk(piece)
			}
			req.End()
		}
	case "uploadabort":
		o.Method, o.Headers = "POST", http.Headers{{"Content-Length", "1000000"}}
		a.request = func(req *http.ClientRequest) { req.WriteChunk([]byte("start")) }
		a.response = func(res *http.IncomingMessage, req *http.ClientRequest) {
			res.OnceData(func([]byte) { req.Destroy() })
		}
	case "vanish":
		o.Method, o.Headers = "POST", http.Headers{{"Expect", "100-continue"}, {"Content-Length", "1000000"}}
		a.request = func(req *http.ClientRequest) {
			req.OnContinue(func() { req.WriteChunk([]byte("start"), func(error) { req.Destroy() }) })
		}
	case "cancel":
		o.Path = "endless"
		a.response = func(res *http.IncomingMessage, req *http.ClientRequest) {
			res.OnceData(func([]byte) { req.Destroy() })
		}
	case "cancelerror":
		o.Path = "endless"
		a.response = func(res *http.IncomingMessage, req *http.ClientRequest) {
			res.OnceData(func([]byte) { req.Destroy(&http.Error{Code: "EX", Message: "x"}) })
		}
	case "abort":
		o.Path = "endless"
		a.response = func(res *http.IncomingMessage, req *http.ClientRequest) {
			res.OnceData(func([]byte) { req.Abort() })
		}
	case "endlesserror":
		o.Path = "endless"
		a.response = func(res *http.IncomingMessage, req *http.ClientRequest) {
			res.OnceData(func([]byte) { res.Destroy(&http.Error{Code: "EX", Message: "x"}) })
		}
	case "endless":
		a.response = func(res *http.IncomingMessage, req *http.ClientRequest) {
			res.OnceData(func([]byte) { res.Destroy() })
		}
	}
	path := name
	if o.Path != "" {
		path = o.Path
	}
	c.exchange(name, path, o, a, func() {
		c.exchange(name, "get", http.RequestOptions{Agent: agent}, act{}, done)
	})
}

// crowd has 8 connections share 400 requests.
func (c *ourClient) crowd(name string, done func()) {
	const requests = 400
	agent := http.NewAgent(http.AgentOptions{KeepAlive: true, MaxSockets: 8})
	var mu sync.Mutex // guards what follows: the connections have a strand each
	sockets := map[*http.Socket]bool{}
	open := requests
	for i := range requests {
		path := "/small?" + strconv.Itoa(i)
		req := http.GetWith(http.RequestOptions{Host: "127.0.0.1", Port: c.port, Path: path, Agent: agent})
		req.OnError(func(err error) { c.log.log(name, "req error", describe(err)) })
		req.OnResponse(func(res *http.IncomingMessage) {
			var body []byte
			res.OnData(func(chunk []byte) { body = append(body, chunk...) })
			res.OnEnd(func() {
				if string(body) != "small "+path {
					c.log.log(name, "wrong body", string(body))
				}
				mu.Lock()
				sockets[res.Socket()] = true
				open--
				last := open == 0
				mu.Unlock()
				if last {
					c.log.log(name, "sockets", len(sockets))
					agent.Destroy()
					done()
				}
			})
		})
	}
}

// The ways in which our client handles a stream.
const (
	pulled  = "pull" // it reads and writes, and waits
	pushed  = "push" // by events
	halting = "halt" // by events, and it pauses after each piece
)

// stream moves length bytes in one direction or both and returns the sum that
// the receiving end saw.
func (c *ourClient) stream(way, kind string, length int64) (string, error) {
	o := http.RequestOptions{Host: "127.0.0.1", Port: c.port, NoAgent: true, Path: "/" + kind}
	if kind == "down" {
		o.Path += "?" + strconv.FormatInt(length, 10)
	} else {
		o.Method = "POST"
	}
	req := http.RequestWith(o)
	type outcome struct {
		sum string
		err error
	}
	result := make(chan outcome, 2)
	req.OnError(func(err error) { result <- outcome{err: err} })
	req.OnResponse(func(res *http.IncomingMessage) {
		res.OnError(func(err error) { result <- outcome{err: err} })
		switch {
		case kind == "up":
			go func() {
				b, err := io.ReadAll(res)
				result <- outcome{string(b), err}
			}()
		case way == pushed:
			digest(res, func(sum string) { result <- outcome{sum: sum} })
		case way == halting:
			res.OnData(func([]byte) {
				res.Pause()
				go res.Resume()
			})
			digest(res, func(sum string) { result <- outcome{sum: sum} })
		default:
			go func() {
				s := newSum()
				_, err := io.Copy(s, res)
				result <- outcome{s.String(), err}
			}()
		}
	})
	switch {
	case kind == "down":
		req.End()
	case way != pulled:
		req.OnSocket(func(*http.Socket) { flow(req.Outgoing(), length) })
	default:
		if _, err := io.Copy(req, pattern(length)); err != nil {
			return "", err
		}
		if err := req.End(); err != nil {
			return "", err
		}
	}
	first := <-result
	return first.sum, first.err
}
