package model

import (
	"nodehttp/gen/internal/decode"
	"nodehttp/gen/internal/version"
)

// What happens at run time, as data: how an error is provoked, in which
// situation an event fires, and in which order several do.

// Step is a call of a method of the scenario's object.
type Step struct {
	Call Text        `spec:"call,required"`
	Args Map[Scalar] `spec:"args"`
	// Times is how often it is called in a row; once unless given.
	Times At[int] `spec:"times"`
}

// Scenario is a situation that a test creates over real sockets. Its object is an
// instance of the class that the scenario belongs to: a server, a request with the
// server that answers it, or something that one of them makes.
type Scenario struct {
	Place
	Since Versions `spec:"since"`
	Until Versions `spec:"until"`
	// Options are the options that the object is made with.
	Options Map[Scalar] `spec:"options"`
	// Set are properties that are set on it before anything happens.
	Set Map[Scalar] `spec:"set"`
	// Link is the state of the request's connection; connected unless given. In a
	// scenario of a socket with a link, the object is the request's socket.
	Link Text `spec:"link"`
	// Peer is what the other end sends: to a server at once, to a request when its
	// head has arrived.
	Peer At[decode.Raw] `spec:"peer"`
	// Then is what the other end does next; it waits unless given.
	Then Text `spec:"then"`
	// Call lists what is called, on the event At, or at once.
	Call []Step `spec:"call"`
	At   Text   `spec:"at"`
	// Args are what the event must carry: of an error its code.
	Args Map[Scalar] `spec:"args"`
}

// In reports whether the scenario is for version v: it may need members that other
// versions lack.
func (s *Scenario) In(v version.Version) bool { return within(s.Since, s.Until, v) }

// Links are the states of a request's connection in a scenario: it is established,
// it is refused, the request waits for a socket of the agent, or connecting never
// ends.
var Links = []string{"connected", "refused", "queued", "pending"}

// Ends are what the peer of a scenario may do when it has sent everything; echo
// sends back what it receives.
var Ends = []string{"close", "reset", "echo"}

// Order says which events fire in a situation, and in which order.
type Order struct {
	Place
	Life
	// Of is the class of the object.
	Of       Text     `spec:"of,required"`
	Scenario Scenario `spec:"scenario,required"`
	// Events are what is seen: `event`, `event CODE` for an error with that code,
	// `object.event` for an event of what an event has delivered, and `method()`
	// for the scenario's own call. Repeats of one event count once.
	Events []Text `spec:"events,required"`
}
