package versions

import (
	"encoding/json"
	"errors"
	"io"
	"net"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nodehttp/generated/profile"
	"nodehttp/runtime"
	"nodehttp/runtime/socket"
	"nodehttp/tests/leak"
)

// patience bounds every wait for something that must happen; quiet is how long
// nothing must happen.
const (
	patience = 30 * time.Second
	quiet    = 200 * time.Millisecond
)

// seen is what a client sees of one probe, and which events the server had.
type seen struct {
	Answer string   `json:"answer"`
	Closed bool     `json:"closed"`
	Events []string `json:"events,omitempty"`
	Body   string   `json:"-"`
}

// recordOf reads what Node did.
func recordOf(t *testing.T, version string) (probes map[string]seen, headers map[string]string, closeEndsIdle bool) {
	t.Helper()
	data, err := os.ReadFile("testdata/" + version + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(data, &raw); err != nil {
		t.Fatal(err)
	}
	probes, headers = map[string]seen{}, map[string]string{}
	for name, value := range raw {
		switch name {
		case "close ends idle":
			err = json.Unmarshal(value, &closeEndsIdle)
		case "headers":
			var all map[string]any
			err = json.Unmarshal(value, &all)
			for header, value := range all {
				if list, ok := value.([]any); ok {
					value = list[0].(string) + ", " + list[1].(string)
				}
				headers[header] = value.(string)
			}
		default:
			var s seen
			err = json.Unmarshal(value, &s)
			probes[name] = s
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return probes, headers, closeEndsIdle
}

// server is the one that record.js makes.
type server struct {
	*runtime.Server
	mu      sync.Mutex
	events  []string
	headers map[string]string
	hangs   chan struct{} // gets a token when a request is left without an answer
}

func (s *server) note(event string) func() {
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.events = append(s.events, event)
	}
}

// await waits until there have been as many events as want.
func (s *server) await(t *testing.T, want []string) {
	t.Helper()
	for limit := time.Now().Add(patience); ; time.Sleep(time.Millisecond) {
		s.mu.Lock()
		n := len(s.events)
		s.mu.Unlock()
		if n >= len(want) {
			return
		}
		if time.Now().After(limit) {
			t.Fatalf("%d events, want %q", n, want)
		}
	}
}

// take returns the events so far, sorted, and forgets them.
func (s *server) take() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	events := s.events
	s.events = nil
	slices.Sort(events)
	return events
}

func serve(t *testing.T, p *profile.Profile) *server {
	t.Helper()
	s := &server{headers: map[string]string{}, hangs: make(chan struct{}, 1)}
	s.Server = runtime.NewServer(p, runtime.ServerOptions{}, func(req *runtime.IncomingMessage, res *runtime.ServerResponse) {
		req.OnEnd(s.note("request end"))
		req.OnClose(s.note("request close"))
		req.OnAborted(s.note("request aborted"))
		res.Outgoing().OnFinish(s.note("response finish"))
		res.Outgoing().OnClose(s.note("response close"))
		switch req.URL() {
		case "/headers":
			s.mu.Lock()
			for name, value := range req.Headers().All() {
				s.headers[name] = value
			}
			s.mu.Unlock()
		case "/hang":
			s.hangs <- struct{}{}
			return
		}
		req.Resume()
		res.Outgoing().EndString("x")
	})
	listen(t, s.Server)
	return s
}

func listen(t *testing.T, s *runtime.Server) {
	t.Helper()
	if err := s.ListenWith(socket.ListenOptions{Host: "127.0.0.1"}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		closed := make(chan struct{})
		s.Close(func(error) { close(closed) })
		s.CloseAllConnections()
		receive(t, closed, "the server to close")
	})
}

func receive[T any](t *testing.T, c <-chan T, what string) (v T) {
	t.Helper()
	select {
	case v = <-c:
	case <-time.After(patience):
		t.Fatalf("waited in vain for %s", what)
	}
	return v
}

