package behaviour_test

// https: what holds over TLS as it does without, and what TLS adds.

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	nethttp "net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	http "nodehttp/generated/http"
	adapt "nodehttp/generated/http/nethttp"
	"nodehttp/generated/https"
	"nodehttp/tests/certs"
	"nodehttp/tests/leak"
)

// secured is a server of https with who signed its certificate.
type secured struct {
	*https.Server
	authority *certs.Authority
	pair      certs.Pair
}

// startSecure serves with listener over TLS until the test ends. The certificate is for
// localhost, 127.0.0.1 and one.test. options may change the options of the server.
func startSecure(t testing.TB, listener func(*http.IncomingMessage, *http.ServerResponse), options ...func(*https.ServerOptions, *certs.Authority)) *secured {
	t.Helper()
	leak.Check(t)
	a := certs.NewAuthority(t)
	pair := a.Sign("localhost", "127.0.0.1", "one.test")
	o := https.ServerOptions{Cert: pair.Cert, Key: pair.Key}
	for _, f := range options {
		f(&o, a)
	}
	s, err := https.CreateServerWith(o)
	if err != nil {
		t.Fatal(err)
	}
	if listener != nil {
		s.OnRequest(listener)
	}
	if err := s.ListenWith(http.ListenOptions{Host: "127.0.0.1"}); err != nil {
		t.Fatal(err)
	}
	stopAtEnd(t, s.Server)
	return &secured{s, a, pair}
}

func (s *secured) url(path string) string { return "https://" + s.Address().String() + path }

func (s *secured) port() int { return s.Address().(*net.TCPAddr).Port }

// agent makes an agent that believes the server, until the test ends.
func (s *secured) agent(t testing.TB, o https.AgentOptions) *http.Agent {
	if o.CA == nil && o.TLS == nil {
		o.CA = s.authority.PEM
	}
	a := https.NewAgent(o)
	t.Cleanup(a.Destroy)
	return a
}

// dial makes a TLS connection to the server with crypto/tls.
func (s *secured) dial(t testing.TB, config ...*tls.Config) (*tls.Conn, *wire) {
	t.Helper()
	c := &tls.Config{}
	for _, given := range config {
		c = given
	}
	c.RootCAs, c.ServerName = s.authority.Pool(), "localhost"
	conn, err := tls.Dial("tcp", s.Address().String(), c)
	if err != nil {
		t.Fatal(err)
	}
	return conn, onWire(t, conn)
}

// fetch sends a GET with an agent and returns the response's body.
func fetch(t testing.TB, o https.RequestOptions, url string) (string, *http.ClientRequest, error) {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), patience)
	defer stop()
	r := https.GetURLWith(url, o)
	res, err := r.Await(ctx)
	if err != nil {
		return "", r, err
	}
	b, err := io.ReadAll(res)
	return string(b), r, err
}

func hello(_ *http.IncomingMessage, res *http.ServerResponse) { res.EndString("hello") }

// TestSecureExchange: requests and answers of all sizes, on one connection, over both
// versions of TLS.
func TestSecureExchange(t *testing.T) {
	for _, version := range []https.TLSVersion{https.TLSv1_2, https.TLSv1_3} {
		t.Run(string(version), func(t *testing.T) {
			s := startSecure(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
				b, err := io.ReadAll(req)
				if err != nil {
					t.Error(err)
				}
				res.Write(b)
				res.End()
			})
			a := s.agent(t, https.AgentOptions{KeepAlive: true, MaxVersion: version})
			for i, size := range []int{0, 1, 1000, 16 << 10, 16<<10 + 1, 100000, 5 << 20} {
				r := https.RequestURLWith(s.url("/"), https.RequestOptions{Agent: a, Method: "POST"})
				body := large[:size]
				if _, err := r.Write(body); err != nil {
					t.Fatal(err)
				}
				r.End()
				res, err := r.Await(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				if got, err := io.ReadAll(res); !bytes.Equal(got, body) || err != nil {
					t.Errorf("%d bytes came back as %d, %v", size, len(got), err)
				}
				if r.ReusedSocket() != (i > 0) {
					t.Errorf("request %d: reused is %v", i, r.ReusedSocket())
				}
			}
		})
	}
}

