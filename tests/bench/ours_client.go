package main

import (
	"net"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"nodehttp/generated/http"
)

// clientOurs gets in Node's way: inFlight chains in which the end of one
// response starts the next request, on an agent that keeps its sockets.
func clientOurs(address string) (func(time.Duration) (int, error), error) {
	host, portText, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	port, err := strconv.Atoi(portText)
	if err != nil {
		return nil, err
	}
	options := http.ClientRequestOptions{
		Host: host, Port: port,
		Agent: http.NewAgent(http.AgentOptions{KeepAlive: true, MaxSockets: inFlight}),
	}
	return func(d time.Duration) (int, error) {
		c := &chains{options: options, until: time.Now().Add(d)}
		c.wait.Add(inFlight)
		for range inFlight {
			c.get()
		}
		c.wait.Wait()
		if err := c.failed.Load(); err != nil {
			return 0, *err
		}
		return int(c.total.Load()), nil
	}, nil
}

// chains are requests of which each is followed by another until a moment.
type chains struct {
	options http.ClientRequestOptions
	until   time.Time
	wait    sync.WaitGroup // one for each chain
	total   atomic.Int64
	failed  atomic.Pointer[error]
}

// get makes one request of a chain, and the end of its response the next.
func (c *chains) get() {
	req := http.GetOptions(c.options, func(res *http.IncomingMessage) {
		var got []byte
		res.OnData(func(chunk []byte) { got = append(got, chunk...) })
		res.OnEnd(func() {
			if err := checkBody(res.StatusCode(), got); err != nil {
				c.failed.Store(&err)
			}
			c.total.Add(1)
			if c.failed.Load() == nil && time.Now().Before(c.until) {
				c.get()
			} else {
				c.wait.Done()
			}
		})
	})
	req.OnError(func(err error) {
		c.failed.Store(&err)
		c.wait.Done()
	})
}
