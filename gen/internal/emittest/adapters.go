package emittest

// adapters writes the test of the package that joins a version with net/http: each
// adapter carries an exchange. dir is where the version's package is.
func (p *pkg) adapters(dir string) func(*file) error {
	names := map[role]string{}
	for name, r := range p.roles {
		names[r] = name
	}
	return func(f *file) error {
		if names[incoming] == "" || names[response] == "" {
			return nil // a small model, whose servers have no requests
		}
		f.name = "nethttp"
		f.imports[generatedPath+"/"+dir] = true
		f.printf(`func TestAdapters(t *$testing.T) {
			$scene.Adapters(t, %s, $scene.Adapted{
				Mount:     func(s *$runtime.Server, h $nethttp.Handler) { Mount((*http.Server)(s), h) },
				Handler:   func(s *runtime.Server) nethttp.Handler { return NewHandler((*http.Server)(s)) },
				Transport: func(a *runtime.Agent) nethttp.RoundTripper { return NewTransport((*http.Agent)(a)) },
				Serve: func(h nethttp.Handler, req *runtime.IncomingMessage, res *runtime.ServerResponse) {
					Serve(h, (*http.%s)(req), (*http.%s)(res))
				},
			})
		}
		`, p.profile(), names[incoming], names[response])
		return nil
	}
}
