//go:build interop

package interop

// Conversations of every pair of ends, compared with that of the two Node ends.

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"nodehttp/generated/http"
	"nodehttp/tests/leak"
)

var conversations = []string{
	"get", "write", "length", "empty", "close", "head", "headend", "headwrite", "nocontent", "notmodified", "unknown",
	"duplicates", "post", "ignored", "trailers", "proceed", "refuse", "hints", "binary", "uploadabort", "vanish",
	"endless", "endlesserror", "cancel", "cancelerror", "abort", "dropreq", "dropreqerror", "dropres", "cutlength", "cutchunked", "hangup", "upgrade", "connect", "crowd",
}

// served says how often each name ends in the server's log in a conversation.
func served(name string) map[string]int {
	switch name {
	case "get":
		return map[string]int{"get": 2}
	case "close":
		return map[string]int{"get": 1, "empty": 1}
	case "upgrade", "connect":
		return map[string]int{name: 1}
	case "crowd":
		return nil
	case "endlesserror", "cancel", "cancelerror", "abort":
		return map[string]int{"endless": 1, "get": 1}
	}
	return map[string]int{name: 1, "get": 1}
}

// beyond is what our server logs after all that Node's does. In Node a request
// that is answered before its body has come, and is then cut off, never closes.
var beyond = map[string][]string{
	"refuse": {"req aborted", "req error ECONNRESET aborted", "req close complete=false aborted=true"},
}

// ends is a client and a server that are connected.
type ends struct {
	converse       func(name string)
	client, server *transcripts
}

// hold has a conversation and returns what the client and the server logged.
func (e *ends) hold(t *testing.T, name string) (client, server []string) {
	ctx, cancel := context.WithTimeout(t.Context(), patience/4)
	defer cancel()
	e.converse(name)
	client = e.client.take(ctx, t, name, 1)
	times := served(name)
	for _, path := range slices.Sorted(maps.Keys(times)) {
		server = append(server, e.server.take(ctx, t, path, times[path])...)
	}
	return client, server
}

func TestConversations(t *testing.T) {
	leak.Check(t)
	nodeServer, nodePort := nodeServer(t)
	ours := newOurServer()
	t.Cleanup(func() { closeServer(t, ours.Server) })
	nodeClient := func(port int, server *transcripts) *ends {
		c := spawnNode(t, false, "client.js", strconv.Itoa(port))
		return &ends{func(name string) { c.tell(t, name) }, c.log, server}
	}
	ourEnd := func(port int, server *transcripts) *ends {
		c := &ourClient{port, newTranscripts()}
		return &ends{c.converse, c.log, server}
	}
	reference := nodeClient(nodePort, nodeServer.log)
	pairs := []struct {
		name      string
		ourServer bool
		*ends
	}{
		{"node to ours", true, nodeClient(ours.port(), ours.log)},
		{"ours to node", false, ourEnd(nodePort, nodeServer.log)},
		{"ours to ours", true, ourEnd(ours.port(), ours.log)},
	}
	for _, name := range conversations {
		t.Run(name, func(t *testing.T) {
			client, server := reference.hold(t, name)
			for _, pair := range pairs {
				t.Run(pair.name, func(t *testing.T) {
					gotClient, gotServer := pair.hold(t, name)
					compare(t, "client", gotClient, client)
					want := server
					if pair.ourServer {
						want = slices.Concat(server, beyond[name])
					}
					compare(t, "server", gotServer, want)
				})
			}
		})
	}
}

func compare(t *testing.T, end string, got, want []string) {
	t.Helper()
	if slices.Equal(got, want) {
		return
	}
	same := 0
	for same < min(len(got), len(want)) && got[same] == want[same] {
		same++
	}
	t.Errorf("after %d lines the %s logged\n\t%s\nbetween Node and Node it is\n\t%s",
		same, end, strings.Join(got[same:], "\n\t"), strings.Join(want[same:], "\n\t"))
}

// closeServer closes a server and waits until its last connection has ended.
func closeServer(tb testing.TB, s *http.Server) {
	closed := make(chan error, 1)
	s.Close(func(err error) { closed <- err })
	s.CloseAllConnections()
	if err := <-closed; err != nil {
		tb.Error(err)
	}
}
