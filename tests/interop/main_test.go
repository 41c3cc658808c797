//go:build interop

package interop

// The test binary: its roles, and what must be left when all tests have run.

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"runtime/pprof"
	"strconv"
	"strings"
	"testing"
	"time"

	"nodehttp/generated/http"
)

func TestMain(m *testing.M) {
	switch role, argument, _ := strings.Cut(os.Getenv(roleVariable), " "); role {
	case "":
	case "server":
		beServer()
		return
	case "client":
		beClient(argument)
		return
	}
	code := m.Run()
	http.GlobalAgent().Destroy()
	if left := leftover(); left != "" {
		fmt.Fprintf(os.Stderr, "goroutines are left:\n%s", left)
		code = 1
	}
	os.Exit(code)
}

// beServer serves conversations and streams until standard input ends.
func beServer() {
	s := newOurServer()
	fmt.Println(s.port())
	io.Copy(io.Discard, os.Stdin)
}

// beClient makes the streams that standard input names, "way kind length" each,
// and prints their sums.
func beClient(port string) {
	number, _ := strconv.Atoi(port)
	c := &ourClient{number, newTranscripts()}
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		var way, kind string
		var length int64
		fmt.Sscan(lines.Text(), &way, &kind, &length)
		sum, err := c.stream(way, kind, length)
		if err != nil {
			sum = describe(err)
		}
		fmt.Printf("%s\t%s\n%s\t%s\n", lines.Text(), sum, lines.Text(), end)
	}
}

// leftover waits until nothing of the library runs any more, and returns the
// goroutines that do not end.
func leftover() string {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	look := time.NewTicker(10 * time.Millisecond)
	defer look.Stop()
	for {
		var all bytes.Buffer
		pprof.Lookup("goroutine").WriteTo(&all, 2)
		left := ""
		for _, g := range strings.Split(all.String(), "\n\n") {
			if strings.Contains(g, "nodehttp/runtime") || strings.Contains(g, "nodehttp/core") {
				left += g + "\n\n"
			}
		}
		if left == "" {
			return ""
		}
		select {
		case <-look.C:
		case <-ctx.Done():
			return left
		}
	}
}
