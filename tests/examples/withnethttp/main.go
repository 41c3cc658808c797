// Command withnethttp has net/http's pieces work over our connections: its mux and its
// ReverseProxy answer our server's requests, and its client with a cookie jar asks
// over our agent.
//
//	go run ./withnethttp
package main

import (
	"fmt"
	"io"
	"net"
	nethttp "net/http"
	"net/http/cookiejar"
	"net/http/httputil"
	neturl "net/url"
	"os"

	"nodehttp/generated/http"
	adapter "nodehttp/generated/http/nethttp"
)

// listen has handler answer the requests of a server of ours.
func listen(handler nethttp.Handler) (server *http.Server, url *neturl.URL) {
	server = http.CreateServer()
	adapter.Mount(server, handler)
	listening := make(chan struct{})
	if err := server.Listen(0, func() { close(listening) }); err != nil {
		panic(err)
	}
	<-listening
	return server, &neturl.URL{Scheme: "http", Host: fmt.Sprintf("127.0.0.1:%d", server.Address().(*net.TCPAddr).Port)}
}

func shop() nethttp.Handler {
	mux := nethttp.NewServeMux()
	mux.HandleFunc("POST /basket/{thing}", func(w nethttp.ResponseWriter, r *nethttp.Request) {
		basket := r.PathValue("thing")
		if old, err := r.Cookie("basket"); err == nil {
			basket = old.Value + "+" + basket
		}
		nethttp.SetCookie(w, &nethttp.Cookie{Name: "basket", Value: basket, Path: "/"})
	})
	mux.HandleFunc("GET /basket", func(w nethttp.ResponseWriter, r *nethttp.Request) {
		c, err := r.Cookie("basket")
		if err != nil {
			nethttp.Error(w, "nothing yet", nethttp.StatusNotFound)
			return
		}
		io.WriteString(w, c.Value)
	})
	return mux
}

// run buys two things behind a proxy and returns what is in the basket.
func run() (string, error) {
	behind, inner := listen(shop())
	agent := http.NewAgent(http.AgentOptions{KeepAlive: true})
	front, outer := listen(&httputil.ReverseProxy{
		Rewrite:   func(r *httputil.ProxyRequest) { r.SetURL(inner) },
		Transport: adapter.NewTransport(agent),
	})
	defer func() {
		agent.Destroy()
		front.Close()
		behind.Close()
		http.Wait()
	}()

	jar, err := cookiejar.New(nil)
	if err != nil {
		return "", err
	}
	client := nethttp.Client{Jar: jar, Transport: adapter.NewTransport(agent)}
	for _, thing := range []string{"milk", "bread"} {
		res, err := client.Post(outer.JoinPath("basket", thing).String(), "", nil)
		if err != nil {
			return "", err
		}
		res.Body.Close()
	}
	res, err := client.Get(outer.JoinPath("basket").String())
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	basket, err := io.ReadAll(res.Body)
	return string(basket), err
}

func main() {
	basket, err := run()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println("in the basket:", basket)
}
