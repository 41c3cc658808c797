package socket

// The writer: the sending half of a socket. What is written while the kernel
// takes it leaves at once, in the caller's system call; the rest is queued and
// flushed by a goroutine that lives as long as the queue.

import (
	"errors"
	"net"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"nodehttp/core"
)

// Writer accepts bytes in order. Everything but Init needs mu held.
//
// Invariant: the connection is closed only after err has been set, so that
// who holds mu and finds none may use its descriptor. While busy is set, exactly
// one goroutine uses the descriptor's writing side without mu; otherwise it is
// used only under mu.
type Writer struct {
	sock *Socket
	conn net.Conn
	fd   *descriptor // nil: conn is written to, always without mu

	// Of the goroutine that reads the connection:
	corking  bool        // Cork was called
	patience *time.Timer // uncorks when that goroutine is kept busy

	// congested says that so much is queued that a peer who asks for more should not be
	// heard for the time being. UnlockNotify changes it, with mu held.
	congested atomic.Bool

	mu          sync.Mutex // guards what follows
	queue       *Buffer    // accepted, not written; nil while empty
	n           int        // queue.b[:n] is in use
	more        Pieces     // behind queue, which is full; empty while queue is nil
	busy        bool       // somebody writes without mu
	callerOwned bool       // and the bytes belong to a caller, who waits
	corked      bool       // bytes are collected until uncork
	late        bool       // the write deadline has passed
	interrupted bool       // the deadline of conn has passed, to interrupt a Write whose bytes are its caller's
	drain       bool       // somebody was told to wait for 'drain', which follows when nothing is pending
	ended       bool       // nothing more is accepted; shut down when all is written
	then        CloseMode  // what happens when all is written and ended is set
	cause       error      // what ThenClose destroys the socket with; nil if it has no error
	err         error      // why writing has failed, as users are told
	queued      int64      // bytes accepted since the beginning
	sent        int64      // bytes given to the kernel since the beginning
	waiters     []waiter   // in the order of at
	notifying   bool       // notify is at work
	room        chan struct{}
	deadline    deadline
	loan        []byte     // what is left of the bytes of a Write that waits; written before the queue
	line        *writeLine // nil until a Write has had to wait
}

// writeLine is the Writes of a socket that wait, in the order in which they came.
type writeLine struct {
	last    uint64 // the number of the Write that has come last
	numbers []uint64
}

// usualWaiters is how many waiters there is room for at first, and is kept: as many
// as pipelined answers often are.
const usualWaiters = 16

// A waiter is told when sent has reached at, or that it never will.
type waiter struct {
	at   int64
	done Flusher
}

// Flusher hears what became of bytes that the writer accepted.
type Flusher interface{ Flushed(err error) }

type FlushFunc func(err error)

func (f FlushFunc) Flushed(err error) { f(err) }

type CloseMode uint8

const (
	EndOnly      CloseMode = iota
	ThenShutdown           // send FIN
	ThenClose              // send FIN and destroy the socket, which lingers
)

// afterUnlock is what unlock found to be due.
type afterUnlock struct {
	tell  bool
	drain bool
	err   error
	then  CloseMode
	cause error
}

// Lock takes the lock: bytes are accepted in the order in which it is taken.
func (w *Writer) Lock() { w.mu.Lock() }

// Unlock gives the lock back without doing what UnlockNotify does.
func (w *Writer) Unlock() { w.mu.Unlock() }

// HighWaterMark returns how many bytes may wait before Fills says so.
func (w *Writer) HighWaterMark() int { return w.sock.options.HighWaterMark }

// Congested reports whether so much is queued that a peer who asks for more should not be
// heard for the time being. The caller need not hold the lock.
func (w *Writer) Congested() bool { return w.congested.Load() }

// Err returns why writing has failed, nil if it has not. The caller holds the lock.
func (w *Writer) Err() error { return w.err }

// Unsent returns how many accepted bytes the system has not taken. It takes the lock.
func (w *Writer) Unsent() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.pending()
}

