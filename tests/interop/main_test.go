//go:build interop

package interop

// The test binary and the roles that it plays for its own tests.

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"testing"
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
	os.Exit(m.Run())
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
