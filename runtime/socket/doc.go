// Package socket is Node's net.Socket, with what it takes to connect and to listen. It
// knows no HTTP: a Handler speaks a protocol over a Socket and is told what happens. It
// uses the socket as a Wire; the methods of Socket itself are for programs.
//
// # Layers
//
// Each file stands on those above it and needs none below it:
//
//	system_*.go            system calls that never block, and what their errors mean
//	buffer.go              borrowed buffers, the Inbox, Pieces
//	descriptor.go          a connection that is read and written by those calls
//	tls*.go                TLS between a socket and its descriptor
//	writer.go, sendfile.go the sending half: accepts bytes in order, queues and sends them
//	idle*.go               the poller, which watches sockets that no goroutine reads
//	state.go               the life of a socket, and who reads it
//	socket.go, wire.go     what a socket is, and how it ends; the seam to its handler
//	read.go, write.go      a plain stream as programs read and write it
//	deadline.go, timeout.go, linger.go, events.go
//	dial.go, listen*.go    how connections come about
//
// A Socket is one connection. Connections that Go's net package has made itself are read
// and written through their file descriptor, without the copying and the waiting that
// net.Conn adds, those that Handshake has encrypted too. Others (pipes, wrappers, TLS of
// somebody else's) are used through net.Conn.
//
// # Who reads, who runs listeners
//
// While a socket has a handler, the handler's goroutine alone reads it, by ReadIdle and
// ReadInto, into the Inbox. ReadIdle returns ErrPark where too many connections wait
// already: then the handler calls Park and ends its goroutine, and Resume starts it again.
// After Detach the socket is a plain stream: a Read fetches what it needs on the goroutine
// of its caller, and only a stream that flows to listeners of 'data' has a goroutine.
//
// Listeners run inside the socket's strand; no call of a method runs one. What is written
// leaves in the caller's system call while the system takes it; what it does not take is
// queued, and a goroutine sends it that lives as long as the queue. The sweep looks at
// every socket for timeouts, and asks for peers that have left.
//
// # Locks
//
// In the order in which they may be taken: the Writer's (Writer.Lock), the socket's
// (Socket.mu), the idle poller's. No lock is held while a method of the Handler or a
// listener runs. descriptor.taking is held while bytes
// are received and counted of a connection that was not accepted.
//
// The connection is closed only after the Writer has been told why: whoever holds its
// lock and finds no error may use the descriptor.
//
// # The life of a socket
//
// It is connecting, open, closing, lingering or closed: state.go says what that means and
// has the table of what follows what, and another for who reads it once no handler does.
// Beside that, independent of it: whether the peer has ended, and whether the sending half
// has.
package socket