// Writable returns why nothing can be written, nil if something can. The caller holds the
// lock.
func (w *Writer) Writable() error { return w.sock.writable() }

// last returns the last buffer of the queue, and how much of it is in use.
func (w *Writer) last() (buf **Buffer, n *int) {
	if k := len(w.more); k > 0 {
		return &w.more[k-1].Buffer, &w.more[k-1].n
	}
	return &w.queue, &w.n
}

// Reserve returns the queue's free end, to append to; Commit takes what was
// appended. Between the two the lock stays held. It is for heads and other small pieces:
// what is appended stays together.
func (w *Writer) Reserve() []byte {
	if w.queue == nil {
		w.queue = Borrow(smallBuffer)
		w.n = 0
	}
	buf, n := w.last()
	if *n >= LargeBuffer {
		w.more = append(w.more, piece{Buffer: Borrow(LargeBuffer)})
		buf, n = w.last()
	}
	return (*buf).b[:*n]
}

// Commit accepts b, which begins with what Reserve has returned.
func (w *Writer) Commit(b []byte) {
	buf, n := w.last()
	w.queued += int64(len(b) - *n)
	*n = len(b)
	if cap(b) > 0 && &b[:1][0] != &(*buf).b[:1][0] {
		giveBack(*buf)
		*buf = &Buffer{b[:cap(b)]}
	}
}

// Rollback takes back what Reserve has prepared, if nothing is to be appended.
func (w *Writer) Rollback() {
	switch k := len(w.more); {
	case k > 0 && w.more[k-1].n == 0:
		giveBack(w.more[k-1].Buffer)
		w.more = w.more[:k-1]
	case w.n == 0:
		giveBack(w.queue)
		w.queue = nil
	}
}

// add copies p to the end of the queue.
func (w *Writer) add(p []byte) {
	if len(p) > 0 && len(w.more) == 0 {
		b := w.Reserve()
		k := min(len(p), max(LargeBuffer-len(b), 0))
		w.Commit(append(b, p[:k]...))
		p = p[k:]
	}
	w.queued += int64(len(p))
	w.more = w.more.Append(p)
}

// Adopt takes pieces to the end of the queue, which is not empty, without a copy.
func (w *Writer) Adopt(pieces Pieces) {
	for _, p := range pieces {
		w.queued += int64(p.n)
	}
	w.more = append(w.more, pieces...)
}

// next has queue be what comes first of the rest. What it was is written, or lost.
func (w *Writer) next() {
	w.queue, w.n = nil, 0
	if len(w.more) > 0 {
		w.queue, w.n = w.more[0].Buffer, w.more[0].n
		w.more[0] = piece{}
		w.more = w.more[1:]
	}
	if len(w.more) == 0 {
		w.more = nil
	}
}

// pending is how many accepted bytes the kernel has not taken.
func (w *Writer) pending() int { return int(w.queued - w.sent) }

// flush writes what is queued if that needs no waiting, and has the rest
// written by a goroutine.
func (w *Writer) flush() {
	if w.busy || w.corked || w.n == 0 || w.err != nil {
		return
	}
	for full := w.fd != nil; full; {
		n, err := w.fd.sendNow(w.queue.b[:w.n])
		full = n == w.n
		w.wrote(n, err)
		if w.err != nil || w.n == 0 {
			return
		}
	}
	w.busy = true
	go w.flushAll()
}

// wrote takes n written bytes off the queue.
func (w *Writer) wrote(n int, err error) {
	w.sent += int64(n)
	if n == w.n {
		giveBack(w.queue)
		w.next()
	} else if n > 0 {
		w.n = copy(w.queue.b, w.queue.b[n:w.n])
	}
	if err != nil {
		w.fail(err)
	}
	w.wake()
}

// fail ends writing, because of what the system says or the socket was destroyed with:
// what is queued is lost.
func (w *Writer) fail(err error) {
	if w.err == nil {
		w.err = core.FromSystem(err, "write", "")
	}
	for w.queue != nil {
		giveBack(w.queue)
		w.next()
	}
	w.wake()
}

