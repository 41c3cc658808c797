//go:build interop

package interop

// Transcripts: what the ends of conversations log, line by line, and waiting
// for their ends.

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"nodehttp/generated/http"
)

// transcripts collects lines by conversation.
type transcripts struct {
	mu      sync.Mutex // guards what follows
	lines   map[string][]string
	ends    map[string]int
	changed chan struct{} // closed at the next end
	err     error         // why there will be no more
}

func newTranscripts() *transcripts {
	return &transcripts{lines: map[string][]string{}, ends: map[string]int{}, changed: make(chan struct{})}
}

// end is the line that ends a conversation.
const end = "."

// log adds a line.
func (t *transcripts) log(name string, parts ...any) {
	line := strings.TrimSuffix(fmt.Sprintln(parts...), "\n")
	t.mu.Lock()
	defer t.mu.Unlock()
	if line != end {
		t.lines[name] = append(t.lines[name], line)
		return
	}
	t.ends[name]++
	t.change()
}

// fail says that no more lines will come.
func (t *transcripts) fail(err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.err = err
	t.change()
}

func (t *transcripts) change() {
	close(t.changed)
	t.changed = make(chan struct{})
}

// take waits until the conversation has ended n times, and forgets and returns
// its lines.
func (t *transcripts) take(ctx context.Context, tb testing.TB, name string, n int) []string {
	tb.Helper()
	t.mu.Lock()
	defer t.mu.Unlock()
	for t.ends[name] < n && t.err == nil && ctx.Err() == nil {
		changed := t.changed
		t.mu.Unlock()
		select {
		case <-changed:
		case <-ctx.Done():
		}
		t.mu.Lock()
	}
	lines := t.lines[name]
	if t.ends[name] != n {
		tb.Errorf("%s ended %d times, want %d (%v, %v); so far:\n%s",
			name, t.ends[name], n, ctx.Err(), t.err, strings.Join(lines, "\n"))
	}
	delete(t.lines, name)
	delete(t.ends, name)
	return lines
}

// varying are the headers that differ from run to run.
var varying = map[string]string{"date": "now", "host": "here"}

func (t *transcripts) logHeaders(name, what string, raw http.Headers) {
	for _, h := range raw {
		value, ok := varying[strings.ToLower(h[0])]
		if !ok {
			value = http.Latin1.Decode([]byte(h[1])) // Node's strings have a character for each byte
		}
		t.log(name, what, h[0]+":", value)
	}
}

// describe shows an error as testdata/common.js does.
func describe(err error) string {
	if e, ok := err.(*http.Error); ok {
		return e.Code + " " + e.Message
	}
	return err.Error()
}
