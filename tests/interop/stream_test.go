//go:build interop

package interop

// Streams of 100 MB, from and to Node, while the memory of our process is
// watched from outside.

import (
	"context"
	"fmt"
	"testing"
	"time"

	"nodehttp/tests/leak"
)

const (
	streamLength = 100_000_000
	warmUp       = 4_000_000
	mostGrowth   = 16 << 20
)

// TestStreamsToOurServer has Node's client stream to and from our server.
func TestStreamsToOurServer(t *testing.T) {
	leak.Check(t)
	ours := spawnOurs(t, true, "server")
	node := spawnNode(t, false, "client.js", ours.first)
	for _, kind := range []string{"up", "down", "echo", "sip"} {
		t.Run(kind, func(t *testing.T) { watch(t, ours, node, kind) })
	}
}

// TestStreamsFromOurClient has our client stream to and from Node's server.
func TestStreamsFromOurClient(t *testing.T) {
	leak.Check(t)
	node, _ := nodeServer(t)
	for _, way := range []string{pulled, pushed, halting} {
		for _, kind := range []string{"up", "down", "echo"} {
			t.Run(way+" "+kind, func(t *testing.T) {
				ours := spawnOurs(t, false, "client "+node.first)
				watch(t, ours, ours, way+" "+kind)
			})
		}
	}
}

// watch has teller make a stream, short at first, and checks its sum and how
// much the memory of ours grows.
func watch(t *testing.T, ours, teller *child, what string) {
	stream := func(length int64) time.Duration {
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		name := fmt.Sprint(what, " ", length)
		start := time.Now()
		teller.tell(t, name)
		lines := teller.log.take(ctx, t, name, 1)
		took := time.Since(start)
		if want := sumOf(length); len(lines) != 1 || lines[0] != want {
			t.Errorf("%s: received %q, want %s", name, lines, want)
		}
		return took
	}
	stream(warmUp)
	before, _ := ours.memory(t)
	took := stream(streamLength)
	after, peak := ours.memory(t)
	t.Logf("%.0f MB/s, resident %d kB before, %d kB after, %d kB at most",
		streamLength/1e6/took.Seconds(), before>>10, after>>10, peak>>10)
	if peak-before > mostGrowth {
		t.Errorf("resident memory has grown by %d kB to %d kB", (peak-before)>>10, peak>>10)
	}
}
