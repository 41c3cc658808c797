package runtime

// Options of TLS: Node's, over a tls.Config of Go's.

import (
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"io"
	"slices"
	"strings"
	"time"

	"nodehttp/core"
	"nodehttp/runtime/socket"
)

// TLSVersion is a version of TLS, by Node's name of it.
type TLSVersion string

const (
	TLSv1_0 TLSVersion = "TLSv1"
	TLSv1_1 TLSVersion = "TLSv1.1"
	TLSv1_2 TLSVersion = "TLSv1.2"
	TLSv1_3 TLSVersion = "TLSv1.3"
)

// TLSOptions say how a connection is encrypted. TLS is the Go way; the others are Node's,
// and win over it. What neither says is as crypto/tls has it.
type TLSOptions struct {
	TLS *tls.Config // copied

	CA   []byte // PEM: who is believed, in place of the system's certificates
	Cert []byte // PEM: the certificate to show, and those between it and a root
	Key  []byte // PEM: its private key

	ServerName    string   // client: whose certificate the server is to show; "" is the host
	ALPNProtocols []string // in the order of preference
	MinVersion    TLSVersion
	MaxVersion    TLSVersion

	// RejectUnauthorized says whether a peer whose certificate cannot be verified is
	// refused: nil means that it is. If not, Socket.Authorized tells.
	RejectUnauthorized *bool
	// CheckServerIdentity is called with a certificate that has been verified but for its
	// name, in place of the check of that. Client only.
	CheckServerIdentity func(host string, cert *x509.Certificate) error

	RequestCert      bool          // server: clients are asked for a certificate
	HandshakeTimeout time.Duration // server; 0 is two minutes

	// KeyLog receives the secrets of each connection in the format of NSS, for tools that
	// decrypt what was recorded. It makes them worthless as secrets.
	KeyLog io.Writer
}

// handshakeTimeout is how long a client may take for its handshake, as Node has it.
const handshakeTimeout = 120 * time.Second

var tlsVersions = map[TLSVersion]uint16{
	TLSv1_0: tls.VersionTLS10, TLSv1_1: tls.VersionTLS11, TLSv1_2: tls.VersionTLS12, TLSv1_3: tls.VersionTLS13,
}

func (v TLSVersion) number(option string) (uint16, error) {
	n, ok := tlsVersions[v]
	if !ok {
		return 0, (&core.Error{Code: "ERR_TLS_INVALID_PROTOCOL_VERSION", Kind: "TypeError"}).With("%q is not a valid %s TLS protocol version", v, option)
	}
	return n, nil
}

// over returns the options o with what they leave open taken from base.
func (o *TLSOptions) over(base *TLSOptions) *TLSOptions {
	if o == nil {
		return base
	}
	merged := *o
	if merged.TLS == nil {
		merged.TLS = base.TLS
	}
	if merged.CA == nil {
		merged.CA = base.CA
	}
	if merged.Cert == nil && merged.Key == nil {
		merged.Cert, merged.Key = base.Cert, base.Key
	}
	if merged.ServerName == "" {
		merged.ServerName = base.ServerName
	}
	if merged.ALPNProtocols == nil {
		merged.ALPNProtocols = base.ALPNProtocols
	}
	if merged.MinVersion == "" {
		merged.MinVersion = base.MinVersion
	}
	if merged.MaxVersion == "" {
		merged.MaxVersion = base.MaxVersion
	}
	if merged.RejectUnauthorized == nil {
		merged.RejectUnauthorized = base.RejectUnauthorized
	}
	if merged.CheckServerIdentity == nil {
		merged.CheckServerIdentity = base.CheckServerIdentity
	}
	if merged.KeyLog == nil {
		merged.KeyLog = base.KeyLog
	}
	return &merged
}

// rejects reports whether a peer that cannot be verified is refused.
func (o *TLSOptions) rejects() bool { return o.RejectUnauthorized == nil || *o.RejectUnauthorized }

// config returns what both ends make of the options.
func (o *TLSOptions) config() (*tls.Config, error) {
	c := new(tls.Config)
	if o.TLS != nil {
		c = o.TLS.Clone()
	}
	// A message's head and its first chunk are one record, as OpenSSL has it.
	c.DynamicRecordSizingDisabled = true
	var err error
	if o.MinVersion != "" {
		if c.MinVersion, err = o.MinVersion.number("minimum"); err != nil {
			return nil, err
		}
	}
	if o.MaxVersion != "" {
		if c.MaxVersion, err = o.MaxVersion.number("maximum"); err != nil {
			return nil, err
		}
	}
	if c.MaxVersion != 0 && c.MinVersion > c.MaxVersion {
		return nil, core.ErrInvalidArgValue.With("The property 'options.minVersion' is above 'options.maxVersion'")
	}
	if o.ALPNProtocols != nil {
		c.NextProtos = slices.Clone(o.ALPNProtocols)
	}
	if o.KeyLog != nil {
		c.KeyLogWriter = o.KeyLog
	}
	if o.Cert != nil || o.Key != nil {
		pair, err := keyPair(o.Cert, o.Key)
		if err != nil {
			return nil, err
		}
		c.Certificates = []tls.Certificate{pair}
	}
	return c, nil
}

