package main

// The versions that are refereed, and the Nodes that referee them.

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"nodehttp/generated/profile"
)

type version struct {
	name    string // of the document and of the package
	node    string // the Node that stands for it
	profile *profile.Profile
	coded   bool // errors of the API have codes
	llhttp  bool // the parser is llhttp, with its error codes
}

// versions are those that have a Node that can be had.
var versions = func() []version {
	var list []version
	for _, p := range profile.All() {
		if p.Referee == "" {
			continue
		}
		line, _, _ := strings.Cut(p.Referee, ".")
		major, err := strconv.Atoi(line)
		if err != nil {
			panic(err) // the generator writes releases
		}
		list = append(list, version{p.Version, p.Referee, standIn(p), major >= 8, major >= 12})
	}
	return list
}()

// standIn is the profile of a version but for what has changed since the Node that
// stands for it: io.js cannot be had, and Node 0.12 has no implied length.
func standIn(p *profile.Profile) *profile.Profile {
	if p.Version != "v1.6" {
		return p
	}
	older := *p
	older.ImpliedLength = false
	return &older
}

// namedVersions reads names of versions with space between them; v13.14- is that
// version and all newer ones.
func namedVersions(names string) ([]version, error) {
	var list []version
	for _, name := range strings.Fields(names) {
		name, open := strings.CutSuffix(name, "-")
		i := slices.IndexFunc(versions, func(v version) bool { return v.name == name })
		if i < 0 {
			return nil, fmt.Errorf("there is no version %s", name)
		}
		end := i + 1
		if open {
			end = len(versions)
		}
		for _, v := range versions[i:end] {
			if slices.ContainsFunc(list, func(o version) bool { return o.name == v.name }) {
				return nil, fmt.Errorf("version %s is named twice", v.name)
			}
			list = append(list, v)
		}
	}
	if list == nil {
		return nil, errors.New("no version is named")
	}
	return list, nil
}
