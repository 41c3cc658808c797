package main

// The objects of http in a script: each is one of the runtime's, with Node's names
// of its members. An error that a method returns is thrown, as in Node.

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"net"
	"slices"
	"strconv"
	"sync/atomic"
	"time"

	"nodehttp/core"
	"nodehttp/generated/profile"
	"nodehttp/runtime"
	"nodehttp/runtime/socket"
)

// emitter is a host with events.
type emitter interface {
	host
	listen(event string, once bool, f callable)
}

func throw(err error) {
	if err != nil {
		panic(thrown{err})
	}
}

// eventSince are the versions that added some events; before, a program cannot listen
// for them.
var eventSince = map[string]string{"abort": "v1.6", "information": "v13.14"}

func (v version) hasEvent(event string) bool {
	since, ok := eventSince[event]
	return !ok || v.atLeast(since)
}

// absent panics: a member that a host does not have must not be undefined, which
// could agree with Node by chance.
func absent(host, name string) any { panic(fmt.Errorf("%s has no member %s", host, name)) }

// on makes an emitter's on or once.
func on(e emitter, once bool) callable {
	return func(a ...any) any {
		attach(e, text(a[0]), once, a[1].(callable))
		return e
	}
}

// attach adds a listener. It runs once the script has run to its last line, as in a
// Node: the system may hold a thread up for so long that the events of what a line has
// made come before the next line.
func attach(e emitter, event string, once bool, f callable) {
	uses.member(e, "'"+event+"'")
	s := current.Load()
	if s == nil {
		return // the scenario is over
	}
	var calls atomic.Int32
	e.listen(event, once, func(values ...any) any {
		if calls.Add(1) == 2 {
			uses.member(e, "'"+event+"'"+repeated)
		}
		<-s.ready
		return f(values...)
	})
}

// repeated marks the use of an event that has called one listener twice.
const repeated = " again"

// Arguments of calls.

func arg(a []any, i int) any {
	if i < len(a) {
		return a[i]
	}
	return undefined{}
}

func function(a []any) callable {
	for _, v := range a {
		if f, ok := v.(callable); ok {
			return f
		}
	}
	return nil
}

// callbacks is the function among arguments, as the runtime takes it.
func callbacks(a []any) []func() {
	if f := function(a); f != nil {
		return []func(){func() { f() }}
	}
	return nil
}

func errorCallbacks(a []any) []func(error) {
	if f := function(a); f != nil {
		return []func(error){func(err error) {
			if err == nil {
				f()
			} else {
				f(err)
			}
		}}
	}
	return nil
}

// chunk is the first argument as bytes; ok is false if it is none.
func chunk(a []any) (b []byte, ok bool) {
	switch v := arg(a, 0).(type) {
	case string:
		encoding := core.UTF8
		if name, ok := arg(a, 1).(string); ok {
			encoding = encodingOf(name)
		}
		return encoding.Append(nil, v), true
	case []byte:
		return v, true
	}
	return nil, false
}

// value is a header's value as the runtime takes it: a byte for each character.
func value(v any) string { return string(bytesOf(text(v))) }

func values(v any) []string {
	var all []string
	for _, item := range v.(*list).all() {
		all = append(all, value(item))
	}
	return all
}

// headers makes a header list of an object, of a flat list or of a list of pairs.
func headers(v any) runtime.Headers {
	h := runtime.Headers{}
	add := func(name string, v any) {
		if _, ok := v.(*list); ok {
			for _, v := range values(v) {
				h = append(h, [2]string{name, v})
			}
			return
		}
		h = append(h, [2]string{name, value(v)})
	}
	switch v := v.(type) {
	case *object:
		keys, items := v.all()
		for i, key := range keys {
			add(key, items[i])
		}
	case *list:
		items := v.all()
		for i, item := range items {
			if pair, ok := item.(*list); ok {
				add(text(pair.all()[0]), pair.all()[1])
			} else if i%2 == 1 {
				add(text(items[i-1]), item)
			}
		}
	}
	return h
}

// What the runtime returns, for scripts.

func fromLatin1(s string) string { return latin1([]byte(s)) }

func stringList(list []string) any {
	l := newList()
	for _, s := range list {
		l.items = append(l.items, fromLatin1(s))
	}
	return l
}

func flat(h runtime.Headers) any {
	l := newList()
	for _, pair := range h {
		l.items = append(l.items, fromLatin1(pair[0]), fromLatin1(pair[1]))
	}
	return l
}

func view(h runtime.HeaderView) any {
	o := newObject()
	for name, v := range h.All() {
		if name == "set-cookie" {
			o.set(name, stringList(h.SetCookie()))
		} else {
			o.set(name, fromLatin1(v))
		}
	}
	return o
}

func distinct(m map[string][]string) any {
	o := newObject()
	for _, name := range slices.Sorted(maps.Keys(m)) {
		o.set(name, stringList(m[name]))
	}
	return o
}

func errorProperty(err error, name string) any {
	var e *core.Error
	if errors.As(err, &e) {
		switch name {
		case "code":
			return e.Code
		case "message":
			return e.Message
		case "syscall":
			return e.Syscall
		case "address":
			return orUndefined(e.Address)
		case "port":
			return portOf(e.Port)
		case "bytesParsed":
			return float64(e.BytesParsed)
		case "rawPacket":
			return e.RawPacket
		case "name":
			return e.Kind
		}
	}
	if name == "message" {
		return err.Error()
	}
	return undefined{}
}

func count(n int) any              { return float64(n) }
func duration(d time.Duration) any { return float64(d) / float64(time.Millisecond) }
func integer(v any) int            { return int(number(v)) }
func pointer(v any) *bool          { return new(truth(v)) }
func span(v any) *time.Duration    { return new(milliseconds(v)) }

