package main

import (
	_ "embed"
	"os/exec"
)

// This file starts Node as a child. Its scripts speak the language of role.go.

//go:embed node/server.js
var nodeServer string

//go:embed node/client.js
var nodeClient string

//go:embed node/transfer.js
var nodeTransfer string

// startNode runs a script in the Node that is in PATH, on the given core.
func startNode(core int, script string, args ...string) (*child, error) {
	path, err := exec.LookPath("node")
	if err != nil {
		return nil, missing{"node is not in PATH"}
	}
	return start(core, "node", path, append([]string{"-e", script, "--"}, args...)...)
}
