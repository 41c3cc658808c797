package core

import (
	"slices"
	"testing"
)

// A FIFO is compared with a plain slice over many steps of every kind.
func TestFIFO(t *testing.T) {
	var q FIFO[int]
	var want []int
	state := uint32(1)
	for step := range 20000 {
		state = state*1664525 + 1013904223
		switch kind := state >> 24 % 8; {
		case kind < 3 || kind == 3 && step%400 < 200:
			q.Push(step)
			want = append(want, step)
		case kind < 7:
			got, ok := q.Pop()
			if ok != (len(want) > 0) || ok && got != want[0] {
				t.Fatalf("step %d: Pop = %d, %v; want from %v", step, got, ok, want)
			}
			if ok {
				want = want[1:]
			}
		}
		if q.Len() != len(want) || !slices.Equal(q.Items(), want) {
			t.Fatalf("step %d: %v, want %v", step, q.Items(), want)
		}
	}
}

func TestFIFODoesNotAllocateWhileShort(t *testing.T) {
	var q FIFO[int]
	q.Push(0)
	if n := testing.AllocsPerRun(1000, func() { q.Push(1); q.Pop() }); n != 0 {
		t.Errorf("%v allocations for Push and Pop", n)
	}
}