// limit is a number of sockets, as the runtime has it and as scripts do.
func limit(v any) int {
	if math.IsInf(number(v), 1) {
		return runtime.Infinity
	}
	return integer(v)
}

func limitOf(n int) any {
	if n == 0 || n == runtime.Infinity {
		return math.Inf(1)
	}
	return float64(n)
}

// outgoing is what requests and responses share.
type outgoing struct {
	s *subject
	m *runtime.OutgoingMessage
}

func (o outgoing) member(self emitter, name string) (any, bool) {
	m := o.m
	switch name {
	case "on":
		return on(self, false), true
	case "once":
		return on(self, true), true
	case "headersSent", "_headerSent":
		return m.HeadersSent(), true
	case "finished":
		return m.Finished(), true
	case "destroyed":
		return m.Destroyed(), true
	case "writableEnded":
		return m.WritableEnded(), true
	case "writableFinished":
		return m.WritableFinished(), true
	case "writableCorked":
		return count(m.WritableCorked()), true
	case "writableLength":
		return count(m.WritableLength()), true
	case "writableHighWaterMark":
		return count(m.WritableHighWaterMark()), true
	case "writableObjectMode":
		return m.WritableObjectMode(), true
	case "socket", "connection":
		return wrapSocket(o.s, m.Socket()), true
	case "setHeader":
		return callable(func(a ...any) any {
			if _, ok := arg(a, 1).(*list); ok {
				throw(m.SetHeaderValues(text(a[0]), values(a[1])))
			} else {
				throw(m.SetHeader(text(a[0]), value(a[1])))
			}
			return self
		}), true
	case "setHeaders":
		return callable(func(a ...any) any { throw(m.SetHeaders(headers(a[0]))); return self }), true
	case "appendHeader":
		return callable(func(a ...any) any {
			if _, ok := arg(a, 1).(*list); ok {
				throw(m.AppendHeaderValues(text(a[0]), values(a[1])))
			} else {
				throw(m.AppendHeader(text(a[0]), value(a[1])))
			}
			return self
		}), true
	case "getHeader":
		return callable(func(a ...any) any { return o.header(text(a[0])) }), true
	case "getHeaders":
		return callable(func(...any) any {
			all := newObject()
			for _, name := range m.GetHeaderNames() {
				all.set(name, o.header(name))
			}
			return all
		}), true
	case "getHeaderNames":
		return callable(func(...any) any { return stringList(m.GetHeaderNames()) }), true
	case "getRawHeaderNames":
		return callable(func(...any) any { return stringList(m.GetRawHeaderNames()) }), true
	case "hasHeader":
		return callable(func(a ...any) any { return m.HasHeader(text(a[0])) }), true
	case "removeHeader":
		return method(func(a ...any) { throw(m.RemoveHeader(text(a[0]))) }), true
	case "flushHeaders":
		return method(func(...any) { throw(m.FlushHeaders()) }), true
	case "addTrailers":
		return method(func(a ...any) { throw(m.AddTrailers(headers(a[0]))) }), true
	case "cork":
		return method(func(...any) { m.Cork() }), true
	case "uncork":
		return method(func(...any) { m.Uncork() }), true
	case "pipe":
		return method(func(...any) { throw(m.Pipe()) }), true
	case "write":
		return callable(func(a ...any) any {
			b, _ := chunk(a)
			return m.WriteChunk(b, errorCallbacks(a)...)
		}), true
	case "end":
		return callable(func(a ...any) any {
			var err error
			if b, ok := chunk(a); ok {
				err = m.EndChunk(b, callbacks(a)...)
			} else {
				err = m.End(callbacks(a)...)
			}
			if thrownByEnd(err) {
				throw(err)
			}
			return self
		}), true
	case "destroy":
		return callable(func(a ...any) any {
			if err, ok := arg(a, 0).(error); ok {
				m.Destroy(err)
			} else {
				m.Destroy()
			}
			return self
		}), true
	case "setTimeout":
		return callable(func(a ...any) any { m.SetTimeout(milliseconds(a[0]), callbacks(a)...); return self }), true
	}
	return nil, false
}

// thrownByEnd reports whether Node's end throws an error, where ours returns all
// and Node's callback and 'error' event tell the others.
func thrownByEnd(err error) bool {
	return errors.Is(err, core.ErrHTTPContentLengthMismatch) || errors.Is(err, core.ErrHTTPTrailerInvalid) ||
		errors.Is(err, core.ErrHTTPInvalidStatusCode) || errors.Is(err, core.ErrInvalidChar) ||
		errors.Is(err, core.ErrHTTPInvalidHeaderValue) || errors.Is(err, core.ErrHTTPBodyNotAllowed)
}

// header is a header that was set: a string, or a list if it has several values.
func (o outgoing) header(name string) any {
	if !o.m.HasHeader(name) {
		return undefined{}
	}
	if all := o.m.GetHeaderValues(name); len(all) != 1 {
		return stringList(all)
	}
	return fromLatin1(o.m.GetHeader(name))
}

func (o outgoing) listen(event string, once bool, f callable) {
	plain := func() { f() }
	failed := func(err error) { f(err) }
	m := o.m
	switch event {
	case "close":
		m.OnClose(plain)
	case "drain":
		pick(once, m.OnDrain, m.OnceDrain)(plain)
	case "error":
		pick(once, m.OnError, m.OnceError)(failed)
	case "finish":
		m.OnFinish(plain)
	case "prefinish":
		m.OnPrefinish(plain)
	case "timeout":
		pick(once, m.OnTimeout, m.OnceTimeout)(plain)
	default:
		panic(fmt.Errorf("an outgoing message has no event %s", event))
	}
}

