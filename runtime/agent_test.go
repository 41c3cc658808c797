package runtime

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"nodehttp/core"
	"nodehttp/generated/profile"
	"nodehttp/runtime/socket"
)

// An agent forgets the origins that it has nothing of any more, in whichever
// way the last of it went.
func TestEmptyPoolsAreForgotten(t *testing.T) {
	hung := make(chan struct{})
	defer close(hung)
	a := NewAgent(profile.V19_0, AgentOptions{MaxTotalSockets: 2, CreateConnection: func(context.Context, socket.ConnectOptions) (net.Conn, error) {
		<-hung
		return nil, net.ErrClosed
	}})
	ctx, cancel := context.WithCancel(t.Context())
	closed := make(chan struct{}, 100)
	var all []*ClientRequest
	for port := range 100 {
		r := NewGet(profile.V19_0, "", RequestOptions{Agent: a, Port: port + 1, Signal: ctx})
		r.out.OnError(func(error) {})
		r.out.OnClose(func() { closed <- struct{}{} })
		all = append(all, r)
	}
	if n := len(a.pools); n != 100 {
		t.Fatalf("%d pools", n)
	}
	for _, r := range all[50:] {
		r.Destroy()
	}
	if n := len(a.Requests()); n != 48 {
		t.Errorf("%d origins have requests that wait", n)
	}
	cancel()
	for range all {
		select {
		case <-closed:
		case <-time.After(10 * time.Second):
			t.Fatal("a request does not end")
		}
	}
	// A request that is destroyed while a connection is made for it ends before that does.
	eventually(t, "no pool, nothing in line, no connection", func() bool {
		a.mu.Lock()
		defer a.mu.Unlock()
		return len(a.pools)+a.line.Len()+a.idle.Len()+a.total == 0
	})
}

