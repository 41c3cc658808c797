package runtime

// Options of a request: what they mean together with a URL, and which of them
// cannot be sent.

import (
	"cmp"
	"context"
	"crypto/tls"
	"encoding/base64"
	"strconv"
	"strings"
	"time"

	"nodehttp/core"
	"nodehttp/generated/profile"
	"nodehttp/runtime/http1"
	"nodehttp/runtime/socket"
)

// RequestOptions are the options of NewRequest. A zero value means the
// profile's default.
type RequestOptions struct {
	Agent                *Agent // nil is the global agent
	NoAgent              bool   // a connection of its own, not kept
	Auth                 string // "user:password" of basic authentication
	CreateConnection     socket.Connector
	DefaultPort          int
	Family               int // 4 or 6; 0 is either
	Headers              Headers
	Host                 string
	Hostname             string // wins over Host
	HTTPValidation       Validation
	InsecureHTTPParser   bool
	JoinDuplicateHeaders bool
	LocalAddress         string
	LocalPort            int
	Lookup               func(ctx context.Context, host string) ([]string, error) // IP addresses of host
	MaxHeaderSize        int                                                      // bytes
	Method               string
	MethodAsIs           bool // Method is sent as it is written, not in capitals
	Path                 string
	Port                 int
	Protocol             string
	SetDefaultHeaders    *bool           // adds what the request has none of: Connection, Host, and what frames the body
	SetHost              *bool           // is SetDefaultHeaders for Host alone, and overrides it
	Signal               context.Context // cancelling it destroys the request
	SocketPath           string
	Timeout              time.Duration
	UniqueHeaders        []string

	TLS *TLSOptions // in place of the agent's, nil for these; only where the agent is of https

	secure *secureAgents // nil: the request is one of http
}

// origin is what makes connections interchangeable: the part of
// ConnectOptions that an agent pools by.
type origin struct {
	host         string
	port         int
	localAddress string
	family       int
	socketPath   string
	tls          *tls.Config // connections share it only if everything that tells sessions apart is the same
}

func originOf(o socket.ConnectOptions) origin {
	return origin{o.Host, o.Port, o.LocalAddress, o.Family, o.SocketPath, o.TLS}
}

// name is what Node's agent.getName makes of an origin.
func (o origin) name(p *profile.Profile) string {
	name := cmp.Or(o.host, "localhost") + ":"
	if o.port != 0 {
		name += strconv.Itoa(o.port)
	}
	if o.localAddress != "" || p.PoolNamesLocal {
		name += ":" + o.localAddress
	}
	if o.family == 4 || o.family == 6 {
		name += ":" + strconv.Itoa(o.family)
	}
	if o.socketPath != "" {
		name += ":" + o.socketPath
	}
	return name
}

// resolve fills in what the URL, if it is not "", and the defaults say, and says
// what cannot be sent.
func (o *RequestOptions) resolve(p *profile.Profile, url string) error {
	if url != "" {
		if err := o.withURL(p, url); err != nil {
			return err
		}
	}
	d := &p.Request
	standard, expected := schemeOf(d, o.secure != nil), o.expectedScheme(d)
	o.Protocol = cmp.Or(o.Protocol, standard.protocol)
	o.Method = cmp.Or(o.Method, d.Method)
	if !o.MethodAsIs {
		o.Method = strings.ToUpper(o.Method)
	}
	o.Path = cmp.Or(o.Path, d.Path)
	o.Host = cmp.Or(o.Hostname, cmp.Or(o.Host, d.Host))
	o.DefaultPort = cmp.Or(o.DefaultPort, expected.port)
	o.Port = cmp.Or(o.Port, o.DefaultPort)
	o.MaxHeaderSize = cmp.Or(o.MaxHeaderSize, d.MaxHeaderSize)
	return o.check(expected.protocol)
}

// secureAgents make the agents of requests of https. Only programs that make such requests
// link them.
type secureAgents struct {
	make   func(*profile.Profile, SecureAgentOptions) *Agent
	global func(*profile.Profile) *Agent
}

// scheme is what a URL scheme says.
type scheme struct {
	protocol string
	port     int
}

