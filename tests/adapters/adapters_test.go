// Package adapters runs other people's programs over the adapters to net/http: WebSocket
// libraries, which hijack connections, and the standard library's reverse proxy. Below https it
// puts another TLS stack, github.com/refraction-networking/utls. It is a
// module of its own so that programs that import the library do not get them.
//
//   - github.com/gorilla/websocket hijacks by http.Hijacker before it has sent
//     anything, and its client dials by itself.
//   - github.com/coder/websocket sends the 101 response with WriteHeader first and
//     hijacks then, and its client goes through an http.Client.
package adapters

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"maps"
	"net"
	nethttp "net/http"
	"net/http/httptest"
	"net/http/httputil"
	neturl "net/url"
	"slices"
	"strings"
	"testing"
	"time"

	coder "github.com/coder/websocket"
	gorilla "github.com/gorilla/websocket"

	http "nodehttp/generated/http"
	adapt "nodehttp/generated/http/nethttp"
	"nodehttp/generated/profile"
	"nodehttp/runtime"
	adapter "nodehttp/runtime/nethttp"
	"nodehttp/runtime/socket"
	"nodehttp/tests/leak"
)

// patience bounds every wait for something that must happen.
const patience = 20 * time.Second

// A stack has a handler answer at an address, until the test ends.
type stack func(t *testing.T, h nethttp.Handler) (address string)

// stacks are ours, in each version and in all directions. That the adapters of a
// version's package are those of its profile is for the package's own test.
var stacks = func() map[string]stack {
	all := maps.Clone(directions)
	for _, p := range profile.All() {
		all[p.Version] = func(t *testing.T, h nethttp.Handler) string {
			s := runtime.NewServer(p, runtime.ServerOptions{})
			adapter.Mount(p, s, h)
			if err := s.ListenWith(socket.ListenOptions{Host: "127.0.0.1"}); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { s.Close() })
			return s.Address().String()
		}
		all[p.Version+" below net/http"] = func(t *testing.T, h nethttp.Handler) string {
			s := runtime.NewServer(p, runtime.ServerOptions{})
			adapter.Mount(p, s, h)
			return standard(t, adapter.NewHandler(s))
		}
	}
	return all
}()

var directions = map[string]stack{
	"below net/http": func(t *testing.T, h nethttp.Handler) string {
		s := http.CreateServer()
		adapt.Mount(s, h)
		return standard(t, adapt.NewHandler(s))
	},
	"behind a proxy of net/http": func(t *testing.T, h nethttp.Handler) string {
		return standard(t, proxy(t, newest(t, h)))
	},
	"a proxy before net/http": func(t *testing.T, h nethttp.Handler) string {
		return newest(t, proxy(t, standard(t, h)))
	},
	"a proxy before ours": func(t *testing.T, h nethttp.Handler) string {
		return newest(t, proxy(t, newest(t, h)))
	},
}

