package resolve

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nodehttp/gen/internal/diag"
	"nodehttp/gen/internal/goform"
	"nodehttp/gen/internal/load"
	"nodehttp/gen/internal/model"
	"nodehttp/gen/internal/surface"
	"nodehttp/gen/internal/testspec"
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
		{"v0.4", "ClientRequest", "getHeader", true},
		{"v0.8", "ClientRequest", "flushHeaders", false},
		{"v0.4", "http", "getAgent", true},
		{"v0.8", "http", "getAgent", false},
		{"v0.4", "Agent", "queue", true},
		{"v0.4", "Agent", "destroy", false},
		{"v0.8", "Agent", "upgrade", false},
		{"v0.8", "http", "ServerRequest", true},
		{"v0.8", "http", "IncomingMessage", false},
		{"v0.8", "ServerRequest", "url", true},
		{"v0.8", "ClientResponse", "url", false},
		{"v0.10.0", "http", "IncomingMessage", true},
		{"v0.10.0", "http", "ClientResponse", false},
		{"v1.6", "http", "createClient", true},
		{"v13.14", "http", "createClient", false},
		{"v13.14", "http", "setMaxIdleHTTPParsers", false},
		{"v19.0", "http", "setMaxIdleHTTPParsers", true},
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

// formsOf returns the Go names of a member's forms and the signature of the first.
func formsOf(api *API, owner, name string) (names []string, params int, first surface.Form) {
	for _, m := range api.List(true) {
		if m.Owner == owner && m.Name == name && !m.GoOnly { // an event may have the name of a method that Go adds
			for _, form := range m.Forms {
				names = append(names, form.Name)
			}
			first = m.Forms[0]
			return names, len(goform.Params(first.Func)), first
		}
	}
	return nil, 0, first
}

func TestMembersHaveTheShapeOfTheirTime(t *testing.T) {
	spec := realSpec(t)
	for _, c := range []struct {
		version, owner, name string
		forms                []string
		params               int
		types                string // of the first form, by name
		runtime              string
	}{
		{"v0.4", "http", "get", []string{"GetWith"}, 2, "RequestOptions ClientResponse ClientRequest", "GetWith"},
		{"v0.8", "http", "get", []string{"Get", "GetWith"}, 2, "string ClientResponse ClientRequest", "Get"},
		{"v13.14", "http", "get", []string{"Get", "GetWith", "GetURLWith"}, 2, "string IncomingMessage ClientRequest", "Get"},
		{"v0.4", "Server", "close", []string{"Close"}, 0, "Server", "Close"},
		{"v0.8", "Server", "request", []string{"OnRequest", "OnceRequest"}, 1, "ServerRequest ServerResponse Subscription", "OnRequest"},
		{"v0.8", "Server", "clientError", []string{"OnClientError", "OnceClientError"}, 1, "error Subscription", "OnClientErrorAlone"},
		{"v1.6", "Server", "clientError", []string{"OnClientError", "OnceClientError"}, 1, "error Socket Subscription", "OnClientError"},
		{"v0.4", "ServerRequest", "close", []string{"OnClose"}, 1, "error Subscription", "OnCloseError"},
		{"v0.8", "ServerRequest", "close", []string{"OnClose"}, 1, "Subscription", "OnClose"},
		{"v0.4", "Agent", "sockets", []string{"Sockets"}, 0, "Socket", "SocketList"},
		{"v0.8", "Agent", "sockets", []string{"Sockets"}, 0, "string Socket", "Sockets"},
		{"v0.8", "ServerResponse", "write", []string{"Write", "WriteString", "WriteChunk", "WriteEncoded"}, 1, "byte int error", "Write"},
		{"v0.8", "ServerResponse", "end", []string{"End", "EndChunk", "EndString", "EndEncoded"}, 0, "error", "End"},
	} {
		names, params, first := formsOf(At(spec, at(t, c.version)), c.owner, c.name)
		if diff := cmp.Diff(c.forms, names); diff != "" {
			t.Errorf("%s %s.%s: %s", c.version, c.owner, c.name, diff)
			continue
		}
		var types []string
		first.Names(func(_, name string) { types = append(types, name) })
		if got := strings.Join(types, " "); got != c.types || params != c.params || first.Runtime != c.runtime {
			t.Errorf("%s %s.%s has %d parameters of %q over %s", c.version, c.owner, c.name, params, got, first.Runtime)
		}
	}
}

func TestParametersHaveTheNamesOfTheirTime(t *testing.T) {
	spec := realSpec(t)
	for v, want := range map[string]string{"v0.8": "reasonPhrase?", "v1.6": "statusMessage?"} {
		for _, m := range At(spec, at(t, v)).List(true) {
			if m.Owner == "ServerResponse" && m.Name == "writeHead" && m.Params[1].Name != want {
				t.Errorf("%s: %s", v, m.Params[1].Name)
			}
		}
	}
}

