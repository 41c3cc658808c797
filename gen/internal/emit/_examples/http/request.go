package http_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"time"

	"nodehttp/generated/http"
)

// Streaming both ways: the server sends back each line as it comes, and the client
// writes the next one when it has read the answer to the last.
func ExampleClientRequest() {
	server := http.CreateServer(func(request *http.IncomingMessage, response *http.ServerResponse) {
		response.FlushHeaders()
		for line, err := range request.Chunks() {
			if err != nil {
				return
			}
			response.WriteChunk(line)
		}
		response.End()
	})
	if err := server.ListenWith(http.ListenOptions{Host: "127.0.0.1"}); err != nil {
		log.Fatal(err)
	}
	defer server.Close()

	request := http.RequestURLWith("http://"+server.Address().String(), http.RequestOptions{Method: "POST"})
	request.FlushHeaders()
	response, err := request.Await(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	lines := bufio.NewScanner(response)
	for _, word := range []string{"one", "two", "three"} {
		fmt.Fprintln(request, word)
		lines.Scan()
		fmt.Println(lines.Text())
	}
	request.End()
	fmt.Println(lines.Scan())
	// Output:
	// one
	// two
	// three
	// false
}

// Await is the Go way to wait for a response; the context bounds the wait.
func ExampleClientRequest_Await() {
	server := http.CreateServer(func(request *http.IncomingMessage, response *http.ServerResponse) {
		if request.URL() == "/fast" {
			response.EndString("here I am")
		} // else it never answers
	})
	if err := server.ListenWith(http.ListenOptions{Host: "127.0.0.1"}); err != nil {
		log.Fatal(err)
	}
	defer server.CloseAllConnections()
	defer server.Close()

	for _, path := range []string{"/fast", "/slow"} {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		response, err := http.Get("http://" + server.Address().String() + path).Await(ctx)
		cancel()
		if err != nil {
			fmt.Println(errors.Is(err, http.ErrAborted), errors.Is(err, context.DeadlineExceeded))
			continue
		}
		body, err := io.ReadAll(response)
		fmt.Println(response.StatusCode(), string(body), err)
	}
	// Output:
	// 200 here I am <nil>
	// true true
}

// A context bounds a request from the start until its body has been read.
func ExampleRequestContext() {
	server := http.CreateServer(func(request *http.IncomingMessage, response *http.ServerResponse) {
		response.WriteString("a part") // and never the rest
	})
	if err := server.ListenWith(http.ListenOptions{Host: "127.0.0.1"}); err != nil {
		log.Fatal(err)
	}
	defer server.CloseAllConnections()
	defer server.Close()

	ctx, cancel := context.WithCancel(context.Background())
	request := http.RequestContext(ctx, "http://"+server.Address().String())
	request.End()
	response, err := request.Await(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	part := make([]byte, 6)
	_, err = io.ReadFull(response, part)
	fmt.Println(string(part), err)

	cancel()
	_, err = io.ReadAll(response)
	fmt.Println(errors.Is(err, context.Canceled))
	// Output:
	// a part <nil>
	// true
}

// A client sends exactly these header fields, in this order and case.
func ExampleRequestOptions() {
	server := http.CreateServer(func(request *http.IncomingMessage, response *http.ServerResponse) {
		for _, field := range request.RawHeaders() {
			fmt.Fprintf(response, "%s: %s\n", field[0], field[1])
		}
		response.End()
	})
	if err := server.ListenWith(http.ListenOptions{Host: "127.0.0.1"}); err != nil {
		log.Fatal(err)
	}
	defer server.Close()

	request := http.GetWith(http.RequestOptions{
		Host:    "127.0.0.1",
		Port:    server.Address().(*net.TCPAddr).Port,
		SetHost: new(false),
		Headers: http.Headers{
			{"Host", "example.org"},
			{"aCCept", "*/*"},
			{"Cookie", "a=1"},
			{"X-Twice", "1"},
			{"x-twice", "2"},
			{"Connection", "close"},
		},
	})
	response, err := request.Await(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	body, _ := io.ReadAll(response)
	fmt.Print(string(body))
	// Output:
	// Host: example.org
	// aCCept: */*
	// Cookie: a=1
	// X-Twice: 1
	// x-twice: 2
	// Connection: close
}

// A request that fails emits 'error'. Errors have Node's codes.
func ExampleClientRequest_OnError() {
	server := http.CreateServer(func(request *http.IncomingMessage, response *http.ServerResponse) {
		request.Socket().Destroy()
	})
	if err := server.ListenWith(http.ListenOptions{Host: "127.0.0.1"}); err != nil {
		log.Fatal(err)
	}
	defer server.Close()

	closed := make(chan struct{})
	request := http.Get("http://" + server.Address().String())
	request.OnError(func(err error) { fmt.Println(err, errors.Is(err, http.ErrConnReset)) })
	request.OnClose(func() { close(closed) })
	<-closed
	// Output: socket hang up [ECONNRESET] true
}

// A request is destroyed when the context of its Signal ends, also while its
// response is being read.
func ExampleClientRequest_Destroy() {
	server := http.CreateServer(func(request *http.IncomingMessage, response *http.ServerResponse) {
		response.WriteString("the first piece")
	})
	if err := server.ListenWith(http.ListenOptions{Host: "127.0.0.1"}); err != nil {
		log.Fatal(err)
	}
	defer server.Close()

	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	request := http.GetURLWith("http://"+server.Address().String(), http.RequestOptions{Signal: ctx})
	response, err := request.Await(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	for chunk, err := range response.Chunks() {
		if err != nil {
			fmt.Println("the response was cut off:", !response.Complete())
			break
		}
		fmt.Println(string(chunk))
		cancel() // as request.Destroy() does
	}
	// Output:
	// the first piece
	// the response was cut off: true
}
