package nethttp

// Transport: requests of net/http travel over an agent's connections.

import (
	"context"
	"errors"
	"io"
	"maps"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"nodehttp/core"
	"nodehttp/generated/profile"
	"nodehttp/runtime"
	"nodehttp/runtime/http1"
)

// Transport is an http.RoundTripper over an agent, for http.Client and
// everything that is built on it. It may be used by any number of goroutines.
//
// The agent serves the URLs of its own protocol, http: or https:. The others go through the
// agent of requests that name none, so that redirections lead from one to the other.
//
// It does not do what net/http's own Transport does and an agent does not: no proxy,
// no HTTP/2, no punycode for hosts that are not ASCII, no
// User-Agent and no compression that the request does not ask for. The agent's options
// decide whether connections are kept, how many there are and which timeouts they
// have. A connection is kept when the response's body has been read to its end. It is
// destroyed when the body is closed before, unless a short rest of it (64 KB) comes
// soon.
//
// The fields that an agent adds are added here too: "Connection: keep-alive", or
// close. A method is sent as it is written. Request.Cancel has an effect. The body of a CONNECT is sent as it is through
// the tunnel. The body of a request that must not be sent is closed before RoundTrip
// returns; that of another perhaps later, but always. The error of a response's body
// that breaks off wraps io.ErrUnexpectedEOF.
//
// A request that fails on a reused connection before any of the response has come is
// sent again if that is safe, as net/http does: its method is idempotent or it has an
// Idempotency-Key, and its body is empty or GetBody returns it again. http.Client does
// the rest of replaying.
//
// It calls these functions of an httptrace.ClientTrace: GetConn, GotConn, WroteRequest
// if the request is sent, GotFirstResponseByte when the head has arrived,
// Got100Continue and Got1xxResponse.
type Transport struct {
	profile *profile.Profile
	agent   *runtime.Agent
}

// NewTransport returns a Transport over an agent; nil means the agents of requests that
// name none.
func NewTransport(p *profile.Profile, agent *runtime.Agent) *Transport {
	return &Transport{p, agent}
}

// expectPatience is how long a request with "Expect: 100-continue" waits with
// its body for the server to say something.
const expectPatience = time.Second

// CloseIdleConnections destroys the connections that the agent keeps for
// further requests.
func (t *Transport) CloseIdleConnections() {
	for _, https := range []bool{false, true} {
		agent := t.agentFor(https)
		if agent == nil {
			agent = runtime.GlobalAgent(t.profile) // those that are each a server's keep none
		}
		agent.DestroyFree()
	}
}

// agentFor returns the agent of requests to http: or https: URLs, nil if that is chosen
// later.
func (t *Transport) agentFor(https bool) *runtime.Agent {
	switch {
	case t.agent != nil && t.agent.Secure() == https:
		return t.agent
	case https:
		return runtime.GlobalSecureAgent(t.profile)
	}
	return nil
}

// RoundTrip implements http.RoundTripper. An error that comes because the
// request's context has ended is the context's cause; others are core.Errors,
// which wrap what the system said. The body of a response to an upgrade, or to
// CONNECT, is an io.ReadWriteCloser: the connection.
func (t *Transport) RoundTrip(req *http.Request) (*http.Response, error) {
	for first := req; ; {
		a := newAttempt(req)
		res, err := t.try(a)
		if err == nil {
			res.Request = first
			return res, nil
		}
		if req = a.again(err); req == nil {
			return nil, err
		}
	}
}

// try sends the request once.
func (t *Transport) try(a *attempt) (*http.Response, error) {
	options, err := t.options(a.req)
	cancel := a.req.Cancel //lint:ignore SA1019 who has set it counts on it
	if err == nil {
		select {
		case <-cancel:
			err = errCancelled
		default:
		}
	}
	if err == nil && a.ctx.Err() != nil {
		err = context.Cause(a.ctx)
	}
	if err != nil {
		a.closeBody()
		return nil, err
	}
	if a.trace != nil && a.trace.GetConn != nil {
		a.trace.GetConn(net.JoinHostPort(options.Hostname, strconv.Itoa(options.Port)))
	}
	if options.Protocol == "https:" {
		a.out = runtime.NewSecureRequest(t.profile, "", options)
	} else {
		a.out = runtime.NewRequest(t.profile, "", options)
	}
	a.listen()
	if cancel != nil {
		a.heed(cancel)
	}
	switch {
	case a.connects():
		a.refuse(a.out.Outgoing().End())
		close(a.sent)
	case bodyOf(a.req) == nil:
		a.refuse(a.out.Outgoing().End())
		a.closeBody()
		close(a.sent)
	default:
		go a.send()
	}
	res, err := a.out.Await(a.ctx)
	close(a.answered)
	if refused := a.refused.Load(); refused != nil {
		err = *refused
	}
	if err != nil {
		a.end()
		a.out.Destroy()
		go a.closeBody() // which may wait for a Read
		switch {
		case a.ctx.Err() != nil:
			err = context.Cause(a.ctx)
		case a.cancelled.Load():
			err = errCancelled
		}
		return nil, err
	}
	return a.response(res), nil
}

