package emittest

import (
	"path"
	"slices"

	"nodehttp/gen/internal/resolve"
)

// https writes the test of package https of a version, if it has one: a server and a client
// of it speak to each other. dir is where the version's package of http is.
func (p *pkg) https(files map[string][]byte, dir string) error {
	names := map[role]string{}
	for name, r := range p.roles {
		names[r] = name
	}
	agents := slices.ContainsFunc(p.api.Constructors, func(m resolve.Member) bool { return m.Name == "Agent" })
	if !agents || len(p.api.Secure.Functions) == 0 || names[incoming] == "" || names[response] == "" {
		return nil
	}
	at := path.Join(dir, "https")
	if dir == resolve.NewestDir {
		at = "https"
	}
	return add(files, at, "secure", func(f *file) error {
		f.name = "https"
		f.imports[generatedPath+"/"+dir] = true
		f.printf(`func TestSecure(t *$testing.T) {
			$scene.Secure(t, %s, $scene.SecureModule{
				Server: func(cert, key []byte, f func(*$runtime.IncomingMessage, *runtime.ServerResponse)) (*runtime.Server, error) {
					s, err := CreateServerWith(ServerOptions{Cert: cert, Key: key}, func(req *http.%[2]s, res *http.%[3]s) {
						f((*runtime.IncomingMessage)(req), (*runtime.ServerResponse)(res))
					})
					if err != nil {
						return nil, err
					}
					return (*runtime.Server)(s.Server), nil
				},
				Agent: func(ca []byte) *runtime.Agent { return (*runtime.Agent)(NewAgent(AgentOptions{CA: ca})) },
				Get: func(host string, port int, a *runtime.Agent) *runtime.ClientRequest {
					return (*runtime.ClientRequest)(GetWith(RequestOptions{Host: host, Port: port, Agent: (*http.Agent)(a)}))
				},
			})
		}
		`, p.profile(), names[incoming], names[response])
		return nil
	})
}
