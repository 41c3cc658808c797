package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"text/tabwriter"
)

// This file writes rows: as a table to be read, or as JSON lines to be kept.

// report takes rows one by one, as they are measured.
type report interface {
	add(r row)
	close() error
}

// table is the report for people.
type table struct {
	w *tabwriter.Writer
}

func newTable(w io.Writer) *table {
	t := &table{tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)}
	fmt.Fprintln(t.w, "FIGURE\tPEER\tOURS\tPEER'S\tUNIT\tRATIO\tROUNDS\tALSO OURS\tPEER'S\tUNIT\tBUSY OURS\tPEER'S")
	return t
}

func (t *table) add(r row) {
	fmt.Fprintf(t.w, "%s\t%s\t%s\t%s\t%s\t%.2f\t%.2f-%.2f\t%s\t%s\t%s\t%.0f%%\t%.0f%%\n",
		r.figure.Name, r.peer, number(r.ours.Value), number(r.peers.Value), r.figure.Unit,
		r.ratio, r.low, r.high, number(r.ours.Also), number(r.peers.Also), r.figure.AlsoUnit,
		100*r.ours.Busy, 100*r.peers.Busy)
}

func (t *table) close() error { return t.w.Flush() }

// number writes v with two decimals, and whole once it is large.
func number(v float64) string {
	if math.Abs(v) >= 1000 {
		return fmt.Sprintf("%.0f", v)
	}
	return fmt.Sprintf("%.2f", v)
}

// jsonLines is the report for programs: one object per row.
type jsonLines struct {
	w io.Writer
}

func (j jsonLines) add(r row) {
	line, err := json.Marshal(struct {
		Name  string  `json:"name"`
		Peer  string  `json:"peer"`
		Ours  float64 `json:"ours"`
		Peers float64 `json:"peer_value"`
		Unit  string  `json:"unit"`
		Ratio float64 `json:"ratio"`
	}{r.figure.Name, r.peer, round(r.ours.Value), round(r.peers.Value), r.figure.Unit, round(r.ratio)})
	if err != nil {
		panic(err) // only NaN or Inf would do that, and ratio gives neither
	}
	fmt.Fprintf(j.w, "%s\n", line)
}

func (j jsonLines) close() error { return nil }

// round drops the digits that no run can tell: it keeps three decimals.
func round(v float64) float64 { return math.Round(v*1000) / 1000 }
