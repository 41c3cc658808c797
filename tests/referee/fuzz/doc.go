// Fuzz compares this library with a real Node 19.0.0: it makes up bytes, sends the
// same to both over loopback, and compares what their listeners saw and what came
// back.
//
//	make referee-fuzz FUZZTIME=60s ONLY=requests
//
// Requests go to a server of each; compared are the messages that 'request',
// 'connect' and 'upgrade' brought (method, url, version, raw headers, body, trailers,
// whether they are complete), the code of 'clientError', and all heads that were
// answered. Many inputs end with a well-formed request, which shows whether the
// connection is still served. Responses go to a client of each, which asked for them:
// compared are the messages that 'information', 'response', 'connect' and 'upgrade'
// brought, the codes of the errors of request and response, and whether the agent
// would have kept the socket. testdata/peer.js is Node's side, ours.go this library's.
//
// Each case is a connection of its own. The fuzzer ends its side behind the input, so
// that every connection ends by itself and nothing waits for a time to pass. A case is
// made from the seed and its number alone; what a disagreement depends on besides is
// how the bytes are read together, so it must show itself several times to count.
// Then it is made small and printed as a Go string with both sights.
//
// What spec/deviations.yaml records is known to differ. The rules in rules.go name
// such a deviation each, and say exactly which disputes it explains: they are counted.
// A dispute that no rule explains fails the run; either the library is mended, or the
// deviation is recorded and gets a rule. Nothing may be explained by this library
// taking what Node refuses, except where Node 19 alone refuses what the RFC and its
// later releases take.
package main
