//go:build linux && (amd64 || arm64 || loong64 || ppc64le || riscv64)

package socket

// The system calls of a descriptor. But for sendFile they never block,
// whatever mode the descriptor is in, so that the scheduler need not be told of
// them.

import (
	"syscall"
	"unsafe"
)

// DirectIO says that this system has the calls below.
const DirectIO = true

const dontWait = syscall.MSG_DONTWAIT | syscall.MSG_NOSIGNAL

// receive reads what there is, up to len(p) bytes.
func receive(fd uintptr, p []byte) (int, syscall.Errno) {
	for {
		n, _, errno := syscall.RawSyscall6(syscall.SYS_RECVFROM, fd,
			uintptr(unsafe.Pointer(unsafe.SliceData(p))), uintptr(len(p)), syscall.MSG_DONTWAIT, 0, 0)
		if errno == 0 {
			return int(n), 0
		}
		if errno != syscall.EINTR {
			return 0, errno
		}
	}
}

// send writes as much of p as there is room for.
func send(fd uintptr, p []byte) (int, syscall.Errno) {
	for {
		n, _, errno := syscall.RawSyscall6(syscall.SYS_SENDTO, fd,
			uintptr(unsafe.Pointer(unsafe.SliceData(p))), uintptr(len(p)), dontWait, 0, 0)
		if errno == 0 {
			return int(n), 0
		}
		if errno != syscall.EINTR {
			return 0, errno
		}
	}
}

// readable reports whether there is something to read: a byte, the end or an
// error. It takes half the time of poll.
func readable(fd uintptr) bool {
	var p [1]byte
	for {
		_, _, errno := syscall.RawSyscall6(syscall.SYS_RECVFROM, fd,
			uintptr(unsafe.Pointer(&p)), uintptr(len(p)), syscall.MSG_DONTWAIT|syscall.MSG_PEEK, 0, 0)
		if errno != syscall.EINTR {
			return errno != syscall.EAGAIN
		}
	}
}

// peerEnded reports whether the peer has ended or the connection is gone, whatever
// is still to be read.
func peerEnded(fd uintptr) bool {
	const pollPeerEnded = 0x2000 // POLLRDHUP
	return pollNow(fd, pollPeerEnded) != 0
}

// hungUp reports whether the connection is gone in both directions.
func hungUp(fd uintptr) bool {
	const pollHungUp = 0x10 // POLLHUP, which is always told
	return pollNow(fd, 0)&pollHungUp != 0
}

// pollNow returns which of some events, and of those that are always told, there are.
func pollNow(fd uintptr, events int16) int16 {
	poll := struct {
		fd              int32
		events, revents int16
	}{int32(fd), events, 0}
	var now syscall.Timespec
	n, _, errno := syscall.RawSyscall6(syscall.SYS_PPOLL, uintptr(unsafe.Pointer(&poll)), 1,
		uintptr(unsafe.Pointer(&now)), 0, 0, 0)
	if errno != 0 || n != 1 {
		return 0
	}
	return poll.revents
}

// sendFile sends up to n bytes of the file from. It may have to wait for the
// disk, so the scheduler is told.
func sendFile(to, from uintptr, n int) (int, syscall.Errno) {
	for {
		sent, _, errno := syscall.Syscall6(syscall.SYS_SENDFILE, to, from, 0, uintptr(n), 0, 0)
		if errno == 0 {
			return int(sent), 0
		}
		if errno != syscall.EINTR {
			return 0, errno
		}
	}
}

// sendPieces is send for several pieces, one behind the other.
func sendPieces(fd uintptr, pieces *[3][]byte) (int, syscall.Errno) {
	var iov [3]syscall.Iovec
	var message syscall.Msghdr
	message.Iov = &iov[0]
	for _, p := range pieces {
		if len(p) > 0 {
			iov[message.Iovlen] = syscall.Iovec{Base: unsafe.SliceData(p), Len: uint64(len(p))}
			message.Iovlen++
		}
	}
	for {
		n, _, errno := syscall.RawSyscall6(syscall.SYS_SENDMSG, fd, uintptr(unsafe.Pointer(&message)), dontWait, 0, 0, 0)
		if errno == 0 {
			return int(n), 0
		}
		if errno != syscall.EINTR {
			return 0, errno
		}
	}
}