// TestSecureState: what a socket tells of the TLS below it, at both ends.
func TestSecureState(t *testing.T) {
	type state struct {
		encrypted  bool
		alpn, name string
		authorized bool
		err        string
	}
	of := func(s *http.Socket) state {
		ok, err := s.Authorized()
		return state{s.Encrypted(), s.ALPNProtocol(), s.ServerName(), ok, code(err)}
	}
	client := certs.NewAuthority(t)
	with := client.Sign("client")
	yes, no := true, false
	for name, c := range map[string]struct {
		server         func(*https.ServerOptions, *certs.Authority)
		client         https.RequestOptions
		atServer, here state
	}{
		"usual": {nil, https.RequestOptions{}, state{true, "", "localhost", false, ""}, state{true, "", "localhost", true, ""}},
		"protocols": {nil, https.RequestOptions{ALPNProtocols: []string{"http/1.1"}},
			state{true, "http/1.1", "localhost", false, ""}, state{true, "http/1.1", "localhost", true, ""}},
		"client with a certificate": {func(o *https.ServerOptions, _ *certs.Authority) { o.CA, o.RequestCert = client.PEM, true },
			https.RequestOptions{Cert: with.Cert, Key: with.Key},
			state{true, "", "localhost", true, ""}, state{true, "", "localhost", true, ""}},
		"client that nobody vouches for": {func(o *https.ServerOptions, a *certs.Authority) {
			o.CA, o.RequestCert, o.RejectUnauthorized = a.PEM, true, &no
		}, https.RequestOptions{Cert: with.Cert, Key: with.Key},
			state{true, "", "localhost", false, "UNABLE_TO_VERIFY_LEAF_SIGNATURE"}, state{true, "", "localhost", true, ""}},
		"server that nobody vouches for": {nil, https.RequestOptions{CA: client.PEM, RejectUnauthorized: &no},
			state{true, "", "localhost", false, ""}, state{true, "", "localhost", false, "UNABLE_TO_VERIFY_LEAF_SIGNATURE"}},
		"rejecting in so many words": {nil, https.RequestOptions{RejectUnauthorized: &yes},
			state{true, "", "localhost", false, ""}, state{true, "", "localhost", true, ""}},
	} {
		t.Run(name, func(t *testing.T) {
			states := make(chan state, 2)
			var options []func(*https.ServerOptions, *certs.Authority)
			if c.server != nil {
				options = append(options, c.server)
			}
			s := startSecure(t, hello, options...)
			s.OnSecureConnection(func(sock *http.Socket) { states <- of(sock) })
			o := c.client
			if o.CA == nil {
				o.CA = s.authority.PEM
			}
			o.NoAgent, o.Host, o.Port = true, "localhost", s.port()
			o.Lookup = func(context.Context, string) ([]string, error) { return []string{"127.0.0.1"}, nil }
			r := https.GetWith(o)
			res, err := r.Await(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if got := of(res.Socket()); got != c.here {
				t.Errorf("client: got %+v, want %+v", got, c.here)
			}
			io.Copy(io.Discard, res)
			if got := wait(t, states, "'secureConnection'"); got != c.atServer {
				t.Errorf("server: got %+v, want %+v", got, c.atServer)
			}
		})
	}
}

// TestRefusedPeers: who is not who it should be gets no request, and the error says why.
func TestRefusedPeers(t *testing.T) {
	other := certs.NewAuthority(t)
	stranger := certs.SelfSigned(t, "localhost", "127.0.0.1")
	for name, c := range map[string]struct {
		server   func(*https.ServerOptions, *certs.Authority)
		client   https.RequestOptions
		code     string // at the client
		atServer string // in 'tlsClientError', "" if any
	}{
		"unknown authority": {nil, https.RequestOptions{CA: other.PEM}, "UNABLE_TO_VERIFY_LEAF_SIGNATURE", ""},
		"self-signed": {func(o *https.ServerOptions, _ *certs.Authority) { o.Cert, o.Key = stranger.Cert, stranger.Key },
			https.RequestOptions{}, "DEPTH_ZERO_SELF_SIGNED_CERT", ""},
		"expired": {func(o *https.ServerOptions, a *certs.Authority) {
			pair := a.SignUntil(time.Now().Add(-time.Hour), "localhost", "127.0.0.1")
			o.Cert, o.Key = pair.Cert, pair.Key
		}, https.RequestOptions{}, "CERT_HAS_EXPIRED", ""},
		"not yet valid": {func(o *https.ServerOptions, a *certs.Authority) {
			pair := a.SignUntil(time.Now().Add(1000*time.Hour), "localhost", "127.0.0.1")
			o.Cert, o.Key = pair.Cert, pair.Key
		}, https.RequestOptions{}, "CERT_NOT_YET_VALID", ""},
		"another's name":         {nil, https.RequestOptions{ServerName: "other.test"}, "ERR_TLS_CERT_ALTNAME_INVALID", ""},
		"name of the Host field": {nil, https.RequestOptions{Headers: http.Headers{{"Host", "other.test"}}}, "ERR_TLS_CERT_ALTNAME_INVALID", ""},
		"the program's own check": {nil, https.RequestOptions{CheckServerIdentity: func(string, *x509.Certificate) error { return http.ErrAborted }},
			"ABORT_ERR", ""},
		"no certificate": {func(o *https.ServerOptions, a *certs.Authority) { o.CA, o.RequestCert = a.PEM, true },
			https.RequestOptions{}, "ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED", "ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE"},
		"too old a version": {func(o *https.ServerOptions, a *certs.Authority) { o.MinVersion = https.TLSv1_3 },
			https.RequestOptions{MaxVersion: https.TLSv1_2}, "EPROTO", "ERR_SSL_UNSUPPORTED_PROTOCOL"},
		"no common protocol": {func(o *https.ServerOptions, a *certs.Authority) { o.ALPNProtocols = []string{"a"} },
			https.RequestOptions{ALPNProtocols: []string{"b"}}, "EPROTO", "ERR_SSL_NO_APPLICATION_PROTOCOL"},
	} {
		t.Run(name, func(t *testing.T) {
			var options []func(*https.ServerOptions, *certs.Authority)
			if c.server != nil {
				options = append(options, c.server)
			}
			s := startSecure(t, func(*http.IncomingMessage, *http.ServerResponse) { t.Error("a request was sent") }, options...)
			failed := make(chan error, 2)
			s.OnTLSClientError(func(err error, sock *http.Socket) {
				if sock.RemoteAddress() != "127.0.0.1" {
					t.Errorf("the client is %q", sock.RemoteAddress())
				}
				failed <- err
			})
			told := make(chan error, 2)
			s.OnClientError(func(err error, _ *http.Socket) { told <- err })
			o := c.client
			if o.CA == nil {
				o.CA = s.authority.PEM
			}
			o.NoAgent = true
			if _, _, err := fetch(t, o, s.url("/")); code(err) != c.code {
				t.Errorf("client: got %v, want %s", err, c.code)
			}
			err := wait(t, failed, "'tlsClientError'")
			if c.atServer != "" && code(err) != c.atServer {
				t.Errorf("server: got %v, want %s", err, c.atServer)
			}
			if also := wait(t, told, "'clientError'"); also != err {
				t.Errorf("'clientError' has %v, 'tlsClientError' %v", also, err)
			}
		})
	}
}

// TestMistakenTLSOptions: what is no certificate, no key and no version is told at once,
// and no error shows a key.
func TestMistakenTLSOptions(t *testing.T) {
	a := certs.NewAuthority(t)
	one, two := a.Sign("one"), a.Sign("two")
	for name, o := range map[string]https.ServerOptions{
		"no certificate":        {Cert: []byte("x"), Key: one.Key},
		"no key":                {Cert: one.Cert, Key: []byte("x")},
		"key of another":        {Cert: one.Cert, Key: two.Key},
		"key alone":             {Key: one.Key},
		"no authority":          {Cert: one.Cert, Key: one.Key, CA: []byte("x")},
		"no version":            {Cert: one.Cert, Key: one.Key, MinVersion: "TLSv9"},
		"minimum above maximum": {Cert: one.Cert, Key: one.Key, MinVersion: https.TLSv1_3, MaxVersion: https.TLSv1_2},
	} {
		s, err := https.CreateServerWith(o)
		var e *http.Error
		if s != nil || !errors.As(err, &e) || e.Kind != "TypeError" {
			t.Errorf("%s: got %v, %v", name, s, err)
		} else if strings.Contains(err.Error(), "PRIVATE") || strings.Contains(fmt.Sprintf("%+v", e), string(one.Key[40:80])) {
			t.Errorf("%s: the error shows the key: %v", name, err)
		}
		agent := https.NewAgent(https.AgentOptions{Cert: o.Cert, Key: o.Key, CA: o.CA, MinVersion: o.MinVersion, MaxVersion: o.MaxVersion})
		if _, _, err := fetch(t, https.RequestOptions{Agent: agent}, "https://localhost:1/"); code(err) != code(e) {
			t.Errorf("%s: a request through such an agent: %v", name, err)
		}
	}
}

// TestHTTPAndHTTPSDoNotMix: the protocol of a request is that of its agent.
func TestHTTPAndHTTPSDoNotMix(t *testing.T) {
	s := startSecure(t, hello)
	a := s.agent(t, https.AgentOptions{})
	for name, r := range map[string]*http.ClientRequest{
		"http.Get of https":                 http.Get(s.url("/")),
		"https.Get of http":                 https.Get("http://localhost/"),
		"http without protocol by an agent": http.GetWith(http.RequestOptions{Host: "localhost", Agent: a}),
		"https by an agent of http":         https.GetWith(https.RequestOptions{Host: "localhost", Agent: http.NewAgent(http.AgentOptions{})}),
	} {
		if _, err := r.Await(t.Context()); code(err) != "ERR_INVALID_PROTOCOL" {
			t.Errorf("%s: %v", name, err)
		}
	}
	res, err := http.GetURLWith(s.url("/"), http.RequestOptions{Agent: a}).Await(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if b, err := io.ReadAll(res); string(b) != "hello" || err != nil {
		t.Errorf("an agent of https for a request of http: %q, %v", b, err)
	}
	r := https.GetWith(https.RequestOptions{Host: "localhost", Port: 443, CreateConnection: func(context.Context, http.ConnectOptions) (net.Conn, error) { return nil, http.ErrAborted }})
	r.Await(t.Context())
	if host := r.GetHeader("Host"); r.Protocol() != "https:" || host != "localhost" {
		t.Errorf("protocol %q, Host %q", r.Protocol(), host)
	}
}

// TestPlainHTTPToTheTLSPort: the client is told what is wrong, and the server, too.
func TestPlainHTTPToTheTLSPort(t *testing.T) {
	s := startSecure(t, hello)
	failed := make(chan error, 1)
	s.OnTLSClientError(func(err error, _ *http.Socket) { failed <- err })
	w := dial(t, s.Server.Server)
	w.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
	if res, body := w.response(); res.StatusCode != 400 || !strings.Contains(body, "HTTPS") {
		t.Errorf("got %d %q", res.StatusCode, body)
	}
	if err := wait(t, failed, "'tlsClientError'"); code(err) != "ERR_SSL_HTTP_REQUEST" {
		t.Error(err)
	}
}

// TestPlainHTTPToTheTLSPortEnds: a client that stays, one that resets, and a server that
// stops: the connection ends, and nothing of it is an error that nobody listens for.
func TestPlainHTTPToTheTLSPortEnds(t *testing.T) {
	for _, how := range []string{"stays", "resets", "server closes", "server shuts down"} {
		t.Run(how, func(t *testing.T) {
			s := startSecure(t, hello)
			failed := make(chan error, 1)
			sockets := make(chan *http.Socket, 1)
			s.OnTLSClientError(func(err error, sock *http.Socket) {
				sock.OnError(func(err error) { t.Error("the socket says", err) })
				failed <- err
				sockets <- sock
			})
			c, err := net.Dial("tcp", s.Address().String())
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			io.WriteString(c, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
			if b, err := io.ReadAll(c); err != nil || !strings.HasPrefix(string(b), "HTTP/1.1 400 ") {
				t.Errorf("got %q, %v", b, err)
			}
			switch how {
			case "resets":
				c.(*net.TCPConn).SetLinger(0)
				c.Close()
			case "server closes":
				s.CloseAllConnections()
			case "server shuts down":
				if err := s.Shutdown(t.Context()); err != nil {
					t.Error(err)
				}
			}
			if err := wait(t, failed, "'tlsClientError'"); code(err) != "ERR_SSL_HTTP_REQUEST" {
				t.Error(err)
			}
			sock := wait(t, sockets, "the socket")
			if !sock.Destroyed() {
				t.Error("the socket is not destroyed")
			}
			if how != "resets" { // the descriptor is closed: what the client sends is answered by a reset
				c.SetDeadline(time.Now().Add(10 * time.Second))
				for err = nil; err == nil; {
					_, err = io.WriteString(c, "more")
				}
				if errors.Is(err, os.ErrDeadlineExceeded) {
					t.Error("the server holds the connection")
				}
			}
		})
	}
}

// TestTLSToThePlainPort: the server answers that it does not understand, and the client
// says that the other does not speak TLS.
func TestTLSToThePlainPort(t *testing.T) {
	s := start(t, nil)
	failed := make(chan error, 1)
	s.OnClientError(func(err error, sock *http.Socket) {
		failed <- err
		sock.EndString("HTTP/1.1 400 Bad Request\r\n\r\n")
	})
	_, _, err := fetch(t, https.RequestOptions{NoAgent: true}, "https://"+s.Address().String())
	if code(err) != "EPROTO" || !strings.Contains(err.Error(), "does not speak TLS") {
		t.Errorf("client: %v", err)
	}
	if err := wait(t, failed, "'clientError'"); code(err) != "HPE_INVALID_METHOD" {
		t.Errorf("server: %v", err)
	}
}

// TestTruncatedBody: a body that its connection's end delimits is complete only if the
// peer has said so; one whose length is known does not care.
func TestTruncatedBody(t *testing.T) {
	const closes, counts = "HTTP/1.1 200 OK\r\n\r\nhello", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello"
	for name, c := range map[string]struct {
		answer    string
		notify    bool
		truncated bool
	}{
		"by the end, said":        {closes, true, false},
		"by the end, not said":    {closes, false, true},
		"by its length, said":     {counts, true, false},
		"by its length, not said": {counts, false, false},
	} {
		for _, push := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, push %v", name, push), func(t *testing.T) {
				leak.Check(t)
				a := certs.NewAuthority(t)
				l := listenTLS(t, &tls.Config{Certificates: []tls.Certificate{a.Sign("127.0.0.1").TLS()}}, func(conn *tls.Conn) {
					nethttp.ReadRequest(bufio.NewReader(conn))
					io.WriteString(conn, c.answer)
					if c.notify {
						conn.CloseWrite()
					}
					conn.NetConn().Close()
				})
				type ended struct {
					body     []byte
					err      error
					complete bool
				}
				done := make(chan ended, 1)
				r := https.GetURLWith("https://"+l, https.RequestOptions{NoAgent: true, CA: a.PEM}, func(res *http.IncomingMessage) {
					var e ended
					if !push {
						e.body, e.err = io.ReadAll(res)
						e.complete = res.Complete()
						done <- e
						return
					}
					res.OnData(func(b []byte) { e.body = append(e.body, b...) })
					res.OnError(func(err error) { e.err = err })
					res.OnClose(func() {
						e.complete = res.Complete()
						done <- e
					})
				})
				r.OnError(func(err error) { t.Error(err) })
				got := wait(t, done, "the end of the response")
				body, err := got.body, got.err
				if string(body) != "hello" {
					t.Errorf("got %q", body)
				}
				if c.truncated != (code(err) == "ECONNRESET") || !c.truncated && err != nil || got.complete == c.truncated {
					t.Errorf("the error is %v, complete %v", err, got.complete)
				}
			})
		}
	}
}

