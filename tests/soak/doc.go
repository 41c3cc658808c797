// Package soak has the tests that take long: they do what the other tests do,
// many thousand times. They are built with the tag soak; make soak runs them.
package soak
