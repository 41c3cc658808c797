package socket

// Errors of TLS, with the codes that Node has for them: most are the names that OpenSSL
// gives its reasons, behind ERR_SSL_.

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"os"
	"reflect"
	"strings"
	"time"

	"nodehttp/core"
)

var (
	errHandshakeTimeout = &core.Error{Code: "ERR_TLS_HANDSHAKE_TIMEOUT", Kind: "Error", Message: "TLS handshake timeout", Err: os.ErrDeadlineExceeded}
	errDisconnected     = core.ErrConnReset.With("Client network socket disconnected before secure TLS connection was established")
)

// handshakeError is the error of a handshake of the client's end or the server's. What ends
// the attempt to connect is returned as it is.
func handshakeError(err error, client bool) error {
	var header tls.RecordHeaderError
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case errors.As(err, &header):
		return headerError(header, client)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		if client {
			return errDisconnected
		}
		return core.ErrConnReset
	case errors.Is(err, os.ErrDeadlineExceeded):
		return errHandshakeTimeout
	case core.HasCode(err):
		return core.FromSystem(err, "read", "")
	}
	if e := certificateError(err); e != nil {
		return e
	}
	if _, ok := alertOf(err); ok && client { // in Node it is the write of a finished handshake that fails
		return &core.Error{Code: "EPROTO", Kind: "Error", Message: "write EPROTO: " + err.Error(), Syscall: "write", Err: err}
	}
	return recordError(err)
}

// headerError is the error of a first record that is none.
func headerError(err tls.RecordHeaderError, client bool) *core.Error {
	switch {
	case client:
		return &core.Error{Code: "EPROTO", Kind: "Error", Message: "write EPROTO: the server does not speak TLS: " + err.Error(), Syscall: "write", Err: err}
	case LooksLikeHTTP(err.RecordHeader[:]):
		return &core.Error{Code: "ERR_SSL_HTTP_REQUEST", Kind: "Error", Message: "the client sent an HTTP request to an HTTPS server", Err: err}
	}
	return &core.Error{Code: "ERR_SSL_WRONG_VERSION_NUMBER", Kind: "Error", Message: err.Error(), Err: err}
}

// LooksLikeHTTP reports whether the first bytes of a connection are those of a request
// line, as far as can be told.
func LooksLikeHTTP(b []byte) bool {
	for _, method := range []string{"GET ", "POST ", "HEAD ", "PUT ", "DELETE ", "OPTIONS ", "CONNECT ", "PATCH ", "TRACE "} {
		if n := min(len(b), len(method)); n >= 3 && string(b[:n]) == method[:n] {
			return true
		}
	}
	return false
}

// recordError is the error of a record after the handshake, and of what is wrong with a
// handshake otherwise.
func recordError(err error) error {
	if number, ok := alertOf(err); ok {
		name := alertNames[number]
		if name == "" {
			name = "TLSV1_ALERT"
		}
		if isLocal(err) {
			name = localNames[number]
		}
		if name != "" {
			return &core.Error{Code: "ERR_SSL_" + name, Kind: "Error", Message: err.Error(), Err: err}
		}
	}
	text := err.Error()
	for _, r := range reasons {
		if strings.Contains(text, r.text) {
			return &core.Error{Code: "ERR_SSL_" + r.name, Kind: "Error", Message: text, Err: err}
		}
	}
	if core.HasCode(err) {
		return err
	}
	return &core.Error{Code: "EPROTO", Kind: "Error", Message: "EPROTO: " + text, Err: err}
}

// CertificateError is the error of a peer whose certificate is not believed. What is not
// about a certificate is returned as it is.
func CertificateError(err error) error {
	if e := certificateError(err); e != nil {
		return e
	}
	return err
}

// certificateError is CertificateError, or nil if err is another one.
func certificateError(err error) *core.Error {
	var code string
	var name x509.HostnameError
	var invalid x509.CertificateInvalidError
	var unknown x509.UnknownAuthorityError
	message := err.Error()
	switch {
	case errors.As(err, &name):
		code = "ERR_TLS_CERT_ALTNAME_INVALID"
		message = "Hostname/IP does not match certificate's altnames: " + message
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		code, message = "CERT_HAS_EXPIRED", "certificate has expired"
		if c := invalid.Cert; c != nil && time.Now().Before(c.NotBefore) {
			code, message = "CERT_NOT_YET_VALID", "certificate is not yet valid"
		}
	case errors.As(err, &invalid) && invalid.Reason == x509.IncompatibleUsage:
		code, message = "INVALID_PURPOSE", "unsupported certificate purpose"
	case errors.As(err, &invalid):
		code = "CERT_REJECTED"
	case errors.As(err, &unknown):
		code, message = untrusted(err, unknown)
	default:
		return nil
	}
	return &core.Error{Code: code, Kind: "Error", Message: message, Err: err}
}

