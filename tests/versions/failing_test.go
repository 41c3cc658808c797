package versions

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"maps"
	"net"
	"reflect"
	goruntime "runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"nodehttp/core"
	"nodehttp/generated/profile"
	"nodehttp/runtime"
	"nodehttp/runtime/socket"
	"nodehttp/tests/certs"
	"nodehttp/tests/leak"
)

// fragile is a server and a client of which one kind of listener, callback or function
// of the options does not return.
type fragile struct {
	t     *testing.T
	kind  string
	fail  func()
	armed atomic.Bool
	hit   atomic.Bool
	mu    sync.Mutex      // guards kinds
	kinds map[string]bool // all that there are

	profile *profile.Profile
	server  *runtime.Server
	agent   *runtime.Agent

	authority *certs.Authority

	clientTimeout signal // of the response to /part
}

// signal is something that happens once.
type signal struct {
	context.Context
	cancel func()
}

func newSignal() signal {
	ctx, cancel := context.WithCancel(context.Background())
	return signal{ctx, cancel}
}

// here is where a function of a kind is called.
func (f *fragile) here(kind string) {
	if f.armed.Load() && kind == f.kind {
		f.hit.Store(true)
		f.fail()
	}
}

// piece is what is written again and again until two systems hold no more for a connection.
var piece = make([]byte, 1<<20)

// listen adds a listener to each event of an object.
func (f *fragile) listen(objects ...any) {
	for _, object := range objects {
		v := reflect.ValueOf(object)
		for _, m := range methods(v) {
			name := m.name
			if !strings.HasPrefix(name, "On") || strings.HasPrefix(name, "Once") || name == "OnReadable" {
				continue
			}
			if _, socket := object.(*socket.Socket); socket && name == "OnData" {
				continue // until it is a plain stream
			}
			kind := strings.TrimPrefix(v.Type().String(), "*runtime.") + "." + name
			f.mu.Lock()
			f.kinds[kind] = true
			f.mu.Unlock()
			v.Method(m.index).Call([]reflect.Value{reflect.MakeFunc(m.of.In(0), func([]reflect.Value) []reflect.Value {
				f.here(kind)
				return nil
			})})
		}
	}
}

// request has a request made, and waits until it is closed.
func (f *fragile) request(method, path string, headers ...[2]string) {
	closed := make(chan struct{})
	r := runtime.NewRequest(f.profile, "", runtime.RequestOptions{
		Agent: f.agent, Host: "127.0.0.1", Port: f.server.Address().(*net.TCPAddr).Port,
		Method: method, Path: path, Headers: headers,
		Lookup: func(_ context.Context, host string) ([]string, error) {
			f.here("Lookup")
			return []string{host}, nil
		},
	})
	r.Outgoing().OnError(func(error) {})
	r.Outgoing().OnClose(func() { close(closed) })
	r.OnSocket(func(s *socket.Socket) { f.listen(s) })
	taken := func(_ *runtime.IncomingMessage, s *socket.Socket, _ []byte) {
		f.listen(s)
		s.OnData(func([]byte) { f.here("Socket.OnData") })
		s.OnDrain(func() { s.End(func() { f.here("Socket.End callback") }) })
		for s.WriteChunk(piece, func(error) { f.here("Socket.WriteChunk callback") }) { // until 'drain' is owed
		}
	}
	r.OnConnect(taken)
	r.OnUpgrade(taken)
	r.OnResponse(func(res *runtime.IncomingMessage) {
		f.listen(res)
		res.Resume()
	})
	f.listen(r, r.Outgoing())
	if method == "POST" {
		r.Outgoing().WriteChunk(piece, func(error) { f.here("OutgoingMessage.WriteChunk callback") })
	}
	switch path {
	case "/silent":
		r.Outgoing().SetTimeout(10*time.Millisecond, func() { f.here("OutgoingMessage.SetTimeout callback") })
		r.OnSocket(func(s *socket.Socket) {
			s.OnTimeout(func() { r.Abort() })
			s.OnClose(func(bool) { r.Destroy() })
		})
	case "/part": // the server destroys it
		r.OnResponse(func(res *runtime.IncomingMessage) {
			res.SetTimeout(10*time.Millisecond, func() {
				defer f.clientTimeout.cancel()
				f.here("IncomingMessage.SetTimeout callback")
			})
		})
	}
	end := func() { r.Outgoing().End(func() { f.here("OutgoingMessage.End callback") }) }
	if path == "/large" {
		r.Outgoing().OnDrain(end)
		for r.Outgoing().WriteChunk(piece) { // until 'drain' is owed
		}
	} else {
		end()
	}
	within(f.t, closed, "'close' of "+path)
}

