package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// This file holds the parent's end of a child process: starting it on its core,
// asking it things, and making sure that it ends. role.go is the other end.
//
// Parent and child talk in lines. The child greets, then answers each line that
// it gets; every line of the child begins with "ok" or "error". When its
// standard input closes it exits.

// patience is how much longer than asked for a child may take to answer before
// it is taken for hung and killed.
const patience = 2 * time.Minute

type child struct {
	name     string
	command  *exec.Cmd
	in       io.WriteCloser
	out      *bufio.Reader
	greeting string // what followed "ok" in the first line: a server's address
}

// startRole starts this program again in another role, on the given core.
func startRole(core int, role, peer, address string) (*child, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	return start(core, role+" "+peer, self, "-role="+role, "-peer="+peer, "-address="+address)
}

// start starts a program as a child on the given core and waits for its greeting.
// The kernel kills the child when this thread ends, however it ends.
func start(core int, name, path string, args ...string) (*child, error) {
	c := &child{name: strings.TrimSpace(name), command: exec.Command(path, args...)}
	c.command.Stderr = os.Stderr
	c.command.Env = append(os.Environ(), "GOMAXPROCS=1")
	c.command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setsid: true}
	in, err := c.command.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := c.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	c.in, c.out = in, bufio.NewReader(out)
	if err := onCore(core, c.command.Start); err != nil {
		return nil, err
	}
	favour(c.command.Process.Pid)
	if c.greeting, err = c.answer(0); err != nil {
		c.close()
		return nil, err
	}
	return c, nil
}

// ask sends a command and returns what followed "ok" in the answer, which may
// take as long as the command is meant to.
func (c *child) ask(takes time.Duration, command string) (string, error) {
	if _, err := io.WriteString(c.in, command+"\n"); err != nil {
		return "", fmt.Errorf("%s: %w", c.name, err)
	}
	return c.answer(takes)
}

func (c *child) answer(takes time.Duration) (string, error) {
	hung := time.AfterFunc(takes+patience, func() { c.command.Process.Kill() })
	line, err := c.out.ReadString('\n')
	if killed := !hung.Stop(); killed {
		return "", fmt.Errorf("%s: no answer within %v", c.name, takes+patience)
	}
	if err != nil {
		return "", fmt.Errorf("%s: no answer: %w", c.name, err)
	}
	verdict, rest, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
	if verdict != "ok" {
		return "", fmt.Errorf("%s: %s", c.name, strings.TrimSuffix(line, "\n"))
	}
	return rest, nil
}

// askNumber is ask for commands that answer with one integer.
func (c *child) askNumber(takes time.Duration, command string) (int64, error) {
	answer, err := c.ask(takes, command)
	if err != nil {
		return 0, err
	}
	n, err := strconv.ParseInt(answer, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", c.name, err)
	}
	return n, nil
}

// cpu returns the CPU time that the child has used so far.
func (c *child) cpu() (time.Duration, error) { return cpuTime(c.command.Process.Pid) }

// close lets the child end by itself, and kills it if it does not.
func (c *child) close() {
	c.in.Close()
	hung := time.AfterFunc(2*time.Second, func() { c.command.Process.Kill() })
	c.command.Wait()
	hung.Stop()
}
