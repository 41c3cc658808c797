package runtime

// The head of an outgoing message: which fields go on the wire beside those
// that the user has set, and how the body is framed.

import (
	"slices"
	"strconv"

	"nodehttp/core"
	"nodehttp/generated/profile"
	"nodehttp/runtime/http1"
)

// headState is what the user's fields say about framing and connection.
type headState struct {
	connection, keepAlive, length, encoding, chunked, date, trailer bool
}

// checkHead returns why the head, which is not built yet, may not be sent.
// The caller holds mu.
func (m *OutgoingMessage) checkHead() error {
	if m.state.phase != phaseOpen {
		return nil
	}
	if err := m.kind.checkStart(); err != nil {
		return err
	}
	if err := m.checkFraming(); err != nil {
		return err
	}
	if m.isSet("trailer") && m.flags&noBody == 0 && !m.goesInChunks() {
		return core.ErrHTTPTrailerInvalid
	}
	return nil
}

// checkFraming returns which of the user's fields the peer could misread so that it
// would not know where the body ends. The caller holds mu.
func (m *OutgoingMessage) checkFraming() error {
	var length, encoding bool
	for i := range m.fields {
		f := &m.fields[i]
		switch {
		case http1.EqualFold(f.name, "content-length"):
			if _, err := strconv.ParseUint(f.value, 10, 63); length || err != nil {
				return invalidFraming(f)
			}
			length = true
		case http1.EqualFold(f.name, "transfer-encoding"):
			inChunks, other, ok := http1.Codings(core.BytesOf(f.value))
			switch {
			case encoding || !ok, !inChunks && !m.kind.mayCloseDelimit():
				return invalidFraming(f)
			case m.flags&toHTTP10 != 0 && (other || !inChunks): // what the client could not undo
				return invalidFraming(f)
			}
			encoding = true
		}
	}
	return nil
}

func invalidFraming(f *field) error {
	return core.ErrHTTPInvalidHeaderValue.With("Invalid value %q for header %q", f.value, f.name)
}

// goesInChunks reports whether a body with trailers will go in chunks.
func (m *OutgoingMessage) goesInChunks() bool {
	if m.flags&toHTTP10 != 0 {
		return false
	}
	if at := m.find("transfer-encoding", 0); at >= 0 { // there is one, as checkFraming has seen
		return http1.HasToken("chunked", m.fields[at].value)
	}
	return !m.isSet("content-length") && m.flags&chunkedDefault != 0 && m.flags&removedTE == 0
}

// buildHead appends the head to dst. known is the length of the whole body,
// begun or notYet. The caller holds mu, and calls it once.
func (m *OutgoingMessage) buildHead(dst []byte, known int64) []byte {
	m.stepPhase(phaseEventFixHead)
	dst = m.kind.startLine(dst)
	var h headState
	for i := range m.fields {
		f := &m.fields[i]
		m.noteField(&h, f.name, f.value)
	}
	if h.length && h.encoding {
		m.remove("content-length") // with both, peers may disagree about where the body ends
		h.length, m.length = false, -1
	}
	if m.flags&toHTTP10 != 0 {
		m.avoidChunks(&h, known)
	}
	dst = m.appendFields(dst)
	if m.flags&sendDate != 0 && !h.date {
		dst = append(dst, "Date: "...)
		dst = append(dst, core.Date()...)
		dst = append(dst, http1.CRLF...)
	}
	// A body that only the end of the connection ends, or one in chunks that is promised to
	// a peer who must not be sent any.
	if m.onlyCloseDelimits(&h, known) || h.chunked && m.flags&noBody != 0 {
		m.stepKeepAlive(keepAliveEventRefuse)
	}
	dst = m.kind.persistence(dst, h)
	return append(m.appendFraming(dst, &h, known), http1.CRLF...)
}

// decideUnnamed decides what becomes of the connection behind a message from which the program
// has removed Connection: it ends, unless the removed field would have said that it persists.
// The caller holds mu.
func (m *OutgoingMessage) decideUnnamed(p *profile.Profile) {
	if !p.RemovedConnectionPersists || m.state.keepAlive != persists {
		m.stepKeepAlive(keepAliveEventClose)
	}
}

// avoidChunks lets the end of the connection end a body that would go in chunks: RFC 9112,
// section 6.1, forbids them to a client of HTTP/1.0.
func (m *OutgoingMessage) avoidChunks(h *headState, known int64) {
	if h.encoding || m.flags&noBody == 0 && !m.impliesLength(h, known) {
		m.flags &^= chunkedDefault
	}
	if h.encoding {
		m.remove("transfer-encoding")
		h.encoding, h.chunked = false, false
	}
}