// dial opens a connection that the test closes.
func dial(t *testing.T, s *runtime.Server) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", s.Address().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// speak sends text and tells the first line of the answer, and whether the
// server closed the connection. It waits for what want has of that.
func speak(t *testing.T, s *runtime.Server, text string, want seen) seen {
	t.Helper()
	c := dial(t, s)
	defer c.Close()
	c.SetDeadline(time.Now().Add(patience))
	io.WriteString(c, text) // it may fail when the server has had enough
	var received []byte
	var err error
	if !want.Closed && want.Answer != "" {
		received = make([]byte, 4096)
		n := 0
		n, err = io.ReadAtLeast(c, received, len(want.Answer)+len("\r\n"))
		received = received[:n]
	}
	if err == nil {
		if !want.Closed {
			c.SetDeadline(time.Now().Add(quiet))
		}
		var rest []byte
		rest, err = io.ReadAll(c)
		received = append(received, rest...)
	}
	line, _, _ := strings.Cut(string(received), "\r\n")
	_, body, _ := strings.Cut(string(received), "\r\n\r\n")
	return seen{Answer: line, Closed: !errors.Is(err, os.ErrDeadlineExceeded), Body: body}
}

// each runs a test for every version, with the name of the record that it is
// to agree with: its own, or that of the next version whose Node can be had.
func each(t *testing.T, test func(t *testing.T, p *profile.Profile, record string)) {
	all := profile.All()
	for i, p := range all {
		recorded := all[i:]
		for recorded[0].Referee == "" {
			recorded = recorded[1:]
		}
		t.Run(p.Version, func(t *testing.T) {
			leak.Check(t)
			test(t, p, recorded[0].Version)
		})
	}
}

// since reports whether p is of the version of first, or a newer one.
func since(p, first *profile.Profile) bool {
	all := profile.All()
	return slices.Index(all, p) >= slices.Index(all, first)
}

const head = " HTTP/1.1\r\nHost: a\r\n"

var probes = map[string]string{
	"malformed":           "BAD\r\n\r\n",
	"malformed, heard":    "BAD\r\n\r\n",
	"head of 30000 bytes": "GET /" + head + "x: " + strings.Repeat("y", 29999) + "\r\n\r\n",
	// A head that is too long is answered while it is still being sent, which
	// may take the answer with it.
	"upgrade":     "GET /" + head + "Connection: upgrade\r\nUpgrade: x\r\n\r\n",
	"connect":     "CONNECT a:1" + head + "\r\n",
	"expectation": "GET /" + head + "Expect: x\r\n\r\n",
	"complete":    "GET /" + head + "\r\n",
}

func TestServersDoAsTheirNodeDid(t *testing.T) {
	each(t, func(t *testing.T, p *profile.Profile, version string) {
		recorded, _, _ := recordOf(t, version)
		s := serve(t, p)
		heard := runtime.NewServer(p, runtime.ServerOptions{})
		heard.OnClientError(func(error, *socket.Socket) {})
		listen(t, heard)
		for name, text := range probes {
			want := recorded[name]
			to := s.Server
			if strings.HasSuffix(name, "heard") {
				to = heard
			}
			s.take()
			got := speak(t, to, text, want)
			got.Body = ""
			if name == "complete" {
				s.await(t, want.Events)
				got.Events = s.take()
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s:\n%s", name, diff)
			}
		}
	})
}

func TestAClientThatLeavesIsToldAsNodeDid(t *testing.T) {
	each(t, func(t *testing.T, p *profile.Profile, version string) {
		recorded, _, _ := recordOf(t, version)
		s := serve(t, p)
		closed := make(chan struct{})
		s.OnConnection(func(socket *socket.Socket) { socket.OnClose(func(bool) { close(closed) }) })
		c := dial(t, s.Server)
		io.WriteString(c, "GET /hang"+head+"\r\n")
		receive(t, s.hangs, "the request")
		c.Close()
		receive(t, closed, "the connection to close")
		s.await(t, recorded["left alone"].Events)
		if diff := cmp.Diff(recorded["left alone"].Events, s.take()); diff != "" {
			t.Error(diff)
		}
	})
}

func TestRepeatedHeadersAreWhatNodeMadeOfThem(t *testing.T) {
	each(t, func(t *testing.T, p *profile.Profile, version string) {
		_, want, _ := recordOf(t, version)
		s := serve(t, p)
		text := "GET /headers HTTP/1.1\r\n"
		for name := range want {
			text += name + ": 1\r\n"
			if name != "host" { // two of them are an error here
				text += name + ": 2\r\n"
			}
		}
		answer := make(chan struct{})
		c := dial(t, s.Server)
		go func() {
			c.Read(make([]byte, 1))
			close(answer)
		}()
		io.WriteString(c, text+"\r\n")
		receive(t, answer, "the answer")
		s.mu.Lock()
		defer s.mu.Unlock()
		if diff := cmp.Diff(want, s.headers); diff != "" {
			t.Error(diff)
		}
	})
}

