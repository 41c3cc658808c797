module nodehttp/tests/examples

go 1.26

require (
	github.com/coder/websocket v1.8.14
	nodehttp v0.0.0
)

replace nodehttp => ../..
