package runtime

import (
	"os"
	"syscall"
)

// idlePoller is an epoll instance of its own, for which in turn the network poller
// waits, so that it costs no thread.
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

// add watches c until it is roused. The descriptor is c's own for as long as
// Control runs, so what is watched is never another connection's that has got its
// number.
func (p *idlePoller) add(c *conn) bool {
	p.table.put(c)
	event := syscall.EpollEvent{
		Events: syscall.EPOLLIN | syscall.EPOLLRDHUP | syscall.EPOLLONESHOT,
		Fd:     c.slot.index,
		Pad:    c.slot.turn,
	}
	ok := p.control(c, syscall.EPOLL_CTL_ADD, &event)
	if !ok {
		p.table.take(c)
	}
	return ok
}

// remove watches c no more. If its descriptor has been closed it is not watched
// already.
func (p *idlePoller) remove(c *conn) {
	p.table.take(c)
	p.control(c, syscall.EPOLL_CTL_DEL, nil)
}

func (p *idlePoller) control(c *conn, op int, event *syscall.EpollEvent) (ok bool) {
	p.raw.Control(func(epoll uintptr) {
		c.sock.fd.raw.Control(func(fd uintptr) {
			ok = syscall.EpollCtl(int(epoll), op, int(fd), event) == nil
		})
	})
	return ok
}

// run starts the goroutines of connections that can be read, until p is stopped.
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
			if c := idle.at(p, slot{e.Fd, e.Pad}); c != nil {
				c.rouse()
			}
		}
	}
}

func (p *idlePoller) stop() { p.file.Close() }
