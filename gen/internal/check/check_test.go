package check

import (
	"io/fs"
	"maps"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"nodehttp/gen/internal/diag"
	"nodehttp/gen/internal/load"
	"nodehttp/gen/internal/testspec"
)

// findings loads and checks files as the command line does.
func findings(files fs.FS) []diag.Finding {
	var errs diag.List
	if spec, complete := load.Spec(files, "spec", &errs); complete {
		Spec(spec, &errs)
	}
	return errs.Findings()
}

func TestSoundModelsHaveNoFindings(t *testing.T) {
	for name, files := range map[string]fs.FS{"test": testspec.Files(), "real": os.DirFS("../../../spec")} {
		for _, f := range findings(files) {
			t.Errorf("%s: %s: %s", name, f.Pos, f.Message)
		}
	}
}

// TestEachErrorNamesItsPlace breaks one fact at a time. In what replaces it, the
// character behind ^ is where the error is expected.
func TestEachErrorNamesItsPlace(t *testing.T) {
	const (
		server   = "classes/Server.yaml"
		response = "classes/Response.yaml"
		message  = "classes/Message.yaml"
		agent    = "options/Agent.yaml"
		create   = "options/createServer.yaml"
		orders   = "orders.yaml"
	)
	for name, c := range map[string]struct{ file, old, new, message string }{
		"tab":                 {server, "  closeAll:", "^\tcloseAll:", "tab"},
		"unclosed list":       {server, "since: v0.1.17", "^since: [v0.1.17", "expected"},
		"alias":               {server, "doc: Accepts", "doc: ^&x Accepts", "anchors"},
		"second document":     {server, "class: Server\n", "class: Server\n^---\na: b\n", "one document"},
		"empty file":          {"behaviours.yaml", "", "", "the file is empty"},
		"unknown key":         {server, "instance: server", "^instanse: server", `unknown key "instanse"`},
		"missing key":         {server, "instance: server\n", "", `missing key "instance"`},
		"repeated key":        {server, "instance: server", "instance: server\n^instance: server", "twice"},
		"duplicate member":    {server, "  setKeep:", "  closeAll: {}\n  setKeep:", `"closeAll" is here twice`},
		"text for boolean":    {server, "writable: true", `writable: ^"true"`, "want true or false"},
		"number for text":     {server, "instance: server", "instance: ^1", "want a string"},
		"list for text":       {server, "instance: server", "instance: ^[server]", "want one value"},
		"text for mapping":    {response, "params: {statusCode: integer, \"headers?\": Headers}", "params: ^Headers", "want a mapping"},
		"mapping for list":    {server, "since: v5.7.0", "history:\n      ^a: b\n    since: v5.7.0", "want a list"},
		"missing value":       {server, "extends: net.Server", "extends:^", "nothing"},
		"float":               {server, "default: 60000", "default: ^1.5", "want an integer"},
		"malformed type":      {server, "type: boolean", `type: ^"boolean |"`, "is not a type"},
		"malformed func":      {server, `"(err: Err)"`, `^"(err: Err"`, "is not a type"},
		"malformed version":   {server, "since: v0.1.17", "since: ^v0.1.x", "is not a version"},
		"partial version":     {server, "since: v0.1.17", "since: ^v0.1", "not one release"},
		"future version":      {server, "since: v0.1.17", "since: ^v19.1.0", "newer than the newest document"},
		"until too early":     {server, "since: v18.2.0", "since: v18.2.0\n    until: ^v18.1.0", "older than since"},
		"deprecated early":    {message, "deprecated: [v15.12.0, v14.17.1]", "deprecated: [^v0.1.0]", "older than since"},
		"change too early":    {server, "in: v10.0.0", "in: ^v0.1.0", "older than since"},
		"unknown document":    {server, "documented: v19.0", "documented: ^v19.1", `unknown document "v19.1"`},
		"not that document":   {"versions.yaml", "node: v19.0.0", "node: ^v18.0.0", "not a release of v19.0"},
		"document's name":     {"versions.yaml", "v0.8:", "^four:", "is not a version"},
		"no origin":           {server, "  listening:\n    from: net.Server\n", "  ^listening:\n", "documented, from and go_only"},
		"two origins":         {server, "  closeAll:", "  ^closeAll:\n    go_only: true", "documented, from and go_only"},
		"unknown origin":      {server, "from: net.Server", "from: ^net.Sewer", `unknown class "net.Sewer"`},
		"no doc":              {server, "  closeAll:\n    since: v18.2.0", "  ^closeAll: {documented: v19.0}\n  closeSome:\n    since: v18.2.0", `missing key "doc"`},
		"stray instead":       {server, "since: v18.2.0", "since: v18.2.0\n    instead: ^listen", "for what is deprecated"},
		"unknown link":        {server, "peer: hello", "link: ^weak, peer: hello", `unknown link "weak"`},
		"unknown end":         {server, "then: close", "then: ^burn", `unknown end "burn"`},
		"unknown setting":     {server, "headersTimeout: 1}", "^listening: true}", "no property \"listening\" that can be set"},
		"setting's type":      {server, "headersTimeout: 1}", "headersTimeout: ^soon}", "not a value of type milliseconds"},
		"unknown carried":     {server, "args: {head: x}", "args: {^tail: x}", `unknown parameter "tail"`},
		"at without a call":   {orders, "call: [closeAll], at: response", "at: ^response", "nothing is called"},
		"order of nothing":    {orders, "of: Server", "of: ^Sewer", `unknown class "Sewer"`},
		"unknown call":        {orders, "call: [closeAll]", "call: [^closeNone]", `unknown method "closeNone"`},
		"bad order":           {orders, "[listening, ", "[listening, ^silence, ", `Server has no event "silence"`},
		"nested bad order":    {orders, "[listening, ", "[listening, ^response.cork, ", `Response has no event "cork"`},
		"order of a value":    {orders, "[listening, ", "[listening, ^listening.finish, ", "delivers no object"},
		"order's code":        {orders, "[listening, ", "[listening, ^response E_NO, ", `unknown error code "E_NO"`},
		"order's repeat":      {orders, "response.finish, closeAll", "response.finish, ^response, closeAll", "twice"},
		"unknown parent":      {server, "extends: net.Server", "extends: ^Sewer", `unknown class "Sewer"`},
		"cycle":               {message, "extends: stream.Writable", "extends: ^Response", "Message extends itself"},
		"no base":             {response, "extends: Message\nbase: Outgoing\n", "extends: ^Message\n", "base is missing"},
		"second class":        {server, "class: Server", "class: ^Response", "defined twice"},
		"class and type":      {response, "class: Response", "class: ^Headers", "a class and a type"},
		"second struct":       {create, "struct: ServerOptions", "struct: ^Server", "defined twice"},
		"unknown type":        {server, "{response: Response, head: bytes}", "{response: ^Sewer}", `unknown type "Sewer"`},
		"unknown property":    {response, "type: Server", "type: ^Sewer", `unknown type "Sewer"`},
		"no type":             {server, "    type: boolean\n", "", "has no type"},
		"no Go form":          {message, "    go: [\"GetHeaders() map[string][]string\"]\n", "", "list the forms under go"},
		"union":               {message, "type: integer", "type: ^integer | string", "alternatives"},
		"early optional":      {server, "    go: [\"SetKeep(enable bool, delay ...time.Duration)\"]\n", "", "optional parameter before the last"},
		"malformed form":      {server, "- Listen(port int, callback ...func()) *Server", "- ^Listen(port int", "not a Go signature"},
		"method as field":     {server, "- Listen(port int, callback ...func()) *Server", "- Listen int", "is not"},
		"unknown Go type":     {server, "- Listen(port int, callback ...func()) *Server", "- ^Listen() *Sewer", `unknown Go type "Sewer"`},
		"unknown package":     {server, "- Listen(port int, callback ...func()) *Server", "- ^Listen() nut.Addr", `unknown Go type "nut.Addr"`},
		"odd Go type":         {server, "- Listen(port int, callback ...func()) *Server", "- ^Listen() [][3]*Server", "no conversion"},
		"malformed call":      {"constants.yaml", `"runtime.Methods(profile)"`, `^"runtime.Methods(1+1)"`, "not a call"},
		"unknown argument":    {"constants.yaml", `"runtime.Methods(profile)"`, `^"runtime.Methods(prefile)"`, `"prefile" is not a parameter`},
		"function as type":    {server, "- Listen(port int, callback ...func()) *Server", "- ^ListenOptions(port int)", "ListenOptions is a type"},
		"options, no With":    {server, "- form: ListenWith(", "- form: ^ListenAt(", "ends in With"},
		"With, no options":    {server, "- Listen(port int, callback ...func()) *Server", "- ^ListenWith(port int)", "and of no other"},
		"Once of one event":   {message, "once: true", "once: true\n    go: [OnDone(f func()) *Subscription, ^OnceDone(f func()) *Subscription]", "at most once, so it has no OnceDone"},
		"Once of an heir":     {response, "    since: v0.3.6\n", "    since: v0.3.6\n    go: [OnIt(f func()) *Subscription, ^OnceIt(f func()) *Subscription]\n", "at most once, so it has no OnceIt"},
		"no Once":             {message, "once: true", "go: [^OnDone(f func()) *Subscription]", "so it has OnceDone, too"},
		"values, no type":     {agent, "  scheduling:\n    since: [v14.5.0, v12.20.0]\n    documented: v19.0\n    type: string\n    default: lifo\n    values: [fifo, lifo]\n    history:\n      - {in: [v15.6.0, v14.17.0], change: default, from: fifo}\n    go: [Scheduling Scheduling]\n", "  ^scheduling:\n    documented: v19.0\n    type: string\n    values: [fifo, lifo]\n", "has 2 values: give it a Go type"},
		"same Go name":        {message, "  getHeaders:", "  ^Cork: {go_only: true, doc: Corks.}\n  getHeaders:", "both Cork in Go"},
		"receiver's name":     {message, "AppendHeader(name string, value string)", "AppendHeader(name string, m string)", "the receiver's name"},
		"heir's receiver":     {message, "AppendHeader(name string, value string)", "AppendHeader(r string, value string)", "the receiver's name in Response"},
		"unknown code":        {response, "code: E_SENT", "code: ^E_SEND", "unknown error code"},
		"unknown after":       {response, "after: [cork]", "after: [^quark]", `unknown method "quark"`},
		"unknown parameter":   {response, "args: {statusCode: 99}", "args: {^status: 99}", `unknown parameter "status"`},
		"kind of error":       {"errors.yaml", "kind: TypeError", "kind: ^Abort", "unknown kind of error"},
		"kind of change":      {server, "change: behaviour", "change: ^behavior", "unknown kind of change"},
		"change of default":   {server, "change: default, from: 0", "change: ^default", "says the old one"},
		"change, no text":     {server, "change: behaviour, text: Nothing breaks.", "change: ^behaviour", "says in text"},
		"default's type":      {server, "default: 60000", "default: ^true", "not a value of type milliseconds"},
		"negative default":    {server, "default: 60000", "default: ^-1", "not a value of type milliseconds"},
		"old default":         {create, "from: false", "from: ^0", "not a value of type boolean"},
		"value":               {agent, "default: lifo", "default: ^filo", "not one of the values"},
		"default of none":     {create, "default_of: Server.headersTimeout", "default_of: ^Server.headerTimeout", "there is no"},
		"default, no value":   {create, "default_of: http.maxSize", "default_of: ^Server.listening", "has no default"},
		"default of other":    {create, "default_of: http.maxSize", "default_of: ^Server.headersTimeout", "is of type milliseconds"},
		"default circle":      {server, "default: 60000", "default_of: ^options.http.createServer.headersTimeout", "in a circle"},
		"two defaults":        {create, "default_of: http.maxSize", "default_of: ^http.maxSize\n    default: 1", "a default of its own"},
		"profile twice":       {create, "default_of: Server.headersTimeout", "default: 1", "the profile has Server.HeadersTimeout"},
		"no profile":          {"options/listen.yaml", "  port:", "  ^port:\n    default: 0", "no profile"},
		"options' owner":      {create, "options: http.createServer", "options: ^http.createSewer", "to take options"},
		"unknown option":      {"classes/Agent.yaml", "option: keep", "option: ^kept", `no option "kept"`},
		"unknown override":    {"constants.yaml", "    keepAlive:", "    ^keepalive:", `no option "keepalive"`},
		"override's type":     {"constants.yaml", "value: true", "value: ^1", "not a value of type boolean"},
		"header rule":         {"header_rules.yaml", "cookie: {repeat: semicolon}", "cookie: {repeat: ^colon}", "unknown rule"},
		"status code":         {"status_codes.yaml", `"404"`, `^"44"`, "not a status code"},
		"no status text":      {"status_codes.yaml", `"404": {text: Not Found}`, `^"404": {}`, `missing key "text"`},
		"alias without doc":   {"types.yaml", "Subscription:", "^Lost: {alias: true}\nSubscription:", "needs go and doc"},
		"exports of no type":  {"types.yaml", "boolean: {go: bool}", "^boolean: {go: bool, exports: {A: B}}", "only an alias"},
		"values of no type":   {"types.yaml", "boolean: {go: bool}", "^boolean: {go: bool, constants: {A: B}}", "only an alias"},
		"shown too early":     {server, "documented: v19.0\n    params: {\"callback?\"", "documented: [^v0.8, v19.0]\n    params: {\"callback?\"", "it is there since v18.2.0"},
		"older name of none":  {"classes/Old.yaml", "", "class: Old\nmodule: http\ninstance: old\nolder_name_of: ^Sewer\nuntil: v0.8.0\ndocumented: []\ndoc: Old.\n", `unknown class "Sewer"`},
		"older name forever":  {"classes/Old.yaml", "", "class: Old\nmodule: http\ninstance: old\nolder_name_of: ^Server\ndocumented: []\ndoc: Old.\n", `missing key "until"`},
		"heir by its name":    {"classes/Old.yaml", "", "class: Old\nmodule: http\ninstance: old\nolder_name_of: Server\nextends: ^Message\nuntil: v0.8.0\ndocumented: []\ndoc: Old.\n", "extends what the class does"},
		"without nothing":     {"classes/Old.yaml", "", "class: Old\nmodule: http\ninstance: old\nolder_name_of: Server\nwithout: [^sewer]\nuntil: v0.8.0\ndocumented: []\ndoc: Old.\n", `Server has no member "sewer"`},
		"stray without":       {server, "instance: server", "instance: server\nwithout: [^listen]", "only an older name"},
		"no form left":        {server, "- Listen(port int, callback ...func()) *Server\n      - form: ListenWith", "- {form: \"Listen(port int)\", since: v1.0.0}\n      - since: v1.0.0\n        form: ListenWith", "none of the Go forms is there in v0.8.28"},
		"former class":        {server, "change: behaviour, text: Nothing breaks.", "change: behaviour, text: Nothing breaks., was: {types: {Response: ^Sewer}}", `unknown class "Sewer"`},
		"former type":         {server, "change: behaviour, text: Nothing breaks.", "change: behaviour, text: Nothing breaks., was: {params: {a: ^Sewer}}", `unknown type "Sewer"`},
		"former form":         {server, "change: behaviour, text: Nothing breaks.", "change: behaviour, text: Nothing breaks., was: {go: [^OnIt]}", "not a Go signature"},
		"before, no default":  {create, "default_of: http.maxSize", "default_of: http.maxSize\n    before: ^1", "has a default of its own"},
		"before's type":       {server, "default: 60000", "default: 60000\n    before: ^soon", "not a value of type milliseconds"},
		"told by nothing":     {"errors.yaml", "kind: TypeError", "told: [^Server.silence], kind: TypeError", `no event "Server.silence"`},
		"former text":         {"status_codes.yaml", `"404": {text: Not Found}`, `"404": {text: Not Found, was: [{in: ^v20.0.0, text: Lost}]}`, "newer than the newest"},
		"former rule":         {"header_rules.yaml", "age: {repeat: discard}", "age: {repeat: discard, was: [{in: v8.0.0, repeat: ^colon}]}", "unknown rule"},
		"no name":             {message, "  getHeaders:", "  ^get-headers:", `"get-headers" is not a name`},
		"number for name":     {message, "  getHeaders:", "  ^200:", `"200" is not a name`},
		"class of no name":    {server, "class: Server", "class: ^Ser ver", `"Ser ver" is not a name`},
		"empty text":          {server, "instance: server", `instance: ^""`, "want a string, have an empty one"},
		"empty key":           {message, "  getHeaders:", `  ^"":`, "the key is empty"},
		"tag":                 {server, "instance: server", "instance: ^!!str server", "tags"},
		"anchor of a key":     {server, "instance: server", "^&x instance: server", "anchors"},
		"no such anchor":      {server, "instance: server", "instance: ^*x", "unknown anchor"},
		"no text":             {server, "instance: server", "instance: ^\xff", "UTF-8"},
		"control character":   {server, "instance: server", "instance: ser^\x01ver", "control characters"},
		"too long a time":     {server, "default: 60000", "default: ^9007199254740991", "not a value of type milliseconds"},
		"too great a number":  {server, "default: 60000", "default: ^9007199254740992", "want an integer"},
		"list for a file":     {"behaviours.yaml", "", "^[a]", "want a mapping"},
		"nested function":     {server, "type: boolean", `type: ^"(a: (b: boolean))"`, "is no function"},
		"empty list":          {server, "since: v18.2.0", "since: ^[]", "the list is empty"},
		"empty values":        {agent, "values: [fifo, lifo]", "values: ^[]", "the list is empty"},
		"no events":           {orders, "events: [listening, response, response.finish, closeAll()]", "events: ^[]", "the list is empty"},
		"written control":     {server, "doc: Accepts connections.", `doc: ^"Accepts\x07 connections."`, "control character U+0007"},
		"line break":          {server, "doc: Accepts connections.", "doc: ^|-\n  Accepts\n  connections.", "control character U+000A"},
		"control in a name":   {orders, "quiet server:", `^"quiet\x1bserver":`, "control character U+001B"},
		"control in default":  {agent, "default: lifo\n    values: [fifo, lifo]", `default: ^"li\x00fo"`, "has a control character"},
		"no such release":     {server, "since: v18.2.0", "since: ^v18.2.7", "there is no release v18.2.7"},
		"no such minor":       {server, "since: v18.2.0", "since: ^v18.99.0", "there is no release v18.99.0"},
		"no such major":       {server, "since: v18.2.0", "since: ^v0.77.0", "there is no release v0.77.0"},
		"older first":         {message, "[v13.2.0, v12.16.0]", "[v12.16.0, ^v13.2.0]", "the newest comes first"},
		"line twice":          {message, "[v13.2.0, v12.16.0]", "[v13.2.0, ^v13.1.0]", "of one release line"},
		"release twice":       {message, "[v13.2.0, v12.16.0]", "[v13.2.0, ^v13.2.0]", "of one release line"},
		"never there":         {server, "since: v18.2.0", "since: v18.2.0\n    until: ^v18.2.0", "is never there"},
		"package twice":       {"versions.yaml", "{node: v13.14.0}", "{node: v13.14.0, package: v19}\nv16.0: {node: v16.0.0, package: ^v19}", "the package v19 is that of v13.14"},
		"package of newest":   {"versions.yaml", "package: v19_0", "package: ^http", "the package http is that of the newest version"},
		"package of defaults": {"versions.yaml", "package: v19_0", "package: ^profile", "the package profile is that of the defaults"},
		"package of no name":  {"versions.yaml", "package: v19_0", "package: ^v19.0", `"v19.0" is no name of a Go package`},
		"package's keyword":   {"versions.yaml", "package: v19_0", "package: ^func", `"func" is no name of a Go package`},
		"package's path":      {"versions.yaml", "package: v19_0", `package: ^"../v19"`, "is no name of a Go package"},
		"package's case":      {"versions.yaml", "package: v19_0", "package: ^V19", "is no name of a Go package"},
		"newest first":        {"versions.yaml", "v13.14: {node: v13.14.0}", "v0.6: {node: ^v0.6.21}\nv13.14: {node: v13.14.0}", "v0.6.21 is not newer than v0.8.28"},
		"document twice over": {"versions.yaml", "v13.14: {node: v13.14.0}", "v13.14: {node: v13.14.0}\nv13: {node: ^v13.14.0}", "is not newer than v13.14.0"},
		"no such referee":     {"versions.yaml", "package: v19_0", "package: v19_0, referee: ^v19.0.7", "there is no release v19.0.7"},
		"no whole referee":    {"versions.yaml", "package: v19_0", "package: v19_0, referee: ^v19.0", "there is no release v19.0"},
		"no release at all":   {"versions.yaml", "node: v0.8.28", "node: ^v0.8.99", "not a release of v0.8"},
		"instead of nothing":  {message, "instead: corked", "instead: ^corkscrew", "there is no corkscrew to use instead"},
		"instead, no event":   {message, "instead: corked", `instead: ^"'corked' event"`, "there is no 'corked' event to use instead"},
		"instead of a class":  {"functions.yaml", "validateName:\n", "validateName:\n  deprecated: v16.0.0\n  instead: ^corked\n", "there is no corked to use instead"},
		"sentinel twice":      {"errors.yaml", "{kind: TypeError", "{kind: TypeError, sentinel: ^ErrSent", "ErrSent is the sentinel of E_SENT"},
		"class's profile":     {server, "profile: Server", "profile: ^Sever", `unknown profile "Sever"`},
		"options' profile":    {agent, "profile: Agent", "profile: ^Agents", `unknown profile "Agents"`},
		"constant's profile":  {"constants.yaml", "profile: GlobalAgent", "profile: ^globalAgent", `unknown profile "globalAgent"`},
		"method's case":       {"methods.yaml", "GET: {}", "^Get: {}", `"Get" is not a request method`},
		"method's space":      {"methods.yaml", "GET: {}", "^G ET: {}", `"G ET" is not a request method`},
		"header's case":       {"header_rules.yaml", "cookie:", "^Cookie:", `"Cookie" is not the name of a header`},
		"header's star":       {"header_rules.yaml", "cookie:", `^"*cookie":`, "is not the name of a header"},
		"no change":           {server, "change: default, from: 0", "change: default, from: ^60000", "60000 is what holds since v18.0.0, too"},
		"no earlier change": {server, "- {in: v18.0.0, change: default, from: 0}", "- {in: v18.0.0, change: default, from: 0}\n      - {in: v15.0.0, change: default, from: ^0}",
			"0 is what holds since v15.0.0, too"},
		"override, no change": {"constants.yaml", "from: false", "from: ^true", "true is what holds since v19.0.0, too"},
		"one release twice":   {server, "{in: v6.0.0, change: behaviour", "{in: ^v10.0.0, change: behaviour", "two changes of behaviour in v10.0.0"},
		"override's twice": {"constants.yaml", "[{in: v19.0.0, change: default, from: false}]", "[{in: v19.0.0, change: default, from: false}, {in: ^v19.0.0, change: default, from: true}]",
			"two changes of default in v19.0.0"},
		"renamed from itself": {server, "since: v18.2.0", "since: v18.2.0\n    renamed_from: [{name: ^closeAll, in: v19.0.0}]", "has not been renamed from itself"},
		"renamed too early":   {server, "since: v18.2.0", "since: v18.2.0\n    renamed_from: [{name: closeEach, in: ^v18.1.0}]", "older than since"},
		"zero of a boolean":   {agent, "default: false", "default: false\n    zero: ^never", "zero is for numbers"},
		"zero of a text":      {agent, "default: lifo", "default: lifo\n    zero: ^never", "zero is for numbers"},
		"form beside no_go":   {message, "    returns: object\n", "    returns: object\n    no_go: ^There is none.\n", "no_go says why there is no Go form, and go has one"},
		"option beside no_go": {agent, "    go: [\"Keep func", "    no_go: ^There is none.\n    go: [\"Keep func", "no_go says why there is no Go form, and go has one"},
		"form beside option":  {"classes/Agent.yaml", "option: keep", "option: ^keep\n    go: [Keep()]", "is an option in Go"},
		"required last":       {server, "{\"enable?\": boolean, \"delay?\": milliseconds}", "{\"enable?\": boolean, ^delay: milliseconds}", "delay is required, and enable before it is not"},
		"once required last":  {server, "change: behaviour, text: Nothing breaks.", "change: behaviour, text: Nothing breaks., was: {params: {\"a?\": string, ^b: string}}", "b is required, and a before it is not"},
		"scenario's code":     {server, "params: {response: Response, head: bytes}", "params: {response: Response, head: Err}", `unknown error code "x"`},
		"not shown": {server, "documented: v19.0\n    params: {\"callback?\"", "documented: [v19.0, ^v13.14]\n    params: {\"callback?\"",
			"the document v13.14 does not show closeAll of Server"},
		"option not shown":     {create, "since: [v17.7.0, v16.15.0]\n    documented: v19.0", "documented: [^v13.14, v19.0]", "the document v13.14 does not show noDelay"},
		"document twice":       {server, "documented: v19.0\n    params: {\"callback?\"", "documented: [v19.0, ^v19.0]\n    params: {\"callback?\"", "v19.0 is here twice"},
		"heading twice":        {"headings.yaml", "closeAll, setKeep", "closeAll, ^closeAll, setKeep", "closeAll is here twice"},
		"heading of none":      {"headings.yaml", "closeAll, setKeep", "closeAll, ^closeNone, setKeep", "the model has no closeNone of Server, which v19.0 shows"},
		"heading's class":      {"headings.yaml", "    Server: [\"'resp", "    Sewer: [^\"'resp", "the model has no 'response' of Sewer"},
		"heading of option":    {"headings.yaml", "[keepAlive, maxSockets", "[^keepDead, maxSockets", "the model has no option keepDead of options of Agent"},
		"heading too early":    {"headings.yaml", "v0.8: {headings: {}}", "v0.8: {headings: {Server: [^closeAll]}}", "it is there since v18.2.0"},
		"date of no source":    {server, "since: v18.2.0", "since: ^v18.1.0", "no document tells v18.1.0 of closeAll: say how it is known"},
		"source of a document": {server, "since: v18.2.0", "since: ^v18.2.0 guess", "a document tells v18.2.0 of closeAll: say nothing behind it"},
		"source of one of two": {message, "since: [v18.3.0, v16.17.0]", "since: [v18.3.0, ^v16.18.0]", "no document tells v16.18.0 of appendHeader"},
		"source of a method":   {"methods.yaml", "v1.0.0 guess", "^v1.0.0", "no document tells v1.0.0 of PATCH"},
		"unknown source":       {server, "since: v18.2.0", "since: ^v18.1.0 rumour", `live, elsewhere or guess, not "rumour"`},
		"only backported":      {server, "since: v18.2.0", "since: [^v19.1.0 guess]", "newer than the newest document"},
		"source in an index":   {"headings.yaml", "keep: v8.1.0", "keep: ^v8.1.0 live", "what a document tells has nothing behind it"},
		"date of the future":   {"headings.yaml", "keep: v8.1.0", "keep: [v8.1.0, ^v19.1.0]", "cannot tell v19.1.0"},
		"date of no release":   {"headings.yaml", "keep: v8.1.0", "keep: [v8.1.0, ^v8.1.99]", "there is no release v8.1.99"},
		"dates of nothing":     {"headings.yaml", "keep: v8.1.0", "keep: v8.1.0, ^kept: v8.2.0", "the model has no kept of Agent"},
		"headings of none":     {"headings.yaml", "v13.14: {headings: {}}", "v13.14: {headings: {}}\n^v14.0: {headings: {}}", `unknown document "v14.0"`},
		"no headings":          {"versions.yaml", "v19.0:", "^v16.0: {node: v16.0.0}\nv19.0:", "headings.yaml does not say what the document v16.0 shows"},
		"symbol for event":     {message, "  finish:", "  ^Symbol.finish:", `"Symbol.finish" is not a name`},
		"symbol of a symbol":   {message, "  getHeaders:", "  ^Symbol.for.headers:", `"Symbol.for.headers" is not a name`},
		"symbol's Go name":     {message, "  getHeaders:", "  ^Symbol.cork: {go_only: true, doc: Corks.}\n  getHeaders:", "both Cork in Go"},
		"stray file":           {"clases/Server.yaml", "", "^class: Server", "no such file"},
	} {
		t.Run(name, func(t *testing.T) {
			files := testspec.Files()
			at := mutate(t, files, c.file, c.old, c.new)
			found := findings(files)
			for _, f := range found {
				if strings.Contains(f.Message, c.message) && (at.Line == 0 || f.Pos == at) {
					return
				}
			}
			t.Errorf("want %s: …%s…, have %d findings", at, c.message, len(found))
			for _, f := range found {
				t.Logf("%s: %s", f.Pos, f.Message)
			}
		})
	}
}

