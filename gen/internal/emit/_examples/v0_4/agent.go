package http_test

import (
	"fmt"
	"log"
	"net"

	http "nodehttp/generated/v0_4"
)

// In this version each server has an agent of its own, which all requests to the
// server share.
func ExampleGetAgent() {
	server := http.CreateServer(func(request *http.ServerRequest, response *http.ServerResponse) {
		response.EndString("ok")
	})
	if err := server.ListenHost(0, "127.0.0.1"); err != nil {
		log.Fatal(err)
	}
	defer server.Close()
	port := server.Address().(*net.TCPAddr).Port

	agent := http.GetAgent("127.0.0.1", port)
	agent.SetMaxSockets(1)
	done := make(chan struct{}, 2)
	for range 2 {
		http.GetWith(http.RequestOptions{Host: "127.0.0.1", Port: port}, func(response *http.ClientResponse) {
			response.OnEnd(func() { done <- struct{}{} })
		})
	}
	fmt.Println(len(agent.Sockets()), "in use,", len(agent.Queue()), "waiting")
	<-done
	<-done
	// Output: 1 in use, 1 waiting
}
