package runtime

// OutgoingMessage: what a response and a request have in common when they are sent. Here are
// its fields, its headers and its properties. Its states are in outgoing_states.go, the head in
// outgoing_head.go, the body in outgoing_write.go and outgoing_file.go, and the end and the
// events in outgoing_end.go.

import (
	"context"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"nodehttp/core"
	"nodehttp/generated/profile"
	"nodehttp/runtime/http1"
	"nodehttp/runtime/socket"
)

// OutgoingMessage is a message being sent: the base of ServerResponse and
// ClientRequest. All methods may be called from any goroutine.
type OutgoingMessage struct {
	kind   outgoingKind
	strand *core.Strand // where its listeners run

	events atomic.Pointer[outgoingEvents] // nil until somebody listens; made with mu held, and not replaced

	mu      sync.Mutex     // guards what follows
	sock    *socket.Socket // nil before the message is the first of its connection's queue, and when it is released
	pending []byte         // serialized, and waits for the socket or for Uncork; rare.overflow continues it
	fields  []field
	flags   outgoingFlags
	state   outgoingState
	length  int64         // what Content-Length promises, -1 if nothing does
	written int64         // body bytes so far
	rare    *outgoingRare // nil while all of it is zero

	few [3]field // backs fields while they are few
}

// outgoingRare is what few messages need. It is kept apart so that a request and
// its response fit into 512 bytes: larger objects cost the collector more.
type outgoingRare struct {
	trailers  Headers
	joined    []string        // the headers whose fields are sent as one; see join
	corked    int             // calls of Cork without Uncork
	room      chan struct{}   // closed by makeRoom; nil unless a Write or Hijack waits
	backlog   int             // this message's part of the connection's backlog
	overflow  socket.Pieces   // continues pending, which holds socket.LargeBuffer bytes or more then
	informed  int             // how many bytes of pending are informational responses, which are first
	callbacks []func(error)   // of what is pending
	err       error           // why the message has failed
	reports   []*core.Report  // of errors that nobody has heard yet
	timeout   time.Duration   // what SetTimeout was given
	reason    string          // the reason phrase of a response; "" is the standard one
	copy      *replayBuffer   // all that was written so far; nil if the message cannot be moved
	ctx       context.Context // of a request, once somebody has asked for it; cancel ends it
	cancel    context.CancelCauseFunc
}

// ensureRare returns what is rare, to be changed. The caller holds mu.
func (m *OutgoingMessage) ensureRare() *outgoingRare {
	if m.rare == nil {
		m.rare = new(outgoingRare)
	}
	return m.rare
}

// The caller of each of these holds mu.
func (m *OutgoingMessage) isCorked() bool  { return m.rare != nil && m.rare.corked > 0 }
func (m *OutgoingMessage) keepsCopy() bool { return m.rare != nil && m.rare.copy != nil }
func (m *OutgoingMessage) failure() error {
	if m.rare == nil {
		return nil
	}
	return m.rare.err
}

// failWith notes why the message has failed, unless that is known. The caller holds mu, as
// for the next three.
func (m *OutgoingMessage) failWith(err error) {
	if err != nil && m.failure() == nil {
		m.ensureRare().err = err
	}
}

// takeCallbacks returns the callbacks of what is pending, once.
func (m *OutgoingMessage) takeCallbacks() (queued []func(error)) {
	if m.rare != nil {
		queued, m.rare.callbacks = m.rare.callbacks, nil
	}
	return queued
}

// takeReports returns the errors that nobody has heard yet, once.
func (m *OutgoingMessage) takeReports() (reports []*core.Report) {
	if m.rare != nil {
		reports, m.rare.reports = m.rare.reports, nil
	}
	return reports
}

// addCallbacks adds callbacks of what is pending.
func (m *OutgoingMessage) addCallbacks(callbacks []func(error)) {
	if len(callbacks) > 0 {
		m.ensureRare().callbacks = append(m.ensureRare().callbacks, callbacks...)
	}
}

