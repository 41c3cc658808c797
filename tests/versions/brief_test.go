//go:build !soak

package versions

// thorough is false in make test: of cases that hardly differ there is one.
const thorough = false
