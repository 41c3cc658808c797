package socket

import (
	"os"
	"syscall"
)

// idlePoller is an epoll instance of its own. The network poller of Go waits for that
// in turn, so that it costs no thread.
type idlePoller struct {
	file  *os.File
	raw   syscall.RawConn
	table idleTable // guarded by idlers.mu
}

// newIdlePoller returns nil if the system has no descriptor to spare.
func newIdlePoller() *idlePoller {
	fd, err := syscall.EpollCreate1(syscall.EPOLL_CLOEXEC)
	if err != nil {
		return nil
	}
	syscall.SetNonblock(fd, true) // or os.File would not wait for it in the network poller
	p := &idlePoller{file: os.NewFile(uintptr(fd), "epoll")}
	if p.raw, err = p.file.SyscallConn(); err != nil {
		p.file.Close()
		return nil
	}
	go p.run()
	return p
}

// add watches s until it is unparked. The descriptor is s's own for as long as Control
// runs, so that another connection that has got its number is never watched instead.
func (p *idlePoller) add(s *Socket) bool {
	p.table.put(s)
	event := syscall.EpollEvent{
		Events: syscall.EPOLLIN | syscall.EPOLLRDHUP | syscall.EPOLLONESHOT,
		Fd:     s.slot.index,
		Pad:    s.slot.turn,
	}
	ok := p.control(s, syscall.EPOLL_CTL_ADD, &event)
	if !ok {
		p.table.take(s)
	}
	return ok
}

// remove watches s no more. A descriptor that has been closed is not watched already.
func (p *idlePoller) remove(s *Socket) {
	p.table.take(s)
	p.control(s, syscall.EPOLL_CTL_DEL, nil)
}

func (p *idlePoller) control(s *Socket, op int, event *syscall.EpollEvent) (ok bool) {
	p.raw.Control(func(epoll uintptr) {
		s.fd.raw.Control(func(fd uintptr) {
			ok = syscall.EpollCtl(int(epoll), op, int(fd), event) == nil
		})
	})
	return ok
}

// run unparks the sockets that can be read, until p is stopped.
func (p *idlePoller) run() {
	var events [128]syscall.EpollEvent
	for {
		n := 0
		err := p.raw.Read(func(fd uintptr) bool {
			n, _ = syscall.EpollWait(int(fd), events[:], 0)
			return n > 0
		})
		if err != nil {
			return
		}
		for _, e := range events[:n] {
			if s := idle.at(p, slot{e.Fd, e.Pad}); s != nil {
				s.unpark()
			}
		}
	}
}

func (p *idlePoller) stop() { p.file.Close() }
