package main

import (
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"nodehttp/generated/http"
)

// client.queue: the cost of a request among 100 000 that are made at once on an
// agent of eight sockets, compared with that among fewer: it must not grow.
var clientQueue = figure{
	Name:     "client.queue",
	Unit:     nanosPer,
	AlsoUnit: cpuPer,
	Peers:    []string{"1000", "10000"},
	Rounds:   6,
	Open:     openQueue,
}

const (
	longQueue    = 100_000
	queueSockets = 8
)

// queueContestant is our client, which queues, and a server that answers it.
type queueContestant struct{ client, reply *child }

func openQueue(peer string) (contestant, error) {
	measured, other := cores()
	reply, err := startRole(other, "reply", "", "")
	if err != nil {
		return nil, err
	}
	client, err := startRole(measured, "queue", peer, reply.greeting)
	if err != nil {
		reply.close()
		return nil, err
	}
	return &queueContestant{client, reply}, nil
}

func (c *queueContestant) Measure(d time.Duration) (sample, error) {
	t, err := drive(c.client, c.client, d)
	if err != nil {
		return sample{}, err
	}
	return t.sample(float64(t.took.Nanoseconds()) / float64(t.operations)), nil
}

func (c *queueContestant) Close() {
	c.client.close()
	c.reply.close()
}

// playQueue is the role of the client. It works through whole queues, one at least.
func playQueue(peer, address string) error {
	length, err := strconv.Atoi(peer)
	if err != nil {
		length = longQueue
	}
	options, err := optionsOf(address)
	if err != nil {
		return err
	}
	options.Agent = http.NewAgent(http.AgentOptions{KeepAlive: true, MaxSockets: queueSockets})
	greet("queue")
	return serveCommands(map[string]func([]string) (string, error){
		"run": runCommand(func(d time.Duration) (n int, took time.Duration, err error) {
			start := time.Now()
			for n == 0 || time.Since(start) < d {
				if err := workOff(options, length); err != nil {
					return 0, 0, err
				}
				n += length
			}
			return n, time.Since(start), nil
		}),
	})
}

// workOff makes requests and waits until all are answered.
func workOff(options http.RequestOptions, length int) error {
	var wait sync.WaitGroup
	var failed atomic.Pointer[error]
	wait.Add(length)
	for range length {
		req := http.GetWith(options, func(res *http.IncomingMessage) {
			res.Resume()
			res.OnEnd(wait.Done)
		})
		req.OnError(func(err error) {
			failed.Store(&err)
			wait.Done()
		})
	}
	wait.Wait()
	if err := failed.Load(); err != nil {
		return fmt.Errorf("queue: %w", *err)
	}
	return nil
}
