package behaviour_test

// How a program ends: not before every error has been delivered. Each test runs this
// test's own binary as a program of its own, and looks at what it prints.

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	http "nodehttp/generated/http"
	v0_4 "nodehttp/generated/v0_4"
	v0_8 "nodehttp/generated/v0_8"
	v13_14 "nodehttp/generated/v13_14"
	v19_0 "nodehttp/generated/v19_0"
	v1_6 "nodehttp/generated/v1_6"
)

// programKey names the variable that says which of the programs the binary is.
const programKey = "NODEHTTP_TEST_PROGRAM"

func TestMain(m *testing.M) {
	if name := os.Getenv(programKey); name != "" {
		programs[name].main()
		os.Exit(status)
	}
	os.Exit(m.Run())
}

// status is what a program exits with: 1 if Wait has returned an error.
var status int

func ended(err error) {
	if err != nil {
		status = 1
	}
}

// returned checks what a call has returned: an error with a code, or nil if that is "".
func returned(err error, want string) {
	if code(err) != want {
		panic(fmt.Sprint("returned ", err))
	}
}

// A program is what main does, and what it prints on standard error.
type program struct {
	main  func()
	codes []string // of the errors that nobody has heard of
	panic string   // the panic that is told, if there is one
}

// must is for programs, which have no test to fail.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// taken returns a port that is in use.
func taken() int {
	return must(net.Listen("tcp", ":0")).Addr().(*net.TCPAddr).Port
}

// vacant returns a port that refuses connections. A connection goes out from it, so that
// the system gives it to nothing else while the program runs.
func vacant() int {
	l := must(net.Listen("tcp", "127.0.0.1:0"))
	defer l.Close()
	near := must(net.Dial("tcp", l.Addr().String()))
	far := must(l.Accept())
	vacancies.Lock()
	defer vacancies.Unlock()
	vacancies.taken = append(vacancies.taken, near, far)
	return near.LocalAddr().(*net.TCPAddr).Port
}

// vacancies are the connections that vacant has made. The garbage collector would close
// them if nothing referred to them.
var vacancies struct {
	sync.Mutex
	taken []net.Conn
}

// resetting returns the port of a server that reads a request and resets.
func resetting() int {
	l := must(net.Listen("tcp", "127.0.0.1:0"))
	go func() {
		for {
			c := must(l.Accept())
			c.Read(make([]byte, 4096))
			c.(*net.TCPConn).SetLinger(0)
			c.Close()
		}
	}()
	return l.Addr().(*net.TCPAddr).Port
}

// serving returns the port of a server of ours that does not keep the program alive.
func serving(listener func(*http.IncomingMessage, *http.ServerResponse)) int {
	s := http.CreateServer(listener)
	if err := s.ListenWith(http.ListenOptions{Host: "127.0.0.1"}); err != nil {
		panic(err)
	}
	s.Unref()
	return s.Address().(*net.TCPAddr).Port
}

// tunnel returns the server's socket of a CONNECT.
func tunnel() *http.Socket {
	s := http.CreateServer()
	sockets := make(chan *http.Socket, 1)
	s.OnConnect(func(_ *http.IncomingMessage, socket *http.Socket, _ []byte) { sockets <- socket })
	if err := s.ListenWith(http.ListenOptions{Host: "127.0.0.1"}); err != nil {
		panic(err)
	}
	s.Unref()
	io.WriteString(must(net.Dial("tcp", s.Address().String())), "CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n")
	return <-sockets
}