// listenTLS gives each connection to serve until the test ends, and returns the address.
func listenTLS(t testing.TB, config *tls.Config, serve func(*tls.Conn)) string {
	t.Helper()
	l, err := tls.Listen("tcp", "127.0.0.1:0", config)
	if err != nil {
		t.Fatal(err)
	}
	var open sync.WaitGroup
	t.Cleanup(func() {
		l.Close()
		open.Wait()
	})
	open.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			open.Go(func() {
				defer c.Close()
				c.SetDeadline(time.Now().Add(patience))
				serve(c.(*tls.Conn))
			})
		}
	})
	return l.Addr().String()
}

// TestDestroyedResponseLooksCutOff: a response that its server gives up ends without
// close_notify, one that is over with it.
func TestDestroyedResponseLooksCutOff(t *testing.T) {
	for _, destroyed := range []bool{true, false} {
		s := startSecure(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
			res.RemoveHeader("Transfer-Encoding") // delimited by the end
			res.Write([]byte("part"))
			if destroyed {
				res.Destroy()
			} else {
				res.End()
			}
		})
		conn, err := net.Dial("tcp", s.Address().String())
		if err != nil {
			t.Fatal(err)
		}
		recorded := &recorder{Conn: conn}
		c := tls.Client(recorded, &tls.Config{RootCAs: s.authority.Pool(), ServerName: "localhost"})
		w := onWire(t, c)
		w.send("GET / HTTP/1.0\r\n\r\n")
		b, err := io.ReadAll(c)
		if !strings.Contains(string(b), "part") && !destroyed || err != nil && !destroyed {
			t.Fatalf("got %q, %v", b, err)
		}
		// crypto/tls takes both for io.EOF: only with close_notify it does not look at the
		// connection's end.
		if saw := recorded.ended.Load(); saw != destroyed {
			t.Errorf("destroyed %v: the end of the connection was seen: %v", destroyed, saw)
		}
	}
}

