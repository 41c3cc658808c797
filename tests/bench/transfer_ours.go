package main

import (
	"net"
	"os"
	"strconv"

	"nodehttp/generated/http"
)

func serveFileOurs(name string) (string, error) {
	return serveTransferOurs(func(_ *http.IncomingMessage, res *http.ServerResponse) {
		file, err := os.Open(name)
		if err != nil {
			res.Destroy(err)
			return
		}
		defer file.Close()
		info, err := file.Stat()
		if err != nil {
			res.Destroy(err)
			return
		}
		res.SetHeader("Content-Length", strconv.FormatInt(info.Size(), 10))
		if _, err := res.ReadFrom(file); err != nil {
			res.Destroy(err)
			return
		}
		res.End()
	})
}

func sinkOurs(string) (string, error) {
	return serveTransferOurs(func(req *http.IncomingMessage, res *http.ServerResponse) {
		req.OnData(func([]byte) {})
		req.OnEnd(func() { res.End() })
	})
}

func serveTransferOurs(listener func(*http.IncomingMessage, *http.ServerResponse)) (string, error) {
	failed := make(chan error, 1)
	server := http.CreateServer(listener)
	server.OnError(func(err error) { failed <- err })
	if err := server.ListenWith(http.ListenOptions{Host: "127.0.0.1"}); err != nil {
		panic(err)
	}
	if address := server.Address(); address != nil {
		return address.String(), nil
	}
	return "", <-failed
}

// transfer is how a body of ours ends: with its length or an error.
type transfer struct {
	length int64
	err    error
}

// answered waits for the end of a response, whose length it is.
func answered(req *http.ClientRequest) (int64, error) {
	over := make(chan transfer, 2)
	req.OnError(func(err error) { over <- transfer{err: err} })
	req.OnResponse(func(res *http.IncomingMessage) {
		var n int64
		res.OnData(func(chunk []byte) { n += int64(len(chunk)) })
		res.OnError(func(err error) { over <- transfer{err: err} })
		res.OnEnd(func() { over <- transfer{n, checkStatus(res.StatusCode())} })
	})
	t := <-over
	return t.length, t.err
}

func optionsOf(address string) (http.RequestOptions, error) {
	host, portText, err := net.SplitHostPort(address)
	if err != nil {
		return http.RequestOptions{}, err
	}
	port, err := strconv.Atoi(portText)
	return http.RequestOptions{Host: host, Port: port}, err
}

func downloadOurs(address string) (func() (int64, error), error) {
	options, err := optionsOf(address)
	return func() (int64, error) { return answered(http.GetWith(options)) }, err
}

func uploadOurs(name, address string) (func() (int64, error), error) {
	options, err := optionsOf(address)
	options.Method = "POST"
	options.Headers = http.Headers{{"Content-Length", strconv.Itoa(transferSize * mebibyte)}}
	return func() (int64, error) {
		file, err := os.Open(name)
		if err != nil {
			return 0, err
		}
		defer file.Close()
		req := http.RequestWith(options)
		n, err := req.ReadFrom(file)
		if err != nil {
			return n, err
		}
		req.End()
		_, err = answered(req)
		return n, err
	}, err
}
