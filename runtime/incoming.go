package runtime

// IncomingMessage: a request that a server has received, or a response that a client has. Here
// is what its head says and how its body is read; its events and its ends are in
// incoming_events.go, and core.Readable is the stream of its body.

import (
	"context"
	"iter"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"nodehttp/core"
	"nodehttp/runtime/http1"
	"nodehttp/runtime/socket"
)

// IncomingMessage is a received message: its head, which does not change, and the stream of
// its body. All methods may be called from any goroutine; everything they return may be kept.
type IncomingMessage struct {
	head     http1.Head
	trailers *http1.Head // nil if there are none; set before incomingComplete
	body     core.Readable
	conn     *conn
	rules    *tables
	res      *ServerResponse // the response to a request; nil for a response

	released atomic.Bool   // the connection of a response belongs to another exchange, or is free
	flags    atomic.Uint32 // incomingFlags

	mu     sync.Mutex // guards what follows
	events *incomingEvents
	rare   atomic.Pointer[incomingRare] // nil while all of it is zero; set with mu held, and not changed any more
}

// incomingRare is what few messages need, like outgoingRare.
type incomingRare struct {
	err      error
	view     HeaderView
	viewed   bool           // view has been made
	encoding *core.Encoding // nil unless SetEncoding was called
}

// ensureRare returns what is rare, to be changed. The caller holds mu.
func (m *IncomingMessage) ensureRare() *incomingRare {
	rare := m.rare.Load()
	if rare == nil {
		rare = new(incomingRare)
		m.rare.Store(rare)
	}
	return rare
}

// failWith notes why the message has failed, unless that is known. It returns what is known
// then. The caller holds mu.
func (m *IncomingMessage) failWith(err error) error {
	rare := m.rare.Load()
	if rare == nil {
		if err == nil {
			return nil
		}
		rare = m.ensureRare()
	}
	if rare.err == nil {
		rare.err = err
	}
	return rare.err
}

// incomingFlags are facts about a message that come true once, each independent of the
// others.
type incomingFlags uint32

const (
	incomingAborted      incomingFlags = 1 << iota // the connection closed before the exchange was over
	incomingClosed                                 // 'close' has happened
	incomingDestroyed                              // Destroy was called
	incomingErrored                                // 'error' has happened
	incomingAbortPending                           // Destroy was called before the end, and 'aborted' is to follow
	incomingComplete                               // all of the body has arrived, if there is one
	incomingBodyClosed                             // Close has discarded a part of the body
	incomingHeard                                  // there are events: a listener has been added, other than those of the body
)

type incomingEvents struct {
	aborted core.Latch[func()]
	close   core.Latch[func()]
	err     core.Latch[func(error)]
	timeout core.Event[func()]
}

// seal seals the latches of events that have happened. The caller holds the message's mu.
func (e *incomingEvents) seal(happened incomingFlags) {
	if happened&incomingAborted != 0 {
		e.aborted.Seal()
	}
	if happened&incomingClosed != 0 {
		e.close.Seal()
	}
	if happened&incomingErrored != 0 {
		e.err.Seal()
	}
}

// init prepares m, whose head has been taken.
func (m *IncomingMessage) init(c *conn, rules *tables) {
	m.conn, m.rules = c, rules
	if m.head.HasBody {
		m.body.Init(c.sock.Wire().Strand(), (*messageSource)(m), c.sock.Wire().Writer().HighWaterMark())
	} else {
		m.body.InitEmpty(c.sock.Wire().Strand(), (*messageSource)(m))
	}
}

// messageSource is the message as the source of its body.
type messageSource IncomingMessage

// Pull implements core.Source.
func (src *messageSource) Pull(p []byte) (int, bool, error) {
	n, ok := src.conn.pull((*IncomingMessage)(src), p)
	return n, ok, nil
}

// Wanted implements core.Source.
func (src *messageSource) Wanted() { src.conn.Wanted() }

// BeforeEnd implements core.Source.
func (src *messageSource) BeforeEnd() { src.conn.role.beforeEnd((*IncomingMessage)(src)) }

// Consumed implements core.Source.
func (src *messageSource) Consumed(by core.Consumer) {
	src.conn.role.consumed((*IncomingMessage)(src), by)
}

// Method returns the request method. It is empty for a response.
func (m *IncomingMessage) Method() string { return m.head.Method() }

// URL returns the request target as received. It is empty for a response.
func (m *IncomingMessage) URL() string { return m.head.Target() }

// StatusCode returns the three-digit status of a response, 0 for a request.
func (m *IncomingMessage) StatusCode() int { return int(m.head.Status) }

