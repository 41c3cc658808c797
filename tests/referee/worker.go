package main

// Workers: processes that run scenarios on nodehttp. A run has a process of one
// processor to itself, as it has with a Node, and spends most of its time waiting;
// so a few processes side by side are done several times as soon as one.

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	"nodehttp/tests/leak"
)

const (
	// workCommand is the command of this program, and of its test, that makes it a worker.
	workCommand = "work"
	// verdictPatience is how long a worker may take for a run: longer than a run that
	// finds all of its own limits.
	verdictPatience = 2 * patience
)

// assignment is a run that a worker is to judge.
type assignment struct{ Scenario, Version string }

// result is what a worker says of it.
type result struct {
	Verdict verdict
	Detail  string
	Uses    []string // the members that the run has used
}

// work judges the assignments that come in, until there are no more.
func work(in io.Reader, out io.Writer) error {
	listed, err := loadDeviations()
	if err != nil {
		return err
	}
	assignments, results := json.NewDecoder(in), json.NewEncoder(out)
	for {
		var a assignment
		if err := assignments.Decode(&a); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		sc, err := loadScenario(a.Scenario)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(versions, func(v version) bool { return v.name == a.Version })
		if i < 0 {
			return fmt.Errorf("there is no version %s", a.Version)
		}
		var r result
		before := leak.Take()
		r.Verdict, r.Detail = judge(listed, versions[i], sc)
		if r.Verdict != disagrees {
			if left := before.Left(grace); len(left) > 0 {
				r.Verdict = disagrees
				r.Detail = fmt.Sprintf("%d goroutines or files are left behind:\n\n%s", len(left), strings.Join(left, "\n\n"))
			}
		}
		r.Uses = uses.take()
		if err := results.Encode(r); err != nil {
			return err
		}
	}
}

// worker is such a process, as its parent sees it.
type worker struct {
	cmd         *exec.Cmd
	assignments *json.Encoder
	results     *json.Decoder
	in          io.Closer
	stderr      bytes.Buffer // to be read once the process has ended
}

func startWorker() (*worker, error) {
	path, err := os.Executable()
	if err != nil {
		return nil, err
	}
	w := &worker{cmd: exec.Command(path, workCommand)}
	w.cmd.Stderr = &w.stderr
	// A data race ends the process, so that it is told of the run that it is in.
	w.cmd.Env = append(os.Environ(), "GORACE=halt_on_error=1 "+os.Getenv("GORACE"))
	in, err := w.cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := w.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	w.in, w.assignments, w.results = in, json.NewEncoder(in), json.NewDecoder(out)
	return w, w.cmd.Start()
}

// judge has a scenario judged in a version. The worker is of no use after an error.
func (w *worker) judge(v version, sc *scenario) (r result, err error) {
	stuck := time.AfterFunc(verdictPatience, func() { w.cmd.Process.Signal(syscall.SIGQUIT) }) // it shows its stacks
	defer stuck.Stop()
	if err = w.assignments.Encode(assignment{sc.name, v.name}); err == nil {
		err = w.results.Decode(&r)
	}
	if err == nil {
		return r, nil
	}
	if ended := w.close(); ended != nil {
		err = ended
	}
	return result{}, err
}

// close ends the process, which has nothing to do.
func (w *worker) close() error {
	w.in.Close()
	err := w.cmd.Wait()
	if err != nil || w.stderr.Len() > 0 {
		return fmt.Errorf("a worker ended with %v:\n%s", err, &w.stderr)
	}
	return nil
}

// workers are some of them, which judge side by side. Its methods may be called from
// any goroutine.
type workers chan *worker // nil: one that is not started yet

func newWorkers() workers {
	all := make(workers, 4*runtime.NumCPU())
	for range cap(all) {
		all <- nil
	}
	return all
}

// judge has the next free worker judge a run.
func (all workers) judge(v version, sc *scenario) (verdict, string) {
	r := all.run(v, sc)
	uses.add(v, r.Uses)
	return r.Verdict, r.Detail
}

// run is judge that tells of the members of this run alone.
func (all workers) run(v version, sc *scenario) result {
	w := <-all
	var err error
	if w == nil {
		w, err = startWorker()
	}
	var r result
	if err == nil {
		r, err = w.judge(v, sc)
	}
	if err != nil {
		all <- nil
		return result{Verdict: disagrees, Detail: err.Error()}
	}
	all <- w
	return r
}

// close ends the workers once no run is left, and returns what they have to say.
func (all workers) close() error {
	var said []string
	for range cap(all) {
		if w := <-all; w != nil {
			if err := w.close(); err != nil {
				said = append(said, err.Error())
			}
		}
	}
	if said != nil {
		return fmt.Errorf("%s", strings.Join(said, "\n"))
	}
	return nil
}
