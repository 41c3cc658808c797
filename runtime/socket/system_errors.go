package socket

// Errors of the system and of the resolver, when a connection is made or listened
// for: each names the call that failed, and the address that it failed for.

import (
	"cmp"
	"errors"
	"net"
	"net/netip"
	"os"
	"strings"
	"syscall"

	"nodehttp/core"
)

// isIP reports whether host is an IP address, maybe with a zone.
func isIP(host string) bool {
	_, err := netip.ParseAddr(host)
	return err == nil
}

// checkHost returns why a host that is no IP address cannot be looked up at all. To
// Go's net package what has brackets or colons is no name but an address, and broken.
func checkHost(host string) error {
	if strings.ContainsAny(host, "[]:") && !isIP(host) {
		return noSuchHost(host)
	}
	return nil
}

func noSuchHost(host string) error {
	return &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
}

// connectError names what failed: finding the host, having the local address, or
// reaching the other one.
func connectError(err error, o ConnectOptions) *core.Error {
	var dns *net.DNSError
	if errors.As(err, &dns) {
		return core.FromSystem(err, "getaddrinfo", cmp.Or(dns.Name, o.Host))
	}
	if o.SocketPath != "" {
		return core.FromSystem(err, "connect", o.SocketPath)
	}
	remote, port, ip := o.Host, o.Port, net.IP(nil)
	var op *net.OpError
	if errors.As(err, &op) {
		if a, ok := op.Addr.(*net.TCPAddr); ok && a.IP != nil {
			remote, port, ip = (&net.IPAddr{IP: a.IP, Zone: a.Zone}).String(), a.Port, a.IP
		}
	}
	var call *os.SyscallError
	var family *net.AddrError // the host has no address of the family that is asked for
	switch {
	case errors.As(err, &call) && call.Syscall == "bind":
		return core.FromSystemAt(err, "bind", cmp.Or(o.LocalAddress, anyAddress(ip.To4() == nil)), o.LocalPort)
	case errors.As(err, &family) && o.LocalAddress != "": // by its own
		return core.FromSystemAt(errors.Join(syscall.EINVAL, err), "bind", o.LocalAddress, o.LocalPort)
	case errors.As(err, &family):
		return core.FromSystem(errors.Join(noSuchHost(o.Host), err), "getaddrinfo", o.Host)
	}
	return core.FromSystemAt(err, "connect", remote, port)
}

// anyAddress is how the address is written that stands for all of IPv6, or IPv4.
func anyAddress(six bool) string {
	if six {
		return "::"
	}
	return "0.0.0.0"
}

// listenError names what failed: finding the host, or listening there. six says that
// every address means those of IPv6.
func listenError(err error, o *ListenOptions, six bool) *core.Error {
	var dns *net.DNSError
	var op *net.OpError
	switch {
	case o.FD != nil:
		return core.FromSystem(err, "listen", "")
	case o.Path != "":
		return core.FromSystem(err, "listen", o.Path)
	case errors.As(err, &dns):
		return core.FromSystem(err, "getaddrinfo", o.Host)
	case o.Host == "":
		return core.FromSystemAt(err, "listen", anyAddress(six), o.Port)
	}
	local := o.Host
	if errors.As(err, &op) {
		if a, ok := op.Addr.(*net.TCPAddr); ok && a.IP != nil && !isIP(local) {
			local = (&net.IPAddr{IP: a.IP, Zone: a.Zone}).String()
		}
	}
	return core.FromSystemAt(err, "listen", local, o.Port)
}
