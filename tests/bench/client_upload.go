package main

// client.upload: a file of a GiB as a request with its length. The floor is a bare
// io.Copy of it into a connection.
var clientUpload = figure{
	Name:     "client.upload",
	Unit:     mebibytes,
	AlsoUnit: residentMemory,
	Peers:    []string{"floor", "fasthttp", "net/http", "node"},
	Rounds:   12,
	Starts:   4,
	Open:     transferOf("sink", "upload", false),
}
