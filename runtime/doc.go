// Package runtime is the handwritten half of nodehttp: messages, server, client and
// agent, on which the generated packages are typed
// surfaces. It does not know which version of Node it serves: it asks the
// profile that it is given.
//
// # Layers
//
// Below it are core, the strand and what streams and events are made of; socket, Node's
// net.Socket without HTTP; and http1, which turns bytes into messages and back. Here
// stands, each upon those before it:
//
//	headers.go, errors.go     what received and sent header fields mean
//	conn.go                   a connection that messages are read from, of either role
//	incoming*.go              received messages
//	outgoing*.go, pipeline.go messages that are sent
//	response.go, server*.go   the server's role
//	request*.go, client_conn.go, agent*.go   the client's
//	tls*.go                   https: options, agent and server, over TLS of package socket
//	older.go                  what only old versions have; nothing here needs it
//
// # Who runs what
//
// A connection has a strand; every listener of the connection and of its
// messages runs inside it, so that they never overlap. A connection is read
// by a goroutine of its own, which parses what it reads and runs the listeners
// inline. What a call brings about is told by whoever is inside the strand, else by a
// new goroutine, never within the call: the caller may hold any lock. A listener that
// writes to a queued response does not keep the strand from other listeners for long, and
// Hijack of one lends the strand (pipeline.go). Where many connections wait for their next
// message, the goroutines of most end until there is something to read (idle.go). Every method may be called from any goroutine.
//
// # Locks
//
// In the order in which they may be taken, each guarding what its struct says:
// ClientRequest and Agent state (Agent.mu), a message (OutgoingMessage.mu,
// IncomingMessage.mu), the connection (serverConn.mu, clientConn.mu), the locks of
// package socket. No lock of the library is held while a listener runs.
//
// Reading the socket has a lock of its own, conn.readMu, which may be held for as
// long as a peer is silent. So it is never held while the strand is waited for
// or left, if a body is being received: a listener may be reading it.
//
// No struct of this package has an exported or an embedded field: the
// generated types are defined over these structs, and only the methods that
// a version has may show.
package runtime
