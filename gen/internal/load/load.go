// Package load reads the files of spec/ into the model. It knows which file
// holds what; whether the parts agree with each other is check's business.
package load

import (
	"io/fs"
	"path"
	"slices"
	"strings"

	"nodehttp/gen/internal/decode"
	"nodehttp/gen/internal/diag"
	"nodehttp/gen/internal/model"
)

// Spec reads the model in dir, whose files are reported as name/file. complete
// is false if a file is missing or no YAML, or a class has no name: then
// references to what it holds would seem to dangle.
func Spec(dir fs.FS, name string, errs *diag.List) (spec *model.Spec, complete bool) {
	spec, complete = &model.Spec{}, true
	single := map[string]any{
		"versions.yaml":      &spec.Documents,
		"headings.yaml":      &spec.Indexes,
		"releases.yaml":      &spec.Releases,
		"types.yaml":         &spec.Types,
		"errors.yaml":        &spec.Errors,
		"functions.yaml":     &spec.Functions,
		"adapters.yaml":      &spec.Adapters,
		"https.yaml":         &spec.HTTPS,
		"https_options.yaml": &spec.HTTPSOptions,
		"https_server.yaml":  &spec.HTTPSMethods,
		"https_events.yaml":  &spec.HTTPSEvents,
		"constants.yaml":     &spec.Constants,
		"behaviours.yaml":    &spec.Behaviours,
		"methods.yaml":       &spec.Methods,
		"status_codes.yaml":  &spec.Statuses,
		"header_rules.yaml":  &spec.Duplicates,
		"deviations.yaml":    &spec.Deviations,
		"orders.yaml":        &spec.Orders,
	}
	walk := func(file string, entry fs.DirEntry, err error) error {
		whole := diag.Pos{File: path.Join(name, file), Line: 1, Column: 1}
		if err != nil {
			errs.Addf(whole, "%s", err)
			complete = false
			return nil
		}
		if entry.IsDir() {
			return nil
		}
		target := single[file]
		delete(single, file)
		switch folder := path.Dir(file); {
		case target != nil:
		case strings.HasPrefix(path.Base(file), ".") || strings.HasSuffix(file, "~"):
			return nil // what editors keep beside a file
		case path.Ext(file) != ".yaml" && folder == ".":
			return nil // prose about the model
		case path.Ext(file) == ".yaml" && folder == "classes":
			class := &model.Class{}
			spec.Classes = append(spec.Classes, class)
			target = class
		case path.Ext(file) == ".yaml" && folder == "options":
			options := &model.OptionSet{}
			spec.Options = append(spec.Options, options)
			target = options
		default:
			errs.Addf(whole, "the model has no such file")
			return nil
		}
		data, err := fs.ReadFile(dir, file)
		if err != nil {
			errs.Addf(whole, "%s", err)
			complete = false
			return nil
		}
		if !decode.File(whole.File, data, target, errs) {
			complete = false
		}
		if class, ok := target.(*model.Class); ok && class.Name.Value == "" {
			complete = false
		}
		return nil
	}
	if _, err := fs.Stat(dir, "."); err != nil {
		errs.Addf(diag.Pos{File: name, Line: 1, Column: 1}, "there is no model here: run this in the module's directory")
		return spec, false
	}
	_ = fs.WalkDir(dir, ".", walk) // which returns no error
	spec.Attribute()
	missing := make([]string, 0, len(single))
	for file := range single {
		missing = append(missing, file)
	}
	slices.Sort(missing)
	if len(missing) > 0 {
		errs.Addf(diag.Pos{File: name, Line: 1, Column: 1}, "missing: %s", strings.Join(missing, ", "))
		complete = false
	}
	return spec, complete
}
