package behaviour_test

// What a client's program does wrong in its own functions ends one request, with
// its events, and nothing else.

import (
	"context"
	"errors"
	"fmt"
	"net"
	"runtime"
	"strings"
	"sync"
	"testing"

	"nodehttp/core"
	http "nodehttp/generated/http"
)

// ends are the ways in which a function does not return.
var ends = map[string]func(){
	"panic":  func() { panic(errMine) },
	"Goexit": runtime.Goexit,
}

var errMine = errors.New("mine")

// endedBy checks what the hook was called with at one of the ends.
func endedBy(t *testing.T, name string, err error) {
	t.Helper()
	var p *core.PanicError
	if !errors.As(err, &p) || name == "panic" != errors.Is(err, errMine) || name == "Goexit" != strings.Contains(err.Error(), "Goexit") {
		t.Errorf("%s: %v", name, err)
	}
}

func TestListenerThatDoesNotReturn(t *testing.T) {
	const upgrade = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"
	for event, c := range map[string]struct {
		answer, method string
		listen         func(req *http.ClientRequest, end func())
		want           string
	}{
		"information": {"HTTP/1.1 102 Processing\r\n\r\n" + okAnswer, "GET", func(req *http.ClientRequest, end func()) {
			req.OnInformation(func(http.InformationEvent) { end() })
		}, "error close"},
		"continue": {"HTTP/1.1 100 Continue\r\n\r\n" + okAnswer, "GET", func(req *http.ClientRequest, end func()) {
			req.OnContinue(end)
		}, "error close"},
		"upgrade": {upgrade, "GET", func(req *http.ClientRequest, end func()) {
			req.OnUpgrade(func(*http.IncomingMessage, *http.Socket, []byte) { end() })
		}, "close"},
		"connect": {"HTTP/1.1 200 OK\r\n\r\n", "CONNECT", func(req *http.ClientRequest, end func()) {
			req.OnConnect(func(*http.IncomingMessage, *http.Socket, []byte) { end() })
		}, "close"},
	} {
		for name, end := range ends {
			t.Run(event+", "+name, func(t *testing.T) {
				hook := uncaught(t)
				gone := make(chan struct{})
				u := peer(t, func(w *wire) {
					w.head()
					w.send(c.answer)
					w.head()
					close(gone)
				})
				var events trace
				req := http.RequestURLWith(u, alone(http.RequestOptions{Method: c.method}))
				req.OnError(func(err error) {
					endedBy(t, name, err)
					events.add("error")
				})
				req.OnClose(events.on("close"))
				c.listen(req, end)
				req.End()
				endedBy(t, name, wait(t, hook, "the hook"))
				events.expect(t, strings.Fields(c.want)...)
				wait(t, gone, "the connection to go")
			})
		}
	}
}

// A function that is to connect, or to find the host, may do so as well: its place
// in the agent is free again.
func TestConnectThatDoesNotReturn(t *testing.T) {
	for name, end := range ends {
		for _, function := range []string{"CreateConnection", "Lookup"} {
			t.Run(function+", "+name, func(t *testing.T) {
				s := start(t, remote)
				hook := uncaught(t)
				bad := true
				o := http.AgentOptions{MaxTotalSockets: 1}
				if function == "CreateConnection" {
					o.CreateConnection = func(_ context.Context, o http.ConnectOptions) (net.Conn, error) {
						if bad {
							end()
						}
						return net.Dial("tcp", s.Address().String())
					}
				}
				agent := http.NewAgent(o)
				defer agent.Destroy()
				named := strings.Replace(url(s, "/"), "127.0.0.1", "name.test", 1) // addresses are not looked up
				req := http.GetURLWith(named, http.RequestOptions{
					Agent:  agent,
					Lookup: func(context.Context, string) ([]string, error) { end(); return nil, nil },
				})
				closed := make(chan struct{})
				req.OnClose(func() { close(closed) })
				_, err := req.Await(t.Context())
				endedBy(t, name, err)
				endedBy(t, name, wait(t, hook, "the hook"))
				wait(t, closed, "'close'")
				bad = false
				ask(t, agent, url(s, "/"))
			})
		}
	}
}

