package core

// Errors: one type with Node's code and kind, the sentinels for errors.Is, and the
// translation of the errors of the operating system and the resolver into Node's
// codes. Callers decide which code belongs to which situation.

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// Error is an error as Node reports it: a stable code and the class that Node
// throws. Two Errors are the same to errors.Is when their codes are equal.
type Error struct {
	Code    string // "ERR_HTTP_HEADERS_SENT", "ECONNRESET", "HPE_INVALID_METHOD", …
	Kind    string // "Error", "TypeError", "RangeError" or "AbortError"
	Message string // the sentence, without the code

	// For errors of the operating system: the operation that failed ("connect",
	// "read", …) and what it failed for: the IP address, the path or, of
	// "getaddrinfo", the name, and the port if there is one.
	Syscall string
	Address string
	Port    int

	BytesParsed int    // for HPE_ codes: how many bytes of RawPacket were accepted
	RawPacket   []byte // for HPE_ codes: a copy of the bytes at hand when parsing failed

	Err error // what caused it, if anything did
}

// Error returns the message followed by the code in brackets, or the message
// alone where it names the code already.
func (e *Error) Error() string {
	if e.Message == "" {
		return e.Code
	}
	if strings.Contains(e.Message, e.Code) {
		return e.Message
	}
	return e.Message + " [" + e.Code + "]"
}

// Is reports whether target is an Error with the same code.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Code == e.Code
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Timeout reports whether something took too long, as net.Error has it.
func (e *Error) Timeout() bool {
	var cause net.Error
	return e.Code == "ETIMEDOUT" || errors.As(e.Err, &cause) && cause.Timeout()
}

// Temporary reports whether the same call may succeed later, as net.Error has it:
// after a deadline that has passed is moved, it does.
func (e *Error) Temporary() bool {
	var cause interface{ Temporary() bool }
	return errors.As(e.Err, &cause) && cause.Temporary()
}

// With returns an Error of the same code and kind with another message, made
// with fmt.Sprintf.
func (e *Error) With(format string, args ...any) *Error {
	return &Error{Code: e.Code, Kind: e.Kind, Message: fmt.Sprintf(format, args...)}
}

// Because returns a copy of e that wraps a cause.
func (e *Error) Because(cause error) *Error {
	caused := *e
	caused.Err = cause
	return &caused
}

func sentinel(kind, code, message string) *Error {
	return &Error{Code: code, Kind: kind, Message: message}
}

// The sentinels: compare with errors.Is, which looks at the code only.
var (
	ErrHTTPHeadersSent           = sentinel("Error", "ERR_HTTP_HEADERS_SENT", "Headers were already sent")
	ErrHTTPInvalidStatusCode     = sentinel("RangeError", "ERR_HTTP_INVALID_STATUS_CODE", "Invalid status code")
	ErrHTTPContentLengthMismatch = sentinel("Error", "ERR_HTTP_CONTENT_LENGTH_MISMATCH", "The body's length differs from its Content-Length")
	ErrHTTPInvalidHeaderValue    = sentinel("TypeError", "ERR_HTTP_INVALID_HEADER_VALUE", "Invalid value for header")
	ErrHTTPBodyNotAllowed        = sentinel("Error", "ERR_HTTP_BODY_NOT_ALLOWED", "Adding content for this request method or response status is not allowed.")
	ErrHTTPTrailerInvalid        = sentinel("Error", "ERR_HTTP_TRAILER_INVALID", "Trailers are invalid with this transfer encoding")
	ErrHTTPRequestTimeout        = sentinel("Error", "ERR_HTTP_REQUEST_TIMEOUT", "Request timeout")
	ErrInvalidHTTPToken          = sentinel("TypeError", "ERR_INVALID_HTTP_TOKEN", "Not a valid HTTP token")
	ErrInvalidChar               = sentinel("TypeError", "ERR_INVALID_CHAR", "Invalid character")
	ErrInvalidProtocol           = sentinel("TypeError", "ERR_INVALID_PROTOCOL", "Protocol not supported")
	ErrInvalidIPAddress          = sentinel("TypeError", "ERR_INVALID_IP_ADDRESS", "Invalid IP address")
	ErrInvalidURL                = sentinel("TypeError", "ERR_INVALID_URL", "Invalid URL")
	ErrOutOfRange                = sentinel("RangeError", "ERR_OUT_OF_RANGE", "Value is out of range")
	ErrInvalidArgValue           = sentinel("TypeError", "ERR_INVALID_ARG_VALUE", "Invalid argument value")
	ErrUnescapedCharacters       = sentinel("TypeError", "ERR_UNESCAPED_CHARACTERS", "Unescaped characters")
	ErrServerNotRunning          = sentinel("Error", "ERR_SERVER_NOT_RUNNING", "Server is not running.")
	ErrServerAlreadyListen       = sentinel("Error", "ERR_SERVER_ALREADY_LISTEN", "The server is listening already")
	ErrSocketBadPort             = sentinel("RangeError", "ERR_SOCKET_BAD_PORT", "Port should be >= 0 and < 65536.")
	ErrSocketClosed              = sentinel("Error", "ERR_SOCKET_CLOSED", "Socket is closed")
	ErrStreamWriteAfterEnd       = sentinel("Error", "ERR_STREAM_WRITE_AFTER_END", "write after end")
	ErrStreamDestroyed           = &Error{Code: "ERR_STREAM_DESTROYED", Kind: "Error", Message: "The stream was destroyed", Err: net.ErrClosed}
	ErrStreamCannotPipe          = sentinel("Error", "ERR_STREAM_CANNOT_PIPE", "Cannot pipe, not readable")
	ErrStreamFlowing             = sentinel("Error", "ERR_STREAM_FLOWING", "The stream flows, to its 'data' listeners or into nothing: it cannot be read")
	ErrReadTimeout               = FromSystem(os.ErrDeadlineExceeded, "read", "")
	ErrWriteTimeout              = FromSystem(os.ErrDeadlineExceeded, "write", "")
	ErrConnReset                 = sentinel("Error", "ECONNRESET", "socket hang up")
	ErrAborted                   = sentinel("AbortError", "ABORT_ERR", "The operation was aborted")
)

