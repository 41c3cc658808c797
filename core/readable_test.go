package core

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"nodehttp/tests/leak"
)

// still is a source that gives nothing by itself: the test pushes.
type still struct {
	mu               sync.Mutex // guards wanted, until the stream has settled
	wanted, consumed int
	alone            bool // what Consumed was told
	pull             func(p []byte) (int, bool)
}

func (s *still) Wanted() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.wanted++
}

func (s *still) BeforeEnd() {}

func (s *still) Consumed(by Consumer) {
	s.consumed++
	s.alone = by == ByRead
}
func (s *still) Pull(p []byte) (int, bool, error) {
	if s.pull == nil {
		return 0, false, nil
	}
	n, ok := s.pull(p)
	return n, ok, nil
}

// stream is a Readable with its strand, a source, and a log of what it delivers.
type stream struct {
	Readable
	strand Strand
	source still
	log    []string
}

func newStream(mark int) *stream {
	s := new(stream)
	s.Init(&s.strand, &s.source, mark)
	return s
}

func (s *stream) listen() {
	s.OnData(func(chunk []byte) { s.log = append(s.log, string(chunk)) })
	s.OnEnd(func() { s.log = append(s.log, "end") })
}

func (s *stream) push(chunk string) (more bool) {
	s.strand.Enter()
	defer s.strand.Leave()
	return s.Push([]byte(chunk))
}

func (s *stream) finish() {
	s.strand.Enter()
	defer s.strand.Leave()
	s.End()
}

// settle waits for what is on its way to the listeners.
func (s *stream) settle() {
	s.strand.Enter()
	s.strand.Leave()
}

func (s *stream) expect(t *testing.T, want ...string) {
	t.Helper()
	s.settle()
	if !slices.Equal(s.log, want) {
		t.Errorf("delivered %q, want %q", s.log, want)
	}
}

// read reads once, up to n bytes, and notes it behind what that has brought about.
func (s *stream) read(t *testing.T, n int) {
	t.Helper()
	s.settle()
	s.note(n, s.settle)
}

// readInside is read inside the strand.
func (s *stream) readInside(n int) { s.note(n, func() {}) }

func (s *stream) note(n int, settle func()) {
	p := make([]byte, n)
	k, err := s.Read(p)
	settle()
	if k > 0 {
		s.log = append(s.log, "r:"+string(p[:k]))
	}
	if err != nil {
		s.log = append(s.log, err.Error())
	}
}

