// Package site looks at the pages of `gen site` in a browser: it types, clicks and
// presses keys as a reader does, on a phone's width, in the dark, and on paper. It is a
// module of its own so that nobody who imports the library gets the driver of a browser.
//
// NODEHTTP_CHROMIUM is the browser; `make site-test` installs one.
package site

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// The site, and the browser that all tests have a tab of.
var (
	folder  string
	browser context.Context
)

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "nodehttp-site-*")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	folder = filepath.Join(dir, "pages")
	if out, err := gen("site", folder); err != nil {
		fmt.Fprintf(os.Stderr, "%s%v\n", out, err)
		return 1
	}
	path := os.Getenv("NODEHTTP_CHROMIUM")
	if path == "" {
		fmt.Fprintln(os.Stderr, "NODEHTTP_CHROMIUM names no browser: make site-test")
		return 1
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.WSURLReadTimeout(time.Minute),
		chromedp.WindowSize(1200, 900))
	if os.Getuid() == 0 {
		options = append(options, chromedp.NoSandbox) // which does not run as root
	}
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	defer stop()
	ctx, cancel := chromedp.NewContext(allocator)
	defer cancel()
	if err := chromedp.Do(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "the browser does not start:", err)
		return 1
	}
	browser = ctx
	return m.Run()
}

// gen runs the generator's command.
func gen(args ...string) ([]byte, error) {
	cmd := exec.Command("go", append([]string{"run", "./gen"}, args...)...)
	cmd.Dir = "../.."
	return cmd.Output()
}

// address is the URL of a page.
func address(path string) string {
	name, place, found := strings.Cut(path, "#")
	u := url.URL{Scheme: "file", Path: filepath.ToSlash(filepath.Join(folder, name))}
	if found {
		return u.String() + "#" + place
	}
	return u.String()
}

// tab returns a tab of its own. That a page fails in it, or asks for anything that is
// no file, fails the test.
func tab(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := chromedp.NewContext(browser)
	ctx, stop := context.WithTimeout(ctx, 4*time.Minute)
	var mu sync.Mutex // guards faults
	var faults []string
	err := chromedp.Listen(ctx, func(event any) {
		mu.Lock()
		defer mu.Unlock()
		switch event := event.(type) {
		case *runtime.EventExceptionThrown:
			faults = append(faults, fmt.Sprintf("%s: %+v", event.ExceptionDetails.Text, event.ExceptionDetails.Exception))
		case *runtime.EventConsoleAPICalled:
			faults = append(faults, fmt.Sprintf("console.%s", event.Type))
		case *network.EventRequestWillBeSent:
			if !strings.HasPrefix(event.Request.URL, "file:") {
				faults = append(faults, "asks for "+event.Request.URL)
			}
		case *network.EventLoadingFailed:
			if !event.Canceled {
				faults = append(faults, "did not load: "+event.ErrorText)
			}
		}
	})
	if err == nil {
		_, err = chromedp.Call(ctx, network.Enable, network.EnableParams{})
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		stop()
		cancel()
		mu.Lock()
		defer mu.Unlock()
		for _, fault := range faults {
			t.Error(fault)
		}
	})
	return ctx
}

func do(t *testing.T, ctx context.Context, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(ctx, steps...); err != nil {
		t.Fatal(err)
	}
}

// value evaluates an expression on the page.
func value[T any](t *testing.T, ctx context.Context, expression string) T {
	t.Helper()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		t.Fatalf("%s: %v", expression, err)
	}
	return v
}

// within waits until an expression on the page has a value.
func within[T comparable](t *testing.T, ctx context.Context, expression string, want T) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); ; {
		got, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression))
		if err == nil && got == want {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s is %v, want %v: %v", expression, got, want, err)
		}
		do(t, ctx, chromedp.Sleep(20*time.Millisecond))
	}
}

// media has the page shown as by a medium, to a reader who prefers a scheme of colours.
func media(t *testing.T, ctx context.Context, medium, scheme string) {
	t.Helper()
	_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Media: medium, Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
	})
	if err != nil {
		t.Fatal(err)
	}
}

