package main

// The versions that are refereed, and the Nodes that referee them.

import "nodehttp/generated/profile"

type version struct {
	name    string // of the document and of the package
	node    string // the Node that stands for it
	profile *profile.Profile
	coded   bool // errors of the API have codes
	llhttp  bool // the parser is llhttp, with its error codes
}

// versions are those that have a Node on npm; v0.4 has none.
var versions = []version{
	{"v0.8", "0.8.28", profile.V0_8, false, false},
	{"v1.6", "0.12.18", v1_6(), false, false},
	{"v13.14", "13.14.0", profile.V13_14, true, true},
	{"v19.0", "19.0.0", profile.V19_0, true, true},
}

// v1_6 is the profile of v1.6 but for what io.js has changed since the Node that
// stands for it.
func v1_6() *profile.Profile {
	p := *profile.V1_6
	p.ImpliedLength = false
	return &p
}