func TestEveryVersionHasEveryFieldOfTheProfile(t *testing.T) {
	spec := realSpec(t)
	value := func(p Profile, group, field string) string {
		for _, g := range p.Groups {
			if g.Name == group && g.find(field) != nil {
				return g.find(field).Value.Text()
			}
		}
		for _, f := range p.Behaviours {
			if f.Name == group+field {
				return f.Value.Text()
			}
		}
		return "none"
	}
	for _, c := range []struct{ version, group, field, want string }{
		{"v0.4", "Server", "Timeout", "120000"}, // there is no property to read it by
		{"v0.8", "Server", "Timeout", "120000"},
		{"v13.14", "Server", "Timeout", "0"},
		{"v0.8", "Server", "KeepAliveTimeout", "0"},
		{"v0.8", "Server", "HeadersTimeout", "0"},
		{"v0.8", "Server", "MaxHeadersCount", "1000"},
		{"v0.8", "Server", "MaxHeaderSize", "81920"},
		{"v13.14", "Server", "MaxHeaderSize", "16384"},
		{"v0.4", "Agent", "MaxSockets", "5"},
		{"v0.8", "GlobalAgent", "MaxSockets", "5"},
		{"v1.6", "GlobalAgent", "MaxSockets", "Infinity"},
		{"v13.14", "Agent", "Scheduling", "'fifo'"},
		{"v0.8", "Request", "SetHost", "true"},
		{"v0.4", "Response", "SendDate", "false"},
		{"v0.8", "Response", "SendDate", "true"},
		{"v0.8", "", "UpgradeUnheardCloses", "true"},
		{"v13.14", "", "UpgradeUnheardCloses", "false"},
		{"v13.14", "", "CloseEndsIdle", "false"},
		{"v19.0", "", "CloseEndsIdle", "true"},
	} {
		if got := value(At(spec, at(t, c.version)).Profile, c.group, c.field); got != c.want {
			t.Errorf("%s: %s.%s is %s, want %s", c.version, c.group, c.field, got, c.want)
		}
	}
}

func TestTablesGoBackInHistory(t *testing.T) {
	spec := realSpec(t)
	for _, c := range []struct{ version, table, key, want string }{
		{"v19.0", "status", "302", "Found"}, {"v0.8", "status", "302", "Moved Temporarily"}, {"v0.8", "status", "308", ""},
		{"v1.6", "status", "308", "Permanent Redirect"}, {"v0.4", "status", "429", ""}, {"v0.8", "status", "429", "Too Many Requests"},
		{"v0.8", "repeat", "*", "discard"}, {"v1.6", "repeat", "*", "comma"}, {"v1.6", "repeat", "cookie", "comma"},
		{"v13.14", "repeat", "cookie", "semicolon"}, {"v1.6", "repeat", "age", ""}, {"v13.14", "repeat", "age", "discard"},
		{"v1.6", "method", "LINK", ""}, {"v13.14", "method", "LINK", "LINK"},
	} {
		p := At(spec, at(t, c.version)).Profile
		got := ""
		switch c.table {
		case "status":
			for _, s := range p.Statuses {
				if s.Code == c.key {
					got = s.Text
				}
			}
		case "repeat":
			for _, r := range p.Repeats {
				if r.Header == c.key {
					got = r.Fate
				}
			}
		case "method":
			if slices.Contains(p.Methods, c.key) {
				got = c.key
			}
		}
		if got != c.want {
			t.Errorf("%s: %s %s is %q, want %q", c.version, c.table, c.key, got, c.want)
		}
	}
}

func TestMembersHaveTheNamesOfTheirTime(t *testing.T) {
	files := testspec.Files()
	server := files["classes/Server.yaml"]
	server.Data = []byte(strings.Replace(string(server.Data), "  closeAll:\n    since: v18.2.0",
		"  closeAll:\n    since: v8.0.0\n    renamed_from: [{name: endAll, in: v10.0.0}, {name: stopAll, in: v9.0.0}]", 1))
	var errs diag.List
	spec, _ := load.Spec(files, "spec", &errs)
	if err := errs.Err(); err != nil {
		t.Fatal(err)
	}
	for v, want := range map[string]string{"v8.1.0": "stopAll", "v9.0.0": "endAll", "v10.0.0": "closeAll"} {
		if names, _, _ := formsOf(At(spec, at(t, v)), "Server", want); len(names) != 1 || !strings.EqualFold(names[0], want) {
			t.Errorf("%s: %s is %v", v, want, names)
		}
	}
}

func TestErrorsComeWithWhatThrowsThem(t *testing.T) {
	spec := realSpec(t)
	has := func(v, code string) bool { return At(spec, at(t, v)).Errors.Get(code) != nil }
	if has("v0.4", "ERR_INVALID_ARG_VALUE") || !has("v19.0", "ERR_INVALID_ARG_VALUE") || !has("v0.4", "ERR_HTTP_HEADERS_SENT") {
		t.Error("errors are not those of the version")
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
		"Server.HeadersTimeout": "60000", "Server.MaxHeadersCount": "1000", "Server.MaxHeaderSize": "16384",
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