// recorder notes the end of what it reads, and what it reads.
type recorder struct {
	net.Conn
	ended atomic.Bool
	mu    sync.Mutex
	read  bytes.Buffer
}

func (r *recorder) Read(p []byte) (int, error) {
	n, err := r.Conn.Read(p)
	if err != nil {
		r.ended.Store(true)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.read.Write(p[:n])
	return n, err
}

// records returns the sizes of the records of application data, in order.
func (r *recorder) records() (sizes []int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for b := r.read.Bytes(); len(b) >= 5; {
		n := int(b[3])<<8 | int(b[4])
		if b[0] == 23 {
			sizes = append(sizes, n)
		}
		b = b[min(5+n, len(b)):]
	}
	return sizes
}

// TestHeadAndChunkAreOneRecord: an answer that is sent at once is one record, and one that
// is large is full ones.
func TestHeadAndChunkAreOneRecord(t *testing.T) {
	s := startSecure(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		switch req.URL() {
		case "/end":
			res.EndString("hello")
		case "/chunks":
			res.WriteString("hello")
			res.EndString("there")
		case "/large":
			res.SetHeader("Content-Length", "163840")
			res.EndChunk(large[:10*16384])
		}
	})
	for path, most := range map[string]int{"/end": 1, "/chunks": 2, "/large": 11} {
		conn, err := net.Dial("tcp", s.Address().String())
		if err != nil {
			t.Fatal(err)
		}
		recorded := &recorder{Conn: conn}
		c := tls.Client(recorded, &tls.Config{RootCAs: s.authority.Pool(), ServerName: "localhost", SessionTicketsDisabled: true})
		w := onWire(t, c)
		if err := c.Handshake(); err != nil {
			t.Fatal(err)
		}
		w.send("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n")
		w.response()
		before := 4 // EncryptedExtensions, Certificate, CertificateVerify and Finished
		if got := recorded.records(); len(got) < before+1 || len(got) > before+most {
			t.Errorf("%s: %d records: %v", path, len(got)-before, got)
		}
	}
}

