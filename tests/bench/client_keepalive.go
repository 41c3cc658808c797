package main

// client.keepalive: small GETs through kept-alive connections, 64 under way.
var clientKeepalive = figure{
	Name:     "client.keepalive",
	Unit:     perSecond,
	AlsoUnit: cpuPer,
	Peers:    []string{"fasthttp", "net/http", "node"},
	Open:     clientContestant{}.open,
}
