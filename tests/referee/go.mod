module nodehttp/tests/referee

go 1.26

require (
	// Its parser reads the scenarios; they run on an interpreter of our own.
	github.com/dop251/goja v0.0.0-20260917113740-793a2a65c13b
	github.com/google/go-cmp v0.7.0
	nodehttp v0.0.0
)

require (
	github.com/go-sourcemap/sourcemap v2.1.3+incompatible // indirect
	golang.org/x/text v0.3.8 // indirect
)

replace nodehttp => ../..
