// Package soak has the tests that take long: they do what the other tests do,
// many thousand times. Most are built with the tag soak; make soak runs them. Those
// without it run for moments in make test, and as long as the others in make soak.
package soak