// pick chooses between On and Once, where there are both.
func pick[F any](once bool, on, onceOn func(F) *core.Subscription) func(F) *core.Subscription {
	if once {
		return onceOn
	}
	return on
}

// response is a ServerResponse.
type response struct {
	outgoing
	*runtime.ServerResponse
}

func wrapResponse(s *subject, r *runtime.ServerResponse) any {
	return &response{outgoing{s, r.Outgoing()}, r}
}

func (r *response) identity() any { return r.ServerResponse }

func (r *response) set(name string, v any) {
	switch name {
	case "statusCode":
		r.SetStatusCode(integer(v))
	case "statusMessage":
		r.SetStatusMessage(text(v))
	case "sendDate":
		r.SetSendDate(truth(v))
	default:
		panic("a response has no settable " + name)
	}
}

func (r *response) get(name string) any {
	switch name {
	case "statusCode":
		return count(r.StatusCode())
	case "statusMessage":
		return orUndefined(r.StatusMessage())
	case "sendDate":
		return r.SendDate()
	case "req":
		return wrapIncoming(r.s, r.Req())
	case "writeContinue":
		return method(func(...any) { throw(r.WriteContinue()) })
	case "writeProcessing":
		return method(func(...any) { throw(r.WriteProcessing()) })
	case "writeInformation":
		return method(func(a ...any) { throw(r.WriteInformation(integer(a[0]), headers(arg(a, 1)), callbacks(a)...)) })
	case "writeEarlyHints":
		return method(func(a ...any) { throw(r.WriteEarlyHints(headers(a[0]), callbacks(a)...)) })
	case "writeHead":
		return callable(func(a ...any) any {
			var h []runtime.Headers
			for _, v := range a[1:] {
				switch v.(type) {
				case *object, *list:
					h = append(h, headers(v))
				}
			}
			var err error
			if message, ok := arg(a, 1).(string); ok {
				err = r.WriteHeadMessage(integer(a[0]), message, h...)
			} else {
				err = r.WriteHead(integer(a[0]), h...)
			}
			if !errors.Is(err, core.ErrStreamDestroyed) { // which Node passes over
				throw(err)
			}
			return r
		})
	case "destroy":
		return callable(func(a ...any) any {
			if err, ok := arg(a, 0).(error); ok {
				r.ServerResponse.Destroy(err)
			} else {
				r.ServerResponse.Destroy()
			}
			return r
		})
	}
	if v, ok := r.member(r, name); ok {
		return v
	}
	return absent("a response", name)
}

// request is a ClientRequest.
type request struct {
	outgoing
	*runtime.ClientRequest
}

func wrapRequest(s *subject, r *runtime.ClientRequest) *request {
	return &request{outgoing{s, r.Outgoing()}, r}
}

func (r *request) identity() any { return r.ClientRequest }

func (r *request) set(name string, v any) {
	switch name {
	case "maxHeadersCount":
		r.SetMaxHeadersCount(integer(v))
	default:
		panic("a request has no settable " + name)
	}
}

func (r *request) get(name string) any {
	switch name {
	case "method":
		return r.Method()
	case "path":
		return r.Path()
	case "host":
		return r.Host()
	case "protocol":
		return r.Protocol()
	case "aborted":
		return r.Aborted()
	case "reusedSocket":
		return r.ReusedSocket()
	case "maxHeadersCount":
		return count(r.MaxHeadersCount())
	case "abort":
		return method(func(...any) { r.Abort() })
	case "setNoDelay":
		return method(func(a ...any) { r.SetNoDelay(flags(a)...) })
	case "setSocketKeepAlive":
		return method(func(a ...any) { r.SetSocketKeepAlive(truth(arg(a, 0))) })
	case "destroy":
		return callable(func(a ...any) any {
			if err, ok := arg(a, 0).(error); ok {
				r.ClientRequest.Destroy(err)
			} else {
				r.ClientRequest.Destroy()
			}
			return r
		})
	}
	if v, ok := r.member(r, name); ok {
		return v
	}
	return absent("a request", name)
}

func flags(a []any) []bool {
	if len(a) == 0 {
		return nil
	}
	return []bool{truth(a[0])}
}

func (r *request) listen(event string, once bool, f callable) {
	s := r.s
	if !s.version.hasEvent(event) {
		return
	}
	switched := func(res *runtime.IncomingMessage, socket *socket.Socket, head []byte) {
		f(wrapIncoming(s, res), wrapSocket(s, socket), head)
	}
	switch event {
	case "abort":
		r.OnAbort(func() { f() })
	case "connect":
		r.OnConnect(switched)
	case "continue":
		pick(once, r.OnContinue, r.OnceContinue)(func() { f() })
	case "information":
		pick(once, r.OnInformation, r.OnceInformation)(func(info runtime.Information) { f(information(info)) })
	case "response":
		r.OnResponse(func(res *runtime.IncomingMessage) { f(wrapIncoming(s, res)) })
	case "socket":
		r.OnSocket(func(socket *socket.Socket) { f(wrapSocket(s, socket)) })
	case "upgrade":
		r.OnUpgrade(switched)
	default:
		r.outgoing.listen(event, once, f)
	}
}

func information(info runtime.Information) any {
	o := newObject()
	o.set("statusCode", count(info.StatusCode))
	o.set("statusMessage", info.StatusMessage)
	o.set("httpVersion", info.HTTPVersion)
	o.set("httpVersionMajor", count(info.HTTPVersionMajor))
	o.set("httpVersionMinor", count(info.HTTPVersionMinor))
	o.set("headers", view(info.Headers))
	o.set("rawHeaders", flat(info.RawHeaders))
	return o
}

// incoming is an IncomingMessage.
type incoming struct {
	s *subject
	*runtime.IncomingMessage
}

