package runtime

// Requests of https.

import (
	"reflect"

	"nodehttp/generated/profile"
)

var agentsOfHTTPS = secureAgents{NewSecureAgent, GlobalSecureAgent}

// NewSecureRequest is NewRequest for a request of https.
func NewSecureRequest(p *profile.Profile, url string, o RequestOptions, callback ...func(*IncomingMessage)) *ClientRequest {
	o.secure = &agentsOfHTTPS
	return newRequest(p, url, &o, callback)
}

// NewSecureGet is NewSecureRequest, and ends the request.
func NewSecureGet(p *profile.Profile, url string, o RequestOptions, callback ...func(*IncomingMessage)) *ClientRequest {
	o.secure = &agentsOfHTTPS
	return NewGet(p, url, o, callback...)
}

// Given returns the options, nil if none is set.
func (o TLSOptions) Given() *TLSOptions {
	if reflect.ValueOf(o).IsZero() {
		return nil
	}
	return &o
}