// TestHalfClosedSecureClient: a client that has ended its half is answered.
func TestHalfClosedSecureClient(t *testing.T) {
	s := startSecure(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		io.Copy(io.Discard, req)
		res.EndString("late")
	})
	c, w := s.dial(t)
	w.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi")
	if err := c.CloseWrite(); err != nil {
		t.Fatal(err)
	}
	if _, body := w.response(); body != "late" {
		t.Errorf("got %q", body)
	}
	if rest := w.rest(); rest != "" {
		t.Errorf("and %q", rest)
	}
}

// TestSecureUpgrade: a socket that is handed over is a stream in both directions, whoever
// is slow, and ends with its halves.
func TestSecureUpgrade(t *testing.T) {
	s := startSecure(t, nil)
	s.OnUpgrade(func(_ *http.IncomingMessage, sock *http.Socket, head []byte) {
		sock.WriteString("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n")
		go func() {
			sock.Write(head)
			io.Copy(sock, sock)
			sock.CloseWrite()
		}()
	})
	r := https.RequestURLWith(s.url("/"), https.RequestOptions{NoAgent: true, CA: s.authority.PEM, Headers: http.Headers{{"Connection", "upgrade"}, {"Upgrade", "echo"}}})
	got := make(chan *http.Socket, 1)
	r.OnUpgrade(func(_ *http.IncomingMessage, sock *http.Socket, _ []byte) { got <- sock })
	r.End()
	sock := wait(t, got, "'upgrade'")
	defer sock.Destroy()
	body := large[:4<<20]
	sent := make(chan error, 1)
	go func() {
		_, err := sock.Write(body)
		for _, c := range []byte("and some small pieces") {
			sock.Write([]byte{c})
		}
		sock.CloseWrite()
		sent <- err
	}()
	sock.SetReadDeadline(time.Now().Add(patience))
	b, err := io.ReadAll(sock)
	if want := string(body) + "and some small pieces"; string(b) != want || err != nil {
		t.Errorf("got %d bytes of %d, %v", len(b), len(want), err)
	}
	if err := wait(t, sent, "everything to be written"); err != nil {
		t.Error(err)
	}
}