// outgoingKind is what differs between a response and a request. Its methods
// are called with mu held, unless they say otherwise.
type outgoingKind interface {
	// checkStart returns why startLine would write what may not be sent.
	checkStart() error
	// startLine appends the start line.
	startLine(dst []byte) []byte
	// persistence appends the fields that say whether the connection persists,
	// if the user has set none, given what the head says so far.
	persistence(dst []byte, h headState) []byte
	// unique reports whether several values of a header are sent as one field.
	unique(name string) bool
	// setBacklog is called with how many bytes are pending because others are before the message.
	setBacklog(n int)
	// mayCloseDelimit reports whether the end of the connection may end a body: one
	// of unknown length that may not go in chunks, or whose coding does not end it.
	mayCloseDelimit() bool
	// serialized is called without mu when the socket has all of the message. closes says
	// that the connection ends behind it.
	serialized(closes bool)
	// finished is called without mu when all of the message has been given to the system.
	// It has emit, which emits 'finish', run inside the strand; that is nil if nobody
	// listens. unheard says that the message has no listeners at all.
	finished(unheard bool, emit func())
	// writeFailed is called without mu when some of it could not be given to the system.
	writeFailed()
	// emitsClose reports whether 'close' is emitted on a message that was sent whole. It is
	// called without mu.
	emitsClose() bool
	// socket returns the connection that the user is shown, nil if there is none.
	socket() *socket.Socket
	// countsAsDestroyed reports whether the exchange is over, where Destroyed says so then.
	countsAsDestroyed() bool
	// closeEmitted reports whether 'close' has happened, as far as the program can see.
	closeEmitted() bool
	// addTimeoutListeners adds callbacks for the timeout that is about to be set. It is called
	// without mu.
	addTimeoutListeners(callbacks []func())
	// highWaterMark is how many bytes may be pending before WriteChunk returns false.
	highWaterMark() int
	// context is called without mu.
	context() context.Context
	// Destroy is called without mu.
	Destroy(err ...error)
}

// outgoingFlags are facts about a message, each independent of the others and of its
// states (outgoing_states.go).
type outgoingFlags uint32

const (
	// What the peer and the profile make of it.
	noBody          outgoingFlags = 1 << iota // HEAD, 204, 304: no body is sent, whatever the head says of one
	chunkedDefault                            // it may go in chunks if its length is not known, unless toHTTP10
	toHTTP10                                  // it answers a client that knows no transfer codings and no informational responses
	sendDate                                  // a Date field is added
	readdsRemoved                             // what the user removes is added nevertheless
	noImpliedLength                           // Content-Length is sent only if the user sets it
	closesAtOnce                              // 'close' follows 'finish'
	maxReached                                // the connection has had as many requests as it may
	relaxedValues                             // header values may have control characters
	refusesBody                               // a body that may not be sent is an error, instead of being dropped

	// What the user has removed, and not set again.
	removedConn   // Connection
	removedLength // Content-Length
	removedTE     // Transfer-Encoding

	// What has happened to it.
	outgoingDestroyed   // it was destroyed, or its connection has closed
	outgoingPrefinished // 'prefinish' has happened
	outgoingClosed      // 'close' has happened
	outgoingErrored     // 'error' has happened
	outgoingErrorKnown  // a call, or 'error' to a late listener, has given the user the error
	outgoingDrainOwed   // WriteChunk has returned false; 'drain' is to follow
	outgoingDrainMissed // it has happened, and nobody listened
	outgoingMoved       // another connection has had it before
)

// A field is one line of the head. A header with several values has several fields,
// which stand where the list that they come from has them.
type field struct{ name, value string }

func (m *OutgoingMessage) init(kind outgoingKind, strand *core.Strand, p *profile.Profile) {
	m.kind, m.strand = kind, strand
	m.fields = m.few[:0]
	m.length = -1
	m.flags = sendDate
	m.state = outgoingState{phaseOpen, placeWaiting, framingUndecided, unasked}
	if !p.RemovedStay {
		m.flags |= readdsRemoved
	}
	if !p.ImpliedLength {
		m.flags |= noImpliedLength
	}
}

