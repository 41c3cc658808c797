package main

// Peers: raw connections at the other end of the subject, which a scenario
// directs and which record what the subject sends; and relays, which stand
// between a client and a server and record both.

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"sync"
)

// wait is something that a scenario waits for.
type wait struct {
	text string
	then func()
}

type peer struct {
	conn  *net.TCPConn
	label string
	gone  chan struct{} // closed when the other side is

	mu       sync.Mutex // guards what follows
	got      []byte
	seen     int // how much of got has been waited for
	waits    []wait
	how      string // "end" or "reset" once the other side is gone
	told     bool   // the scenario has asked, so that it is a part of the record
	onGone   []func(how string)
	stopped  bool
	changed  *sync.Cond
	finished bool
}

// enlist makes a connection a peer, which reads from now on.
func (s *stage) enlist(conn net.Conn) (id int, p *peer) {
	p = &peer{conn: conn.(*net.TCPConn), gone: make(chan struct{})}
	p.changed = sync.NewCond(&p.mu)
	s.mu.Lock()
	s.peers = append(s.peers, p)
	id = len(s.peers)
	p.label = strconv.Itoa(id)
	closed := s.closed
	s.mu.Unlock()
	if closed {
		p.leave()
	}
	return id, p
}

// dial connects to a port; then is called with the peer, which reads once it
// returns.
func (s *stage) dial(port int, then func(id int, p *peer)) {
	conn, err := net.Dial("tcp", "127.0.0.1:"+strconv.Itoa(port))
	if err != nil {
		s.add("dial: " + err.Error())
		s.end()
		return
	}
	id, p := s.enlist(conn)
	then(id, p)
	go p.read()
}

// listener accepts connections for a scenario's raw server or relay.
type listener struct {
	net.Listener
	over chan struct{}
}

func (s *stage) listen(accepted func(net.Conn)) (port int) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	ln := &listener{l, make(chan struct{})}
	s.mu.Lock()
	s.listeners = append(s.listeners, ln)
	s.mu.Unlock()
	go func() {
		defer close(ln.over)
		<-s.ready
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			accepted(c)
		}
	}()
	port = l.Addr().(*net.TCPAddr).Port
	s.port(port)
	return port
}

// answer listens; then is called with each connection.
func (s *stage) answer(then func(id int, p *peer)) (port int) {
	return s.listen(func(c net.Conn) {
		id, p := s.enlist(c)
		then(id, p)
		go p.read()
	})
}

// relay listens in front of a port.
func (s *stage) relay(to int) (port int) {
	return s.listen(func(c net.Conn) {
		d, err := net.Dial("tcp", "127.0.0.1:"+strconv.Itoa(to))
		if err != nil {
			c.(*net.TCPConn).SetLinger(0)
			c.Close()
			return
		}
		_, client := s.enlist(c)
		_, server := s.enlist(d)
		client.label, server.label = client.label+" >", client.label+" <"
		go client.forward(server)
		go server.forward(client)
	})
}

// read takes what comes and calls what waits for it.
func (p *peer) read() { p.pump(func([]byte) {}, func(string) {}) }

// forward hands what comes to another peer.
func (p *peer) forward(to *peer) {
	p.pump(func(b []byte) { to.conn.Write(b) }, func(how string) {
		if how == "reset" {
			to.reset()
		} else {
			to.conn.CloseWrite()
		}
	})
}

func (p *peer) pump(take func([]byte), end func(how string)) {
	buf := make([]byte, 64<<10)
	for {
		p.mu.Lock()
		for p.stopped && !p.finished {
			p.changed.Wait()
		}
		p.mu.Unlock()
		n, err := p.conn.Read(buf)
		take(buf[:n])
		p.mu.Lock()
		p.got = append(p.got, buf[:n]...)
		p.mu.Unlock()
		p.match()
		if err == nil {
			continue
		}
		how := "reset"
		if err == io.EOF {
			how = "end"
		}
		end(how)
		p.mu.Lock()
		p.how = how
		told := p.onGone
		p.mu.Unlock()
		for _, f := range told {
			f(how)
		}
		close(p.gone)
		return
	}
}

// match calls those whose text has come, in order.
func (p *peer) match() {
	for {
		p.mu.Lock()
		if len(p.waits) == 0 {
			p.mu.Unlock()
			return
		}
		w := p.waits[0]
		i := bytes.Index(p.got[p.seen:], bytesOf(w.text))
		if i < 0 {
			p.mu.Unlock()
			return
		}
		p.seen += i + len(bytesOf(w.text))
		p.waits = p.waits[1:]
		p.mu.Unlock()
		w.then()
	}
}

func (p *peer) write(text string) { p.conn.Write(bytesOf(text)) }
func (p *peer) end()              { p.conn.CloseWrite() }

func (p *peer) reset() {
	p.conn.SetLinger(0)
	p.destroy()
}

func (p *peer) destroy() {
	p.conn.Close()
	p.giveUp()
}

// stop and resume reading.
func (p *peer) stop(stopped bool) {
	p.mu.Lock()
	p.stopped = stopped
	p.mu.Unlock()
	p.changed.Broadcast()
}

func (p *peer) giveUp() {
	p.mu.Lock()
	p.finished = true
	p.mu.Unlock()
	p.changed.Broadcast()
}

// until has then called when text has come behind what was waited for before.
func (p *peer) until(text string, then func()) {
	p.mu.Lock()
	p.waits = append(p.waits, wait{text, then})
	p.mu.Unlock()
	p.match()
}

// closed has then called when the other side is gone.
func (p *peer) closed(then func(how string)) {
	p.mu.Lock()
	p.told = true
	how := p.how
	if how == "" {
		p.onGone = append(p.onGone, then)
	}
	p.mu.Unlock()
	if how != "" {
		then(how)
	}
}

// leave ends a peer politely, and by force if the other side stays.
func (p *peer) leave() {
	p.stop(false)
	p.conn.CloseWrite()
	go func() {
		pause(politeness, p.gone)
		p.destroy()
	}()
}

// leave has all peers leave, and returns when they have.
func (s *stage) leave() {
	s.mu.Lock()
	s.closed = true
	peers, listeners := s.peers, s.listeners
	s.mu.Unlock()
	for _, l := range listeners {
		l.Close()
		<-l.over
	}
	for _, p := range peers {
		p.leave()
	}
	for _, p := range peers {
		pause(grace, p.gone)
	}
}

// wire returns what came, a line for each line of it.
func (p *peer) wire(mask func(string) string) []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var lines []string
	prefix := p.label + " "
	body := latin1(p.got)
	for body != "" {
		line, rest, found := strings.Cut(body, "\r\n")
		if found {
			line += "\r\n"
		}
		lines, body = append(lines, prefix+quote(mask(line))), rest
	}
	if p.told && p.how != "" {
		lines = append(lines, fmt.Sprintf("%s(%s)", prefix, p.how))
	}
	return lines
}
