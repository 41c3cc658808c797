package main

// This library: the same servers and clients as in testdata/peer.js.

import (
	"errors"
	"fmt"
	"net"
	"sync"

	http "nodehttp/generated/v19_0"
)

// ours implements peer.
type ours struct {
	servers [modes]*http.Server
	sights  mailbox
	looking sync.Map // by socket: the *look of a server
}

// A look is a Sight in the making. Listeners of one connection do not overlap, but
// a request's may run before it has one.
type look struct {
	mu sync.Mutex // guards what follows
	Sight
	open int // what must close before the sight is complete
}

func (l *look) do(f func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	f()
}

// add starts another message and returns a function that changes it.
func (l *look) add(m Message) (change func(func(*Message))) {
	l.mu.Lock()
	defer l.mu.Unlock()
	i := len(l.Messages)
	l.Messages = append(l.Messages, m)
	return func(f func(*Message)) { l.do(func() { f(&l.Messages[i]) }) }
}

func newOurs() *ours {
	o := new(ours)
	for m := range mode(modes) {
		o.servers[m] = o.serve(m)
	}
	return o
}

// stop closes the servers.
func (o *ours) stop() {
	for _, s := range o.servers {
		s.Close()
		s.CloseAllConnections()
	}
}

// server implements peer.
func (o *ours) server(m mode) int { return o.servers[m].Address().(*net.TCPAddr).Port }

// box implements peer.
func (o *ours) box() *mailbox { return &o.sights }

func flat(h http.Headers) []Text {
	list := make([]Text, 0, 2*len(h))
	for _, pair := range h {
		list = append(list, Text(pair[0]), Text(pair[1]))
	}
	return list
}

func message(event string, m *http.IncomingMessage) Message {
	return Message{
		Event: event, Method: Text(m.Method()), URL: Text(m.URL()),
		Status: m.StatusCode(), Reason: Text(m.StatusMessage()),
		Version: m.HTTPVersion(), Headers: flat(m.RawHeaders()),
	}
}

func (o *ours) serve(m mode) *http.Server {
	s := http.CreateServerWith(http.ServerOptions{InsecureHTTPParser: m&insecure != 0})
	s.OnConnection(func(sock *http.Socket) {
		l := &look{Sight: Sight{Key: fmt.Sprintf("%d/%d", sock.LocalPort(), sock.RemotePort())}}
		o.looking.Store(sock, l)
		sock.OnClose(func(bool) {
			o.looking.Delete(sock)
			l.do(func() { s := l.Sight; o.sights.deliver(&s) })
		})
	})
	of := func(sock *http.Socket) *look {
		l, _ := o.looking.Load(sock)
		return l.(*look)
	}
	s.OnRequest(func(req *http.IncomingMessage, res *http.ServerResponse) {
		change := of(req.Socket()).add(message("request", req))
		req.OnError(func(error) {})
		if m&answersEarly == 0 {
			follow(req, change, func() { res.End() })
		} else {
			follow(req, change, func() {})
			res.End()
		}
	})
	hand := func(event string) func(req *http.IncomingMessage, sock *http.Socket, head []byte) {
		return func(req *http.IncomingMessage, sock *http.Socket, head []byte) {
			rest(of(sock).add(message(event, req)), sock, head)
		}
	}
	s.OnConnect(hand("connect"))
	if m&upgradesHeard != 0 {
		s.OnUpgrade(hand("upgrade"))
	}
	if m&errorsHeard != 0 {
		s.OnClientError(func(err error, sock *http.Socket) {
			l := of(sock)
			l.do(func() {
				if l.Error == "" {
					l.Error = code(err)
				}
			})
			sock.Destroy()
		})
	}
	if err := s.ListenWith(http.ListenOptions{Host: "127.0.0.1"}); err != nil {
		panic(err)
	}
	return s
}

// follow notes the body of m and what ends it, and then calls ended.
func follow(m *http.IncomingMessage, change func(func(*Message)), ended func()) {
	m.OnData(func(chunk []byte) { change(func(seen *Message) { seen.Body += Text(chunk) }) })
	m.OnEnd(func() {
		change(func(seen *Message) {
			seen.Complete = m.Complete()
			seen.Trailers = flat(m.RawTrailers())
		})
		ended()
	})
}

// rest takes what comes on a socket that is no longer HTTP's.
func rest(change func(func(*Message)), sock *http.Socket, head []byte) {
	note := func(chunk []byte) { change(func(seen *Message) { seen.Body += Text(chunk) }) }
	note(head)
	sock.OnError(func(error) {})
	sock.OnEnd(func() { sock.End() })
	sock.OnData(note)
}

func code(err error) string {
	if e := (*http.Error)(nil); errors.As(err, &e) {
		return e.Code
	}
	return err.Error()
}

// ask implements peer.
func (o *ours) ask(q question) error {
	l := &look{Sight: Sight{Key: q.Key}, open: 2}
	over := func() {
		l.do(func() {
			if l.open--; l.open == 0 {
				s := l.Sight
				o.sights.deliver(&s)
			}
		})
	}
	agent := http.NewAgent(http.AgentOptions{KeepAlive: true, KeepSocketAlive: func(*http.Socket) bool {
		l.do(func() { l.Pooled = true })
		return false
	}})
	options := http.RequestOptions{
		Host: "127.0.0.1", Port: q.Port, Path: "/" + q.Key, Method: q.Method, Agent: agent,
		InsecureHTTPParser: q.Insecure,
	}
	if q.Upgrade {
		options.Headers = http.Headers{{"connection", "upgrade"}, {"upgrade", "fuzz"}}
	}
	req := http.RequestWith(options)
	req.OnSocket(func(sock *http.Socket) { sock.OnClose(func(bool) { over() }) })
	req.OnInformation(func(info http.InformationEvent) {
		l.add(Message{
			Event: "information", Status: info.StatusCode, Reason: Text(info.StatusMessage),
			Version: info.HTTPVersion, Headers: flat(info.RawHeaders),
		})
	})
	hand := func(event string) func(res *http.IncomingMessage, sock *http.Socket, head []byte) {
		return func(res *http.IncomingMessage, sock *http.Socket, head []byte) {
			rest(l.add(message(event, res)), sock, head)
		}
	}
	req.OnConnect(hand("connect"))
	if q.Upgrade {
		req.OnUpgrade(hand("upgrade"))
	}
	req.OnResponse(func(res *http.IncomingMessage) {
		change := l.add(message("response", res))
		l.do(func() { l.open++ })
		res.OnClose(over)
		res.OnError(func(err error) { change(func(seen *Message) { seen.Error = code(err) }) })
		follow(res, change, func() {})
	})
	req.OnError(func(err error) { l.do(func() { l.Error = code(err) }) })
	req.OnClose(over)
	return req.End()
}
