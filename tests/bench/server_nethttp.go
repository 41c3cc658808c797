package main

import (
	"io"
	"net"
	"net/http"
)

func serveNetHTTP() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		io.WriteString(w, body)
	})}
	go server.Serve(listener)
	return listener.Addr().String(), nil
}
