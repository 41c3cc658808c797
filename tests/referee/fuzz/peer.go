package main

// What Node and this library have in common here.

import "sync"

// A mode says how the end is set up that looks at the bytes of a case. A server
// and a client read it as far as it concerns them.
type mode uint8

const (
	errorsHeard   mode = 1 << iota // the server has a listener of 'clientError'
	upgradesHeard                  // there is a listener of 'upgrade', and the client asks for one
	answersEarly                   // the server answers a request before it has read its body
	insecure                       // insecureHTTPParser is on

	modes = 1 << iota // how many there are
)

// question is a request that a client is to make of the fuzzer's own server.
type question struct {
	Key      string `json:"key"`
	Port     int    `json:"port"`
	Method   string `json:"method"`
	Upgrade  bool   `json:"upgrade"`
	Insecure bool   `json:"insecure"`
}

// A peer has servers and clients that tell what they see.
type peer interface {
	server(m mode) (port int)
	ask(q question) error
	box() *mailbox
}

// A mailbox brings each sight to the goroutine that waits for it.
type mailbox struct {
	mu      sync.Mutex // guards what follows
	waiting map[string]chan *Sight
	early   map[string]*Sight // nobody has waited for it yet
}

// await returns a channel that gets the sight with the key. A key may be used again
// once its sight has come or was forgotten.
func (b *mailbox) await(key string) <-chan *Sight {
	b.mu.Lock()
	defer b.mu.Unlock()
	c := make(chan *Sight, 1)
	if s, ok := b.early[key]; ok {
		delete(b.early, key)
		c <- s
		return c
	}
	if b.waiting == nil {
		b.waiting = map[string]chan *Sight{}
	}
	b.waiting[key] = c
	return c
}

// forget says that no goroutine waits for the key any more.
func (b *mailbox) forget(key string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.waiting, key)
	delete(b.early, key)
}

func (b *mailbox) deliver(s *Sight) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if c, ok := b.waiting[s.Key]; ok {
		delete(b.waiting, s.Key)
		c <- s
		return
	}
	if b.early == nil {
		b.early = map[string]*Sight{}
	}
	b.early[s.Key] = s
}
