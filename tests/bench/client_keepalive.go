package main

// client.keepalive: small GETs through kept-alive connections, 64 under way. The floor
// writes a constant request and reads until the constant answer is complete.
var clientKeepalive = figure{
	Name:     "client.keepalive",
	Unit:     perSecond,
	AlsoUnit: cpuPer,
	Peers:    []string{"fasthttp", "net/http", "node", "floor"},
	Open:     clientContestant{}.open,
}
