package main

// What was seen: the same record for Node and for this library, and for both
// directions.

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Text is bytes. In JSON it is a string that has a code point for each.
type Text string

// UnmarshalJSON implements json.Unmarshaler.
func (t *Text) UnmarshalJSON(b []byte) error {
	var s string
	if err := json.Unmarshal(b, &s); err != nil {
		return err
	}
	bytes := make([]byte, 0, len(s))
	for _, r := range s {
		if r > 0xff {
			return fmt.Errorf("code point %#x is not a byte", r)
		}
		bytes = append(bytes, byte(r))
	}
	*t = Text(bytes)
	return nil
}

// A Message is one that a listener was given.
type Message struct {
	Event    string `json:"event"` // request, connect, upgrade, response, information
	Method   Text   `json:"method"`
	URL      Text   `json:"url"`
	Status   int    `json:"status"`
	Reason   Text   `json:"reason"`
	Version  string `json:"version"`
	Headers  []Text `json:"headers"` // names and values in turn
	Body     Text   `json:"body"`    // behind connect and upgrade: all that follows
	Trailers []Text `json:"trailers"`
	Complete bool   `json:"complete"`
	Error    string `json:"error"` // of a response: the code that its 'error' brought
}

// A Sight is what one end saw of a connection.
type Sight struct {
	Key      string    `json:"key"` // which connection
	Messages []Message `json:"messages"`
	Error    string    `json:"error"`  // the code that 'clientError' or 'error' brought
	Pooled   bool      `json:"pooled"` // the client would have kept the connection
	Wire     []string  `json:"-"`      // what a server answered, a head each without its Date
	Hung     bool      `json:"-"`      // the connection did not come to its end
}

// String returns the sight, a line for each message.
func (s *Sight) String() string {
	var b strings.Builder
	for _, m := range s.Messages {
		fmt.Fprintf(&b, "    %s ", m.Event)
		if m.Status != 0 {
			fmt.Fprintf(&b, "%d %q", m.Status, m.Reason)
		} else {
			fmt.Fprintf(&b, "%q %q", m.Method, m.URL)
		}
		fmt.Fprintf(&b, " %s %q", m.Version, m.Headers)
		if m.Body != "" {
			fmt.Fprintf(&b, " body %q", m.Body)
		}
		if len(m.Trailers) > 0 {
			fmt.Fprintf(&b, " trailers %q", m.Trailers)
		}
		if m.Complete {
			b.WriteString(" complete")
		}
		if m.Error != "" {
			b.WriteString(" error " + m.Error)
		}
		b.WriteByte('\n')
	}
	for _, w := range s.Wire {
		fmt.Fprintf(&b, "    answered %q\n", w)
	}
	if s.Error != "" {
		fmt.Fprintf(&b, "    error %s\n", s.Error)
	}
	if s.Pooled {
		b.WriteString("    kept\n")
	}
	if s.Hung {
		b.WriteString("    hung\n")
	}
	if b.Len() == 0 {
		return "    nothing\n"
	}
	return b.String()
}
