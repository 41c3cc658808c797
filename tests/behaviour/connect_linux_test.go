package behaviour_test

// Connections that are never established: the system neither accepts nor refuses
// them.

import (
	"context"
	"net"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	http "nodehttp/generated/http"
	"nodehttp/tests/leak"
)

// deafHost is an address that nothing else listens at.
const deafHost = "127.0.0.88"

// deaf listens at a port of deafHost, any one if it is 0, and accepts no connection: its
// queue is full, so that attempts to connect get no answer.
func deaf(t *testing.T, port int) int {
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { syscall.Close(fd) })
	if err := syscall.Bind(fd, &syscall.SockaddrInet4{Port: port, Addr: [4]byte{127, 0, 0, 88}}); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Listen(fd, 0); err != nil {
		t.Fatal(err)
	}
	name, err := syscall.Getsockname(fd)
	if err != nil {
		t.Fatal(err)
	}
	port = name.(*syscall.SockaddrInet4).Port
	for silent := 0; silent < 2; { // one may have been slow
		c, err := net.DialTimeout("tcp", net.JoinHostPort(deafHost, strconv.Itoa(port)), 200*time.Millisecond)
		if err != nil {
			silent++
			continue
		}
		silent = 0
		t.Cleanup(func() { c.Close() })
	}
	return port
}

func TestConnectionThatHangs(t *testing.T) {
	leak.Check(t)
	port := deaf(t, 0)
	for name, c := range map[string]struct {
		end  func(r *http.ClientRequest, cancel func())
		want string
	}{
		"destroy": {func(r *http.ClientRequest, _ func()) { r.Destroy() }, "req error ECONNRESET"},
		"abort":   {func(r *http.ClientRequest, _ func()) { r.Abort() }, "req abort, req error ECONNRESET"},
		"signal":  {func(_ *http.ClientRequest, cancel func()) { cancel() }, "req error ABORT_ERR"},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			agent := http.NewAgent(http.AgentOptions{MaxSockets: 1})
			options := http.RequestOptions{Host: deafHost, Port: port, Agent: agent, Timeout: 10 * time.Millisecond, Signal: ctx}
			var events trace
			req := http.GetWith(options)
			follow(req, &events)
			events.until(t, "req timeout")
			go c.end(req, cancel)
			events.until(t, "req close")
			got := strings.Join(events.all(), ", ")
			if !strings.HasPrefix(got, "req socket, req timeout, ") || !strings.HasSuffix(got, ", "+c.want+", req close") {
				t.Errorf("got %s", got)
			}
			if n := count(agent.Sockets()); n != 0 {
				t.Errorf("the agent has %d connections", n)
			}
		})
	}
}

// The next address is tried when one does not answer.
func TestAddressThatDoesNotAnswer(t *testing.T) {
	s := start(t, remote)
	port := deaf(t, s.Address().(*net.TCPAddr).Port)
	finish(t, http.GetWith(alone(http.RequestOptions{Host: "some.host", Port: port, Lookup: func(context.Context, string) ([]string, error) {
		return []string{deafHost, deafHost, "127.0.0.1"}, nil
	}})))
}
