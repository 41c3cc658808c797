package main

import "slices"

// This file holds the arithmetic of a comparison and nothing that runs.

// The units of figures. A rate is better when it is greater, a cost when it is
// smaller.
const (
	perSecond = "req/s"
	nanosPer  = "ns/op"
	allocsPer = "allocs/op"
	cpuPer    = "cpu µs/req"

	mebibytes      = "MiB/s"
	bytesPer       = "B/conn"
	residentMemory = "RSS MiB"
)

// resolution is the smallest cost that counts, in any unit of cost: less than
// a hundredth of an allocation per operation is the runtime's own background.
const resolution = 0.01

// ratio says how many times better ours is than the peer's, whichever way the
// unit points. It is always finite: a cost below resolution counts as
// resolution, so two costs of nothing are equal (1), and being spared an
// allocation that a peer makes is worth a factor of 100; a peer whose rate is 0 counts as 1 per second.
func ratio(unit string, ours, peer float64) float64 {
	if unit == perSecond || unit == mebibytes {
		return ours / max(peer, 1)
	}
	return max(peer, resolution) / max(ours, resolution)
}

// median returns the middle value, or the mean of the two middle ones. It
// leaves values as they are; of none it returns 0.
func median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	half := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[half]
	}
	return (sorted[half-1] + sorted[half]) / 2
}

// spread returns the values between which the middle half of values lies; of none
// it returns 0, 0.
func spread(values []float64) (low, high float64) {
	if len(values) == 0 {
		return 0, 0
	}
	sorted := slices.Sorted(slices.Values(values))
	outer := (len(sorted) - 1) / 4
	return sorted[outer], sorted[len(sorted)-1-outer]
}