// mutate replaces the first old in file by new and returns the place of ^ in it.
func mutate(t *testing.T, files fstest.MapFS, file, old, new string) diag.Pos {
	t.Helper()
	var text string
	if present := files[file]; present != nil {
		text = string(present.Data)
	}
	start := strings.Index(text, old)
	if start < 0 {
		t.Fatalf("%s has no %q", file, old)
	}
	marker := strings.IndexByte(new, '^')
	clean := strings.Replace(new, "^", "", 1)
	mutated := text[:start] + clean + text[start+len(old):]
	if old == "" {
		mutated = clean
	}
	files[file] = &fstest.MapFile{Data: []byte(mutated)}
	if marker < 0 {
		return diag.Pos{}
	}
	before := mutated[:start+marker]
	return diag.Pos{
		File: "spec/" + file, Line: 1 + strings.Count(before, "\n"),
		Column: len(before) - strings.LastIndexByte(before, '\n'),
	}
}

func TestEverythingIsReportedAtOnce(t *testing.T) {
	files := testspec.Files()
	mutate(t, files, "classes/Server.yaml", "extends: net.Server", "extends: Sewer")
	mutate(t, files, "classes/Server.yaml", "instance: server", "instanse: server")
	mutate(t, files, "errors.yaml", "kind: TypeError", "kind: Type")
	found := findings(files)
	if len(found) != 4 { // the missing instance is the fourth
		t.Errorf("want 4 findings, have %v", found)
	}
}

