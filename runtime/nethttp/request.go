package nethttp

// The request that a handler sees, made of the one that the server received.

import (
	"errors"
	"io"
	"maps"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"nodehttp/core"
	"nodehttp/runtime"
	"nodehttp/runtime/http1"
)

// newRequest translates a received request, except for its body. It fails if
// net/http does not take the request target.
func newRequest(in *runtime.IncomingMessage) (*http.Request, error) {
	raw := in.RawHeaders()
	header := headerOf(raw)
	target := in.URL()
	r := &http.Request{
		Method:     in.Method(),
		Proto:      "HTTP/" + in.HTTPVersion(),
		ProtoMajor: in.HTTPVersionMajor(),
		ProtoMinor: in.HTTPVersionMinor(),
		Header:     header,
		RequestURI: target,
	}
	var err error
	if r.Method == http.MethodConnect && !strings.HasPrefix(target, "/") {
		if r.URL, err = url.ParseRequestURI("http://" + target); err == nil {
			r.URL.Scheme = ""
		}
	} else {
		r.URL, err = url.ParseRequestURI(target)
	}
	if err != nil {
		return nil, err
	}
	if r.Host = r.URL.Host; r.Host == "" {
		r.Host = header.Get("Host")
	}
	delete(header, "Host")
	sock := in.Socket()
	if a := sock.RemoteAddr(); a != nil {
		r.RemoteAddr = a.String()
	}
	r.TLS = sock.ConnectionState()
	r.Close = http1.HasToken("close", header["Connection"]...) ||
		!r.ProtoAtLeast(1, 1) && !http1.HasToken("keep-alive", header["Connection"]...)
	framing(header, &r.TransferEncoding, &r.Trailer, &r.ContentLength)
	r.ContentLength = max(r.ContentLength, 0)
	if len(r.TransferEncoding) > 0 {
		r.ContentLength = -1
	}
	return r, nil
}

// headerOf collects fields under their canonical names.
func headerOf(raw runtime.Headers) http.Header {
	h := make(http.Header, len(raw))
	for _, f := range raw {
		h.Add(f[0], f[1])
	}
	return h
}

// framing takes the fields that frame the body out of a received header. length
// is -1 if no field gives it.
func framing(h http.Header, codings *[]string, trailer *http.Header, length *int64) {
	*length = -1
	if http1.HasToken("chunked", h["Transfer-Encoding"]...) {
		*codings = []string{"chunked"}
	} else if n, err := strconv.ParseUint(h.Get("Content-Length"), 10, 63); err == nil {
		*length = int64(n)
	}
	delete(h, "Transfer-Encoding")
	if len(*codings) == 0 {
		return
	}
	for _, list := range h["Trailer"] {
		for name := range strings.SplitSeq(list, ",") {
			if name = http.CanonicalHeaderKey(strings.TrimSpace(name)); name != "" {
				if *trailer == nil {
					*trailer = http.Header{}
				}
				(*trailer)[name] = nil
			}
		}
	}
	delete(h, "Trailer")
}

// addTrailers adds received trailers to those that were announced.
func addTrailers(to *http.Header, raw runtime.Headers) {
	if len(raw) == 0 {
		return
	}
	if *to == nil {
		*to = http.Header{}
	}
	maps.Copy(*to, headerOf(raw))
}

// requestBody is the body of a received request. The first Read asks a client
// that waits for it to go on.
type requestBody struct {
	in      *runtime.IncomingMessage
	request *http.Request
	goOn    func() // sends 100 Continue, if that is due

	closed atomic.Bool
	ended  atomic.Bool  // Read has returned io.EOF
	failed atomic.Bool  // Read has returned another error
	taken  atomic.Int64 // how many bytes Read has returned

	mu  sync.Mutex // guards what follows, and makes readers take turns
	err error
}

// Read reads from the body. It returns io.EOF at its end, when the request's
// Trailer is complete, http.ErrBodyReadAfterClose after Close and when the
// handler has returned, an error that wraps os.ErrDeadlineExceeded after the
// deadline, and one with code ECONNRESET that wraps io.ErrUnexpectedEOF if the
// client has left before.
func (b *requestBody) Read(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed.Load() {
		return 0, http.ErrBodyReadAfterClose
	}
	if b.err != nil {
		return 0, b.err
	}
	b.goOn()
	n, err := b.in.Read(p)
	b.taken.Add(int64(n))
	b.ended.Store(err == io.EOF)
	b.failed.Store(err != nil && err != io.EOF)
	switch {
	case err == io.EOF:
		addTrailers(&b.request.Trailer, b.in.RawTrailers())
	case errors.Is(err, core.ErrConnReset):
		if errors.Is(err, os.ErrDeadlineExceeded) {
			err = core.ErrReadTimeout
			break
		}
		err = core.ErrConnReset.With("aborted").Because(io.ErrUnexpectedEOF)
	}
	b.err = err
	return n, err
}

// Close ends reading. What the client still sends is let pass.
func (b *requestBody) Close() error {
	b.closed.Store(true)
	return nil
}

// unreadLimit is how much of a body that its handler has not read is received so
// that the connection can be kept, as net/http has it.
const unreadLimit = 256 << 10

// excessive reports whether more of the body is known to be left than is worth
// receiving.
func (b *requestBody) excessive() bool {
	return b.failed.Load() || b.request.ContentLength-b.taken.Load() > unreadLimit
}

// drain receives what is left of the body, and reports whether its end has come within
// unreadLimit. It does not wait for another goroutine that reads.
func (b *requestBody) drain() bool {
	if !b.mu.TryLock() {
		return false
	}
	defer b.mu.Unlock()
	n, err := io.CopyN(io.Discard, b.in, unreadLimit+1)
	b.taken.Add(n)
	b.ended.Store(err == io.EOF)
	b.failed.Store(err != nil && err != io.EOF)
	return err == io.EOF
}

// discard receives what the handler, which has returned, has left of the body.
// If that is too much, the connection ends when out, the answer, has been sent.
// It must be called before out is ended, which would let the rest pass unseen.
func (b *requestBody) discard(out *runtime.OutgoingMessage) {
	if b.ended.Load() || b.in.Complete() {
		return
	}
	var received atomic.Int64
	var answered atomic.Bool
	sock := b.in.Socket()
	b.in.OnData(func(chunk []byte) {
		if received.Add(int64(len(chunk))) > unreadLimit && answered.Load() {
			sock.Close()
		}
	})
	out.OnFinish(func() {
		answered.Store(true) // before the look, so that what arrives meanwhile is seen
		if received.Load() > unreadLimit {
			sock.Close()
		}
	})
}