func TestCloseEndsIdleConnectionsWhereNodeDid(t *testing.T) {
	each(t, func(t *testing.T, p *profile.Profile, version string) {
		_, _, ends := recordOf(t, version)
		s := serve(t, p)
		c := dial(t, s.Server)
		io.WriteString(c, "GET /"+head+"\r\n")
		buffer := make([]byte, 4096)
		n, err := c.Read(buffer)
		whole := func() bool {
			return strings.HasSuffix(string(buffer[:n]), "x") || strings.HasSuffix(string(buffer[:n]), "\r\n0\r\n\r\n")
		}
		for err == nil && !whole() {
			var more int
			more, err = c.Read(buffer[n:])
			n += more
		}
		if err != nil {
			t.Fatal(err)
		}
		s.Server.Close()
		limit := patience
		if !ends {
			limit = quiet
		}
		c.SetReadDeadline(time.Now().Add(limit))
		if _, err := c.Read(buffer); errors.Is(err, os.ErrDeadlineExceeded) == ends {
			t.Errorf("an idle connection ends with %v", err)
		}
		if ends {
			return
		}
		c.SetReadDeadline(time.Now().Add(patience))
		io.WriteString(c, "GET /"+head+"\r\n")
		if _, err := c.Read(buffer); err != nil {
			t.Errorf("a kept connection is not served any more: %s", err)
		}
	})
}

// A server that is given no address listens on all of IPv4, and of IPv6 from v1.6 on.
func TestServersListenWhereNodeDid(t *testing.T) {
	six, err := net.Listen("tcp6", "[::1]:0")
	has := err == nil
	if has {
		six.Close()
	}
	each(t, func(t *testing.T, p *profile.Profile, _ string) {
		s := runtime.NewServer(p, runtime.ServerOptions{})
		if err := s.Listen(0); err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		address := s.Address().(*net.TCPAddr)
		if four := address.IP.To4() != nil; has && four != (p == profile.V0_4 || p == profile.V0_8) {
			t.Errorf("it listens on %s", address)
		}
		c, err := net.Dial("tcp4", net.JoinHostPort("127.0.0.1", strconv.Itoa(address.Port)))
		if err != nil {
			t.Fatal(err)
		}
		c.Close()
	})
}

// What was answered before the bytes that are not HTTP arrives in every version.
func TestAnswersBeforeAClientErrorArrive(t *testing.T) {
	each(t, func(t *testing.T, p *profile.Profile, _ string) {
		s := serve(t, p)
		s.OnClientError(func(_ error, socket *socket.Socket) { socket.Destroy() })
		if got := speak(t, s.Server, "GET /"+head+"\r\nBAD\r\n\r\n", seen{Closed: true}); got.Answer != "HTTP/1.1 200 OK" || !got.Closed {
			t.Errorf("%+v", got)
		}
	})
}

// An exchange that is cut off closes the request before the response, until
// requests tell an error first.
func TestCutOffExchangesCloseInNodesOrder(t *testing.T) {
	each(t, func(t *testing.T, p *profile.Profile, _ string) {
		arrived, gone := make(chan struct{}), make(chan struct{})
		var open sync.WaitGroup // the request, the response and the socket
		open.Add(3)
		var events []string
		note := func(event string) func() { return func() { events = append(events, event) } }
		s := runtime.NewServer(p, runtime.ServerOptions{}, func(req *runtime.IncomingMessage, res *runtime.ServerResponse) {
			req.OnAborted(note("aborted"))
			req.OnError(func(error) { note("error")() })
			req.OnClose(func() { note("request close")(); open.Done() })
			res.Outgoing().OnClose(func() { note("response close")(); open.Done() })
			req.Socket().OnClose(func(bool) { open.Done() })
			close(arrived)
		})
		listen(t, s)
		c := dial(t, s)
		io.WriteString(c, "POST /"+head+"Content-Length: 9\r\n\r\n")
		receive(t, arrived, "the request")
		c.Close()
		go func() {
			open.Wait()
			close(gone)
		}()
		receive(t, gone, "all to close")
		want := []string{"aborted", "request close", "response close"}
		if since(p, profile.V19_0) {
			want = []string{"aborted", "response close", "error", "request close"}
		}
		if diff := cmp.Diff(want, events); diff != "" {
			t.Error(diff)
		}
	})
}