// Nor do the functions of an agent, or a listener at the end of a request, keep
// the place, or the end of the response.
func TestAgentFunctionsThatDoNotReturn(t *testing.T) {
	for name, end := range ends {
		for _, function := range []string{"KeepSocketAlive", "ReuseSocket", "close"} {
			t.Run(function+", "+name, func(t *testing.T) {
				s := start(t, remote)
				hook := uncaught(t)
				o := http.AgentOptions{KeepAlive: true, MaxTotalSockets: 1}
				switch function {
				case "KeepSocketAlive":
					o.KeepSocketAlive = func(*http.Socket) bool { end(); return true }
				case "ReuseSocket":
					o.ReuseSocket = func(*http.Socket, *http.ClientRequest) { end() }
				}
				agent := http.NewAgent(o)
				defer agent.Destroy()
				ports := make(chan string, 2)
				for i := range 2 {
					if i == 0 && function == "ReuseSocket" { // a Read returns the connection; a listener's end comes before that
						port, _ := ask(t, agent, url(s, "/"))
						ports <- port
						continue
					}
					req := http.RequestURLWith(url(s, "/"), http.RequestOptions{Agent: agent})
					if function == "close" {
						req.OnClose(end)
					}
					closed := make(chan struct{})
					req.OnResponse(func(res *http.IncomingMessage) {
						res.OnClose(func() { close(closed) })
						res.OnData(func(b []byte) { ports <- string(b) })
					})
					req.End()
					wait(t, closed, "the response to close")
					if i == 0 && function == "KeepSocketAlive" { // it is not asked about a connection that a request waits for
						endedBy(t, name, wait(t, hook, "the hook"))
					}
				}
				endedBy(t, name, wait(t, hook, "the hook"))
				if a, b := wait(t, ports, "an answer"), wait(t, ports, "an answer"); a == b {
					t.Errorf("answered twice to %q", a)
				}
			})
		}
	}
}

// Requests that wait while such a function runs get a connection when it has ended.
func TestRequestsThatWaitForAnAgentFunction(t *testing.T) {
	for name, end := range ends {
		for _, function := range []string{"KeepSocketAlive", "ReuseSocket", "CreateConnection"} {
			t.Run(function+", "+name, func(t *testing.T) {
				s := start(t, remote)
				hook := uncaught(t)
				begun, enough := make(chan struct{}), make(chan struct{})
				var once sync.Once
				hang := func() {
					once.Do(func() {
						close(begun)
						<-enough
						end()
					})
				}
				o := http.AgentOptions{KeepAlive: true, MaxSockets: 1}
				switch function {
				case "KeepSocketAlive":
					o.KeepSocketAlive = func(*http.Socket) bool { hang(); return true }
				case "ReuseSocket":
					o.ReuseSocket = func(*http.Socket, *http.ClientRequest) { hang() }
				case "CreateConnection":
					o.CreateConnection = func(context.Context, http.ConnectOptions) (net.Conn, error) {
						hang()
						return net.Dial("tcp", s.Address().String())
					}
				}
				agent := http.NewAgent(o)
				defer agent.Destroy()
				request := func(callback ...func(*http.IncomingMessage)) *http.ClientRequest {
					return http.GetURLWith(url(s, "/"), http.RequestOptions{Agent: agent}, callback...)
				}
				first := make(chan *http.ClientRequest, 1)
				go func() {
					if function == "ReuseSocket" {
						ask(t, agent, url(s, "/"))
					}
					req := request(func(res *http.IncomingMessage) { res.Resume() })
					req.OnError(func(error) {})
					first <- req
				}()
				wait(t, begun, "the function")
				var waiting []*http.ClientRequest
				for range 3 {
					waiting = append(waiting, request())
				}
				close(enough)
				closed := make(chan struct{})
				wait(t, first, "the first request").OnClose(func() { close(closed) })
				for _, req := range waiting {
					res, err := req.Await(t.Context())
					if err != nil {
						t.Fatal(err)
					}
					body(t, res)
				}
				wait(t, closed, "the first request to end")
				endedBy(t, name, wait(t, hook, "the hook"))
			})
		}
	}
}

