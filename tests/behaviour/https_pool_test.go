package behaviour_test

// Which connections and sessions of https requests share: none that are not made alike.

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	http "nodehttp/generated/http"
	"nodehttp/generated/https"
	"nodehttp/runtime/socket"
	"nodehttp/tests/certs"
)

// TestConnectionsOfDifferentIdentitiesAreNotShared: a request that differs in one option of
// TLS gets another connection than the one that is kept, without its session, and its own
// when it comes again.
func TestConnectionsOfDifferentIdentitiesAreNotShared(t *testing.T) {
	client := certs.NewAuthority(t)
	one, two := client.Sign("one"), client.Sign("two")
	var connections atomic.Int64
	s := startSecure(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		io.WriteString(res, who(req.Socket()))
		res.End()
	}, func(o *https.ServerOptions, _ *certs.Authority) {
		no := false
		o.RequestCert, o.RejectUnauthorized = true, &no
		o.ALPNProtocols = []string{"http/1.1", "other"}
	})
	resumed := make(chan bool, 100)
	s.OnSecureConnection(func(sock *http.Socket) {
		connections.Add(1)
		resumed <- sock.ConnectionState().DidResume
	})
	both := append(append([]byte(nil), s.authority.PEM...), client.PEM...)
	no, yes := false, true
	accept := func(string, *x509.Certificate) error { return nil }
	for name, o := range map[string]https.RequestOptions{
		"ca":                  {CA: both},
		"cert and key":        {Cert: one.Cert, Key: one.Key},
		"another cert":        {Cert: two.Cert, Key: two.Key},
		"servername":          {ServerName: "one.test"},
		"host field":          {Headers: http.Headers{{"Host", "one.test"}}},
		"rejectUnauthorized":  {RejectUnauthorized: &no},
		"rejects":             {RejectUnauthorized: &yes},
		"ALPNProtocols":       {ALPNProtocols: []string{"http/1.1"}},
		"other protocols":     {ALPNProtocols: []string{"other"}},
		"minVersion":          {MinVersion: https.TLSv1_3},
		"maxVersion":          {MaxVersion: https.TLSv1_2},
		"checkServerIdentity": {CheckServerIdentity: accept},
		"keylog":              {KeyLog: io.Discard},
		"TLS":                 {TLS: &tls.Config{RootCAs: s.authority.Pool()}},
	} {
		t.Run(name, func(t *testing.T) {
			a := s.agent(t, https.AgentOptions{KeepAlive: true})
			first := connections.Load()
			plain := https.RequestOptions{Agent: a}
			if _, _, err := fetch(t, plain, s.url("/")); err != nil {
				t.Fatal(err)
			}
			o.Agent = a
			b, r, err := fetch(t, o, s.url("/"))
			if err != nil {
				t.Fatal(err)
			}
			if r.ReusedSocket() || connections.Load() != first+2 {
				t.Errorf("it has the connection of another")
			}
			if want := string(o.Cert); o.Cert != nil && b == "nobody" || o.Cert == nil && b != "nobody" {
				t.Errorf("the server took it for %q with %q", b, want)
			}
			for range 2 {
				if <-resumed {
					t.Error("it has the session of another")
				}
			}
			switch got := names(a); name {
			case "checkServerIdentity", "keylog": // which nobody else can have: it is not kept
				if len(got) != 1 {
					t.Errorf("the names are %q", got)
				}
			case "TLS", "ALPNProtocols", "other protocols": // Node's name does not show them
			default:
				if len(got) != 2 {
					t.Errorf("the names are %q", got)
				}
			}
			if _, r, err := fetch(t, plain, s.url("/")); err != nil || !r.ReusedSocket() {
				t.Errorf("the first one again: reused is %v, %v", r.ReusedSocket(), err)
			}
			again, r, err := fetch(t, o, s.url("/"))
			if own := o.CheckServerIdentity != nil || o.KeyLog != nil; err != nil || r.ReusedSocket() == own || again != b {
				t.Errorf("the second one again: reused is %v, %v", r.ReusedSocket(), err)
			}
		})
	}
}

func names(a *http.Agent) (list []string) {
	for name := range a.FreeSockets() {
		list = append(list, name)
	}
	return list
}

// who is the client, by the certificate that it has shown.
func who(s *http.Socket) string {
	if peers := s.ConnectionState().PeerCertificates; len(peers) > 0 {
		return peers[0].Subject.CommonName
	}
	return "nobody"
}