// What arrives behind a response reaches no request that waits for the connection,
// though it has not been read when that request's turn comes.
func TestUnreadBytesBehindAResponse(t *testing.T) {
	const head, evil = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil"
	for _, late := range []bool{false, true} { // what nobody asked for comes later than the body
		t.Run(fmt.Sprint("late: ", late), func(t *testing.T) {
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			defer l.Close()
			more := make(chan struct{})
			defer close(more)
			var accepted atomic.Int32
			go func() {
				for {
					c, err := l.Accept()
					if err != nil {
						return
					}
					n := accepted.Add(1)
					go func() {
						defer c.Close()
						asked := bufio.NewReader(c)
						for line := ""; line != "\r\n"; {
							if line, err = asked.ReadString('\n'); err != nil {
								return
							}
						}
						io.WriteString(c, head)
						if n > 1 {
							io.WriteString(c, "good")
							io.Copy(io.Discard, asked)
							return
						}
						<-more
						if late {
							io.WriteString(c, "good")
							<-more
							io.WriteString(c, evil)
						} else {
							io.WriteString(c, "good"+evil)
						}
						io.Copy(io.Discard, asked)
					}()
				}
			}()
			a := NewAgent(profile.V19_0, AgentOptions{KeepAlive: true, MaxSockets: 1})
			defer a.Destroy()
			ask := func() *ClientRequest {
				return NewGet(profile.V19_0, "http://"+l.Addr().String()+"/", RequestOptions{Agent: a})
			}
			first := ask()
			second := make(chan *ClientRequest, 1)
			first.out.OnClose(func() {
				c := first.conn.Load()
				if late {
					more <- struct{}{}
				}
				arrived := func() bool {
					return c.sock.Wire().Disturbed() || c.sock.BytesRead() != c.accountedBytes.Load() || c.surplus.Load()
				}
				for deadline := time.Now().Add(10 * time.Second); !arrived(); { // it is on its way
					if time.Now().After(deadline) {
						t.Error("nothing has come behind the response")
						break
					}
				}
				second <- ask()
			})
			read := func(r *ClientRequest) {
				res, err := r.Await(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				if r == first {
					more <- struct{}{}
				}
				b := make([]byte, 4) // the body and no more
				if _, err := io.ReadFull(res, b); err != nil || string(b) != "good" {
					t.Fatalf("got %q, %v", b, err)
				}
				if _, err := res.Read(b); err != io.EOF {
					t.Error(err)
				}
			}
			read(first)
			read(<-second)
			if n := accepted.Load(); n != 2 {
				t.Errorf("%d connections", n)
			}
		})
	}
}

// The last request of a queue is given a connection that the agent knows.
func TestConnectionOfTheLastInAQueue(t *testing.T) {
	a := NewAgent(profile.V19_0, AgentOptions{MaxSockets: 1, CreateConnection: func(context.Context, socket.ConnectOptions) (net.Conn, error) {
		near, far := net.Pipe()
		t.Cleanup(func() { far.Close() })
		return near, nil
	}})
	var all []*ClientRequest
	for range 2 {
		r := NewRequest(profile.V19_0, "", RequestOptions{Agent: a})
		r.out.OnError(func(error) {})
		all = append(all, r)
	}
	all[0].Destroy()
	all[1].OnSocket(func(*socket.Socket) {
		if n := len(a.Sockets()); n != 1 {
			t.Errorf("the agent has sockets to %d origins", n)
		}
		a.Destroy()
	})
	closed := make(chan struct{})
	all[1].out.OnClose(func() { close(closed) })
	select {
	case <-closed:
	case <-time.After(10 * time.Second):
		t.Error("the agent did not destroy the connection")
	}
}

// A response whose exchange has ended does not end the connection, which may be
// another request's by now; one that has taken the socket for its user does.
func TestConnectionOfAResponse(t *testing.T) {
	a := NewAgent(profile.V19_0, AgentOptions{KeepAlive: true})
	r := &ClientRequest{rules: tablesOf(profile.V19_0), states: newRequestStates()}
	c := newClientConn(r, a, a.pool(origin{}))
	old, last := new(IncomingMessage), new(IncomingMessage)
	c.messageDestroyed(old, nil)
	if c.sock.Destroyed() {
		t.Fatal("destroyed between two exchanges")
	}
	c.req.Store(r)
	c.messageDestroyed(old, nil)
	if c.sock.Destroyed() {
		t.Fatal("destroyed under the next request")
	}
	c.req.Store(nil)
	c.last = last
	c.messageDestroyed(last, nil)
	if !c.sock.Destroyed() {
		t.Error("not destroyed by its user")
	}
}

// What the connection before still says of a request that has been moved does not
// count.
func TestMovedRequestIsNotFinished(t *testing.T) {
	r := &ClientRequest{rules: tablesOf(profile.V19_0), states: newRequestStates()}
	r.out.init(r, &r.own, profile.V19_0)
	r.out.flags |= outgoingMoved
	r.out.stepPhase(phaseEventEnd)
	r.out.flushed(nil)
	if r.out.WritableFinished() {
		t.Error("finished before it has a connection")
	}
}

// A request that was given a connection which could not serve it any more waits on
// before all the others.
func TestRequestThatLosesItsConnectionKeepsItsPlace(t *testing.T) {
	a := NewAgent(profile.V19_0, AgentOptions{MaxSockets: 1, CreateConnection: func(context.Context, socket.ConnectOptions) (net.Conn, error) {
		near, far := net.Pipe()
		t.Cleanup(func() { far.Close() })
		return near, nil
	}})
	defer a.Destroy()
	var all []*ClientRequest
	for range 4 {
		r := NewRequest(profile.V19_0, "", RequestOptions{Agent: a})
		r.out.OnError(func(error) {})
		all = append(all, r)
	}
	c := all[0].conn.Load()
	a.mu.Lock()
	second := a.next(c)
	a.mu.Unlock()
	c.mu.Lock()
	c.step(clientEventEnd)
	c.mu.Unlock()
	left := make(chan struct{})
	c.sock.OnClose(func(bool) { close(left) })
	expect := func(when string, want []*ClientRequest) {
		var waiting []*ClientRequest
		for _, list := range a.Requests() {
			waiting = append(waiting, list...)
		}
		if !slices.Equal(waiting, want) {
			t.Errorf("%s, %d wait, and %t: the second is the first of them", when, len(waiting), len(waiting) > 0 && waiting[0] == second)
		}
	}
	c.sock.Wire().Strand().Enter() // the connection still has its place
	a.pass(c, second)
	expect("before the connection has ended", all[1:])
	c.sock.Wire().Strand().Leave()
	<-left
	expect("then", all[2:])
}

// When the server closes a connection that rests, by its own account, is no matter
// once the connection is in use again.
func TestHintEndsWithTheRest(t *testing.T) {
	for value, rest := range map[string]time.Duration{
		"timeout=1": time.Second / 2, "TIMEOUT=1, max=7": time.Second / 2, "max=3, timeout=5": 4 * time.Second,
	} {
		a := NewAgent(profile.V19_0, AgentOptions{KeepAlive: true})
		r := &ClientRequest{rules: tablesOf(profile.V19_0), states: newRequestStates()}
		r.out.init(r, &r.own, profile.V19_0)
		c := newClientConn(r, a, a.pool(origin{}))
		head := []byte("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nKeep-Alive: " + value + "\r\n\r\n")
		c.parser.Next(head)
		res := &IncomingMessage{rules: r.rules}
		c.parser.TakeHead(head, &res.head)
		before := core.Now()
		if !a.keep(c, res) {
			t.Fatalf("%q: not kept", value)
		}
		after := core.Now()
		if c.usable(after+core.Instant(rest)) || !c.usable(before+core.Instant(rest)-1) {
			t.Errorf("%q: kept for %v, want %v", value, time.Duration(c.expires-before), rest)
		}
		if !c.assign(r, fresh) || !c.usable(after+core.Instant(time.Hour)) {
			t.Errorf("%q: it ends in use", value)
		}
		c.sock.Destroy()
	}
}
