//go:build !linux

package socket

// idlePoller does not exist here: every connection waits on a goroutine of its own.
type idlePoller struct{ table idleTable }

func newIdlePoller() *idlePoller { return nil }

func (*idlePoller) add(*Socket) bool { return false }
func (*idlePoller) remove(*Socket)   {}
func (*idlePoller) stop()            {}
