//go:build soak

package soak

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	nethttp "net/http"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"nodehttp/generated/http"
	"nodehttp/tests/leak"
)

// A visit is one connection of a client, from its first byte to its last.
type visit func(c net.Conn, r *bufio.Reader) error

// visits are what clients do; each fails only if the server does.
var visits = map[string]visit{
	"kept alive": func(c net.Conn, r *bufio.Reader) error {
		for range 1 + rand.IntN(50) {
			if err := exchange(c, r, "GET /x HTTP/1.1\r\nHost: a\r\n\r\n", 0); err != nil {
				return err
			}
		}
		return nil
	},
	"pipelined": func(c net.Conn, r *bufio.Reader) error {
		n := 1 + rand.IntN(200)
		go io.WriteString(c, strings.Repeat("GET /x HTTP/1.1\r\nHost: a\r\n\r\n", n))
		for range n {
			if err := answer(r, 0); err != nil {
				return err
			}
		}
		return nil
	},
	"a large body": func(c net.Conn, r *bufio.Reader) error {
		n := rand.IntN(8 << 20)
		go func() {
			fmt.Fprintf(c, "POST /count HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n", n)
			io.CopyN(c, zeros{}, int64(n))
		}()
		return answer(r, n)
	},
	"chunks and trailers": func(c net.Conn, r *bufio.Reader) error {
		chunk := strings.Repeat("x", 1+rand.IntN(40_000))
		n := rand.IntN(50)
		go func() {
			io.WriteString(c, "POST /count HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
			for range n {
				fmt.Fprintf(c, "%x\r\n%s\r\n", len(chunk), chunk)
			}
			io.WriteString(c, "0\r\nA: b\r\n\r\n")
		}()
		return answer(r, n*len(chunk))
	},
	"a large answer": func(c net.Conn, r *bufio.Reader) error {
		return exchange(c, r, "GET /large HTTP/1.1\r\nHost: a\r\n\r\n", 4<<20)
	},
	"a body that is ignored": func(c net.Conn, r *bufio.Reader) error {
		n := rand.IntN(1 << 20)
		go func() {
			fmt.Fprintf(c, "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n", n)
			io.CopyN(c, zeros{}, int64(n))
		}()
		return answer(r, 0)
	},
	"upgrade": func(c net.Conn, r *bufio.Reader) error {
		io.WriteString(c, "GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n")
		if line, err := r.ReadString('\n'); err != nil || !strings.HasPrefix(line, "HTTP/1.1 101") {
			return fmt.Errorf("%q (%v)", line, err)
		}
		for line := ""; line != "\r\n"; {
			var err error
			if line, err = r.ReadString('\n'); err != nil {
				return err
			}
		}
		n := int64(rand.IntN(1 << 20))
		go io.CopyN(c, zeros{}, n)
		_, err := io.CopyN(io.Discard, r, n)
		return err
	},
	"not HTTP": func(c net.Conn, r *bufio.Reader) error {
		io.WriteString(c, "hello\r\n\r\n")
		line, err := r.ReadString('\n')
		if err == nil && line != "HTTP/1.1 400 Bad Request\r\n" {
			err = fmt.Errorf("%q", line)
		}
		return err
	},
	"a reset anywhere": func(c net.Conn, r *bufio.Reader) error {
		const all = "GET /large HTTP/1.1\r\nHost: a\r\n\r\nPOST /count HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n" +
			"GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n"
		io.WriteString(c, all[:rand.IntN(len(all)+1)])
		if rand.IntN(2) == 0 {
			c.SetReadDeadline(time.Now().Add(time.Duration(rand.IntN(int(5 * time.Millisecond)))))
			io.CopyN(io.Discard, r, rand.Int64N(1<<20))
		}
		c.(*net.TCPConn).SetLinger(0)
		return nil
	},
}

// zeros is an endless body.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func exchange(c net.Conn, r *bufio.Reader, request string, length int) error {
	if _, err := io.WriteString(c, request); err != nil {
		return err
	}
	return answer(r, length)
}

