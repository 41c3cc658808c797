package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
)

// This file writes rows: as a table to be read, or as JSON lines to be kept.

// report takes rows one by one and writes each as soon as it is measured.
type report interface {
	add(r row)
}

// table is the report for people.
type table struct {
	w io.Writer
}

// columns is the format of the table's head and of its rows.
const columns = "%-17s %-9s %10s %10s %-9s %8s  %-13s %9s %9s %-10s %5s %6s\n"

func newTable(w io.Writer) table {
	fmt.Fprintf(w, columns, "FIGURE", "PEER", "OURS", "PEER'S", "UNIT", "RATIO", "ROUNDS",
		"OURS", "PEER'S", "ALSO", "BUSY", "PEER'S")
	return table{w}
}

func (t table) add(r row) {
	percent := func(v float64) string { return fmt.Sprintf("%.0f%%", 100*v) }
	fmt.Fprintf(t.w, columns, r.figure.Name, r.peer,
		number(r.ours.Value), number(r.peers.Value), r.figure.Unit,
		number(r.ratio), number(r.low)+"-"+number(r.high),
		number(r.ours.Also), number(r.peers.Also), r.figure.AlsoUnit,
		percent(r.ours.Busy), percent(r.peers.Busy))
}

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
		Low   float64 `json:"low"`
		High  float64 `json:"high"`
	}{r.figure.Name, r.peer, round(r.ours.Value), round(r.peers.Value), r.figure.Unit,
		round(r.ratio), round(r.low), round(r.high)})
	if err != nil {
		panic(err) // only NaN or Inf would do that, and ratio gives neither
	}
	fmt.Fprintf(j.w, "%s\n", line)
}

// round drops the digits that no run can tell: it keeps three decimals.
func round(v float64) float64 { return math.Round(v*1000) / 1000 }
