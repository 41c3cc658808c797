package main

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	nethttp "net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestFetch(t *testing.T) {
	content := make([]byte, 3<<20+7)
	rand.NewChaCha8([32]byte{1}).Read(content)
	for name, plain := range map[string]bool{"in parts": false, "in one": true} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(nethttp.HandlerFunc(func(w nethttp.ResponseWriter, r *nethttp.Request) {
				if plain {
					w.Header().Set("Content-Length", "3145735")
					w.Write(content)
					return
				}
				w.Header().Set("ETag", `"1"`)
				nethttp.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
			}))
			defer server.Close()
			path := filepath.Join(t.TempDir(), "file")

			// It is interrupted in the middle, and then goes on.
			ctx, cancel := context.WithCancel(context.Background())
			stopped := errors.New("nothing was told")
			err := fetch(ctx, server.URL+"/file", path, 4, func(done, size int64) {
				if stopped = nil; done > size/2 {
					cancel()
				}
			})
			if stopped != nil || err == nil {
				t.Fatalf("it was interrupted: %v, %v", stopped, err)
			}
			var last int64
			if err := fetch(context.Background(), server.URL+"/file", path, 4, func(done, size int64) { last = done }); err != nil {
				t.Fatal(err)
			}
			got, err := os.ReadFile(path)
			if err != nil || !bytes.Equal(got, content) || last != int64(len(content)) {
				t.Errorf("%d bytes came, %d were told: %v", len(got), last, err)
			}
			if left, _ := filepath.Glob(path + ".*"); len(left) > 0 {
				t.Errorf("%q are left", left)
			}
		})
	}
}
