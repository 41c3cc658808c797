package behaviour_test

// What errors of the system and of the resolver say, where no scenario of the referee
// can: with options and errors that Node has not, or has otherwise.

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"

	http "nodehttp/generated/http"
	"nodehttp/tests/leak"
)

// says is what an error says, and what it holds.
func says(err error) string {
	var e *http.Error
	if !errors.As(err, &e) {
		return fmt.Sprint(err)
	}
	return fmt.Sprintf("%s: %s, %s %s %d", e.Message, e.Code, e.Syscall, e.Address, e.Port)
}

func TestErrorsOfConnecting(t *testing.T) {
	leak.Check(t)
	long := "/" + strings.Repeat("x", 200)
	fails := func(err error) func(context.Context, string) ([]string, error) {
		return func(context.Context, string) ([]string, error) { return nil, err }
	}
	for _, c := range []struct {
		o    http.RequestOptions
		want string
	}{
		{http.RequestOptions{LocalPort: 70000}, "options.localPort should be >= 0 and < 65536. Received 70000.: ERR_SOCKET_BAD_PORT,   0"},
		{http.RequestOptions{LocalPort: -1}, "options.localPort should be >= 0 and < 65536. Received -1.: ERR_SOCKET_BAD_PORT,   0"},
		{http.RequestOptions{Port: 65536}, "Port should be >= 0 and < 65536. Received 65536.: ERR_SOCKET_BAD_PORT,   0"},
		{http.RequestOptions{SocketPath: long}, "connect EINVAL " + long + ": EINVAL, connect " + long + " 0"},
		{http.RequestOptions{Host: "::1%nosuch", Port: 1, LocalAddress: "127.0.0.1"}, "bind EINVAL 127.0.0.1: EINVAL, bind 127.0.0.1 0"},
		{http.RequestOptions{Host: "127.0.0.1", Port: 1, LocalAddress: "::1", LocalPort: 2}, "bind EINVAL ::1:2: EINVAL, bind ::1 2"},
		{http.RequestOptions{Host: "a.b", LocalAddress: "localhost"}, "Invalid IP address: localhost: ERR_INVALID_IP_ADDRESS,   0"},
		{http.RequestOptions{Host: "[a]"}, "getaddrinfo ENOTFOUND [a]: ENOTFOUND, getaddrinfo [a] 0"},
		{http.RequestOptions{Host: "a.b", Lookup: fails(&net.DNSError{Name: "a.b", IsTemporary: true})}, "getaddrinfo EAI_AGAIN a.b: EAI_AGAIN, getaddrinfo a.b 0"},
		{http.RequestOptions{Host: "a.b", Lookup: fails(nil)}, "getaddrinfo ENOTFOUND a.b: ENOTFOUND, getaddrinfo a.b 0"},
		{http.RequestOptions{Host: "a.b", Lookup: fails(errors.New("mine"))}, "mine"},
		{http.RequestOptions{Host: "a.b", Lookup: func(context.Context, string) ([]string, error) {
			return []string{"127.0.0.1", "localhost"}, nil
		}}, "Invalid IP address: localhost: ERR_INVALID_IP_ADDRESS,   0"},
	} {
		_, err := http.GetWith(alone(c.o)).Await(t.Context())
		if got := says(err); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}

// Of several addresses the error of the first one is emitted, as in Node 19.
func TestErrorOfSeveralAddresses(t *testing.T) {
	port := vacant() // which keeps its descriptors
	leak.Check(t)
	_, err := http.GetWith(alone(http.RequestOptions{Host: "a.b", Port: port, Lookup: func(context.Context, string) ([]string, error) {
		return []string{"127.0.0.2", "127.0.0.3"}, nil
	}})).Await(t.Context())
	if want := fmt.Sprintf("connect ECONNREFUSED 127.0.0.2:%d: ECONNREFUSED, connect 127.0.0.2 %[1]d", port); says(err) != want {
		t.Errorf("got  %s\nwant %s", says(err), want)
	}
}

func TestErrorsOfListening(t *testing.T) {
	leak.Check(t)
	inUse, err := net.Listen("tcp", ":0")
	if err != nil {
		t.Fatal(err)
	}
	defer inUse.Close()
	port, long, none := inUse.Addr().(*net.TCPAddr).Port, "/"+strings.Repeat("x", 200), 1<<20
	for _, c := range []struct {
		o    http.ListenOptions
		want string
	}{
		{http.ListenOptions{Port: port}, fmt.Sprintf("listen EADDRINUSE: address already in use :::%d: EADDRINUSE, listen :: %[1]d", port)},
		{http.ListenOptions{Path: long}, "listen EINVAL: invalid argument " + long + ": EINVAL, listen " + long + " 0"},
		{http.ListenOptions{Host: "a b", Port: 1}, "getaddrinfo ENOTFOUND a b: ENOTFOUND, getaddrinfo a b 0"},
		{http.ListenOptions{Host: "[::1]"}, "getaddrinfo ENOTFOUND [::1]: ENOTFOUND, getaddrinfo [::1] 0"},
		{http.ListenOptions{FD: &none}, "listen EINVAL: invalid argument: EINVAL, listen  0"},
	} {
		heard := make(chan error, 1)
		s := http.CreateServer()
		err := s.ListenWith(c.o)
		if got := says(err); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
		s.OnError(func(err error) { heard <- err })
		if told := wait(t, heard, "an error"); told != err {
			t.Errorf("'error' tells %v, not what was returned", told)
		}
	}
}
