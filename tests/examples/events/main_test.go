package main

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"nodehttp/generated/http"
)

func TestEventsUntilTheClientLeaves(t *testing.T) {
	server := newServer(time.Millisecond)
	listening := make(chan struct{})
	if err := server.Listen(0, func() { close(listening) }); err != nil {
		t.Fatal(err)
	}
	<-listening
	res, err := http.Get(fmt.Sprintf("http://127.0.0.1:%d/", server.Address().(*net.TCPAddr).Port)).Await(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if got := res.Header("Content-Type"); got != "text/event-stream" {
		t.Errorf("the type is %q", got)
	}
	ids := 0
	for lines := bufio.NewScanner(res); ids < 3 && lines.Scan(); {
		if strings.HasPrefix(lines.Text(), "id: ") {
			ids++
		}
	}
	if ids != 3 {
		t.Errorf("%d events came", ids)
	}
	res.Destroy()
	done := make(chan struct{})
	server.Close(func(error) { close(done) })
	<-done // the server sends nothing to who has left
}
