package main

// server.crowd: the throughput of 100 connections among 10 000 that rest, compared
// with the same 100 alone.
var serverCrowd = figure{
	Name:     "server.crowd",
	Unit:     perSecond,
	AlsoUnit: cpuPer,
	Peers:    []string{"alone"},
	Rounds:   8,
	Open:     openCrowd,
}

// crowd is how many connections there are, and active how many of them have requests.
// Tests take a smaller crowd.
var crowd = 10_000

const active = 100

// crowdContestant is our server under load, with idle connections beside it.
type crowdContestant struct {
	*serverContestant
	idle *child // nil: there are none
}

func openCrowd(peer string) (contestant, error) {
	opened, err := serverContestant{conns: active, depth: 1}.open("patient")
	if err != nil {
		return nil, err
	}
	c := &crowdContestant{serverContestant: opened.(*serverContestant)}
	if peer == "alone" {
		return c, nil
	}
	_, other := cores()
	if c.idle, err = startRole(other, "load", "", ""); err == nil {
		err = c.server.fill(c.idle, crowd-active, 1)
	}
	if err == nil {
		_, err = c.server.settled()
	}
	if err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

func (c *crowdContestant) Close() {
	if c.idle != nil {
		c.idle.close()
	}
	c.serverContestant.Close()
}
