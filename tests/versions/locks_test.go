package versions

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"net"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"nodehttp/core"
	"nodehttp/generated/profile"
	"nodehttp/runtime"
	"nodehttp/runtime/socket"
	"nodehttp/tests/leak"
)

// The rule that this file holds everything to: no listener and no callback runs within
// a call, so that the caller may hold any lock. Every method of every class is called,
// found by reflection, in all that an exchange goes through, while the caller holds a
// lock that each listener, callback and function of the options takes. A member that
// comes later is tested with the rest, or fails for want of an argument.

// attention says which listeners there are.
type attention int

const (
	unheard attention = iota
	heard             // all but the bodies
	flowing           // all
)

// world is an exchange between a server and a client.
type world struct {
	t       *testing.T
	profile *profile.Profile
	listens attention
	held    sync.Mutex // by who calls; each listener takes it

	server   *runtime.Server
	agent    *runtime.Agent
	released chan struct{} // closed when connections may be opened
	arrived  chan arrival

	// The objects to call, by their names, and how to have something run in a listener
	// of the same connection, where that is possible.
	objects map[string]any
	inside  map[string]func(f func())
	ends    []func()
}

type arrival struct {
	req *runtime.IncomingMessage
	res *runtime.ServerResponse
}

func newWorld(t *testing.T, p *profile.Profile, listens attention) *world {
	w := &world{
		t: t, profile: p, listens: listens, released: make(chan struct{}), arrived: make(chan arrival, 4),
		objects: map[string]any{}, inside: map[string]func(func()){},
	}
	w.server = runtime.NewServer(p, runtime.ServerOptions{}, func(req *runtime.IncomingMessage, res *runtime.ServerResponse) {
		w.arrived <- arrival{req, res}
	})
	w.agent = w.newAgent(0)
	w.objects["server"] = w.server
	w.objects["agent"] = w.agent
	return w
}

// newAgent makes an agent whose functions take the lock.
func (w *world) newAgent(sockets int) *runtime.Agent {
	a := runtime.NewAgent(w.profile, runtime.AgentOptions{
		KeepAlive: true, MaxSockets: sockets,
		CreateConnection: func(_ context.Context, o socket.ConnectOptions) (net.Conn, error) {
			<-w.released
			w.take()
			return net.Dial("tcp", net.JoinHostPort(o.Host, strconv.Itoa(o.Port)))
		},
		KeepSocketAlive: func(*socket.Socket) bool { w.take(); return true },
		ReuseSocket:     func(*socket.Socket, *runtime.ClientRequest) { w.take() },
	})
	w.atEnd(a.Destroy)
	return a
}

// plain has the agent be one without functions: then more is done within a call.
func (w *world) plain(sockets int) {
	w.agent = runtime.NewAgent(w.profile, runtime.AgentOptions{KeepAlive: true, MaxSockets: sockets})
	w.objects["agent"] = w.agent
	w.atEnd(w.agent.Destroy)
}

// take is what each listener does.
func (w *world) take() {
	w.held.Lock()
	defer w.held.Unlock()
}

func (w *world) atEnd(f func()) { w.ends = append(w.ends, f) }

// end ends everything and waits for that.
func (w *world) end() {
	select {
	case <-w.released:
	default:
		close(w.released)
	}
	for _, f := range slices.Backward(w.ends) {
		f()
	}
	closed := make(chan struct{})
	w.server.Close(func(error) { close(closed) })
	w.server.CloseAllConnections()
	within(w.t, closed, "the server to close")
}

func within[T any](t *testing.T, c <-chan T, what string) (v T) {
	t.Helper()
	select {
	case v = <-c:
	case <-time.After(patience):
		t.Fatalf("waited in vain for %s", what)
	}
	return v
}

// listener makes a function of any type that takes the lock.
func (w *world) listener(of reflect.Type) reflect.Value {
	return reflect.MakeFunc(of, func([]reflect.Value) []reflect.Value {
		w.take()
		results := make([]reflect.Value, of.NumOut())
		for i := range results {
			results[i] = reflect.Zero(of.Out(i))
		}
		return results
	})
}

// A method is one of a type's: its name, its number and its type, without the receiver.
type method struct {
	name  string
	index int
	of    reflect.Type
}

// knownMethods has the methods of each type that was looked at: package reflect makes their
// types anew each time.
var knownMethods sync.Map

