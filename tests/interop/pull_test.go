//go:build interop

package interop

// Exchanges with Node in which our side blocks, in Await and Read, and the
// other side goes away.

import (
	"context"
	"errors"
	"io"
	"strconv"
	"testing"

	"nodehttp/generated/http"
	"nodehttp/tests/leak"
)

func TestServerGoesAway(t *testing.T) {
	leak.Check(t)
	node, _ := nodeServer(t)
	ctx, cancel := context.WithTimeout(t.Context(), patience/4)
	defer cancel()
	url := "http://127.0.0.1:" + node.first + "/"
	for _, path := range []string{"cutlength", "cutchunked"} {
		t.Run(path, func(t *testing.T) {
			res, err := http.GetURLWith(url+path, http.RequestOptions{NoAgent: true}).Await(ctx)
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(res)
			if string(body) != "part" || !errors.Is(err, http.ErrConnReset) {
				t.Errorf("read %q, %v", body, err)
			}
			if res.Complete() {
				t.Error("the response is said to be complete")
			}
		})
	}
	t.Run("hangup", func(t *testing.T) {
		_, err := http.GetURLWith(url+"hangup", http.RequestOptions{NoAgent: true}).Await(ctx)
		if !errors.Is(err, http.ErrConnReset) {
			t.Errorf("Await returned %v", err)
		}
	})
}

func TestClientGoesAway(t *testing.T) {
	leak.Check(t)
	type outcome struct {
		body string
		err  error
	}
	read := make(chan outcome, 1)
	s := http.CreateServer(func(req *http.IncomingMessage, res *http.ServerResponse) { res.End() })
	s.OnCheckContinue(func(req *http.IncomingMessage, res *http.ServerResponse) {
		res.WriteContinue()
		body, err := io.ReadAll(req)
		read <- outcome{string(body), err}
	})
	if err := s.ListenWith(http.ListenOptions{Host: "127.0.0.1"}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeServer(t, s) })
	ctx, cancel := context.WithTimeout(t.Context(), patience/4)
	defer cancel()
	node := spawnNode(t, false, "client.js", strconv.Itoa(portOf(s)))
	node.tell(t, "vanish")
	node.log.take(ctx, t, "vanish", 1)
	select {
	case got := <-read:
		if got.body != "start" || !errors.Is(got.err, http.ErrConnReset) {
			t.Errorf("read %q, %v", got.body, got.err)
		}
	case <-ctx.Done():
		t.Error("the body is still being read")
	}
}