func wrapIncoming(s *subject, m *runtime.IncomingMessage) any {
	if m == nil {
		return nil
	}
	return &incoming{s, m}
}

func (m *incoming) identity() any { return m.IncomingMessage }

func (m *incoming) set(name string, _ any) { panic("a message has no settable " + name) }

func (m *incoming) get(name string) any {
	switch name {
	case "on":
		return on(m, false)
	case "once":
		return on(m, true)
	case "method":
		return orUndefined(m.Method())
	case "url":
		return m.URL()
	case "statusCode":
		return count(m.StatusCode())
	case "statusMessage":
		return fromLatin1(m.StatusMessage())
	case "httpVersion":
		return m.HTTPVersion()
	case "httpVersionMajor":
		return count(m.HTTPVersionMajor())
	case "httpVersionMinor":
		return count(m.HTTPVersionMinor())
	case "headers":
		return view(m.Headers())
	case "headersDistinct":
		return distinct(m.HeadersDistinct())
	case "rawHeaders":
		return flat(m.RawHeaders())
	case "trailers":
		return view(m.Trailers())
	case "trailersDistinct":
		return distinct(m.TrailersDistinct())
	case "rawTrailers":
		return flat(m.RawTrailers())
	case "complete":
		return m.Complete()
	case "aborted":
		return m.Aborted()
	case "destroyed":
		return m.Destroyed()
	case "socket", "connection":
		return wrapSocket(m.s, m.Socket())
	case "pause":
		return method(func(...any) { m.Pause() })
	case "resume":
		return method(func(...any) { m.Resume() })
	case "isPaused":
		return callable(func(...any) any { return m.IsPaused() })
	case "read":
		return callable(func(...any) any { return m.s.read(m.IncomingMessage) })
	case "setEncoding":
		return method(func(a ...any) { m.SetEncoding(encodingOf(text(a[0]))) })
	case "setTimeout":
		return callable(func(a ...any) any { m.SetTimeout(milliseconds(a[0]), callbacks(a)...); return m })
	case "destroy":
		return callable(func(a ...any) any {
			if err, ok := arg(a, 0).(error); ok {
				m.Destroy(err)
			} else {
				m.Destroy()
			}
			return m
		})
	case "pipe":
		return callable(func(a ...any) any {
			switch to := a[0].(type) {
			case *response:
				pipe(m.IncomingMessage, to.Outgoing())
			case *request:
				pipe(m.IncomingMessage, to.Outgoing())
			default:
				panic(fmt.Errorf("a message cannot be piped to %s", typeOf(to)))
			}
			return a[0]
		})
	}
	return absent("a message", name)
}

// promise notes that a Read of m would not wait.
func (s *subject) promise(m *runtime.IncomingMessage) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.promised[m] = true
}

// read is Node's read(): all that is there of a body, or null.
func (s *subject) read(m *runtime.IncomingMessage) any {
	s.mu.Lock()
	promised := s.promised[m]
	delete(s.promised, m)
	s.mu.Unlock()
	if !promised {
		return nil
	}
	p := make([]byte, 1<<20) // more than is kept
	n, err := m.Read(p)
	if err != nil {
		return nil
	}
	if m.Complete() {
		m.Read(p[n:]) // finds the end, as Node's read() of the last byte does
	}
	return p[:n]
}

// pipe sends the body of a message into another, as fast as that takes it.
func pipe(from *runtime.IncomingMessage, to *runtime.OutgoingMessage) {
	to.OnDrain(from.Resume)
	from.OnEnd(func() { to.End() })
	from.OnData(func(chunk []byte) {
		from.Pause() // before the write, since 'drain' may come before it returns
		if to.WriteChunk(chunk) {
			from.Resume()
		}
	})
}

func orUndefined(s string) any {
	if s == "" {
		return undefined{}
	}
	return s
}

func (m *incoming) listen(event string, once bool, f callable) {
	plain := func() { f() }
	switch event {
	case "aborted":
		m.OnAborted(plain)
	case "close":
		m.OnClose(plain)
	case "data":
		pick(once, m.OnData, m.OnceData)(func(b []byte) { f(slices.Clone(b)) })
	case "end":
		m.OnEnd(plain)
	case "error":
		m.OnError(func(err error) { f(err) })
	case "readable":
		m.OnReadable(func() { m.s.promise(m.IncomingMessage) })
		pick(once, m.OnReadable, m.OnceReadable)(plain)
	case "timeout":
		pick(once, m.OnTimeout, m.OnceTimeout)(plain)
	default:
		panic(fmt.Errorf("a message has no event %s", event))
	}
}

// portOf is a port, which Unix sockets lack.
func portOf(n int) any {
	if n == 0 {
		return undefined{}
	}
	return count(n)
}

var encodings = map[string]core.Encoding{
	"utf8": core.UTF8, "ascii": core.ASCII, "latin1": core.Latin1, "binary": core.Latin1,
	"hex": core.Hex, "base64": core.Base64, "ucs2": core.UTF16LE, "utf16le": core.UTF16LE,
}

func encodingOf(name string) core.Encoding {
	e, ok := encodings[name]
	if !ok {
		panic(fmt.Errorf("there is no encoding %s", name))
	}
	return e
}

// netSocket is a Socket.
type netSocket struct {
	s *subject
	*socket.Socket
}

func wrapSocket(s *subject, c *socket.Socket) any {
	if c == nil {
		return nil
	}
	return &netSocket{s, c}
}

func (c *netSocket) identity() any { return c.Socket }

func (c *netSocket) set(name string, _ any) { panic("a socket has no settable " + name) }

