package main

import (
	"fmt"
	"time"
)

// server.crowd: the throughput of 100 connections among 10 000, compared with
// the same 100 alone.
var serverCrowd = figure{
	Name:     "server.crowd",
	Unit:     perSecond,
	AlsoUnit: cpuPer,
	Peers:    []string{"alone"},
	Rounds:   8,
	Open:     openCrowd,
}

const (
	crowd  = 10_000
	active = 100
)

// crowdContestant is our server under load, with idle connections beside it.
type crowdContestant struct {
	*serverContestant
	idle *child
	bare bool
}

func openCrowd(peer string) (contestant, error) {
	opened, err := serverContestant{conns: active, depth: 1}.open("ours")
	if err != nil {
		return nil, err
	}
	c := &crowdContestant{serverContestant: opened.(*serverContestant), bare: peer == "alone"}
	_, other := cores()
	if c.idle, err = startRole(other, "load", "", ""); err != nil {
		opened.Close()
		return nil, err
	}
	return c, nil
}

func (c *crowdContestant) Measure(d time.Duration) (sample, error) {
	if c.bare {
		return c.serverContestant.Measure(d)
	}
	if _, err := c.idle.ask(0, fmt.Sprint("open ", c.server.greeting, " ", crowd-active, " 1")); err != nil {
		return sample{}, err
	}
	s, err := c.serverContestant.Measure(d)
	if err != nil {
		return sample{}, err
	}
	_, err = c.idle.ask(0, "close")
	return s, err
}

func (c *crowdContestant) Close() {
	c.idle.close()
	c.serverContestant.Close()
}
