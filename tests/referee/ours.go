package main

// A scenario on nodehttp: the script's globals, and the end of a run.

import (
	"errors"
	"fmt"
	"math"
	"net"
	"os"
	"path/filepath"
	goruntime "runtime"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/dop251/goja/ast"

	"nodehttp/core"
	"nodehttp/runtime"
	"nodehttp/runtime/socket"
	"nodehttp/tests/leak"
)

// subject is one run of a scenario on our runtime.
type subject struct {
	*stage
	mu      sync.Mutex // guards what follows
	servers []*runtime.Server
	agents  []*runtime.Agent

	directories []string                          // for sockets
	promised    map[*runtime.IncomingMessage]bool // which of them have something to read
}

// current is the subject to whose log errors without a listener go.
var current atomic.Pointer[subject]

func init() {
	core.OnUncaughtError(func(err error) {
		s := current.Load()
		var p *core.PanicError
		var t thrown
		switch {
		case s == nil:
		case errors.As(err, &p) && !errors.As(err, &t):
			s.add(failed + err.Error())
		default:
			s.add("uncaught " + s.fault(err))
		}
	})
}

// runOurs runs a scenario on our runtime. Runs must not overlap.
func runOurs(v version, sc *scenario) (outcome, error) {
	defer alone()()
	before := leak.Goroutines()
	s := &subject{stage: newStage(v), promised: map[*runtime.IncomingMessage]bool{}}
	current.Store(s)
	defer current.Store(nil)
	program, err := parse(sc.path, sc.source)
	if err != nil {
		return outcome{}, err
	}
	if err := s.play(program); err != nil {
		return outcome{}, fmt.Errorf("%s: %w", sc.path, err)
	}
	late := pause(patience, s.done)
	s.finish(before)
	o := s.outcome()
	if line := o.failure(); line != "" {
		return o, fmt.Errorf("%s: %s", sc.path, line)
	}
	if late {
		return o, fmt.Errorf("%s: done() was not called within %v:\n\t%s", sc.path, patience, o)
	}
	return o, nil
}

// alone gives the process one processor and no collector of garbage, until its
// result is called. A listener then runs to its end before what it has brought
// about is seen, as a Node's does: a goroutine that another makes ready waits
// until that one waits.
func alone() (restore func()) {
	processors, percent := goruntime.GOMAXPROCS(1), debug.SetGCPercent(-1)
	return func() {
		debug.SetGCPercent(percent)
		goruntime.GOMAXPROCS(processors)
	}
}

// finish has everybody leave, and waits until what that brings about is over:
// until no goroutine is left that the run has started.
func (s *subject) finish(before map[string]string) {
	s.mu.Lock()
	servers, agents, directories := s.servers, s.agents, s.directories
	s.mu.Unlock()
	for _, server := range servers {
		if server.Listening() {
			server.Close()
		}
	}
	s.leave()
	for waited := time.Duration(0); anyBut(before) && waited < grace; waited += step / 5 {
		time.Sleep(step / 5)
	}
	for _, server := range servers {
		server.CloseAllConnections()
	}
	for _, agent := range agents {
		agent.Destroy()
	}
	for _, directory := range directories {
		os.RemoveAll(directory)
	}
}

// anyBut reports whether there are goroutines but those of before. Counting them does
// not do: one of before may end meanwhile, such as a timer's.
func anyBut(before map[string]string) bool {
	for number := range leak.Goroutines() {
		if _, ok := before[number]; !ok {
			return true
		}
	}
	return false
}

// scriptError is an error that a script makes.
type scriptError struct{ message string }

func (e *scriptError) Error() string { return e.message }

// fault is what is logged of an error.
func (s *subject) fault(err error) string {
	var e *core.Error
	var own *scriptError
	switch {
	case errors.As(err, &own):
		return "Error"
	case !errors.As(err, &e):
		return "Error: " + err.Error()
	}
	if strings.HasPrefix(e.Code, "ERR_") && !s.version.coded || e.Code == "" {
		return e.Kind
	}
	return e.Code
}

