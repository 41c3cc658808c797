package runtime

// The agent of https: it connects with TLS, and resumes sessions.
//
// Security rests on one thing: the connections of an origin are shared only by requests
// for which the very same tls.Config was found (origin.tls). A configuration, with the
// sessions that it can resume, belongs to one host and port, one name that the server is
// to show, and one set of TLS options. One that has been forgotten is made anew: then its
// connections are shared with nobody's before.

import (
	"cmp"
	"crypto/tls"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"nodehttp/generated/profile"
	"nodehttp/runtime/socket"
)

// SecureAgentOptions are the options of NewSecureAgent.
type SecureAgentOptions struct {
	AgentOptions
	TLSOptions
	MaxCachedSessions *int // how many origins sessions are kept of; nil is 100, 0 keeps none
}

// secureAgent is what an agent of https has beside an Agent.
type secureAgent struct {
	options  TLSOptions
	sessions tls.ClientSessionCache       // of all origins, nil if none are kept
	recent   atomic.Pointer[secureOrigin] // the one asked for last

	mu      sync.Mutex // guards what follows
	origins map[secureKey]*secureOrigin
	order   []secureKey // in the order in which they were made
	made    uint64      // how many have been made
}

// secureKey tells apart what has sessions of its own.
type secureKey struct {
	host       string
	port       int
	serverName string
	identity   tlsIdentity
}

// secureOrigin is the configuration for a key.
type secureOrigin struct {
	key    secureKey
	config *tls.Config
	extras *extras // of a request that has no others
	name   string
}

// ownSessions are the sessions of one configuration among those of an agent.
type ownSessions struct {
	tls.ClientSessionCache
	prefix string
}

func (s ownSessions) Get(key string) (*tls.ClientSessionState, bool) {
	return s.ClientSessionCache.Get(s.prefix + key)
}

func (s ownSessions) Put(key string, state *tls.ClientSessionState) {
	s.ClientSessionCache.Put(s.prefix+key, state)
}

// mostOrigins is how many configurations an agent keeps.
const mostOrigins = 4096

// standardSessions is Node's maxCachedSessions.
const standardSessions = 100

// NewSecureAgent makes an agent of https. Requests through one whose options have a
// mistake fail with it.
func NewSecureAgent(p *profile.Profile, o SecureAgentOptions) *Agent {
	return newSecureAgent(p, o, &p.Agent)
}

func newSecureAgent(p *profile.Profile, o SecureAgentOptions, d *profile.AgentDefaults) *Agent {
	standard := schemeOf(&p.Request, true)
	o.Protocol = cmp.Or(o.Protocol, standard.protocol)
	o.DefaultPort = cmp.Or(o.DefaultPort, standard.port)
	a := newAgent(p, o.AgentOptions, d)
	s := &secureAgent{options: o.TLSOptions, origins: make(map[secureKey]*secureOrigin)}
	sessions := standardSessions
	if o.MaxCachedSessions != nil {
		sessions = *o.MaxCachedSessions
	}
	if sessions > 0 {
		s.sessions = tls.NewLRUClientSessionCache(sessions)
	}
	a.secure = s
	if a.options.CreateConnection == nil {
		a.options.CreateConnection = socket.DialTLS
	}
	if _, err := s.options.client(""); err != nil && a.err == nil {
		a.err = err
	}
	return a
}

// secureGlobals are the global agents of https, one for each profile that asked.
var secureGlobals struct {
	mu     sync.Mutex // guards agents
	agents map[*profile.Profile]*Agent
}

// GlobalSecureAgent returns the agent of requests of https that name none.
func GlobalSecureAgent(p *profile.Profile) *Agent {
	secureGlobals.mu.Lock()
	defer secureGlobals.mu.Unlock()
	a := secureGlobals.agents[p]
	if a == nil {
		if secureGlobals.agents == nil {
			secureGlobals.agents = make(map[*profile.Profile]*Agent)
		}
		a = newSecureAgent(p, SecureAgentOptions{}, &p.GlobalAgent)
		secureGlobals.agents[p] = a
	}
	return a
}

// extras implements secureLayer. The Host field may say whose certificate the server is to
// show.
func (a *secureAgent) extras(r *ClientRequest, o *RequestOptions) (*extras, error) {
	field := ""
	for _, f := range r.out.fields {
		if len(f.name) == 4 && strings.EqualFold(f.name, "host") {
			field = f.value
			break
		}
	}
	found, err := a.find(secureKey{host: o.Host, port: o.Port, serverName: a.serverName(o, field)}, o.TLS)
	if err != nil {
		return securely, err
	}
	if o.usual() {
		return found.extras, nil
	}
	x := o.extras(r.rules.profile)
	x.to.TLS = found.config
	return x, nil
}

// serverName is whose certificate the server is to show: by the options, by the Host field,
// or by the host.
func (a *secureAgent) serverName(o *RequestOptions, field string) string {
	switch {
	case o.TLS != nil && o.TLS.ServerName != "":
		return o.TLS.ServerName
	case a.options.ServerName != "":
		return a.options.ServerName
	}
	name := withoutPort(field)
	if _, err := netip.ParseAddr(name); name == "" || err == nil {
		name = o.Host // an address in the field names nobody
	}
	name = strings.TrimSuffix(strings.TrimPrefix(name, "["), "]")
	if address, zone, ok := strings.Cut(name, "%"); ok && zone != "" {
		name = address // a zone means something on this machine alone
	}
	return name
}

// withoutPort returns the host of a Host field.
func withoutPort(field string) string {
	if strings.HasPrefix(field, "[") {
		host, _, _ := strings.Cut(field[1:], "]")
		return host
	}
	host, _, _ := strings.Cut(field, ":")
	return host
}

// find returns the configuration for a key and the options of the request, nil if they are
// the agent's.
func (a *secureAgent) find(key secureKey, o *TLSOptions) (*secureOrigin, error) {
	key.identity = o.identity()
	if s := a.recent.Load(); s != nil && s.key == key {
		return s, nil
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	s := a.origins[key]
	if s == nil {
		var err error
		if s, err = a.make(key, o.over(&a.options)); err != nil || key.identity.own != nil { // nobody asks for that again
			return s, err
		}
		if len(a.order) >= mostOrigins {
			delete(a.origins, a.order[0])
			a.order = a.order[1:]
		}
		a.origins[key] = s
		a.order = append(a.order, key)
	}
	a.recent.Store(s)
	return s, nil
}

// make makes the configuration for a key. The caller holds mu.
func (a *secureAgent) make(key secureKey, o *TLSOptions) (*secureOrigin, error) {
	config, err := o.client(key.serverName)
	if err != nil {
		return nil, err
	}
	if a.made++; a.sessions != nil && config.ClientSessionCache == nil && key.identity.own == nil {
		config.ClientSessionCache = ownSessions{a.sessions, strconv.FormatUint(a.made, 10) + " "}
	}
	return &secureOrigin{
		key: key, config: config, name: o.names(key.host, key.serverName),
		extras: &extras{protocol: "https:", to: socket.ConnectOptions{Host: key.host, Port: key.port, TLS: config}},
	}, nil
}

// nameOf returns the part of Node's name for connections with a configuration.
func (a *secureAgent) nameOf(config *tls.Config) string {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, s := range a.origins {
		if s.config == config {
			return s.name
		}
	}
	if config != nil {
		return a.options.names("", config.ServerName)
	}
	return a.options.names("", a.options.ServerName)
}
