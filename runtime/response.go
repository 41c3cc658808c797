package runtime

// ServerResponse: what a response has beside an outgoing message. That is its status line,
// its informational responses, and its exchange with one request.

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strconv"
	"sync/atomic"

	"nodehttp/core"
	"nodehttp/runtime/http1"
	"nodehttp/runtime/socket"
)

// ServerResponse is the response to a request. The server makes it and gives it to the
// listeners of 'request'. All methods may be called from any goroutine.
type ServerResponse struct {
	out  OutgoingMessage
	req  *IncomingMessage
	conn *serverConn
	next *ServerResponse // in the queue of the connection; guarded by conn.mu

	status   int32         // guarded by out.mu
	listener atomic.Uint32 // of 'request': listenerInside and so on (server_hijack.go)
}

// Outgoing returns the response as an OutgoingMessage.
func (r *ServerResponse) Outgoing() *OutgoingMessage { return &r.out }

// Req returns the request that this is the response to.
func (r *ServerResponse) Req() *IncomingMessage { return r.req }

// StatusCode returns the status that will be or was sent. It is 200 at first.
func (r *ServerResponse) StatusCode() int {
	r.out.mu.Lock()
	defer r.out.mu.Unlock()
	return int(r.status)
}

// SetStatusCode sets the status of a head that WriteHead does not write. With one that is
// out of range, sending the head fails as in WriteHead.
func (r *ServerResponse) SetStatusCode(code int) {
	r.out.mu.Lock()
	defer r.out.mu.Unlock()
	r.status = int32(max(min(code, math.MaxInt32), math.MinInt32))
}

// StatusMessage returns the reason phrase that was set; if none was, it returns the
// standard one once the head is fixed.
func (r *ServerResponse) StatusMessage() string {
	r.out.mu.Lock()
	defer r.out.mu.Unlock()
	if r.message() == "" && r.out.state.phase != phaseOpen {
		return r.reason()
	}
	return r.message()
}

// message returns the reason phrase that was set, "" if none was. The caller holds out.mu, as
// for setMessage.
func (r *ServerResponse) message() string {
	if r.out.rare == nil {
		return ""
	}
	return r.out.rare.reason
}

func (r *ServerResponse) setMessage(message string) {
	if message != r.message() {
		r.out.ensureRare().reason = message
	}
}

// SetStatusMessage sets the reason phrase; "" means the standard one.
func (r *ServerResponse) SetStatusMessage(message string) {
	r.out.mu.Lock()
	defer r.out.mu.Unlock()
	r.setMessage(message)
}

// setBacklog implements outgoingKind.
func (r *ServerResponse) setBacklog(n int) {
	if n == 0 && (r.out.rare == nil || r.out.rare.backlog == 0) {
		return
	}
	rare, c := r.out.ensureRare(), r.conn
	c.mu.Lock()
	c.backlog += n - rare.backlog
	rare.backlog = n
	c.updatePipelineFull()
	c.mu.Unlock()
}

// SendDate reports whether a Date header is added. It is true at first.
func (r *ServerResponse) SendDate() bool { return r.out.has(sendDate) }

// SetSendDate sets whether a Date header is added.
func (r *ServerResponse) SetSendDate(send bool) { r.out.setFlag(sendDate, send) }

// WriteHead sets status and headers and fixes the head, which is sent with the first piece
// of the body. The headers replace those that were set before, and keep their places; a name
// that is given several times is sent as often. It returns core.ErrHTTPHeadersSent when the
// head is fixed already, core.ErrHTTPInvalidStatusCode for a status outside 100 to 999, and
// the errors of SetHeader; then nothing changes.
func (r *ServerResponse) WriteHead(statusCode int, headers ...Headers) error {
	return r.WriteHeadMessage(statusCode, "", headers...)
}