// DestroyedBy is ErrStreamDestroyed, with the cause if there is one.
func DestroyedBy(cause error) error {
	switch {
	case cause == nil:
		return ErrStreamDestroyed
	case errors.Is(cause, ErrStreamDestroyed):
		return cause
	}
	return ErrStreamDestroyed.With("%s: %v", ErrStreamDestroyed.Message, cause).Because(cause)
}

// FromSystem turns an error of the net package into an Error with Node's code
// (ECONNREFUSED, ENOTFOUND, …). syscall is the operation that failed, as Node names
// it; address says for what, and may be empty. An Error is returned as it is. An
// unknown error gets the code EIO, followed by its own text.
func FromSystem(err error, syscall, address string) *Error {
	return FromSystemAt(err, syscall, address, 0)
}

// FromSystemAt is FromSystem for an address that has a port, unless that is 0.
func FromSystemAt(err error, syscall, address string, port int) *Error {
	var own *Error
	if errors.As(err, &own) {
		return own
	}
	code, kind := systemCode(err), "Error"
	unknown := code == ""
	if unknown {
		code = "EIO"
	}
	if code == ErrAborted.Code {
		kind = ErrAborted.Kind
	}
	message := syscall + " " + code
	if syscall == "listen" {
		message += description(err)
	}
	if address != "" {
		message += " " + address
	}
	if port > 0 {
		message += ":" + strconv.Itoa(port)
	}
	if unknown {
		message += ": " + err.Error()
	}
	return &Error{Code: code, Kind: kind, Message: message, Syscall: syscall, Address: address, Port: port, Err: err}
}

// description is the meaning of a system error number in words, after a colon.
func description(err error) string {
	var errno syscall.Errno
	switch {
	case !errors.As(err, &errno):
		return ""
	case errno == syscall.EADDRNOTAVAIL: // as libuv has it on all systems
		return ": address not available"
	case errno == syscall.ELOOP:
		return ": too many symbolic links encountered"
	}
	return ": " + errno.Error()
}

// HasCode reports whether err is an Error, or an error whose code FromSystem knows.
func HasCode(err error) bool {
	var own *Error
	return errors.As(err, &own) || systemCode(err) != ""
}

func systemCode(err error) string {
	var errno syscall.Errno
	var dns *net.DNSError
	switch {
	case errors.As(err, &errno):
		if name, ok := errnoNames[errno]; ok {
			return name
		}
		return fmt.Sprintf("errno %d", int(errno))
	case errors.Is(err, context.Canceled): // before the resolver, which wraps it
		return ErrAborted.Code
	case errors.As(err, &dns):
		if dns.IsTimeout || dns.IsTemporary && !dns.IsNotFound {
			return "EAI_AGAIN"
		}
		return "ENOTFOUND"
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded):
		return "ETIMEDOUT"
	case errors.Is(err, net.ErrClosed), errors.Is(err, io.ErrClosedPipe):
		return "EPIPE"
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return "ECONNRESET"
	}
	return ""
}

