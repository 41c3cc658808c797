// Package nethttp joins the runtime with net/http: Mount and Serve have an
// http.Handler answer requests that our server received, Handler makes an
// http.Handler of our server, and Transport is an http.RoundTripper whose
// connections are an agent's. The packages below generated/ have these as
// functions over their own types, in a package nethttp of each version.
//
// It is a package of its own because net/http is heavy: imported by runtime, it
// would add a third (1.7 MB, and a hundred packages) to every program of ours,
// those included that never see an http.Handler.
package nethttp