// rows are the names of the members that are shown.
const rows = `[...document.querySelectorAll('#matrix tbody:not([hidden]) tr:not([hidden]):not(.group) th a')].map((a) => a.textContent)`

func TestFilterAsOneTypes(t *testing.T) {
	ctx := tab(t)
	do(t, ctx, chromedp.Navigate(address("index.html")), chromedp.WaitVisible(chromedp.CSS("#filter")))
	all := value[[]string](t, ctx, rows)
	before := len(all)
	for _, letter := range "headerst" { // each letter leaves fewer, or as many
		do(t, ctx, chromedp.SendKeys(chromedp.CSS("#filter"), string(letter)))
		now := len(value[[]string](t, ctx, rows))
		if now > before || now == 0 {
			t.Errorf("at %c %d of %d members are shown", letter, now, before)
		}
		before = now
	}
	for _, name := range value[[]string](t, ctx, rows) {
		if !strings.Contains(strings.ToLower(name), "headerst") {
			t.Errorf("%q is shown", name)
		}
	}
	if count := value[string](t, ctx, `document.getElementById('count').textContent`); !strings.HasPrefix(count, fmt.Sprint(before, " of ")) {
		t.Errorf("%d members are shown, and the count is %q", before, count)
	}
	shared := value[string](t, ctx, `location.href`)
	if !strings.HasSuffix(shared, "#q=headerst") {
		t.Errorf("the address is %s", shared)
	}
	other := tab(t) // whoever gets the address sees the same
	do(t, other, chromedp.Navigate(shared), chromedp.WaitVisible(chromedp.CSS("#filter")))
	if got, want := value[[]string](t, other, rows), value[[]string](t, ctx, rows); !slices.Equal(got, want) {
		t.Errorf("the address shows %q, want %q", got, want)
	}
	do(t, ctx, chromedp.SendKeys(chromedp.CSS("#filter"), " nothing-has-this"))
	if shown := value[bool](t, ctx, `!document.getElementById('none').hidden`); !shown || len(value[[]string](t, ctx, rows)) > 0 {
		t.Error("words that no member has show some, or no word about it")
	}
	do(t, ctx, chromedp.KeyEvent(kb.Escape))
	if got := value[[]string](t, ctx, rows); !slices.Equal(got, all) {
		t.Errorf("Escape shows %d of %d members", len(got), len(all))
	}
	// A link below the filter types for the reader.
	do(t, ctx, chromedp.Click(chromedp.CSS(`.hints a[href="#q=deprecated"]`)))
	within(t, ctx, `document.getElementById('filter').value`, "deprecated")
	if n := len(value[[]string](t, ctx, rows)); n == 0 || n == len(all) {
		t.Errorf("%d members are deprecated", n)
	}
	// Two words, in any order, in any case.
	do(t, ctx, chromedp.Navigate(address("index.html#q=EVENT%20server")))
	within(t, ctx, `document.getElementById('filter').value`, "EVENT server")
	if n := value[int](t, ctx, `[...document.querySelectorAll('#matrix tbody:not([hidden]) tr:not([hidden]):not(.group)')].filter((r) => r.querySelector('.kind').textContent !== 'event').length`); n != 0 {
		t.Errorf("%d members that are no events", n)
	}
}

// ready stands before a condition of a page that a key has led to: no key is heard before.
const ready = `document.readyState === 'complete' && `

// press presses a key that the page takes for itself: it types no letter then, which
// the driver would send all the same.
func press(t *testing.T, ctx context.Context, key rune) {
	t.Helper()
	for _, event := range kb.Encode(key) {
		if event.Type == kb.KeyChar {
			continue
		}
		if _, err := chromedp.Call(ctx, input.DispatchKeyEvent, *event); err != nil {
			t.Fatal(err)
		}
	}
}

