package main

// server.upload: a request of a GiB in chunks of 64 KiB. The floor is a bare
// io.Copy of the connection into nothing, which does not look at chunks.
var serverUpload = figure{
	Name:     "server.upload",
	Unit:     mebibytes,
	AlsoUnit: residentMemory,
	Peers:    []string{"floor", "fasthttp", "net/http", "node"},
	Rounds:   12,
	Starts:   4,
	Open:     transferOf("sink", "chunks", true),
}
