//go:build tools

// Package nodehttp records why the main module depends on what it depends on.
//
//   - github.com/dave/jennifer writes the Go source under generated/.
//   - gopkg.in/yaml.v3 reads spec/ and keeps the line and column of every fact.
//   - github.com/google/go-cmp compares event logs and defaults in tests and
//     says where they differ.
//
// Only gen and tests import them: a program that imports a generated package
// links the standard library alone.
package nodehttp

import (
	_ "github.com/dave/jennifer/jen"
	_ "github.com/google/go-cmp/cmp"
	_ "gopkg.in/yaml.v3"
)
