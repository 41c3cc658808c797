package main

import (
	"net"

	"github.com/valyala/fasthttp"
)

func serveFasthttp() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	server := &fasthttp.Server{Handler: func(c *fasthttp.RequestCtx) {
		c.SetContentType("text/plain")
		c.SetBodyString(body)
	}}
	go server.Serve(listener)
	return listener.Addr().String(), nil
}
