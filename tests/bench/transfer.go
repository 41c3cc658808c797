package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// This file measures long bodies: a GiB through a server or a client, against a bare
// io.Copy over TCP. It holds the contestant, the end that is not measured, and the
// floors; the measured ends stand in files of their own.

// transferSize is how long a body is, in MiB. Tests make it shorter; a role takes it from
// its file.
var transferSize = 1024

// mebibyte is the unit of transfers.
const mebibyte = 1 << 20

// transferContestant is two processes between which a body travels. What is
// driven starts each transfer.
type transferContestant struct {
	measured, driven *child
	file             string
	all              []*child
}

// transferOf makes a figure's Open. measured and partner are the roles of the
// process that is measured and of the other; the one that serves starts first and
// tells the other its address.
func transferOf(server, client string, serverIsMeasured bool) func(peer string) (contestant, error) {
	return func(peer string) (contestant, error) {
		file, err := os.CreateTemp("", "nodehttp-bench-*")
		if err != nil {
			return nil, err
		}
		defer file.Close()
		c := &transferContestant{file: file.Name()}
		if _, err := file.WriteAt([]byte(bodyEnd), int64(transferSize*mebibyte-len(bodyEnd))); err != nil {
			c.Close()
			return nil, err
		}
		measured, other := cores()
		serverCore, clientCore := other, measured
		serverPeer, clientPeer := "", peer
		if serverIsMeasured {
			serverCore, clientCore = measured, other
			serverPeer, clientPeer = peer, ""
		}
		s, err := startTransfer(serverCore, server, serverPeer, c.file, "")
		if err != nil {
			c.Close()
			return nil, err
		}
		c.all = append(c.all, s)
		d, err := startTransfer(clientCore, client, clientPeer, c.file, s.greeting)
		if err != nil {
			c.Close()
			return nil, err
		}
		c.all = append(c.all, d)
		c.driven, c.measured = d, d
		if serverIsMeasured {
			c.measured = s
		}
		return c, nil
	}
}

// startTransfer starts a role, which is given the body's file and, if it is a
// client, the server's address.
func startTransfer(core int, role, peer, file, address string) (*child, error) {
	if peer == "node" {
		return startNode(core, nodeTransfer, role, file, address)
	}
	return startRole(core, role, peer, file+" "+address)
}

// Measure makes one transfer, however long it takes.
func (c *transferContestant) Measure(time.Duration) (sample, error) {
	t, err := drive(c.driven, c.measured, time.Second)
	if err != nil {
		return sample{}, err
	}
	resident, err := c.measured.resident()
	if err != nil {
		return sample{}, err
	}
	return sample{Value: float64(t.operations) / t.took.Seconds(), Also: float64(resident) / mebibyte, Busy: t.busy()}, nil
}

func (c *transferContestant) Close() {
	for _, process := range c.all {
		process.close()
	}
	os.Remove(c.file)
}

// transferRoles are the roles of this file's figures: each a peer's way to
// serve or to move a body. A server returns its address.
var (
	// fileServers answer a GET with the file.
	fileServers = map[string]func(file string) (address string, err error){
		"":         sourceOf,
		"fasthttp": serveFileFasthttp,
		"floor":    sourceOf,
		"net/http": serveFileNetHTTP,
		"ours":     serveFileOurs,
	}
	// sinks read the body of a POST to its end and answer with its length.
	sinks = map[string]func(string) (address string, err error){
		"":         sinkFloor,
		"fasthttp": sinkFasthttp,
		"floor":    sinkFloor,
		"net/http": sinkNetHTTP,
		"ours":     sinkOurs,
	}
	// downloaders GET from an address and read the body to its end.
	downloaders = map[string]func(address string) (get func() (int64, error), err error){
		"":         downloadFloor,
		"fasthttp": downloadFasthttp,
		"floor":    downloadFloor,
		"net/http": downloadNetHTTP,
		"ours":     downloadOurs,
	}
	// chunkers POST a body in chunks.
	chunkers = map[string]func(address string) (post func() (int64, error), err error){
		"": chunkFloor,
	}
	// uploaders POST the file.
	uploaders = map[string]func(file, address string) (post func() (int64, error), err error){
		"fasthttp": uploadFasthttp,
		"floor":    uploadFloor,
		"net/http": uploadNetHTTP,
		"ours":     uploadOurs,
	}
)

