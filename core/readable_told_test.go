package core

import (
	"bytes"
	"io"
	"math/rand/v2"
	"testing"

	"nodehttp/tests/leak"
)

// tell has each 'readable' noted, and followed by a read of up to n bytes, if any.
func (s *stream) tell(t *testing.T, n int) *Subscription {
	return s.OnReadable(func() {
		s.log = append(s.log, "readable")
		if n > 0 {
			s.readInside(n)
		}
	})
}

func TestReadableIsTold(t *testing.T) {
	for _, test := range []struct {
		name string
		do   func(t *testing.T, s *stream)
		want []string
	}{
		{"of each piece and the end", func(t *testing.T, s *stream) {
			s.tell(t, 9)
			s.push("a")
			s.push("b")
			s.finish()
		}, []string{"readable", "r:a", "readable", "r:b", "readable", "EOF"}},
		{"of what was there before", func(t *testing.T, s *stream) {
			s.push("a")
			s.finish()
			s.tell(t, 9)
		}, []string{"readable", "r:a", "readable", "EOF"}},
		{"again behind a Read that leaves some", func(t *testing.T, s *stream) {
			s.tell(t, 2)
			s.push("abcde")
		}, []string{"readable", "r:ab", "readable", "r:cd", "readable", "r:e"}},
		{"of more though nothing was read", func(t *testing.T, s *stream) {
			s.tell(t, 0)
			s.push("a")
			s.push("b")
			s.read(t, 9)
		}, []string{"readable", "readable", "r:ab"}},
		{"of the end, until it has been read", func(t *testing.T, s *stream) {
			s.OnEnd(func() { s.log = append(s.log, "end") })
			s.finish()
			s.tell(t, 9)
			s.settle()
			s.tell(t, 9)
		}, []string{"readable", "EOF", "end"}},
		{"not while the stream flows", func(t *testing.T, s *stream) {
			s.listen()
			s.tell(t, 9)
			s.push("a")
			s.finish()
		}, []string{"a", "end"}},
		{"when the flow is paused", func(t *testing.T, s *stream) {
			s.listen()
			s.tell(t, 9)
			s.push("a")
			s.Pause()
			s.push("b")
		}, []string{"a", "readable", "r:b"}},
		{"not of a failure, but of what came before", func(t *testing.T, s *stream) {
			s.tell(t, 1)
			s.push("ab")
			s.strand.Enter()
			s.Fail(io.ErrUnexpectedEOF)
			s.strand.Leave()
		}, []string{"readable", "r:a", "readable", "r:b"}},
		{"of a cut that is told as an end", func(t *testing.T, s *stream) {
			s.OnEnd(func() { s.log = append(s.log, "end") })
			s.tell(t, 9)
			s.strand.Enter()
			s.Cut(io.ErrUnexpectedEOF)
			s.strand.Leave()
		}, []string{"readable", "unexpected EOF", "end"}},
		{"not when the stream is dropped", func(t *testing.T, s *stream) {
			s.tell(t, 0)
			s.strand.Enter()
			s.Push([]byte("a"))
			s.Destroy(io.ErrClosedPipe)
			s.strand.Leave()
		}, nil},
		{"not of what has been read meanwhile", func(t *testing.T, s *stream) {
			s.tell(t, 0)
			s.strand.Enter()
			s.Push([]byte("a"))
			s.readInside(9)
			s.strand.Leave()
		}, []string{"r:a"}},
		{"once to a listener for one time", func(t *testing.T, s *stream) {
			s.OnceReadable(func() { s.log = append(s.log, "once") })
			s.push("a")
			s.push("b")
		}, []string{"once"}},
		{"not to a listener that is removed", func(t *testing.T, s *stream) {
			s.tell(t, 0).Remove()
			s.push("a")
		}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newStream(16)
			test.do(t, s)
			s.expect(t, test.want...)
		})
	}
}

// A reader fetches what it needs from the source; with a listener of 'readable'
// the source delivers again, whichever comes first.
func TestReadableIsPushedAgain(t *testing.T) {
	pull := func(p []byte) (int, bool) { return copy(p, "a"), true }
	for name, do := range map[string]func(s *stream){
		"listens, then reads": func(s *stream) {
			s.OnReadable(func() {})
			s.read(t, 1)
		},
		"reads, then listens": func(s *stream) {
			s.read(t, 1)
			s.OnReadable(func() {})
		},
	} {
		s := newStream(16)
		s.source.pull = pull
		s.read(t, 1)
		if s.Wants() {
			t.Errorf("%s: wants to be pushed what a reader fetches", name)
		}
		do(s)
		if !s.Wants() || s.source.wanted == 0 {
			t.Errorf("%s: the source is not asked to deliver: wants %v, told %d times", name, s.Wants(), s.source.wanted)
		}
	}
}

// A listener that comes while a reader fetches is told of what that leaves.
func TestReadableIsToldOfWhatIsKept(t *testing.T) {
	s := newStream(16)
	s.source.pull = func(p []byte) (int, bool) {
		s.source.pull = nil
		s.tell(t, 0)
		s.Keep([]byte("b"))
		return copy(p, "a"), true
	}
	s.read(t, 1)
	s.expect(t, "readable", "r:a")
}

// Who reads once for each 'readable', as much as may be, never waits, and gets
// every byte and the end.
func TestReadableIsToldStress(t *testing.T) {
	leak.Check(t)
	want := numbered(4000)
	for seed := range uint64(60) {
		s := newPump(want, seed)
		rng := rand.New(rand.NewPCG(seed, 2))
		var got []byte
		over := make(chan error)
		s.r.OnReadable(func() {
			p := make([]byte, 1+rng.IntN(40))
			n, err := s.r.Read(p)
			got = append(got, p[:n]...)
			if n == 0 || err != nil {
				over <- err
			}
		})
		go s.run()
		if err := <-over; err != io.EOF || !bytes.Equal(got, want) {
			t.Fatalf("seed %d: %d bytes and %v, want %d and EOF: differ at %d", seed, len(got), err, len(want), differ(got, want))
		}
		if n := s.pulls.Load(); n > 0 {
			t.Fatalf("seed %d: a Read behind 'readable' had to fetch %d times", seed, n)
		}
	}
}
