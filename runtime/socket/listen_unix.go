//go:build unix

package socket

// The system calls of listening that Go's net package does not make.

import (
	"net"
	"os"
	"syscall"
)

// setBacklog sets how many connections may wait to be accepted: a socket that
// listens already may be told to do so again.
func setBacklog(l syscall.Conn, backlog int) error {
	raw, err := l.SyscallConn()
	if err != nil {
		return err
	}
	var failed error
	if err := raw.Control(func(fd uintptr) { failed = syscall.Listen(int(fd), backlog) }); err != nil {
		return err
	}
	return failed
}

// listenFD listens at a bound socket of a stream. Of such a one it closes fd,
// whether it can be listened at or not, since the listener has a descriptor of its
// own; any other fd stays its owner's.
func listenFD(fd int) (net.Listener, error) {
	if kind, err := syscall.GetsockoptInt(fd, syscall.SOL_SOCKET, syscall.SO_TYPE); err != nil || kind != syscall.SOCK_STREAM {
		return nil, syscall.EINVAL // before os.File, which would close it
	}
	f := os.NewFile(uintptr(fd), "listener")
	defer f.Close()
	return net.FileListener(f)
}
