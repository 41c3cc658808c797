package main

import (
	"fmt"
	"io"
	"net"
	nethttp "net/http"
	"net/http/httptest"
	neturl "net/url"
	"strings"
	"testing"
)

func TestBothWays(t *testing.T) {
	answer := nethttp.HandlerFunc(func(w nethttp.ResponseWriter, r *nethttp.Request) {
		body, _ := io.ReadAll(r.Body)
		fmt.Fprintf(w, "%s %s %s", r.Method, r.URL, body)
	})
	plain, secure := httptest.NewServer(answer), httptest.NewTLSServer(answer)
	defer plain.Close()
	defer secure.Close()

	server := newServer()
	listening := make(chan struct{})
	if err := server.Listen(0, func() { close(listening) }); err != nil {
		t.Fatal(err)
	}
	<-listening
	proxy := &neturl.URL{Scheme: "http", Host: fmt.Sprintf("127.0.0.1:%d", server.Address().(*net.TCPAddr).Port)}

	transport := secure.Client().Transport.(*nethttp.Transport).Clone()
	transport.Proxy = nethttp.ProxyURL(proxy)
	client := &nethttp.Client{Transport: transport}
	for _, url := range []string{plain.URL, secure.URL} {
		res, err := client.Post(url+"/a?b", "text/plain", strings.NewReader("hi"))
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		res.Body.Close()
		if string(body) != "POST /a?b hi" || err != nil {
			t.Errorf("%s answers %q, %v", url, body, err)
		}
	}
	transport.CloseIdleConnections()
	done := make(chan struct{})
	server.Close(func(error) { close(done) })
	<-done
}