func playFiles(peer, place string) error { return playTransferServer(peer, fileServers, place) }
func playSink(peer, place string) error  { return playTransferServer(peer, sinks, place) }

func playTransferServer(peer string, table map[string]func(string) (string, error), place string) error {
	file, _, _ := strings.Cut(place, " ")
	serve, ok := table[peer]
	if !ok {
		return unknownPeer(peer)
	}
	if err := takeSize(file); err != nil {
		return err
	}
	address, err := serve(file)
	if err != nil {
		return err
	}
	greet(address)
	return serveCommands(nil)
}

func playDownload(peer, place string) error { return playTransferClient(peer, downloaders, place) }
func playChunks(peer, place string) error   { return playTransferClient(peer, chunkers, place) }

func playUpload(peer, place string) error {
	upload, ok := uploaders[peer]
	if !ok {
		return unknownPeer(peer)
	}
	return playTransferClient(peer, map[string]func(string) (func() (int64, error), error){
		peer: func(address string) (func() (int64, error), error) {
			file, _, _ := strings.Cut(place, " ")
			return upload(file, address)
		},
	}, place)
}

func playTransferClient(peer string, table map[string]func(string) (func() (int64, error), error), place string) error {
	prepare, ok := table[peer]
	if !ok {
		return unknownPeer(peer)
	}
	file, address, _ := strings.Cut(place, " ")
	if err := takeSize(file); err != nil {
		return err
	}
	transfer, err := prepare(address)
	if err != nil {
		return err
	}
	greet("transfer")
	return serveCommands(map[string]func([]string) (string, error){
		"run": runCommand(func(time.Duration) (int, time.Duration, error) {
			start := time.Now()
			n, err := transfer()
			if err == nil && n != int64(transferSize*mebibyte) {
				err = fmt.Errorf("%d bytes instead of %d", n, transferSize*mebibyte)
			}
			return transferSize, time.Since(start), err
		}),
	})
}

// takeSize makes transferSize the length of file.
func takeSize(file string) error {
	info, err := os.Stat(file)
	if err == nil {
		transferSize = int(info.Size() / mebibyte)
	}
	return err
}

// transferHead is the head in front of a body of the whole size.
func transferHead() string {
	return "Content-Length: " + strconv.Itoa(transferSize*mebibyte) + headEnd
}

// sourceOf is the floor of a download's server: io.Copy of a file into a
// connection, behind a constant head.
func sourceOf(file string) (string, error) {
	return listenTransfer(func(conn *net.TCPConn) error {
		request := bufio.NewReader(conn)
		for {
			if err := skipHead(request); err != nil {
				return err
			}
			if _, err := io.WriteString(conn, "HTTP/1.1 200 OK\r\n"+transferHead()); err != nil {
				return err
			}
			if err := copyFile(conn, file); err != nil {
				return err
			}
		}
	})
}

func copyFile(to *net.TCPConn, name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = io.Copy(to, f)
	return err
}

// sinkFloor is the floor of an upload's server: io.Copy of a connection into
// nothing, until the bytes that end the body.
func sinkFloor(string) (string, error) {
	return listenTransfer(func(conn *net.TCPConn) error {
		s := &sinkWriter{conn: conn}
		_, err := io.Copy(s, struct{ io.Reader }{conn})
		return err
	})
}

// bodyEnd is what a chunked body ends with, and the file too, so that its end is
// seen without reading heads. Everything before it is zeros.
const bodyEnd = "\r\n0\r\n\r\n"

