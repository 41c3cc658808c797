//go:build !darwin

package scene

import "syscall"

// keepIdle is the socket option of the delay before the first probe.
const keepIdle = syscall.TCP_KEEPIDLE
