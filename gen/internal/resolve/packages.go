package resolve

import (
	"strings"

	"nodehttp/gen/internal/model"
)

// NewestDir is the directory of the newest version's package; that of its own name
// has aliases.
const NewestDir = "http"

// Package is a version that has a package.
type Package struct {
	// Version is what its document is called, v19.0, and Name its package, v19_0. Dir
	// is the directory that has its types.
	Version, Name, Dir string
	// Referee is the release of Node that shows what it does, 19.0.0, if any.
	Referee  string
	Document *model.Document
}

// Newest reports whether the package is that of the newest version.
func (p Package) Newest() bool { return p.Dir == NewestDir }

// Packages lists the versions that are generated, the oldest first.
func Packages(spec *model.Spec) []Package {
	var list []Package
	for _, d := range spec.Documents {
		if !d.Value.Package.Given() {
			continue
		}
		p := Package{Version: d.Name, Name: d.Value.Package.Value, Dir: d.Value.Package.Value, Document: d.Value}
		if r := d.Value.Referee; r.Given() {
			p.Referee = strings.TrimPrefix(r.Value.String(), "v")
		}
		list = append(list, p)
	}
	if len(list) > 0 {
		list[len(list)-1].Dir = NewestDir
	}
	return list
}
