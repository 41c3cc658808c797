package core

// The pulse of the sweep: something that beats until it is stopped.

import (
	"sync"
	"time"
)

// pulse beats at intervals.
type pulse interface {
	// wait returns at the next beat, or false when the pulse was stopped. It is
	// called by one goroutine.
	wait() bool
	// set changes the interval.
	set(every time.Duration)
	stop()
}

// newPulse prefers a pulse that costs the scheduler nothing: while a Go timer is
// pending, the scheduler reads the clock whenever it looks for work.
func newPulse(every time.Duration) pulse {
	if p := newKernelPulse(every); p != nil {
		return p
	}
	return newTickerPulse(every)
}

// tickerPulse is a pulse of a Go timer.
type tickerPulse struct {
	ticker  *time.Ticker
	once    sync.Once
	stopped chan struct{}
}

func newTickerPulse(every time.Duration) pulse {
	return &tickerPulse{ticker: time.NewTicker(every), stopped: make(chan struct{})}
}

func (p *tickerPulse) wait() bool {
	select {
	case <-p.ticker.C:
		return true
	case <-p.stopped:
		return false
	}
}

func (p *tickerPulse) set(every time.Duration) { p.ticker.Reset(every) }

func (p *tickerPulse) stop() {
	p.once.Do(func() {
		p.ticker.Stop()
		close(p.stopped)
	})
}
