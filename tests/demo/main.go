// Command demo serves and calls over real sockets with the generated package
// alone, and prints every event as it fires: a GET, an 8 MiB body streamed
// both ways, two requests on one kept socket, a tunnel and an upgrade. It ends
// by itself, with status 1 if anything is not as it should be.
//
// Each conversation has a file-local function; a conversation is over when the
// channel that it returns is closed.
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"net"
	"os"
	"sync"

	"nodehttp/generated/http"
)

const bodySize = 8 << 20

func main() {
	server, err := serve()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	port := server.Address().(*net.TCPAddr).Port
	agent := http.NewAgent(http.AgentOptions{KeepAlive: true, MaxSockets: 1})
	to := func(method, path string, headers ...[2]string) http.RequestOptions {
		return http.RequestOptions{
			Host: "127.0.0.1", Port: port, Method: method, Path: path, Headers: headers, Agent: agent,
		}
	}
	<-get(to("GET", "/hello"))
	<-stream(to("POST", "/echo"))
	<-kept(to("GET", "/first"), to("GET", "/second"))
	<-tunnel(to("CONNECT", "example.org:443"))
	<-upgrade(to("GET", "/chat", [2]string{"Connection", "Upgrade"}, [2]string{"Upgrade", "echo"}))
	agent.Destroy()
	server.Close(func(err error) { say("server", "closed", err) })
	if http.Wait() != nil || failed {
		os.Exit(1)
	}
	fmt.Println("all conversations ended as they should")
}

// serve starts a server that greets, echoes, tunnels into itself and upgrades
// to an echo protocol.
func serve() (*http.Server, error) {
	server := http.CreateServer()
	server.OnListening(func() { say("server", "'listening'") })
	server.OnConnection(func(socket *http.Socket) { say("server", "'connection'") })
	server.OnClose(func() { say("server", "'close'") })
	server.OnRequest(func(req *http.IncomingMessage, res *http.ServerResponse) {
		say("server", "'request'", req.Method(), req.URL())
		res.OnFinish(func() { say("server", "response 'finish'", req.URL()) })
		if req.Method() == "POST" {
			echo(req, res)
			return
		}
		res.SetHeader("Content-Type", "text/plain")
		res.EndString("hello from " + req.URL())
	})
	server.OnConnect(func(req *http.IncomingMessage, socket *http.Socket, head []byte) {
		say("server", "'connect'", req.URL())
		socket.WriteString("HTTP/1.1 200 Connection Established\r\n\r\n")
		returnAll(socket, head)
	})
	server.OnUpgrade(func(req *http.IncomingMessage, socket *http.Socket, head []byte) {
		say("server", "'upgrade'", req.Header("upgrade"))
		socket.WriteString("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n")
		returnAll(socket, head)
	})
	return server, server.ListenWith(http.ListenOptions{Host: "127.0.0.1"})
}

// echo sends a request's body back as it arrives, at the pace at which the
// client takes it.
func echo(req *http.IncomingMessage, res *http.ServerResponse) {
	res.OnDrain(req.Resume)
	req.OnData(func(chunk []byte) {
		if !res.WriteChunk(chunk) {
			req.Pause()
		}
	})
	req.OnEnd(func() {
		say("server", "request 'end'")
		res.End()
	})
}

// returnAll sends back what arrives on a socket that is no longer HTTP.
func returnAll(socket *http.Socket, head []byte) {
	socket.WriteChunk(head)
	socket.OnData(func(chunk []byte) { socket.WriteChunk(chunk) })
	socket.OnEnd(func() { socket.End() })
}

// get asks once.
func get(o http.RequestOptions) <-chan struct{} {
	done := make(chan struct{})
	req := http.GetWith(o)
	watch("get", req)
	req.OnResponse(func(res *http.IncomingMessage) {
		var body []byte
		res.OnData(func(chunk []byte) { body = append(body, chunk...) })
		res.OnEnd(func() {
			say("get", "response 'end'", string(body))
			check("get", string(body) == "hello from /hello")
		})
		res.OnClose(func() { close(done) })
	})
	return done
}

// stream sends a body in chunks while it receives it back.
func stream(o http.RequestOptions) <-chan struct{} {
	done := make(chan struct{})
	sent, received := sha256.New(), sha256.New()
	req := http.RequestWith(o)
	watch("post", req)
	req.OnResponse(func(res *http.IncomingMessage) {
		total, chunks := 0, 0
		res.OnData(func(chunk []byte) {
			received.Write(chunk)
			total += len(chunk)
			chunks++
		})
		res.OnEnd(func() {
			say("post", "response 'end'", total, "bytes in", chunks, "chunks, sha256", sum(received))
			check("post", total == bodySize && sum(sent) == sum(received))
		})
		res.OnClose(func() { close(done) })
	})
	send(req, sent)
	return done
}

