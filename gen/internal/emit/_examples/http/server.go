package http_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"nodehttp/generated/http"
)

// A server answers each request in a listener.
func ExampleServer() {
	server := http.CreateServer()
	server.OnRequest(func(request *http.IncomingMessage, response *http.ServerResponse) {
		response.SetHeader("Content-Type", "text/plain")
		response.EndString(request.Method() + " " + request.URL())
	})
	server.OnError(func(err error) { log.Fatal(err) })
	if err := server.ListenWith(http.ListenOptions{Host: "127.0.0.1"}); err != nil {
		log.Fatal(err)
	}
	defer server.Close()

	request := http.Get("http://" + server.Address().String() + "/status?name=ryan")
	response, err := request.Await(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	body, err := io.ReadAll(response)
	fmt.Println(response.StatusCode(), string(body), err)
	// Output: 200 GET /status?name=ryan <nil>
}

// Shutdown lets the exchanges in progress finish.
func ExampleServer_Shutdown() {
	received := make(chan struct{})
	server := http.CreateServer(func(request *http.IncomingMessage, response *http.ServerResponse) {
		close(received)
		time.AfterFunc(10*time.Millisecond, func() { response.EndString("finished") })
	})
	if err := server.ListenWith(http.ListenOptions{Host: "127.0.0.1"}); err != nil {
		log.Fatal(err)
	}

	request := http.Get("http://" + server.Address().String())
	<-received
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	done := make(chan error)
	go func() { done <- server.Shutdown(ctx) }()

	response, err := request.Await(ctx)
	if err != nil {
		log.Fatal(err)
	}
	body, err := io.ReadAll(response)
	fmt.Println(string(body), err)
	fmt.Println(<-done)
	// Output:
	// finished <nil>
	// <nil>
}

// Listen returns what prevents it.
func ExampleServer_ListenWith() {
	first, second := http.CreateServer(), http.CreateServer()
	if err := first.ListenWith(http.ListenOptions{Host: "127.0.0.1"}); err != nil {
		log.Fatal(err)
	}
	defer first.Close()

	port := first.Address().(*net.TCPAddr).Port
	err := second.ListenWith(http.ListenOptions{Host: "127.0.0.1", Port: port})
	fmt.Println(errors.Is(err, syscall.EADDRINUSE))
	// Output: true
}

// A field of ServerOptions is a pointer only where 0 is a choice of its own: here
// it means no limit.
func ExampleServerOptions() {
	server := http.CreateServerWith(http.ServerOptions{
		HeadersTimeout: new(10 * time.Second),
		RequestTimeout: new(time.Duration(0)), // uploads may take any time
		MaxHeaderSize:  4096,
	})
	fmt.Println(server.HeadersTimeout(), server.RequestTimeout(), server.KeepAliveTimeout())
	// Output: 10s 0s 5s
}

// A server that listens on a Unix socket, and a request that reaches it there.
func ExampleListenOptions() {
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "socket")

	server := http.CreateServer(func(request *http.IncomingMessage, response *http.ServerResponse) {
		response.EndString("over a Unix socket")
	})
	if err := server.ListenWith(http.ListenOptions{Path: path, Backlog: 16}); err != nil {
		log.Fatal(err)
	}
	defer server.Close()

	response, err := http.GetWith(http.RequestOptions{SocketPath: path}).Await(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	body, _ := io.ReadAll(response)
	fmt.Println(string(body))
	// Output: over a Unix socket
}

// A proxy that opens a tunnel for CONNECT: bytes pass both ways from then on.
func ExampleServer_OnConnect() {
	target := http.CreateServer(func(request *http.IncomingMessage, response *http.ServerResponse) {
		response.EndString("from the target")
	})
	if err := target.ListenWith(http.ListenOptions{Host: "127.0.0.1"}); err != nil {
		log.Fatal(err)
	}
	defer target.Close()

	proxy := http.CreateServer()
	proxy.OnConnect(func(request *http.IncomingMessage, socket *http.Socket, head []byte) {
		go func() {
			defer socket.Close()
			server, err := net.Dial("tcp", request.URL())
			if err != nil {
				socket.WriteString("HTTP/1.1 502 Bad Gateway\r\n\r\n")
				return
			}
			defer server.Close()
			socket.WriteString("HTTP/1.1 200 Connection Established\r\n\r\n")
			server.Write(head)
			go io.Copy(server, socket)
			io.Copy(socket, server)
		}()
	})
	if err := proxy.ListenWith(http.ListenOptions{Host: "127.0.0.1"}); err != nil {
		log.Fatal(err)
	}
	defer proxy.Close()

	done := make(chan struct{})
	request := http.RequestWith(http.RequestOptions{
		Host:   "127.0.0.1",
		Port:   proxy.Address().(*net.TCPAddr).Port,
		Method: "CONNECT",
		Path:   target.Address().String(),
	})
	request.OnConnect(func(response *http.IncomingMessage, socket *http.Socket, head []byte) {
		go func() {
			defer close(done)
			defer socket.Close()
			fmt.Println(response.StatusCode(), response.StatusMessage())
			socket.WriteString("GET / HTTP/1.1\r\nHost: target\r\nConnection: close\r\n\r\n")
			answer, _ := io.ReadAll(socket)
			_, body, _ := strings.Cut(string(answer), "\r\n\r\n")
			fmt.Println(body)
		}()
	})
	request.End()
	<-done
	// Output:
	// 200 Connection Established
	// from the target
}

// A server that speaks another protocol after an upgrade: it sends back what comes.
func ExampleServer_OnUpgrade() {
	server := http.CreateServer()
	server.OnUpgrade(func(request *http.IncomingMessage, socket *http.Socket, head []byte) {
		socket.WriteString("HTTP/1.1 101 Switching Protocols\r\n" +
			"Connection: Upgrade\r\nUpgrade: echo\r\n\r\n")
		socket.Write(head) // what the client has sent already
		socket.OnData(func(chunk []byte) { socket.WriteChunk(chunk) })
		socket.OnEnd(func() { socket.End() })
	})
	if err := server.ListenWith(http.ListenOptions{Host: "127.0.0.1"}); err != nil {
		log.Fatal(err)
	}
	defer server.Close()

	done := make(chan struct{})
	request := http.RequestWith(http.RequestOptions{
		Host:    "127.0.0.1",
		Port:    server.Address().(*net.TCPAddr).Port,
		Headers: http.Headers{{"Connection", "Upgrade"}, {"Upgrade", "echo"}},
	})
	request.OnUpgrade(func(response *http.IncomingMessage, socket *http.Socket, head []byte) {
		fmt.Println(response.StatusCode(), response.Header("upgrade"))
		socket.OnData(func(chunk []byte) { fmt.Print(string(chunk)) })
		socket.OnClose(func(hadError bool) { close(done) })
		socket.EndString("hello\n")
	})
	request.End()
	<-done
	// Output:
	// 101 echo
	// hello
}

// A server that looks at the head of a request before it asks for the body.
func ExampleServer_OnCheckContinue() {
	server := http.CreateServer(func(request *http.IncomingMessage, response *http.ServerResponse) {
		body, _ := io.ReadAll(request)
		response.EndString(fmt.Sprint(len(body), " bytes"))
	})
	server.OnCheckContinue(func(request *http.IncomingMessage, response *http.ServerResponse) {
		if request.Header("content-type") != "image/png" {
			response.WriteHead(415)
			response.End()
			return
		}
		response.WriteContinue()
		io.Copy(io.Discard, request)
		response.End()
	})
	if err := server.ListenWith(http.ListenOptions{Host: "127.0.0.1"}); err != nil {
		log.Fatal(err)
	}
	defer server.Close()

	request := http.RequestURLWith("http://"+server.Address().String(), http.RequestOptions{
		Method:  "PUT",
		Headers: http.Headers{{"Expect", "100-continue"}, {"Content-Type", "text/html"}, {"Content-Length", "1000000"}},
	})
	request.OnContinue(func() { fmt.Println("not reached") })
	request.FlushHeaders()
	response, err := request.Await(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(response.StatusCode(), response.StatusMessage())
	request.Destroy() // the body was not sent
	// Output: 415 Unsupported Media Type
}

// A server answers bytes that are not HTTP in its own way.
func ExampleServer_OnClientError() {
	server := http.CreateServer()
	server.OnClientError(func(err error, socket *http.Socket) {
		socket.EndString("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\nthis is an HTTP server\n")
	})
	client, connection := net.Pipe()
	server.EmitConnection(connection)

	go io.WriteString(client, "SSH-2.0-client\r\n\r\n")
	answer, _ := io.ReadAll(client)
	fmt.Print(strings.ReplaceAll(string(answer), "\r\n", "\n"))
	// Output:
	// HTTP/1.1 400 Bad Request
	// Connection: close
	//
	// this is an HTTP server
}

// A server serves any net.Conn, here one end of a pipe.
func ExampleServer_EmitConnection() {
	server := http.CreateServer(func(request *http.IncomingMessage, response *http.ServerResponse) {
		response.SetSendDate(false)
		response.SetHeader("Connection", "close")
		response.EndString("hello")
	})
	client, connection := net.Pipe()
	server.EmitConnection(connection)

	go io.WriteString(client, "GET / HTTP/1.1\r\nHost: pipe\r\n\r\n")
	answer, _ := io.ReadAll(client)
	fmt.Println(strings.ReplaceAll(string(answer), "\r\n", "\n"))
	// Output:
	// HTTP/1.1 200 OK
	// Connection: close
	// Content-Length: 5
	//
	// hello
}

// A server that sends a control character, which a strict client refuses.
func ExampleValidation() {
	server := http.CreateServerWith(http.ServerOptions{HTTPValidation: http.ValidationRelaxed},
		func(req *http.IncomingMessage, res *http.ServerResponse) {
			fmt.Println(res.SetHeader("X-Bell", "ding\a"))
			res.End()
		})
	defer server.CloseAllConnections()
	defer server.Close()
	if err := server.ListenWith(http.ListenOptions{Host: "127.0.0.1"}); err != nil {
		log.Fatal(err)
	}
	res, err := http.Get("http://" + server.Address().String()).Await(context.Background())
	if err != nil {
		fmt.Println(err) // the client is strict
		return
	}
	res.Close()
	// Output:
	// <nil>
	// Parse Error: Invalid header value char [HPE_INVALID_HEADER_TOKEN]
}
