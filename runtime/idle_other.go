//go:build !linux

package runtime

// idlePoller does not exist here: every connection waits on a goroutine of its own.
type idlePoller struct{ table idleTable }

func newIdlePoller() *idlePoller { return nil }

func (*idlePoller) add(*conn) bool { return false }
func (*idlePoller) remove(*conn)   {}
func (*idlePoller) stop()          {}
