//go:build soak

package soak

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"nodehttp/generated/http"
	"nodehttp/tests/leak"
)

// closing is a server that closes each connection when it has rested for a
// random time of up to most after an answer.
func closing(t *testing.T, most time.Duration) (url string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				for r := bufio.NewReader(c); ; {
					for line := ""; line != "\r\n"; {
						if line, err = r.ReadString('\n'); err != nil {
							return
						}
					}
					c.SetDeadline(time.Time{})
					io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
					c.SetReadDeadline(time.Now().Add(time.Duration(rand.Int64N(int64(most)))))
				}
			}()
		}
	}()
	return "http://" + l.Addr().String()
}

// Of 10 000 requests none fails with RetryReused, though the server closes
// connections just when they are used again.
func TestServerThatClosesAtRandom(t *testing.T) {
	leak.Check(t)
	const workers, each, rest = 8, 1250, 2 * time.Millisecond
	var connections, resent atomic.Int32
	var reused sync.Map // the requests that have taken a kept connection
	agent := http.NewAgent(http.AgentOptions{KeepAlive: true, RetryReused: true, ReuseSocket: func(_ *http.Socket, req *http.ClientRequest) {
		connections.Add(1)
		reused.Store(req, true)
	}})
	defer agent.Destroy()
	u := closing(t, rest)
	var all sync.WaitGroup
	for range workers {
		all.Go(func() {
			for range each {
				req := http.GetURLWith(u, http.RequestOptions{Agent: agent})
				res, err := req.Await(context.Background())
				if err != nil {
					t.Error(err)
					continue
				}
				if b, err := io.ReadAll(res); string(b) != "ok" || err != nil {
					t.Errorf("%q, %v", b, err)
				}
				if _, was := reused.LoadAndDelete(req); was && !req.ReusedSocket() {
					resent.Add(1)
				}
				time.Sleep(time.Duration(rand.Int64N(int64(rest))))
			}
		})
	}
	all.Wait()
	t.Logf("%d of %d requests took a kept connection, %d of these were sent again", connections.Load(), workers*each, resent.Load())
	if resent.Load() == 0 {
		t.Error("no connection was closed when it was used again")
	}
}

// The cost of a request that waits does not depend on how many do, whether it
// is served or destroyed.
func TestLongQueues(t *testing.T) {
	const sockets = 8
	var served, destroyed []time.Duration
	for _, n := range []int{1_000, 10_000, 100_000} {
		t.Run(strconv.Itoa(n), func(t *testing.T) {
			leak.Check(t)
			release := make(chan struct{})
			var arrived, late atomic.Int64
			var latest sync.Map // request of each connection, by its port
			s := http.CreateServer(func(req *http.IncomingMessage, res *http.ServerResponse) {
				i, _ := strconv.Atoi(req.URL()[1:])
				if before, ok := latest.Swap(req.Socket().RemotePort(), i); ok && before.(int) > i {
					late.Add(1)
				}
				arrived.Add(1)
				go func() { <-release; res.End() }()
			})
			if err := s.ListenWith(http.ListenOptions{Host: "127.0.0.1"}); err != nil {
				t.Fatal(err)
			}
			defer s.CloseAllConnections()
			defer s.Close()
			agent := http.NewAgent(http.AgentOptions{KeepAlive: true, MaxSockets: sockets})
			defer agent.Destroy()
			var all sync.WaitGroup
			get := func(i int) *http.ClientRequest {
				all.Add(1)
				req := http.GetURLWith(fmt.Sprint("http://", s.Address(), "/", i), http.RequestOptions{Agent: agent})
				req.OnResponse(func(res *http.IncomingMessage) { res.Resume() })
				req.OnError(func(error) {})
				req.OnClose(all.Done)
				return req
			}
			requests := make([]*http.ClientRequest, 2*n)
			for i := range requests {
				requests[i] = get(i)
			}
			begin := time.Now()
			for i := len(requests) - 1; i >= n; i-- {
				requests[i].Destroy()
			}
			destroyed = append(destroyed, time.Since(begin)/time.Duration(n))
			begin = time.Now()
			close(release)
			all.Wait()
			served = append(served, time.Since(begin)/time.Duration(n))
			if late.Load() > 0 || arrived.Load() != int64(n) {
				t.Errorf("%d requests arrived, %d of them late", arrived.Load(), late.Load())
			}
		})
	}
	t.Logf("served: %v each, destroyed: %v each", served, destroyed)
	for name, times := range map[string][]time.Duration{"served": served, "destroyed": destroyed} {
		// What grows with the queue would grow a hundredfold; caches and the
		// collector make it a few times.
		if len(times) == 3 && times[2] > 20*max(times[0], time.Microsecond) {
			t.Errorf("%s: %v for one of 100 000, %v for one of 1 000", name, times[2], times[0])
		}
	}
}
