package resolve

import (
	"os"
	"slices"
	"testing"

	"nodehttp/gen/internal/diag"
	"nodehttp/gen/internal/load"
	"nodehttp/gen/internal/model"
	"nodehttp/gen/internal/version"
)

func realSpec(t *testing.T) *model.Spec {
	t.Helper()
	var errs diag.List
	spec, _ := load.Spec(os.DirFS("../../../spec"), "spec", &errs)
	if err := errs.Err(); err != nil {
		t.Fatal(err)
	}
	return spec
}

func at(t *testing.T, v string) version.Version {
	t.Helper()
	parsed, err := version.Parse(v)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

func TestMembersComeWithTheirVersions(t *testing.T) {
	spec := realSpec(t)
	for _, c := range []struct {
		version, owner, name string
		want                 bool
	}{
		{"v19.0", "Server", "closeAllConnections", true},
		{"v18.1.0", "Server", "closeAllConnections", false},
		{"v10.19.0", "http.createServer", "insecureHTTPParser", true},
		{"v10.18.0", "http.createServer", "insecureHTTPParser", false},
		{"v11.15.0", "http.createServer", "insecureHTTPParser", false},
		{"v13.14", "Agent", "maxTotalSockets", false},
		{"v12.19.0", "Agent", "maxTotalSockets", true},
		{"v1.6", "ClientRequest", "getHeader", true},
		{"v0.8", "ClientRequest", "getHeader", false},
		{"v0.8", "ServerResponse", "getHeader", true},
	} {
		list := At(spec, at(t, c.version)).List(false)
		got := slices.ContainsFunc(list, func(m Member) bool { return m.Owner == c.owner && m.Name == c.name })
		if got != c.want {
			t.Errorf("%s has %s.%s: %v, want %v", c.version, c.owner, c.name, got, c.want)
		}
	}
}

func TestDefaultsGoBackInHistory(t *testing.T) {
	spec := realSpec(t)
	for _, c := range []struct{ version, source, want string }{
		{"v19.0", "Server.requestTimeout", "300000"},
		{"v17.9.1", "Server.requestTimeout", "0"},
		{"v17.9.1", "options.http.createServer.requestTimeout", "0"},
		{"v17.7.0", "options.http.createServer.noDelay", "false"},
		{"v12.22.0", "Server.timeout", "120000"},
		{"v13.0.0", "Server.timeout", "0"},
		{"v14.17.0", "options.Agent.scheduling", "'lifo'"},
		{"v15.5.0", "options.Agent.scheduling", "'fifo'"},
		{"v19.0", "Agent.maxSockets", "Infinity"},
	} {
		sources := Sources(spec)
		source := sources[c.source]
		got := Effective(sources, source.Default, source.History, at(t, c.version))
		if got == nil || got.Text() != c.want {
			t.Errorf("%s in %s is %v, want %s", c.source, c.version, got, c.want)
		}
	}
}

func TestAClassSaysOnlyWhatDiffersFromItsParent(t *testing.T) {
	api := At(realSpec(t), at(t, "v19.0"))
	i := slices.IndexFunc(api.Classes, func(c *Class) bool { return c.Name.Value == "ServerResponse" })
	class := api.Classes[i]
	finish := class.find(KindEvent, "finish")
	if !finish.Inherited || !finish.Listed || finish.Since.Set().String() != "v0.3.6" || !finish.Once {
		t.Errorf("finish = %+v", finish)
	}
	for name, listed := range map[string]bool{"setHeader": true, "appendHeader": false, "writeHead": true} {
		m := class.find(KindMethod, name)
		if m == nil || m.Listed != listed || m.Inherited == (name == "writeHead") || len(m.Forms) == 0 || m.Owner != "ServerResponse" {
			t.Errorf("%s = %+v", name, m)
		}
	}
	if class.find(KindProperty, "connection").Deprecated.Set().String() != "v13.0.0" {
		t.Error("a class's own deprecation does not win over its parent's")
	}
}

func TestListLeavesOutWhatNoDocumentShows(t *testing.T) {
	api := At(realSpec(t), at(t, "v19.0"))
	some, all := api.List(false), api.List(true)
	for _, m := range some {
		if m.GoOnly || m.From.Given() || m.Owner == "Socket" {
			t.Errorf("%s.%s is listed", m.Owner, m.Name)
		}
	}
	if len(all) <= len(some) {
		t.Error("all adds nothing")
	}
}

func TestTheProfileHasEveryDefaultOnce(t *testing.T) {
	profile := At(realSpec(t), at(t, "v19.0")).Profile
	values := map[string]string{}
	for _, g := range profile.Groups {
		for _, f := range g.Fields {
			if _, twice := values[g.Name+"."+f.Name]; twice {
				t.Errorf("%s.%s is there twice", g.Name, f.Name)
			}
			values[g.Name+"."+f.Name] = f.Value.Text()
		}
	}
	for name, want := range map[string]string{
		"Server.HeadersTimeout": "60000", "Server.MaxHeadersCount": "2000", "Server.MaxHeaderSize": "16384",
		"Agent.KeepAlive": "false", "GlobalAgent.KeepAlive": "true", "GlobalAgent.Timeout": "5000",
		"GlobalAgent.MaxFreeSockets": "256", "Request.Method": "'GET'",
	} {
		if values[name] != want {
			t.Errorf("%s is %s, want %s", name, values[name], want)
		}
	}
	older := At(realSpec(t), at(t, "v18.12.0")).Profile
	for _, g := range older.Groups {
		if g.Name == "GlobalAgent" && g.find("KeepAlive").Value.Text() != "false" {
			t.Error("v18's global agent keeps connections alive")
		}
	}
}