// TestSessionsAreResumed: a new connection of an agent resumes the session of the last one
// to the same server, unless the agent keeps none.
func TestSessionsAreResumed(t *testing.T) {
	for _, version := range []https.TLSVersion{https.TLSv1_2, https.TLSv1_3} {
		for _, keeps := range []bool{true, false} {
			t.Run(fmt.Sprint(version, " ", keeps), func(t *testing.T) {
				s := startSecure(t, hello)
				resumed := make(chan bool, 2)
				s.OnSecureConnection(func(sock *http.Socket) { resumed <- sock.ConnectionState().DidResume })
				o := https.AgentOptions{MaxVersion: version}
				if !keeps {
					o.MaxCachedSessions = new(int)
				}
				a := s.agent(t, o)
				for i := range 2 {
					_, r, err := fetch(t, https.RequestOptions{Agent: a}, s.url("/"))
					if err != nil || r.ReusedSocket() {
						t.Fatal(err, r.ReusedSocket())
					}
					if got := wait(t, resumed, "'secureConnection'"); got != (keeps && i == 1) {
						t.Errorf("connection %d: resumed is %v", i, got)
					}
				}
			})
		}
	}
}

// TestResumedSessionIsVerified: who is not believed any more is not by a session either.
func TestResumedSessionIsVerified(t *testing.T) {
	s := startSecure(t, hello)
	var strict atomic.Bool
	a := s.agent(t, https.AgentOptions{CheckServerIdentity: func(string, *x509.Certificate) error {
		if strict.Load() {
			return http.ErrAborted
		}
		return nil
	}})
	if _, _, err := fetch(t, https.RequestOptions{Agent: a}, s.url("/")); err != nil {
		t.Fatal(err)
	}
	strict.Store(true)
	if _, _, err := fetch(t, https.RequestOptions{Agent: a}, s.url("/")); code(err) != "ABORT_ERR" {
		t.Errorf("got %v", err)
	}
}

// TestTicketOnAKeptConnection: a session ticket that arrives while a connection is kept does
// not keep it from being used; an answer that nobody asked for does, and is not taken for that
// to the next request.
func TestTicketOnAKeptConnection(t *testing.T) {
	for _, stray := range []bool{false, true} {
		t.Run(fmt.Sprint(stray), func(t *testing.T) {
			sent := make(chan struct{}, 4)
			a := certs.NewAuthority(t)
			address := listenTLS(t, &tls.Config{Certificates: []tls.Certificate{a.Sign("127.0.0.1").TLS()}}, func(c *tls.Conn) {
				w := onWire(t, c)
				for range 2 {
					w.until("\r\n\r\n")
					const answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"
					io.WriteString(c, answer+"ok")
					if stray {
						io.WriteString(c, answer+"no")
					}
					sent <- struct{}{}
				}
			})
			agent := https.NewAgent(https.AgentOptions{KeepAlive: true, CA: a.PEM})
			defer agent.Destroy()
			for i := range 2 {
				b, r, err := fetch(t, https.RequestOptions{Agent: agent}, "https://"+address)
				if b != "ok" || err != nil || r.ReusedSocket() != (i == 1 && !stray) {
					t.Errorf("request %d: %q, %v, reused %v", i, b, err, r.ReusedSocket())
				}
				wait(t, sent, "all that the server sends") // what comes after the next request has been sent passes for its answer
			}
		})
	}
}

// until reads until it has read text.
func (w *wire) until(text string) string {
	var got []byte
	for len(got) < len(text) || string(got[len(got)-len(text):]) != text {
		b, err := w.r.ReadByte()
		if err != nil {
			return string(got)
		}
		got = append(got, b)
	}
	return string(got)
}

// TestIdleSecureConnections: many connections that wait have no goroutine each, and are
// served when they come back.
func TestIdleSecureConnections(t *testing.T) {
	if !socket.DirectIO {
		t.Skip("this system has no idle poller")
	}
	const many = 2 * socket.MaxWaiters
	s := startSecure(t, hello)
	s.SetKeepAliveTimeout(time.Hour)
	conns := make([]*wire, many)
	for i := range conns {
		_, conns[i] = s.dial(t)
		conns[i].send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
		conns[i].response()
	}
	limit := time.Now().Add(patience)
	for {
		_, parked := socket.IdleCounts()
		if parked >= many-socket.MaxWaiters && runtime.NumGoroutine() < many {
			break
		}
		if time.Now().After(limit) {
			t.Fatalf("%d connections are parked, and there are %d goroutines", parked, runtime.NumGoroutine())
		}
		time.Sleep(time.Millisecond)
	}
	for _, w := range conns {
		w.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
		if _, body := w.response(); body != "hello" {
			t.Fatalf("got %q", body)
		}
	}
}