func (c *netSocket) get(name string) any {
	switch name {
	case "on":
		return on(c, false)
	case "once":
		return on(c, true)
	case "destroyed":
		return c.Destroyed()
	case "remoteAddress":
		return orUndefined(c.RemoteAddress())
	case "remotePort":
		return portOf(c.RemotePort())
	case "localAddress":
		return orUndefined(c.LocalAddress())
	case "localPort":
		return portOf(c.LocalPort())
	case "bytesRead":
		return count(int(c.BytesRead()))
	case "bytesWritten":
		return count(int(c.BytesWritten()))
	case "timeout":
		return duration(c.Timeout())
	case "write":
		return callable(func(a ...any) any {
			b, _ := chunk(a)
			return c.WriteChunk(b, errorCallbacks(a)...)
		})
	case "end":
		return callable(func(a ...any) any {
			if b, ok := chunk(a); ok {
				c.EndChunk(b, callbacks(a)...)
			} else {
				c.End(callbacks(a)...)
			}
			return c
		})
	case "destroy":
		return callable(func(a ...any) any {
			if err, ok := arg(a, 0).(error); ok {
				c.Destroy(err)
			} else {
				c.Destroy()
			}
			return c
		})
	case "pause":
		return callable(func(...any) any { c.Pause(); return c })
	case "resume":
		return callable(func(...any) any { c.Resume(); return c })
	case "ref":
		return callable(func(...any) any { c.Ref(); return c })
	case "unref":
		return callable(func(...any) any { c.Unref(); return c })
	case "setTimeout":
		return callable(func(a ...any) any { c.SetTimeout(milliseconds(a[0]), callbacks(a)...); return c })
	case "setNoDelay":
		return callable(func(a ...any) any { c.SetNoDelay(flags(a)...); return c })
	case "setKeepAlive":
		return callable(func(a ...any) any {
			if len(a) > 1 {
				c.SetKeepAlive(truth(a[0]), milliseconds(a[1]))
			} else {
				c.SetKeepAlive(truth(arg(a, 0)))
			}
			return c
		})
	case "emit":
		return method(func(a ...any) {
			if event := text(a[0]); event != "agentRemove" {
				panic(fmt.Errorf("a socket cannot emit %s", event))
			}
			uses.member(c, "'agentRemove'")
			c.EmitAgentRemove()
		})
	}
	return absent("a socket", name)
}

func (c *netSocket) listen(event string, once bool, f callable) {
	plain := func() { f() }
	switch event {
	case "close":
		c.OnClose(func(hadError bool) { f(hadError) })
	case "connect":
		c.OnConnect(plain)
	case "data":
		pick(once, c.OnData, c.OnceData)(func(b []byte) { f(slices.Clone(b)) })
	case "drain":
		pick(once, c.OnDrain, c.OnceDrain)(plain)
	case "end":
		c.OnEnd(plain)
	case "error":
		c.OnError(func(err error) { f(err) })
	case "timeout":
		pick(once, c.OnTimeout, c.OnceTimeout)(plain)
	default:
		panic(fmt.Errorf("a socket has no event %s", event))
	}
}

// server is a Server.
type server struct {
	s *subject
	*runtime.Server
}

func (v *server) identity() any { return v.Server }

func (v *server) set(name string, value any) {
	switch name {
	case "headersTimeout":
		v.SetHeadersTimeout(milliseconds(value))
	case "requestTimeout":
		v.SetRequestTimeout(milliseconds(value))
	case "keepAliveTimeout":
		v.SetKeepAliveTimeout(milliseconds(value))
	case "keepAliveTimeoutBuffer":
		v.SetKeepAliveTimeoutBuffer(milliseconds(value))
	case "timeout":
		v.SetTimeout(milliseconds(value))
	case "maxHeadersCount":
		v.SetMaxHeadersCount(integer(value))
	case "maxRequestsPerSocket":
		v.SetMaxRequestsPerSocket(integer(value))
	default:
		panic("a server has no settable " + name)
	}
}

func (v *server) get(name string) any {
	switch name {
	case "on":
		return on(v, false)
	case "once":
		return on(v, true)
	case "listening":
		return v.Listening()
	case "address":
		return callable(func(...any) any { return address(v.Address()) })
	case "headersTimeout":
		return duration(v.HeadersTimeout())
	case "requestTimeout":
		return duration(v.RequestTimeout())
	case "keepAliveTimeout":
		return duration(v.KeepAliveTimeout())
	case "keepAliveTimeoutBuffer":
		return duration(v.KeepAliveTimeoutBuffer())
	case "timeout":
		return duration(v.Timeout())
	case "maxHeadersCount":
		return count(v.MaxHeadersCount())
	case "maxRequestsPerSocket":
		return count(v.MaxRequestsPerSocket())
	case "close":
		return callable(func(a ...any) any {
			if f := function(a); f != nil {
				v.Close(func(err error) {
					if err != nil {
						f(err)
					} else {
						f()
					}
				})
			} else {
				v.Close()
			}
			return v
		})
	case "closeAllConnections":
		return method(func(...any) { v.CloseAllConnections() })
	case "closeIdleConnections":
		return method(func(...any) { v.CloseIdleConnections() })
	case "ref":
		return callable(func(...any) any { v.Ref(); return v })
	case "unref":
		return callable(func(...any) any { v.Unref(); return v })
	case "setTimeout":
		return callable(func(a ...any) any {
			if f := function(a); f != nil {
				v.SetTimeout(milliseconds(a[0]), func(c *socket.Socket) { f(wrapSocket(v.s, c)) })
			} else {
				v.SetTimeout(milliseconds(a[0]))
			}
			return v
		})
	}
	return absent("a server", name)
}

