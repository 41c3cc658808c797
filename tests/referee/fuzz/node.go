package main

// The real Node: a child process whose servers and clients tell what they saw.

import (
	"bufio"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
)

//go:embed testdata/peer.js
var peerScript string

// node is a running testdata/peer.js.
type node struct {
	cmd    *exec.Cmd
	ports  []int // of the servers, by the number of their mode
	sights mailbox
	done   chan struct{} // closed when its output has ended

	mu sync.Mutex // of what goes to its input
	in io.WriteCloser
}

// startNode runs the script with the binary at path.
func startNode(path string) (*node, error) {
	n := &node{cmd: exec.Command(path, "-e", peerScript), done: make(chan struct{})}
	n.cmd.Stderr = os.Stderr
	var err error
	if n.in, err = n.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := n.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := n.cmd.Start(); err != nil {
		return nil, err
	}
	lines := json.NewDecoder(bufio.NewReaderSize(out, 1<<16))
	if err := lines.Decode(&n.ports); err != nil || len(n.ports) != modes {
		n.cmd.Process.Kill()
		n.cmd.Wait()
		return nil, fmt.Errorf("%s does not serve: %v %w", path, n.ports, err)
	}
	go func() {
		defer close(n.done)
		for {
			s := new(Sight)
			if err := lines.Decode(s); err != nil {
				if !errors.Is(err, io.EOF) {
					fmt.Fprintln(os.Stderr, "node:", err)
				}
				return
			}
			n.sights.deliver(s)
		}
	}()
	return n, nil
}

// stop ends the process.
func (n *node) stop() error {
	n.in.Close()
	<-n.done
	return n.cmd.Wait()
}

// server implements peer.
func (n *node) server(m mode) int { return n.ports[m] }

// box implements peer.
func (n *node) box() *mailbox { return &n.sights }

// ask implements peer.
func (n *node) ask(q question) error {
	line, err := json.Marshal(q)
	if err != nil {
		return err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	_, err = n.in.Write(append(line, '\n'))
	return err
}