// wake lets blocked writers look again.
func (w *Writer) wake() {
	if w.room != nil {
		close(w.room)
		w.room = nil
	}
}

// flushAll writes the queue, waiting for the kernel, until it is empty.
func (w *Writer) flushAll() {
	w.mu.Lock()
	for w.err == nil {
		b, n := w.take()
		if n == 0 {
			break
		}
		w.mu.Unlock()
		wrote, err := w.writeAll(b.b[:n])
		w.mu.Lock()
		giveBack(b)
		w.sent += int64(wrote)
		if err != nil {
			w.fail(err)
		}
		w.wake()
		if !w.notifying && w.isDue() {
			w.notifying = true
			w.mu.Unlock()
			w.notify()
			w.mu.Lock()
		}
	}
	w.busy = false
	w.wake()
	w.UnlockNotify()
}

// take returns what is to be written next: a part of the loan, or else the queue. n is
// 0 if there is nothing.
func (w *Writer) take() (b *Buffer, n int) {
	if len(w.loan) > 0 {
		b = Borrow(LargeBuffer)
		n = copy(b.b, w.loan)
		w.loan = w.loan[n:]
		return b, n
	}
	b, n = w.queue, w.n
	if n > 0 {
		w.next()
	}
	return b, n
}

// writeAll writes b, waiting for the kernel. The caller has set busy.
func (w *Writer) writeAll(b []byte) (int, error) {
	if w.fd != nil {
		return w.fd.write(true, b, nil, nil)
	}
	return w.writeConn(b)
}

// writeConn writes b in parts, so that a peer who is slow to take them is not
// held for silent.
func (w *Writer) writeConn(b []byte) (n int, err error) {
	for n < len(b) && err == nil {
		var m int
		m, err = w.conn.Write(b[n:min(n+LargeBuffer, len(b))])
		n += m
		w.sock.touch()
	}
	return n, err
}

// Write accepts p and then tail, after what is queued, for a message. With block set it
// returns when the kernel has taken all but at most the high-water mark, and
// large pieces are not copied; an error says that it never will. A write deadline that
// has passed ends the connection of a message.
func (w *Writer) Write(p, tail []byte, block bool) error {
	if w.late && !w.sock.plain() {
		w.fail(core.ErrWriteTimeout)
		return w.err
	}
	if w.busy || w.corked || w.err != nil || len(w.more) > 0 || len(p) < smallBuffer || !block && w.fd == nil {
		w.add(p)
		w.add(tail)
		if w.n >= LargeBuffer || block && w.pending() > w.HighWaterMark() {
			w.corked = false
		}
		w.flush()
		if block {
			return w.await()
		}
		return w.err
	}
	if _, err := w.direct(p, tail, block); err != nil {
		w.fail(err)
	}
	w.flush()
	return w.err
}

// direct writes what is queued, p and tail without copying them, while nobody else
// writes. With block set it returns when the kernel has taken them, else it queues what
// the kernel does not take. n is how much that has taken of all three.
func (w *Writer) direct(p, tail []byte, block bool) (n int, err error) {
	var head []byte
	queue := w.queue
	if queue != nil {
		head = queue.b[:w.n]
	}
	total := len(head) + len(p) + len(tail)
	w.queued += int64(len(p) + len(tail))
	w.queue, w.n = nil, 0
	if w.fd != nil {
		n, err = w.fd.write(false, head, p, tail)
	}
	if err == nil && n < total && block {
		w.busy, w.callerOwned = true, true
		w.mu.Unlock()
		n, err = w.finish(n, head, p, tail)
		w.mu.Lock()
		w.busy, w.callerOwned = false, false
		if w.interrupted {
			w.interrupted = false
			w.conn.SetWriteDeadline(time.Time{})
		}
		w.wake()
	}
	w.sent += int64(n)
	if err == nil && n < total {
		w.keepFront(rest(n, [3][]byte{head, p, tail}))
	}
	if queue != nil {
		giveBack(queue)
	}
	return n, err
}