// TestOneMistakeIsReportedOnce makes mistakes on which much else depends.
func TestOneMistakeIsReportedOnce(t *testing.T) {
	for name, c := range map[string]struct{ file, old, new string }{
		"class file of nothing": {"classes/Server.yaml", "", "~\n"},
		"class without a name":  {"classes/Server.yaml", "class: Server", "class: [Server]"},
		"class of no name":      {"classes/Server.yaml", "class: Server", "class: Ser ver"},
		"member of no name":     {"classes/Server.yaml", "  closeAll:", "  close-all:"},
		"tag":                   {"classes/Server.yaml", "class: Server", "class: !!str Server"},
		"no node of a document": {"versions.yaml", "node: v19.0.0", "node: v19.0.0 live"},
		"no version":            {"classes/Server.yaml", "since: v18.2.0", "since: v18.02.0"},
		"future version":        {"classes/Server.yaml", "since: v18.2.0", "since: v99.0.0"},
		"document of no name":   {"versions.yaml", "v19.0:", "v19.x:"},
		"no documents":          {"versions.yaml", "", "{}\n"},
	} {
		files := testspec.Files()
		mutate(t, files, c.file, c.old, c.new)
		if found := findings(files); len(found) != 1 {
			t.Errorf("%s: %d findings: %v", name, len(found), found)
		}
	}
}

