package http_test

import (
	"context"
	"fmt"
	"io"
	"log"
	"os"
	"strings"

	"nodehttp/generated/http"
)

// A message is an io.Reader, so a server that sends a body back is one line.
func ExampleIncomingMessage() {
	server := http.CreateServer(func(request *http.IncomingMessage, response *http.ServerResponse) {
		io.Copy(response, request)
		response.End()
	})
	if err := server.ListenWith(http.ListenOptions{Host: "127.0.0.1"}); err != nil {
		log.Fatal(err)
	}
	defer server.Close()

	request := http.RequestURLWith("http://"+server.Address().String(), http.RequestOptions{Method: "POST"})
	request.EndString("there and back\n")
	response, err := request.Await(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	io.Copy(os.Stdout, response)
	// Output: there and back
}

// Who needs no more of a body closes the message.
func ExampleIncomingMessage_Close() {
	server := http.CreateServer(func(request *http.IncomingMessage, response *http.ServerResponse) {
		response.EndString("first line\nsecond line\n")
	})
	if err := server.ListenWith(http.ListenOptions{Host: "127.0.0.1"}); err != nil {
		log.Fatal(err)
	}
	defer server.Close()

	response, err := http.Get("http://" + server.Address().String()).Await(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	defer response.Close()
	line := make([]byte, 10)
	_, err = io.ReadFull(response, line)
	fmt.Println(string(line), err)
	// Output: first line <nil>
}

// Node's way to receive a body.
func ExampleIncomingMessage_OnData() {
	server := http.CreateServer(func(request *http.IncomingMessage, response *http.ServerResponse) {
		var body strings.Builder
		request.OnData(func(chunk []byte) { body.Write(chunk) })
		request.OnEnd(func() { response.EndString(strings.ToUpper(body.String())) })
	})
	if err := server.ListenWith(http.ListenOptions{Host: "127.0.0.1"}); err != nil {
		log.Fatal(err)
	}
	defer server.Close()

	done := make(chan struct{})
	request := http.RequestURLWith("http://"+server.Address().String(), http.RequestOptions{Method: "POST"},
		func(response *http.IncomingMessage) {
			response.OnData(func(chunk []byte) { fmt.Println(string(chunk)) })
			response.OnEnd(func() { close(done) })
		})
	request.EndString("louder")
	<-done
	// Output: LOUDER
}

// Back-pressure in Node's way: a listener that cannot keep up pauses the body,
// and the peer has to wait.
func ExampleIncomingMessage_Pause() {
	server := http.CreateServer(func(request *http.IncomingMessage, response *http.ServerResponse) {
		response.EndString(strings.Repeat("x", 1<<20))
	})
	if err := server.ListenWith(http.ListenOptions{Host: "127.0.0.1"}); err != nil {
		log.Fatal(err)
	}
	defer server.Close()

	work := make(chan int, 1)
	response, err := http.Get("http://" + server.Address().String()).Await(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	response.OnData(func(chunk []byte) {
		response.Pause()
		work <- len(chunk)
	})
	response.OnEnd(func() { close(work) })
	sum := 0
	for n := range work { // slow work on each piece
		sum += n
		response.Resume()
	}
	fmt.Println(sum)
	// Output: 1048576
}

// Chunks ranges over a body; leaving the loop gives the rest up.
func ExampleIncomingMessage_Chunks() {
	server := http.CreateServer(func(request *http.IncomingMessage, response *http.ServerResponse) {
		response.EndString("all of it")
	})
	if err := server.ListenWith(http.ListenOptions{Host: "127.0.0.1"}); err != nil {
		log.Fatal(err)
	}
	defer server.Close()

	response, err := http.Get("http://" + server.Address().String()).Await(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	for chunk, err := range response.Chunks() {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Print(string(chunk))
	}
	fmt.Println()
	// Output: all of it
}

// Header fields as they came, and as Node merges them.
func ExampleHeaderView() {
	server := http.CreateServer(func(request *http.IncomingMessage, response *http.ServerResponse) {
		response.WriteHead(200, http.Headers{
			{"X-Tag", "a"}, {"Set-Cookie", "x=1"}, {"x-tag", "b"}, {"Set-Cookie", "y=2"}, {"ETag", `"1"`}, {"ETag", `"2"`},
		})
		response.End()
	})
	if err := server.ListenWith(http.ListenOptions{Host: "127.0.0.1"}); err != nil {
		log.Fatal(err)
	}
	defer server.Close()

	response, err := http.Get("http://" + server.Address().String()).Await(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	headers := response.Headers()
	fmt.Println(headers.Get("x-tag"), headers.SetCookie(), headers.Get("etag"))
	_, ok := headers.Lookup("X-Missing")
	fmt.Println(ok)
	fmt.Println(response.HeadersDistinct()["x-tag"])
	fmt.Println(response.RawHeaders()[:3])
	io.Copy(io.Discard, response)
	// Output:
	// a, b [x=1 y=2] "1"
	// false
	// [a b]
	// [[X-Tag a] [Set-Cookie x=1] [x-tag b]]
}
