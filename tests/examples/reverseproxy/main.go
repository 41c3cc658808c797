// Command reverseproxy passes requests on to one server, and its answers back, as
// they are: header fields keep their case and order, 1xx responses come before
// the final one, trailers behind it, and a connection that switches protocols
// becomes a tunnel.
//
//	go run ./reverseproxy -port 8080 -to localhost:3000
package main

import (
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"strings"

	"nodehttp/generated/http"
)

type proxy struct {
	host  string
	port  int
	agent *http.Agent
}

// newServer returns a proxy for the server at address, host:port.
func newServer(address string) (*http.Server, error) {
	host, text, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	port, err := strconv.Atoi(text)
	if err != nil {
		return nil, err
	}
	p := &proxy{host, port, http.NewAgent(http.AgentOptions{KeepAlive: true, RetryReused: true})}
	server := http.CreateServer(p.forward)
	server.OnCheckContinue(p.forward) // the server decides whether it wants the body
	server.OnUpgrade(p.upgrade)
	server.OnClose(p.agent.Destroy)
	return server, nil
}

// request starts the request that asks the server what req asks the proxy.
func (p *proxy) request(req *http.IncomingMessage, headers http.Headers) *http.ClientRequest {
	return http.RequestWith(http.RequestOptions{
		Agent: p.agent, Host: p.host, Port: p.port, Method: req.Method(), Path: req.URL(),
		Headers: headers, SetHost: new(false),
	})
}

func (p *proxy) forward(req *http.IncomingMessage, res *http.ServerResponse) {
	out := p.request(req, endToEnd(req.RawHeaders()))
	out.OnInformation(func(info http.InformationEvent) {
		res.WriteInformation(info.StatusCode, endToEnd(info.RawHeaders)) // fails if the client has gone
	})
	out.OnError(func(err error) {
		if !res.HeadersSent() {
			res.WriteHead(502)
			res.EndString("the server does not answer: " + err.Error() + "\n")
			return
		}
		res.Destroy(err)
	})
	out.OnResponse(func(in *http.IncomingMessage) {
		res.SetSendDate(false)
		if err := res.WriteHeadMessage(in.StatusCode(), in.StatusMessage(), endToEnd(in.RawHeaders())); err != nil {
			res.Destroy(err)
			return
		}
		if _, err := io.Copy(res, in); err != nil {
			res.Destroy(err) // the client must not take a part for the whole
			return
		}
		res.AddTrailers(in.RawTrailers())
		res.End()
	})
	res.OnClose(func() {
		if !res.WritableFinished() {
			out.Destroy() // the client has gone
		}
	})
	go func() { // the answer may come before all of the request has
		if _, err := io.Copy(out, req); err != nil {
			out.Destroy(err)
			return
		}
		out.AddTrailers(req.RawTrailers())
		out.End()
	}()
}

func (p *proxy) upgrade(req *http.IncomingMessage, client *http.Socket, head []byte) {
	out := p.request(req, req.RawHeaders())
	out.OnUpgrade(func(in *http.IncomingMessage, server *http.Socket, rest []byte) {
		fmt.Fprintf(client, "HTTP/1.1 %d %s\r\n", in.StatusCode(), in.StatusMessage())
		writeFields(client, in.RawHeaders())
		client.Write(rest)
		server.Write(head)
		go pass(client, server)
		go pass(server, client)
	})
	out.OnResponse(func(in *http.IncomingMessage) { // it does not want to switch
		fmt.Fprintf(client, "HTTP/1.1 %d %s\r\nConnection: close\r\n", in.StatusCode(), in.StatusMessage())
		writeFields(client, endToEnd(in.RawHeaders()))
		io.Copy(client, in)
		client.End()
	})
	out.OnError(func(error) {
		client.EndString("HTTP/1.1 502 Bad Gateway\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
	})
	out.End()
}

func writeFields(w io.Writer, fields http.Headers) {
	for _, f := range fields {
		fmt.Fprintf(w, "%s: %s\r\n", f[0], f[1])
	}
	io.WriteString(w, "\r\n")
}

// pass copies one direction of a tunnel.
func pass(to, from *http.Socket) {
	if _, err := io.Copy(to, from); err != nil {
		to.Destroy()
		return
	}
	to.CloseWrite()
}

// hop are the fields that are for one connection only, and Content-Length's
// rival, which the other connection decides about itself.
var hop = []string{"connection", "keep-alive", "proxy-connection", "te", "transfer-encoding", "upgrade"}

// endToEnd returns fields without those that concern the connection they came over.
func endToEnd(fields http.Headers) http.Headers {
	kept := fields.Clone()
	for _, name := range hop {
		kept.Del(name)
	}
	for _, names := range fields.Values("connection") {
		for name := range strings.SplitSeq(names, ",") {
			kept.Del(strings.TrimSpace(name))
		}
	}
	return kept
}

func main() {
	port := flag.Int("port", 8080, "where to listen")
	to := flag.String("to", "localhost:3000", "the server")
	flag.Parse()
	server, err := newServer(*to)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	if err := server.Listen(*port); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	if http.Wait() != nil { // the log says why
		os.Exit(1)
	}
}