func TestReadableSequences(t *testing.T) {
	for _, test := range []struct {
		name string
		do   func(t *testing.T, s *stream)
		want []string
	}{
		{"push to a listener", func(t *testing.T, s *stream) {
			s.listen()
			s.push("a")
			s.push("b")
			s.finish()
		}, []string{"a", "b", "end"}},
		{"listen late", func(t *testing.T, s *stream) {
			s.push("a")
			s.push("b")
			s.finish()
			s.listen()
		}, []string{"ab", "end"}},
		{"listen to the end alone", func(t *testing.T, s *stream) {
			s.OnEnd(func() { s.log = append(s.log, "end") })
			s.push("a")
			s.finish()
		}, nil},
		{"resume without a listener of data", func(t *testing.T, s *stream) {
			s.OnEnd(func() { s.log = append(s.log, "end") })
			s.push("a")
			s.Resume()
			s.push("b")
			s.finish()
		}, []string{"end"}},
		{"'end' after the fact", func(t *testing.T, s *stream) {
			s.Resume()
			s.finish()
			s.OnEnd(func() { s.log = append(s.log, "late end") })
		}, []string{"late end"}},
		{"pause before listening", func(t *testing.T, s *stream) {
			s.Pause()
			s.listen()
			s.push("a")
			s.finish()
		}, nil},
		{"pause and resume", func(t *testing.T, s *stream) {
			s.listen()
			s.push("a")
			s.Pause()
			s.push("b")
			s.push("c")
			s.Resume()
			s.push("d")
			s.finish()
		}, []string{"a", "bc", "d", "end"}},
		{"pause holds the end back", func(t *testing.T, s *stream) {
			s.listen()
			s.push("a")
			s.Pause()
			s.finish()
			s.log = append(s.log, "resume")
			s.Resume()
		}, []string{"a", "resume", "end"}},
		{"pause in the listener", func(t *testing.T, s *stream) {
			s.OnData(func(chunk []byte) { s.log = append(s.log, string(chunk)); s.Pause() })
			s.OnEnd(func() { s.log = append(s.log, "end") })
			s.push("a")
			s.push("b")
			s.finish()
			s.Resume()
			s.settle()
			s.log = append(s.log, "resume")
			s.Resume()
		}, []string{"a", "b", "resume", "end"}},
		{"pause and resume in the listener", func(t *testing.T, s *stream) {
			s.OnData(func(chunk []byte) { s.log = append(s.log, string(chunk)); s.Pause(); s.Resume() })
			s.OnEnd(func() { s.log = append(s.log, "end") })
			s.push("a")
			s.push("b")
			s.finish()
		}, []string{"a", "b", "end"}},
		{"once", func(t *testing.T, s *stream) {
			s.OnceData(func(chunk []byte) { s.log = append(s.log, string(chunk)) })
			s.push("a")
			s.push("b")
			s.listen()
			s.push("c")
			s.finish()
		}, []string{"a", "c", "end"}},
		{"read", func(t *testing.T, s *stream) {
			s.OnEnd(func() { s.log = append(s.log, "end") })
			s.push("abc")
			s.read(t, 2)
			s.finish()
			s.read(t, 2)
			s.read(t, 2)
			s.read(t, 2)
		}, []string{"r:ab", "r:c", "end", "EOF", "EOF"}},
		{"read nothing", func(t *testing.T, s *stream) { s.read(t, 0) }, nil},
		{"read a stream that flows", func(t *testing.T, s *stream) {
			s.listen()
			s.read(t, 2)
		}, []string{ErrStreamFlowing.Error()}},
		{"read a stream that has flowed", func(t *testing.T, s *stream) {
			s.listen()
			s.push("a")
			s.finish()
			s.read(t, 2)
		}, []string{"a", "end", "EOF"}},
		{"read while paused, then resume", func(t *testing.T, s *stream) {
			s.Pause()
			s.listen()
			s.push("abcd")
			s.read(t, 2)
			s.Resume()
			s.push("e")
			s.finish()
		}, []string{"r:ab", "cd", "e", "end"}},
		{"fail", func(t *testing.T, s *stream) {
			s.push("abc")
			s.Fail(errors.New("broken"))
			s.Fail(errors.New("broken again"))
			s.read(t, 2)
			s.read(t, 2)
			s.read(t, 2)
			s.Ended()
			s.read(t, 2)
		}, []string{"r:ab", "r:c", "broken", "broken"}},
		{"fail while it flows", func(t *testing.T, s *stream) {
			s.listen()
			s.push("a")
			s.Fail(errors.New("broken"))
			s.read(t, 2)
		}, []string{"a", "broken"}},
		{"fail after the end", func(t *testing.T, s *stream) {
			s.push("a")
			s.finish()
			s.Fail(errors.New("broken"))
			s.listen()
		}, []string{"a", "end"}},
		{"fail while paused", func(t *testing.T, s *stream) {
			s.listen()
			s.Pause()
			s.push("a")
			s.Fail(errors.New("broken"))
			s.Resume()
		}, []string{"a"}},
		{"drop", func(t *testing.T, s *stream) {
			s.push("abc")
			s.Destroy(errors.New("destroyed"))
			s.push("d")
			s.Keep([]byte("e"))
			s.listen()
			s.finish()
			s.read(t, 2)
		}, []string{"destroyed"}},
		{"drop after the end", func(t *testing.T, s *stream) {
			s.finish()
			s.Destroy(errors.New("destroyed"))
			s.read(t, 2)
			s.listen()
		}, []string{"destroyed"}},
		{"break in the middle", func(t *testing.T, s *stream) {
			s.listen()
			s.push("a")
			if !s.Break(errors.New("broken"), true, true) {
				t.Error("a stream that goes on has not been broken")
			}
			s.finish()
			s.read(t, 2)
		}, []string{"a", "broken"}},
		{"break what has ended and waits", func(t *testing.T, s *stream) {
			s.push("ab")
			s.finish()
			s.OnEnd(func() { t.Error("'end' of a broken stream") })
			if !s.Break(errors.New("broken"), true, false) {
				t.Error("a stream whose end has not been reached has not been broken")
			}
			s.OnData(func([]byte) { t.Error("'data' of a broken stream") })
			s.read(t, 1)
			s.read(t, 2)
			s.read(t, 2)
		}, []string{"r:a", "r:b", "broken"}},
		{"break what has ended and may be read", func(t *testing.T, s *stream) {
			s.push("ab")
			s.finish()
			s.OnEnd(func() { t.Error("'end' of a broken stream") })
			s.Break(errors.New("broken"), true, true)
			s.read(t, 2)
			s.read(t, 2)
		}, []string{"r:ab", "EOF"}},
		{"break what has been read to its end", func(t *testing.T, s *stream) {
			s.push("ab")
			s.finish()
			s.read(t, 2)
			s.read(t, 2)
			if s.Break(errors.New("broken"), true, false) {
				t.Error("a stream that was read to its end has been broken")
			}
			s.read(t, 2)
		}, []string{"r:ab", "EOF", "EOF"}},
		{"drop with bytes left after the end", func(t *testing.T, s *stream) {
			s.push("a")
			s.finish()
			s.Destroy(errors.New("destroyed"))
			s.read(t, 2)
		}, []string{"destroyed"}},
		{"drop in the listener", func(t *testing.T, s *stream) {
			s.Pause()
			s.listen()
			s.OnData(func([]byte) { s.Destroy(errors.New("destroyed")) })
			s.push("a")
			s.Resume()
			s.push("b")
			s.finish()
		}, []string{"a"}},
		{"ignore", func(t *testing.T, s *stream) {
			s.OnEnd(func() { s.log = append(s.log, "end") })
			s.push("a")
			s.Ignore()
			s.push("b")
			s.OnData(func(chunk []byte) { t.Errorf("ignored, but delivered: %q", chunk) })
			s.finish()
		}, []string{"end"}},
		{"ignore after the end", func(t *testing.T, s *stream) {
			s.OnEnd(func() { s.log = append(s.log, "end") })
			s.push("a")
			s.finish()
			s.Ignore()
			s.read(t, 2)
			s.OnData(func(chunk []byte) { t.Errorf("delivered behind 'end': %q", chunk) })
			s.read(t, 2)
		}, []string{"end", "r:a", "EOF"}},
		{"ignore before the end, then read", func(t *testing.T, s *stream) {
			s.Ignore()
			s.push("a")
			s.read(t, 2)
			s.finish()
			s.read(t, 2)
		}, []string{ErrStreamFlowing.Error(), errLost.Error()}},
		{"read what has flowed into nothing", func(t *testing.T, s *stream) {
			s.Resume()
			s.push("a")
			s.finish()
			s.read(t, 2)
		}, []string{errLost.Error()}},
		{"read what one listener has had the first of", func(t *testing.T, s *stream) {
			s.OnceData(func(chunk []byte) { s.log = append(s.log, string(chunk)) })
			s.push("a")
			s.push("b")
			s.finish()
			s.read(t, 2)
		}, []string{"a", errLost.Error()}},
		{"read what listeners have had", func(t *testing.T, s *stream) {
			s.listen()
			s.push("a")
			s.finish()
			s.read(t, 2)
		}, []string{"a", "end", "EOF"}},
		{"ignore, then pause", func(t *testing.T, s *stream) {
			s.OnEnd(func() { s.log = append(s.log, "end") })
			s.Ignore()
			s.Pause()
			s.push("a")
			s.finish()
		}, []string{"end"}},
		{"ignore after pause", func(t *testing.T, s *stream) {
			s.Pause()
			s.OnEnd(func() { s.log = append(s.log, "end") })
			s.Ignore()
			s.finish()
		}, []string{"end"}},
		{"ignore a stream that flows", func(t *testing.T, s *stream) {
			s.listen()
			s.push("a")
			s.Ignore()
			s.push("b")
			s.finish()
		}, []string{"a", "b", "end"}},
		{"ignore a stream that flowed and is paused", func(t *testing.T, s *stream) {
			s.listen()
			s.push("a")
			s.Pause()
			s.push("b")
			s.Ignore()
			s.push("c")
			s.finish()
			s.Resume()
		}, []string{"a", "bc", "end"}},
		{"ignore a stream that is being read", func(t *testing.T, s *stream) {
			s.push("ab")
			s.read(t, 1)
			s.Ignore()
			s.push("c")
			s.finish()
			s.read(t, 3)
			s.read(t, 3)
		}, []string{"r:a", "r:bc", "EOF"}},
		{"read what is on its way to listeners", func(t *testing.T, s *stream) {
			s.Pause()
			s.listen()
			s.push("ab")
			s.finish()
			s.strand.Enter()
			s.Resume()
			s.readInside(1)
			s.strand.Leave()
		}, []string{ErrStreamFlowing.Error(), "ab", "end"}},
		{"ignore a stream that is being pulled", func(t *testing.T, s *stream) {
			s.source.pull = func(p []byte) (int, bool) { return copy(p, "p"), true }
			s.read(t, 1)
			if s.Wants() {
				t.Error("a stream that is being pulled wants to be pushed to")
			}
			s.ReadAhead()
			if !s.Wants() || s.source.wanted == 0 || s.ReadOn() {
				t.Error("a rest that nobody reads holds up its source")
			}
			s.push("ab")
			s.finish()
			s.read(t, 3)
			if !s.ReadOn() {
				t.Error("a Read after ReadAhead is not noticed")
			}
			s.read(t, 3)
		}, []string{"r:p", "r:ab", "EOF"}},
		{"dump a stream that flowed and is paused", func(t *testing.T, s *stream) {
			s.listen()
			s.push("a")
			s.Pause()
			s.push("b")
			s.Dump(io.ErrClosedPipe)
			s.push("c")
			s.finish()
		}, []string{"a", "end"}},
		{"dump a stream that is being pulled", func(t *testing.T, s *stream) {
			s.source.pull = func(p []byte) (int, bool) { return copy(p, "p"), true }
			s.OnEnd(func() { s.log = append(s.log, "end") })
			s.read(t, 1)
			s.Dump(io.ErrClosedPipe)
			if !s.Wants() || s.source.wanted == 0 {
				t.Error("the source is not asked for the rest")
			}
			s.push("ab")
			s.finish()
			s.read(t, 1)
		}, []string{"r:p", "end", errLost.Error()}},
		{"dump a stream that is being pulled and ends while it is", func(t *testing.T, s *stream) {
			s.source.pull = func([]byte) (int, bool) {
				s.Dump(io.ErrClosedPipe)
				s.Ended()
				return 0, true
			}
			s.OnEnd(func() { s.log = append(s.log, "end") })
			s.read(t, 1)
		}, []string{"end", "EOF"}},
		{"dump what has ended and was read in part", func(t *testing.T, s *stream) {
			s.source.pull = func(p []byte) (int, bool) { return copy(p, "p"), true }
			s.OnEnd(func() { s.log = append(s.log, "end") })
			s.read(t, 1)
			s.push("ab")
			s.finish()
			s.Dump(io.ErrClosedPipe)
			s.Dump(io.ErrClosedPipe)
			s.read(t, 1)
		}, []string{"r:p", "end", io.ErrClosedPipe.Error()}},
		{"listen while being pulled", func(t *testing.T, s *stream) {
			s.source.pull = func(p []byte) (int, bool) {
				s.listen()
				s.Keep([]byte("b"))
				return copy(p, "a"), true
			}
			s.read(t, 1)
			s.push("c")
			s.finish()
		}, []string{"b", "r:a", "c", "end"}},
		{"listen while the end is being pulled", func(t *testing.T, s *stream) {
			s.source.pull = func(p []byte) (int, bool) {
				s.listen()
				s.Ended()
				return copy(p, "a"), true
			}
			s.read(t, 1)
		}, []string{"end", "r:a"}},
		{"keep and end while being pulled", func(t *testing.T, s *stream) {
			s.OnEnd(func() { s.log = append(s.log, "end") })
			s.source.pull = func(p []byte) (int, bool) {
				s.Keep([]byte("bc"))
				s.Ended()
				return copy(p, "a"), true
			}
			s.read(t, 1)
			s.read(t, 1)
			s.read(t, 1)
			s.read(t, 1)
		}, []string{"r:a", "r:b", "r:c", "end", "EOF"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newStream(16)
			test.do(t, s)
			s.expect(t, test.want...)
			if ended := slices.Contains(s.log, "end") || slices.Contains(s.log, "late end"); ended && s.source.consumed != 1 {
				t.Errorf("'end' was delivered, and Consumed was called %d times", s.source.consumed)
			}
		})
	}
}