// answer is what the server does, before the listeners that may fail.
func (f *fragile) answer(req *runtime.IncomingMessage, res *runtime.ServerResponse) {
	f.listen(req, res.Outgoing())
	switch req.URL() {
	case "/silent":
		return
	case "/part":
		res.Outgoing().WriteChunk([]byte("a part"))
		gone, serverTimeout := req.Context().Done(), newSignal()
		req.Socket().SetTimeout(20*time.Millisecond, func() {
			defer serverTimeout.cancel()
			f.here("Socket.SetTimeout callback")
		})
		go func() {
			for _, s := range []signal{f.clientTimeout, serverTimeout} {
				select {
				case <-s.Done():
				case <-gone: // one that fails takes its connection along
				}
			}
			res.Destroy(io.ErrUnexpectedEOF)
		}()
		return
	}
	req.Resume()
	res.WriteInformation(104, runtime.Headers{{"Link", "</a>"}}, func() { f.here("ServerResponse.WriteInformation callback") })
	res.WriteContinue()
	res.Outgoing().WriteChunk(piece, func(error) { f.here("OutgoingMessage.WriteChunk callback") })
	req.OnEnd(func() { res.Outgoing().End(func() { f.here("OutgoingMessage.End callback") }) })
}

// run makes every event and callback happen that a test may name.
func (f *fragile) run(p *profile.Profile) {
	f.profile, f.clientTimeout = p, newSignal()
	f.server = runtime.NewServer(p, runtime.ServerOptions{}, f.answer)
	f.server.OnCheckContinue(f.answer)
	f.server.OnCheckExpectation(f.answer)
	f.server.OnConnection(func(s *socket.Socket) { f.listen(s) })
	taken := func(_ *runtime.IncomingMessage, s *socket.Socket, _ []byte) {
		s.WriteString("HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n")
		s.OnEnd(func() { s.End() })
		s.OnData(func([]byte) { f.here("Socket.OnData") })
	}
	f.server.OnConnect(taken)
	f.server.OnUpgrade(taken)
	f.server.OnClientError(func(_ error, s *socket.Socket) { s.Destroy() })
	f.listen(f.server)
	f.agent = runtime.NewAgent(p, runtime.AgentOptions{
		KeepAlive: true,
		CreateConnection: func(_ context.Context, o socket.ConnectOptions) (net.Conn, error) {
			f.here("CreateConnection")
			if _, err := o.Lookup(context.Background(), o.Host); err != nil { // the user's, as dial would call it
				return nil, err
			}
			return net.Dial("tcp", net.JoinHostPort(o.Host, strconv.Itoa(o.Port)))
		},
		KeepSocketAlive: func(*socket.Socket) bool { f.here("KeepSocketAlive"); return true },
		ReuseSocket:     func(*socket.Socket, *runtime.ClientRequest) { f.here("ReuseSocket") },
	})
	f.listen(f.agent)
	f.armed.Store(true)
	if err := f.server.ListenWith(socket.ListenOptions{Host: "127.0.0.1"}, func() { f.here("Listen callback") }); err != nil {
		panic(err)
	}
	if f.server.Listen(70000) == nil { // 'error'
		f.t.Error("no error")
	}
	for range 3 {
		f.request("POST", "/")
	}
	f.request("POST", "/large")
	f.request("GET", "/silent")
	f.request("GET", "/part")
	f.request("POST", "/", [2]string{"Expect", "100-continue"})
	f.request("POST", "/", [2]string{"Expect", "something"})
	f.request("CONNECT", "a:1")
	f.request("GET", "/", [2]string{"Connection", "upgrade"}, [2]string{"Upgrade", "x"})
	f.raw(f.server.Address(), "BAD\r\n\r\n", true)
	f.server.SetMaxRequestsPerSocket(1)
	f.raw(f.server.Address(), "GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", true)
	f.server.SetMaxRequestsPerSocket(0)
	f.server.SetTimeout(10*time.Millisecond, func(s *socket.Socket) {
		defer s.Destroy() // behind it, since run goes on when the connection has ended
		f.here("Server.SetTimeout callback")
	})
	f.raw(f.server.Address(), "GET /silent HTTP/1.1\r\nHost: a\r\n\r\n", false)
	f.server.SetTimeout(0)
	f.survives()
	f.encrypted()
	closed := make(chan struct{})
	f.server.Close(func(error) { f.here("Close callback") }, func(error) { close(closed) })
	f.agent.Destroy()
	f.server.CloseAllConnections()
	within(f.t, closed, "the server to close")
	f.server.Close(func(error) { f.here("Close callback") })
	f.armed.Store(false)
	listening := make(chan struct{})
	if err := f.server.ListenWith(socket.ListenOptions{Host: "127.0.0.1"}, func() { close(listening) }); err != nil {
		panic(err)
	}
	within(f.t, listening, "the server to listen again")
	f.survives()
	again := make(chan struct{})
	f.server.Close(func(error) { close(again) })
	f.agent.Destroy()
	f.server.CloseAllConnections()
	within(f.t, again, "the server to close again")
}