func TestAMissingFileIsReported(t *testing.T) {
	files := testspec.Files()
	delete(files, "errors.yaml")
	found := findings(files)
	if len(found) != 1 || !strings.Contains(found[0].Message, "missing: errors.yaml") {
		t.Errorf("findings = %v", found)
	}
}

func TestSentinelsAreThoseOfCore(t *testing.T) {
	var errs diag.List
	spec, _ := load.Spec(testspec.Files(), "spec", &errs)
	for source, want := range map[string]string{
		"package core\n\nvar ErrSent = error(nil)":            "",
		"package core\n\nvar (\n\tErrOther, ErrSent error\n)": "",
		"package core\n\nvar ErrOther error":                  "spec/errors.yaml:1:33: package core has no variable ErrSent",
		"package core\n\nfunc ErrSent() {}":                   "spec/errors.yaml:1:33: package core has no variable ErrSent",
		"package core\n\nfunc f() { var ErrSent int }":        "spec/errors.yaml:1:33: package core has no variable ErrSent",
	} {
		var errs diag.List
		Sentinels(spec, fstest.MapFS{"errors.go": {Data: []byte(source)}, "a_test.go": {Data: []byte("package core\n\nvar ErrSent, ErrOther error")}}, &errs)
		got := ""
		if err := errs.Err(); err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%q: %q, want %q", source, got, want)
		}
	}
	Sentinels(spec, os.DirFS(t.TempDir()), &errs)
	if errs.Empty() {
		t.Error("without package core there is a sentinel")
	}
}

