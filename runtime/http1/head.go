package http1

import (
	"encoding/binary"
	"strings"
)

// This file holds what a caller learns about a message: the head as one string with
// offsets into it.

// A Head is the start line and the fields of a message, or its trailers. All
// strings are parts of one. It belongs to the caller and is not changed by the
// parser again.
type Head struct {
	// text is the head as received, and from end on a record of each field.
	text string

	// ContentLength is the value of Content-Length, -1 without one. It says
	// nothing about a message that HasBody is false for.
	ContentLength int64

	end                uint32
	lineStart, lineEnd uint32 // target or reason

	Status uint16 // responses: 100 to 999
	method uint8  // requests: one more than the index in methods

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

// A record says where a field is: four offsets of 32 bits, where its name begins
// and ends and where its value does, and its NameID. Records are bytes so that a
// head of any number of fields is one string.
const recordSize = 17

func putRecord(r []byte, nameStart, nameEnd, valueStart, valueEnd int, id NameID) {
	_ = r[recordSize-1]
	binary.LittleEndian.PutUint32(r, uint32(nameStart))
	binary.LittleEndian.PutUint32(r[4:], uint32(nameEnd))
	binary.LittleEndian.PutUint32(r[8:], uint32(valueStart))
	binary.LittleEndian.PutUint32(r[12:], uint32(valueEnd))
	r[16] = byte(id)
}

// record returns the record of the i-th field.
func (h *Head) record(i int) string {
	at := int(h.end) + i*recordSize
	return h.text[at : at+recordSize]
}

// offset reads one of the offsets that a record begins with.
func offset(record string) uint32 {
	_ = record[3]
	return uint32(record[0]) | uint32(record[1])<<8 | uint32(record[2])<<16 | uint32(record[3])<<24
}

// Raw returns the head as received, including the empty line that ends it (and up
// to two that came before it).
func (h *Head) Raw() string { return h.text[:h.end] }

// Method returns the method of a request, "" for a response.
func (h *Head) Method() string {
	if h.method == 0 {
		return ""
	}
	return methods[h.method-1]
}

// Target returns the target of a request, which Node calls url, "" for a response.
func (h *Head) Target() string {
	if h.method == 0 {
		return ""
	}
	return h.text[h.lineStart:h.lineEnd]
}

// Reason returns the reason phrase of a response, which may be empty; "" for a
// request.
func (h *Head) Reason() string {
	if h.method != 0 {
		return ""
	}
	return h.text[h.lineStart:h.lineEnd]
}

// Len returns the number of fields.
func (h *Head) Len() int { return (len(h.text) - int(h.end)) / recordSize }

// Name returns the name of the i-th field in the case in which it was received.
func (h *Head) Name(i int) string { r := h.record(i); return h.text[offset(r):offset(r[4:])] }

// Value returns the value of the i-th field without the whitespace around it.
// Its bytes are those received, which Node takes as latin1.
func (h *Head) Value(i int) string { r := h.record(i); return h.text[offset(r[8:]):offset(r[12:])] }

// ID returns the NameID of the name of the i-th field, 0 if it is not a common one.
func (h *Head) ID(i int) NameID { return NameID(h.record(i)[16]) }

// LowerName returns the name of the i-th field in lower case, as the function
// LowerName does.
func (h *Head) LowerName(i int) string {
	if id := h.ID(i); id != 0 {
		return names[id]
	}
	return LowerName(h.Name(i))
}

// Find returns the index of the first field from index from on that has the
// name, in any case, or -1. It does not allocate.
func (h *Head) Find(name string, from int) int {
	id := LookupName(name)
	for i := from; i < h.Len(); i++ {
		if h.ID(i) == id && (id != 0 || EqualFold(h.Name(i), name)) {
			return i
		}
	}
	return -1
}

// TakeHead fills h after a HeadDone event with what data, as given to Next, begins
// with. It is called once for a head. It allocates one string, which refers neither
// to data nor to the parser.
func (p *Parser) TakeHead(data []byte, h *Head) {
	// The fields are assigned one by one: a literal is built elsewhere in bytes and
	// then copied in larger pieces, and each copy waits for the bytes.
	*h = Head{}
	h.text = p.takeText(data[:p.headEnd])
	h.ContentLength = p.contentLength
	h.end = uint32(p.headEnd)
	h.lineStart, h.lineEnd = uint32(p.textStart), uint32(p.textEnd)
	h.Status = p.status
	h.Major, h.Minor = 1, p.minor
	h.HostCount = p.hostCount
	h.TransferEncoding = p.flags&flagTransferEncoding != 0
	h.Chunked = p.flags&flagChunked != 0
	h.HasBody = p.phase >= phaseLength
	h.KeepAlive = p.flags&flagKeepAlive != 0 && p.phase != phaseUntilClose
	h.Upgrade = p.flags&flagUpgrade != 0
	h.Expect100 = p.flags&flagExpect100 != 0
	h.ExpectOther = p.flags&flagExpectOther != 0
	if p.role == Request {
		h.method = p.method + 1
		h.Connect = p.method == methodConnect
	}
}

// TakeTrailers fills h after an End event with the trailers of the message; there
// is nothing in it if it had none. data is what was given to Next. It is called at
// most once for a message.
func (p *Parser) TakeTrailers(data []byte, h *Head) {
	*h = Head{ContentLength: -1}
	if len(p.fields) > 0 {
		h.text = p.takeText(data[p.textStart:p.textEnd])
		h.end = uint32(p.textEnd - p.textStart)
	}
}

// takeText returns the text of a section with the records of its fields behind it.
func (p *Parser) takeText(text []byte) string {
	var b strings.Builder
	b.Grow(len(text) + len(p.fields))
	b.Write(text)
	b.Write(p.fields)
	if cap(p.fields) > keptFields*recordSize {
		p.fields = nil
	}
	return b.String()
}
