package core

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"syscall"
	"testing"
)

func TestErrorIsComparesCodes(t *testing.T) {
	wrapped := fmt.Errorf("outer: %w", ErrInvalidChar.With("Invalid character in header content [%q]", "x"))
	if !errors.Is(wrapped, ErrInvalidChar) {
		t.Error("an error made With another message is not its sentinel")
	}
	if errors.Is(wrapped, ErrInvalidHTTPToken) {
		t.Error("errors with different codes are the same")
	}
	if errors.Is(ErrInvalidChar, io.EOF) {
		t.Error("an Error is io.EOF")
	}
	var e *Error
	if !errors.As(wrapped, &e) || e.Kind != "TypeError" || e.Code != "ERR_INVALID_CHAR" {
		t.Errorf("With lost the kind or the code: %+v", e)
	}
}

func TestErrorText(t *testing.T) {
	for _, test := range []struct {
		err  Error
		want string
	}{
		{Error{Code: "ERR_X"}, "ERR_X"},
		{Error{Code: "ERR_X", Message: "It went wrong"}, "It went wrong [ERR_X]"},
		{Error{Code: "ECONNRESET", Message: "read ECONNRESET"}, "read ECONNRESET"},
	} {
		if got := test.err.Error(); got != test.want {
			t.Errorf("%+v is %q, want %q", test.err, got, test.want)
		}
	}
}

func TestFromSystem(t *testing.T) {
	op := func(err error) error {
		return &net.OpError{Op: "dial", Net: "tcp", Err: err}
	}
	system := func(errno syscall.Errno) error { return op(os.NewSyscallError("connect", errno)) }
	for _, test := range []struct {
		name       string
		err        error
		code, kind string
	}{
		{"refused", system(syscall.ECONNREFUSED), "ECONNREFUSED", "Error"},
		{"reset", system(syscall.ECONNRESET), "ECONNRESET", "Error"},
		{"in use", system(syscall.EADDRINUSE), "EADDRINUSE", "Error"},
		{"timed out by the system", system(syscall.ETIMEDOUT), "ETIMEDOUT", "Error"},
		{"without a name", system(syscall.Errno(4095)), "errno 4095", "Error"},
		{"no such host", op(&net.DNSError{Err: "no such host", IsNotFound: true}), "ENOTFOUND", "Error"},
		{"no such host for now", op(&net.DNSError{IsNotFound: true, IsTemporary: true}), "ENOTFOUND", "Error"},
		{"resolver timed out", op(&net.DNSError{IsTimeout: true}), "EAI_AGAIN", "Error"},
		{"resolver trouble", op(&net.DNSError{IsTemporary: true}), "EAI_AGAIN", "Error"},
		{"resolver cancelled", op(&net.DNSError{UnwrapErr: context.Canceled}), "ABORT_ERR", "AbortError"},
		{"cancelled", op(context.Canceled), "ABORT_ERR", "AbortError"},
		{"deadline", op(os.ErrDeadlineExceeded), "ETIMEDOUT", "Error"},
		{"context's deadline", op(context.DeadlineExceeded), "ETIMEDOUT", "Error"},
		{"closed", op(net.ErrClosed), "EPIPE", "Error"},
		{"closed pipe", io.ErrClosedPipe, "EPIPE", "Error"},
		{"cut off", io.ErrUnexpectedEOF, "ECONNRESET", "Error"},
		{"end", io.EOF, "ECONNRESET", "Error"},
		{"anything", errors.New("strange"), "EIO", "Error"},
	} {
		t.Run(test.name, func(t *testing.T) {
			e := FromSystemAt(test.err, "connect", "127.0.0.1", 1)
			if e.Code != test.code || e.Kind != test.kind {
				t.Errorf("%v is %s of kind %s, want %s of kind %s", test.err, e.Code, e.Kind, test.code, test.kind)
			}
			want := "connect " + test.code + " 127.0.0.1:1"
			if test.name == "anything" {
				want += ": strange" // else nobody would learn what it was
			}
			if e.Error() != want {
				t.Errorf("text %q, want %q", e.Error(), want)
			}
			if e.Syscall != "connect" || e.Address != "127.0.0.1" || e.Port != 1 || !errors.Is(e, test.err) {
				t.Errorf("the operation or the cause is lost: %+v", e)
			}
		})
	}
	if e := FromSystem(io.EOF, "read", ""); e.Message != "read ECONNRESET" {
		t.Errorf("without a place: %q", e.Message)
	}
	if e := FromSystem(op(ErrConnReset), "read", "x"); e != ErrConnReset {
		t.Errorf("an Error is wrapped again: %v", e)
	}
}
