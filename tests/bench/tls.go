package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	nethttp "net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"nodehttp/generated/http"
	"nodehttp/generated/https"
)

// This file measures https. The other end of each connection is crypto/tls with nothing
// above it; it encrypts as much as what is measured does, so it can be what limits that. So
// a figure is what a core of the measured process would do: operations for each second of
// its CPU time.

var (
	// tls.server.keepalive: a small GET after another on each of 64 connections.
	tlsServerKeepalive = figure{
		Name: "tls.server.keepalive", Unit: perSecond, AlsoUnit: cpuPer, Peers: []string{"net/http", "node"},
		Open: tlsContestant{server: true, command: "run"}.open,
	}
	// tls.client.keepalive: the same from the other end.
	tlsClientKeepalive = figure{
		Name: "tls.client.keepalive", Unit: perSecond, AlsoUnit: cpuPer, Peers: []string{"net/http", "node"},
		Open: tlsContestant{}.open,
	}
	// tls.handshakes: a connection for each GET, without the session of the last one, and with it.
	tlsHandshakes = figure{
		Name: "tls.handshakes", Unit: perSecond, AlsoUnit: cpuPer, Peers: []string{"net/http", "node"},
		Open: tlsContestant{server: true, command: "shake"}.open,
	}
	tlsResumptions = figure{
		Name: "tls.resumptions", Unit: perSecond, AlsoUnit: cpuPer, Peers: []string{"net/http", "node"},
		Open: tlsContestant{server: true, command: "resume"}.open,
	}
	// tls.idle: resident memory of a server for each connection that has made a request.
	tlsIdle = figure{
		Name: "tls.idle", Unit: bytesPer, AlsoUnit: residentMemory, Peers: []string{"net/http", "node"}, Rounds: 2,
		Open: func(peer string) (contestant, error) { return tlsIdleContestant{peer}, nil },
	}
	// tls.download: a large response, read by nobody who looks at it. The floor is a bare
	// io.Copy into a tls.Conn.
	tlsDownload = figure{
		Name: "tls.download", Unit: mebibytes, AlsoUnit: cpuPer, Peers: []string{"floor", "net/http"},
		Open: tlsContestant{server: true, command: "download"}.open,
	}
)

// tlsIdleConns is how many connections rest, and tlsSize the length of a download in MiB.
// Tests take fewer.
var tlsIdleConns, tlsSize = 3000, 64

// tlsPair makes the certificate of all servers of this run, once; children find it in their
// environment.
var tlsPair = sync.OnceValue(func() error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "localhost"}, DNSNames: []string{"localhost"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(100 * time.Hour), IsCA: true, BasicConstraintsValid: true,
	}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return err
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	os.Setenv("BENCH_CERT", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert})))
	os.Setenv("BENCH_KEY", string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret})))
	return nil
})

func tlsServerConfig() (*tls.Config, error) {
	pair, err := tls.X509KeyPair([]byte(os.Getenv("BENCH_CERT")), []byte(os.Getenv("BENCH_KEY")))
	return &tls.Config{Certificates: []tls.Certificate{pair}}, err
}

func tlsClientConfig() *tls.Config {
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM([]byte(os.Getenv("BENCH_CERT")))
	return &tls.Config{RootCAs: pool, ServerName: "localhost"}
}

// zeroes is a body of so many bytes.
func zeroes(n int) io.Reader { return io.LimitReader(zeroReader{}, int64(n)) }

type zeroReader struct{}

func (zeroReader) Read(p []byte) (int, error) { return len(p), nil }