// find returns the index of the first field of a header at or behind from, or -1.
func (m *OutgoingMessage) find(name string, from int) int {
	for i := from; i < len(m.fields); i++ {
		if http1.EqualFold(m.fields[i].name, name) {
			return i
		}
	}
	return -1
}

// isSet reports whether a header has a field.
func (m *OutgoingMessage) isSet(name string) bool { return m.find(name, 0) >= 0 }

// values returns the values of a header in the order of its fields.
func (m *OutgoingMessage) values(name string) (all []string) {
	for i := m.find(name, 0); i >= 0; i = m.find(name, i+1) {
		all = append(all, m.fields[i].value)
	}
	return all
}

// hasExactly reports whether a header was set in this case.
func (m *OutgoingMessage) hasExactly(name string) bool {
	return slices.ContainsFunc(m.fields, func(f field) bool { return f.name == name })
}

// SetHeader sets a header to one value. It returns core.ErrHTTPHeadersSent
// when the head has been sent, core.ErrInvalidHTTPToken or core.ErrInvalidChar
// for what may not stand in a header; then nothing changes.
func (m *OutgoingMessage) SetHeader(name, value string) error {
	m.mu.Lock()
	err := m.checkField("set", name, value)
	if err == nil {
		m.set(name, value)
	}
	m.mu.Unlock()
	return err
}

// SetHeaderValues sets a header to several values, each sent as a field of its own
// unless the header must be unique: then they are joined by "; ". A header that is set
// keeps its place. No value removes the header. Errors are those of SetHeader.
func (m *OutgoingMessage) SetHeaderValues(name string, values []string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.checkField("set", name, values...); err != nil {
		return err
	}
	m.put(name, values)
	return nil
}

// SetHeaders sets headers, each in place of what it was. A name that stands in them
// several times gets all its values, as by SetHeaderValues. Errors are those of
// SetHeader; then nothing changes.
func (m *OutgoingMessage) SetHeaders(headers Headers) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, h := range headers {
		if err := m.checkField("set", h[0], h[1]); err != nil {
			return err
		}
	}
	for i, h := range headers {
		switch {
		case headers[:i].Has(h[0]): // it has been set with the others of its name
		case headers[i+1:].Has(h[0]):
			m.put(h[0], headers[i:].Values(h[0]))
		default:
			m.set(h[0], h[1])
		}
	}
	return nil
}

// AppendHeader adds a value to a header. Errors are those of SetHeader.
func (m *OutgoingMessage) AppendHeader(name, value string) error {
	return m.AppendHeaderValues(name, []string{value})
}

// AppendHeaderValues adds values to a header. Errors are those of SetHeader.
func (m *OutgoingMessage) AppendHeaderValues(name string, values []string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.checkField("append", name, values...); err != nil {
		return err
	}
	m.add(name, values)
	return nil
}

func (m *OutgoingMessage) checkField(verb, name string, values ...string) error {
	if m.state.phase != phaseOpen {
		return core.ErrHTTPHeadersSent.With("Cannot %s headers after they are sent to the client", verb)
	}
	return m.validate(name, values...)
}

// validate returns why a header field may not be sent. The caller holds mu.
func (m *OutgoingMessage) validate(name string, values ...string) error {
	return validateField(m.flags&relaxedValues != 0, name, values...)
}

// set gives a header one value: at the place of its first field, or at the end.
func (m *OutgoingMessage) set(name, value string) {
	at := m.find(name, 0)
	if at < 0 {
		m.fields = append(m.fields, field{name, value})
		return
	}
	m.fields[at] = field{name, value}
	m.removeFrom(at+1, name)
	m.join(name, false)
}

// put gives a header several values: at the place of its first field, or at the end.
func (m *OutgoingMessage) put(name string, values []string) {
	at := m.find(name, 0)
	if at < 0 {
		at = len(m.fields)
	}
	m.remove(name)
	m.insert(at, name, values)
	m.join(name, true)
}

