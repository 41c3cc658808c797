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
	"patient":  servePatient,
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

// open starts peer's server and a load generator for it, and connects them: the
// connections stay for all rounds, as those of clients do that keep them alive.
func (c serverContestant) open(peer string) (contestant, error) {
	s, err := c.start(peer)
	if err != nil {
		return nil, err
	}
	if err := s.server.fill(s.load, c.conns, c.depth); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// start is open without connections.
func (c serverContestant) start(peer string) (s *serverContestant, err error) {
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

// fill has a load generator open connections to a server and make a request on each.
func (server *child) fill(load *child, conns, depth int) error {
	if _, err := load.ask(0, fmt.Sprint("open ", server.greeting, " ", conns, " ", depth)); err != nil {
		return fmt.Errorf("%s: %w", server.name, err)
	}
	return nil
}

func (c *serverContestant) Measure(d time.Duration) (sample, error) {
	s, err := c.loaded(d)
	if err != nil {
		return sample{}, fmt.Errorf("%s: %w", c.server.name, err)
	}
	return s, nil
}

// loaded warms up and measures.
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