func schemeOf(d *profile.RequestDefaults, https bool) scheme {
	if https {
		return scheme{"https:", 443}
	}
	return scheme{d.Protocol, d.Port}
}

// expectedScheme returns the scheme that the request must have: the agent decides, if there
// is one.
func (o *RequestOptions) expectedScheme(d *profile.RequestDefaults) scheme {
	if o.Agent != nil && !o.NoAgent {
		return scheme{o.Agent.options.Protocol, o.Agent.options.DefaultPort}
	}
	return schemeOf(d, o.secure != nil)
}

// expectsHTTPS reports whether the request must be one of https: the agent decides, if
// there is one.
func (o *RequestOptions) expectsHTTPS() bool {
	if o.Agent != nil && !o.NoAgent {
		return o.Agent.secure != nil
	}
	return o.secure != nil
}

// check says what cannot be sent by an agent of the expected protocol.
func (o *RequestOptions) check(expected string) error {
	if err := o.HTTPValidation.check(o.InsecureHTTPParser); err != nil {
		return err
	}
	switch {
	case o.Protocol != expected:
		return core.ErrInvalidProtocol.With("Protocol %q not supported. Expected %q", o.Protocol, expected)
	case !http1.ValidTarget(o.Path):
		return core.ErrUnescapedCharacters.With("Request path contains unescaped characters")
	case !http1.ValidToken(o.Method):
		return core.ErrInvalidHTTPToken.With("Method must be a valid HTTP token [%q]", o.Method)
	case o.Port < 0 || o.Port > 65535:
		return core.ErrSocketBadPort.With("Port should be >= 0 and < 65536. Received %d.", o.Port)
	case o.LocalPort < 0 || o.LocalPort > 65535:
		return core.ErrSocketBadPort.With("options.localPort should be >= 0 and < 65536. Received %d.", o.LocalPort)
	case o.Family != 0 && o.Family != 4 && o.Family != 6:
		return core.ErrInvalidArgValue.With("The property 'options.family' must be one of: 0, 4, 6. Received %d", o.Family)
	}
	return nil
}

// agentOf returns the agent of a request with the given options, nil if it has a
// connection of its own.
func agentOf(p *profile.Profile, o *RequestOptions) *Agent {
	switch {
	case o.NoAgent && o.secure != nil:
		return o.secure.make(p, SecureAgentOptions{})
	case o.NoAgent:
		return NewAgent(p, AgentOptions{})
	case o.Agent != nil:
		return o.Agent
	case o.CreateConnection != nil:
		return nil
	case o.secure != nil:
		return o.secure.global(p)
	}
	return standardAgent(p, o)
}

// extras returns what few requests have, nil if these have none of it.
func (o *RequestOptions) extras(p *profile.Profile) *extras {
	if o.usual() && o.Protocol == p.Request.Protocol {
		return nil
	}
	return &extras{o.connect(), o.CreateConnection, o.Protocol, o.UniqueHeaders}
}

// usual reports whether the options have nothing that few requests have.
func (o *RequestOptions) usual() bool {
	return o.Family == 0 && o.LocalAddress == "" && o.LocalPort == 0 && o.SocketPath == "" && o.Lookup == nil &&
		o.CreateConnection == nil && len(o.UniqueHeaders) == 0
}

func (o *RequestOptions) connect() socket.ConnectOptions {
	return socket.ConnectOptions{
		Host: o.Host, Port: o.Port, Family: o.Family, LocalAddress: o.LocalAddress,
		LocalPort: o.LocalPort, SocketPath: o.SocketPath, Lookup: o.Lookup,
	}
}

// hostField is the value of the Host header.
func (o *RequestOptions) hostField() string {
	var room [64]byte
	b := room[:0]
	if strings.Count(o.Host, ":") > 1 && o.Host[0] != '[' { // an IPv6 address: one colon stands before a port
		b = append(append(append(b, '['), o.Host...), ']')
	} else {
		b = append(b, o.Host...)
	}
	if o.Port != o.DefaultPort {
		b = strconv.AppendInt(append(b, ':'), int64(o.Port), 10)
	}
	return string(b)
}

func basicAuth(auth string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(auth))
}
