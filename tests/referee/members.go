package main

// Which members of http the scenarios use, so that none is left without one.

import (
	"encoding/json"
	"fmt"
	"os/exec"
	"slices"
	"strings"
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
	case *netSocket:
		return []string{"Socket"}
	}
	return nil
}

// listed is a member of a version as gen list prints it.
type listed struct {
	Kind, Owner, Name string
	Documented        []string
	Once              bool
	Go                []form
}

// form is a Go form of a member.
type form struct{ Text string }

// listedOf returns the members of a version.
func listedOf(v version) (members []listed, err error) {
	list := exec.Command("go", "run", "./gen", "list", "-all", "-format", "json", "-at", v.name)
	list.Dir = "../.."
	out, err := list.Output()
	if err != nil {
		return nil, err
	}
	return members, json.Unmarshal(out, &members)
}

// unused are the members of a version that a document shows, of whatever version, and
// that no scenario has used.
func (u *usage) unused(v version, members []listed) []string {
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
			name = m.event()
		}
		if !u.seen[key{name, v.name}] {
			left = append(left, name)
		}
	}
	slices.Sort(left)
	return left
}

// event is what the use of an event is noted as.
func (m *listed) event() string { return fmt.Sprintf("%s.'%s'", m.Owner, m.Name) }

// heard reports whether an event has listeners: some a program only emits.
func (m *listed) heard() bool {
	return slices.ContainsFunc(m.Go, func(f form) bool { return strings.HasPrefix(f.Text, "On") })
}

// misjudged are the events of which a version says that they fire at most once, though
// they have fired again, and in once those of which it does not say so, though no
// listener has ever been called again.
func (u *usage) misjudged(v version, members []listed, once map[string]bool) (again []string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	for _, m := range members {
		if m.Kind != "event" || !u.seen[key{m.event(), v.name}] || !m.heard() {
			continue
		}
		repeats := u.seen[key{m.event() + repeated, v.name}]
		switch {
		case m.Once && repeats:
			again = append(again, m.event())
		case !m.Once:
			_, known := once[m.event()]
			once[m.event()] = (!known || once[m.event()]) && !repeats
		}
	}
	return again
}
