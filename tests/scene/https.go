package scene

import (
	"context"
	"errors"
	"io"
	"net"
	"testing"

	"nodehttp/core"
	"nodehttp/generated/profile"
	"nodehttp/runtime"
	"nodehttp/tests/certs"
)

// SecureModule is what the package https of a version has, over the runtime's types.
type SecureModule struct {
	Server func(cert, key []byte, f func(*runtime.IncomingMessage, *runtime.ServerResponse)) (*runtime.Server, error)
	Agent  func(ca []byte) *runtime.Agent
	Get    func(host string, port int, a *runtime.Agent) *runtime.ClientRequest
}

// Secure has a server of a version's https answer its client, which must believe the server
// and must not believe another.
func Secure(t *testing.T, p *profile.Profile, m SecureModule) {
	authority := certs.NewAuthority(t)
	pair := authority.Sign("localhost", "127.0.0.1")
	s, err := m.Server(pair.Cert, pair.Key, func(req *runtime.IncomingMessage, res *runtime.ServerResponse) {
		if !req.Socket().Encrypted() {
			t.Error("the server's socket is not encrypted")
		}
		res.Outgoing().EndString("secret")
	})
	if err != nil {
		t.Fatal(err)
	}
	Serve(t, s)
	port := s.Address().(*net.TCPAddr).Port
	ctx, stop := context.WithTimeout(t.Context(), patience)
	defer stop()

	agent := m.Agent(authority.PEM)
	defer agent.Destroy()
	res, err := m.Get("127.0.0.1", port, agent).Await(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if body, err := io.ReadAll(res); string(body) != "secret" || err != nil {
		t.Errorf("got %q, %v", body, err)
	}

	stranger := m.Agent(certs.NewAuthority(t).PEM)
	defer stranger.Destroy()
	var e *core.Error
	if _, err = m.Get("127.0.0.1", port, stranger).Await(ctx); !errors.As(err, &e) || e.Code != "UNABLE_TO_VERIFY_LEAF_SIGNATURE" {
		t.Errorf("a server that nobody vouches for: %v", err)
	}
	plain := runtime.NewRequest(p, "https://localhost/", runtime.RequestOptions{})
	plain.Outgoing().End()
	if _, err = plain.Await(ctx); !errors.Is(err, core.ErrInvalidProtocol) {
		t.Errorf("http takes https: %v", err)
	}
}
