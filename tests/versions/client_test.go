package versions

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	nethttp "net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nodehttp/core"
	"nodehttp/generated/profile"
	v0_4 "nodehttp/generated/v0_4"
	v0_8 "nodehttp/generated/v0_8"
	v1_6 "nodehttp/generated/v1_6"
	"nodehttp/runtime"
	"nodehttp/runtime/socket"
	"nodehttp/tests/leak"
)

// peer answers each connection with what answer says, and then does as then
// does.
func peer(t *testing.T, answer string, then func(net.Conn)) (port int) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				buffer := make([]byte, 4096)
				if _, err := c.Read(buffer); err == nil {
					io.WriteString(c, answer)
					then(c)
				}
			}()
		}
	}()
	return l.Addr().(*net.TCPAddr).Port
}

// stay keeps a connection until the other side closes it.
func stay(c net.Conn) { io.Copy(io.Discard, c) }

func leave(net.Conn) {}

func code(err error) string {
	var e *core.Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

func TestAMessageThatIsCutOffTellsWhatItsVersionTold(t *testing.T) {
	port := func(t *testing.T) int {
		return peer(t, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi", leave)
	}
	each(t, func(t *testing.T, p *profile.Profile, _ string) {
		var events []string
		closed := make(chan struct{})
		r := runtime.NewRequest(p, "", runtime.RequestOptions{Host: "127.0.0.1", Port: port(t)})
		r.Outgoing().OnClose(func() { events = append(events, "request close") })
		r.OnResponse(func(res *runtime.IncomingMessage) {
			res.OnEnd(func() { events = append(events, "end") })
			res.OnAborted(func() { events = append(events, "aborted") })
			res.OnError(func(err error) { events = append(events, "error "+code(err)) })
			res.OnClose(func() {
				events = append(events, "close")
				close(closed)
			})
			res.Resume()
		})
		r.Outgoing().End()
		receive(t, closed, "'close'")
		want := []string{"request close", "aborted", "end", "close"}
		switch {
		case since(p, profile.V19_0):
			want = []string{"aborted", "request close", "error ECONNRESET", "close"}
		case since(p, profile.V13_14):
			want = []string{"aborted", "request close", "close"}
		}
		if diff := cmp.Diff(want, events); diff != "" {
			t.Error(diff)
		}
	})
}

// A program that reads instead of listening never sees the end of a message that was cut
// off, and one that destroys it sees that it is closed.
func TestAResponseThatIsCutOffIsNotTakenForAWholeOne(t *testing.T) {
	each(t, func(t *testing.T, p *profile.Profile, _ string) {
		for _, destroys := range []bool{false, true} {
			port := peer(t, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi", leave)
			r := runtime.NewGet(p, "", runtime.RequestOptions{Host: "127.0.0.1", Port: port, NoAgent: true})
			res, err := r.Await(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			aborted, closed := make(chan struct{}), make(chan struct{})
			res.OnAborted(func() { close(aborted) })
			res.OnClose(func() { close(closed) })
			receive(t, aborted, "'aborted'")
			if destroys {
				res.Destroy()
			} else if body, err := io.ReadAll(res); string(body) != "hi" || code(err) != "ECONNRESET" || res.Complete() {
				t.Errorf("the body is %q, %v, complete: %t", body, err, res.Complete())
			}
			receive(t, closed, "'close'")
		}
	})
}

func TestBodiesAreFramedAsNodeDid(t *testing.T) {
	each(t, func(t *testing.T, p *profile.Profile, _ string) {
		long := since(p, profile.V1_6)
		s := serve(t, p)
		c := dial(t, s.Server)
		io.WriteString(c, "GET /"+head+"\r\n")
		c.SetDeadline(time.Now().Add(patience))
		answer, err := nethttp.ReadResponse(bufio.NewReader(c), nil)
		if err != nil {
			t.Fatal(err)
		}
		if (answer.ContentLength == 1) != long {
			t.Errorf("Content-Length of the response is %d", answer.ContentLength)
		}
		if body, _ := io.ReadAll(answer.Body); string(body) != "x" {
			t.Errorf("the body is %q", body)
		}
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		r := runtime.NewRequest(p, "", runtime.RequestOptions{Host: "127.0.0.1", Port: l.Addr().(*net.TCPAddr).Port, Method: "POST", NoAgent: true})
		r.Outgoing().OnError(func(error) {})
		r.Outgoing().EndString("hi")
		to, err := l.Accept()
		if err != nil {
			t.Fatal(err)
		}
		defer to.Close()
		to.SetDeadline(time.Now().Add(patience))
		request, err := nethttp.ReadRequest(bufio.NewReader(to))
		if err != nil {
			t.Fatal(err)
		}
		if (request.ContentLength == 2) != long {
			t.Errorf("Content-Length of the request is %d", request.ContentLength)
		}
		if body, _ := io.ReadAll(request.Body); string(body) != "hi" {
			t.Errorf("the body is %q", body)
		}
	})
}

// What a program removes is added by itself all the same, up to v0.8.
func TestRemovedHeadersStayRemovedWhereTheyDid(t *testing.T) {
	each(t, func(t *testing.T, p *profile.Profile, _ string) {
		s := runtime.NewServer(p, runtime.ServerOptions{}, func(req *runtime.IncomingMessage, res *runtime.ServerResponse) {
			for _, name := range []string{"Date", "Connection", "Transfer-Encoding"} {
				res.Outgoing().RemoveHeader(name)
			}
			res.Outgoing().WriteString("x")
			res.Outgoing().End()
		})
		listen(t, s)
		c := dial(t, s)
		c.SetDeadline(time.Now().Add(patience))
		io.WriteString(c, "GET /"+head+"Connection: close\r\n\r\n")
		answer, err := io.ReadAll(c)
		if err != nil {
			t.Fatal(err)
		}
		var want []string
		switch p {
		case profile.V0_4: // which had no Date yet
			want = []string{"Connection", "Transfer-Encoding"}
		case profile.V0_8:
			want = []string{"Date", "Connection", "Transfer-Encoding"}
		}
		fields, _, _ := strings.Cut(string(answer), "\r\n\r\n")
		var got []string
		for _, line := range strings.Split(fields, "\r\n")[1:] {
			name, _, _ := strings.Cut(line, ":")
			got = append(got, name)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}

func TestTheFirstAgentsWereOnePerServer(t *testing.T) {
	leak.Check(t)
	port := peer(t, "", stay)
	agent := v0_4.GetAgent("127.0.0.1", port)
	if agent != v0_4.GetAgent("127.0.0.1", port) || agent == v0_4.GetAgent("127.0.0.1", port+1) {
		t.Error("GetAgent does not return one agent for each server")
	}
	var requests []*v0_4.ClientRequest
	for range 7 {
		r := v0_4.RequestWith(v0_4.RequestOptions{Host: "127.0.0.1", Port: port})
		r.OnError(func(error) {})
		requests = append(requests, r)
	}
	if n, m := len(agent.Sockets()), len(agent.Queue()); n != 5 || m != 2 {
		t.Errorf("%d sockets and %d requests in the queue, want 5 and 2", n, m)
	}
	if agent.Queue()[0] != requests[5] {
		t.Error("the queue does not begin with the oldest request")
	}
	for _, r := range requests {
		r.Abort()
	}
}

func TestAnAgentOfItsTimeOpensFiveSockets(t *testing.T) {
	leak.Check(t)
	port := peer(t, "", stay)
	agent := v0_8.NewAgent(v0_8.AgentOptions{})
	if n := agent.MaxSockets(); n != 5 {
		t.Errorf("MaxSockets is %d", n)
	}
	var requests []*v0_8.ClientRequest
	for range 6 {
		r := v0_8.RequestWith(v0_8.RequestOptions{Agent: agent, Host: "127.0.0.1", Port: port})
		r.OnError(func(error) {})
		requests = append(requests, r)
	}
	var open, waiting int
	for _, list := range agent.Sockets() {
		open += len(list)
	}
	for _, list := range agent.Requests() {
		waiting += len(list)
	}
	name := "127.0.0.1:" + strconv.Itoa(port)
	if len(agent.Sockets()[name]) != 5 || len(agent.Requests()[name]) != 1 {
		t.Errorf("sockets are under %v, want %s", agent.Sockets(), name)
	}
	if open != 5 || waiting != 1 {
		t.Errorf("%d sockets and %d requests wait, want 5 and 1", open, waiting)
	}
	for _, r := range requests {
		r.Abort()
	}
}

// The agent's listener comes after the request has been sent, as in the
// document's example.
func TestTheFirstAgentsToldUpgrades(t *testing.T) {
	leak.Check(t)
	port := peer(t, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\nhi", stay)
	request := v0_4.RequestWith(v0_4.RequestOptions{
		Host: "127.0.0.1", Port: port, Headers: v0_4.Headers{{"Connection", "Upgrade"}, {"Upgrade", "x"}},
	})
	request.End()
	heads := make(chan string, 1)
	v0_4.GetAgent("127.0.0.1", port).OnUpgrade(func(response *v0_4.ClientResponse, socket *v0_4.Socket, head []byte) {
		heads <- string(head)
		socket.Destroy()
	})
	if head := receive(t, heads, "'upgrade'"); head != "hi" {
		t.Errorf("head is %q", head)
	}
}

func TestTheFirstAgentsToldContinue(t *testing.T) {
	leak.Check(t)
	port := peer(t, "HTTP/1.1 100 Continue\r\n\r\n", stay)
	told := make(chan struct{}, 2)
	v0_4.GetAgent("127.0.0.1", port).OnceContinue(func() { told <- struct{}{} })
	request := v0_4.RequestWith(v0_4.RequestOptions{
		Host: "127.0.0.1", Port: port, Method: "POST", Headers: v0_4.Headers{{"Expect", "100-continue"}},
	})
	request.OnError(func(error) {})
	request.OnContinue(func() { told <- struct{}{} })
	receive(t, told, "'continue'")
	receive(t, told, "'continue' of the other")
	request.Abort()
}

func TestCloseOfTheFirstRequestsToldWhy(t *testing.T) {
	for want, leaves := range map[string]bool{"aborted": true, "timeout": false} {
		t.Run(want, func(t *testing.T) {
			leak.Check(t)
			codes, arrived := make(chan string, 1), make(chan struct{})
			server := v0_4.CreateServer(func(request *v0_4.ServerRequest, response *v0_4.ServerResponse) {
				request.OnClose(func(err error) { codes <- code(err) })
				if !leaves {
					(*socket.Socket)(request.Connection()).SetTimeout(50 * time.Millisecond)
				}
				close(arrived)
			})
			listen(t, (*runtime.Server)(server))
			c := dial(t, (*runtime.Server)(server))
			io.WriteString(c, "GET /"+head+"\r\n")
			receive(t, arrived, "the request")
			if leaves {
				c.Close()
			}
			if got := receive(t, codes, "'close'"); got != want {
				t.Errorf("the code is %q", got)
			}
		})
	}
}

func TestOldServersGiveUpOnSilenceByThemselves(t *testing.T) {
	each(t, func(t *testing.T, p *profile.Profile, _ string) {
		want := 2 * time.Minute
		if since(p, profile.V13_14) {
			want = 0
		}
		s := runtime.NewServer(p, runtime.ServerOptions{})
		timeouts := make(chan time.Duration, 1)
		s.OnConnection(func(socket *socket.Socket) { timeouts <- socket.Timeout() })
		listen(t, s)
		dial(t, s)
		if got := receive(t, timeouts, "the connection"); got != want {
			t.Errorf("the timeout is %s, want %s", got, want)
		}
	})
}

// Up to v0.8 a body flows without a listener and is lost.
func TestBodiesFlowAtOnceWhereTheyDid(t *testing.T) {
	each(t, func(t *testing.T, p *profile.Profile, _ string) {
		port := peer(t, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", stay)
		ended := make(chan struct{})
		r := runtime.NewGet(p, "", runtime.RequestOptions{Host: "127.0.0.1", Port: port, NoAgent: true}, func(res *runtime.IncomingMessage) {
			res.OnEnd(func() { close(ended) })
		})
		r.Outgoing().OnError(func(error) {})
		select {
		case <-ended:
			if !p.FlowsAtOnce {
				t.Error("the body was let pass")
			}
		case <-time.After(quiet):
			if p.FlowsAtOnce {
				receive(t, ended, "'end'")
			}
		}
		r.Destroy()
	})
}

func TestAwaitKeepsTheBodyInEveryVersion(t *testing.T) {
	each(t, func(t *testing.T, p *profile.Profile, _ string) {
		port := peer(t, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", stay)
		r := runtime.NewGet(p, "", runtime.RequestOptions{Host: "127.0.0.1", Port: port, NoAgent: true})
		res, err := r.Await(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if body, err := io.ReadAll(res); string(body) != "hi" || err != nil {
			t.Errorf("the body is %q, %v", body, err)
		}
	})
}

func TestSetEncodingKeepsCharactersWhole(t *testing.T) {
	leak.Check(t)
	text := "aé€😀z"
	chunks := ""
	for _, b := range []byte(text) {
		chunks += "1\r\n" + string([]byte{b}) + "\r\n"
	}
	for encoding, want := range map[v0_8.Encoding]string{v0_8.UTF8: text, v0_8.Hex: "61c3a9e282acf09f98807a"} {
		port := peer(t, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"+chunks+"0\r\n\r\n", stay)
		got := make(chan string, 1)
		v0_8.GetWith(v0_8.RequestOptions{Host: "127.0.0.1", Port: port, NoAgent: true}, func(response *v0_8.ClientResponse) {
			var pieces []string
			response.SetEncoding(encoding)
			response.OnData(func(chunk []byte) {
				if s := string(chunk); strings.ToValidUTF8(s, "") != s {
					t.Errorf("%q is cut within a character", s)
				}
				pieces = append(pieces, string(chunk))
			})
			response.OnEnd(func() { got <- strings.Join(pieces, "") })
		})
		if text := receive(t, got, "'end'"); text != want {
			t.Errorf("%v: %q, want %q", encoding, text, want)
		}
	}
}

func TestAgentRemoveLeavesTheRequestAlone(t *testing.T) {
	leak.Check(t)
	answer := make(chan struct{})
	port := peer(t, "", func(c net.Conn) {
		<-answer
		io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")
		stay(c)
	})
	agent := v1_6.NewAgent(v1_6.AgentOptions{KeepAlive: true, MaxSockets: 1})
	done := make(chan struct{})
	request := v1_6.GetWith(v1_6.RequestOptions{Agent: agent, Host: "127.0.0.1", Port: port}, func(response *v1_6.IncomingMessage) {
		response.Resume()
		response.OnEnd(func() { close(done) })
	})
	sockets := make(chan *v1_6.Socket, 1)
	request.OnSocket(func(socket *v1_6.Socket) { sockets <- socket })
	socket := receive(t, sockets, "'socket'")
	closed := make(chan struct{})
	socket.OnClose(func(bool) { close(closed) })
	socket.EmitAgentRemove()
	if n := len(agent.Sockets()); n != 0 {
		t.Errorf("the agent has %d sockets", n)
	}
	close(answer)
	receive(t, done, "'end'")
	receive(t, closed, "the socket to close: nobody keeps it")
	if n := len(agent.FreeSockets()); n != 0 {
		t.Errorf("the agent has kept %d sockets", n)
	}
}

func TestClientsOfTheFirstVersions(t *testing.T) {
	leak.Check(t)
	server := v0_8.CreateServer(func(request *v0_8.ServerRequest, response *v0_8.ServerResponse) {
		response.EndString(request.Method() + " " + request.URL() + " " + request.Header("x-test"))
	})
	listen(t, (*runtime.Server)(server))
	client := v0_8.CreateClient(server.Address().(*net.TCPAddr).Port, "127.0.0.1")
	request := client.Request("PUT", "/a", v0_8.Headers{{"X-Test", "b"}})
	request.End()
	response, err := request.Await(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if body, _ := io.ReadAll(response); string(body) != "PUT /a b" {
		t.Errorf("the answer is %q", body)
	}
}

func TestAClientHasOneConnection(t *testing.T) {
	leak.Check(t)
	arrived, release := make(chan struct{}, 3), make(chan struct{})
	server := v0_8.CreateServer(func(request *v0_8.ServerRequest, response *v0_8.ServerResponse) {
		arrived <- struct{}{}
		<-release
		response.End()
	})
	listen(t, (*runtime.Server)(server))
	connections := make(chan struct{}, 3)
	server.OnConnection(func(*v0_8.Socket) { connections <- struct{}{} })
	client := v0_8.CreateClient(server.Address().(*net.TCPAddr).Port, "127.0.0.1")
	done := make(chan struct{}, 3)
	for range 3 {
		request := client.Request("GET", "/")
		request.OnResponse(func(response *v0_8.ClientResponse) { response.OnEnd(func() { done <- struct{}{} }) })
		request.End()
	}
	receive(t, arrived, "a request")
	select {
	case <-arrived:
		t.Error("a second request has come before the answer to the first")
	case <-time.After(quiet):
	}
	close(release)
	for range 3 {
		receive(t, done, "an answer")
	}
	if n := len(connections); n != 1 {
		t.Errorf("%d connections", n)
	}
}

func TestResponsesSayHowLongTheyKeepAConnectionAsNodeDid(t *testing.T) {
	each(t, func(t *testing.T, p *profile.Profile, _ string) {
		s := serve(t, p)
		c := dial(t, s.Server)
		c.SetDeadline(time.Now().Add(patience))
		io.WriteString(c, "GET /"+head+"\r\n")
		answer, err := nethttp.ReadResponse(bufio.NewReader(c), nil)
		if err != nil {
			t.Fatal(err)
		}
		if field := answer.Header.Get("Keep-Alive"); (field != "") != since(p, profile.V19_0) {
			t.Errorf("Keep-Alive is %q", field)
		}
	})
}

func TestTheFirstResponsesHadNoDate(t *testing.T) {
	each(t, func(t *testing.T, p *profile.Profile, version string) {
		s := serve(t, p)
		c := dial(t, s.Server)
		io.WriteString(c, "GET / HTTP/1.0\r\nHost: a\r\n\r\n")
		answer, _ := io.ReadAll(c)
		if has := strings.Contains(string(answer), "\r\nDate: "); has == (p == profile.V0_4) {
			t.Errorf("the answer is %q", answer)
		}
	})
}

// An answer that only offers an upgrade was one, up to v1.6.
func TestUpgradesNeedTheirStatusWhereTheyDid(t *testing.T) {
	each(t, func(t *testing.T, p *profile.Profile, _ string) {
		port := peer(t, "HTTP/1.1 200 OK\r\nConnection: Upgrade\r\nUpgrade: x\r\nContent-Length: 2\r\n\r\nhi", stay)
		seen := make(chan string, 1)
		r := runtime.NewGet(p, "", runtime.RequestOptions{Host: "127.0.0.1", Port: port, NoAgent: true}, func(res *runtime.IncomingMessage) {
			body, _ := io.ReadAll(res)
			seen <- "response " + string(body)
		})
		r.OnUpgrade(func(res *runtime.IncomingMessage, socket *socket.Socket, head []byte) {
			// What comes behind the head may come later.
			rest, _ := io.ReadAll(io.LimitReader(socket, int64(2-len(head))))
			seen <- "upgrade " + string(head) + string(rest)
			socket.Destroy()
		})
		want := "upgrade hi"
		if since(p, profile.V13_14) {
			want = "response hi"
		}
		if got := receive(t, seen, "the answer"); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	})
}

// In the first agents requests ask for their connection to be kept only if the program
// says so, then always, and from v1.6 on if the agent could use it again.
func TestRequestsOfferTheirConnectionAsNodeDid(t *testing.T) {
	type options = runtime.RequestOptions
	each(t, func(t *testing.T, p *profile.Profile, _ string) {
		limited := runtime.NewAgent(p, runtime.AgentOptions{MaxSockets: 5})
		unlimited := runtime.NewAgent(p, runtime.AgentOptions{MaxSockets: runtime.Infinity})
		for name, test := range map[string]struct {
			options options
			keeps   bool
		}{
			"none":      {options{NoAgent: true}, false},
			"standard":  {options{}, p == profile.V0_8 || since(p, profile.V19_0)},
			"limited":   {options{Agent: limited}, p != profile.V0_4},
			"unlimited": {options{Agent: unlimited}, p == profile.V0_8},
			"told":      {options{NoAgent: true, Headers: runtime.Headers{{"Connection", "keep-alive"}}}, true},
		} {
			heads := make(chan string, 1)
			s := runtime.NewServer(p, runtime.ServerOptions{}, func(req *runtime.IncomingMessage, res *runtime.ServerResponse) {
				heads <- req.Header("connection")
				res.Outgoing().End()
			})
			listen(t, s)
			closed := make(chan struct{})
			o := test.options
			o.Host, o.Port = "127.0.0.1", s.Address().(*net.TCPAddr).Port
			r := runtime.NewGet(p, "", o, func(res *runtime.IncomingMessage) { res.Resume() })
			r.Outgoing().OnClose(func() { close(closed) })
			want := "close"
			if test.keeps {
				want = "keep-alive"
			}
			if got := receive(t, heads, "the request"); got != want {
				t.Errorf("agent %s: Connection is %q, want %q", name, got, want)
			}
			receive(t, closed, "the exchange to end")
		}
	})
}

func TestABodyThatIsPausedCanBeReadLater(t *testing.T) {
	each(t, func(t *testing.T, p *profile.Profile, _ string) {
		s := runtime.NewServer(p, runtime.ServerOptions{}, func(req *runtime.IncomingMessage, res *runtime.ServerResponse) {
			req.Pause()
			go func() {
				body, _ := io.ReadAll(req)
				res.Outgoing().EndString("got " + string(body))
			}()
		})
		listen(t, s)
		got := speak(t, s, "POST / HTTP/1.0\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi", seen{Closed: true})
		if got.Body != "got hi" {
			t.Errorf("%+v", got)
		}
	})
}

// Consuming a message does not destroy it, up to v13.14.
func TestAMessageThatWasConsumedIsDestroyedWhereItWas(t *testing.T) {
	each(t, func(t *testing.T, p *profile.Profile, _ string) {
		port := peer(t, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", stay)
		ended := make(chan *runtime.IncomingMessage, 1)
		closed := make(chan struct{})
		r := runtime.NewGet(p, "", runtime.RequestOptions{Host: "127.0.0.1", Port: port, NoAgent: true}, func(res *runtime.IncomingMessage) {
			res.OnEnd(func() { ended <- res })
			res.Resume()
		})
		r.Outgoing().OnClose(func() { close(closed) })
		res := receive(t, ended, "'end'")
		receive(t, closed, "'close'")
		if got := res.Destroyed(); got != since(p, profile.V19_0) {
			t.Errorf("destroyed is %t", got)
		}
		res.Destroy()
		if !res.Destroyed() {
			t.Error("destroyed is false after Destroy")
		}
	})
}

// What a request without a body sends for it, by method and version.
func TestRequestsWithoutABodySayWhatTheirNodeDid(t *testing.T) {
	lacking := map[*profile.Profile]string{profile.V0_4: "DELETE OPTIONS TRACE", profile.V0_8: "DELETE OPTIONS TRACE", profile.V1_6: "TRACE"}
	each(t, func(t *testing.T, p *profile.Profile, _ string) {
		heads := make(chan string, 1)
		s := runtime.NewServer(p, runtime.ServerOptions{}, func(req *runtime.IncomingMessage, res *runtime.ServerResponse) {
			heads <- req.Header("content-length") + req.Header("transfer-encoding")
			res.Outgoing().End()
		})
		listen(t, s)
		for _, method := range []string{"GET", "HEAD", "DELETE", "OPTIONS", "TRACE", "POST", "PUT"} {
			r := runtime.NewRequest(p, "", runtime.RequestOptions{Host: "127.0.0.1", Port: s.Address().(*net.TCPAddr).Port, Method: method, NoAgent: true}, func(res *runtime.IncomingMessage) { res.Resume() })
			r.Outgoing().End()
			got, want := receive(t, heads, "the request"), ""
			if method[0] == 'P' || strings.Contains(lacking[p], method) {
				if want = "chunked"; p.ImpliedLength {
					want = "0"
				}
			}
			if got != want {
				t.Errorf("%s: %q, want %q", method, got, want)
			}
			closed := make(chan struct{})
			r.Outgoing().OnClose(func() { close(closed) })
			receive(t, closed, "'close'")
		}
	})
}

// The credentials of a URL, and several cookies, as each version sends them.
func TestCredentialsAndCookiesAsNodeSentThem(t *testing.T) {
	each(t, func(t *testing.T, p *profile.Profile, _ string) {
		type seen struct {
			auth    string
			cookies int
		}
		heads := make(chan seen, 1)
		s := runtime.NewServer(p, runtime.ServerOptions{}, func(req *runtime.IncomingMessage, res *runtime.ServerResponse) {
			var got seen
			for _, h := range req.RawHeaders() {
				if h[0] == "Cookie" {
					got.cookies++
				}
			}
			got.auth = req.Header("authorization")
			heads <- got
			res.Outgoing().End()
		})
		listen(t, s)
		r := runtime.NewRequest(p, "http://us%40er:p%3Aw@"+s.Address().String()+"/", runtime.RequestOptions{NoAgent: true}, func(res *runtime.IncomingMessage) { res.Resume() })
		r.Outgoing().SetHeaderValues("Cookie", []string{"a=1", "b=2"})
		closed := make(chan struct{})
		r.Outgoing().OnClose(func() { close(closed) })
		r.Outgoing().End()
		want := seen{"Basic dXNAZXI6cDp3", 1}
		if p == profile.V13_14 {
			want.auth = "Basic dXMlNDBlcjpwJTNBdw=="
		}
		if !since(p, profile.V13_14) {
			want.cookies = 2
		}
		if got := receive(t, heads, "the request"); got != want {
			t.Errorf("%+v, want %+v", got, want)
		}
		receive(t, closed, "'close'")
	})
}
