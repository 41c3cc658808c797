// Package nettest checks that Socket keeps the contract of net.Conn, as
// golang.org/x/net/nettest tests it: data, deadlines that pass and are moved, Close
// while others wait, and all methods at the same time. It is a module of its own so that
// programs that import the library do not get that package.
package nettest

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	nethttp "net/http"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/net/nettest"

	"nodehttp/generated/http"
	adapt "nodehttp/generated/http/nethttp"
	"nodehttp/runtime/socket"
	"nodehttp/tests/leak"
)

// patience bounds every wait for something that must happen.
const patience = 20 * time.Second

// A transport makes the two ends of a connection.
type transport func(t *testing.T) (client, server net.Conn, err error)

// transports are what sockets stand on, none of which they have opened or accepted
// themselves.
var transports = map[string]transport{
	"TCP":  func(t *testing.T) (net.Conn, net.Conn, error) { return connect("tcp", "127.0.0.1:0") },
	"Unix": func(t *testing.T) (net.Conn, net.Conn, error) { return connect("unix", path(t)) },
	"TLS": func(t *testing.T) (net.Conn, net.Conn, error) {
		client, server, err := connect("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, nil, err
		}
		c, s := secured(client, server)
		greeted := make(chan error, 1)
		go func() { greeted <- s.Handshake() }()
		// A deadline that passes meanwhile would end the connection.
		return c, s, errors.Join(c.Handshake(), <-greeted)
	},
	"a pipe": func(t *testing.T) (net.Conn, net.Conn, error) {
		client, server := net.Pipe()
		return client, server, nil
	},
}

func path(t *testing.T) string { return filepath.Join(t.TempDir(), "s") }

// connect makes a connection of the system's.
func connect(network, address string) (client, server net.Conn, err error) {
	l, err := net.Listen(network, address)
	if err != nil {
		return nil, nil, err
	}
	defer l.Close()
	if client, err = net.Dial(network, l.Addr().String()); err != nil {
		return nil, nil, err
	}
	server, err = l.Accept()
	return client, server, err
}

