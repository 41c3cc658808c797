//go:build !linux

package core

import "time"

// newKernelPulse returns nil: there is none on this system.
func newKernelPulse(time.Duration) pulse { return nil }
