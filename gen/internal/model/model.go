// Package model is the shape of spec/: what can be said about a member of
// Node's http module, and where it was said. It holds no rule about what may
// be said together; that is check's.
package model

import (
	"strings"

	"nodehttp/gen/internal/diag"
	"nodehttp/gen/internal/version"
)

// Spec is the whole model, one field per kind of file.
type Spec struct {
	Documents Map[Document]
	Indexes   Map[Index] // of the documents
	Releases  Map[[]int] // the last patch of each minor version, by major version
	Types     Map[TypeDef]
	Errors    Map[ErrorCode]
	Functions Map[Function]
	Adapters  Map[Function] // of the package that joins the module with net/http
	// Of Node's https: its functions and classes, and the options, methods and events that
	// it adds to those of http.
	HTTPS        Map[Function]
	HTTPSOptions Map[SecureOption]
	HTTPSMethods Map[Method]
	HTTPSEvents  Map[Event]

	Constants  Map[Constant]
	Behaviours Map[Behaviour]
	Methods    Map[Entry]
	Statuses   Map[Entry]
	Duplicates Map[Rule]
	Deviations Map[Deviation]
	Classes    []*Class
	Options    []*OptionSet
	Orders     Map[Order]
}

// Life is what the model says of everything that exists in some versions only.
type Life struct {
	Doc         Text      `spec:"doc"`
	Since       Versions  `spec:"since"`
	Until       Versions  `spec:"until"`
	Deprecated  Versions  `spec:"deprecated"`
	Instead     Text      `spec:"instead"`
	RenamedFrom []Rename  `spec:"renamed_from"`
	History     []Change  `spec:"history"`
	Documented  Documents `spec:"documented"`
	From        Text      `spec:"from"`
	GoOnly      bool      `spec:"go_only"`
	Deviation   Text      `spec:"deviation"`
	// NoGo says why there is no Go form.
	NoGo Text `spec:"no_go"`
}

// At reports whether the thing exists in version v.
func (l *Life) At(v version.Version) bool { return within(l.Since, l.Until, v) }

// DeprecatedAt reports whether the thing is deprecated in version v.
func (l *Life) DeprecatedAt(v version.Version) bool { return l.Deprecated.Set().Reached(v) }

// NameAt returns the name that a member, called name today, has in version v.
func (l *Life) NameAt(name string, v version.Version) string {
	var oldest *Rename
	for i, r := range l.RenamedFrom {
		if !r.In.Set().Reached(v) && (oldest == nil || r.In.Set().First().Compare(oldest.In.Set().First()) < 0) {
			oldest = &l.RenamedFrom[i]
		}
	}
	if oldest == nil {
		return name
	}
	return oldest.Name.Value
}

// Rename is an earlier name and the version that gave it up.
type Rename struct {
	Name Text     `spec:"name,required"`
	In   Versions `spec:"in,required"`
}

// Change is an entry of a member's history.
type Change struct {
	In   Versions `spec:"in,required"`
	Kind Text     `spec:"change,required"`
	Text Text     `spec:"text"`
	// From is the value before the change; the value after it is the member's own,
	// or that of the next change.
	From *Scalar `spec:"from"`
	// Was is how the member, or what it names, looked before the change.
	Was *Shape `spec:"was"`
}

// Shape is what a change replaced: the parts of a member that looked otherwise.
type Shape struct {
	Doc     Text          `spec:"doc"`
	Params  At[Map[Type]] `spec:"params"`
	Returns *Type         `spec:"returns"`
	Type    *Type         `spec:"type"`
	Go      At[[]Form]    `spec:"go"`
	// Types are classes that went by other names where the member, or any member of
	// the class, names them: IncomingMessage: ServerRequest.
	Types Map[Text] `spec:"types"`
}

// ChangeKinds are the kinds of change that a history may have.
var ChangeKinds = []string{"signature", "default", "type", "behaviour"}

