// Command download fetches a file in several parts at once, shows how far it is, and
// goes on where it stopped when it is called again.
//
//	go run ./download -o file.iso http://example.org/file.iso
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"

	"nodehttp/generated/http"
)

// download is a file on its way. Part i of it is in the file path.i until all are there.
type download struct {
	url, path string
	agent     *http.Agent
	size      int64
	etag      string
	done      atomic.Int64 // bytes that are there
}

// fetch brings url to path by several connections. tell is called as bytes come,
// by one goroutine at a time.
func fetch(ctx context.Context, url, path string, parts int, tell func(done, size int64)) error {
	d := &download{url: url, path: path, agent: http.NewAgent(http.AgentOptions{KeepAlive: true, MaxSockets: parts})}
	defer d.agent.Destroy()
	ranges, err := d.look(ctx)
	if err != nil {
		return err
	}
	if !ranges {
		parts = 1
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var all sync.WaitGroup
	var telling sync.Mutex
	for i := range parts {
		all.Go(func() {
			if err := d.part(ctx, i, parts, func(n int) {
				telling.Lock()
				defer telling.Unlock()
				tell(d.done.Add(int64(n)), d.size)
			}); err != nil {
				cancel(err) // the others stop, and keep what they have
			}
		})
	}
	all.Wait()
	if err := context.Cause(ctx); err != nil {
		return err
	}
	return d.join(parts)
}

// look asks for the size, and whether parts can be had.
func (d *download) look(ctx context.Context) (ranges bool, err error) {
	req := http.RequestURLWith(d.url, http.RequestOptions{Method: "HEAD", Agent: d.agent, Signal: ctx})
	req.End()
	res, err := req.Await(ctx)
	if err != nil {
		return false, err
	}
	io.Copy(io.Discard, res)
	if res.StatusCode() != 200 {
		return false, fmt.Errorf("%s: %d %s", d.url, res.StatusCode(), res.StatusMessage())
	}
	d.etag = res.Header("ETag")
	if d.size, err = strconv.ParseInt(res.Header("Content-Length"), 10, 64); err != nil {
		return false, errors.New("the server does not tell the size")
	}
	return res.Header("Accept-Ranges") == "bytes", nil
}

func (d *download) name(part, parts int) string { return fmt.Sprintf("%s.%d-%d", d.path, part, parts) }

// part fetches one part, or what is missing of it.
func (d *download) part(ctx context.Context, part, parts int, tell func(int)) error {
	first, end := d.size*int64(part)/int64(parts), d.size*int64(part+1)/int64(parts)
	file, err := os.OpenFile(d.name(part, parts), os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer file.Close()
	there, err := file.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	if there > end-first || parts == 1 {
		there = 0 // it is of another file, or cannot be gone on with
		if _, err = file.Seek(0, io.SeekStart); err != nil {
			return err
		}
		if err = file.Truncate(0); err != nil {
			return err
		}
	}
	tell(int(there))
	if there == end-first {
		return nil
	}
	options := http.RequestOptions{Agent: d.agent, Signal: ctx}
	want := 200
	if parts > 1 {
		want = 206
		options.Headers = http.Headers{{"Range", fmt.Sprintf("bytes=%d-%d", first+there, end-1)}}
		if d.etag != "" {
			options.Headers = append(options.Headers, [2]string{"If-Match", d.etag})
		}
	}
	res, err := http.GetURLWith(d.url, options).Await(ctx)
	if err != nil {
		return err
	}
	if res.StatusCode() != want {
		res.Destroy()
		return fmt.Errorf("%s: %d %s", d.url, res.StatusCode(), res.StatusMessage())
	}
	for chunk, err := range res.Chunks() {
		if err != nil {
			return err
		}
		if _, err := file.Write(chunk); err != nil {
			return err
		}
		tell(len(chunk))
	}
	return file.Close()
}

// join makes the file of its parts.
func (d *download) join(parts int) error {
	whole, err := os.CreateTemp(filepath.Dir(d.path), ".download-*")
	if err != nil {
		return err
	}
	defer os.Remove(whole.Name())
	defer whole.Close()
	for i := range parts {
		part, err := os.Open(d.name(i, parts))
		if err != nil {
			return err
		}
		_, err = io.Copy(whole, part)
		part.Close()
		if err != nil {
			return err
		}
	}
	if err := whole.Close(); err != nil {
		return err
	}
	if err := os.Rename(whole.Name(), d.path); err != nil {
		return err
	}
	for i := range parts {
		os.Remove(d.name(i, parts))
	}
	return nil
}

func main() {
	path := flag.String("o", "download", "the file to write")
	parts := flag.Int("n", 4, "how many parts at once")
	flag.Parse()
	err := fetch(context.Background(), flag.Arg(0), *path, *parts, func(done, size int64) {
		fmt.Printf("\r%3d %%  %d of %d bytes", 100*done/max(size, 1), done, size)
	})
	fmt.Println()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