// tlsServers start a server, as servers does. What the path "/N" asks for are N MiB.
var tlsServers = map[string]func(*tls.Config) (address string, err error){
	"ours": func(*tls.Config) (string, error) {
		server, err := https.CreateServerWith(https.ServerOptions{Cert: []byte(os.Getenv("BENCH_CERT")), Key: []byte(os.Getenv("BENCH_KEY"))},
			func(req *http.IncomingMessage, res *http.ServerResponse) {
				if n, err := strconv.Atoi(req.URL()[1:]); err == nil {
					res.SetHeader("Content-Length", strconv.Itoa(n<<20))
					io.Copy(res, zeroes(n<<20))
					res.End()
					return
				}
				res.SetHeader("Content-Type", "text/plain")
				res.EndString(body)
			})
		if err != nil {
			return "", err
		}
		server.SetKeepAliveTimeout(time.Hour)
		if err := server.ListenWith(http.ListenOptions{Host: "127.0.0.1"}); err != nil {
			return "", err
		}
		return server.Address().String(), nil
	},
	"net/http": func(config *tls.Config) (string, error) {
		l, err := tls.Listen("tcp", "127.0.0.1:0", config)
		if err != nil {
			return "", err
		}
		server := &nethttp.Server{Handler: nethttp.HandlerFunc(func(w nethttp.ResponseWriter, r *nethttp.Request) {
			if n, err := strconv.Atoi(r.URL.Path[1:]); err == nil {
				w.Header().Set("Content-Length", strconv.Itoa(n<<20))
				io.Copy(w, zeroes(n<<20))
				return
			}
			w.Header().Set("Content-Type", "text/plain")
			io.WriteString(w, body)
		})}
		go server.Serve(l)
		return l.Addr().String(), nil
	},
	"floor": func(config *tls.Config) (string, error) {
		return tlsAnswer(config, func(c *tls.Conn, request string) error {
			var n int
			if _, err := fmt.Sscanf(request, "GET /%d ", &n); err != nil {
				_, err := io.WriteString(c, tlsReply)
				return err
			}
			fmt.Fprintf(c, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n", n<<20)
			_, err := io.Copy(c, zeroes(n<<20))
			return err
		})
	},
}

const tlsReply = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 13\r\n\r\n" + body

// tlsAnswer has each request that comes in one piece answered.
func tlsAnswer(config *tls.Config, answer func(c *tls.Conn, request string) error) (string, error) {
	l, err := tls.Listen("tcp", "127.0.0.1:0", config)
	if err != nil {
		return "", err
	}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				buffer := make([]byte, 4096)
				for {
					n, err := c.Read(buffer)
					if err != nil || answer(c.(*tls.Conn), string(buffer[:n])) != nil {
						return
					}
				}
			}()
		}
	}()
	return l.Addr().String(), nil
}

// playTLSServer is the role of a server of https.
func playTLSServer(peer, _ string) error {
	config, err := tlsServerConfig()
	if err != nil {
		return err
	}
	serve, ok := tlsServers[peer]
	if !ok {
		return unknownPeer(peer)
	}
	address, err := serve(config)
	if err != nil {
		return err
	}
	greet(address)
	return serveCommands(nil)
}

// playTLSClient is the role of a client of https.
func playTLSClient(peer, address string) error {
	url := "https://" + strings.Replace(address, "127.0.0.1", "localhost", 1) + "/"
	var work func(time.Duration) (int, error)
	switch peer {
	case "ours":
		host, port, err := net.SplitHostPort(address)
		if err != nil {
			return err
		}
		number, err := strconv.Atoi(port)
		if err != nil {
			return err
		}
		agent := https.NewAgent(https.AgentOptions{KeepAlive: true, MaxSockets: inFlight, CA: []byte(os.Getenv("BENCH_CERT")), ServerName: "localhost"})
		options := https.RequestOptions{Host: host, Port: number, Agent: agent}
		work = chainsOf(func(onResponse func(*http.IncomingMessage)) *http.ClientRequest {
			return https.GetWith(options, onResponse)
		})
	case "net/http":
		client := &nethttp.Client{Transport: &nethttp.Transport{MaxConnsPerHost: inFlight, MaxIdleConnsPerHost: inFlight, TLSClientConfig: tlsClientConfig()}}
		work = workersOf(client, url)
	default:
		return unknownPeer(peer)
	}
	greet("client")
	return serveCommands(map[string]func([]string) (string, error){"run": runCommand(timed(work))})
}

