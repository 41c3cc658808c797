package main

// server.allocs: objects that the server's process allocates for a keep-alive
// GET, all goroutines and the runtime itself included.
var serverAllocs = figure{
	Name:     "server.allocs",
	Unit:     allocsPer,
	AlsoUnit: cpuPer,
	Peers:    []string{"fasthttp", "net/http"},
	Open:     serverContestant{conns: 64, depth: 1, allocs: true}.open,
}
