package main

import (
	"runtime"
	"strconv"
	"time"
)

// This file counts allocations of a measured Go process: both ends of the
// command for it.
//
//	mallocs               answers: objects allocated since the process began

// countMallocs is the child's end of "mallocs". It counts all goroutines and the
// runtime itself.
func countMallocs([]string) (string, error) {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return strconv.FormatUint(m.Mallocs, 10), nil
}

// driveAndCount is drive that also returns how many objects measured allocated
// per operation.
func driveAndCount(worker, measured *child, d time.Duration) (t tally, mallocs float64, err error) {
	before, err := measured.askNumber(0, "mallocs")
	if err != nil {
		return t, 0, err
	}
	if t, err = drive(worker, measured, d); err != nil {
		return t, 0, err
	}
	after, err := measured.askNumber(0, "mallocs")
	if err != nil {
		return t, 0, err
	}
	return t, float64(after-before) / float64(t.operations), nil
}
