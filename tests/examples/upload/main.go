// Command upload sends a file from disk as the body of a PUT. The system copies it
// to the connection; it does not pass through the program.
//
//	go run ./upload file.iso http://localhost:8080/file.iso
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strconv"
	"time"

	"nodehttp/generated/http"
)

// upload sends the file at path and returns the status of the answer.
func upload(ctx context.Context, path, url string) (status int, err error) {
	file, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return 0, err
	}
	req := http.RequestURLWith(url, http.RequestOptions{
		Method:  "PUT",
		Headers: http.Headers{{"Content-Length", strconv.FormatInt(info.Size(), 10)}, {"Expect", "100-continue"}},
		Signal:  ctx,
	})
	sent := make(chan error, 1)
	send := func() {
		_, err := io.Copy(req, file) // req is an io.ReaderFrom
		if err == nil {
			err = req.End()
		}
		sent <- err
	}
	req.OnContinue(func() { go send() }) // the server wants it
	req.FlushHeaders()

	res, err := req.Await(ctx)
	if err != nil {
		select {
		case reason := <-sent:
			if reason != nil {
				return 0, reason
			}
		default:
		}
		return 0, err
	}
	if _, err := io.Copy(io.Discard, res); err != nil {
		return 0, err
	}
	return res.StatusCode(), nil
}

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: upload FILE URL")
		os.Exit(2)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Hour)
	defer cancel()
	status, err := upload(ctx, os.Args[1], os.Args[2])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(status)
}