var errnoNames = map[syscall.Errno]string{
	syscall.E2BIG:           "E2BIG",
	syscall.EACCES:          "EACCES",
	syscall.EADDRINUSE:      "EADDRINUSE",
	syscall.EADDRNOTAVAIL:   "EADDRNOTAVAIL",
	syscall.EAFNOSUPPORT:    "EAFNOSUPPORT",
	syscall.EAGAIN:          "EAGAIN",
	syscall.EALREADY:        "EALREADY",
	syscall.EBADF:           "EBADF",
	syscall.EBADMSG:         "EBADMSG",
	syscall.EBUSY:           "EBUSY",
	syscall.ECANCELED:       "ECANCELED",
	syscall.ECONNABORTED:    "ECONNABORTED",
	syscall.ECONNREFUSED:    "ECONNREFUSED",
	syscall.ECONNRESET:      "ECONNRESET",
	syscall.EDESTADDRREQ:    "EDESTADDRREQ",
	syscall.EDOM:            "EDOM",
	syscall.EDQUOT:          "EDQUOT",
	syscall.EEXIST:          "EEXIST",
	syscall.EFAULT:          "EFAULT",
	syscall.EFBIG:           "EFBIG",
	syscall.EHOSTDOWN:       "EHOSTDOWN",
	syscall.EHOSTUNREACH:    "EHOSTUNREACH",
	syscall.EILSEQ:          "EILSEQ",
	syscall.EINPROGRESS:     "EINPROGRESS",
	syscall.EINTR:           "EINTR",
	syscall.EINVAL:          "EINVAL",
	syscall.EIO:             "EIO",
	syscall.EISCONN:         "EISCONN",
	syscall.EISDIR:          "EISDIR",
	syscall.ELOOP:           "ELOOP",
	syscall.EMFILE:          "EMFILE",
	syscall.EMLINK:          "EMLINK",
	syscall.EMSGSIZE:        "EMSGSIZE",
	syscall.ENAMETOOLONG:    "ENAMETOOLONG",
	syscall.ENETDOWN:        "ENETDOWN",
	syscall.ENETRESET:       "ENETRESET",
	syscall.ENETUNREACH:     "ENETUNREACH",
	syscall.ENFILE:          "ENFILE",
	syscall.ENOBUFS:         "ENOBUFS",
	syscall.ENODATA:         "ENODATA",
	syscall.ENODEV:          "ENODEV",
	syscall.ENOENT:          "ENOENT",
	syscall.ENOEXEC:         "ENOEXEC",
	syscall.ENOLCK:          "ENOLCK",
	syscall.ENOMEM:          "ENOMEM",
	syscall.ENOPROTOOPT:     "ENOPROTOOPT",
	syscall.ENOSPC:          "ENOSPC",
	syscall.ENOSYS:          "ENOSYS",
	syscall.ENOTCONN:        "ENOTCONN",
	syscall.ENOTDIR:         "ENOTDIR",
	syscall.ENOTEMPTY:       "ENOTEMPTY",
	syscall.ENOTSOCK:        "ENOTSOCK",
	syscall.ENOTSUP:         "ENOTSUP",
	syscall.ENOTTY:          "ENOTTY",
	syscall.ENXIO:           "ENXIO",
	syscall.EOVERFLOW:       "EOVERFLOW",
	syscall.EPERM:           "EPERM",
	syscall.EPFNOSUPPORT:    "EPFNOSUPPORT",
	syscall.EPIPE:           "EPIPE",
	syscall.EPROTO:          "EPROTO",
	syscall.EPROTONOSUPPORT: "EPROTONOSUPPORT",
	syscall.EPROTOTYPE:      "EPROTOTYPE",
	syscall.ERANGE:          "ERANGE",
	syscall.EROFS:           "EROFS",
	syscall.ESHUTDOWN:       "ESHUTDOWN",
	syscall.ESOCKTNOSUPPORT: "ESOCKTNOSUPPORT",
	syscall.ESPIPE:          "ESPIPE",
	syscall.ESRCH:           "ESRCH",
	syscall.ETIMEDOUT:       "ETIMEDOUT",
	syscall.ETOOMANYREFS:    "ETOOMANYREFS",
	syscall.ETXTBSY:         "ETXTBSY",
	syscall.EXDEV:           "EXDEV",
}
