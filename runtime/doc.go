// Package runtime is the handwritten half of nodehttp: messages, server, client and agent,
// on which the generated packages are typed surfaces. It does not know which version of
// Node it serves: it asks the profile that it is given.
//
// # Layers
//
// Below it are core (strand, events, streams), socket (Node's net.Socket, without HTTP) and
// http1 (bytes to messages and back, without I/O). In this package, each upon those before
// it:
//
//	header*.go, errors.go, module.go  header fields, errors and constants of http
//	conn.go                           a connection that messages are read from, of either role
//	incoming*.go                      received messages: head, events, encoding
//	outgoing*.go, pipeline.go         messages that are sent: states, head, body, end; the queue
//	response.go, early_hints.go       responses
//	server*.go                        the server: settings, listening, closing, its connections
//	request*.go, client*.go, agent*.go  the client: requests, its connections, their pools
//	tls*.go                           https: options, agent and server, over TLS of socket
//	older.go                          what only old versions have; nothing here needs it
//
// What differs between the two roles is behind two interfaces: role, of a connection, and
// outgoingKind, of a message.
//
// # What a request passes
//
// In a server, on its way in:
//
//	server_listen.go   accept makes a serverConn of a connection, and starts its goroutine
//	conn.go            run waits for bytes: socket.ReadIdle, into the socket's Inbox
//	conn.go            deliver, inside the strand, parses them: http1.Parser.Next
//	server_conn.go     takeHead makes the request and its response, of one allocation
//	server_queue.go    enqueue puts the response into the queue of the connection
//	server_conn.go     announce emits 'request', and the listener runs
//	conn.go            deliver gives the body to core.Readable, which flows or keeps it; or
//	                   pull reads the socket for a Read, on the goroutine of that
//
// and the response on its way out:
//
//	outgoing.go        SetHeader keeps the fields
//	outgoing_end.go    End checks the head, and notes that the message has ended
//	outgoing_write.go  send serializes: the head is that of outgoing_head.go and response.go.
//	                   It writes to socket.Writer, or keeps what another response is before
//	server_queue.go    advancePipeline lets the next response write
//	outgoing_end.go    flushed: all has been given to the system, 'finish' and 'close' follow
//	incoming_events.go responseSent discards what nobody reads of the request
//
// In a client:
//
//	request_options.go, request_url.go  resolve the options
//	request.go         NewRequest prepares the head
//	agent.go           add finds a connection, makes one, or queues the request (agent_pool.go)
//	client_conn.go     assign gives the connection to the request
//	pipeline.go        begin writes what is pending; what follows is written as in a server
//	conn.go            run and deliver read the response, as above
//	client_conn.go     takeHead, and request_events.go emits 'response'
//	client_conn.go     consumed and completeExchange: the connection goes back to the agent
//
// # Who runs what
//
// A connection has a strand. Every listener of the connection and of its messages runs
// inside it, so they never overlap. A connection has a goroutine, run of conn.go, which
// reads it, parses what it reads, and runs the listeners itself. While many connections
// wait for their next message, the goroutines of most end, and the idle poller of package
// socket starts them again.
//
// Every method may be called from any goroutine. No listener runs inside a call: what a
// call brings about runs on the goroutine that is inside the strand, or on a new one. So the
// caller may hold any lock. Two calls need listeners to run while they wait for other
// responses of the queue: a Write does not keep the strand from other listeners for long,
// and Hijack leaves it meanwhile (pipeline.go, server_hijack.go).
//
// Timeouts are found by core's sweep, which looks at each socket (server_timeout.go).
//
// # Locks
//
// In the order in which they may be taken, each guarding what its struct says:
//
//	conn.readMu                          reading the socket, and the parser
//	Agent.mu                             pools, queues
//	OutgoingMessage.mu                   a message that is sent, a request with its response
//	IncomingMessage.mu                   what few received messages have
//	serverConn.mu, clientConn.mu         the queue, the exchange
//	socket.Writer, Socket.mu             see package socket
//	Server.mu                            listening, the set of connections
//	core.Readable, core.Strand, core.Ref these last: nothing else is locked while they are held
//
// No lock is held while a listener runs. readMu may be held for as long as a peer is silent,
// so it is never held while the strand is waited for or left, if a body is being received:
// a listener may be reading that.
//
// A function releases only locks that it took. What follows a change, and may not be done
// with the lock held, is returned to the caller: a transfer of a message, readDues of a
// stream. The exceptions are these:
//
//   - the writer, which a transfer carries locked from send to run, so that pieces keep
//     their order;
//   - functions that wait, as sync.Cond does: awaitRoom, awaitUncrowded and leaveStrand of
//     a message, and the writer's; each says that it gives the lock up meanwhile;
//   - readMu around listeners: announceOpen, exit, enter and relock of conn.go.
//
// # States
//
// Life cycles are tables of transitions (core.Transitions), each beside its explanation; an
// illegal step ends a test run. States that change independently have a table each:
//
//	outgoing_states.go       a message that is sent: how much of it there is, its place in the
//	                         queue, its framing, what becomes of the connection behind it
//	server_states.go         a server's connection: which requests it announces
//	client_states.go         a client's connection: which requests it serves
//	request_states.go        a request: how far it has come, its answer, its silence, its abort
//	socket/state.go          a socket: its life, and who reads it
//	core/readable_states.go  a stream: how it is consumed, its end, its bytes, who fetches them
//
// Flags beside them are facts, independent of the states and of each other.
//
// # Sizes
//
// A request and its response are one allocation of at most 480 bytes. What few of them need
// is kept apart: outgoingRare, incomingRare.
//
// No struct of this package has an exported or an embedded field that shows: the generated
// types are defined over these structs, and only the methods that a version has may show.
package runtime
