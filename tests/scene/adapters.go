package scene

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"nodehttp/generated/profile"
	"nodehttp/runtime"
)

// Adapted are the adapters of a version to net/http, over the runtime's types.
type Adapted struct {
	Mount     func(*runtime.Server, http.Handler)
	Handler   func(*runtime.Server) http.Handler
	Transport func(*runtime.Agent) http.RoundTripper
	Serve     func(http.Handler, *runtime.IncomingMessage, *runtime.ServerResponse)
}

// Adapters has each adapter of a version carry exchanges: a mounted handler, one that
// is called for a single request, a server under net/http, and both clients.
func Adapters(t *testing.T, p *profile.Profile, a Adapted) {
	echo := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		w.Header().Set("X-Method", r.Method)
		w.WriteHeader(http.StatusAccepted)
		fmt.Fprint(w, r.URL.Path, " ", string(body), err)
	})
	agent := runtime.NewAgent(p, runtime.AgentOptions{KeepAlive: true})
	t.Cleanup(agent.Destroy)
	mounted := runtime.NewServer(p, runtime.ServerOptions{})
	a.Mount(mounted, echo)
	Serve(t, mounted)
	single := runtime.NewServer(p, runtime.ServerOptions{}, func(req *runtime.IncomingMessage, res *runtime.ServerResponse) { a.Serve(echo, req, res) })
	Serve(t, single)
	under := httptest.NewServer(a.Handler(single))
	t.Cleanup(under.Close)
	for name, address := range map[string]string{
		"mount": "http://" + mounted.Address().String(), "serve": "http://" + single.Address().String(), "handler": under.URL,
	} {
		for peer, transport := range map[string]http.RoundTripper{"transport": a.Transport(agent), "net/http": &http.Transport{DisableKeepAlives: true}} {
			t.Run(name+" and "+peer, func(t *testing.T) {
				for range 2 { // the second may use the connection of the first
					post(t, transport, address)
				}
			})
		}
	}
}

// post sends something to the echo at address.
func post(t *testing.T, transport http.RoundTripper, address string) {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), patience)
	defer stop()
	req, err := http.NewRequestWithContext(ctx, "POST", address+"/you", strings.NewReader("hello"))
	if err != nil {
		t.Fatal(err)
	}
	res, err := transport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if want := "/you hello<nil>"; err != nil || string(body) != want || res.StatusCode != http.StatusAccepted || res.Header.Get("X-Method") != "POST" {
		t.Errorf("%d, %s, %q, %v; want %q", res.StatusCode, res.Header.Get("X-Method"), body, err, want)
	}
}
