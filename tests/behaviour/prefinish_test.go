package behaviour_test

import (
	"testing"

	"nodehttp/generated/http"
)

// A listener of 'prefinish' may use the message, whoever ends it.
func TestPrefinishListenerUsesTheMessage(t *testing.T) {
	ended := make(chan bool, 1)
	s := start(t, func(req *http.IncomingMessage, res *http.ServerResponse) {
		res.OnPrefinish(func() { ended <- res.WritableEnded() })
		go res.EndString("from elsewhere")
	})
	if body, _ := ask(t, nil, url(s, "/")); body != "from elsewhere" {
		t.Errorf("got %q", body)
	}
	if !<-ended {
		t.Error("'prefinish' before the end")
	}
}
