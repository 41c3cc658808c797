package soak

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"nodehttp/generated/http"
	"nodehttp/tests/leak"
)

// soakTime returns how long to go on: SOAKTIME, or two seconds.
func soakTime(t *testing.T) time.Duration {
	s := os.Getenv("SOAKTIME")
	if s == "" {
		return 2 * time.Second
	}
	d, err := time.ParseDuration(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// A story is what a message has emitted, in order.
type story struct {
	mu     sync.Mutex
	events []string
	closed chan struct{} // closed with the last 'close'
	open   int           // how many 'close' are to come
}

func newStory(closes int) *story { return &story{closed: make(chan struct{}), open: closes} }

func (s *story) tell(event string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.events = append(s.events, event)
	if event == "close" {
		if s.open--; s.open == 0 {
			close(s.closed)
		}
	}
}

func (s *story) on(event string) func() { return func() { s.tell(event) } }

// check returns what cannot be true of a message.
func (s *story) check() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	has := func(event string) bool { return slices.Contains(s.events, event) }
	switch last := slices.Index(s.events, "close"); {
	case last < 0:
		return fmt.Errorf("no 'close': %q", s.events)
	case last < len(s.events)-1:
		return fmt.Errorf("something behind 'close': %q", s.events)
	case has("end") == has("aborted"):
		return fmt.Errorf("either 'end' or 'aborted': %q", s.events)
	}
	for i, event := range s.events {
		if slices.Contains(s.events[:i], event) {
			return fmt.Errorf("%q twice: %q", event, s.events)
		}
	}
	return nil
}

// Bodies are read while something else destroys their connection, their agent or
// themselves. Each ends in one way, and a reader learns the same as a listener.
func TestEndsOfBodies(t *testing.T) {
	leak.Check(t)
	const workers = 24
	pieces := []string{strings.Repeat("a", 700), strings.Repeat("b", 30_000), strings.Repeat("c", 5)}
	whole := strings.Join(pieces, "")
	server := http.CreateServer(func(req *http.IncomingMessage, res *http.ServerResponse) {
		if req.URL() == "/length" {
			res.SetHeader("Content-Length", fmt.Sprint(len(whole)))
		}
		req.Resume()
		for _, piece := range pieces {
			if _, err := res.WriteString(piece); err != nil {
				return
			}
		}
		res.End()
	})
	if err := server.ListenWith(http.ListenOptions{Host: "127.0.0.1"}); err != nil {
		t.Fatal(err)
	}
	defer func() {
		closed := make(chan struct{})
		server.Close(func(error) { close(closed) })
		server.CloseAllConnections()
		<-closed
	}()
	port := server.Address().(*net.TCPAddr).Port
	end := time.Now().Add(soakTime(t))
	var all sync.WaitGroup
	for range workers {
		all.Go(func() {
			for n := 0; time.Now().Before(end) && !t.Failed(); n++ {
				if err := readAndDestroy(port, whole, n); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
}

// Uploads are read while their server, or their client, ends the exchange.
func TestEndsOfUploads(t *testing.T) {
	leak.Check(t)
	const workers = 24
	whole := strings.Repeat("u", 40_000)
	var exchanges sync.WaitGroup
	server := http.CreateServer(func(req *http.IncomingMessage, res *http.ServerResponse) {
		told := newStory(1)
		req.OnEnd(told.on("end"))
		req.OnAborted(told.on("aborted"))
		req.OnError(func(error) { told.tell("error") })
		req.OnClose(told.on("close"))
		ways := []func(){
			func() { req.Socket().Destroy() },
			func() { req.Destroy() },
			func() { req.Destroy(errors.New("mine")) },
			func() { res.Destroy(errors.New("mine")) },
			func() { res.EndString("early") },
			func() { res.SetHeader("Connection", "close"); res.EndString("early") },
			func() {}, // its client may leave
		}
		way := rand.IntN(len(ways))
		exchanges.Go(func() {
			time.Sleep(time.Duration(rand.Int64N(int64(300 * time.Microsecond))))
			ways[way]()
		})
		exchanges.Go(func() {
			body, err := io.ReadAll(req)
			if err == nil && string(body) != whole {
				t.Errorf("way %d: %d of %d bytes, and no error", way, len(body), len(whole))
			}
			res.EndString("late")
			select {
			case <-told.closed:
			case <-time.After(time.Minute):
				t.Errorf("way %d: no 'close': %q", way, told.events)
			}
			req.Socket().Destroy() // so that the client does not wait
			if failed := told.check(); failed != nil {
				t.Errorf("way %d: %v", way, failed)
			}
		})
	})
	if err := server.ListenWith(http.ListenOptions{Host: "127.0.0.1"}); err != nil {
		t.Fatal(err)
	}
	end := time.Now().Add(soakTime(t))
	var clients sync.WaitGroup
	for range workers {
		clients.Go(func() {
			for n := 0; time.Now().Before(end) && !t.Failed(); n++ {
				if err := uploadAndLeave(server.Address().String(), whole, n); err != nil {
					t.Error(err)
				}
			}
		})
	}
	clients.Wait()
	closed := make(chan struct{})
	server.Close(func(error) { close(closed) })
	server.CloseAllConnections()
	<-closed
	exchanges.Wait()
}

// uploadAndLeave sends a request, or a part of it, and leaves at once or when the server
// has ended the connection.
func uploadAndLeave(address, whole string, n int) error {
	c, err := net.Dial("tcp", address)
	if err != nil {
		return err
	}
	defer c.Close()
	sent := len(whole)
	if n%3 == 0 {
		sent = rand.IntN(len(whole))
	}
	fmt.Fprintf(c, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n%s", len(whole), whole[:sent]) // may be cut off
	if n%5 != 0 && sent == len(whole) {
		io.Copy(io.Discard, c)
		return nil
	}
	time.Sleep(time.Duration(rand.Int64N(int64(300 * time.Microsecond))))
	if n%2 == 0 {
		c.(*net.TCPConn).SetLinger(0)
	}
	return nil
}

// readAndDestroy makes a request, and reads its response while that is destroyed.
func readAndDestroy(port int, whole string, n int) error {
	agent := http.NewAgent(http.AgentOptions{KeepAlive: true})
	defer agent.Destroy()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	path := []string{"/length", "/chunks"}[n%2]
	req := http.GetWith(http.RequestOptions{Host: "127.0.0.1", Port: port, Path: path, Agent: agent, Signal: ctx})
	request := make(chan struct{})
	req.OnError(func(error) {})
	req.OnClose(func() { close(request) })
	res, err := req.Await(context.Background())
	if err != nil {
		return err
	}
	socket := res.Socket() // which the response loses at its end
	told := newStory(1)
	res.OnEnd(told.on("end"))
	res.OnAborted(told.on("aborted"))
	res.OnError(func(error) { told.tell("error") })
	res.OnClose(told.on("close"))
	ways := []func(){
		func() { socket.Destroy() },
		func() { agent.Destroy() },
		func() { req.Destroy() },
		func() { res.Destroy() },
		func() { cancel() },
		func() { req.Abort() },
		func() { socket.Destroy(errors.New("mine")) },
	}
	var other sync.WaitGroup
	other.Go(func() {
		time.Sleep(time.Duration(rand.Int64N(int64(300 * time.Microsecond))))
		ways[n%len(ways)]()
	})
	body, err := io.ReadAll(res)
	other.Wait()
	for what, closed := range map[string]chan struct{}{"request": request, "response": told.closed} {
		select {
		case <-closed:
		case <-time.After(time.Minute):
			return fmt.Errorf("way %d: no 'close' of the %s: %q", n%len(ways), what, told.events)
		}
	}
	agent.Destroy()
	if failed := told.check(); failed != nil {
		return fmt.Errorf("way %d: %w", n%len(ways), failed)
	}
	switch {
	case err == nil && string(body) != whole:
		return fmt.Errorf("way %d: %d of %d bytes, and no error: %q", n%len(ways), len(body), len(whole), told.events)
	case err == nil && slices.Contains(told.events, "aborted"):
		return fmt.Errorf("way %d: io.EOF of what was aborted", n%len(ways))
	}
	return nil
}
