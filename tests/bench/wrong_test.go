package main

import (
	"net"
	"strings"
	"testing"
)

// wrongServers answer the load generator's requests one by one; "" closes.
var wrongServers = map[string][]string{
	"closes at once":       {""},
	"wrong status":         {strings.Replace(constantReply, "200", "500", 1)},
	"wrong body":           {strings.Replace(constantReply, body, "Hello, Earth!", 1)},
	"closes later":         {constantReply, ""},
	"wrong status later":   {constantReply, strings.Replace(constantReply, "200", "500", 1)},
	"wrong body later":     {constantReply, strings.Replace(constantReply, body, "Hello, Earth!", 1)},
	"more than one answer": {constantReply, constantReply + constantReply},
}

// serveScript serves one connection with the answers of script, then closes it.
func serveScript(t *testing.T, script []string) (address string) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		buffer := make([]byte, 1024)
		for _, answer := range script {
			if _, err := conn.Read(buffer); err != nil || answer == "" {
				return
			}
			if _, err := conn.Write([]byte(answer)); err != nil {
				return
			}
		}
	}()
	return listener.Addr().String()
}
