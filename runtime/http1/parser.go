package http1

// This file is the parser as its caller sees it: its inputs, its answers, and its
// state between two messages. startline.go, fields.go, framing.go and body.go read the
// parts of a message.

// A Role says which of the two kinds of messages a [Parser] reads.
type Role uint8

// The roles.
const (
	Request Role = iota
	Response
)

// DefaultMaxHeaderSize is the limit on a head, in bytes, if Options has none.
const DefaultMaxHeaderSize = 16384

// maxChunkExtensions limits the extensions of all chunks of a message, in bytes.
const maxChunkExtensions = 16384

// Options are the limits of a [Parser].
type Options struct {
	// MaxHeaderSize is the greatest length, in bytes, of the start line and
	// the fields after it, and of the trailers. Zero means
	// DefaultMaxHeaderSize.
	MaxHeaderSize int

	// MaxHeaders is the number of fields kept, in the head and in the trailers.
	// Those beyond are validated, and frame the message, but are not seen.
	// Zero means no limit.
	MaxHeaders int

	// Insecure accepts what Node's insecureHTTPParser accepts and a strict
	// parser must not: control characters in values, a bare LF for CRLF in the
	// head, Content-Length beside Transfer-Encoding, transfer codings that
	// are not chunked, Transfer-Encoding in HTTP/1.0, and messages after one
	// that said it was the last. It makes request smuggling possible.
	Insecure bool

	// Relaxed accepts control characters in values, but for NUL, as the Fetch standard
	// does, and relaxes nothing else.
	Relaxed bool

	// NewCodes tells errors by the codes of llhttp 9 and where that finds them: it names
	// a missing CR, and sees at once that Content-Length and Transfer-Encoding are beside
	// each other.
	NewCodes bool
}

// An Event is what [Parser.Next] found.
type Event uint8

const (
	// NeedMore: nothing more can be said without further bytes.
	NeedMore Event = iota
	// HeadDone: a complete head. TakeHead gets it, until the next call of Next.
	HeadDone
	// Body: a piece of the body.
	Body
	// End: the message is complete. TakeTrailers gets the trailers, until the
	// next call of Next.
	End
	// Failed: this is not HTTP. Err says why; every later answer is Failed too.
	Failed
)

// A Parser reads the messages of one connection, in one direction. It is a value
// to be embedded and must be initialized with Init; it keeps nothing of the data
// it is given. It is for one goroutine at a time.
type Parser struct {
	err    *Error
	fields []byte // records of those of the head or trailers being read; reused

	contentLength int64 // -1: none
	remaining     int64 // bytes left of the body or the chunk

	maxSize   int
	maxFields int // in bytes of records

	pos     int // bytes of the head or trailers that were examined
	headEnd int // length of the head, once it is complete

	line, colon, value int // where the current field, its colon and its value begin

	textStart, textEnd int // target or reason; after End the trailers

	extensions uint32 // bytes of chunk extensions so far
	status     uint16
	flags      flags

	role      Role
	insecure  bool
	relaxed   bool
	newCodes  bool
	noBody    bool // the next final response has no body
	blank     bool // only empty lines of the next head were seen
	phase     phase
	step      step
	method    uint8
	minor     uint8
	hostCount uint8
	digits    uint8 // of the chunk size so far
}

// A phase says which part of a message comes next.
type phase uint8

const (
	phaseHead     phase = iota
	phaseEnd            // message complete, End not yet told
	phaseDetached       // the bytes are another protocol's
	phaseClosed         // no further message may follow
	phaseFailed
	phaseTrailers
	phaseLength // from here on a body follows
	phaseChunked
	phaseUntilClose
)

// A step is where in a part of a message the bytes ran out.
type step uint8

const (
	stepStart step = iota
	stepTarget
	stepVersion
	stepReason
	stepLine // of the fields: here and below
	stepName
	stepSpace
	stepValue
	stepSize // of a chunk: here and below
	stepSizeLF
	stepExtensionName
	stepExtensionNameMore
	stepExtensionValue
	stepExtensionToken
	stepExtensionQuoted
	stepExtensionEscape
	stepExtensionQuotedEnd
	stepData
	stepDataCR
	stepDataLF
)

// flags are what the fields of a head said.
type flags uint16

const (
	flagTransferEncoding flags = 1 << iota
	flagChunked                // chunked is the last transfer coding
	flagOtherCoding            // there is another one
	flagCloseToken             // in Connection
	flagKeepAliveToken         // in Connection
	flagUpgradeToken           // in Connection
	flagUpgradeField
	flagExpect100
	flagExpectOther
	flagUpgrade
	flagKeepAlive
)

// Rest releases the memory that is needed only while a head arrives. It may be called
// between messages.
func (p *Parser) Rest() {
	if p.step == stepStart {
		p.fields = nil
	}
}

// Init makes the parser ready for a new connection. Only memory of an earlier
// connection is kept.
func (p *Parser) Init(role Role, o Options) {
	*p = Parser{role: role, fields: p.fields[:0]}
	p.Limit(o)
}

// Limit sets other limits. It is called between two messages.
func (p *Parser) Limit(o Options) {
	p.insecure, p.relaxed, p.newCodes = o.Insecure, o.Insecure || o.Relaxed, o.NewCodes
	p.maxSize, p.maxFields = o.MaxHeaderSize, o.MaxHeaders
	if p.maxSize <= 0 {
		p.maxSize = DefaultMaxHeaderSize
	}
	p.maxSize = min(p.maxSize, 1<<31-1)
	const most = (1<<31 - 1) / recordSize
	if p.maxFields <= 0 || p.maxFields > most {
		p.maxFields = most
	}
	p.maxFields *= recordSize
}