// Whichever listener does not return, the request and its response close, and the
// listeners after it are called.
func TestEndsBehindAListenerThatDoesNotReturn(t *testing.T) {
	const cutAnswer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\no"
	type listen func(req *http.ClientRequest, res *http.IncomingMessage, end func())
	for event, c := range map[string]struct {
		answer string
		before listen // added to the request at once, else to the response
		behind listen
	}{
		"request socket": {okAnswer, func(req *http.ClientRequest, _ *http.IncomingMessage, end func()) {
			req.OnSocket(func(*http.Socket) { end() })
		}, nil},
		"request finish": {okAnswer, func(req *http.ClientRequest, _ *http.IncomingMessage, end func()) { req.OnFinish(end) }, nil},
		"request error":  {"", func(req *http.ClientRequest, _ *http.IncomingMessage, end func()) { req.OnError(func(error) { end() }) }, nil},
		"request close":  {okAnswer, func(req *http.ClientRequest, _ *http.IncomingMessage, end func()) { req.OnClose(end) }, nil},
		"request response": {okAnswer, func(req *http.ClientRequest, _ *http.IncomingMessage, end func()) {
			req.OnResponse(func(*http.IncomingMessage) { end() })
		}, nil},
		"response data":    {okAnswer, nil, func(_ *http.ClientRequest, res *http.IncomingMessage, end func()) { res.OnData(func([]byte) { end() }) }},
		"response end":     {okAnswer, nil, func(_ *http.ClientRequest, res *http.IncomingMessage, end func()) { res.OnEnd(end) }},
		"response close":   {okAnswer, nil, func(_ *http.ClientRequest, res *http.IncomingMessage, end func()) { res.OnClose(end) }},
		"response aborted": {cutAnswer, nil, func(_ *http.ClientRequest, res *http.IncomingMessage, end func()) { res.OnAborted(end) }},
		"response error":   {cutAnswer, nil, func(_ *http.ClientRequest, res *http.IncomingMessage, end func()) { res.OnError(func(error) { end() }) }},
		"close of a cut":   {cutAnswer, nil, func(_ *http.ClientRequest, res *http.IncomingMessage, end func()) { res.OnClose(end) }},
	} {
		for name, end := range ends {
			for _, kept := range []bool{true, false} {
				t.Run(fmt.Sprintf("%s, %s, kept: %v", event, name, kept), func(t *testing.T) {
					hook := uncaught(t)
					u := peer(t, func(w *wire) {
						w.head()
						w.send(c.answer)
						if c.answer == okAnswer {
							w.head()
						}
					})
					agent := http.NewAgent(http.AgentOptions{KeepAlive: kept})
					defer agent.Destroy()
					closed, resClosed := make(chan struct{}), make(chan struct{})
					answered := make(chan bool, 1)
					go func() { // which a listener may end
						req := http.RequestURLWith(u, http.RequestOptions{Agent: agent})
						defer req.End()
						defer req.OnResponse(func(res *http.IncomingMessage) {
							answered <- true
							defer res.OnData(func([]byte) {})
							defer res.OnClose(func() { close(resClosed) })
							if c.behind != nil {
								c.behind(req, res, end)
							}
						})
						defer req.OnClose(func() { close(closed) })
						if c.before != nil {
							c.before(req, nil, end)
						}
					}()
					endedBy(t, name, wait(t, hook, "the hook"))
					wait(t, closed, "the request to close")
					select {
					case <-answered:
						wait(t, resClosed, "the response to close")
					default:
						if c.behind != nil {
							t.Error("no response")
						}
					}
				})
			}
		}
	}
}

// So it is at the server: a request closes whatever its listeners do.
func TestServersRequestBehindAListenerThatDoesNotReturn(t *testing.T) {
	for event, c := range map[string]struct {
		sent   string
		listen func(req *http.IncomingMessage, res *http.ServerResponse, end func())
	}{
		"end": {getRequest, func(req *http.IncomingMessage, res *http.ServerResponse, end func()) {
			req.OnEnd(end)
			res.End()
		}},
		"finish": {getRequest, func(req *http.IncomingMessage, res *http.ServerResponse, end func()) {
			res.OnFinish(end)
			res.End()
		}},
		"aborted": {getRequest, func(req *http.IncomingMessage, res *http.ServerResponse, end func()) {
			req.OnAborted(end)
			res.Destroy()
		}},
		"aborted body": {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab", func(req *http.IncomingMessage, res *http.ServerResponse, end func()) {
			req.OnAborted(end)
			res.End()
			req.Socket().Destroy()
		}},
		"error": {getRequest, func(req *http.IncomingMessage, res *http.ServerResponse, end func()) {
			req.OnError(func(error) { end() })
			res.Destroy()
		}},
		"response close": {getRequest, func(req *http.IncomingMessage, res *http.ServerResponse, end func()) {
			res.OnClose(end)
			res.Destroy()
		}},
	} {
		for name, end := range ends {
			t.Run(event+", "+name, func(t *testing.T) {
				hook := uncaught(t)
				closed, resClosed := make(chan struct{}), make(chan struct{})
				s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
					c.listen(req, res, end)
					req.OnClose(func() { close(closed) })
					res.OnClose(func() { close(resClosed) })
				})
				w := dial(t, s)
				w.send(c.sent)
				endedBy(t, name, wait(t, hook, "the hook"))
				wait(t, closed, "the request to close")
				wait(t, resClosed, "the response to close")
			})
		}
	}
}
