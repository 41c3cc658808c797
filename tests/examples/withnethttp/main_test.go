package main

import "testing"

func TestRun(t *testing.T) {
	if basket, err := run(); err != nil || basket != "milk+bread" {
		t.Errorf("in the basket is %q, %v", basket, err)
	}
}
