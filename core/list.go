package core

// List is a doubly linked list whose links are fields of its members: adding
// and removing cost the same however long it is, and no memory. The zero value
// is empty; it must not be copied. It is guarded by its owner's lock, and so are
// the links.
type List[T any] struct {
	first, last *Link[T]
	n           int
}

// Link is a member's place in at most one list. The zero value is in no list; it must
// not be copied while it is in one.
type Link[T any] struct {
	of         *T
	list       *List[T]
	prev, next *Link[T]
}

// Push adds a member at the end. l is the member's own, and in no list.
func (q *List[T]) Push(l *Link[T], member *T) { q.insert(l, member, q.last, nil) }

// PushFirst is Push at the beginning.
func (q *List[T]) PushFirst(l *Link[T], member *T) { q.insert(l, member, nil, q.first) }

// insert adds a member between two neighbours, or at an end where there is none.
func (q *List[T]) insert(l *Link[T], member *T, prev, next *Link[T]) {
	if l.list != nil {
		panic("core: the link is in a list")
	}
	*l = Link[T]{of: member, list: q, prev: prev, next: next}
	if prev == nil {
		q.first = l
	} else {
		prev.next = l
	}
	if next == nil {
		q.last = l
	} else {
		next.prev = l
	}
	q.n++
}

// Remove takes the member with the link l out, and reports whether it was in.
func (q *List[T]) Remove(l *Link[T]) bool {
	if l.list != q {
		return false
	}
	if l.prev == nil {
		q.first = l.next
	} else {
		l.prev.next = l.next
	}
	if l.next == nil {
		q.last = l.prev
	} else {
		l.next.prev = l.prev
	}
	*l = Link[T]{}
	q.n--
	return true
}

// Has reports whether the member with the link l is in.
func (q *List[T]) Has(l *Link[T]) bool { return l.list == q }

// Len returns the number of members.
func (q *List[T]) Len() int { return q.n }

// First returns the member at the beginning, nil if there is none.
func (q *List[T]) First() *T { return q.first.member() }

// Last returns the member at the end, nil if there is none.
func (q *List[T]) Last() *T { return q.last.member() }

// After returns the member after the one with the link l, or nil if there is none.
func (q *List[T]) After(l *Link[T]) *T { return l.next.member() }

// Before is After in the other direction.
func (q *List[T]) Before(l *Link[T]) *T { return l.prev.member() }

func (l *Link[T]) member() *T {
	if l == nil {
		return nil
	}
	return l.of
}

// All calls yield with each member, the first one first. The list must not be
// changed meanwhile.
func (q *List[T]) All(yield func(*T) bool) {
	for l := q.first; l != nil; l = l.next {
		if !yield(l.of) {
			return
		}
	}
}