func methods(v reflect.Value) []method {
	if known, ok := knownMethods.Load(v.Type()); ok {
		return known.([]method)
	}
	var list []method
	for i := range v.NumMethod() {
		list = append(list, method{v.Type().Method(i).Name, i, v.Method(i).Type()})
	}
	knownMethods.Store(v.Type(), list)
	return list
}

// listen adds listeners for all events of an object, if that is asked for.
func (w *world) listen(objects ...any) {
	for _, object := range objects {
		v := reflect.ValueOf(object)
		for _, m := range methods(v) {
			name := m.name
			body := name == "OnData" || name == "OnReadable"
			if strings.HasPrefix(name, "On") && !strings.HasPrefix(name, "Once") &&
				(w.listens == flowing || w.listens == heard && !body) {
				v.Method(m.index).Call([]reflect.Value{w.listener(m.of.In(0))})
			}
		}
	}
}

func (w *world) port() int { return w.server.Address().(*net.TCPAddr).Port }

func (w *world) serve() {
	w.listen(w.server)
	listening := make(chan struct{})
	if err := w.server.ListenWith(socket.ListenOptions{Host: "127.0.0.1"}, func() { close(listening) }); err != nil {
		panic(err)
	}
	within(w.t, listening, "'listening'")
	w.objects["functions"] = functions{w}
	w.inside["server"] = func(f func()) { w.server.OnceListening(f) }
}

// ask makes a request that is not ended, with a piece of its body.
func (w *world) ask(name, method string) *runtime.ClientRequest {
	r := runtime.NewRequest(w.profile, "", runtime.RequestOptions{
		Agent: w.agent, Host: "127.0.0.1", Port: w.port(), Method: method, Path: map[string]string{"CONNECT": "a:1"}[method],
	})
	w.watch(name, r)
	return r
}

func (w *world) watch(name string, r *runtime.ClientRequest) {
	w.objects[name], w.objects[name+".outgoing"] = r, r.Outgoing()
	r.Outgoing().OnError(func(error) {})
	w.listen(r, r.Outgoing())
	w.atEnd(func() { r.Destroy() })
}

// functions are what makes requests.
type functions struct{ w *world }

// Request is NewRequest.
func (f functions) Request(callback ...func(*runtime.IncomingMessage)) {
	f.made(runtime.NewRequest(f.w.profile, "", f.options(), callback...))
}

// RequestWithExpectation is NewRequest of one whose head is sent by that.
func (f functions) RequestWithExpectation(callback ...func(*runtime.IncomingMessage)) {
	o := f.options()
	o.Method, o.Headers = "POST", runtime.Headers{{"Expect", "100-continue"}}
	f.made(runtime.NewRequest(f.w.profile, "", o, callback...))
}

// Get is NewGet.
func (f functions) Get(callback ...func(*runtime.IncomingMessage)) {
	f.made(runtime.NewGet(f.w.profile, "", f.options(), callback...))
}

// GetOfABadHead is NewGet of what cannot be sent.
func (f functions) GetOfABadHead(callback ...func(*runtime.IncomingMessage)) {
	o := f.options()
	o.Headers = runtime.Headers{{"a b", "c"}}
	f.made(runtime.NewGet(f.w.profile, "", o, callback...))
}

// Client makes a request as a client of old versions.
func (f functions) Client() {
	f.made(runtime.NewClient(f.w.profile, f.w.port(), "127.0.0.1").Request("GET", "/"))
}

func (f functions) options() runtime.RequestOptions {
	return runtime.RequestOptions{
		Agent: f.w.agent, Host: "127.0.0.1", Port: f.w.port(), Signal: f.w.t.Context(),
		Lookup: func(_ context.Context, host string) ([]string, error) { f.w.take(); return []string{host}, nil },
	}
}

func (f functions) made(r *runtime.ClientRequest) {
	r.Outgoing().OnError(func(error) { f.w.take() })
	f.w.atEnd(func() { r.Destroy() })
}

// on says where the objects of a connection run their listeners.
func (w *world) on(sock *socket.Socket, names ...string) {
	for _, name := range names {
		w.inside[name] = func(f func()) { sock.OnConnect(f) }
	}
}

