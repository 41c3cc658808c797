package main

import (
	"time"

	"nodehttp/generated/http"
)

func serveOurs() (string, error) { return serve(func(*http.Server) {}) }

// servePatient is ours for connections that rest longer than a server keeps them by
// default.
func servePatient() (string, error) {
	return serve(func(s *http.Server) { s.SetKeepAliveTimeout(time.Hour) })
}

func serve(prepare func(*http.Server)) (string, error) {
	failed := make(chan error, 1)
	server := http.CreateServer(func(_ *http.IncomingMessage, res *http.ServerResponse) {
		res.SetHeader("Content-Type", "text/plain")
		res.EndString(body)
	})
	prepare(server)
	server.OnError(func(err error) { failed <- err })
	if err := server.ListenWith(http.ListenOptions{Host: "127.0.0.1"}); err != nil {
		panic(err)
	}
	if address := server.Address(); address != nil {
		return address.String(), nil
	}
	return "", <-failed
}
