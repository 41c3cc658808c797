package runtime

// 103 Early Hints: what may be sent as hints, and how.

import (
	"regexp"

	"nodehttp/core"
	"nodehttp/runtime/http1"
)

// linkFormat is one link as Node accepts it: a target and its parameters.
var linkFormat = regexp.MustCompile(`^<[^>]*>(\s*;\s*[^;"\s]+("[^;"\s]*")?)*$`)

// WriteEarlyHints sends "103 Early Hints" with the fields of hints, in their order and
// as they are written. Without a link nothing is sent. The callback is called when they
// have been given to the system. It returns core.ErrInvalidArgValue for what is no
// link, and the errors of inform.
func (r *ServerResponse) WriteEarlyHints(hints Headers, callback ...func()) error {
	links := false
	for _, h := range hints {
		if !http1.EqualFold(h[0], "link") {
			if err := r.validateHint(h); err != nil {
				return err
			}
			continue
		}
		if !linkFormat.MatchString(h[1]) {
			return core.ErrInvalidArgValue.With(
				"The argument 'hints' must be of format \"</styles.css>; rel=preload; as=style\". Received %q", h[1])
		}
		links = true
	}
	if !links {
		return nil
	}
	return r.inform(103, hints, callback...)
}

// validateHint returns why a field may not stand beside links.
func (r *ServerResponse) validateHint(h [2]string) error {
	r.out.mu.Lock()
	defer r.out.mu.Unlock()
	return r.validateInformation(h)
}