// TestKeyboard goes from the matrix to a member and on without a mouse.
func TestKeyboard(t *testing.T) {
	ctx := tab(t)
	do(t, ctx, chromedp.Navigate(address("index.html")), chromedp.WaitVisible(chromedp.CSS("#filter")))
	press(t, ctx, '/')
	within(t, ctx, `document.activeElement.id`, "filter")
	do(t, ctx, chromedp.KeyEvent("writehead"))
	names := value[[]string](t, ctx, rows)
	if len(names) < 1 {
		t.Fatalf("%q shows %q", value[string](t, ctx, `document.getElementById("filter").value`), names)
	}
	do(t, ctx, chromedp.KeyEvent(kb.ArrowDown))
	within(t, ctx, `document.activeElement.tagName`, "A")
	for range 4 { // up to the filter and down again
		do(t, ctx, chromedp.KeyEvent(kb.ArrowUp))
	}
	within(t, ctx, `document.activeElement.id`, "filter")
	do(t, ctx, chromedp.KeyEvent(kb.ArrowDown))
	within(t, ctx, `document.activeElement.closest('tr') !== null && getComputedStyle(document.activeElement.closest('th')).backgroundColor !== getComputedStyle(document.body).backgroundColor`, true)
	for value[string](t, ctx, `document.activeElement.textContent`) != "writeHead()" {
		do(t, ctx, chromedp.KeyEvent(kb.ArrowDown))
	}
	do(t, ctx, chromedp.KeyEvent(kb.Enter))
	within(t, ctx, ready+`document.querySelector('h1').textContent.includes('writeHead()')`, true)
	next := value[string](t, ctx, `document.querySelector('a[rel=next]').href`)
	do(t, ctx, chromedp.KeyEvent(kb.ArrowRight))
	within(t, ctx, ready+`location.href === '`+next+`'`, true)
	do(t, ctx, chromedp.KeyEvent(kb.ArrowLeft))
	within(t, ctx, ready+`document.querySelector('h1').textContent.includes('writeHead()')`, true)
	press(t, ctx, '/') // from anywhere to the filter
	within(t, ctx, `document.activeElement && document.activeElement.id`, "filter")
	// The first stop of Tab leads past the bar.
	do(t, ctx, chromedp.Navigate(address("errors.html")), chromedp.WaitVisible(chromedp.CSS("#content")), chromedp.KeyEvent(kb.Tab))
	within(t, ctx, `document.activeElement.className`, "skip")
}

// changes counts what the page of comparisons tells.
const changes = `document.querySelectorAll('#changes .change').length`

// told counts what gen diff tells.
func told(t *testing.T, args ...string) int {
	t.Helper()
	out, err := gen(append([]string{"diff", "-format", "json"}, args...)...)
	if exit := new(exec.ExitError); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	var report struct {
		Groups []struct{ Changes []json.RawMessage }
	}
	if err := json.Unmarshal(out, &report); err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, g := range report.Groups {
		n += len(g.Changes)
	}
	return n
}