// TestForeignTLS: the program's own function may have made the handshake, and is told what
// the connection is for.
func TestForeignTLS(t *testing.T) {
	s := startSecure(t, hello)
	var told http.ConnectOptions
	a := https.NewAgent(https.AgentOptions{CA: s.authority.PEM, CreateConnection: func(ctx context.Context, o http.ConnectOptions) (net.Conn, error) {
		told = o
		d := tls.Dialer{Config: o.TLS}
		return d.DialContext(ctx, "tcp", net.JoinHostPort(o.Host, fmt.Sprint(o.Port)))
	}})
	defer a.Destroy()
	b, r, err := fetch(t, https.RequestOptions{Agent: a, ServerName: "one.test"}, s.url("/path"))
	if b != "hello" || err != nil {
		t.Fatal(b, err)
	}
	if told.TLS.ServerName != "one.test" || told.Path != "/path" || r.Protocol() != "https:" {
		t.Errorf("told %+v", told)
	}
}

// TestSecureUnixSocket: https over a Unix socket, which has no host to be verified but the
// one that the request names.
func TestSecureUnixSocket(t *testing.T) {
	a := certs.NewAuthority(t)
	pair := a.Sign("one.test")
	s, err := https.CreateServerWith(https.ServerOptions{Cert: pair.Cert, Key: pair.Key}, hello)
	if err != nil {
		t.Fatal(err)
	}
	path := t.TempDir() + "/s"
	if err := s.ListenPath(path); err != nil {
		t.Fatal(err)
	}
	stopAtEnd(t, s.Server)
	agent := https.NewAgent(https.AgentOptions{KeepAlive: true, CA: a.PEM})
	defer agent.Destroy()
	for i := range 2 {
		b, r, err := fetch(t, https.RequestOptions{Agent: agent, SocketPath: path, ServerName: "one.test"}, "https://one.test/")
		if b != "hello" || err != nil || r.ReusedSocket() != (i == 1) {
			t.Errorf("request %d: %q, %v, reused %v", i, b, err, r.ReusedSocket())
		}
	}
}

// TestTLSInATunnel: https through a tunnel of a proxy, by the program's own function: TLS that
// stands on a socket of ours, and not on a descriptor.
func TestTLSInATunnel(t *testing.T) {
	s := startSecure(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		n, _ := io.Copy(io.Discard, req)
		res.EndString(fmt.Sprint("got ", n))
	})
	proxy := start(t, nil)
	proxy.OnConnect(func(req *http.IncomingMessage, sock *http.Socket, _ []byte) {
		far, err := net.Dial("tcp", req.URL())
		if err != nil {
			sock.Destroy(err)
			return
		}
		sock.WriteString("HTTP/1.1 200 OK\r\n\r\n")
		go func() { io.Copy(far, sock); far.(*net.TCPConn).CloseWrite() }()
		go func() { io.Copy(sock, far); sock.CloseWrite(); far.Close() }()
	})
	proxyPort := proxy.Address().(*net.TCPAddr).Port
	agent := https.NewAgent(https.AgentOptions{KeepAlive: true, CA: s.authority.PEM, CreateConnection: func(ctx context.Context, o http.ConnectOptions) (net.Conn, error) {
		r := http.RequestContextWith(ctx, http.RequestOptions{NoAgent: true, Host: "127.0.0.1", Port: proxyPort, Method: "CONNECT", Path: net.JoinHostPort(o.Host, fmt.Sprint(o.Port))})
		tunnel := make(chan *http.Socket, 1)
		r.OnConnect(func(_ *http.IncomingMessage, sock *http.Socket, _ []byte) { tunnel <- sock })
		r.OnError(func(error) { close(tunnel) })
		r.End()
		sock := <-tunnel
		if sock == nil {
			return nil, http.ErrConnReset
		}
		c := tls.Client(sock, o.TLS)
		return c, c.HandshakeContext(ctx)
	}})
	defer agent.Destroy()
	for i := range 2 {
		ctx, stop := context.WithTimeout(t.Context(), patience)
		r := https.RequestURLWith(s.url("/"), https.RequestOptions{Agent: agent, Method: "POST"})
		r.Write(large[:1<<20])
		r.End()
		res, err := r.Await(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if b, err := io.ReadAll(res); string(b) != "got 1048576" || err != nil || r.ReusedSocket() != (i == 1) {
			t.Errorf("request %d: %q, %v, reused %v", i, b, err, r.ReusedSocket())
		}
		stop()
	}
}
