package behaviour_test

// Listeners and callbacks that are nil.

import (
	"reflect"
	"testing"

	http "nodehttp/generated/http"
	v0_4 "nodehttp/generated/v0_4"
)

// What takes a listener panics where it is given nil, before it looks at anything else.
func TestNilListenerPanicsWhereItIsGiven(t *testing.T) {
	subscription := reflect.TypeFor[*http.Subscription]()
	tried := 0
	for _, of := range []any{
		new(http.Agent), new(http.ClientRequest), new(http.IncomingMessage), new(http.OutgoingMessage),
		new(http.Server), new(http.ServerResponse), new(http.Socket),
		new(v0_4.Agent), new(v0_4.ClientRequest), new(v0_4.ClientResponse), new(v0_4.OutgoingMessage),
		new(v0_4.Server), new(v0_4.ServerRequest), new(v0_4.ServerResponse), new(v0_4.Socket),
	} {
		v := reflect.ValueOf(of)
		for i := range v.NumMethod() {
			name, m := v.Type().String()+"."+v.Type().Method(i).Name, v.Method(i)
			if m.Type().NumOut() != 1 || m.Type().Out(0) != subscription {
				continue
			}
			tried++
			func() {
				defer func() {
					if got := recover(); got != "http: nil listener" {
						t.Errorf("%s(nil): panic %v, want http: nil listener", name, got)
					}
				}()
				m.Call([]reflect.Value{reflect.Zero(m.Type().In(0))})
			}()
		}
	}
	if tried < 100 {
		t.Errorf("%d methods take a listener, want more than 100", tried)
	}
}
