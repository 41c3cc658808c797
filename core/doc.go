// Package core holds what http is built on and is not http itself. Nothing here knows a
// protocol, a version of Node or a socket.
//
//	strand.go, fifo.go       the strand: listeners run one at a time, never inside a call
//	event.go, latch.go       typed events; a latch is one that also reaches late listeners
//	readable*.go             the receiving half of a stream, pushed to listeners or read
//	transitions.go           life cycles as tables
//	decoder.go, encoding.go  Node's encodings
//	errors.go, optional.go   errors with Node's codes, optional arguments
//	report.go, uncaught.go   errors that nobody has heard, and panics of listeners
//	ref.go                   the count of references behind Wait
//	sweep.go, pulse*.go      the clock and the sweep behind every timeout
//	list.go                  linked lists without allocation
//
// # Who runs what
//
// A Strand belongs to a connection, or to several that share it. A goroutine that brings an
// event enters the strand and runs the listeners itself if it is one of the library's;
// otherwise it posts the event, and whoever is inside the strand, or a new goroutine, runs
// it. The sweep is one goroutine for everything that may time out.
//
// # Locks
//
// Each type has at most one, and no function of another package is called while it is held.
// A strand that begins to forward locks the one that it forwards to.
// A Readable returns what a change makes due (readDues) to the function that took its lock,
// which does it behind. A Strand is entered and left by an atomic step while nothing is
// queued for it. Events and latches have no lock.
package core
