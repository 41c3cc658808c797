package emit

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/dave/jennifer/jen"

	"nodehttp/gen/internal/model"
	"nodehttp/gen/internal/resolve"
)

// profileTypes writes the types of package profile: one struct for each group of
// defaults, and the profile that holds them.
func profileTypes(newest resolve.Profile, packages []resolve.Package) *jen.File {
	f := newFile("profile", "spec/")
	commentPackage(f, "Package profile holds what the runtime must know of each version of Node: defaults, behaviours, methods, status codes and header rules. "+
		"For a member that a version does not have yet it says how that version behaves. It is data alone. "+
		"Times are in milliseconds, and a limit of 0 means no limit. All users share the profiles: do not change them.")
	f.Add(comment("Profile is what the runtime must know of one version of Node.").Type().Id("Profile").StructFunc(func(g *jen.Group) {
		g.Add(comment("Version is the name of the document, such as v19.0.").Id("Version").String())
		g.Add(comment("Package is the directory of the version's package, such as v19_0.").Id("Package").String())
		g.Add(comment("Referee is the release of Node that is asked what the version does, such as 19.0.0; empty if none can be had.").Id("Referee").String())
		g.Add(comment("Methods are the request methods that the parser knows, in the order of http.METHODS.").Id("Methods").Index().String())
		g.Add(comment("StatusCodes are the standard status codes, each with its message.").Id("StatusCodes").Map(jen.Int()).String())
		g.Add(comment("RepeatedHeaders says what becomes of a header that comes more than once, by its name in lower case: discard keeps the first, list keeps all, semicolon and comma join them. A name that ends with * stands for all that begin so.").Id("RepeatedHeaders").Map(jen.String()).String())
		for _, group := range newest.Groups {
			g.Add(comment(fmt.Sprintf("%s holds the defaults of %s.", group.Name, ownerName(group))).Id(group.Name).Id(group.Type))
		}
		for _, field := range newest.Behaviours {
			verb := " is "
			if strings.HasPrefix(field.Doc, "whether ") {
				verb = " says "
			}
			g.Add(comment(field.Name + verb + field.Doc + ".").Id(field.Name).Add(profileType(field.Type)))
		}
	}))
	all := make([]jen.Code, len(packages))
	for i, p := range packages {
		all[i] = jen.Id(profileName(p.Name))
	}
	f.Line()
	// It is a function, so that a program that does not call it links none but its own.
	f.Add(comment("All returns the profiles of the versions that are generated, the oldest first.").Func().Id("All").Params().Index().Op("*").Id("Profile").
		Block(jen.Return(jen.Index().Op("*").Id("Profile").Values(all...))))
	for i, group := range newest.Groups {
		if slices.ContainsFunc(newest.Groups[:i], func(g *resolve.Group) bool { return g.Type == group.Type }) {
			continue
		}
		f.Line()
		f.Add(comment(fmt.Sprintf("%s holds the defaults of %s in one version.", group.Type, ownerName(group))).Type().Id(group.Type).StructFunc(func(g *jen.Group) {
			for _, field := range group.Fields {
				text := field.Name + " " + field.Doc
				if field.Type.Is("milliseconds") {
					text += ", in milliseconds"
				}
				if field.Zero != "" {
					text += "; 0 means " + field.Zero
				}
				g.Add(comment(text + ".").Id(field.Name).Add(profileType(field.Type)))
			}
		}))
	}
	return f
}

// ownerName is what has the defaults of g: http.Agent, http.createServer.
func ownerName(g *resolve.Group) string {
	if strings.Contains(g.Of, ".") {
		return g.Of
	}
	return "http." + g.Of
}

// profileType returns a field's type: plain data, so a time is a number.
func profileType(t *model.Type) jen.Code {
	switch {
	case t.Is("milliseconds"):
		return jen.Int64()
	case t.Is("integer"):
		return jen.Int()
	case t.Is("boolean"):
		return jen.Bool()
	}
	return jen.String()
}

// profileOf writes the profile of one version.
func profileOf(api *resolve.API, described resolve.Package) *jen.File {
	f := newFile("profile", "spec/")
	p := api.Profile
	name := profileName(described.Name)
	f.Add(comment(name+" is the profile of Node "+described.Version+".").Var().Id(name).Op("=").Op("&").Id("Profile").Custom(lines, fields(p, described)...))
	return f
}

func fields(p resolve.Profile, described resolve.Package) []jen.Code {
	list := []jen.Code{
		keyed("Version", jen.Lit(described.Version)),
		keyed("Package", jen.Lit(described.Name)),
	}
	if described.Referee != "" {
		list = append(list, keyed("Referee", jen.Lit(described.Referee)))
	}
	list = append(list,
		keyed("Methods", stringList(p.Methods)))
	statuses := make([]jen.Code, len(p.Statuses))
	for i, s := range p.Statuses {
		code, _ := strconv.Atoi(s.Code)
		statuses[i] = jen.Lit(code).Op(":").Lit(s.Text)
	}
	repeats := make([]jen.Code, len(p.Repeats))
	for i, r := range p.Repeats {
		repeats[i] = jen.Lit(r.Header).Op(":").Lit(r.Fate)
	}
	list = append(list,
		keyed("StatusCodes", jen.Map(jen.Int()).String().Custom(lines, statuses...)),
		keyed("RepeatedHeaders", jen.Map(jen.String()).String().Custom(lines, repeats...)))
	for _, group := range p.Groups {
		values := make([]jen.Code, len(group.Fields))
		for i, field := range group.Fields {
			values[i] = keyed(field.Name, literal(field.Value))
		}
		list = append(list, keyed(group.Name, jen.Id(group.Type).Custom(lines, values...)))
	}
	for _, field := range p.Behaviours {
		list = append(list, keyed(field.Name, literal(field.Value)))
	}
	return list
}

// lines puts each element of a composite literal on a line of its own.
var lines = jen.Options{Open: "{", Close: "}", Separator: ",", Multi: true}

func keyed(name string, value jen.Code) jen.Code { return jen.Id(name).Op(":").Add(value) }

func stringList(list []string) jen.Code {
	values := make([]jen.Code, len(list))
	for i, s := range list {
		values[i] = jen.Lit(s)
	}
	return jen.Index().String().Custom(lines, values...)
}

// literal writes a default; Infinity is 0.
func literal(s *model.Scalar) jen.Code {
	switch s.Kind {
	case model.Boolean:
		return jen.Lit(s.Bool)
	case model.String:
		return jen.Lit(s.String)
	case model.Integer:
		return jen.Lit(s.Int)
	}
	return jen.Lit(0)
}

// profileName is the Go name of a version's profile: v19_0 is V19_0.
func profileName(pkg string) string { return strings.ToUpper(pkg) }
