package http_test

import (
	"context"
	"fmt"
	"io"
	"log"
	"strings"

	"nodehttp/generated/http"
)

// A response is an io.Writer: what is written is sent at once, and Write waits for
// a slow client.
func ExampleServerResponse() {
	server := http.CreateServer(func(request *http.IncomingMessage, response *http.ServerResponse) {
		response.WriteHead(200, http.Headers{{"Content-Type", "text/csv"}})
		for i := range 3 {
			if _, err := fmt.Fprintf(response, "%d,%d\n", i, i*i); err != nil {
				return // the client has left
			}
		}
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
	body, _ := io.ReadAll(response)
	fmt.Print(response.Header("transfer-encoding"), "\n", string(body))
	// Output:
	// chunked
	// 0,0
	// 1,1
	// 2,4
}

// The status and the headers may be set one by one; they are sent with the body.
func ExampleServerResponse_SetHeader() {
	server := http.CreateServer(func(request *http.IncomingMessage, response *http.ServerResponse) {
		response.SetStatusCode(404)
		response.SetHeader("X-Powered-By", "Go")
		response.SetHeaderValues("Set-Cookie", []string{"a=1", "b=2"})
		if err := response.SetHeader("X-Bad", "a\nb"); err != nil {
			fmt.Println(err)
		}
		response.EndString("nothing here")
	})
	if err := server.ListenWith(http.ListenOptions{Host: "127.0.0.1"}); err != nil {
		log.Fatal(err)
	}
	defer server.Close()

	response, err := http.Get("http://" + server.Address().String()).Await(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(response.StatusCode(), response.StatusMessage())
	fmt.Println(response.RawHeaders()[:3])
	fmt.Println(response.Headers().SetCookie())
	io.Copy(io.Discard, response)
	// Output:
	// Invalid character in header content ["X-Bad"] [ERR_INVALID_CHAR]
	// 404 Not Found
	// [[X-Powered-By Go] [Set-Cookie a=1] [Set-Cookie b=2]]
	// [a=1 b=2]
}

// Back-pressure in Node's way: WriteChunk never waits. When it returns false,
// the listener of 'drain' writes on.
func ExampleServerResponse_WriteChunk() {
	chunk := []byte(strings.Repeat("x", 64<<10))
	server := http.CreateServer(func(request *http.IncomingMessage, response *http.ServerResponse) {
		left := 100
		write := func() {
			for left > 0 {
				left--
				if !response.WriteChunk(chunk) {
					return // until 'drain'
				}
			}
			response.End()
		}
		response.OnDrain(write)
		write()
	})
	if err := server.ListenWith(http.ListenOptions{Host: "127.0.0.1"}); err != nil {
		log.Fatal(err)
	}
	defer server.Close()

	response, err := http.Get("http://" + server.Address().String()).Await(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	n, err := io.Copy(io.Discard, response)
	fmt.Println(n, err)
	// Output: 6553600 <nil>
}

// Trailers are sent after a body in chunks.
func ExampleServerResponse_AddTrailers() {
	server := http.CreateServer(func(request *http.IncomingMessage, response *http.ServerResponse) {
		response.WriteHead(200, http.Headers{{"Trailer", "X-Lines"}})
		n, _ := fmt.Fprint(response, "one\ntwo\n")
		response.AddTrailers(http.Headers{{"X-Lines", "2"}, {"X-Bytes", fmt.Sprint(n)}})
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
	io.Copy(io.Discard, response) // trailers are there after the end
	fmt.Println(response.Trailers().Get("X-Lines"), response.RawTrailers())
	// Output: 2 [[X-Lines 2] [X-Bytes 8]]
}

// Early hints let a browser load a stylesheet while the server prepares the page.
func ExampleServerResponse_WriteEarlyHints() {
	server := http.CreateServer(func(request *http.IncomingMessage, response *http.ServerResponse) {
		response.WriteEarlyHints(http.Headers{{"Link", "</style.css>; rel=preload; as=style"}})
		response.EndString("<!doctype html>")
	})
	if err := server.ListenWith(http.ListenOptions{Host: "127.0.0.1"}); err != nil {
		log.Fatal(err)
	}
	defer server.Close()

	request := http.Get("http://" + server.Address().String())
	request.OnInformation(func(info http.InformationEvent) {
		fmt.Println(info.StatusCode, info.StatusMessage, info.RawHeaders)
	})
	response, err := request.Await(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	io.Copy(io.Discard, response)
	fmt.Println(response.StatusCode())
	// Output:
	// 103 Early Hints [[Link </style.css>; rel=preload; as=style]]
	// 200
}

// A server tells how far it is before it answers.
func ExampleServerResponse_WriteInformation() {
	server := http.CreateServer(func(request *http.IncomingMessage, response *http.ServerResponse) {
		response.WriteInformation(102, http.Headers{{"X-Progress", "50%"}})
		response.EndString("done")
	})
	if err := server.ListenWith(http.ListenOptions{Host: "127.0.0.1"}); err != nil {
		log.Fatal(err)
	}
	defer server.Close()

	request := http.Get("http://" + server.Address().String())
	request.OnInformation(func(info http.InformationEvent) {
		fmt.Println(info.StatusCode, info.RawHeaders)
	})
	response, err := request.Await(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	body, err := io.ReadAll(response)
	fmt.Println(response.StatusCode(), string(body), err)
	// Output:
	// 102 [[X-Progress 50%]]
	// 200 done <nil>
}

// A function that writes requests and responses alike takes an OutgoingMessage.
func ExampleOutgoingMessage() {
	endJSON := func(message *http.OutgoingMessage, text string) {
		message.SetHeader("Content-Type", "application/json")
		message.EndString(text)
	}
	server := http.CreateServer(func(request *http.IncomingMessage, response *http.ServerResponse) {
		body, _ := io.ReadAll(request)
		endJSON(response.Outgoing(), `{"received":`+string(body)+`}`)
	})
	if err := server.ListenWith(http.ListenOptions{Host: "127.0.0.1"}); err != nil {
		log.Fatal(err)
	}
	defer server.Close()

	request := http.RequestURLWith("http://"+server.Address().String(), http.RequestOptions{Method: "POST"})
	endJSON(request.Outgoing(), `{"a":1}`)
	response, err := request.Await(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	body, _ := io.ReadAll(response)
	fmt.Println(response.Header("content-type"), string(body))
	// Output: application/json {"received":{"a":1}}
}