func (v *server) listen(event string, once bool, f callable) {
	s := v.s
	plain := func() { f() }
	exchange := func(req *runtime.IncomingMessage, res *runtime.ServerResponse) {
		f(wrapIncoming(s, req), wrapResponse(s, res))
	}
	switched := func(req *runtime.IncomingMessage, c *socket.Socket, head []byte) {
		f(wrapIncoming(s, req), wrapSocket(s, c), slices.Clone(head))
	}
	connected := func(c *socket.Socket) { f(wrapSocket(s, c)) }
	switch event {
	case "request":
		pick(once, v.OnRequest, v.OnceRequest)(exchange)
	case "checkContinue":
		pick(once, v.OnCheckContinue, v.OnceCheckContinue)(exchange)
	case "checkExpectation":
		pick(once, v.OnCheckExpectation, v.OnceCheckExpectation)(exchange)
	case "upgrade":
		pick(once, v.OnUpgrade, v.OnceUpgrade)(switched)
	case "connect":
		pick(once, v.OnConnect, v.OnceConnect)(switched)
	case "connection":
		pick(once, v.OnConnection, v.OnceConnection)(connected)
	case "timeout":
		pick(once, v.OnTimeout, v.OnceTimeout)(connected)
	case "clientError":
		pick(once, v.OnClientError, v.OnceClientError)(func(err error, c *socket.Socket) { f(err, wrapSocket(s, c)) })
	case "dropRequest":
		pick(once, v.OnDropRequest, v.OnceDropRequest)(func(req *runtime.IncomingMessage, c *socket.Socket) {
			f(wrapIncoming(s, req), wrapSocket(s, c))
		})
	case "listening":
		pick(once, v.OnListening, v.OnceListening)(plain)
	case "close":
		pick(once, v.OnClose, v.OnceClose)(plain)
	case "error":
		pick(once, v.OnError, v.OnceError)(func(err error) { f(err) })
	default:
		panic(fmt.Errorf("a server has no event %s", event))
	}
}

// agent is an Agent.
type agent struct {
	s *subject
	*runtime.Agent
}

func (g *agent) identity() any { return g.Agent }

func (g *agent) set(name string, v any) {
	switch name {
	case "maxSockets":
		g.SetMaxSockets(limit(v))
	case "maxFreeSockets":
		g.SetMaxFreeSockets(limit(v))
	case "maxTotalSockets":
		g.SetMaxTotalSockets(limit(v))
	default:
		panic("an agent has no settable " + name)
	}
}

func (g *agent) get(name string) any {
	switch name {
	case "maxSockets":
		return limitOf(g.MaxSockets())
	case "maxFreeSockets":
		return limitOf(g.MaxFreeSockets())
	case "maxTotalSockets":
		return limitOf(g.MaxTotalSockets())
	case "sockets":
		return pools(g.Sockets(), func(c *socket.Socket) any { return wrapSocket(g.s, c) })
	case "freeSockets":
		return pools(g.FreeSockets(), func(c *socket.Socket) any { return wrapSocket(g.s, c) })
	case "requests":
		return pools(g.Requests(), func(r *runtime.ClientRequest) any { return wrapRequest(g.s, r) })
	case "getName":
		return callable(func(a ...any) any {
			var o socket.ConnectOptions
			if options, ok := arg(a, 0).(*object); ok {
				o = connectOptions(options)
			}
			return g.GetName(o)
		})
	case "destroy":
		return method(func(...any) { g.Destroy() })
	}
	return absent("an agent", name)
}

func connectOptions(options *object) (o socket.ConnectOptions) {
	keys, all := options.all()
	for i, v := range all {
		switch keys[i] {
		case "host":
			o.Host = text(v)
		case "port":
			o.Port = integer(v)
		case "family":
			o.Family = integer(v)
		case "localAddress":
			o.LocalAddress = text(v)
		case "socketPath":
			o.SocketPath = text(v)
		}
	}
	return o
}

func pools[T any](all map[string][]T, wrap func(T) any) any {
	o := newObject()
	for _, name := range slices.Sorted(maps.Keys(all)) {
		l := newList()
		for _, item := range all[name] {
			l.items = append(l.items, wrap(item))
		}
		o.set(name, l)
	}
	return o
}

// client is what v0.8's createClient returns.
type client struct {
	s *subject
	*runtime.Client
}

func (c *client) identity() any          { return c.Client }
func (c *client) set(name string, _ any) { panic("a client has no settable " + name) }

func (c *client) get(name string) any {
	if name == "request" {
		return callable(func(a ...any) any {
			var h []runtime.Headers
			if len(a) > 2 {
				h = append(h, headers(a[2]))
			}
			return wrapRequest(c.s, c.Request(text(a[0]), text(a[1]), h...))
		})
	}
	return absent("a client", name)
}

// module is http itself.
type module struct{ s *subject }

func (m *module) identity() any          { return m.s }
func (m *module) set(name string, _ any) { panic("http has no settable " + name) }

func (m *module) get(name string) any {
	s, p := m.s, m.s.version.profile
	switch name {
	case "createServer", "Server":
		return callable(func(a ...any) any { return s.newServer(a) })
	case "request":
		return callable(func(a ...any) any { return s.newRequest(runtime.NewRequest, a) })
	case "get":
		return callable(func(a ...any) any { return s.newRequest(runtime.NewGet, a) })
	case "Agent":
		return callable(func(a ...any) any { return s.newAgent(arg(a, 0), newObject()) })
	case "globalAgent":
		return &agent{s, runtime.GlobalAgent(p)}
	case "createClient":
		return callable(func(a ...any) any {
			return &client{s, runtime.NewClient(p, integer(a[0]), text(a[1]))}
		})
	case "METHODS":
		return stringList(runtime.Methods(p))
	case "STATUS_CODES":
		o := newObject()
		codes := runtime.StatusCodes(p)
		for _, code := range slices.Sorted(maps.Keys(codes)) {
			o.set(strconv.Itoa(code), codes[code])
		}
		return o
	case "maxHeaderSize":
		return count(runtime.MaxHeaderSize(p))
	case "validateHeaderName":
		return method(func(a ...any) { throw(runtime.ValidateHeaderName(text(a[0]))) })
	case "validateHeaderValue":
		return method(func(a ...any) { throw(runtime.ValidateHeaderValue(text(a[0]), value(a[1]))) })
	}
	return absent("http", name)
}

