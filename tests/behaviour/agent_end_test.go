package behaviour_test

// When a connection returns to the agent: before a program that reads the response has
// seen its end, so that the next request goes on it.

import (
	"context"
	"io"
	nethttp "net/http"
	"strings"
	"sync/atomic"
	"testing"

	http "nodehttp/generated/http"
	adapter "nodehttp/generated/http/nethttp"
)

func TestConnectionIsFreeAtTheEndOfABody(t *testing.T) {
	bodies := map[string]func(*http.ServerResponse){
		"none":   func(res *http.ServerResponse) { res.WriteHead(204); res.End() },
		"empty":  func(res *http.ServerResponse) { res.End() },
		"short":  func(res *http.ServerResponse) { res.EndString("hello") },
		"chunks": func(res *http.ServerResponse) { res.WriteString("he"); res.WriteString("llo"); res.End() },
		"long":   func(res *http.ServerResponse) { res.EndString(strings.Repeat("hello", 20000)) },
	}
	ways := map[string]func(t *testing.T, agent *http.Agent, url string) error{
		"Await": func(t *testing.T, agent *http.Agent, url string) error {
			res, err := http.GetURLWith(url, http.RequestOptions{Agent: agent}).Await(t.Context())
			if err != nil {
				return err
			}
			_, err = io.Copy(io.Discard, res)
			return err
		},
		"Chunks": func(t *testing.T, agent *http.Agent, url string) error {
			res, err := http.GetURLWith(url, http.RequestOptions{Agent: agent}).Await(t.Context())
			if err != nil {
				return err
			}
			for _, err := range res.Chunks() {
				if err != nil {
					return err
				}
			}
			return nil
		},
		"Await beside a listener": func(t *testing.T, agent *http.Agent, url string) error {
			req := http.GetURLWith(url, http.RequestOptions{Agent: agent})
			req.OnResponse(func(*http.IncomingMessage) {})
			res, err := req.Await(t.Context())
			if err != nil {
				return err
			}
			_, err = io.Copy(io.Discard, res)
			return err
		},
		"RoundTripper": func(t *testing.T, agent *http.Agent, url string) error {
			res, err := (&nethttp.Client{Transport: adapter.NewTransport(agent)}).Get(url)
			if err != nil {
				return err
			}
			defer res.Body.Close()
			_, err = io.Copy(io.Discard, res.Body)
			return err
		},
	}
	for kind, answer := range bodies {
		for way, get := range ways {
			t.Run(kind+"/"+way, func(t *testing.T) {
				requests := 100
				if kind == "short" {
					requests = 1000
				}
				s := start(t, func(_ *http.IncomingMessage, res *http.ServerResponse) { answer(res) })
				var connections atomic.Int32
				s.OnConnection(func(*http.Socket) { connections.Add(1) })
				agent := http.NewAgent(http.AgentOptions{KeepAlive: true})
				defer agent.Destroy()
				for range requests {
					if err := get(t, agent, url(s, "/")); err != nil {
						t.Fatal(err)
					}
				}
				if n := connections.Load(); n != 1 {
					t.Errorf("%d connections for %d requests", n, requests)
				}
			})
		}
	}
}

// A listener may read its response and wait for another request: that does not
// get the connection whose listener it is waited for in.
func TestRequestWithinAListenerThatHasReadItsResponse(t *testing.T) {
	s := start(t, func(_ *http.IncomingMessage, res *http.ServerResponse) { res.EndString("hello") })
	agent := http.NewAgent(http.AgentOptions{KeepAlive: true})
	defer agent.Destroy()
	for range 100 {
		second := make(chan error, 1)
		http.GetURLWith(url(s, "/"), http.RequestOptions{Agent: agent}, func(res *http.IncomingMessage) {
			io.Copy(io.Discard, res)
			ctx, stop := context.WithTimeout(t.Context(), patience)
			defer stop()
			res, err := http.GetURLWith(url(s, "/"), http.RequestOptions{Agent: agent}).Await(ctx)
			if err == nil {
				_, err = io.Copy(io.Discard, res)
			}
			second <- err
		})
		if err := wait(t, second, "the second response"); err != nil {
			t.Fatal(err)
		}
	}
}
