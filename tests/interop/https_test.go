//go:build interop

package interop

// https with curl, openssl and Node at the other end.

import (
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"nodehttp/generated/http"
	"nodehttp/generated/https"
	"nodehttp/tests/certs"
)

// secureFiles are a server's and a client's certificates on disk, as other programs want
// them, and an authority that has signed both.
type secureFiles struct {
	authority             *certs.Authority
	server, client        certs.Pair
	ca, cert, key         string
	clientCert, clientKey string
}

func newSecureFiles(t *testing.T) *secureFiles {
	a := certs.NewAuthority(t)
	f := &secureFiles{authority: a, server: a.Sign("localhost", "127.0.0.1"), client: a.Sign("client")}
	write := func(name string, pem []byte) string {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, pem, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	f.ca, f.cert, f.key = write("ca.pem", a.PEM), write("cert.pem", f.server.Cert), write("key.pem", f.server.Key)
	f.clientCert, f.clientKey = write("client.pem", f.client.Cert), write("client.key", f.client.Key)
	return f
}

// serve answers with who the client is, and what it has sent.
func (f *secureFiles) serve(t *testing.T) string {
	no := false
	s, err := https.CreateServerWith(https.ServerOptions{Cert: f.server.Cert, Key: f.server.Key, CA: f.authority.PEM, RequestCert: true, RejectUnauthorized: &no},
		func(req *http.IncomingMessage, res *http.ServerResponse) {
			ok, _ := req.Socket().Authorized()
			sock := req.Socket()
			n, err := io.Copy(io.Discard, req)
			res.EndString(fmt.Sprintln(ok, sock.ALPNProtocol(), n, err))
		})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.ListenWith(http.ListenOptions{Host: "127.0.0.1"}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeServer(t, s.Server) })
	return s.Address().String()
}

func TestCurlOverTLS(t *testing.T) {
	f := newSecureFiles(t)
	url := "https://" + strings.Replace(f.serve(t), "127.0.0.1", "localhost", 1) + "/"
	for want, args := range map[string][]string{
		"false http/1.1 0 <nil>\n":       {"--cacert", f.ca, url},
		"true http/1.1 0 <nil>\n":        {"--cacert", f.ca, "--cert", f.clientCert, "--key", f.clientKey, url},
		"false http/1.1 3145728 <nil>\n": {"--cacert", f.ca, "--http1.1", "--data-binary", "@-", url},
	} {
		if got := curl(t, strings.NewReader(strings.Repeat("x", 3<<20)), args...); got != want {
			t.Errorf("curl %q: got %q, want %q", args, got, want)
		}
	}
	if got := curl(t, nil, "--cacert", f.ca, "--tls-max", "1.2", url, url); strings.Count(got, "false http/1.1 0") != 2 {
		t.Errorf("TLS 1.2, twice: %q", got)
	}
	if out, err := exec.Command("curl", "-q", "-sS", url).CombinedOutput(); err == nil {
		t.Errorf("curl believes a server that nobody vouches for: %s", out)
	}
	plain := strings.Replace(url, "https:", "http:", 1)
	if out, _ := exec.Command("curl", "-q", "-sS", plain).CombinedOutput(); !strings.Contains(string(out), "HTTPS") {
		t.Errorf("HTTP to the port of https: %s", out)
	}
}

// TestOpensslChangesItsKeys: a key update in the middle of a connection.
func TestOpensslChangesItsKeys(t *testing.T) {
	f := newSecureFiles(t)
	command := exec.Command("openssl", "s_client", "-CAfile", f.ca, "-connect", f.serve(t))
	in, err := command.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		defer in.Close()
		for _, line := range []string{"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", "K\n", "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"} {
			io.WriteString(in, line)
			time.Sleep(300 * time.Millisecond) // openssl takes a line as a command only if it comes alone
		}
	}()
	out, _ := command.CombinedOutput()
	if s := string(out); strings.Count(s, "HTTP/1.1 200 OK") != 2 || !strings.Contains(s, "KEYUPDATE") {
		t.Errorf("got %s", s)
	}
}

// TestNodeOverTLS: real Node at either end, with sessions that are resumed.
func TestNodeOverTLS(t *testing.T) {
	node := os.Getenv("NODEHTTP_NODE19")
	if node == "" {
		t.Fatal("NODEHTTP_NODE19 names no Node")
	}
	f := newSecureFiles(t)
	_, port, _ := net.SplitHostPort(f.serve(t))
	const client = `
		const https = require('https'), fs = require('fs');
		const [ca, port] = process.argv.slice(1);
		const agent = new https.Agent({ ca: fs.readFileSync(ca) });
		const get = (done) => https.get({ host: 'localhost', family: 4, port, agent }, (res) => {
			const resumed = res.socket.isSessionReused();
			res.resume().on('end', () => { console.log(res.statusCode, resumed); setTimeout(done, 50); });
		});
		get(() => get(() => {}));`
	out, err := exec.Command(node, "-e", client, "--", f.ca, port).CombinedOutput()
	if string(out) != "200 false\n200 true\n" || err != nil {
		t.Errorf("Node as client: %s, %v", out, err)
	}

	const server = `
		const https = require('https'), fs = require('fs');
		const [cert, key, ca] = process.argv.slice(1).map((name) => fs.readFileSync(name));
		const s = https.createServer({ cert, key, ca, requestCert: true }, (req, res) => {
			res.end(req.socket.getPeerCertificate().subject.CN + ' ' + req.socket.isSessionReused());
		}).listen(0, '127.0.0.1', () => console.log(s.address().port));
		process.stdin.on('end', () => process.exit()).resume();`
	command := exec.Command(node, "-e", server, "--", f.cert, f.key, f.ca)
	stdin, _ := command.StdinPipe()
	stdout, _ := command.StdoutPipe()
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	defer command.Wait()
	defer stdin.Close()
	var number int
	if _, err := fmt.Fscan(stdout, &number); err != nil {
		t.Fatal(err)
	}
	agent := https.NewAgent(https.AgentOptions{CA: f.authority.PEM, Cert: f.client.Cert, Key: f.client.Key})
	defer agent.Destroy()
	for _, want := range []string{"client false", "client true"} {
		res, err := https.GetWith(https.RequestOptions{Host: "127.0.0.1", Port: number, Agent: agent}).Await(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if b, err := io.ReadAll(res); string(b) != want || err != nil {
			t.Errorf("Node as server: %q, %v, want %q", b, err, want)
		}
	}
}
