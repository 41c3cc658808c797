package main

import (
	"bytes"
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// This file is the load generator: a process with one thread that keeps many
// connections to a server busy. It must never be what limits the server, so in
// its loop it allocates nothing, parses nothing and reads each batch of
// responses with one call.
//
// Every connection has one batch of requests under way, and sends the next when
// the last response of the batch is complete: closed-loop load. While it runs
// it never sleeps, so that the server does not pay for waking it, which varies
// more than anything else that the server does.

// load is a set of connections that are all used in the same way.
type load struct {
	poller   *poller
	conns    []loadConn
	batch    []byte // the requests of one batch
	expected int    // the length of the responses to it
	buffer   []byte
}

type loadConn struct {
	fd      int
	missing int // bytes of the batch under way that have not come yet
}

// openLoad connects and makes one request on each connection, of which it checks
// the response completely. All responses must have the same length: later ones
// are recognized by it.
func openLoad(address netip.AddrPort, conns, depth int) (*load, error) {
	p, err := newPoller()
	if err != nil {
		return nil, err
	}
	l := &load{poller: p, batch: []byte(strings.Repeat(getRequest, depth)), buffer: make([]byte, 1<<16)}
	length := 0
	for i := range conns {
		fd, err := connect(address)
		if err != nil {
			l.close()
			return nil, err
		}
		l.conns = append(l.conns, loadConn{fd: fd})
		n, err := l.first(fd)
		if err == nil && i > 0 && n != length {
			err = fmt.Errorf("responses differ in length: %d and %d bytes", length, n)
		}
		if err == nil {
			err = p.add(fd, int32(i))
		}
		if err != nil {
			l.close()
			return nil, err
		}
		length = n
	}
	l.expected = length * depth
	if l.expected > len(l.buffer) {
		l.close()
		return nil, fmt.Errorf("a batch of responses has %d bytes, more than the buffer", l.expected)
	}
	return l, nil
}

// first makes the first request of a connection and returns the length of its
// response.
func (l *load) first(fd int) (int, error) {
	if err := writeNow(fd, []byte(getRequest)); err != nil {
		return 0, err
	}
	ready := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}
	length := 0
	for {
		if n, err := unix.Poll(ready, int(stall.Milliseconds())); n == 0 && err == nil {
			return 0, errStalled
		}
		n, err := readNow(fd, l.buffer[length:])
		if err != nil {
			return 0, err
		}
		if n == 0 {
			return 0, errClosed
		}
		length += max(n, 0)
		if err := checkResponse(l.buffer[:length]); err == nil {
			return length, nil
		} else if err != errShort {
			return 0, err
		}
	}
}

// stall is how long a loaded server may send nothing at all.
const stall = 5 * time.Second

var (
	errStalled = errors.New("the server has stopped answering")
	errClosed  = errors.New("the server has closed a connection")
)

// run loads the server for d, then waits for the responses under way. It returns
// how many responses came and the time until the last of them: the server
// is as busy while the last batch drains as before.
func (l *load) run(d time.Duration) (responses int, took time.Duration, err error) {
	depth := len(l.batch) / len(getRequest)
	start := time.Now()
	for i := range l.conns {
		if err := l.send(&l.conns[i]); err != nil {
			return 0, 0, err
		}
	}
	busy, elapsed, heard := len(l.conns), time.Duration(0), time.Duration(0)
	for busy > 0 {
		events, err := l.poller.wait(0)
		if err != nil {
			return 0, 0, err
		}
		elapsed = time.Since(start)
		if len(events) > 0 {
			heard = elapsed
		} else if elapsed-heard > stall {
			return 0, 0, errStalled
		}
		for i := range events {
			c := &l.conns[events[i].Fd]
			done, err := l.receive(c)
			if err != nil {
				return 0, 0, err
			}
			if !done {
				continue
			}
			responses += depth
			if elapsed >= d {
				busy--
				continue
			}
			if err := l.send(c); err != nil {
				return 0, 0, err
			}
		}
	}
	return responses, time.Since(start), nil
}

func (l *load) send(c *loadConn) error {
	c.missing = l.expected
	return writeNow(c.fd, l.batch)
}

// receive reads once and says whether the batch is complete. Of responses that
// come in one piece, as they nearly all do, it checks both ends.
func (l *load) receive(c *loadConn) (done bool, err error) {
	n, err := readNow(c.fd, l.buffer)
	switch {
	case err != nil:
		return false, err
	case n == 0:
		return false, errClosed
	case n > c.missing:
		return false, fmt.Errorf("%d bytes more than the responses have", n-c.missing)
	case n == l.expected && !(bytes.HasPrefix(l.buffer[:n], statusOK) && bytes.HasSuffix(l.buffer[:n], bodyBytes)):
		return false, fmt.Errorf("wrong response: %q", l.buffer[:min(n, 200)])
	}
	c.missing -= max(n, 0)
	return c.missing == 0, nil
}

var (
	statusOK  = []byte("HTTP/1.1 200 ")
	bodyBytes = []byte(body)
)

func (l *load) close() {
	for _, c := range l.conns {
		unix.Close(c.fd)
	}
	unix.Close(l.poller.fd)
}

// playLoad is the role of the load generator. Its commands are
//
//	open ADDRESS CONNECTIONS DEPTH
//	run NANOSECONDS            answers: responses, nanoseconds taken
//	close
func playLoad(string, string) error {
	var l *load
	greet("load")
	return serveCommands(map[string]func([]string) (string, error){
		"open": func(args []string) (string, error) {
			address, err := netip.ParseAddrPort(args[0])
			if err != nil {
				return "", err
			}
			conns, err := strconv.Atoi(args[1])
			if err != nil {
				return "", err
			}
			depth, err := strconv.Atoi(args[2])
			if err != nil {
				return "", err
			}
			l, err = openLoad(address, conns, depth)
			return "", err
		},
		"run": runCommand(func(d time.Duration) (int, time.Duration, error) { return l.run(d) }),
		"close": func([]string) (string, error) {
			l.close()
			return "", nil
		},
	})
}
