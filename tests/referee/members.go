package main

// Which members of http the scenarios use, so that none is left without one.

import (
	"encoding/json"
	"fmt"
	"os/exec"
	"slices"
	"sync"
)

// usage is what scenarios have used, of classes as of options objects:
// "Server.close", "Server.'close'" for an event, "http.request.timeout". Its methods
// may be called from any goroutine.
type usage struct {
	mu   sync.Mutex // guards seen
	seen map[key]bool
}

var uses = usage{seen: map[key]bool{}}

// take returns what has been used, of whatever version, in order, and forgets it.
func (u *usage) take() (names []string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	for k := range u.seen {
		names = append(names, k.name)
	}
	clear(u.seen)
	slices.Sort(names)
	return slices.Compact(names)
}

// add notes what another process has seen used.
func (u *usage) add(v version, names []string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	for _, name := range names {
		u.seen[key{name, v.name}] = true
	}
}

func (u *usage) note(names ...string) {
	s := current.Load()
	if s == nil {
		return // the scenario is over
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	for _, name := range names {
		u.seen[key{name, s.version.name}] = true
	}
}

// member notes the use of a host's member; an event's name is quoted.
func (u *usage) member(h host, name string) {
	for _, class := range classesOf(h) {
		u.note(class + "." + name)
	}
}

// options notes that an object is used as options, and returns what it has.
func (u *usage) options(of string, o *object) (keys []string, values []any) {
	keys, values = o.all()
	for _, name := range keys {
		u.note(of + "." + name)
	}
	return keys, values
}

// classesOf are the classes of a host, by all the names that they have had.
func classesOf(h host) []string {
	switch h.(type) {
	case *module:
		return []string{"http"}
	case *agent:
		return []string{"Agent"}
	case *client:
		return []string{"Client"}
	case *request:
		return []string{"ClientRequest", "OutgoingMessage"}
	case *response:
		return []string{"ServerResponse", "OutgoingMessage"}
	case *incoming:
		return []string{"IncomingMessage", "ServerRequest", "ClientResponse"}
	case *server:
		return []string{"Server"}
	case *socket:
		return []string{"Socket"}
	}
	return nil
}

// unused are the members of a version that a document shows, of whatever version, and
// that no scenario has used.
func (u *usage) unused(v version) ([]string, error) {
	list := exec.Command("go", "run", "./gen", "list", "-all", "-format", "json", "-at", v.name)
	list.Dir = "../.."
	out, err := list.Output()
	if err != nil {
		return nil, err
	}
	var members []struct {
		Kind, Owner, Name string
		Documented        []string
	}
	if err := json.Unmarshal(out, &members); err != nil {
		return nil, err
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	var left []string
	for _, m := range members {
		if m.Kind == "class" || len(m.Documented) == 0 { // of a class the members are looked for
			continue
		}
		name := m.Owner + "." + m.Name
		switch m.Kind {
		case "constructor":
			name = "http." + m.Name
		case "event":
			name = fmt.Sprintf("%s.'%s'", m.Owner, m.Name)
		}
		if !u.seen[key{name, v.name}] {
			left = append(left, name)
		}
	}
	slices.Sort(left)
	return left, nil
}
