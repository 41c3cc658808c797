package socket

// What a socket tells of the TLS below it.

import (
	"crypto/tls"
	"crypto/x509"
	"net"
)

// ConnectionState returns the state of the TLS connection that the socket stands on, nil if
// there is none: the socket is plain, or not connected yet. It is no method of tls.Conn's
// type, by which others would take a plain socket for an encrypted one.
func (s *Socket) ConnectionState() *tls.ConnectionState {
	for c := s.established(); c != nil; {
		switch t := c.(type) {
		case interface{ ConnectionState() tls.ConnectionState }:
			if state := t.ConnectionState(); state.HandshakeComplete {
				return &state
			}
		case interface{ ConnectionState() *tls.ConnectionState }: // a Socket
			return t.ConnectionState()
		}
		t, ok := c.(interface{ NetConn() net.Conn })
		if !ok {
			break
		}
		c = t.NetConn()
	}
	return nil
}

// Encrypted reports whether the socket stands on a TLS connection.
func (s *Socket) Encrypted() bool { return s.ConnectionState() != nil }

// ALPNProtocol returns the protocol that the ends have agreed on by ALPN, "" if none.
func (s *Socket) ALPNProtocol() string {
	if state := s.ConnectionState(); state != nil {
		return state.NegotiatedProtocol
	}
	return ""
}

// ServerName returns the name that the client has asked for by SNI, "" if none.
func (s *Socket) ServerName() string {
	if state := s.ConnectionState(); state != nil {
		return state.ServerName
	}
	return ""
}

// Authorized reports whether the certificate of the peer has been verified: that of a
// server, or that of a client where the server asks for one. If the connection was made
// nevertheless, as RejectUnauthorized has it, the error is a core.Error that says what is
// wrong with the certificate. It is nil if the peer has shown none, or if there is no TLS.
func (s *Socket) Authorized() (bool, error) {
	state := s.ConnectionState()
	switch {
	case state == nil || len(state.PeerCertificates) == 0:
		return false, nil
	case len(state.VerifiedChains) > 0:
		return true, nil
	}
	t, ok := s.established().(*tlsConn)
	if !ok {
		return false, nil // what another TLS stack believes it has not said
	}
	if err := t.verify(state); err != nil {
		return false, err
	}
	return true, nil
}

// verify looks at the peer's certificate as crypto/tls does unless it was told not to.
func (c *tlsConn) verify(state *tls.ConnectionState) error {
	o := x509.VerifyOptions{Intermediates: x509.NewCertPool(), Roots: c.config.RootCAs, DNSName: c.config.ServerName}
	if !c.client {
		o.Roots, o.DNSName = c.config.ClientCAs, ""
		o.KeyUsages = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	}
	if c.config.Time != nil {
		o.CurrentTime = c.config.Time()
	}
	for _, i := range state.PeerCertificates[1:] {
		o.Intermediates.AddCert(i)
	}
	_, err := state.PeerCertificates[0].Verify(o)
	if err == nil {
		return nil
	}
	return CertificateError(&tls.CertificateVerificationError{UnverifiedCertificates: state.PeerCertificates, Err: err})
}
