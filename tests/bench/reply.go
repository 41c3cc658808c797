package main

import (
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// This file is the server that clients are measured against: one thread, raw
// epoll, a constant reply to whatever ends a head. It is the same for all
// clients and must never be what limits them. Like the load generator it does
// not sleep while there is work, so that a client does not pay for waking it.

// restless is how long it goes on looking for work when there is none. Idle for
// longer, it sleeps: it may share its core with a reply server in use.
const restless = time.Millisecond

// playReply is the role of the reply server. It serves until its input closes.
func playReply(string, string) error {
	listener, address, err := listen()
	if err != nil {
		return err
	}
	p, err := newPoller()
	if err != nil {
		return err
	}
	// The loop watches standard input with the sockets: a goroutine blocked
	// in a read could not run beside raw system calls on one core.
	const input = 0
	if err := p.add(input, input); err != nil {
		return err
	}
	if err := p.add(listener, int32(listener)); err != nil {
		return err
	}
	greet(address.String())

	const most = 64 // requests answered by one write
	replies := []byte(strings.Repeat(constantReply, most))
	matched := map[int]int{} // by connection: how much of headEnd its last bytes match
	buffer := make([]byte, 1<<16)
	timeout, idleSince := time.Duration(0), time.Now()
	for {
		events, err := p.wait(timeout)
		if err != nil {
			return err
		}
		timeout = 0
		if len(events) > 0 {
			idleSince = time.Now()
		} else if time.Since(idleSince) > restless {
			timeout = forever
		}
		for _, event := range events {
			switch fd := int(event.Fd); fd {
			case input:
				return nil
			case listener:
				conn, ok, err := accept(listener)
				if err != nil {
					return err
				}
				if ok {
					if err := p.add(conn, int32(conn)); err != nil {
						return err
					}
				}
			default:
				n, err := readNow(fd, buffer)
				if n == 0 || err != nil {
					unix.Close(fd)
					delete(matched, fd)
					continue
				}
				heads, now := headEnds(buffer[:max(n, 0)], matched[fd])
				matched[fd] = now
				for heads > 0 {
					now := min(heads, most)
					if err := writeNow(fd, replies[:now*len(constantReply)]); err != nil {
						return err
					}
					heads -= now
				}
			}
		}
	}
}