// TestUnmentionedIsWhatOnlyOlderDocumentsShow takes members out of the newest index.
func TestUnmentionedIsWhatOnlyOlderDocumentsShow(t *testing.T) {
	files := testspec.Files()
	unmentioned := func() []string {
		var errs diag.List
		spec, _ := load.Spec(files, "spec", &errs)
		list, newest := Unmentioned(spec)
		if newest != "v19.0" {
			t.Errorf("the newest document is %s", newest)
		}
		return list
	}
	mutate(t, files, "headings.yaml", ", corked]", "]")
	mutate(t, files, "headings.yaml", "v13.14: {headings: {}}", "v13.14: {headings: {Message: [cork, corked]}, options: {Agent: maxSockets}}")
	if list := strings.Join(unmentioned(), " "); list != "" {
		t.Error(list)
	}
	mutate(t, files, "headings.yaml", "cork, getHeaders, ", "getHeaders, ")
	mutate(t, files, "headings.yaml", "[keepAlive, maxSockets, ", "[keepAlive, ")
	mutate(t, files, "classes/Message.yaml", "  cork:\n    since: [v13.2.0, v12.16.0]\n    documented: v19.0\n", "  cork:\n    since: [v13.2.0, v12.16.0]\n")
	mutate(t, files, "classes/Message.yaml", "  corked:\n    since: [v13.2.0, v12.16.0]\n    documented: v19.0\n", "  corked:\n    until: v16.0.0 guess\n")
	mutate(t, files, "options/Agent.yaml", "  maxSockets:\n    documented: v19.0\n", "  maxSockets:\n")
	if list := strings.Join(unmentioned(), " "); list != "Message.cork options of Agent.maxSockets" {
		t.Error(list)
	}
	for _, f := range findings(files) {
		t.Errorf("%s: %s", f.Pos, f.Message)
	}
}

// TestNoModelCrashes leaves out one line at a time: whatever that makes of the
// model, it is checked to the end.
func TestNoModelCrashes(t *testing.T) {
	whole := testspec.Files()
	for name, file := range whole {
		lines := strings.SplitAfter(string(file.Data), "\n")
		for i := range lines {
			files := maps.Clone(whole)
			without := strings.Join(lines[:i], "") + strings.Join(lines[i+1:], "")
			files[name] = &fstest.MapFile{Data: []byte(without)}
			findings(files)
		}
	}
}