func TestChoiceOfTwoReleases(t *testing.T) {
	ctx := tab(t)
	do(t, ctx, chromedp.Navigate(address("diff.html")), chromedp.WaitVisible(chromedp.CSS("#from")))
	if value[int](t, ctx, changes) == 0 {
		t.Error("nothing is told before anything is chosen")
	}
	choose := func(id, release string) {
		t.Helper()
		do(t, ctx, chromedp.Focus(chromedp.CSS("#"+id)), chromedp.KeyEvent(release)) // as one types in a list
		within(t, ctx, `document.getElementById('`+id+`').value`, release)
	}
	choose("from", "v10.19.0")
	choose("to", "v16.20.2")
	within(t, ctx, changes, told(t, "v10.19.0", "v16.20.2"))
	shared := value[string](t, ctx, `location.href`)
	if !strings.HasSuffix(shared, "#from=v10.19.0&to=v16.20.2") {
		t.Errorf("the address is %s", shared)
	}
	text := value[string](t, ctx, `document.getElementById('changes').textContent`)

	other := tab(t)
	do(t, other, chromedp.Navigate(shared), chromedp.WaitVisible(chromedp.CSS("#changes .change")))
	if got := value[string](t, other, `document.getElementById('changes').textContent`); got != text {
		t.Error("the address does not show the same")
	}
	if title := value[string](t, other, `document.title`); !strings.Contains(title, "v10.19.0 → v16.20.2") {
		t.Errorf("the title is %q", title)
	}
	// Short names are those of gen diff: the document's release, and the newest of a line.
	do(t, other, chromedp.Navigate(address("diff.html#from=v0.8&to=v18")))
	within(t, other, `document.getElementById('from').value + document.getElementById('to').value.slice(0, 4)`, "v0.8.28v18.")
	within(t, other, changes, told(t, "v0.8", "v18"))

	do(t, ctx, chromedp.Click(chromedp.CSS("#swap")))
	within(t, ctx, `location.hash`, "#from=v16.20.2&to=v10.19.0")
	within(t, ctx, changes, told(t, "v16.20.2", "v10.19.0"))
	do(t, ctx, chromedp.Click(chromedp.CSS("#breaking")))
	within(t, ctx, `location.hash`, "#from=v16.20.2&to=v10.19.0&breaking=1")
	within(t, ctx, changes, told(t, "-breaking", "v16.20.2", "v10.19.0"))
	// What is told leads to its page.
	do(t, ctx, chromedp.Click(chromedp.CSS("#breaking")), chromedp.Click(chromedp.CSS(`#changes .change a`)))
	within(t, ctx, `document.querySelector('h1') !== null && location.pathname.endsWith('/diff.html')`, false)
	do(t, ctx, chromedp.NavigateBack())
	within(t, ctx, `document.getElementById('from') && document.getElementById('from').value`, "v16.20.2")
	// The same release twice.
	do(t, ctx, chromedp.Navigate(address("diff.html#from=v19.0&to=v19.0")))
	within(t, ctx, `document.getElementById('summary').textContent`, "Nothing changed.")
	// An address that means nothing is passed over.
	do(t, ctx, chromedp.Navigate(address("index.html")), chromedp.Navigate(address("diff.html#from=%3Cimg%20src=x%3E&to=v99&other")))
	within(t, ctx, changes+` > 0 && document.querySelector('img') === null`, true)
}

// TestScenarioOpens follows a member to a scenario, and looks whether it is open there.
func TestScenarioOpens(t *testing.T) {
	ctx := tab(t)
	do(t, ctx, chromedp.Navigate(address("scenarios.html")), chromedp.Click(chromedp.CSS(".folders a")), chromedp.WaitVisible(chromedp.CSS(".scenario")))
	id := value[string](t, ctx, `[...document.querySelectorAll('.scenario')].pop().id`)
	path := value[string](t, ctx, `location.href`)
	do(t, ctx, chromedp.Navigate(address("index.html")), chromedp.Navigate(path+"#"+id))
	within(t, ctx, `document.getElementById('`+id+`').open && document.querySelectorAll('.scenario[open]').length === 1`, true)
	within(t, ctx, `{ const r = document.getElementById('`+id+`').getBoundingClientRect(); r.top >= 0 && r.top < innerHeight }`, true)
}

// TestLightAndDark compares the colours of both, and whether all text can be read:
// WCAG wants a contrast of 4.5.
func TestLightAndDark(t *testing.T) {
	ctx := tab(t)
	backgrounds := map[string]bool{}
	for _, scheme := range []string{"light", "dark"} {
		media(t, ctx, "", scheme)
		for _, path := range []string{"index.html", "behaviour.html", "deviations.html", "method/Server.close.html", "diff.html"} {
			do(t, ctx, chromedp.Navigate(address(path)), chromedp.WaitVisible(chromedp.CSS("#content")))
			backgrounds[scheme+value[string](t, ctx, `getComputedStyle(document.body).backgroundColor`)] = true
			faint := value[[]string](t, ctx, `(() => {
				const rgb = (text) => text.match(/[\d.]+/g).map(Number)
				const light = (c) => c.slice(0, 3).map((v) => (v /= 255) <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4).reduce((n, v, i) => n + v * [.2126, .7152, .0722][i], 0)
				const behind = (e) => { for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor); if (c.length < 4 || c[3] > 0) return c } }
				const faint = new Set()
				const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
				while (walk.nextNode()) {
					const e = walk.currentNode.parentElement
					if (!walk.currentNode.data.trim() || !e.getClientRects().length || e.closest('.sr, .skip, script, option')) continue
					const a = light(rgb(getComputedStyle(e).color)), b = light(behind(e))
					const contrast = (Math.max(a, b) + .05) / (Math.min(a, b) + .05)
					if (contrast < 4.5) faint.add(e.tagName + '.' + e.className + ' ' + contrast.toFixed(2))
				}
				return [...faint]
			})()`)
			for _, what := range faint {
				t.Errorf("%s, %s: hard to read: %s", path, scheme, what)
			}
		}
	}
	if len(backgrounds) != 2 {
		t.Errorf("the backgrounds are %v", backgrounds)
	}
}