// Document is one of the documents that the model was read from.
type Document struct {
	Node    At[version.Version] `spec:"node,required"`
	Package Text                `spec:"package"`
	// Referee is the real release that shows what the version does: the document's,
	// or the nearest that can be downloaded.
	Referee At[version.Version] `spec:"referee"`
	Doc     Text                `spec:"doc"`
	// Cut says that the document ends early: what it lacks is derived from what the
	// others say.
	Cut bool `spec:"cut"`
}

// Index lists what a document shows, by the class that it belongs to: the members
// under their names, events in quotes, `new` for the constructor. What belongs to
// the module itself, and the classes, stand under `http`.
type Index struct {
	Place
	// Headings are what has a heading of its own, Text what only the text names.
	Headings Map[[]Text] `spec:"headings,required"`
	Text     Map[[]Text] `spec:"text"`
	// Options are the options that are described, by the function or class that takes
	// them.
	Options Map[[]Text] `spec:"options"`
	// Dates are the releases that the document tells of something that has a heading, in
	// its line of when it came and in its history.
	Dates Map[Map[Versions]] `spec:"dates"`
}

// TypeDef says what a type of the model is in Go.
type TypeDef struct {
	Place
	Doc Text `spec:"doc"`
	// Go is the Go type, with its package: time.Duration.
	Go Text `spec:"go"`
	// Alias says that every generated package has the type under the model's name.
	Alias bool `spec:"alias"`
	// Constants are the type's values, which every generated package has too.
	Constants Map[Text] `spec:"constants"`
	// Exports are the exported fields and methods of an alias's type, each as Go
	// declares it without the receiver: `Get(name string) string`. go doc does not
	// show them at an alias, so the doc comment lists them.
	Exports Map[Text] `spec:"exports"`
	// External marks a class that another of Node's modules documents.
	External bool `spec:"external"`
}

// ErrorCode is a value of an error's code.
type ErrorCode struct {
	Place
	Doc  Text `spec:"doc,required"`
	Kind Text `spec:"kind,required"`
	// Sentinel is the name of the Go variable that errors.Is takes.
	Sentinel Text `spec:"sentinel"`
	// Told lists the events, as Class.event, that deliver it.
	Told []Text `spec:"told"`
	// Since are the first releases in which they do.
	Since Versions `spec:"since"`
}

// At reports whether an event can deliver the error in version v.
func (e *ErrorCode) At(v version.Version) bool { return within(e.Since, nil, v) }

// Profiles are the groups of defaults that the runtime asks for.
var Profiles = []string{"Agent", "GlobalAgent", "Request", "Response", "Server"}

// ErrorKinds are the JavaScript classes that errors have.
var ErrorKinds = []string{"Error", "TypeError", "RangeError", "AbortError"}

// Throw is an error that a call answers with, and how to provoke it.
type Throw struct {
	Code Text `spec:"code,required"`
	When Text `spec:"when,required"`
	// Set are properties that are set first.
	Set Map[Scalar] `spec:"set"`
	// After lists methods to call then.
	After []Step `spec:"after"`
	// Args are the arguments to call with; the rest are valid ones.
	Args  Map[Scalar] `spec:"args"`
	Since Versions    `spec:"since"`
	Until Versions    `spec:"until"`
}

// At reports whether a member can fail so in version v.
func (t *Throw) At(v version.Version) bool { return within(t.Since, t.Until, v) }

// Callable is what methods, functions, constructors and events share.
type Callable struct {
	Params  Map[Type] `spec:"params"`
	Returns *Type     `spec:"returns"`
	Throws  []Throw   `spec:"throws"`
	Go      []Form    `spec:"go"`
}

// Form is one Go form of a member, where the conventions do not decide it.
type Form struct {
	Text Text `spec:"form,required"`
	Doc  Text `spec:"doc"`
	// Call is the runtime's function and its arguments, where it is not the
	// one of the same name and parameters.
	Call Text `spec:"call"`
	// Runtime is the name of the runtime's method, where it is another.
	Runtime Text     `spec:"runtime"`
	Since   Versions `spec:"since"`
	Until   Versions `spec:"until"`
}

