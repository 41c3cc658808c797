//go:build soak

package versions

// thorough has the tests that take minutes look at every case: make soak does.
const thorough = true