// untrusted tells which certificate it is that nobody vouches for.
func untrusted(err error, unknown x509.UnknownAuthorityError) (code, message string) {
	var chain []*x509.Certificate
	var verification *tls.CertificateVerificationError
	if errors.As(err, &verification) {
		chain = verification.UnverifiedCertificates
	} else if unknown.Cert != nil {
		chain = []*x509.Certificate{unknown.Cert}
	}
	for i, c := range chain {
		if !bytes.Equal(c.RawIssuer, c.RawSubject) {
			continue
		}
		if i == 0 {
			return "DEPTH_ZERO_SELF_SIGNED_CERT", "self-signed certificate"
		}
		return "SELF_SIGNED_CERT_IN_CHAIN", "self-signed certificate in certificate chain"
	}
	return "UNABLE_TO_VERIFY_LEAF_SIGNATURE", "unable to verify the first certificate"
}

// alertOf returns the number of the alert that an error stands for. The type of it is
// crypto/tls's own.
func alertOf(err error) (number uint8, ok bool) {
	var op *net.OpError
	if !errors.As(err, &op) || op.Op != "remote error" && op.Op != "local error" {
		return 0, false
	}
	v := reflect.ValueOf(op.Err)
	if v.Kind() != reflect.Uint8 {
		return 0, false
	}
	return uint8(v.Uint()), true
}

func isLocal(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "local error"
}

// alertNames are OpenSSL's reasons for an alert of the peer.
var alertNames = map[uint8]string{
	10: "SSLV3_ALERT_UNEXPECTED_MESSAGE", 20: "SSLV3_ALERT_BAD_RECORD_MAC", 22: "TLSV1_ALERT_RECORD_OVERFLOW",
	40: "SSLV3_ALERT_HANDSHAKE_FAILURE", 42: "SSLV3_ALERT_BAD_CERTIFICATE", 43: "SSLV3_ALERT_UNSUPPORTED_CERTIFICATE",
	44: "SSLV3_ALERT_CERTIFICATE_REVOKED", 45: "SSLV3_ALERT_CERTIFICATE_EXPIRED", 46: "SSLV3_ALERT_CERTIFICATE_UNKNOWN",
	47: "SSLV3_ALERT_ILLEGAL_PARAMETER", 48: "TLSV1_ALERT_UNKNOWN_CA", 49: "TLSV1_ALERT_ACCESS_DENIED",
	50: "TLSV1_ALERT_DECODE_ERROR", 51: "TLSV1_ALERT_DECRYPT_ERROR", 70: "TLSV1_ALERT_PROTOCOL_VERSION",
	71: "TLSV1_ALERT_INSUFFICIENT_SECURITY", 80: "TLSV1_ALERT_INTERNAL_ERROR", 86: "TLSV1_ALERT_INAPPROPRIATE_FALLBACK",
	90: "TLSV1_ALERT_USER_CANCELLED", 100: "TLSV1_ALERT_NO_RENEGOTIATION", 109: "TLSV13_ALERT_MISSING_EXTENSION",
	110: "TLSV1_UNSUPPORTED_EXTENSION", 112: "TLSV1_UNRECOGNIZED_NAME", 113: "TLSV1_BAD_CERTIFICATE_STATUS_RESPONSE",
	116: "TLSV13_ALERT_CERTIFICATE_REQUIRED", 120: "TLSV1_ALERT_NO_APPLICATION_PROTOCOL",
}

// localNames are its reasons for what the alert says that this end sends.
var localNames = map[uint8]string{
	10: "UNEXPECTED_MESSAGE", 20: "DECRYPTION_FAILED_OR_BAD_RECORD_MAC", 22: "DATA_LENGTH_TOO_LONG",
	50: "BAD_LENGTH", 51: "BAD_SIGNATURE", 70: "WRONG_VERSION_NUMBER", 100: "NO_RENEGOTIATION",
}

// reasons are its reasons for what crypto/tls has no type but only a text for.
var reasons = []struct{ text, name string }{
	{"client didn't provide a certificate", "PEER_DID_NOT_RETURN_A_CERTIFICATE"},
	{"client offered only unsupported versions", "UNSUPPORTED_PROTOCOL"},
	{"unsupported application protocols", "NO_APPLICATION_PROTOCOL"},
	{"no cipher suite supported by both", "NO_SHARED_CIPHER"},
	{"no certificates configured", "NO_SUITABLE_SIGNATURE_ALGORITHM"},
	{"oversized record", "DATA_LENGTH_TOO_LONG"},
	{"received record with version", "WRONG_VERSION_NUMBER"},
}
