package https_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"time"

	"nodehttp/generated/http"
	"nodehttp/generated/https"
)

// A server with a certificate, and a client that believes whoever has signed that.
func Example() {
	certificate, key, err := selfSigned("localhost")
	if err != nil {
		log.Fatal(err)
	}
	server, err := https.CreateServerWith(https.ServerOptions{Cert: certificate, Key: key},
		func(request *http.IncomingMessage, response *http.ServerResponse) {
			response.EndString("hello over TLS")
		})
	if err != nil {
		log.Fatal(err)
	}
	if err := server.ListenWith(http.ListenOptions{Host: "127.0.0.1"}); err != nil {
		log.Fatal(err)
	}
	defer server.Close()

	agent := https.NewAgent(https.AgentOptions{KeepAlive: true, CA: certificate, ServerName: "localhost"})
	defer agent.Destroy()
	request := https.GetWith(https.RequestOptions{Host: "127.0.0.1", Port: server.Address().(*net.TCPAddr).Port, Agent: agent})
	done := make(chan struct{})
	request.OnResponse(func(response *http.IncomingMessage) {
		defer close(done)
		authorized, _ := response.Socket().Authorized()
		body, err := io.ReadAll(response)
		fmt.Println(authorized, string(body), err)
	})
	<-done
	// Output: true hello over TLS <nil>
}

// A certificate is renewed while the server runs; GetCertificate of a tls.Config chooses
// one for each client.
func ExampleServer_SetSecureContextWith() {
	server, err := https.CreateServer()
	if err != nil {
		log.Fatal(err)
	}
	certificate, key, err := selfSigned("localhost")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(server.SetSecureContextWith(https.ServerOptions{Cert: certificate, Key: key}))
	fmt.Println(server.SetSecureContextWith(https.ServerOptions{TLS: &tls.Config{
		GetCertificate: func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
			pair, err := tls.X509KeyPair(certificate, key) // whatever is right for hello.ServerName
			return &pair, err
		},
	}}))
	// Output:
	// <nil>
	// <nil>
}

// selfSigned makes a certificate as a test needs one.
func selfSigned(name string) (certificate, key []byte, err error) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), DNSNames: []string{name}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		return nil, nil, err
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
		pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}), err
}
