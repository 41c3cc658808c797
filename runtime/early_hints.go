package runtime

// 103 Early Hints: what may be sent as hints, and how.

import (
	"regexp"
	"strings"

	"nodehttp/core"
)

// linkFormat is one link as Node accepts it: a target and its parameters.
var linkFormat = regexp.MustCompile(`^<[^>]*>(\s*;\s*[^;"\s]+("[^;"\s]*")?)*$`)

// WriteEarlyHints sends "103 Early Hints" with one Link field for the links of
// hints, and its other fields after it. Without a link nothing is sent. The
// callback is called when they have been given to the system. It returns
// core.ErrInvalidArgValue for what is no link, and the errors of Inform.
func (r *ServerResponse) WriteEarlyHints(hints core.Headers, callback ...func()) error {
	fields := core.Headers{{"Link", ""}}
	var links []string
	for _, h := range hints {
		switch {
		case !same(h[0], "link"):
			if err := validateInformation(h); err != nil {
				return err
			}
			fields = append(fields, h)
		case !linkFormat.MatchString(h[1]):
			return core.ErrInvalidArgValue.With(
				"The argument 'hints' must be of format \"</styles.css>; rel=preload; as=style\". Received %q", h[1])
		default:
			links = append(links, h[1])
		}
	}
	if links == nil {
		return nil
	}
	fields[0][1] = strings.Join(links, ", ")
	callbacks := make([]func(error), len(callback))
	for i, f := range callback {
		callbacks[i] = func(error) { f() }
	}
	return r.Inform(103, fields, callbacks...)
}