func (s *subject) newServer(a []any) any {
	var o runtime.ServerOptions
	if options, ok := arg(a, 0).(*object); ok {
		keys, all := uses.options("http.createServer", options)
		for i, v := range all {
			switch keys[i] {
			case "requestTimeout":
				o.RequestTimeout = span(v)
			case "headersTimeout":
				o.HeadersTimeout = span(v)
			case "keepAliveTimeout":
				o.KeepAliveTimeout = span(v)
			case "connectionsCheckingInterval":
				o.ConnectionsCheckingInterval = milliseconds(v)
			case "insecureHTTPParser":
				o.InsecureHTTPParser = truth(v)
			case "maxHeaderSize":
				o.MaxHeaderSize = integer(v)
			case "noDelay":
				o.NoDelay = pointer(v)
			case "keepAlive":
				o.KeepAlive = truth(v)
			case "keepAliveInitialDelay":
				o.KeepAliveInitialDelay = milliseconds(v)
			case "uniqueHeaders":
				o.UniqueHeaders = values(v)
			case "joinDuplicateHeaders":
				o.JoinDuplicateHeaders = truth(v)
			case "highWaterMark":
				o.HighWaterMark = integer(v)
			case "httpValidation":
				o.HTTPValidation = runtime.Validation(text(v))
			case "requireHostHeader":
				o.RequireHostHeader = pointer(v)
			case "rejectNonStandardBodyWrites":
				o.RejectNonStandardBodyWrites = truth(v)
			case "optimizeEmptyRequests":
				o.OptimizeEmptyRequests = truth(v)
			case "shouldUpgradeCallback":
				f := v.(callable)
				o.ShouldUpgrade = func(req *runtime.IncomingMessage) bool { return truth(f(wrapIncoming(s, req))) }
			default:
				panic("a server has no option " + keys[i])
			}
		}
	}
	v := &server{s, runtime.NewServer(s.version.profile, o)}
	if f := function(a); f != nil {
		attach(v, "request", false, f)
	}
	return v
}

// newAgent makes an agent, some of whose methods are the script's.
func (s *subject) newAgent(options any, methods *object) any {
	var o runtime.AgentOptions
	names, functions := uses.options("Agent", methods)
	for i, name := range names {
		f := functions[i].(callable)
		switch name {
		case "createConnection":
			o.CreateConnection = connector(f)
		case "keepSocketAlive":
			o.KeepSocketAlive = func(c *socket.Socket) bool { return truth(f(wrapSocket(s, c))) }
		case "reuseSocket":
			o.ReuseSocket = func(c *socket.Socket, r *runtime.ClientRequest) { f(wrapSocket(s, c), wrapRequest(s, r)) }
		default:
			panic("an agent has no method of its own " + name)
		}
	}
	if options, ok := options.(*object); ok {
		keys, all := uses.options("Agent", options)
		for i, v := range all {
			switch keys[i] {
			case "keepAlive":
				o.KeepAlive = truth(v)
			case "keepAliveMsecs":
				o.KeepAliveMsecs = milliseconds(v)
			case "maxSockets":
				o.MaxSockets = limit(v)
			case "maxTotalSockets":
				o.MaxTotalSockets = limit(v)
			case "maxFreeSockets":
				o.MaxFreeSockets = limit(v)
			case "scheduling":
				o.Scheduling = runtime.Scheduling(text(v))
			case "timeout":
				o.Timeout = milliseconds(v)
			case "agentKeepAliveTimeoutBuffer":
				o.AgentKeepAliveTimeoutBuffer = span(v)
			case "defaultPort":
				o.DefaultPort = integer(v)
			case "protocol":
				o.Protocol = text(v)
			default:
				panic("an agent has no option " + keys[i])
			}
		}
	}
	g := runtime.NewAgent(s.version.profile, o)
	s.mu.Lock()
	s.agents = append(s.agents, g)
	s.mu.Unlock()
	return &agent{s, g}
}

type maker = func(p *profile.Profile, url string, o runtime.RequestOptions, callback ...func(*runtime.IncomingMessage)) *runtime.ClientRequest

func (s *subject) newRequest(make maker, a []any) any {
	var o runtime.RequestOptions
	url := ""
	for _, v := range a {
		switch v := v.(type) {
		case string:
			url = v
		case *object:
			o = s.requestOptions(v)
		}
	}
	var heard []func(*runtime.IncomingMessage)
	if f := function(a); f != nil {
		heard = append(heard, func(res *runtime.IncomingMessage) { f(wrapIncoming(s, res)) })
	}
	r := make(s.version.profile, url, o, heard...)
	for _, v := range a {
		if options, ok := v.(*object); ok {
			setTogether(r.Outgoing(), options.get("headers"))
		}
	}
	return wrapRequest(s, r)
}

// setTogether sets the headers that have a list for a value in an object of headers:
// as in Node, such values belong together, unlike those of a list of headers.
func setTogether(m *runtime.OutgoingMessage, headers any) {
	o, ok := headers.(*object)
	if !ok {
		return
	}
	keys, all := o.all()
	for i, key := range keys {
		if _, ok := all[i].(*list); ok {
			m.SetHeaderValues(key, values(all[i]))
		}
	}
}