func TestReadableEmpty(t *testing.T) {
	var s stream
	s.InitEmpty(&s.strand, &s.source)
	s.OnEnd(func() { s.log = append(s.log, "end") })
	s.expect(t)
	s.read(t, 1)
	s.expect(t, "end", "EOF")

	var quiet stream
	quiet.InitEmpty(&quiet.strand, &quiet.source)
	if !quiet.Settle() || quiet.source.consumed != 1 || !quiet.Consumed() {
		t.Error("an empty stream that nobody listens to is not over")
	}
}

func TestReadableBackPressure(t *testing.T) {
	s := newStream(4)
	expect := func(wants bool, wanted int) {
		t.Helper()
		if s.Wants() != wants || s.source.wanted != wanted {
			t.Errorf("Wants %v and Wanted called %d times, want %v and %d", s.Wants(), s.source.wanted, wants, wanted)
		}
	}
	expect(true, 0)
	if !s.push("abc") {
		t.Error("no more is wanted below the mark")
	}
	if s.push("d") || !s.Full() {
		t.Error("more is wanted at the mark")
	}
	expect(false, 0)
	s.read(t, 1)
	expect(true, 1)
	s.read(t, 1)
	expect(true, 1) // said once

	s.push("efgh")
	expect(false, 1)
	s.listen()
	s.settle()
	if !s.Flowing() || s.Full() {
		t.Error("does not flow to its listener")
	}
	if expect(true, s.source.wanted); s.source.wanted < 2 {
		t.Error("the source was not told that the stream flows")
	}
	s.expect(t, "r:a", "r:b", "cdefgh")
	if !s.push("ijklmnop") {
		t.Error("a stream that flows wants no more")
	}

	s.Pause()
	before := s.source.wanted
	if s.push("0123") || !s.Paused() {
		t.Error("a paused stream wants more at the mark")
	}
	s.Resume()
	s.settle()
	if s.source.wanted == before {
		t.Error("the source was not told of Resume")
	}
	s.OnData(func([]byte) { s.Pause() })
	if s.push("x") {
		t.Error("a stream that its listener paused wants more")
	}
	before = s.source.wanted
	s.Destroy(io.ErrClosedPipe)
	if s.source.wanted == before {
		t.Error("the source was not told of Drop")
	}
}

