package leak

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// recorder is a test that only notes what happens to it.
type recorder struct {
	testing.TB
	cleanups []func()
	failure  string
}

func (r *recorder) Helper()          {}
func (r *recorder) Failed() bool     { return r.failure != "" }
func (r *recorder) Cleanup(f func()) { r.cleanups = append(r.cleanups, f) }
func (r *recorder) Errorf(format string, args ...any) {
	r.failure = fmt.Sprintf(format, args...)
}

func TestGoroutineLeftBehind(t *testing.T) {
	r := &recorder{TB: t}
	check(r, 20*time.Millisecond)
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() { <-stop; close(stopped) }()
	for _, f := range r.cleanups {
		f()
	}
	close(stop)
	<-stopped
	if !strings.Contains(r.failure, "TestGoroutineLeftBehind") {
		t.Errorf("the goroutine's stack is not shown: %q", r.failure)
	}
}

func TestFileLeftBehind(t *testing.T) {
	before := Take()
	if before.files == nil { // the system does not show them
		return
	}
	f, err := os.Create(filepath.Join(t.TempDir(), "forgotten"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	left := before.Left(20 * time.Millisecond)
	if !strings.Contains(strings.Join(left, "\n"), "forgotten") {
		t.Errorf("the file is not named: %q", left)
	}
}

func TestSocketLeftBehind(t *testing.T) {
	before := Take()
	if before.files == nil { // the system does not show them
		return
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	left := before.Left(20 * time.Millisecond)
	if !strings.Contains(strings.Join(left, "\n"), "socket:") {
		t.Errorf("the socket is not named: %q", left)
	}
}

func TestNothingLeftBehind(t *testing.T) {
	r := &recorder{TB: t}
	Check(r)
	done := make(chan struct{})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(done)
		c, err := l.Accept()
		if err == nil {
			c.Close()
		}
	}()
	l.Close()
	<-done
	for _, f := range r.cleanups {
		f()
	}
	if r.failure != "" {
		t.Error(r.failure)
	}
}

func TestFailedTestIsNotSearched(t *testing.T) {
	r := &recorder{TB: t}
	Check(r)
	r.failure = "something else"
	for _, f := range r.cleanups {
		f()
	}
	if r.failure != "something else" {
		t.Error(r.failure)
	}
}
