package main

// The stage of one run: its log, its peers, and its end. Both kinds of subject,
// a Node and our runtime, play on it.

import (
	"fmt"
	"hash/fnv"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	// patience is how long a scenario may take.
	patience = 30 * time.Second
	// grace is how long what is open may take to end after a scenario.
	grace = 2 * time.Second
	// politeness is how long a peer that leaves waits for the other side to go, too.
	politeness = 100 * time.Millisecond
	// step is how far time gets at once.
	step = 5 * time.Millisecond
	// longest is the longest text that a log shows whole.
	longest = 400
)

// pause waits for d, or until ended is closed, and reports whether d is over.
//
// It waits in steps. A machine that holds the whole process up takes one step from
// it, so that whoever is being waited for has had the processor, too, when it is over.
func pause(d time.Duration, ended <-chan struct{}) bool {
	for ; d > 0; d -= step {
		select {
		case <-ended:
			return false
		case <-time.After(min(d, step)):
		}
	}
	return true
}

// entry is a line of the log. A piece of a body stays raw until the end, so that
// pieces can be joined.
type entry struct {
	thread, line string
	piece        string
	isPiece      bool
}

type stage struct {
	version version
	done    chan struct{} // closed when the scenario is over
	ready   chan struct{} // closed when its script has run: peers come then
	once    sync.Once

	mu        sync.Mutex // guards what follows
	entries   []entry
	peers     []*peer
	listeners []*listener
	ports     []int
	closed    bool
}

func newStage(v version) *stage {
	return &stage{version: v, done: make(chan struct{}), ready: make(chan struct{})}
}

func (s *stage) end() { s.once.Do(func() { close(s.done) }) }

// threadOf is the part of a label before its first dot.
func threadOf(label string) string {
	thread, _, found := strings.Cut(label, ".")
	if !found || strings.ContainsAny(thread, " ") {
		return ""
	}
	return thread
}

// add logs a line, which begins with its label.
func (s *stage) add(line string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.entries = append(s.entries, entry{thread: threadOf(line), line: line})
}

// addPiece logs a piece of a body, of Latin-1 characters. It joins a piece that is
// the last line of its thread and has the same label.
func (s *stage) addPiece(label, piece string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	thread := threadOf(label)
	for i := len(s.entries) - 1; i >= 0; i-- {
		e := &s.entries[i]
		if e.thread != thread {
			continue
		}
		if e.isPiece && e.line == label {
			e.piece += piece
			return
		}
		break
	}
	s.entries = append(s.entries, entry{thread, label, piece, true})
}

// port makes a port a known one, which is masked.
func (s *stage) port(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !slices.Contains(s.ports, n) {
		s.ports = append(s.ports, n)
	}
}

// outcome is what is compared.
type outcome struct {
	Log  []string `json:"log"`
	Wire []string `json:"wire,omitempty"`
}

func (o outcome) String() string { return strings.Join(append(o.Log, o.Wire...), "\n\t") }

// failed begins a line that says that the scenario itself is wrong, such as a call
// of what is not a function. It is neither recorded nor compared.
const failed = "failed: "

// failure returns the first such line.
func (o outcome) failure() string {
	for _, line := range o.Log {
		if strings.HasPrefix(line, failed) {
			return line
		}
	}
	return ""
}

// outcome ends the run and returns what happened. Nothing is logged any more.
func (s *stage) outcome() outcome {
	s.mu.Lock()
	defer s.mu.Unlock()
	mask := masks(s.version, s.ports)
	var o outcome
	entries := slices.Clone(s.entries)
	slices.SortStableFunc(entries, func(a, b entry) int { return strings.Compare(a.thread, b.thread) })
	for _, e := range entries {
		line := e.line
		if e.isPiece {
			line += " " + quote(e.piece)
		}
		o.Log = append(o.Log, mask(line))
	}
	for _, p := range s.peers {
		o.Wire = append(o.Wire, p.wire(mask)...)
	}
	return o
}

var (
	parserCode = regexp.MustCompile(`\bHPE_\w+`)
	date       = regexp.MustCompile(`(?i)(date: '?)[A-Z][a-z]{2}, [^\r\n"\\']+ GMT`)
)

// masks returns what hides in a line that which differs between two runs.
func masks(v version, ports []int) func(string) string {
	names, digits := map[string]string{}, []string(nil)
	for i, port := range ports {
		number := strconv.Itoa(port)
		names[number] = fmt.Sprintf("<port%d>", i+1)
		digits = append(digits, number)
	}
	port := regexp.MustCompile(`\b(?:` + strings.Join(digits, "|") + `)\b`)
	return func(line string) string {
		if strings.Contains(line, " GMT") { // an expression takes long for long lines, which mostly have nothing to mask
			line = date.ReplaceAllString(line, "$1<date>")
		}
		if slices.ContainsFunc(digits, func(number string) bool { return strings.Contains(line, number) }) {
			line = port.ReplaceAllStringFunc(line, func(number string) string { return names[number] })
		}
		if !v.llhttp && strings.Contains(line, "HPE_") {
			line = parserCode.ReplaceAllString(line, "HPE")
		}
		return line
	}
}

// quote shows text as JavaScript would write it, shortened if it is long.
func quote(latin1 string) string {
	if runes := []rune(latin1); len(runes) > longest {
		sum := fnv.New32a()
		sum.Write([]byte(latin1))
		return fmt.Sprintf("%s... (%d characters, %08x)", quote(string(runes[:40])), len(runes), sum.Sum32())
	}
	var b strings.Builder
	b.WriteByte('\'')
	for _, r := range latin1 {
		switch {
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\\' || r == '\'':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r < ' ' || r >= 0x7f:
			fmt.Fprintf(&b, `\x%02x`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('\'')
	return b.String()
}

// latin1 makes a character of each byte, bytesOf the reverse.
func latin1(b []byte) string {
	runes := make([]rune, len(b))
	for i, c := range b {
		runes[i] = rune(c)
	}
	return string(runes)
}

func bytesOf(latin1 string) []byte {
	b := make([]byte, 0, len(latin1))
	for _, r := range latin1 {
		b = append(b, byte(r))
	}
	return b
}
