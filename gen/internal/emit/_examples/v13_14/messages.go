package http_test

import (
	"fmt"
	"log"
	"net"

	http "nodehttp/generated/v13_14"
)

// In this version a response that is cut off emits 'aborted', and no 'error'.
func ExampleIncomingMessage_OnAborted() {
	server := http.CreateServer(func(request *http.IncomingMessage, response *http.ServerResponse) {
		response.SetHeader("Content-Length", "100")
		response.WriteString("the beginning")
		response.Destroy()
	})
	if err := server.ListenWith(http.ListenOptions{Host: "127.0.0.1"}); err != nil {
		log.Fatal(err)
	}
	defer server.Close()

	closed := make(chan struct{})
	http.GetWith(http.RequestOptions{
		Host: "127.0.0.1",
		Port: server.Address().(*net.TCPAddr).Port,
	}, func(response *http.IncomingMessage) {
		response.OnAborted(func() { fmt.Println("aborted, complete:", response.Complete()) })
		response.OnError(func(err error) { fmt.Println("not reached") })
		response.OnClose(func() { close(closed) })
		response.Resume()
	})
	<-closed
	// Output: aborted, complete: false
}
