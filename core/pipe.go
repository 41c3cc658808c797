package core

// Pipe: a Readable that flows into a Writable at the speed of the latter. The
// two may belong to different strands, so that 'drain' and 'close' of the
// destination come while 'data' of the stream is being delivered.

import "sync/atomic"

// Writable is what a Readable can be piped into. If it has OnClose, as an
// outgoing message and a socket have it, the pipe ends with it.
type Writable interface {
	WriteChunk(chunk []byte, callback ...func(err error)) bool
	OnDrain(f func()) *Listener
	End(callback ...func()) error
}

type pipe struct {
	from *Readable
	to   Writable

	full atomic.Bool // from waits until to has drained
	over atomic.Bool // the stream has ended or to is closed

	data, end, drain *Listener
}

// Pipe sends the stream into dst at the speed at which dst takes it, and ends
// dst when the stream ends. The stream flows from now on, even if it was
// paused. A stream that is piped into several destinations goes at the speed
// of the slowest. If dst is closed before the end the pipe is taken off; with
// the last one the stream is paused, and Resume lets the rest pass. A failure
// of the stream does not end dst.
func (r *Readable) Pipe(dst Writable) {
	r.mu.Lock()
	r.listeners().pipes++
	r.flags &^= paused
	r.mu.Unlock()
	p := &pipe{from: r, to: dst}
	p.drain = dst.OnDrain(p.drained)
	p.end = r.OnEnd(p.ended)
	p.data = r.OnData(p.write)
	switch to := dst.(type) { // last, since it may call closed at once
	case interface{ OnClose(f func()) *Listener }:
		to.OnClose(p.closed)
	case interface {
		OnClose(f func(hadError bool)) *Listener
	}:
		to.OnClose(func(bool) { p.closed() })
	}
}

// write is the listener of 'data'.
func (p *pipe) write(chunk []byte) {
	if !p.full.Swap(true) {
		p.from.block() // before the write, since 'drain' may come before it returns
	}
	if p.to.WriteChunk(chunk) {
		p.drained()
	}
}

func (p *pipe) drained() {
	if p.full.Swap(false) {
		p.from.unblock()
	}
}

func (p *pipe) ended() {
	if !p.over.Swap(true) {
		p.drain.Remove()
		p.to.End()
	}
}

func (p *pipe) closed() {
	if p.over.Swap(true) {
		return
	}
	p.data.Remove()
	p.end.Remove()
	p.drain.Remove()
	p.from.unpipe()
	p.drained() // so that other destinations do not wait for this one
}

// block stops the flow until every destination that is full has drained.
func (r *Readable) block() {
	r.mu.Lock()
	r.events.full++
	if r.flags&ignored == 0 {
		r.flags &^= flowing
	}
	r.mu.Unlock()
}

func (r *Readable) unblock() {
	r.mu.Lock()
	r.events.full--
	if r.events.full == 0 && r.flags&(paused|flowing) == 0 {
		r.start()
		return
	}
	r.mu.Unlock()
}

// unpipe forgets a destination, and pauses the stream if it was the last.
func (r *Readable) unpipe() {
	r.mu.Lock()
	r.events.pipes--
	last := r.events.pipes == 0
	r.mu.Unlock()
	if last {
		r.Pause()
	}
}
