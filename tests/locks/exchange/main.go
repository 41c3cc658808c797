// Command exchange prints how many locks the server of a keep-alive GET takes for it,
// and how many its client, on average. It counts if it is built as TestLocks does.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net"
	nethttp "net/http"
	"os"

	"nodehttp/generated/http"
	"nodehttp/tests/locks/counted"
)

// exchanges are so many that what happens now and then, such as a sweep, does not count.
const exchanges = 2000

func main() {
	server, err := serverLocks()
	if err == nil {
		var client float64
		if client, err = clientLocks(); err == nil {
			err = json.NewEncoder(os.Stdout).Encode(map[string]float64{"server": server, "client": client})
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// counter counts the locks of the exchanges that follow as many to warm up.
type counter struct {
	done          int
	before, after int64
}

// over notes the end of an exchange and reports whether it was the last.
func (c *counter) over() bool {
	c.done++
	switch c.done {
	case exchanges:
		c.before = counted.Taken.Load()
	case 2 * exchanges:
		c.after = counted.Taken.Load()
		return true
	}
	return false
}

func (c *counter) average() float64 { return float64(c.after-c.before) / exchanges }

// serverLocks has a bare client ask our server on one connection.
func serverLocks() (float64, error) {
	server := http.CreateServer(func(_ *http.IncomingMessage, res *http.ServerResponse) {
		res.SetHeader("Content-Type", "text/plain")
		res.EndString("hello")
	})
	defer server.Close()
	if err := server.ListenWith(http.ListenOptions{Host: "127.0.0.1"}); err != nil {
		log.Fatal(err)
	}
	address := server.Address()
	if address == nil {
		return 0, fmt.Errorf("the server does not listen")
	}
	c, err := net.Dial("tcp", address.String())
	if err != nil {
		return 0, err
	}
	defer c.Close()
	r := bufio.NewReader(c)
	var n counter
	for over := false; !over; over = n.over() {
		if _, err := io.WriteString(c, "GET / HTTP/1.1\r\nHost: a\r\n\r\n"); err != nil {
			return 0, err
		}
		res, err := nethttp.ReadResponse(r, nil)
		if err != nil {
			return 0, err
		}
		if _, err = io.Copy(io.Discard, res.Body); err != nil {
			return 0, err
		}
	}
	return n.average(), nil
}

// clientLocks has our client ask a bare server, with an agent that keeps the connection.
func clientLocks() (float64, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	go func() {
		c, err := l.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		r := bufio.NewReader(c)
		for {
			if _, err := nethttp.ReadRequest(r); err != nil {
				return
			}
			io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello")
		}
	}()
	agent := http.NewAgent(http.AgentOptions{KeepAlive: true, MaxSockets: 1})
	defer agent.Destroy()
	options := http.RequestOptions{Host: "127.0.0.1", Port: l.Addr().(*net.TCPAddr).Port, Agent: agent}
	var (
		done  = make(chan error, 1)
		c     = counter{}
		get   func()
		onEnd = func() {
			if c.over() {
				done <- nil
				return
			}
			get()
		}
		onResponse = func(res *http.IncomingMessage) {
			res.OnData(func([]byte) {})
			res.OnEnd(onEnd)
		}
		onError = func(err error) { done <- err }
	)
	get = func() { http.GetWith(options, onResponse).OnError(onError) } // the end of a response makes the next request
	get()
	err = <-done
	return c.average(), err
}