// TestSecureDeadlines: a read that is late fails, and what comes afterwards is read; a write
// that is late fails, and what it has sent is whole.
func TestSecureDeadlines(t *testing.T) {
	s := startSecure(t, nil)
	served := make(chan *http.Socket, 1)
	s.OnConnect(func(_ *http.IncomingMessage, sock *http.Socket, _ []byte) {
		sock.WriteString("HTTP/1.1 200 OK\r\n\r\n")
		served <- sock
	})
	c, w := s.dial(t)
	w.send("CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n")
	w.expect("HTTP/1.1 200 OK\r\n\r\n")
	sock := wait(t, served, "'connect'")
	defer sock.Destroy()
	sock.SetReadDeadline(time.Now().Add(10 * time.Millisecond))
	if _, err := sock.Read(make([]byte, 10)); code(err) != "ETIMEDOUT" {
		t.Fatalf("read: %v", err)
	}
	sock.SetReadDeadline(time.Time{})
	c.Write([]byte("hello"))
	if n, err := io.ReadFull(sock, make([]byte, 5)); err != nil {
		t.Fatalf("read afterwards: %d, %v", n, err)
	}
	sock.SetWriteDeadline(time.Now().Add(200 * time.Millisecond))
	var accepted []byte
	var err error
	for err == nil { // the client does not read, and the system holds no more at some time
		var n int
		n, err = sock.Write(large[:4<<20])
		accepted = append(accepted, large[:n]...)
	}
	if code(err) != "ETIMEDOUT" {
		t.Fatalf("write: %v after %d bytes", err, len(accepted))
	}
	sock.SetWriteDeadline(time.Time{})
	go sock.EndString("end")
	b, err := io.ReadAll(w.r)
	if want := string(accepted) + "end"; string(b) != want || err != nil {
		t.Errorf("got %d bytes, %v; %d were accepted", len(b), err, len(want))
	}
}

