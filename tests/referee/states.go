package main

// What a message says of its state, logged at each of its events: scenarios call
// states() for it.

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// A state is a member of a class that tells how far something has come, and the
// first version that has it.
type state struct{ name, since string }

// statesOf are the states of each class, in the order in which they are logged. Before
// v15 destroyed does not become true of a message that is destroyed, on purpose not so
// here.
var statesOf = map[string][]state{
	"ClientRequest": {
		{"socket", ""}, {"reusedSocket", "v13.14"}, {"headersSent", "v1.6"}, {"finished", ""},
		{"writableEnded", "v13.14"}, {"writableFinished", "v13.14"}, {"aborted", "v1.6"}, {"destroyed", "v19.0"},
	},
	"ServerResponse": {
		{"socket", ""}, {"headersSent", "v1.6"}, {"finished", ""},
		{"writableEnded", "v13.14"}, {"writableFinished", "v13.14"}, {"destroyed", "v19.0"},
	},
	// complete of a request without a body: see the runner.
	"IncomingMessage": {{"socket", ""}, {"complete", ""}, {"aborted", "v13.14"}, {"destroyed", "v19.0"}},
	"Socket":          {{"destroyed", ""}},
	"Server":          {{"listening", "v13.14"}},
}

// states returns the names of what a class of the version has of them.
func (v version) states(class string) (names []string) {
	for _, s := range statesOf[class] {
		if s.since == "" || v.atLeast(s.since) {
			names = append(names, s.name)
		}
	}
	return names
}

// statesAsJSON is what the script of a Node is given: the names for each class.
func (v version) statesAsJSON() string {
	all := map[string][]string{}
	for class := range statesOf {
		all[class] = v.states(class)
	}
	b, err := json.Marshal(all)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// follower logs the states of all that it has been given.
type follower struct {
	s      *subject
	thread string
	names  []string
	hosts  []emitter
}

// states makes the object that a script calls to follow states.
func (s *subject) states(a ...any) any {
	f := &follower{s: s, thread: text(a[0])}
	o := newObject()
	o.set("watch", callable(f.watch))
	o.set("look", method(func(a ...any) { f.look(text(a[0]), nil) }))
	return o
}

// watch follows an emitter: its states are logged from now on, at each of its events,
// too.
func (f *follower) watch(a ...any) any {
	e, name := a[0].(emitter), text(a[1])
	f.s.mu.Lock()
	if !slices.Contains(f.names, name) {
		f.names, f.hosts = append(f.names, name), append(f.hosts, e)
	}
	f.s.mu.Unlock()
	for _, event := range strings.Fields(text(a[2])) {
		attach(e, event, false, func(args ...any) any {
			f.look(name+" "+event, f.s.values(args))
			return undefined{}
		})
	}
	return undefined{}
}

// look logs the states at a moment.
func (f *follower) look(label string, values []any) {
	f.s.mu.Lock()
	names, hosts := slices.Clone(f.names), slices.Clone(f.hosts)
	f.s.mu.Unlock()
	line := append([]string{f.thread + "." + label}, f.s.showAll(values)...)
	for i, h := range hosts {
		line = append(line, names[i]+"("+strings.Join(f.s.statesNow(h), " ")+")")
	}
	f.s.add(strings.Join(line, " "))
}

// statesNow are the states of a host that are true.
func (s *subject) statesNow(h host) (names []string) {
	for _, class := range classesOf(h) {
		for _, name := range s.version.states(class) {
			if truth(property(h, name)) {
				names = append(names, name)
			}
		}
	}
	return names
}

// values are the arguments of a listener that can be logged.
func (s *subject) values(args []any) []any {
	return slices.DeleteFunc(slices.Clone(args), func(v any) bool {
		switch v := v.(type) {
		case nil, undefined, host, *object, *list:
			return true
		case error:
			return v == nil
		}
		return false
	})
}

// atLeast reports whether the version is another one or behind it.
func (v version) atLeast(name string) bool {
	index := func(name string) int {
		return slices.IndexFunc(versions, func(w version) bool { return w.name == name })
	}
	if index(name) < 0 {
		panic(fmt.Errorf("there is no version %s", name))
	}
	return index(name) <= index(v.name)
}
