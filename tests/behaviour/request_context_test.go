package behaviour_test

// A request and its context: what the program gives from the start bounds all of the
// exchange, and reaches the functions that connect.

import (
	"context"
	"errors"
	"io"
	"net"
	"strconv"
	"testing"
	"time"

	http "nodehttp/generated/http"
	v0_4 "nodehttp/generated/v0_4"
	"nodehttp/tests/leak"
)

type contextKey struct{}

// A context that ends destroys its request, whatever that is doing.
func TestRequestContext(t *testing.T) {
	leak.Check(t)
	mine := errors.New("mine")
	begun := make(chan struct{}, 1)
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		if req.URL() == "/body" {
			res.WriteString("a part")
			return
		}
		begun <- struct{}{}
	})
	_, text, _ := net.SplitHostPort(s.Address().String())
	port, _ := strconv.Atoi(text)
	for name, make := range map[string]func(ctx context.Context) *http.ClientRequest{
		"RequestContext": func(ctx context.Context) *http.ClientRequest {
			req := http.RequestContext(ctx, url(s, "/"))
			req.End()
			return req
		},
		"RequestContextWith": func(ctx context.Context) *http.ClientRequest {
			req := http.RequestContextWith(ctx, http.RequestOptions{Host: "127.0.0.1", Port: port, Method: "POST"})
			req.End()
			return req
		},
		"GetContext": func(ctx context.Context) *http.ClientRequest { return http.GetContext(ctx, url(s, "/")) },
		"GetContextWith": func(ctx context.Context) *http.ClientRequest {
			return http.GetContextWith(ctx, http.RequestOptions{Host: "127.0.0.1", Port: port, Signal: t.Context()})
		},
	} {
		ctx, cancel := context.WithCancelCause(context.WithValue(t.Context(), contextKey{}, name))
		req := make(ctx)
		if got := req.Context().Value(contextKey{}); got != name {
			t.Errorf("%s: the request's context has %v", name, got)
		}
		wait(t, begun, "the request")
		cancel(mine)
		if _, err := req.Await(t.Context()); !errors.Is(err, http.ErrAborted) || !errors.Is(err, mine) {
			t.Errorf("%s: %v", name, err)
		}
		<-req.Context().Done()
	}

	ctx, cancel := context.WithCancelCause(t.Context())
	res, err := http.GetContext(ctx, url(s, "/body")).Await(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(res, make([]byte, 6)); err != nil {
		t.Fatal(err)
	}
	cancel(mine)
	if _, err := res.Read(make([]byte, 1)); !errors.Is(err, mine) {
		t.Errorf("the body: %v", err)
	}

	old := v0_4.GetContextWith(ctx, v0_4.RequestOptions{Host: "127.0.0.1", Port: port})
	failed := make(chan error, 1)
	old.OnError(func(err error) { failed <- err })
	if err := wait(t, failed, "'error'"); !errors.Is(err, mine) {
		t.Errorf("v0.4, a context that is done: %v", err)
	}
}

// What connects for a request is told which one, and learns that it has been destroyed,
// with and without an agent.
func TestCreateConnectionEndsWithItsRequest(t *testing.T) {
	type attempt struct {
		ctx     context.Context
		options http.ConnectOptions
	}
	for _, pooled := range []bool{false, true} {
		leak.Check(t)
		attempts, ended := make(chan attempt, 1), make(chan error, 1)
		connect := func(ctx context.Context, o http.ConnectOptions) (net.Conn, error) {
			attempts <- attempt{ctx, o}
			<-ctx.Done()
			ended <- context.Cause(ctx)
			return nil, ctx.Err()
		}
		o := http.RequestOptions{
			Host: "some.host", Port: 81, Method: "PUT", Path: "/a?b", Headers: http.Headers{{"x-A", "1"}}, Timeout: time.Hour,
			LocalPort: 7, Family: 4,
		}
		if pooled {
			o.Agent = http.NewAgent(http.AgentOptions{CreateConnection: connect})
		} else {
			o.CreateConnection = connect
		}
		req := http.RequestContextWith(context.WithValue(t.Context(), contextKey{}, "value"), o)
		a := wait(t, attempts, "an attempt")
		if a.ctx.Value(contextKey{}) != "value" || a.ctx.Err() != nil {
			t.Errorf("the context has %v, %v", a.ctx.Value(contextKey{}), a.ctx.Err())
		}
		if g := a.options; g.Host != "some.host" || g.Port != 81 || g.Method != "PUT" || g.Path != "/a?b" || g.Timeout != time.Hour ||
			g.LocalPort != 7 || g.Family != 4 || len(g.Headers) < 2 || g.Headers[0] != [2]string{"x-A", "1"} || g.Headers[1] != [2]string{"Host", "some.host:81"} {
			t.Errorf("the options are %+v", g)
		}
		mine := errors.New("mine")
		req.Destroy(mine)
		wait(t, ended, "the end of the attempt")
		if _, err := req.Await(t.Context()); err != mine {
			t.Errorf("got %v", err)
		}
	}
}

// An IP address is not looked up.
func TestLookupOfAddresses(t *testing.T) {
	s := start(t, func(_ *http.IncomingMessage, res *http.ServerResponse) { res.EndString("x") })
	res, err := http.GetURLWith(url(s, "/"), alone(http.RequestOptions{Lookup: func(_ context.Context, host string) ([]string, error) {
		t.Errorf("%s is looked up", host)
		return nil, nil
	}})).Await(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	io.ReadAll(res)
}