// Each way in which a Read that waits is woken, and what it returns.
func TestReadableWakes(t *testing.T) {
	for _, test := range []struct {
		name string
		wake func(s *stream)
		n    int
		err  error
	}{
		{"Push", func(s *stream) { s.push("ab") }, 2, nil},
		{"Keep by another", func(s *stream) { s.Keep([]byte("ab")); s.Wake() }, 2, nil},
		{"End", func(s *stream) { s.finish() }, 0, io.EOF},
		{"Ended", func(s *stream) { s.Ended() }, 0, io.EOF},
		{"Fail", func(s *stream) { s.Fail(io.ErrUnexpectedEOF) }, 0, io.ErrUnexpectedEOF},
		{"Drop", func(s *stream) { s.Destroy(io.ErrClosedPipe) }, 0, io.ErrClosedPipe},
		{"Wake", func(s *stream) {
			s.source.pull = func(p []byte) (int, bool) { return copy(p, "abc"), true }
			s.Wake()
		}, 3, nil},
		{"OnData", func(s *stream) { s.listen() }, 0, ErrStreamFlowing},
		{"Resume", func(s *stream) { s.Resume() }, 0, ErrStreamFlowing},
		{"Ignore, then the rest", func(s *stream) { s.Ignore(); s.push("ab") }, 2, nil},
		{"Dump", func(s *stream) { s.Dump(nil) }, 0, ErrStreamFlowing},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newStream(16)
				returned := false
				go func() {
					n, err := s.Read(make([]byte, 10))
					returned = true
					if n != test.n || err != test.err {
						t.Errorf("Read returned %d, %v, want %d, %v", n, err, test.n, test.err)
					}
				}()
				synctest.Wait()
				s.Wake() // for nothing
				synctest.Wait()
				if returned {
					t.Error("Read did not wait")
				}
				test.wake(s)
				synctest.Wait()
				if !returned {
					t.Error("Read was not woken")
					s.Destroy(io.EOF)
				}
			})
		})
	}
}

