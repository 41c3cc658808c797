package main

import (
	"errors"
	"net"
	"sync/atomic"
	"time"
)

// clientFloor is what no client in Go on blocking connections can be faster than: it
// writes a constant request and reads until as many bytes have come as the constant
// answer has, without a protocol.
func clientFloor(address string) (work func(time.Duration) (int, error), err error) {
	var conns [inFlight]net.Conn // kept from one run to the next, as those of the other clients are
	for i := range conns {
		if conns[i], err = net.Dial("tcp", address); err != nil {
			return nil, err
		}
	}
	var turn atomic.Int64
	return workers(func() func() error { // a run has inFlight of them
		conn := conns[turn.Add(1)%inFlight]
		buffer, request := make([]byte, 4096), []byte(getRequest)
		return func() error { return getConstant(conn, request, buffer) }
	}), nil
}

// getConstant sends a request on conn and checks that the answer is constantReply.
func getConstant(conn net.Conn, request, buffer []byte) error {
	if _, err := conn.Write(request); err != nil {
		return err
	}
	n := 0
	for n < len(constantReply) {
		now, err := conn.Read(buffer[n:])
		if err != nil {
			return err
		}
		n += now
	}
	if string(buffer[:n]) != constantReply {
		return errors.New("the answer is not the constant one")
	}
	return nil
}
