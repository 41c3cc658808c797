package http_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"

	"nodehttp/generated/http"
)

// Errors have Node's code and class, and match the variables of this package.
func ExampleError() {
	err := http.ValidateHeaderName("not a token")
	fmt.Println(errors.Is(err, http.ErrInvalidHTTPToken))

	var e *http.Error
	if errors.As(err, &e) {
		fmt.Println(e.Code, e.Kind)
	}
	// Output:
	// true
	// ERR_INVALID_HTTP_TOKEN TypeError
}

// Headers keeps the order and the case of fields, and repeated ones; names are found
// in any case.
func ExampleHeaders() {
	headers := http.Headers{{"Accept", "text/html"}, {"X-Secret", "1"}, {"accept", "text/plain"}}
	fmt.Println(headers.Values("Accept"), headers.Has("x-secret"))

	headers.Set("ACCEPT", "*/*")
	headers.Add("X-Last", "1")
	headers.Del("x-secret")
	for name, value := range headers.All() {
		fmt.Printf("%s: %s\n", name, value)
	}
	// Output:
	// [text/html text/plain] true
	// ACCEPT: */*
	// X-Last: 1
}

// SetEncoding has a listener receive whole characters, however they were cut on
// the way.
func ExampleEncoding() {
	server := http.CreateServer(func(request *http.IncomingMessage, response *http.ServerResponse) {
		response.WriteEncoded("gr\u00fc\u00df ", http.Latin1)
		response.EndEncoded("Z28=", http.Base64)
	})
	if err := server.ListenWith(http.ListenOptions{Host: "127.0.0.1"}); err != nil {
		log.Fatal(err)
	}
	defer server.Close()

	text := ""
	done := make(chan struct{})
	http.Get("http://"+server.Address().String(), func(response *http.IncomingMessage) {
		response.SetEncoding(http.Latin1)
		response.OnData(func(chunk []byte) { text += string(chunk) })
		response.OnEnd(func() { close(done) })
	})
	<-done
	fmt.Println(text)
	// Output: grüß go
}

// Every informational response of a server is emitted, before the final one.
func ExampleInformationEvent() {
	server := http.CreateServer(func(request *http.IncomingMessage, response *http.ServerResponse) {
		response.WriteProcessing()
		response.EndString("done")
	})
	if err := server.ListenWith(http.ListenOptions{Host: "127.0.0.1"}); err != nil {
		log.Fatal(err)
	}
	defer server.Close()

	request := http.Get("http://" + server.Address().String())
	request.OnInformation(func(info http.InformationEvent) { fmt.Println(info.StatusCode, info.StatusMessage) })
	response, err := request.Await(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	body, _ := io.ReadAll(response)
	fmt.Println(response.StatusCode(), string(body))
	// Output:
	// 102 Processing
	// 200 done
}

// What OnRequest returns takes the listener off again.
func ExampleSubscription() {
	server := http.CreateServer()
	greet := server.OnRequest(func(request *http.IncomingMessage, response *http.ServerResponse) {
		response.EndString("hello")
	})
	if err := server.ListenWith(http.ListenOptions{Host: "127.0.0.1"}); err != nil {
		log.Fatal(err)
	}
	defer server.Close()

	get := func() {
		response, err := http.Get("http://" + server.Address().String()).Await(context.Background())
		if err != nil {
			log.Fatal(err)
		}
		body, _ := io.ReadAll(response)
		fmt.Println(string(body))
	}
	get()
	greet.Remove()
	server.OnRequest(func(request *http.IncomingMessage, response *http.ServerResponse) {
		response.EndString("good bye")
	})
	get()
	// Output:
	// hello
	// good bye
}

// A socket is a net.Conn. Here a request looks at the connection that it uses.
func ExampleSocket() {
	server := http.CreateServer(func(request *http.IncomingMessage, response *http.ServerResponse) {
		response.EndString(request.Socket().RemoteAddr().String())
	})
	if err := server.ListenWith(http.ListenOptions{Host: "127.0.0.1"}); err != nil {
		log.Fatal(err)
	}
	defer server.Close()

	request := http.Get("http://" + server.Address().String())
	local := make(chan string, 1)
	request.OnSocket(func(socket *http.Socket) {
		socket.OnConnect(func() {
			var connection net.Conn = socket
			local <- connection.LocalAddr().String()
		})
	})
	response, err := request.Await(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	body, _ := io.ReadAll(response)
	fmt.Println(string(body) == <-local)
	// Output: true
}

// Wait returns when nothing is left to do, as a Node process ends.
func ExampleWait() {
	server := http.CreateServer(func(request *http.IncomingMessage, response *http.ServerResponse) {
		response.EndString("ok")
	})
	if err := server.ListenWith(http.ListenOptions{Host: "127.0.0.1"}); err != nil {
		log.Fatal(err)
	}
	http.Get("http://"+server.Address().String(), func(response *http.IncomingMessage) {
		fmt.Println(response.StatusCode())
		response.Resume() // nothing else reads the body
		server.Close()
	})
	http.Wait()
	fmt.Println("no server, no request")
	// Output:
	// 200
	// no server, no request
}

// An error that nothing listens for is logged, unless the program sets a function.
func ExampleOnUncaughtError() {
	heard := make(chan error, 1)
	http.OnUncaughtError(func(err error) { heard <- err })
	defer http.OnUncaughtError(nil)

	http.Get("gopher://localhost/") // no listener of 'error'
	fmt.Println(errors.Is(<-heard, http.ErrInvalidProtocol))
	// Output: true
}

// A panic in a listener destroys its connection and is reported; the program goes
// on.
func ExamplePanicError() {
	reported := make(chan error, 1)
	http.OnUncaughtError(func(err error) { reported <- err })
	defer http.OnUncaughtError(nil)

	server := http.CreateServer(func(request *http.IncomingMessage, response *http.ServerResponse) {
		panic("oh no")
	})
	if err := server.ListenWith(http.ListenOptions{Host: "127.0.0.1"}); err != nil {
		log.Fatal(err)
	}
	defer server.Close()

	_, err := http.Get("http://" + server.Address().String()).Await(context.Background())
	fmt.Println(errors.Is(err, http.ErrConnReset))
	var panicked *http.PanicError
	if errors.As(<-reported, &panicked) {
		fmt.Println(panicked.Value, len(panicked.Stack) > 0)
	}
	// Output:
	// true
	// oh no true
}

func ExampleStatusCodes() {
	fmt.Println(http.StatusCodes()[418])
	// Output: I'm a Teapot
}

func ExampleMethods() {
	fmt.Println(http.Methods()[:5])
	// Output: [ACL BIND CHECKOUT CONNECT COPY]
}
