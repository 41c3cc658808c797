// Command forwardproxy is a proxy for browsers: it forwards plain requests to the server
// that they name, and opens a tunnel for CONNECT.
//
//	go run ./forwardproxy -port 3128
//	curl -x localhost:3128 http://example.org/
package main

import (
	"flag"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"nodehttp/generated/http"
)

func newServer() *http.Server {
	agent := http.NewAgent(http.AgentOptions{KeepAlive: true, RetryReused: true})
	server := http.CreateServer(func(req *http.IncomingMessage, res *http.ServerResponse) { forward(agent, req, res) })
	server.OnConnect(tunnel)
	server.OnClose(agent.Destroy)
	return server
}

func tunnel(req *http.IncomingMessage, client *http.Socket, head []byte) {
	server, err := net.DialTimeout("tcp", req.URL(), 10*time.Second)
	if err != nil {
		client.EndString("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
		return
	}
	client.WriteString("HTTP/1.1 200 Connection Established\r\n\r\n")
	server.Write(head)
	go func() {
		io.Copy(server, client)
		server.(*net.TCPConn).CloseWrite()
	}()
	go func() {
		defer server.Close()
		io.Copy(client, server)
		client.CloseWrite()
	}()
}

func forward(agent *http.Agent, req *http.IncomingMessage, res *http.ServerResponse) {
	target, err := url.Parse(req.URL())
	if err != nil || target.Scheme != "http" || target.Hostname() == "" {
		res.WriteHead(400)
		res.EndString("a proxy is asked for http://host/path\n")
		return
	}
	port := 80
	if p := target.Port(); p != "" {
		port, _ = strconv.Atoi(p)
	}
	out := http.RequestWith(http.RequestOptions{
		Agent: agent, Host: target.Hostname(), Port: port, Method: req.Method(), Path: target.RequestURI(),
		Headers: endToEnd(req.RawHeaders()), SetHost: new(false),
	})
	out.OnError(func(err error) {
		if !res.HeadersSent() {
			res.WriteHead(502)
			res.EndString(err.Error() + "\n")
			return
		}
		res.Destroy(err)
	})
	out.OnResponse(func(in *http.IncomingMessage) {
		res.SetSendDate(false)
		res.WriteHeadMessage(in.StatusCode(), in.StatusMessage(), endToEnd(in.RawHeaders()))
		if _, err := io.Copy(res, in); err != nil {
			res.Destroy(err)
			return
		}
		res.End()
	})
	go func() {
		if _, err := io.Copy(out, req); err != nil {
			out.Destroy(err)
			return
		}
		out.End()
	}()
}

// endToEnd returns fields without those that concern the connection they came over.
func endToEnd(fields http.Headers) (kept http.Headers) {
	for _, f := range fields {
		switch strings.ToLower(f[0]) {
		case "connection", "keep-alive", "proxy-authorization", "proxy-connection", "te", "transfer-encoding", "upgrade":
		default:
			kept = append(kept, f)
		}
	}
	return kept
}

func main() {
	port := flag.Int("port", 3128, "where to listen")
	flag.Parse()
	if err := newServer().Listen(*port); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	if http.Wait() != nil { // the log says why
		os.Exit(1)
	}
}
