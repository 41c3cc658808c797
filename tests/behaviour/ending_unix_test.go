//go:build unix

package behaviour_test

import (
	"syscall"

	http "nodehttp/generated/http"
)

// exhausted lets the program open no further descriptor.
func exhausted() {
	vacant() // since Go itself needs descriptors when a program opens its first socket
	syscall.Setrlimit(syscall.RLIMIT_NOFILE, &syscall.Rlimit{})
}

// A program that runs out of file descriptors learns what failed.
func init() {
	programs["no descriptor to connect with"] = program{main: func() {
		port := vacant()
		exhausted()
		http.GetWith(http.RequestOptions{Host: "127.0.0.1", Port: port})
		ended(http.Wait())
	}, codes: []string{"connect EMFILE 127.0.0.1:"}}
	programs["no descriptor to listen with"] = program{main: func() {
		exhausted()
		returned(http.CreateServer().ListenWith(http.ListenOptions{Host: "127.0.0.1", Port: 8080}), "EMFILE")
		ended(http.Wait())
	}}
}