// The source may be let go of between Pull's no and the wait for Wake.
func TestReadableWokenBeforeItWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // which notices a Read that waits for ever
		s := newStream(16)
		s.source.pull = func(p []byte) (int, bool) {
			s.source.pull = func(p []byte) (int, bool) { return copy(p, "a"), true }
			s.Wake()
			return 0, false
		}
		s.read(t, 1)
		s.expect(t, "r:a")
	})
}

func TestChunks(t *testing.T) {
	left := 0
	leave := func() { left++ }
	collect := func(s *stream) (got []string) {
		for chunk, err := range s.Chunks(leave) {
			if err != nil {
				got = append(got, err.Error())
				continue
			}
			got = append(got, string(chunk))
		}
		return got
	}
	s := newStream(16)
	s.push("abc")
	s.finish()
	if got := collect(s); !slices.Equal(got, []string{"abc"}) {
		t.Errorf("got %q", got)
	}
	s = newStream(16)
	s.push("abc")
	s.Fail(errors.New("broken"))
	if got := collect(s); !slices.Equal(got, []string{"abc", "broken"}) {
		t.Errorf("got %q", got)
	}
	if left != 0 {
		t.Error("a loop that has come to the end has been left early")
	}
	for want, loop := range []func(s *stream){
		func(s *stream) {
			for range s.Chunks(leave) {
				break
			}
		},
		func(s *stream) {
			defer func() { recover() }()
			for range s.Chunks(leave) {
				panic("in the loop")
			}
		},
		func(s *stream) {
			done := make(chan struct{})
			go func() {
				defer close(done)
				for range s.Chunks(leave) {
					runtime.Goexit()
				}
			}()
			<-done
		},
	} {
		s = newStream(16)
		s.push("abc")
		if loop(s); left != want+1 {
			t.Errorf("left %d loops, noticed %d", want+1, left)
		}
		s.push("def")
		s.read(t, 9)
		s.expect(t, "r:def")
	}
}

// pump is a source as a connection is one: its goroutine pushes while it may,
// and lets go of the bytes while it waits, so that a Read can take its place.
type pump struct {
	r      Readable
	strand Strand
	rest   []byte // to be delivered; guarded by mu

	mu       sync.Mutex
	rng      *rand.Rand
	done     bool
	waiting  atomic.Bool
	signal   chan struct{}
	consumed atomic.Int32
	pulls    atomic.Int32
}