// show makes a line's part of a value.
func (s *subject) show(value any) string {
	switch v := value.(type) {
	case string:
		return quote(v)
	case []byte:
		return quote(latin1(v))
	case *list:
		return "[" + strings.Join(s.showAll(v.all()), ", ") + "]"
	case *object:
		keys, values := v.all()
		parts := s.showAll(values)
		for i, key := range keys {
			parts[i] = key + ": " + parts[i]
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case host:
		return "object"
	case callable:
		return "function"
	case error:
		return s.fault(v)
	}
	return text(value)
}

func (s *subject) showAll(values []any) []string {
	parts := make([]string, len(values))
	for i, v := range values {
		parts[i] = s.show(v)
	}
	return parts
}

func (s *subject) line(label string, values []any) {
	s.add(strings.Join(append([]string{label}, s.showAll(values)...), " "))
}

// play runs the script to its last line. Nothing that it makes has an answer
// before, as in a Node, where nothing happens until a script has run.
func (s *subject) play(program *ast.Program) (err error) {
	defer close(s.ready)
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%v", p)
		}
	}()
	interpret(program, s.globals())
	return nil
}

// globals are those that the package's documentation describes.
func (s *subject) globals() map[string]any {
	return map[string]any{
		"http":            &module{s},
		"net":             sockets(),
		"Infinity":        math.Inf(1),
		"Object":          objects(),
		"Error":           callable(func(a ...any) any { return &scriptError{text(arg(a, 0))} }),
		"serve":           callable(s.serve),
		"unixPath":        callable(func(...any) any { return s.unixPath() }),
		"agentWith":       callable(func(a ...any) any { return s.newAgent(a[0], a[1].(*object)) }),
		"Map":             callable(func(a ...any) any { return a[0] }), // its pairs, as headers reads them
		"AbortController": callable(func(...any) any { return newAbortController() }),
		"dial":            callable(func(a ...any) any { go s.dial(int(number(a[0])), meet(a[1])); return undefined{} }),
		"answer":          callable(func(a ...any) any { port := s.answer(meet(a[0])); invoke(a, 1, float64(port)); return undefined{} }),
		"talk":            callable(s.talk),
		"relay": callable(func(a ...any) any {
			port := s.relay(int(number(a[0])))
			invoke(a, 1, float64(port))
			return undefined{}
		}),
		"log": callable(func(a ...any) any { s.line(text(a[0]), a[1:]); return undefined{} }),
		"note": callable(func(a ...any) any {
			return callable(func(values ...any) any { s.line(text(a[0]), values); return undefined{} })
		}),
		"attempt": callable(s.attempt),
		"watch":   callable(s.watch),
		"states":  callable(s.states),
		"after": callable(func(a ...any) any {
			go func() {
				pause(milliseconds(a[0]), nil)
				invoke(a, 1)
			}()
			return undefined{}
		}),
		"count": callable(func(a ...any) any {
			var n atomic.Int64
			n.Store(int64(number(a[0])))
			return callable(func(...any) any {
				if n.Add(-1) == 0 {
					invoke(a, 1)
				}
				return undefined{}
			})
		}),
		"pools":  callable(s.pools),
		"repeat": callable(func(a ...any) any { return strings.Repeat(text(a[0]), int(number(a[1]))) }),
		"bytes":  callable(func(a ...any) any { return bytesOf(text(a[0])) }),
		"textOf": callable(func(a ...any) any { return latin1(a[0].([]byte)) }),
		"done":   callable(func(...any) any { s.end(); return undefined{} }),
	}
}