// encrypted has a server of https meet a client that speaks TLS and one that does not.
func (f *fragile) encrypted() {
	pair := f.authority.Sign("127.0.0.1").TLS()
	s, err := runtime.NewSecureServer(f.profile, runtime.SecureServerOptions{TLSOptions: runtime.TLSOptions{TLS: &tls.Config{
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
			f.here("TLS.GetCertificate")
			return &pair, nil
		},
	}}}, func(_ *runtime.IncomingMessage, res *runtime.ServerResponse) { res.Outgoing().End() })
	if err != nil {
		panic(err)
	}
	f.listen(s)
	if err := s.ListenWith(socket.ListenOptions{Host: "127.0.0.1"}); err != nil {
		panic(err)
	}
	f.raw(s.Address(), "GET / HTTP/1.1\r\nHost: a\r\n\r\n", true)
	for range 2 { // the second must be served
		done := make(chan struct{})
		r := runtime.NewSecureGet(f.profile, "https://"+s.Address().String()+"/", runtime.RequestOptions{
			NoAgent: true, TLS: &runtime.TLSOptions{CA: f.authority.PEM},
		})
		r.Outgoing().OnError(func(error) {})
		r.OnResponse(func(res *runtime.IncomingMessage) { res.Resume() })
		r.Outgoing().OnClose(func() { close(done) })
		within(f.t, done, "'close' of a request of https")
	}
	closed := make(chan struct{})
	s.Close(func(error) { close(closed) })
	s.CloseAllConnections()
	within(f.t, closed, "the server of https to close")
}

// raw sends bytes, and ends its half if that is said, and reads until the server ends
// the connection, or for a while.
func (f *fragile) raw(to net.Addr, bytes string, end bool) {
	c, err := net.Dial("tcp", to.String())
	if err != nil {
		f.t.Fatal(err)
	}
	defer c.Close()
	io.WriteString(c, bytes)
	limit := patience // the server has a reason to end it
	if end {
		c.(*net.TCPConn).CloseWrite()
		limit = quiet
	}
	c.SetReadDeadline(time.Now().Add(limit))
	io.Copy(io.Discard, c)
}

// survives checks that the server and the agent serve.
func (f *fragile) survives() {
	armed := f.armed.Swap(false)
	defer f.armed.Store(armed)
	r := runtime.NewGet(f.profile, "http://"+f.server.Address().String()+"/", runtime.RequestOptions{
		Agent: f.agent, Lookup: func(_ context.Context, host string) ([]string, error) { return []string{host}, nil },
	})
	res, err := r.Await(f.t.Context())
	if err != nil {
		f.t.Fatal(err)
	}
	if n, err := io.Copy(io.Discard, res); n != 1<<20 || err != nil {
		f.t.Errorf("got %d bytes, %v", n, err)
	}
}

// TestFunctionsThatDoNotReturn has each kind of listener, callback and function of the
// options panic, and end its goroutine: the server accepts, the agent serves, and nothing
// is left behind.
func TestFunctionsThatDoNotReturn(t *testing.T) {
	core.OnUncaughtError(func(error) {})
	t.Cleanup(func() { core.OnUncaughtError(nil) })
	p := profile.V19_0
	authority := certs.NewAuthority(t)
	all := &fragile{t: t, authority: authority, kinds: map[string]bool{}}
	all.run(p)
	for _, kind := range []string{
		"TLS.GetCertificate", "CreateConnection", "Lookup", "KeepSocketAlive", "ReuseSocket", "Listen callback", "Close callback",
		"OutgoingMessage.End callback", "OutgoingMessage.WriteChunk callback", "ServerResponse.WriteInformation callback",
		"Socket.OnData", "Socket.WriteChunk callback", "Socket.End callback", "OutgoingMessage.SetTimeout callback",
		"IncomingMessage.SetTimeout callback", "Socket.SetTimeout callback", "Server.SetTimeout callback",
	} {
		all.kinds[kind] = true
	}
	delete(all.kinds, "Agent.OnUpgrade") // of requests that have no listener of their own
	for i, kind := range slices.Sorted(maps.Keys(all.kinds)) {
		ways := map[string]func(){"panics": func() { panic(kind) }, "ends its goroutine": goruntime.Goexit}
		if !thorough {
			delete(ways, []string{"panics", "ends its goroutine"}[i%2])
		}
		for how, fail := range ways {
			t.Run(fmt.Sprintf("%s %s", kind, how), func(t *testing.T) {
				leak.Check(t)
				f := &fragile{t: t, authority: authority, kind: kind, fail: fail, kinds: map[string]bool{}}
				f.run(p)
				if !f.hit.Load() {
					t.Error("it was not called")
				}
			})
		}
	}
}