// StatusMessage returns the reason phrase of a response.
func (m *IncomingMessage) StatusMessage() string { return m.head.Reason() }

// HTTPVersion returns "1.1" or "1.0".
func (m *IncomingMessage) HTTPVersion() string { return httpVersion(&m.head) }

func httpVersion(h *http1.Head) string {
	switch {
	case h.Major == 1 && h.Minor == 1:
		return "1.1"
	case h.Major == 1 && h.Minor == 0:
		return "1.0"
	}
	return strconv.Itoa(int(h.Major)) + "." + strconv.Itoa(int(h.Minor))
}

// HTTPVersionMajor returns the first number of the version.
func (m *IncomingMessage) HTTPVersionMajor() int { return int(m.head.Major) }

// HTTPVersionMinor returns the second number of the version.
func (m *IncomingMessage) HTTPVersionMinor() int { return int(m.head.Minor) }

// RawHeaders returns a copy of the header fields as received, duplicates and case kept.
func (m *IncomingMessage) RawHeaders() Headers { return rawHeaders(&m.head) }

// RawTrailers returns the trailer fields as received. There are none before
// the message is complete.
func (m *IncomingMessage) RawTrailers() Headers {
	if !m.Complete() || m.trailers == nil {
		return nil
	}
	return rawHeaders(m.trailers)
}

func rawHeaders(h *http1.Head) Headers {
	if h.Len() == 0 {
		return nil
	}
	raw := make(Headers, h.Len())
	for i := range raw {
		raw[i] = [2]string{h.Name(i), h.Value(i)}
	}
	return raw
}

// Header returns the value that Headers has under a name. It does not build the view if there
// is only one field.
func (m *IncomingMessage) Header(name string) string { return m.rules.lookup(&m.head, name) }

// Headers returns the header fields by name, duplicates merged as Node does.
func (m *IncomingMessage) Headers() HeaderView {
	m.mu.Lock()
	defer m.mu.Unlock()
	rare := m.ensureRare()
	if !rare.viewed {
		rare.view, rare.viewed = m.rules.view(&m.head), true
	}
	return rare.view
}

// Trailers returns the trailer fields by name, as Headers does. There are
// none before the message is complete.
func (m *IncomingMessage) Trailers() HeaderView {
	if !m.Complete() || m.trailers == nil {
		return HeaderView{}
	}
	return m.rules.view(m.trailers)
}

// HeadersDistinct returns all values of each field by lower-case name.
func (m *IncomingMessage) HeadersDistinct() map[string][]string { return distinct(&m.head) }

// TrailersDistinct is HeadersDistinct for the trailers.
func (m *IncomingMessage) TrailersDistinct() map[string][]string {
	if !m.Complete() || m.trailers == nil {
		return map[string][]string{}
	}
	return distinct(m.trailers)
}

// Complete reports whether the whole message has arrived and was well-formed.
func (m *IncomingMessage) Complete() bool { return !m.head.HasBody || m.has(incomingComplete) }

// Aborted reports whether the connection closed before the exchange was over, or, from v15.0
// on, whether the message was destroyed before its end.
func (m *IncomingMessage) Aborted() bool { return m.has(incomingAborted | incomingAbortPending) }

// Destroyed reports whether the message has been destroyed or, from v15.5 on, was aborted or
// has ended.
func (m *IncomingMessage) Destroyed() bool {
	flags := incomingFlags(m.flags.Load())
	switch {
	case flags&incomingDestroyed != 0:
		return true
	case !m.rules.profile.ConsumedDestroyed:
		return false
	case flags&incomingClosed != 0 || m.body.EndPassed(): // see ServerResponse.exchangeOver
		return m.res == nil || !m.res.listenerRuns()
	}
	return flags&incomingAborted != 0
}

func (m *IncomingMessage) has(f incomingFlags) bool {
	return incomingFlags(m.flags.Load())&f != 0
}

// note sets flags, and returns those that were set before.
func (m *IncomingMessage) note(f incomingFlags) incomingFlags {
	return incomingFlags(m.flags.Or(uint32(f)))
}

// Socket returns the connection that the message came on. From v15.5 on it is nil when
// a response has been consumed whose connection is kept for other requests.
func (m *IncomingMessage) Socket() *socket.Socket {
	if m.released.Load() && m.rules.profile.ConsumedDestroyed {
		return nil
	}
	return m.conn.sock
}

// Connection is Socket under its older name.
func (m *IncomingMessage) Connection() *socket.Socket { return m.Socket() }

// Context returns a context that is cancelled when the connection is closed.
func (m *IncomingMessage) Context() context.Context { return m.conn.sock.Context() }

