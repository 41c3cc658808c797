package adapters

// Another TLS stack below https: it sends the ClientHello of a browser, under a request whose
// header fields have the browser's order and case.

import (
	"context"
	stdtls "crypto/tls"
	"io"
	"net"
	"slices"
	"strconv"
	"testing"
	"time"

	utls "github.com/refraction-networking/utls"

	"nodehttp/generated/http"
	"nodehttp/generated/https"
	"nodehttp/tests/certs"
)

// asChrome connects as Chrome does. It is all that a program needs.
func asChrome(ctx context.Context, o http.ConnectOptions) (net.Conn, error) {
	var d net.Dialer
	c, err := d.DialContext(ctx, "tcp", net.JoinHostPort(o.Host, strconv.Itoa(o.Port)))
	if err != nil {
		return nil, err
	}
	u := utls.UClient(c, &utls.Config{ServerName: o.TLS.ServerName, RootCAs: o.TLS.RootCAs}, utls.HelloChrome_Auto)
	if err := u.HandshakeContext(ctx); err != nil {
		c.Close()
		return nil, err
	}
	return u, nil
}

// fields are what the browser sends, in its order and case.
var fields = http.Headers{
	{"Host", "localhost"},
	{"Connection", "keep-alive"},
	{"sec-ch-ua-platform", `"Linux"`},
	{"User-Agent", "Mozilla/5.0"},
	{"Accept", "*/*"},
	{"Sec-Fetch-Site", "same-origin"},
	{"Accept-Encoding", "gzip, deflate, br"},
}

// TestBrowsersHello: the server sees the browser's hello and its head, on a connection that
// the agent keeps.
func TestBrowsersHello(t *testing.T) {
	authority := certs.NewAuthority(t)
	hellos := make(chan *stdtls.ClientHelloInfo, 4)
	heads := make(chan http.Headers, 4)
	pair := authority.Sign("localhost").TLS()
	server, err := https.CreateServerWith(https.ServerOptions{TLS: &stdtls.Config{
		GetCertificate: func(hello *stdtls.ClientHelloInfo) (*stdtls.Certificate, error) {
			hellos <- hello
			return &pair, nil
		},
	}}, func(req *http.IncomingMessage, res *http.ServerResponse) {
		heads <- req.RawHeaders()
		res.EndString("hello")
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := server.ListenWith(http.ListenOptions{Host: "127.0.0.1"}); err != nil {
		t.Fatal(err)
	}
	defer server.CloseAllConnections()
	defer server.Close()

	ctx, stop := context.WithTimeout(t.Context(), 30*time.Second)
	defer stop()
	agent := https.NewAgent(https.AgentOptions{KeepAlive: true, CA: authority.PEM, CreateConnection: asChrome, ServerName: "localhost"})
	defer agent.Destroy()
	setHost := false
	for i := range 2 {
		res, err := https.GetWith(https.RequestOptions{
			Host: "127.0.0.1", Port: server.Address().(*net.TCPAddr).Port, Agent: agent, Headers: fields, SetHost: &setHost,
		}).Await(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if body, err := io.ReadAll(res); string(body) != "hello" || err != nil {
			t.Fatalf("got %q, %v", body, err)
		}
		if got := <-heads; !slices.Equal(got, fields) {
			t.Errorf("request %d has the head\n%q, want\n%q", i, got, fields)
		}
	}
	hello := <-hellos
	if len(hellos) > 0 {
		t.Error("the second request has a connection of its own")
	}
	grease := func(id uint16) bool { return id&0x0f0f == 0x0a0a && id>>8 == id&0xff }
	if !grease(hello.CipherSuites[0]) || !grease(uint16(hello.SupportedCurves[0])) || hello.ServerName != "localhost" ||
		!slices.Equal(hello.SupportedProtos, []string{"h2", "http/1.1"}) {
		t.Errorf("the hello is not Chrome's: %+v", hello)
	}
}