// send writes a body of bodySize bytes without waiting: when the socket is
// full it goes on at 'drain'.
func send(req *http.ClientRequest, h hash.Hash) {
	chunk := bytes.Repeat([]byte("0123456789abcdef"), 1<<12)
	var mu sync.Mutex // the first call is not made by a listener
	left, drains := bodySize, 0
	more := func() {
		mu.Lock()
		defer mu.Unlock()
		for left > 0 {
			n := min(left, len(chunk))
			h.Write(chunk[:n])
			left -= n
			if left == 0 {
				say("post", "request ended after", drains, "'drain' events")
				req.EndChunk(chunk[:n])
			} else if !req.WriteChunk(chunk[:n]) {
				return
			}
		}
	}
	req.OnDrain(func() {
		mu.Lock()
		drains++
		mu.Unlock()
		more()
	})
	more()
}

// kept asks twice, the second time on the socket of the first.
func kept(first, second http.RequestOptions) <-chan struct{} {
	done := make(chan struct{})
	var port int
	ask("kept 1", first, func(req *http.ClientRequest, res *http.IncomingMessage) {
		port = req.Socket().LocalPort()
		ask("kept 2", second, func(req *http.ClientRequest, res *http.IncomingMessage) {
			say("kept 2", "socket reused:", req.ReusedSocket())
			check("kept", req.Socket().LocalPort() == port && req.ReusedSocket())
			close(done)
		})
	})
	return done
}

// ask asks and calls then when the exchange is over.
func ask(name string, o http.RequestOptions, then func(*http.ClientRequest, *http.IncomingMessage)) {
	req := http.GetWith(o)
	watch(name, req)
	req.OnResponse(func(res *http.IncomingMessage) {
		res.Resume()
		res.OnClose(func() { then(req, res) })
	})
}

// tunnel speaks through CONNECT.
func tunnel(o http.RequestOptions) <-chan struct{} {
	done := make(chan struct{})
	req := http.RequestWith(o)
	watch("connect", req)
	req.OnConnect(func(res *http.IncomingMessage, socket *http.Socket, head []byte) {
		say("connect", "'connect'", res.StatusCode())
		converse("connect", socket, head, done)
	})
	req.End()
	return done
}

// upgrade speaks another protocol.
func upgrade(o http.RequestOptions) <-chan struct{} {
	done := make(chan struct{})
	req := http.GetWith(o)
	watch("upgrade", req)
	req.OnUpgrade(func(res *http.IncomingMessage, socket *http.Socket, head []byte) {
		say("upgrade", "'upgrade'", res.StatusCode(), res.Header("upgrade"))
		converse("upgrade", socket, head, done)
	})
	return done
}

// converse sends one line, prints what comes back and ends the connection.
func converse(name string, socket *http.Socket, head []byte, done chan<- struct{}) {
	const word = "is anybody there?"
	heard := append([]byte(nil), head...)
	socket.OnData(func(chunk []byte) {
		heard = append(heard, chunk...)
		if len(heard) == len(word) {
			say(name, "socket 'data'", string(heard))
			socket.End()
		}
	})
	socket.OnEnd(func() { say(name, "socket 'end'") })
	socket.OnClose(func(hadError bool) {
		say(name, "socket 'close'")
		check(name, string(heard) == word && !hadError)
		close(done)
	})
	socket.WriteString(word)
}

// watch prints the events of a request.
func watch(name string, req *http.ClientRequest) {
	req.OnSocket(func(*http.Socket) { say(name, "'socket'") })
	req.OnFinish(func() { say(name, "'finish'") })
	req.OnResponse(func(res *http.IncomingMessage) {
		say(name, "'response'", res.StatusCode(), res.StatusMessage())
	})
	req.OnClose(func() { say(name, "'close'") })
	req.OnError(func(err error) {
		say(name, "'error'", err)
		os.Exit(1)
	})
}

var (
	output sync.Mutex // guards standard output and failed
	failed bool
)

// say prints a line.
func say(who string, what ...any) {
	output.Lock()
	defer output.Unlock()
	fmt.Printf("%-8s ", who)
	fmt.Println(what...)
}

// check notes what is not as it should be.
func check(who string, ok bool) {
	if !ok {
		say(who, "FAILED")
		output.Lock()
		failed = true
		output.Unlock()
	}
}

func sum(h hash.Hash) string { return hex.EncodeToString(h.Sum(nil)[:8]) }
