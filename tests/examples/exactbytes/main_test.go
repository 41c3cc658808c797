package main

import (
	"bufio"
	"context"
	"io"
	"net"
	"strings"
	"testing"
)

func TestExactly(t *testing.T) {
	const want = "GET /a HTTP/1.1\r\nhost: www.example.org\r\nsec-ch-ua: \"Not A;Brand\";v=\"99\"\r\nUser-Agent: exact/1.0\r\n" +
		"Accept: text/html\r\naccept: */*\r\nConnection: keep-alive\r\nCOOKIE: a=1\r\ncookie: b=2\r\n\r\n"
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	got := make(chan string, 1)
	go func() {
		c, err := l.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		head, from := "", bufio.NewReader(c)
		for !strings.HasSuffix(head, "\r\n\r\n") {
			line, err := from.ReadString('\n')
			if head += line; err != nil {
				break
			}
		}
		got <- head
		io.WriteString(c, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhi")
	}()
	res, err := ask(context.Background(), "http://"+l.Addr().String()+"/a")
	if err != nil {
		t.Fatal(err)
	}
	if body, err := io.ReadAll(res); string(body) != "hi" || err != nil {
		t.Errorf("the body is %q, %v", body, err)
	}
	if g := <-got; g != want {
		t.Errorf("this was sent:\n%s\nin place of:\n%s", g, want)
	}
}
