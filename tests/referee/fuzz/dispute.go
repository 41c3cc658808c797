package main

// Comparing two sights of the same bytes.

import (
	"fmt"
	"slices"
	"strings"

	"nodehttp/runtime/http1"
)

// A dispute is a case that Node and this library see differently.
type dispute struct {
	Case
	node, ours *Sight
	about      []string // what differs
	refusal    *refusal // why ours refuses the input, nil if it does not
	rest       int      // bytes of the input behind the response
}

// judge compares two sights. It returns nil if they agree.
func judge(c Case, node, ours *Sight) *dispute {
	about := differences(node, ours)
	if about == nil {
		return nil
	}
	d := &dispute{Case: c, node: node, ours: ours, about: about}
	d.refusal, d.rest = parse(c, nothing)
	return d
}

// signature is the same for disputes that probably have the same reason.
func (d *dispute) signature() string {
	why := ""
	if d.refusal != nil {
		why = d.refusal.reason
	}
	return fmt.Sprintf("%s; node %q, ours %q %q", strings.Join(d.about, " "), d.node.Error, d.ours.Error, why)
}

// String shows both sides.
func (d *dispute) String() string {
	s := fmt.Sprintf("%s\n  differ in %s\n  node:\n%s  ours:\n%s", d.Case, strings.Join(d.about, ", "), d.node, d.ours)
	if d.refusal != nil {
		s += fmt.Sprintf("  the parser fails at %d: %s, %s\n", d.refusal.at, d.refusal.code, d.refusal.reason)
	}
	return s
}

// differences names what differs between two sights.
func differences(a, b *Sight) (about []string) {
	differ := func(what string, is bool) {
		if is && !slices.Contains(about, what) {
			about = append(about, what)
		}
	}
	differ("number of messages", len(a.Messages) != len(b.Messages))
	for i := range min(len(a.Messages), len(b.Messages)) {
		m, n := &a.Messages[i], &b.Messages[i]
		differ("event", m.Event != n.Event)
		differ("method", m.Method != n.Method)
		differ("url", m.URL != n.URL)
		differ("status", m.Status != n.Status)
		differ("reason", m.Reason != n.Reason)
		differ("version", m.Version != n.Version)
		differ("headers", !slices.Equal(m.Headers, n.Headers))
		differ("body", m.Body != n.Body)
		differ("trailers", !slices.Equal(m.Trailers, n.Trailers))
		differ("complete", m.Complete != n.Complete)
		differ("error of the response", m.Error != n.Error)
	}
	differ("error", a.Error != b.Error)
	differ("pooled", a.Pooled != b.Pooled)
	differ("hung", a.Hung || b.Hung)
	differ("wire", !slices.Equal(a.Wire, b.Wire))
	return about
}

// same reports whether two messages are.
func same(a, b *Message) bool {
	return differences(&Sight{Messages: []Message{*a}}, &Sight{Messages: []Message{*b}}) == nil
}

// A refusal is where and why the parser fails.
type refusal struct {
	at           int // in the input
	code, reason string
}

func nothing(*http1.Head) {}

// parse reads the input of a case as this library does, as far as it is this library's
// to read, and calls f with each head. It returns why it fails, if it does, and how much
// is left behind the final response.
func parse(c Case, f func(*http1.Head)) (why *refusal, rest int) {
	role := http1.Request
	if c.Method != "" {
		role = http1.Response
	}
	var p http1.Parser
	p.Init(role, http1.Options{Insecure: c.Mode&insecure != 0})
	data, at, final := []byte(c.Input), 0, false
	for {
		event, _, n := p.Next(data)
		switch event {
		case http1.NeedMore:
			return nil, 0
		case http1.Failed:
			e := p.Err()
			return &refusal{at + e.Offset, e.Code, e.Reason}, 0
		case http1.HeadDone:
			var h http1.Head
			p.TakeHead(data, &h)
			f(&h)
			final = h.Status >= 200
			switch {
			case role == http1.Request && (h.Connect || h.Upgrade && c.Mode&upgradesHeard != 0),
				role == http1.Response && h.Status >= 200 && c.Method == "CONNECT":
				return nil, 0
			case role == http1.Response && c.Method == "HEAD":
				p.ExpectNoBody()
			}
		case http1.End:
			if final {
				return nil, len(data) - n
			}
		}
		data, at = data[n:], at+n
	}
}