// TestPhone loads every page at a phone's width: none may be wider.
func TestPhone(t *testing.T) {
	ctx := tab(t)
	const width = 360
	phone := emulation.SetDeviceMetricsOverrideParams{Width: width, Height: 740, DeviceScaleFactor: 2, Mobile: true}
	if _, err := chromedp.Call(ctx, emulation.SetDeviceMetricsOverride, phone); err != nil {
		t.Fatal(err)
	}
	var pages []string
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err == nil && filepath.Ext(path) == ".html" {
			name, _ := filepath.Rel(folder, path)
			pages = append(pages, filepath.ToSlash(name))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	one := filepath.Join(folder, "..", "one.html")
	text, err := gen("diff", "-format", "html", "v0.8", "v19.0")
	if exit := new(exec.ExitError); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	if err := os.WriteFile(one, text, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, path := range append(pages, "../one.html") {
		do(t, ctx, chromedp.Navigate(address(path)), chromedp.WaitReady(chromedp.CSS("#content")))
		do(t, ctx, chromedp.Evaluate[chromedp.Void](`document.querySelectorAll('details').forEach((d) => { d.open = true })`))
		if wide := value[int](t, ctx, `document.scrollingElement.scrollWidth`); wide > width {
			t.Errorf("%s is %d wide", path, wide)
		}
	}
	if len(pages) < 100 {
		t.Errorf("only %d pages", len(pages))
	}
}

// TestPrint prints what a reader would print: from the dark, too, on white paper and
// without what only a screen can do.
func TestPrint(t *testing.T) {
	ctx := tab(t)
	for _, path := range []string{"index.html", "method/Server.close.html", "diff.html"} {
		media(t, ctx, "print", "dark")
		do(t, ctx, chromedp.Navigate(address(path)), chromedp.WaitReady(chromedp.CSS("#content")))
		if colour := value[string](t, ctx, `getComputedStyle(document.body).backgroundColor`); colour != "rgb(255, 255, 255)" {
			t.Errorf("%s is printed on %s", path, colour)
		}
		if shown := value[int](t, ctx, `[...document.querySelectorAll('nav, .filter, button')].filter((e) => e.getClientRects().length).length`); shown != 0 {
			t.Errorf("%s prints %d things that only a screen can do", path, shown)
		}
		pdf, err := chromedp.Run(ctx, chromedp.PrintToPDF())
		if err != nil || !bytes.HasPrefix(pdf, []byte("%PDF-")) {
			t.Errorf("%s: no PDF: %v", path, err)
		}
		if n := len(regexp.MustCompile(`/Type\s*/Page\b`).FindAll(pdf, -1)); path == "index.html" && n < 3 {
			t.Errorf("%s: all members on %d pages", path, n)
		}
	}
}

var picture = flag.String("picture", "", "where to put the picture of the README")

// TestPicture takes the picture that the README shows: what the matrix has of timeouts.
func TestPicture(t *testing.T) {
	ctx := tab(t)
	media(t, ctx, "", "light")
	screen := emulation.SetDeviceMetricsOverrideParams{Width: 960, Height: 620, DeviceScaleFactor: 1.5}
	if _, err := chromedp.Call(ctx, emulation.SetDeviceMetricsOverride, screen); err != nil {
		t.Fatal(err)
	}
	do(t, ctx, chromedp.Navigate(address("index.html")), chromedp.SendKeys(chromedp.CSS("#filter"), "timeout"))
	within(t, ctx, `document.getElementById('count').textContent.includes(' of ')`, true)
	png, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err != nil || len(png) < 10_000 {
		t.Fatalf("a picture of %d bytes: %v", len(png), err)
	}
	if *picture != "" {
		if err := os.WriteFile(*picture, png, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
