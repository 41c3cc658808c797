package versions

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"nodehttp/generated/profile"
	"nodehttp/runtime"
	"nodehttp/tests/leak"
)

// every is the profile of each version by its name.
var every = func() map[string]*profile.Profile {
	all := map[string]*profile.Profile{}
	for _, p := range profile.All() {
		all[p.Version] = p
	}
	return all
}()

// serveAs serves, and returns the address.
func serveAs(t *testing.T, p *profile.Profile, listener func(*runtime.IncomingMessage, *runtime.ServerResponse)) string {
	t.Helper()
	s := runtime.NewServer(p, runtime.ServerOptions{}, listener)
	if err := s.ListenHost(0, "127.0.0.1"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		closed := make(chan struct{})
		s.Close(func(error) { close(closed) })
		s.CloseAllConnections()
		<-closed
	})
	return s.Address().String()
}

// A program that reads a request that has been answered gets all of it, in every
// version.
func TestARequestAnsweredEarlyIsReadToItsEnd(t *testing.T) {
	const size = 600_000
	body := strings.Repeat("0123456789", size/10)
	for version, p := range every {
		for how, consume := range map[string]func(req *runtime.IncomingMessage, answered <-chan struct{}, done chan<- string){
			"pause": func(req *runtime.IncomingMessage, answered <-chan struct{}, done chan<- string) {
				var got strings.Builder
				req.OnData(func(chunk []byte) {
					got.Write(chunk)
					req.Pause()
					go func() {
						<-answered
						req.Resume()
					}()
				})
				req.OnEnd(func() { done <- got.String() })
				req.OnAborted(func() { done <- "aborted" })
			},
			"Read": func(req *runtime.IncomingMessage, answered <-chan struct{}, done chan<- string) {
				piece := make([]byte, size/10)
				n, err := io.ReadFull(req, piece)
				var got strings.Builder
				go func() {
					for err == nil {
						got.Write(piece[:n])
						<-answered
						n, err = io.ReadFull(req, piece)
					}
					if err != io.EOF {
						done <- err.Error()
					}
					done <- got.String()
				}()
			},
		} {
			t.Run(version+", "+how, func(t *testing.T) {
				t.Parallel()
				answered, done := make(chan struct{}), make(chan string, 2)
				address := serveAs(t, p, func(req *runtime.IncomingMessage, res *runtime.ServerResponse) {
					consume(req, answered, done)
					res.Outgoing().EndString("accepted")
				})
				c, err := net.Dial("tcp", address)
				if err != nil {
					t.Fatal(err)
				}
				defer c.Close()
				go fmt.Fprintf(c, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n%s", size, body)
				r := bufio.NewReader(c)
				for line := ""; !strings.HasSuffix(line, "accepted"); {
					b, err := r.ReadByte()
					if err != nil {
						t.Fatalf("%v after %q", err, line)
					}
					line += string(b)
				}
				close(answered) // most of the body is still to be read
				select {
				case got := <-done:
					if got != body {
						t.Errorf("%d of %d bytes: %.20q", len(got), size, got)
					}
				case <-time.After(30 * time.Second):
					t.Error("waited in vain for the end")
				}
			})
		}
	}
}

// A response that has come is read while its request is destroyed, in every way there is:
// io.EOF means all of it.
func TestIOEOFMeansAllOfAResponse(t *testing.T) {
	leak.Check(t)
	const size = 10_000
	looped := 0 // how much a loop has read
	for version, p := range every {
		for how, end := range map[string]func(req *runtime.ClientRequest, res *runtime.IncomingMessage, agent *runtime.Agent, cancel func()){
			"Signal": func(_ *runtime.ClientRequest, _ *runtime.IncomingMessage, _ *runtime.Agent, cancel func()) { cancel() },
			"Abort":  func(req *runtime.ClientRequest, _ *runtime.IncomingMessage, _ *runtime.Agent, _ func()) { req.Abort() },
			"Destroy": func(req *runtime.ClientRequest, _ *runtime.IncomingMessage, _ *runtime.Agent, _ func()) {
				req.Destroy()
			},
			"Destroy(err)": func(req *runtime.ClientRequest, _ *runtime.IncomingMessage, _ *runtime.Agent, _ func()) {
				req.Destroy(errors.New("mine"))
			},
			"response.Destroy": func(_ *runtime.ClientRequest, res *runtime.IncomingMessage, _ *runtime.Agent, _ func()) {
				res.Destroy()
			},
			"agent.Destroy": func(_ *runtime.ClientRequest, _ *runtime.IncomingMessage, agent *runtime.Agent, _ func()) {
				agent.Destroy()
			},
			"socket.Destroy": func(_ *runtime.ClientRequest, res *runtime.IncomingMessage, _ *runtime.Agent, _ func()) {
				res.Socket().Destroy()
			},
			"a loop is left": func(_ *runtime.ClientRequest, res *runtime.IncomingMessage, _ *runtime.Agent, _ func()) {
				for chunk := range res.Chunks() {
					looped = len(chunk)
					break
				}
			},
		} {
			for _, sent := range []int{size / 2, size} {
				for _, read := range []int{0, 10} {
					t.Run(fmt.Sprintf("%s, %s, sent %d, read %d", version, how, sent, read), func(t *testing.T) {
						port := peer(t, fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", size, strings.Repeat("x", sent)), stay)
						agent := runtime.NewAgent(p, runtime.AgentOptions{})
						defer agent.Destroy()
						ctx, cancel := context.WithCancel(t.Context())
						defer cancel()
						req := runtime.NewGet(p, "", runtime.RequestOptions{Host: "127.0.0.1", Port: port, Agent: agent, Signal: ctx})
						out := req.Outgoing()
						out.OnError(func(error) {})
						res, err := req.Await(t.Context())
						if err != nil {
							t.Fatal(err)
						}
						if _, err := io.ReadFull(res, make([]byte, read)); err != nil {
							t.Fatal(err)
						}
						looped = 0
						end(req, res, agent, cancel)
						rest, err := io.ReadAll(res)
						if got := read + looped + len(rest); err == nil && got != size {
							t.Errorf("%d of %d bytes, and io.EOF", got, size)
						}
					})
				}
			}
		}
	}
}
