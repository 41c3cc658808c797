package main

import (
	"errors"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

func main() {
	var f fuzzer
	var only, nodePath string
	var duration time.Duration
	flag.StringVar(&nodePath, "node", "", "path of Node 19.0.0")
	flag.DurationVar(&duration, "time", time.Minute, "how long to go on")
	flag.StringVar(&only, "only", "", "requests or responses; both in turn if empty")
	flag.Uint64Var(&f.seed, "seed", rand.Uint64(), "seed of all random numbers")
	flag.Uint64Var(&f.first, "first", 0, "number of the first case")
	flag.IntVar(&f.workers, "workers", 32, "connections in flight, to each end")
	flag.BoolVar(&f.insecure, "insecure", false, "set insecureHTTPParser")
	flag.StringVar(&f.corpus, "corpus", "", "folder to write unexplained cases to")
	flag.Parse()
	if err := f.fuzz(nodePath, only, duration); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// A fuzzer runs cases and counts what comes of them.
type fuzzer struct {
	seed, first uint64
	workers     int
	insecure    bool
	corpus      string

	next atomic.Uint64 // number of the next case

	mu        sync.Mutex // guards what follows
	explained map[string]int
	unsteady  int
	failures  map[string]int // by signature
}

// errDisagree says that something is not explained.
var errDisagree = errors.New("disputes that no deviation explains")

// A direction says what reads the cases: servers or clients.
type direction struct {
	name     string
	response bool
	rules    []rule
	run      func(peer, Case) (*Sight, error)
}

func (f *fuzzer) fuzz(nodePath, only string, duration time.Duration) error {
	n, err := startNode(nodePath)
	if err != nil {
		return err
	}
	defer n.stop()
	o := newOurs()
	defer o.stop()
	a, err := newAnswerer()
	if err != nil {
		return err
	}
	defer a.stop()
	var directions []direction
	for _, d := range []direction{
		{"requests", false, requestRules, runRequest},
		{"responses", true, responseRules, a.runResponse},
	} {
		if only == "" || only == d.name {
			directions = append(directions, d)
		}
	}
	if len(directions) == 0 {
		return fmt.Errorf("-only %q is neither requests nor responses", only)
	}
	disagree := false
	for _, d := range directions {
		if err := f.both(n, o, d, duration/time.Duration(len(directions))); err != nil {
			return err
		}
		disagree = disagree || len(f.failures) > 0
	}
	if disagree {
		return errDisagree
	}
	return nil
}

// both runs cases of one direction until the time is over.
func (f *fuzzer) both(n, o peer, d direction, duration time.Duration) error {
	f.next.Store(f.first)
	f.explained, f.failures, f.unsteady = map[string]int{}, map[string]int{}, 0
	fmt.Printf("%s: seed %d\n", d.name, f.seed)
	begun := time.Now()
	errs := make(chan error, f.workers)
	var workers sync.WaitGroup
	for range f.workers {
		workers.Go(func() {
			for time.Since(begun) < duration {
				if err := f.one(n, o, d, f.next.Add(1)-1); err != nil {
					errs <- err
					return
				}
			}
		})
	}
	workers.Wait()
	close(errs)
	f.report(d, time.Since(begun))
	return <-errs
}

func (f *fuzzer) report(d direction, took time.Duration) {
	ran := f.next.Load() - f.first
	fmt.Printf("%s: %d cases in %v, %.0f a second\n", d.name, ran, took.Round(time.Second/10), float64(ran)/took.Seconds())
	for _, name := range slices.Sorted(maps.Keys(f.explained)) {
		fmt.Printf("%8d explained by %s\n", f.explained[name], name)
	}
	if f.unsteady > 0 {
		fmt.Printf("%8d differed once and not again\n", f.unsteady)
	}
	for _, s := range slices.Sorted(maps.Keys(f.failures)) {
		fmt.Printf("%8d unexplained: %s\n", f.failures[s], s)
	}
}

// run has both ends look at a case. It returns nil if they agree.
func (d *direction) disputed(n, o peer, c Case) (*dispute, error) {
	theirs := make(chan error, 1)
	var node *Sight
	go func() {
		var err error
		node, err = d.run(n, c)
		theirs <- err
	}()
	ours, err := d.run(o, c)
	if err := errors.Join(err, <-theirs); err != nil {
		return nil, err
	}
	return judge(c, node, ours), nil
}

// explain returns the deviation that explains the dispute.
func (d *direction) explain(found *dispute) (deviation string, ok bool) {
	for _, r := range d.rules {
		if r.explains(found) {
			return r.deviation, true
		}
	}
	return "", false
}

// again is how often a dispute must be found again to count.
const again = 3

// one runs the case with the number.
func (f *fuzzer) one(n, o peer, d direction, number uint64) error {
	c := newGenerator(f.seed, number).make(d.response)
	if f.insecure {
		c.Mode |= insecure
	}
	found, err := d.disputed(n, o, c)
	if err != nil || found == nil {
		return err
	}
	for times := 1; ; times++ {
		if name, ok := d.explain(found); ok {
			f.mu.Lock()
			f.explained[name]++
			f.mu.Unlock()
			return nil
		}
		if times > again {
			break
		}
		once := found
		if found, err = d.disputed(n, o, c); err != nil {
			return err
		}
		if found == nil {
			f.mu.Lock()
			f.unsteady++
			if f.unsteady == 1 {
				fmt.Printf("once in case %d: %s", number, once)
			}
			f.mu.Unlock()
			return nil
		}
	}
	signature := found.signature()
	f.mu.Lock()
	f.failures[signature]++
	known := f.failures[signature] > 1
	f.mu.Unlock()
	if known {
		return nil
	}
	small := f.small(n, o, d, found)
	f.mu.Lock()
	defer f.mu.Unlock()
	fmt.Printf("case %d: %s", number, small)
	if f.corpus == "" {
		return nil
	}
	return os.WriteFile(filepath.Join(f.corpus, d.name+"-"+strconv.FormatUint(number, 10)), []byte(small.Input), 0o644)
}

// small makes the input of a dispute small.
func (f *fuzzer) small(n, o peer, d direction, found *dispute) *dispute {
	signature := found.signature()
	shows := func(c Case) bool {
		again, err := d.disputed(n, o, c)
		if err != nil || again == nil || again.signature() != signature {
			return false
		}
		if _, ok := d.explain(again); ok {
			return false
		}
		found = again
		return true
	}
	c := found.Case
	if c.Cuts = nil; !shows(c) {
		return found
	}
	minimise(c.Input, 400, func(input string) bool {
		c.Input = input
		return input != "" && shows(c)
	})
	return found
}
