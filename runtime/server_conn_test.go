package runtime

import (
	"net"
	"testing"
	"time"

	"nodehttp/core"
	"nodehttp/generated/profile"
)

// A sweep may look at a connection that has joined it and not been touched yet.
func TestNewConnectionIsNotLate(t *testing.T) {
	s := NewServer(profile.V19_0, ServerOptions{}, nil)
	a, b := net.Pipe()
	defer b.Close()
	c := newServerConn(s, a, false)
	defer c.sock.Destroy(nil)
	c.Sweep(core.Now() + core.Instant(time.Hour))
	if c.requestTimedOut.Load() {
		t.Error("refused before it has begun")
	}

	c.sock.Wire().Begin()
	c.Sweep(c.sock.Wire().Active() + core.Instant(time.Hour))
	if !c.requestTimedOut.Load() {
		t.Error("not refused an hour after it has begun")
	}
}
