package http1

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"unsafe"
)

// This file feeds a parser and writes down what it answers, in a form that does
// not depend on how the bytes were split.

// A tracer is a connection's end: it keeps the bytes that the parser has not
// consumed.
type tracer struct {
	t        testing.TB
	p        Parser
	buf      []byte
	consumed int // bytes dropped from buf so far
	log      []string
	body     []byte
	failed   bool
}

// trace gives in to a parser, cut at the given offsets, and returns the log.
func trace(t testing.TB, role Role, o Options, in string, cuts ...int) string {
	t.Helper()
	tr := &tracer{t: t}
	tr.p.Init(role, o)
	from := 0
	for _, cut := range append(cuts, len(in)) {
		if cut < from || cut > len(in) {
			continue
		}
		tr.feed(in[from:cut])
		from = cut
	}
	return tr.finish()
}

// feed gives more bytes, in a slice without room behind it and at another address
// than before, so that a parser which reads or keeps too much is found out.
func (tr *tracer) feed(more string) {
	tr.buf = bytes.Clone(append(tr.buf, more...))
	tr.buf = tr.buf[:len(tr.buf):len(tr.buf)]
	for range 4*len(tr.buf) + 4 {
		if !tr.step() {
			return
		}
	}
	tr.t.Fatal("the parser makes no progress")
}

// step takes one event; it returns false if more bytes are needed.
func (tr *tracer) step() bool {
	before := tr.p.phase
	ev, chunk, n := tr.p.Next(tr.buf)
	if n < 0 || n > len(tr.buf) {
		tr.t.Fatalf("n is %d of %d", n, len(tr.buf))
	}
	if (ev == Body) != (len(chunk) > 0) {
		tr.t.Fatalf("event %d with a chunk of %d", ev, len(chunk))
	}
	if ev != Failed && tr.failed {
		tr.t.Fatalf("event %d after Failed", ev)
	}
	switch ev {
	case HeadDone:
		var h Head
		tr.p.TakeHead(tr.buf, &h)
		if h.Raw() != string(tr.buf[:n]) {
			tr.t.Fatalf("Raw is %q", h.Raw())
		}
		checkHead(tr.t, &h)
		tr.note(describe(&h))
	case Body:
		if unsafe.SliceData(chunk[len(chunk)-1:]) != unsafe.SliceData(tr.buf[n-1:]) {
			tr.t.Fatal("the chunk is not the end of what was consumed")
		}
		tr.body = append(tr.body, chunk...)
	case End:
		var h Head
		tr.p.TakeTrailers(tr.buf, &h)
		checkHead(tr.t, &h)
		tr.note("end" + fieldList(&h))
	case Failed:
		if n != 0 || tr.p.Err() == nil {
			tr.t.Fatalf("Failed with n %d and error %v", n, tr.p.Err())
		}
		if !tr.failed {
			e := tr.p.Err()
			tr.note(fmt.Sprintf("%s@%d", e.Code, tr.consumed+e.Offset))
		}
		tr.failed = true
	case NeedMore:
		if len(tr.buf)-n > tr.p.maxSize {
			tr.t.Fatalf("%d bytes pending", len(tr.buf)-n)
		}
		if n < len(tr.buf) && before != phaseHead && before != phaseDetached && tr.p.phase != phaseTrailers {
			tr.t.Fatalf("%d bytes pending in phase %d", len(tr.buf)-n, tr.p.phase)
		}
	}
	tr.buf = tr.buf[n:]
	tr.consumed += n
	return ev != NeedMore && ev != Failed
}

func (tr *tracer) finish() string {
	if !tr.failed {
		switch tr.p.Finish() {
		case End:
			var h Head
			tr.p.TakeTrailers(nil, &h)
			tr.note("eof end" + fieldList(&h))
		case Failed:
			tr.note("eof " + tr.p.Err().Code)
		}
		if tr.p.phase == phaseDetached {
			tr.note(fmt.Sprintf("rest %q", tr.buf))
		}
	}
	tr.note("")
	return strings.Join(tr.log, " | ")
}

func (tr *tracer) note(s string) {
	if len(tr.body) > 0 {
		tr.log = append(tr.log, fmt.Sprintf("%q", tr.body))
		tr.body = nil
	}
	if s != "" {
		tr.log = append(tr.log, s)
	}
}

// checkHead checks what must hold for every head that is accepted.
func checkHead(t testing.TB, h *Head) {
	t.Helper()
	for i := range h.Len() {
		name, value := h.Name(i), h.Value(i)
		if !ValidToken(name) {
			t.Fatalf("accepted the name %q", name)
		}
		if strings.Trim(value, " \t") != value {
			t.Fatalf("value with space around it: %q", value)
		}
		if want := LookupName(name); h.ID(i) != want {
			t.Fatalf("%q has ID %d, not %d", name, h.ID(i), want)
		}
		if first := h.Find(strings.ToUpper(name), 0); first < 0 || first > i || first != h.Find(name, 0) {
			t.Fatalf("field %d, %q, is found at %d", i, name, first)
		}
	}
}

// describe writes a head on one line.
func describe(h *Head) string {
	var b strings.Builder
	if h.Method() != "" {
		fmt.Fprintf(&b, "%s %s", h.Method(), printable(h.Target()))
	} else {
		fmt.Fprintf(&b, "%d %s", h.Status, printable(h.Reason()))
	}
	fmt.Fprintf(&b, " %d.%d%s", h.Major, h.Minor, fieldList(h))
	for _, f := range []struct {
		set  bool
		name string
	}{
		{h.HasBody, "body"}, {h.Chunked, "chunked"}, {!h.KeepAlive, "close"}, {h.Upgrade, "upgrade"},
		{h.Connect, "connect"}, {h.Expect100, "expect-100"}, {h.ExpectOther, "expect-other"},
	} {
		if f.set {
			b.WriteString(" " + f.name)
		}
	}
	return b.String()
}

func printable(s string) string {
	q := strconv.QuoteToASCII(s)
	return q[1 : len(q)-1]
}

func fieldList(h *Head) string {
	if h.Len() == 0 {
		return ""
	}
	list := make([]string, h.Len())
	for i := range list {
		list[i] = fmt.Sprintf("%s=%q", h.Name(i), h.Value(i))
	}
	return " {" + strings.Join(list, " ") + "}"
}