// add puts values behind those that the header has, under the name it has.
func (m *OutgoingMessage) add(name string, values []string) {
	at := len(m.fields)
	for i := m.find(name, 0); i >= 0; i = m.find(name, i+1) {
		at, name = i+1, m.fields[i].name
	}
	if m.kind.unique(name) {
		m.put(name, append(m.values(name), values...))
		return
	}
	m.insert(at, name, values)
}

// insert puts fields of one name before the field at an index.
func (m *OutgoingMessage) insert(at int, name string, values []string) {
	tail := slices.Clone(m.fields[at:])
	m.fields = m.fields[:at]
	for _, v := range values {
		m.fields = append(m.fields, field{name, v})
	}
	m.fields = append(m.fields, tail...)
}

// join notes whether the fields of a header are sent as one. They are if the header was given
// its values together and is one of those that must be unique; a list of headers is sent as
// it is. The fields of a joined header stand together.
func (m *OutgoingMessage) join(name string, joined bool) {
	if m.rare != nil && m.rare.joined != nil {
		m.rare.joined = slices.DeleteFunc(m.rare.joined, isNamed(name))
	}
	if joined && m.kind.unique(name) {
		m.ensureRare().joined = append(m.ensureRare().joined, name)
	}
}

// remove removes all fields of a header.
func (m *OutgoingMessage) remove(name string) {
	m.removeFrom(0, name)
	m.join(name, false)
}

func (m *OutgoingMessage) removeFrom(from int, name string) {
	if from = m.find(name, from); from >= 0 {
		rest := slices.DeleteFunc(m.fields[from:], func(f field) bool { return http1.EqualFold(f.name, name) })
		m.fields = m.fields[:from+len(rest)]
	}
}

// RemoveHeader removes a header; one that is added by default is not added either. It returns
// core.ErrHTTPHeadersSent when the head has been sent.
func (m *OutgoingMessage) RemoveHeader(name string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.state.phase != phaseOpen {
		return core.ErrHTTPHeadersSent.With("Cannot remove headers after they are sent to the client")
	}
	switch {
	case m.flags&readdsRemoved != 0:
	case http1.EqualFold(name, "connection"):
		m.flags |= removedConn
	case http1.EqualFold(name, "content-length"):
		m.flags |= removedLength
	case http1.EqualFold(name, "transfer-encoding"):
		m.flags |= removedTE
	case http1.EqualFold(name, "date"):
		m.flags &^= sendDate
	}
	m.remove(name)
	return nil
}

// GetHeader returns the value of a header that was set, values joined by ", "
// if it has several, "" if it has none.
func (m *OutgoingMessage) GetHeader(name string) string {
	return strings.Join(m.GetHeaderValues(name), ", ")
}

// GetHeaderValues returns the values of a header that was set.
func (m *OutgoingMessage) GetHeaderValues(name string) []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.values(name)
}

// HasHeader reports whether a header was set.
func (m *OutgoingMessage) HasHeader(name string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.isSet(name)
}

// GetHeaderNames returns the names of the headers that were set, in lower case.
func (m *OutgoingMessage) GetHeaderNames() []string {
	names := m.GetRawHeaderNames()
	for i, name := range names {
		names[i] = http1.LowerName(name)
	}
	return names
}

// GetRawHeaderNames returns the names of the headers that were set, in the
// case in which they were.
func (m *OutgoingMessage) GetRawHeaderNames() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	names := make([]string, 0, len(m.fields))
	for i, f := range m.fields {
		if m.find(f.name, 0) == i {
			names = append(names, f.name)
		}
	}
	return names
}

// GetHeaders returns a copy of the headers that were set, by lower-case name.
func (m *OutgoingMessage) GetHeaders() map[string][]string {
	m.mu.Lock()
	defer m.mu.Unlock()
	all := make(map[string][]string, len(m.fields))
	for _, f := range m.fields {
		name := http1.LowerName(f.name)
		all[name] = append(all[name], f.value)
	}
	return all
}

