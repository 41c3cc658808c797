// Package http1 parses and writes HTTP/1.0 and HTTP/1.1 messages.
//
// Everything that decides whether bytes are HTTP lives here, and nothing else
// does: the package knows no socket, no clock and no goroutine, and imports
// little of the standard library, so that it can be audited and fuzzed alone.
//
// A [Parser] is fed the unconsumed bytes of a connection and answers with
// events: a [Head], pieces of [Body], the [End] of a message, again and again
// for every message of the connection. The Append functions write the same
// grammar, and the Valid functions say what may be given to them.
//
// # Files
//
//	chars.go, names.go, methods.go, status.go  the alphabet and the words
//	error.go, head.go             what a caller learns: errors and heads
//	startline.go, target.go, fields.go, body.go  read the parts of a message
//	framing.go                    what the fields mean: where a body ends, whether the connection persists
//	parser.go                     the parser, which reads message after message
//	serialize.go, validate.go     write messages, and check what is to be written
//
// A Parser belongs to one goroutine at a time: its caller's lock guards it. Where it stands is
// a step of reading, which is what its caller sees as an event.
//
// # Strictness
//
// What two HTTP implementations read differently is how requests are smuggled,
// so the parser accepts one reading only. It rejects a CR or LF outside of a
// CRLF, whitespace before a colon, folded lines, control characters, an
// ambiguous or repeated length, and transfer codings that it would have to
// guess the end of. Error codes are those of Node's parser, llhttp.
// [Options.Insecure] relaxes what Node's insecureHTTPParser relaxes.
package http1
