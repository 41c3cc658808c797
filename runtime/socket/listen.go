package socket

// Listening: a listener as Node opens it.

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"net/netip"
	"os"
	"strconv"
	"syscall"
)

// ListenOptions says where to listen: at FD, a socket that is bound already,
// at Path, a Unix socket, or else at Host and Port. Without Host it is every
// address, IPv4 and, where the version has it so, IPv6; port 0 is any free one.
type ListenOptions struct {
	Port                     int
	Host                     string
	Path                     string
	FD                       *int            // the listener closes it, if it is a socket of streams
	Backlog                  int             // connections that may wait to be accepted; 0 is defaultBacklog
	ReadableAll, WritableAll bool            // of the file at Path, by everybody
	IPv6Only                 bool            // no IPv4 on addresses of IPv6
	Signal                   context.Context // whose end closes the server that listens
}

// defaultBacklog is how many connections wait to be accepted if nothing else
// is asked for.
const defaultBacklog = 511

// Listen opens the listener that the options ask for. ipv6 says that every address is
// those of IPv6, too. The backlog is that of the options, and a Path has the modes that
// they ask for. What Signal says is the caller's to do. An error names what failed:
// "listen" or "getaddrinfo".
func Listen(o *ListenOptions, ipv6 bool) (l net.Listener, err error) {
	// Without Go's own probes, which each connection would have to take back.
	config := net.ListenConfig{KeepAlive: -1}
	six := ipv6
	switch {
	case o.FD != nil:
		l, err = listenFD(*o.FD)
	case o.Path != "":
		if l, err = config.Listen(context.Background(), "unix", o.Path); errors.Is(err, fs.ErrNotExist) {
			err = syscall.EACCES // as Node says it everywhere, since one system does
		}
	default:
		if err = checkHost(o.Host); err != nil {
			break
		}
		where := net.JoinHostPort(o.Host, strconv.Itoa(o.Port))
		network := "tcp"
		switch address, _ := netip.ParseAddr(o.Host); {
		case o.Host == "" && !ipv6, address.Is4():
			network = "tcp4" // Go takes 0.0.0.0 for any address otherwise
		case o.IPv6Only && (o.Host == "" || address.Is6()):
			network = "tcp6"
		}
		l, err = config.Listen(context.Background(), network, where)
		if err != nil && network == "tcp" && o.Host == "" && !errors.Is(err, syscall.EADDRINUSE) {
			six = false
			l, err = config.Listen(context.Background(), "tcp4", where)
		}
	}
	if err == nil {
		if err = adjust(l, o); err != nil {
			l.Close()
		}
	}
	if err != nil {
		return nil, listenError(err, o, six)
	}
	return l, nil
}

// adjust gives an open listener what Go's net package has no option for.
func adjust(l net.Listener, o *ListenOptions) error {
	backlog := o.Backlog
	if backlog <= 0 {
		backlog = defaultBacklog
	}
	if err := setBacklog(l.(syscall.Conn), backlog); err != nil {
		return err
	}
	var mode fs.FileMode
	if o.ReadableAll {
		mode |= 0o444
	}
	if o.WritableAll {
		mode |= 0o222
	}
	if mode == 0 || o.Path == "" || o.FD != nil {
		return nil
	}
	info, err := os.Stat(o.Path)
	if err != nil {
		return err
	}
	return os.Chmod(o.Path, info.Mode()|mode)
}
