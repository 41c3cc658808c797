package core

// Optional arguments, and strings that are written as bytes.

import "unsafe"

// First returns the first of what was given for an optional argument, the zero value if
// nothing was.
func First[T any](optional []T) (first T) {
	if len(optional) > 0 {
		first = optional[0]
	}
	return first
}

// BytesOf returns the bytes of s without a copy. They must not be changed.
func BytesOf(s string) []byte { return unsafe.Slice(unsafe.StringData(s), len(s)) }
