package main

import (
	"io"
	"net/http"
	"time"
)

func clientNetHTTP(address string) (func(time.Duration) (int, error), error) {
	client := &http.Client{Transport: &http.Transport{
		MaxConnsPerHost:     inFlight,
		MaxIdleConnsPerHost: inFlight,
	}}
	return workersOf(client, "http://"+address+"/"), nil
}

// workersOf gets from url with a client.
func workersOf(client *http.Client, url string) func(time.Duration) (int, error) {
	return workers(func() func() error {
		var buffer [2 * len(body)]byte
		return func() error {
			res, err := client.Get(url)
			if err != nil {
				return err
			}
			defer res.Body.Close()
			n, err := io.ReadFull(res.Body, buffer[:])
			if err != io.ErrUnexpectedEOF { // of a body shorter than the buffer
				return err
			}
			return checkBody(res.StatusCode, buffer[:n])
		}
	})
}
