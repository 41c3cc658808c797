package runtime

// Errors that several kinds of messages and connections have in common. Each is told
// with what has caused it.

import "nodehttp/core"

// errAborted is what a body fails with when its connection ends early.
var errAborted = core.ErrConnReset.With("aborted")

// abortedBy is errAborted which wraps the cause, if there is one.
func abortedBy(cause error) error {
	if cause == nil {
		return errAborted
	}
	return errAborted.Because(cause)
}