// stream is Socket.Write: it accepts p when no more than the high-water mark is queued
// with it, or waits until the kernel has taken it. It returns how much of p has been
// accepted, which is all of it unless there is an error; the rest will not be sent.
func (w *Writer) stream(p []byte) (n int, err error) {
	if err := w.admit(len(p)); err != nil || len(p) == 0 {
		return 0, err
	}
	w.sock.touch()
	switch {
	case len(p) < smallBuffer:
		w.Commit(append(w.Reserve(), p...))
		w.flush()
		if w.err != nil {
			return 0, w.sock.writable()
		}
		return len(p), nil
	case !w.interruptible():
		return w.writeCopies(p)
	}
	w.corked = false
	begin := w.queued
	n, err = w.direct(p, nil, true)
	switch {
	case err == nil:
	case w.err == nil && errors.Is(err, os.ErrDeadlineExceeded):
		w.retract(begin, int64(len(p)-n))
		err = core.ErrWriteTimeout
	default:
		w.fail(err)
		err = w.sock.writable()
	}
	w.flush()
	return n, err
}

// admit waits until a piece of n bytes may be accepted, behind the Writes that came
// before.
func (w *Writer) admit(n int) error {
	err := w.refusal()
	if err != nil || (w.line == nil || len(w.line.numbers) == 0) && w.fits(n) {
		return err
	}
	if w.corked {
		w.corked = false
		w.flush()
	}
	if w.line == nil {
		w.line = new(writeLine)
	}
	l := w.line
	l.last++
	number := l.last
	l.numbers = append(l.numbers, number)
	for err == nil && (l.numbers[0] != number || !w.fits(n)) {
		w.sleep()
		err = w.refusal()
	}
	l.numbers = slices.DeleteFunc(l.numbers, func(other uint64) bool { return other == number })
	w.wake() // the next one may be the first now
	return err
}

// fits reports whether a piece of n bytes may be accepted: a large one is written at
// once, when nobody else writes, and a small one is queued if there is room.
func (w *Writer) fits(n int) bool {
	if n >= smallBuffer {
		return !w.busy && w.n == 0
	}
	return w.pending() == 0 || w.pending()+n <= w.HighWaterMark()
}

// refusal is why Socket.Write fails, nil if it does not.
func (w *Writer) refusal() error {
	if err := w.sock.writable(); err != nil {
		return err
	}
	if w.late {
		return core.ErrWriteTimeout
	}
	return nil
}

// interruptible reports whether a write that waits can be given up without harm. A record of
// TLS cannot: the rest of it must follow.
func (w *Writer) interruptible() bool { return w.fd != nil && w.fd.layer == nil }

// writeCopies is stream for a large piece and a connection that cannot be interrupted without
// harm while it writes, as TLS cannot: the pump writes copies of parts of p. Nobody else
// writes, and nothing is queued.
func (w *Writer) writeCopies(p []byte) (n int, err error) {
	begin := w.queued
	w.corked = false
	w.queued += int64(len(p))
	w.loan = p
	w.busy = true
	go w.flushAll()
	for w.err == nil && (len(w.loan) > 0 || w.pending() > w.HighWaterMark()) && !w.late && w.sock.closedAt.Load() == 0 {
		w.sleep()
	}
	left := len(w.loan)
	w.loan = nil
	switch {
	case w.err != nil:
		return int(min(max(w.sent-begin, 0), int64(len(p)))), w.sock.writable()
	case left == 0:
		return len(p), nil
	case w.late:
		err = core.ErrWriteTimeout
	default:
		err = core.ErrStreamDestroyed
	}
	w.retract(begin, int64(left))
	return len(p) - left, err
}

// retract takes back n bytes that were accepted behind the first begin ones and will
// not be sent. What was accepted behind them comes earlier.
func (w *Writer) retract(begin, n int64) {
	w.queued -= n
	for i := range w.waiters {
		if w.waiters[i].at > begin {
			w.waiters[i].at -= n
		}
	}
}

