//go:build !unix

package socket

// Systems on which listening is as Go's net package has it.

import (
	"net"
	"syscall"
)

func queue(syscall.Conn, int) error { return nil }

func inherit(int) (net.Listener, error) { return nil, syscall.EINVAL }