// WriteHeadMessage is WriteHead with a reason phrase. It returns core.ErrInvalidChar for a
// character that may not stand in one.
func (r *ServerResponse) WriteHeadMessage(statusCode int, statusMessage string, headers ...Headers) error {
	r.out.mu.Lock()
	defer r.out.mu.Unlock()
	if r.out.state.phase != phaseOpen {
		return core.ErrHTTPHeadersSent.With("Cannot write headers after they are sent to the client")
	}
	if r.out.flags&outgoingDestroyed != 0 {
		return r.out.destroyedError()
	}
	message := statusMessage
	if message == "" {
		message = r.message()
	}
	if err := validateStatus(statusCode, message); err != nil {
		return err
	}
	for _, list := range headers {
		for _, h := range list {
			if err := r.out.validate(h[0], h[1]); err != nil {
				return err
			}
		}
	}
	status, own, fields := r.status, r.message(), slices.Clone(r.out.fields)
	r.status = int32(statusCode)
	r.setMessage(message)
	for _, list := range headers {
		r.merge(list)
	}
	if err := r.out.checkHead(); err != nil {
		r.status, r.out.fields = status, fields
		r.setMessage(own)
		return err
	}
	r.out.pending = r.out.buildHead(r.out.pending, notYet)
	return nil
}

func validateStatus(code int, message string) error {
	if code < 100 || code > 999 {
		return core.ErrHTTPInvalidStatusCode.With("Invalid status code: %d", code)
	}
	if !http1.ValidReason(message) {
		return core.ErrInvalidChar.With("Invalid character in statusMessage")
	}
	return nil
}

// merge sets a list of headers. If no header was set before, the head has the fields of the
// list as they are. Else each takes the place of the header of its name, and others of the
// same name stand behind it.
func (r *ServerResponse) merge(list Headers) {
	before := len(r.out.fields)
	for i, h := range list {
		again := false
		for j := range i {
			again = again || http1.EqualFold(list[j][0], h[0])
		}
		switch {
		case before == 0, !r.req.rules.profile.WriteHeadFolds && !r.out.hasExactly(h[0]):
			r.out.fields = append(r.out.fields, field{h[0], h[1]})
		case again:
			r.out.add(h[0], []string{h[1]})
		default:
			r.out.set(h[0], h[1])
		}
	}
}

// checkStart implements outgoingKind.
func (r *ServerResponse) checkStart() error { return validateStatus(int(r.status), r.message()) }

// startLine implements outgoingKind.
func (r *ServerResponse) startLine(dst []byte) []byte {
	if r.status == 204 || r.status == 304 || r.status < 200 {
		r.out.flags |= noBody
	}
	if r.status == 204 || r.status < 200 { // RFC 9110, section 8.6, and RFC 9112, section 6.1
		r.out.remove("content-length")
		r.out.remove("transfer-encoding")
	}
	return http1.AppendStatusLine(dst, int(r.status), r.reason())
}

func (r *ServerResponse) reason() string {
	if message := r.message(); message != "" {
		return message
	}
	if r.status < maxReason {
		if standard := r.req.rules.reasons[r.status]; standard != "" {
			return standard
		}
	}
	return noReason
}

// noReason is the reason phrase of a status that has no standard one.
const noReason = "unknown"

// persistence implements outgoingKind.
func (r *ServerResponse) persistence(dst []byte, h headState) []byte {
	switch {
	case r.out.flags&removedConn != 0:
		r.out.decideUnnamed(r.req.rules.profile)
	case h.connection:
	case r.out.state.keepAlive == persists && (h.length || r.out.flags&chunkedDefault != 0):
		if r.out.flags&maxReached != 0 { // the client should close the connection; a further request gets 503
			return append(dst, "Connection: close\r\n"...)
		}
		dst = append(dst, "Connection: keep-alive\r\n"...)
		if !h.keepAlive {
			dst = r.conn.server.appendKeepAlive(dst)
		}
	default:
		r.out.stepKeepAlive(keepAliveEventClose)
		dst = append(dst, "Connection: close\r\n"...)
	}
	return dst
}

// unique implements outgoingKind.
func (r *ServerResponse) unique(name string) bool {
	return slices.ContainsFunc(r.conn.server.options.UniqueHeaders, isNamed(name))
}

// mayCloseDelimit implements outgoingKind. A client that does not know chunks reads until the
// connection ends.
func (r *ServerResponse) mayCloseDelimit() bool { return true }

// serialized implements outgoingKind.
func (r *ServerResponse) serialized(last bool) { r.conn.advancePipeline(r, last) }

