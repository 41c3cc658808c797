package main

import (
	"net"
	"os"

	"github.com/valyala/fasthttp"
)

func serveFileFasthttp(name string) (string, error) {
	return serveTransferFasthttp(func(c *fasthttp.RequestCtx) {
		if err := c.Response.SendFile(name); err != nil {
			c.Error(err.Error(), fasthttp.StatusInternalServerError)
		}
	})
}

func sinkFasthttp(string) (string, error) {
	return serveTransferFasthttp(func(c *fasthttp.RequestCtx) { readBody(c.RequestBodyStream()) })
}

func serveTransferFasthttp(handler fasthttp.RequestHandler) (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	server := &fasthttp.Server{Handler: handler, StreamRequestBody: true}
	go server.Serve(listener)
	return listener.Addr().String(), nil
}

func downloadFasthttp(address string) (func() (int64, error), error) {
	client := &fasthttp.HostClient{Addr: address, StreamResponseBody: true}
	return func() (int64, error) {
		req, res := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
		defer fasthttp.ReleaseRequest(req)
		defer fasthttp.ReleaseResponse(res)
		req.SetRequestURI("http://" + address + "/")
		if err := client.Do(req, res); err != nil {
			return 0, err
		}
		return readBody(res.BodyStream())
	}, nil
}

func uploadFasthttp(name, address string) (func() (int64, error), error) {
	client := &fasthttp.HostClient{Addr: address}
	return func() (int64, error) {
		file, err := os.Open(name)
		if err != nil {
			return 0, err
		}
		req, res := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
		defer fasthttp.ReleaseRequest(req)
		defer fasthttp.ReleaseResponse(res)
		req.SetRequestURI("http://" + address + "/")
		req.Header.SetMethod("POST")
		req.SetBodyStream(file, transferSize*mebibyte)
		if err := client.Do(req, res); err != nil {
			return 0, err
		}
		return int64(transferSize * mebibyte), checkStatus(res.StatusCode())
	}, nil
}
