package main

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// This file says what a figure is and lists them all. How a figure is measured
// stands in the file of its name, so a new figure is a new file and one line
// in the list below.

// figure is one number by which nodehttp and its peers are compared. Names and
// units are kept for good: results of different days are compared by them.
type figure struct {
	Name     string   // server.keepalive
	Unit     string   // of sample.Value; it also says which way is better
	AlsoUnit string   // of sample.Also
	Peers    []string // in the order of the report; "ours" is not among them
	Rounds   int      // how often each side is measured, if not as often as most
	Starts   int      // how often both are started anew for that, if so; 0 is once

	// Open makes one contestant ready: "ours" or one of Peers. An error for
	// which isMissing holds means that the machine does not have that peer.
	Open func(peer string) (contestant, error)
}

// contestant is one side of a comparison, ready to be measured again and again.
type contestant interface {
	// Measure works for about d after its own warm-up.
	Measure(d time.Duration) (sample, error)
	// Close ends every process that belongs to the contestant.
	Close()
}

// sample is what one round of one contestant gave.
type sample struct {
	Value float64 // the figure, in figure.Unit
	Also  float64 // a second number for the human reader, in figure.AlsoUnit
	Busy  float64 // how much of its core the measured side used, 0 to 1; below
	// about 0.95 something else held it up: the other process or a neighbour
}

// figures lists all figures in the order of the report.
var figures = []figure{
	parseRequest,
	serverKeepalive,
	serverPipelined,
	serverAllocs,
	serverIdle,
	serverCrowd,
	serverDownload,
	serverUpload,
	clientKeepalive,
	clientAllocs,
	clientQueue,
	clientDownload,
	clientUpload,
	tlsServerKeepalive,
	tlsClientKeepalive,
	tlsHandshakes,
	tlsResumptions,
	tlsIdle,
	tlsDownload,
}

// choose returns the figure called name, or all if name is empty.
func choose(name string) ([]figure, error) {
	if name == "" {
		return figures, nil
	}
	var names []string
	for _, f := range figures {
		if f.Name == name {
			return []figure{f}, nil
		}
		names = append(names, f.Name)
	}
	return nil, fmt.Errorf("no figure %q; there are %s", name, strings.Join(names, ", "))
}

// missing is the error of a peer that this machine does not have.
type missing struct{ reason string }

func (m missing) Error() string { return m.reason }

func isMissing(err error) bool {
	_, ok := errors.AsType[missing](err)
	return ok
}

// unknownPeer is the error of a figure asked to open a peer it does not have.
func unknownPeer(peer string) error { return fmt.Errorf("no implementation for peer %q", peer) }