// unixPath is a path in a directory of its own, which goes with the run.
func (s *subject) unixPath() string {
	directory, err := os.MkdirTemp("", "referee")
	if err != nil {
		panic(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.directories = append(s.directories, directory)
	return filepath.Join(directory, "sock")
}

// objects is Object, as far as it goes.
func objects() *object {
	o := newObject()
	o.set("keys", callable(func(a ...any) any {
		l := newList()
		keys, _ := a[0].(*object).all()
		for _, key := range keys {
			l.items = append(l.items, key)
		}
		return l
	}))
	return o
}

func (s *subject) serve(a ...any) any {
	uses.member(a[0].(*server), "listen")
	server := a[0].(*server).Server
	s.mu.Lock()
	s.servers = append(s.servers, server)
	s.mu.Unlock()
	where := socket.ListenOptions{Host: "127.0.0.1"}
	if options, ok := arg(a, 2).(*object); ok {
		where = listenOptions(options)
	}
	if where.IPv6Only && where.Port == 0 {
		where.Port = freeIPv4Port()
	}
	// A scenario may listen for 'error', which is emitted as well.
	_ = server.ListenWith(where, func() {
		address, ok := server.Address().(*net.TCPAddr)
		if !ok {
			invoke(a, 1)
			return
		}
		s.port(address.Port)
		invoke(a, 1, float64(address.Port))
	})
	return undefined{}
}

// freeIPv4Port returns a port that nobody listens at. The system's choice for IPv6
// alone may be one that another process listens at with IPv4.
func freeIPv4Port() int {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

func (s *subject) talk(a ...any) any {
	return s.serve(a[0], callable(func(port ...any) any {
		go s.dial(int(number(port[0])), func(_ int, p *peer) {
			p.write(text(a[1]))
			if f, ok := arg(a, 2).(callable); ok {
				f(&peerHost{p})
			} else {
				p.closed(func(string) { s.end() })
			}
		})
		return undefined{}
	}))
}

func (s *subject) attempt(a ...any) any {
	defer func() {
		if p := recover(); p != nil {
			t, ok := p.(thrown)
			if !ok {
				panic(p)
			}
			s.add(text(a[0]) + " throws " + s.fault(t.err))
		}
	}()
	value := call(a[1], "attempt", nil)
	s.line(text(a[0]), []any{value})
	return undefined{}
}

func (s *subject) watch(a ...any) any {
	emitter, label := a[0].(emitter), text(a[1])
	for _, event := range strings.Fields(text(a[2])) {
		attach(emitter, event, false, func(args ...any) any {
			if event == "data" {
				s.addPiece(label+" data", latin1(args[0].([]byte)))
				return undefined{}
			}
			s.line(label+" "+event, s.values(args))
			return undefined{}
		})
	}
	return undefined{}
}

func (s *subject) pools(a ...any) any {
	line := []any{}
	for _, pool := range []string{"requests", "sockets", "freeSockets"} {
		counts := newList()
		names, origins := property(a[1], pool).(*object).all()
		for i, origin := range origins {
			n := text(property(origin, "length"))
			switch {
			case n == "0":
			case truth(arg(a, 2)):
				counts.items = append(counts.items, names[i]+" "+n)
			default:
				counts.items = append(counts.items, number(n))
			}
		}
		line = append(line, counts)
	}
	s.line(text(a[0]), line)
	return undefined{}
}

// invoke calls an argument that is a function, if there is one.
func invoke(args []any, i int, values ...any) {
	if i < len(args) {
		if f, ok := args[i].(callable); ok {
			f(values...)
		}
	}
}

// meet calls a script's function with a peer.
func meet(f any) func(int, *peer) {
	return func(_ int, p *peer) { call(f, "peer", []any{&peerHost{p}}) }
}

func milliseconds(value any) time.Duration {
	return time.Duration(number(value) * float64(time.Millisecond))
}

// peerHost is a peer in a script.
type peerHost struct{ *peer }

func (p *peerHost) identity() any   { return p.peer }
func (p *peerHost) set(string, any) {}

func (p *peerHost) get(name string) any {
	return method(func(a ...any) {
		switch name {
		case "write":
			p.write(text(a[0]))
		case "end":
			p.end()
		case "reset":
			p.reset()
		case "destroy":
			p.destroy()
		case "stop":
			p.stop(true)
		case "read":
			p.stop(false)
		case "until":
			p.until(text(a[0]), func() { invoke(a, 1) })
		case "closed":
			p.closed(func(how string) { invoke(a, 0, how) })
		default:
			panic(fmt.Errorf("a peer has no %s", name))
		}
	})
}

// method makes a function without a result.
func method(f func(a ...any)) callable {
	return func(a ...any) any { f(a...); return undefined{} }
}