// TestSlowSecureReader: what the peer does not take waits until it does, and arrives whole.
func TestSlowSecureReader(t *testing.T) {
	drained, sent := make(chan struct{}), make(chan int, 1)
	s := startSecure(t, func(_ *http.IncomingMessage, res *http.ServerResponse) {
		n := 1
		for res.WriteChunk(large[:1<<20]) { // until the system holds no more
			n++
		}
		sent <- n << 20
		res.OnDrain(func() {
			close(drained)
			res.EndString("end")
		})
	})
	_, w := s.dial(t)
	w.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
	n := wait(t, sent, "the system to be full")
	if _, body := w.response(); len(body) != n+3 || body[n:] != "end" || strings.Count(body, string(large[:1<<20])) != n>>20 {
		t.Errorf("got %d bytes of %d", len(body), n+3)
	}
	wait(t, drained, "'drain'")
}

// TestCertificateIsReplaced: new connections get the new one, those that are open stay.
func TestCertificateIsReplaced(t *testing.T) {
	s := startSecure(t, hello)
	old, w := s.dial(t)
	next := s.authority.Sign("localhost", "127.0.0.1")
	if err := s.SetSecureContextWith(https.ServerOptions{Cert: next.Cert, Key: []byte("no key")}); code(err) != "ERR_INVALID_ARG_VALUE" {
		t.Errorf("a key that is none: %v", err)
	}
	if c, _ := s.dial(t); !c.ConnectionState().PeerCertificates[0].Equal(old.ConnectionState().PeerCertificates[0]) {
		t.Error("a mistake has changed the certificate")
	}
	if err := s.SetSecureContextWith(https.ServerOptions{Cert: next.Cert, Key: next.Key}); err != nil {
		t.Fatal(err)
	}
	if c, _ := s.dial(t); !bytes.Equal(c.ConnectionState().PeerCertificates[0].Raw, next.TLS().Certificate[0]) {
		t.Error("a new connection has the old certificate")
	}
	w.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
	if _, body := w.response(); body != "hello" {
		t.Errorf("the old connection: %q", body)
	}
}

