//go:build interop

package interop

// Load: ab and wrk, of which not one request may fail.

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"nodehttp/tests/leak"
)

func TestAb(t *testing.T) {
	leak.Check(t)
	s := newPlainServer(t)
	post := filepath.Join(t.TempDir(), "body")
	if err := os.WriteFile(post, body()[:20000], 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, path string
		requests   int
		kept       bool
		args       []string
	}{
		{"kept alive", "/small", 50000, true, []string{"-k", "-c", "64"}},
		{"one connection each", "/small", 10000, false, []string{"-c", "64"}},
		{"POST kept alive", "/up", 10000, true, []string{"-k", "-c", "32", "-p", post, "-T", "application/octet-stream"}},
		{"POST on one connection each", "/up", 5000, false, []string{"-c", "32", "-p", post, "-T", "application/octet-stream"}},
		{"POST echoed", "/echo", 5000, false, []string{"-k", "-l", "-c", "32", "-p", post, "-T", "application/octet-stream"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			args := append([]string{"-q", "-r", "-n", strconv.Itoa(c.requests)}, c.args...)
			out := string(run(t, nil, "ab", append(args, s.url+c.path)...))
			report := func(name string) int {
				m := regexp.MustCompile(`(?m)^` + name + `:\s+(\d+)`).FindStringSubmatch(out)
				if m == nil {
					return 0 // ab does not mention what did not happen
				}
				n, _ := strconv.Atoi(m[1])
				return n
			}
			kept := 0
			if c.kept {
				kept = c.requests
			}
			for name, want := range map[string]int{
				"Complete requests": c.requests, "Keep-Alive requests": kept,
				"Failed requests": 0, "Non-2xx responses": 0, "Write errors": 0,
			} {
				if got := report(name); got != want {
					t.Errorf("%s: %d, want %d\n%s", name, got, want, out)
				}
			}
			t.Logf("%d requests/s", report("Requests per second"))
		})
	}
}

func TestWrk(t *testing.T) {
	leak.Check(t)
	s := newPlainServer(t)
	for _, c := range []struct {
		name string
		args []string
	}{
		{"1 thread", []string{"-t1", "-c32"}},
		{"2 threads", []string{"-t2", "-c64"}},
		{"2 threads, 16 requests pipelined", []string{"-t2", "-c64", "-s", filepath.Join("testdata", "pipeline.lua")}},
	} {
		t.Run(c.name, func(t *testing.T) {
			out := string(run(t, nil, "wrk", append(c.args, "-d2s", s.url+"/small")...))
			if strings.Contains(out, "Socket errors") || strings.Contains(out, "Non-2xx") {
				t.Errorf("there were errors:\n%s", out)
			}
			m := regexp.MustCompile(`Requests/sec:\s+(\d+)`).FindStringSubmatch(out)
			if m == nil || m[1] == "0" {
				t.Fatalf("no requests:\n%s", out)
			}
			t.Logf("%s requests/s", m[1])
		})
	}
}
