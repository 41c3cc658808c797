// Command exactbytes sends exactly the request that the program writes down: its fields
// in this order and case and no others, for servers that look at them.
//
//	go run ./exactbytes http://localhost:8080/
package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"nodehttp/generated/http"
)

// fields are what the request says; nothing is added to them.
var fields = http.Headers{
	{"host", "www.example.org"},
	{"sec-ch-ua", `"Not A;Brand";v="99"`},
	{"User-Agent", "exact/1.0"},
	{"Accept", "text/html"},
	{"accept", "*/*"},
	{"Connection", "keep-alive"},
	{"COOKIE", "a=1"},
	{"cookie", "b=2"},
}

func ask(ctx context.Context, url string) (*http.IncomingMessage, error) {
	return http.GetURLWith(url, http.RequestOptions{Headers: fields, SetHost: new(false), Signal: ctx}).Await(ctx)
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: exactbytes URL")
		os.Exit(2)
	}
	res, err := ask(context.Background(), os.Args[1])
	if err == nil {
		for _, f := range res.RawHeaders() {
			fmt.Printf("%s: %s\n", f[0], f[1])
		}
		fmt.Println()
		_, err = io.Copy(os.Stdout, res)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
