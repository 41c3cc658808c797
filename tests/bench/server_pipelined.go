package main

// server.pipelined: small GETs in batches of 16 on each of 64 connections.
var serverPipelined = figure{
	Name:     "server.pipelined",
	Unit:     perSecond,
	AlsoUnit: cpuPer,
	Peers:    []string{"fasthttp", "net/http", "node", "floor"},
	Open:     serverContestant{conns: 64, depth: 16}.open,
}
