// Package versions tests that a version behaves as its Node did, over real
// sockets. What Node does is recorded in testdata, by the script beside it; v0.4,
// of which there is no Node to ask, is as v0.8 there.
package versions
