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
	defer c.sock.destroy(nil)
	begun := c.sock.active.Load()
	late := core.Instant(begun) + core.Instant(time.Hour)

	c.sock.active.Store(0)
	c.sweep(late)
	if c.tooSlow.Load() {
		t.Error("refused before it has begun")
	}

	c.sock.active.Store(begun)
	c.sweep(late)
	if !c.tooSlow.Load() {
		t.Error("not refused an hour after it has begun")
	}
}
