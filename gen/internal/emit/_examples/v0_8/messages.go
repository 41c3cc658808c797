package http_test

import (
	"fmt"
	"io"
	"log"
	"net"

	http "nodehttp/generated/v0_8"
)

// In this version a body flows as soon as its message has been emitted. A listener
// that reads it later pauses it first.
func ExampleServerRequest() {
	server := http.CreateServer(func(request *http.ServerRequest, response *http.ServerResponse) {
		request.Pause()
		go func() {
			body, _ := io.ReadAll(request)
			response.EndChunk(body)
		}()
	})
	if err := server.ListenHost(0, "127.0.0.1"); err != nil {
		log.Fatal(err)
	}
	defer server.Close()

	done := make(chan struct{})
	request := http.RequestWith(http.RequestOptions{
		Host:   "127.0.0.1",
		Port:   server.Address().(*net.TCPAddr).Port,
		Method: "POST",
	}, func(response *http.ClientResponse) {
		response.OnData(func(chunk []byte) { fmt.Println(string(chunk)) })
		response.OnEnd(func() { close(done) })
	})
	request.EndString("not lost")
	<-done
	// Output: not lost
}

// A Client is the older way to make requests, over one connection.
func ExampleClient() {
	server := http.CreateServer(func(request *http.ServerRequest, response *http.ServerResponse) {
		response.EndString(request.Method() + " " + request.URL())
	})
	if err := server.ListenHost(0, "127.0.0.1"); err != nil {
		log.Fatal(err)
	}
	defer server.Close()

	client := http.CreateClient(server.Address().(*net.TCPAddr).Port, "127.0.0.1")
	for _, path := range []string{"/one", "/two"} {
		done := make(chan struct{})
		request := client.Request("GET", path)
		request.OnResponse(func(response *http.ClientResponse) {
			response.OnData(func(chunk []byte) { fmt.Println(string(chunk)) })
			response.OnEnd(func() { close(done) })
		})
		request.End()
		<-done
	}
	// Output:
	// GET /one
	// GET /two
}
