package main

import (
	"net"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// This file measures clients: the role in which each of them runs, and the
// contestant made of a client and the reply server. Each client stands in a file
// of its own.

// inFlight is how many requests a client has under way, and how many
// connections it may open.
const inFlight = 64

// clients prepare a client for one server and return how to have it work: keep
// inFlight requests under way until d is over, then wait for the last of them,
// and return how many there were. Every response is checked by checkBody.
var clients = map[string]func(address string) (work func(d time.Duration) (int, error), err error){
	"fasthttp": clientFasthttp,
	"floor":    clientFloor,
	"net/http": clientNetHTTP,
	"ours":     clientOurs,
}

// playClient is the role of a client. Its commands are "run" and "mallocs".
func playClient(peer, address string) error {
	prepare, ok := clients[peer]
	if !ok {
		return unknownPeer(peer)
	}
	work, err := prepare(address)
	if err != nil {
		return err
	}
	greet("client")
	return serveCommands(map[string]func([]string) (string, error){
		"run": runCommand(func(d time.Duration) (int, time.Duration, error) {
			start := time.Now()
			n, err := work(d)
			return n, time.Since(start), err
		}),
		"mallocs": countMallocs,
	})
}

// workers makes a client's work out of its blocking get: inFlight goroutines
// that each call it in a loop.
func workers(newGet func() (get func() error)) func(d time.Duration) (int, error) {
	return func(d time.Duration) (int, error) {
		var wait sync.WaitGroup
		var total atomic.Int64
		var failed atomic.Pointer[error]
		start := time.Now()
		for range inFlight {
			wait.Go(func() {
				get, n := newGet(), 0
				for {
					if err := get(); err != nil {
						failed.Store(&err)
						break
					}
					n++
					if time.Since(start) >= d || failed.Load() != nil {
						break
					}
				}
				total.Add(int64(n))
			})
		}
		wait.Wait()
		if err := failed.Load(); err != nil {
			return 0, *err
		}
		return int(total.Load()), nil
	}
}

// clientContestant is a client with a server that answers it.
type clientContestant struct {
	client, reply *child
	allocs        bool // the figure is allocations, not requests per second
}

// open starts the reply server and peer's client, each on a core.
func (c clientContestant) open(peer string) (contestant, error) {
	measured, other := cores()
	reply, err := startRole(other, "reply", "", "")
	if err != nil {
		return nil, err
	}
	client, err := startClient(measured, peer, reply.greeting)
	if err != nil {
		reply.close()
		return nil, err
	}
	c.client, c.reply = client, reply
	return &c, nil
}

func startClient(core int, peer, address string) (*child, error) {
	if peer == "node" {
		host, port, err := net.SplitHostPort(address)
		if err != nil {
			return nil, err
		}
		return startNode(core, nodeClient, host, port, strconv.Itoa(inFlight))
	}
	return startRole(core, "client", peer, address)
}

func (c *clientContestant) Measure(d time.Duration) (sample, error) {
	if _, err := drive(c.client, c.client, min(warmUp, d)); err != nil {
		return sample{}, err
	}
	if c.allocs {
		t, mallocs, err := driveAndCount(c.client, c.client, d)
		return t.sample(mallocs), err
	}
	t, err := drive(c.client, c.client, d)
	if err != nil {
		return sample{}, err
	}
	return t.rate(), nil
}

func (c *clientContestant) Close() {
	c.client.close()
	c.reply.close()
}
