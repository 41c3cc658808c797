package main

// server.keepalive: a small GET after another on each of 64 connections.
var serverKeepalive = figure{
	Name:     "server.keepalive",
	Unit:     perSecond,
	AlsoUnit: cpuPer,
	Peers:    []string{"fasthttp", "net/http", "node", "floor"},
	Open:     serverContestant{conns: 64, depth: 1}.open,
}