var certificate = func() tls.Certificate {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		panic(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}()

// secured puts TLS over a connection.
func secured(client, server net.Conn) (c, s *tls.Conn) {
	return tls.Client(client, &tls.Config{InsecureSkipVerify: true}),
		tls.Server(server, &tls.Config{Certificates: []tls.Certificate{certificate}})
}

// A way makes plain streams of connections that have spoken HTTP.
type way struct {
	serve func(s *http.Server, sockets chan<- net.Conn)
	ask   func(o http.RequestOptions, sockets chan<- net.Conn) *http.ClientRequest
}

var ways = map[string]way{
	"CONNECT": {
		func(s *http.Server, sockets chan<- net.Conn) {
			s.OnConnect(func(_ *http.IncomingMessage, socket *http.Socket, _ []byte) {
				socket.WriteString("HTTP/1.1 200 OK\r\n\r\n")
				sockets <- socket
			})
		},
		tunnel,
	},
	"an upgrade": {
		func(s *http.Server, sockets chan<- net.Conn) {
			s.OnUpgrade(func(_ *http.IncomingMessage, socket *http.Socket, _ []byte) {
				socket.WriteString("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n")
				sockets <- socket
			})
		},
		upgrade,
	},
	"Hijack":              {hijack("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n"), upgrade},
	"Hijack of a CONNECT": {hijack("HTTP/1.1 200 OK\r\n\r\n"), tunnel},
}

func tunnel(o http.RequestOptions, sockets chan<- net.Conn) *http.ClientRequest {
	o.Method, o.Path = "CONNECT", "a:1"
	req := http.RequestWith(o)
	req.OnConnect(func(_ *http.IncomingMessage, socket *http.Socket, _ []byte) { sockets <- socket })
	return req
}

func upgrade(o http.RequestOptions, sockets chan<- net.Conn) *http.ClientRequest {
	o.Headers = http.Headers{{"Connection", "Upgrade"}, {"Upgrade", "x"}}
	req := http.RequestWith(o)
	req.OnUpgrade(func(_ *http.IncomingMessage, socket *http.Socket, _ []byte) { sockets <- socket })
	return req
}

func hijack(answer string) func(*http.Server, chan<- net.Conn) {
	return func(s *http.Server, sockets chan<- net.Conn) {
		adapt.Mount(s, nethttp.HandlerFunc(func(w nethttp.ResponseWriter, _ *nethttp.Request) {
			c, _, err := nethttp.NewResponseController(w).Hijack()
			if err != nil {
				panic(err)
			}
			io.WriteString(c, answer)
			sockets <- c
		}))
	}
}

// An opening gives a server the connection of a request with the options that it
// returns.
type opening func(t *testing.T, s *http.Server) (http.RequestOptions, error)

// over opens connections that others have made.
func (make transport) over(t *testing.T, s *http.Server) (o http.RequestOptions, err error) {
	client, server, err := make(t)
	if err != nil {
		return o, err
	}
	s.EmitConnection(server)
	o.CreateConnection = func(context.Context, http.ConnectOptions) (net.Conn, error) { return client, nil }
	return o, nil
}

// openings are all ways to a connection.
func openings() map[string]opening {
	all := map[string]opening{
		"TCP of its own": func(_ *testing.T, s *http.Server) (o http.RequestOptions, err error) {
			if err := s.ListenWith(http.ListenOptions{Host: "127.0.0.1"}); err != nil {
				panic(err)
			}
			address := s.Address().(*net.TCPAddr)
			o.Host, o.Port, o.NoAgent = "127.0.0.1", address.Port, true
			return o, nil
		},
		"a Unix socket of its own": func(t *testing.T, s *http.Server) (o http.RequestOptions, err error) {
			o.SocketPath, o.NoAgent = path(t), true
			if err := s.ListenPath(o.SocketPath); err != nil {
				t.Fatal(err)
			}
			return o, nil
		},
	}
	for name, make := range transports {
		all[name] = make.over
	}
	return all
}

// pair makes the two sockets that a way leads to.
func (w way) pair(t *testing.T, open opening) (client, server net.Conn, end func(), err error) {
	s := http.CreateServer()
	s.OnError(func(err error) { t.Error(err) })
	clients, servers, failed := make(chan net.Conn, 1), make(chan net.Conn, 1), make(chan error, 1)
	w.serve(s, servers)
	o, err := open(t, s)
	if err != nil {
		return nil, nil, nil, err
	}
	req := w.ask(o, clients)
	req.OnError(func(err error) { failed <- err })
	req.End()
	late := time.After(patience)
	for client == nil || server == nil {
		select {
		case client = <-clients:
		case server = <-servers:
		case err := <-failed:
			return nil, nil, nil, err
		case <-late:
			return nil, nil, nil, fmt.Errorf("no connection in %v", patience)
		}
	}
	for _, c := range []net.Conn{client, server} {
		c.(anySocket).OnError(func(err error) { // its peer may be cut while it writes
			if isTimeout(err) {
				t.Errorf("'error': %v", err)
			}
		})
	}
	return client, server, func() {
		cut(client)
		cut(server)
		s.Close()
	}, nil
}

// anySocket is what the sockets of all packages are.
type anySocket interface {
	OnError(func(error)) *http.Subscription
	Destroy(...error)
}

// cut ends a connection at once; Close would go on sending.
func cut(c net.Conn) {
	if s, ok := c.(anySocket); ok {
		s.Destroy()
	} else {
		c.Close()
	}
}

// The sockets that are left when HTTP has been spoken on a connection.
func TestSockets(t *testing.T) {
	for how, open := range openings() {
		for name, w := range ways {
			t.Run(name+" over "+how+", server", func(t *testing.T) {
				leak.Check(t)
				nettest.TestConn(t, func() (c1, c2 net.Conn, stop func(), err error) {
					c2, c1, stop, err = w.pair(t, open)
					return
				})
			})
			t.Run(name+" over "+how+", client", func(t *testing.T) {
				leak.Check(t)
				nettest.TestConn(t, func() (c1, c2 net.Conn, stop func(), err error) { return w.pair(t, open) })
			})
		}
	}
}

// A socket that has never spoken HTTP, at both ends and at one of them.
func TestNewSocket(t *testing.T) {
	for how, make := range transports {
		for _, both := range []bool{false, true} {
			t.Run(fmt.Sprintf("over %s, both %t", how, both), func(t *testing.T) {
				leak.Check(t)
				nettest.TestConn(t, func() (c1, c2 net.Conn, stop func(), err error) {
					a, b, err := make(t)
					if err != nil {
						return nil, nil, nil, err
					}
					c1, c2 = plain(a), b
					if both {
						c2 = plain(b)
					}
					return c1, c2, func() { cut(c1); cut(c2) }, nil
				})
			})
		}
	}
}

func plain(c net.Conn) *socket.Socket {
	s := socket.New(c)
	s.OnError(func(error) {}) // its peer may be cut while it writes
	return s
}

// TLS over a tunnel, as clients of proxies speak it. After a Write that was cut short
// crypto/tls writes no more, so that only what reads and what closes can be tested.
func TestTLSOverTunnel(t *testing.T) {
	leak.Check(t)
	client, server, stop, err := ways["CONNECT"].pair(t, openings()["TCP of its own"])
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	c, s := secured(client, server)
	done := make(chan error, 1)
	go func() {
		_, err := io.Copy(s, s)
		s.Close()
		done <- err
	}()
	text := make([]byte, 5)
	for range 3 {
		if _, err := io.WriteString(c, "hello"); err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadFull(c, text); err != nil || string(text) != "hello" {
			t.Fatalf("%q, %v", text, err)
		}
		c.SetReadDeadline(time.Now().Add(time.Millisecond))
		if n, err := c.Read(text); n != 0 || !isTimeout(err) {
			t.Fatalf("%d, %v", n, err)
		}
		c.SetReadDeadline(time.Time{})
	}
	c.CloseWrite()
	if n, err := c.Read(text); n != 0 || err != io.EOF {
		t.Errorf("%d, %v", n, err)
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
	c.Close()
}

func isTimeout(err error) bool {
	e, ok := err.(net.Error)
	return ok && e.Timeout()
}