// asked has a request of the agent's arrive at the server with a part of its body.
func (w *world) asked() (r *runtime.ClientRequest, got arrival) {
	close(w.released)
	w.serve()
	sockets := make(chan *socket.Socket, 1)
	r = w.ask("request", "POST")
	r.OnSocket(func(s *socket.Socket) { sockets <- s })
	r.Outgoing().WriteChunk([]byte("hello"))
	got = within(w.t, w.arrived, "the request")
	w.arrival("server", got)
	sock := within(w.t, sockets, "'socket'")
	w.listen(sock)
	w.objects["client.socket"] = sock
	w.on(sock, "client.socket", "request", "request.outgoing")
	return r, got
}

func (w *world) arrival(name string, a arrival) {
	w.listen(a.req, a.res.Outgoing(), a.req.Socket())
	w.objects[name+".request"], w.objects[name+".response"] = a.req, a.res
	w.objects[name+".response.outgoing"], w.objects[name+".socket"] = a.res.Outgoing(), a.req.Socket()
	w.on(a.req.Socket(), name+".request", name+".response", name+".response.outgoing", name+".socket")
	w.atEnd(func() { a.req.Socket().Destroy() })
}

// answering is asked with the head and a piece of an answer at the client.
func (w *world) answering() (r *runtime.ClientRequest, got arrival, res *runtime.IncomingMessage) {
	r, got = w.asked()
	got.res.Outgoing().WriteChunk([]byte("hello"))
	res, err := r.Await(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	w.listen(res)
	w.objects["response"] = res
	w.on(res.Socket(), "response")
	return r, got, res
}

// answered is answering when all has been sent and nothing read.
func (w *world) answered() {
	r, got, _ := w.answering()
	r.Outgoing().End()
	got.res.Outgoing().End()
}

// over is answering when all has been sent and read.
func (w *world) over() {
	r, got, res := w.answering()
	closed := make(chan struct{}, 2)
	r.Outgoing().OnClose(func() { closed <- struct{}{} })
	got.res.Outgoing().OnFinish(func() { closed <- struct{}{} })
	r.Outgoing().End()
	got.req.Resume()
	got.res.Outgoing().End()
	res.Resume()
	within(w.t, closed, "the end of the exchange")
	within(w.t, closed, "the end of the exchange")
}

// states are what an exchange goes through.
var states = map[string]func(w *world){
	"new": func(*world) {},
	"failed": func(w *world) {
		w.server.OnError(func(error) {})
		if w.server.Listen(70000) == nil {
			w.t.Error("no error")
		}
		w.listen(w.server)
		w.watch("request", runtime.NewRequest(w.profile, "no URL", runtime.RequestOptions{}))
		w.inside["request"] = func(f func()) { w.objects["request"].(*runtime.ClientRequest).Outgoing().OnError(func(error) { f() }) }
	},
	"connecting": func(w *world) {
		w.agent = w.newAgent(1)
		w.objects["agent"] = w.agent
		w.serve()
		sockets := make(chan *socket.Socket, 1)
		first := w.ask("first", "GET")
		first.OnSocket(func(s *socket.Socket) { sockets <- s })
		w.objects["socket"] = within(w.t, sockets, "'socket'")
		w.ask("queued", "POST").Outgoing().WriteChunk([]byte("hello"))
	},
	"asked":     func(w *world) { w.asked() },
	"answering": func(w *world) { w.answering() },
	"answered":  func(w *world) { w.answered() },
	"over":      func(w *world) { w.over() },
	"over without functions": func(w *world) {
		w.plain(0)
		w.over()
	},
	"answered with another in the queue": func(w *world) {
		w.plain(1)
		w.answered()
		w.listens = flowing // what passes the connection on may have nobody to tell
		w.ask("queued", "GET").Outgoing().End()
	},
	"destroyed": func(w *world) {
		r, got, _ := w.answering()
		closed := make(chan struct{})
		r.Outgoing().OnClose(func() { close(closed) })
		got.req.Socket().Destroy()
		within(w.t, closed, "'close'")
	},
	"closing": func(w *world) {
		w.answering()
		delete(w.objects, "functions")
		w.server.Close()
		delete(w.inside, "server")
	},
	"closed": func(w *world) {
		w.serve()
		delete(w.objects, "functions")
		closed := make(chan struct{})
		w.server.Close(func(error) { close(closed) })
		within(w.t, closed, "'close'")
		w.inside["server"] = func(f func()) { w.server.OnceClose(f) }
	},
	"pipelined": func(w *world) {
		w.serve()
		c, err := net.Dial("tcp", w.server.Address().String())
		if err != nil {
			w.t.Fatal(err)
		}
		w.atEnd(func() { c.Close() })
		get := "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
		io.WriteString(c, get+get+"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhello")
		for _, name := range []string{"first", "second", "third"} {
			w.arrival(name, within(w.t, w.arrived, "a request"))
		}
	},
	"tunnel": func(w *world) {
		close(w.released)
		ours, theirs := make(chan *socket.Socket, 1), make(chan *socket.Socket, 1)
		w.server.OnConnect(func(_ *runtime.IncomingMessage, s *socket.Socket, _ []byte) {
			s.WriteString("HTTP/1.1 200 OK\r\n\r\nhello")
			theirs <- s
		})
		w.serve()
		r := w.ask("request", "CONNECT")
		r.OnConnect(func(_ *runtime.IncomingMessage, s *socket.Socket, _ []byte) {
			s.WriteString("hello")
			ours <- s
		})
		r.Outgoing().End()
		for name, c := range map[string]chan *socket.Socket{"client.socket": ours, "server.socket": theirs} {
			s := within(w.t, c, "the tunnel")
			w.listen(s)
			w.objects[name] = s
			w.on(s, name)
			w.atEnd(func() { s.Destroy() })
		}
		w.on(w.objects["client.socket"].(*socket.Socket), "request", "request.outgoing")
	},
	"socket whose peer has ended": func(w *world) {
		ours, theirs := net.Pipe()
		s := socket.New(ours)
		w.listen(s)
		w.objects["socket"] = s
		w.on(s, "socket")
		w.atEnd(func() { s.Destroy() })
		theirs.Close()
	},
}

// waits are the methods that may wait for the peer.
var waits = []string{"Read", "Chunks", "Write", "WriteString", "ReadFrom", "Hijack", "Await"}

// argument makes an argument of a method.
func (w *world) argument(method string, of reflect.Type) (reflect.Value, bool) {
	var v any
	switch of {
	case reflect.TypeFor[string]():
		switch {
		case method == "ListenPath":
			v = filepath.Join(w.t.TempDir(), "s")
		case strings.HasPrefix(method, "Listen"):
			v = "127.0.0.1"
		default:
			v = "X-A"
		}
	case reflect.TypeFor[int]():
		switch {
		case method == "ListenFD":
			v = -1
		case strings.HasPrefix(method, "Listen"):
			v = 0
		default:
			v = 200
		}
	case reflect.TypeFor[bool]():
		v = true
	case reflect.TypeFor[[]byte]():
		v = []byte("a chunk")
	case reflect.TypeFor[[]string]():
		v = []string{"a", "b"}
	case reflect.TypeFor[time.Duration]():
		v = time.Hour
	case reflect.TypeFor[time.Time]():
		v = time.Now().Add(time.Hour)
	case reflect.TypeFor[core.Instant]():
		v = core.Now()
	case reflect.TypeFor[runtime.Headers]():
		v = runtime.Headers{{"Link", "</a>; rel=preload"}}
	case reflect.TypeFor[core.Encoding]():
		v = core.UTF8
	case reflect.TypeFor[error]():
		v = errors.New("mine")
	case reflect.TypeFor[context.Context]():
		ctx := w.t.Context()
		if method == "Shutdown" { // it waits for what the listeners of the connections need
			var cancel context.CancelFunc
			ctx, cancel = context.WithTimeout(ctx, 20*time.Millisecond)
			w.atEnd(cancel)
		}
		v = ctx
	case reflect.TypeFor[io.Reader]():
		v = strings.NewReader("from a reader")
	case reflect.TypeFor[net.Conn]():
		ours, theirs := net.Pipe()
		w.atEnd(func() { ours.Close() })
		v = theirs
	case reflect.TypeFor[net.Listener]():
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			w.t.Fatal(err)
		}
		w.atEnd(func() { l.Close() })
		v = l
	case reflect.TypeFor[socket.ListenOptions]():
		v = socket.ListenOptions{Host: "127.0.0.1"}
	case reflect.TypeFor[runtime.SecureServerOptions]():
		v = runtime.SecureServerOptions{}
	case reflect.TypeFor[socket.ConnectOptions]():
		v = socket.ConnectOptions{Host: "localhost", Port: 80}
	default:
		if of.Kind() != reflect.Func {
			return reflect.Value{}, false
		}
		return w.listener(of), true
	}
	return reflect.ValueOf(v), true
}

