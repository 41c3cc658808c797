// Package counted is what core and runtime use of package sync, with mutexes that
// count. TestLocks builds the library with it in the place of sync.
package counted

import (
	"sync"
	"sync/atomic"
)

// Taken is how many mutexes have been locked.
var Taken atomic.Int64

// Mutex is a sync.Mutex that counts.
type Mutex struct{ mu sync.Mutex }

func (m *Mutex) Lock() {
	Taken.Add(1)
	m.mu.Lock()
}

func (m *Mutex) TryLock() bool {
	taken := m.mu.TryLock()
	if taken {
		Taken.Add(1)
	}
	return taken
}

func (m *Mutex) Unlock() { m.mu.Unlock() }

// RWMutex is a sync.RWMutex that counts, for readers, too.
type RWMutex struct{ mu sync.RWMutex }

func (m *RWMutex) Lock() {
	Taken.Add(1)
	m.mu.Lock()
}

func (m *RWMutex) RLock() {
	Taken.Add(1)
	m.mu.RLock()
}

func (m *RWMutex) Unlock()  { m.mu.Unlock() }
func (m *RWMutex) RUnlock() { m.mu.RUnlock() }

type (
	Cond      = sync.Cond
	Locker    = sync.Locker
	Map       = sync.Map
	Once      = sync.Once
	Pool      = sync.Pool
	WaitGroup = sync.WaitGroup
)

func NewCond(l Locker) *Cond               { return sync.NewCond(l) }
func OnceFunc(f func()) func()             { return sync.OnceFunc(f) }
func OnceValue[T any](f func() T) func() T { return sync.OnceValue(f) }
