package main

import (
	"fmt"
	"net/netip"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// This file wraps the few system calls from which the load generator and the reply
// server are made. They are raw: Go's scheduler does not know of them, so they cost what
// they cost in C, and the goroutine that makes them must have no other one waiting for
// it.

// forever is the timeout of a wait without one.
const forever = -time.Millisecond

// poller waits for many descriptors, level-triggered, on one thread.
type poller struct {
	fd     int
	events [256]unix.EpollEvent
}

func newPoller() (*poller, error) {
	fd, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("epoll_create1: %w", err)
	}
	return &poller{fd: fd}, nil
}

// add has wait report fd whenever it can be read, under a tag of the caller's.
func (p *poller) add(fd int, tag int32) error {
	event := unix.EpollEvent{Events: unix.EPOLLIN, Fd: tag}
	if err := unix.EpollCtl(p.fd, unix.EPOLL_CTL_ADD, fd, &event); err != nil {
		return fmt.Errorf("epoll_ctl: %w", err)
	}
	return nil
}

// wait returns what is readable, at the latest after timeout, and then nothing.
// The timeout forever is none. The slice is valid until the next call.
func (p *poller) wait(timeout time.Duration) ([]unix.EpollEvent, error) {
	milliseconds := timeout.Milliseconds()
	for {
		n, _, errno := unix.RawSyscall6(unix.SYS_EPOLL_PWAIT, uintptr(p.fd),
			uintptr(unsafe.Pointer(&p.events[0])), uintptr(len(p.events)), uintptr(milliseconds), 0, 0)
		switch errno {
		case 0:
			return p.events[:n], nil
		case unix.EINTR: // the runtime's own signals
		default:
			return nil, fmt.Errorf("epoll_pwait: %w", errno)
		}
	}
}

// readNow reads what is there. 0 means that the peer has closed; -1 that there
// is nothing yet.
func readNow(fd int, buffer []byte) (int, error) {
	for {
		n, _, errno := unix.RawSyscall(unix.SYS_READ, uintptr(fd), uintptr(unsafe.Pointer(&buffer[0])), uintptr(len(buffer)))
		switch errno {
		case 0:
			return int(n), nil
		case unix.EINTR:
		case unix.EAGAIN:
			return -1, nil
		default:
			return 0, fmt.Errorf("read: %w", errno)
		}
	}
}

// writeNow writes all of data, which is small enough for any socket's buffer: to
// have no room for it is an error.
func writeNow(fd int, data []byte) error {
	for {
		n, _, errno := unix.RawSyscall(unix.SYS_WRITE, uintptr(fd), uintptr(unsafe.Pointer(&data[0])), uintptr(len(data)))
		switch {
		case errno == unix.EINTR:
		case errno != 0:
			return fmt.Errorf("write: %w", errno)
		case int(n) != len(data):
			return fmt.Errorf("write: %d of %d bytes", n, len(data))
		default:
			return nil
		}
	}
}

// connect opens a TCP connection to a numeric IPv4 address. Its descriptor does
// not block.
func connect(address netip.AddrPort) (int, error) {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return -1, fmt.Errorf("socket: %w", err)
	}
	err = unix.Connect(fd, &unix.SockaddrInet4{Port: int(address.Port()), Addr: address.Addr().Unmap().As4()})
	if err == nil {
		err = prepare(fd)
	}
	if err != nil {
		unix.Close(fd)
		return -1, fmt.Errorf("connect to %v: %w", address, err)
	}
	return fd, nil
}

// listen opens a listening socket on a free loopback port.
func listen() (fd int, address netip.AddrPort, err error) {
	fd, err = unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		return -1, address, fmt.Errorf("socket: %w", err)
	}
	if err := unix.Bind(fd, &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		return -1, address, fmt.Errorf("bind: %w", err)
	}
	if err := unix.Listen(fd, unix.SOMAXCONN); err != nil {
		return -1, address, fmt.Errorf("listen: %w", err)
	}
	name, err := unix.Getsockname(fd)
	if err != nil {
		return -1, address, fmt.Errorf("getsockname: %w", err)
	}
	ip4, ok := name.(*unix.SockaddrInet4)
	if !ok {
		return -1, address, fmt.Errorf("getsockname: not IPv4: %T", name)
	}
	return fd, netip.AddrPortFrom(netip.AddrFrom4(ip4.Addr), uint16(ip4.Port)), nil
}

// accept takes one waiting connection; ok is false if there is none.
func accept(listener int) (fd int, ok bool, err error) {
	fd, _, err = unix.Accept4(listener, unix.SOCK_CLOEXEC)
	switch err {
	case nil:
		return fd, true, prepare(fd)
	case unix.EAGAIN, unix.ECONNABORTED, unix.EINTR:
		return -1, false, nil
	default:
		return -1, false, fmt.Errorf("accept: %w", err)
	}
}

// prepare makes a connection as all sides of a measurement have it: without
// Nagle's delay, and not blocking.
func prepare(fd int) error {
	if err := unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1); err != nil {
		return err
	}
	return unix.SetNonblock(fd, true)
}
