package main

// client.download: a response of a GiB. The floor is a bare io.Copy of the
// connection into nothing.
var clientDownload = figure{
	Name:     "client.download",
	Unit:     mebibytes,
	AlsoUnit: residentMemory,
	Peers:    []string{"floor", "fasthttp", "net/http", "node"},
	Rounds:   12,
	Starts:   4,
	Open:     transferOf("files", "download", false),
}
