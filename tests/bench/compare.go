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

// starts is how often both sides are started anew for these rounds: where its
// memory comes to lie makes a process faster or slower by some percent, for life.
const starts = 3

// longestRound bounds the rounds: more time makes more rounds, since neighbours disturb
// a short one entirely or not at all.
const longestRound = 100 * time.Millisecond

// wholly is the share of its core that a process uses if it waits for nothing.
const wholly = 0.95

// row is the outcome of one figure against one peer: medians over the rounds
// that count.
type row struct {
	figure    *figure
	peer      string
	ours      sample
	peers     sample
	ratio     float64 // median of the ratios of the rounds, each of two neighbours in time
	low, high float64 // between which the middle half of them lay: how noisy the run was
}

// measure compares ours with every peer of f and adds the rows to out. budget
// is the measuring time per peer. It goes on after a failed peer and returns all errors.
func measure(f figure, budget time.Duration, out report) (errs []error) {
	for _, peer := range f.Peers {
		r, err := compare(&f, peer, budget)
		if err != nil {
			errs = append(errs, fmt.Errorf("against %s: %w", peer, err))
			continue
		}
		out.add(r)
	}
	return errs
}

// compare measures ours and a peer.
func compare(f *figure, peer string, budget time.Duration) (row, error) {
	rounds, starts := max(rounds, int(budget/(2*longestRound))), starts
	if f.Rounds > 0 {
		rounds, starts = f.Rounds, max(f.Starts, 1)
	}
	var ours, peers []sample
	for i := range starts {
		n := rounds*(i+1)/starts - rounds*i/starts
		o, p, err := alternate(f, peer, n, budget/time.Duration(2*rounds))
		if err != nil {
			return row{}, err
		}
		ours, peers = append(ours, o...), append(peers, p...)
	}
	r := summarize(f, ours, peers)
	r.peer = peer
	return r, nil
}

// alternate starts both sides and measures them in turn, n times. The order within a
// round changes from round to round, so that a machine that grows steadily slower or
// faster favours neither. A first round of each warms up and is discarded.
func alternate(f *figure, name string, n int, slot time.Duration) (ourSamples, peerSamples []sample, err error) {
	ours, err := f.Open("ours")
	if err != nil {
		return nil, nil, fmt.Errorf("ours: %w", err)
	}
	defer ours.Close()
	peer, err := f.Open(name)
	if err != nil {
		return nil, nil, err
	}
	defer peer.Close()
	for i := -1; i < n; i++ {
		var a, b sample
		if i%2 == 0 {
			a, b, err = both(ours, peer, slot)
		} else {
			b, a, err = both(peer, ours, slot)
		}
		if err != nil {
			return nil, nil, err
		}
		if i >= 0 {
			ourSamples, peerSamples = append(ourSamples, a), append(peerSamples, b)
		}
	}
	return ourSamples, peerSamples, nil
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
// it uses of its core at best. It looks at no sample's value. All rounds count if one
// of them never uses its core wholly, as where the other end is the slower one: then
// that says nothing of neighbours.
func quieter(ours, peers []sample) (quietOurs, quietPeers []sample) {
	byBusy := func(a, b sample) int { return cmp.Compare(a.Busy, b.Busy) }
	bestOurs, bestPeer := slices.MaxFunc(ours, byBusy).Busy, slices.MaxFunc(peers, byBusy).Busy
	if min(bestOurs, bestPeer) < wholly {
		return ours, peers
	}
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
