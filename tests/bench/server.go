package main

import (
	"fmt"
	"time"
)

// This file measures servers: the role in which each of them runs, and the
// contestant made of a server and a load generator. Each server stands in a file
// of its own.

// servers start a server on a free loopback port and return its address. Each
// answers a GET with body as text/plain, in the way its users write that, with
// its default settings. They serve until the process ends.
var servers = map[string]func() (address string, err error){
	"fasthttp": serveFasthttp,
	"floor":    serveFloor,
	"net/http": serveNetHTTP,
	"ours":     serveOurs,
}

// playServer is the role of a server. Its only command is "mallocs".
func playServer(peer, _ string) error {
	serve, ok := servers[peer]
	if !ok {
		return unknownPeer(peer)
	}
	address, err := serve()
	if err != nil {
		return err
	}
	greet(address)
	return serveCommands(map[string]func([]string) (string, error){"mallocs": countMallocs})
}

// startServer starts peer's server on the core of what is measured.
func startServer(peer string) (*child, error) {
	measured, _ := cores()
	if peer == "node" {
		return startNode(measured, nodeServer)
	}
	return startRole(measured, "server", peer, "")
}

// serverContestant is a server under load. depth requests are pipelined on each
// of conns connections.
type serverContestant struct {
	server, load *child
	conns, depth int
	allocs       bool // the figure is allocations, not requests per second
}

// open starts peer's server and a load generator for it.
func (c serverContestant) open(peer string) (contestant, error) {
	var err error
	if c.server, err = startServer(peer); err != nil {
		return nil, err
	}
	_, other := cores()
	if c.load, err = startRole(other, "load", "", ""); err != nil {
		c.server.close()
		return nil, err
	}
	return &c, nil
}

func (c *serverContestant) Measure(d time.Duration) (sample, error) {
	if _, err := c.load.ask(0, fmt.Sprint("open ", c.server.greeting, " ", c.conns, " ", c.depth)); err != nil {
		return sample{}, fmt.Errorf("%s: %w", c.server.name, err)
	}
	s, err := c.loaded(d)
	if err != nil {
		return sample{}, fmt.Errorf("%s: %w", c.server.name, err)
	}
	_, err = c.load.ask(0, "close")
	return s, err
}

// loaded measures while the connections are open.
func (c *serverContestant) loaded(d time.Duration) (sample, error) {
	if _, err := drive(c.load, c.server, min(warmUp, d)); err != nil {
		return sample{}, err
	}
	if !c.allocs {
		t, err := drive(c.load, c.server, d)
		if err != nil {
			return sample{}, err
		}
		return t.rate(), nil
	}
	t, mallocs, err := driveAndCount(c.load, c.server, d)
	if err != nil {
		return sample{}, err
	}
	return t.sample(mallocs), nil
}

func (c *serverContestant) Close() {
	c.load.close()
	c.server.close()
}