// keyPair reads a certificate and its key. No error of it shows any of the key.
func keyPair(cert, key []byte) (tls.Certificate, error) {
	invalid := &core.Error{Code: core.ErrInvalidArgValue.Code, Kind: core.ErrInvalidArgValue.Kind}
	switch {
	case len(cert) == 0:
		return tls.Certificate{}, invalid.With("The property 'options.cert' is missing beside 'options.key'")
	case len(key) == 0:
		key = cert // some keep both in one file
	}
	if block, _ := pem.Decode(key); block != nil && block.Headers["DEK-Info"] != "" || block != nil && block.Type == "ENCRYPTED PRIVATE KEY" {
		return tls.Certificate{}, invalid.With("The property 'options.key' is encrypted: decrypt it, and give it by TLS.Certificates or as it is then")
	}
	pair, err := tls.X509KeyPair(cert, key)
	if err != nil {
		return pair, invalid.With("The properties 'options.cert' and 'options.key' are no certificate with its key: %v", err).Because(err)
	}
	return pair, nil
}

// roots returns the certificates of CA, nil if that is not given.
func (o *TLSOptions) roots() (*x509.CertPool, error) {
	if o.CA == nil {
		return nil, nil
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(o.CA) {
		return nil, core.ErrInvalidArgValue.With("The property 'options.ca' holds no certificate in PEM")
	}
	return pool, nil
}

// client returns the configuration of a client's end of a connection to name.
func (o *TLSOptions) client(name string) (*tls.Config, error) {
	c, err := o.config()
	if err != nil {
		return nil, err
	}
	roots, err := o.roots()
	if err != nil {
		return nil, err
	}
	if roots != nil {
		c.RootCAs = roots
	}
	c.ServerName = name
	switch check := o.CheckServerIdentity; {
	case o.RejectUnauthorized != nil && !*o.RejectUnauthorized:
		c.InsecureSkipVerify = true
	case o.RejectUnauthorized != nil:
		c.InsecureSkipVerify = false
		fallthrough
	default:
		if check != nil {
			c.InsecureSkipVerify = true // but for what follows
			verify := c.VerifyConnection
			c.VerifyConnection = func(state tls.ConnectionState) error {
				if err := verifyChain(c, &state); err != nil {
					return err
				}
				if err := check(name, state.PeerCertificates[0]); err != nil || verify == nil {
					return err
				}
				return verify(state)
			}
		}
	}
	return c, nil
}

// verifyChain verifies a server's certificate but for its name.
func verifyChain(c *tls.Config, state *tls.ConnectionState) error {
	o := x509.VerifyOptions{Roots: c.RootCAs, Intermediates: x509.NewCertPool()}
	if c.Time != nil {
		o.CurrentTime = c.Time()
	}
	for _, i := range state.PeerCertificates[1:] {
		o.Intermediates.AddCert(i)
	}
	if _, err := state.PeerCertificates[0].Verify(o); err != nil {
		return socket.CertificateError(&tls.CertificateVerificationError{UnverifiedCertificates: state.PeerCertificates, Err: err})
	}
	return nil
}

// server returns the configuration of a server's end.
func (o *TLSOptions) server() (*tls.Config, error) {
	c, err := o.config()
	if err != nil {
		return nil, err
	}
	roots, err := o.roots()
	if err != nil {
		return nil, err
	}
	if roots != nil {
		c.ClientCAs = roots
	}
	switch {
	case o.RequestCert && o.rejects():
		c.ClientAuth = tls.RequireAndVerifyClientCert
	case o.RequestCert:
		c.ClientAuth = tls.RequestClientCert
	}
	if c.NextProtos == nil {
		c.NextProtos = []string{"http/1.1"}
	}
	return c, nil
}

// alone reports whether no two requests can be known to have the same options: a connection
// that is made with them is not kept.
func (o *TLSOptions) alone() bool {
	return o != nil && (o.CheckServerIdentity != nil || o.KeyLog != nil)
}

// identity is what tells apart connections that are made with these options, as a map's
// key has it. Functions and writers are told apart by the options that have them: who
// gives them with a request gets connections that no other request shares.
func (o *TLSOptions) identity() tlsIdentity {
	if o == nil {
		return tlsIdentity{}
	}
	id := tlsIdentity{config: o.TLS}
	if o.alone() {
		id.own = o
	}
	reject := ""
	if o.RejectUnauthorized != nil {
		reject = "no"
		if *o.RejectUnauthorized {
			reject = "yes"
		}
	}
	h := sha256.New()
	for _, part := range [][]byte{o.CA, o.Cert, o.Key, []byte(strings.Join(o.ALPNProtocols, "\x00")),
		[]byte(o.MinVersion), []byte(o.MaxVersion), []byte(reject)} {
		sum := sha256.Sum256(part) // of each, so that where one ends cannot be moved
		h.Write(sum[:])
	}
	id.sum = hex.EncodeToString(h.Sum(nil))
	return id
}

type tlsIdentity struct {
	config *tls.Config
	own    *TLSOptions
	sum    string
}

// names returns the part of Node's name for a connection that tells TLS apart, with as many
// fields as the newest version has.
func (o *TLSOptions) names(host, serverName string) string {
	reject := ""
	if o.RejectUnauthorized != nil {
		reject = "false"
		if *o.RejectUnauthorized {
			reject = "true"
		}
	}
	if serverName == host {
		serverName = ""
	}
	// ca, cert, clientCertEngine, ciphers, key, pfx, rejectUnauthorized, servername,
	// minVersion, maxVersion, secureProtocol, crl, honorCipherOrder, ecdhCurve, dhparam,
	// secureOptions, sessionIdContext, sigalgs, privateKeyIdentifier, privateKeyEngine
	parts := []string{"", string(o.CA), string(o.Cert), "", "", string(o.Key), "", reject, serverName,
		string(o.MinVersion), string(o.MaxVersion), "", "", "", "", "", "", "", "", "", ""}
	return strings.Join(parts, ":")
}
