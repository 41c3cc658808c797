package core

// FIFO is a queue that keeps its memory while it is short. The zero value is
// empty. It is guarded by its owner's lock.
type FIFO[T any] struct {
	items []T // items[head:] is the queue
	head  int
}

// keep is how many items an empty queue may have room for.
const keep = 8

// Push adds an item at the end.
func (q *FIFO[T]) Push(item T) {
	if q.head > 0 && len(q.items) == cap(q.items) && q.head >= len(q.items)/2 {
		n := copy(q.items, q.items[q.head:]) // the front half is free
		clear(q.items[n:])
		q.items, q.head = q.items[:n], 0
	}
	q.items = append(q.items, item)
}

// Pop takes the oldest item. ok is false if there is none.
func (q *FIFO[T]) Pop() (item T, ok bool) {
	if q.head == len(q.items) {
		return item, false
	}
	var zero T
	item, q.items[q.head] = q.items[q.head], zero
	if q.head++; q.head == len(q.items) {
		q.items, q.head = q.items[:0], 0
		if cap(q.items) > keep {
			q.items = nil
		}
	}
	return item, true
}

// Len returns the number of items.
func (q *FIFO[T]) Len() int { return len(q.items) - q.head }

// Items returns the items, the oldest first, as long as nothing is pushed or
// popped.
func (q *FIFO[T]) Items() []T { return q.items[q.head:] }
