package main

// A scenario on a real Node: a process that runs it, whose commands are carried
// out on the stage.

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/google/go-cmp/cmp"
)

// nodes says where the Nodes are: NODEHTTP_NODES holds what tests/nodes.sh prints,
// a version and a path for each.
func nodes() (map[string]string, error) {
	fields := strings.Fields(os.Getenv("NODEHTTP_NODES"))
	paths := map[string]string{}
	for i := 0; i+1 < len(fields); i += 2 {
		paths[fields[i]] = fields[i+1]
	}
	for _, v := range versions {
		if paths[v.node] == "" {
			return nil, fmt.Errorf("NODEHTTP_NODES has no Node %s: set it to what sh tests/nodes.sh %[1]s prints", v.node)
		}
	}
	return paths, nil
}

// child is the process of one run.
type child struct {
	stage *stage
	mu    sync.Mutex // guards in, and orders messages
	in    io.Writer
	peers map[int]*peer // guarded by mu
}

// runNodeTwice runs a scenario on a Node, twice: what depends on how busy the
// machine is must not be recorded.
func runNodeTwice(v version, node string, sc *scenario) (outcome, error) {
	first, err := runNode(v, node, sc)
	if err != nil {
		return first, err
	}
	second, err := runNode(v, node, sc)
	if err == nil && !equal(first, second) {
		err = fmt.Errorf("%s on Node %s: the second run differs (-first +second):\n%s", sc.name, v.node, cmp.Diff(first, second))
	}
	return first, err
}

// runNode runs a scenario on a Node.
func runNode(v version, node string, sc *scenario) (outcome, error) {
	s := newStage(v)
	close(s.ready) // a Node looks after itself
	cmd := exec.Command(node, filepath.Join("node", "runner.js"), sc.path)
	cmd.Env = append(os.Environ(), "NODE_NO_WARNINGS=1", "NODE_OPTIONS=", "REFEREE_STATES="+v.statesAsJSON())
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return outcome{}, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return outcome{}, err
	}
	if err := cmd.Start(); err != nil {
		return outcome{}, err
	}
	c := &child{stage: s, in: in, peers: map[int]*peer{}}
	read := make(chan error, 1)
	go func() { read <- c.serve(out) }()
	killer := time.AfterFunc(patience+2*grace, func() { cmd.Process.Kill() })
	defer killer.Stop()
	var failure error
	select {
	case <-s.done:
	case failure = <-read:
		read <- failure
		if failure == nil {
			failure = fmt.Errorf("the process ended before done()")
		}
	case <-time.After(patience):
		failure = fmt.Errorf("done() was not called within %v", patience)
	}
	s.leave()
	c.send("quit")
	if err := <-read; failure == nil {
		failure = err
	}
	if err := cmd.Wait(); failure == nil && err != nil {
		failure = err
	}
	o := s.outcome()
	if line := o.failure(); line != "" && failure == nil {
		failure = errors.New(line)
	}
	if failure != nil {
		failure = fmt.Errorf("%s on Node %s: %w\n\t%s", sc.name, v.node, failure, o)
	}
	return o, failure
}

// send writes a message to the process.
func (c *child) send(message ...any) {
	line, err := json.Marshal(message)
	if err != nil {
		panic(err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.in.Write(append(line, '\n')) // a process that has ended needs no message
}

func (c *child) peer(id int) *peer {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.peers[id]
}

// joined tells the process of a new peer.
func (c *child) joined(function int) func(id int, p *peer) {
	return func(id int, p *peer) {
		c.mu.Lock()
		c.peers[id] = p
		c.mu.Unlock()
		c.send("call", function, id)
	}
}

// serve carries out what the process commands, until it ends.
func (c *child) serve(out io.Reader) error {
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		var raw []json.RawMessage
		if err := json.Unmarshal(lines.Bytes(), &raw); err != nil {
			return fmt.Errorf("the process said %q: %w", lines.Text(), err)
		}
		c.command(raw)
	}
	return lines.Err()
}

func (c *child) command(raw []json.RawMessage) {
	str := func(i int) (v string) { json.Unmarshal(raw[i], &v); return v }
	num := func(i int) (v int) { json.Unmarshal(raw[i], &v); return v }
	s := c.stage
	switch verb := str(0); verb {
	case "log":
		s.add(strings.Join(append([]string{str(1)}, shownAll(raw[2])...), " "))
	case "piece":
		s.addPiece(str(1), str(2))
	case "port":
		s.port(num(1))
	case "done":
		s.end()
	case "dial":
		go s.dial(num(1), c.joined(num(2)))
	case "answer":
		c.send("call", num(2), s.answer(c.joined(num(1))))
	case "relay":
		c.send("call", num(2), s.relay(num(1)))
	default:
		p := c.peer(num(1))
		switch verb {
		case "write":
			p.write(str(2))
		case "end":
			p.end()
		case "reset":
			p.reset()
		case "destroy":
			p.destroy()
		case "stop":
			p.stop(true)
		case "read":
			p.stop(false)
		case "until":
			function := num(3)
			p.until(str(2), func() { c.send("call", function) })
		case "closed":
			function := num(2)
			p.closed(func(how string) { c.send("call", function, how) })
		}
	}
}

// shown makes a line's part of a value that the process has described.
func shown(raw json.RawMessage) string {
	var plain string
	if json.Unmarshal(raw, &plain) == nil {
		return plain
	}
	var v struct {
		Text         *string
		List, Values []json.RawMessage
		Keys         []string
	}
	if err := json.Unmarshal(raw, &v); err != nil {
		return string(raw)
	}
	switch {
	case v.Text != nil:
		return quote(*v.Text)
	case v.Keys != nil:
		var parts []string
		for i, key := range v.Keys {
			parts = append(parts, key+": "+shown(v.Values[i]))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	}
	var parts []string
	for _, item := range v.List {
		parts = append(parts, shown(item))
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

func shownAll(raw json.RawMessage) []string {
	var values []json.RawMessage
	json.Unmarshal(raw, &values)
	var parts []string
	for _, v := range values {
		parts = append(parts, shown(v))
	}
	return parts
}