// answer reads an answer: to /large one of length bytes, to the others one that
// says length.
func answer(r *bufio.Reader, length int) error {
	res, err := nethttp.ReadResponse(r, nil)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.ContentLength == 4<<20 {
		n, err := io.Copy(io.Discard, res.Body)
		if int(n) != length {
			return fmt.Errorf("%d bytes (%v)", n, err)
		}
		return nil
	}
	b, err := io.ReadAll(res.Body)
	if err != nil || string(b) != strconv.Itoa(length) {
		return fmt.Errorf("%q (%v)", b, err)
	}
	return nil
}

// serve answers the visits.
func serve(t *testing.T) *http.Server {
	large := make([]byte, 4<<20)
	s := http.CreateServer(func(req *http.IncomingMessage, res *http.ServerResponse) {
		req.OnError(func(error) {})
		res.OnError(func(error) {})
		switch req.URL() {
		case "/large":
			go res.EndChunk(large)
		case "/count":
			if n, err := io.Copy(io.Discard, req); err == nil {
				res.EndString(strconv.FormatInt(n, 10))
			}
		default:
			if rand.IntN(4) == 0 {
				go res.EndString("0")
			} else {
				res.EndString("0")
			}
		}
	})
	s.OnConnection(func(c *http.Socket) { c.OnError(func(error) {}) })
	s.OnUpgrade(func(_ *http.IncomingMessage, c *http.Socket, head []byte) {
		c.OnError(func(error) {})
		c.WriteString("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n")
		go func() {
			c.Write(head)
			io.Copy(c, c)
			c.Destroy()
		}()
	})
	if err := s.ListenWith(http.ListenOptions{Host: "127.0.0.1"}); err != nil {
		t.Fatal(err)
	}
	if !s.Listening() {
		t.Fatal("the server does not listen")
	}
	return s
}

// After minutes at full load, with clients of every kind, descriptors,
// goroutines and the heap are where they began.
func TestServerUnderLoad(t *testing.T) {
	limit := soakTime(t)
	leak.Check(t)
	s := serve(t)
	load(t, s, time.Second) // fills the pools
	before := heap()
	n := load(t, s, limit)
	closed := make(chan struct{})
	s.Close(func(error) { close(closed) })
	s.CloseAllConnections()
	<-closed
	after := heap()
	t.Logf("%d visits in %v; heap %d KB before, %d KB after; %s", n, limit, before>>10, after>>10, resident())
	if after > before+4<<20 {
		t.Errorf("the heap has grown from %d to %d bytes", before, after)
	}
}

// resident says how much of the process is and was in memory, where the system
// tells.
func resident() string {
	status, _ := os.ReadFile("/proc/self/status")
	var found []string
	for line := range strings.Lines(string(status)) {
		if strings.HasPrefix(line, "VmRSS:") || strings.HasPrefix(line, "VmHWM:") {
			found = append(found, strings.Join(strings.Fields(line), " "))
		}
	}
	return strings.Join(found, ", ")
}

// load has clients visit s for a while, and returns how often they did.
func load(t *testing.T, s *http.Server, limit time.Duration) int64 {
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	var count atomic.Int64
	var all sync.WaitGroup
	for name, visit := range visits {
		for range 4 {
			all.Go(func() {
				for ctx.Err() == nil && !t.Failed() {
					c, err := net.Dial("tcp", s.Address().String())
					if err != nil {
						t.Error(err)
						return
					}
					c.SetDeadline(time.Now().Add(time.Minute))
					if err := visit(c, bufio.NewReader(c)); err != nil {
						t.Errorf("%s: %v", name, err)
					}
					c.Close()
					count.Add(1)
				}
			})
		}
	}
	all.Wait()
	return count.Load()
}

// heap returns what the heap holds when nothing is left to collect.
func heap() int64 {
	for range 3 {
		runtime.GC()
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
