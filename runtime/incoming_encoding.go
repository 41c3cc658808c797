package runtime

// SetEncoding: a body whose chunks are text.

import "nodehttp/core"

// SetEncoding says what the chunks of listeners of 'data' hold that are added
// from now on: with Hex and Base64 the bytes written so, else their text as
// UTF-8, never cut within a character. Read and Chunks are not concerned.
func (m *IncomingMessage) SetEncoding(e core.Encoding) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.ensureRare().encoding = &e
}

// decoding adapts a listener of 'data' to the encoding, if one is set.
func (m *IncomingMessage) decoding(f func(chunk []byte)) func(chunk []byte) {
	rare := m.rare.Load()
	if rare == nil {
		return f
	}
	m.mu.Lock()
	e := rare.encoding
	m.mu.Unlock()
	if e == nil {
		return f
	}
	d := core.NewDecoder(*e)
	tell := func(text string) {
		if text != "" {
			f([]byte(text))
		}
	}
	m.body.OnEnd(func() { tell(d.End()) })
	return func(chunk []byte) { tell(d.Write(chunk)) }
}
