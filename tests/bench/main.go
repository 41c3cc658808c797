// Command bench compares nodehttp with its peers: fasthttp, net/http, Node and
// a bare loop that does nothing but the system calls (the floor).
//
//	go run . [-only FIGURE] [-json] [-seconds N]
//
// The table's RATIO says how many times better ours is, ROUNDS between what the
// middle half of the rounds lay, ALSO a second number (the CPU time of a request is steadier
// than throughput), and BUSY how much of its core the measured process
// used: well below 100 %, something else than it was the limit.
//
// A figure is one number under one name, such as server.keepalive; figure.go
// lists them. Machines are noisy, so ours and a peer are started several times and
// run alternately in many short rounds of one run, and what is printed is the median
// of those rounds in which neighbours disturbed least. What is measured is a process of its own,
// pinned to one core, and what loads or answers it a process on another.
//
// This module is nested so that nodehttp does not depend on its peers. It
// measures with epoll and CPU affinity: it builds on Linux only.
//
// This file holds the command line; it measures nothing.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"
	"time"
)

func main() {
	// Children die with the thread that started them (see child.go), so that
	// must be the one thread that lives as long as the process.
	runtime.LockOSThread()
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// run is main with its surroundings as arguments; it returns the exit status:
// 1 if a figure could not be measured, 2 if the command line is wrong.
func run(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(stderr)
	only := flags.String("only", "", "measure this `figure` alone")
	asJSON := flags.Bool("json", false, "print one JSON line per figure and peer")
	seconds := flags.Float64("seconds", 4, "measuring time per figure and peer, without warm-up")
	role := flags.String("role", "", "internal: the part a child process plays")
	peer := flags.String("peer", "", "internal: whose implementation the child runs")
	address := flags.String("address", "", "internal: the server that the child calls")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	if *role != "" {
		return play(*role, *peer, *address, stderr)
	}
	chosen, err := choose(*only)
	if err == nil && flags.NArg() > 0 {
		err = fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	if err == nil && !(*seconds > 0) {
		err = fmt.Errorf("-seconds must be positive")
	}
	if err != nil {
		fmt.Fprintln(stderr, "bench:", err)
		return 2
	}

	var out report
	if *asJSON {
		out = jsonLines{stdout}
	} else {
		out = newTable(stdout)
	}
	status := 0
	budget := time.Duration(*seconds * float64(time.Second))
	for _, f := range chosen {
		for _, err := range measure(f, budget, out) {
			if isMissing(err) {
				fmt.Fprintf(stderr, "bench: %s: skipped: %v\n", f.Name, err)
				continue
			}
			fmt.Fprintf(stderr, "bench: %s: %v\n", f.Name, err)
			status = 1
		}
	}
	return status
}
