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
	options := http.RequestOptions{
		Host: host, Port: port,
		Agent: http.NewAgent(http.AgentOptions{KeepAlive: true, MaxSockets: inFlight}),
	}
	return chainsOf(func(onResponse func(*http.IncomingMessage)) *http.ClientRequest {
		return http.GetWith(options, onResponse)
	}), nil
}

// chainsOf is a client's work by get.
func chainsOf(get func(onResponse func(*http.IncomingMessage)) *http.ClientRequest) func(time.Duration) (int, error) {
	return func(d time.Duration) (int, error) {
		c := &chains{request: get, until: time.Now().Add(d)}
		c.wait.Add(inFlight)
		for range inFlight {
			newChain(c).get()
		}
		c.wait.Wait()
		if err := c.failed.Load(); err != nil {
			return 0, *err
		}
		return int(c.total.Load()), nil
	}
}

// chains are requests of which each is followed by another until a moment.
type chains struct {
	request func(onResponse func(*http.IncomingMessage)) *http.ClientRequest
	until   time.Time
	wait    sync.WaitGroup // one for each chain
	total   atomic.Int64
	failed  atomic.Pointer[error]
}

// chain is one of them. Its listeners are made once, as users do where speed
// counts.
type chain struct {
	*chains
	res  *http.IncomingMessage
	body []byte

	onResponse func(*http.IncomingMessage)
	onData     func([]byte)
	onEnd      func()
	onError    func(error)
}

func newChain(c *chains) *chain {
	x := &chain{chains: c}
	x.onResponse = func(res *http.IncomingMessage) {
		x.res, x.body = res, x.body[:0]
		res.OnData(x.onData)
		res.OnEnd(x.onEnd)
	}
	x.onData = func(chunk []byte) { x.body = append(x.body, chunk...) }
	x.onEnd = func() {
		if err := checkBody(x.res.StatusCode(), x.body); err != nil {
			x.onError(err)
			return
		}
		c.total.Add(1)
		if c.failed.Load() == nil && time.Now().Before(c.until) {
			x.get()
		} else {
			c.wait.Done()
		}
	}
	x.onError = func(err error) {
		c.failed.Store(&err)
		c.wait.Done()
	}
	return x
}

// get makes one request of the chain; the end of its response makes the next.
func (x *chain) get() { x.request(x.onResponse).OnError(x.onError) }