// expire does what the write deadline, which has passed, asks for.
func (w *Writer) expire() {
	if w.sock.plain() {
		if w.callerOwned && !w.interrupted && w.fd != nil {
			w.interrupted = true
			w.conn.SetWriteDeadline(past)
		}
		w.wake()
		return
	}
	if w.corked {
		w.corked = false
		w.flush()
	}
	if w.pending() > 0 {
		w.fail(core.ErrWriteTimeout)
	}
}

// finish writes what is left of three pieces after n bytes, waiting.
func (w *Writer) finish(n int, head, p, tail []byte) (int, error) {
	left := rest(n, [3][]byte{head, p, tail})
	if w.fd != nil {
		m, err := w.fd.write(true, left[0], left[1], left[2])
		return n + m, err
	}
	for _, piece := range left {
		m, err := w.writeConn(piece)
		n += m
		if err != nil {
			return n, err
		}
	}
	return n, nil
}

// keepFront queues a copy of pieces that were accepted already, before
// anything that may have been queued since.
func (w *Writer) keepFront(pieces [3][]byte) {
	size := 0
	for _, p := range pieces {
		size += len(p)
	}
	b := Borrow(size)
	n := 0
	for _, p := range pieces {
		n += copy(b.b[n:], p)
	}
	if w.n > 0 {
		w.more = slices.Insert(w.more, 0, piece{w.queue, w.n})
	} else if w.queue != nil {
		giveBack(w.queue)
	}
	w.queue, w.n = b, n
}

// await waits until no more than the high-water mark is pending. It returns why
// that will not be: writing has failed, or s does not let anybody wait any more.
func (w *Writer) await() error {
	for w.err == nil && w.pending() > w.HighWaterMark() {
		if w.sock.closedAt.Load() != 0 {
			return core.ErrStreamDestroyed
		}
		w.sleep()
	}
	return w.err
}

// sleep waits until something has been written, or writing has failed.
func (w *Writer) sleep() {
	if w.room == nil {
		w.room = make(chan struct{})
	}
	room := w.room
	w.mu.Unlock()
	<-room
	w.mu.Lock()
}

// Fills reports whether the high-water mark is reached with n bytes more, which are about to
// be accepted. If so, 'drain' follows when all that was accepted has left. That holds also if
// the system takes all of it at once, as in Node: what a program is told does not depend on
// how fast its peer reads.
func (w *Writer) Fills(n int) bool {
	if w.pending()+n >= w.HighWaterMark() {
		w.drain = true
	}
	return w.drain
}

// OweDrain has 'drain' follow when all that was accepted has left.
func (w *Writer) OweDrain() { w.drain = true }

// After has done told when everything accepted so far has been written; that
// may be as soon as unlock.
func (w *Writer) After(done Flusher) {
	if w.waiters == nil {
		w.waiters = make([]waiter, 0, usualWaiters)
	}
	w.waiters = append(w.waiters, waiter{w.queued, done})
}

// UnlockNotify releases mu and then does what the state asks for: tells waiters,
// fires 'drain', shuts down. Who has written ends with it.
func (w *Writer) UnlockNotify() {
	crowded := w.pending() > LargeBuffer
	if was := w.congested.Load(); was != crowded {
		w.congested.Store(crowded)
		if was {
			defer w.sock.uncongested()
		}
	}
	if !w.drain && !w.ended && w.err == nil && !w.isDue() {
		w.mu.Unlock()
		return
	}
	var todo afterUnlock
	if !w.notifying && w.isDue() {
		todo.tell, w.notifying = true, true
	}
	todo.err = w.err
	if w.drain && w.pending() == 0 {
		w.drain = false
		todo.drain = w.err == nil
	}
	if w.ended && (w.pending() == 0 || w.err != nil) && !w.busy {
		todo.then, w.then = w.then, EndOnly
		todo.cause = w.cause
	}
	w.mu.Unlock()
	if todo.tell {
		w.notify()
	}
	if todo.drain {
		w.sock.drained()
	}
	if todo.err != nil {
		w.sock.writeFailed(todo.err)
	} else if todo.then != EndOnly {
		w.sock.shutdown(todo.then, todo.cause)
	}
}

