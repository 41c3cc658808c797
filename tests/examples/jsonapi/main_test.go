package main

import (
	"fmt"
	"io"
	"net"
	nethttp "net/http"
	"strings"
	"testing"

	"nodehttp/generated/http"
)

func start(t *testing.T, server *http.Server) string {
	t.Helper()
	listening := make(chan struct{})
	if err := server.Listen(0, func() { close(listening) }); err != nil {
		t.Fatal(err)
	}
	<-listening
	return fmt.Sprintf("http://127.0.0.1:%d", server.Address().(*net.TCPAddr).Port)
}

func TestNotes(t *testing.T) {
	server := newServer()
	url := start(t, server)
	for _, c := range []struct {
		method, path, body string
		status             int
		want               string
	}{
		{"GET", "/notes", "", 200, `[]`},
		{"POST", "/notes", `{"text":"buy milk"}`, 201, `{"text":"buy milk"}`},
		{"GET", "/notes", "", 200, `[{"text":"buy milk"}]`},
		{"POST", "/notes", `{"text":`, 400, `{"error":"the body must be {\"text\": \"...\"}"}`},
		{"POST", "/notes", strings.Repeat(" ", maxBody+1), 413, `{"error":"the body is too long"}`},
		{"DELETE", "/notes", "", 405, `{"error":"GET or POST only"}`},
		{"GET", "/", "", 404, `{"error":"no such resource"}`},
	} {
		req, err := nethttp.NewRequest(c.method, url+c.path, strings.NewReader(c.body))
		if err != nil {
			t.Fatal(err)
		}
		res, err := nethttp.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		res.Body.Close()
		if err != nil || res.StatusCode != c.status || string(body) != c.want {
			t.Errorf("%s %s: %d %s %v", c.method, c.path, res.StatusCode, body, err)
		}
	}
	nethttp.DefaultClient.CloseIdleConnections()
	if err := server.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
}
