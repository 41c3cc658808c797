package main

import (
	"context"
	"fmt"
	"net"
	"strings"
	"testing"

	"github.com/coder/websocket"
)

func TestEcho(t *testing.T) {
	server := newServer()
	listening := make(chan struct{})
	if err := server.Listen(0, func() { close(listening) }); err != nil {
		t.Fatal(err)
	}
	<-listening
	ctx := context.Background()
	connection, _, err := websocket.Dial(ctx, fmt.Sprintf("ws://127.0.0.1:%d", server.Address().(*net.TCPAddr).Port), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, message := range []string{"one", "", strings.Repeat("long ", 5000)} {
		if err := connection.Write(ctx, websocket.MessageText, []byte(message)); err != nil {
			t.Fatal(err)
		}
		kind, got, err := connection.Read(ctx)
		if err != nil || kind != websocket.MessageText || string(got) != message {
			t.Fatalf("%q came back as %q, %v", message, got, err)
		}
	}
	if err := connection.Close(websocket.StatusNormalClosure, ""); err != nil {
		t.Error(err)
	}
	done := make(chan struct{})
	server.Close(func(error) { close(done) })
	<-done
}
