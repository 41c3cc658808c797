package runtime

import (
	"testing"
	"unsafe"
)

// TestExchangeFits holds what one request costs the collector on either side: up
// to 512 bytes an object lies in a span that says itself where its pointers are. 480 is the
// size class below, which a request and its response fit.
func TestExchangeFits(t *testing.T) {
	if size := unsafe.Sizeof(ClientRequest{}); size > 512 {
		t.Errorf("a client's request has %d bytes, more than 512", size)
	}
	if size := unsafe.Sizeof(exchange{}); size > 480 {
		t.Errorf("a request and its response have %d bytes, more than 480", size)
	}
}
