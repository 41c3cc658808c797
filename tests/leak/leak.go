// Package leak finds what a test has left behind: goroutines and open files.
// It is for tests of any package of the module, and imports none of them.
package leak

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// patience is how long what is ending may take to end. A test that leaves
// nothing behind does not wait.
const patience = 5 * time.Second

// step is the longest time that counts at once: when the machine stops the whole
// process, the goroutines that are to end lose only one step.
const step = 2 * time.Millisecond

// Check has t fail if goroutines or open files that are not there now are
// still there when t and its other cleanups have ended. Call it first in the
// test. It does not fit tests that run in parallel with others, since it
// cannot tell whose is whose.
func Check(t testing.TB) {
	t.Helper()
	check(t, patience)
}

func check(t testing.TB, patience time.Duration) {
	t.Helper()
	before := Take()
	t.Cleanup(func() {
		if t.Failed() {
			return // there is a better reason to look at
		}
		if left := before.Left(patience); len(left) > 0 {
			t.Errorf("%d goroutines or files are left behind:\n\n%s", len(left), strings.Join(left, "\n\n"))
		}
	})
}

// Snapshot is what the process has at one moment: a description of each goroutine
// but the caller's, and of each open file.
type Snapshot struct{ goroutines, files map[string]string }

// Take returns what is there now.
func Take() Snapshot { return Snapshot{Goroutines(), openFiles()} }

// Left waits until nothing is left but what s has, for patience at most, and
// returns the descriptions of what is left then.
func (s Snapshot) Left(patience time.Duration) []string {
	for ; ; patience -= step {
		left := append(added(s.goroutines, Goroutines()), added(s.files, openFiles())...)
		if len(left) == 0 || patience <= 0 {
			return left
		}
		time.Sleep(step)
	}
}

// added returns the descriptions of what is in after only.
func added(before, after map[string]string) []string {
	var left []string
	for key, description := range after {
		if _, ok := before[key]; !ok {
			left = append(left, description)
		}
	}
	return left
}

// Goroutines returns the stack of each other goroutine by its number, which is never
// used again.
func Goroutines() map[string]string {
	buffer := make([]byte, 64<<10)
	n := runtime.Stack(buffer, true)
	for n == len(buffer) {
		buffer = make([]byte, 2*len(buffer))
		n = runtime.Stack(buffer, true)
	}
	stacks := strings.Split(string(buffer[:n]), "\n\n")
	found := make(map[string]string)
	for _, stack := range stacks[1:] { // the first is the caller
		number, _, _ := strings.Cut(strings.TrimPrefix(stack, "goroutine "), " ")
		found[number] = stack
	}
	return found
}

// openFiles returns a description of each open file by its number and what it
// refers to, where the system shows them in a directory.
func openFiles() map[string]string {
	const directory = "/proc/self/fd"
	entries, err := os.ReadDir(directory)
	if err != nil {
		return nil
	}
	found := make(map[string]string)
	for _, entry := range entries {
		target, err := os.Readlink(filepath.Join(directory, entry.Name()))
		if err != nil {
			continue // the directory itself, closed by now
		}
		if strings.HasPrefix(target, "anon_inode:[event") {
			continue // the poller of the Go runtime, opened at first use
		}
		description := "file " + entry.Name() + ": " + target
		found[description] = description
	}
	return found
}
