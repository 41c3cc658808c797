package main

// client.allocs: objects that the client's process allocates for a keep-alive GET
// with its body read, all goroutines and the runtime itself included.
var clientAllocs = figure{
	Name:     "client.allocs",
	Unit:     allocsPer,
	AlsoUnit: cpuPer,
	Peers:    []string{"fasthttp", "net/http"},
	Open:     clientContestant{allocs: true}.open,
}