// asks reports whether a method only tells something.
func asks(m reflect.Type) bool {
	return m.NumIn() == 0 && m.NumOut() == 1 && m.Out(0) != reflect.TypeFor[error]() &&
		m.Out(0) != reflect.TypeFor[iter.Seq2[[]byte, error]]() && m.Out(0) != reflect.TypeFor[*socket.Socket]() &&
		m.Out(0) != reflect.TypeFor[*runtime.Server]()
}

// call calls a method of an object, and then all that only tell something, in a
// listener of its connection if that is asked for, with the lock held.
func (w *world) call(object, method string, inside bool) {
	v := reflect.ValueOf(w.objects[object])
	f := v.MethodByName(method)
	var args []reflect.Value
	for i := range f.Type().NumIn() {
		of := f.Type().In(i)
		if f.Type().IsVariadic() && i == f.Type().NumIn()-1 {
			of = of.Elem()
		}
		v, ok := w.argument(method, of)
		if !ok {
			w.t.Fatalf("there is no argument of type %v", of)
		}
		args = append(args, v)
	}
	done := make(chan struct{})
	do := func() {
		defer close(done)
		w.held.Lock()
		defer w.held.Unlock()
		for _, result := range f.Call(args) {
			if chunks, ok := result.Interface().(iter.Seq2[[]byte, error]); ok {
				for range chunks {
				}
			}
		}
		for _, m := range methods(v) {
			if asks(m.of) {
				v.Method(m.index).Call(nil)
			}
		}
	}
	if inside {
		w.inside[object](do)
	} else {
		go do()
	}
	if slices.Contains(waits, method) {
		select {
		case <-done:
		case <-time.After(20 * time.Millisecond):
			for _, o := range w.objects { // nothing waits any longer
				if o, ok := o.(interface{ Destroy(...error) }); ok {
					o.Destroy()
				}
			}
		}
	}
	select {
	case <-done:
	case <-time.After(patience):
		w.t.Fatalf("a listener runs within the call:\n%s", strings.Join(slices.Collect(maps.Values(leak.Goroutines())), "\n\n"))
	}
}