// isDue reports whether the first waiter is to be told.
func (w *Writer) isDue() bool {
	return len(w.waiters) > 0 && (w.err != nil || w.waiters[0].at <= w.sent)
}

// notify tells the waiters who are due, without mu. One goroutine does at a time,
// which has set telling, so that they are told in order.
func (w *Writer) notify() {
	var told []waiter
	for {
		w.mu.Lock()
		if w.waiters == nil && cap(told) == usualWaiters {
			clear(told)
			w.waiters = told[:0]
		}
		line, err := w.takeDue()
		if line == nil {
			w.notifying = false
			w.mu.Unlock()
			return
		}
		w.mu.Unlock()
		for _, next := range line {
			next.done.Flushed(err)
		}
		told = line
	}
}

// takeDue takes those who are to be told the same out of the line.
func (w *Writer) takeDue() (line []waiter, err error) {
	n := 0
	for n < len(w.waiters) && w.waiters[n].at <= w.sent {
		n++
	}
	if n == 0 && w.err != nil {
		n, err = len(w.waiters), w.err
	}
	if n == 0 {
		return nil, nil
	}
	line = w.waiters[:n]
	if w.waiters = w.waiters[n:]; len(w.waiters) == 0 {
		w.waiters = nil
	}
	return line, err
}

// Idle reports whether all that was accepted has been written and told.
func (w *Writer) Idle() bool {
	return w.err == nil && w.sent == w.queued && len(w.waiters) == 0 && !w.notifying
}

// End accepts no more; then happens when all is written.
func (w *Writer) End(then CloseMode) {
	w.ended = true
	w.then = max(w.then, then)
}

// EndWith sends text, if writing has not failed, and then ends the connection, which is
// destroyed with an error unless cause is nil. It takes the lock.
func (w *Writer) EndWith(text string, cause error) {
	w.mu.Lock()
	if len(text) > 0 && w.err == nil {
		w.corked = false
		w.Commit(append(w.Reserve(), text...))
		w.flush()
	}
	if w.cause == nil {
		w.cause = cause
	}
	w.End(ThenClose)
	w.UnlockNotify()
}

// FlushAll writes what is queued, corked or not, as far as that needs no waiting. It
// reports whether nothing is left. The caller holds the lock.
func (w *Writer) FlushAll() bool {
	w.corked = false
	w.flush()
	return w.flushed()
}

// AwaitFlushed waits until nothing is queued, or writing has failed. The caller holds the
// lock, which AwaitFlushed gives up meanwhile.
func (w *Writer) AwaitFlushed() {
	for w.err == nil && !w.flushed() {
		w.sleep()
	}
}

func (w *Writer) flushed() bool { return !w.busy && w.n == 0 }

// Cork collects what is written from now on until releaseHeld. It is called by
// the goroutine that reads the connection.
func (w *Writer) Cork() {
	if w.corking {
		return
	}
	w.corking = true
	w.mu.Lock()
	w.corked = true
	w.mu.Unlock()
	if w.patience == nil {
		w.patience = time.AfterFunc(corkTime, func() { w.uncork() })
	} else {
		w.patience.Reset(corkTime)
	}
}

// corkTime bounds how long an answer waits for those after it.
const corkTime = time.Millisecond

// Uncork ends hold and writes what was collected. It is called by the
// goroutine that called hold, and costs nothing if it did not.
func (w *Writer) Uncork() {
	if w.corking {
		w.corking = false
		w.patience.Stop()
		w.uncork()
	}
}

// uncork writes what was collected.
func (w *Writer) uncork() {
	w.mu.Lock()
	w.corked = false
	w.flush()
	w.UnlockNotify()
}
