// Package core holds what http stands on and is not http itself: the strand
// on which listeners run, typed events, readable streams, encodings, errors
// with Node's codes, the reference count behind Wait and the coarse sweep
// behind every timeout.
//
// Nothing here knows a protocol, a version of Node or a socket.
package core

// Headers is a list of header fields, name and value, in the order and case
// in which they go on the wire.
type Headers [][2]string