func TestNoListenerRunsWithinACall(t *testing.T) {
	leak.Check(t)
	core.OnUncaughtError(func(error) {})
	t.Cleanup(func() { core.OnUncaughtError(nil) })
	each(t, func(t *testing.T, p *profile.Profile, _ string) {
		for state, bring := range states {
			for _, listens := range []attention{unheard, heard, flowing} {
				if p != profile.V19_0 && (listens != flowing || !thorough) {
					continue // the versions differ in what is told, not in how
				}
				if listens != flowing && !thorough {
					continue // who flows listens to everything
				}
				t.Run(fmt.Sprintf("%s, %v", state, listens), func(t *testing.T) {
					for _, object := range objectsOf(t, p, bring) {
						testCalls(t, p, object, listens, bring)
					}
				})
			}
		}
	})
}

// objectsOf returns the names of the objects that there are in a state.
func objectsOf(t *testing.T, p *profile.Profile, bring func(*world)) []string {
	w := newWorld(t, p, unheard)
	defer w.end()
	bring(w)
	return slices.Sorted(maps.Keys(w.objects))
}

// testCalls calls all methods of an object in a state, each in a world of its own.
func testCalls(t *testing.T, p *profile.Profile, object string, listens attention, bring func(*world)) {
	type call struct {
		method string
		inside bool
	}
	var calls []call
	for i := 0; i < len(calls) || i == 0; i++ {
		w := newWorld(t, p, listens)
		bring(w)
		if i == 0 {
			v := reflect.ValueOf(w.objects[object])
			for _, m := range methods(v) {
				name := m.name
				if asks(m.of) || name == "Await" && w.listens != unheard { // it returns behind the listeners
					continue
				}
				calls = append(calls, call{name, false})
				if w.inside[object] != nil && name != "Await" {
					calls = append(calls, call{name, true})
				}
			}
		}
		c := calls[i]
		ok := t.Run(fmt.Sprintf("%s.%s, in a listener %t", object, c.method, c.inside), func(t *testing.T) {
			w.t = t
			w.call(object, c.method, c.inside)
		})
		if !ok {
			return // what is left behind would only wait, too
		}
		w.t = t
		w.end()
	}
}