func newest(t *testing.T, h nethttp.Handler) string {
	s := http.CreateServer()
	adapt.Mount(s, h)
	if err := s.ListenWith(http.ListenOptions{Host: "127.0.0.1"}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s.Address().String()
}

// standard is a server of net/http.
func standard(t *testing.T, h nethttp.Handler) string {
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.Listener.Addr().String()
}

// proxy is the standard library's reverse proxy, with our transport.
func proxy(t *testing.T, address string) nethttp.Handler {
	agent := http.NewAgent(http.AgentOptions{KeepAlive: true})
	t.Cleanup(agent.Destroy)
	p := httputil.NewSingleHostReverseProxy(&neturl.URL{Scheme: "http", Host: address})
	p.Transport = adapt.NewTransport(agent)
	p.FlushInterval = -1
	p.ErrorLog = log.New(io.Discard, "", 0)
	return nethttp.HandlerFunc(func(w nethttp.ResponseWriter, r *nethttp.Request) {
		nethttp.NewResponseController(w).EnableFullDuplex()
		p.ServeHTTP(w, r)
	})
}

// client is an http.Client over an agent of its own.
func client(t *testing.T) *nethttp.Client {
	agent := http.NewAgent(http.AgentOptions{KeepAlive: true})
	t.Cleanup(agent.Destroy)
	return &nethttp.Client{Transport: adapt.NewTransport(agent)}
}

// each runs a test with each stack.
func each(t *testing.T, h nethttp.Handler, run func(t *testing.T, address string)) {
	for name, serve := range stacks {
		t.Run(name, func(t *testing.T) {
			leak.Check(t)
			run(t, serve(t, h))
		})
	}
}

// upgrader echoes messages with gorilla's library.
func upgrader(w nethttp.ResponseWriter, r *nethttp.Request) {
	c, err := (&gorilla.Upgrader{}).Upgrade(w, r, nethttp.Header{"X-Mine": {"1"}})
	if err != nil {
		return // it has answered
	}
	defer c.Close()
	for {
		kind, message, err := c.ReadMessage()
		if err != nil || c.WriteMessage(kind, message) != nil {
			return
		}
	}
}

// accepter echoes messages with coder's library.
func accepter(w nethttp.ResponseWriter, r *nethttp.Request) {
	c, err := coder.Accept(w, r, &coder.AcceptOptions{InsecureSkipVerify: true})
	if err != nil {
		return // it has answered
	}
	defer c.CloseNow()
	c.SetReadLimit(-1)
	for {
		kind, message, err := c.Read(context.Background())
		if err != nil || c.Write(context.Background(), kind, message) != nil {
			return
		}
	}
}

// messages are of the lengths at which frames differ.
var messages = [][]byte{nil, []byte("hello"), bytes.Repeat([]byte("x"), 126), bytes.Repeat([]byte("y"), 1<<16), bytes.Repeat([]byte("z"), 1<<20)}

// WebSockets work whoever speaks them at either end.
func TestWebSockets(t *testing.T) {
	for name, h := range map[string]nethttp.HandlerFunc{"gorilla": upgrader, "coder": accepter} {
		t.Run(name, func(t *testing.T) {
			each(t, h, func(t *testing.T, address string) {
				t.Run("gorilla", func(t *testing.T) {
					dialer := gorilla.Dialer{HandshakeTimeout: patience}
					c, res, err := dialer.Dial("ws://"+address+"/chat?a=b", nil)
					if err != nil {
						t.Fatal(err)
					}
					defer c.Close()
					if name == "gorilla" && res.Header.Get("X-Mine") != "1" {
						t.Error(res.Header)
					}
					c.SetReadDeadline(time.Now().Add(patience))
					for _, m := range messages {
						if err := c.WriteMessage(gorilla.BinaryMessage, m); err != nil {
							t.Fatal(err)
						}
						if _, got, err := c.ReadMessage(); err != nil || !bytes.Equal(got, m) {
							t.Fatalf("%d bytes came back as %d: %v", len(m), len(got), err)
						}
					}
					c.WriteMessage(gorilla.CloseMessage, gorilla.FormatCloseMessage(gorilla.CloseNormalClosure, ""))
					if _, _, err := c.ReadMessage(); !gorilla.IsCloseError(err, gorilla.CloseNormalClosure) {
						t.Error(err)
					}
				})
				t.Run("coder", func(t *testing.T) {
					ctx, stop := context.WithTimeout(t.Context(), patience)
					defer stop()
					c, _, err := coder.Dial(ctx, "ws://"+address+"/chat?a=b", &coder.DialOptions{HTTPClient: client(t)})
					if err != nil {
						t.Fatal(err)
					}
					defer c.CloseNow()
					c.SetReadLimit(-1)
					for _, m := range messages {
						if err := c.Write(ctx, coder.MessageBinary, m); err != nil {
							t.Fatal(err)
						}
						if _, got, err := c.Read(ctx); err != nil || !bytes.Equal(got, m) {
							t.Fatalf("%d bytes came back as %d: %v", len(m), len(got), err)
						}
					}
					if err := c.Close(coder.StatusNormalClosure, ""); err != nil {
						t.Error(err)
					}
				})
			})
		})
	}
}

// A request that is no upgrade is refused by the library, in words.
func TestNoWebSocket(t *testing.T) {
	each(t, nethttp.HandlerFunc(upgrader), func(t *testing.T, address string) {
		res, err := client(t).Get("http://" + address)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		if text, err := io.ReadAll(res.Body); res.StatusCode != 400 || len(text) == 0 || err != nil {
			t.Errorf("%s %q %v", res.Status, text, err)
		}
	})
}

// A body goes through and comes back piece by piece, before it is complete.
func TestStreaming(t *testing.T) {
	echo := func(w nethttp.ResponseWriter, r *nethttp.Request) {
		control := nethttp.NewResponseController(w)
		control.EnableFullDuplex()
		control.Flush()
		piece := make([]byte, 100)
		for {
			n, err := r.Body.Read(piece)
			w.Write(piece[:n])
			control.Flush()
			if err != nil {
				return
			}
		}
	}
	each(t, nethttp.HandlerFunc(echo), func(t *testing.T, address string) {
		from, to := io.Pipe()
		defer to.Close()
		req, err := nethttp.NewRequest("POST", "http://"+address, from)
		if err != nil {
			t.Fatal(err)
		}
		res, err := client(t).Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		for i := range 5 {
			piece := fmt.Sprintf("piece %d", i)
			io.WriteString(to, piece)
			got := make([]byte, len(piece))
			if _, err := io.ReadFull(res.Body, got); err != nil || string(got) != piece {
				t.Fatalf("got %q %v", got, err)
			}
		}
		to.Close()
		if rest, err := io.ReadAll(res.Body); len(rest) > 0 || err != nil {
			t.Errorf("got %q %v", rest, err)
		}
	})
}

// Trailers travel in both directions, and so do informational responses and
// large bodies.
func TestEverything(t *testing.T) {
	h := func(w nethttp.ResponseWriter, r *nethttp.Request) {
		w.Header().Set("Link", "</a.css>; rel=preload")
		w.WriteHeader(nethttp.StatusEarlyHints)
		w.Header().Set("Trailer", "Sum")
		n, err := io.Copy(io.Discard, r.Body)
		w.Write(bytes.Repeat([]byte("x"), 1<<20))
		w.Header().Set("Sum", fmt.Sprintf("%d %v %q", n, err, r.Trailer.Get("Sent")))
	}
	each(t, nethttp.HandlerFunc(h), func(t *testing.T, address string) {
		sum := fmt.Sprintf("%d <nil> %q", 3<<20, "all")
		if strings.Contains(t.Name(), "proxy") {
			sum = fmt.Sprintf("%d <nil> %q", 3<<20, "") // ReverseProxy drops the trailers of requests
		}
		for range 2 {
			body := strings.NewReader(strings.Repeat("y", 3<<20))
			req, err := nethttp.NewRequest("PUT", "http://"+address, io.MultiReader(body))
			if err != nil {
				t.Fatal(err)
			}
			req.Trailer = nethttp.Header{"Sent": {"all"}}
			res, err := client(t).Do(req)
			if err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(res.Body)
			res.Body.Close()
			if len(got) != 1<<20 || err != nil || !slices.Equal(res.Trailer["Sum"], []string{sum}) {
				t.Errorf("%d bytes, %v, %q", len(got), err, res.Trailer)
			}
		}
	})
}

// A client that leaves ends the context of the handler, through all that lies
// between.
func TestLeaving(t *testing.T) {
	calls := make(chan chan struct{}, 1)
	h := func(w nethttp.ResponseWriter, r *nethttp.Request) {
		ended := make(chan struct{})
		calls <- ended
		<-r.Context().Done()
		close(ended)
	}
	each(t, nethttp.HandlerFunc(h), func(t *testing.T, address string) {
		ctx, leave := context.WithCancel(t.Context())
		defer leave()
		req, err := nethttp.NewRequestWithContext(ctx, "GET", "http://"+address, nil)
		if err != nil {
			t.Fatal(err)
		}
		failed := make(chan error, 1)
		go func() {
			res, err := client(t).Do(req)
			if err == nil {
				res.Body.Close()
			}
			failed <- err
		}()
		ended := <-calls
		leave()
		if err := <-failed; err == nil {
			t.Error("it does not fail")
		}
		select {
		case <-ended:
		case <-time.After(patience):
			t.Fatal("the context does not end")
		}
	})
}

// The clients of all versions speak with a server of net/http.
func TestClients(t *testing.T) {
	for _, p := range profile.All() {
		rt := adapter.NewTransport(p, nil)
		t.Run(p.Version, func(t *testing.T) {
			leak.Check(t)
			mux := nethttp.NewServeMux()
			mux.HandleFunc("/chat", accepter)
			mux.HandleFunc("/", func(w nethttp.ResponseWriter, r *nethttp.Request) {
				n, err := io.Copy(w, r.Body)
				fmt.Fprint(w, r.Method, n, err)
			})
			address := standard(t, mux)
			c := &nethttp.Client{Transport: rt}
			defer c.CloseIdleConnections()
			for method, body := range map[string]string{"GET": "", "POST": "hello", "PUT": strings.Repeat("x", 1<<20)} {
				req, err := nethttp.NewRequest(method, "http://"+address, strings.NewReader(body))
				if err != nil {
					t.Fatal(err)
				}
				res, err := c.Do(req)
				if err != nil {
					t.Fatal(err)
				}
				got, err := io.ReadAll(res.Body)
				res.Body.Close()
				if want := fmt.Sprint(body, method, len(body), error(nil)); string(got) != want || err != nil {
					t.Errorf("%s: %d bytes, not %d: %v", method, len(got), len(want), err)
				}
			}
			ctx, stop := context.WithTimeout(t.Context(), patience)
			defer stop()
			ws, _, err := coder.Dial(ctx, "ws://"+address+"/chat", &coder.DialOptions{HTTPClient: c})
			if err != nil {
				t.Fatal(err)
			}
			defer ws.CloseNow()
			if err := ws.Write(ctx, coder.MessageText, []byte("hello")); err != nil {
				t.Fatal(err)
			}
			if _, got, err := ws.Read(ctx); err != nil || string(got) != "hello" {
				t.Errorf("got %q %v", got, err)
			}
			ws.Close(coder.StatusNormalClosure, "")
		})
	}
}

// An answer that breaks off behind a reverse proxy breaks off before it, too,
// whatever frames it, and nothing is reported.
func TestBrokenOff(t *testing.T) {
	http.OnUncaughtError(func(err error) { t.Error("reported:", err) })
	defer http.OnUncaughtError(nil)
	for framing, begun := range map[string]string{
		"chunks":   "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
		"a length": "Content-Length: 9\r\n\r\nhello",
		"a chunk":  "Transfer-Encoding: chunked\r\n\r\n9\r\nhello",
	} {
		t.Run(framing, func(t *testing.T) {
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			defer l.Close()
			go func() {
				for {
					c, err := l.Accept()
					if err != nil {
						return
					}
					if _, err := nethttp.ReadRequest(bufio.NewReader(c)); err == nil {
						io.WriteString(c, "HTTP/1.1 200 OK\r\n"+begun)
					}
					c.Close()
				}
			}()
			p := httputil.NewSingleHostReverseProxy(&neturl.URL{Scheme: "http", Host: l.Addr().String()})
			p.FlushInterval = -1 // else what has come may be dropped where it breaks off
			p.ErrorLog = log.New(io.Discard, "", 0)
			standard := &nethttp.Transport{}
			agent := http.NewAgent(http.AgentOptions{})
			defer agent.Destroy()
			for name, transport := range map[string]nethttp.RoundTripper{"standard": standard, "ours": adapt.NewTransport(agent)} {
				t.Run(name, func(t *testing.T) {
					p.Transport = transport
					each(t, p, func(t *testing.T, address string) {
						for _, method := range []string{"GET", "POST"} {
							req, err := nethttp.NewRequest(method, "http://"+address, nil)
							if err != nil {
								t.Fatal(err)
							}
							res, err := client(t).Do(req)
							if err != nil {
								t.Fatal(err) // what has come is to be passed on
							}
							got, err := io.ReadAll(res.Body)
							res.Body.Close()
							if string(got) != "hello" || !errors.Is(err, io.ErrUnexpectedEOF) {
								t.Errorf("%q %v", got, err)
							}
						}
						standard.CloseIdleConnections()
					})
				})
			}
		})
	}
}
