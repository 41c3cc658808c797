package runtime

import (
	"context"
	"errors"
	"net"
	"testing"
	"time"

	"nodehttp/core"
	"nodehttp/generated/profile"
	"nodehttp/runtime/socket"
)

// When the server has ended the connection, the end of the connection reports that to a request
// that is being written, and the writes do not.
func TestRequestOfAConnectionThatEnds(t *testing.T) {
	for name, write := range map[string]func(t *testing.T, r *ClientRequest){
		"End": func(t *testing.T, r *ClientRequest) {
			if err := r.out.End(); err != nil {
				t.Errorf("End: %v", err)
			}
		},
		"WriteChunk": func(t *testing.T, r *ClientRequest) {
			if !r.out.WriteChunk([]byte("x")) {
				t.Error("WriteChunk says false")
			}
		},
		"Write": func(t *testing.T, r *ClientRequest) {
			if _, err := r.out.WriteString("x"); !errors.Is(err, core.ErrStreamDestroyed) {
				t.Errorf("Write: %v", err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			near, far := net.Pipe()
			defer far.Close()
			r := NewRequest(profile.V19_0, "", RequestOptions{Method: "POST", CreateConnection: func(context.Context, socket.ConnectOptions) (net.Conn, error) {
				return near, nil
			}})
			connected, failed := make(chan struct{}), make(chan error, 4)
			r.OnSocket(func(s *socket.Socket) { s.OnConnect(func() { close(connected) }) })
			r.out.OnError(func(err error) { failed <- err })
			<-connected
			c := r.conn.Load()
			c.sock.Wire().Writer().Lock()
			c.sock.Wire().Writer().End(socket.EndOnly) // as when the server's end has been read, and before the connection is destroyed for it
			c.sock.Wire().Writer().Unlock()
			write(t, r)
			c.sock.Wire().Strand().Post(func() { c.inputEnded(false) })
			select {
			case err := <-failed:
				if !errors.Is(err, core.ErrConnReset) {
					t.Errorf("'error' with %v", err)
				}
			case <-time.After(10 * time.Second):
				t.Error("no 'error'")
			}
		})
	}
}