func (s *subject) requestOptions(options *object) (o runtime.RequestOptions) {
	keys, all := uses.options("http.request", options)
	for i, v := range all {
		switch keys[i] {
		case "agent":
			if g, ok := v.(*agent); ok {
				o.Agent = g.Agent
			} else {
				o.NoAgent = v == false
			}
		case "auth":
			o.Auth = text(v)
		case "createConnection":
			o.CreateConnection = connector(v.(callable))
		case "defaultPort":
			o.DefaultPort = integer(v)
		case "family":
			o.Family = integer(v)
		case "headers":
			o.Headers = headers(v)
		case "host":
			o.Host = text(v)
		case "hostname":
			o.Hostname = text(v)
		case "httpValidation":
			o.HTTPValidation = runtime.Validation(text(v))
		case "insecureHTTPParser":
			o.InsecureHTTPParser = truth(v)
		case "joinDuplicateHeaders":
			o.JoinDuplicateHeaders = truth(v)
		case "setDefaultHeaders":
			o.SetDefaultHeaders = pointer(v)
		case "localAddress":
			o.LocalAddress = text(v)
		case "localPort":
			o.LocalPort = integer(v)
		case "lookup":
			o.Lookup = lookup(v.(callable))
		case "maxHeaderSize":
			o.MaxHeaderSize = integer(v)
		case "method":
			o.Method = text(v)
		case "path":
			o.Path = text(v)
		case "port":
			o.Port = integer(v)
		case "protocol":
			o.Protocol = text(v)
		case "setHost":
			o.SetHost = pointer(v)
		case "signal":
			o.Signal = v.(*abortSignal).ctx
		case "socketPath":
			o.SocketPath = text(v)
		case "timeout":
			o.Timeout = milliseconds(v)
		case "uniqueHeaders":
			o.UniqueHeaders = values(v)
		default:
			panic("a request has no option " + keys[i])
		}
	}
	return o
}

// listenOptions are where a server listens: on 127.0.0.1 unless they say otherwise.
func listenOptions(options *object) (o socket.ListenOptions) {
	keys, all := uses.options("Server.listen", options)
	for i, v := range all {
		switch keys[i] {
		case "backlog":
			o.Backlog = integer(v)
		case "host":
			o.Host = text(v)
		case "ipv6Only":
			o.IPv6Only = truth(v)
		case "path":
			o.Path = text(v)
		case "port":
			o.Port = integer(v)
		case "readableAll":
			o.ReadableAll = truth(v)
		case "signal":
			o.Signal = v.(*abortSignal).ctx
		case "writableAll":
			o.WritableAll = truth(v)
		default:
			panic("listen has no option " + keys[i])
		}
	}
	return o
}

// address is what a server's address() returns.
func address(a net.Addr) any {
	switch a := a.(type) {
	case *net.TCPAddr:
		o := newObject()
		o.set("address", a.IP.String())
		o.set("family", "IPv4")
		if a.IP.To4() == nil {
			o.set("family", "IPv6")
		}
		o.set("port", count(a.Port))
		return o
	case *net.UnixAddr:
		return a.Name
	}
	return nil
}

// abortSignal is a context as an AbortSignal.
type abortSignal struct{ ctx context.Context }

func (a *abortSignal) identity() any          { return a.ctx }
func (a *abortSignal) set(name string, _ any) { panic("a signal has no settable " + name) }

func (a *abortSignal) get(name string) any {
	if name == "aborted" {
		return a.ctx.Err() != nil
	}
	return absent("a signal", name)
}

func newAbortController() any {
	ctx, cancel := context.WithCancel(context.Background())
	o := newObject()
	o.set("signal", &abortSignal{ctx})
	o.set("abort", method(func(...any) { cancel() }))
	return o
}

// connection is one of the net module's, connected or failed.
type connection struct {
	net.Conn
	err error
}

func (c *connection) identity() any          { return c }
func (c *connection) set(name string, _ any) { panic("a connection has no settable " + name) }
func (c *connection) get(name string) any    { return absent("a connection", name) }

// sockets is net, as far as it goes.
func sockets() *object {
	o := newObject()
	o.set("connect", callable(func(a ...any) any {
		options := a[0].(*object)
		conn, err := net.Dial("tcp", net.JoinHostPort(text(options.get("host")), text(options.get("port"))))
		if err != nil {
			err = core.FromSystem(err, "connect", "")
		}
		return &connection{conn, err}
	}))
	return o
}

// connector makes of a script's createConnection, which returns a connection or
// calls back with one or an error, one that the runtime calls.
func connector(f callable) func(context.Context, socket.ConnectOptions) (net.Conn, error) {
	return func(_ context.Context, o socket.ConnectOptions) (net.Conn, error) {
		options := newObject()
		options.set("host", o.Host)
		options.set("port", count(o.Port))
		made := make(chan *connection, 2)
		returned := f(options, method(func(a ...any) {
			if err, ok := arg(a, 0).(error); ok {
				made <- &connection{err: err}
			} else {
				made <- arg(a, 1).(*connection)
			}
		}))
		if c, ok := returned.(*connection); ok {
			made <- c
		}
		c := <-made
		return c.Conn, c.err
	}
}

// lookup makes of a script's function one that finds the addresses of a host.
func lookup(f callable) func(context.Context, string) ([]string, error) {
	type answer struct {
		address string
		err     error
	}
	return func(ctx context.Context, host string) ([]string, error) {
		found := make(chan answer, 1)
		f(host, newObject(), method(func(a ...any) {
			if err, ok := arg(a, 0).(error); ok {
				found <- answer{err: err}
			} else {
				found <- answer{address: text(arg(a, 1))}
			}
		}))
		select {
		case a := <-found:
			return []string{a.address}, a.err
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}
