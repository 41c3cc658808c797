package main

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// This file runs ours against a peer. It knows rounds and their order, not what
// is measured.

// rounds is how often each side of a pair is measured. The quieter half of them
// counts.
const rounds = 24

// row is the outcome of one figure against one peer: medians over the rounds
// that count.
type row struct {
	figure    *figure
	peer      string
	ours      sample
	peers     sample
	ratio     float64 // median of the ratios of the rounds, each of two neighbours in time
	low, high float64 // the smallest and greatest of them: how noisy the run was
}

// measure compares ours with every peer of f and adds the rows to out. budget
// is the measuring time per peer. It goes on after a failed peer and returns all errors.
func measure(f figure, budget time.Duration, out report) (errs []error) {
	ours, err := f.Open("ours")
	if err != nil {
		return []error{fmt.Errorf("ours: %w", err)}
	}
	defer ours.Close()
	for _, name := range f.Peers {
		peer, err := f.Open(name)
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", name, err))
			continue
		}
		r, err := compare(&f, ours, peer, budget)
		peer.Close()
		if err != nil {
			errs = append(errs, fmt.Errorf("against %s: %w", name, err))
			continue
		}
		r.peer = name
		out.add(r)
	}
	return errs
}

// compare measures the two sides alternately. The order within a round changes
// from round to round, so that a machine that grows steadily slower or
// faster favours neither. A first round of each warms up and is discarded.
func compare(f *figure, ours, peer contestant, budget time.Duration) (row, error) {
	rounds := cmp.Or(f.Rounds, rounds)
	slot := budget / time.Duration(2*rounds)
	var ourSamples, peerSamples []sample
	for i := -1; i < rounds; i++ {
		var a, b sample
		var err error
		if i%2 == 0 {
			a, b, err = both(ours, peer, slot)
		} else {
			b, a, err = both(peer, ours, slot)
		}
		if err != nil {
			return row{}, err
		}
		if i >= 0 {
			ourSamples, peerSamples = append(ourSamples, a), append(peerSamples, b)
		}
	}
	return summarize(f, ourSamples, peerSamples), nil
}

func both(first, second contestant, slot time.Duration) (a, b sample, err error) {
	if a, err = first.Measure(slot); err != nil {
		return a, b, err
	}
	b, err = second.Measure(slot)
	return a, b, err
}

// summarize reduces the samples of all rounds, paired by index, to a row.
func summarize(f *figure, ours, peers []sample) row {
	ours, peers = quieter(ours, peers)
	ratios := make([]float64, len(ours))
	for i := range ratios {
		ratios[i] = ratio(f.Unit, ours[i].Value, peers[i].Value)
	}
	r := row{figure: f, ours: middle(ours), peers: middle(peers), ratio: median(ratios)}
	r.low, r.high = spread(ratios)
	return r
}

// quieter returns the half of the rounds in which neighbours on the cores took
// least: those in which the more disturbed of the two sides came closest to what
// it uses of its core at best. It looks at no sample's value.
func quieter(ours, peers []sample) (quietOurs, quietPeers []sample) {
	byBusy := func(a, b sample) int { return cmp.Compare(a.Busy, b.Busy) }
	bestOurs, bestPeer := slices.MaxFunc(ours, byBusy).Busy, slices.MaxFunc(peers, byBusy).Busy
	order := make([]int, len(ours))
	for i := range order {
		order[i] = i
	}
	calm := func(i int) float64 { return min(ours[i].Busy/bestOurs, peers[i].Busy/bestPeer) }
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(calm(j), calm(i)) })
	for _, i := range order[:(len(order)+1)/2] {
		quietOurs, quietPeers = append(quietOurs, ours[i]), append(quietPeers, peers[i])
	}
	return quietOurs, quietPeers
}

// middle returns the medians of each number of the samples.
func middle(samples []sample) sample {
	var values, also, busy []float64
	for _, s := range samples {
		values, also, busy = append(values, s.Value), append(also, s.Also), append(busy, s.Busy)
	}
	return sample{median(values), median(also), median(busy)}
}