// Next examines data, the bytes of the connection that were not yet consumed,
// and returns what it found first. The caller drops the first n bytes and calls
// again with the rest, and with more bytes after NeedMore. n may be positive
// with every event, and is zero for End of a message without a body.
//
// An incomplete head or trailer section is not consumed: the caller presents the
// same bytes again, with more behind them. No byte is looked at twice for that.
//
// chunk is a part of data, and set for Body only. It is not empty.
func (p *Parser) Next(data []byte) (ev Event, chunk []byte, n int) {
	switch p.phase {
	case phaseHead:
		return p.nextHead(data)
	case phaseEnd:
		p.end()
		return End, nil, 0
	case phaseLength:
		return p.nextLength(data)
	case phaseChunked:
		return p.nextChunked(data)
	case phaseTrailers:
		return p.nextTrailers(data, 0)
	case phaseUntilClose:
		if len(data) == 0 {
			return NeedMore, nil, 0
		}
		return Body, data, len(data)
	case phaseClosed:
		return NeedMore, nil, len(data)
	case phaseFailed:
		return Failed, nil, 0
	}
	return NeedMore, nil, 0
}

// Finish tells the parser that the peer has closed. It returns End if that ends
// the message, Failed if it cuts one off, and NeedMore between messages.
func (p *Parser) Finish() Event {
	switch p.phase {
	case phaseHead:
		if p.step == stepStart && (p.pos == 0 || p.blank) {
			return NeedMore
		}
	case phaseLength:
		if p.remaining > 0 {
			break
		}
		fallthrough
	case phaseEnd, phaseUntilClose:
		p.end()
		p.phase = phaseClosed
		return End
	case phaseClosed, phaseDetached:
		return NeedMore
	case phaseFailed:
		return Failed
	}
	p.fail(CodeInvalidEOFState, "Invalid EOF state", 0)
	return Failed
}

// Err returns why the parser failed, nil if it has not.
func (p *Parser) Err() *Error { return p.err }

// ExpectNoBody says that the response has no body whatever its head says: it answers
// HEAD, or is a 2xx to CONNECT. It is called between two messages, for the next final
// response, or after its HeadDone event, before Next.
func (p *Parser) ExpectNoBody() {
	switch {
	case p.phase == phaseHead || p.phase == phaseEnd && p.status < 200:
		p.noBody = true
	case p.phase >= phaseLength:
		p.phase = phaseEnd
	}
}

// SkipEnd spares the caller the call of Next that returns End after the head of a
// message without a body. After any other head it does nothing.
func (p *Parser) SkipEnd() {
	if p.phase == phaseEnd {
		p.complete()
	}
}

// Detach says, after a HeadDone event, that the bytes after this head are not HTTP.
// Next consumes nothing from now on, and returns no End. A 101 detaches the parser by
// itself.
func (p *Parser) Detach() { p.phase = phaseDetached }

// Plain reports whether the bytes that come next are a body that needs no
// inspection, so that the caller may read them around the parser, and how many
// are left, -1 if all until the peer closes.
func (p *Parser) Plain() (remaining int64, ok bool) {
	switch p.phase {
	case phaseLength:
		return p.remaining, p.remaining > 0
	case phaseUntilClose:
		return -1, true
	}
	return 0, false
}

// Skip says that n bytes of the body went around the parser, at most as many as Plain
// allowed. When none are left the next call of Next returns End.
func (p *Parser) Skip(n int64) {
	if p.phase == phaseLength {
		if n > p.remaining {
			panic("http1: more bytes skipped than the body has")
		}
		p.remaining -= n
	}
}

// end ends a message without trailers.
func (p *Parser) end() {
	p.fields = p.fields[:0]
	p.complete()
}

// complete ends the message.
func (p *Parser) complete() {
	p.step, p.pos = stepStart, 0
	p.phase = phaseHead
	if p.flags&flagKeepAlive == 0 && !p.insecure || p.role == Request && p.method == methodConnect {
		p.phase = phaseClosed
	}
}

// There is room for the records of fewFields at first, and for at most keptFields
// after a message: one message with very many fields must not cost its connection
// memory for ever.
const (
	fewFields  = 16
	keptFields = 64
)

func (p *Parser) nextHead(data []byte) (Event, []byte, int) {
	b := data
	if len(b) > p.maxSize {
		b = b[:p.maxSize]
	}
	if p.step == stepStart {
		if len(data) == 0 {
			return NeedMore, nil, 0
		}
		p.flags, p.contentLength, p.hostCount, p.status = 0, -1, 0, 0
		rest := b[blankLines(b):]
		p.blank = len(rest) == 0 || len(rest) == 1 && rest[0] == '\r'
		if cap(p.fields) > keptFields*recordSize || cap(p.fields) == 0 {
			p.fields = make([]byte, 0, fewFields*recordSize)
		}
		p.fields = p.fields[:0]
	}
	if p.step < stepLine {
		if p.role == Request && !p.requestLine(b) || p.role == Response && !p.statusLine(b) {
			return p.incomplete(b)
		}
	}
	if !p.section(b, false) || !p.frame() {
		return p.incomplete(b)
	}
	p.headEnd = p.pos
	return HeadDone, nil, p.pos
}

// incomplete is the answer when b, a head or trailers up to their limit, has no end.
func (p *Parser) incomplete(b []byte) (Event, []byte, int) {
	if p.phase != phaseFailed {
		if len(b) < p.maxSize {
			return NeedMore, nil, 0
		}
		p.fail(CodeHeaderOverflow, "Header overflow", len(b))
	}
	return Failed, nil, 0
}