// At reports whether a member has the form in version v.
func (f *Form) At(v version.Version) bool { return within(f.Since, f.Until, v) }

// within reports whether v lies in the life that since and until bound.
func within(since, until Versions, v version.Version) bool {
	return (len(since) == 0 || since.Set().Reached(v)) && !until.Set().Reached(v)
}

// Method is a method of a class.
type Method struct {
	Place
	Life
	Callable
	// Option names the option of the class's constructor that is the method in
	// Go, where Node lets a subclass override the method.
	Option Text `spec:"option"`
}

// Function is a function of the module, or a class's constructor.
type Function struct {
	Place
	Life
	Callable
}

// Event is an event of a class.
type Event struct {
	Place
	Life
	Params Map[Type] `spec:"params"`
	// Once says that the event fires at most once: it is kept for listeners that come
	// late, and has no OnceX.
	Once bool `spec:"once"`
	// Scenario makes the event fire.
	Scenario *Scenario `spec:"scenario"`
	Go       []Form    `spec:"go"`
}

// Property is a property of a class.
type Property struct {
	Place
	Life
	Type     *Type `spec:"type"`
	Writable bool  `spec:"writable"`
	Default
	Go []Form `spec:"go"`
}

// Constant is a value of the module.
type Constant struct {
	Place
	Life
	Type *Type `spec:"type,required"`
	Default
	// Profile names the profile's group that a constant of a class type has of
	// its own, and Overrides its defaults that differ from the class's.
	Profile   Text          `spec:"profile"`
	Overrides Map[Override] `spec:"overrides"`
	Go        []Form        `spec:"go"`
}

// Override is the value of an option that a constant was made with.
type Override struct {
	Place
	Value   *Scalar  `spec:"value,required"`
	Doc     Text     `spec:"doc"`
	History []Change `spec:"history"`
}

// Default is the value something has unless it is set: its own, or another's.
type Default struct {
	Value *Scalar `spec:"default"`
	Of    Text    `spec:"default_of"`
	// Before is what held in versions that do not have the member yet.
	Before *Scalar `spec:"before"`
	// Zero says what zero means, where it does not mean the default.
	Zero Text `spec:"zero"`
	// Values lists all allowed values, where they are few.
	Values []Text `spec:"values"`
	// Unseen says why no program can see the value, so that no test can.
	Unseen Text `spec:"unseen"`
}

// Class is a class.
type Class struct {
	Place
	Life
	Name Text `spec:"class,required"`
	// Module is the module that documents the class.
	Module Text `spec:"module,required"`
	// Instance is what the document calls an instance in its headings.
	Instance Text `spec:"instance,required"`
	Extends  Text `spec:"extends"`
	// Base is the method of the runtime's type that returns it as its parent.
	Base Text `spec:"base"`
	// OlderNameOf is the class that took this one's place: until then its objects
	// went by this name. Without lists the members that such objects never had.
	OlderNameOf Text          `spec:"older_name_of"`
	Without     []Text        `spec:"without"`
	Profile     Text          `spec:"profile"`
	Constructor *Function     `spec:"constructor"`
	Events      Map[Event]    `spec:"events"`
	Methods     Map[Method]   `spec:"methods"`
	Properties  Map[Property] `spec:"properties"`
}

// Receiver is the name of the receiver in the class's Go methods.
func (c *Class) Receiver() string {
	if c.Instance.Value == "" {
		return ""
	}
	return c.Instance.Value[:1]
}

// Parent is the name of the class that this one has members from.
func (c *Class) Parent() Text {
	if c.OlderNameOf.Given() {
		return c.OlderNameOf
	}
	return c.Extends
}

// Runtime is the name of the class's type in the runtime.
func (c *Class) Runtime() string {
	if c.OlderNameOf.Given() {
		return c.OlderNameOf.Value
	}
	return c.Name.Value
}