// TestKeyLog: the secrets of both ends, as tools read them.
func TestKeyLog(t *testing.T) {
	var mu sync.Mutex
	logs := map[string]*bytes.Buffer{"server": {}, "client": {}}
	to := func(end string) io.Writer {
		return writerFunc(func(p []byte) (int, error) {
			mu.Lock()
			defer mu.Unlock()
			return logs[end].Write(p)
		})
	}
	s := startSecure(t, hello, func(o *https.ServerOptions, _ *certs.Authority) { o.KeyLog = to("server") })
	if _, _, err := fetch(t, https.RequestOptions{NoAgent: true, CA: s.authority.PEM, KeyLog: to("client")}, s.url("/")); err != nil {
		t.Fatal(err)
	}
	mu.Lock()
	defer mu.Unlock()
	if a, b := logs["server"].String(), logs["client"].String(); a != b || !strings.Contains(a, "CLIENT_TRAFFIC_SECRET_0 ") {
		t.Errorf("server %q, client %q", a, b)
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

// TestTransportOverHTTPS: an http.Client of net/http over an agent of https, which a
// redirection leads away from TLS and back.
func TestTransportOverHTTPS(t *testing.T) {
	var s *secured
	plain := start(t, func(_ *http.IncomingMessage, res *http.ServerResponse) {
		res.WriteHead(302, http.Headers{{"Location", s.url("/end")}})
		res.End()
	})
	s = startSecure(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		if req.URL() == "/end" {
			res.EndString("the end")
			return
		}
		res.WriteHead(302, http.Headers{{"Location", url(plain, "/")}})
		res.End()
	})
	transport := adapt.NewTransport(s.agent(t, https.AgentOptions{KeepAlive: true}))
	t.Cleanup(transport.CloseIdleConnections)
	res, err := (&nethttp.Client{Transport: transport, Timeout: patience}).Get(s.url("/"))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if b, err := io.ReadAll(res.Body); string(b) != "the end" || err != nil {
		t.Errorf("got %q, %v", b, err)
	}
	if res.TLS == nil || !res.TLS.HandshakeComplete {
		t.Error("the response does not say that it came over TLS")
	}
}

// TestMountedOverTLS: a handler of net/http sees the TLS of its request.
func TestMountedOverTLS(t *testing.T) {
	s := startSecure(t, nil)
	adapt.Mount(s.Server.Server, nethttp.HandlerFunc(func(w nethttp.ResponseWriter, r *nethttp.Request) {
		fmt.Fprint(w, r.Proto, " ", r.TLS != nil && r.TLS.HandshakeComplete && r.TLS.ServerName == "localhost")
	}))
	_, w := s.dial(t)
	w.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
	if _, body := w.response(); body != "HTTP/1.1 true" {
		t.Errorf("got %q", body)
	}
}
