package main

// server.download: a file of a GiB as a response. The floor is a bare io.Copy of
// it into a connection.
var serverDownload = figure{
	Name:     "server.download",
	Unit:     mebibytes,
	AlsoUnit: residentMemory,
	Peers:    []string{"floor", "fasthttp", "net/http", "node"},
	Rounds:   12,
	Starts:   4,
	Open:     transferOf("files", "download", true),
}