var programs = map[string]program{
	"v0.4 listen":   {main: func() { returned(v0_4.CreateServer().Listen(taken()), "EADDRINUSE"); ended(v0_4.Wait()) }},
	"v0.8 listen":   {main: func() { returned(v0_8.CreateServer().Listen(taken()), "EADDRINUSE"); ended(v0_8.Wait()) }},
	"v1.6 listen":   {main: func() { returned(v1_6.CreateServer().Listen(taken()), "EADDRINUSE"); ended(v1_6.Wait()) }},
	"v13.14 listen": {main: func() { returned(v13_14.CreateServer().Listen(taken()), "EADDRINUSE"); ended(v13_14.Wait()) }},
	"v19.0 listen":  {main: func() { returned(v19_0.CreateServer().Listen(taken()), "EADDRINUSE"); ended(v19_0.Wait()) }},

	"v0.4 refused": {main: func() {
		v0_4.GetWith(v0_4.RequestOptions{Host: "127.0.0.1", Port: vacant()})
		ended(v0_4.Wait())
	}, codes: []string{"ECONNREFUSED"}},
	"v0.8 refused": {main: func() {
		v0_8.GetWith(v0_8.RequestOptions{Host: "127.0.0.1", Port: vacant()})
		ended(v0_8.Wait())
	}, codes: []string{"ECONNREFUSED"}},
	"v1.6 refused": {main: func() {
		v1_6.GetWith(v1_6.RequestOptions{Host: "127.0.0.1", Port: vacant()})
		ended(v1_6.Wait())
	}, codes: []string{"ECONNREFUSED"}},
	"v13.14 refused": {main: func() {
		v13_14.GetWith(v13_14.RequestOptions{Host: "127.0.0.1", Port: vacant()})
		ended(v13_14.Wait())
	}, codes: []string{"ECONNREFUSED"}},
	"v19.0 refused": {main: func() {
		v19_0.GetWith(v19_0.RequestOptions{Host: "127.0.0.1", Port: vacant()})
		ended(v19_0.Wait())
	}, codes: []string{"ECONNREFUSED"}},

	"unreferenced server": {main: func() { returned(http.CreateServer().Unref().Listen(taken()), "EADDRINUSE"); ended(http.Wait()) }},
	"two servers": {main: func() {
		port := taken()
		returned(http.CreateServer().Listen(port), "EADDRINUSE")
		returned(http.CreateServer().Listen(port), "EADDRINUSE")
		ended(http.Wait())
	}},
	"listening twice": {main: func() {
		s := http.CreateServer()
		returned(s.Listen(0), "")
		returned(s.Listen(0), "ERR_SERVER_ALREADY_LISTEN")
		s.Close()
		ended(http.Wait())
	}},
	"no port": {main: func() { returned(http.CreateServer().Listen(70000), "ERR_SOCKET_BAD_PORT"); ended(http.Wait()) }},
	"no URL":  {main: func() { http.Get("nonsense"); ended(http.Wait()) }, codes: []string{"ERR_INVALID_URL"}},
	"no path": {main: func() {
		http.GetWith(http.RequestOptions{Path: "/a b"})
		ended(http.Wait())
	}, codes: []string{"ERR_UNESCAPED_CHARACTERS"}},
	"refused in a queue": {main: func() {
		agent, port := http.NewAgent(http.AgentOptions{MaxSockets: 1}), vacant()
		for range 3 {
			http.GetWith(http.RequestOptions{Agent: agent, Host: "127.0.0.1", Port: port})
		}
		ended(http.Wait())
	}, codes: []string{"ECONNREFUSED", "ECONNREFUSED", "ECONNREFUSED"}},
	"connection of one's own": {main: func() {
		http.GetWith(http.RequestOptions{CreateConnection: func(context.Context, http.ConnectOptions) (net.Conn, error) {
			return nil, errors.New("none today")
		}})
		ended(http.Wait())
	}, codes: []string{"none today"}},
	"lookup of one's own": {main: func() {
		http.GetWith(http.RequestOptions{Host: "a.invalid", Lookup: func(context.Context, string) ([]string, error) {
			return nil, &net.DNSError{Name: "a.invalid", IsNotFound: true}
		}})
		ended(http.Wait())
	}, codes: []string{"ENOTFOUND"}},
	"reset": {main: func() {
		http.GetWith(http.RequestOptions{Host: "127.0.0.1", Port: resetting()})
		ended(http.Wait())
	}, codes: []string{"ECONNRESET"}},
	"malformed": {main: func() {
		port := serving(func(req *http.IncomingMessage, _ *http.ServerResponse) {
			io.WriteString(req.Socket(), "nonsense\r\n\r\n")
		})
		http.GetWith(http.RequestOptions{Host: "127.0.0.1", Port: port})
		ended(http.Wait())
	}, codes: []string{"HPE_INVALID_CONSTANT"}},
	"destroyed": {main: func() {
		port := serving(func(*http.IncomingMessage, *http.ServerResponse) {})
		http.GetWith(http.RequestOptions{Host: "127.0.0.1", Port: port}).Destroy(errors.New("enough"))
		ended(http.Wait())
	}, codes: []string{"enough"}},
	"destroyed in its timeout": {main: func() {
		port := serving(func(*http.IncomingMessage, *http.ServerResponse) {})
		req := http.GetWith(http.RequestOptions{Host: "127.0.0.1", Port: port, Timeout: 20 * time.Millisecond})
		req.OnTimeout(func() { req.Destroy() })
		ended(http.Wait())
	}, codes: []string{"ECONNRESET"}},
	"cancelled": {main: func() {
		ctx, cancel := context.WithCancel(context.Background())
		port := serving(func(*http.IncomingMessage, *http.ServerResponse) { cancel() })
		http.GetWith(http.RequestOptions{Host: "127.0.0.1", Port: port, Signal: ctx})
		ended(http.Wait())
	}, codes: []string{"ABORT_ERR"}},
	"written behind the end": {main: func() {
		port := serving(func(_ *http.IncomingMessage, res *http.ServerResponse) { res.End() })
		req := http.RequestWith(http.RequestOptions{Host: "127.0.0.1", Port: port, Method: "POST", NoAgent: true})
		req.OnResponse(func(res *http.IncomingMessage) { res.Resume() })
		req.End()
		req.WriteChunk([]byte("late"))
		ended(http.Wait())
	}, codes: []string{"ERR_STREAM_WRITE_AFTER_END"}},
	"plain socket": {main: func() {
		tunnel().Destroy(errors.New("enough"))
		ended(http.Wait())
	}, codes: []string{"enough"}},

	"panic in 'listening'": {main: func() {
		s := http.CreateServer()
		returned(s.Listen(0, func() { defer s.Close(); panic("in the listener") }), "")
		ended(http.Wait())
	}, panic: "in the listener"},
	"panic in 'close' of a server": {main: func() {
		s := http.CreateServer()
		returned(s.Listen(0), "")
		s.Close(func(error) { panic("in the listener") })
		ended(http.Wait())
	}, panic: "in the listener"},
	"panic in 'request'": {main: func() {
		port := serving(func(*http.IncomingMessage, *http.ServerResponse) { panic("in the listener") })
		http.GetWith(http.RequestOptions{Host: "127.0.0.1", Port: port})
		ended(http.Wait())
	}, panic: "in the listener", codes: []string{"ECONNRESET"}},
	"panic in 'error'": {main: func() {
		req := http.GetWith(http.RequestOptions{Host: "127.0.0.1", Port: vacant()})
		req.OnError(func(error) { panic("in the listener") })
		ended(http.Wait())
	}, panic: "in the listener"},
	"panic in 'close' of a request": {main: func() {
		req := http.GetWith(http.RequestOptions{Host: "127.0.0.1", Port: vacant()})
		req.OnError(func(error) {})
		req.OnClose(func() { panic("in the listener") })
		ended(http.Wait())
	}, panic: "in the listener"},
	"panic in createConnection": {main: func() {
		http.GetWith(http.RequestOptions{CreateConnection: func(context.Context, http.ConnectOptions) (net.Conn, error) { panic("in the function") }})
		ended(http.Wait())
	}, panic: "in the function"},

	"late listeners": {main: func() {
		heard := make(chan error, 3)
		tell := func(err error) { heard <- err }
		server := http.CreateServer()
		returned(server.Listen(taken()), "EADDRINUSE")
		server.OnError(tell)
		req := http.GetWith(http.RequestOptions{Host: "127.0.0.1", Port: vacant()})
		req.OnClose(func() { req.OnError(tell) })
		socket := tunnel()
		socket.OnClose(func(bool) { socket.OnError(tell) })
		socket.Destroy(errors.New("enough"))
		ended(http.Wait())
		for range cap(heard) {
			<-heard
		}
	}},
	"listeners while Wait waits": {main: func() {
		req := http.GetWith(http.RequestOptions{Host: "127.0.0.1", Port: vacant()})
		heard := make(chan error, 1)
		req.OnClose(func() { go req.OnError(func(err error) { heard <- err }) })
		ended(http.Wait())
		<-heard
	}},
	"Await": {main: func() {
		req := http.GetWith(http.RequestOptions{Host: "127.0.0.1", Port: vacant()})
		_, err := req.Await(context.Background())
		fmt.Println(err)
		if err == nil {
			panic("no error")
		}
		ended(http.Wait())
	}},
	"late Await": {main: func() {
		req := http.GetWith(http.RequestOptions{Host: "127.0.0.1", Port: vacant()})
		heard := make(chan error, 1)
		req.OnClose(func() {
			go func() {
				_, err := req.Await(context.Background())
				heard <- err
			}()
		})
		ended(http.Wait())
		if <-heard == nil {
			panic("no error")
		}
	}},
}

// Every error without a listener is on standard error when Wait returns, once, and
// nothing else is. Wait returns the first.
func TestErrorsThatNobodyHearsAreTold(t *testing.T) {
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for name, p := range programs {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			c := exec.CommandContext(ctx, binary)
			c.Env = append(os.Environ(), programKey+"="+name)
			var out, told bytes.Buffer
			c.Stdout, c.Stderr = &out, &told
			exit := 0
			if p.panic != "" || len(p.codes) > 0 {
				exit = 1
			}
			if err := c.Run(); c.ProcessState.ExitCode() != exit {
				t.Fatalf("%v in place of %d\n%s", err, exit, &told)
			}
			lines := 0
			for line := range strings.Lines(told.String()) {
				lines++
				switch {
				case p.panic != "" && strings.Contains(line, p.panic):
					p.panic = ""
				case len(p.codes) > 0 && strings.Contains(line, "unhandled 'error' event") && strings.Contains(line, p.codes[0]):
					p.codes = p.codes[1:]
				default:
					t.Errorf("told besides: %s", line)
				}
			}
			if p.panic != "" || len(p.codes) > 0 {
				t.Errorf("not told: %s %q; in %d lines:\n%s", p.panic, p.codes, lines, &told)
			}
		})
	}
}
