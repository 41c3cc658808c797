package headings

import (
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"nodehttp/gen/internal/check"
	"nodehttp/gen/internal/diag"
	"nodehttp/gen/internal/load"
	"nodehttp/gen/internal/testspec"
)

const document = "# HTTP\n\n## Class: `http.Agent`\n\n### `new Agent([options])`\n\n" +
	"* `options` {Object} What it is told:\n  * `keepAlive` {boolean} Whether.\n  * `maxSockets` {number}\n* `other` {Object}\n  * `no` {boolean}\n\n" +
	"### `agent.pools`\n\n<!-- YAML\nadded: v0.11.4\ndeprecated:\n  - v17.0.0\n  - v16.12.0\nchanges:\n  - version: REPLACEME\n" +
	"    description: Since v1.2.3 it is new.\n  - version: v9.0.0\n-->\n\nSince v0.1.0.\n\n## Class: `http.Server`\n\n### Event: `'response'`\n\n* `response` {http.Response}\n\n" +
	"### `server.listen()`\n\n<!-- YAML\nadded: v0.1.90\n-->\n\n#### `server.listen(port[, callback])`\n\n### `server[Symbol.asyncDispose]()`\n\n```js\nserver.nothing();\n## Class: `http.Code`?\n```\n\n" +
	"## `http.METHODS`\n\n## `http.createServer([options][, requestListener])`\n\n* `options` {Object}\n  * `noDelay` {boolean}\n"

func TestHeadingsOfADocument(t *testing.T) {
	const want = `v19.0:
  headings:
    http: [Agent, Server, METHODS, createServer]
    Agent: [new, pools]
    Server: ["'response'", listen, Symbol.asyncDispose]
  options:
    Agent: [keepAlive, maxSockets]
    http.createServer: [noDelay]
  dates:
    Agent: {pools: [v0.11.4, v16.12.0, v17.0.0, v9.0.0]}
    Server: {listen: v0.1.90}
`
	if diff := cmp.Diff(want, Of("v19.0", document)); diff != "" {
		t.Error(diff)
	}
}

// TestTheIndexIsTakenByTheModel loads what is written beside the small model, which
// lacks one of its members.
func TestTheIndexIsTakenByTheModel(t *testing.T) {
	files := testspec.Files()
	files["headings.yaml"] = &fstest.MapFile{Data: []byte("v0.8: {headings: {}}\nv13.14: {headings: {}}\n" + Of("v19.0", document))}
	for _, name := range []string{"classes/Message.yaml", "classes/Response.yaml"} {
		if files[name] == nil {
			t.Fatal(name)
		}
	}
	var errs diag.List
	spec, complete := load.Spec(files, "spec", &errs)
	if !complete || !errs.Empty() {
		t.Fatal(errs.Err())
	}
	check.Spec(spec, &errs)
	found := false
	for _, f := range errs.Findings() {
		found = found || f.Message == "the model has no Symbol.asyncDispose of Server, which v19.0 shows"
	}
	if !found {
		t.Errorf("the symbol is not missed: %v", errs.Err())
	}
}