// sinkWriter answers whenever a body has ended.
type sinkWriter struct {
	conn *net.TCPConn
	tail []byte
}

func (s *sinkWriter) Write(b []byte) (int, error) {
	s.tail = append(s.tail, b[max(0, len(b)-len(bodyEnd)):]...)
	s.tail = s.tail[max(0, len(s.tail)-len(bodyEnd)):]
	if string(s.tail) == bodyEnd {
		s.tail = nil
		if _, err := io.WriteString(s.conn, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"); err != nil {
			return 0, err
		}
	}
	return len(b), nil
}

func listenTransfer(serve func(*net.TCPConn) error) (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				serve(conn.(*net.TCPConn))
			}()
		}
	}()
	return listener.Addr().String(), nil
}

// skipHead reads past the end of a head.
func skipHead(r *bufio.Reader) error {
	for {
		line, err := r.ReadSlice('\n')
		if err != nil {
			return err
		}
		if len(line) == 2 {
			return nil
		}
	}
}

// downloadFloor is the floor of a download's client: a constant request, and
// io.Copy of a connection into nothing.
func downloadFloor(address string) (func() (int64, error), error) {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return nil, err
	}
	head := make([]byte, 4096)
	return func() (int64, error) {
		if _, err := io.WriteString(conn, getRequest); err != nil {
			return 0, err
		}
		read := 0
		for {
			n, err := conn.Read(head[read:])
			if err != nil {
				return 0, err
			}
			read += n
			if i := bytes.Index(head[:read], []byte(headEnd)); i >= 0 {
				early := int64(read - i - len(headEnd))
				rest, err := readBody(io.LimitReader(conn, int64(transferSize*mebibyte)-early))
				return early + rest, err
			}
		}
	}, nil
}

// readBody reads all that r has, and counts it.
func readBody(r io.Reader) (int64, error) { return io.Copy(io.Discard, r) }

// chunkFloor sends a body in chunks of 64 KiB.
func chunkFloor(address string) (func() (int64, error), error) {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return nil, err
	}
	const chunkSize = 1 << 16
	chunk := fmt.Appendf(nil, "%x\r\n%s\r\n", chunkSize, make([]byte, chunkSize))
	chunks := bytes.Repeat(chunk, 4)
	answer := bufio.NewReader(conn)
	return func() (int64, error) {
		if _, err := io.WriteString(conn, "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"); err != nil {
			return 0, err
		}
		for range transferSize * mebibyte / (4 * chunkSize) {
			if _, err := conn.Write(chunks); err != nil {
				return 0, err
			}
		}
		if _, err := io.WriteString(conn, "0\r\n\r\n"); err != nil {
			return 0, err
		}
		return int64(transferSize * mebibyte), checkEmpty(answer)
	}, nil
}

// uploadFloor is the floor of an upload's client: io.Copy of a file into a
// connection.
func uploadFloor(file, address string) (func() (int64, error), error) {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return nil, err
	}
	answer := bufio.NewReader(conn)
	return func() (int64, error) {
		if err := copyFile(conn.(*net.TCPConn), file); err != nil {
			return 0, err
		}
		return int64(transferSize * mebibyte), checkEmpty(answer)
	}, nil
}

// checkEmpty reads a response whose body has no bytes that matter.
func checkEmpty(r *bufio.Reader) error {
	status, err := r.Peek(len(statusOK))
	if err != nil {
		return err
	}
	if !bytes.Equal(status, statusOK) {
		return fmt.Errorf("wrong response: %q", status)
	}
	return skipHead(r)
}

// resident is the memory of the process that is resident, in bytes.
func (c *child) resident() (int64, error) {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", c.command.Process.Pid))
	if err != nil {
		return 0, err
	}
	var size, pages int64
	if _, err := fmt.Sscan(string(data), &size, &pages); err != nil {
		return 0, err
	}
	return pages * int64(unix.Getpagesize()), nil
}
