package main

import (
	"time"

	"github.com/valyala/fasthttp"
)

// clientFasthttp reuses request and response objects, as fasthttp's users do
// where speed counts.
func clientFasthttp(address string) (func(time.Duration) (int, error), error) {
	client := &fasthttp.HostClient{Addr: address, MaxConns: inFlight}
	return workers(func() func() error {
		req, res := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
		req.SetRequestURI("http://" + address + "/")
		return func() error {
			if err := client.Do(req, res); err != nil {
				return err
			}
			return checkBody(res.StatusCode(), res.Body())
		}
	}), nil
}
