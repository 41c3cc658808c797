package main

// Running a case: raw bytes over loopback, to a server or to a client that asked.

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// patience is how long a connection may take. All of them end by themselves, since
// the fuzzer ends its side.
const patience = 10 * time.Second

// A Case is what is sent, and which side receives it.
type Case struct {
	Input  string
	Cuts   []int  // where the input is split into writes
	Mode   mode   // of the end that reads it
	Method string // of the request that it answers; unless it is a request itself
}

// String returns the case as Go source, as far as its type can tell.
func (c Case) String() string {
	s := fmt.Sprintf("%q", c.Input)
	if len(c.Cuts) > 0 {
		s += fmt.Sprintf(" cut at %v", c.Cuts)
	}
	if c.Method != "" {
		s += " to " + c.Method
	}
	for _, m := range []struct {
		bit  mode
		name string
	}{{errorsHeard, "'clientError' heard"}, {upgradesHeard, "'upgrade' heard"}, {answersEarly, "answered early"}, {insecure, "insecure"}} {
		if c.Mode&m.bit != 0 {
			s += ", " + m.name
		}
	}
	return s
}

// send writes the input in its pieces and ends that side of the connection. A peer
// that has had enough may make it fail, which its sight tells.
func (c Case) send(conn *net.TCPConn) {
	start := 0
	for _, cut := range c.Cuts {
		if _, err := conn.Write([]byte(c.Input[start:cut])); err != nil {
			return
		}
		start = cut
	}
	conn.Write([]byte(c.Input[start:]))
	conn.CloseWrite()
}

// see waits for the sight with the key.
func see(p peer, key string) *Sight {
	patient := time.NewTimer(patience)
	defer patient.Stop()
	select {
	case s := <-p.box().await(key):
		return s
	case <-patient.C:
		p.box().forget(key)
		return &Sight{Key: key, Hung: true}
	}
}

// runRequest sends a case to a server.
func runRequest(p peer, c Case) (*Sight, error) {
	nc, err := net.DialTCP("tcp4", nil, &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: p.server(c.Mode)})
	if err != nil {
		return nil, err
	}
	defer nc.Close()
	nc.SetDeadline(time.Now().Add(patience))
	c.send(nc)
	answer, err := io.ReadAll(nc)
	s := see(p, fmt.Sprintf("%d/%d", p.server(c.Mode), nc.LocalAddr().(*net.TCPAddr).Port))
	s.Wire = wire(answer)
	if ne := net.Error(nil); errors.As(err, &ne) && ne.Timeout() {
		s.Hung = true
	}
	return s, nil
}

// wire takes apart what a server has answered. The responses of the servers here
// have no bodies.
func wire(answer []byte) (heads []string) {
	for head := range strings.SplitAfterSeq(string(answer), "\r\n\r\n") {
		if head == "" {
			continue
		}
		lines := strings.Split(strings.TrimSuffix(head, "\r\n\r\n"), "\r\n")
		lines = slices.DeleteFunc(lines, func(l string) bool { return strings.HasPrefix(l, "Date: ") })
		heads = append(heads, strings.Join(lines, "|"))
	}
	return heads
}

// An answerer is a server that answers each request with the input of the case
// that its target names.
type answerer struct {
	listener *net.TCPListener
	cases    sync.Map // by key
	last     atomic.Int64
	open     sync.WaitGroup
}

func newAnswerer() (*answerer, error) {
	l, err := net.ListenTCP("tcp4", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		return nil, err
	}
	a := &answerer{listener: l}
	a.open.Go(func() {
		for {
			conn, err := l.AcceptTCP()
			if err != nil {
				return
			}
			a.open.Go(func() { a.answer(conn) })
		}
	})
	return a, nil
}

// stop waits until every connection has ended.
func (a *answerer) stop() {
	a.listener.Close()
	a.open.Wait()
}

func (a *answerer) answer(conn *net.TCPConn) {
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(patience))
	var head []byte
	buf := make([]byte, 1024)
	for !bytes.Contains(head, []byte("\r\n\r\n")) {
		n, err := conn.Read(buf)
		head = append(head, buf[:n]...)
		if err != nil {
			return
		}
	}
	_, rest, _ := strings.Cut(string(head), " /")
	key, _, _ := strings.Cut(rest, " ")
	c, ok := a.cases.LoadAndDelete(key)
	if !ok {
		return
	}
	c.(Case).send(conn)
	io.Copy(io.Discard, conn)
}

// runResponse has a client make a request that the case answers.
func (a *answerer) runResponse(p peer, c Case) (*Sight, error) {
	key := strconv.FormatInt(a.last.Add(1), 10)
	a.cases.Store(key, c)
	defer a.cases.Delete(key)
	err := p.ask(question{
		Key: key, Port: a.listener.Addr().(*net.TCPAddr).Port, Method: c.Method,
		Upgrade: c.Mode&upgradesHeard != 0, Insecure: c.Mode&insecure != 0,
	})
	if err != nil {
		return nil, err
	}
	return see(p, key), nil
}
