package main

import (
	"time"
)

// server.idle: resident memory of a server for each of 9 000 connections that
// have made one request and are kept alive.
var serverIdle = figure{
	Name:     "server.idle",
	Unit:     bytesPer,
	AlsoUnit: residentMemory,
	Peers:    []string{"fasthttp", "net/http", "node", "floor"},
	Rounds:   2,
	Open:     func(peer string) (contestant, error) { return idleContestant{peer}, nil },
}

// idleConns is how many connections rest. Tests take fewer.
var idleConns = 9000

// idleContestant starts a server anew for each measurement: what a process has
// used once it does not give back.
type idleContestant struct{ peer string }

func (c idleContestant) Measure(time.Duration) (sample, error) {
	s, err := serverContestant{}.start(c.peer)
	if err != nil {
		return sample{}, err
	}
	defer s.Close()
	// A first few connections bring what every server needs once.
	if err := s.server.fill(s.load, 64, 1); err != nil {
		return sample{}, err
	}
	if _, err := s.load.ask(0, "close"); err != nil {
		return sample{}, err
	}
	before, err := s.server.settled()
	if err != nil {
		return sample{}, err
	}
	if err := s.server.fill(s.load, idleConns, 1); err != nil {
		return sample{}, err
	}
	after, err := s.server.settled()
	if err != nil {
		return sample{}, err
	}
	_, err = s.load.ask(0, "close")
	return sample{Value: float64(after-before) / float64(idleConns), Also: float64(after) / mebibyte, Busy: 1}, err
}

func (idleContestant) Close() {}

// settled waits until the process does nothing, and returns its resident memory.
func (c *child) settled() (int64, error) {
	const pause = 50 * time.Millisecond
	for deadline := time.Now().Add(2 * time.Second); ; {
		before, err := c.cpu()
		if err != nil {
			return 0, err
		}
		time.Sleep(pause)
		after, err := c.cpu()
		if err != nil {
			return 0, err
		}
		if after-before < pause/50 || time.Now().After(deadline) {
			return c.resident()
		}
	}
}
