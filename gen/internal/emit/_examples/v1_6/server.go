package http_test

import (
	"fmt"
	"io"
	"net"

	http "nodehttp/generated/v1_6"
)

// In this version a server closes a connection that sends no HTTP without an
// answer, also if it listens to 'clientError'.
func ExampleServer_OnClientError() {
	server := http.CreateServer()
	server.OnClientError(func(err error, socket *http.Socket) {
		fmt.Println(err.(*http.Error).Code)
	})
	client, connection := net.Pipe()
	server.EmitConnection(connection)

	go io.WriteString(client, "no HTTP\r\n\r\n")
	answer, _ := io.ReadAll(client)
	fmt.Println(len(answer), "bytes")
	// Output:
	// HPE_INVALID_METHOD
	// 0 bytes
}