// Net reports whether the class is one of Node's net module, on which http stands.
func (c *Class) Net() bool { return c.Module.Value == "net" }

// OptionSet is the options object of a function or constructor.
type OptionSet struct {
	Place
	Life
	Owner   Text        `spec:"options,required"`
	Struct  Text        `spec:"struct,required"`
	Profile Text        `spec:"profile"`
	Members Map[Option] `spec:"members,required"`
}

// Net reports whether the options are those of Node's net module, on which http stands.
func (o *OptionSet) Net() bool { return strings.HasPrefix(o.From.Value, "net.") }

// Option is a property of an options object.
type Option struct {
	Place
	Life
	Type *Type `spec:"type,required"`
	Default
	Go []Form `spec:"go"`
}

// SecureOption is an option that https has beside those of http.
type SecureOption struct {
	Option
	// For are the structs that have it.
	For []Text `spec:"for,required"`
}

// Behaviour is a fact about a version that no member shows.
type Behaviour struct {
	Place
	Life
	Type *Type `spec:"type,required"`
	Default
}

// Entry is a method that the parser knows, or a status code and its text.
type Entry struct {
	Place
	Since Versions `spec:"since"`
	Until Versions `spec:"until"`
	Text  Text     `spec:"text"`
	Doc   Text     `spec:"doc"`
	// Was are earlier texts, each with the version that gave it up.
	Was []Former `spec:"was"`
}

// TextAt returns the text in version v.
func (e *Entry) TextAt(v version.Version) string { return formerly(e.Text, e.Was, v) }

// Former is what an entry or a rule said before a version.
type Former struct {
	In     Versions `spec:"in,required"`
	Text   Text     `spec:"text"`
	Repeat Text     `spec:"repeat"`
}

// formerly goes back from now: what the oldest change that v does not have yet
// replaced is what held in v.
func formerly(now Text, changes []Former, v version.Version) string {
	var oldest *Former
	for i, c := range changes {
		if !c.In.Set().Reached(v) && (oldest == nil || c.In.Set().First().Compare(oldest.In.Set().First()) < 0) {
			oldest = &changes[i]
		}
	}
	switch {
	case oldest == nil:
		return now.Value
	case oldest.Repeat.Given():
		return oldest.Repeat.Value
	}
	return oldest.Text.Value
}

// At reports whether the entry exists in version v.
func (e *Entry) At(v version.Version) bool { return within(e.Since, e.Until, v) }

// Rule says what becomes of a repeated header of an incoming message.
type Rule struct {
	Place
	Since  Versions `spec:"since"`
	Until  Versions `spec:"until"`
	Repeat Text     `spec:"repeat,required"`
	Doc    Text     `spec:"doc"`
	Was    []Former `spec:"was"`
}

// RepeatAt returns the fate in version v.
func (r *Rule) RepeatAt(v version.Version) string { return formerly(r.Repeat, r.Was, v) }

// At reports whether the rule holds in version v.
func (r *Rule) At(v version.Version) bool { return within(r.Since, r.Until, v) }

// RepeatRules are the fates of a repeated header: the first counts, it is a
// list, or the values are joined.
var RepeatRules = []string{"discard", "list", "semicolon", "comma"}

// Place is where a thing stands in the model.
type Place struct{ Pos diag.Pos }

// SetPos is called by the decoder.
func (p *Place) SetPos(pos diag.Pos) { p.Pos = pos }

// Deviation is a deliberate difference from Node that belongs to no one member.
type Deviation struct {
	Place
	Since Versions `spec:"since"`
	Until Versions `spec:"until"`
	// Node is what Node does, Go what this module does, and Why the reason.
	Node Text `spec:"node,required"`
	Go   Text `spec:"go,required"`
	Why  Text `spec:"why,required"`
}

// At reports whether the difference exists in version v.
func (d *Deviation) At(v version.Version) bool { return within(d.Since, d.Until, v) }