// noteField records what a field means for the message.
func (m *OutgoingMessage) noteField(h *headState, name, value string) {
	// Few names have to be compared, since each length stands for one or two.
	switch len(name) {
	case 4:
		if http1.EqualFold(name, "date") {
			h.date = true
		}
	case 7:
		if http1.EqualFold(name, "trailer") {
			h.trailer = true
		}
	case 10:
		if http1.EqualFold(name, "connection") {
			h.connection = true
			m.flags &^= removedConn
			if http1.HasToken("close", value) {
				m.stepKeepAlive(keepAliveEventClose)
			} else {
				m.stepKeepAlive(keepAliveEventAsk)
			}
		} else if http1.EqualFold(name, "keep-alive") {
			h.keepAlive = true
		}
	case 14:
		if http1.EqualFold(name, "content-length") {
			h.length = true
			n, _ := strconv.ParseUint(value, 10, 63) // checkFraming has seen it
			m.length = int64(n)
		}
	case 17:
		if http1.EqualFold(name, "transfer-encoding") {
			h.encoding = true
			m.flags &^= removedTE
			h.chunked = h.chunked || http1.HasToken("chunked", value)
		}
	}
}

// appendFields appends the user's fields, those of a header that is joined as one.
func (m *OutgoingMessage) appendFields(dst []byte) []byte {
	if m.rare == nil || len(m.rare.joined) == 0 {
		for i := range m.fields {
			dst = http1.AppendField(dst, m.fields[i].name, m.fields[i].value)
		}
		return dst
	}
	for i := 0; i < len(m.fields); {
		f := m.fields[i]
		for i++; i < len(m.fields) && http1.EqualFold(m.fields[i].name, f.name) && slices.ContainsFunc(m.rare.joined, isNamed(f.name)); i++ {
			f.value += "; " + m.fields[i].value
		}
		dst = http1.AppendField(dst, f.name, f.value)
	}
	return dst
}

// The length of a body for buildHead that is not known: its first piece is being sent, or
// there may be none.
const (
	begun  = -1
	notYet = -2
)

// onlyCloseDelimits reports whether only the end of the connection will end the body,
// since the user has removed the fields that could, or has set a coding that
// does not.
func (m *OutgoingMessage) onlyCloseDelimits(h *headState, known int64) bool {
	if h.encoding {
		return !h.chunked && m.flags&noBody == 0
	}
	return m.flags&removedTE != 0 && (known < 0 || h.trailer || m.flags&removedLength != 0) &&
		!h.length && m.flags&noBody == 0
}

// impliesLength reports whether the length of the body may be sent though the user
// has not set it.
func (m *OutgoingMessage) impliesLength(h *headState, known int64) bool {
	return !h.trailer && m.flags&(removedLength|noImpliedLength) == 0 && known >= 0
}

// appendFraming decides how the body ends and appends the field that says so, unless the
// user has.
func (m *OutgoingMessage) appendFraming(dst []byte, h *headState, known int64) []byte {
	event := framingEventDelimit
	switch {
	case m.flags&noBody != 0:
		event = framingEventOmitBody
	case h.chunked:
		event = framingEventChunk
	case h.encoding:
	case h.length:
		event = framingEventPromise
	case m.flags&chunkedDefault == 0 && m.kind.mayCloseDelimit():
	case m.flags&chunkedDefault == 0 && (known == 0 || known == notYet):
		m.length = 0
		event = framingEventPromise
	case m.impliesLength(h, known):
		m.length = known
		event = framingEventPromise
		dst = append(dst, "Content-Length: "...)
		dst = strconv.AppendInt(dst, known, 10)
		dst = append(dst, http1.CRLF...)
	case m.flags&removedTE == 0:
		event = framingEventChunk
		dst = append(dst, "Transfer-Encoding: chunked\r\n"...)
	}
	m.stepFraming(event)
	if event == framingEventDelimit {
		m.stepKeepAlive(keepAliveEventClose)
	}
	return dst
}

// AddTrailers adds fields that are sent after the body, if it is chunked;
// otherwise they are dropped. It returns core.ErrHTTPTrailerInvalid for a field that
// may not stand there (see http1.ValidTrailer), and the errors of SetHeader; then
// nothing is added.
func (m *OutgoingMessage) AddTrailers(trailers Headers) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, h := range trailers {
		if err := m.validate(h[0], h[1]); err != nil {
			return err
		}
		if !http1.ValidTrailer(h[0]) {
			return core.ErrHTTPTrailerInvalid.With("Header %q can't be a trailer", h[0])
		}
	}
	if len(trailers) > 0 {
		m.ensureRare().trailers = append(m.ensureRare().trailers, trailers...)
	}
	return nil
}