func newPump(data []byte, seed uint64) *pump {
	s := &pump{rest: data, signal: make(chan struct{}, 1), rng: rand.New(rand.NewPCG(seed, seed))}
	s.r.Init(&s.strand, s, 32)
	return s
}

// take takes a random piece off the front, of at most max bytes.
func (s *pump) take(max int) []byte {
	n := min(1+s.rng.IntN(24), len(s.rest), max)
	chunk := s.rest[:n]
	s.rest = s.rest[n:]
	return chunk
}

func (s *pump) run() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for !s.done {
		if !s.r.Wants() {
			s.waiting.Store(true)
			if !s.r.Wants() {
				s.mu.Unlock()
				s.r.Wake()
				<-s.signal
				s.mu.Lock()
			}
			s.waiting.Store(false)
			continue
		}
		s.strand.Enter()
		for range 1 + s.rng.IntN(4) {
			if len(s.rest) == 0 {
				s.done = true
				s.r.End()
				break
			}
			if !s.r.Wants() {
				break
			}
			s.r.Push(s.take(24))
		}
		s.strand.Leave()
	}
}

func (s *pump) Pull(p []byte) (int, bool, error) {
	s.pulls.Add(1)
	if !s.mu.TryLock() {
		return 0, false, nil
	}
	defer s.mu.Unlock()
	if s.done || s.r.Holds() {
		return 0, true, nil
	}
	if len(s.rest) == 0 {
		s.done = true
		s.r.Ended()
		s.Wanted()
		return 0, true, nil
	}
	chunk := s.take(24)
	n := copy(p, chunk)
	if n < len(chunk) {
		s.r.Keep(chunk[n:])
	}
	return n, true, nil
}

func (s *pump) Wanted() {
	if s.waiting.Load() {
		select {
		case s.signal <- struct{}{}:
		default:
		}
	}
}

func (s *pump) BeforeEnd()        {}
func (s *pump) Consumed(Consumer) { s.consumed.Add(1) }

func numbered(n int) []byte {
	var b []byte
	for i := 0; len(b) < n; i++ {
		b = append(strconv.AppendInt(b, int64(i), 10), ',')
	}
	return b
}

// A consumer changes all the time between being pushed to and reading, and
// another goroutine pauses and resumes: every byte arrives once, in order, then
// 'end', once.
func TestReadableHandOverStress(t *testing.T) {
	leak.Check(t)
	want := numbered(6000)
	for seed := range uint64(60) {
		s := newPump(want, seed)
		rng := rand.New(rand.NewPCG(seed, 1))
		var got []byte // guarded by the strand while flowing, else by the reader
		ends := 0
		end := make(chan struct{})
		s.r.Pause()
		s.r.OnData(func(chunk []byte) {
			if ends > 0 {
				t.Error("'data' after 'end'")
			}
			got = append(got, chunk...)
		})
		s.r.OnEnd(func() { ends++; close(end) })
		go s.run()
		p := make([]byte, 40)
	consume:
		for {
			// Inside the strand, so that no listener runs when Pause returns.
			s.strand.Enter()
			s.r.Pause()
			s.strand.Leave()
			for range rng.IntN(8) {
				n, err := s.r.Read(p[:1+rng.IntN(len(p)-1)])
				got = append(got, p[:n]...)
				if err != nil {
					break consume
				}
			}
			s.r.Resume()
			for range rng.IntN(6) {
				if rng.IntN(2) == 0 {
					s.r.Pause()
				} else {
					s.r.Resume()
				}
			}
			select {
			case <-end:
				break consume
			default:
			}
		}
		<-end
		s.strand.Enter()
		if !bytes.Equal(got, want) {
			t.Errorf("seed %d: %d bytes arrived in order, want %d: differ at %d", seed, len(got), len(want), differ(got, want))
		}
		if ends != 1 || s.consumed.Load() > 1 {
			t.Errorf("seed %d: 'end' %d times, Consumed %d times", seed, ends, s.consumed.Load())
		}
		s.strand.Leave()
		if t.Failed() {
			return
		}
	}
}

func differ(a, b []byte) int {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return i
		}
	}
	return min(len(a), len(b))
}

// A listener that pauses at every chunk, and others that resume at any time:
// no resumption is lost.
func TestReadablePauseStress(t *testing.T) {
	leak.Check(t)
	want := numbered(4000)
	for seed := range uint64(40) {
		s := newPump(want, seed)
		var got []byte
		end := make(chan struct{})
		resume := make(chan struct{}, 1)
		s.r.OnData(func(chunk []byte) {
			got = append(got, chunk...)
			s.r.Pause()
			resume <- struct{}{}
		})
		s.r.OnEnd(func() { close(end) })
		go s.run()
	resuming:
		for {
			select {
			case <-resume:
				s.r.Resume()
			case <-end:
				break resuming
			}
		}
		if !bytes.Equal(got, want) {
			t.Fatalf("seed %d: differ at %d of %d", seed, differ(got, want), len(want))
		}
	}
}

