package main

import "nodehttp/generated/http"

func serveOurs() (string, error) {
	failed := make(chan error, 1)
	server := http.CreateServer(func(_ *http.IncomingMessage, res *http.ServerResponse) {
		res.SetHeader("Content-Type", "text/plain")
		res.EndString(body)
	})
	server.OnError(func(err error) { failed <- err })
	server.ListenOptions(http.ListenOptions{Host: "127.0.0.1"})
	if address := server.Address(); address != nil {
		return address.String(), nil
	}
	return "", <-failed
}
