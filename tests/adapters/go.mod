module nodehttp/tests/adapters

go 1.26

require (
	github.com/coder/websocket v1.8.14
	github.com/gorilla/websocket v1.5.3
	nodehttp v0.0.0-00010101000000-000000000000
)

replace nodehttp => ../..
