package core

import (
	"testing"
	"time"
)

// Each kind of pulse beats, changes its interval, and lets go of who waits
// when it is stopped, however often.
func TestPulse(t *testing.T) {
	kinds := map[string]func(time.Duration) pulse{"preferred": newPulse, "ticker": newTickerPulse}
	for name, kind := range kinds {
		t.Run(name, func(t *testing.T) {
			p := kind(time.Hour)
			start := time.Now()
			p.set(time.Millisecond)
			for range 3 {
				if !p.wait() {
					t.Fatal("stopped by itself")
				}
			}
			if d := time.Since(start); d < 3*time.Millisecond {
				t.Errorf("three beats of a millisecond in %v", d)
			}
			p.set(time.Hour)
			stopped := make(chan bool)
			go func() {
				for p.wait() { // a beat may have been under way
				}
				close(stopped)
			}()
			p.stop()
			<-stopped
			p.stop()
			if p.wait() {
				t.Error("beats after it was stopped")
			}
		})
	}
}
