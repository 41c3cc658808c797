package http_test

import (
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"sync/atomic"
	"time"

	"nodehttp/generated/http"
)

// An agent's pool can be watched: which connections are in use, which are idle,
// and which requests wait for one.
func ExampleAgent() {
	server := http.CreateServer(func(request *http.IncomingMessage, response *http.ServerResponse) {
		response.EndString("ok")
	})
	if err := server.ListenWith(http.ListenOptions{Host: "127.0.0.1"}); err != nil {
		log.Fatal(err)
	}
	defer server.Close()

	agent := http.NewAgent(http.AgentOptions{KeepAlive: true, MaxSockets: 1})
	defer agent.Destroy()
	pool := server.Address().String() + ":"
	show := func(when string) {
		fmt.Println(when, len(agent.Sockets()[pool]), "in use,",
			len(agent.FreeSockets()[pool]), "idle,", len(agent.Requests()[pool]), "waiting")
	}
	options := http.RequestOptions{Agent: agent}
	url := "http://" + server.Address().String()

	first, second := http.GetURLWith(url, options), http.GetURLWith(url, options)
	show("at first:")
	for _, request := range []*http.ClientRequest{first, second} {
		response, err := request.Await(context.Background())
		if err != nil {
			log.Fatal(err)
		}
		io.Copy(io.Discard, response)
		fmt.Println("reused:", request.ReusedSocket())
	}
	for len(agent.FreeSockets()[pool]) == 0 { // until the listeners have run
		time.Sleep(time.Millisecond)
	}
	show("at last:")
	// Output:
	// at first: 1 in use, 0 idle, 1 waiting
	// reused: false
	// reused: true
	// at last: 0 in use, 1 idle, 0 waiting
}

// With RetryReused a request is sent again if the server closes the kept
// connection just when the request takes it.
func ExampleAgentOptions() {
	var requests atomic.Int32
	server := http.CreateServer(func(request *http.IncomingMessage, response *http.ServerResponse) {
		if requests.Add(1) == 2 {
			request.Socket().Destroy()
			return
		}
		response.EndString("ok")
	})
	if err := server.ListenWith(http.ListenOptions{Host: "127.0.0.1"}); err != nil {
		log.Fatal(err)
	}
	defer server.Close()

	agent := http.NewAgent(http.AgentOptions{KeepAlive: true, MaxSockets: 1, RetryReused: true})
	defer agent.Destroy()
	for range 2 {
		request := http.GetURLWith("http://"+server.Address().String(), http.RequestOptions{Agent: agent})
		response, err := request.Await(context.Background())
		if err != nil {
			log.Fatal(err)
		}
		body, err := io.ReadAll(response)
		fmt.Println(string(body), err)
	}
	fmt.Println("the server has seen", requests.Load(), "requests")
	// Output:
	// ok <nil>
	// ok <nil>
	// the server has seen 3 requests
}

// An agent that spreads its requests over all kept sockets.
func ExampleScheduling() {
	server := http.CreateServer(func(request *http.IncomingMessage, response *http.ServerResponse) {
		response.EndString(fmt.Sprint(request.Socket().RemotePort()))
	})
	if err := server.ListenWith(http.ListenOptions{Host: "127.0.0.1"}); err != nil {
		log.Fatal(err)
	}
	defer server.Close()

	agent := http.NewAgent(http.AgentOptions{KeepAlive: true, Scheduling: http.SchedulingFIFO})
	defer agent.Destroy()
	get := func() *http.ClientRequest {
		return http.GetURLWith("http://"+server.Address().String(), http.RequestOptions{Agent: agent})
	}
	ports := map[string]int{}
	count := func(requests ...*http.ClientRequest) {
		for _, request := range requests {
			response, err := request.Await(context.Background())
			if err != nil {
				log.Fatal(err)
			}
			port, _ := io.ReadAll(response)
			ports[string(port)]++
		}
		for len(agent.FreeSockets()[server.Address().String()+":"]) < 2 { // until the listeners have run
			time.Sleep(time.Millisecond)
		}
	}
	count(get(), get()) // two at once need two sockets
	count(get())
	count(get())
	for _, n := range ports {
		fmt.Println(n, "requests")
	}
	// Output:
	// 2 requests
	// 2 requests
}

// CreateConnection opens an agent's connections in place of a dialler.
func ExampleConnectOptions() {
	server := http.CreateServer(func(request *http.IncomingMessage, response *http.ServerResponse) {
		response.EndString("hello over a pipe")
	})
	agent := http.NewAgent(http.AgentOptions{
		CreateConnection: func(ctx context.Context, options http.ConnectOptions) (net.Conn, error) {
			fmt.Println("connect to", options.Host, "port", options.Port, "for", options.Method, options.Path)
			if err := ctx.Err(); err != nil { // the request has been destroyed meanwhile
				return nil, err
			}
			client, connection := net.Pipe()
			server.EmitConnection(connection)
			return client, nil
		},
	})
	defer agent.Destroy()

	request := http.GetURLWith("http://example.org/", http.RequestOptions{Agent: agent})
	response, err := request.Await(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	body, _ := io.ReadAll(response)
	fmt.Println(string(body))
	// Output:
	// connect to example.org port 80 for GET /
	// hello over a pipe
}