// Destroy destroys the connection that the message came on. Nothing more of
// the body is delivered.
func (m *IncomingMessage) Destroy(err ...error) {
	consumed := m.Complete() && m.body.Consumed()
	m.mu.Lock()
	if before := m.note(incomingDestroyed); !consumed && before&incomingClosed == 0 && m.rules.profile.CutMessageErrors {
		m.note(incomingAbortPending)
	}
	m.failWith(core.First(err))
	m.mu.Unlock()
	if m.has(incomingClosed) && (m.res == nil || m.res.out.WritableFinished()) {
		return // the connection belongs to another exchange
	}
	if consumed && m.rules.profile.ConsumedDestroyed {
		if len(err) > 0 {
			m.conn.sock.Wire().Strand().Post(func() { m.emitError(nil) })
		}
		return // its connection belongs to another exchange, or waits for the response
	}
	consumed = consumed && m.res == nil
	if !consumed {
		m.body.Destroy(abortedBy(core.First(err)))
		if m.rules.profile.CutMessageErrors {
			if m.res != nil { // listeners of 'aborted' are to find it destroyed
				m.res.out.mu.Lock()
				if !m.res.out.state.phase.ended() {
					m.res.out.markDestroyed(core.First(err))
				}
				m.res.out.mu.Unlock()
			}
			m.conn.sock.Wire().Strand().Post(func() { m.abort() })
		}
	}
	m.conn.role.messageDestroyed(m, core.First(err))
	m.conn.sock.Wire().Strand().PostLast(m.closeEarly) // if the end of the connection has not closed it by then
}

// SetTimeout calls the socket's SetTimeout; the callback is added as a
// listener of 'timeout' on the message.
func (m *IncomingMessage) SetTimeout(d time.Duration, callback ...func()) {
	for _, f := range callback {
		m.OnTimeout(f)
	}
	m.conn.sock.SetTimeout(d)
}

// Read reads from the body; see core.Readable. Behind Close it returns
// core.ErrStreamDestroyed, which is net.ErrClosed.
func (m *IncomingMessage) Read(p []byte) (int, error) {
	if m.has(incomingBodyClosed) {
		return 0, core.ErrStreamDestroyed
	}
	n, err := m.body.Read(p)
	if m.has(incomingBodyClosed) { // the end would not be that of the body
		return 0, core.ErrStreamDestroyed
	}
	return n, err
}

// What is received of the body of a response behind Close, so that its connection can be kept.
const (
	closeLimit = 256 << 10 // bytes
	closeGrace = 50 * time.Millisecond
)

// Close discards what has not been read of the body. The connection of a response is destroyed
// if much is known to be left, or if that does not arrive soon. It returns nil.
func (m *IncomingMessage) Close() error {
	m.conn.lookForEnd(m) // that may be all that is left
	if m.whole() || m.note(incomingBodyClosed)&incomingBodyClosed != 0 {
		return nil
	}
	received := m.res != nil || m.Complete()
	// Before the body is dumped: the rest might come meanwhile, and the connection be kept.
	if length, err := strconv.ParseInt(m.Header("content-length"), 10, 64); !received && err == nil && length > closeLimit {
		m.conn.role.iterationLeft(m)
		return nil
	}
	m.body.Dump(core.ErrStreamDestroyed)
	if received || m.Complete() {
		return nil
	}
	time.AfterFunc(closeGrace, func() {
		if !m.Complete() {
			m.conn.role.iterationLeft(m)
		}
	})
	return nil
}

// Chunks ranges over the rest of the body. Leaving the loop before the end discards the rest;
// see role.iterationLeft.
func (m *IncomingMessage) Chunks() iter.Seq2[[]byte, error] {
	return m.body.Chunks(func() {
		if m.conn.lookForEnd(m) {
			m.loopLeft()
			return
		}
		// Another goroutine is reading, and may be delivering the end: look behind that.
		m.conn.sock.Wire().Strand().Post(func() {
			m.conn.lookForEnd(m)
			m.loopLeft()
		})
	})
}

// loopLeft discards the rest of the body, if there is one.
func (m *IncomingMessage) loopLeft() {
	if !m.whole() {
		m.conn.role.iterationLeft(m)
	}
}

// whole reports whether nothing of the body is left, and tells its end if that is all
// that is.
func (m *IncomingMessage) whole() bool {
	m.body.EndUnread()
	return m.body.Consumed()
}

// Pause stops 'data'.
func (m *IncomingMessage) Pause() { m.body.Pause() }

// Resume lets the body flow, into nothing if nobody listens.
func (m *IncomingMessage) Resume() { m.body.Resume() }

// IsPaused reports whether Pause was called last.
func (m *IncomingMessage) IsPaused() bool { return m.body.Paused() }