// options translates a request.
func (t *Transport) options(req *http.Request) (o runtime.RequestOptions, err error) {
	switch {
	case req.URL == nil:
		return o, errors.New("nethttp: nil Request.URL")
	case req.Header == nil:
		return o, errors.New("nethttp: nil Request.Header")
	case req.URL.Host == "":
		return o, errors.New("nethttp: no Host in request URL")
	case req.Method != "" && !http1.ValidToken(req.Method):
		return o, core.ErrInvalidHTTPToken.With("Method must be a valid HTTP token [%q]", req.Method)
	}
	https := req.URL.Scheme == "https"
	o = runtime.RequestOptions{
		Agent:      t.agentFor(https),
		Protocol:   req.URL.Scheme + ":",
		Hostname:   req.URL.Hostname(),
		Port:       80,
		Method:     req.Method,
		MethodAsIs: true,
		Path:       req.URL.RequestURI(),
		Signal:     req.Context(),
	}
	if https {
		o.Port = 443
	}
	if port := req.URL.Port(); port != "" {
		if o.Port, err = strconv.Atoi(port); err != nil || o.Port > 65535 {
			return o, core.ErrInvalidURL.With("Invalid URL: %q", req.URL)
		}
	}
	host := req.Host
	if host == "" {
		host = req.URL.Host
	}
	if req.Method == http.MethodConnect && req.URL.Path == "" {
		if o.Path = host; req.URL.Opaque != "" {
			o.Path = req.URL.Opaque
		}
	}
	o.Headers, err = requestFields(req, withoutZone(host))
	return o, err
}

// withoutZone returns a host without the zone of its IPv6 address, which means something
// on this machine alone (RFC 6874).
func withoutZone(host string) string {
	address, port, ok := strings.Cut(host, "]")
	if zone := strings.LastIndexByte(address, '%'); ok && zone >= 0 && address[0] == '[' {
		return address[:zone] + "]" + port
	}
	return host
}

// requestFields lists the fields of a request's head.
func requestFields(req *http.Request, host string) (runtime.Headers, error) {
	fields := runtime.Headers{{"Host", host}}
	for _, name := range slices.Sorted(maps.Keys(req.Header)) {
		switch http.CanonicalHeaderKey(name) { // however it is written: the Transport says these
		case "Host", "Content-Length", "Transfer-Encoding", "Trailer":
			continue
		case "User-Agent":
			if len(req.Header[name]) == 1 && req.Header[name][0] == "" {
				continue // as who does not want net/http's says so
			}
		}
		for _, value := range req.Header[name] {
			fields = append(fields, [2]string{name, strings.Trim(value, " \t")})
		}
	}
	if err := validate(fields); err != nil {
		return nil, err
	}
	for name, values := range req.Trailer {
		if name = http.CanonicalHeaderKey(name); !http1.ValidTrailer(name) {
			return nil, core.ErrHTTPTrailerInvalid.With("%s cannot be a trailer", name)
		}
		if err := validate(runtime.Headers{{name, strings.Join(values, "")}}); err != nil {
			return nil, err
		}
	}
	if req.Close && !http1.HasToken("close", req.Header["Connection"]...) {
		fields = append(fields, [2]string{"Connection", "close"})
	}
	if bodyOf(req) == nil || req.Method == http.MethodConnect {
		return fields, nil
	}
	if req.ContentLength > 0 {
		return append(fields, [2]string{"Content-Length", strconv.FormatInt(req.ContentLength, 10)}), nil
	}
	fields = append(fields, [2]string{"Transfer-Encoding", "chunked"})
	for _, name := range slices.Sorted(maps.Keys(req.Trailer)) {
		fields = append(fields, [2]string{"Trailer", http.CanonicalHeaderKey(name)})
	}
	return fields, nil
}

// validate says what is wrong with fields that are to be sent.
func validate(fields runtime.Headers) error {
	for _, f := range fields {
		if err := runtime.ValidateHeaderName(f[0]); err != nil {
			return err
		}
		if err := runtime.ValidateHeaderValue(f[0], f[1]); err != nil {
			return err
		}
	}
	return nil
}

// bodyOf returns the body of a request, nil if there is none.
func bodyOf(req *http.Request) io.Reader {
	if req.Body == nil || req.Body == http.NoBody {
		return nil
	}
	return req.Body
}
