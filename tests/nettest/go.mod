module nodehttp/tests/nettest

go 1.26

require (
	golang.org/x/net v0.50.0
	nodehttp v0.0.0-00010101000000-000000000000
)

replace nodehttp => ../..
