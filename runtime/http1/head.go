package http1

// This file holds what a caller learns about a message: the head as one string
// with offsets into it.

// A Head is the start line and the fields of a message, or its trailers. All
// strings are parts of Raw. It belongs to the caller and is not changed by the
// parser again.
type Head struct {
	// Raw is the head as received, including the empty line that ends it (and
	// up to two that came before it).
	Raw string

	Method string // requests
	Target string // requests: what Node calls url
	Reason string // responses: may be empty
	Status int    // responses: 100 to 999

	// Fields has the fields in the order in which they were received.
	Fields []Field

	// ContentLength is the value of Content-Length, -1 without one. It says
	// nothing about a message that HasBody is false for.
	ContentLength int64

	Major, Minor uint8 // 1.0 or 1.1

	// HostCount is the number of Host fields. RFC 9112 wants a server to
	// answer 400 to a 1.1 request that does not have exactly one.
	HostCount uint8

	TransferEncoding bool // there is a Transfer-Encoding
	Chunked          bool // the body is in chunks
	HasBody          bool // a body follows, possibly an empty one
	KeepAlive        bool // the message lets the connection persist
	Upgrade          bool // asks to upgrade (Connection and Upgrade say so), or is a 101
	Connect          bool // the method is CONNECT
	Expect100        bool // expects 100-continue; never in 1.0
	ExpectOther      bool // expects something else; never in 1.0
}

// A Field says where a field is in Raw. It has no pointers.
type Field struct {
	nameStart, nameEnd   uint32
	valueStart, valueEnd uint32
	id                   NameID
}

// ID returns the NameID of the field's name, 0 if it is not a common one.
func (f Field) ID() NameID { return f.id }

// Len returns the number of fields.
func (h *Head) Len() int { return len(h.Fields) }

// Name returns the name of the i-th field in the case in which it was received.
func (h *Head) Name(i int) string { f := &h.Fields[i]; return h.Raw[f.nameStart:f.nameEnd] }

// Value returns the value of the i-th field without the whitespace around it.
// Its bytes are those received, which Node takes as latin1.
func (h *Head) Value(i int) string { f := &h.Fields[i]; return h.Raw[f.valueStart:f.valueEnd] }

// LowerName returns the name of the i-th field in lower case, as the function
// LowerName does.
func (h *Head) LowerName(i int) string {
	if id := h.Fields[i].id; id != 0 {
		return names[id]
	}
	return LowerName(h.Name(i))
}

// Find returns the index of the first field from index from on that has the
// name, in any case, or -1. It does not allocate.
func (h *Head) Find(name string, from int) int {
	id := LookupName(name)
	for i := from; i < len(h.Fields); i++ {
		if h.Fields[i].id == id && (id != 0 || sameName(h.Name(i), name)) {
			return i
		}
	}
	return -1
}

// Get returns the value of the first field that has the name, in any case. It
// does not allocate.
func (h *Head) Get(name string) (value string, ok bool) {
	if i := h.Find(name, 0); i >= 0 {
		return h.Value(i), true
	}
	return "", false
}

func sameName(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range len(a) {
		if lower(a[i]) != lower(b[i]) {
			return false
		}
	}
	return true
}

// TakeHead fills h after a HeadDone event with what data, as given to Next, begins
// with. It is called once for a head. It allocates one string, and a slice of fields
// unless h.Fields has room for them; neither refers to data or to the parser.
func (p *Parser) TakeHead(data []byte, h *Head) {
	raw := string(data[:p.headEnd])
	*h = Head{
		Raw:              raw,
		Fields:           p.takeFields(h.Fields),
		ContentLength:    p.contentLength,
		Major:            1,
		Minor:            p.minor,
		HostCount:        p.hostCount,
		TransferEncoding: p.flags&flagTransferEncoding != 0,
		Chunked:          p.flags&flagChunked != 0,
		HasBody:          p.phase >= phaseLength,
		KeepAlive:        p.flags&flagKeepAlive != 0 && p.phase != phaseUntilClose,
		Upgrade:          p.flags&flagUpgrade != 0,
		Expect100:        p.flags&flagExpect100 != 0,
		ExpectOther:      p.flags&flagExpectOther != 0,
	}
	if p.role == Request {
		h.Method = methods[p.method]
		h.Connect = p.method == methodConnect
		h.Target = raw[p.textStart:p.textEnd]
	} else {
		h.Status = int(p.status)
		h.Reason = raw[p.textStart:p.textEnd]
	}
}

// TakeTrailers fills Raw and Fields of h after an End event with the trailers of
// the message; both are empty if it had none. data is what was given to Next. It
// is called at most once for a message.
func (p *Parser) TakeTrailers(data []byte, h *Head) {
	*h = Head{ContentLength: -1, Fields: p.takeFields(h.Fields)}
	if len(h.Fields) > 0 {
		h.Raw = string(data[p.textStart:p.textEnd])
	}
}

// takeFields copies the fields into to, or gives away a list that is too long for
// the parser to keep.
func (p *Parser) takeFields(to []Field) []Field {
	if cap(p.fields) > keptFields {
		to, p.fields = p.fields, nil
		return to
	}
	if cap(to) < len(p.fields) {
		to = make([]Field, 0, len(p.fields))
	}
	return append(to[:0], p.fields...)
}
