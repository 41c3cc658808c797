package main

import (
	"context"
	"crypto/sha256"
	"io"
	nethttp "net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
)

func TestUpload(t *testing.T) {
	content := make([]byte, 5<<20)
	for i := range content {
		content[i] = byte(i * 7 >> 3)
	}
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, content, 0o644); err != nil {
		t.Fatal(err)
	}
	sums := make(chan [32]byte, 1)
	server := httptest.NewServer(nethttp.HandlerFunc(func(w nethttp.ResponseWriter, r *nethttp.Request) {
		if r.URL.Path != "/wanted" {
			w.WriteHeader(403) // without reading it
			return
		}
		body, _ := io.ReadAll(r.Body)
		sums <- sha256.Sum256(body)
		w.WriteHeader(201)
	}))
	defer server.Close()

	status, err := upload(context.Background(), path, server.URL+"/wanted")
	if err != nil || status != 201 {
		t.Fatal(status, err)
	}
	if sum := <-sums; sum != sha256.Sum256(content) {
		t.Error("something else came")
	}
	if status, err := upload(context.Background(), path, server.URL+"/unwanted"); err != nil || status != 403 {
		t.Error(status, err)
	}
	if _, err := upload(context.Background(), path+".not", server.URL); err == nil {
		t.Error("a file that is not there was sent")
	}
}
