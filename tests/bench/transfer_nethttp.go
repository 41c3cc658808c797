package main

import (
	"net"
	"net/http"
	"os"
)

func serveFileNetHTTP(name string) (string, error) {
	return serveTransferNetHTTP(func(w http.ResponseWriter, r *http.Request) { http.ServeFile(w, r, name) })
}

func sinkNetHTTP(string) (string, error) {
	return serveTransferNetHTTP(func(_ http.ResponseWriter, r *http.Request) { readBody(r.Body) })
}

func serveTransferNetHTTP(handler http.HandlerFunc) (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	go http.Serve(listener, handler)
	return listener.Addr().String(), nil
}

func downloadNetHTTP(address string) (func() (int64, error), error) {
	return func() (int64, error) {
		res, err := http.Get("http://" + address + "/")
		if err != nil {
			return 0, err
		}
		defer res.Body.Close()
		return readBody(res.Body)
	}, nil
}

func uploadNetHTTP(name, address string) (func() (int64, error), error) {
	return func() (int64, error) {
		file, err := os.Open(name)
		if err != nil {
			return 0, err
		}
		req, err := http.NewRequest("POST", "http://"+address+"/", file)
		if err != nil {
			return 0, err
		}
		req.ContentLength = int64(transferSize * mebibyte)
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			return 0, err
		}
		res.Body.Close()
		return req.ContentLength, checkStatus(res.StatusCode)
	}, nil
}
