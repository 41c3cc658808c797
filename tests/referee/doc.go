// Command referee holds nodehttp against real Nodes.
//
// A scenario is a small conversation, written once, as a JavaScript file under
// scenarios/. A real Node runs the file as it is; nodehttp is driven by the very
// same file, which script.go interprets on the runtime's types and the profile
// of a version. What happened is compared: the events with their arguments,
// results and error codes of calls, and the bytes on the wire.
//
//	go run . record     runs the scenarios on the Nodes and writes what they do
//	                    next to each scenario, as NAME.json
//	go run . report     compares and prints a line for each version
//	go run . accept     writes what nodehttp does in the scenarios that are listed
//	                    as deviations into their recordings
//	go run . show       prints what nodehttp does
//	go run . uses       prints which members each scenario uses
//	go test             compares, without a Node
//
// A run on nodehttp has a process of one processor to itself, as a run on a Node has
// (worker.go). Most runs wait most of the time, so several such processes run at once.
//
// # Scenarios
//
// The first lines are comments: what the scenario shows and, where it does not
// hold for all Nodes, the versions it is for:
//
//	// writeHead replaces what setHeader has set, whatever the case of its name.
//	// versions: v1.6-
//
// which is v1.6 and all newer ones; single versions are named one by one.
//
// The language is ECMAScript 5 as far as script.go goes: functions, variables,
// literals, calls, properties, conditions. Beside `http`, `net` for connections of
// its own and, where Nodes have them, Map and AbortController, a scenario has:
//
//	serve(server, f, options)
//	                        listens at a free port, or where the options of listen()
//	                        say, then calls f(port)
//	unixPath()              a path where nothing listens
//	agentWith(options, methods)
//	                        an Agent whose methods of these names are the script's
//	dial(port, f)           a raw client; calls f(peer) once it is connected
//	talk(server, text, f)   serves, dials, writes text and calls f(peer); without
//	                        an f, the scenario ends with the connection
//	answer(f, g)            a raw server; calls g(port) once it listens and
//	                        f(peer) with each connection
//	relay(port, f)          puts a recording relay in front of a port, calls f(port)
//	watch(emitter, label, "data end close")
//	                        logs these events, with arguments that are values
//	states(thread)          returns an object that logs states such as destroyed:
//	                        its watch(emitter, name, "finish close") is like watch,
//	                        and logs at each event what all that it watches say of
//	                        their states; look(label) logs that at once
//	log(label, values...)   logs values
//	note(label)             returns a function that logs its arguments
//	attempt(label, f)       logs what f returns or the code of what it throws
//	pools(label, agent, named)
//	                        logs how many requests wait, sockets serve and sockets are
//	                        free for each origin of an agent, with its name if named
//	after(ms, f)            calls f later; for things that must take time
//	count(n, f)             returns a function that calls f when called n times
//	repeat(text, n), bytes(text), textOf(buffer), Error(message)
//	done()                  ends the scenario; what follows is the peers' leaving,
//	                        which is still logged
//
// A peer has write(text), end(), reset(), destroy(), stop() and read() (whether it
// reads), until(text, f) (calls f when the text has come, behind what was waited
// for before) and closed(f) (calls f("end") or f("reset") when the other side is gone).
// Text of a peer is bytes, one for each character.
//
// Lines of the log are compared in order. A label such as "server.req" is of the
// thread "server": where two sides run side by side, their labels begin with
// different threads, and only the order within a thread counts.
//
// Pieces of one body are joined, dates and ports are masked, and long text is
// shortened. Codes that begin with ERR_ came with Node 8; before, the class of the
// error is logged. Codes of the parser that begin with HPE_ have other names before
// Node 12; for those versions only HPE is logged.
//
// # Deviations
//
// deviations.txt names the scenarios in which nodehttp differs on purpose, with the
// deviation in spec/ that says why. Their recordings also hold what nodehttp does
// instead. It is an error if a listed scenario agrees, if it differs in another way
// than recorded, or if one that is not listed differs.
//
// # Completeness
//
// It is an error, too, if no scenario of a version uses a member that it has and a
// document shows, unless unused.txt says why none can.
package main