// finished implements outgoingKind.
func (r *ServerResponse) finished(quiet bool, tell func()) {
	r.conn.suspendTimeout(r)
	if quiet && r.req.endQuietly() {
		return
	}
	r.out.strand.Post(func() {
		r.releaseSocket()
		defer r.out.strand.Post(r.out.emitClose) // behind what follows from 'finish'
		if tell != nil {
			defer tell()
		}
		r.req.responseSent()
	})
}

// releaseSocket takes the socket from a response that has been sent. It runs inside the
// strand, before 'finish' is emitted.
func (r *ServerResponse) releaseSocket() {
	r.out.mu.Lock()
	r.out.sock = nil
	r.out.stepPlace(placeEventRelease)
	r.out.mu.Unlock()
}

// socket implements outgoingKind.
func (r *ServerResponse) socket() *socket.Socket {
	if r.out.state.phase == phaseFinished && (r.exchangeOver() || !r.req.rules.profile.AnswerKeepsSocket) {
		return nil
	}
	return r.out.sock
}

// exchangeOver reports whether the exchange is over. The listener of 'request' does not see
// that before it returns: 'close' is emitted behind it, too, though the exchange is over as
// soon as the response has been sent. The caller holds the message's mu.
func (r *ServerResponse) exchangeOver() bool {
	return r.out.flags&outgoingClosed != 0 && !r.listenerRuns()
}

// highWaterMark implements outgoingKind.
func (r *ServerResponse) highWaterMark() int { return r.conn.server.highWaterMark }

// closeEmitted implements outgoingKind.
func (r *ServerResponse) closeEmitted() bool { return r.exchangeOver() }

// listenerRuns reports whether the listener of 'request' has not returned yet.
func (r *ServerResponse) listenerRuns() bool { return r.listener.Load() <= listenerOutside }

// countsAsDestroyed implements outgoingKind.
func (r *ServerResponse) countsAsDestroyed() bool {
	return r.req.rules.profile.ConsumedDestroyed && r.exchangeOver()
}

// addTimeoutListeners implements outgoingKind.
func (r *ServerResponse) addTimeoutListeners(callbacks []func()) {
	for _, f := range callbacks {
		r.out.OnTimeout(f)
	}
}

// context implements outgoingKind.
func (r *ServerResponse) context() context.Context { return r.conn.sock.Context() }

// emitsClose implements outgoingKind.
func (r *ServerResponse) emitsClose() bool { return r.req.rules.profile.CloseTellsEnd }

// writeFailed implements outgoingKind. The response is not in the queue any more, so the end
// of the connection does not abort it.
func (r *ServerResponse) writeFailed() {
	r.out.strand.Post(func() { r.abortExchange(r.conn.sock.Wire().Failure()) })
}

// beginWriting lets r write, which is the first of the queue now. It does not if r was
// destroyed while it waited: then the connection has to end, with cause.
func (r *ServerResponse) beginWriting() (cause error, destroyed bool) {
	m := &r.out
	m.mu.Lock()
	if m.flags&outgoingDestroyed != 0 {
		defer m.mu.Unlock()
		return m.failure(), true
	}
	var t transfer
	m.begin(&t, r.conn.sock)
	m.mu.Unlock()
	t.run()
	return nil, false
}

// Destroy destroys the response and its connection. If other responses are before it, the
// connection ends behind them. If the response has been sent and has no socket any more, the
// connection goes on.
func (r *ServerResponse) Destroy(err ...error) {
	m := &r.out
	m.abandon(core.First(err))
	m.mu.Lock()
	m.kind.setBacklog(0)
	ends := m.state.place != placeWaiting && r.socket() != nil
	m.mu.Unlock()
	if ends {
		r.conn.sock.Destroy(core.First(err))
	} else {
		r.conn.Wanted() // the backlog has shrunk
	}
}

// WriteContinue sends "100 Continue": the client may send the body.
func (r *ServerResponse) WriteContinue() error { return r.inform(100, nil) }

// WriteProcessing sends "102 Processing".
func (r *ServerResponse) WriteProcessing() error { return r.inform(102, nil) }

