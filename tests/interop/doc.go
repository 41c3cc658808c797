// Package interop checks the library against other implementations of HTTP:
// curl, ab, wrk and Node itself. Only tests live here, behind the build tag
// interop, because they need these programs; setup.sh installs them. What
// one package can test alone does not belong here.
//
// The checks against Node are conversations: a request, or a few, with a fixed
// answer, each written four times: as a client and as a server, in JavaScript
// (testdata) and in Go. Both ends log their events. What the two Node ends log
// among themselves is what ours must log in their place.
package interop
