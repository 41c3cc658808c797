package core

import (
	"os"
	"syscall"
	"time"
	"unsafe"
)

// kernelPulse is a pulse of a timer descriptor, which the network poller waits
// for as for any other.
type kernelPulse struct{ file *os.File }

const clockMonotonic = 1

// newKernelPulse returns nil if the process has no file descriptor left.
func newKernelPulse(every time.Duration) pulse {
	fd, _, errno := syscall.RawSyscall(syscall.SYS_TIMERFD_CREATE, clockMonotonic, syscall.O_NONBLOCK|syscall.O_CLOEXEC, 0)
	if errno != 0 {
		return nil
	}
	p := &kernelPulse{os.NewFile(fd, "timerfd")}
	p.set(every)
	return p
}

func (p *kernelPulse) wait() bool {
	var beats [8]byte
	_, err := p.file.Read(beats[:])
	return err == nil
}

func (p *kernelPulse) set(every time.Duration) {
	spec := struct{ interval, first syscall.Timespec }{
		syscall.NsecToTimespec(int64(every)), syscall.NsecToTimespec(int64(every)),
	}
	if raw, err := p.file.SyscallConn(); err == nil {
		raw.Control(func(fd uintptr) {
			syscall.RawSyscall6(syscall.SYS_TIMERFD_SETTIME, fd, 0, uintptr(unsafe.Pointer(&spec)), 0, 0, 0)
		})
	}
}

func (p *kernelPulse) stop() { p.file.Close() }
