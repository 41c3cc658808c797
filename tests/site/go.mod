module nodehttp/tests/site

go 1.26

require (
	github.com/chromedp/cdproto v0.160.1
	// It drives the browser, with clicks and keys as a user's.
	github.com/chromedp/chromedp v0.23.1
)

require github.com/go-json-experiment/json v0.0.0-20260213210345-44df1a37e875 // indirect