// validateInformation returns why a field may not stand in an informational response.
// The caller holds the message's mu.
func (r *ServerResponse) validateInformation(h [2]string) error {
	if frames(h[0]) {
		return core.ErrHTTPInvalidHeaderValue.With("Header %q can't be in an informational response", h[0])
	}
	return r.out.validate(h[0], h[1])
}

// WriteInformation sends an informational response with any status from 100 to 199 but 101,
// which ends HTTP on the connection. The callback is called when it has been given to the
// system. It returns core.ErrHTTPHeadersSent once the head is fixed, core.ErrOutOfRange
// and, for 101, core.ErrHTTPInvalidStatusCode for the status, and the errors of inform.
func (r *ServerResponse) WriteInformation(status int, fields Headers, callback ...func()) error {
	switch {
	case r.out.HeadersSent():
		return core.ErrHTTPHeadersSent.With("Cannot write headers after they are sent to the client")
	case status < 100 || status > 199:
		return core.ErrOutOfRange.With("The value of \"statusCode\" is out of range. It must be >= 100 && <= 199. Received %d", status)
	case status == 101:
		return core.ErrHTTPInvalidStatusCode.With("Invalid status code: %d", status)
	}
	return r.inform(status, fields, callback...)
}

// inform sends an informational response before the head, but not to a client of HTTP/1.0,
// which would take it for the final one. Each callback is called when it has been given to
// the system, or cannot be. It returns core.ErrHTTPHeadersSent when the head has been sent or
// a piece of the body is behind it, core.ErrHTTPInvalidHeaderValue for Content-Length and
// Transfer-Encoding, since there is no body, and the errors of SetHeader.
func (r *ServerResponse) inform(status int, fields Headers, callback ...func()) error {
	m := &r.out
	m.mu.Lock()
	for _, h := range fields {
		if err := r.validateInformation(h); err != nil {
			m.mu.Unlock()
			return err
		}
	}
	late := !r.req.rules.profile.InformsBehindHead || len(m.pending) == 0 || m.written > 0 || m.state.phase.ended()
	switch {
	case m.state.phase != phaseOpen && late:
		m.mu.Unlock()
		return core.ErrHTTPHeadersSent.With("Cannot send %s after the head of the response", strconv.Itoa(status))
	case m.flags&outgoingDestroyed != 0:
		err := m.destroyedError()
		m.mu.Unlock()
		return err
	case m.flags&toHTTP10 != 0:
		m.mu.Unlock()
		for _, f := range callback {
			m.strand.Post(f)
		}
		return nil
	}
	at := len(m.pending)
	if m.state.phase != phaseOpen { // by WriteHead, and the head has not been sent yet
		at = m.ensureRare().informed
	}
	head := slices.Clone(m.pending[at:])
	m.pending = http1.AppendStatusLine(m.pending[:at], status, cmp.Or(http1.StatusText(status), noReason))
	for _, h := range fields {
		m.pending = http1.AppendField(m.pending, h[0], h[1])
	}
	m.pending = append(m.pending, http1.CRLF...)
	information := len(m.pending)
	m.pending = append(m.pending, head...)
	for _, f := range callback {
		m.addCallbacks([]func(error){func(error) { f() }})
	}
	var t transfer
	if m.state.place == placeWriting {
		m.pushFirst(&t, information)
	} else {
		m.ensureRare().informed = information
	}
	m.mu.Unlock()
	t.run()
	return nil
}

// abortExchange tells the request and its response that their connection has closed, with
// an error if err is one. It runs inside the strand.
func (r *ServerResponse) abortExchange(err error) {
	req := r.req
	byUser, now := req.has(incomingDestroyed|incomingClosed), !req.has(incomingAborted|incomingClosed)
	strand := r.out.strand
	strand.Each(r.out.catchUp, func() { r.out.abandon(err) })
	if byUser || !req.rules.profile.CutMessageErrors {
		strand.Each(func() { req.abort() }, func() { req.emitError(nil) }, req.closeEarly, r.out.emitClose)
		return
	}
	strand.Each(func() { now = req.abort() && now }, r.out.emitClose, func() {
		strand.Post(func() { // behind the socket's 'close'
			defer req.closeEarly()
			if now {
				req.emitError(errAborted)
			}
		})
	})
}
