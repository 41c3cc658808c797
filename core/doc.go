// Package core holds what http is built on and is not http itself: the strand on which
// listeners run, typed events, readable streams, encodings, errors with Node's codes,
// the reference count behind Wait and the coarse sweep behind every timeout.
//
// Nothing here knows a protocol, a version of Node or a socket.
package core