func timed(work func(time.Duration) (int, error)) func(time.Duration) (int, time.Duration, error) {
	return func(d time.Duration) (int, time.Duration, error) {
		start := time.Now()
		n, err := work(d)
		return n, time.Since(start), err
	}
}

// playTLSReply is the role of the server that answers clients.
func playTLSReply(string, string) error {
	config, err := tlsServerConfig()
	if err != nil {
		return err
	}
	address, err := tlsServers["floor"](config)
	if err != nil {
		return err
	}
	greet(address)
	return serveCommands(nil)
}

// playTLSLoad is the role of the clients that load a server. Its commands are
//
//	open CONNECTIONS   each makes a request
//	run, shake, resume, download NANOSECONDS
//	size MIB           of a download
func playTLSLoad(_, address string) error {
	var conns []*tls.Conn
	size := tlsSize
	get := func(c *tls.Conn, buffer []byte) error {
		if _, err := io.WriteString(c, getRequest); err != nil {
			return err
		}
		for n := 0; ; {
			k, err := c.Read(buffer[n:])
			n += k
			switch checked := checkResponse(buffer[:n]); {
			case checked == nil:
				return nil
			case err != nil:
				return err
			case checked != errShort:
				return checked
			}
		}
	}
	// each has every connection, or so many goroutines, work until d is over.
	each := func(many int, work func(i int, buffer []byte) error) func(time.Duration) (int, time.Duration, error) {
		return func(d time.Duration) (int, time.Duration, error) {
			var wait sync.WaitGroup
			totals, failures := make([]int, many), make([]error, many)
			start := time.Now()
			for i := range many {
				wait.Go(func() {
					buffer := make([]byte, 64<<10)
					for failures[i] == nil {
						if failures[i] = work(i, buffer); failures[i] == nil {
							totals[i]++
						}
						if time.Since(start) >= d {
							break
						}
					}
				})
			}
			wait.Wait()
			total := 0
			for _, n := range totals {
				total += n
			}
			return total, time.Since(start), errors.Join(failures...)
		}
	}
	shake := func(config *tls.Config) func(time.Duration) (int, time.Duration, error) {
		return each(16, func(_ int, buffer []byte) error {
			c, err := tls.Dial("tcp", address, config)
			if err != nil {
				return err
			}
			defer c.NetConn().Close()
			return get(c, buffer)
		})
	}
	resuming := tlsClientConfig()
	resuming.ClientSessionCache = tls.NewLRUClientSessionCache(64)
	fresh := tlsClientConfig()
	fresh.SessionTicketsDisabled = true
	run := func(work func(time.Duration) (int, time.Duration, error)) func([]string) (string, error) {
		return runCommand(work)
	}
	greet("load")
	return serveCommands(map[string]func([]string) (string, error){
		"open": func(args []string) (string, error) {
			n, err := strconv.Atoi(args[0])
			for range n {
				c, err := tls.Dial("tcp", address, fresh)
				if err != nil {
					return "", err
				}
				if err := get(c, make([]byte, 4096)); err != nil {
					return "", err
				}
				conns = append(conns, c)
			}
			return "", err
		},
		"size": func(args []string) (answer string, err error) {
			size, err = strconv.Atoi(args[0])
			return "", err
		},
		"run": func(args []string) (string, error) {
			return run(each(len(conns), func(i int, buffer []byte) error { return get(conns[i], buffer) }))(args)
		},
		"shake":  run(shake(fresh)),
		"resume": run(shake(resuming)),
		"download": func(args []string) (string, error) { // an operation is a MiB
			ask := fmt.Sprintf("GET /%d HTTP/1.1\r\nHost: localhost\r\n\r\n", size)
			return run(func(d time.Duration) (int, time.Duration, error) {
				n, took, err := each(1, func(i int, buffer []byte) error {
					if _, err := io.WriteString(conns[i], ask); err != nil {
						return err
					}
					k, err := conns[i].Read(buffer)
					if err != nil {
						return err
					}
					head := strings.Index(string(buffer[:k]), "\r\n\r\n")
					if head < 0 {
						return fmt.Errorf("no head in %q", buffer[:k])
					}
					for left := size<<20 - (k - head - 4); left > 0; left -= k {
						if k, err = conns[i].Read(buffer); err != nil {
							return err
						}
					}
					return nil
				})(d)
				return n * size, took, err
			})(args)
		},
	})
}