// Whatever ends a stream while a Read waits or pulls, the Read returns.
func TestReadableEndsStress(t *testing.T) {
	leak.Check(t)
	for seed := range uint64(300) {
		s := newPump(numbered(300), seed)
		var all sync.WaitGroup
		all.Go(s.run)
		all.Go(func() {
			p := make([]byte, 7)
			for {
				if _, err := s.r.Read(p); err != nil {
					return
				}
			}
		})
		all.Go(func() {
			switch seed % 4 {
			case 0:
				s.r.Destroy(io.ErrClosedPipe)
			case 1:
				s.r.Dump(nil)
			case 2:
				s.r.Ignore()
			case 3:
				s.r.Resume()
			}
		})
		all.Wait()
	}
}

// FuzzReadable does what data says, one thing after the other, and compares
// with what must hold whatever is done.
func FuzzReadable(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte{3, 0, 0, 5, 0, 4, 1, 1, 7, 0, 3, 4, 2})
	f.Add([]byte{0, 0, 1, 6, 0, 3, 5, 2, 2, 4, 1})
	f.Add([]byte{12, 0, 1, 0, 1, 3, 8, 1, 1})
	f.Fuzz(func(t *testing.T, data []byte) {
		s := newStream(8)
		var sent, got int // bytes are numbered, modulo 256
		var ends int
		finished, lossy, gone, ignored := false, false, false, false
		take := func(chunk []byte) {
			for _, c := range chunk {
				if !lossy && c != byte(got) {
					t.Fatalf("byte %d is %d", got, c)
				}
				got++
			}
			if ends > 0 && len(chunk) > 0 && !ignored {
				t.Fatal("bytes after 'end'")
			}
		}
		next := func(n int) []byte {
			chunk := make([]byte, n)
			for i := range chunk {
				chunk[i] = byte(sent)
				sent++
			}
			return chunk
		}
		s.source.pull = func(p []byte) (int, bool) {
			if finished {
				s.Ended()
				return 0, true
			}
			chunk := next(3)
			n := copy(p, chunk)
			s.Keep(chunk[n:])
			return n, true
		}
		listening, begun := false, false
		pauseInside := false
		listen := func() {
			s.OnData(func(chunk []byte) {
				take(chunk)
				if pauseInside {
					s.Pause()
				}
			})
		}
		s.OnEnd(func() { ends++ })
		for _, op := range data {
			arg := int(op >> 4)
			switch op & 15 {
			case 0, 1, 2: // the source delivers, if it may
				if !finished && s.Wants() {
					s.strand.Enter()
					for range 1 + arg%3 {
						s.Push(next(1 + arg))
					}
					s.strand.Leave()
				}
			case 3, 4, 5: // somebody reads
				p := make([]byte, 1+arg)
				n, err := s.Read(p)
				take(p[:n])
				begun = begun || err != ErrStreamFlowing
				s.settle()
				if err == io.EOF && !gone && ends == 0 {
					t.Fatal("Read says EOF, but 'end' was not delivered")
				}
				if err == io.EOF && got != sent {
					t.Fatalf("Read says EOF after %d of %d bytes", got, sent)
				}
			case 6:
				if !listening {
					lossy = lossy || s.Flowing() && got < sent // it flowed into nothing
					listening = true
					listen()
					begun = begun || s.Flowing()
				}
			case 7:
				s.Pause()
			case 8:
				lossy = lossy || !listening
				s.Resume()
				begun = true
			case 9:
				pauseInside = !pauseInside
			case 10:
				if arg == 0 && !finished {
					finished = true
					s.finish()
				}
			case 11:
				if arg == 0 {
					lossy, ignored = lossy || !begun, true
					s.Ignore()
				}
			case 12:
				if arg == 0 {
					lossy = true
					s.Dump(io.ErrClosedPipe)
				}
			case 13:
				if arg == 0 {
					lossy, gone = true, true
					s.Destroy(io.ErrClosedPipe)
				}
			}
			s.settle()
			if ends > 1 || s.source.consumed > 1 {
				t.Fatalf("'end' %d times, Consumed %d times", ends, s.source.consumed)
			}
			if ends == 1 && !lossy && got != sent {
				t.Fatalf("'end' after %d of %d bytes", got, sent)
			}
		}
		// Let it come to its end.
		pauseInside = false
		if !listening {
			lossy = lossy || s.Flowing()
			listen()
		}
		s.Resume()
		if !finished {
			s.strand.Enter()
			s.Push(next(5))
			s.strand.Leave()
			finished = true
			s.finish()
		}
		s.settle()
		if !lossy && got != sent {
			t.Fatalf("%d of %d bytes arrived", got, sent)
		}
		if !gone && (ends != 1 || s.source.consumed != 1) {
			t.Fatalf("'end' %d times, Consumed %d times", ends, s.source.consumed)
		}
		if gone && ends > 1 {
			t.Fatalf("'end' %d times", ends)
		}
	})
}

