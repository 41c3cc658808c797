package main

import (
	"fmt"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// This file deals with cores: which there are, which process runs where, and how much of
// one a process has used.

// cores returns a core for what is measured and another for what loads or
// answers it. With one core they are the same, and all figures suffer.
func cores() (measured, other int) {
	var set unix.CPUSet
	if err := unix.SchedGetaffinity(0, &set); err != nil {
		return 0, 0
	}
	first, last := -1, 0
	for i := range len(set) * 64 {
		if set.IsSet(i) {
			if first < 0 {
				first = i
			}
			last = i
		}
	}
	return last, max(first, 0)
}

// onCore calls f while the calling thread is bound to one core. Threads and
// processes that f starts inherit that. The caller must be locked to its thread.
func onCore(core int, f func() error) error {
	var before, one unix.CPUSet
	if err := unix.SchedGetaffinity(0, &before); err != nil {
		return fmt.Errorf("sched_getaffinity: %w", err)
	}
	one.Set(core)
	if err := unix.SchedSetaffinity(0, &one); err != nil {
		return fmt.Errorf("sched_setaffinity: %w", err)
	}
	defer unix.SchedSetaffinity(0, &before)
	return f()
}

// favour asks the kernel to prefer a process that leads a session of its own to
// its neighbours: against one that never sleeps it gets all but a hundredth of a core.
// Not every kernel has that and not every user may: then neighbours show in
// the figures as they did before.
func favour(pid int) {
	const nice = "-20"
	os.WriteFile(fmt.Sprintf("/proc/%d/autogroup", pid), []byte(nice), 0)
}

// cpuTime returns the CPU time, user and system, that all threads of a process
// have used. It reads the process's CPU clock, which any process may do: unlike
// getrusage it needs no help from the measured one, so it serves Node too.
func cpuTime(pid int) (time.Duration, error) {
	const schedClock = 2 // CPUCLOCK_SCHED in the kernel's clock ids: both modes, in nanoseconds
	var t unix.Timespec
	if err := unix.ClockGettime(int32(^pid<<3|schedClock), &t); err != nil {
		return 0, fmt.Errorf("CPU clock of process %d: %w", pid, err)
	}
	return time.Duration(t.Nano()), nil
}
