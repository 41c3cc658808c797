package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

// This file holds the child's end of the conversation that child.go describes,
// and the table of roles.

// roles are the parts that a child process can play. A role greets, then serves
// commands until its input closes.
var roles = map[string]func(peer, address string) error{
	"server": playServer,
	"client": playClient,
	"load":   playLoad,
	"parser": playParser,
	"reply":  playReply,

	"files":    playFiles,
	"sink":     playSink,
	"download": playDownload,
	"upload":   playUpload,
	"chunks":   playChunks,
	"queue":    playQueue,

	"tls-server": playTLSServer,
	"tls-client": playTLSClient,
	"tls-reply":  playTLSReply,
	"tls-load":   playTLSLoad,
}

// play runs a role to its end and returns the exit status.
func play(role, peer, address string, stderr io.Writer) int {
	part, ok := roles[role]
	if !ok {
		fmt.Fprintf(stderr, "bench: no role %q\n", role)
		return 2
	}
	if err := part(peer, address); err != nil {
		fmt.Printf("error %v\n", err)
		return 1
	}
	return 0
}

// greet tells the parent that the role is ready.
func greet(what string) { fmt.Printf("ok %s\n", what) }

// serveCommands answers the parent's lines until there are no more. A command
// is a word and its arguments, separated by spaces.
func serveCommands(commands map[string]func(args []string) (string, error)) error {
	// A read that blocks a thread would keep the only processor from the
	// server until the scheduler's monitor, after up to 10 ms, takes it away.
	if err := unix.SetNonblock(0, true); err != nil {
		return err
	}
	lines := bufio.NewScanner(os.NewFile(0, "standard input"))
	for lines.Scan() {
		words := strings.Fields(lines.Text())
		if len(words) == 0 {
			continue
		}
		command, ok := commands[words[0]]
		if !ok {
			fmt.Printf("error no command %q\n", words[0])
			continue
		}
		answer, err := command(words[1:])
		if err != nil {
			fmt.Printf("error %v\n", err)
			continue
		}
		fmt.Printf("ok %s\n", answer)
	}
	return lines.Err()
}
