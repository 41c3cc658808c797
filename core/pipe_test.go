package core

import (
	"bytes"
	"slices"
	"sync"
	"testing"

	"nodehttp/tests/leak"
)

// sink is a destination of a pipe that takes as much as the test lets it.
type sink struct {
	got   []byte
	full  bool // what WriteChunk says
	ended int
	write func(chunk []byte) bool
	drain Event[func()]
	close Event[func()]
}

func (d *sink) WriteChunk(chunk []byte, _ ...func(error)) bool {
	d.got = append(d.got, chunk...)
	if d.write != nil {
		return d.write(chunk)
	}
	return !d.full
}
func (d *sink) OnDrain(f func()) *Listener { return d.drain.On(f) }
func (d *sink) End(...func()) error        { d.ended++; return nil }
func (d *sink) OnClose(f func()) *Listener { return d.close.Once(f) }

// plainSink is a sink without OnClose.
type plainSink struct{ Writable }

// socketSink is a sink whose 'close' is a socket's.
type socketSink struct {
	Writable
	close Event[func(bool)]
}

func (d *socketSink) OnClose(f func(hadError bool)) *Listener { return d.close.Once(f) }

func (d *sink) expect(t *testing.T, got string, ended int) {
	t.Helper()
	if string(d.got) != got || d.ended != ended {
		t.Errorf("%q written and ended %d times, want %q and %d", d.got, d.ended, got, ended)
	}
}

func TestPipe(t *testing.T) {
	s := newStream(4)
	s.Pause()
	s.push("a")
	var d sink
	s.Pipe(&d)
	d.expect(t, "a", 0) // a pipe lets a paused stream flow
	s.push("b")
	d.full = true
	if s.push("c") || s.Paused() {
		t.Error("the source goes on though the destination is full")
	}
	if s.push("defg") || s.Wants() {
		t.Error("more is kept than the mark allows")
	}
	d.expect(t, "abc", 0)
	before := s.source.wanted
	d.full = false
	emit(&d.drain)
	if s.source.wanted == before {
		t.Error("the source was not told that the destination has drained")
	}
	d.expect(t, "abcdefg", 0)
	d.full = true
	s.push("h")
	s.finish()
	d.expect(t, "abcdefgh", 0) // 'end' waits, too
	emit(&d.drain)
	d.expect(t, "abcdefgh", 1)
	emit(&d.close)
	if d.drain.Heard() || s.Paused() {
		t.Error("something is left of the pipe")
	}
}

func TestPipeOfWhatHasEnded(t *testing.T) {
	s := newStream(4)
	s.Resume()
	s.finish()
	var d sink
	s.Pipe(&d)
	d.expect(t, "", 1)
	if d.drain.Heard() {
		t.Error("a listener is left")
	}
}

// 'drain' may come from another goroutine before WriteChunk has returned.
func TestPipeDrainsBeforeWriteReturns(t *testing.T) {
	s := newStream(4)
	var d sink
	d.write = func([]byte) bool { emit(&d.drain); return false }
	s.Pipe(&d)
	for _, chunk := range []string{"a", "b", "c"} {
		if !s.push(chunk) {
			t.Error("the stream waits for a 'drain' that has come")
		}
	}
	s.finish()
	d.expect(t, "abc", 1)
}

func TestPipeKeepsUsersPause(t *testing.T) {
	s := newStream(8)
	var d sink
	s.Pipe(&d)
	d.full = true
	s.push("a")
	s.Pause()
	emit(&d.drain)
	s.push("b")
	d.expect(t, "a", 0)
	d.full = false
	s.Resume()
	d.expect(t, "ab", 0)
	d.write = func([]byte) bool { s.Pause(); return true }
	s.push("c")
	s.push("d")
	d.expect(t, "abc", 0)
}

func TestPipeResumeWhileFull(t *testing.T) {
	s := newStream(8)
	var d sink
	s.Pipe(&d)
	d.full = true
	s.push("a")
	s.Resume() // the user insists
	s.push("b")
	s.push("c")
	d.full = false
	emit(&d.drain)
	s.push("d")
	s.finish()
	d.expect(t, "abcd", 1)
}

