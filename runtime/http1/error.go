package http1

// This file says how a message can be wrong: the codes, which are Node's, and
// the error that carries them.

// An Error says why the bytes of a connection are not HTTP.
type Error struct {
	Code   string // Node's code, "HPE_INVALID_METHOD"
	Reason string // what is wrong, in the words Node uses
	Offset int    // bytes of the data given to Next that were accepted before the bad one
}

// Error returns what Node has as the message of a parse error.
func (e *Error) Error() string { return "Parse Error: " + e.Reason }

// The codes of an [Error].
const (
	CodeInvalidMethod           = "HPE_INVALID_METHOD"
	CodeInvalidURL              = "HPE_INVALID_URL"
	CodeInvalidConstant         = "HPE_INVALID_CONSTANT"
	CodeInvalidVersion          = "HPE_INVALID_VERSION"
	CodeInvalidStatus           = "HPE_INVALID_STATUS"
	CodeInvalidHeaderToken      = "HPE_INVALID_HEADER_TOKEN"
	CodeUnexpectedSpace         = "HPE_UNEXPECTED_SPACE"
	CodeLFExpected              = "HPE_LF_EXPECTED"
	CodeCRExpected              = "HPE_CR_EXPECTED"
	CodeStrict                  = "HPE_STRICT"
	CodeInvalidContentLength    = "HPE_INVALID_CONTENT_LENGTH"
	CodeUnexpectedContentLength = "HPE_UNEXPECTED_CONTENT_LENGTH"
	CodeInvalidTransferEncoding = "HPE_INVALID_TRANSFER_ENCODING"
	CodeInvalidChunkSize        = "HPE_INVALID_CHUNK_SIZE"
	CodeChunkExtensionsOverflow = "HPE_CHUNK_EXTENSIONS_OVERFLOW"
	CodeHeaderOverflow          = "HPE_HEADER_OVERFLOW"
	CodeInvalidEOFState         = "HPE_INVALID_EOF_STATE"
	CodePausedHTTP2Upgrade      = "HPE_PAUSED_H2_UPGRADE"
)

// fail makes the parser answer Failed from now on. offset counts from the
// beginning of the data given to Next.
func (p *Parser) fail(code, reason string, offset int) {
	p.phase = phaseFailed
	p.err = &Error{Code: code, Reason: reason, Offset: offset}
}