func TestReadableAllocations(t *testing.T) {
	s := newStream(1 << 10)
	s.OnData(func([]byte) {})
	chunk := make([]byte, 64)
	if n := testing.AllocsPerRun(100, func() { s.Push(chunk) }); n != 0 {
		t.Errorf("Push to a listener allocates %v times", n)
	}
	if n := testing.AllocsPerRun(100, func() { s.Pause(); s.Resume(); s.Wants() }); n != 0 {
		t.Errorf("Pause and Resume allocate %v times", n)
	}
	p := make([]byte, 64)
	s = newStream(1 << 10)
	s.source.pull = func(p []byte) (int, bool) { return len(p), true }
	if n := testing.AllocsPerRun(100, func() { s.Read(p) }); n != 0 {
		t.Errorf("Read from the source allocates %v times", n)
	}
	if n := testing.AllocsPerRun(100, func() {
		var s stream
		s.InitEmpty(&s.strand, &s.source)
		s.Settle()
	}); n > 1 { // the stream itself
		t.Errorf("an empty stream costs %v allocations", n)
	}
}

func BenchmarkReadablePush(b *testing.B) {
	s := newStream(1 << 10)
	s.OnData(func([]byte) {})
	chunk := make([]byte, 64)
	for b.Loop() {
		s.Push(chunk)
	}
}

func BenchmarkReadableRead(b *testing.B) {
	s := newStream(1 << 10)
	s.source.pull = func(p []byte) (int, bool) { return len(p), true }
	p := make([]byte, 64)
	for b.Loop() {
		s.Read(p)
	}
}

func TestFlowLeavesWhatIsClaimedAlone(t *testing.T) {
	for name, c := range map[string]struct {
		claim func(s *stream)
		flows bool
	}{
		"nobody": {func(*stream) {}, true},
		"paused": {func(s *stream) { s.Pause() }, false},
		"read": {func(s *stream) {
			s.source.pull = func([]byte) (int, bool) { return 1, true }
			s.Read(make([]byte, 1))
		}, false},
	} {
		s := newStream(16)
		c.claim(s)
		s.Flow()
		if s.Flowing() != c.flows {
			t.Errorf("%s: flowing is %v", name, !c.flows)
		}
	}
}

// Who has read the end finds its source told of it, whoever has the strand.
func TestEndIsReadBehindItsSource(t *testing.T) {
	s := newStream(10)
	s.OnEnd(func() { s.log = append(s.log, "end") })
	s.push("hi")
	s.finish()
	s.strand.Enter()
	body, err := io.ReadAll(s)
	if string(body) != "hi" || err != nil || s.source.consumed != 1 || s.source.alone || s.log != nil {
		t.Errorf("read %q, %v; consumed %d times, alone %t; told %q", body, err, s.source.consumed, s.source.alone, s.log)
	}
	s.strand.Leave()
	s.expect(t, "end")
	if s.source.consumed != 1 {
		t.Errorf("consumed %d times", s.source.consumed)
	}
}

func TestCut(t *testing.T) {
	broken := errors.New("broken")
	for name, test := range map[string]struct {
		use  func(s *stream)
		want []string
	}{
		"flowing": {func(s *stream) { s.listen() }, []string{"hi", "end"}},
		"paused": {func(s *stream) {
			s.listen()
			s.Pause()
		}, nil},
		"destroyed": {func(s *stream) {
			s.listen()
			s.Destroy(errors.New("destroyed"))
		}, []string{"end"}},
		"read": {func(s *stream) {
			s.OnEnd(func() { s.log = append(s.log, "end") })
		}, []string{"end"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStream(10)
			test.use(s)
			s.push("hi")
			s.strand.Enter()
			s.Cut(broken)
			s.strand.Leave()
			if name == "read" {
				if body, err := io.ReadAll(s); string(body) != "hi" || err != broken {
					t.Errorf("read %q, %v", body, err)
				}
			}
			s.expect(t, test.want...)
		})
	}
}

// A Read tells the source whether anybody has ever listened.
func TestEndIsReadAlone(t *testing.T) {
	s := newStream(10)
	s.push("hi")
	s.finish()
	if body, err := io.ReadAll(s); string(body) != "hi" || err != nil || s.source.consumed != 1 || !s.source.alone {
		t.Errorf("read %q, %v; consumed %d times, alone %t", body, err, s.source.consumed, s.source.alone)
	}
}
