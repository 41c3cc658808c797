package socket

// Connecting: to the first of a host's addresses that answers.

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"time"

	"nodehttp/core"
)

// ConnectOptions say where to connect to and, to the program's own function, for which request.
type ConnectOptions struct {
	Host         string
	Port         int
	Family       int // 4 or 6; 0 is either
	LocalAddress string
	LocalPort    int
	SocketPath   string // a Unix socket, in place of Host and Port
	Lookup       func(ctx context.Context, host string) ([]string, error)

	// TLS is how the connection is to be encrypted, nil for http. Its ServerName is whose
	// certificate the server is to show. It must not be changed.
	TLS *tls.Config

	// Of the request that the connection is opened for; empty for GetName.
	Method  string
	Path    string
	Headers [][2]string   // names and values of the header fields that are set so far, in their order
	Timeout time.Duration // silence of the connection; 0 is no limit
}

// Connector opens a connection in place of dialling.
type Connector = func(ctx context.Context, o ConnectOptions) (net.Conn, error)

// connect establishes the connection of a socket that Connecting has made, by create if
// that is not nil, and reports whether there is one to read. Else the socket is destroyed.
// The context of the attempt derives from ctx, and ends when the socket is destroyed or
// the attempt is over.
func (s *Socket) connect(ctx context.Context, create Connector, o ConnectOptions) bool {
	bound := ctx
	ctx, stop := context.WithCancel(bound)
	defer stop()
	s.whenDestroyed(stop)
	returned := false
	defer s.Wire().DestroyUnless(&returned)
	own := create == nil
	if own {
		create = Dial
	}
	nc, err := create(ctx, o)
	returned = true
	var search *lookupError
	switch {
	case err == nil:
	case bound.Err() != nil: // who has bound the attempt hears that, and not what it has made fail
		s.destroy(core.ErrAborted.Because(context.Cause(bound)))
		return false
	case (!own || errors.As(err, &search)) && !core.HasCode(err):
		if search != nil {
			err = search.err
		}
		s.destroy(err) // the program's own, which it knows better
		return false
	default:
		s.destroy(connectError(err, o))
		return false
	}
	if nc == nil {
		s.destroy(core.ErrSocketClosed)
		return false
	}
	if t, ok := nc.(*tlsConn); ok {
		own = t.wire.own
	}
	return s.establish(nc, own)
}

// DialTLS connects to where o says and makes a TLS connection there.
func DialTLS(ctx context.Context, o ConnectOptions) (net.Conn, error) {
	c, err := Dial(ctx, o)
	if err != nil {
		return nil, err
	}
	t, err := Handshake(ctx, c, true, o.TLS, true)
	if err != nil {
		c.Close()
		return nil, err
	}
	return t, nil
}

// lookupError is an error of the program's own lookup.
type lookupError struct{ err error }

func (e *lookupError) Error() string { return e.err.Error() }
func (e *lookupError) Unwrap() error { return e.err }

// Dial connects to where o says, without TLS.
func Dial(ctx context.Context, o ConnectOptions) (net.Conn, error) {
	var d net.Dialer
	if o.SocketPath != "" {
		return d.DialContext(ctx, "unix", o.SocketPath)
	}
	if o.LocalAddress != "" || o.LocalPort != 0 {
		local := &net.TCPAddr{Port: o.LocalPort}
		if o.LocalAddress != "" {
			address, err := netip.ParseAddr(o.LocalAddress)
			if err != nil {
				return nil, core.ErrInvalidIPAddress.With("Invalid IP address: %s", o.LocalAddress)
			}
			local.IP, local.Zone = address.AsSlice(), address.Zone()
		}
		d.LocalAddr = local
	}
	hosts := []string{o.Host}
	if o.Lookup != nil && !isIP(o.Host) {
		var err error
		if hosts, err = o.Lookup(ctx, o.Host); err != nil {
			return nil, &lookupError{err}
		}
		if i := slices.IndexFunc(hosts, func(host string) bool { return !isIP(host) }); i >= 0 {
			return nil, core.ErrInvalidIPAddress.With("Invalid IP address: %s", hosts[i])
		}
	} else if err := checkHost(o.Host); err != nil {
		return nil, err
	}
	if len(hosts) == 0 {
		return nil, noSuchHost(o.Host)
	}
	network := "tcp"
	if o.Family != 0 && !isIP(o.Host) { // an address needs no lookup, which alone heeds it
		network += strconv.Itoa(o.Family)
	}
	return dialFirst(ctx, hosts, func(ctx context.Context, host string) (net.Conn, error) {
		return d.DialContext(ctx, network, net.JoinHostPort(host, strconv.Itoa(o.Port)))
	})
}

// headStart is how long an address is tried before the next one is, too.
const headStart = 250 * time.Millisecond

// dialFirst connects to the first of several addresses that answers: one after
// the other, and the next one already when one takes long. If none answers, the
// first one's error is returned.
func dialFirst(ctx context.Context, hosts []string, dial func(context.Context, string) (net.Conn, error)) (net.Conn, error) {
	ctx, stop := context.WithCancel(ctx)
	type result struct {
		host int
		c    net.Conn
		err  error
	}
	results := make(chan result)
	begin := func(i int) {
		go func() {
			c, err := dial(ctx, hosts[i])
			results <- result{i, c, err}
		}()
	}
	begun, ended, failed := 1, 0, make([]error, len(hosts))
	begin(0)
	defer func() {
		stop()
		for ; ended < begun; ended++ { // what comes too late
			if late := <-results; late.c != nil {
				late.c.Close()
			}
		}
	}()
	patience := time.NewTimer(headStart)
	defer patience.Stop()
	for ended < len(hosts) {
		select {
		case r := <-results:
			ended++
			if r.err == nil {
				return r.c, nil
			}
			failed[r.host] = r.err
		case <-patience.C:
		}
		if begun < len(hosts) && ctx.Err() == nil {
			begin(begun)
			begun++
			patience.Reset(headStart)
		} else if ended == begun {
			break
		}
	}
	return nil, failed[0]
}