// tlsContestant is a server or a client of https with its other end.
type tlsContestant struct {
	server  bool
	command string

	measured, other *child
	worker          *child
}

func (c tlsContestant) open(peer string) (contestant, error) {
	if err := tlsPair(); err != nil {
		return nil, err
	}
	here, there := cores()
	var err error
	if !c.server {
		if c.other, err = startRole(there, "tls-reply", "", ""); err != nil {
			return nil, err
		}
		if peer == "node" {
			_, port, _ := net.SplitHostPort(c.other.greeting)
			c.measured, err = startNode(here, nodeClient, "localhost", port, strconv.Itoa(inFlight), os.Getenv("BENCH_CERT"))
		} else {
			c.measured, err = startRole(here, "tls-client", peer, c.other.greeting)
		}
		if err != nil {
			c.other.close()
			return nil, err
		}
		c.worker, c.command = c.measured, "run"
		return &c, nil
	}
	if c.measured, err = startTLSServer(peer); err != nil {
		return nil, err
	}
	if c.other, err = startRole(there, "tls-load", "", c.measured.greeting); err != nil {
		c.measured.close()
		return nil, err
	}
	c.worker = c.other
	conns := inFlight
	if c.command != "run" {
		conns = 1
	}
	if _, err = c.other.ask(0, fmt.Sprint("open ", conns)); err == nil {
		_, err = c.other.ask(0, fmt.Sprint("size ", tlsSize))
	}
	if err != nil {
		c.Close()
		return nil, fmt.Errorf("%s: %w", c.measured.name, err)
	}
	return &c, nil
}

func startTLSServer(peer string) (*child, error) {
	here, _ := cores()
	if peer == "node" {
		return startNode(here, nodeServer, os.Getenv("BENCH_CERT"), os.Getenv("BENCH_KEY"))
	}
	return startRole(here, "tls-server", peer, "")
}

func (c *tlsContestant) Measure(d time.Duration) (sample, error) {
	var t tally
	var err error
	for _, d := range []time.Duration{min(warmUp, d), d} {
		if t, err = driveBy(c.command, c.worker, c.measured, d); err != nil {
			return sample{}, fmt.Errorf("%s: %w", c.measured.name, err)
		}
	}
	return t.sample(float64(t.operations) / max(t.cpu, time.Microsecond).Seconds()), nil
}

func (c *tlsContestant) Close() {
	c.measured.close()
	c.other.close()
}

// tlsIdleContestant starts a server anew for each measurement.
type tlsIdleContestant struct{ peer string }

func (c tlsIdleContestant) Measure(time.Duration) (sample, error) {
	opened, err := tlsContestant{server: true, command: "run"}.open(c.peer)
	if err != nil {
		return sample{}, err
	}
	defer opened.Close()
	s := opened.(*tlsContestant)
	before, err := s.measured.settled()
	if err != nil {
		return sample{}, err
	}
	if _, err := s.other.ask(0, fmt.Sprint("open ", tlsIdleConns)); err != nil {
		return sample{}, err
	}
	after, err := s.measured.settled()
	return sample{Value: float64(after-before) / float64(tlsIdleConns), Also: float64(after) / mebibyte, Busy: 1}, err
}

func (tlsIdleContestant) Close() {}