func TestPipeIntoTwo(t *testing.T) {
	s := newStream(8)
	var a, b sink
	s.Pipe(&a)
	a.full = true
	s.push("1")
	s.Pipe(&b) // does not start what waits
	s.push("2")
	a.expect(t, "1", 0)
	b.expect(t, "", 0)
	a.full, b.full = false, true
	emit(&a.drain)
	s.push("3")
	a.full = true
	s.push("4")
	a.expect(t, "12", 0)
	b.expect(t, "2", 0)
	emit(&a.drain) // for nothing
	a.full, b.full = true, true
	emit(&b.drain)
	a.expect(t, "1234", 0)
	b.expect(t, "234", 0)
	s.push("5")
	emit(&b.drain)
	b.expect(t, "234", 0) // waits for a as well
	emit(&a.drain)
	a.expect(t, "12345", 0)
	emit(&a.drain)
	emit(&b.drain)
	s.finish()
	if a.ended != 1 || b.ended != 1 {
		t.Error("not both are ended")
	}
}

func TestPipeIntoOneThatCloses(t *testing.T) {
	s := newStream(8)
	var a, b sink
	s.Pipe(&a)
	s.Pipe(&b)
	a.full = true
	s.push("1")
	s.push("2")
	emit(&a.close) // the other goes on
	s.push("3")
	a.expect(t, "1", 0)
	b.expect(t, "123", 0)
	emit(&b.close)
	if !s.Paused() || s.push("12345678") {
		t.Error("a stream whose last pipe has gone goes on")
	}
	s.Resume() // the rest passes
	s.finish()
	a.expect(t, "1", 0)
	b.expect(t, "123", 0)
	if a.drain.Heard() || b.drain.Heard() || s.source.consumed != 1 {
		t.Error("listeners are left, or 'end' did not come")
	}
}

func TestPipeKindsOfDestination(t *testing.T) {
	s := newStream(8)
	var a, b sink
	s.Pipe(plainSink{&a})
	socket := &socketSink{Writable: &b}
	s.Pipe(socket)
	s.push("1")
	socket.close.Emit(func(f func(bool)) { f(true) })
	s.push("2")
	s.finish()
	a.expect(t, "12", 1)
	b.expect(t, "1", 0)
}

// Two destinations that fill and drain on goroutines of their own get every
// byte in order, and the end.
func TestPipeStress(t *testing.T) {
	leak.Check(t)
	want := numbered(3000)
	for seed := range uint64(40) {
		s := newPump(slices.Clone(want), seed)
		var all sync.WaitGroup
		sinks := make([]sink, 2)
		ends := make(chan struct{}, len(sinks))
		for i := range sinks {
			d := &sinks[i]
			full := make(chan struct{}, 1)
			writes := 0
			d.write = func([]byte) bool {
				if writes++; writes%(i+2) != 0 {
					return true
				}
				select {
				case full <- struct{}{}:
				default:
				}
				return false
			}
			stop := make(chan struct{})
			s.r.OnEnd(func() { close(stop); ends <- struct{}{} })
			all.Go(func() {
				for {
					select {
					case <-full:
						emit(&d.drain)
					case <-stop:
						return
					}
				}
			})
			s.r.Pipe(d)
		}
		all.Go(s.run)
		for range sinks {
			<-ends
		}
		all.Wait()
		for i := range sinks {
			if !bytes.Equal(sinks[i].got, want) || sinks[i].ended != 1 {
				t.Fatalf("seed %d: destination %d got %d of %d bytes and %d ends",
					seed, i, len(sinks[i].got), len(want), sinks[i].ended)
			}
		}
	}
}

func TestPipeAllocations(t *testing.T) {
	s := newStream(8)
	d := sink{got: make([]byte, 0, 1<<20)}
	s.Pipe(&d)
	chunk := make([]byte, 64)
	if n := testing.AllocsPerRun(100, func() { s.Push(chunk) }); n != 0 {
		t.Errorf("a chunk through a pipe costs %v allocations", n)
	}
}