// HeadersSent reports whether the head has been sent, so that headers can no
// longer be set.
func (m *OutgoingMessage) HeadersSent() bool { return m.stateNow().phase != phaseOpen }

// WritableEnded reports whether End has been called.
func (m *OutgoingMessage) WritableEnded() bool { return m.stateNow().phase.ended() }

// WritableFinished reports whether everything has been given to the system.
func (m *OutgoingMessage) WritableFinished() bool { return m.stateNow().phase == phaseFinished }

// Closed reports whether 'close' has been emitted.
func (m *OutgoingMessage) Closed() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.kind.closeEmitted()
}

// Errored returns the error that the message was destroyed with, nil if it was not, or
// without one.
func (m *OutgoingMessage) Errored() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.flags&outgoingDestroyed == 0 {
		return nil
	}
	return m.failure()
}

// Finished is WritableEnded under its older name.
func (m *OutgoingMessage) Finished() bool { return m.WritableEnded() }

// Destroyed reports whether the message was destroyed or its connection has closed, or,
// from v15.5 on, whether its exchange is over.
func (m *OutgoingMessage) Destroyed() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.flags&outgoingDestroyed != 0 || m.kind.countsAsDestroyed()
}

// WritableObjectMode is false: the stream is of bytes.
func (m *OutgoingMessage) WritableObjectMode() bool { return false }

func (m *OutgoingMessage) has(f outgoingFlags) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.flags&f != 0
}

func (m *OutgoingMessage) stateNow() outgoingState {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.state
}

func (m *OutgoingMessage) setFlag(f outgoingFlags, on bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.flags &^= f; on {
		m.flags |= f
	}
}

// WritableHighWaterMark returns how many bytes may wait before WriteChunk
// returns false.
func (m *OutgoingMessage) WritableHighWaterMark() int {
	if s := m.Socket(); s != nil {
		return s.Wire().Writer().HighWaterMark()
	}
	return m.kind.highWaterMark()
}

// WritableLength returns how many bytes wait to be given to the system.
func (m *OutgoingMessage) WritableLength() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	n := m.pendingLen()
	if m.sock != nil && m.state.phase != phaseFinished {
		n += m.sock.Wire().Writer().Unsent()
	}
	return n
}

// WritableCorked returns how many times Cork was called without Uncork.
func (m *OutgoingMessage) WritableCorked() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.rare == nil {
		return 0
	}
	return m.rare.corked
}

// Socket returns the connection of the message, nil before it has one. A request keeps it; a
// response has none any more when 'finish' is emitted.
func (m *OutgoingMessage) Socket() *socket.Socket {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.kind.socket()
}

// Connection is Socket under its older name.
func (m *OutgoingMessage) Connection() *socket.Socket { return m.Socket() }

// Context returns a context that is cancelled when the connection is closed, or the
// message is destroyed. That of a request is also when its exchange is over.
func (m *OutgoingMessage) Context() context.Context { return m.kind.context() }

// Destroy destroys the message and its connection.
func (m *OutgoingMessage) Destroy(err ...error) { m.kind.Destroy(err...) }

// Pipe returns core.ErrStreamCannotPipe: the stream cannot be read.
func (m *OutgoingMessage) Pipe() error { return core.ErrStreamCannotPipe }

// SetTimeout has 'timeout' emitted when the connection is silent for d; it is
// remembered until there is a connection. The callback is added as a one-time
// listener.
func (m *OutgoingMessage) SetTimeout(d time.Duration, callback ...func()) {
	m.kind.addTimeoutListeners(callback)
	m.mu.Lock()
	if d != 0 || m.rare != nil {
		m.ensureRare().timeout = d
	}
	s, done := m.sock, m.state.phase == phaseFinished && m.flags&closesAtOnce != 0
	m.mu.Unlock()
	if s != nil && !done { // else the connection belongs to another exchange
		s.SetTimeout(d)
	}
}
