package main

import (
	"fmt"
	"strconv"
	"time"
)

// This file holds the one command by which the parent has a child work for a
// while, the same for the load generator and for clients: both ends of it.
//
//	run NANOSECONDS       answers: operations done, nanoseconds taken

// warmUp is how long a contestant works before each round, if the round itself
// is not shorter: it fills caches and
// sizes buffers anew after the pause in which the other side was measured.
const warmUp = 30 * time.Millisecond

// runCommand is the child's end of "run".
func runCommand(work func(time.Duration) (int, time.Duration, error)) func([]string) (string, error) {
	return func(args []string) (string, error) {
		d, err := strconv.ParseInt(args[0], 10, 64)
		if err != nil {
			return "", err
		}
		n, took, err := work(time.Duration(d))
		return fmt.Sprint(n, " ", took.Nanoseconds()), err
	}
}

// tally is what one run did.
type tally struct {
	operations int
	took       time.Duration
	cpu        time.Duration // used by the measured process
}

// drive is the parent's end: it has worker run for d and watches the CPU time of
// measured, which is worker itself when that is a client.
func drive(worker, measured *child, d time.Duration) (t tally, err error) {
	return driveBy("run", worker, measured, d)
}

// driveBy is drive by another command that answers as run does.
func driveBy(command string, worker, measured *child, d time.Duration) (t tally, err error) {
	before, err := measured.cpu()
	if err != nil {
		return t, err
	}
	answer, err := worker.ask(d, fmt.Sprint(command, " ", d.Nanoseconds()))
	if err != nil {
		return t, err
	}
	after, err := measured.cpu()
	if err != nil {
		return t, err
	}
	t.cpu = after - before
	if _, err := fmt.Sscan(answer, &t.operations, (*int64)(&t.took)); err != nil || t.operations <= 0 || t.took <= 0 {
		return t, fmt.Errorf("%s: bad answer %q", worker.name, answer)
	}
	return t, nil
}

// rate returns the run as a sample in operations per second.
func (t tally) rate() sample {
	return t.sample(float64(t.operations) / t.took.Seconds())
}

// sample returns the run as a sample of the given value, with the CPU time per
// operation beside it.
func (t tally) sample(value float64) sample {
	return sample{
		Value: value,
		Also:  float64(t.cpu.Nanoseconds()) / 1000 / float64(t.operations),
		Busy:  t.busy(),
	}
}

// busy is the part of a core that the measured process used.
func (t tally) busy() float64 { return t.cpu.Seconds() / t.took.Seconds() }
